"""A stream straight to an emulator, in made-up time."""

import math

from protocol.line.emulator import SECOND, EmulatedLine


class NullModem:
    """A `protocol.line.link.Stream` straight to an emulator, in a time of its own that only waiting moves on."""

    def __init__(self, emulator: EmulatedLine) -> None:
        self._emulator = emulator
        self._now = 0

    def clock(self) -> float:
        """The time of this line in seconds."""
        return self._now / SECOND

    def send(self, data: bytes) -> None:
        """Put bytes on the line; that takes the reader no time."""
        self._emulator.arrive(data, self._now)

    def receive(self, timeout: float) -> bytes:
        """The next bytes of the unit, or nothing when ``timeout`` seconds have passed without any."""
        end = self._now + math.ceil(max(0.0, timeout) * SECOND)
        while True:
            due = self._emulator.next_event()
            if due is None or due > end:
                self._now = end
                return b""
            self._now = max(self._now, due)
            data = self._emulator.depart(self._now)
            if data:
                return data

    def close(self) -> None:
        """Nothing to release."""
