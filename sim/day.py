"""One bureau's election day in simpy: voters arrive, are identified, vote on the machine, and then sign.

In a machine bureau one votes first and signs afterwards; whoever is in the room at closing still votes.

What happens in one millisecond has an order, so that `sim.queues` can follow it: people come and hours are counted;
then as `Order` says, each with all that it leads to.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol

import numpy as np
import simpy
from simpy.events import EventPriority
from simpy.resources.store import StoreGet

from protocol.arrays import Bools, Ints
from sim.voters import HOUR, LEAVES, NO_VISIT, Voters


class Order(IntEnum):
    """Order within one millisecond; within a kind by number: machine, place or person."""

    FAILS = 1
    FREE = 2
    """Somebody has voted, or a bureau goes on after a failure."""
    IDENTIFIED = 3
    SIGNED = 4
    IMPATIENT = 5
    """A voter called in the last millisecond of his patience stays."""


class Act(simpy.Event):
    """Event after a delay, in the order of its millisecond."""

    def __init__(self, env: simpy.Environment, delay: int, order: Order, number: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, EventPriority(order << 32 | number), delay)


Steps = Generator[simpy.Event, Any, None]
Span = tuple[float, float]
"""Start and end. simpy types its clock as a float; given whole milliseconds only, it holds whole numbers."""


class VotingMachine(Protocol):
    """Acts of a voter and of the president on a machine during the day."""

    def enable(self) -> None:
        """The president lets one voter vote."""

    def select(self, poll_choice: int) -> None:
        """The voter presses the key of a choice."""

    def blank(self) -> None:
        """The voter presses the key for a blank vote."""

    def validate(self) -> None:
        """The voter validates."""

    def cancel(self) -> None:
        """The president ends an enabling without a vote."""


@dataclass(frozen=True, slots=True)
class MachineFailure:
    """A machine goes dark once: since when and for how long (1 at least), in milliseconds.

    ``fail`` is called when it does; ``resume`` is called with the time when the bureau goes on, and gives what it
    goes on with, and whether the voter who was at work is still enabled there.

    Attributes:
        machine: which one, from 0; each fails once at most.
        booths: how many voters at once may use what the bureau goes on with, where these are booths; 0: a machine.
    """

    at: int
    length: int
    fail: Callable[[], None]
    resume: Callable[[int], tuple[VotingMachine, bool]]
    machine: int = 0
    booths: int = 0


@dataclass(order=True, slots=True)
class VotingPlace:
    """A machine, or a booth that took the place of one: since when it is free, and who is there."""

    since: int
    number: int
    machine: VotingMachine = field(compare=False)
    booth: bool = field(compare=False, default=False)
    voter: simpy.Process | None = field(compare=False, default=None)


@dataclass(frozen=True, slots=True)
class Day:
    """Course of a day. Times in milliseconds since midnight, shape ``(people,)``, in order of arrival.

    Attributes:
        identify, vote, sign: start and end of each person's time at the table, at the machine, at the roll; shape
            ``(people, 2)``. At the roll both are the time of leaving the machine for who does not sign. For who left
            before voting what did not happen begins and ends when he left.
        lost: who left before voting.
        signatures: marks on each poll's list at the end.
        hourly: marks on each poll's list at each full hour after the opening, up to the closing.
        last: when the last voter had gone, the closing hour at the earliest.
    """

    identify: Ints
    vote: Ints
    sign: Ints
    lost: Bools
    signatures: tuple[int, ...]
    hourly: tuple[tuple[int, ...], ...]
    last: int


class Room:
    """The room of a bureau: tables with the roll to identify, machines, the roll to sign.

    Args:
        opening: when the doors open, in milliseconds since midnight; who comes before waits outside.
        closing: when they close.
        voters: who comes, none after the closing.
        machines: what they vote on.
        on_the_hour: called with the hour at each full hour.
        failures: of machines, one of each at most.
        tables: where identity is checked; one line for all.
    """

    def __init__(
        self,
        opening: int,
        closing: int,
        voters: Voters,
        machines: Sequence[VotingMachine],
        on_the_hour: Callable[[int], None] | None = None,
        failures: Sequence[MachineFailure] = (),
        tables: int = 1,
    ) -> None:
        first = min([opening, *voters.arrival[:1].tolist(), *(failure.at for failure in failures)])
        self.env = simpy.Environment(initial_time=first)
        self.opening, self.closing = opening, closing
        self.tables = simpy.Store(self.env)
        self.places = simpy.PriorityStore(self.env)
        self.roll = simpy.Resource(self.env)
        self._lists = [each.tolist() for each in voters.lists]
        self.signatures = [0] * len(self._lists)
        self.hourly: list[list[int]] = [[] for _ in self._lists]
        self.last = closing
        self.gone = 0
        self._on_the_hour = on_the_hour
        self.places.items.extend(VotingPlace(first, number, machine) for number, machine in enumerate(machines))
        self._next_place = len(machines)
        for failure in sorted(failures, key=lambda each: each.machine):
            self.env.process(self.darkness(failure, self.places.items[failure.machine], self._next_place))
            self._next_place += failure.booths
        self._tables = tables
        self._arrival = voters.arrival.tolist()
        self._identify = voters.identify.tolist()
        self._visits = voters.visits.tolist()
        self._booths = self._visits if voters.booths is None else voters.booths.tolist()
        self._choices = voters.choices.tolist()
        self._second = None if voters.second is None else voters.second.tolist()
        self._patience = None if voters.patience is None else voters.patience.tolist()
        self._sign = voters.sign.tolist()
        people = len(voters)
        self.identified: list[Span] = [(0, 0)] * people
        self.voted: list[Span] = [(0, 0)] * people
        self.signed: list[Span] = [(0, 0)] * people
        self.lost = [False] * people

    def doors(self) -> Steps:
        """Voters come one after another, each on a path of their own."""
        env, voter = self.env, self.voter
        for person, arrival in enumerate(self._arrival):
            if arrival > env.now:
                yield env.timeout(arrival - env.now)
            env.process(voter(person))

    def opened(self) -> Steps:
        """The tables begin to serve."""
        yield self.env.timeout(self.opening - self.env.now)
        for table in range(self._tables):
            self.tables.put(table)

    def voter(self, person: int) -> Steps:
        """The voter's path: identity at a table, vote at a machine, signature at the roll."""
        env = self.env
        patience = None
        if self._patience is not None:
            patience = Act(env, self._patience[person], Order.IMPATIENT, person)
        table = self.tables.get()
        if not (yield from self.called(table, patience)):
            self.identified[person] = (env.now, env.now)
            self.leave(person)
            return
        start = env.now
        yield Act(env, self._identify[person], Order.IDENTIFIED, person)
        self.tables.put(table.value)
        self.identified[person] = (start, env.now)

        free = self.places.get()
        if not (yield from self.called(free, patience)):
            self.leave(person)
            return
        place: VotingPlace = free.value  # type: ignore[assignment]  # simpy types no value
        yield from self.vote(person, place)

        start = env.now
        if self._sign[person]:
            with self.roll.request() as turn:
                yield turn
                start = env.now
                yield Act(env, self._sign[person], Order.SIGNED, person)
        for poll, marks in enumerate(self._lists):
            self.signatures[poll] += marks[person]
        self.signed[person] = (start, env.now)
        self.go()

    def called(self, turn: StoreGet, patience: simpy.Event | None) -> Generator[simpy.Event, Any, bool]:
        """The voter waits in line. False where patience ends before the voter's turn comes; who can go on does."""
        if not turn.triggered:
            yield turn if patience is None else turn | patience
        if not turn.triggered:
            turn.cancel()
        return turn.triggered

    def leave(self, person: int) -> None:
        """The voter has no patience left."""
        now = self.env.now
        self.voted[person] = self.signed[person] = (now, now)
        self.lost[person] = True
        self.go()

    def go(self) -> None:
        """Somebody goes home."""
        self.gone += 1
        self.last = max(self.last, int(self.env.now))

    @property
    def over(self) -> bool:
        """True once the bureau is closed and all have left."""
        return self.env.now >= self.closing and self.gone == len(self.lost)

    def vote(self, person: int, place: VotingPlace) -> Steps:
        """All visits of one person at the machine, one enabling each."""
        start = self.env.now
        for visit, choice in enumerate(self._choices[person]):
            if choice == NO_VISIT:
                continue
            place = yield from self.at_machine(place, person, visit)
            press(place.machine, choice)
            if self._second is not None and choice != LEAVES:
                press(place.machine, self._second[person][visit])
        place.voter = None
        place.since = int(self.env.now)
        self.places.put(place)
        self.voted[person] = (start, self.env.now)

    def at_machine(self, place: VotingPlace, person: int, visit: int) -> Generator[simpy.Event, Any, VotingPlace]:
        """Let the voter choose; when the machine fails the voter waits, and begins again on its replacement.

        Returns:
            Where the voter is enabled at the end.
        """
        env = self.env
        place.voter = env.active_process
        place.machine.enable()
        while True:
            durations = self._booths if place.booth else self._visits
            try:
                yield Act(env, durations[person][visit], Order.FREE, place.number)
            except simpy.Interrupt:
                place, enabled = yield from self.light()
                place.voter = env.active_process
                if not enabled:
                    place.machine.enable()
            else:
                return place

    def light(self) -> Generator[simpy.Event, Any, tuple[VotingPlace, bool]]:
        """The voter waits in the dark until the bureau goes on."""
        try:
            yield self.env.event()
        except simpy.Interrupt as light:
            resumed: tuple[VotingPlace, bool] = light.cause  # type: ignore[assignment]  # simpy types no cause
            return resumed
        raise AssertionError("nothing but the light ends the dark")

    def darkness(self, failure: MachineFailure, place: VotingPlace, first_booth: int) -> Steps:
        """The machine fails, with or without a voter at it; after a while the bureau goes on.

        The voter who was at work is the first there; the others go to whatever else becomes free with it. Where a
        bureau is closed, and all have left, nothing fails any more, and nobody waits for a machine.
        """
        env = self.env
        yield Act(env, int(failure.at - env.now), Order.FAILS, failure.machine)
        if self.over:
            return
        failure.fail()
        voter = place.voter
        if voter is None:
            self.places.items.remove(place)
            heapq.heapify(self.places.items)
        else:
            voter.interrupt()
        numbers = range(first_booth, first_booth + failure.booths) if failure.booths else (failure.machine,)
        yield Act(env, failure.length, Order.FREE, numbers[0])
        if self.over:
            return
        now = int(env.now)
        machine, enabled = failure.resume(now)
        places = [VotingPlace(now, number, machine, failure.booths > 0) for number in numbers]
        if voter is not None:
            voter.interrupt((places.pop(0), enabled))
        for each in places:
            self.places.put(each)

    def clock(self) -> Steps:
        """At each full hour the signatures are counted and the public counter is noted."""
        for hour in range(self.opening // HOUR + 1, self.closing // HOUR + 1):
            yield self.env.timeout(hour * HOUR - self.env.now)
            for hourly, signatures in zip(self.hourly, self.signatures, strict=True):
                hourly.append(signatures)
            if self._on_the_hour is not None:
                self._on_the_hour(hour)

    def hold(self) -> Day:
        """Let the day pass."""
        self.env.process(self.clock())
        self.env.process(self.opened())
        self.env.process(self.doors())
        self.env.run()
        return Day(
            identify=np.array(self.identified, np.int64).reshape(-1, 2),
            vote=np.array(self.voted, np.int64).reshape(-1, 2),
            sign=np.array(self.signed, np.int64).reshape(-1, 2),
            lost=np.array(self.lost, np.bool_),
            signatures=tuple(self.signatures),
            hourly=tuple(map(tuple, self.hourly)),
            last=self.last,
        )


def press(machine: VotingMachine, choice: int) -> None:
    """The voter presses the key of a choice, or that of a blank vote, and validates; or leaves, and nothing is stored.

    What he has validated before stays: who leaves the second of two polls has voted in the first one.
    """
    if choice == LEAVES:
        machine.cancel()
        return
    if choice:
        machine.select(choice)
    else:
        machine.blank()
    machine.validate()
