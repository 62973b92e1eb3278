"""The days of a town under four scenarios: with numpy, and in simpy, on the same draws.

Sixty bureaux of 945 registered voters on average; as planned, two polls, breakdowns with a reserve machine, an outage
with a late opening. All is the time of one processor, the best of some rounds: so other work disturbs it least.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bench.day import NoMachine
from bench.timing import in_turn, verdict
from sim.day import MachineFailure, Room, VotingMachine
from sim.elections import PROFILES
from sim.executors import Here
from sim.queues.days import PlannedDay, day_of, town_days
from sim.queues.town import BLOCK, Breakdowns, Circumstances, Outage, Then, TownBureau, TownDays
from sim.voters import HOUR

SEED = 1
BUREAUX, REGISTERED, SPREAD = 60, 945, 0.13
PLANNED = Circumstances(PROFILES["2022-P1"])
SCENARIOS = (
    PLANNED,
    replace(PLANNED, polls=2),
    replace(PLANNED, breakdowns=Breakdowns(0.0025, 60.0, Then.RESERVE), reserves=1),
    replace(PLANNED, outage=Outage(17 * HOUR, 40 * 60_000), opening_delay=20),
)
DAYS = 1000
MOST = 20.0
"""Seconds for so many days."""
LEAST = 40.0
"""Times as fast as simpy."""
MOST_MEMORY = 500.0
"""Megabytes, libraries included."""
FEW = 6
"""Bureaux for simpy."""


def town() -> list[TownBureau]:
    """Bureaux about as large as those of the machine communes."""
    sizes = np.random.default_rng(SEED).normal(REGISTERED, SPREAD * REGISTERED, BUREAUX)
    sizes += REGISTERED - sizes.mean()
    return [
        TownBureau("76351", "", f"{code:04}", round(size), 1, 1, 8, 19)
        for code, size in enumerate(sizes.tolist(), start=1)
    ]


def in_simpy(planned: PlannedDay) -> int:
    """The longest wait of a bureau's day."""

    def resume(now: int) -> tuple[VotingMachine, bool]:
        return NoMachine(), False

    failures = [MachineFailure(each.at, each.length, lambda: None, resume, each.machine) for each in planned.failures]
    machines = [NoMachine() for _ in range(planned.bureau.machines)]
    tables = planned.bureau.tables
    day = Room(planned.opening, planned.closing, planned.voters, machines, None, failures, tables).hold()
    wait = day.identify[:, 0] - planned.voters.arrival + day.vote[:, 0] - day.identify[:, 1]
    return int(wait.max(initial=0))


def play(bureaux: Sequence[TownBureau]) -> list[TownDays]:
    """A block of days in this process."""
    return town_days(bureaux, SCENARIOS, SEED, BLOCK, Here())


def main(rounds: int = 5) -> bool:
    """Measure, the best of so many rounds; whether all bounds held."""
    bureaux = town()
    some = [day_of(bureaux, of, SEED, 1)[:FEW] for of in SCENARIOS]
    ways: dict[str, tuple[int, Callable[[], object]]] = {
        "numpy": (BLOCK * BUREAUX * len(SCENARIOS), lambda: play(bureaux)),
        "simpy": (FEW * len(SCENARIOS), lambda: [in_simpy(each) for planned in some for each in planned]),
    }
    times = in_turn(ways, rounds, time.process_time_ns)
    print(f"{len(bureaux)} bureaux, {len(SCENARIOS)} scenarios; a bureau's day, one core, best of {rounds}:")
    held = True
    for way, taken in times.items():
        print(f"  {way:6} {taken.best / 1000:10,.1f} µs")
    seconds = times["numpy"].best * DAYS * BUREAUX * len(SCENARIOS) / 1e9
    held &= verdict(f"{DAYS:,} days, seconds", seconds, MOST)
    held &= verdict("times as fast as simpy", times["simpy"].best / times["numpy"].best, LEAST, at_least=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    held &= verdict("memory, MB", memory, MOST_MEMORY)
    return held
