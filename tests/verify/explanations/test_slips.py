"""Operations on one figure and on several of a row, by the names of their causes."""

from collections.abc import Mapping

import pytest

from verify.explanations.rows import nature
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    VALID,
    VOTES,
)
from verify.explanations.slips import CHEAPEST, WRONG, cost_of, digits, gap_cost, gap_slip, slip_cost

ROW = [900, 662, 662, 20, 0, 642, 100, 200, 300, 42]
"""Registered, signatures, votes found, blank, null, valid, and the votes for four choices."""


@pytest.mark.parametrize(
    ("was", "becomes", "slip"),
    [
        (626, 662, "digits-exchanged"),
        (662, 626, "digits-exchanged"),
        (1, 10, "digit-lost"),
        (57, 507, "digit-lost"),
        (607, 697, "digit-wrong"),
        (6622, 662, "digit-doubled"),
        (62, 662, "digit-lost"),
        (9, 19, "digit-lost"),
        (262, 622, "digits-exchanged"),
        (266, 662, ""),
        (662, 662, ""),
        (19, 20, ""),
        (-1, 5, ""),
        (0, 7, "digit-wrong"),
        (0, 50, "digit-lost"),
        (50, 0, ""),
        (268435455, 268435545, "digits-exchanged"),
    ],
)
def test_the_slip_in_the_digits_of_a_figure(was: int, becomes: int, slip: str) -> None:
    assert digits(was, becomes) == (slip or "figure-wrong")


def changed(**figures: int) -> list[int]:
    """The row with some figures written otherwise."""
    names = ("registered", "signatures", "found", "blank", "null", "valid", "a", "b", "c", "d")
    return [figures.get(name, value) for name, value in zip(names, ROW, strict=True)]


@pytest.mark.parametrize(
    ("kind", "row", "changes", "cause"),
    [
        (RECORD, changed(found=626), {FOUND: 662}, "digits-exchanged"),
        (RECORD, changed(found=660, signatures=660), {FOUND: 662}, "found-from-signatures"),
        (RECAP, changed(signatures=662), {SIGNATURES: 665}, "gap-corrected"),
        (RECORD, changed(registered=902), {REGISTERED: 900}, "registered-differ"),
        (PUBLISHED, changed(registered=662), {REGISTERED: 900}, "figure-of-another-line"),
        (EXPORT, changed(registered=90), {REGISTERED: 900}, "digit-lost"),
        (RECORD, changed(valid=0), {VALID: 642}, "zero-for-missing"),
        (RECORD, changed(a=137), {VOTES: 100}, "figure-wrong"),
        (RECORD, changed(blank=0, null=20), {BLANK: 20, NULL: 0}, "blank-null-exchanged"),
        (RECORD, changed(a=200, b=100), {VOTES: 100, VOTES + 1: 200}, "choices-exchanged"),
        (RECORD, changed(found=20, blank=662), {FOUND: 662, BLANK: 20}, "figures-exchanged"),
        (RECORD, changed(null=5, found=662), {NULL: 0, FOUND: 657}, "gap-as-nulls"),
        (RECORD, changed(null=100, valid=542), {NULL: 0, VALID: 642}, "ballots-moved"),
        (RECAP, changed(blank=30, found=672), {BLANK: 20, FOUND: 662}, "amended"),
        (
            RECORD,
            changed(a=100, b=100, c=200, d=300),
            {VOTES + 1: 200, VOTES + 2: 300, VOTES + 3: 42},
            "lines-shifted",
        ),
        (
            PUBLISHED,
            changed(found=0, blank=0, valid=0),
            {FOUND: 662, BLANK: 20, VALID: 642},
            "row-of-zeros",
        ),
        (RECORD, changed(a=13, c=77), {VOTES: 100, VOTES + 2: 300}, "figure-wrong"),
    ],
)
def test_the_cause_of_figures_that_should_read_otherwise(
    kind: str, row: list[int], changes: Mapping[int, int], cause: str
) -> None:
    assert nature(kind, row, changes) == cause


def test_votes_found_that_are_the_signatures_say_nothing_on_paper() -> None:
    row = changed(found=660, signatures=660)
    assert nature(RECORD, row, {FOUND: 662}, by_machine=False) == "digit-wrong"


def test_a_figure_that_no_hand_has_written_is_dearer_to_doubt() -> None:
    assert slip_cost(EXPORT, VOTES, "digit-lost", 10, 100) > slip_cost(RECORD, VOTES, "digit-lost", 10, 100)


def test_a_wrong_last_digit_is_dearer_than_another_one() -> None:
    assert slip_cost(RECORD, VOTES, "digit-wrong", 301, 300) > slip_cost(RECORD, VOTES, "digit-wrong", 310, 300)


def test_a_gap_costs_more_each_time_that_it_is_twice_as_large() -> None:
    assert [gap_cost(gap) for gap in (0, 1, -1, 2, 3, 4, 100)] == [0, 20, 20, 40, 40, 60, 140]


@pytest.mark.parametrize(
    ("was", "becomes", "other", "more"),
    [
        (1200, 1002, 1002, 20),  # two digits exchanged, however far from each other
        (843, 834, 834, None),  # so small a gap may be a real one
        (155, 955, 955, 50),
        (155, 955, 956, 50),
        (15, 95, 96, None),  # of so few any two look like that
        (155, 958, 958, None),
        (757, 857, 857, None),
    ],
)
def test_a_gap_alone_shows_a_slip_where_it_can_be_no_real_one(
    was: int, becomes: int, other: int, more: int | None
) -> None:
    assert gap_slip(was, becomes, other) == more


def test_only_slips_in_counts_of_voters_cost_less_than_the_bound_of_the_search() -> None:
    of_voters = {"found-from-signatures", "gap-corrected"}
    others = {"digits-exchanged", "digit-wrong", "digit-doubled", "digit-lost", "zero-for-missing", WRONG}
    others |= {"figure-of-another-line", "registered-differ"}
    assert all(cost_of(cause) >= CHEAPEST for cause in others)
    assert all(cost_of(cause) < CHEAPEST for cause in of_voters)
