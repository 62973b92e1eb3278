"""`python -m bench verify`: one core of the work against polars, and many nations in one process.

The core is what `bench.core` asks, for 70,000 bureaux. Ours is the verifier itself, which does that and more; polars
does what the core asks. Both come to the same findings and sums, which is asserted before anything is timed.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.core.night import BUREAUX, write_night
from bench.nation import Ints
from bench.peers import WAYS, agree, way
from bench.timing import Times, table, time_core, verdict

WARM = 5
"""Runs in a process that has done the core twice."""
BOUND_WARM, BOUND_PROCESS = 0.5, 1.0
"""Times polars: a process that has done the core before takes half as long at most, and one that starts, does
it and ends no longer."""
BOUND_NATIONS, BOUND_MEMORY = 1.3, 1.3
"""Times a nation, and times the peak of memory, of many nations in one process against few: what the allocator keeps
differs by a fifth from one process to the next, and a megabyte that each nation left behind would be a half."""


def alike(ours: Sequence[Ints], theirs: Sequence[Ints]) -> bool:
    """Compare sums by level."""
    return len(ours) == len(theirs) and all(map(np.array_equal, ours, theirs))


def against_polars(folder: Path, rounds: int) -> list[bool]:
    """Time both ways in turn, print what they took, and hold ours against polars."""
    runs: dict[str, list[int]] = {name: [] for name in WAYS}
    processes: dict[str, list[int]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name in WAYS:
            runs[name] += time_core("core", name, folder, WARM + 2)[0][2:]
            processes[name].append(round(time_core("core", name, folder)[1].seconds * 1e9))
    held = []
    for what, taken, bound in (("warm", runs, BOUND_WARM), ("whole process", processes, BOUND_PROCESS)):
        times = {name: Times(BUREAUX, tuple(of)) for name, of in taken.items()}
        print(f"the core, {BUREAUX:,} bureaux, {what}\n{table(times, 'ours', 'bureau')}")
        held.append(verdict(f"{what}, ours against polars", times["ours"].best / times["polars"].best, bound))
    return held


def many_nations(folder: Path, count: int) -> tuple[float, float]:
    """Median milliseconds a nation, and peak of memory in megabytes, of so many nations in one process of its own."""
    taken, used = time_core("core", "ours", folder, count + 1)
    return statistics.median(taken[1:]) / 1e6, used.megabytes


def main(rounds: int = 12, nations: int = 100) -> bool:
    """Run everything; whether results agree and all bounds held."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_night(folder)
        if not agree({name: way("core", name)(folder) for name in WAYS}, "rules that fire", alike):
            return False
        held = against_polars(folder, rounds)
        (few, peak_of_few), (many, peak_of_many) = (
            many_nations(folder, count) for count in (max(nations // 10, 1), nations)
        )
        print(f"a nation among {nations}: {many:.1f} ms, peak {peak_of_many:,.0f} MB")
        held += [
            verdict("time a nation, many against few", many / few, BOUND_NATIONS),
            verdict("peak memory, many against few", peak_of_many / peak_of_few, BOUND_MEMORY),
        ]
    return all(held)
