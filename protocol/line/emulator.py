"""The line of an emulated unit: paced like 8N1 serial in both directions, with faults drawn from a seed.

It has no clock of its own: whoever drives it says what time it is, in nanoseconds. `protocol.line.unit_port` does so
with the real clock on a pty or a TCP port; with a made-up one a reading of minutes takes moments, the same each time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from protocol.line.frames import DELIMITER
from protocol.line.reading_unit import QUEUE, ReadingUnit

BITS = 10
"""Bits on the line for a byte in 8N1: a start bit, eight, a stop bit."""
SECOND = 1_000_000_000
STALL_GAP = 100
"""Answers between two stalls of a stalling unit: up to twice as many, this on average."""
BUFFER = 4096
"""Bytes that the unit's receiver holds; further bytes are lost."""


def line_time(count: int, baud: int) -> int:
    """Nanoseconds that ``count`` bytes take on the line, rounded up."""
    return -(-count * BITS * SECOND // baud)


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults of a line and of the unit at its end.

    Attributes:
        noise: share of the bytes that are changed, in both directions.
        drop: share of the bytes that are lost, in both directions.
        stall: seconds that the unit falls silent before one answer in 100.
        disconnect_after: bytes sent by the unit after which the connection breaks, once; None for never.
        seed: of the random faults: the same seed damages the same bytes of the same traffic.
    """

    noise: float = 0.0
    drop: float = 0.0
    stall: float = 0.0
    disconnect_after: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name, rate in (("noise", self.noise), ("drop", self.drop)):
            if not 0 <= rate <= 1:
                raise ValueError(f"{name} is a share from 0 to 1, not {rate}")
        if not 0 <= self.stall < math.inf:
            raise ValueError(f"stall is a number of seconds, not {self.stall}")
        if self.disconnect_after is not None and self.disconnect_after < 1:
            raise ValueError(f"disconnect_after is a number of bytes from 1, not {self.disconnect_after}")


class Wire:
    """One direction of the line: bytes put in come out at the baud rate, some of them damaged or not at all.

    The pace is counted in whole bytes from the start of each burst, so that no rounding adds up over time.
    """

    def __init__(self, baud: int, faults: Faults, rng: np.random.Generator) -> None:
        self._baud = baud
        self._faults = faults
        self._rng = rng
        self._queue = bytearray()
        self._start = 0
        self._carried = 0

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, data: bytes, now: int) -> None:
        """Queue bytes for sending; they follow what is queued already."""
        if not self._queue:
            self._start = max(now, self._start)
            self._carried = 0
        self._queue += data

    def hold(self, until: int) -> None:
        """Send nothing before a time."""
        self._start = max(until, self._start)
        self._carried = 0

    def next_event(self) -> int | None:
        """Time at which the next delimiter is across, or all that is queued; nothing can be done before."""
        if not self._queue:
            return None
        count = self._queue.find(DELIMITER) + 1 or len(self._queue)
        return self._start + line_time(self._carried + count, self._baud)

    def take(self, now: int) -> bytes:
        """The bytes that have come across by now, as the line left them."""
        across = (now - self._start) * self._baud // (BITS * SECOND) - self._carried
        if across <= 0 or not self._queue:
            return b""
        data = bytes(self._queue[:across])
        del self._queue[:across]
        self._carried += len(data)
        return self._damage(data)

    def clear(self) -> None:
        """Lose what is on the line."""
        self._queue.clear()

    def _damage(self, data: bytes) -> bytes:
        if not (self._faults.noise or self._faults.drop):
            return data
        # Three numbers a byte, whatever comes of them: faults do not depend on the pieces that bytes come in.
        draws = self._rng.random((len(data), 3))
        received = np.frombuffer(data, np.uint8)
        flips = (draws[:, 2] * 255).astype(np.uint8) + np.uint8(1)
        received = np.where(draws[:, 0] < self._faults.noise, received ^ flips, received)
        return received[draws[:, 1] >= self._faults.drop].tobytes()


class EmulatedLine:
    """A reading unit at the end of a line.

    Attributes:
        unit: who answers.
        hung_up: whether the connection has broken; `reconnect` mends it.
    """

    def __init__(self, unit: ReadingUnit, baud: int, faults: Faults) -> None:
        if baud < 1:
            raise ValueError(f"baud is a positive number, not {baud}")
        towards, back, stalls = (
            np.random.default_rng(sequence) for sequence in np.random.SeedSequence(faults.seed).spawn(3)
        )
        self.unit = unit
        self.hung_up = False
        self._faults = faults
        self._requests = Wire(baud, faults, towards)
        self._answers = Wire(baud, faults, back)
        self._lengths: list[int] = []
        self._stalls = stalls
        self._until_stall = int(stalls.integers(1, 2 * STALL_GAP))
        self._disconnect_after = faults.disconnect_after

    def arrive(self, data: bytes, now: int) -> None:
        """Bytes that the reader sends."""
        self._requests.put(data[: max(0, BUFFER - len(self._requests))], now)

    def next_event(self) -> int | None:
        """Time of the next event; None if nothing happens before bytes arrive."""
        return min(
            (due for due in (self._requests.next_event(), self._answers.next_event()) if due is not None), default=None
        )

    def depart(self, now: int) -> bytes:
        """Do what is due by now and return the bytes that reach the reader."""
        for answer in self.unit.receive(self._requests.take(now)):
            if self._count_queued() < QUEUE:
                self._stall(now)
                self._answers.put(answer, now)
                self._lengths.append(len(answer))
        return self._cut(self._answers.take(now))

    def reconnect(self) -> None:
        """Serve again, with nothing left over from before, as after a loss of power."""
        self.hung_up = False
        self._requests.clear()
        self._answers.clear()
        self._lengths.clear()
        self.unit.restart((self.unit.boot + 1) & 0xFFFFFFFF)

    def _stall(self, now: int) -> None:
        """Before some answers, fall silent."""
        self._until_stall -= 1
        if self._faults.stall and self._until_stall < 0:
            self._until_stall = int(self._stalls.integers(1, 2 * STALL_GAP))
            self._answers.hold(now + int(self._faults.stall * SECOND))

    def _count_queued(self) -> int:
        """Answers not wholly sent."""
        unsent = len(self._answers)
        while self._lengths and sum(self._lengths[1:]) >= unsent:
            del self._lengths[0]
        return len(self._lengths)

    def _cut(self, data: bytes) -> bytes:
        """Break the connection once, after so many bytes."""
        if self._disconnect_after is None:
            return data
        if len(data) < self._disconnect_after:
            self._disconnect_after -= len(data)
            return data
        data = data[: self._disconnect_after]
        self._disconnect_after = None
        self.hung_up = True
        return data
