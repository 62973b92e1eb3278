"""When each bureau's figures arrive on an evening: after its closing, its count, and a wait at the telephone.

All of it is assumed; only the closing hours are known. It is for trying out what happens while figures come in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sim.streams import stream

MACHINE_COUNT = 12 * 60
"""Seconds from the closing of a machine bureau to its signed PV: assumed."""
PAPER_COUNT = 20 * 60
"""Seconds from the closing of a paper bureau to its signed PV, without counting the ballots: assumed."""
PER_BALLOT = 3.0
"""Seconds a ballot of a paper bureau takes, at all tables together: assumed …"""
MOST_BALLOTS = 1500
"""… and ballots beyond which there are more tables, as in the large bureaux abroad."""
CARE = 0.3
"""Standard deviation of the logarithm of the time that a count takes: assumed."""
WAIT = 8 * 60
"""Seconds, on average, that a result waits to be sent on: assumed."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A bureau whose figures are awaited.

    Attributes:
        closing: in minutes since midnight.
        ballots: to be counted.
        machine: whether it has a machine.
    """

    insee: str
    bureau: str
    closing: int
    ballots: int
    machine: bool


def arrivals(bureaux: Iterable[Awaited], seed: int) -> dict[tuple[str, str], int]:
    """The second since midnight at which each bureau's figures arrive; of a commune alone as of all of them."""
    found = {}
    for insee, of_commune in groupby(sorted(bureaux, key=attrgetter("insee", "bureau")), key=attrgetter("insee")):
        random = stream(seed, insee, "arrivals")
        for each in of_commune:
            count = MACHINE_COUNT if each.machine else PAPER_COUNT + PER_BALLOT * min(each.ballots, MOST_BALLOTS)
            seconds = count * random.lognormal(-CARE * CARE / 2, CARE) + random.exponential(WAIT)
            found[insee, each.bureau] = each.closing * 60 + int(seconds)
    return found
