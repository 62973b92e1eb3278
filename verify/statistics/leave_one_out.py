"""Distance of each bureau from the other bureaux of its commune: median and spread of the others.

With medians, up to half of the others may be odd themselves without hiding it; without itself, an odd one does not
make the commune look wider than it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
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
    any size, instead of one for each of its members. Groups of one size are sorted together, a row each.

    Args:
        values: finite, shape ``(m,)``.
        group: of each value, a number from 0 up, shape ``(m,)``.
    """
    median, spread, sizes = np.zeros(len(values)), np.zeros(len(values)), np.zeros(len(values), np.int64)
    for members in _by_size(group):
        size = members.shape[1]
        if size > 1:
            median[members], spread[members] = _of_others(values[members])
        sizes[members] = size
    return Others(median, CONSISTENT * spread, sizes)


def _of_others(values: Floats) -> tuple[Floats, Floats]:
    """Median and median distance of the others in each row; shape ``(rows, members)``, as given."""
    left = values.shape[1] - 1
    low, high = (left - 1) // 2, left // 2
    ordered = np.sort(values, axis=1)
    is_low, is_high = values <= ordered[:, low, None], values > ordered[:, high, None]
    median, spread = np.empty_like(values), np.empty_like(values)
    # whoever is below the middle leaves the same median behind, and so does whoever is above
    removed = [(is_low, low + 1, high + 1), (is_high, low, high)]
    if low < high:  # one is in the middle itself
        removed.append((~(is_low | is_high), low, high + 1))
    for mine, below, above in removed:
        middle = (ordered[:, below] + ordered[:, above]) / 2
        distance = np.abs(values - middle[:, None])
        distances = np.sort(distance, axis=1)
        near, far = (
            np.where(distance <= distances[:, at, None], distances[:, at + 1, None], distances[:, at, None])
            for at in (low, high)
        )
        median = np.where(mine, middle[:, None], median)
        spread = np.where(mine, (near + far) / 2, spread)
    return median, spread


def _by_size(group: Ints) -> Iterator[Ints]:
    """Indices of the members of groups, shape ``(groups, members)``: those of one size together, the smallest first."""
    sizes = np.bincount(group)
    start = np.cumsum(sizes) - sizes
    order = np.argsort(group, kind="stable")
    there = np.flatnonzero(sizes)
    size_of = sizes[there].astype(np.min_scalar_type(len(group)))  # of few bits, which is quick to sort
    by_size = there[np.argsort(size_of, kind="stable")]
    ends = np.flatnonzero(np.diff(sizes[by_size], append=0)) + 1
    for first, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        groups = by_size[first:end]
        yield order[start[groups][:, None] + np.arange(sizes[groups[0]])]


def _medians(values: Floats, group: Ints) -> Floats:
    """For each value the median of its group."""
    median = np.zeros(len(values))
    for members in _by_size(group):
        ordered, size = np.sort(values[members], axis=1), members.shape[1]
        median[members] = ((ordered[:, (size - 1) // 2] + ordered[:, size // 2]) / 2)[:, None]
    return median


@dataclass(frozen=True, slots=True)
class Scores:
    """Score of each value; all of shape ``(m,)``.

    Attributes:
        score: distance from the others' median in their spreads; 0 in a group that is too small.
        middle: the others' median, as the values are.
        size: of the group, itself included; 0 where it is too small.
    """

    score: Floats
    middle: Floats
    size: Ints


def least_group(least: int) -> int:
    """Values that a group needs for its members to be compared with the others, where ``least`` are asked for."""
    return max(least, 3)


def scores(
    values: Floats, group: Ints, noise: Floats, least: int, floor_percent: int, kind: Ints | None = None
) -> Scores:
    """Score each value against the others of its group.

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
        groups, first, at = np.unique(group[used], return_index=True, return_inverse=True)
        found = others(values[used], at)
        middle_spread = _medians(found.spread[first], 0 * groups if kind is None else kind[groups])
        spread = np.maximum(np.maximum(found.spread, noise[used]), floor_percent * middle_spread[at] / 100)
        # the others' median is itself uncertain, by pi/2 times what a mean would be
        spread = spread * np.sqrt(1 + math.pi / 2 / (found.size - 1))
        away = values[used] - found.median
        score[used] = np.divide(away, spread, out=np.zeros(len(used)), where=spread > 0)
        middle[used], size[used] = found.median, found.size
    return Scores(score, middle, size)


def significant(found: Scores, one_in: int) -> Bools:
    """Select scores so that a clean night has any in at most one of ``one_in`` nights; ``(n,)``.

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
