"""Figures, thresholds and outcomes of a contest in French and English words."""

from __future__ import annotations

from collections.abc import Iterable

from verify.materiality.contest import ContestCount
from verify.materiality.outcome import Outcome, Threshold

LANGUAGES = ("fr", "en")

THRESHOLDS = {
    Threshold.MAJORITY: ("majorité absolue", "absolute majority"),
    Threshold.QUARTER: ("quart des inscrits", "a quarter of the roll"),
    Threshold.EIGHTH: ("12,5 % des inscrits", "12.5% of the roll"),
    Threshold.TENTH: ("10 % des exprimés", "10% of the valid votes"),
    Threshold.TWENTIETH: ("5 % des exprimés", "5% of the valid votes"),
}


def say(language: str, french: str, english: str) -> str:
    """One of two texts."""
    return french if language == "fr" else english


def number(value: int, language: str) -> str:
    """A number with its thousands apart, and a minus sign that is one."""
    return f"{value:,}".replace(",", say(language, "\u202f", ",")).replace("-", "−")


def quoted(name: str, language: str) -> str:
    """The name of a choice in the language's quotation marks."""
    return say(language, f"«\u00a0{name}\u00a0»", f"“{name}”")


def colon(language: str) -> str:
    """A colon, with the space that French puts before it."""
    return say(language, "\u00a0:", ":")


def listed(names: Iterable[str], language: str, most: int) -> str:
    """Names with commas between them; of more than ``most``, how many are left out."""
    all_names = list(names)
    shown = ", ".join(all_names[:most])
    more = len(all_names) - most
    return shown if more <= 0 else shown + say(language, f" et {more} autres", f" and {more} more")


def joined(parts: Iterable[str], language: str) -> str:
    """Parts of a sentence with semicolons between them."""
    return say(language, "\u00a0; ", "; ").join(parts)


def threshold(which: Threshold, language: str) -> str:
    """The name of a threshold."""
    return say(language, *THRESHOLDS[which])


def result(outcome: Outcome, count: ContestCount, language: str) -> str:
    """What an outcome says, without a full stop. Of a part of a contest nobody is said to be elected."""
    mark = colon(language)

    def named(chosen: frozenset[int]) -> str:
        return ", ".join(quoted(count.choices[choice], language) for choice in sorted(chosen))

    parts = []
    if outcome.elected:
        first = say(language, "élu", "elected") if count.scope.whole else say(language, "en tête", "ahead")
        parts.append(f"{first}{mark} {named(outcome.elected)}")
    if any(outcome.seats):
        seats = (f"{quoted(count.choices[c], language)} {n}" for c, n in enumerate(outcome.seats) if n)
        parts.append(say(language, "sièges", "seats") + f"{mark} {', '.join(seats)}")
    if outcome.qualified:
        parts.append(say(language, "second tour", "second round") + f"{mark} {named(outcome.qualified)}")
    if outcome.mergeable:
        parts.append(say(language, "peuvent fusionner", "may merge") + f"{mark} {named(outcome.mergeable)}")
    if outcome.tied:
        parts.append(say(language, "à égalité", "tied") + f"{mark} {named(outcome.tied)}")
    return joined(parts, language) or say(language, "personne", "nobody")
