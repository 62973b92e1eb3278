"""The file that `regard lab read --trace` writes every byte to: a new one, or one of its kind that it goes on with."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from protocol import files
from protocol.night import ELECTION, MANIFEST
from protocol.output_refusals import OutputRefused, check_output
from protocol.words import msg

_HEADING = "seconds from here"
_FIRST_LINE = re.compile(rb"# \d{4}-[^\n]* " + _HEADING.encode() + rb"\n")
_LONGEST_LINE = 4096
"""Characters of the first line that are looked at."""


@contextlib.contextmanager
def open_trace(path: Path, about: str, force: bool) -> Iterator[TextIO]:
    """Open a trace to go on with at its end, and begin a connection in it.

    Args:
        path: where it is, or will be.
        about: the port, for the line that begins a connection.
        force: allow a new file among the evidence of a night.

    Raises:
        OutputRefused: it is among the evidence of a night, is something else than a trace, or another process is
            writing it.
    """
    check_output(path, _nights(path), force=force)
    with files.open_growing(path) as file:
        file.seek(0)
        first = file.readline(_LONGEST_LINE)
        if first and not _FIRST_LINE.fullmatch(first):
            raise OutputRefused(
                msg(
                    "{path} is no trace of an earlier reading, and only such are written on: name another file",
                    path=path,
                ),
            )
        file.seek(0, os.SEEK_END)
        started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        with io.TextIOWrapper(file, encoding="ascii", newline="\n", line_buffering=True) as log:
            log.write(f"# {started} {about}, {_HEADING}\n")
            yield log


def _nights(path: Path) -> Iterator[Path]:
    """The folders of evidence that a file is in."""
    folder = Path(os.path.realpath(path.parent))
    for parent in (folder, *folder.parents):
        if any(os.path.lexists(parent / name) for name in (ELECTION, MANIFEST)):
            yield parent
