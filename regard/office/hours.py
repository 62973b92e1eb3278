"""Opening hours as lists and options write them: ``8h-19h``, ``de 8 h à 19 h``, ``08:00``, ``8``."""

from __future__ import annotations

import re
from fractions import Fraction

_CLOCK = r"([0-9]{1,2})\s*(?:[hH:]\s*([0-9]{2})?(?::[0-9]{2})?|heures?|hours?)?"
_ONE = re.compile(_CLOCK)
_OF_DAY = re.compile(r"0[.,][0-9]{3,20}")
_SPAN = re.compile(rf"(?:de|from)?\s*{_CLOCK}\s*(?:-|–|—|/|à|a|to|until|jusqu'à)\s*{_CLOCK}", re.IGNORECASE)

HOURS = (8, 19)
"""Hours of a list without any: those of the presidential elections of 2017 and 2022 outside some cities."""
OPENINGS, CLOSINGS = (0, 11), (18, 24)
"""Hours that a bureau can have: turnout is known at 12h and at 17h, the doors have to be open at both."""


def hour(text: str) -> int | None:
    """A whole hour of the day, which workbooks may have as a part of it: 0.3333 is 8h; None where a text is none."""
    if _OF_DAY.fullmatch(text.strip()):
        hours = Fraction(text.strip().replace(",", ".")) * 24
        return round(hours) if abs(hours - round(hours)) < Fraction(1, 60) else None
    found = _ONE.fullmatch(text.strip())
    return None if found is None else _whole(found[1], found[2])


def span(text: str) -> tuple[int, int] | None:
    """Opening and closing, both whole hours; None where a text is no such pair."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    opening, closing = _whole(found[1], found[2]), _whole(found[3], found[4])
    return None if opening is None or closing is None else (opening, closing)


def clock(text: str) -> int | None:
    """Minutes since midnight of a time such as ``17:00`` or ``17h30``; None where a text is none."""
    found = _ONE.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def _whole(hours: str, minutes: str | None) -> int | None:
    return int(hours) if int(hours) <= 24 and not int(minutes or 0) else None
