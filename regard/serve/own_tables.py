"""The tables that the page keeps in the folder: how they are written, and how one goes on that is there already.

New ones have semicolons and a mark of UTF-8, as `regard template` writes them: a spreadsheet in French opens them with
their columns. One that was begun with commas goes on with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protocol.spreadsheet_cells import space_formula
from verify.read.cells import MARK

_APART = ';,\t"\r\n'
"""What a cell is quoted for: the other delimiters as well, so that its text is never taken for them."""


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a table is written.

    Attributes:
        delimiter: between cells.
        mark: what the file begins with.
        end: of each line.
    """

    delimiter: str = ";"
    mark: bytes = MARK
    end: str = "\r\n"

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
        """A whole table; None becomes an empty cell."""
        return self.mark + self.lines([header]) + self.lines(rows)

    def lines(self, rows: Iterable[Sequence[object]], codec: str = "utf-8") -> bytes:
        """Rows of it, without what it begins with.

        Raises:
            UnicodeEncodeError: the encoding has not got one of the letters.
        """
        return "".join(self.delimiter.join(map(_cell, row)) + self.end for row in rows).encode(codec)


def _cell(value: object) -> str:
    text = "" if value is None else space_formula(value) if isinstance(value, str) else str(value)
    return '"' + text.replace('"', '""') + '"' if any(each in text for each in _APART) else text


SPREADSHEET = TableForm()
"""New tables."""
COMMAS = TableForm(",", b"", "\n")
"""Tables that were begun by an earlier version of the page."""


def form_of(data: bytes | None, header: Sequence[str]) -> TableForm | None:
    """How a table is written that is there; that of new ones where none is, and None for other columns.

    Args:
        data: the table.
        header: the columns that it should have.
    """
    if data is None:
        return SPREADSHEET
    first = data.partition(b"\n")[0]
    mark = MARK if first.startswith(MARK) else b""
    end = "\r\n" if first.endswith(b"\r") else "\n"
    named = first.removeprefix(mark).removesuffix(b"\r")
    for delimiter in ";,\t":
        if named == delimiter.join(header).encode():
            return TableForm(delimiter, mark, end)
    return None
