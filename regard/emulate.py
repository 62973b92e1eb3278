"""`regard emulate`: serves a module image as a reading unit would, over a line as bad as one likes."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from regard.language import add_language, say

MAX_BAUD = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("image", metavar="FILE", type=Path, help="the module image to serve; it is only read")
    parser.add_argument(
        "--port", default="pty", metavar="PORT", help="pty, or tcp:N on 127.0.0.1, 0 for any free one (default pty)"
    )
    parser.add_argument("--baud", type=baud, default=115200, metavar="N", help="pace of the line, 8N1 (default 115200)")
    parser.add_argument("--noise", type=_share, default=0.0, metavar="RATE", help="share of the bytes that are changed")
    parser.add_argument("--drop", type=_share, default=0.0, metavar="RATE", help="share of the bytes that are lost")
    parser.add_argument(
        "--stall", type=_seconds, default=0.0, metavar="S", help="seconds of silence before one answer in 100"
    )
    parser.add_argument(
        "--disconnect-after", type=_positive, metavar="BYTES", help="break the connection once, after so many bytes"
    )
    parser.add_argument("--seed", type=_seed, default=1, metavar="N", help="of the faults (default 1)")
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Returns 0."""
    import numpy as np

    from protocol.emulator import Emulator, Faults
    from protocol.reading_unit import ReadingUnit
    from protocol.unit_port import serve

    image = _load(args.image)
    faults = Faults(args.noise, args.drop, args.stall, args.disconnect_after, args.seed)
    boot = int(np.random.SeedSequence([args.seed, len(image)]).generate_state(1)[0])
    emulator = Emulator(ReadingUnit(image, boot), args.baud, faults)
    stop = threading.Event()

    def announce(port: str) -> None:
        print(
            say(
                args.lang,
                f"Unité de lecture (un modèle, pas celle du constructeur) sur {port}, {args.baud} bauds.\n"
                f"Lire : regard read --port {port} --baud {args.baud} -o FICHIER",
                f"Reading unit (a model, not the vendor's) on {port}, {args.baud} baud.\n"
                f"To read: regard read --port {port} --baud {args.baud} -o FILE",
            ),
            flush=True,
        )

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    serve(emulator, args.port, stop, announce)
    return 0


def _load(path: Path) -> bytes:
    """The image, if it is of a size that a unit serves.

    Raises:
        InputError: it is empty or too large.
    """
    from protocol.errors import InputError
    from protocol.messages import MAX_IMAGE_LENGTH

    with path.open("rb") as file:
        image = file.read(MAX_IMAGE_LENGTH + 1)
    if not 0 < len(image) <= MAX_IMAGE_LENGTH:
        found = "nothing" if not image else "more"
        raise InputError(str(path), None, None, f"a module image of 1 to {MAX_IMAGE_LENGTH} bytes", found)
    return image


def baud(text: str) -> int:
    """A baud rate from the command line."""
    value = int(text)
    if not 1 <= value <= MAX_BAUD:
        raise argparse.ArgumentTypeError(f"expected 1 to {MAX_BAUD}, got {value}")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, got {text}")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"expected 0 to 86400 seconds, got {text}")
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1, got {text}")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 1 << 63:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 2**63 - 1, got {text}")
    return value
