"""What a slip of the pen makes of a figure, or of several: the cause that the search gives it, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from verify.explanations.natures import digits, names, natures
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    KINDS,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    VALID,
    VOTES,
)
from verify.rulebook.causes import causes

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
    for others in ([], [12345, 0]):  # however long the figures beside it are
        found = digits(np.array([was, *others]), np.array([becomes, *others]))
        assert names()[found[0]] == (slip or "figure-wrong")


def nature(kind: str, row: list[int], changes: Mapping[int, int]) -> tuple[str, int]:
    """The cause of one row and its cost."""
    right = [changes.get(column, value) for column, value in enumerate(row)]
    cause, cost = natures(np.array([KINDS.index(kind)]), np.array([row]), np.array([right]))
    return names()[cause[0]], int(cost[0])


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
    name, cost = nature(kind, row, changes)
    assert name == cause
    assert cost >= causes()[cause].cost - (cause == "ballots-moved") * causes()[cause].cost


def test_a_figure_that_no_hand_has_written_is_dearer_to_doubt() -> None:
    changes = {VOTES: 100}
    assert nature(EXPORT, changed(a=10), changes)[1] > nature(RECORD, changed(a=10), changes)[1]


def test_a_wrong_last_digit_is_dearer_than_another_one() -> None:
    assert nature(RECORD, changed(c=301), {VOTES + 2: 300})[1] > nature(RECORD, changed(c=310), {VOTES + 2: 300})[1]


def test_whole_bundles_among_the_null_votes_are_cheaper_than_any_number() -> None:
    bundle = nature(RECORD, changed(null=100, valid=542), {NULL: 0, VALID: 642})
    other = nature(RECORD, changed(null=93, valid=549), {NULL: 0, VALID: 642})
    assert bundle[0] == other[0] == "ballots-moved"
    assert bundle[1] < other[1]


def test_each_further_figure_of_no_common_nature_costs_more() -> None:
    one = nature(RECORD, changed(a=137), {VOTES: 100})[1]
    two = nature(RECORD, changed(a=137, c=77), {VOTES: 100, VOTES + 2: 300})[1]
    assert two > one
