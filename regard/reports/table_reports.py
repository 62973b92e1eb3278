"""The reports that are tables: cases, findings, figures and inputs as CSV and as a workbook, of one night or many.

Beside the CSV of findings stand one of the cases and one of the inputs with their SHA-256.
"""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

import numpy as np
import xlsxwriter

from protocol.errors import RegardError
from protocol.files import csv_lines
from protocol.output_refusals import SIGNS, quote_formulas
from protocol.words import msg, series
from regard.language import show
from regard.outputs import STANDARD, Outputs
from regard.reports.fields import CASES, FIGURES, FINDINGS, INPUTS, TableLayout, in_words
from regard.reports.inputs import USED, taken_for
from regard.reports.tables import valid_text
from regard.terminal import clean

if TYPE_CHECKING:
    from verify.model.use import Input


MOST_ROWS = 2**20 - 1
"""Rows below the heading that a sheet has room for."""
_LONGEST = 32_767
"""Characters that a cell has room for."""
_CUT = "…"
MARK = b"regard"
"""The comment at the end of the file, by which regard knows it again."""
_MADE = datetime.datetime(1980, 1, 1)
"""The same for every workbook, so that the same findings give the same bytes."""
_WIDTHS = {"text": 14, "count": 12, "figure": 12}
_WIDE = {"message": 70, "what_to_do": 50, "basis": 40, "path": 40, "why": 50, "note": 50, "left_source": 24}
_WIDE |= {
    "right_source": 24,
    "commune": 24,
    "night": 24,
    "text": 70,
    "corrections": 50,
    "cause": 32,
    "piece": 20,
    "kind": 24,
}


class TooManyRows(RegardError):
    """A sheet has no room for all rows; nothing of the workbook is kept."""

    def __init__(self) -> None:
        super().__init__(msg("a workbook holds at most {most:n} rows a sheet: use --csv instead", most=MOST_ROWS))


class Workbook:
    """A workbook that is written row by row."""

    def __init__(self, book: Any, layouts: Sequence[TableLayout], language: str) -> None:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._text, self._count = book.add_format({"valign": "top"}), book.add_format({"valign": "top"})
        self._language, self._layouts = language, {layout.name: layout for layout in layouts}
        self._sheets: dict[str, Any] = {}
        self._rows = dict.fromkeys(self._layouts, 0)
        for layout in layouts:
            sheet = self._sheets[layout.name] = book.add_worksheet(show(language, layout.title))
            sheet.freeze_panes(1, 0)
            for at, field in enumerate(layout.fields):
                sheet.set_column(at, at, _WIDE.get(field.name, _WIDTHS[field.holds]))
                sheet.write_string(0, at, show(language, field.title), heading)

    def add(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Write some rows of a table below those that are there.

        Args:
            name: of its layout.
            rows: a cell for each of its fields; None and an empty text are empty cells.

        Raises:
            TooManyRows: the sheet has no room for them.
        """
        sheet = self._sheets[name]
        for row in rows:
            self._rows[name] += 1
            if self._rows[name] > MOST_ROWS:
                raise TooManyRows
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(self._rows[name], at, _fitting(cell), self._text)
                elif cell is not None:
                    sheet.write_number(self._rows[name], at, cell, self._count)

    def finish(self) -> None:
        """Set the filters, which span all rows."""
        for name, sheet in self._sheets.items():
            sheet.autofilter(0, 0, max(self._rows[name], 1), len(self._layouts[name].fields) - 1)


@contextlib.contextmanager
def workbook(file: BinaryIO, layouts: Sequence[TableLayout], language: str) -> Iterator[Workbook]:
    """A workbook, whole when the block ends.

    Args:
        file: where it is written.
        layouts: its sheets, in their order.
        language: of the headings.

    Raises:
        TooManyRows: from the block.
        OSError: it cannot be written.
    """
    marked = _Marked(file)
    with tempfile.TemporaryDirectory(prefix="regard-", ignore_cleanup_errors=True) as rows:
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "tmpdir": rows}
        book = xlsxwriter.Workbook(marked, options)
        book.set_properties({"title": "regard", "author": "regard", "created": _MADE})
        try:
            whole = Workbook(book, layouts, language)
            yield whole
            whole.finish()
            book.close()
        except BaseException:
            marked.given_up = True
            for sheet in book.worksheets():  # as `close` would have done
                with contextlib.suppress(OSError):
                    sheet._opt_close()
            raise
    marked.finish()


def _fitting(text: str) -> str:
    shown = clean(str(valid_text(text)))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - len(_CUT)] + _CUT


class _Marked:
    """A file that ends with the comment of a zip archive, whose length its last two bytes give.

    Attributes:
        given_up: nothing more is written; an archive that is let go of unfinished would write its end.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._held, self.given_up = file, b"", False

    def write(self, data: bytes) -> int:
        """Write all but the last two bytes of what there is so far."""
        if not self.given_up:
            whole = self._held + bytes(data)
            self._file.write(whole[:-2])
            self._held = whole[-2:]
        return len(data)

    def flush(self) -> None:
        """Nothing: the file is flushed by whoever opened it."""

    def finish(self) -> None:
        """Write the comment in place of none."""
        self._file.write(len(MARK).to_bytes(2, "little") + MARK)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Format of a CSV.

    Attributes:
        delimiter: what stands between its cells.
        mark: the bytes before its first one.
    """

    delimiter: str
    mark: bytes

    def lines(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Rows as lines."""
        return csv_lines(rows, self.delimiter)

    def head(self, header: Sequence[str]) -> bytes:
        """The start of a file: its mark and the line of its header."""
        return self.mark + self.lines([header])


_DIALECTS = {"fr": Dialect(";", BOM_UTF8), "en": Dialect(",", BOM_UTF8)}


def dialect_of(language: str) -> Dialect:
    """The dialect that a language's spreadsheets open with a double click."""
    return _DIALECTS.get(language, _DIALECTS["en"])


def inert_rows(columns: Iterable[Sequence[object]]) -> list[tuple[object, ...]]:
    """Rows of columns of one length, made safe cell by cell; each different text of a column is checked once."""
    return list(zip(*map(_inert_column, columns), strict=True))


def _inert_column(cells: Sequence[object]) -> Sequence[object]:
    texts = [cell for cell in set(cells) if isinstance(cell, str)]
    together = "".join(texts)
    if together.isprintable() and not any(sign in together for sign in SIGNS):
        return cells
    looked_at: dict[object, object] = {text: inert(text) for text in texts}
    return [looked_at.get(cell, cell) for cell in cells]


def inert(cell: object) -> object:
    """Put an apostrophe before a cell that a spreadsheet would run, whatever its separator."""
    return quote_formulas(clean(cell)) if isinstance(cell, str) else cell


Columns: TypeAlias = Mapping[str, Any]
CSV_CASES = "--csv (cases)"
_CSV_INPUTS = "--csv (inputs)"
TABLES = ("--csv", CSV_CASES, "--xlsx")
"""The options that ask for cases and findings as tables."""


def beside(csv: str | Path | None) -> dict[str, Path]:
    """Files that stand beside a CSV of findings, by option: none beside standard output."""
    if csv is None or str(csv) == STANDARD:
        return {}
    path = Path(csv)
    return {
        CSV_CASES: path.with_name(f"{path.stem}-cases.csv"),
        _CSV_INPUTS: path.with_name(f"{path.stem}-inputs.csv"),
    }


def inputs_of(inputs: Sequence[Input], language: str) -> dict[str, list[Any]]:
    """The inputs of a report as people read them, by `fields.INPUTS`."""
    return {
        "path": [used.path for used in inputs],
        "kind": [show(language, taken_for(used)) for used in inputs],
        "used": [show(language, USED[used.used]) for used in inputs],
        "size": [used.size for used in inputs],
        "sha256": [used.sha256 for used in inputs],
        "note": [show(language, used.note) for used in inputs],
        "why": [show(language, used.why) for used in inputs],
    }


class TableReports(contextlib.AbstractContextManager["TableReports"]):
    """The tables that were asked for. One that cannot be written does not touch the others.

    Args:
        outputs: where they go.
        language: of all texts, and of the spreadsheets that open the CSV.
        nights: whether each table has a first column ``night``.
    """

    def __init__(self, outputs: Outputs, language: str, *, nights: bool = False) -> None:
        self._outputs, self._language, self._nights = outputs, language, nights
        self._stack = contextlib.ExitStack()
        self._writers: dict[str, Callable[[TableLayout, Iterable[Sequence[object]]], None]] = {}
        self._alone = outputs.wants("--csv") and str(outputs.path("--csv")) == STANDARD
        for option, layout in (("--csv", FINDINGS), (CSV_CASES, CASES), (_CSV_INPUTS, INPUTS)):
            outputs.attempt(option, partial(self._begin_csv, option, layout))
        outputs.attempt("--xlsx", self._begin_workbook)

    def _layout(self, layout: TableLayout) -> TableLayout:
        return layout.of_nights() if self._nights else layout

    def _begin_csv(self, option: str, own: TableLayout) -> None:
        dialect = dialect_of(self._language)
        self._outputs.file(option).write(dialect.head(self._layout(own).header))

        def write(layout: TableLayout, cells: Iterable[Sequence[object]]) -> None:
            if layout.name == own.name:
                self._outputs.file(option).write(dialect.lines(inert_rows(cells)))

        self._writers[option] = write

    def _begin_workbook(self) -> None:

        layouts = [self._layout(layout) for layout in (CASES, FINDINGS, FIGURES, INPUTS)]
        book = self._stack.enter_context(workbook(self._outputs.file("--xlsx"), layouts, self._language))
        self._writers["--xlsx"] = lambda layout, cells: book.add(layout.name, zip(*cells, strict=True))

    def add(self, layout: TableLayout, columns: Columns, night: str | None = None) -> None:
        """Write some rows of a table to each report that has it, with codes in words.

        Args:
            layout: `CASES`, `FINDINGS`, `FIGURES` or `INPUTS`.
            columns: by its header; counts below zero in an array are absences.
            night: the first cell of each row; None where tables are of one night.
        """
        cells = [in_words(name, _cells(columns[name]), self._language) for name in layout.header]
        if night is not None:
            cells.insert(0, [night] * len(cells[0]))
        for option, write in self._writers.items():
            self._outputs.attempt(option, partial(write, layout, cells))
        if layout.name == INPUTS.name and self._alone:  # on standard output nothing can stand beside the findings
            self.add(FINDINGS, _as_findings(columns, self._language), night)

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self._outputs.attempt("--xlsx", self._stack.close)
            for option in self._writers:
                self._outputs.publish(option)
        with contextlib.suppress(Exception):  # of one that failed nothing is kept
            self._stack.close()


def _cells(values: Any) -> Sequence[object]:
    """The cells of a column; a number below zero in an array is an absence and empty."""
    if not isinstance(values, np.ndarray):
        return values  # type: ignore[no-any-return]
    whole = values.dtype.kind == "i"
    return [None if whole and cell < 0 else cell for cell in values.tolist()]


def _as_findings(inputs: Columns, language: str) -> Columns:
    """Inputs as rows among the findings."""
    size = len(inputs["path"])
    said = zip(inputs["note"], inputs["why"], strict=True)
    cells = {
        "case": [None] * size,
        "code": ["input"] * size,
        "level": inputs["kind"],
        "field": ["sha256"] * size,
        "left_source": inputs["path"],
        "left_value": inputs["sha256"],
        "right_value": inputs["size"],
        "message": [show(language, series(filter(None, each), msg("; "))) for each in said],
    }
    return {name: cells.get(name, [""] * size) for name in FINDINGS.header}
