"""Times of the day as people and their spreadsheets write them."""

from __future__ import annotations

from verify.read.sheet import parse_clock


def clock_of(cell: str) -> int:
    """`parse_clock`, and ``8h`` and ``08:00:00`` as people and spreadsheets write it."""
    text = cell.strip()
    return parse_clock(text + "00" if text[-1:] in ("h", "H") else text)
