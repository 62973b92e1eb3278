"""One bureau's election day, without simpy where nothing disturbs it: the same day, act for act, several times as fast.

Where no machine fails, nobody's patience ends and there is one table, who is served when follows from the arrivals and
durations alone: at the table, a machine or the roll whoever comes begins when the one before has gone. What each
machine is told is then told in its order, hour by hour. `tests/sim/test_undisturbed.py` holds that it is the day of
`sim.day`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.day import Day, MachineFailure, Room, VotingMachine, press
from sim.queues.recursion import ends
from sim.voters import HOUR, LEAVES, NO_VISIT, Ints, Voters


def hold(
    opening: int,
    closing: int,
    voters: Voters,
    machines: Sequence[VotingMachine],
    on_the_hour: Callable[[int], None] | None = None,
    failures: Sequence[MachineFailure] = (),
    tables: int = 1,
) -> Day:
    """Let the day pass, as a `Room` does."""
    if failures or voters.patience is not None or tables > 1 or not _takes_time(voters, len(machines)):
        return Room(opening, closing, voters, machines, on_the_hour, failures, tables).hold()
    there = voters.choices != NO_VISIT
    visits = np.where(there, voters.visits, 0)
    arrival, identified = _one_by_one(np.maximum(voters.arrival, opening), voters.identify)
    begin, end, place = _vote(identified, visits.sum(axis=1), len(machines))
    sign, signed = end.copy(), end.copy()
    signing = np.lexsort((place, end))
    signing = signing[voters.sign[signing] > 0]
    sign[signing], signed[signing] = _one_by_one(end[signing], voters.sign[signing])
    visited = begin[:, None] + np.cumsum(visits, axis=1)
    acts = [
        _acts(machine, voters, (visited - visits, visited), there & (place == number)[:, None])
        for number, machine in enumerate(machines)
    ]
    lists = voters.lists
    hourly: list[tuple[int, ...]] = []
    for hour in range(opening // HOUR + 1, closing // HOUR + 1):
        for each in acts:
            each.until(hour * HOUR)
        hourly.append(tuple(int(marks[signed < hour * HOUR].sum()) for marks in lists))
        if on_the_hour is not None:
            on_the_hour(hour)
    for each in acts:
        each.until(_END)
    return Day(
        identify=np.stack([arrival, identified], axis=1),
        vote=np.stack([begin, end], axis=1),
        sign=np.stack([sign, signed], axis=1),
        lost=np.zeros(len(voters), np.bool_),
        signatures=tuple(int(marks.sum()) for marks in lists),
        hourly=tuple(zip(*hourly, strict=True)),
        last=int(signed.max(initial=closing)),
    )


_END = 2**62
"""Later than any time."""


def _takes_time(voters: Voters, machines: int) -> bool:
    """Check that each act takes a millisecond at least; passing several machines without a vote does not."""
    there = voters.choices != NO_VISIT
    votes = machines == 1 or bool(there.any(axis=1).all())
    return votes and bool((voters.identify > 0).all() and (voters.visits[there] > 0).all())


def _one_by_one(ready: Ints, duration: Ints) -> tuple[Ints, Ints]:
    """Start and end of services that are taken in turn, each from when it is ready."""
    end = ends(ready, duration)
    return end - duration, end


def _vote(ready: Ints, duration: Ints, machines: int) -> tuple[Ints, Ints, Ints]:
    """Start and end at the machines, and which: the one that has been free longest, of several the first."""
    if machines == 1:
        return *_one_by_one(ready, duration), np.zeros(len(ready), np.int64)
    free = [(0, number) for number in range(machines)]
    begin, place = [], []
    for at, length in zip(ready.tolist(), duration.tolist(), strict=True):
        since, number = free[0]
        begin.append(max(at, since))
        place.append(number)
        heapq.heapreplace(free, (begin[-1] + length, number))
    start = np.array(begin, np.int64)
    return start, start + duration, np.array(place, np.int64)


def _acts(machine: VotingMachine, voters: Voters, span: tuple[Ints, Ints], here: np.ndarray) -> _Acts:
    """List all acts on one machine in a day.

    Args:
        machine: that one.
        voters: who comes.
        span: begin and end of each visit, shape ``(people, VISITS)``.
        here: the visits to this machine, likewise.
    """
    choices = [voters.choices[here].tolist()]
    if voters.second is not None:
        choices.append(voters.second[here].tolist())
    return _Acts(machine, span[0][here], span[1][here], zip(*choices, strict=True))


@dataclass(slots=True)
class _Acts:
    """Remaining acts on one machine: each visit begins with an enabling, and ends with a vote or without one.

    Attributes:
        begin, end: of each visit, in their order.
        choices: of each visit that has not ended: that in each poll.
    """

    machine: VotingMachine
    begin: Ints
    end: Ints
    choices: Iterator[tuple[int, ...]]
    begun: int = 0
    ended: int = 0

    def until(self, time: int) -> None:
        """Tell it what comes before that time."""
        begun, ended = (int(np.searchsorted(times, time)) for times in (self.begin, self.end))
        machine = self.machine
        while self.ended < ended:
            if self.begun == self.ended:
                self.begun += 1
                machine.enable()
            self.ended += 1
            first, *further = next(self.choices)
            press(machine, first)
            for choice in further if first != LEAVES else ():
                press(machine, choice)
        if self.begun < begun:
            self.begun += 1
            machine.enable()
