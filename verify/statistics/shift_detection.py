"""Number of bureaux to look at so that a shift of votes is seen with a stated probability; exact.

Somebody who changes figures after they were posted on the bureaux' walls changes as few bureaux as he can: those with
the most votes, each by as much as its bound allows. A sheet of a changed bureau shows it. Which bureaux are looked at
is drawn by lot, without replacement, within each part by itself, when the figures can no longer be changed. Then the
number of changed bureaux that are drawn is hypergeometric, and nothing here is rounded.

What no formula covers: bureaux that nobody could draw, sheets that were not drawn but sent in by whoever went there,
and what happened before the figures were posted.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """Bureaux among which some are drawn by lot: those of a département, or all.

    Attributes:
        bounds: votes that can be moved in each of them, none negative, in any order.
        drawn: how many of them are looked at; 0 where none can be drawn.
    """

    bounds: tuple[int, ...]
    drawn: int

    def __post_init__(self) -> None:
        if not 0 <= self.drawn <= len(self.bounds) or min(self.bounds, default=0) < 0:
            raise ValueError(f"{self.drawn} drawn of {len(self.bounds)}, bounds from {min(self.bounds, default=0)}")


@dataclass(frozen=True, slots=True)
class Detection:
    """Detection of a shift by a drawing, wherever the shift is.

    Attributes:
        free: votes that can be moved in bureaux that cannot be drawn.
        altered: fewest bureaux among those that can be drawn in which the rest of the shift has room; 0 where none of
            them is needed, None where all of them have too little room: the shift cannot be hidden anywhere.
        seen: probability that at least one changed bureau is drawn, at the least. It is what can happen where there is
            one part, or where all bounds are equal; else a shift may have to run a greater risk, never a smaller one.
    """

    free: int
    altered: int | None
    seen: Fraction


def fewest(bounds: Iterable[int], shift: int) -> int | None:
    """Fewest bureaux in which ``shift`` votes have room, the largest first; None where all have too little."""
    return _fewest(Counter(bounds), shift)


def _fewest(bureaux: Mapping[int, int], shift: int) -> int | None:
    """The same of how many bureaux there are of each bound."""
    count = 0
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


def detection(parts: Sequence[DrawnPart], shift: int) -> Detection:
    """Bound from below the probability of seeing a shift, wherever in the parts it is.

    The bureaux that cannot be drawn are used up first, at no risk. In the others as many bureaux must be changed as
    the rest of the shift needs, the largest first wherever they are; that many are then placed where they are least
    likely to be drawn, as if they had room anywhere. Where that says too little, as a part of many small bureaux has
    room for few votes, whole parts are given away at no risk, those first of which the smallest share is drawn; what
    holds with any of them given away holds without.

    Args:
        parts: every bureau, each in one part.
        shift: in votes, above 0.
    """
    return _detection(parts, shift, Fraction(1))


def _detection(parts: Sequence[DrawnPart], shift: int, wanted: Fraction) -> Detection:
    """The same; no better is looked for where ``wanted`` is reached."""
    drawable = sorted((part for part in parts if part.drawn), key=lambda part: Fraction(part.drawn, len(part.bounds)))
    free = sum(sum(part.bounds) for part in parts if not part.drawn)
    bureaux = Counter(bound for part in drawable for bound in part.bounds)
    altered = _fewest(bureaux, shift - free)
    if altered is None:
        return Detection(free, None, Fraction(1))
    seen, given = _seen(drawable, altered), free
    for at, part in enumerate(drawable, start=1):
        given += sum(part.bounds)
        bureaux.subtract(part.bounds)
        needed = _fewest(bureaux, shift - given)
        if not needed or seen >= wanted:
            break
        seen = max(seen, _seen(drawable[at:], needed))
    return Detection(free, altered, seen)


def _seen(parts: Sequence[DrawnPart], altered: int) -> Fraction:
    """The chance that one of so many changed bureaux is drawn, where they lie so that it is least."""
    if altered > sum(len(part.bounds) - part.drawn for part in parts):
        return Fraction(1)
    placed = _least_risk([(len(part.bounds), part.drawn) for part in parts], altered)
    missed = (chance_of_missing(len(part.bounds), count, part.drawn) for part, count in zip(parts, placed, strict=True))
    return 1 - math.prod(missed, start=Fraction(1))


def _least_risk(parts: Sequence[tuple[int, int]], altered: int) -> list[int]:
    """In how many bureaux of each part to make a change, ``altered`` in all, so that it is least likely to be seen.

    Args:
        parts: bureaux of each, and how many of them are drawn.
        altered: at most all bureaux that are not drawn.
    """
    # the chance that the next one is drawn, none before having been, is the share drawn of what is left of its part:
    # all below 1 / once are placed at one go, the rest one by one
    largest = max((bureaux for bureaux, _ in parts), default=0)
    once = _first(lambda step: sum(max(size - drawn * step, 0) for size, drawn in parts) <= altered, 1, largest + 1)
    placed = [max(bureaux - drawn * once, 0) for bureaux, drawn in parts]
    risks = [
        (Fraction(drawn, bureaux - there), index)
        for index, ((bureaux, drawn), there) in enumerate(zip(parts, placed, strict=True))
    ]
    heapq.heapify(risks)
    for _ in range(altered - sum(placed)):
        _, index = risks[0]
        placed[index] += 1
        bureaux, drawn = parts[index]
        heapq.heapreplace(risks, (Fraction(drawn, bureaux - placed[index]), index))
    return placed


def shared_out(drawn: int, bureaux: Sequence[int]) -> list[int]:
    """Share ``drawn`` bureaux among the parts: each in turn to the part drawn least in proportion.

    A bureau of every part first, then by Adams's method: whoever knows the plan finds no part of which much less is
    looked at than of the others. One more in all is never one fewer in a part.

    Args:
        drawn: at most the sum of ``bureaux``.
        bureaux: of each part.
    """
    # all shares below a common one at one go, the rest one by one
    common = Fraction(max(drawn - len(bureaux), 0), max(sum(bureaux), 1))
    given = [math.ceil(count * common) for count in bureaux]
    queue = [
        (Fraction(there, count), -count, index)
        for index, (there, count) in enumerate(zip(given, bureaux, strict=True))
        if there < count
    ]
    heapq.heapify(queue)
    for _ in range(drawn - sum(given)):
        _, size, index = heapq.heappop(queue)
        given[index] += 1
        if given[index] < bureaux[index]:
            heapq.heappush(queue, (Fraction(given[index], bureaux[index]), size, index))
    return given


def enough(
    drawable: Sequence[Sequence[int]], beyond: Sequence[int], shift: int, probability: Fraction
) -> list[int] | None:
    """Find the fewest bureaux of each part that show the shift with at least that probability.

    Args:
        drawable: bounds of the bureaux of each part that can be drawn.
        beyond: bounds of the bureaux that cannot.
        shift: in votes, above 0.
        probability: from 0 to 1.

    Returns:
        By part, `shared_out`; None where even all bureaux that can be drawn are not enough.
    """
    sizes = [len(bounds) for bounds in drawable]

    def shares_of(drawn: int) -> list[int]:
        return shared_out(drawn, sizes)

    def seen(drawn: int) -> bool:
        shares = shares_of(drawn)
        parts = [DrawnPart(tuple(bounds), share) for bounds, share in zip(drawable, shares, strict=True)]
        return _detection([*parts, DrawnPart(tuple(beyond), 0)], shift, probability).seen >= probability

    everything = sum(sizes)
    return shares_of(_first(seen, 0, everything)) if seen(everything) else None


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first number from ``low`` on that holds, of a condition that goes on holding and does at ``high``."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
