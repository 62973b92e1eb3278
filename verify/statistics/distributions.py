"""Exact intervals, tails and the correction for many tests, for the screens and the precision study.

The standard library and numpy are enough for these few sums; a statistics library would bring far more than is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from verify.model.figures import Bools, Ints

Floats = npt.NDArray[np.float64]

GRID = 10_000
"""Intervals have their ends on multiples of 1 / GRID, rounded outwards: a hundredth of a per cent."""


def binomial_tail(k: int, n: int, p: Fraction) -> float:
    """P(X >= k) for X binomial (n, p).

    From ratios of neighbouring terms, outwards from the largest: nothing overflows, and what vanishes is below
    1e-300 of it. The sums are `math.fsum`'s; the relative error is about n times 1e-16.
    """
    if k <= 0:
        return 1.0
    if k > n or p <= 0:
        return 0.0
    if p >= 1:
        return 1.0
    mode = min(math.floor((n + 1) * p), n)
    odds = float(p / (1 - p))
    above = np.arange(mode, n, dtype=np.float64)
    below = np.arange(mode, 0, -1, dtype=np.float64)
    up = np.cumprod((n - above) / (above + 1) * odds)
    down = np.cumprod(below / ((n - below + 1) * odds))
    terms = np.concatenate([down[::-1], [1.0], up])
    return math.fsum(terms[k:].tolist()) / math.fsum(terms.tolist())


def clopper_pearson(k: int, n: int) -> tuple[Fraction, Fraction]:
    """The exact interval for a share, ``k`` of ``n`` seen, its ends rounded outwards to 1 / `GRID`.

    It holds the true share in 19 of 20 cases at least, whatever that share is (Clopper and Pearson,
    Biometrika 26, 1934), if the ``n`` are independent. Bureaux of one commune are not: see `within_commune`.

    Raises:
        ValueError: not 0 <= k <= n with n >= 1.
    """
    if not 0 <= k <= n or n < 1:
        raise ValueError(f"{k} of {n}")
    half = 1 / 40
    low, high = Fraction(0), Fraction(1)
    if k > 0:
        low = Fraction(_last(lambda step: binomial_tail(k, n, Fraction(step, GRID)) <= half), GRID)
    if k < n:
        high = 1 - Fraction(_last(lambda step: binomial_tail(n - k, n, Fraction(step, GRID)) <= half), GRID)
    return low, high


def _last(holds: Callable[[int], bool]) -> int:
    """The last step from 0 to `GRID` that holds, of a condition that holds up to somewhere and then no more."""
    low, high = 0, GRID
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def student_tail(t: Floats, freedom: Ints) -> Floats:
    """P(|T| >= t) for Student's law with a whole number of degrees of freedom; shapes equal, ``t`` from 0 up.

    The finite sums of Abramowitz and Stegun 26.7.3 and 26.7.4; the absolute error is about 1e-15.
    """
    t, freedom = np.asarray(t, np.float64), np.asarray(freedom, np.int64)
    cosine2 = freedom / (freedom + t * t)
    sine = t / np.sqrt(freedom + t * t)
    odd = freedom % 2 == 1
    term = np.ones(t.shape)
    sums = np.ones(t.shape)
    for step in range(1, int(freedom.max(initial=0)) // 2):
        ratio = np.where(odd, 2 * step / (2 * step + 1), (2 * step - 1) / (2 * step))
        term = term * cosine2 * ratio
        sums += np.where(2 * step <= freedom - np.where(odd, 3, 2), term, 0.0)
    angle = np.arctan2(t, np.sqrt(freedom))
    inner = np.where(freedom == 1, 0.0, sine * np.sqrt(cosine2) * sums)
    return np.asarray(np.clip(1 - np.where(odd, 2 / math.pi * (angle + inner), sine * sums), 0.0, 1.0), np.float64)


def student_quantile(freedom: int, tail: Fraction) -> float:
    """The t that Student's law leaves with probability ``tail`` on both sides together, to 1e-9 of itself."""
    low, high = 0.0, 1.0
    wanted, degrees = float(tail), np.array([freedom])
    while student_tail(np.array([high]), degrees)[0] > wanted:
        high *= 2
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if student_tail(np.array([middle]), degrees)[0] > wanted else (low, middle)
    return high


def holm(tails: Floats, one_in: int, tests: int) -> Bools:
    """Select significant tests so that at most one clean night in ``one_in`` shows any.

    Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979), and not a false discovery rate: a screen
    points at a bureau by its name, so that one name too many weighs more than one too few; and it holds however
    the tests depend on each other, which bureaux of a commune and choices of a bureau do.

    Args:
        tails: probabilities, shape ``(m,)``.
        one_in: the denominator of the chance of a single false one.
        tests: how many tests there were, those that cannot be significant and were left out included.
    """
    order = np.argsort(tails, kind="stable")
    limits = 1 / (one_in * (tests - np.arange(len(tails), dtype=np.float64)))
    failed = tails[order] > limits
    passed = int(np.argmax(failed)) if failed.any() else len(tails)
    found = np.zeros(len(tails), np.bool_)
    found[order[:passed]] = True
    return found
