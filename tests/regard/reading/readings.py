"""Shared by tests of `regard lab read`: a served unit, and the command, here or in its own process."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from protocol.line.emulator import Faults
from protocol.line.reading_unit import ReadingUnit
from tests.protocol.line.media import Medium, Weather
from tests.protocol.line.served_units import served_from_a_thread
from tests.regard.calling import call
from tests.sources import ROOT

IMAGE = np.random.default_rng(3).integers(0, 256, 20_000, np.uint8).tobytes()
BAUD = 2_000_000


@contextlib.contextmanager
def served(
    faults: Faults | None = None,
    image: bytes = IMAGE,
    port: str = "tcp:0",
    baud: int = BAUD,
    weather: Weather | None = None,
) -> Iterator[tuple[list[str], ReadingUnit]]:
    """A unit in a thread; yields the ports that it announces, and the unit."""
    unit = ReadingUnit(image, boot=1)
    emulator = Medium(unit, baud, faults or Faults(), weather or Weather())
    with served_from_a_thread(emulator, port) as announced:
        yield announced, unit


def read(port: str, output: Path, *words: str | Path) -> int:
    return call("read", "--lang", "en", "--port", port, "-o", output, "--baud", str(BAUD), *words)


def record_of(output: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(output.with_name(output.name + ".json").read_text("utf-8"))
    return content


def start(command: str, *words: str | Path, first: str = "") -> subprocess.Popen[str]:
    """A command in a process of its own, which runs ``first`` before it."""
    # a shell that starts the tests in the background has its children ignore the interrupt, and nohup SIGHUP
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += "hasattr(signal, 'SIGHUP') and signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    code += first + "from regard.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, "lab", command, *map(str, words), "--lang", "en"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
