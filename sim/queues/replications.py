"""Thousands of days of one bureau at once, without failures: waits, queues, and how large a bureau may be.

`national` does the same with numba for a nation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from sim import parameters
from sim.elections import Profile
from sim.executors import results
from sim.parameters import Service
from sim.queues.recursion import Draws, Services, columns, serve
from sim.streams import stream
from sim.voters import HOUR, VISITS, Floats, Ints, Voters, arrival_times, service_table

BATCH = 100
"""Days of one bureau that are computed as one task."""


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
    return task.first, waits(draws, serve(draws, machines=task.office.machines), task.office)


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
