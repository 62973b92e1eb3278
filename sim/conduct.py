"""How a bureau and its machine are run on the day: on time or late, by the rules or not, with a failure or without."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class VoterOutcome(Enum):
    """How the day goes on after the machine went dark."""

    POWER = "the power returns and the same machine goes on"
    RESERVE = "a reserve machine with an urn of its own takes over"
    PAPER = "the bureau goes on with ballot papers"


@dataclass(frozen=True, slots=True)
class Interruption:
    """The machine is dark for a while: since when and how long, in milliseconds (since midnight, and of duration)."""

    at: int
    length: int
    outcome: VoterOutcome


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
        interruption: the machine goes dark once.
    """

    opening_delay: int = 0
    closing_early: int = 0
    clock: int = 0
    clock_set: tuple[int, int] | None = None
    one_key_number: bool = False
    zero_check_unrecorded: bool = False
    test_votes: int = 0
    loaded: tuple[str, ...] | None = None
    interruption: Interruption | None = None
