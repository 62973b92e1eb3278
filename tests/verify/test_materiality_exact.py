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
from verify.materiality.contest import Bureaux, ContestCount
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.kinds import ElectionKind
from verify.materiality.outcome import ContestOutcome, Totals, decide

ROUNDS = [(kind, round_) for kind in ElectionKind for round_ in range(1, kind.rounds + 1)]
Losses = tuple[int, ...]


def ways_of_one(votes: tuple[int, ...], valid: int, excess: int, added: int, several: bool) -> Iterator[Losses]:
    """Every way in which ballots can leave one bureau and come to it, told by what each choice loses."""
    leaving = min(excess, valid)
    ranges = []
    for count in votes:
        least = max(0, leaving - (valid - count)) if several else 0
        ranges.append(range(least, min(leaving, count) + 1))
    gains = [way for way in product(range(added + 1), repeat=len(votes)) if several or sum(way) == added]
    for losses in product(*ranges):
        if several or sum(losses) == leaving:
            for gain in gains:
                yield tuple(loss - more for loss, more in zip(losses, gain, strict=True))


def every_way(bureaux: Bureaux, several: bool) -> set[Losses]:
    ways: set[Losses] = {tuple([0] * bureaux.votes.shape[1])}
    for row in range(len(bureaux)):
        votes = tuple(bureaux.votes[row].tolist())
        figures = int(bureaux.valid[row]), int(bureaux.excess[row]), int(bureaux.added[row])
        of_row = set(ways_of_one(votes, *figures, several))
        ways = {tuple(map(sum, zip(done, more, strict=True))) for done in ways for more in of_row}
    return ways


def every_total_of(count: ContestCount, totals: Totals, bureaux: Bureaux) -> set[Totals]:
    """The totals after every way of taking and giving in some bureaux."""
    assert count.ballot is not None
    valid = totals.valid - int(np.minimum(bureaux.excess, bureaux.valid).sum()) + int(bureaux.added.sum())
    return {
        Totals(totals.registered, valid, tuple(votes - loss for votes, loss in zip(totals.votes, losses, strict=True)))
        for losses in every_way(bureaux, count.ballot.kind.several_names)
    }


def every_outcome_of(count: ContestCount, totals: Totals, bureaux: Bureaux) -> set[ContestOutcome]:
    """The outcomes of every way of taking and giving in some bureaux."""
    assert count.ballot is not None
    return {decide(count.ballot, each) for each in every_total_of(count, totals, bureaux)}


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
                kept_out=draw(st.integers(0, 1)),
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
    changing = every_outcome_of(count, count.totals, count.bureaux) - {before}
    result = deduct(count)
    assert result.verdict is (ContestVerdict.MATERIAL if changing else ContestVerdict.NOT_MATERIAL), changing
    every = every_way(count.bureaux, kind.several_names)
    assert all(trial.losses in every for trial in result.trials)
    assert result.by_leader is None or result.added or result.by_leader.losses in every


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
    changes = in_one_sum = False
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
                stay = count.bureaux.some(np.array(left, np.int64))
                in_one_sum = in_one_sum or every_outcome_of(count, after, stay) != {before}
    result = annul(count)
    selected = [] if result.selection is None else [result.selection]
    assert changes == any(removal.changes for removal in (*result.alone, *result.together, *selected))
    for removal in result.together:  # in the same sum, what is taken and given in the others
        rest = every_outcome_of(count, removal.totals, count.bureaux.some(~count.bureaux.irregular))
        assert removal.is_material == (removal.changes or rest != {before})
    by_deduction = every_outcome_of(count, count.totals, count.bureaux) != {before}
    material = result.verdict is ContestVerdict.MATERIAL
    assert material == (changes or in_one_sum) or (by_deduction and not material)
    assert all(removal.is_material for removal in selected)
