"""The causes that cases have, one entry for each in `causes.toml`: its cost, and the findings that are its signs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from protocol.words import Message, msg
from verify.rulebook.catalogue import OTHERS, of_category


class CaseKind(IntEnum):
    """Subject of a case, in reading order."""

    IRREGULARITY = 1
    REREAD = 2
    EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of thing that happens to evidence.

    Attributes:
        name: stable, as reports have it.
        kind: what a case of it is about.
        cost: of one such thing, in decibans: of several explanations the cheapest wins; 0 where it is told by its
            signs alone.
        title: what happened, in a few words.
        action: where to look, and what to do.
        signs: sets of codes; findings of all codes of a set in one bureau are a sign of it.
        explains: codes of further findings there that come with it.
        piece: of evidence that is then probably wrong; empty for that of the finding's first figure.
        first: whether its signs are looked for before figures are weighed.
        open: whether by its signs alone it only says that two counts differ.
        together: ``commune`` where all bureaux of a commune that have the sign are one case, else empty.
        shared: whether it is of something that all polls of a bureau have in common, and one case for all of them.
        alike: whether it is one case where nearly all bureaux of a commune, or of all, have the same signs of it.
    """

    name: str
    kind: CaseKind
    cost: int
    title: Message
    action: Message
    signs: tuple[frozenset[str], ...]
    explains: frozenset[str]
    piece: str
    first: bool
    open: bool
    together: str
    shared: bool
    alike: bool


@cache
def causes() -> dict[str, Cause]:
    """All causes by name, in the order of the table."""
    return _ours() | _of_plug_ins()


def _of_plug_ins() -> dict[str, Cause]:
    """The cause of what rules of plug-ins warn of, if there are any."""
    warnings = tuple(frozenset((code,)) for code, rule in of_category(OTHERS).items() if rule.severity == "warning")
    if not warnings:
        return {}
    title, action = msg("a rule of another package warns"), msg("Read what the rule says: `regard rules` explains it.")
    none = frozenset[str]()
    only = Cause("other-package", CaseKind.REREAD, 0, title, action, warnings, none, "", False, False, "", False, False)
    return {only.name: only}


def _ours() -> dict[str, Cause]:
    entries = tomllib.loads(Path(__file__).with_name("causes.toml").read_text(encoding="utf-8"))
    return {
        name: Cause(
            name=name,
            kind=CaseKind[entry["kind"].upper()],
            cost=entry.get("cost", 0),
            title=Message(entry["title"]),
            action=Message(entry["what_to_do"]),
            signs=tuple(frozenset(sign.split()) for sign in entry.get("signs", ())),
            explains=frozenset(entry.get("explains", ())),
            piece=entry.get("piece", ""),
            first=entry.get("first", False),
            open=entry.get("open", False),
            together=entry.get("together", ""),
            shared=entry.get("shared", False),
            alike=entry.get("alike", False),
        )
        for name, entry in entries.items()
    }
