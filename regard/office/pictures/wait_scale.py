"""The scale of waits: from zero, and always beyond the limit, so that short waits look short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from regard.dossier.pictures.scale import round_up
from regard.office.pictures.bureaux import MINUTE

_STEPS = (5, 10, 15, 20, 30, 60, 120, 240, 480)
"""Minutes between two lines."""
_LINES = 6
"""Lines at most."""


@dataclass(frozen=True, slots=True)
class WaitScale:
    """Waits in milliseconds as pixels.

    Attributes:
        ticks: minutes that are named.
        room: pixels from zero to the last of them.
    """

    ticks: tuple[int, ...]
    room: int

    @classmethod
    def of(cls, longest: int, limit: int, room: int) -> Self:
        """The scale of waits of which the longest is known; the limit stands at three quarters of it at most."""
        highest = max(limit * 4 // 3, longest, 1)
        needed = -(-highest // (_LINES * MINUTE))
        step = next((each for each in _STEPS if each >= needed), round_up(needed))
        return cls(tuple(range(0, -(-highest // MINUTE) + step, step)), room)

    def at(self, wait: int) -> int:
        """Pixels from zero, by whole numbers, so that the same picture is the same everywhere."""
        return wait * self.room // (self.ticks[-1] * MINUTE)
