"""Reading a module over a paced line: how much of what the line can carry is payload, clean and damaged.

The line is 8N1, so n bytes cannot take less than n * 10 / baud seconds. One pass over a pseudo-terminal, with the real
clock; damage in both directions; and the same with made-up time, over many seeds, beside the best fixed block length.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time

import numpy as np

from bench.timing import verdict
from protocol.line.block_length import ENVELOPE, BlockLength, best_length
from protocol.line.emulator import EmulatedLine, Faults, NullModem
from protocol.line.link import UnitLink
from protocol.line.messages import MAX_BLOCK
from protocol.line.reading_unit import ReadingUnit
from protocol.line.serial_port import SerialStream
from protocol.line.unit_port import serve
from protocol.urn.image import IMAGE_SIZE

SHARE = 0.93
"""Of the 8N1 limit, to be reached on a clean line (issue 3)."""
BITS = 10
FIXED = (16, 24, 32, 48, 64, 96, 128, 256, 512, 1024)


def urn(length: int) -> bytes:
    """A module image of random bytes: nothing in it is easier to send than the rest."""
    return np.random.default_rng(length).integers(0, 256, length, np.uint8).tobytes()


def limit(length: int, baud: int) -> float:
    """Seconds that a pass cannot go below."""
    return length * BITS / baud


def on_a_pty(length: int, baud: int, faults: Faults) -> tuple[float, UnitLink]:
    """Share of the limit that one pass reaches over a pseudo-terminal, and the link that made it."""
    image = urn(length)
    stop, ready = threading.Event(), threading.Event()
    path: list[str] = []

    def announce(port: str) -> None:
        path.append(port)
        ready.set()

    emulator = EmulatedLine(ReadingUnit(image, boot=1), baud, faults)
    server = threading.Thread(target=serve, args=(emulator, "pty", stop, announce))
    server.start()
    try:
        ready.wait()
        stream = SerialStream(path[0], baud)
        link = UnitLink(stream, baud)
        link.identify()
        start = time.perf_counter()
        assert b"".join(link.read(0, length)) == image, "the link delivered wrong bytes"
        seconds = time.perf_counter() - start
        stream.close()
    finally:
        stop.set()
        server.join()
    return limit(length, baud) / seconds, link


class FixedLength(BlockLength):
    """Asks for the same length whatever happens."""

    def choose(self, room: int = 0) -> int:
        """The length."""
        return self.limit


def simulate(length: int, baud: int, faults: Faults, fixed: int | None = None) -> float:
    """Share of the limit that one pass reaches in made-up time, with the link's own block length or a fixed one."""
    image = urn(length)
    line = NullModem(EmulatedLine(ReadingUnit(image, boot=1), baud, faults))
    link = UnitLink(line, baud, line.clock)
    link.identify()
    if fixed is not None:
        link.lengths = FixedLength(fixed)
    start = line.clock()
    assert b"".join(link.read(0, length)) == image, "the link delivered wrong bytes"
    return limit(length, baud) / (line.clock() - start)


def main(argv: list[str]) -> int:
    """Run the benchmark; 1 where a clean line stays below the bound."""
    parser = argparse.ArgumentParser(prog="python -m bench link", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of a clean pass, at most (default 10)")
    parser.add_argument("--seeds", type=int, default=3, help="lines simulated for each rate of damage (default 3)")
    args = parser.parse_args(argv)
    held = True
    if hasattr(os, "openpty"):
        print("One pass over a pseudo-terminal, payload against 8N1:")
        for baud in (9600, 19200, 115200):
            length = min(IMAGE_SIZE, int(args.seconds * baud / BITS))
            for rate in (0.0, 0.001, 0.01):
                # At 1 % some three times as many bytes cross the line: a shorter image says the same.
                part = length if rate < 0.01 else length // 3
                share, link = on_a_pty(part, baud, Faults(noise=rate, seed=1))
                counts = link.counts
                print(
                    f"  {baud:6} baud, {rate:5.1%} damaged: {share:6.1%} of {part} bytes in {limit(part, baud):.1f} s; "
                    f"{counts.repeated} blocks again, {counts.timeouts} timeouts"
                )
                if not rate:
                    held &= verdict(f"share of 8N1 on a clean line at {baud} baud", share, SHARE, at_least=True)
    else:
        print("NOT MEASURED: this system has no pseudo-terminals")
        held = False
    print(f"In made-up time at 115200 baud, {IMAGE_SIZE // 4} bytes, median of {args.seeds} seeds:")
    print("  damage  adaptive  " + "".join(f"{length:>7}" for length in FIXED) + "   best by the formula")
    for rate in (0.0, 0.0003, 0.001, 0.003, 0.01):
        lines = [Faults(noise=rate, seed=seed) for seed in range(args.seeds)]
        adaptive = statistics.median(simulate(IMAGE_SIZE // 4, 115200, faults) for faults in lines)
        row = f"  {rate:6.2%}  {adaptive:8.1%}  "
        for length in FIXED:
            # Where not one block in ten survives, a fixed length does little but wait.
            if (1 - rate) ** (length + ENVELOPE) < 0.1:
                row += f"{'-':>7}"
            else:
                row += f"{statistics.median(simulate(IMAGE_SIZE // 4, 115200, f, length) for f in lines):7.1%}"
        print(f"{row}   {best_length(rate, MAX_BLOCK) if rate else MAX_BLOCK}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
