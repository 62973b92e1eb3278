"""Effect of communes on rates and differences, against sums over all possible outcomes."""

import numpy as np
import pytest

from verify.statistics.within_commune import difference


def test_no_difference_of_one_kind() -> None:
    for first in (True, False):
        assert difference(np.ones(3, np.int64), np.full(3, 4), np.arange(3), np.full(3, first)) is None


def many(seed: int, first: float, second: float) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    bureaux = random.integers(3, 40, 60)
    is_first = np.arange(60) < 25
    rate = np.where(is_first, first, second)
    share = random.beta(rate * 19, (1 - rate) * 19)  # correlation 0.05
    return random.binomial(bureaux, share), bureaux, np.arange(60), is_first


def test_a_large_difference_is_above_nothing() -> None:
    found = difference(*many(1, 0.6, 0.1))
    assert found is not None
    assert found.low is not None
    assert 0 < found.low < float(found.first - found.second)


@pytest.mark.check(4)
def test_the_interval_holds_the_difference_as_often_as_it_says() -> None:
    held = 0
    for seed in range(90):
        gaps, bureaux, commune, is_first = many(seed, 0.3, 0.2)
        found = difference(gaps, bureaux, commune, is_first)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.1 <= found.high
    assert 80 <= held <= 90  # 85.5 expected


def test_a_mixed_commune_is_one_cluster_of_the_interval() -> None:
    gaps, bureaux = np.array([3, 1, 4, 0, 2, 1]), np.array([8, 8, 9, 9, 7, 7])
    is_first = np.array([True, False] * 3)
    together = difference(gaps, bureaux, np.array([0, 0, 1, 1, 2, 2]), is_first)
    apart = difference(gaps, bureaux, np.arange(6), is_first)
    assert together is not None
    assert apart is not None
    assert together.low is None  # three communes are too few
    assert apart.low is not None
    assert together.communes == (3, 3)
