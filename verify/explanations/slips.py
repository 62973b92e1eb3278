"""Slips of the pen in one figure: the operations that make one number of another, and what each costs in decibans."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from verify.explanations.side_by_side import (
    EXPORT,
    FOUND,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    URN,
    VOTES,
)
from verify.model.figures import Ints
from verify.rulebook.causes import causes

WRONG = "figure-wrong"
"""The operation that makes any figure of any other."""
LAST_DIGIT = 20
"""Extra cost of a wrong last digit: any small difference looks like that."""
NOT_WRITTEN = {URN: 40, EXPORT: 40, UNIVERSE: 30}
"""Extra cost of a figure that no hand has written, or that is the official list's."""
CHEAPEST = 50
"""No slip in a figure costs less but one in the counts of voters."""
_UNITS = 9


@cache
def cost_of(cause: str) -> int:
    """The cost of an operation by its name."""
    return causes()[cause].cost


@cache
def digits(was: int, becomes: int) -> str:
    """The slip in the digits of a figure by the name of its cause; `WRONG` where there is none.

    One digit exchanged for its neighbour, one that is another, one too many or too few.
    """
    if was < 0 or becomes < 0:
        return WRONG
    here, there = str(was), str(becomes)
    unlike = [at for at, (one, other) in enumerate(zip(here, there, strict=False)) if one != other]
    if len(here) == len(there):
        if len(unlike) == 2 and unlike[1] == unlike[0] + 1 and _crossed(here, there, unlike):
            return "digits-exchanged"
        return "digit-wrong" if len(unlike) == 1 else WRONG
    if len(here) == len(there) + 1 and len(there) > 1 and _is_with_one_less(here, there):
        return "digit-doubled"
    return "digit-lost" if len(there) == len(here) + 1 and _is_with_one_less(there, here) else WRONG


def _crossed(here: str, there: str, unlike: Sequence[int]) -> bool:
    one, other = unlike
    return here[one] == there[other] and here[other] == there[one]


def _is_with_one_less(longer: str, shorter: str) -> bool:
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def exchanged(was: int, becomes: int) -> bool:
    """Check that two digits of a figure have changed places, side by side or not."""
    here, there = str(was), str(becomes)
    unlike = [at for at, (one, other) in enumerate(zip(here, there, strict=False)) if one != other]
    return min(was, becomes) >= 0 and len(here) == len(there) and len(unlike) == 2 and _crossed(here, there, unlike)


def slip(kind: str, row: Sequence[int], column: int, becomes: int, *, by_machine: bool) -> str:
    """The operation that makes a figure of a row what it is, by the name of its cause.

    Args:
        kind: of the piece.
        row: its figures as they stand.
        column: of the figure.
        becomes: what should stand there.
        by_machine: whether all votes were on a machine.
    """
    was, alike = row[column], row[FOUND] == row[SIGNATURES]
    if alike and column == FOUND and kind == RECORD:
        return "found-from-signatures" if by_machine else digits(was, becomes)
    if alike and column == SIGNATURES and kind == RECAP:
        return "gap-corrected"
    if column == REGISTERED and was != row[FOUND]:  # rolls move by some voters, and a form has room for a digit less
        return "digit-lost" if was == becomes // 10 else "registered-differ"
    if column < VOTES and was > 0 and sum(each == was for each in row[:VOTES]) > 1:
        return "figure-of-another-line"
    if column in (SIGNATURES, FOUND) and exchanged(was, becomes):  # so few figures that any two digits tell
        return "digits-exchanged"
    if was == 0 and becomes > _UNITS:
        return "zero-for-missing"
    of_digits = digits(was, becomes)
    of_another = of_digits == WRONG and column >= VOTES and was > 0 and sum(each == was for each in row[VOTES:]) > 1
    return "figure-of-another-line" if of_another else of_digits


def slip_cost(kind: str, column: int, cause: str, was: int, becomes: int) -> int:
    """Cost of an operation that made a figure of a piece another one."""
    last = LAST_DIGIT if cause == "digit-wrong" and was // 10 == becomes // 10 else 0
    return cost_of(cause) + last + (0 if column == REGISTERED and kind == EXPORT else NOT_WRITTEN.get(kind, 0))


# --- Gaps ---

LEAST_GAP, TWICE_THE_GAP = 20, 20
"""Of a gap of one vote, and by how much more one of twice as many costs: most real gaps are of one or two votes."""
_PART_OF_ALL = 4
"""A gap of a fourth of all voters, or more, is no real one."""
_PART_OF_AN_EXCHANGE = 50
"""One of a fiftieth is none either where it is that of two digits that have changed places: few are that by chance."""
_DOUBTFUL_GAP, _DOUBTFUL_DIGIT = 20, 50
"""Extra cost of explaining a gap by a slip of the pen, or by one wrong digit, that nothing else shows."""
_LEAST_BESIDE = 100
"""Votes and signatures from which on a slip is looked for that leaves a gap: of few, any two look like that."""
SMALL = 9
"""A gap below it is told as a gap, without a look at what could make it."""
SMALL_GAPS = (0, 1, -1, 2, -2)
"""Gaps that may remain beside a slip."""


def gap_cost(gap: int) -> int:
    """Cost of a difference of so many between votes and signatures; nothing where they do not differ."""
    return LEAST_GAP + TWICE_THE_GAP * (abs(gap).bit_length() - 1) if gap else 0


def gap_costs(gaps: Ints) -> Ints:
    """The same of many gaps."""
    bits = np.searchsorted(_POWERS, np.abs(gaps), side="right")
    return np.where(gaps == 0, 0, LEAST_GAP + TWICE_THE_GAP * (bits - 1))


_POWERS = 2 ** np.arange(62, dtype=np.int64)


def gap_slip(was: int, becomes: int, other: int) -> int | None:
    """Extra cost of a slip in a count of voters that only a gap shows; None where it cannot be said.

    Args:
        was: the count as it stands.
        becomes: as it should read.
        other: the other count of voters.
    """
    gap, most, kind = abs(was - other), max(was, other), digits(was, becomes)
    if becomes == other and exchanged(was, becomes) and _PART_OF_AN_EXCHANGE * gap >= most:
        return _DOUBTFUL_GAP
    if _PART_OF_ALL * gap < most or kind == WRONG:
        return None
    if becomes != other and (min(was, other) < _LEAST_BESIDE or kind not in ("digit-wrong", "digits-exchanged")):
        return None
    return _DOUBTFUL_DIGIT if kind == "digit-wrong" else _DOUBTFUL_GAP
