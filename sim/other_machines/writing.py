"""The layouts of other machines that a night can be written in, and their folders."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from protocol.bu.schema import missing_libraries
from protocol.words import msg
from sim.elections import Scenario
from sim.errors import SimulationError
from sim.other_machines.counts import MachineCount

URNAS = "bu"
WRITERS = {URNAS: "sim.other_machines.urnas", "cvr": "sim.other_machines.cards"}
"""The module that writes each layout, by the layout's name, which its folder in the night has as well."""


class OtherDumps(Protocol):
    """Where the dumps go."""

    def write(self, name: str, data: bytes) -> None:
        """Put one file in."""


def check_libraries(machine: str | None) -> None:
    """See that all that is needed to write a layout is installed.

    Raises:
        SimulationError: it is not.
    """
    missing = missing_libraries() if machine == URNAS else ()
    if missing:
        packages = " ".join(missing)
        raise SimulationError(
            msg(
                "files of Brazilian urnas need {packages}, which is not installed: pip install 'regard[machines]'",
                packages=packages,
            )
        )


def write_other_machine(
    night: OtherDumps, machine: str, seed: int, scenario: Scenario, counts: Sequence[MachineCount]
) -> None:
    """Write a night's counts in the layout of another machine, into its folder."""
    for name, data in import_module(WRITERS[machine]).dumps(seed, scenario, sorted(counts)):
        night.write(f"{machine}/{name}", data)
