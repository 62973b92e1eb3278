"""The verdict against brute force on tiny contests; bureaux taken out whole; and the words that name an election."""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regard.language import show
from regard.letters.law import election_of
from tests.verify.materiality.contest_builder import Row, contest
from tests.verify.night_builder import codes_of, findings
from tests.verify.rules.test_v import elects
from verify import audit
from verify.materiality import readings
from verify.materiality.annulment import annul, annulment_steps
from verify.materiality.contest import BureauNames, Bureaux, ContestCount
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.kinds import WORDS, ElectionKind, election_word, kind_of
from verify.materiality.outcome import ContestOutcome, Totals, decide
from verify.materiality.programs import is_solver_there

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


FEW = 8
MATERIAL, NOT = ContestVerdict.MATERIAL, ContestVerdict.NOT_MATERIAL
PRESIDENTIAL, LEGISLATIVE = ElectionKind.PRESIDENTIAL, ElectionKind.LEGISLATIVE


def annulled(kind: ElectionKind, rows: list[Row], round_: int = 1, seats: int | None = None) -> ContestCount:
    return contest(kind, rows, round_=round_, seats=seats)


def test_each_bureau_alone_and_all_together() -> None:
    rows = [Row((300, 200)), Row((120, 60), irregular=True), Row((70, 229), irregular=True)]
    count = annulled(PRESIDENTIAL, rows, round_=2)
    result = annul(count)
    assert result.outcome == ContestOutcome(elected=frozenset({0}))
    assert [removal.bureaux for removal in result.alone] == [("0002",)]
    assert [removal.changes for removal in result.together] == [False]
    assert result.verdict is MATERIAL
    begins = ("Bureaux: 3", "Bureaux with", "Outcome", "Without 0002, 0003", "Without 0002", "The outcome can change.")
    steps = [show("en", each) for each in annulment_steps(count, result)]
    assert [step.startswith(begin) for step, begin in zip(steps, begins, strict=True)] == [True] * len(begins)
    assert steps[-1] == "The outcome can change."
    single = annulled(PRESIDENTIAL, [Row((300, 200)), Row((120, 60), irregular=True)], round_=2)
    said = [show("en", each) for each in annulment_steps(single, annul(single))]
    assert sum(each.startswith("Without 0002") for each in said) == 1


def test_votes_of_the_winner_alone_are_enough_only_beyond_the_margin() -> None:
    tail = Row((200, 100))
    assert annul(annulled(PRESIDENTIAL, [tail, Row((99, 0), irregular=True)], 2)).verdict is NOT
    assert annul(annulled(PRESIDENTIAL, [Row((100, 200)), Row((101, 0), irregular=True)], 2)).verdict is MATERIAL
    assert annul(annulled(PRESIDENTIAL, [Row((101, 100)), Row((101, 0), irregular=True)], 2)).verdict is NOT


def test_the_roll_with_and_without_the_annulled_bureau() -> None:
    rows = [Row((300, 100), registered=1100), Row((50, 40), registered=200, irregular=True)]
    result = annul(annulled(LEGISLATIVE, rows))
    kept, gone = result.together
    assert (kept.totals.registered, kept.changes) == (1300, True)  # a quarter is 325
    assert (gone.totals.registered, gone.changes) == (1100, False)  # 275
    assert result.verdict is MATERIAL


def test_of_many_bureaux_the_smallest_selection_is_found_and_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    up, down = Row((30, 20), irregular=True), Row((20, 31), irregular=True)
    count = annulled(PRESIDENTIAL, [Row((130, 100)), *[up, down] * FEW], round_=2)
    result = annul(count)
    assert result.exhaustive == is_solver_there()
    assert not result.alone
    assert [removal.changes for removal in result.together] == [False]
    assert result.selection is not None
    assert result.selection.bureaux == ("0002", "0004", "0006")
    assert result.verdict is MATERIAL
    quiet = annulled(PRESIDENTIAL, [Row((230, 100)), *[up, down] * FEW], round_=2)
    assert (annul(quiet).verdict, annul(quiet).exhaustive) == (NOT, True)
    monkeypatch.setattr(readings, "is_solver_there", lambda: False)
    assert not annul(count).exhaustive
    assert annul(count).selection == result.selection


def test_a_selection_and_the_votes_beyond_signatures_of_the_others_in_one_sum() -> None:
    """A leads by 4, by 1 without 0002, by 6 without all four; two votes beyond signatures decide only without 0002."""
    irregular = [Row(votes, irregular=True) for votes in ((10, 7), (10, 15), (10, 10), (20, 20))]
    rows = [Row((106, 100), gap=2), *irregular]
    count = annulled(PRESIDENTIAL, rows, round_=2)
    assert deduct(count).verdict is NOT
    result = annul(count)
    assert not result.alone
    assert not any(removal.is_material for removal in result.together)
    assert result.selection is not None
    assert (result.selection.bureaux, result.selection.changes, result.selection.is_material) == (
        ("0002",),
        False,
        True,
    )
    steps = [show("en", each) for each in annulment_steps(count, result)]
    last = max(at for at, step in enumerate(steps) if step.startswith("Without 0002:"))
    assert steps[last + 1].startswith("In the same sum")
    assert steps[-1] == (
        "The outcome can change. Annulling alone changes nothing: it takes the votes beyond signatures or voters of "
        "the other bureaux as well."
    )


def test_where_not_every_selection_is_tried_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without 0002 A has the majority of 488 and no longer a quarter of the roll of 1,000."""
    monkeypatch.setattr(readings, "MOST_SELECTIONS", 1)
    monkeypatch.setattr(readings, "is_solver_there", lambda: False)
    rows = [
        Row((249, 230, 9), registered=1000),
        Row((2, 15, 15), registered=0, irregular=True),
        Row((0, 1, 0), registered=0, irregular=True),
    ]
    count = annulled(LEGISLATIVE, rows)
    result = annul(count)
    assert (result.verdict, result.exhaustive) == (NOT, False)
    assert any("Not every selection" in show("en", step) for step in annulment_steps(count, result))


def test_without_an_irregular_bureau_nothing_is_annulled() -> None:
    result = annul(contest(PRESIDENTIAL, [Row((3, 2))], round_=2))
    assert ([*result.bureaux], result.together, result.verdict) == ([], (), NOT)


def test_of_many_bureaux_those_that_keep_a_choice_from_its_majority() -> None:
    # 1,385 of 2,800; without the nine where A has 45 of 100 it is 980 of 1,900, though A leads there as well
    low, high = Row((45, 30, 25), irregular=True), Row((60, 20, 20), irregular=True)
    result = annul(annulled(PRESIDENTIAL, [Row((440, 300, 260)), *[low, high] * (FEW + 1)]))
    assert result.selection is not None
    assert result.selection.bureaux == ("0002", "0004", "0006", "0008")
    assert result.selection.outcome == ContestOutcome(elected=frozenset({0}))


def test_of_many_bureaux_those_whose_roll_keeps_a_choice_from_a_quarter_of_it() -> None:
    # 700 votes, 725 needed; without eight bureaux of low turnout and their roll 620, 525 needed
    low, high = (Row(votes, registered=100, irregular=True) for votes in ((10, 5), (40, 20)))
    result = annul(annulled(LEGISLATIVE, [Row((300, 100), registered=1300), *[low, high] * FEW]))
    assert result.outcome is not None
    assert not result.outcome.elected
    assert result.selection is not None
    assert (result.selection.roll_kept, len(result.selection.bureaux)) == (False, 2)
    assert result.selection.outcome == ContestOutcome(elected=frozenset({0}))


def test_of_many_bureaux_that_each_change_it_some_are_named() -> None:
    count = annulled(
        PRESIDENTIAL, [Row((300, 299)), *[Row((9, 0), irregular=True), Row((0, 9), irregular=True)] * 15], 2
    )
    steps = [show("en", step) for step in annulment_steps(count, annul(count))]
    assert sum(step.startswith("Without 00") and step.count("00") == 1 for step in steps) == 12
    assert "3 more bureaux each change the outcome when taken out alone." in steps


def test_seats_are_needed_for_lists() -> None:
    rows = [Row((600, 300)), Row((30, 20), irregular=True)]
    result = annul(annulled(ElectionKind.MUNICIPAL_LISTS, rows))
    assert (result.verdict, result.lacking) == (ContestVerdict.CANNOT_TELL, "seats")
    assert annul(annulled(ElectionKind.MUNICIPAL_LISTS, rows, seats=19)).verdict is NOT


def test_of_many_bureaux_those_that_keep_a_seat_where_it_is() -> None:
    # two seats: 305 / 2 against 180; without the nine bureaux where B gains on A, 269 / 2 against 126
    gain, loss = Row((6, 2), irregular=True), Row((4, 6), irregular=True)
    result = annul(annulled(ElectionKind.EUROPEAN, [Row((215, 108)), *[gain, loss] * (FEW + 1)], seats=2))
    assert result.outcome == ContestOutcome(seats=(1, 1))
    assert result.verdict is MATERIAL


def test_words_for_kinds() -> None:
    for word, kind in (
        ("presidentielle", ElectionKind.PRESIDENTIAL),
        ("Présidentielle", ElectionKind.PRESIDENTIAL),
        (" LÉGISLATIVES ", ElectionKind.LEGISLATIVE),
        ("européennes", ElectionKind.EUROPEAN),
        ("municipales-listes", ElectionKind.MUNICIPAL_LISTS),
        ("municipales  listes", ElectionKind.MUNICIPAL_LISTS),
        ("municipales", None),
        ("municipale", None),
        ("Municipales_Candidats", ElectionKind.MUNICIPAL_CANDIDATES),
        ("municipale listes", ElectionKind.MUNICIPAL_LISTS),
        ("Régionale", ElectionKind.REGIONAL),
        ("European", ElectionKind.EUROPEAN),
        ("sénatoriales", None),
        ("régionales-listes", None),
        ("", None),
        ("cantonales", None),
        ("\u0000", None),
    ):
        assert kind_of(word) is kind


def test_municipal_elections_are_by_lists_where_machines_are_and_everywhere_from_2026() -> None:
    assert kind_of("Municipales", machines=True) is ElectionKind.MUNICIPAL_LISTS
    assert kind_of("municipale", machines=True) is ElectionKind.MUNICIPAL_LISTS
    assert kind_of("cantonales", machines=True) is None
    assert [kind_of("municipales", year=year) for year in (2020, 2026)] == [None, ElectionKind.MUNICIPAL_LISTS]
    assert set(WORDS.values()) == set(ElectionKind)


def test_both_commands_take_the_same_words() -> None:
    for word in (*WORDS, "municipale", "Sénatoriales", "", "cantonales", "européennes-listes"):
        named = election_word(word)
        assert election_of(word) == named
        assert kind_of(word, machines=True) is None or named is not None


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("municipal_liste", "expected one of {kinds}, found “municipal_liste”; the nearest is municipales_listes"),
        ("xyz", "expected one of {kinds}, found “xyz”"),
    ],
)
def test_a_word_that_names_no_election_is_a_finding(word: str, said: str) -> None:
    kinds = ", ".join(kind.value for kind in ElectionKind)
    result = audit.run(elects(word).load())
    [found] = findings(result, "I113")
    assert str(found.message) == f"election.toml, type: {said.format(kinds=kinds)}."


@pytest.mark.parametrize("word", ["municipale", "présidentielles", "sénatoriales", ""])
def test_a_word_for_an_election_is_none(word: str) -> None:
    assert "I113" not in codes_of(audit.run(elects(word).load()).findings)


def test_municipal_alone_on_paper_says_which_word_is_missing() -> None:
    night = elects("municipale")
    for row in night.tables["univers.csv"]:
        row["comptage"] = "papier"
    night.exports.clear()
    [found] = findings(night.run(), "V501")
    assert "were it lists or names that were voted on? Say it on the page" in str(found.message)


def test_bureaux_of_several_communes_are_called_by_a_name_that_is_of_one_of_them() -> None:
    commune, insee = ["Ay", "Ay", "Ham", "Ay", ""], ["01001", "01001", "01002", "02003", "02004"]
    bureau = np.array(["0001", "0002", "0001", "0001", "0001"])
    names = BureauNames(bureau, np.array(commune), np.array(insee))
    assert names.of(np.arange(5)) == ("01001 0001", "01001 0002", "Ham 0001", "02003 0001", "02004 0001")
    for shared in (frozenset({"Ay"}), frozenset({"Ham", "Ay"})):  # may be: of these bureaux one commune has it alone
        told = BureauNames(bureau, np.array(commune), np.array(insee), shared)
        assert told.of(np.arange(5)) == names.of(np.arange(5))
        assert BureauNames(bureau[:3], np.array(commune[:3]), np.array(insee[:3]), shared).of(np.arange(1)) == (
            "Ay 0001",
        )
    assert BureauNames(bureau).of(np.array([1, 4])) == ("0002", "0001")
