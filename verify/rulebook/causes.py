"""Causes of cases, one entry each in `causes.toml`: the findings that are its signs, its cost, its texts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from protocol.words import Message, msg
from verify.rulebook.catalogue import OTHERS, of_category


class CaseKind(IntEnum):
    """Subject of a case, in reading order."""

    IRREGULARITY = 1
    REREAD = 2
    EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """One way in which evidence goes wrong.

    Attributes:
        name: stable, as reports have it.
        kind: subject of its cases.
        title: event in a few words.
        action: where to look, and what to do.
        signs: sets of rule codes; a bureau with findings of every code of one set shows this cause.
        explains: codes of further findings in that bureau that the cause accounts for.
        cost: of one occurrence, in decibans; the cheapest explanation wins. 0 for a cause known by its signs alone.
        piece: evidence that is probably wrong; empty for the piece of the finding's first figure.
        first: true to look for its signs before figures are weighed.
        open: true if its signs alone say no more than that two counts differ.
        together: true to make one case of all bureaux of a commune that show it.
        shared: true for something that all polls of a bureau share: one case for all of them.
        alike: true to make one case where nearly all bureaux, of a commune or of the night, show the same signs.
    """

    name: str
    kind: CaseKind
    title: Message
    action: Message
    signs: tuple[frozenset[str], ...]
    explains: frozenset[str] = frozenset()
    cost: int = 0
    piece: str = ""
    first: bool = False
    open: bool = False
    together: bool = False
    shared: bool = False
    alike: bool = False


@cache
def causes() -> dict[str, Cause]:
    """All causes by name, in the order of the file."""
    return _ours() | _of_plug_ins()


def _of_plug_ins() -> dict[str, Cause]:
    """The cause of all warnings by rules of plug-ins; none without such rules."""
    warnings = tuple(frozenset((code,)) for code, rule in of_category(OTHERS).items() if rule.severity == "warning")
    if not warnings:
        return {}
    title, action = msg("a rule of another package warns"), msg("Read what the rule says: `regard rules` explains it.")
    only = Cause("other-package", CaseKind.REREAD, title, action, warnings)
    return {only.name: only}


def _ours() -> dict[str, Cause]:
    entries = tomllib.loads(Path(__file__).with_name("causes.toml").read_text(encoding="utf-8"))
    return {name: _cause(name, **entry) for name, entry in entries.items()}


def _cause(
    name: str,
    *,
    kind: str,
    title: str,
    what_to_do: str,
    signs: Iterable[str] = (),
    explains: Iterable[str] = (),
    **rest: Any,
) -> Cause:
    """Build a cause from its entry; ``rest`` are attributes of `Cause` that need no conversion."""
    sets = tuple(frozenset(sign.split()) for sign in signs)
    texts = Message(title), Message(what_to_do)
    return Cause(name, CaseKind[kind.upper()], *texts, sets, frozenset(explains), **rest)
