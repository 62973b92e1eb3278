"""Rows of a file: put in the order of the bureaux, found again, repeated, and those in which anything holds."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.words import msg
from verify.align.lined_tables import Rows, repeat
from verify.columns.machine_votes import exchanged_pairs
from verify.model.figures import once, rows_with_any

PLACES = 12


@given(st.lists(st.integers(-1, PLACES - 1), max_size=20))
@example(list(range(PLACES)))
@example([*range(PLACES), -1])
@example([*range(3), *range(PLACES)])
@example([])
def test_the_first_row_of_each_place_counts(named: list[int]) -> None:
    at = np.array(named, np.int64)
    found = Rows(at, np.flatnonzero(at >= 0), (PLACES // 2, 2))
    first = {place: row for row, place in reversed(list(enumerate(named))) if place >= 0}
    assert sorted(found.again.tolist()) == [r for r, place in enumerate(named) if place >= 0 and first[place] != r]
    values = np.arange(100, 100 + len(named))
    lined = found.lined(values, -3)
    assert lined.shape == (PLACES // 2, 2)
    assert lined.ravel().tolist() == [int(values[first[place]]) if place in first else -3 for place in range(PLACES)]
    nothing = found.lined(np.broadcast_to(np.int64(-3), len(named)), -3)
    assert (nothing == -3).all()
    assert found.lined(at >= 0, False).ravel().tolist() == [place in first for place in range(PLACES)]


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


def test_of_several_that_are_of_the_same_the_first_is_named_and_all_are_counted() -> None:
    rows = np.array([5, 6, 7, 8])
    found = repeat("f.csv", "choix", msg("each choice once"), rows, str, of=np.array([1, 1, 2, 2]))
    assert [problem.row for problem in found.problems] == [5, 7]
    assert found.rows.tolist() == rows.tolist()
    known = np.array([True, False, False, False])
    found = repeat("f.csv", "choix", msg("each choice once"), rows, str, known, np.array([1, 1, 2, 2]))
    assert [problem.row for problem in found.problems] == [6, 7]
