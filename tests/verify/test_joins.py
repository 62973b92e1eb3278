"""Finding rows again: first and later occurrences, against a plain loop."""

import numpy as np
import pytest

from verify.model.figures import once


@pytest.mark.parametrize("most", [0, 3, 40, 10**9])  # the last is more than there is an array for
@pytest.mark.parametrize("count", [0, 1, 2, 7, 200])
def test_first_and_later_occurrences(count: int, most: int) -> None:
    for seed in range(20):
        numbers = np.random.default_rng(seed).integers(0, most + 1, count) - most // 2
        if seed % 3 == 0:
            numbers = np.sort(numbers)
        first, later = once(numbers)
        seen: set[int] = set()
        wanted: tuple[list[int], list[int]] = ([], [])
        for row, number in enumerate(numbers.tolist()):
            wanted[number in seen].append(row)
            seen.add(number)
        assert (first.tolist(), later.tolist()) == wanted
