"""The settings of a scenario: each key with what its value may be, and what it says to people.

The options of `regard plan` and the keys of `--scenario` and of its files are these, parsed in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from protocol.errors import RegardError
from protocol.words import Message, Text, cited, msg, nmsg, pmsg, series
from regard.arguments import typed_share, whole
from regard.office import hours as hours_of_day
from regard.terminal import clean
from sim.elections import PROFILES, Profile
from sim.queues.town import Then

MINUTE = 60_000
LONGEST_CODE = 40
"""Characters of a bureau's code."""
_NUMBER = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,3})?")
_OUT = re.compile(r"([^/]{1,8})/\s*([0-9]{1,4})\s*(?:min)?")
_AT_NOON, _AT_FIVE = "12h", "17h"
_SHAPE_PART = re.compile(r"(12|17)\s*h\s*=\s*(.*)")
_YES, _NO = ("yes", "oui", "true", "1"), ("no", "non", "false", "0")
MOST_FIRST_ONLY = 0.1
"""Largest share of people who leave out the second poll; each is a cancellation, and an urn has room for 512."""
OWN_SHAPE = 10_000
"""The final figure of a profile that was given by its shares."""


class ScenarioRefused(RegardError):
    """A scenario, or an option that says the same, which cannot be what it says."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key.

    Attributes:
        parse: what its text means; raises `ScenarioRefused`, or `Refused` as the options of commands do.
        tell: the same for people, as a part of a sentence.
    """

    parse: Callable[[str], Any]
    tell: Callable[[Any], Text]


def _refuse(expected: Text, text: str) -> ScenarioRefused:
    return ScenarioRefused(pmsg("an option", "expected {expected}, got {got}", expected=expected, got=cited(text)))


def share(low: float, high: float) -> Callable[[str], float]:
    """A parser of shares: ``0.74``, ``0,74`` or ``74%``."""

    def parse(text: str) -> float:
        value = typed_share(text)
        if value is None or not low <= value <= high:
            raise _refuse(msg("a share from {low:g} to {high:g}, such as 0.74 or 74%", low=low, high=high), text)
        return float(value)

    return parse


def number(low: int, high: int) -> Callable[[str], float]:
    """A parser of numbers within bounds."""

    def parse(text: str) -> float:
        plain = text.strip()
        value = float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else low - 1.0
        if not low <= value <= high:
            raise _refuse(msg("a number from {low} to {high}", low=low, high=high), text)
        return value

    return parse


def hour(low: int, high: int) -> Callable[[str], int]:
    """A parser of whole hours of the day within bounds: ``19h`` or ``19``."""

    def parse(text: str) -> int:
        value = hours_of_day.hour(text)
        if value is None or not low <= value <= high:
            raise _refuse(msg("a whole hour from {low}h to {high}h", low=low, high=high), text)
        return value

    return parse


def profile(text: str) -> Profile:
    """When people come: the name of an election, or ``12h=0.35,17h=0.88``: shares of the voters that have come by then.

    Raises:
        ScenarioRefused: it is neither.
    """
    if text.strip() in PROFILES:
        return PROFILES[text.strip()]
    parts = [_SHAPE_PART.fullmatch(part.strip()) for part in text.split(",")]
    shares = {found[1]: share(0.0, 1.0)(found[2]) for found in parts if found is not None}
    if None in parts or len(parts) != 2 or shares.keys() != {"12", "17"}:
        wanted = msg(
            "the name of an election ({names}), or the shares of voters by 12h and by 17h, as in 12h=0.35,17h=0.88",
            names=series(PROFILES),
        )
        raise _refuse(wanted, text)
    noon, five = (round(shares[at] * OWN_SHAPE) for at in ("12", "17"))
    if not 0 < noon < five < OWN_SHAPE:
        raise _refuse(msg("shares of voters that grow from 12h to 17h, above 0 and below 1"), text)
    return Profile(noon, five, OWN_SHAPE)


def out_from(text: str) -> tuple[int, int]:
    """One machine out, as ``17:00/40``: since when, and for how many minutes, both in minutes.

    Raises:
        ScenarioRefused: it is no such pair.
    """
    found = _OUT.fullmatch(text.strip())
    at = None if found is None else hours_of_day.clock(found[1])
    if found is None or at is None or not 0 < int(found[2]) <= 24 * 60:
        raise _refuse(msg("a time and minutes such as 17:00/40"), text)
    return at, int(found[2])


def _code(text: str) -> str:
    code = clean(text.strip())
    if not 0 < len(code) <= LONGEST_CODE:
        raise _refuse(msg("the code of a bureau"), text)
    return code


def then(text: str) -> Then:
    """Parse the continuation of a bureau without a machine.

    Raises:
        ScenarioRefused: in no way that there is.
    """
    known = {each.value: each for each in Then}
    if text.strip() not in known:
        raise _refuse(series(known, msg(" or ")), text)
    return known[text.strip()]


def yes(text: str) -> bool:
    """Yes or no.

    Raises:
        ScenarioRefused: it is neither.
    """
    plain = text.strip().casefold()
    if plain not in _YES + _NO:
        raise _refuse(msg("yes or no"), text)
    return plain in _YES


def _election(text: str) -> Profile:
    if text.strip() not in PROFILES:
        raise _refuse(msg("the name of an election: {names}", names=series(PROFILES)), text)
    return PROFILES[text.strip()]


def _told_profile(found: Profile) -> Text:
    named = next((name for name, each in PROFILES.items() if each == found), None)
    if named is not None:
        return msg("people come as in {election}", election=named)
    return msg(
        "{noon:g} % of the voters have come by 12h, {five:g} % by 17h",
        noon=found.noon / found.final * 100,
        five=found.five / found.final * 100,
    )


def _told_election(found: Profile) -> Text:
    named = next(name for name, each in PROFILES.items() if each == found)
    return msg("turnout of {election} ({share:.1f} %)", election=named, share=found.final / 100)


_THEN: Mapping[Then, Message] = {
    Then.REPAIR: msg("it is repaired"),
    Then.RESERVE: msg("a reserve machine is brought"),
    Then.PAPER: msg("voting goes on with ballot papers"),
}


def _told_out(out: tuple[int, int]) -> Text:
    at, minutes = out
    return msg("one machine out from {at} for {minutes} min", at=f"{at // 60}:{at % 60:02}", minutes=minutes)


SETTINGS: dict[str, Setting] = {
    "election": Setting(_election, _told_election),
    "turnout": Setting(share(0.0, 1.0), lambda value: msg("turnout of {share:g} %", share=round(value * 100, 2))),
    "profile": Setting(profile, _told_profile),
    "late-city": Setting(
        yes,
        lambda value: (
            msg("people come as in a city that votes until 20h") if value else msg("people come as in most towns")
        ),
    ),
    "proxies": Setting(
        share(0.0, 0.5), lambda value: msg("{share:g} % of the votes by proxy", share=round(value * 100, 2))
    ),
    "service": Setting(number(1, 600), lambda value: msg("{seconds:g} s a vote on average", seconds=value)),
    "polls": Setting(whole(1, 2), lambda value: msg("two polls") if value == 2 else msg("one poll")),
    "second": Setting(
        number(1, 600), lambda value: msg("{seconds:g} s for the vote of the second poll", seconds=value)
    ),
    "first-only": Setting(
        share(0.0, MOST_FIRST_ONLY),
        lambda value: msg("{share:g} % of the people vote in the first poll only", share=round(value * 100, 2)),
    ),
    "opening-delay": Setting(whole(0, 240), lambda value: msg("opening {minutes} min late", minutes=value)),
    "opening": Setting(hour(*hours_of_day.OPENINGS), lambda value: msg("opening at {hour}h", hour=value)),
    "closing": Setting(hour(*hours_of_day.CLOSINGS), lambda value: msg("closing at {hour}h", hour=value)),
    "breakdown": Setting(
        share(0.0, 1.0),
        lambda value: msg("each machine fails on {share:g} % of the days", share=round(value * 100, 3)),
    ),
    "out": Setting(out_from, _told_out),
    "bureau": Setting(_code, lambda value: msg("in bureau {code}", code=value)),
    "repair": Setting(number(1, 1440), lambda value: msg("repaired after {minutes:g} min on average", minutes=value)),
    "then": Setting(then, lambda value: _THEN[value]),
    "reserves": Setting(
        whole(0, 1000),
        lambda value: nmsg("one reserve machine for the town", "{count:n} reserve machines for the town", value),
    ),
    "travel": Setting(
        number(0, 1440), lambda value: msg("a reserve machine is there after {minutes:g} min", minutes=value)
    ),
    "paper-after": Setting(number(0, 1440), lambda value: msg("ballot papers after {minutes:g} min", minutes=value)),
    "patience": Setting(
        number(1, 1440),
        lambda value: msg("people leave after {minutes:g} min of waiting, on average", minutes=value),
    ),
}
"""By key, in the order in which they are told."""
