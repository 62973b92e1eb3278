"""What explains the figures of one bureau: moves, what they leave, and how much dearer the next explanation is."""

from __future__ import annotations

from dataclasses import dataclass

from verify.explanations.identities import Key
from verify.explanations.moves import Move


@dataclass(frozen=True, slots=True)
class Explanation:
    """Moves, what they leave unexplained, and by how much the next explanation costs more, -1 where there is none.

    Attributes:
        start: what does not hold without them.
        left: what they leave.
        gap_left: votes found less signatures, as corrected.
        alike: whether others of the same cost, if there are any, have the same causes.
    """

    moves: tuple[Move, ...]
    start: dict[Key, int]
    left: dict[Key, int]
    gap_left: int
    lead: int
    cost: int
    alike: bool
