"""The days of a town under four scenarios, with their draws.

Sixty bureaux of 945 registered voters on average; as planned, two polls, breakdowns with a reserve machine, an outage
with a late opening. All is the time of one processor, the best of some rounds: so other work disturbs it least.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bench.timing import in_turn, verdict
from sim.elections import PROFILES
from sim.executors import Here
from sim.queues.days import town_days
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
MOST_MEMORY = 500.0
"""Megabytes, libraries included."""


def town() -> list[TownBureau]:
    """Bureaux about as large as those of the machine communes."""
    sizes = np.random.default_rng(SEED).normal(REGISTERED, SPREAD * REGISTERED, BUREAUX)
    sizes += REGISTERED - sizes.mean()
    return [
        TownBureau("76351", "", f"{code:04}", round(size), 1, 1, 8, 19)
        for code, size in enumerate(sizes.tolist(), start=1)
    ]


def play(bureaux: Sequence[TownBureau]) -> list[TownDays]:
    """A block of days in this process."""
    return town_days(bureaux, SCENARIOS, SEED, BLOCK, Here())


def main(rounds: int = 5) -> bool:
    """Measure, the best of so many rounds; whether all bounds held."""
    bureaux = town()
    days = BLOCK * len(bureaux) * len(SCENARIOS)
    times = in_turn({"town": (days, lambda: play(bureaux))}, rounds, time.process_time_ns)
    best = times["town"].best
    print(f"{len(bureaux)} bureaux, {len(SCENARIOS)} scenarios; best of {rounds}: {best / 1000:,.1f} µs a bureau's day")
    held = verdict(f"{DAYS:,} days, seconds", best * DAYS * len(bureaux) * len(SCENARIOS) / 1e9, MOST)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return verdict("memory, MB", memory, MOST_MEMORY) and held
