"""Thousands of days at once: the queueing model of `sim.day` as recursions over people, one column a day.

Identification, machine, signature, each first come, first served; on the same draws the result is that of the simpy
day to the millisecond, start and end of every service. A failure of the first machine is part of it (the voter at
work stays first in line); going on with ballot papers is not. `national` does the same with numba for a nation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from sim import parameters
from sim.elections import Profile
from sim.executors import results
from sim.parameters import Service
from sim.streams import stream
from sim.voters import HOUR, VISITS, Floats, Ints, Voters, arrival_times, service_table

BATCH = 100
"""Days of one bureau that are computed as one task."""
FAR = 2**40
"""Later than any time: arrival of people who do not exist, in columns with fewer people than the longest."""
TRAIL = VISITS + 2
"""How far back two ends in one millisecond are compared: every visit, the failure in one of them, and its mark."""


@dataclass(frozen=True, slots=True)
class Darkness:
    """The first machine is dark: since when and how long, in milliseconds."""

    at: int
    length: int


@dataclass(frozen=True, slots=True)
class Draws:
    """People by row in order of arrival, days by column. Times in milliseconds since midnight, durations likewise.

    Attributes:
        arrival, identify, sign: shape ``(people, days)``; ``sign`` is 0 for who does not go to the roll.
        visits: time at the machine on each visit, 0 for none, shape ``(VISITS, people, days)``.
        people: how many there are, shape ``(days,)``; the rows beyond hold nobody.
    """

    arrival: Ints
    identify: Ints
    visits: Ints
    sign: Ints
    people: Ints


@dataclass(frozen=True, slots=True)
class Services:
    """Start and end of every service, shape ``(people, days)`` each, in milliseconds since midnight."""

    identify_start: Ints
    identify_end: Ints
    vote_start: Ints
    vote_end: Ints
    sign_start: Ints
    sign_end: Ints


def columns(days: Sequence[Voters]) -> Draws:
    """The people of some simpy days as columns."""
    people = np.array([len(voters) for voters in days], np.int64)
    rows = int(people.max(initial=0))
    draws = Draws(
        arrival=np.full((rows, len(days)), FAR, np.int64),
        identify=np.zeros((rows, len(days)), np.int64),
        visits=np.zeros((VISITS, rows, len(days)), np.int64),
        sign=np.zeros((rows, len(days)), np.int64),
        people=people,
    )
    for day, voters in enumerate(days):
        count = len(voters)
        draws.arrival[:count, day] = voters.arrival
        draws.identify[:count, day] = voters.identify
        draws.visits[:, :count, day] = voters.visits.T
        draws.sign[:count, day] = voters.sign
    return draws


def serve(draws: Draws, machines: int = 1, darkness: Darkness | None = None) -> Services:
    """When every service begins and ends."""
    rows, days = draws.arrival.shape
    out = Services(*(np.zeros((rows, days), np.int64) for _ in range(6)))
    table = np.zeros(days, np.int64)
    hall = _Machines(machines, days, darkness)
    trails = np.zeros((TRAIL, rows, days), np.int64) if machines > 1 else None
    for person in range(rows):
        np.maximum(draws.arrival[person], table, out=out.identify_start[person])
        table = out.identify_end[person] = out.identify_start[person] + draws.identify[person]
        out.vote_start[person], out.vote_end[person], trail = hall.take(table, draws.visits[:, person], person)
        if trails is not None:
            trails[:, person] = trail
    _sign(draws, out, trails)
    return out


class _Machines:
    """The machines of every day: since when each is free. The one that has been free longest is taken.

    Ends in one millisecond are ordered as simpy orders them, by when each was decided. That was when the last visit
    began; where two began in one millisecond, a visit that went on from an earlier one comes before a first one, of
    two that went on the one whose earlier visit began earlier, and of two first visits that of the person who came
    earlier. These times are the trail of an end, shape ``(TRAIL, days)``: starts of visits, the last one first, then
    FAR. A visit that was struck by the failure began again when it ended, which was decided when it began, before all
    else in that millisecond: -1.
    """

    def __init__(self, machines: int, days: int, darkness: Darkness | None) -> None:
        self.free = np.zeros((machines, days), np.int64)
        self.trail = np.full((machines, TRAIL, days), -1, np.int64)
        self.person = np.tile(np.arange(-machines, 0, dtype=np.int64)[:, None], (1, days))
        self.darkness = darkness
        self.lit = np.full(days, darkness is not None)
        self._day = np.arange(days)

    def take(self, ready: Ints, visits: Ints, person: int) -> tuple[Ints, Ints, Ints]:
        """Start, end and trail of who is ready then, shape ``(days,)``; visits ``(VISITS, days)``."""
        if self.darkness is not None:
            self._fail_idle(ready, self.darkness)
        taken = self._longest_free()
        start = np.maximum(ready, self.free[taken, self._day])
        end = start.copy()
        trail = np.full((TRAIL, len(ready)), FAR, np.int64)
        for duration in visits:
            if not duration.any():
                continue
            begin, end = end, end + duration
            if len(self.free) > 1:
                trail = np.where(duration > 0, np.concatenate([begin[None], trail[:-1]]), trail)
            if self.darkness is not None:
                at, light = self.darkness.at, self.darkness.at + self.darkness.length
                struck = self.lit & (taken == 0) & (duration > 0) & (begin < at) & (at <= end)
                end = np.where(struck, light + duration, end)
                trail[:3, struck] = np.array([light, at, -1])[:, None]
                self.lit &= ~struck
        self.free[taken, self._day] = end
        self.trail[taken, :, self._day] = trail.T
        self.person[taken, self._day] = person
        return start, end, trail

    def _fail_idle(self, ready: Ints, darkness: Darkness) -> None:
        """The first machine fails with nobody at it, where it is free and nobody takes it before."""
        at = darkness.at
        idle = self.lit & (np.maximum(ready, self.free[0]) >= at)
        self.free[0] = np.where(idle, at + darkness.length, self.free[0])
        self.trail[0, :2, idle] = at, -1
        self.lit &= ~idle

    def _longest_free(self) -> Ints:
        if len(self.free) == 1:
            return np.zeros(len(self._day), np.int64)
        keys = np.concatenate([self.free[:, None], self.trail, self.person[:, None]], axis=1)
        best = np.zeros(len(self._day), np.int64)
        for other in range(1, len(self.free)):
            parts = keys[other] - keys[best, :, self._day].T
            first = parts[(parts != 0).argmax(axis=0), self._day]
            best = np.where(first < 0, other, best)
        return best


def _sign(draws: Draws, out: Services, trails: Ints | None) -> None:
    """The roll, in the order in which people leave the machines; who does not sign walks past."""
    rows, days = draws.sign.shape
    day = np.arange(days)
    order = None if trails is None else np.lexsort((*trails[::-1], out.vote_end), axis=0)
    roll = np.zeros(days, np.int64)
    for place in range(rows):
        person = np.full(days, place) if order is None else order[place]
        end, duration = out.vote_end[person, day], draws.sign[person, day]
        start = np.where(duration > 0, np.maximum(end, roll), end)
        roll = np.where(duration > 0, start + duration, roll)
        out.sign_start[person, day] = start
        out.sign_end[person, day] = start + duration


@dataclass(frozen=True, slots=True)
class Office:
    """A bureau as an elections office plans it. Hours of the day; ``service`` is the mean time at the machine."""

    registered: int
    profile: Profile
    service: Service = parameters.VOTE
    opening: int = 8
    closing: int = 20
    machines: int = 1


@dataclass(frozen=True, slots=True)
class Waits:
    """What people waited, over many days. Waits in milliseconds: before the table and before the machine, added.

    Attributes:
        all: the wait of every person, in no order.
        longest: the longest wait of each day, shape ``(days,)``.
        queue: the longest queue of each day, in people who wait or are being identified, shape ``(days,)``.
        closing: when the last one had signed, the closing hour at the earliest, shape ``(days,)``.
        arrivals: people over all days, by hour of arrival, shape ``(hours,)``.
        waited: the sum of their waits, likewise.
    """

    all: Ints
    longest: Ints
    queue: Ints
    closing: Ints
    arrivals: Ints
    waited: Ints

    @property
    def mean(self) -> float:
        """Over all people."""
        return int(self.all.sum()) / len(self.all) if len(self.all) else 0.0

    @property
    def p95(self) -> float:
        """What 95 of 100 people do not wait longer than."""
        return float(np.percentile(self.all, 95)) if len(self.all) else 0.0

    @property
    def by_hour(self) -> Floats:
        """Mean wait and mean number of arrivals a day, by hour of arrival, shape ``(2, hours)``."""
        return np.stack([self.waited / np.maximum(self.arrivals, 1), self.arrivals / max(len(self.longest), 1)])


@dataclass(frozen=True, slots=True)
class Days:
    """Some replications of one bureau, to be computed on any process: from ``first`` up to ``last``, not included."""

    office: Office
    seed: int
    first: int
    last: int


def replicate(
    office: Office,
    seed: int,
    replications: int,
    pool: Executor,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Waits:
    """What that many days were like, the same wherever they are computed; ``progress`` takes days done, and all."""
    tasks = [Days(office, seed, first, min(first + BATCH, replications)) for first in range(0, replications, BATCH)]
    parts: dict[int, Waits] = {}
    for first, part in results(pool, perform, tasks):
        parts[first] = part
        progress(min(len(parts) * BATCH, replications), replications)
    ordered = [parts[task.first] for task in tasks]
    return Waits(
        **{name: np.concatenate([getattr(part, name) for part in ordered]) for name in _BY_PART},
        arrivals=np.sum([part.arrivals for part in ordered], axis=0),
        waited=np.sum([part.waited for part in ordered], axis=0),
    )


_BY_PART = ("all", "longest", "queue", "closing")


def perform(task: Days) -> tuple[int, Waits]:
    """The days of a task, after their first number."""
    draws = draw(task.office, task.seed, range(task.first, task.last))
    return task.first, waits(draws, serve(draws, task.office.machines), task.office)


def draw(office: Office, seed: int, replications: Iterable[int]) -> Draws:
    """The people of the days of these numbers; each day has a stream of its own, the same on any process."""
    identify, vote, sign = (
        service_table(service) for service in (parameters.IDENTIFY, office.service, parameters.SIGN)
    )
    share = office.profile.final / 10_000 * (1.0 - parameters.PROXY_SHARE)
    holders = parameters.PROXY_SHARE / (1.0 - parameters.PROXY_SHARE)
    days = []
    for replication in replications:
        random = stream(seed, "queue", replication)
        people = int(random.binomial(office.registered, share))
        spacings = np.cumsum(random.standard_exponential(people + 1))
        uniform = spacings[:-1] / spacings[-1] if people else spacings[:0]
        first, second = (random.integers(0, len(vote), (3, people)) for _ in range(2))
        proxy = random.random(people) < holders
        leaves = ~proxy & (random.random(people) < parameters.LEAVES_SHARE)
        visits = np.zeros((people, VISITS), np.int64)
        visits[:, 0] = vote[first[0]]
        visits[:, 1] = np.where(proxy, vote[second[0]], 0)
        days.append(
            Voters(
                arrival=arrival_times(uniform, office.profile, office.opening, office.closing),
                identify=identify[first[1]],
                visits=visits,
                choices=visits[:, :0],
                sign=np.where(leaves, 0, sign[first[2]] + np.where(proxy, sign[second[2]], 0)),
                signatures=np.zeros(0, np.int64),
                proxies=int(proxy.sum()),
            )
        )
    return columns(days)


def waits(draws: Draws, services: Services, office: Office) -> Waits:
    """What the days were like."""
    there = np.arange(len(draws.arrival))[:, None] < draws.people
    wait = np.where(there, services.identify_start - draws.arrival + services.vote_start - services.identify_end, 0)
    some = wait[there]
    hours = office.closing - office.opening
    hour = np.clip(draws.arrival[there] // HOUR - office.opening, 0, hours - 1)
    waited = np.zeros(hours, np.int64)
    np.add.at(waited, hour, some)
    days = range(draws.arrival.shape[1])
    return Waits(
        all=some,
        longest=wait.max(axis=0, initial=0),
        queue=np.array([_longest_queue(draws, services, day) for day in days], np.int64),
        closing=np.where(there, services.sign_end, 0).max(axis=0, initial=office.closing * HOUR),
        arrivals=np.bincount(hour, minlength=hours),
        waited=waited,
    )


def _longest_queue(draws: Draws, services: Services, day: int) -> int:
    """People who have come and are not yet at a machine, at its highest: just after somebody came."""
    count = int(draws.people[day])
    if not count:
        return 0
    arrival, start = draws.arrival[:count, day], services.vote_start[:count, day]
    return int((np.arange(1, count + 1) - np.searchsorted(start, arrival, side="right")).max())


def largest(office: Office, limit: int, seed: int, replications: int, pool: Executor, most: int = 4000) -> int:
    """The most registered voters for which the mean of the day's longest wait stays within ``limit`` milliseconds.

    Returns:
        A number in steps of ten, 0 where even ten voters wait longer, at most ``most``.
    """
    low, high = 0, most // 10 + 1
    while high - low > 1:
        middle = (low + high) // 2
        longest = replicate(replace(office, registered=middle * 10), seed, replications, pool).longest.mean()
        low, high = (middle, high) if longest <= limit else (low, middle)
    return low * 10
