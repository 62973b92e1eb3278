"""A report as a workbook: a sheet each for cases, findings, figures and inputs, with filters and a heading that stays.

Every text is written as text, so that nothing in it is a formula, a link or a number. What is missing is an empty cell.
"""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from protocol.errors import RegardError
from protocol.words import msg
from regard.language import show
from regard.reports.fields import TableLayout
from regard.reports.tables import valid_text
from regard.terminal import clean

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
