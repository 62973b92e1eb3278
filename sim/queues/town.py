"""Model of a town's day: its bureaux, the circumstances of a scenario, and the figures of the days played.

`sim.queues.days` plays them. Hours are whole hours of the day; waits and moments of the day are whole milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from protocol.arrays import Ints
from sim import parameters
from sim.elections import Profile
from sim.parameters import Service

BLOCK = 50
"""Days that are drawn from one stream, and computed as one task."""
SECTION = 10
"""Days of one batch: the 95th percentiles of several batches show how certain the percentile is."""
P95 = 0.95
FINE, COARSE = 3600, 10
"""Waits are counted by the second up to so many seconds, beyond by so many seconds …"""
BINS = FINE + (12 * 3600 - FINE) // COARSE
"""… up to twelve hours, in so many bins; the last one holds all that are longer."""


@dataclass(frozen=True, slots=True)
class TownBureau:
    """A row of the town's list, after what is missing there was assumed.

    Attributes:
        tables: posts at which identity and roll are checked before the vote; they share one line.
        opening, closing: hours of the day; the opening before 12h, the closing after 17h.
    """

    insee: str
    commune: str
    code: str
    registered: int
    machines: int
    tables: int
    opening: int
    closing: int

    @property
    def identity(self) -> tuple[str, str]:
        """Unique key of a bureau; includes the commune's name in a list without INSEE codes."""
        return self.insee or self.commune, self.code


class Then(Enum):
    """Continuation of a bureau after a machine has failed."""

    REPAIR = "repair"
    """The machine is repaired, and voting goes on there."""
    RESERVE = "reserve"
    """One of the town's reserve machines is brought; where none is left, the machine is repaired."""
    PAPER = "paper"
    """Booths and ballot papers take its place until the evening."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """A machine is dark for a while: since when and how long, in milliseconds (since midnight, and of duration).

    Attributes:
        then: what follows; None: the power returns, and the same machine goes on.
        machine: its place among the bureau's own, from 0.
        booths: how many voters at once may vote on paper where that is how the day goes on, 0: one after another.
    """

    at: int
    length: int
    then: Then | None
    machine: int = 0
    booths: int = 0


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """Failures by chance: each machine fails at most once a day, at a moment even over the opening hours.

    Attributes:
        rate: probability of a failure, of each machine and day.
        repair: mean minutes until it is repaired; lognormal, spread as `parameters.REPAIR_VARIATION` says.
    """

    rate: float
    repair: float
    then: Then = Then.REPAIR


@dataclass(frozen=True, slots=True)
class Outage:
    """The first machine of every bureau fails on every day; no other failure strikes it.

    Bureaux do not wait for each other, so the figures of each are those of an outage there alone: a reserve machine
    comes to each, where the town has any.

    Attributes:
        at: since when, in milliseconds since midnight.
        length: for how long, in milliseconds, where it is repaired.
    """

    at: int
    length: int
    then: Then = Then.REPAIR


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One scenario: all but the list. Shares are of 1.

    Attributes:
        profile: when people come; taken as it is, that of a late city is `Profile.late`.
        turnout: votes among the registered; None: the profile's.
        proxies: share of the votes that are cast by proxy.
        service: time at the machine for one vote.
        polls: 1 or 2. With two there is one enabling for both votes, and a signature on two lists.
        second: time for the vote of the second poll; None: as for the first.
        first_only: share of those who come who vote in the first of two polls only; none of them holds a proxy.
        opening_delay: minutes by which the doors open late; who has come waits outside.
        opening, closing: hours for all bureaux; None: those of the list.
        reserves: reserve machines of the town, handed out in the order of failures.
        travel: minutes until a reserve machine is in service.
        paper_after: minutes from a failure until voting goes on with ballot papers.
        patience: mean minutes that people wait before they leave (exponential); None: nobody leaves.
    """

    profile: Profile
    turnout: float | None = None
    proxies: float = parameters.PROXY_SHARE
    service: Service = parameters.VOTE
    polls: int = 1
    second: Service | None = None
    first_only: float = 0.0
    opening_delay: int = 0
    opening: int | None = None
    closing: int | None = None
    breakdowns: Breakdowns | None = None
    outage: Outage | None = None
    reserves: int = 0
    travel: float = parameters.RESERVE_TRAVEL
    paper_after: float = parameters.PAPER_AFTER
    patience: float | None = None
    identify: Service = parameters.IDENTIFY
    sign: Service = parameters.SIGN
    booth: Service = parameters.BOOTH

    def hours(self, bureau: TownBureau) -> tuple[int, int]:
        """Opening and closing of a bureau by the préfet's order, in hours of the day.

        Raises:
            ValueError: the opening is not before 12h, or the closing not after 17h: no profile says who comes then.
        """
        opening = bureau.opening if self.opening is None else self.opening
        closing = bureau.closing if self.closing is None else self.closing
        if not 0 <= opening < 12 or not 17 < closing <= 24:
            raise ValueError(f"a bureau opens before 12h and closes after 17h: {opening}h to {closing}h")
        return opening, closing


@dataclass(frozen=True, slots=True)
class TownDays:
    """The figures of one scenario, shape ``(days, bureaux)`` unless said otherwise. Times in milliseconds.

    Waits are of those who voted: before the table (outside as well, where it opens late) and before the machine, added.

    Attributes:
        people: who came; a holder of a proxy is one person. Who left before voting is counted here too.
        lost: who left before voting, their patience at an end.
        waited: the sum of all waits.
        longest: the longest wait.
        queue: most people who had come and were not yet at a machine.
        last: when the last one had gone, the closing hour at the earliest; since midnight.
        failed: machines that failed.
        without: failures for which no reserve machine was left, where they were to be had.
        p95: what 95 of 100 people did not wait longer than, of each `SECTION` of days, shape ``(sections, bureaux)``.
        waits: people by wait over all days, shape ``(bureaux, BINS)``; `wait_bin` says which bin.
        first_hour: the hour that the next four begin with, shape ``(bureaux, hours)``, sums over all days:
        arrivals: people by hour of arrival.
        lost_by_hour: those of them who left before voting.
        waited_by_hour: sum of the waits of the others.
        queues: the longest queue of each hour.
    """

    people: Ints
    lost: Ints
    waited: Ints
    longest: Ints
    queue: Ints
    last: Ints
    failed: Ints
    without: Ints
    p95: Ints
    waits: Ints
    first_hour: int
    arrivals: Ints
    lost_by_hour: Ints
    waited_by_hour: Ints
    queues: Ints

    def wait_within(self, share: float) -> Ints:
        """Wait that this share of the voters did not exceed, in milliseconds, ``(bureaux,)``; 0 without voters."""
        return quantile(self.waits, share)


def wait_bin(wait: Ints) -> Ints:
    """The bin of each wait in milliseconds, same shape."""
    seconds = wait // 1000
    return np.where(seconds < FINE, seconds, np.minimum(FINE + (seconds - FINE) // COARSE, BINS - 1))


def quantile(waits: Ints, share: float) -> Ints:
    """Compute a quantile of each row of people by wait, in milliseconds: the lower end of its bin.

    Args:
        waits: shape ``(rows, BINS)``.
        share: of 1.

    Returns:
        Shape ``(rows,)``.
    """
    below = np.cumsum(waits, axis=1, dtype=np.int64)
    place = (below < np.ceil(below[:, -1:] * share)).sum(axis=1)
    return np.where(place < FINE, place, FINE + (place - FINE) * COARSE) * 1000
