"""All faults by name, and how a user chooses among them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

import numpy as np

from sim.errors import UnknownFault
from sim.evidence import Evidence, Truth
from sim.faults import day
from sim.faults.model import DayFault, Effect, Fault, PaperFault, Stage
from sim.streams import stream
from sim.voters import Voters

Rates = Mapping[str, float]
"""Rate by name of fault; a fault that is not named does not happen."""


@cache
def faults() -> dict[str, Fault]:
    """Every fault, by name."""
    return {fault.name: fault for fault in (*day.FAULTS,)}


def default_rates() -> dict[str, float]:
    """The faults of an ordinary night at their own rates."""
    return {fault.name: fault.rate for fault in faults().values() if fault.rate}


def parse_rates(text: str) -> dict[str, float]:
    """``none``, ``default``, or ``NAME=RATE,…``, which may begin with ``default`` to change some rates only.

    Raises:
        UnknownFault: a name that no fault has, or a rate outside of 0 to 1.
    """
    rates: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, number = part.partition("=")
        if part == "none":
            continue
        if part == "default":
            rates |= default_rates()
            continue
        if name not in faults():
            near = difflib.get_close_matches(name, faults(), 1)
            raise UnknownFault(f"no fault {name!r}" + (f"; the nearest is {near[0]}" if near else ""))
        rates[name] = _rate(name, number) if sign else faults()[name].rate
    return {name: rate for name, rate in rates.items() if rate}


def _rate(name: str, text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0.0 <= rate <= 1.0:
        raise UnknownFault(f"rate of {name}: expected a number from 0 to 1, got {text!r}")
    return rate


def strike_day(seed: int, key: tuple[str | int, ...], rates: Rates, voters: Voters) -> list[tuple[str, Effect]]:
    """Let the faults of the day happen to the people of one bureau. Returns fault and effect of each."""
    struck = []
    for fault in _chosen(rates, DayFault):
        random = stream(seed, *key, "fault", fault.name)
        for person in np.flatnonzero(random.random(len(voters)) < rates[fault.name]):
            effect = fault.act(voters, int(person))
            if effect is not None:
                struck.append((fault.name, effect))
    return struck


def strike_papers(seed: int, key: tuple[str | int, ...], rates: Rates, stage: Stage, commune: list[Evidence]) -> None:
    """Let the faults of one stage happen to the papers of one commune's bureaux; each writes its truth."""
    for fault in _chosen(rates, PaperFault):
        if fault.stage is not stage:
            continue
        random = stream(seed, *key, "fault", fault.name)
        for at in np.flatnonzero(random.random(len(commune)) < rates[fault.name]):
            for where, effect in fault.act(commune, int(at), random):
                commune[where].truth.append(truth(fault.name, commune[where], effect))


def truth(fault: str, evidence: Evidence, effect: Effect) -> Truth:
    """One line of the truth."""
    insee, bureau = evidence.bureau.key
    return Truth(fault, insee, bureau, effect.piece, effect.field, effect.change, effect.detail)


F = TypeVar("F", bound=Fault)


def _chosen(rates: Rates, kind: type[F]) -> Iterable[F]:
    return [fault for name, fault in faults().items() if name in rates and isinstance(fault, kind)]
