"""The people of a short day at a machine whose power may be cut before any byte, and what they know when it returns."""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from machine.configuration import Configuration, ConfiguredPoll
from machine.esf1 import Machine
from machine.keys import Key, Role
from machine.states import State
from protocol.civil_time import seconds
from protocol.urn.image import UrnLayout
from tests.machine.failing_memory import FailingMemory, PowerCut

DAY = datetime.date(2022, 4, 10)
AT = seconds(DAY, 12)
SMALL = UrnLayout(slots=16, events=24)
KEYS = (Key(Role.PRESIDENT, 11), Key(Role.ASSESSOR, 22))


def configuration(*sizes: int) -> Configuration:
    """A bureau with one poll for each number of choices."""
    return Configuration(
        election="2022-P",
        date=DAY,
        round=1,
        insee="29019",
        bureau="0A11",
        part=1,
        registered=900,
        polls=tuple(
            ConfiguredPoll(number, "", tuple(f"CHOICE {choice}" for choice in range(1, size + 1)))
            for number, size in enumerate(sizes, start=1)
        ),
        machine_serial="ESF00001",
        module_serial="YMC00001",
        machine_seal="S1",
        module_seal="S2",
    )


def with_keys(machine: Machine) -> Machine:
    """Insert both keys."""
    for key in KEYS:
        machine.insert_key(key)
    return machine


def opened(*sizes: int, **given: Any) -> Machine:
    """A machine that is open for votes; ``given`` are arguments of `Machine`."""
    machine = with_keys(Machine(configuration(*sizes), **{"random": np.random.default_rng(1), **given}))
    assert machine.zero_check(AT) == 0
    machine.open(AT)
    return machine


def vote(machine: Machine, *choices: int) -> None:
    """One enabling with a vote in each poll, 0 for blank."""
    machine.enable()
    for choice in choices:
        machine.choose(choice)
        machine.validate()


class InOrder:
    """Draws that are no draws: positions from the last to the first, so that a run can be repeated."""

    def permutation(self, x: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The positions as they are."""
        return x


@dataclass(slots=True)
class People:
    """President, assessor and voters who do ``day`` one step after another.

    A step is a tuple: ``("zero",)``, ``("open",)``, ``("hour",)``, ``("close",)``, or ``("voter", choices)`` with a
    choice for each poll, 0 for blank, None for a voter who leaves there. What they remember over a power cut is the
    step, and how far they know to have come in it: `enabled` once the machine said so, `voted` for each poll that
    the machine did not ask for again.
    """

    day: list[tuple[object, ...]]
    at: int = 0
    enabled: bool = False
    expected: Counter[tuple[int, int]] = field(default_factory=Counter)

    def go_on(self, machine: Machine) -> None:
        """Do all that is left of the day. Raises PowerCut where the power goes away; then call it again."""
        for key in KEYS:
            if key.role not in machine._keys:
                machine.insert_key(key)
        while self.at < len(self.day):
            name, *arguments = self.day[self.at]
            getattr(self, f"_{name}")(machine, *arguments)
            self.at += 1
            self.enabled = False

    def _zero(self, machine: Machine) -> None:
        if machine.state is State.TEST:
            machine.zero_check(seconds(DAY, 7, 45))

    def _open(self, machine: Machine) -> None:
        if machine.state is State.READY:
            machine.open(seconds(DAY, 8))

    def _hour(self, machine: Machine) -> None:
        machine.record_hour(seconds(DAY, 9))

    def _close(self, machine: Machine) -> None:
        if machine.state is not State.CLOSED:
            machine.close(seconds(DAY, 19))

    def _voter(self, machine: Machine, choices: tuple[int | None, ...]) -> None:
        if machine.state is not State.ENABLED and not self.enabled:
            machine.enable()
        self.enabled = True
        while machine.state is State.ENABLED:
            assert machine.poll is not None
            choice = choices[machine.poll - 1]
            if choice is None:
                machine.cancel()
                return
            machine.choose(choice)
            machine.validate()


def expected_votes(day: list[tuple[object, ...]]) -> dict[tuple[int, int], int]:
    """The votes of a day by (poll, choice): those before a voter left."""
    votes: Counter[tuple[int, int]] = Counter()
    for name, *arguments in day:
        if name == "voter":
            (choices,) = arguments
            assert isinstance(choices, tuple)
            for poll, choice in enumerate(choices, start=1):
                if choice is None:
                    break
                votes[poll, choice] += 1
    return dict(votes)


def programmed(*sizes: int, layout: UrnLayout = SMALL) -> bytes:
    """The bytes of a module that was programmed and never used."""
    memory = FailingMemory(layout.size)
    Machine(configuration(*sizes), InOrder(), memory=memory, layout=layout)
    return memory.read(0, len(memory))


def run(image: bytes, people: People, cuts: list[int], layout: UrnLayout = SMALL) -> tuple[Machine, int]:
    """Let the people go on with a module, with the power cut after so many writes, once for each of ``cuts``.

    Returns:
        The machine at the end, and the number of bytes written since the last cut.
    """
    memory = FailingMemory(image)
    machine: Machine | None = None
    pending = list(cuts)
    while True:
        try:
            memory.written = 0
            memory.cut_after(pending.pop(0) if pending else None)
            if machine is None:
                machine = Machine.with_urn(memory, InOrder(), at=seconds(DAY, 12), layout=layout)
            else:
                machine.power_on(seconds(DAY, 12))
            people.go_on(machine)
        except PowerCut:
            continue
        return machine, memory.written
