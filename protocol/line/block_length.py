"""Length of blocks to request: the one that gives the highest throughput on a line that damages bytes.

A long block wastes little on its envelope, a short one more often survives. With damage at a rate of r a byte,
a block of n bytes in an envelope of h arrives with a chance of exp(-r (n + h)) and takes n + h byte times, so
what comes through is n exp(-r (n + h)) / (n + h). That is largest at n = (sqrt(h^2 + 4 h / r) - h) / 2. The rate
is estimated from what arrives and what is lost, with older experience fading.
"""

from __future__ import annotations

import math

from protocol.line.frames import wire_length

ENVELOPE = wire_length(4)
"""Bytes on the line of an answer with no data in it."""
SHORTEST = 16
"""Bytes; below this, an answer is mostly envelope."""
MEMORY = 32_768
"""Bytes on the line after which experience has faded to 1/e."""
PRIOR_LOSSES = 0.2
PRIOR_BYTES = 512.0
"""As if a fifth of a loss had been seen in 512 bytes: a start of 176 bytes, open to both sides."""


def best_length(rate: float, limit: int) -> int:
    """The best block length, in bytes up to ``limit``, for a rate of damage for each byte on the line."""
    best = (math.sqrt(ENVELOPE**2 + 4 * ENVELOPE / rate) - ENVELOPE) / 2
    return max(min(SHORTEST, limit), min(limit, round(best)))


class BlockLength:
    """The best block length on this line, as far as experience tells.

    Attributes:
        limit: bytes of the longest block that the unit sends.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._losses = PRIOR_LOSSES
        self._bytes = PRIOR_BYTES

    @property
    def rate(self) -> float:
        """Estimated damage for each byte on the line."""
        return self._losses / self._bytes

    def choose(self, room: int = 0) -> int:
        """Choose the length of the next block, in bytes from `SHORTEST` (or the unit's limit, if less) to the limit.

        Args:
            room: bytes that the line can carry for each request while answers are awaited. A longer block costs no
                time up to there; with one loss more than was seen, half the length at which one in e is lost is taken.
        """
        careful = int(0.5 * self._bytes / (self._losses + 1))
        return max(best_length(self.rate, self.limit), min(room, careful, self.limit))

    def arrived(self, wire: int) -> None:
        """A request and its answer, ``wire`` bytes together, came through."""
        self._fade(wire)
        self._bytes += wire

    def lost(self, wire: int) -> None:
        """A request or its answer, ``wire`` bytes together, was damaged; bytes after the damage are not counted."""
        rate = self.rate
        spoilt = math.expm1(min(rate * wire, 50.0))
        undamaged = 1 / rate - wire / spoilt if spoilt > 1e-9 else wire / 2
        self._fade(wire)
        self._losses += 1
        self._bytes += undamaged

    def _fade(self, wire: int) -> None:
        kept = math.exp(-wire / MEMORY)
        self._losses *= kept
        self._bytes *= kept
        # The prior never fades, so that a long clean stretch leaves a rate above zero.
        self._losses += PRIOR_LOSSES * (1 - kept)
        self._bytes += PRIOR_BYTES * (1 - kept)
