"""The bureaux of a night, or the places of a feed, whose figures have not come in, by commune or département."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocol.words import Message, Text, msg, nmsg, series
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
        return msg("{commune} {codes}", commune=self.name, codes=codes)


def write_awaited(communes: Mapping[str, str]) -> str:
    """The awaited returns as a store keeps them: the name of the commune by the key of the return."""
    return json.dumps(dict(sorted(communes.items())), ensure_ascii=True)


def read_awaited(text: str) -> dict[str, str] | None:
    """Read awaited returns back; None if the text is damaged."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return check_awaited(found)


def check_awaited(found: Any) -> dict[str, str] | None:
    """Awaited returns out of a store; None where they are none."""
    if not isinstance(found, dict):
        return None
    good = all(isinstance(name, str) and key.count("/") == 2 for key, name in found.items())
    return found if good else None


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
        AwaitedCommune(clean(name if names.count(name) == 1 and name else f"{name} ({insee})".strip()), tuple(codes))
        for (name, insee), codes in sorted(found.items(), key=lambda each: (len(each[1]), each[0]))
    ]


def awaited_said(awaited: Mapping[str, str]) -> Message:
    """The awaited bureaux in one line: the communes with the fewest by name."""
    communes = by_commune(awaited)
    more = len(communes) - _COMMUNES
    named: list[Text] = [each.said() for each in communes[:_COMMUNES]]
    if more > 0:
        named.append(nmsg("… and {count:n} more", "… and {count:n} more", more))
    return msg("awaited: {communes}", communes=series(named, msg("; ")))
