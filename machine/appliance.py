"""The ESF1 as an appliance: a module is put in, it is switched on and tests itself, runs on battery, or breaks down."""

from __future__ import annotations

from typing import NoReturn, Self

import numpy as np

from machine.banks import Draw
from machine.configuration import Configuration
from machine.errors import IllegalOperation, UrnError
from machine.keys import Key, Role
from machine.memory import Memory
from machine.programming import program, read_configuration
from machine.states import TRANSITIONS, Operation, State, legal_operations
from machine.urn import Urn
from protocol.urn.image import LAYOUT, EventKind, UrnLayout
from protocol.words import Text, msg


class Appliance:
    """One machine with its ballot module. It begins switched on, in test mode.

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
            ModuleError: the module is not programmed, or not whole.
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
            ModuleError: the module fails the self-test. The machine stays in it.
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
