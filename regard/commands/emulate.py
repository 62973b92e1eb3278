"""`regard emulate`: serves a module image as a reading unit would, over a line as bad as one likes."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import msg
from regard.arguments import SEED, real, whole
from regard.language import add_language, language_of, show

if TYPE_CHECKING:
    from types import FrameType

BAUD = whole(1, 10_000_000)
"""Baud rates."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    rate = text(msg("RATE"))
    parser.add_argument(
        "image",
        metavar=text(msg("FILE")),
        type=Path,
        help=text(msg("the module image to serve; it is only read")),
    )
    parser.add_argument(
        "--port",
        default=default_port(),
        metavar="PORT",
        help=text(msg("pty, or tcp:N on 127.0.0.1, 0 for any free one (default {port})", port=default_port())),
    )
    parser.add_argument(
        "--baud",
        type=BAUD,
        default=115200,
        metavar="N",
        help=text(msg("pace of the line, 8N1 (default 115200)")),
    )
    parser.add_argument(
        "--noise",
        type=real(0, 1),
        default=0.0,
        metavar=rate,
        help=text(msg("share of the bytes that are changed")),
    )
    parser.add_argument(
        "--drop",
        type=real(0, 1),
        default=0.0,
        metavar=rate,
        help=text(msg("share of the bytes that are lost")),
    )
    parser.add_argument(
        "--stall",
        type=real(0, 86_400),
        default=0.0,
        metavar="S",
        help=text(msg("seconds of silence before one answer in 100")),
    )
    parser.add_argument(
        "--disconnect-after",
        type=whole(1, 2**63 - 1),
        metavar=text(msg("BYTES")),
        help=text(msg("break the connection once, after so many bytes")),
    )
    parser.add_argument(
        "--seed",
        type=SEED,
        default=1,
        metavar="N",
        help=text(msg("of the faults (default 1)")),
    )
    add_language(parser)


def default_port() -> str:
    """A pseudo-terminal, or a TCP port where the system has none, as Windows."""
    return "pty" if hasattr(os, "openpty") else "tcp:0"


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Returns 128 and the number of the signal, as a shell has it."""
    import numpy as np

    from protocol.line.emulator import Emulator, Faults
    from protocol.line.reading_unit import ReadingUnit
    from protocol.line.unit_port import serve
    from protocol.urn.terms import MAGIC
    from regard.terminal import complain

    image = _load(args.image)
    if not image.startswith(MAGIC):
        complain(
            args.lang, "emulate", msg("{file}: no image of an urn; its bytes are served as they are", file=args.image)
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
                    "Reading unit (a model, not the vendor's) on {port}, {baud} baud.\nTo read: regard read "
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
    from protocol.errors import InputError
    from protocol.line.messages import MAX_IMAGE_LENGTH
    from protocol.opening import open_evidence

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
