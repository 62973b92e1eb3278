"""Figures found again in rows: bureaux whose two figures are exchanged, first and later occurrences."""

import numpy as np
import pytest

from verify.columns.machine_votes import exchanged_pairs
from verify.model.figures import once


def test_exchanged_pairs_are_those_of_every_unit_and_poll() -> None:
    draw = np.random.default_rng(2)
    ours = draw.integers(0, 3, (400, 2, 4))
    theirs = np.where(draw.random(ours.shape) < 0.7, ours, draw.permuted(ours, axis=2))
    expected = []
    for unit, poll in np.ndindex(400, 2):
        differing = np.flatnonzero(ours[unit, poll] != theirs[unit, poll]).tolist()
        if len(differing) == 2:
            one, other = differing
            here, there = ours[unit, poll], theirs[unit, poll]
            if here[one] == there[other] and here[other] == there[one]:
                expected.append((unit, poll, one, other))
    assert exchanged_pairs(ours != theirs, ours, theirs) == expected
    assert len(expected) > 20


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
