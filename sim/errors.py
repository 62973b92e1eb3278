"""Refusals of the simulator, as sentences for its user."""

from __future__ import annotations

from protocol.errors import RegardError


class SimulationError(RegardError):
    """Base of all refusals of the simulator.

    Raised, for example, for a commune that had no machines in that year.
    """


class UnknownCommune(SimulationError):
    """An INSEE code that is not in the table of machine communes of that year."""


class UnknownFault(SimulationError):
    """A fault that no injector has, or a rate that is not a number between 0 and 1."""


class UnfitTown(SimulationError):
    """A town's list, or a planned day, from which no night can be made."""
