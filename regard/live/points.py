"""The totals of a live night at some second of its evening, and bureaux or places whose figures have not come in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from protocol.words import Message, Text, first_of, msg, series
from regard.terminal import clean

_COMMUNES, _CODES = 3, 4
"""Communes, and bureaux of each, that a line on the screen names."""


@dataclass(frozen=True, slots=True)
class AwaitedCommune:
    """A commune, and the bureaux of it that are awaited: their codes, with the poll where it is not the first."""

    name: str
    bureaux: tuple[Text, ...]

    def said(self) -> Message:
        """Its name and its first bureaux."""
        more = len(self.bureaux) - _CODES
        codes = series((*self.bureaux[:_CODES], *([f"+{more}"] if more > 0 else [])))
        return msg("{commune} ({codes})", commune=self.name, codes=codes)


def write_awaited(communes: Mapping[str, str]) -> str:
    """The awaited returns as a store keeps them: the name of the commune by the key of the return."""
    return json.dumps(dict(sorted(communes.items())), ensure_ascii=True)


def read_awaited(text: str) -> dict[str, str] | None:
    """Read awaited returns back; None if the text is damaged."""
    found = read_texts(text)
    return found if found is not None and _are_awaited(found) else None


def read_texts(text: str) -> dict[str, str] | None:
    """Texts by their names, out of a store; None where they are none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if _are_texts(found) else None


def _are_texts(found: Any) -> bool:
    return isinstance(found, dict) and all(isinstance(value, str) for value in found.values())


def _are_awaited(found: Any) -> bool:
    return _are_texts(found) and all(key.count("/") == 2 for key in found)


def by_commune(awaited: Mapping[str, str]) -> list[AwaitedCommune]:
    """Group awaited returns, those of the communes with the fewest first.

    Args:
        awaited: the name of the commune by the key of the return; empty where only its INSEE code is known.
    """
    found: dict[tuple[str, str], list[Text]] = {}
    for key, name in sorted(awaited.items()):
        insee, bureau, poll = key.split("/")
        code = bureau if poll == "1" else msg("{bureau} (poll {poll})", bureau=bureau, poll=poll)
        found.setdefault((name, insee), []).append(code)
    names = [name for name, _ in found]
    return [
        AwaitedCommune(clean(name if names.count(name) == 1 and name else f"{name} {insee}".strip()), tuple(codes))
        for (name, insee), codes in sorted(found.items(), key=lambda each: (len(each[1]), each[0]))
    ]


def awaited_said(awaited: Mapping[str, str]) -> Message:
    """The number of awaited bureaux and, in one line, the communes with the fewest by name."""
    named = first_of((each.said() for each in by_commune(awaited)), _COMMUNES, msg("; "))
    return msg("{count:n} awaited: {communes}", count=len(awaited), communes=named)


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
        awaited: places of a feed without figures, as `regard.live.points` has them.
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
    counts = ({name: values[name] for name in ("there", "due")}, values["figures"], values["choices"])
    if not all(map(_are_counts, counts)) or not isinstance(values["level"], str) or not _are_awaited(values["awaited"]):
        return None
    return LivePoint(second, **values)


def _are_counts(values: Any) -> bool:
    if not isinstance(values, dict) or len(values) > MOST_CHOICES:
        return False
    return all(type(value) is int and 0 <= value < _MOST for value in values.values())
