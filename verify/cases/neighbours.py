"""PVs that have the counts of some machines of a bureau only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.explanations.identities import Ties
from verify.explanations.moves import Move, with_copies
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    RECORD,
    VALID,
    VOTES,
    SideBySide,
)
from verify.model.figures import MISSING
from verify.rulebook.causes import causes

_LEAST_ALIKE = 2
"""Figures that have to be those of a part."""


def hints_of(grid: SideBySide, ties: Ties) -> dict[int, list[Move]]:
    """Moves by index of the bureau among those laid out."""
    found: dict[int, list[Move]] = {}
    for at, move in with_copies(ties.kinds, grid.figures, list(_part_left_out(grid, ties))):
        found.setdefault(at, []).append(move)
    return found


def _part_left_out(grid: SideBySide, ties: Ties) -> Iterator[tuple[int, Move]]:
    """The PV of a bureau with several machines has the counts of some of them only."""
    exports, piece, machine = grid.evidence.exports, ties.index(RECORD), ties.index(EXPORT)
    if exports is None or piece < 0 or machine < 0:
        return
    columns = exports.columns
    for at in np.flatnonzero(grid.apart).tolist():
        rows = grid.rows(at)
        row, whole = rows[piece], rows[machine]
        here = exports.used & (exports.unit == grid.unit[at]) & (exports.poll == grid.poll[at])
        for record in np.flatnonzero(here).tolist():
            part = {FOUND: int(columns["cast"][record]), BLANK: int(columns["blank"][record])}
            part |= {VOTES + of: int(columns["tallies"][record, of]) for of in range(int(grid.sizes[at]))}
            known = {column: value for column, value in part.items() if row[column] >= 0}
            left_out = {column: whole[column] - value for column, value in known.items() if whole[column] >= 0}
            if len(known) >= _LEAST_ALIKE and all(row[c] in (value, left_out.get(c)) for c, value in known.items()):
                changes = {column: whole[column] for column in known if whole[column] not in (row[column], MISSING)}
                changes |= {VALID: whole[FOUND] - whole[BLANK]} if row[VALID] >= 0 and whole[BLANK] >= 0 else {}
                yield at, Move("part-left-out", piece, tuple(changes.items()), (), causes()["part-left-out"].cost)
