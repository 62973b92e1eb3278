"""Positions of figures on a picture."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

import numpy as np

from verify.model.figures import Ints

_FAR = 6
"""So many times an ordinary gap a larger one stands at the edge."""
_FINE = 10_000
"""Steps of a square root between two whole numbers, squared."""


@dataclass(frozen=True, slots=True)
class RootScale:
    """A scale on which differences of a few votes are seen beside such of hundreds: by the square root, with its sign.

    Attributes:
        most: the largest difference, without its sign; at least 1.
        room: pixels from zero to it.
    """

    most: int
    room: int

    def at(self, value: int, parts: int = 1) -> int:
        """Pixels from zero of ``value / parts``: by whole numbers, so that the same picture is the same everywhere."""
        length = self.room * isqrt(abs(value) * _FINE // parts) // max(isqrt(self.most * _FINE), 1)
        return min(length, self.room) if value >= 0 else -min(length, self.room)

    def ticks(self) -> tuple[int, ...]:
        """Differences to name, from zero up."""
        steps = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
        named: list[int] = []
        for value in steps:
            if value <= self.most and (not named or self.at(value) - self.at(named[-1]) >= 14):
                named.append(value)
        return tuple(named)


def round_up(value: int) -> int:
    """The next number of one figure and zeros, or 15, 25 and their like."""
    power: int = 10 ** max(len(str(value)) - 1, 0)
    return next(step * power // 10 for step in (10, 15, 20, 25, 30, 40, 50, 60, 80, 100) if step * power // 10 >= value)


def edge_of(gaps: Ints) -> int:
    """The gap that is to stand at the edge: the largest, unless that is far beyond 98 of a hundred."""
    sizes = np.sort(np.abs(gaps[gaps != 0]))
    if not len(sizes):
        return 3
    most, ordinary = int(sizes[-1]), int(sizes[(len(sizes) - 1) * 98 // 100])
    return max(most if most <= _FAR * ordinary else round_up(ordinary), 3)
