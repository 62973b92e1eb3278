"""The row and the column of a figure, where it stands in a cell of a table: by its source, as the table was read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from protocol import night
from protocol.quantities import Quantity, column_of
from verify.model.use import CHOICE, Input

_CELL = re.compile(r"(.+):([0-9]+)(?: \[[^\]]*\])?")
"""As `verify.model.figures.Places` writes a source with a row: its file, the row, and a page or a sheet."""
_OWN: dict[str, frozenset[str]] = {
    table.kind: frozenset(each.name for each in (*table.columns, *table.further))
    for table in night.TABLES
    if table is not night.TRUTH
}


class CellPlaces:
    """The cells of all tables that were given.

    Args:
        inputs: the files, with what their columns were taken for.
    """

    def __init__(self, inputs: Iterable[Input]) -> None:
        self._headers: dict[str, dict[str, str]] = {}
        self._own: dict[str, frozenset[str]] = {}
        for each in inputs:
            headers = self._headers.setdefault(each.path, {})
            for taken in (column for sheet in each.sheets for column in sheet.columns):
                headers.setdefault(taken.header if taken.meaning == CHOICE else taken.meaning, taken.header)
            if headers.keys() <= {""} and each.kind in _OWN:
                self._own[each.path] = _OWN[each.kind]

    def find(self, source: str, quantity: str, field: str) -> tuple[int | None, str | None]:
        """The row of a figure, and the header of its column; None for what is not known, or where it is of no cell.

        Args:
            source: where it stands, as it is shown.
            quantity: that it is of.
            field: what its finding is about; the choice of votes.
        """
        found = _CELL.fullmatch(source)
        if found is None:
            return None, None
        file, row = found[1], int(found[2])
        column = column_of(quantity)
        if column in self._own.get(file, ()):
            return row, column
        return row, self._headers.get(file, {}).get(field if quantity == Quantity.VOTES else quantity)
