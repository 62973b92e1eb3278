"""Tables as CSV: in the form that a language's spreadsheets open with a double click, or plain for programs.

No cell is one that a spreadsheet would run, whichever separator it opens the file with.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protocol.files import csv_lines
from protocol.spreadsheet_cells import quoted
from regard.terminal import clean


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written: what stands between its cells, and the bytes before its first one."""

    delimiter: str
    mark: bytes

    def lines(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Rows as lines."""
        return csv_lines(rows, self.delimiter)

    def head(self, header: Sequence[str]) -> bytes:
        """The start of a file: its mark and the line of its header."""
        return self.mark + self.lines([header])


DIALECTS = {"fr": Dialect(";", BOM_UTF8), "en": Dialect(",", BOM_UTF8), "plain": Dialect(",", b"")}
"""By language: what its spreadsheets open with a double click, as UTF-8. The plain one is for programs."""


def dialect_of(name: str | None, language: str) -> Dialect:
    """The dialect that was asked for, else the language's."""
    return DIALECTS.get(name or language, DIALECTS["en"])


def inert_rows(rows: Iterable[Sequence[object]]) -> list[tuple[object, ...]]:
    """Rows of which no cell is run; each cell that occurs is looked at once."""
    looked_at: dict[object, object] = {}
    found = []
    for row in rows:
        for cell in row:
            if cell not in looked_at:
                looked_at[cell] = inert(cell)
        found.append(tuple(looked_at[cell] for cell in row))
    return found


def inert(cell: object) -> object:
    """A cell that no spreadsheet runs, whatever its separator: an apostrophe is put before what would."""
    return quoted(clean(cell)) if isinstance(cell, str) else cell
