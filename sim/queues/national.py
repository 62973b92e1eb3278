"""The queueing day of all machine bureaux, thousands of times: with numba where it is installed, else with numpy.

The draws are numpy's, from one stream a replication; both ways then give the same whole milliseconds. It is the model
of `sim.queues.recursion`, without a failure.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import parameters
from sim.bureaux import Bureau
from sim.elections import PROFILES, Profile
from sim.executors import results
from sim.parameters import Service
from sim.queues.recursion import FAR, Draws, serve
from sim.streams import stream
from sim.voters import HOUR, LATE_CLOSING, VISITS, Ints, arrival_times, service_table

SECONDS = 12 * 3600
"""Waits are counted by the second, up to this many."""
_MASK = 0xFFFF


@dataclass(frozen=True, slots=True)
class Nation:
    """The bureaux, as arrays of shape ``(bureaux,)``; hours of the day."""

    registered: Ints
    machines: Ints
    opening: Ints
    closing: Ints
    profile: Profile
    service: Service = parameters.VOTE


@dataclass(frozen=True, slots=True)
class NationDay:
    """One day. Shapes ``(bureaux,)`` in people and milliseconds; ``waits`` by second of wait, shape ``(SECONDS,)``."""

    people: Ints
    longest: Ints
    queue: Ints
    closing: Ints
    waits: Ints


@dataclass(frozen=True, slots=True)
class Crowd:
    """All people of one day, bureau after bureau, each bureau's by arrival.

    ``words`` holds 64 random bits for each person twice, shape ``(2, people)``: what times come from the tables.
    """

    people: Ints
    arrival: Ints
    words: Any


def nation(bureaux: Sequence[Bureau], profile: str, service: Service = parameters.VOTE) -> Nation:
    """The arrays of these bureaux."""
    return Nation(
        registered=np.array([bureau.registered for bureau in bureaux], np.int64),
        machines=np.array([bureau.machines for bureau in bureaux], np.int64),
        opening=np.array([bureau.opening for bureau in bureaux], np.int64),
        closing=np.array([bureau.closing for bureau in bureaux], np.int64),
        profile=PROFILES[profile],
        service=service,
    )


def crowd(of: Nation, seed: int, replication: int) -> Crowd:
    """Who comes, and when, on that day; the same on any number of processes."""
    random = stream(seed, "national queue", replication)
    share = of.profile.final / 10_000 * (1.0 - parameters.PROXY_SHARE)
    people = random.binomial(of.registered, share).astype(np.int64)
    spacings = random.standard_exponential(int(people.sum()) + len(people))
    uniform = np.empty(int(people.sum()))
    hours = of.opening * 100 + of.closing
    at = start = 0
    for count in people.tolist():
        sums = np.cumsum(spacings[at : at + count + 1])
        np.divide(sums[:-1], sums[-1], out=uniform[start : start + count])
        at += count + 1
        start += count
    each = np.repeat(hours, people)
    arrival = np.empty(len(uniform), np.int64)
    for kind in np.unique(hours).tolist():
        some = each == kind
        profile = of.profile.late() if kind % 100 >= LATE_CLOSING else of.profile
        arrival[some] = arrival_times(uniform[some], profile, kind // 100, kind % 100)
    words = random.integers(0, 2**64, (2, len(uniform)), dtype=np.uint64)
    return Crowd(people, arrival, words)


def day(of: Nation, seed: int, replication: int) -> NationDay:
    """One day of the nation."""
    come = crowd(of, seed, replication)
    kernel = compiled()
    return _by_columns(of, come) if kernel is None else _by_kernel(of, come, kernel)


@dataclass(frozen=True, slots=True)
class Replication:
    """One day to be computed, on any process."""

    of: Nation
    seed: int
    number: int


def days(of: Nation, seed: int, replications: int, pool: Executor) -> list[NationDay]:
    """That many days, in order, wherever they are computed."""
    tasks = [Replication(of, seed, number) for number in range(replications)]
    return [found for _, found in sorted(results(pool, _perform, tasks), key=lambda each: each[0])]


def _perform(task: Replication) -> tuple[int, NationDay]:
    return task.number, day(task.of, task.seed, task.number)


def durations(of: Nation, come: Crowd) -> tuple[Ints, Ints, Ints, Ints]:
    """Identification, first and second vote, signature, in milliseconds, each of shape ``(people,)``."""
    identify, vote, sign = _tables(of)
    first, second = come.words
    proxy = (first >> np.uint64(48)) < _proxy_level()
    leaves = ~proxy & ((second >> np.uint64(48)) < _leave_level())

    def of_table(table: Ints, words: Any, shift: int) -> Ints:
        return np.asarray(table[((words >> np.uint64(shift)) & np.uint64(_MASK)).astype(np.int64)], np.int64)

    signing = of_table(sign, first, 32) + np.where(proxy, of_table(sign, second, 32), 0)
    return (
        of_table(identify, first, 0),
        of_table(vote, first, 16),
        np.where(proxy, of_table(vote, second, 16), 0),
        np.where(leaves, 0, signing),
    )


def columns(of: Nation, come: Crowd, bureaux: Ints) -> Draws:
    """The people of some of the bureaux as columns."""
    starts = np.concatenate([[0], np.cumsum(come.people)])
    rows = int(come.people[bureaux].max(initial=0))
    identify, first, second, sign = durations(of, come)
    draws = Draws(
        arrival=np.full((rows, len(bureaux)), FAR, np.int64),
        identify=np.zeros((rows, len(bureaux)), np.int64),
        visits=np.zeros((VISITS, rows, len(bureaux)), np.int64),
        sign=np.zeros((rows, len(bureaux)), np.int64),
        people=come.people[bureaux],
    )
    for column, bureau in enumerate(bureaux.tolist()):
        count, part = int(come.people[bureau]), slice(starts[bureau], starts[bureau + 1])
        draws.arrival[:count, column] = come.arrival[part]
        draws.identify[:count, column] = identify[part]
        draws.visits[0, :count, column], draws.visits[1, :count, column] = first[part], second[part]
        draws.sign[:count, column] = sign[part]
    return draws


def _by_columns(of: Nation, come: Crowd) -> NationDay:
    """One day with numpy alone."""
    longest, queue = np.zeros(len(of.registered), np.int64), np.zeros(len(of.registered), np.int64)
    closing = of.closing * HOUR
    histogram = np.zeros(SECONDS, np.int64)
    for machines in np.unique(of.machines).tolist():
        bureaux = np.flatnonzero(of.machines == machines)
        draws = columns(of, come, bureaux)
        services = serve(draws, machines=machines)
        there = np.arange(len(draws.arrival))[:, None] < draws.people
        wait = services.identify_start - draws.arrival + services.vote_start - services.identify_end
        longest[bureaux] = np.where(there, wait, 0).max(axis=0, initial=0)
        last = np.where(there, services.sign_end, 0).max(axis=0, initial=0)
        closing[bureaux] = np.maximum(closing[bureaux], last)
        histogram += np.bincount(np.minimum(wait[there] // 1000, SECONDS - 1), minlength=SECONDS)
        for column, bureau in enumerate(bureaux.tolist()):
            count = int(come.people[bureau])
            begun = np.searchsorted(services.vote_start[:count, column], draws.arrival[:count, column], side="right")
            queue[bureau] = (np.arange(1, count + 1) - begun).max(initial=0)
    return NationDay(come.people, longest, queue, closing, histogram)


def _by_kernel(of: Nation, come: Crowd, kernel: Callable[..., None]) -> NationDay:
    count = len(of.registered)
    longest, queue = np.zeros(count, np.int64), np.zeros(count, np.int64)
    closing = of.closing * HOUR
    histogram = np.zeros(SECONDS, np.int64)
    levels = np.array([_proxy_level(), _leave_level()], np.uint64)
    found = longest, queue, closing, histogram
    kernel(come.people, of.machines, come.arrival, come.words, levels, _tables(of), found)
    return NationDay(come.people, longest, queue, closing, histogram)


def _tables(of: Nation) -> tuple[Ints, Ints, Ints]:
    return service_table(parameters.IDENTIFY), service_table(of.service), service_table(parameters.SIGN)


def _proxy_level() -> np.uint64:
    return np.uint64(round(parameters.PROXY_SHARE / (1.0 - parameters.PROXY_SHARE) * 2**16))


def _leave_level() -> np.uint64:
    return np.uint64(round(parameters.LEAVES_SHARE * 2**16))


@functools.cache
def compiled() -> Callable[..., None] | None:
    """The recursion over all people in machine code; None where numba is not installed."""
    if importlib.util.find_spec("numba") is None:
        return None
    import numba

    kernel: Callable[..., None] = numba.njit(cache=True)(_recursion)
    return kernel


def _recursion(
    people: Ints, machines: Ints, arrival: Ints, words: Any, levels: Any, tables: tuple[Ints, ...], found: Any
) -> None:
    """What `sim.queues.recursion.serve` does, a person at a time.

    ``found`` is what `NationDay` holds, to be filled: longest wait, longest queue, closing, waits by second.
    """
    identify, vote, sign = tables
    first, second = words[0], words[1]
    longest, queue, closing, histogram = found
    most = people.max() if len(people) else 0
    begun, ended = np.empty(most, np.int64), np.empty(most, np.int64)
    place, signing = np.empty(most, np.int64), np.empty(most, np.int64)
    start = 0
    for bureau in range(len(people)):
        count = people[bureau]
        two = machines[bureau] == 2
        table = free = other = roll = np.int64(0)
        taken, idle = np.int64(0), np.int64(1)
        away = np.int64(0)
        worst = deepest = np.int64(0)
        last = closing[bureau]
        for person in range(count):
            at = start + person
            a, b = first[at], second[at]
            come = arrival[at]
            seen = max(come, table)
            wait = seen - come
            table = seen + identify[a & np.uint64(0xFFFF)]
            if two and (other < free or (other == free and idle < taken)):
                free, other = other, free
                taken, idle = idle, taken
            take = max(table, free)
            wait += take - table
            begun[person] = take
            end = take + vote[(a >> np.uint64(16)) & np.uint64(0xFFFF)]
            marks = sign[(a >> np.uint64(32)) & np.uint64(0xFFFF)]
            if (a >> np.uint64(48)) < levels[0]:
                end += vote[(b >> np.uint64(16)) & np.uint64(0xFFFF)]
                marks += sign[(b >> np.uint64(32)) & np.uint64(0xFFFF)]
            elif (b >> np.uint64(48)) < levels[1]:
                marks = np.int64(0)
            free = end
            ended[person], place[person], signing[person] = end, taken, marks
            worst = max(worst, wait)
            histogram[min(wait // 1000, len(histogram) - 1)] += 1
            while away < person and begun[away] <= come:
                away += 1
            deepest = max(deepest, person + 1 - away)
        keys = ended[:count] * 2 + place[:count]
        for person in np.argsort(keys, kind="mergesort") if two else np.arange(count):
            if signing[person]:
                roll = max(ended[person], roll) + signing[person]
                last = max(last, roll)
            last = max(last, ended[person])
        longest[bureau], queue[bureau], closing[bureau] = worst, deepest, last
        start += count
