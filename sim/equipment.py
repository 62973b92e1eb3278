"""The machines of one bureau through its day: set up, opened, failing if they must, closed and read."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from machine.configuration import Configuration, ConfiguredPoll
from machine.esf1 import Machine
from machine.keys import Key, Role
from machine.states import State
from machine.urn import PollResult
from protocol import civil_time
from protocol.export import record as export
from protocol.night import export_name, urn_name
from sim import parameters
from sim.bureaux import Bureau
from sim.day import VotingMachine
from sim.elections import Scenario
from sim.evidence import FIRST_POLL
from sim.queues.town import Interruption, Then
from sim.streams import stream


class BallotBox:
    """A ballot box for each poll of the day, with the same actions as a machine.

    ``counts`` are the ballots in each box, blank ones first. Several voters may use it at once, each in a booth of his
    own: whoever comes out of one puts an envelope into each box before the next does.

    Args:
        choices: of each poll.
    """

    def __init__(self, *choices: int) -> None:
        self.counts = [[0] * (each + 1) for each in choices]
        self._choice = 0
        self._at = 0

    def enable(self) -> None:
        """The voter takes papers and envelopes."""

    def select(self, poll_choice: int) -> None:
        """The voter folds the paper of a choice."""
        self._choice = poll_choice

    def blank(self) -> None:
        """The voter leaves the envelope empty or the paper white."""
        self._choice = 0

    def validate(self) -> None:
        """The envelope goes into the poll's box."""
        self.counts[self._at][self._choice] += 1
        self._at = (self._at + 1) % len(self.counts)

    def cancel(self) -> None:
        """The voter goes away with the envelope; those of polls before it stay in their boxes."""
        self._at = 0


@dataclass(slots=True)
class Conduct:
    """The faults of the day set these; the defaults are a day by the rules. Times in seconds.

    Attributes:
        opening_delay: how late the doors open.
        closing_early: how early they close; who comes later is turned away.
        clock: what the machine's clock is ahead of legal time; negative: behind.
        clock_set: hour at which the president sets the clock, and by how much it then was behind; None: never.
        one_key_number: both keys bear the same number, as when one hand holds both.
        zero_check_unrecorded: the export lacks the time of the zero check.
        test_votes: votes of the test that the program took for real ones.
        loaded: the choice list in the module, where it is not the préfecture's.
        interruptions: machines that go dark, each once at most.
    """

    opening_delay: int = 0
    closing_early: int = 0
    clock: int = 0
    clock_set: tuple[int, int] | None = None
    one_key_number: bool = False
    zero_check_unrecorded: bool = False
    test_votes: int = 0
    loaded: tuple[str, ...] | None = None
    interruptions: list[Interruption] = field(default_factory=list)

    def goes_dark(self, machine: int) -> bool:
        """Check whether that machine already fails: second failures are not modelled."""
        return any(each.machine == machine for each in self.interruptions)


def configuration(
    bureau: Bureau, part: int, election: str, day: datetime.date, round_: int, *choices: Sequence[str]
) -> Configuration:
    """Configure one module of a bureau: the choices of each poll."""
    return Configuration(
        election=election,
        date=day,
        round=round_,
        insee=bureau.insee,
        bureau=bureau.code,
        part=part,
        registered=bureau.registered,
        polls=tuple(
            ConfiguredPoll(number, bureau.constituency, tuple(each))
            for number, each in enumerate(choices, start=FIRST_POLL)
        ),
        machine_serial=bureau.serial("M", part),
        module_serial=bureau.serial("U", part),
        machine_seal=bureau.serial("S", part),
        module_seal=bureau.serial("T", part),
    )


def open_poll(
    machine: Machine,
    random: np.random.Generator,
    opening: int,
    one_key_number: bool = False,
    tickets: list[str] | None = None,
) -> None:
    """Show that the counters of a machine are at zero and open its poll, at that time in seconds.

    The zero ticket is printed if there is a list to keep it in.
    """
    president, assessor = (int(number) for number in random.choice(899_999, 2, replace=False) + 100_000)
    machine.insert_key(Key(Role.PRESIDENT, president))
    machine.insert_key(Key(Role.ASSESSOR, president if one_key_number else assessor))
    machine.zero_check(opening - parameters.ZERO_CHECK_BEFORE)
    if tickets is not None:
        tickets.append(machine.print_zero())
    machine.open(opening)
    machine.remove_key(Role.ASSESSOR)


def close(machine: Machine, at: int) -> tuple[PollResult, ...]:
    """Close the poll with both keys and read the counters of each poll of the day aloud."""
    machine.insert_key(Key(Role.ASSESSOR, machine.passed_check.assessor_key if machine.passed_check else 1))
    machine.close(at)
    return machine.results()


_SAME_MACHINE = (None, Then.REPAIR)
"""Continuations in which the machine that went dark goes on with its own urn."""


class Equipment:
    """Voting equipment of one bureau.

    Args:
        seed: of the positions in the urns, and of when they are read.
        scenario: what is voted on.
        bureau: whose machines these are.
        conduct: what goes wrong with them.
    """

    def __init__(self, seed: int, scenario: Scenario, bureau: Bureau, conduct: Conduct) -> None:
        self._seed, self._scenario, self._bureau, self._conduct = seed, scenario, bureau, conduct
        self._key = (*scenario.key, *bureau.key)
        self._midnight = civil_time.seconds(scenario.date, 0) + conduct.clock
        self._opening = opening = bureau.opening * 3600 + conduct.opening_delay
        self.went_dark: dict[Interruption, bool] = {}
        """Interruptions that have struck, each true once the bureau has gone on."""
        self._tickets: list[list[str]] = []
        self.machines = [self._open(part, opening) for part in range(1, bureau.machines + 1)]
        self.boxes: list[BallotBox] = []

    def note_counters(self, hour: int) -> None:
        """Once an hour the public counters are noted, where a machine is on; and its clock set, where somebody does."""
        now = self._midnight + hour * 3600
        for machine in self.machines:
            if machine.state is State.OFF:
                continue
            machine.record_hour(now)
            if self._conduct.clock_set is not None and self._conduct.clock_set[0] == hour:
                machine.set_clock(now - self._conduct.clock_set[1], now)

    def fail(self, interruption: Interruption) -> None:
        """A machine goes dark."""
        self.went_dark[interruption] = False
        machine = self.machines[interruption.machine]
        if interruption.then in _SAME_MACHINE:
            machine.power_off()
        else:
            machine.break_down()

    def resume(self, interruption: Interruption, now: int) -> tuple[VotingMachine, bool]:
        """Resume after a failure; returns the machine, and whether the voter at work is still enabled.

        A machine that is there again before the doors open, late, is switched on when they do.
        """
        self.went_dark[interruption] = True
        at = max(now // 1000, self._opening)
        if interruption.then in _SAME_MACHINE:
            machine = self.machines[interruption.machine]
            machine.power_on(self._midnight + at)
            return machine, machine.state is State.ENABLED
        if interruption.then is Then.PAPER:
            self.boxes.append(BallotBox(*(len(poll.labels) for poll in self._scenario.polls)))
            return self.boxes[-1], False
        self.machines.append(self._open(len(self.machines) + 1, at))
        return self.machines[-1], False

    def close(self, at: int) -> list[tuple[PollResult, ...]]:
        """Close every urn at that second of the day; that of a broken machine is put into another one first.

        Returns:
            Of each urn, the counters of each poll.
        """
        moment = self._midnight + at
        for place, machine in enumerate(self.machines):
            if machine.state is State.OFF:
                self.machines[place] = self._rescue(machine, moment)
        results = [close(machine, moment) for machine in self.machines]
        for machine, kept in zip(self.machines, self._tickets, strict=True):
            kept += machine.print_results()
        return results

    def exports(self, closing: int, poll: int = FIRST_POLL) -> list[tuple[str, bytes]]:
        """File name and bytes of a poll's export of each urn, read at the town hall in the course of the evening."""
        delays = stream(self._seed, *self._key, "reading").integers(0, parameters.EXPORT_SPREAD, len(self.machines))
        read = []
        for part, (machine, delay) in enumerate(zip(self.machines, delays, strict=True), start=1):
            at = self._midnight + closing + parameters.EXPORT_AFTER + int(delay)
            data = self._misprogram(machine.export(poll, at), first=(poll, part) == (FIRST_POLL, 1))
            read.append((export_name(self._bureau.insee, self._bureau.code, poll, part), data))
        return read

    def urns(self) -> list[tuple[str, bytes]]:
        """File name and bytes of the image of each urn."""
        insee, code = self._bureau.key
        return [(urn_name(insee, code, part), each.image()) for part, each in enumerate(self.machines, start=1)]

    def tickets(self) -> list[tuple[str, bytes]]:
        """File name and text of the zero and result tickets of each urn."""
        insee, code = self._bureau.key
        return [
            (urn_name(insee, code, part).removesuffix(".urn") + ".txt", "\n".join(kept).encode())
            for part, kept in enumerate(self._tickets, start=1)
        ]

    def _open(self, part: int, at: int) -> Machine:
        self._tickets.append([])
        scenario, conduct = self._scenario, self._conduct
        loaded = [poll.labels for poll in scenario.polls]
        if conduct.loaded is not None:
            loaded[0] = conduct.loaded
        random = stream(self._seed, *self._key, "urn", part)
        module = configuration(self._bureau, part, scenario.id, scenario.date, scenario.round, *loaded)
        machine = Machine(module, random)
        open_poll(machine, random, self._midnight + at, conduct.one_key_number, self._tickets[-1])
        return machine

    def _rescue(self, broken: Machine, at: int) -> Machine:
        """The urn of a broken machine in another one; the voter who was at work has voted elsewhere."""
        check = broken.passed_check
        machine = Machine.with_urn(broken.take_urn(), stream(self._seed, *self._key, "rescue"), at=at)
        machine.insert_key(Key(Role.PRESIDENT, check.president_key if check else 1))
        if machine.state is State.ENABLED:
            machine.cancel()
        return machine

    def _misprogram(self, data: bytes, first: bool) -> bytes:
        """The export as a machine would give it that counts test votes, or does not record its zero check."""
        conduct = self._conduct
        if not conduct.zero_check_unrecorded and not conduct.test_votes:
            return data
        values = export.parse(data)
        if conduct.zero_check_unrecorded:
            values = replace(values, zero_check=None)
        if conduct.test_votes and first:
            values = replace(
                values,
                zero_sum=conduct.test_votes,
                cast=values.cast + conduct.test_votes,
                tallies=(values.tallies[0] + conduct.test_votes, *values.tallies[1:]),
            )
        return export.build(values)
