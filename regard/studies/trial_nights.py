"""The nights of trials, in memory: one fault each, at a high rate; the days are simulated once and shared."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from protocol import night
from sim.bureaux import choose, polling_bureaux
from sim.elections import SCENARIOS
from sim.evidence import BureauEvidence
from sim.faults.catalogue import Rates, faults
from sim.faults.model import CountFault, DayFault, Fault, PaperFault, Unit
from sim.nights.bureau_days import NightTask, perform, perform_where_struck
from sim.nights.night import copy_papers, write_dumps, write_tables

YEAR = 2022
MACHINES = ("34324", "77513", "92076")
"""Valras-Plage, Villenoy and Vaucresson: twelve bureaux, one of them with two machines."""
MIXED = ("25388",)
"""Montbéliard, half on machines, for faults that happen in paper bureaux only."""
PAPER = "studies"
"""The care of those paper bureaux, in `sim.parameters`."""
RATES = {Unit.PERSON: 0.002, Unit.BALLOT: 0.001, Unit.BUREAU: 0.2, Unit.GAP: 0.6}
"""Rate of the fault under trial, by its unit: often, so that a few nights show it."""
PAPER_RATE = 0.02
"""Rate of a fault per person in paper bureaux, where such rates are multiplied by 0.1."""
GAPS = {"signed-without-vote": 0.001, "voted-twice": 0.0005}
"""Faults that create gaps, for faults that act on a gap."""
NO_FAULT = ""
"""The night without a fault."""

Days = list[list[BureauEvidence]]
"""Of each commune the bureaux, before anything happens to their papers."""


class NightInMemory:
    """The files of a night, as `sim.nights.night` writes them.

    Attributes:
        files: the bytes of each.
        digests: their SHA-256.
        manifest: the SHA-256 that the night's manifest has of each.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}
        self.manifest: dict[str, str] = {}

    def write(self, name: str, data: bytes, *, listed: bool = True) -> None:
        """Add one file. It enters the manifest unless it is the truth or ``listed`` is false."""
        self.files[name] = data
        self.digests[name] = hashlib.sha256(data).hexdigest()
        if listed and name != night.TRUTH.file:
            self.manifest[name] = self.digests[name]

    def remove(self, name: str) -> None:
        """Take a file away that the manifest lists."""
        del self.files[name], self.digests[name]


class TrialNights:
    """All nights of one seed.

    Args:
        seed: of all of them.
        communes: INSEE codes of those whose machine bureaux are simulated.
    """

    def __init__(self, seed: int, communes: Sequence[str]) -> None:
        self._seed, self._communes = seed, tuple(communes)
        self._held: dict[tuple[bool, tuple[tuple[str, float], ...]], Days] = {}

    def night(self, name: str) -> NightInMemory:
        """The night with the fault ``name``, or none for `NO_FAULT`."""
        return self.night_at(rates_of(name), name != NO_FAULT and on_paper_only(faults()[name]))

    def night_at(self, rates: Rates, mixed: bool = False) -> NightInMemory:
        """The night with faults at these rates, with the paper bureaux of `MIXED` or not; the days stay as they are."""
        scenario = SCENARIOS[YEAR]
        of_the_day = {each: rate for each, rate in rates.items() if not isinstance(faults()[each], PaperFault)}
        writing = NightInMemory()
        done: list[BureauEvidence] = []
        for days in self._days(mixed, of_the_day):
            commune = [evidence.copy() for evidence in days]
            copy_papers(self._seed, scenario, rates, commune)
            write_dumps(writing, self._seed, scenario, rates, commune)
            done += commune
        done.sort(key=lambda evidence: evidence.bureau.key)
        write_tables(writing, scenario, done)
        return writing

    def _days(self, mixed: bool, rates: Rates) -> Days:
        """The days with faults at these rates.

        Only bureaux that a fault strikes differ from those without any, and only these are held again.
        """
        key = mixed, tuple(rates.items())
        if key not in self._held:
            scenario, care = SCENARIOS[YEAR], PAPER if mixed else None
            communes = choose(YEAR, MIXED if mixed else self._communes)
            rooms = [polling_bureaux(self._seed, scenario, each, mixed) for each in communes]
            tasks = [NightTask(self._seed, scenario, room, rates, care) for room in rooms]
            days = map(perform_where_struck, tasks, self._days(mixed, {})) if rates else map(perform, tasks)
            self._held[key] = [sorted(of, key=lambda evidence: evidence.bureau.code) for of in days]
        return self._held[key]


def rates_of(name: str) -> dict[str, float]:
    """Rates for the night of fault ``name``."""
    if name == NO_FAULT:
        return {}
    fault = faults()[name]
    if fault.unit is Unit.GAP:
        return {**GAPS, name: RATES[Unit.GAP]}
    return {name: PAPER_RATE if fault.unit is Unit.PERSON and on_paper_only(fault) else RATES[fault.unit]}


def on_paper_only(fault: Fault) -> bool:
    """True if it strikes paper bureaux only."""
    if isinstance(fault, PaperFault):
        return fault.paper
    return isinstance(fault, CountFault) or (isinstance(fault, DayFault) and not fault.machines)
