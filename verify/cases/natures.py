"""How a figure that stands in a document relates to the one that belongs there: what a slip of the pen makes of it.

Some changes of one piece are one slip: two digits exchanged, two lines, a column. Such a nature has a cause, and the
cause its cost; changes that are of no known nature cost as much as that many wrong figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import eq

from verify.cases.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    URN,
    VALID,
    VOTES,
    Row,
)
from verify.rulebook.causes import causes

Changes = Mapping[int, int]
"""By column, what should stand there."""
FURTHER_FIGURE = 6
"""What each further wrong figure costs, where several are of no common nature."""
LAST_DIGIT = 2
"""What it costs more to say that the last digit is wrong: any small difference looks like that."""
A_BUNDLE = 3
"""What it costs less to say that votes were counted as null ones, where they are whole bundles of a hundred."""
NOT_WRITTEN = {URN: 4, EXPORT: 4, UNIVERSE: 3}
"""What it costs more to say that a figure is wrong which no hand has written, or that the official list is."""
_LEAST_LINES = 3
"""Choices from which on votes can be seen to have moved by a line."""


def nature(kind: str, row: Row, changes: Changes) -> tuple[str, int]:
    """The cause that makes the figures of a piece what they are, when they should be others; and its cost.

    Args:
        kind: of the piece.
        row: its figures as they stand.
        changes: what should stand there instead, one column at least.
    """
    name = _of_one(kind, row, *next(iter(changes.items()))) if len(changes) == 1 else _of_several(kind, row, changes)
    cost = causes()[name].cost
    if kind in NOT_WRITTEN and not (kind == EXPORT and set(changes) == {REGISTERED}):
        cost += NOT_WRITTEN[kind]
    if name == "figure-wrong":
        cost += FURTHER_FIGURE * (len(changes) - 1)
    elif name == "digit-wrong" and _is_last_digit(row, changes):
        cost += LAST_DIGIT
    elif name == "ballots-moved" and _is_a_bundle(row, changes):
        cost -= A_BUNDLE
    return name, cost


def _is_last_digit(row: Row, changes: Changes) -> bool:
    column, becomes = next(iter(changes.items()))
    return row[column] // 10 == becomes // 10


def _is_a_bundle(row: Row, changes: Changes) -> bool:
    if changes.get(NULL, row[NULL]) >= row[NULL]:
        return False
    return all((row[column] - becomes) % _BUNDLE == 0 for column, becomes in changes.items())


_BUNDLE = 100
"""Ballots that are counted together (code électoral, art. L. 65)."""


def _of_one(kind: str, row: Row, column: int, becomes: int) -> str:
    was = row[column]
    if column == FOUND and was == row[SIGNATURES] and kind == RECORD:
        return "found-from-signatures"
    if column == SIGNATURES and was == row[FOUND] and kind == RECAP:
        return "gap-corrected"
    if column == REGISTERED and was != row[FOUND]:  # rolls move by some voters, and a form has room for a digit less
        return "digit-lost" if was == becomes // 10 else "registered-differ"
    if column < VOTES and was > 0 and row[:VOTES].count(was) > 1:
        return "figure-of-another-line"
    if was == 0 and becomes > _UNITS:
        return "zero-for-missing"
    return digits(was, becomes) or "figure-wrong"


_UNITS = 9


def digits(was: int, becomes: int) -> str:
    """The slip in the digits of a figure, as the name of its cause; empty where there is none.

    One digit exchanged for its neighbour, one that is another, one too many or too few.
    """
    if was < 0 or becomes < 0:
        return ""
    here, there = str(was), str(becomes)
    if len(here) == len(there):
        same = list(map(eq, here, there))
        differing = same.count(False)
        first = same.index(False) if differing else 0
        if differing == 2 and here[first : first + 2] == there[first + 1] + there[first]:
            return "digits-exchanged"
        return "digit-wrong" if differing == 1 else ""
    if len(here) == len(there) + 1 and len(there) > 1:
        return "digit-doubled" if any(here[:at] + here[at + 1 :] == there for at in range(len(here))) else ""
    if len(here) == len(there) - 1:
        return "digit-lost" if any(there[:at] + there[at + 1 :] == here for at in range(len(there))) else ""
    return ""


def _of_several(kind: str, row: Row, changes: Changes) -> str:
    columns = sorted(changes)
    by = {column: changes[column] - row[column] for column in columns}
    if len(columns) == 2:
        one, other = columns
        if changes[one] == row[other] and changes[other] == row[one]:
            if columns == [BLANK, NULL]:
                return "blank-null-exchanged"
            return "choices-exchanged" if one >= VOTES else "figures-exchanged"
        if columns == [FOUND, NULL] and by[one] == by[other] < 0 and row[FOUND] == row[SIGNATURES]:
            return "gap-as-nulls"
        if by[one] == -by[other] and not {one, other} & {REGISTERED, SIGNATURES}:
            return "ballots-moved"
    if all(row[column] == 0 for column in columns) and kind == PUBLISHED:
        return "row-of-zeros"
    if columns[0] >= VOTES and len(columns) >= _LEAST_LINES and _moved_by_a_line(row, changes):
        return "lines-shifted"
    if _adds_up_as_before(row, changes) and len({abs(value) for value in by.values()}) == 1:
        return "amended"
    return "figure-wrong"


def _moved_by_a_line(row: Row, changes: Changes) -> bool:
    here = [each for each in row[VOTES:] if each >= 0]
    there = [changes.get(VOTES + at, each) for at, each in enumerate(here)]
    return here[1:] == there[:-1] or here[:-1] == there[1:]


def _adds_up_as_before(row: Row, changes: Changes) -> bool:
    """Whether the figures of a piece make up its votes found, as they stand and as they should."""
    return _adds_up(row) and _adds_up([changes.get(column, value) for column, value in enumerate(row)])


def _adds_up(row: Row) -> bool:
    parts = [row[column] for column in (FOUND, BLANK, NULL, VALID)]
    votes = [value for value in row[VOTES:] if value >= 0]
    if min(parts) < 0 or parts[0] != sum(parts[1:]):
        return False
    return not votes or sum(votes) == parts[3]
