"""Doubts: evidence that may be another bureau's, and figures that may have come about in another way.

Nothing of them is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from verify.cases.subjects import FoundAt
from verify.explanations.certainty import NO_SLIP, Supported
from verify.explanations.moves import Move
from verify.explanations.side_by_side import (
    FOUND,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    VALID,
    PieceFigures,
    SideBySide,
    lay_out_around,
)
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Figures, Ints
from verify.model.finding_table import FindingKeys

_DOUBTFUL = frozenset(("C103", "C109", "C112", "C124", "I103", "I104", "I106", "I107", "I109"))
"""Findings beside which nothing is certain, as all of category A: the evidence itself may be another's, or damaged."""
_LEAST_APART = 20
"""Registered voters by which a figure differs at least, to be another bureau's: rolls do move by fewer."""
_NEARER = 3
"""By how often an exchanged figure is at least nearer to the other bureau's than to its own."""
_POLL, _COMMUNE = 1 << 32, 1 << 40
"""By so many the numbers of two polls and of two communes are apart: more than the registered voters of any bureau."""


def doubtful_bureaux(evidence: LinedEvidence, keys: FindingKeys, places: FoundAt) -> Bools:
    """Bureaux of whose evidence it is in doubt whether it is theirs, and whole; shape ``(units,)``."""
    units = places.unit
    of = keys.of(*_DOUBTFUL, *(code for code in keys.codes if code.startswith("A") and code != "A113"))
    found: Bools = np.zeros(len(evidence.universe), np.bool_)
    found[units[of & (units >= 0)]] = True
    return found


def of_others(grid: SideBySide) -> Bools:
    """The pieces that have the registered voters of another bureau of the commune; shape ``(n, pieces)``.

    All of their figures may be that bureau's: it has as many on the list, or states the same in the same piece, or has
    those of this one in turn, as good as the rolls have moved since.
    """
    universe = grid.evidence.universe
    stated, listed = grid.figures[:, :, REGISTERED], universe.registered[grid.unit]
    off: Bools = (stated >= 0) & (listed >= 0)[:, None] & (stated != listed[:, None])
    off &= np.array([piece.kind != RECAP for piece in grid.pieces], np.bool_)  # nothing is held against its own
    found: Bools = np.zeros_like(off)
    if not off.any():
        return found
    commune, polls = universe.commune_number * _COMMUNE, np.arange(len(grid.evidence.polls)) * _POLL
    of_list = np.sort((commune + universe.registered)[universe.registered >= 0])
    for index in np.flatnonzero(off.any(axis=0)).tolist():
        rows = np.flatnonzero(off[:, index])
        here, own, place = stated[rows, index], listed[rows], commune[grid.unit[rows]]
        of_poll = place + grid.poll[rows] * _POLL
        known, copied = _times(of_list, place + here) > 0, np.zeros(len(rows), np.bool_)
        table = _table(grid, grid.pieces[index])
        if table is not None:
            everywhere, row = (commune[:, None] + polls + table[0].values)[table[0].known], of_poll + here
            known |= _times(np.sort(everywhere), row) > 1
            copied = _copied(everywhere, table[1].values[table[0].known], row, grid.figures[rows, index, FOUND])
        far = np.abs(here - own) >= _LEAST_APART
        found[rows, index] = (known & far) | copied | _exchanged(of_poll, here, own)
    return found


def _copied(stated: Ints, votes: Ints, here: Ints, found: Ints) -> Bools:
    """Select rows with the same registered voters and votes found as another one.

    Args:
        stated: registered voters of all rows, with their commune and poll as one number.
        votes: votes found of all rows.
        here: the same as ``stated`` of those rows that are asked for; they are among them.
        found: their votes found.
    """
    numbers, number = np.unique(stated, return_inverse=True)
    pairs = np.sort((number * _POLL + votes)[votes >= 0])
    return (found >= 0) & (_times(pairs, np.searchsorted(numbers, here) * _POLL + found) > 1)


def _exchanged(place: Ints, stated: Ints, listed: Ints) -> Bools:
    """Select bureaux that have exchanged registered voters with another one of their commune."""
    apart = (place + stated)[:, None] - place - listed
    near = np.abs(apart) * _NEARER <= np.abs(stated - listed)[:, None]
    return np.asarray((near & near.T).any(axis=1), np.bool_)


def _times(among: Ints, numbers: Ints) -> Ints:
    """Count each of some numbers among others, which are in order."""
    return np.searchsorted(among, numbers, side="right") - np.searchsorted(among, numbers)


def _table(grid: SideBySide, piece: PieceFigures) -> tuple[Figures, Figures] | None:
    """The registered voters and the votes found that the PVs or a published file state of all bureaux."""
    counted = grid.evidence.records if piece.kind == RECORD else None
    for lines in grid.evidence.published:
        if piece.kind == PUBLISHED and lines.published.file == piece.file:
            counted = lines.counted
    names = Quantity.REGISTERED, Quantity.VOTES_FOUND
    if counted is None or not counted.figures.keys() >= set(names):
        return None
    return counted[names[0]], counted[names[1]]


_OF_A_ROW = (SIGNATURES, FOUND, VALID)
"""Counts that two bureaux of a commune seldom have alike."""
_TELLING = 20
"""Such a count from which on it is not another bureau's by chance, as many are."""


def otherwise(grid: SideBySide, found: Sequence[Sequence[Supported]]) -> Bools:
    """Select bureaux with figures that may have come about otherwise; shape ``(n,)``.

    A figure that no slip of the pen makes is what another bureau of the commune has in that column: a row may have
    slipped. Or of several editions of a result another one has the commune without this row.
    """
    result: Bools = np.zeros(len(found), np.bool_)
    unlike = [_MoveAt(at, told.move) for at, each in enumerate(found) for told in each if told.move.cause in NO_SLIP]
    alone = [each for each in unlike if each.is_of_a_row(grid)]
    if alone:
        around = lay_out_around(grid, np.array([each.at for each in alone], np.int64))
        for each in alone:
            result[each.at] |= each.is_elsewhere(grid, around)
    for each in unlike:
        result[each.at] |= _is_of_one_edition(grid, each)
    return result


@dataclass(frozen=True, slots=True)
class _MoveAt:
    """A move of one of the bureaux laid out, by its index."""

    at: int
    move: Move

    def is_of_a_row(self, grid: SideBySide) -> bool:
        """Check that it is one count, and such as tells whose row it is of."""
        columns = [column for column, _ in self.move.changes]
        was = grid.figures[self.at, self.move.piece, columns]
        return len(columns) == 1 and columns[0] in _OF_A_ROW and bool(was[0] >= _TELLING)

    def is_elsewhere(self, grid: SideBySide, around: SideBySide) -> bool:
        """Check that another bureau of the commune has the figure that is said to be wrong here."""
        commune, [(column, _)] = grid.evidence.universe.commune_number, self.move.changes
        others = commune[around.unit] == commune[grid.unit[self.at]]
        others &= (around.poll == grid.poll[self.at]) & (around.unit != grid.unit[self.at])
        return bool((around.figures[others, :, column] == grid.figures[self.at, self.move.piece, column]).any())


def _is_of_one_edition(grid: SideBySide, each: _MoveAt) -> bool:
    """Check that it is of a published row that another file with results of its commune has not."""
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
