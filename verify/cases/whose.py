"""Evidence of which it is in doubt whose it is: nothing that is said of the figures of such a bureau is certain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from protocol.quantities import Quantity
from verify.cases.subjects import FoundAt
from verify.explanations.moves import Move
from verify.explanations.side_by_side import FOUND, PUBLISHED, RECAP, RECORD, REGISTERED, PieceFigures, SideBySide
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Figures, Ints
from verify.model.finding_keys import FindingKeys

OF_ANOTHER = frozenset(("bureaux-exchanged", "row-of-another"))
"""Causes by which a whole row is another bureau's, its registered voters and the hours of a PV as well."""
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
    """Where a row states the same registered voters and votes found as another one.

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
    """Which of some bureaux have the registered voters of another one of a commune, which has theirs."""
    apart = (place + stated)[:, None] - place - listed
    near = np.abs(apart) * _NEARER <= np.abs(stated - listed)[:, None]
    return np.asarray((near & near.T).any(axis=1), np.bool_)


def _times(among: Ints, numbers: Ints) -> Ints:
    """How often each of some numbers is among others, which are in order."""
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


def stays_of_another(of_others: Sequence[bool], moves: Sequence[Move]) -> bool:
    """Whether a piece has the registered voters of another bureau, and no move says that its row is that one's."""
    told = {
        piece for move in moves if move.cause in OF_ANOTHER for piece, column, _ in move.cells() if column == REGISTERED
    }
    return any(other and piece not in told for piece, other in enumerate(of_others))
