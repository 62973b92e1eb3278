"""How long to wait for answers: as long as the line has been seen to need, and not much longer.

The baud rate is where it starts from. On a socket or a pty that rate says little, and adapters hold bytes back for
as long as they like; so both the time of a byte and the delay on top of it are learnt from what comes.
"""

from __future__ import annotations

BITS = 10
"""Bits on the line for a byte in 8N1."""
FIRST_LATENCY = 0.1
"""Seconds that an answer may take beyond its time on the line before anything is known of it."""
LEAST_LATENCY = 0.02
"""Seconds; a busy computer may look away for so long."""
MARGIN = 1.5
"""How much slower than the average a byte may come."""
MAX_BACKOFF = 64.0


class Patience:
    """What the line has taught so far.

    Args:
        baud: what the line is set to.
        longest: seconds that are never exceeded.
    """

    def __init__(self, baud: int, longest: float) -> None:
        self._byte_time = BITS / baud
        self._latency = FIRST_LATENCY
        self._backoff = 1.0
        self._longest = longest

    def allow(self, wire: int) -> float:
        """Seconds within which ``wire`` bytes should have come."""
        return min((MARGIN * wire * self._byte_time + self._latency) * self._backoff, self._longest)

    def came(self, wire: int, seconds: float, busy: bool) -> None:
        """Learn from an answer.

        Args:
            wire: bytes that the line carried from the request to the end of the answer, others' included.
            seconds: how long that took.
            busy: whether the line was never idle in between, so that this is the pace of bytes.
        """
        if busy:
            self._byte_time += (seconds / wire - self._byte_time) / 8
        self._latency = max(LEAST_LATENCY, 2 * (seconds - wire * self._byte_time), 0.9 * self._latency)
        self._backoff = 1.0

    def silent(self) -> None:
        """Nothing came at all: wait longer from now on, until something does."""
        self._backoff = min(MAX_BACKOFF, 2 * self._backoff)
