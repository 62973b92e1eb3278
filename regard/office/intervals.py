"""Means over simulated days with their intervals of 95 %: days are independent, people of one day are not."""

from __future__ import annotations

import math

import numpy as np

from regard.office.contents import Estimate
from sim.voters import Floats, Ints

_NORMAL = 1.959963984540054
"""What a normal variable is not further from its mean than with a probability of 95 %, in standard deviations."""


def student(freedom: int) -> float:
    """The same of Student's t, by the expansion of Cornish and Fisher: from 4 degrees of freedom on to 0.001."""
    z = _NORMAL
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom**power) for power, term in enumerate(terms, 1))


def around(mean: float, deviations: Ints | Floats) -> Estimate:
    """A mean and its interval.

    Args:
        mean: of a figure.
        deviations: of each day, or of each batch of days, from a value that is the same for all; shape ``(n,)``.
    """
    count = len(deviations)
    if count < 2:
        return Estimate(mean, mean, mean)
    half = student(count - 1) * float(np.std(deviations, ddof=1)) / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half)


def mean_of(values: Ints | Floats, unit: float = 1.0) -> Estimate:
    """The mean of a figure of each day, in that unit."""
    return around(float(values.mean()) / unit, values / unit)


def ratio_deviations(sums: Ints, counts: Ints) -> tuple[float, Floats]:
    """A ratio of two sums over the days, and how each day moves it (the delta method), shape ``(days,)``.

    The wait of a person is the sum of all waits over the number of all people; a day with more people counts more.
    """
    people = int(counts.sum())
    if not people:
        return 0.0, np.zeros(len(counts))
    ratio = int(sums.sum()) / people
    return ratio, (sums - ratio * counts) * (len(counts) / people)


def ratio_of(sums: Ints, counts: Ints, unit: float = 1.0) -> Estimate:
    """The ratio of two sums over the days, in that unit."""
    ratio, moves = ratio_deviations(sums, counts)
    return around(ratio / unit, moves / unit)
