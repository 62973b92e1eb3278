"""One bureau's election day in simpy: voters arrive, are identified, vote on the machine, and then sign.

In a machine bureau one votes first and signs afterwards; whoever is in the room at closing still votes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import simpy

from sim.voters import HOUR, LEAVES, NO_VISIT, Ints, Voters

Steps = Generator[simpy.Event, Any, None]
Span = tuple[float, float]
"""Start and end. simpy types its clock as a float; given whole milliseconds only, it holds whole numbers."""


class VotingMachine(Protocol):
    """What a voter and the president do to a machine during the day."""

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
    """The first machine goes dark once: since when and for how long, in milliseconds.

    ``fail`` is called when it does; ``resume`` is called with the time when the bureau goes on, and gives what it
    goes on with, and whether the voter who was at work is still enabled there.
    """

    at: int
    length: int
    fail: Callable[[], None]
    resume: Callable[[int], tuple[VotingMachine, bool]]


@dataclass(frozen=True, slots=True)
class Day:
    """What the day was. Times in milliseconds since midnight, shape ``(people,)``, in order of arrival.

    Attributes:
        identify, vote, sign: start and end of each person's time at the table, at the machine, at the roll; shape
            ``(people, 2)``. At the roll both are the time of leaving the machine for who does not sign.
        signatures: marks on the roll at the end.
        hourly: marks on the roll at each full hour after the opening, up to the closing.
        closing: when the last voter had gone, the closing hour at the earliest.
    """

    identify: Ints
    vote: Ints
    sign: Ints
    signatures: int
    hourly: tuple[int, ...]
    closing: int


class Room:
    """The room of a bureau: the table with the roll to identify, the machines, the roll to sign.

    Args:
        opening: when the doors open, in milliseconds since midnight.
        closing: when they close.
        voters: who comes, none before the opening or after the closing.
        machines: what they vote on.
        on_the_hour: called with the hour at each full hour.
        failure: of the first machine.
    """

    def __init__(
        self,
        opening: int,
        closing: int,
        voters: Voters,
        machines: Sequence[VotingMachine],
        on_the_hour: Callable[[int], None] | None = None,
        failure: MachineFailure | None = None,
    ) -> None:
        self.env = simpy.Environment(initial_time=opening)
        self.closing = closing
        self.table = simpy.Resource(self.env)
        self.machines = simpy.Store(self.env)
        self.machines.items.extend(machines)
        self.roll = simpy.Resource(self.env)
        self.at_work: dict[VotingMachine, simpy.Process | None] = {}
        self.signatures = 0
        self.hourly: list[int] = []
        self._on_the_hour = on_the_hour
        if failure is not None:  # before all others, so that it comes first in its millisecond
            self.env.process(self.darkness(failure, machines[0]))
        self._arrival = voters.arrival.tolist()
        self._identify = voters.identify.tolist()
        self._visits = voters.visits.tolist()
        self._choices = voters.choices.tolist()
        self._sign = voters.sign.tolist()
        self._signatures = voters.signatures.tolist()
        people = len(voters)
        self.identified: list[Span] = [(0, 0)] * people
        self.voted: list[Span] = [(0, 0)] * people
        self.signed: list[Span] = [(0, 0)] * people

    def doors(self) -> Steps:
        """Voters come in one after another, each on a path of their own."""
        env, voter = self.env, self.voter
        for person, arrival in enumerate(self._arrival):
            if arrival > env.now:
                yield env.timeout(arrival - env.now)
            env.process(voter(person))

    def voter(self, person: int) -> Steps:
        """The voter's path: identity at the table, vote at the machine, signature at the roll."""
        env = self.env
        with self.table.request() as turn:
            yield turn
            start = env.now
            yield env.timeout(self._identify[person])
            self.identified[person] = (start, env.now)

        machine = yield self.machines.get()
        start = env.now
        for duration, choice in zip(self._visits[person], self._choices[person], strict=True):
            if choice == NO_VISIT:
                continue
            machine = yield from self.at_machine(machine, duration)
            if choice == LEAVES:
                machine.cancel()
                continue
            if choice:
                machine.select(choice)
            else:
                machine.blank()
            machine.validate()
        self.machines.put(machine)
        self.voted[person] = (start, env.now)

        if not self._sign[person]:
            self.signatures += self._signatures[person]
            self.signed[person] = (env.now, env.now)
            return
        with self.roll.request() as turn:
            yield turn
            start = env.now
            yield env.timeout(self._sign[person])
            self.signatures += self._signatures[person]
            self.signed[person] = (start, env.now)

    def at_machine(self, machine: VotingMachine, duration: int) -> Generator[simpy.Event, Any, VotingMachine]:
        """The voter makes up his mind; where the machine goes dark he stays, and begins again on what comes after it.

        Returns:
            What the voter is enabled on at the end.
        """
        env = self.env
        self.at_work[machine] = env.active_process
        machine.enable()
        while True:
            try:
                yield env.timeout(duration)
            except simpy.Interrupt:
                machine, enabled = yield from self.light()
                self.at_work[machine] = env.active_process
                if not enabled:
                    machine.enable()
            else:
                return machine

    def light(self) -> Generator[simpy.Event, Any, tuple[VotingMachine, bool]]:
        """The voter waits in the dark until the bureau goes on.

        An interruption ends this too: it comes before whatever else waits in its millisecond, so that the order of
        those who begin at once needs no more than when each began before (`sim.queues.replications` relies on it).
        """
        try:
            yield self.env.event()
        except simpy.Interrupt as light:
            resumed: tuple[VotingMachine, bool] = light.cause  # type: ignore[assignment]  # simpy types no cause
            return resumed
        raise AssertionError("nothing but the light ends the dark")

    def darkness(self, failure: MachineFailure, machine: VotingMachine) -> Steps:
        """The machine fails, with or without a voter at it; after a while the bureau goes on."""
        yield self.env.timeout(failure.at - self.env.now)
        failure.fail()
        if machine in self.machines.items:
            self.machines.items.remove(machine)
            voter = None
        else:
            voter = self.at_work[machine]
        if voter is not None:
            voter.interrupt()
        yield self.env.timeout(failure.length)
        replacement, enabled = failure.resume(int(self.env.now))
        if voter is not None:
            voter.interrupt((replacement, enabled))
        else:
            self.machines.put(replacement)

    def clock(self) -> Steps:
        """At each full hour the signatures are counted and the public counter is noted."""
        for hour in range(int(self.env.now) // HOUR + 1, self.closing // HOUR + 1):
            yield self.env.timeout(hour * HOUR - self.env.now)
            self.hourly.append(self.signatures)
            if self._on_the_hour is not None:
                self._on_the_hour(hour)

    def hold(self) -> Day:
        """Let the day pass."""
        self.env.process(self.clock())
        self.env.process(self.doors())
        self.env.run()
        return Day(
            identify=np.array(self.identified, np.int64).reshape(-1, 2),
            vote=np.array(self.voted, np.int64).reshape(-1, 2),
            sign=np.array(self.signed, np.int64).reshape(-1, 2),
            signatures=self.signatures,
            hourly=tuple(self.hourly),
            closing=max(self.closing, int(self.env.now)),
        )
