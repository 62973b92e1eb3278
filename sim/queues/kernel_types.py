"""What `sim.queues.kernel` takes: the laws of a scenario and a bureau's day as it wants them; without numba."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.queues.draws import Laws
from sim.voters import HOUR, Ints


class Rules(NamedTuple):
    """One bureau's day: thresholds and turnout as in `Laws`, moments in milliseconds, hours of the day."""

    proxies: int
    leaves: int
    alone: int
    polls: int
    noon: int
    five: int
    final: int
    patient: int
    papers: int
    doors: int
    opening: int
    closing: int
    first_hour: int
    tables: int
    machines: int


class Scratch(NamedTuple):
    """What is known of the people of a day, shape ``(people,)`` each.

    Attributes:
        arrival, identify, sign: when they come, and how long these acts take.
        first, second: visits at the machine.
        paper, other: the same in a booth.
        left: when patience ends.
        wait: -1 for who left.
        ready: when they were identified.
        order: people by ``ready``.
        gone: when the line became shorter, in no person's order.
        leaving, signing: of those who voted, when and where that ended, and how long they sign.
    """

    arrival: Ints
    identify: Ints
    sign: Ints
    first: Ints
    second: Ints
    paper: Ints
    other: Ints
    left: Ints
    wait: Ints
    ready: Ints
    order: Ints
    gone: Ints
    leaving: Ints
    signing: Ints


def rules_of(
    of: Laws, hours: tuple[int, int], delay: int, first_hour: int, tables: int, machines: int, papers: bool
) -> Rules:
    """Those of a bureau with these hours, tables and machines, whose doors open so many milliseconds late."""
    opening, closing = hours
    return Rules(
        proxies=of.proxies,
        leaves=of.leaves,
        alone=of.alone,
        polls=of.polls,
        noon=of.noon,
        five=of.five,
        final=of.final,
        patient=int(len(of.patience) > 0),
        papers=int(papers),
        doors=opening * HOUR + delay,
        opening=opening,
        closing=closing,
        first_hour=first_hour,
        tables=tables,
        machines=machines,
    )


def pack(of: Laws) -> tuple[Any, ...]:
    """The tables of a scenario in half the memory: they are looked up at random."""
    each = (of.spacing, of.identify, of.vote, of.second, of.sign, of.booth, of.patience)
    return tuple(table.astype(np.int32) for table in each)
