"""The totals of a live night at some second of its evening: by count and by choice, and of how many places."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from regard.live.awaited import check_awaited

MOST_CHOICES = 1000
"""Choices whose votes are kept of a point."""
_MOST = 2**63


@dataclass(frozen=True, slots=True)
class LivePoint:
    """The totals at one second.

    Attributes:
        second: of the evening.
        there: places whose figures have come in: bureaux and polls, or the places of a feed.
        due: how many are awaited; 0 where that is not known.
        figures: by the name of the count.
        choices: votes by choice.
        level: of the places of a feed, empty for bureaux.
        awaited: places of a feed without figures, as `regard.live.awaited` has them.
    """

    second: int
    there: int = 0
    due: int = 0
    figures: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, int] = field(default_factory=dict)
    level: str = ""
    awaited: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """As it is stored."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "second"}, sort_keys=True)


def clock(second: int) -> str:
    """A second of the evening as a clock shows it; past midnight it goes on from 0."""
    return f"{second // 3600 % 24:02}:{second // 60 % 60:02}"


def parse_point(second: int, text: str) -> LivePoint | None:
    """A point from how it is stored, by an earlier version without the places that are awaited; None for none."""
    try:
        values = {"awaited": {}, **json.loads(text)}
    except (ValueError, RecursionError, TypeError):
        return None
    if values.keys() != {"awaited", "choices", "due", "figures", "level", "there"}:
        return None
    counts = _counts(values["figures"]), _counts(values["choices"])
    numbers = _counts({name: values[name] for name in ("there", "due")})
    awaited = check_awaited(values["awaited"])
    if counts[0] is None or counts[1] is None or numbers is None or awaited is None:
        return None
    if not isinstance(values["level"], str):
        return None
    return LivePoint(second, numbers["there"], numbers["due"], counts[0], counts[1], values["level"], awaited)


def _counts(values: Any) -> dict[str, int] | None:
    if not isinstance(values, dict) or len(values) > MOST_CHOICES:
        return None
    if not all(type(value) is int and 0 <= value < _MOST for value in values.values()):
        return None
    return values
