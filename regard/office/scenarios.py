"""Scenarios as they are given: ``polls=2,closing=19`` or a TOML file with the same keys, as circumstances of a day."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from protocol.errors import RegardError
from protocol.opening import OpenedFile, open_evidence
from protocol.structured import parse_toml
from protocol.words import Text, cited, msg, series
from regard.arguments import Refused
from regard.office.contents import PlanInput
from regard.office.settings import MINUTE, SETTINGS, ScenarioRefused
from regard.terminal import clean
from sim import parameters
from sim.queues.town import Breakdowns, Circumstances, Outage, Then, TownBureau
from sim.voters import HOUR

NAME = "name"
ELECTION = "2022-P1"
"""Election whose turnout and arrivals are used if none is named."""
MOST_SCENARIOS = 20
_LONGEST_NAME = 60
_BARE = ("late-city",)
"""Settings that are yes where they stand alone."""
_WHOLE, _DECIMALS = re.compile(r"(?:^|=)\s*[0-9]{1,5}$"), re.compile(r"[0-9]{1,6}\s*%?\s*")
_HOUR_PART = re.compile(r"\s*(?:12|17)\s*h\s*=")


@dataclass(frozen=True, slots=True)
class PlanScenario:
    """One scenario to be simulated.

    Attributes:
        name: as it was given, else what it changes.
        settings: what it says itself, by key, as text.
        told: the same for people.
        circumstances: of its days.
        file: the one that it was read from; None where it was given by itself.
    """

    name: Text
    settings: Mapping[str, str]
    told: tuple[Text, ...]
    circumstances: Circumstances
    file: PlanInput | None = None


def scenarios_of(base: Mapping[str, str], given: Iterable[str | Mapping[str, object]]) -> tuple[PlanScenario, ...]:
    """The list as it is, then each scenario that was given on top of it.

    Args:
        base: settings that hold for all, by key.
        given: ``key=value,…``, the path of a ``.toml`` file, or settings by key.

    Raises:
        ScenarioRefused: a key that there is not, a value that it cannot have, or a setting without what it needs.
        InputError: a file cannot be read.
    """
    first = scenario(base := _complete(base), {NAME: ""})
    found = [replace(first, name=msg("as planned"))]
    for each in given:
        settings, file = _given(each)
        found += [replace(scenario(base, own), file=file) for own in settings]
    if len(found) > MOST_SCENARIOS:
        raise ScenarioRefused(msg("at most {most} scenarios, got {count}", most=MOST_SCENARIOS, count=len(found)))
    names = Counter(str(each.name) for each in found)
    twice = [each.name for each in found if names[str(each.name)] > 1]
    if twice:
        raise ScenarioRefused(msg("two scenarios are called “{name}”", name=twice[0]))
    return tuple(found)


def _complete(base: Mapping[str, str]) -> dict[str, str]:
    """Settings for all scenarios, with the default election and time of a vote."""
    whole = dict(base)
    if not {"turnout", "profile"} <= whole.keys():
        whole.setdefault("election", ELECTION)
    whole.setdefault("service", f"{parameters.VOTE.mean:g}")
    return whole


def is_file(given: str) -> bool:
    """Check that a scenario given as text is the name of a file."""
    return given.casefold().endswith(".toml")


def _given(each: str | Mapping[str, object]) -> tuple[Sequence[Mapping[str, str]], PlanInput | None]:
    if not isinstance(each, str):
        return [as_settings(each)], None
    if not is_file(each):
        return [_of_text(each)], None
    opened = open_evidence(Path(each))
    return _of_file(opened), PlanInput(each, len(opened.data), opened.sha256, msg("scenarios"))


def _of_text(text: str) -> dict[str, str]:
    """The settings in ``key=value,…``; what follows ``profile=12h=0.35`` after a comma is part of it.

    Digits alone after a comma are decimals of the number before it: no setting is called by them.

    Raises:
        ScenarioRefused: it is no such text, or has a key twice.
    """
    own: dict[str, str] = {}
    last = ""
    for part in text.split(","):
        if "profile" in own and _HOUR_PART.match(part):
            own["profile"] += "," + part
            continue
        key, equals, value = part.partition("=")
        if own and _DECIMALS.fullmatch(part) and _WHOLE.search(own[last]):
            own[last] += "." + part.strip()
            continue
        if key.strip() in _BARE and not equals:
            equals, value = "=", "yes"
        if not equals:
            raise ScenarioRefused(msg("expected settings such as polls=2, got {part}", part=cited(part)))
        if key.strip() in own:
            raise ScenarioRefused(msg("{scenario}: {key} twice", scenario=cited(text), key=key.strip()))
        last = key.strip()
        own[last] = value.strip()
    return own


def _of_file(file: OpenedFile) -> list[Mapping[str, str]]:
    """The scenarios of a TOML file: one table, or several called ``[[scenario]]``.

    Raises:
        InputError: it cannot be read.
        ScenarioRefused: it holds something else.
    """
    path, tables = str(file.path), parse_toml(file)
    several = tables.get("scenario", [tables])
    other = "scenario" not in tables and any(map(_is_table, tables.values()))
    if other or ("scenario" in tables and len(tables) > 1) or not isinstance(several, list) or not several:
        raise ScenarioRefused(
            msg("{file}: expected the settings of one scenario, or tables called [[scenario]] alone", file=path)
        )
    found: list[Mapping[str, str]] = []
    for place, own in enumerate(several, 1):
        if not isinstance(own, dict):
            raise ScenarioRefused(msg("{file}: expected tables called [[scenario]]", file=path))
        if not own:
            raise ScenarioRefused(msg("{file}, scenario {place}: there are no settings in it", file=path, place=place))
        try:
            found.append(as_settings(own))
            scenario({}, found[-1], alone=False)
        except ScenarioRefused as error:
            said = msg("{file}, scenario {place}: {said}", file=path, place=place, said=error.message)
            raise ScenarioRefused(said) from error
    return found


def _is_table(value: object) -> bool:
    """Check that a value of TOML is a table, or a list of them."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value))


def as_settings(values: Mapping[str, object]) -> dict[str, str]:
    """Values of TOML or of a program as the texts that options would have.

    Raises:
        ScenarioRefused: a value is neither text nor number, yes nor no.
    """

    def text(key: str, value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float):
            return f"{value:.6f}".rstrip("0").rstrip(".")
        if isinstance(value, (str, int)):
            return str(value)
        raise ScenarioRefused(msg("{key}: expected a text or a number", key=cited(key)))

    return {key: text(key, value) for key, value in values.items()}


def scenario(base: Mapping[str, str], own: Mapping[str, str], *, alone: bool = True) -> PlanScenario:
    """One scenario: what holds for all, with its own settings on top.

    Args:
        base: settings that hold for all, by key.
        own: its settings, and its ``name``; without settings it is the base.
        alone: whether ``base`` is all that it stands on, so that a setting may not lack what it needs.

    Raises:
        ScenarioRefused: a key that there is not, a value that it cannot have, or a setting without what it needs.
    """
    settings = {key: text for key, text in own.items() if key != NAME}
    values = {key: _value(key, text) for key, text in {**base, **settings}.items()}
    if alone:
        _check_dependencies(values, settings or base)
    told = describe(settings or base)
    name = clean(own.get(NAME, "").strip())
    if len(name) > _LONGEST_NAME:
        raise ScenarioRefused(msg("name: at most {most} characters", most=_LONGEST_NAME))
    if not settings and name:
        raise ScenarioRefused(msg("scenario {name} changes nothing", name=cited(name)))
    return PlanScenario(name or series(told), dict(settings or base), told, _circumstances(values))


def describe(settings: Mapping[str, str]) -> tuple[Text, ...]:
    """Settings for people. Of an election beside a turnout that was given, only how people come is left to be told."""
    told: dict[str, Text] = {key: SETTINGS[key].tell(_value(key, settings[key])) for key in SETTINGS if key in settings}
    if {"election", "turnout"} <= told.keys():
        told["election"] = SETTINGS["profile"].tell(_value("election", settings["election"]))
        if "profile" in told:
            del told["election"]
    return tuple(told.values())


def check_outages(scenarios: Iterable[PlanScenario], bureaux: Sequence[TownBureau]) -> None:
    """Refuse a machine that is out when no bureau is open: it would cost nothing.

    Raises:
        ScenarioRefused: one is.
    """
    for each in scenarios:
        outage = each.circumstances.outage
        hours = [each.circumstances.hours(bureau) for bureau in bureaux]
        if outage is None or any(opening * HOUR <= outage.at <= closing * HOUR for opening, closing in hours):
            continue
        minutes = outage.at // MINUTE
        raise ScenarioRefused(
            msg(
                "out: no bureau is open at {time}; they open at {opening}h and close at {closing}h",
                time=f"{minutes // 60}:{minutes % 60:02}",
                opening=min(opening for opening, _ in hours),
                closing=max(closing for _, closing in hours),
            )
        )


def _value(key: str, text: str) -> Any:
    setting = SETTINGS.get(key)
    if setting is None:
        raise _unknown(key)
    try:
        return setting.parse(text)
    except (ScenarioRefused, Refused) as error:
        raise ScenarioRefused(msg("{key}: {said}", key=key, said=error.args[0])) from error


def _unknown(key: str) -> RegardError:
    near = difflib.get_close_matches(key[:40], [*SETTINGS, NAME], 1, 0.6)
    known = series((NAME, *SETTINGS))
    if near:
        return ScenarioRefused(msg("no setting is called {key}; did you mean {near}?", key=cited(key), near=near[0]))
    return ScenarioRefused(msg("no setting is called {key}; there are {known}", key=cited(key), known=known))


def _check_dependencies(values: Mapping[str, Any], named: Mapping[str, str]) -> None:
    """Refuse a setting that has no effect without another one that is not set."""
    needs: dict[str, tuple[bool, str]] = {
        "second": (values.get("polls") == 2, "polls=2"),
        "first-only": (values.get("polls") == 2, "polls=2"),
        "reserves": (values.get("then") is Then.RESERVE, "then=reserve"),
        "travel": (values.get("then") is Then.RESERVE, "then=reserve"),
        "paper-after": (values.get("then") is Then.PAPER, "then=paper"),
        "bureau": ("out" in values, "out"),
        "repair": ("breakdown" in values, "breakdown"),
        "then": ("breakdown" in values or "out" in values, "breakdown, out"),
    }
    for key in named:
        met, lacking = needs.get(key, (True, ""))
        if not met:
            raise ScenarioRefused(msg("{key} says nothing without {needs}", key=key, needs=lacking))
    if values.get("then") is Then.RESERVE and not values.get("reserves"):
        raise ScenarioRefused(msg("{key} says nothing without {needs}", key="then=reserve", needs="reserves"))


def _circumstances(values: Mapping[str, Any]) -> Circumstances:
    election = values.get("election", SETTINGS["election"].parse(ELECTION))
    profile = values.get("profile", election)
    service = replace(parameters.VOTE, mean=values.get("service", parameters.VOTE.mean))
    way, out = values.get("then", Then.REPAIR), values.get("out")
    breakdowns = None
    if "breakdown" in values:
        breakdowns = Breakdowns(values["breakdown"], values.get("repair", parameters.REPAIR), way)
    return Circumstances(
        profile=profile.late() if values.get("late-city") else profile,
        turnout=values.get("turnout", election.final / 10_000),
        proxies=values.get("proxies", parameters.PROXY_SHARE),
        service=service,
        polls=values.get("polls", 1),
        second=replace(service, mean=values["second"]) if "second" in values else None,
        first_only=values.get("first-only", 0.0),
        opening_delay=values.get("opening-delay", 0),
        opening=values.get("opening"),
        closing=values.get("closing"),
        breakdowns=breakdowns,
        outage=None if out is None else Outage(out[0] * MINUTE, out[1] * MINUTE, way),
        reserves=values.get("reserves", 0),
        travel=values.get("travel", parameters.RESERVE_TRAVEL),
        paper_after=values.get("paper-after", parameters.PAPER_AFTER),
        patience=values.get("patience"),
    )
