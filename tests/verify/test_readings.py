"""V503 against brute force: every selection of readings, every way of taking and giving, on small drawn contests."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify.contest_builder import Row, contest
from tests.verify.test_materiality_exact import ROUNDS, every_outcome_of
from verify.materiality.contest import Bureaux, ContestCount
from verify.materiality.deduction import ContestVerdict
from verify.materiality.kinds import ElectionKind
from verify.materiality.outcome import ContestOutcome, decide
from verify.materiality.readings import Option, ReadGroup, every_outcome

Made = frozenset[int]


def as_rows(bureaux: Bureaux) -> list[Row]:
    return [
        Row(
            tuple(bureaux.votes[at].tolist()),
            gap=int(bureaux.gap[at]),
            registered=int(bureaux.registered[at]),
            valid=int(bureaux.valid[at]),
            kept_out=int(bureaux.kept_out[at]),
        )
        for at in range(len(bureaux))
    ]


@st.composite
def read_otherwise(
    draw: st.DrawFn, kind: ElectionKind, round_: int, most: int = 8
) -> tuple[ContestCount, list[ReadGroup]]:
    """A contest, and up to four readings of its bureaux, each by itself or two of one bureau."""
    choices, size = draw(st.integers(1, 4)), draw(st.integers(1, 6))

    def row(roll: int | None = None) -> Row:
        votes = tuple(draw(st.lists(st.integers(0, most), min_size=choices, max_size=choices)))
        valid = draw(st.integers(max(votes), sum(votes))) if kind.several_names else sum(votes)
        registered = valid + draw(st.integers(0, 3 * valid)) if roll is None else roll
        gap, kept_out = draw(st.sampled_from((0, 0, -1, 1, 2))), draw(st.sampled_from((0, 0, 0, 0, 1)))
        return Row(votes, gap, registered, valid, kept_out=kept_out)

    count = contest(kind, [row() for _ in range(size)], round_=round_, seats=draw(st.integers(1, 7)))
    groups, number = [], 0
    for at in draw(st.permutations(range(size)))[:4]:
        rows = np.array([at])
        options = [Option(frozenset(), count.bureaux.some(rows))]
        for made in draw(st.sampled_from(([[0]], [[0], [0]], [[0], [1], [0, 1]]))):
            other = contest(kind, [row(int(count.bureaux.registered[at]))], round_=round_).bureaux
            options.append(Option(frozenset(number + each for each in made), other))
        number = max((each for option in options for each in option.readings), default=number - 1) + 1
        if number > 4:
            break
        groups.append(ReadGroup(rows, tuple(options)))
    return count, groups


def by_brute_force(count: ContestCount, groups: list[ReadGroup]) -> tuple[dict[ContestOutcome, int], int]:
    """Every outcome, with the number of readings that it takes, and the fewest that leave the first one only."""
    found: dict[ContestOutcome, int] = {}
    assert count.ballot is not None
    safe: int | None = None
    rows = as_rows(count.bureaux)
    for selection in product(*(group.options for group in groups)):
        read = list(rows)
        for group, option in zip(groups, selection, strict=True):
            read[int(group.rows[0])] = as_rows(option.bureaux)[0]
        bureaux = contest(count.ballot.kind, read).bureaux
        many = len(frozenset[int]().union(*(option.readings for option in selection)))
        outcomes = every_outcome_of(count, bureaux.totals(), bureaux)
        for outcome in outcomes:
            found[outcome] = min(many, found.get(outcome, many))
        if outcomes == {decide(count.ballot, count.totals)}:
            safe = many if safe is None else min(many, safe)
    return found, safe or 0


def holds(count: ContestCount, groups: list[ReadGroup]) -> None:
    (expected, safe), result = by_brute_force(count, groups), every_outcome(count, groups)
    assert count.ballot is not None
    before = decide(count.ballot, count.totals)
    assert result.complete
    found = {each.outcome: len(each.readings) for each in result.others}
    expected.pop(before, None)
    assert found == expected
    assert len(result.safe) == safe
    assert result.verdict is (ContestVerdict.MATERIAL if expected else ContestVerdict.NOT_MATERIAL)


@pytest.mark.parametrize(("kind", "round_"), ROUNDS)
@settings(max_examples=15)
@given(data=st.data())
def test_every_outcome_of_a_few_contests(kind: ElectionKind, round_: int, data: st.DataObject) -> None:
    holds(*data.draw(read_otherwise(kind, round_)))


@pytest.mark.check(400)
@pytest.mark.parametrize(("kind", "round_"), ROUNDS)
@settings(max_examples=800)
@given(data=st.data())
def test_every_outcome_of_ten_thousand_contests(kind: ElectionKind, round_: int, data: st.DataObject) -> None:
    holds(*data.draw(read_otherwise(kind, round_)))
