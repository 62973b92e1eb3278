"""The ESF1: a module is put in, it is switched on and tests itself, and what people can do to it on polling day.

A model: the order of the day and the parts are documented of the NEDAP family, the rest is ours.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NoReturn, Self

import numpy as np

from machine.banks import Draw
from machine.configuration import Configuration
from machine.errors import IllegalOperation, UrnError, ZeroCheckError
from machine.keys import NAMES, Key, Role
from machine.memory import Memory
from machine.programming import digests, program, read_configuration
from machine.states import TRANSITIONS, Operation, State, legal_operations
from machine.tickets import result_ticket, zero_ticket
from machine.urn import PollResult, Urn, ZeroCheck
from protocol.export.record import TEXTS, Export, build
from protocol.urn.image import LAYOUT, EventKind, UrnLayout
from protocol.words import Text, msg, series

_ENABLE = TRANSITIONS[Operation.ENABLE]
_SELECT = TRANSITIONS[Operation.SELECT]
_BLANK = TRANSITIONS[Operation.BLANK]
_VALIDATE = TRANSITIONS[Operation.VALIDATE]
_PROGRAMMED = (*(name for name in TEXTS if name != "constituency"), "date", "round", "part", "registered")
"""Fields of an export that are those of the configuration."""


@dataclass(frozen=True, slots=True)
class ControlBox:
    """The president's indicators, at the end of a cable: a lamp, a bleep, a counter.

    Attributes:
        lamp: lit while a voter may vote; it does not work on battery power.
        bleeps: how often it has sounded since the power came on: once for each voter whose vote is stored.
        voters: the public counter of the first poll.
        voters_by_poll: the public counter of each poll, by its number.
    """

    lamp: bool
    bleeps: int
    voters: int
    voters_by_poll: dict[int, int]


class Machine:
    """One machine with its ballot module. It begins switched on, in test mode.

    There are no counters of results before closing: they are counted from the stored votes then (L57-1, 7°).

    Times are whole seconds of local civil time (`protocol.civil_time`). Every refused operation raises
    `IllegalOperation` and changes nothing.

    Args:
        configuration: what the module is programmed with.
        random: draws the positions of the votes in the urn; None for the operating system's entropy.
        memory: an erased module to program, None for a new one.
        layout: where the sections of the urn are.
    """

    def __init__(
        self,
        configuration: Configuration,
        random: Draw | None = None,
        *,
        memory: Memory | None = None,
        layout: UrnLayout = LAYOUT,
    ) -> None:
        urn = memory if memory is not None else Memory(layout.size)
        program(urn, configuration, layout)
        self._install(configuration, urn, random, layout)
        self.power_on(0)

    @classmethod
    def with_urn(cls, memory: Memory, random: Draw | None = None, *, at: int, layout: UrnLayout = LAYOUT) -> Self:
        """A machine into which a programmed module is put, a broken machine's for example, and switched on.

        Raises:
            UrnError: the module is not programmed, or not whole.
        """
        if len(memory) != layout.size:
            raise UrnError(msg("a module of {memory} bytes: expected {size}", memory=len(memory), size=layout.size))
        machine = cls.__new__(cls)
        machine._install(read_configuration(memory, layout), memory, random, layout)
        machine.power_on(at)
        return machine

    def _install(self, configuration: Configuration, memory: Memory, random: Draw | None, layout: UrnLayout) -> None:
        self.configuration = configuration
        self.state = State.OFF
        self.broken = False
        self.on_battery = False
        self.bleeps = 0
        self.resumed = False
        self._memory = memory
        self._layout = layout
        self._random = random if random is not None else np.random.default_rng()
        self._keys: dict[Role, Key] = {}
        self._polls = [(poll.number, len(poll.choices)) for poll in configuration.polls]
        self._at = 0
        self._choice = 0
        self._room = 0
        self._copies = 0
        self._image_digest: bytes | None = None
        self._urn = Urn(memory, configuration, layout, self._random)
        memory.when_cut = self._lose_power

    def power_on(self, at: int) -> None:
        """Switch on: the self-test puts the urn in order and says how far the day has come.

        If the machine comes back enabled, the voter at work votes again; if not, the vote is stored. `State.CAST`
        says that it was stored as the power went away.

        Raises:
            IllegalOperation: the machine is on, or broken.
            UrnError: the module fails the self-test. The machine stays in it.
        """
        self._demand(Operation.POWER_ON)
        if self.broken:
            self._refuse(Operation.POWER_ON, "the machine is broken")
        self.state = State.SELF_TEST
        self.self_test(at)

    def self_test(self, at: int) -> None:
        """The self-test, which `power_on` begins; it can be repeated where the module failed it."""
        self._demand(Operation.SELF_TEST)
        read_configuration(self._memory, self._layout)
        urn = self._urn = Urn(self._memory, self.configuration, self._layout, self._random)
        completed = urn.load()
        self._choice = self._room = self._copies = self.bleeps = 0
        self.resumed = urn.phase is State.OPEN
        if urn.phase is State.OPEN:
            urn.note(EventKind.POWER, at, 0)
            waiting = urn.waiting()
            if waiting is not None:
                self._at = [number for number, _ in self._polls].index(waiting)
                self.state = State.ENABLED
            else:
                self.state = State.CAST if completed else State.OPEN
        else:
            self.state = urn.phase

    def power_off(self) -> None:
        """Switch off, or lose the power between two operations."""
        self._demand(Operation.POWER_OFF)
        self._lose_power()

    def break_down(self) -> None:
        """The machine fails and does not come back. Its module can be taken out (`take_urn`)."""
        self._demand(Operation.BREAK_DOWN)
        self.broken = True
        self._lose_power()

    def lose_mains(self, at: int) -> None:
        """The mains fail and the battery keeps the machine on; printer and lamp do not work on it."""
        self._demand(Operation.LOSE_MAINS)
        self._set_battery(at, on=True)

    def regain_mains(self, at: int) -> None:
        """The mains are back."""
        self._demand(Operation.REGAIN_MAINS)
        self._set_battery(at, on=False)

    def take_urn(self) -> Memory:
        """Take the module out of a machine that is off."""
        if self.state is not State.OFF:
            self._refuse(Operation.IMAGE, "the machine is on")
        return self._memory

    # The president and the assessors

    @property
    def voters(self) -> int:
        """The public counter, readable all day (L57-1, 6°): voters who voted, in the first poll at least."""
        return self._urn.voters[self._polls[0][0]].count

    @property
    def voters_by_poll(self) -> dict[int, int]:
        """The public counter of each poll."""
        return {number: self._urn.voters[number].count for number, _ in self._polls}

    @property
    def control_box(self) -> ControlBox:
        """Lamp, bleeps and counter as they are now."""
        lit = self.state in (State.ENABLED, State.SELECTED) and not self.on_battery
        return ControlBox(lit, self.bleeps, self.voters, self.voters_by_poll)

    @property
    def poll(self) -> int | None:
        """The poll that the voter is asked for, while the machine is enabled."""
        return self._polls[self._at][0] if self.state in (State.ENABLED, State.SELECTED) else None

    @property
    def selection(self) -> int | None:
        """The choice that the voter selected and has not validated, 0 for blank: what the panel's display shows."""
        return self._choice if self.state is State.SELECTED else None

    @property
    def passed_check(self) -> ZeroCheck | None:
        """The zero check, once it was passed."""
        return self._urn.zero_check

    @property
    def opening(self) -> int | None:
        """Time of the opening; None before it."""
        return self._urn.opening

    @property
    def closing(self) -> int | None:
        """Time of the closing; None before it."""
        return self._urn.closing

    def insert_key(self, key: Key) -> None:
        """Turn a key in its lock; it stays until it is removed. Refused where the lock already holds one."""
        self._demand(Operation.INSERT_KEY)
        if key.role in self._keys:
            self._refuse(Operation.INSERT_KEY, msg("{key} is already in its lock", key=NAMES[key.role]))
        self._keys[key.role] = key

    def remove_key(self, role: Role) -> Key:
        """Take a key out of its lock. Refused where the lock is empty."""
        self._demand(Operation.REMOVE_KEY)
        if role not in self._keys:
            self._refuse(Operation.REMOVE_KEY, msg("{key} is not in its lock", key=NAMES[role]))
        return self._keys.pop(role)

    def test_vote(self, poll: int, choice: int) -> None:
        """A vote of the test mode: stored apart, in a code of its own, and never counted.

        Raises:
            IllegalOperation: not in test mode, no such choice, or the test area is full.
        """
        self._demand(Operation.TEST_VOTE)
        choices = len(self.configuration.poll(poll).choices)
        if not 0 <= choice <= choices:
            self._refuse(Operation.TEST_VOTE, msg("no choice {choice} among {choices}", choice=choice, choices=choices))
        if not self._urn.store_test_vote(poll, choice):
            self._refuse(Operation.TEST_VOTE, msg("the test area is full"))

    def zero_check(self, at: int) -> int:
        """Check in public that all counters stand at zero (L63), with both keys; returns the sum read, 0.

        Raises:
            ZeroCheckError: they do not. What was read is written into the module; the machine stays in test mode.
        """
        self._demand(Operation.ZERO_CHECK)
        self._demand_keys(Operation.ZERO_CHECK)
        evidence = self._urn.check_zero(at, *(self._keys[role].number for role in (Role.PRESIDENT, Role.ASSESSOR)))
        if evidence is None:
            self._refuse(Operation.ZERO_CHECK, msg("the module has no room for another zero check"))
        if evidence.counter_sum or evidence.slots_written:
            raise ZeroCheckError(evidence.counter_sum, evidence.slots_written)
        self.state = State.READY
        return evidence.counter_sum

    def open(self, at: int) -> None:
        """Open the poll, with both keys."""
        (state,) = self._demand(Operation.OPEN)
        self._demand_keys(Operation.OPEN)
        self._urn.open(at)
        self.state = state

    def enable(self) -> None:
        """The president's button: one voter may vote, once in each poll.

        Raises:
            IllegalOperation: the state does not take it, or the urn has no room for a voter more.
        """
        if self.state not in _ENABLE:
            self._refuse(Operation.ENABLE)
        if self._room <= 0:
            self._room = self._urn.room()
            if self._room <= 0:
                self._refuse(Operation.ENABLE, msg("the electronic urn is full"))
        self._urn.enablings.add()
        self._room -= 1
        self._at = 0
        self.resumed = False
        self.state = State.ENABLED

    def cancel(self) -> None:
        """The president ends the enabling of a voter who left: nothing is stored in the polls not voted."""
        (state,) = self._demand(Operation.CANCEL)
        for number, _ in self._polls[self._at :]:
            self._urn.cancellations[number].add()
        self._choice = 0
        self.state = state

    def record_hour(self, at: int) -> None:
        """Note the public counters in the log, once an hour."""
        self._demand(Operation.RECORD_HOUR)
        for number, voters in self.voters_by_poll.items():
            self._urn.note(EventKind.HOURLY, at, voters, number)

    def record_incident(self, at: int, number: int) -> None:
        """Note an incident in the log, by its number in the bureau's record."""
        self._demand(Operation.RECORD_INCIDENT)
        self._urn.note(EventKind.INCIDENT, at, number)

    def set_clock(self, before: int, at: int) -> None:
        """Set the clock, which showed ``before``, to ``at``. Legal at any time of the day; the log shows it (M110)."""
        self._demand(Operation.SET_CLOCK)
        self._urn.note(EventKind.CLOCK, at, before)

    def close(self, at: int) -> None:
        """Close the poll for ever, with both keys. The votes are counted now, and only now."""
        (state,) = self._demand(Operation.CLOSE)
        self._demand_keys(Operation.CLOSE)
        self._urn.close(at)
        self.state = state

    def results(self) -> tuple[PollResult, ...]:
        """The counters of every poll, made visible after closing (L65; L57-1, 7°)."""
        (self.state,) = self._demand(Operation.RESULTS)
        return tuple(self._urn.results[number] for number, _ in self._polls)

    def print_zero(self, code: str = "fr") -> str:
        """The zero ticket, the record of initialisation: 40 columns, in the language of that code.

        Raises:
            IllegalOperation: no zero check was passed, the poll was opened, or the machine is on battery.
        """
        self._demand_printer(Operation.PRINT_ZERO)
        return zero_ticket(self.configuration, self._urn, code)

    def print_results(self, copies: int = 1, code: str = "fr") -> tuple[str, ...]:
        """The result ticket, in any number of copies; each says which one it is.

        Raises:
            IllegalOperation: the results were not made visible yet, or the machine is on battery.
        """
        self._demand_printer(Operation.PRINT_RESULTS)
        first = self._copies + 1
        self._copies += copies
        return tuple(result_ticket(self.configuration, self._urn, copy, code) for copy in range(first, first + copies))

    # The voter

    def select(self, poll_choice: int) -> None:
        """The voter presses the key of a choice, 1 for the first of the panel, in the poll asked for."""
        if self.state not in _SELECT:
            self._refuse(Operation.SELECT)
        choices = self._polls[self._at][1]
        if not 0 < poll_choice <= choices:
            self._refuse(
                Operation.SELECT, msg("no choice {choice} among {choices}", choice=poll_choice, choices=choices)
            )
        self._choice = poll_choice
        self.state = State.SELECTED

    def blank(self) -> None:
        """The voter presses the key for a blank vote (L57-1, 4°)."""
        if self.state not in _BLANK:
            self._refuse(Operation.BLANK)
        self._choice = 0
        self.state = State.SELECTED

    def choose(self, choice: int) -> None:
        """The voter presses the key of a choice, or for 0 that of a blank vote."""
        if choice:
            self.select(choice)
        else:
            self.blank()

    def correct(self) -> None:
        """The voter takes the choice back before validating."""
        (self.state,) = self._demand(Operation.CORRECT)
        self._choice = 0

    def validate(self) -> None:
        """The voter validates: the vote is stored. Then the next poll of the day, or the voter has voted."""
        if self.state not in _VALIDATE:
            self._refuse(Operation.VALIDATE)
        at, choice = self._at, self._choice
        self._urn.store(self._polls[at][0], choice)
        self._choice = 0
        if at + 1 < len(self._polls):
            self._at = at + 1
            self.state = State.ENABLED
        else:
            self.bleeps += 1
            self.state = State.CAST

    # What leaves the machine

    def image(self) -> bytes:
        """The module image, as a reading unit would read it.

        Raises:
            IllegalOperation: the poll is open in a machine that is on.
        """
        self._demand(Operation.IMAGE)
        return self._urn.image()

    def export(self, poll: int, at: int) -> bytes:
        """The result export of one poll: 576 bytes of `protocol.export.record`.

        Raises:
            IllegalOperation: the poll is not closed.
            ConfigurationError: this module has no such poll.
        """
        self._demand(Operation.EXPORT)
        if self._image_digest is None:
            self._image_digest = hashlib.sha256(self._urn.image()).digest()
        of, urn = self.configuration.poll(poll), self._urn
        result, evidence = urn.results[poll], urn.zero_check
        return build(
            Export(
                **{name: getattr(self.configuration, name) for name in _PROGRAMMED},
                constituency=of.constituency,
                poll=poll,
                zero_check=evidence.at if evidence else None,
                opening=urn.opening,
                closing=urn.closing,
                export=at,
                zero_sum=evidence.counter_sum if evidence else 0,
                voters=result.voters,
                enablings=urn.enablings.count,
                cancellations=result.cancellations,
                cast=result.cast,
                blank=result.blank,
                choices_digest=digests(self._memory, self._layout)[poll - 1],
                module_digest=self._image_digest,
                tallies=result.tallies,
            )
        )

    def _demand_printer(self, operation: Operation) -> None:
        self._demand(operation)
        if self.on_battery:
            self._refuse(operation, msg("the printer does not work on battery power"))

    def _demand_keys(self, operation: Operation) -> None:
        missing = [role for role in Role if role not in self._keys]
        if missing:
            self._refuse(operation, msg("not in their locks: {keys}", keys=series(NAMES[role] for role in missing)))

    def _lose_power(self) -> None:
        self.state = State.OFF
        self._choice = 0

    def _set_battery(self, at: int, *, on: bool) -> None:
        if self.on_battery != on and self._urn.phase is State.OPEN:
            self._urn.note(EventKind.MAINS, at, int(not on))
        self.on_battery = on

    def _demand(self, operation: Operation) -> tuple[State, ...]:
        target = TRANSITIONS[operation].get(self.state)
        if target is None:
            self._refuse(operation)
        return target

    def _refuse(self, operation: Operation, reason: Text = "") -> NoReturn:
        raise IllegalOperation(self.state, operation, legal_operations(self.state), reason)
