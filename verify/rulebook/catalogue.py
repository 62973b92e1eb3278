"""The catalogue of rules: one entry for each code, in `rulebook/`, with its texts in English.

The documents, `regard rules` and every finding take their words from here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from pathlib import Path
from types import ModuleType

from protocol.plug_ins import RULES, PlugIn, PlugInError, plug_ins
from protocol.words import Message, cited, msg, titled

OTHERS = "X"
"""Letter of the codes of rules that other packages bring (`docs/guide/plug-ins.md`)."""
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
    OTHERS: msg("Rules of other packages"),
}
"""Categories by the first letter of the code."""


@dataclass(frozen=True, slots=True)
class Yield:
    """Suppression of a finding by another one that says the same, or more.

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
        absence: the kinds of evidence that it reports as lacking or unusable in a bureau. It looks at bureaux without
            them as well, where some bureau has them or, if it needs none, where they are declared complete; which
            bureaux there are must then be known from something else.
        yields: to which others its findings yield.
        title, action: a name, and what to do.
        basis: its legal basis or source as far as checked, None where there is none.
        scope: what it looks at, where `needs` alone does not say it, and which other rule looks at the rest.
        text: the sentence of a finding, with its values in braces.
    """

    code: str
    severity: str
    cases: dict[str, RuleCase]
    levels: tuple[str, ...]
    needs: tuple[str, ...]
    absence: tuple[str, ...]
    yields: tuple[Yield, ...]
    title: Message
    text: Message
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
    return {code: each for letter in CATEGORIES for code, each in of_category(letter).items()}


@cache
def of_category(letter: str) -> dict[str, Rule]:
    """Read the rules of one category. Reading all of them takes as long as reading a nation's PVs."""
    if letter == OTHERS:
        return {code: rule for _, own in plugged_rules() for code, rule in own.items()}
    return _rules_of(Path(__file__).with_name(f"{letter}.toml").read_text(encoding="utf-8"))


@cache
def plugged_rules() -> tuple[tuple[PlugIn, dict[str, Rule]], ...]:
    """The rules of each plug-in that has any, by code; no code twice."""
    found: list[tuple[PlugIn, dict[str, Rule]]] = []
    taken: set[str] = set()
    for plug_in in plug_ins(RULES):
        if (own := plug_in.use(partial(_read_plugged, taken=taken))) is not None:
            found.append((plug_in, own))
            taken |= own.keys()
    return tuple(found)


def _read_plugged(module: object, taken: Collection[str]) -> dict[str, Rule]:
    """The rules of the file ``rules.toml`` beside a module."""
    if not isinstance(module, ModuleType):
        raise PlugInError(msg("expected a module with rules.toml beside it"))
    own = _rules_of(resources.files(module).joinpath("rules.toml").read_text(encoding="utf-8"))
    for code, rule in own.items():
        if not _PLUGGED.fullmatch(code) or rule.severity not in ("warning", "info"):
            raise PlugInError(
                msg(
                    "{code}: expected a code from X001 to X999, and warning or info",
                    code=cited(code),
                )
            )
        if code in taken:
            raise PlugInError(msg("{code}: another plug-in has this code", code=code))
    return own


_PLUGGED = re.compile(rf"{OTHERS}[0-9]{{3}}")


def _rules_of(text: str) -> dict[str, Rule]:
    """The rules of a file of the rulebook, by code."""
    return {
        code: Rule(
            code=code,
            severity=entry["severity"],
            cases={
                name: RuleCase(each.get("severity", entry["severity"]), _text(each["when"]))
                for name, each in entry.get("cases", {}).items()
            },
            levels=tuple(entry.get("levels", ["bureau"])),
            needs=tuple(entry["needs"]),
            absence=tuple(entry.get("absence", ())),
            yields=_yields(entry.get("yields_to", {})),
            title=_text(entry["title"]),
            text=_text(entry["text"]),
            action=_text(entry["what_to_do"]),
            basis=_text(entry["basis"]) if "basis" in entry else None,
            scope=_text(entry["scope"]) if "scope" in entry else None,
        )
        for code, entry in tomllib.loads(text).items()
    }


def _text(entry: str | dict[str, str]) -> Message:
    """A text in English, whose translations are in the catalogues, or one in several languages."""
    return Message(entry) if isinstance(entry, str) else titled(entry)


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


def rule(code: str) -> Rule:
    """The rule of a code.

    Raises:
        KeyError: there is none.
    """
    return of_category(code[0])[code] if code[:1] in CATEGORIES else rules()[code]
