"""The causes that cases have, one entry for each in `causes.toml`: its cost, and the findings that are its signs."""

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
    """One kind of thing that happens to evidence.

    Attributes:
        name: stable, as reports have it.
        kind: what a case of it is about.
        title: what happened, in a few words.
        action: where to look, and what to do.
        signs: sets of codes; findings of all codes of a set in one bureau are a sign of it.
        explains: codes of further findings there that come with it.
        cost: of one such thing, in decibans: of several explanations the cheapest wins; 0 where it is told by its
            signs alone.
        piece: of evidence that is then probably wrong; empty for that of the finding's first figure.
        first: whether its signs are looked for before figures are weighed.
        open: whether by its signs alone it only says that two counts differ.
        together: ``commune`` where all bureaux of a commune that have the sign are one case, else empty.
        shared: whether it is of something that all polls of a bureau have in common, and one case for all of them.
        alike: whether it is one case where nearly all bureaux of a commune, or of all, have the same signs of it.
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
    together: str = ""
    shared: bool = False
    alike: bool = False


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
    """The cause of an entry; what is left out of one is as for a `Cause`."""
    sets = tuple(frozenset(sign.split()) for sign in signs)
    texts = Message(title), Message(what_to_do)
    return Cause(name, CaseKind[kind.upper()], *texts, sets, frozenset(explains), **rest)
