"""The election day of all machine bureaux: simpy, the full night, the vectorised engine, a plain heapq loop.

The full night is everything but writing files: voters drawn, the day held (`sim.undisturbed`), every vote through the
real machine, exports, images, records. Days are computed on all cores, as `regard simulate` does; replications on one.
"""

from __future__ import annotations

import argparse
import heapq
import os
import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from bench.timing import verdict
from sim import polling
from sim.bureaux import Bureau, machine_bureaux, machine_communes
from sim.day import Day, Room
from sim.elections import PROFILES, SCENARIOS
from sim.executors import Here
from sim.faults.catalogue import default_rates
from sim.queues import days as engine
from sim.queues.recursion import columns, serve
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


def heapq_day(bureau: Bureau, voters: Voters) -> int:
    """When the last one has signed: the same model as a plain loop over events, no processes."""
    identify, sign = voters.identify.tolist(), voters.sign.tolist()
    votes = voters.visits.sum(axis=1).tolist()
    events = [(at, 0, person) for person, at in enumerate(voters.arrival.tolist())]
    queues: tuple[deque[int], ...] = (deque(), deque(), deque())
    free = [1, bureau.machines, 1]
    times = (identify, votes, sign)
    now = 0

    def begin(station: int) -> None:
        while free[station] and queues[station]:
            person = queues[station].popleft()
            free[station] -= 1
            heapq.heappush(events, (now + times[station][person], station + 1, person))

    heapq.heapify(events)
    while events:
        now, done, person = heapq.heappop(events)
        if done:
            free[done - 1] += 1
            begin(done - 1)
        if done < 3 and (done < 2 or sign[person]):
            queues[done].append(person)
            begin(done)
    return max(now, bureau.closing * HOUR)


@dataclass(frozen=True, slots=True)
class Run:
    """Result of one way: its output, elapsed seconds, and processor seconds of all processes."""

    total: int
    seconds: float
    processor: float


def time_run(work: Callable[[Sequence[Bureau]], int], batches: Sequence[Sequence[Bureau]], workers: int) -> Run:
    """Run on that many processes. On a shared machine only the processors' time is a fair measure."""
    before = _children()
    start = time.perf_counter()
    with ProcessPoolExecutor(workers) as pool:
        total = sum(pool.map(work, batches))
    return Run(total, time.perf_counter() - start, _children() - before)


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


def exact(bureaux: Sequence[Bureau]) -> bool:
    """Check that simpy, the columns and the heapq loop agree to the millisecond."""
    good = True
    for machines in (1, 2):
        some = [bureau for bureau in bureaux if bureau.machines == machines]
        days = [draw(SEED, SCENARIO, bureau) for bureau in some]
        services = serve(columns(days), machines=machines)
        for at, (bureau, voters) in enumerate(zip(some, days, strict=True)):
            day, count = simpy_day(bureau, voters), len(voters)
            for name, spans in (("identify", day.identify), ("vote", day.vote), ("sign", day.sign)):
                good &= bool((getattr(services, f"{name}_start")[:count, at] == spans[:, 0]).all())
                good &= bool((getattr(services, f"{name}_end")[:count, at] == spans[:, 1]).all())
            good &= heapq_day(bureau, voters) == day.last
    return good


def main(argv: Sequence[str]) -> int:
    """Measure, and return 1 where a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench day", description=__doc__)
    parser.add_argument("--replications", type=int, default=50, help="days of the nation to measure (default 50)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: all cores)")
    args = parser.parse_args(argv)
    rooms = [machine_bureaux(SEED, SCENARIO, commune) for commune in machine_communes(2022)]
    everywhere = [bureau for bureaux in rooms for bureau in bureaux]
    batches = [bureaux[at : at + BATCH] for bureaux in rooms for at in range(0, len(bureaux), BATCH)]
    print(f"{len(everywhere):,} bureaux, {args.workers} processes for the days, one for the replications\n")

    bare = time_run(without_machine, batches, args.workers)
    line("simpy without the machine", bare.total, bare.seconds, f"{bare.processor:.1f} s of processors")
    whole = time_run(full, batches, args.workers)
    note = f"{whole.processor:.1f} s of processors, {whole.total:,} votes"
    line("the full night: day, machine, evidence", bare.total, whole.seconds, note)
    some = everywhere[:200]
    crowds = [draw(SEED, SCENARIO, bureau) for bureau in some]
    start = time.perf_counter()
    for bureau, voters in zip(some, crowds, strict=True):
        heapq_day(bureau, voters)
    line("heapq loop, one core, draws not included", sum(map(len, crowds)), time.perf_counter() - start)
    start = time.perf_counter()
    serve(columns(crowds))
    line("numpy columns, one core, draws not included", sum(map(len, crowds)), time.perf_counter() - start)

    nation_days(everywhere[:50], BLOCK)
    start = time.process_time()
    days = nation_days(everywhere, args.replications)
    seconds = time.process_time() - start
    counted = sum(int(each.people.sum()) for each in days)
    line("national days with their draws", counted, seconds, f"{args.replications} days, one core")
    longest = np.concatenate([each.longest.ravel() for each in days]) / 60_000
    ninety_nine = np.percentile(longest, 99)
    print(
        f"\nlongest wait of a bureau's day: mean {longest.mean():.1f} min, {ninety_nine:.0f} min for one in a hundred"
    )

    held = verdict("the full night, in processor time of simpy alone", whole.processor / bare.processor, BOUND_MACHINE)
    held &= verdict("1,000 national days, seconds", seconds / args.replications * 1000, BOUND_REPLICATIONS)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    kilobytes = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children)
    held &= verdict("memory of the largest process, MB", kilobytes / 1024, BOUND_MEMORY)
    held &= verdict("draws on which the engines differ", 0.0 if exact(everywhere[::30]) else 1.0, 0.0)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
