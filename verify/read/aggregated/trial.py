"""Run as a program of its own: reads one election out of Parquet tables before anything of them is read here.

As in `verify.read.parquet.trial`: what a damaged file does to the library that reads it may be to end the process. The
arguments are the folder of the packages, the id that is asked for, and the files; there is no output.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path

RAISED = 3
"""The exit status where something was raised, which the caller finds by doing the same."""


def main() -> int:
    """Read and forget."""
    root, asked, *paths = sys.argv[1:]
    threading.Thread(target=_watch, daemon=True).start()
    sys.path.insert(0, root)
    from verify.read.aggregated.history import open_history

    try:
        history = open_history(list(map(Path, paths)))
        history.election(history.only(asked))
    except BaseException:  # the caller does it again, and says what it was
        os._exit(RAISED)
    os._exit(0)  # not through the end of the thread that waits for the caller


def _watch() -> None:
    """Wait for the end of standard input: whoever asked is no longer there."""
    with contextlib.suppress(OSError):
        os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
