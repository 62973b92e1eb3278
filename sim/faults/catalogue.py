"""All faults by name, and how a user chooses among them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from typing import Any, TypeVar

import numpy as np

from protocol.words import cited, msg, nmsg, series
from sim import parameters
from sim.errors import UnknownFault
from sim.evidence import FIRST_POLL, BureauEvidence, Truth
from sim.faults import conduct, day, dumps, publication, records, urns
from sim.faults.model import ConductFault, DayFault, Effect, Fault, PaperFault, Plan, Stage, Unit
from sim.faults.placed import AT, PlacedFault, by_bureau, read_placed, read_times
from sim.parameters import Care
from sim.streams import stream
from sim.voters import Voters

Key = tuple[str, int, str, str]
"""Election, round, INSEE code and bureau."""
Rates = Mapping[str, float]
"""Rate by name of fault, and number of times by place (`PlacedFault`); a fault that is not named does not happen."""
TRIES = 200
"""Most attempts to hit the figure that was asked for."""


_OF_PAPERS = (dumps.FIGURES, urns.FAULTS, dumps.FAULTS, records.FAULTS, publication.FAULTS)
EVERY: tuple[Fault, ...] = (
    *day.FAULTS,
    day.MISREAD,
    *conduct.FAULTS,
    *sorted(chain(*_OF_PAPERS), key=lambda fault: list(Stage).index(fault.stage)),
)
"""All faults of the ESF1's nights, in the order in which they strike."""


@cache
def faults() -> dict[str, Fault]:
    """Every fault of the ESF1's nights, by name."""
    return {fault.name: fault for fault in EVERY}


def default_rates(among: Mapping[str, Fault] | None = None) -> dict[str, float]:
    """The faults of an ordinary night at their own rates; ``among`` as in `fault_named`."""
    return {fault.name: fault.rate for fault in (among or faults()).values() if fault.rate}


def fault_named(name: str, among: Mapping[str, Fault] | None = None) -> Fault:
    """The fault of a name, of those of a bureau's evidence, or ``among`` others.

    Raises:
        UnknownFault: none has that name; with the names that are nearest, three at most.
    """
    every = among or faults()
    if name not in every:
        near = difflib.get_close_matches(name, every)
        none = msg("no fault {name}", name=cited(name))
        similar = nmsg(
            "{none}; similar name: {near}", "{none}; similar names: {near}", len(near), none=none, near=series(near)
        )
        raise UnknownFault(similar if near else none)
    return every[name]


def parse_rates(text: str, among: Mapping[str, Fault] | None = None) -> dict[str, float]:
    """``none``, ``default``, or ``NAME=RATE,…``, which may begin with ``default`` to change some rates only.

    ``NAME@BUREAU`` (all forms: `PlacedFault`) strikes that bureau; ``=TIMES`` says how often.

    Raises:
        UnknownFault: no name, one that no fault has, one given twice, a rate outside of 0 to 1, or no place; ``among``
            as in `fault_named`.
    """
    if not text.strip(" ,"):
        raise UnknownFault(msg("expected none, default, or NAME=RATE, got {text}", text=cited(text)))
    rates: dict[str, float] = {}
    named: set[str] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, number = (each.strip() for each in part.partition("="))
        if part == "none":
            continue
        if part == "default":
            rates |= default_rates(among)
            continue
        fault = fault_named(name.partition(AT)[0], among)
        if name in named:
            raise UnknownFault(msg("{name}: its rate is given twice", name=cited(name)))
        named.add(name)
        if AT in name:
            placed = read_placed(name, fault)
            rates[str(placed)] = read_times(placed, fault, number if sign else "1")
        else:
            rates[name] = _rate(name, number) if sign else fault.rate
    return {name: rate for name, rate in rates.items() if rate}


def _rate(name: str, text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0.0 <= rate <= 1.0:
        raise UnknownFault(
            msg("rate of {name}: expected a number from 0 to 1, got {text}", name=name, text=cited(text)),
        )
    return rate


def carelessness(seed: int, key: Key, care: Care) -> float:
    """The factor on the rates of the day in one bureau; gaps cluster by commune and by bureau, in both rounds."""
    election, _, insee, bureau = key
    commune = stream(seed, election, insee, "carelessness").gamma(care.commune, 1.0 / care.commune)
    own = stream(seed, election, insee, bureau, "carelessness").gamma(care.bureau, 1.0 / care.bureau)
    return float(care.mean * commune * own)


def strike_day(
    seed: int,
    key: Key,
    rates: Rates,
    voters: Voters,
    care: Care = parameters.MACHINE_CARE,
    paper: bool = False,
) -> list[tuple[str, Effect]]:
    """Let the faults of the day happen to the people of one bureau. Returns fault and effect of each."""
    struck = []
    places = by_bureau(rates)
    factor = carelessness(seed, key, care)
    for fault in _chosen(rates, DayFault):
        if not (fault.paper if paper else fault.machines):
            continue
        rate = 1.0 - (1.0 - rates.get(fault.name, 0.0)) ** factor
        lists = enumerate(voters.lists, start=FIRST_POLL) if fault.each_list else ((None, voters.signatures),)
        for poll, signatures in lists:
            of_poll = () if poll in (None, FIRST_POLL) else (poll,)
            random = stream(seed, *key, "fault", fault.name, *of_poll)
            own = replace(voters, signatures=signatures)  # the arrays themselves, which the fault changes
            effects = [fault.act(own, int(at)) for at in np.flatnonzero(random.random(len(voters)) < rate)]
            for placed, times in places.get((fault.name, *key[2:]), ()):
                people = stream(seed, *key, "placed", str(placed), *of_poll).permutation(len(voters))
                able = (effect for at in people if (effect := fault.act(own, int(at))) is not None)
                effects += islice(able, times)
            struck += [(fault.name, replace(effect, poll=poll)) for effect in effects if effect is not None]
    return struck


def strike_conduct(seed: int, key: Key, rates: Rates, plan: Plan) -> list[tuple[str, Effect]]:
    """Let the faults of conduct happen to the plan of one bureau. Returns fault and effect of each."""
    struck = []
    places = by_bureau(rates)
    for fault in _chosen(rates, ConductFault):
        random = stream(seed, *key, "fault", fault.name)
        strikes = random.random() < rates.get(fault.name, 0.0) or (fault.name, *key[2:]) in places
        if strikes and (effect := fault.act(plan, random)) is not None:
            struck.append((fault.name, effect))
    return struck


def strike_papers(
    seed: int, key: tuple[str | int, ...], rates: Rates, stage: Stage, commune: list[BureauEvidence]
) -> None:
    """Let the faults of one stage happen to the papers of one commune's bureaux; each is noted in the truth."""
    places = by_bureau(rates)
    for fault in _chosen(rates, PaperFault):
        if fault.stage is not stage:
            continue
        random = stream(seed, *key, "fault", fault.name)
        drawn = random.random(len(commune)) < rates.get(fault.name, 0.0)
        for at, evidence in enumerate(commune):
            placed = places.get((fault.name, *evidence.bureau.key), ())
            if not (drawn[at] or placed) or not _can_strike(fault, evidence):
                continue
            struck = [] if placed else fault.act(commune, at, random)
            for each, _ in placed:
                struck += _strike_placed((seed, *key), fault, each, commune, at)
            for where, effect in struck:
                commune[where].truth.append(truth(fault.name, commune[where], effect))


def _strike_placed(
    key: tuple[Any, ...], fault: PaperFault, placed: PlacedFault, commune: list[BureauEvidence], at: int
) -> list[tuple[int, Effect]]:
    """Let a fault hit one bureau's papers in the field asked for; ``anywhere`` may hit any; nothing if it cannot."""
    act = fault.anywhere or fault.act
    for attempt in range(TRIES):
        tried = act([evidence.copy() for evidence in commune], at, stream(*key, "placed", str(placed), attempt))
        if any(where == at and placed.allows(effect.field) for where, effect in tried):
            return act(commune, at, stream(*key, "placed", str(placed), attempt))
    return []


def _can_strike(fault: PaperFault, evidence: BureauEvidence) -> bool:
    if fault.stage in (Stage.DUMP, Stage.KEEPING) and not evidence.parts:
        return False
    if fault.paper and evidence.bureau.machines:
        return False
    return fault.unit is not Unit.GAP or records.has_gap(evidence)


def truth(fault: str, evidence: BureauEvidence, effect: Effect) -> Truth:
    """One line of the truth."""
    insee, bureau = evidence.bureau.key
    return Truth(fault, insee, bureau, effect.piece, effect.field, effect.change, effect.detail, evidence.poll)


F = TypeVar("F", bound=Fault)


def _chosen(rates: Rates, kind: type[F]) -> Iterable[F]:
    names = {name.partition(AT)[0] for name in rates}
    return [fault for name, fault in faults().items() if name in names and isinstance(fault, kind)]
