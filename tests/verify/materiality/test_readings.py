"""V503 against brute force: every selection of readings, every way of taking and giving, on small drawn contests."""

from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from regard.language import show
from tests.verify.materiality.contest_builder import Row, contest
from tests.verify.materiality.test_exact import ROUNDS, every_total_of
from verify.materiality import readings
from verify.materiality.contest import Bureaux, ContestCount
from verify.materiality.deduction import ContestVerdict
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, Threshold, Totals, decide, thresholds
from verify.materiality.reading_steps import reading_steps
from verify.materiality.readings import Option, ReadGroup, every_outcome


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


Crossed = tuple[Threshold, int, bool]
OF_LISTS = (ElectionKind.EUROPEAN, ElectionKind.MUNICIPAL_LISTS, ElectionKind.REGIONAL)


def by_brute_force(
    count: ContestCount, groups: list[ReadGroup]
) -> tuple[dict[ContestOutcome, int], int, dict[Crossed, int]]:
    """Every outcome, the fewest readings that leave the first only, and sides of thresholds, each with its readings."""
    found: dict[ContestOutcome, int] = {}
    sides: dict[Crossed, int] = {}
    assert count.ballot is not None
    safe: int | None = None
    rows = as_rows(count.bureaux)
    for selection in product(*(group.options for group in groups)):
        read = list(rows)
        for group, option in zip(groups, selection, strict=True):
            read[int(group.rows[0])] = as_rows(option.bureaux)[0]
        bureaux = contest(count.ballot.kind, read).bureaux
        many = len(frozenset[int]().union(*(option.readings for option in selection)))
        after = every_total_of(count, bureaux.totals(), bureaux)
        outcomes = {decide(count.ballot, totals) for totals in after}
        for totals in after:
            if not totals.valid:  # a share of no vote at all is no threshold
                reject()
            for side in sides_of(count.ballot, totals):
                sides[side] = min(many, sides.get(side, many))
        for outcome in outcomes:
            found[outcome] = min(many, found.get(outcome, many))
        if outcomes == {decide(count.ballot, count.totals)}:
            safe = many if safe is None else min(many, safe)
    return found, safe or 0, sides


def sides_of(ballot: Ballot, totals: Totals) -> set[Crossed]:
    """Each threshold and choice, and whether it has enough votes."""
    bars = thresholds(ballot, totals)
    if ballot.kind is ElectionKind.EUROPEAN:
        bars[Threshold.THREE_PERCENT] = -(-3 * totals.valid // 100)
    elif not ballot.final and not ballot.kind.several_names:
        bars[Threshold.TWENTIETH] = -(-totals.valid // 20)
    return {(bar, choice, votes >= least) for bar, least in bars.items() for choice, votes in enumerate(totals.votes)}


def holds(count: ContestCount, groups: list[ReadGroup], *, by_program: bool = False) -> None:
    """``by_program``: as selections were too many; the fewest readings that end a doubt are not looked for then."""
    with patch.object(readings, "MOST_SELECTIONS", 0 if by_program else readings.MOST_SELECTIONS):
        result = every_outcome(count, groups)
    expected, safe, sides = by_brute_force(count, groups)
    assert count.ballot is not None
    before = decide(count.ballot, count.totals)
    found = {each.outcome: len(each.readings) for each in result.others}
    expected.pop(before, None)
    if by_program and not result.complete and count.ballot.kind in OF_LISTS:  # too many: it says so
        assert found.keys() <= expected.keys()
        return
    assert result.complete
    assert found == expected
    assert len(result.safe) == safe or (by_program and (not result.safe or len(result.safe) > safe))
    before_sides = sides_of(count.ballot, count.totals)
    crossed = {(each.bar, each.choice, each.reaches): len(each.readings) for each in result.crossed}
    assert crossed == {
        side: many for side, many in sides.items() if side[0] in result.bars and side not in before_sides
    }
    assert result.verdict is (ContestVerdict.MATERIAL if expected else ContestVerdict.NOT_MATERIAL)


def steps_of(votes: tuple[int, ...], read: tuple[int, ...]) -> str:
    """The steps on a first round of 1,000 voters in which the votes of its one bureau can be read otherwise."""
    count, other = (contest(ElectionKind.LEGISLATIVE, [Row(each, registered=1000)]) for each in (votes, read))
    options = (Option(frozenset(), count.bureaux), Option(frozenset((0,)), other.bureaux))
    every = every_outcome(count, [ReadGroup(np.array([0]), options)])
    return " ".join(show("en", step) for step in reading_steps(count, ["the figure"], ["the figure"], every))


def test_a_threshold_that_is_crossed_is_named_with_what_it_gives() -> None:
    said = steps_of((400, 374, 126), (400, 374, 124))
    assert "With the figure, “C” can fall below this threshold: 12.5% of the roll (the right to stand in the" in said
    said = steps_of((440, 420, 44), (440, 420, 46))
    assert "or voters. With the figure, “C” can reach this threshold: 5% of the valid votes (the reimburse" in said
    assert "No choice comes above or below a threshold: absolute majority; " not in said
    said = steps_of((440, 420, 44), (440, 421, 44))
    assert "No choice comes above or below a threshold: absolute majority, a quarter of the roll, 12.5% of" in said


@pytest.mark.parametrize(
    ("stated", "verdict", "begins", "ends"),
    [
        ((500, 498), ContestVerdict.NOT_MATERIAL, "By these figures, elected: “A”. No other reading", "too."),
        (
            (500, 490),
            ContestVerdict.NOT_MATERIAL,
            "By these figures, elected: “A”. No other reading",
            "This is worked out with the certain corrections.",
        ),
        (
            (498, 500),
            ContestVerdict.MATERIAL,
            "The certain corrections change the outcome. No other reading",
            "With them: elected: “A”. Without them: elected: “B”.",
        ),
    ],
)
def test_certain_corrections_that_change_the_outcome_are_said_first(
    stated: tuple[int, ...], verdict: ContestVerdict, begins: str, ends: str
) -> None:
    count, written = (contest(ElectionKind.LEGISLATIVE, [Row(each)], round_=2) for each in ((500, 498), stated))
    every = every_outcome(count, [], written)
    assert every.verdict is verdict
    said = show("en", reading_steps(count, [], [], every)[-1])
    assert said.startswith(begins)
    assert said.endswith(ends)


@pytest.mark.parametrize(
    ("contests", "by_program"),
    [
        (5, False),
        pytest.param(800, False, marks=pytest.mark.check(400)),
        pytest.param(3, True, marks=pytest.mark.check(5)),
        pytest.param(40, True, marks=pytest.mark.check(250)),
    ],
)
@pytest.mark.parametrize(("kind", "round_"), ROUNDS)
def test_every_outcome_of_contests(kind: ElectionKind, round_: int, contests: int, by_program: bool) -> None:
    if by_program:
        pytest.importorskip("highspy", reason="no solver of integer programs for this Python")

    @settings(max_examples=contests)
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        holds(*data.draw(read_otherwise(kind, round_)), by_program=by_program)

    hold()


def test_a_reading_that_keeps_the_outcome_is_found_where_all_ways_without_it_are_too_many() -> None:
    """Seats are shared out: 3, 3 and 32 votes are taken from four lists in more ways than are looked at."""
    kind, votes = ElectionKind.MUNICIPAL_LISTS, (301, 161, 74, 72)
    rows = [Row((4602, 2541, 1101, 928)), Row(votes, gap=3), Row((303, 161, 74, 69), gap=3), Row(votes, gap=32)]
    count, read = (contest(kind, each, seats=35) for each in (rows, [*rows[:3], Row(votes)]))
    at = np.array([3])
    options = (Option(frozenset(), count.bureaux.some(at)), Option(frozenset((0,)), read.bureaux.some(at)))
    every = every_outcome(count, [ReadGroup(at, options)])
    assert every.verdict is ContestVerdict.MATERIAL
    assert every.others[0].readings == frozenset()
    assert every.safe == {0}


def test_a_ballot_that_only_one_candidate_can_lose_is_lost_in_a_program_too() -> None:
    pytest.importorskip("highspy", reason="no solver of integer programs for this Python")
    kind = ElectionKind.MUNICIPAL_CANDIDATES
    rows = [Row((1, 0), registered=1), Row((1, 0), gap=1, registered=1), Row((0, 2), registered=2)]
    count = contest(kind, rows, seats=2)
    read = [contest(kind, [row]).bureaux for row in (Row((2, 0), registered=1), Row((0, 0), registered=0))]
    ways = [
        (Option(frozenset(), count.bureaux.some(np.array([at]))), Option(frozenset((at,)), other))
        for at, other in enumerate(read)
    ]
    holds(count, [ReadGroup(np.array([at]), options) for at, options in enumerate(ways)], by_program=True)
