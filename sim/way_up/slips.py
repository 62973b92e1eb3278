"""Slips of who types a figure: one digit wrong, two digits exchanged."""

from __future__ import annotations

import numpy as np

from protocol.quantities import VOTERS, Quantity
from sim.way_up.model import VOTES, Ascent

_TYPED = tuple(VOTERS.index(each) for each in (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID))
"""Counts in which digits are mistyped: rolls change between sources without a slip."""
_REGISTERED, _FOUND = VOTERS.index(Quantity.REGISTERED), VOTERS.index(Quantity.VOTES_FOUND)
_LEAST = 10
"""Figures that are mistyped have two digits at least."""


def _column(way: Ascent, unit: int, random: np.random.Generator) -> int:
    """A figure to be mistyped, -1 for none."""
    row = way.start[unit]
    able = [column for column in (*_TYPED, *range(VOTES, len(row))) if row[column] >= _LEAST]
    return int(random.choice(able)) if able else -1


def wrong_digit(way: Ascent, unit: int, random: np.random.Generator) -> tuple[int, int]:
    """A column, and its figure with one digit wrong, which no other figure of the row is. -1 where there is none."""
    column = _column(way, unit, random)
    if column < 0:
        return -1, 0
    digits = list(str(way.start[unit, column]))
    others = set(way.start[unit].tolist())
    for place in random.permutation(len(digits)).tolist():
        for digit in random.permutation(10).tolist():
            typed = int("".join([*digits[:place], str(digit), *digits[place + 1 :]]))
            if typed not in others and len(str(typed)) == len(digits) and _is_accepted(way, unit, column, typed):
                return column, typed
    return -1, 0


def _is_accepted(way: Ascent, unit: int, column: int, typed: int) -> bool:
    """Check that a form takes a figure: no more votes than registered voters."""
    return column != _FOUND or typed <= way.start[unit, _REGISTERED]


def exchanged_digits(way: Ascent, unit: int, random: np.random.Generator) -> tuple[int, int]:
    """A column, and its figure with two neighbouring digits exchanged. -1 where there is none."""
    column = _column(way, unit, random)
    if column < 0:
        return -1, 0
    digits = str(way.start[unit, column])
    others = set(way.start[unit].tolist())
    for at in random.permutation(len(digits) - 1).tolist():
        typed = int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        if typed not in others and len(str(typed)) == len(digits) and _is_accepted(way, unit, column, typed):
            return column, typed
    return -1, 0
