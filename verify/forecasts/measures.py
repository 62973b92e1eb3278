"""Measures of a forecast against a result: exact where they can be; each with its source.

Shares are points of a hundred. `docs/studies/forecasts.md` has the formulas in words.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from enum import Enum
from fractions import Fraction


class FirstPlaces(Enum):
    """Whether a forecast has the right candidates in the first places, and in the right order."""

    ORDER = "order"
    SET = "set"
    PART = "part"
    NONE = "none"


def mean_absolute(errors: Sequence[Fraction]) -> Fraction:
    """Mean absolute error."""
    return sum(map(abs, errors), Fraction(0)) / len(errors)


def mean_square(errors: Sequence[Fraction]) -> Fraction:
    """Mean of the squares, of which the root mean square error is the root."""
    return sum((error * error for error in errors), Fraction(0)) / len(errors)


def largest(errors: Sequence[Fraction]) -> int:
    """Index of the largest error by size; of equal ones the first."""
    return max(range(len(errors)), key=lambda at: (abs(errors[at]), -at))


def kendall(forecast: Sequence[Fraction], result: Sequence[Fraction]) -> Fraction | None:
    """Tau-a: pairs in the right order less those in the wrong one, of all pairs; None for fewer than two candidates.

    A pair that is tied in either counts as neither (Kendall, A new measure of rank correlation, Biometrika 30, 1938).
    """
    size = len(result)
    if size < 2:
        return None
    pairs = ((one, other) for one in range(size) for other in range(one))
    agreed = sum(_sign(forecast[a] - forecast[b]) * _sign(result[a] - result[b]) for a, b in pairs)
    return Fraction(agreed, size * (size - 1) // 2)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def first_places(
    forecast: Sequence[Fraction], result: Sequence[Fraction], count: int
) -> tuple[FirstPlaces, int] | None:
    """Whether the first ``count`` of the result come first in the forecast, and how many of them do.

    None where fewer are named. A candidate that shares the last of these places with another one is not in it.
    """
    size = len(result)
    if size < count:
        return None
    right = sorted(range(size), key=lambda at: (-result[at], at))[:count]
    inside = [at for at in right if sum(other >= forecast[at] for other in forecast) <= count]
    if not inside:
        return FirstPlaces.NONE, 0
    if len(inside) < count:
        return FirstPlaces.PART, len(inside)
    falling = all(forecast[before] > forecast[after] for before, after in itertools.pairwise(right))
    return (FirstPlaces.ORDER if falling else FirstPlaces.SET), count


def accuracy(first: Fraction, second: Fraction, result_first: Fraction, result_second: Fraction) -> float | None:
    """A = ln[(p1 / p2) / (v1 / v2)] of two candidates; None where a share is 0.

    Martin, Traugott and Kennedy, A review and proposal for a new measure of poll accuracy, Public Opinion Quarterly 69,
    2005.
    """
    if not all((first, second, result_first, result_second)):
        return None
    return _log((first / second) / (result_first / result_second))


def odds_error(share: Fraction, result: Fraction) -> float | None:
    """A' = ln[(p / (100 - p)) / (v / (100 - v))] of one candidate; None where a share is 0 or 100.

    Arzheimer and Evans, A new multinomial accuracy measure for polling bias, Political Analysis 22, 2014.
    """
    if not (0 < share < 100 and 0 < result < 100):
        return None
    return _log((share / (100 - share)) / (result / (100 - result)))


def _log(ratio: Fraction) -> float:
    return math.log(ratio.numerator) - math.log(ratio.denominator) if ratio > 0 else -math.inf


def interval_score(low: Fraction, high: Fraction, result: Fraction, level: Fraction) -> Fraction:
    """Width of an interval, and 2 / (1 - level) times how far the result is outside of it; exact.

    Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 102, 2007, equation 43.
    """
    outside = max(low - result, result - high, Fraction(0))
    return high - low + 2 / (1 - level) * outside


def crps(mean: Fraction, deviation: Fraction, result: Fraction) -> float:
    """Continuous ranked probability score of a normal distribution, in points; 0 is best (Gneiting and Raftery)."""
    z = float((result - mean) / deviation)
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return float(deviation) * (z * math.erf(z / math.sqrt(2)) + 2 * density - 1 / math.sqrt(math.pi))


def log_score(mean: Fraction, deviation: Fraction, result: Fraction) -> float:
    """Logarithmic score of a normal distribution: minus the log of its density at the result; less is better."""
    z = float((result - mean) / deviation)
    return z * z / 2 + math.log(float(deviation)) + math.log(2 * math.pi) / 2


def root_hundredths(square: Fraction) -> int:
    """The root of an exact square in hundredths, half up: no rounding before the last one."""
    numerator, denominator = square.numerator * 4 * 10**4, square.denominator
    return (math.isqrt(numerator // denominator) + 1) // 2


def hundredths(value: Fraction) -> int:
    """A figure in hundredths, half up in size."""
    size = (200 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size
