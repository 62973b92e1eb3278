"""Bars of waits on a scale that only the limit sets, so that two tables, or two runs, can be compared by eye.

The limit is in the middle. What is beyond it is drawn apart, each doubling as long as the one before, so that a wait of
an hour and one of ten do not look alike; an arrow ends what is beyond the last of them.
"""

from __future__ import annotations

import math
import sys

from protocol.words import language, msg
from regard.language import show

_DOUBLINGS = 4


def end_of_scale(limit: float) -> float:
    """The longest wait that bars show by their length."""
    return limit * (1 << _DOUBLINGS)


def signs() -> tuple[str, str, str, str]:
    """What bars are drawn with: within the limit, the limit, beyond it, beyond the scale."""
    encoding = sys.stdout.encoding or "ascii"
    return ("█", "│", "▒", "▶") if encoding.casefold().replace("-", "").startswith("utf") else ("#", "|", "=", ">")


def bar(wait: float, limit: float, half: int) -> str:
    """A bar of ``2 * half + 1`` characters."""
    within, mark, beyond, further = signs()
    left = within * min(half, round(wait / limit * half))
    over = max(1, round(math.log2(wait / limit) / _DOUBLINGS * half)) if wait > limit else 0
    right = beyond * over if wait <= end_of_scale(limit) else beyond * (half - 1) + further
    return f"{left:<{half}}{mark}{right:<{half}}"


def scale(limit: float, half: int, code: str, end: str = "") -> str:
    """What stands over bars of that width: 0, the limit, and ``end`` over theirs, which is `end_of_scale`."""
    return f"{'0':<{half}}{plain(limit, code)}".ljust(2 * half + 1 - len(end)) + end


def plain(value: float, code: str) -> str:
    """A number with as many decimals as it has."""
    return f"{value:g}".replace(".", language(code).point)


def clock(hours: float, code: str) -> str:
    """A time of day in hours since midnight as ``20:05``, and as one of the next day where it is after midnight."""
    hour, minute = divmod(round(hours * 60), 60)
    time = f"{hour % 24}:{minute:02}"
    return time if hour < 24 else show(code, msg("{time} the next day", time=time))
