"""`regard lab emulate`: serves a module image as a reading unit would, over a line as bad as one likes."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from types import FrameType

import numpy as np

from protocol.errors import InputError
from protocol.line.emulator import Emulator, Faults
from protocol.line.messages import MAX_IMAGE_LENGTH
from protocol.line.reading_unit import ReadingUnit
from protocol.line.unit_port import serve
from protocol.opening import open_evidence
from protocol.urn.terms import MAGIC
from protocol.words import msg
from regard.language import show
from regard.terminal import complain


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Returns 128 and the number of the signal, as a shell has it."""
    image = _load(args.image)
    if not image.startswith(MAGIC):
        complain(
            args.lang,
            args.command,
            msg("{file}: no image of an urn; its bytes are served as they are", file=args.image),
        )
    faults = Faults(args.noise, args.drop, args.stall, args.disconnect_after, args.seed)
    boot = int(np.random.SeedSequence([args.seed, len(image)]).generate_state(1)[0])
    emulator = Emulator(ReadingUnit(image, boot), args.baud, faults)
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
    serve(emulator, args.port, stop, announce)
    return 128 + signals[0] if signals else 0


def _load(path: Path) -> bytes:
    """The image, if it is of a size that a unit serves.

    Raises:
        InputError: it cannot be read, is empty or too large.
    """
    image = open_evidence(path, MAX_IMAGE_LENGTH).data
    if not image:
        raise InputError(
            str(path),
            None,
            None,
            msg("a module image of 1 to {max_image_length} bytes", max_image_length=MAX_IMAGE_LENGTH),
            msg("nothing"),
        )
    return image
