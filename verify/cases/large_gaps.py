"""Gaps between votes and signatures that can be no real ones: slips of the pen in one of the two counts.

A small gap may remain beside the slip: 155 signatures for 956 votes are 955, and one of sign-in.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.explanations.identities import Broken, Ties
from verify.explanations.natures import digits, exchanged, no_real_gap, number_of
from verify.explanations.side_by_side import BLANK, EXPORT, FOUND, NULL, RECAP, SIGNATURES, URN, VALID
from verify.model.figures import Bools, Ints

_DOUBTFUL_GAP, _DOUBTFUL_DIGIT = 2, 5
"""What it costs more to explain a gap by a slip of the pen, or by one wrong digit, of which nothing else shows."""
_REAL_GAPS = (1, -1, 2, -2)
"""Gaps that may remain beside a slip: most real ones are of one or two votes."""
_PART = 4
"""A slip beside which a gap remains makes a fourth of all voters, or more."""
_LEAST = 100
"""Votes and signatures from which on it is looked for: of few, any two are the same but for a digit and a small gap."""

_Correction = tuple[Ints, Ints, Ints, Ints, Ints]
"""Corrections as columns: state, piece, the row as it should read, turn, and what it costs more."""


def large_gaps(ties: Ties, of: Ints, figures: Ints, broken: Broken) -> Iterator[_Correction]:
    """The one count as the other, or but for a small gap, where a slip of the pen makes it what it is.

    Not where the PV speaks of it, where list and PV have the same signatures, of what a machine counted, or of votes
    found that are just the blank, null and valid votes.

    Args:
        ties: of the bureaux.
        of: the bureau of each state, shape ``(s,)``.
        figures: of each state, shape ``(s, pieces, columns)``.
        broken: what does not hold in it.
    """
    state = np.flatnonzero((broken.gap != 0) & ~ties.mentioned[of])
    signed, cast = ties.signed[of[state]], ties.cast[of[state]]
    listed, found = figures[state, signed, SIGNATURES], figures[state, cast, FOUND]
    large = no_real_gap(listed, found)
    if not large.any():
        return
    state, signed, cast, listed, found = (each[large] for each in (state, signed, cast, listed, found))
    same = figures[state, :, SIGNATURES] == listed[:, None]
    alone = (same & ~ties.are(RECAP)).sum(axis=1) == 1
    written = ~ties.are(URN, EXPORT)[cast] & ~_adds_up(figures[state, cast])
    only = only_a_gap(broken)[state]
    part = (_PART * np.abs(listed - found) >= np.maximum(listed, found)) & (np.minimum(listed, found) >= _LEAST)
    turn = np.full(len(state), np.iinfo(np.int64).max - 1)
    for by in (0, *_REAL_GAPS):
        for number, (piece, column, was, becomes, may) in enumerate(
            ((signed, SIGNATURES, listed, found + by, alone), (cast, FOUND, found, listed + by, written))
        ):
            slip = digits(was, becomes)
            if by:
                slip[~(part & np.isin(slip, [number_of("digit-wrong"), number_of("digits-exchanged")]))] = _NONE
            else:
                slip[only & exchanged(was, becomes)] = number_of("digits-exchanged")
            here = np.flatnonzero(may & (slip != number_of("figure-wrong")) & (slip != _NONE))
            right = figures[state[here], piece[here]]
            right[:, column] = becomes[here]
            more = np.where(slip[here] == number_of("digit-wrong"), _DOUBTFUL_DIGIT, _DOUBTFUL_GAP)
            yield state[here], piece[here], right, turn[here] + number, more


_NONE = -1
"""No slip."""


def _adds_up(rows: Ints) -> Bools:
    """Whether the votes found are known to be what blank, null and valid votes make."""
    parts = rows[:, [BLANK, NULL, VALID]]
    return np.asarray((parts >= 0).all(axis=1) & (parts.sum(axis=1) == rows[:, FOUND]), np.bool_)


def only_a_gap(broken: Broken) -> Bools:
    """Where nothing contradicts anything but signatures and votes found."""
    return np.asarray(~(broken.same.any(axis=1) | broken.sums.any(axis=(1, 2))), np.bool_)
