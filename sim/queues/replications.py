"""One bureau over thousands of days, as an elections office asks: how long people wait, and how large it may be."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from sim import parameters
from sim.elections import Profile
from sim.parameters import Service
from sim.queues.days import town_days
from sim.queues.town import Circumstances, TownBureau, TownDays


@dataclass(frozen=True, slots=True)
class Office:
    """A bureau as an elections office plans it. Hours of the day; ``service`` is the mean time at the machine."""

    registered: int
    profile: Profile
    service: Service = parameters.VOTE
    opening: int = 8
    closing: int = 20
    machines: int = 1


def replicate(
    office: Office,
    seed: int,
    replications: int,
    pool: Executor,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> TownDays:
    """That many days of it, the only bureau of its town, ``progress`` as in `town_days`."""
    bureau = TownBureau("", "", "", office.registered, office.machines, 1, office.opening, office.closing)
    of = Circumstances(office.profile, service=office.service)
    return town_days([bureau], [of], seed, replications, pool, progress)[0]


def largest(
    office: Office,
    limit: int,
    seed: int,
    replications: int,
    pool: Executor,
    most: int = 4000,
) -> int:
    """The most registered voters for which the mean of the day's longest wait stays within ``limit`` milliseconds.

    Args:
        office: the bureau.
        limit: in milliseconds.
        seed: of the people.
        replications: days of each step.
        pool: where they are computed.
        most: registered voters that are tried.

    Returns:
        A number in steps of ten, 0 where even ten voters wait longer, at most ``most``.
    """
    low, high = 0, most // 10 + 1
    while high - low > 1:
        middle = (low + high) // 2
        tried = replace(office, registered=middle * 10)
        longest = replicate(tried, seed, replications, pool).longest.mean()
        low, high = (middle, high) if longest <= limit else (low, middle)
    return low * 10
