"""Logs every byte of a line with its time, for whoever has to find out later what went wrong.

pyserial's ``spy://`` does the same for devices, but neither for ``socket://`` nor for ``rfc2217://``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TextIO

from protocol.line.link import Stream

ROW = 16
"""Bytes in a row of the dump."""


def rows(data: bytes) -> Iterator[str]:
    """A hexdump: offset, 16 bytes, and what of them is ASCII."""
    for offset in range(0, len(data), ROW):
        row = data[offset : offset + ROW]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{offset:04x}  {row.hex(' '):<{3 * ROW - 1}}  {text}"


class TracedStream:
    """A stream whose bytes are written down as they pass: seconds since the start, TX or RX, hexdump."""

    def __init__(self, stream: Stream, log: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._log = log
        self._clock = clock
        self._start = clock()

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        self._write("TX", data)
        self._stream.send(data)

    def receive(self, timeout: float) -> bytes:
        """Return the bytes that arrive within ``timeout`` seconds."""
        data = self._stream.receive(timeout)
        self._write("RX", data)
        return data

    def close(self) -> None:
        """Let go of the connection. The log belongs to who opened it."""
        self._stream.close()

    def _write(self, direction: str, data: bytes) -> None:
        elapsed = self._clock() - self._start
        for row in rows(data):
            self._log.write(f"{elapsed:12.6f} {direction} {row}\n")
