"""The reports that are tables: cases, findings, figures and inputs as CSV and as a workbook, of one night or many.

Beside the CSV of findings stand one of the cases and one of the inputs with their SHA-256.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from protocol.words import msg, series
from regard.language import show
from regard.outputs import STANDARD, Outputs
from regard.reports.csv_files import Dialect, dialect_of, inert_rows
from regard.reports.fields import CASES, FIGURES, FINDINGS, INPUTS, TableLayout, in_words
from regard.reports.inputs import TAKEN, USED
from regard.reports.rows import FindingRows

if TYPE_CHECKING:
    from verify.model.use import Input

Columns: TypeAlias = Iterable[Sequence[object]]
Row: TypeAlias = tuple[object, ...]
Rows: TypeAlias = Callable[[Callable[[Columns], list[Row]]], Iterable[Row]]
"""Makes rows with a function that turns columns into rows of cells."""
CSV_CASES = "--csv (cases)"
_CSV_INPUTS = "--csv (inputs)"
TABLES = ("--csv", "--xlsx")
"""The options that ask for tables."""
OF_CASES = (CSV_CASES, "--xlsx")
"""Reports that have cases, row by row."""


@dataclass(frozen=True, slots=True)
class AuditTables:
    """The tables of one audit beside its cases and findings.

    Attributes:
        figures: makes its columns by `tables.FIGURES`; counts below zero are absences.
        inputs: the files, by `fields.INPUTS`.
    """

    figures: Callable[[], Mapping[str, Any]]
    inputs: Sequence[Mapping[str, object]]


def beside(csv: str | Path | None) -> dict[str, Path]:
    """Files that stand beside a CSV of findings, by option: none beside standard output."""
    if csv is None or str(csv) == STANDARD:
        return {}
    path = Path(csv)
    return {
        CSV_CASES: path.with_name(f"{path.stem}-cases.csv"),
        _CSV_INPUTS: path.with_name(f"{path.stem}-inputs.csv"),
    }


def inputs_of(inputs: Iterable[Input], language: str) -> list[dict[str, object]]:
    """The inputs of a report as people read them, by `fields.INPUTS`."""
    return [
        {
            "path": used.path,
            "kind": show(language, TAKEN.get(used.kind, used.kind)),
            "used": show(language, USED[used.used]),
            "size": used.size,
            "sha256": used.sha256,
            "note": show(language, used.note),
            "why": show(language, used.why),
        }
        for used in inputs
    ]


class _Writer(Protocol):
    """One report that is being written."""

    def add(self, layout: TableLayout, rows: Rows, night: str | None) -> None:
        """Write some rows of a table, if the report has it."""

    def end(self) -> None:
        """Write what closes it."""


@dataclass(frozen=True, slots=True)
class _Csv:
    """One table as CSV."""

    outputs: Outputs
    option: str
    layout: TableLayout
    dialect: Dialect

    def add(self, layout: TableLayout, rows: Rows, night: str | None) -> None:
        """Write some rows, if they are of this table; a spreadsheet runs none of their cells."""
        if layout.name == self.layout.name:
            before = inert_rows([[night]])[0] if night is not None else ()
            self.outputs.file(self.option).write(self.dialect.lines((*before, *row) for row in rows(inert_rows)))

    def end(self) -> None:
        """Do nothing: the last row ends it."""


class _Workbook:
    """All tables as the sheets of a workbook."""

    def __init__(self, outputs: Outputs, layouts: Sequence[TableLayout], language: str) -> None:
        from regard.reports.workbook import workbook

        self.whole = contextlib.ExitStack()
        self._book = self.whole.enter_context(workbook(outputs.file("--xlsx"), layouts, language))

    def add(self, layout: TableLayout, rows: Rows, night: str | None) -> None:
        """Write some rows to the sheet of their table."""
        before = () if night is None else (night,)
        self._book.add(layout.name, ((*before, *row) for row in rows(lambda columns: list(zip(*columns, strict=True)))))

    def end(self) -> None:
        """Close it."""
        self.whole.close()


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
        self._writers: dict[str, _Writer] = {}
        self._alone = outputs.wants("--csv") and str(outputs.path("--csv")) == STANDARD
        for option, layout in (("--csv", FINDINGS), (CSV_CASES, CASES), (_CSV_INPUTS, INPUTS)):
            outputs.attempt(option, partial(self._begin_csv, option, layout))
        outputs.attempt("--xlsx", self._begin_workbook)

    def _layout(self, layout: TableLayout) -> TableLayout:
        return layout.of_nights() if self._nights else layout

    def _begin_csv(self, option: str, layout: TableLayout) -> None:
        layout, dialect = self._layout(layout), dialect_of(self._language)
        self._outputs.file(option).write(dialect.head(layout.header))
        self._writers[option] = _Csv(self._outputs, option, layout, dialect)

    def _begin_workbook(self) -> None:
        layouts = [self._layout(layout) for layout in (CASES, FINDINGS, FIGURES, INPUTS)]
        book = self._writers["--xlsx"] = _Workbook(self._outputs, layouts, self._language)
        self._stack.push(book.whole)

    def _add(self, layout: TableLayout, rows: Rows, night: str | None) -> None:
        for option, writer in self._writers.items():
            self._outputs.attempt(option, partial(writer.add, layout, rows, night))

    def _told(self, columns: Mapping[str, Sequence[object]], layout: TableLayout) -> Columns:
        """The columns of a table as people read them."""
        return (in_words(name, columns[name], self._language) for name in layout.header)

    def cases(self, columns: Mapping[str, list[object]], night: str | None = None) -> None:
        """Write some cases of an audit, by `tables.CASES`, to each report of them."""
        self._add(CASES, lambda render: render(self._told(columns, CASES)), night)

    def findings(self, block: FindingRows, night: str | None = None) -> None:
        """Write some findings of an audit to each report of them."""
        self._add(FINDINGS, lambda render: block.rows(lambda columns: render(self._told(columns, FINDINGS))), night)

    def add(self, found: AuditTables, night: str | None = None) -> None:
        """Write what one audit adds to each report, after its findings."""
        self._add(FIGURES, lambda render: render(_figure_cells(found)), night)
        self._add(INPUTS, lambda render: render([each[name] for each in found.inputs] for name in INPUTS.header), night)
        if self._alone:  # on standard output nothing can stand beside the findings
            rows = [_as_finding(used, self._language) for used in found.inputs]
            writer = self._writers["--csv"]
            columns = list(zip(*rows, strict=True))
            self._outputs.attempt("--csv", lambda: writer.add(FINDINGS, lambda render: render(columns), night))

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            for option, writer in self._writers.items():
                self._outputs.attempt(option, writer.end)
                self._outputs.publish(option)
        with contextlib.suppress(Exception):  # of one that failed nothing is kept
            self._stack.close()


def _figure_cells(found: AuditTables) -> Iterator[list[object]]:
    columns = found.figures()
    return (_cells(columns[name]) for name in FIGURES.header)


def _cells(values: Any) -> list[object]:
    """The cells of a column; one below zero is an absence and empty."""
    cells: list[object] = values.tolist()
    whole = isinstance(values, np.ndarray) and values.dtype.kind == "i"
    return [None if cell < 0 else cell for cell in cells] if whole else cells  # type: ignore[operator]


def _as_finding(used: Mapping[str, object], language: str) -> Row:
    said = show(language, series([str(used[name]) for name in ("note", "why") if used[name]], msg("; ")))
    cells = {
        "case": None,
        "code": "input",
        "level": used["kind"],
        "field": "sha256",
        "left_source": used["path"],
        "left_value": used["sha256"],
        "right_value": used["size"],
        "message": said,
    }
    return tuple(cells.get(name, "") for name in FINDINGS.header)
