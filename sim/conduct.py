"""Conduct of a bureau and its machine on the day: on time or late, by the rules or not, with a failure or without."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class VoterOutcome(Enum):
    """Outcome for the voter at a machine that went dark."""

    POWER = "the power returns and the same machine goes on"
    REPAIR = "the machine is repaired and goes on"
    RESERVE = "a reserve machine with an urn of its own takes over"
    PAPER = "the bureau goes on with ballot papers"


@dataclass(frozen=True, slots=True)
class Interruption:
    """A machine is dark for a while: since when and how long, in milliseconds (since midnight, and of duration).

    ``machine`` is its place among the bureau's own, from 0; ``booths`` how many voters at once may vote on paper where
    that is how the day goes on, 0: one after another.
    """

    at: int
    length: int
    outcome: VoterOutcome
    machine: int = 0
    booths: int = 0


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
