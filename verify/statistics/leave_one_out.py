"""How far each bureau is from the other bureaux of its commune: median and spread of the others, without itself.

With medians, up to half of the others may be odd themselves without hiding it; without itself, an odd one does not
make the commune look wider than it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from verify.model.figures import Bools, Ints
from verify.statistics.distributions import Floats, holm, student_tail

CONSISTENT = 1.4826
"""Standard deviations of a normal law in one median absolute deviation."""


@dataclass(frozen=True, slots=True)
class Others:
    """The others of each value's group; all of shape ``(m,)``.

    Attributes:
        median: of the others.
        spread: their median absolute deviation as a standard deviation.
        size: of the whole group.
    """

    median: Floats
    spread: Floats
    size: Ints


def others(values: Floats, group: Ints) -> Others:
    """Median and spread of the other values of each value's group, for groups of two or more.

    A median without one value is next to the median of all: three sorted lists of distances are enough for a group of
    any size, instead of one for each of its members.

    Args:
        values: finite, shape ``(m,)``.
        group: of each value, a number from 0 up, shape ``(m,)``.
    """
    size = np.bincount(group, minlength=int(group.max(initial=-1)) + 1)[group]
    start, rank, ordered = _sorted(values, group)
    median = _without(ordered, start, rank, size)
    left = size - 1
    low, high = (left - 1) // 2, left // 2
    spread = np.zeros(len(values))
    # whoever is below the middle leaves the same median behind, and so does whoever is above
    for members, removed in ((rank <= low, 0 * size), ((rank > low) & (rank <= high), high), (rank > high, size - 1)):
        if not members.any():  # the middle of groups of an even size is one of the others
            continue
        distance = np.abs(values - _without(ordered, start, removed, size))
        from_start, place, distances = _sorted(distance, group)
        spread[members] = _without(distances, from_start, place, size)[members]
    return Others(median, CONSISTENT * spread, np.asarray(size, np.int64))


def _sorted(values: Floats, group: Ints) -> tuple[Ints, Ints, Floats]:
    """For each value where its group starts in the sorted values, and its rank within the group; the sorted values."""
    order = np.lexsort((values, group))
    sizes = np.bincount(group)
    start = (np.cumsum(sizes) - sizes)[group]
    rank = np.empty(len(values), np.int64)
    rank[order] = np.arange(len(values))
    return np.asarray(start, np.int64), rank - start, np.asarray(values[order], np.float64)


def _without(ordered: Floats, start: Ints, removed: Ints, size: Ints) -> Floats:
    """The median of each group in its order, without the member of rank ``removed``."""
    left = size - 1
    low, high = np.maximum(left - 1, 0) // 2, left // 2
    last = len(ordered) - 1
    below = np.minimum(start + low + (low >= removed), last)
    above = np.minimum(start + high + (high >= removed), last)
    return np.asarray((ordered[below] + ordered[above]) / 2, np.float64)


def _medians(values: Floats, group: Ints) -> Floats:
    """For each value the median of its group."""
    start, _, ordered = _sorted(values, group)
    size = np.bincount(group)[group]
    return np.asarray((ordered[start + (size - 1) // 2] + ordered[start + size // 2]) / 2, np.float64)


@dataclass(frozen=True, slots=True)
class Scores:
    """How far out each value is; all of shape ``(m,)``.

    Attributes:
        score: distance from the others' median in their spreads; 0 in a group that is too small.
        middle: the others' median, as the values are.
        size: of the group, itself included; 0 where it is too small.
    """

    score: Floats
    middle: Floats
    size: Ints


def least_group(least: int) -> int:
    """Values that a group needs for its members to be held against the others, where ``least`` are asked for."""
    return max(least, 3)


def scores(
    values: Floats, group: Ints, noise: Floats, least: int, floor_percent: int, kind: Ints | None = None
) -> Scores:
    """How far each value is from the others of its group.

    The spread of a few others is small by chance now and then. It is never taken for less than the noise that there
    must be, nor for less than ``floor_percent`` of the middle group's.

    Args:
        values: finite, shape ``(m,)``.
        group: a number from 0 up, shape ``(m,)``.
        noise: least standard deviation of each value, shape ``(m,)``.
        least: groups of fewer values are left out, and those of fewer than three.
        floor_percent: per cent of the median of all groups' spreads.
        kind: of each group, a number from 0 up, where values of several kinds are there: a floor is of one kind.
    """
    score, middle, size = np.zeros(len(values)), np.zeros(len(values)), np.zeros(len(values), np.int64)
    sizes = np.bincount(group, minlength=int(group.max(initial=-1)) + 1)[group]
    used = np.flatnonzero(sizes >= least_group(least))
    if len(used):
        found = others(values[used], group[used])
        groups, first, at = np.unique(group[used], return_index=True, return_inverse=True)
        middle_spread = _medians(found.spread[first], 0 * groups if kind is None else kind[groups])
        spread = np.maximum(np.maximum(found.spread, noise[used]), floor_percent * middle_spread[at] / 100)
        # the others' median is itself uncertain, by pi/2 times what a mean would be
        spread = spread * np.sqrt(1 + math.pi / 2 / (found.size - 1))
        away = values[used] - found.median
        score[used] = np.divide(away, spread, out=np.zeros(len(used)), where=spread > 0)
        middle[used], size[used] = found.median, found.size
    return Scores(score, middle, size)


def significant(found: Scores, one_in: int) -> Bools:
    """Which scores are out of line when a clean night may have a single one in at most ``one_in`` nights.

    By Student's law with as many degrees of freedom as there are others, less one; the tail of a ratio of medians is
    only nearly that. Values of groups that were too small do not count as looked at.
    """
    looked_at = found.size > 0
    # a normal law leaves more than 1 in 20 outside 1.95: nothing that is within can be significant at 1 in 20 or less
    far = np.flatnonzero(looked_at & (np.abs(found.score) >= (1.95 if one_in >= 20 else 0)))
    tails = student_tail(np.abs(found.score[far]), found.size[far] - 2)
    out = np.zeros(len(found.score), np.bool_)
    out[far] = holm(tails, max(one_in, 1), tests=int(looked_at.sum()))
    return out
