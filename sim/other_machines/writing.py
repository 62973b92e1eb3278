"""The layouts of other machines that a night can be written in, and their folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Protocol

from protocol.bu.schema import lacks_libraries
from protocol.extras import say_missing
from protocol.words import msg
from sim.elections import Scenario
from sim.errors import SimulationError
from sim.evidence import Truth
from sim.faults.catalogue import OF_OTHER_MACHINES, Rates, strike_dump
from sim.other_machines.counts import MachineCount
from sim.other_machines.machine_dumps import UnitDump

URNAS = "bu"
WRITERS = {URNAS: "sim.other_machines.urnas", "cvr": "sim.other_machines.cards"}
"""The module that writes each layout, by the layout's name, which its folder in the night has as well."""


class OtherDumps(Protocol):
    """Output folder of the dumps."""

    def write(self, name: str, data: bytes) -> None:
        """Put one file in."""


def check_libraries(machine: str | None) -> None:
    """See that all that is needed to write a layout is installed.

    Raises:
        SimulationError: it is not.
    """
    if machine == URNAS and lacks_libraries():
        raise SimulationError(say_missing("machines"))


def check_faults(machine: str | None, rates: Rates) -> None:
    """See that no fault is asked for that would strike dumps which are not written.

    Raises:
        SimulationError: one is.
    """
    for fault in OF_OTHER_MACHINES:
        if fault.name in rates and fault.machine != machine:
            raise SimulationError(
                msg(
                    "{fault} strikes dumps of another machine: it goes with --machine {machine}",
                    fault=fault.name,
                    machine=fault.machine,
                )
            )


def write_other_machine(
    night: OtherDumps, machine: str, seed: int, scenario: Scenario, counts: Sequence[MachineCount], rates: Rates
) -> list[Truth]:
    """Write a night's counts in the layout of another machine, into its folder.

    Returns:
        What faults did to these dumps.
    """
    truth: list[Truth] = []
    before: UnitDump | None = None
    for dump in import_module(WRITERS[machine]).dumps(seed, scenario, sorted(counts)):
        if isinstance(dump, UnitDump):
            key = scenario.id, scenario.round, *dump.place, *dump.key
            for fault, effect in strike_dump(seed, key, rates, machine, dump, before):
                struck = dump.polls if effect.poll is None else (effect.poll,)
                line = Truth(fault, *dump.place, effect.piece, effect.field, effect.change, effect.detail)
                truth += (replace(line, poll=poll, again=poll != struck[0]) for poll in struck)
            before = dump
        for name, data in dump.files.items():
            night.write(f"{machine}/{name}", data)
    return truth
