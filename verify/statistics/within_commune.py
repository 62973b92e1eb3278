"""Compare rates of gaps, allowing for bureaux of one commune that resemble each other.

Bureaux of a commune share their people, their training and their hour of counting. Whoever treats them as independent
takes a handful of communes for hundreds of proofs.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from verify.model.figures import Bools, Ints
from verify.statistics.distributions import student_quantile

MOST_ENUMERATED = 20_000
"""Ways to hand out the labels that are all tried; where there are more, `DRAWN` of them are drawn."""
DRAWN = 9_999
_CELLS = 2**22
_SEED = (0x7265, 0x67617264, 1)
ROUNDING = 10_000
"""Steps of a correlation between 0 and 1."""


def correlation(with_gap: Ints, bureaux: Ints) -> Fraction:
    """Correlation of bureaux of a commune, from 0 (independent) to 1 (all or none); by analysis of variance.

    The estimator for shares in clusters of different sizes (Ridout, Demétrio and Firth, Biometrics 55, 1999); below 0,
    which chance brings about, it is 0. To the nearest 1 / 10,000.

    Args:
        with_gap: bureaux with a gap, by commune, shape ``(communes,)``.
        bureaux: bureaux in all, none 0, shape ``(communes,)``.
    """
    groups, total, hits = len(bureaux), int(bureaux.sum()), int(with_gap.sum())
    if groups < 2 or total == groups:
        return Fraction(0)
    rate = Fraction(hits, total)
    pairs = list(zip(with_gap.tolist(), bureaux.tolist(), strict=True))
    between = sum(((Fraction(k) - rate * n) ** 2 / n for k, n in pairs), Fraction(0)) / (groups - 1)
    within = sum((Fraction(k * (n - k), n) for k, n in pairs), Fraction(0)) / (total - groups)
    size = (total - Fraction(sum(n * n for _, n in pairs), total)) / (groups - 1)
    whole = between + (size - 1) * within
    alike = (between - within) / whole if whole else Fraction(0)
    return min(max(Fraction(round(alike * ROUNDING), ROUNDING), Fraction(0)), Fraction(ROUNDING - 1, ROUNDING))


@dataclass(frozen=True, slots=True)
class RateDifference:
    """Two shares of bureaux with a gap, and how sure the difference is.

    Attributes:
        first, second: the shares.
        low, high: an interval for ``first - second`` that allows for communes, None with fewer than four communes.
        chance: how often a difference this large comes about when the labels are handed out among communes at random.
        communes: clusters of either kind, ``(first, second)``.
        enumerated: whether all ways to hand them out were tried.
    """

    first: Fraction
    second: Fraction
    low: float | None
    high: float | None
    chance: Fraction
    communes: tuple[int, int]
    enumerated: bool


def difference(with_gap: Ints, bureaux: Ints, commune: Ints, is_first: Bools) -> RateDifference | None:
    """Compare two kinds of bureaux, in clusters; None where there is only one kind.

    The interval is the cluster-robust one for a difference of ratios, with Student's law on communes less two. The
    chance is that of a permutation test with whole communes (of a mixed commune each half) as the units: it is exact
    if communes would be interchangeable were it not for their label.

    Args:
        with_gap: bureaux with a gap, by cluster, shape ``(clusters,)``.
        bureaux: bureaux in all, likewise.
        commune: number of the commune of each cluster; a mixed commune has two.
        is_first: whether the cluster is of the first kind.
    """
    if not is_first.any() or is_first.all():
        return None
    sizes = int(bureaux[is_first].sum()), int(bureaux[~is_first].sum())
    shares = Fraction(int(with_gap[is_first].sum()), sizes[0]), Fraction(int(with_gap[~is_first].sum()), sizes[1])
    low, high = _interval(with_gap, bureaux, commune, is_first, sizes, shares)
    chance, enumerated = _permuted(with_gap, bureaux, is_first)
    communes = int(is_first.sum()), int((~is_first).sum())
    return RateDifference(*shares, low, high, chance, communes, enumerated)


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


def _permuted(with_gap: Ints, bureaux: Ints, is_first: Bools) -> tuple[Fraction, bool]:
    clusters, firsts = len(with_gap), int(is_first.sum())
    seen = _abs_difference(with_gap, bureaux, is_first[None])[0] - 1e-12
    ways = math.comb(clusters, firsts)
    if ways <= MOST_ENUMERATED:
        labels = np.zeros((ways, clusters), np.bool_)
        for way, chosen in enumerate(itertools.combinations(range(clusters), firsts)):
            labels[way, list(chosen)] = True
        return Fraction(int((_abs_difference(with_gap, bureaux, labels) >= seen).sum()), ways), True
    random = np.random.default_rng(np.random.SeedSequence(_SEED))
    step, at_least_as_large = max(_CELLS // clusters, 1), 0
    for start in range(0, DRAWN, step):
        rows = min(step, DRAWN - start)
        labels = random.permuted(np.broadcast_to(is_first, (rows, clusters)), axis=1)
        at_least_as_large += int((_abs_difference(with_gap, bureaux, labels) >= seen).sum())
    # the labels as they are count among the ways: a chance of 0 cannot be had by drawing
    return Fraction(1 + at_least_as_large, 1 + DRAWN), False


def _abs_difference(with_gap: Ints, bureaux: Ints, labels: Bools) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Difference of the two shares under each row of labels."""
    hits, sizes = labels @ with_gap, labels @ bureaux
    return np.asarray(np.abs(hits / sizes - (with_gap.sum() - hits) / (bureaux.sum() - sizes)), np.float64)
