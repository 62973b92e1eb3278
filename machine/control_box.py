"""The president's control box, at the end of its cable: two buttons (enable, cancel), a lamp, a bleep, a counter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ControlBox:
    """The president's indicators.

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
