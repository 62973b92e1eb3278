"""`regard lab emulate`: serves a module image as a reading unit would, over a line as bad as one likes."""

from __future__ import annotations

import argparse
import signal
import threading
from types import FrameType

from protocol.urn.terms import MAGIC
from protocol.words import msg
from regard.language import show
from regard.reading.unit import Emulator
from regard.terminal import complain


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Returns 128 and the number of the signal, as a shell has it."""
    how = {name: getattr(args, name) for name in ("port", "baud", "noise", "drop", "stall", "disconnect_after", "seed")}
    emulator = Emulator(args.image, **how)
    if not emulator.image.startswith(MAGIC):
        complain(
            args,
            msg("{file}: no image of an urn; its bytes are served as they are", file=args.image),
        )
    stop, signals = threading.Event(), list[int]()

    def end(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        stop.set()

    def announce(port: str) -> None:
        print(
            show(
                args.lang,
                msg(
                    "Reading unit (a model, not the vendor's) on {port}, {baud} baud.\nTo read: regard lab read "
                    "--port {port} --baud {baud} -o FILE",
                    port=port,
                    baud=args.baud,
                ),
            ),
            flush=True,
        )

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    emulator.serve(stop, announce)
    return 128 + signals[0] if signals else 0
