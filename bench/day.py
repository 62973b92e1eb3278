"""The election day of all machine bureaux: simpy, the full night, the vectorised engine.

The full night is everything but writing files: voters drawn, the day held in simpy, every vote through the
real machine, exports, images, records. Days are computed on all cores, as `regard simulate` does; replications on one.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench.timing import timed, verdict
from sim import polling
from sim.bureaux import Bureau, machine_bureaux, machine_communes
from sim.day import Day, Room
from sim.elections import PROFILES, SCENARIOS
from sim.executors import Here
from sim.faults.catalogue import default_rates
from sim.queues import days as engine
from sim.queues.town import BLOCK, Circumstances, TownBureau, TownDays
from sim.voters import HOUR, LATE_CLOSING, Voters, draw

SCENARIO = SCENARIOS[2022]
SEED = 1
BATCH = 12
BOUND_MACHINE, BOUND_REPLICATIONS, BOUND_MEMORY = 2.0, 120.0, 500.0


class NoMachine:
    """A machine at which nothing happens."""

    def enable(self) -> None:
        """Nothing."""

    def select(self, poll_choice: int) -> None:
        """Nothing."""

    def blank(self) -> None:
        """Nothing."""

    def validate(self) -> None:
        """Nothing."""

    def cancel(self) -> None:
        """Nothing."""


def simpy_day(bureau: Bureau, voters: Voters) -> Day:
    """The bureau's day in simpy without machines."""
    machines = [NoMachine() for _ in range(bureau.machines)]
    return Room(bureau.opening * HOUR, bureau.closing * HOUR, voters, machines).hold()


def without_machine(bureaux: Sequence[Bureau]) -> int:
    """Voters of some bureaux, their days in simpy only."""
    return sum(len(simpy_day(bureau, draw(SEED, SCENARIO, bureau)).vote) for bureau in bureaux)


def full(bureaux: Sequence[Bureau]) -> int:
    """Votes of some bureaux, their whole evidence made."""
    rates = default_rates()
    nights = (polling.hold(SEED, SCENARIO, bureau, rates) for bureau in bureaux)
    return sum(night.record.figures.votes_found or 0 for night in nights)


@dataclass(frozen=True, slots=True)
class Run:
    """Result of one way: its output, elapsed seconds, and processor seconds of all processes."""

    total: int
    seconds: float
    processor: float


def time_run(work: Callable[[Sequence[Bureau]], int], batches: Sequence[Sequence[Bureau]], workers: int) -> Run:
    """Run on that many processes. On a shared machine only the processors' time is a fair measure."""
    before = _children()
    with ProcessPoolExecutor(workers) as pool:
        total, seconds = timed(lambda: sum(pool.map(work, batches)))
    return Run(total, seconds, _children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def line(name: str, people: int, seconds: float, note: str = "") -> None:
    """One line of the table."""
    print(f"{name:42} {seconds:9.3f} s  {people / seconds / 1000:12,.0f} thousand voters/s  {note}")


def nation_days(bureaux: Sequence[Bureau], days: int) -> list[TownDays]:
    """Those days of all bureaux: where they close at 20h, and elsewhere."""
    found = []
    for late in (False, True):
        there = [
            TownBureau(each.insee, "", each.code, each.registered, each.machines, 1, each.opening, each.closing)
            for each in bureaux
            if (each.closing >= LATE_CLOSING) == late
        ]
        profile = PROFILES[SCENARIO.profile]
        if there:
            of = Circumstances(profile.late() if late else profile)
            found += engine.town_days(there, [of], SEED, days, Here())
    return found


def main(replications: int = 50, workers: int = os.cpu_count() or 1) -> bool:
    """Measure so many days of the nation, and one night on all processes; whether all bounds held."""
    rooms = [machine_bureaux(SEED, SCENARIO, commune) for commune in machine_communes(2022)]
    everywhere = [bureau for bureaux in rooms for bureau in bureaux]
    batches = [bureaux[at : at + BATCH] for bureaux in rooms for at in range(0, len(bureaux), BATCH)]
    print(f"{len(everywhere):,} bureaux, {workers} processes for the days, one for the replications\n")
    bare = time_run(without_machine, batches, workers)
    line("simpy without the machine", bare.total, bare.seconds, f"{bare.processor:.1f} s of processors")
    whole = time_run(full, batches, workers)
    note = f"{whole.processor:.1f} s of processors, {whole.total:,} votes"
    line("the full night: day, machine, evidence", bare.total, whole.seconds, note)
    nation_days(everywhere[:50], BLOCK)
    start = time.process_time()
    days = nation_days(everywhere, replications)
    seconds = time.process_time() - start
    counted = sum(int(each.people.sum()) for each in days)
    line("national days with their draws", counted, seconds, f"{replications} days, one core")
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    kilobytes = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children)
    held = [
        verdict("the full night, in processor time of simpy alone", whole.processor / bare.processor, BOUND_MACHINE),
        verdict("1,000 national days, seconds", seconds / replications * 1000, BOUND_REPLICATIONS),
        verdict("memory of the largest process, MB", kilobytes / 1024, BOUND_MEMORY),
    ]
    return all(held)
