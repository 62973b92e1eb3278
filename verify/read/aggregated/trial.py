"""Run as a program of its own: reads one election out of Parquet tables before anything of them is read here.

As in `verify.read.parquet.trial`: what a damaged file does to the library that reads it may be to end the process. The
arguments are the folder of the packages, the id that is asked for, and the files; there is no output.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> int:
    """Read and forget."""
    root, asked, *paths = sys.argv[1:]
    sys.path.insert(0, root)
    from verify.read import reader_process
    from verify.read.aggregated.history import open_history

    reader_process.end_with_parent()
    try:
        history = open_history(list(map(Path, paths)))
        history.election(history.only(asked))
    except BaseException:  # the caller does it again, and says what it was
        os._exit(reader_process.RAISED)
    os._exit(0)  # not through the end of the thread that waits for the caller


if __name__ == "__main__":
    sys.exit(main())
