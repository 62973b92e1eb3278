"""Evidence of which it is in doubt whose it is: nothing that is said of the figures of such a bureau is certain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.cases.moves import Move
from verify.cases.side_by_side import RECAP, REGISTERED, SideBySide
from verify.cases.subjects import FoundAt
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools
from verify.model.finding_keys import FindingKeys

OF_ANOTHER = frozenset(("bureaux-exchanged", "row-of-another"))
"""Causes by which a whole row is another bureau's, its registered voters and the hours of a PV as well."""
_DOUBTFUL = frozenset(("C103", "C109", "C112", "C124", "I103", "I104", "I106", "I107", "I109"))
"""Findings beside which nothing is certain, as all of category A: the evidence itself may be another's, or damaged."""
_LEAST_APART = 20
"""Registered voters by which a figure differs at least, to be another bureau's: rolls do move by fewer."""
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

    All of their figures may be that bureau's. Of two bureaux that have each other's, the rolls may have moved.
    """
    universe = grid.evidence.universe
    stated, listed = grid.figures[:, :, REGISTERED], universe.registered[grid.unit]
    apart = (stated >= 0) & (listed >= 0)[:, None] & (np.abs(stated - listed[:, None]) >= _LEAST_APART)
    apart &= np.array([piece.kind != RECAP for piece in grid.pieces], np.bool_)  # nothing is held against its own
    if not apart.any():
        return apart
    commune = universe.commune_number * _COMMUNE
    known = (commune + universe.registered)[universe.registered >= 0]
    found: Bools = apart & np.isin(commune[grid.unit][:, None] + stated, known)
    for piece in np.flatnonzero(apart.any(axis=0)).tolist():
        rows = np.flatnonzero(apart[:, piece])
        place = commune[grid.unit[rows]] + grid.poll[rows] * _POLL
        near = np.abs((place + stated[rows, piece])[:, None] - place - listed[rows]) < _LEAST_APART
        found[rows, piece] |= (near & near.T).any(axis=1)
    return found


def stays_of_another(of_others: Sequence[bool], moves: Sequence[Move]) -> bool:
    """Whether a piece has the registered voters of another bureau, and no move says that its row is that one's."""
    told = {
        piece for move in moves if move.cause in OF_ANOTHER for piece, column, _ in move.cells() if column == REGISTERED
    }
    return any(other and piece not in told for piece, other in enumerate(of_others))
