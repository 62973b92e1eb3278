"""Effect of communes on rates and differences, against sums over all possible outcomes."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.statistics.within_commune import DRAWN, correlation, difference


def test_correlation_of_all_or_none_is_nearly_one_and_of_even_communes_nothing() -> None:
    assert correlation(np.array([0, 10, 0, 10]), np.full(4, 10)) == Fraction(9999, 10_000)
    assert correlation(np.array([5, 5, 5]), np.full(3, 10)) == 0
    assert correlation(np.array([0, 0, 0]), np.full(3, 10)) == 0


def test_correlation_needs_two_communes_and_one_of_two_bureaux() -> None:
    for gaps, bureaux in (([3], [9]), ([1, 0, 1], [1, 1, 1]), ([], [])):
        assert correlation(np.array(gaps, np.int64), np.array(bureaux, np.int64)) == 0


def test_correlation_is_the_one_that_the_gaps_were_drawn_with() -> None:
    random = np.random.default_rng(5)
    # beta (a, b) has the correlation 1 / (a + b + 1), here 0.1
    shares = random.beta(2.25, 6.75, 3000)
    bureaux = random.integers(2, 30, 3000)
    assert float(correlation(random.binomial(bureaux, shares), bureaux)) == pytest.approx(0.1, abs=0.01)


def test_no_difference_of_one_kind() -> None:
    for first in (True, False):
        assert difference(np.ones(3, np.int64), np.full(3, 4), np.arange(3), np.full(3, first)) is None


@given(st.data())
def test_the_chance_is_the_share_of_all_ways(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 7))
    bureaux = data.draw(st.lists(st.integers(1, 12), min_size=count, max_size=count))
    gaps = [data.draw(st.integers(0, size)) for size in bureaux]
    firsts = data.draw(st.integers(1, count - 1))
    label = np.arange(count) < firsts

    def apart(chosen: tuple[int, ...]) -> Fraction:
        rest = [i for i in range(count) if i not in chosen]
        rates = [Fraction(sum(gaps[i] for i in some), sum(bureaux[i] for i in some)) for some in (chosen, rest)]
        return abs(rates[0] - rates[1])

    seen = apart(tuple(range(firsts)))
    ways = [apart(chosen) >= seen for chosen in itertools.combinations(range(count), firsts)]
    found = difference(np.array(gaps), np.array(bureaux), np.arange(count), label)
    assert found is not None
    assert found.enumerated
    assert found.chance == Fraction(sum(ways), len(ways))
    assert found.communes == (firsts, count - firsts)
    assert abs(found.first - found.second) == seen


def many(seed: int, first: float, second: float) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    bureaux = random.integers(3, 40, 60)
    is_first = np.arange(60) < 25
    rate = np.where(is_first, first, second)
    share = random.beta(rate * 19, (1 - rate) * 19)  # correlation 0.05
    return random.binomial(bureaux, share), bureaux, np.arange(60), is_first


def test_drawn_ways_give_the_same_answer_twice_and_never_nothing() -> None:
    found = difference(*many(1, 0.6, 0.1))
    assert found is not None
    assert not found.enumerated
    assert found.chance == Fraction(1, 1 + DRAWN)
    assert found.low is not None
    assert 0 < found.low < float(found.first - found.second)
    assert difference(*many(1, 0.6, 0.1)) == found


@pytest.mark.check(4)
def test_the_interval_holds_the_difference_as_often_as_it_says() -> None:
    held, named = 0, 0
    for seed in range(90):
        gaps, bureaux, commune, is_first = many(seed, 0.3, 0.2)
        found = difference(gaps, bureaux, commune, is_first)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.1 <= found.high
    assert 80 <= held <= 90  # 85.5 expected
    for seed in range(40):
        found = difference(*many(1000 + seed, 0.25, 0.25))
        assert found is not None
        named += found.chance <= Fraction(1, 20)
    assert named <= 6  # 2 expected


def test_a_mixed_commune_is_one_cluster_of_the_interval_and_two_of_the_chance() -> None:
    gaps, bureaux = np.array([3, 1, 4, 0, 2, 1]), np.array([8, 8, 9, 9, 7, 7])
    is_first = np.array([True, False] * 3)
    together = difference(gaps, bureaux, np.array([0, 0, 1, 1, 2, 2]), is_first)
    apart = difference(gaps, bureaux, np.arange(6), is_first)
    assert together is not None
    assert apart is not None
    assert together.low is None  # three communes are too few
    assert apart.low is not None
    assert together.chance == apart.chance
    assert together.communes == (3, 3)
