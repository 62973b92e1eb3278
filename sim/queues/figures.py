"""Figures of a bureau's days, from the start and end of every service: waits, queues, by hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.arrays import Ints
from sim.queues.recursion import FAR, Draws, Services
from sim.queues.town import BINS, P95, SECTION, quantile, wait_bin
from sim.voters import HOUR


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
