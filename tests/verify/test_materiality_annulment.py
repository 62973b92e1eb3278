"""Bureaux taken out whole: each alone, all together, and the selections that hurt most."""

import pytest

from regard.language import show
from tests.verify.contest_builder import Row, contest
from verify.materiality import readings
from verify.materiality.annulment import annul
from verify.materiality.annulment_steps import annulment_steps
from verify.materiality.contest import ContestCount
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.kinds import ElectionKind
from verify.materiality.outcome import ContestOutcome
from verify.materiality.programs import is_solver_there

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
    begins = ("Bureaux: 3", "Bureaux with", "Before", "Without 0002, 0003", "Without 0002", "The outcome can change.")
    steps = [show("en", each) for each in annulment_steps(count, result)]
    assert [step.startswith(begin) for step, begin in zip(steps, begins, strict=True)] == [True] * len(begins)


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
