"""Reading a module over a paced line: how much of what the line can carry is payload, clean and damaged.

The line is 8N1, so n bytes cannot take less than n * 10 / baud seconds. One pass over a pseudo-terminal, with the real
clock; damage in both directions.
"""

from __future__ import annotations

import os
import time
from contextlib import closing

import numpy as np

from bench.timing import verdict
from protocol.line.link import LinkCounts, UnitLink
from protocol.line.serial_port import SerialStream
from protocol.urn.image import IMAGE_SIZE
from regard.reading.unit import Emulator

SHARE = 0.93
"""Share of the 8N1 limit to be reached on a clean line."""
BITS = 10


def urn(length: int) -> bytes:
    """A module image of random bytes: nothing in it is easier to send than the rest."""
    return np.random.default_rng(length).integers(0, 256, length, np.uint8).tobytes()


def limit(length: int, baud: int) -> float:
    """Seconds that a pass cannot go below."""
    return length * BITS / baud


def on_a_pty(length: int, baud: int, noise: float) -> tuple[float, LinkCounts]:
    """Share of the limit that one pass reaches over a pseudo-terminal, and what the link counted."""
    image = urn(length)
    with Emulator(image, port="pty", baud=baud, noise=noise) as unit, closing(SerialStream(unit.port, baud)) as stream:
        link = UnitLink(stream, baud)
        link.identify()
        start = time.perf_counter()
        assert b"".join(link.read(0, length)) == image, "the link delivered wrong bytes"
        seconds = time.perf_counter() - start
    return limit(length, baud) / seconds, link.counts


def main(seconds: float = 10.0) -> bool:
    """Read for so many seconds a pass; whether clean lines keep the bound."""
    if not hasattr(os, "openpty"):
        print("not measured: this system has no pseudo-terminals")
        return False
    held = True
    print("One pass over a pseudo-terminal, payload against 8N1:")
    for baud in (9600, 19200, 115200):
        length = min(IMAGE_SIZE, int(seconds * baud / BITS))
        for rate in (0.0, 0.001, 0.01):
            # At 1 % some three times as many bytes cross the line: a shorter image says the same.
            part = length if rate < 0.01 else length // 3
            share, counts = on_a_pty(part, baud, rate)
            print(
                f"  {baud:6} baud, {rate:5.1%} damaged: {share:6.1%} of {part} bytes in {limit(part, baud):.1f} s; "
                f"{counts.repeated} blocks again, {counts.timeouts} timeouts"
            )
            if not rate:
                held &= verdict(f"share of 8N1 on a clean line at {baud} baud", share, SHARE, at_least=True)
    return held
