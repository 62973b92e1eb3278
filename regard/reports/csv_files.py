"""Tables as CSV, in the form that a language's spreadsheets open with a double click.

No cell is one that a spreadsheet would run, whichever separator it opens the file with.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protocol.files import csv_lines
from protocol.output_refusals import SIGNS, quote_formulas
from regard.terminal import clean


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
