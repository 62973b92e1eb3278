"""What several bureaux say of one exchange, or of one slip of a column, is made one: `agreed`, by itself."""

from __future__ import annotations

from collections.abc import Sequence

from tests.verify.cases.plain_search import Bureau
from tests.verify.cases.test_search import tied
from verify.cases.agreed import agreed
from verify.cases.explanations import Explanation
from verify.cases.search import explain
from verify.explanations.moves import Move
from verify.explanations.side_by_side import FOUND, LIST, RECORD, SIGNATURES, VALID, Row
from verify.model.figures import MISSING

OF_LIST, OF_RECORD = 0, 1


def rows(listed: int, counted: int) -> list[Row]:
    """The figures of one bureau: its sign-in list, and a PV that agrees with itself."""
    return [
        [MISSING, listed, MISSING, MISSING, MISSING, MISSING, MISSING],
        [MISSING, counted, counted, 0, 0, counted, MISSING],
    ]


def on_the_list(count: int, cost: int, cause: str = "bureaux-exchanged", group: str = "x") -> Move:
    """The sign-in list should have that count."""
    return Move(cause, OF_LIST, ((SIGNATURES, count),), (), cost, group)


def in_the_record(count: int, cost: int, group: str = "x") -> Move:
    """The PV should have it."""
    changes = tuple((column, count) for column in (SIGNATURES, FOUND, VALID))
    return Move("bureaux-exchanged", OF_RECORD, changes, (), cost, group)


Hints = dict[int, list[Move]]


class TownExplained:
    """Bureaux, and what explains each of them before and after they are made to agree."""

    def __init__(self, figures: Sequence[list[Row]], hints: Hints) -> None:
        nothing = {"mentioned": False, "by_machine": False, "apart": False}
        ties, values = tied([Bureau((LIST, RECORD), each, 0, 0, **nothing) for each in figures])
        self.before = explain(ties, values, hints)
        self.after = agreed(ties, values, self.before, hints).explanations


def told(found: Sequence[Explanation]) -> list[list[tuple[str, int, str]]]:
    """Cause, piece and group of what explains each bureau."""
    return [[(move.cause, move.piece, move.group) for move in each.moves] for each in found]


def test_an_exchange_is_in_one_piece_the_later_one_if_both_would_do() -> None:
    hints = {0: [on_the_list(812, 1), in_the_record(700, 2)], 1: [on_the_list(700, 2), in_the_record(812, 1)]}
    town = TownExplained([rows(700, 812), rows(812, 700)], hints)
    assert told(town.before) == [[("bureaux-exchanged", OF_LIST, "x")], [("bureaux-exchanged", OF_RECORD, "x")]]
    assert told(town.after) == [[("bureaux-exchanged", OF_RECORD, "x")]] * 2
    assert town.after[1] is town.before[1]


def test_what_all_say_alike_stays_as_it_is() -> None:
    town = TownExplained([rows(700, 812), rows(812, 700)], {0: [on_the_list(812, 1)], 1: [on_the_list(700, 1)]})
    assert all(one is other for one, other in zip(town.after, town.before, strict=True))


def test_groups_are_each_by_themselves() -> None:
    one, other = [on_the_list(812, 1, group="x")], [in_the_record(812, 1, group="y")]
    town = TownExplained([rows(700, 812), rows(812, 700)] * 2, {0: one, 1: other, 2: one, 3: other})
    assert {each[0][2] for each in told(town.before)} == {"x", "y"}
    assert all(one is other for one, other in zip(town.after, town.before, strict=True))


def test_what_only_one_bureau_has_is_neither_an_exchange_nor_a_slip() -> None:
    for cause in ("bureaux-exchanged", "column-slipped"):
        town = TownExplained([rows(700, 812)], {0: [on_the_list(812, 1, cause)]})
        assert told(town.before) == [[(cause, OF_LIST, "x")]]
        assert cause not in [move.cause for move in town.after[0].moves]
        assert town.after == TownExplained([rows(700, 812)], {}).before


def test_another_cause_of_a_group_needs_no_second_bureau() -> None:
    town = TownExplained([rows(700, 812)], {0: [on_the_list(812, 1, "row-of-another")]})
    assert town.after[0] is town.before[0]


def test_a_slip_that_is_alone_may_be_half_of_an_exchange() -> None:
    slip = on_the_list(812, 1, "column-slipped", "s")
    hints = {0: [slip, on_the_list(812, 2)], 1: [on_the_list(700, 1)]}
    town = TownExplained([rows(700, 812), rows(812, 700)], hints)
    assert told(town.before) == [[("column-slipped", OF_LIST, "s")], [("bureaux-exchanged", OF_LIST, "x")]]
    assert told(town.after) == [[("bureaux-exchanged", OF_LIST, "x")]] * 2
