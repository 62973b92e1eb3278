"""Compare rates of gaps, allowing for bureaux of one commune that resemble each other.

Bureaux of a commune share staff, training and counting hours. Treated as independent, a few communes would look like
hundreds of observations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from verify.model.figures import Bools, Ints
from verify.statistics.distributions import student_quantile


@dataclass(frozen=True, slots=True)
class RateDifference:
    """Two shares of bureaux with a gap, and how sure the difference is.

    Attributes:
        first, second: the shares.
        low, high: an interval for ``first - second`` that allows for communes, None with fewer than four communes.
        communes: number of clusters of each kind, ``(first, second)``.
    """

    first: Fraction
    second: Fraction
    low: float | None
    high: float | None
    communes: tuple[int, int]


def difference(with_gap: Ints, bureaux: Ints, commune: Ints, is_first: Bools) -> RateDifference | None:
    """Compare two kinds of bureaux, in clusters; None if all are of one kind.

    The interval is the cluster-robust one for a difference of ratios, with Student's law on communes less two.

    Args:
        with_gap: bureaux with a gap, by cluster, shape ``(clusters,)``.
        bureaux: bureaux in all, likewise.
        commune: number of the commune of each cluster; a mixed commune has two.
        is_first: true for clusters of the first kind.
    """
    if not is_first.any() or is_first.all():
        return None
    sizes = int(bureaux[is_first].sum()), int(bureaux[~is_first].sum())
    shares = Fraction(int(with_gap[is_first].sum()), sizes[0]), Fraction(int(with_gap[~is_first].sum()), sizes[1])
    low, high = _interval(with_gap, bureaux, commune, is_first, sizes, shares)
    communes = int(is_first.sum()), int((~is_first).sum())
    return RateDifference(*shares, low, high, communes)


def _interval(
    with_gap: Ints,
    bureaux: Ints,
    commune: Ints,
    is_first: Bools,
    sizes: tuple[int, int],
    shares: tuple[Fraction, Fraction],
) -> tuple[float | None, float | None]:
    rate = np.where(is_first, float(shares[0]), float(shares[1]))
    weight = np.where(is_first, 1 / sizes[0], -1 / sizes[1])
    numbers = np.unique(commune, return_inverse=True)[1]
    residual = np.bincount(numbers, (with_gap - rate * bureaux) * weight)
    groups = len(residual)
    if groups < 4:
        return None, None
    error = math.sqrt(groups / (groups - 1) * math.fsum((residual * residual).tolist()))
    middle, reach = float(shares[0] - shares[1]), student_quantile(groups - 2, Fraction(1, 20)) * error
    return middle - reach, middle + reach
