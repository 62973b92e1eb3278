"""What some days of a bureau were like, from the start and end of every service: waits, queues, by hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.queues.recursion import Draws, Services
from sim.queues.town import BINS, P95, SECTION, quantile, wait_bin
from sim.voters import HOUR, Ints


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


def empty(days: int, hours: int) -> BureauDays:
    """Zeros of these shapes."""
    lost, waited, longest, queue, last = np.zeros((5, days), np.int64)
    p95, waits = np.zeros(-(-days // SECTION), np.int64), np.zeros(BINS, np.int64)
    return BureauDays(lost, waited, longest, queue, last, p95, waits, np.zeros((4, hours), np.int64))


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
    arrival = np.ascontiguousarray(draws.arrival.T)
    there = np.arange(arrival.shape[1]) < draws.people[:, None]
    lost = services.lost.T & there
    votes = there & ~lost
    wait = services.identify_start.T - arrival + services.vote_start.T - services.identify_end.T
    wait[~votes] = 0
    queue = _queues(arrival, np.sort(np.where(there, services.vote_start.T, 2**60), axis=1))
    queue[~there] = 0
    hour = np.clip(arrival // HOUR, opening, closing - 1) - first_hour
    of_day = hour + np.arange(days)[:, None] * hours
    longest = np.zeros(days * hours, np.int64)
    np.maximum.at(longest, of_day[there], queue[there])
    section = np.broadcast_to((np.arange(days) // SECTION)[:, None] * BINS, votes.shape)
    sections = -(-days // SECTION)
    waits = np.bincount((section + wait_bin(wait))[votes], minlength=sections * BINS).reshape(sections, BINS)
    last = np.where(there, services.sign_end.T, 0).max(axis=1, initial=closing * HOUR)
    return BureauDays(
        lost=lost.sum(axis=1),
        waited=wait.sum(axis=1),
        longest=wait.max(axis=1, initial=0),
        queue=queue.max(axis=1, initial=0),
        last=last,
        p95=quantile(waits, P95),
        waits=waits.sum(axis=0),
        hours=np.stack(
            [
                np.bincount(hour[there], minlength=hours),
                np.bincount(hour[lost], minlength=hours),
                np.bincount(hour[there], wait[there], minlength=hours).astype(np.int64),
                longest.reshape(days, hours).sum(axis=0),
            ]
        ),
    )


def _queues(arrival: Ints, gone: Ints) -> Ints:
    """How many have come and are not yet at a machine when each one comes, shape ``(days, people)``; both ascending."""
    queue = np.broadcast_to(np.arange(1, arrival.shape[1] + 1), arrival.shape).copy()
    for day, (come, left) in enumerate(zip(arrival, gone, strict=True)):
        queue[day] -= np.searchsorted(left, come, side="right")
    return queue
