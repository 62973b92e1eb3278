"""Finding rows again: first and later occurrences, and which of them are among others, against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest

from verify.model.figures import among, once


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


@pytest.mark.parametrize("others", [0, 1, 50])
def test_which_numbers_are_among_others(others: int) -> None:
    for seed in range(20):
        random = np.random.default_rng(seed)
        numbers, known = random.integers(-9, 60, 40), random.integers(-9, 60, others)
        wanted = [number in set(known.tolist()) for number in numbers.tolist()]
        assert among(numbers, known).tolist() == wanted
