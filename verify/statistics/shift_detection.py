"""Number of bureaux to look at so that a shift of votes is seen with a stated probability; exact.

Somebody who changes figures after they were posted on the bureaux' walls changes as few bureaux as he can: those with
the most votes, each by as much as its bound allows. A sheet of a changed bureau shows it. Which bureaux are looked at
is drawn by lot, without replacement, when the figures can no longer be changed. Then the number of changed bureaux
that are drawn is hypergeometric, and nothing here is rounded.

What no formula covers: sheets that were not drawn but sent in by whoever went there, and what happened before the
figures were posted.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction


def fewest(bounds: Sequence[int], shift: int) -> int | None:
    """Fewest bureaux in which ``shift`` votes have room, the largest first; None where all have too little."""
    count, bureaux = 0, Counter(bounds)
    for bound in sorted(bureaux, reverse=True):
        if shift <= 0 or not bound:
            break
        some = min(bureaux[bound], -(-shift // bound))
        count, shift = count + some, shift - some * bound
    return None if shift > 0 else count


def chance_of_missing(bureaux: int, altered: int, drawn: int) -> Fraction:
    """The chance that none of ``altered`` bureaux is among ``drawn`` of all ``bureaux``: C(B - k, n) / C(B, n)."""
    few, many = sorted((altered, drawn))
    if few + many > bureaux:
        return Fraction(0)
    # the same with k and n exchanged, and the fewer factors of the two
    return Fraction(math.perm(bureaux - many, few), math.perm(bureaux, few))


def enough(bureaux: int, altered: int, probability: Fraction) -> int:
    """Find the fewest drawn bureaux that show a shift with at least that probability.

    Args:
        bureaux: all of them.
        altered: the fewest in which the shift has room, above 0.
        probability: from 0 to 1.
    """
    return bisect.bisect_left(
        range(bureaux), True, key=lambda drawn: 1 - chance_of_missing(bureaux, altered, drawn) >= probability
    )
