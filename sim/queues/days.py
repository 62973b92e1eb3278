"""Thousands of days of a whole town under several scenarios: `town_days`; and one day's people and failures: `day_of`.

Days are computed in blocks, on any process; the figures are the same whichever way and wherever they are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from protocol.arrays import Ints
from sim.executors import results
from sim.queues.draws import Bits, Chance, Laws, TownFailures, bits, come, draw, laws, town_failures
from sim.queues.recursion import FAR, Draws, Failures, Services, serve
from sim.queues.town import (
    BINS,
    BLOCK,
    P95,
    SECTION,
    Circumstances,
    Interruption,
    Then,
    TownBureau,
    TownDays,
    quantile,
    wait_bin,
)
from sim.voters import HOUR, LEAVES, NO_VISIT, VISITS, Voters

CHUNK, CHUNK_OF_SEVERAL = 4, 16
"""Bureaux whose days are computed at once: with one table and one machine, and with more."""
KEPT = 30 * 2**20
"""Bytes that are asked for and given back at once: from then on glibc keeps that much for the arrays of each step, and
does not give it back to the system after each, which takes longer than the steps themselves."""


@dataclass(frozen=True, slots=True)
class TownBlock:
    """Some days of a town, to be computed on any process: the first ones of a block."""

    bureaux: tuple[TownBureau, ...]
    scenarios: tuple[Circumstances, ...]
    seed: int
    number: int
    days: int


def town_days(
    bureaux: Sequence[TownBureau],
    scenarios: Sequence[Circumstances],
    seed: int,
    days: int,
    pool: Executor,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[TownDays]:
    """So many days of a town under each scenario, with the same people in all.

    Args:
        bureaux: of the town.
        scenarios: each is simulated on the same days.
        seed: of the people.
        days: how many.
        pool: where they are computed.
        progress: takes days done, and all.

    Raises:
        ValueError: hours that no profile knows, as `Circumstances.hours` says.
    """
    for scenario in scenarios:
        for bureau in bureaux:
            scenario.hours(bureau)
    tasks = [
        TownBlock(tuple(bureaux), tuple(scenarios), seed, first // BLOCK, min(BLOCK, days - first))
        for first in range(0, days, BLOCK)
    ]
    joined = [_Joined() for _ in scenarios]
    done = 0
    for number, found in results(pool, perform, tasks):
        for of_scenario, part in zip(joined, found, strict=True):
            of_scenario.add(number, part)
        done += tasks[number].days
        progress(done, days)
    return [of_scenario.whole() for of_scenario in joined]


class _Joined:
    """The figures of a scenario's blocks, in any order; what is a sum is added at once, so that memory is bounded."""

    BY_DAY = ("people", "lost", "waited", "longest", "queue", "last", "failed", "without", "p95")
    IN_ALL = ("waits", "arrivals", "lost_by_hour", "waited_by_hour", "queues")

    def __init__(self) -> None:
        self.parts: dict[int, list[Ints]] = {}
        self.sums: list[Ints] = []
        self.first_hour = 0

    def add(self, number: int, part: TownDays) -> None:
        """Those of the block of that number."""
        self.parts[number] = [getattr(part, name) for name in self.BY_DAY]
        more = [getattr(part, name) for name in self.IN_ALL]
        for total, each in zip(self.sums, more, strict=False):
            total += each
        self.sums = self.sums or more
        self.first_hour = part.first_hour

    def whole(self) -> TownDays:
        """Those of all days."""
        ordered = zip(*(self.parts[number] for number in sorted(self.parts)), strict=True)
        by_day = zip(self.BY_DAY, map(np.concatenate, ordered), strict=True)
        in_all = zip(self.IN_ALL, self.sums, strict=True)
        return TownDays(**dict(by_day), **dict(in_all), first_hour=self.first_hour)


def perform(task: TownBlock) -> tuple[int, list[TownDays]]:
    """The days of a task under each scenario, after the number of their block."""
    runs = [_Run(task, scenario) for scenario in task.scenarios]
    np.empty(KEPT, np.uint8)
    alike: dict[tuple[int, int], list[int]] = {}
    for at, bureau in enumerate(task.bureaux):
        alike.setdefault((bureau.tables, bureau.machines), []).append(at)
    for (tables, machines), kind in alike.items():
        size = CHUNK if tables == machines == 1 else CHUNK_OF_SEVERAL
        for start in range(0, len(kind), size):
            some = kind[start : start + size]
            rows = [max(int(run.people[at].max(initial=0)) for run in runs) + 1 for at in some]
            chance = [
                np.ascontiguousarray(bits(task.bureaux[at], task.seed, task.number, each).T)
                for at, each in zip(some, rows, strict=True)
            ]
            together = Chance(_below_each_other(chance, task.days))
            for run in runs:
                run.play(some, together)
    return task.number, [run.figures() for run in runs]


def _below_each_other(chance: Sequence[Bits], days: int) -> Bits:
    """The days of several bureaux, shape ``(days of all, rows)``."""
    found = np.zeros((days * len(chance), max(each.shape[1] for each in chance)), np.uint64)
    for number, each in enumerate(chance):
        found[number * days : (number + 1) * days, : each.shape[1]] = each[:days]
    return found


class _Run:
    """A block of days under one scenario."""

    def __init__(self, task: TownBlock, of: Circumstances) -> None:
        self.task, self.of = task, of
        self.laws = laws(of)
        self.people = np.array(
            [come(bureau, of, task.seed, task.number)[: task.days] for bureau in task.bureaux], np.int64
        ).reshape(-1, task.days)
        self.failures = town_failures(task.bureaux, of, task.seed, task.number)
        self.hours = [of.hours(bureau) for bureau in task.bureaux]
        self.first_hour = min((opening for opening, _ in self.hours), default=0)
        self.span = max((closing for _, closing in self.hours), default=0) - self.first_hour
        self.found: dict[int, BureauDays] = {}

    def play(self, some: Sequence[int], chance: Chance) -> None:
        """The days of some bureaux with as many tables and machines, beside each other."""
        days, bureau = self.task.days, self.task.bureaux[some[0]]
        opening, closing = (
            np.repeat([self.hours[at][side] * HOUR for at in some], days).astype(np.int64) for side in (0, 1)
        )
        failures = None if self.failures is None else _together([self.failures.of[at] for at in some], days)
        booths = failures is not None and bool(failures.booths.any())
        draws = draw(self.laws, chance, self.people[some].ravel(), opening, closing, booths)
        doors = opening + self.of.opening_delay * 60_000
        services = serve(draws, doors, bureau.tables, bureau.machines, failures)
        for number, at in enumerate(some):
            part = _part(draws, services, slice(number * days, (number + 1) * days))
            self.found[at] = sum_up(*part, *self.hours[at], self.first_hour, self.span)

    def figures(self) -> TownDays:
        """Figures of all bureaux' days."""
        days, found = self.task.days, [self.found[at] for at in range(len(self.task.bureaux))]
        failed, without = np.zeros((2, days, len(found)), np.int64)
        if self.failures is not None:
            failed = np.array([(each.at < FAR).sum(axis=0)[:days] for each in self.failures.of], np.int64).T
            without = self.failures.without[:, :days].T
        hours = np.array([each.hours for each in found], np.int64).reshape(-1, 4, self.span)
        return TownDays(
            people=self.people.T,
            **{
                name: np.array([getattr(each, name) for each in found], np.int64).T
                for name in ("lost", "waited", "longest", "queue", "last", "p95")
            },
            failed=failed,
            without=without,
            waits=np.array([each.waits for each in found], np.int64).reshape(-1, BINS),
            first_hour=self.first_hour,
            arrivals=hours[:, 0],
            lost_by_hour=hours[:, 1],
            waited_by_hour=hours[:, 2],
            queues=hours[:, 3],
        )


def _together(failures: Sequence[Failures], days: int) -> Failures:
    at, length, booths = (
        np.concatenate([getattr(each, name)[:, :days] for each in failures], axis=1)
        for name in ("at", "length", "booths")
    )
    return Failures(at, length, booths)


def _part(draws: Draws, services: Services, days: slice) -> tuple[Draws, Services]:
    """Some of the days, without the rows beyond their people."""
    people = draws.people[days]
    here = slice(int(people.max(initial=0))), days
    some = Draws(draws.arrival[here], draws.identify[here], draws.visits[:, *here], draws.sign[here], people)
    return some, Services(**{name: getattr(services, name)[here] for name in Services.__slots__})


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One bureau's day before it begins: what `sim.day.Room` takes.

    Attributes:
        opening, closing: when the doors open (late, where they do) and close, in milliseconds since midnight.
        voters: who comes. ``choices`` are 0 wherever somebody votes, in the second poll as well: whoever plays the day
            fills them in. ``signatures`` are those on each list.
    """

    bureau: TownBureau
    opening: int
    closing: int
    voters: Voters
    failures: tuple[Interruption, ...]


def day_of(bureaux: Sequence[TownBureau], of: Circumstances, seed: int, day: int) -> list[PlannedDay]:
    """The day of that number, from 0, of each bureau: the one that `town_days` plays."""
    block, column = divmod(day, BLOCK)
    failures = town_failures(bureaux, of, seed, block)
    planned = []
    for number, bureau in enumerate(bureaux):
        opening, closing = of.hours(bureau)
        failing = () if failures is None else _failing(failures, number, column)
        planned.append(
            PlannedDay(
                bureau=bureau,
                opening=opening * HOUR + of.opening_delay * 60_000,
                closing=closing * HOUR,
                voters=_voters(bureau, of, seed, block, column, any(each.booths for each in failing)),
                failures=failing,
            )
        )
    return planned


def _failing(failures: TownFailures, number: int, column: int) -> tuple[Interruption, ...]:
    found = []
    there = failures.of[number]
    for machine in range(len(there.at)):
        if there.at[machine, column] == FAR:
            continue
        at, length, booths = (int(each[machine, column]) for each in (there.at, there.length, there.booths))
        then = Then.PAPER if booths else Then.RESERVE if failures.brought[number][machine, column] else Then.REPAIR
        found.append(Interruption(at, length, then, machine, booths))
    return tuple(found)


def _voters(bureau: TownBureau, of: Circumstances, seed: int, block: int, column: int, booths: bool) -> Voters:
    people = come(bureau, of, seed, block)[column : column + 1]
    chance = Chance(bits(bureau, seed, block, int(people[0]) + 1)[:, column : column + 1].T)
    opening, closing = (np.array([hour * HOUR], np.int64) for hour in of.hours(bureau))
    rules: Laws = laws(of)
    draws = draw(rules, chance, people, opening, closing, booths)

    def visits(of_two: Ints) -> Ints:
        return np.concatenate([of_two[:, :, 0].T, np.zeros((len(draws.arrival), VISITS - 2), np.int64)], axis=1)

    durations = visits(draws.visits)
    choices = np.where(durations > 0, 0, NO_VISIT)
    who = chance.who[0, : len(choices)]
    choices[who >= rules.leaves, 0] = LEAVES
    proxies = choices[:, 1] >= 0
    signatures = np.where(choices[:, 0] == LEAVES, 0, 1 + proxies)
    second = choices.copy()
    second[who >= rules.alone, 0] = LEAVES
    return Voters(
        arrival=draws.arrival[:, 0],
        identify=draws.identify[:, 0],
        visits=durations,
        choices=choices,
        sign=draws.sign[:, 0],
        signatures=signatures,
        proxies=int(proxies.sum()),
        booths=None if draws.booths is None else visits(draws.booths),
        patience=None if draws.patience is None else draws.patience[:, 0],
        second=second if of.polls > 1 else None,
        second_signatures=np.where(second[:, 0] == LEAVES, 0, signatures) if of.polls > 1 else None,
    )


# --- Figures of a bureau's days, from the start and end of every service: waits, queues, by hour ---


@dataclass(frozen=True, slots=True)
class BureauDays:
    """The figures of some days of one bureau, as `sim.queues.town.TownDays` explains them.

    Attributes:
        lost, waited, longest, queue, last: shape ``(days,)``.
        p95: of each `SECTION` of days, shape ``(sections,)``.
        waits: people by wait, shape ``(BINS,)``.
        hours: sums over these days by hour, shape ``(4, hours)``: people, lost, waited, longest queues.
    """

    lost: Ints
    waited: Ints
    longest: Ints
    queue: Ints
    last: Ints
    p95: Ints
    waits: Ints
    hours: Ints


def sum_up(draws: Draws, services: Services, opening: int, closing: int, first_hour: int, hours: int) -> BureauDays:
    """The figures of days that were served.

    Args:
        draws: of one bureau.
        services: the same days.
        opening: hour of the day.
        closing: likewise.
        first_hour: where the figures by hour begin, the opening at the latest.
        hours: how many there are, up to the closing at least.
    """
    days = draws.arrival.shape[1]
    arrival, gone = np.ascontiguousarray(draws.arrival.T), np.ascontiguousarray(services.vote_start.T)
    there = np.arange(arrival.shape[1]) < draws.people[:, None]
    lost = np.ascontiguousarray(services.lost.T)[there]
    wait = (services.vote_start - draws.arrival - draws.identify).T[there]
    wait[lost] = 0
    if (gone[:, 1:] < gone[:, :-1]).any():
        gone = np.sort(np.where(there, gone, FAR), axis=1)
    day = np.repeat(np.arange(days), draws.people)
    of_hour = np.clip(arrival[there] // HOUR, opening, closing - 1)
    of_hour += day * hours - first_hour
    starts = np.flatnonzero(np.diff(of_hour, prepend=-1))  # of each hour in which anybody comes, day after day

    def by_hour(per_hour: Ints) -> Ints:
        found = np.zeros((days, hours), np.int64)
        found.flat[of_hour[starts]] = per_hour
        return found

    people = by_hour(np.diff(starts, append=len(day)))
    left, waited = by_hour(np.add.reduceat(lost, starts, dtype=np.int64)), by_hour(np.add.reduceat(wait, starts))
    queue = by_hour(np.maximum.reduceat(_queues(arrival, gone, draws.people), starts))
    sections = -(-days // SECTION)
    bins = day // SECTION * BINS + wait_bin(wait)
    waits = np.bincount(bins[~lost] if lost.any() else bins, minlength=sections * BINS).reshape(sections, BINS)
    return BureauDays(
        lost=left.sum(axis=1),
        waited=waited.sum(axis=1),
        longest=by_hour(np.maximum.reduceat(wait, starts)).max(axis=1, initial=0),
        queue=queue.max(axis=1, initial=0),
        last=np.where(there, services.sign_end.T, 0).max(axis=1, initial=closing * HOUR),
        p95=quantile(waits, P95),
        waits=waits.sum(axis=0),
        hours=np.stack([each.sum(axis=0) for each in (people, left, waited, queue)]),
    )


def _queues(arrival: Ints, gone: Ints, people: Ints) -> Ints:
    """Count people waiting when each one comes, day after day; both ascending."""
    queues = [
        np.arange(1, count + 1) - np.searchsorted(left[:count], come[:count], side="right")
        for come, left, count in zip(arrival, gone, people.tolist(), strict=True)
    ]
    return np.concatenate([np.zeros(0, np.int64), *queues])
