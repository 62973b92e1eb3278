"""Timeouts of answers: as long as the line has been seen to need, and not much longer.

An answer takes the time of its bytes on the line, and a delay on top of that: radio modems, servers and adapters hold
bytes back for as long as they like. The delay is estimated as TCP does it (RFC 6298): smoothed, with its variation.
Each retry has a number of its own, so an answer always tells which request it belongs to and how long that one took,
however late it comes; so Karn's rule, to learn nothing from an answer that may belong to either of two, is kept.

The time of a byte starts from the baud rate. On a socket or a pty that rate says little: where more bytes come than it
allows, the time is lowered, and the lowering slowly forgotten. A line slower than its rate shows as delay.
"""

from __future__ import annotations

BITS = 10
"""Bits on the line for a byte in 8N1."""
FIRST_DELAY = 0.1
"""Seconds that an answer may take beyond its time on the line before anything is known of it."""
LEAST_VARIATION = 0.02
"""Least variation in seconds, for scheduling delays of a busy computer."""
LONGEST_DELAY = 15.0
"""Seconds that an answer may take beyond its time on the line, whatever has been seen."""
VARIATIONS = 4
"""Variations by which a delay may exceed its average (K of RFC 6298)."""
MARGIN = 1.5
"""Factor by which a byte may be slower than expected."""
BACKOFF = 2.0
"""Each time-out in a row is so many times the one before, where nothing came at all..."""
DAMAGED = 4
"""...every so many of them, where bytes came: then the line is damaged, more likely than slow..."""
LONGEST_PAUSE = 2.0
"""...up to so many seconds."""
GIVE_UP = 15.0
"""Seconds without progress after which nothing more is expected of the line..."""
TRIES = 6
"""...or so many times what an answer may take, where that is more."""
ROUND_TRIP = 5.0
"""Seconds of round trip up to which readings are tested, with as much jitter again."""
FORGET = 1 / 64
"""Share of a lowered time of a byte that each answer raises again."""


class Timeouts:
    """Estimate of the line's speed and delay.

    Args:
        baud: what the line is set to.
    """

    def __init__(self, baud: int) -> None:
        self._nominal = self._byte_time = BITS / baud
        self._delay: float | None = None
        self._variation = 0.0
        self._in_vain = 0.0

    def allow(self, wire: int) -> float:
        """Seconds within which ``wire`` bytes should have come."""
        limit = self._limit()
        return MARGIN * wire * self._byte_time + max(limit, self._pause(limit))

    def repeat(self, wire: int) -> float:
        """Seconds after which a question of ``wire`` bytes is asked again that was in vain before.

        Less than an answer takes where that is long: any answer counts, so asking costs little, and many times are
        needed where much is lost.
        """
        return MARGIN * wire * self._byte_time + self._pause(self._limit())

    def give_up(self, wire: int) -> float:
        """Seconds without progress, ``wire`` bytes being expected, after which there is no point in going on."""
        return MARGIN * wire * self._byte_time + max(GIVE_UP, TRIES * self._limit())

    def in_flight(self) -> int:
        """Bytes that the line carries in the delay of an answer: so many have to be under way to keep it busy."""
        return int((self._delay or 0.0) / max(self._byte_time, 1e-9))

    def came(self, wire: int, ahead: int, received: int, seconds: float) -> None:
        """Learn from an answer.

        Args:
            wire: bytes on the line of the request and its answer.
            ahead: bytes on the line of what was under way when the request was sent.
            received: bytes that came since then, whatever they were.
            seconds: how long that took.
        """
        self._byte_time += (self._nominal - self._byte_time) * FORGET
        self._byte_time = min(self._byte_time, seconds / received)
        delay = max(0.0, seconds - wire * self._byte_time)
        if self._delay is None:
            self._delay, self._variation = delay, delay / 2
        else:
            if delay <= MARGIN * ahead * self._byte_time:
                delay = min(delay, self._delay)  # it waited for what was ahead of it, which says no more than this
            self._variation += (abs(delay - self._delay) - self._variation) / 4
            self._delay += (delay - self._delay) / 8
        self._in_vain = 0.0

    def expire(self, damaged: bool = False) -> None:
        """No answer came in time: wait longer from now on, until one does.

        Args:
            damaged: bytes came.
        """
        if self._limit() * BACKOFF**self._in_vain < LONGEST_PAUSE:
            self._in_vain += 1 / DAMAGED if damaged else 1

    def _pause(self, limit: float) -> float:
        """Seconds to wait after so many time-outs in a row."""
        return min(limit * BACKOFF ** int(self._in_vain), LONGEST_PAUSE)

    def _limit(self) -> float:
        """Seconds that an answer may take beyond its time on the line."""
        if self._delay is None:
            return FIRST_DELAY
        return min(LONGEST_DELAY, self._delay + max(LEAST_VARIATION, VARIATIONS * self._variation))
