"""Bars of waits on a scale that only the limit sets, so that two tables, or two runs, can be compared by eye.

The limit is in the middle. What is beyond it is drawn apart, and an arrow ends what is beyond twice of it.
"""

from __future__ import annotations

import sys

from protocol.words import language, msg
from regard.language import show


def signs() -> tuple[str, str, str, str]:
    """What bars are drawn with: within the limit, the limit, beyond it, beyond the scale."""
    encoding = sys.stdout.encoding or "ascii"
    return ("█", "│", "▒", "▶") if encoding.casefold().replace("-", "").startswith("utf") else ("#", "|", "=", ">")


def bar(wait: float, limit: float, half: int) -> str:
    """A bar of ``2 * half + 1`` characters."""
    within, mark, beyond, further = signs()
    left = within * min(half, round(wait / limit * half))
    over = max(1, round((wait / limit - 1) * half)) if wait > limit else 0
    right = beyond * over if over <= half else beyond * (half - 1) + further
    return f"{left:<{half}}{mark}{right:<{half}}"


def scale(limit: float, half: int, code: str, end: str = "") -> str:
    """What stands over bars of that width: 0, the limit, and ``end`` over theirs, which is twice the limit."""
    return f"{'0':<{half}}{plain(limit, code)}".ljust(2 * half + 1 - len(end)) + end


def plain(value: float, code: str) -> str:
    """A number with as many decimals as it has."""
    return f"{value:g}".replace(".", language(code).point)


def clock(hours: float, code: str) -> str:
    """A time of day in hours since midnight as ``20:05``, and as one of the next day where it is after midnight."""
    hour, minute = divmod(round(hours * 60), 60)
    time = f"{hour % 24}:{minute:02}"
    return time if hour < 24 else show(code, msg("{time} the next day", time=time))
