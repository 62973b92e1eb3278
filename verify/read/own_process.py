"""Starts a reader as a process of its own: what a damaged file does to the library that reads it ends there.

The reader is a script of ours that takes what `reader_process` gives it.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_PACKAGES = str(Path(__file__).parents[2])


class OwnProcess:
    """A reader at work.

    Attributes:
        written: what it writes.
    """

    def __init__(self, process: subprocess.Popen[bytes], written: IO[bytes]) -> None:
        self._process = process
        self.written = written

    def status(self, seconds: float | None = None) -> int | None:
        """Its exit status, waited for; None where it has none after so many seconds."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


@contextlib.contextmanager
def run_reader(script: Path, *arguments: str, seconds: int, data: bytes | None = None) -> Iterator[OwnProcess]:
    """A reader at work; it ends with the block, and is ended after so many seconds.

    Args:
        script: the reader.
        arguments: what it is given after the folder of the packages.
        seconds: how long it may take, whatever else the machine does.
        data: the file, where it does not read it itself.
    """
    command = [sys.executable, "-P", str(script), _PACKAGES, *arguments]
    with subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise AssertionError("a process with pipes has them")
            if data is not None:
                with contextlib.suppress(BrokenPipeError):  # it has ended already: its status says why
                    process.stdin.write(len(data).to_bytes(8, "big") + data)
                    process.stdin.flush()
            yield OwnProcess(process, process.stdout)
        finally:
            timer.cancel()
            process.kill()
