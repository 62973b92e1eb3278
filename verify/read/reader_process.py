"""What a reader that is a process of its own begins with: its file, its bounds, and its end with whoever started it.

Standard input is the file's length in eight bytes and the file, where it is given one, and then nothing for as long as
the reader is wanted: the end of standard input is its end.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading

RAISED = 3
"""The exit status where something was raised, which the caller finds by doing the same."""
_DEATH = 1  # PR_SET_PDEATHSIG


def memory(size: int) -> int:
    """Bytes of address space that reading a file of ``size`` bytes may take, where the system can set a limit."""
    return min(2**32, 2**29 + 12 * size)


def seconds(size: int) -> int:
    """Seconds of a processor that reading may take, where the system can set a limit."""
    return 10 + size // 2_000_000


def read_given() -> bytes:
    """The file from standard input; from then on this process has its bounds."""
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    data = sys.stdin.buffer.read(size)
    limit(size)
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
