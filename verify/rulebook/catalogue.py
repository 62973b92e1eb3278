"""The catalogue of rules: one entry for each code, in `rulebook/`, with its texts in English.

The documents, `regard rules` and every finding take their words from here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from protocol.words import Message, msg

CATEGORIES = {
    "C": msg("Completeness"),
    "A": msg("Authenticity"),
    "I": msg("Integrity of bytes and files"),
    "D": msg("Dumps of other machines"),
    "M": msg("The machine with itself"),
    "R": msg("Reconciliation: machine, sign-in list, PV"),
    "T": msg("Transmission, up to the ministry"),
    "P": msg("Plausibility: indications, never errors"),
    "V": msg("What it could change"),
}
"""Categories by the first letter of the code."""


@dataclass(frozen=True, slots=True)
class Yield:
    """That a finding is left out where another one says the same, or more.

    Attributes:
        code: of the rule of that finding.
        case: of its cases, by its name; empty for any.
        figure: whether that finding has to show the first figure of this one, the same value in the same place. If
            not, it is any finding of the same bureau and poll, one without a poll being of all polls of its bureau.
    """

    code: str
    case: str
    figure: bool


@dataclass(frozen=True, slots=True)
class RuleCase:
    """A case of a rule's findings: their severity, which may be another than the rule's, and when it is."""

    severity: str
    when: Message


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        code: a letter for the category and a number; stable once released.
        severity: ``error``, ``warning`` or ``info``.
        cases: by name, the cases in which it is another, or to which other rules yield.
        levels: what a finding can be about, what it is about as a rule first: ``bureau``, ``commune``, ``file``…
        needs: the kinds of evidence without which it is not checked, any of those with ``|`` between them.
        absence: the kinds of which it finds that a bureau lacks them, or cannot use them. It looks at bureaux without
            them as well, where some bureau has them or, if it needs none, where they are declared complete; which
            bureaux there are must then be known from something else.
        yields: to which others its findings yield.
        title, action: a name, and what to do.
        basis: its legal basis or source as far as checked, None where there is none.
        scope: what it looks at, where `needs` alone does not say it, and which other rule looks at the rest.
        text: the sentence of a finding in English, with its values in braces.
    """

    code: str
    severity: str
    cases: dict[str, RuleCase]
    levels: tuple[str, ...]
    needs: tuple[str, ...]
    absence: tuple[str, ...]
    yields: tuple[Yield, ...]
    title: Message
    text: str
    action: Message
    basis: Message | None
    scope: Message | None

    @property
    def level(self) -> str:
        """Usual subject of its findings."""
        return self.levels[0]

    @property
    def category(self) -> Message:
        """The category's name."""
        return CATEGORIES[self.code[0]]


@cache
def rules() -> dict[str, Rule]:
    """All rules by code, in the order of the catalogue."""
    return {code: each for letter in CATEGORIES for code, each in _of_category(letter).items()}


@cache
def _of_category(letter: str) -> dict[str, Rule]:
    """The rules of one category: to read all of them takes as long as to read a nation's PVs."""
    found = {}
    for code, entry in _entries(letter):
        found[code] = Rule(
            code=code,
            severity=entry["severity"],
            cases={
                name: RuleCase(each.get("severity", entry["severity"]), Message(each["when"]))
                for name, each in entry.get("cases", {}).items()
            },
            levels=tuple(entry.get("levels", ["bureau"])),
            needs=tuple(entry["needs"]),
            absence=tuple(entry.get("absence", ())),
            yields=_yields(entry.get("yields_to", {})),
            title=Message(entry["title"]),
            text=entry["text"],
            action=Message(entry["what_to_do"]),
            basis=Message(entry["basis"]) if "basis" in entry else None,
            scope=Message(entry["scope"]) if "scope" in entry else None,
        )
    return found


def _yields(entry: dict[str, list[str]]) -> tuple[Yield, ...]:
    """From lists of ``R209``, or ``R209 booked`` for one of its cases: ``place`` and ``figure``."""
    found = []
    for scope, others in entry.items():
        if scope not in ("place", "figure"):
            raise KeyError(scope)
        for other in others:
            code, _, case = other.partition(" ")
            found.append(Yield(code, case, scope == "figure"))
    return tuple(found)


def _entries(letter: str) -> Iterator[tuple[str, dict[str, Any]]]:
    file = Path(__file__).with_name(f"{letter}.toml")
    if file.is_file():
        yield from tomllib.loads(file.read_text(encoding="utf-8")).items()


def rule(code: str) -> Rule:
    """The rule of a code.

    Raises:
        KeyError: there is none.
    """
    return _of_category(code[0])[code] if code[:1] in CATEGORIES else rules()[code]
