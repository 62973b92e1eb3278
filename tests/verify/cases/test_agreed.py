"""What several bureaux say of one exchange, or of one slip of a column, is made one: `agreed`, by itself."""

from __future__ import annotations

from collections.abc import Sequence

from verify.cases.figures import Solved, agreed
from verify.cases.identities import Ties
from verify.cases.moves import Move
from verify.cases.search import explain
from verify.cases.side_by_side import FOUND, LIST, RECORD, SIGNATURES, VALID, Row
from verify.model.figures import MISSING

TIES = Ties(
    kinds=(LIST, RECORD),
    size=0,
    strange=0,
    pairs=((0, 1, (SIGNATURES,)),),
    signed=0,
    cast=1,
    mentioned=False,
    by_machine=False,
)
OF_LIST, OF_RECORD = 0, 1


def rows(listed: int, counted: int) -> list[Row]:
    """The figures of one bureau: its sign-in list, and a PV that agrees with itself."""
    return [
        [MISSING, listed, MISSING, MISSING, MISSING, MISSING],
        [MISSING, counted, counted, 0, 0, counted],
    ]


def on_the_list(count: int, cost: int, cause: str = "bureaux-exchanged", group: str = "x") -> Move:
    """The sign-in list should have that count."""
    return Move(cause, OF_LIST, ((SIGNATURES, count),), (), cost, group)


def in_the_record(count: int, cost: int, group: str = "x") -> Move:
    """The PV should have it."""
    changes = tuple((column, count) for column in (SIGNATURES, FOUND, VALID))
    return Move("bureaux-exchanged", OF_RECORD, changes, (), cost, group)


def solved(at: int, figures: list[Row], hints: Sequence[Move]) -> Solved:
    return Solved(at, TIES, figures, explain(TIES, figures, hints), doubtful=False)


def told(found: Sequence[Solved]) -> list[list[tuple[str, int, str]]]:
    """Cause, piece and group of what explains each bureau."""
    return [[(move.cause, move.piece, move.group) for move in each.explanation.moves] for each in found]


def test_an_exchange_is_in_one_piece_the_later_one_if_both_would_do() -> None:
    hints = {0: [on_the_list(812, 1), in_the_record(700, 2)], 1: [on_the_list(700, 2), in_the_record(812, 1)]}
    before = [solved(0, rows(700, 812), hints[0]), solved(1, rows(812, 700), hints[1])]
    assert told(before) == [[("bureaux-exchanged", OF_LIST, "x")], [("bureaux-exchanged", OF_RECORD, "x")]]
    after = agreed(before, hints)
    assert told(after) == [[("bureaux-exchanged", OF_RECORD, "x")]] * 2
    assert after[1] is before[1]


def test_what_all_say_alike_stays_as_it_is() -> None:
    hints = {0: [on_the_list(812, 1)], 1: [on_the_list(700, 1)]}
    before = [solved(0, rows(700, 812), hints[0]), solved(1, rows(812, 700), hints[1])]
    assert all(one is other for one, other in zip(agreed(before, hints), before, strict=True))


def test_groups_are_each_by_themselves() -> None:
    hints = {0: [on_the_list(812, 1, group="x")], 1: [in_the_record(812, 1, group="y")]}
    before = [solved(0, rows(700, 812), hints[0]), solved(1, rows(812, 700), hints[1])]
    others = [solved(2, rows(700, 812), hints[0]), solved(3, rows(812, 700), hints[1])]
    every = [*before, *others]
    assert all(
        one is other for one, other in zip(agreed(every, {**hints, 2: hints[0], 3: hints[1]}), every, strict=True)
    )


def test_what_only_one_bureau_has_is_neither_an_exchange_nor_a_slip() -> None:
    for cause in ("bureaux-exchanged", "column-slipped"):
        hints = {0: [on_the_list(812, 1, cause)]}
        before = [solved(0, rows(700, 812), hints[0])]
        assert told(before) == [[(cause, OF_LIST, "x")]]
        [alone] = agreed(before, hints)
        assert cause not in [move.cause for move in alone.explanation.moves]
        assert alone.explanation == explain(TIES, rows(700, 812))


def test_another_cause_of_a_group_needs_no_second_bureau() -> None:
    hints = {0: [on_the_list(812, 1, "row-of-another")]}
    before = [solved(0, rows(700, 812), hints[0])]
    assert agreed(before, hints)[0] is before[0]


def test_a_slip_that_is_alone_may_be_half_of_an_exchange() -> None:
    slip = on_the_list(812, 1, "column-slipped", "s")
    hints = {0: [slip, on_the_list(812, 2)], 1: [on_the_list(700, 1)]}
    before = [solved(0, rows(700, 812), hints[0]), solved(1, rows(812, 700), hints[1])]
    assert told(before) == [[("column-slipped", OF_LIST, "s")], [("bureaux-exchanged", OF_LIST, "x")]]
    after = agreed(before, hints)
    assert told(after) == [[("bureaux-exchanged", OF_LIST, "x")]] * 2
