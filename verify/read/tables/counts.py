"""Counts and times of the day as people and their spreadsheets write them."""

from __future__ import annotations

import re

from verify.model.figures import UNREADABLE
from verify.read.sheet import parse_clock, parse_count

_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")


def count_of(cell: str) -> int:
    """`parse_count`, and ``805,0`` for 805. ``1.000`` stays unreadable: it could be one or a thousand."""
    number = parse_count(cell)
    if number == UNREADABLE and (whole := _WHOLE.fullmatch(cell.strip())):
        number = parse_count(whole[1])
    return number


def clock_of(cell: str) -> int:
    """`parse_clock`, and ``8h`` and ``08:00:00`` as people and spreadsheets write it."""
    text = cell.strip()
    return parse_clock(text + "00" if text[-1:] in ("h", "H") else text)
