"""Tails, intervals and the correction for many tests, against exact sums and the printed tables."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.statistics.distributions import (
    GRID,
    binomial_tail,
    clopper_pearson,
    holm,
    student_quantile,
    student_tail,
)


def exact_tail(k: int, n: int, p: Fraction) -> Fraction:
    """P(X >= k), summed in whole numbers."""
    terms = (math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(max(k, 0), n + 1))
    return sum(terms, Fraction(0))


@given(st.integers(1, 60), st.integers(-1, 61), st.integers(0, 200))
def test_binomial_tail_is_the_exact_sum(n: int, k: int, p: int) -> None:
    exact = exact_tail(k, n, Fraction(p, 200))
    assert binomial_tail(k, n, Fraction(p, 200)) == pytest.approx(float(exact), rel=1e-12, abs=1e-300)


def test_binomial_tail_of_a_nation() -> None:
    n = 69_242
    assert binomial_tail(n // 2, n, Fraction(1, 2)) == pytest.approx(
        0.5 + math.comb(n, n // 2) / 2 ** (n + 1), rel=1e-9
    )
    assert binomial_tail(0, n, Fraction(1, 1000)) == 1
    assert binomial_tail(n, n, Fraction(999, 1000)) == pytest.approx(0.999**n, rel=1e-9)


@given(st.integers(1, 40), st.data())
def test_clopper_pearson_is_the_tightest_of_its_grid(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    low, high = clopper_pearson(k, n)
    half, step = Fraction(1, 40), Fraction(1, GRID)
    assert 0 <= low <= Fraction(k, n) <= high <= 1
    if k:
        assert exact_tail(k, n, low) <= half < exact_tail(k, n, low + step)
    else:
        assert low == 0
    if k < n:
        assert exact_tail(n - k, n, 1 - high) <= half < exact_tail(n - k, n, 1 - high + step)
    else:
        assert high == 1


def test_clopper_pearson_as_printed() -> None:
    for k, n, low, high in (  # none of ten: 1 - 0.025 ** (1 / 10)
        (0, 10, 0.0, 0.30850),
        (10, 10, 0.69150, 1.0),
        (1, 1, 0.025, 1.0),
        # half of ten, from printed tables
        (5, 10, 0.1871, 0.8129),
    ):
        assert [float(end) for end in clopper_pearson(k, n)] == pytest.approx([low, high], abs=1.1 / GRID)


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_clopper_pearson_refuses_what_is_no_share(k: int, n: int) -> None:
    with pytest.raises(ValueError, match=" of "):
        clopper_pearson(k, n)


def test_student_tail_as_printed() -> None:
    for freedom, t in (
        (1, 12.7062),
        (2, 4.30265),
        (3, 3.18245),
        (4, 2.77645),
        (5, 2.57058),
        (10, 2.22814),
        (30, 2.04227),
        (100, 1.98397),
    ):
        assert student_tail(np.array([t]), np.array([freedom]))[0] == pytest.approx(0.05, abs=2e-6)
        assert student_quantile(freedom, Fraction(1, 20)) == pytest.approx(t, abs=2e-4)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 8, 51, 52])
def test_student_tail_is_the_integral_of_its_density(freedom: int) -> None:
    constant = math.gamma((freedom + 1) / 2) / math.gamma(freedom / 2) / math.sqrt(freedom * math.pi)
    for t in (0.3, 1.0, 2.5, 6.0):
        x = np.linspace(0, t, 20_001)
        inside = np.trapezoid(constant * (1 + x * x / freedom) ** (-(freedom + 1) / 2), x)
        assert student_tail(np.array([t]), np.array([freedom]))[0] == pytest.approx(1 - 2 * inside, abs=1e-8)


def test_student_tail_takes_many_at_once() -> None:
    t, freedom = np.array([0.0, 2.0, 50.0, 3.0]), np.array([3, 1, 200, 2])
    together = student_tail(t, freedom)
    alone = [student_tail(t[i : i + 1], freedom[i : i + 1])[0] for i in range(4)]
    assert together.tolist() == alone
    assert together[0] == 1
    assert not len(student_tail(np.zeros(0), np.zeros(0, np.int64)))


def test_holm_steps_down() -> None:
    tails = np.array([0.02, 0.001, 0.5, 0.015])
    # the limits are 0.05 / 4, / 3, / 2, / 1: 0.015 passes 0.0167 and 0.02 passes 0.025
    assert holm(tails, 20, 4).tolist() == [True, True, False, True]
    # with eight tests the second smallest has to pass 0.05 / 7
    assert holm(tails, 20, tests=8).tolist() == [False, True, False, False]
    assert holm(np.zeros(0), 20, 0).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_what_the_closed_test_gives(tails: list[float]) -> None:
    order = sorted(range(len(tails)), key=lambda i: tails[i])
    expected = [False] * len(tails)
    for passed, index in enumerate(order):
        if tails[index] > 1 / (20 * (len(tails) - passed)):
            break
        expected[index] = True
    assert holm(np.array(tails), 20, len(tails)).tolist() == expected
