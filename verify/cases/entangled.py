"""Corrections of one bureau that only hold together: of none of them it is certain that it ends what it explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.cases.explanations import Explanation
from verify.explanations.identities import Broken, Ties, broken
from verify.model.figures import Bools, Ints


def entangled(ties: Ties, figures: Ints, found: Sequence[Explanation]) -> Bools:
    """Which bureaux have several moves of which one, made alone, breaks what held, or all together end something more.

    Args:
        ties: of the bureaux.
        figures: of the bureaux, shape ``(n, pieces, columns)``.
        found: what explains each of them.
    """
    result: Bools = np.zeros(len(found), np.bool_)
    several = [(at, each.moves) for at, each in enumerate(found) if len(each.moves) > 1]
    if not several:
        return result
    of = np.array([at for at, moves in several for _ in moves], np.int64)
    rows, first = np.unique(of, return_index=True)
    alone, together = figures[of], figures[rows]
    moves = [(number, move) for number, (_, moves) in enumerate(several) for move in moves]
    for state, (number, move) in enumerate(moves):
        for cell in move.cells():
            alone[(state, *cell[:2])] = together[(number, *cell[:2])] = cell[2]
    before = _holds_not(broken(ties, figures[rows], rows))
    apart, after = _holds_not(broken(ties, alone, of)), _holds_not(broken(ties, together, rows))
    made = np.logical_or.reduceat(apart & ~before[np.searchsorted(rows, of)], first)
    left = np.logical_and.reduceat(apart, first)  # by every one of them
    result[rows] = (made | (before & left & ~after)).any(axis=1)
    return result


def _holds_not(found: Broken) -> Bools:
    """All that does not hold, in columns; shape ``(s, …)``."""
    sums = found.sums.reshape(len(found.gap), -1)
    return np.concatenate([found.same, sums, (found.gap != 0)[:, None]], axis=1)
