"""Counts as people and spreadsheets write them, in a table of a night, of an auditor, or of published results."""

from __future__ import annotations

import re

from protocol.export.terms import MAX_COUNT as MAX_COUNT
from verify.model.figures import BLANK, UNREADABLE

_SPACES = re.compile(r"[ \t\u00a0\u2009\u202f]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+")
_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")
_MOST_DIGITS = 9


def parse_count(cell: str) -> int:
    """Digits, with spaces of any kind between groups of three, or ``805,0``; else BLANK or UNREADABLE.

    ``1.000`` is unreadable: it could be one or a thousand. So is what is more than `MAX_COUNT`: no count of voters, and
    sums of counts stay far below 2**63.
    """
    text = cell
    if not (cell.isascii() and cell.isdigit()):
        text = _SPACES.sub(" ", cell).strip()
        if not text:
            return BLANK
        if whole := _WHOLE.fullmatch(text):
            text = whole[1]
        elif _GROUPED.fullmatch(text):
            text = text.replace(" ", "")
        if not (text.isascii() and text.isdigit()):
            return UNREADABLE
    digits = text.lstrip("0")
    number = int(digits or "0") if len(digits) <= _MOST_DIGITS else MAX_COUNT + 1
    return number if number <= MAX_COUNT else UNREADABLE
