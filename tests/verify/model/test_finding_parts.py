"""The places of findings in their order: the quick way gives what sorting all of them gives."""

import numpy as np

from verify.model.figures import Texts
from verify.model.finding_table import _in_order


def drawn(random: np.random.Generator, most: int, of: int) -> Texts:
    return random.integers(0, of, int(random.integers(0, most))).astype(np.str_)


def test_places_are_those_of_all_parts_each_once_and_in_order() -> None:
    random = np.random.default_rng(3)
    quick = 0
    for _ in range(500):
        listed = drawn(random, 60, 90)
        parts = [np.unique(listed) if random.integers(4) else listed]
        parts += [drawn(random, 5, 300) for _ in range(int(random.integers(0, 3)))]
        rows = np.split(np.arange(sum(map(len, parts))), np.cumsum([len(each) for each in parts[:-1]]))
        (places, first), index = _in_order(list(zip(parts, rows, strict=True)))
        wanted, beside, number = np.unique(np.concatenate(parts), return_index=True, return_inverse=True)
        assert places.tolist() == wanted.tolist()
        assert first.tolist() == beside.tolist()
        assert index.tolist() == number.tolist()
        quick += 8 * sum(map(len, parts[1:])) <= len(parts[0])
    assert 50 < quick < 450
