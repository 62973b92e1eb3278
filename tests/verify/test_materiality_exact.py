"""The verdict against brute force: every way of taking the excess, every selection of bureaux, on tiny contests.

Signatures that turn negative (more excess than votes in a bureau) are tried on purpose: input may hold anything.
"""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify.contest_builder import Row, contest
from verify.materiality.annulment import annul
from verify.materiality.contest import ContestCount
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.kinds import ElectionKind
from verify.materiality.outcome import Totals, decide

ROUNDS = [(kind, round_) for kind in ElectionKind for round_ in range(1, kind.rounds + 1)]
Losses = tuple[int, ...]


def ways_of_one(votes: tuple[int, ...], valid: int, excess: int, several: bool) -> Iterator[Losses]:
    """Every way in which ballots can leave one bureau, told by what each choice loses."""
    leaving = min(excess, valid)
    ranges = []
    for count in votes:
        least = max(0, leaving - (valid - count)) if several else 0
        ranges.append(range(least, min(leaving, count) + 1))
    for losses in product(*ranges):
        if several or sum(losses) == leaving:
            yield losses


def every_way(count: ContestCount, several: bool) -> set[Losses]:
    ways: set[Losses] = {tuple([0] * len(count.choices))}
    bureaux = count.bureaux
    for row in range(len(bureaux)):
        votes = tuple(bureaux.votes[row].tolist())
        of_row = list(ways_of_one(votes, int(bureaux.valid[row]), int(bureaux.excess[row]), several))
        ways = {tuple(map(sum, zip(done, more, strict=True))) for done in ways for more in of_row}
    return ways


@st.composite
def contests(draw: st.DrawFn, kind: ElectionKind, round_: int, most: int = 9) -> ContestCount:
    choices = draw(st.integers(1, 4))
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        votes = tuple(draw(st.lists(st.integers(0, most), min_size=choices, max_size=choices)))
        valid = draw(st.integers(max(votes), sum(votes))) if kind.several_names else None
        polled = sum(votes) if valid is None else valid
        rows.append(
            Row(
                votes,
                gap=draw(st.integers(-2, 3)),
                registered=polled + draw(st.integers(0, 3 * polled)),
                valid=valid,
                explained=draw(st.integers(0, 1)),
                contested=draw(st.integers(0, 1)),
                irregular=draw(st.booleans()),
            )
        )
    return contest(kind, rows, round_=round_, seats=draw(st.integers(1, 7)))


@pytest.mark.check(7)
@pytest.mark.parametrize(("kind", "round_"), ROUNDS)
@settings(max_examples=150)
@given(data=st.data())
def test_material_if_and_only_if_some_way_of_taking_them_changes_the_outcome(
    kind: ElectionKind, round_: int, data: st.DataObject
) -> None:
    count = data.draw(contests(kind, round_))
    assert count.ballot is not None
    before = decide(count.ballot, count.totals)
    excess = np.minimum(count.bureaux.excess, count.bureaux.valid)
    valid = count.totals.valid - int(excess.sum())
    changing = [
        losses
        for losses in every_way(count, kind.several_names)
        if decide(
            count.ballot,
            Totals(
                count.totals.registered,
                valid,
                tuple(votes - loss for votes, loss in zip(count.totals.votes, losses, strict=True)),
            ),
        )
        != before
    ]
    result = deduct(count)
    assert result.verdict is (ContestVerdict.MATERIAL if changing else ContestVerdict.NOT_MATERIAL), changing
    every = every_way(count, kind.several_names)
    assert all(trial.losses in every for trial in result.trials)


@pytest.mark.check(3)
@pytest.mark.parametrize(("kind", "round_"), ROUNDS)
@settings(max_examples=60)
@given(data=st.data())
def test_annulling_changes_something_if_and_only_if_some_selection_of_few_bureaux_does(
    kind: ElectionKind, round_: int, data: st.DataObject
) -> None:
    count = data.draw(contests(kind, round_))
    assert count.ballot is not None
    before = decide(count.ballot, count.totals)
    rows = np.flatnonzero(count.bureaux.irregular).tolist()
    changes = False
    for size in range(1, len(rows) + 1):
        for gone in combinations(rows, size):
            for roll_kept in (True, False):
                left = [row for row in range(len(count.bureaux)) if row not in gone]
                on_roll = range(len(count.bureaux)) if roll_kept else left
                after = Totals(
                    sum(int(count.bureaux.registered[row]) for row in on_roll),
                    sum(int(count.bureaux.valid[row]) for row in left),
                    tuple(sum(int(count.bureaux.votes[row, c]) for row in left) for c in range(len(count.choices))),
                )
                changes = changes or decide(count.ballot, after) != before
    assert annul(count).verdict is (ContestVerdict.MATERIAL if changes else ContestVerdict.NOT_MATERIAL)
