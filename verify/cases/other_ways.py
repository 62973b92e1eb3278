"""Figures that may have become what they are in another way than the one that is told: no case of them is certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.explanations.certainty import NO_SLIP
from verify.explanations.moves import Move
from verify.explanations.side_by_side import FOUND, PUBLISHED, SIGNATURES, VALID, SideBySide, lay_out_around
from verify.model.figures import Bools

_OF_ANOTHER = "row-of-another"
_OF_A_ROW = (SIGNATURES, FOUND, VALID)
"""Counts that two bureaux of a commune seldom have alike."""
_TELLING = 20
"""Such a count from which on it is not another bureau's by chance, as many are."""


def otherwise(grid: SideBySide, found: Sequence[Sequence[Move]]) -> Bools:
    """Which bureaux have figures that may have come about otherwise; shape ``(n,)``.

    A row is another bureau's, and that one has not the same figures: the two may have been exchanged, and more happened
    to the other one. A figure that no slip of the pen makes is what another bureau of the commune has in that column:
    a row may have slipped. And of several editions of a result another one has the commune without this row.
    """
    result: Bools = np.zeros(len(found), np.bool_)
    moves = [_MoveAt(at, move) for at, each in enumerate(found) for move in each]
    rows = [each for each in moves if each.move.cause == _OF_ANOTHER]
    unlike = [each for each in moves if each.move.cause in NO_SLIP]
    alone = [each for each in unlike if each.is_of_a_row(grid)]
    if rows or alone:
        around = lay_out_around(grid, np.array([each.at for each in (*rows, *alone)], np.int64))
        for each in rows:
            result[each.at] |= not each.elsewhere(grid, around, in_its_piece=True)
        for each in alone:
            result[each.at] |= each.elsewhere(grid, around, in_its_piece=False)
    for each in unlike:
        result[each.at] |= _is_of_one_edition(grid, each)
    return result


@dataclass(frozen=True, slots=True)
class _MoveAt:
    """A move of one of the bureaux laid out, by its index."""

    at: int
    move: Move

    def is_of_a_row(self, grid: SideBySide) -> bool:
        """Whether it is one count, and such as tells whose row it is of."""
        columns = [column for column, _ in self.move.changes]
        was = grid.figures[self.at, self.move.piece, columns]
        return len(columns) == 1 and columns[0] in _OF_A_ROW and bool(was[0] >= _TELLING)

    def elsewhere(self, grid: SideBySide, around: SideBySide, *, in_its_piece: bool) -> bool:
        """Whether another bureau of the commune has the figures that are said to be wrong here."""
        commune, piece = grid.evidence.universe.commune_number, self.move.piece
        others = commune[around.unit] == commune[grid.unit[self.at]]
        others &= (around.poll == grid.poll[self.at]) & (around.unit != grid.unit[self.at])
        columns = [column for column, _ in self.move.changes]
        pieces = slice(piece, piece + 1) if in_its_piece else slice(None)
        same = around.figures[others, pieces][:, :, columns] == grid.figures[self.at, piece, columns]
        return bool(same.all(axis=2).any())


def _is_of_one_edition(grid: SideBySide, each: _MoveAt) -> bool:
    """Whether it is of a published row that another file with results of its commune has not."""
    editions = [at for at, piece in enumerate(grid.pieces) if piece.kind == PUBLISHED]
    if each.move.piece not in editions:
        return False
    universe, poll = grid.evidence.universe, grid.poll[each.at]
    commune = universe.commune_number == universe.commune_number[grid.unit[each.at]]
    return any(
        bool(figures.known[commune, poll].any())
        for piece, lines in zip(editions, grid.evidence.published, strict=True)
        if (grid.figures[each.at, piece] < 0).all()
        for figures in lines.counted.figures.values()
    )
