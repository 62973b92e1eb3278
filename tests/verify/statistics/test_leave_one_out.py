"""Median and spread of the others against a plain loop; how often even communes are found uneven."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.statistics.leave_one_out import CONSISTENT, Scores, others, scores, significant


def naive(values: list[float], group: list[int], at: int) -> tuple[float, float]:
    rest = [value for i, value in enumerate(values) if group[i] == group[at] and i != at]
    median = statistics.median(rest)
    return median, CONSISTENT * statistics.median(abs(value - median) for value in rest)


@given(st.data())
def test_others_are_all_but_oneself(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(2, 9), min_size=1, max_size=5))
    group = data.draw(st.permutations([number for number, size in enumerate(sizes) for _ in range(size)]))
    few = st.sampled_from([0.0, 0.25, 0.5, 1.0])  # ties
    drawn = st.lists(few | st.floats(-2, 2), min_size=len(group), max_size=len(group))
    values = data.draw(drawn)
    found = others(np.array(values), np.array(group))
    for at in range(len(values)):
        median, spread = naive(values, group, at)
        assert found.median[at] == median
        assert found.spread[at] == pytest.approx(spread, abs=1e-15)
        assert found.size[at] == sizes[group[at]]


def far_out(value: float, size: int = 9, noise: float = 0.0) -> Scores:
    values = np.array([*np.linspace(-1, 1, size - 1), value])
    return scores(values, np.zeros(size, np.int64), np.full(size, noise), 5, 0)


def test_score_is_the_distance_in_spreads_of_the_others() -> None:
    found = far_out(5.0)
    # the eight others from -1 to 1: median 0, deviations 1/7, 1/7, 3/7, 3/7, 5/7 …, so 4/7 in the middle
    spread = CONSISTENT * 4 / 7 * math.sqrt(1 + math.pi / 2 / 8)
    assert found.score[-1] == pytest.approx(5 / spread)
    assert found.middle[-1] == pytest.approx(0, abs=1e-15)
    assert found.size[-1] == 9


def test_noise_and_floor_are_the_least_spread() -> None:
    assert far_out(5.0, noise=2.0).score[-1] == pytest.approx(5 / 2 / math.sqrt(1 + math.pi / 2 / 8))
    even = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    apart = np.linspace(-1, 1, 9)
    values = np.concatenate([even, apart, apart])
    group = np.repeat([0, 1, 2], [5, 9, 9])
    without = scores(values, group, np.zeros(23), 5, 0)
    assert without.score[4] == 0  # nothing to measure by
    floored = scores(values, group, np.zeros(23), 5, 100)
    spread = others(apart, np.zeros(9, np.int64)).spread[0]
    assert floored.score[4] == pytest.approx(1 / spread / math.sqrt(1 + math.pi / 2 / 4))


@pytest.mark.parametrize(("size", "looked_at"), [(4, False), (5, True)])
def test_small_groups_are_left_out(size: int, looked_at: bool) -> None:
    found = far_out(1e6, size)
    assert (found.size > 0).all() == looked_at
    assert (found.score != 0).any() == looked_at
    assert significant(found, 20)[-1] == looked_at


def test_never_fewer_than_three() -> None:
    found = scores(np.array([0.0, 9.0]), np.zeros(2, np.int64), np.ones(2), 0, 0)
    assert not found.size.any()
    assert not significant(found, 0).any()


def test_significant_on_both_sides_of_the_limit() -> None:
    # one of 50 values: Holm's first limit is 1 / 1000, Student's t with 48 degrees leaves it outside 3.505
    sizes = np.full(50, 50)
    for score, expected in ((3.49, False), (3.52, True), (-3.52, True)):
        values = np.zeros(50)
        values[7] = score
        out = significant(Scores(values, np.zeros(50), sizes), 20)
        assert out[7] == expected
        assert out.sum() == expected


SIZES = (5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 25, 47, 64, 112) * 4


def test_even_communes_are_rarely_found_uneven() -> None:
    group = np.repeat(np.arange(len(SIZES)), SIZES)
    nights = 60
    named = 0
    for seed in range(nights):
        values = np.random.default_rng(seed).normal(size=len(group))
        named += bool(significant(scores(values, group, np.zeros(len(group)), 5, 75), 20).any())
    # one night in twenty is asked for; sixty nights of that are three, and eight or more of sixty one chance in 100
    assert named <= 7


@given(st.lists(st.integers(3, 12), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
def test_several_kinds_at_once_are_each_by_itself(sizes: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    each = [(random.normal(size=2 * size), np.arange(2 * size) % 2, random.random(2 * size) / 10) for size in sizes]
    apart = [scores(values, group, noise, 3, 75) for values, group, noise in each]
    values, _, noise = (np.concatenate(parts) for parts in zip(*each, strict=True))
    group = np.concatenate([group + 2 * at for at, (_, group, _) in enumerate(each)])
    together = scores(values, group, noise, 3, 75, np.repeat(np.arange(len(sizes)), 2))
    for name in ("score", "middle", "size"):
        assert getattr(together, name).tolist() == np.concatenate([getattr(one, name) for one in apart]).tolist()
