"""Runs a reader as a process of its own: what a damaged file does to the library that reads it ends there.

This module is the program that is started: it calls the function that it is told. Standard input is the file's length
in eight bytes and the file, where it is given one, and then nothing for as long as the reader is wanted: the end of
standard input is its end.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_PACKAGES = str(Path(__file__).parents[2])
RAISED = 3
"""The exit status where something was raised, which the caller finds by doing the same."""
_DEATH = 1  # PR_SET_PDEATHSIG


def memory(size: int) -> int:
    """Bytes of address space that reading a file of ``size`` bytes may take, where the system can set a limit."""
    return min(2**32, 2**29 + 12 * size)


def seconds(size: int) -> int:
    """Seconds of a processor that reading may take, where the system can set a limit."""
    return 10 + size // 2_000_000


def read_given(weight: int = 1) -> bytes:
    """The file from standard input; from then on this process has the bounds of one ``weight`` times as large."""
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    data = sys.stdin.buffer.read(size)
    limit(weight * size)
    return data


def limit(size: int) -> None:
    """Bound what this process may take, and end it with its parent, as far as the system can."""
    end_with_parent()
    with contextlib.suppress(ImportError):
        import resource

        processor, room = (resource.RLIMIT_CPU, seconds(size)), (resource.RLIMIT_AS, memory(size))
        for kind, most in ((resource.RLIMIT_CORE, 0), processor, room):
            with contextlib.suppress(ValueError, OSError):
                _, hard = resource.getrlimit(kind)
                most = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(kind, (most, hard))


def end_with_parent() -> None:
    """End this process when standard input ends, and with its parent, as far as the system can."""
    parent = os.getppid()
    threading.Thread(target=_watch, daemon=True).start()
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        if sys.platform.startswith("linux"):  # even while a library does not let the thread above run
            ctypes.CDLL(None).prctl(_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _watch() -> None:
    """Wait for the end of standard input: whoever wanted this has it, or is no longer there."""
    with contextlib.suppress(OSError):
        os.read(0, 1)
    os._exit(1)


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
        import subprocess

        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


@contextlib.contextmanager
def run_reader(reader: str, *arguments: str, seconds: int, data: bytes | None = None) -> Iterator[OwnProcess]:
    """A reader at work; it ends with the block, and is ended after so many seconds.

    Args:
        reader: a function as ``module:name``.
        arguments: what it is called with.
        seconds: how long it may take, whatever else the machine does.
        data: the file, where it does not read it itself.
    """
    import subprocess

    command = [sys.executable, "-P", __file__, _PACKAGES, reader, *arguments]
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


def main() -> None:
    """Call the reader; what is raised, its caller finds by doing the same."""
    root, reader, *arguments = sys.argv[1:]
    sys.path.insert(0, root)
    module, _, name = reader.partition(":")
    try:
        getattr(importlib.import_module(module), name)(*arguments)
        sys.stdout.flush()
    except BaseException:  # what a library's own language raises is of no class of ours
        os._exit(RAISED)
    os._exit(0)  # not through the end of the thread that waits for the caller


if __name__ == "__main__":
    main()
