"""Refusals of the machine, with reasons: errors of input or memory, not bugs."""

from __future__ import annotations

from collections.abc import Iterable

from protocol.errors import NOTHING, RegardError
from protocol.words import Text, msg, series


class MachineError(RegardError):
    """Base of all refusals of a machine."""


class ConfigurationError(MachineError):
    """A configuration that a module cannot hold: no poll, 65 choices, a text that is too long."""


class IllegalOperation(MachineError):
    """An operation that the machine refuses in the state it is in.

    Raised, for example, when a voter validates before choosing, or the president opens without a zero check.

    Attributes:
        state: name of the state the machine was in, and stays in.
        operation: name of what was asked for.
        legal: names of the operations that this state takes.
        reason: what else is missing (a key, memory), empty where the state alone refuses.
    """

    def __init__(self, state: str, operation: str, legal: Iterable[str], reason: Text = "") -> None:
        self.state = state
        self.operation = operation
        self.legal = tuple(legal)
        self.reason = reason
        takes = series(self.legal) if self.legal else NOTHING
        super().__init__(
            msg(
                "{operation} refused in state {state}: {why}",
                operation=operation,
                state=state,
                why=reason or msg("this state takes: {legal}", legal=takes),
            )
        )


class UrnError(MachineError):
    """A module that a machine cannot work with: not programmed, not whole, or of another format."""


class ZeroCheckError(MachineError):
    """A zero check that found something: a count, or a slot in which something was written.

    Attributes:
        counter_sum: sum of all counters.
        slots_written: slots of the vote area that are not blank.
    """

    def __init__(self, counter_sum: int, slots_written: int) -> None:
        super().__init__(
            msg(
                "not at zero: the counters add up to {counter_sum}, {slots_written} slots are written",
                counter_sum=counter_sum,
                slots_written=slots_written,
            )
        )
        self.counter_sum = counter_sum
        self.slots_written = slots_written


class UrnFullError(MachineError):
    """No slot for a vote, or no mark for a count: only decayed cells can lead here."""
