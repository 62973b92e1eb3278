"""Rows in which anything holds, and what is looked at in them only."""

import numpy as np
import pytest

from verify.columns.machine_votes import exchanged_pairs
from verify.model.figures import rows_with_any


@pytest.mark.parametrize("shape", [(7,), (7, 2), (7, 2, 3), (0, 2, 3), (3, 0)])
def test_rows_with_any(shape: tuple[int, ...]) -> None:
    draw = np.random.default_rng(1)
    for share in (0.0, 0.1, 0.5, 1.0):
        mask = draw.random(shape) < share
        there = [row for row in range(shape[0]) if mask[row].any()]
        assert rows_with_any(mask).tolist() == there


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
