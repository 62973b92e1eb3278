"""Measures of forecasts: by hand, by their properties, and against another library."""

import importlib
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.forecasts import measures
from verify.forecasts.measures import FirstPlaces

SHARES = st.lists(st.integers(1, 9900).map(lambda each: Fraction(each, 100)), min_size=1, max_size=12)
POINTS = st.integers(-2000, 12_000).map(lambda each: Fraction(each, 100))


@given(SHARES)
def test_a_perfect_forecast_has_no_error(shares: list[Fraction]) -> None:
    errors = [Fraction(0)] * len(shares)
    assert measures.mean_absolute(errors) == 0
    assert measures.mean_square(errors) == 0
    assert all(measures.odds_error(share, share) == 0 for share in shares)
    assert measures.accuracy(shares[0], shares[-1], shares[0], shares[-1]) == 0
    assert measures.interval_score(shares[0], shares[0], shares[0], Fraction(19, 20)) == 0
    if len(set(shares)) == len(shares) > 1:
        assert measures.kendall(shares, shares) == 1


@given(SHARES, st.randoms(use_true_random=False))
def test_tau_counts_pairs(shares: list[Fraction], random: object) -> None:
    other = shares[::-1]
    found = measures.kendall(shares, other)
    if len(shares) < 2:
        assert found is None
        return
    signs = [
        np.sign(float(shares[a] - shares[b])) * np.sign(float(other[a] - other[b]))
        for a in range(len(shares))
        for b in range(a)
    ]
    assert found == Fraction(int(sum(signs)), len(signs))


@pytest.mark.parametrize(
    ("forecast", "count", "found"),
    [
        ([28, 23, 22, 7], 2, (FirstPlaces.ORDER, 2)),
        ([23, 28, 22, 7], 2, (FirstPlaces.SET, 2)),
        ([28, 20, 22, 7], 2, (FirstPlaces.PART, 1)),
        ([28, 22, 22, 7], 2, (FirstPlaces.PART, 1)),  # two share the second place: neither is in it
        ([1, 2, 22, 23], 2, (FirstPlaces.NONE, 0)),
        ([28, 28, 22, 7], 2, (FirstPlaces.SET, 2)),
        ([28, 23, 22, 7], 3, (FirstPlaces.ORDER, 3)),
        ([28], 2, None),
    ],
)
def test_first_places(forecast: list[int], count: int, found: tuple[FirstPlaces, int] | None) -> None:
    result = [Fraction(27), Fraction(23), Fraction(21), Fraction(7)][: len(forecast)]
    assert measures.first_places([Fraction(each) for each in forecast], result, count) == found


def test_accuracy_by_hand() -> None:
    four = [Fraction(each) for each in (30, 20, 25, 25)]
    assert measures.accuracy(*four) == pytest.approx(math.log(1.5))
    assert measures.accuracy(Fraction(0), *four[1:]) is None
    assert measures.odds_error(Fraction(50), Fraction(20)) == pytest.approx(math.log(4))
    assert measures.odds_error(Fraction(0), Fraction(20)) is None
    assert measures.odds_error(Fraction(100), Fraction(20)) is None
    assert measures.largest([Fraction(1), Fraction(-3), Fraction(3)]) == 1


@pytest.mark.check(6)
@given(POINTS, st.integers(0, 3000), POINTS, st.sampled_from((50, 80, 90, 95, 99)))
def test_interval_score_is_that_of_scoringrules(low: Fraction, width: int, result: Fraction, level: int) -> None:
    scoringrules = importlib.import_module("scoringrules")  # which compiles for seconds when it is imported
    high = low + Fraction(width, 100)
    ours = measures.interval_score(low, high, result, Fraction(level, 100))
    theirs = scoringrules.interval_score(float(result), float(low), float(high), 1 - level / 100)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-9, abs=1e-9)


@pytest.mark.check(6)
@given(POINTS, st.integers(1, 1000), st.integers(-200, 200))
def test_distributions_are_scored_as_scoringrules_does(mean: Fraction, hundredths: int, tenths: int) -> None:
    scoringrules = importlib.import_module("scoringrules")  # which compiles for seconds when it is imported
    deviation = Fraction(hundredths, 100)
    result = mean + deviation * tenths / 10
    given_to_both = float(result), float(mean), float(deviation)
    assert measures.crps(mean, deviation, result) == pytest.approx(
        float(scoringrules.crps_normal(*given_to_both)), rel=1e-6, abs=1e-6
    )
    assert measures.log_score(mean, deviation, result) == pytest.approx(
        float(scoringrules.logs_normal(*given_to_both)), rel=1e-6, abs=1e-6
    )


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_rounding_is_half_up_and_exact(numerator: int, denominator: int) -> None:
    square = Fraction(numerator, denominator)
    found = measures.root_hundredths(square)
    assert (2 * found - 1) ** 2 <= square * 40_000 or found == 0
    assert (2 * found + 1) ** 2 > square * 40_000


def test_halves_are_rounded_up_in_size() -> None:
    assert [measures.hundredths(Fraction(each, 1000)) for each in (5, -5, 4, -4, 1995)] == [1, -1, 0, 0, 200]
