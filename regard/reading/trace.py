"""The file of `regard lab read --trace`, with every byte of the line: a new one, or an earlier trace to append to."""

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
"""Most bytes read of the first line."""


@contextlib.contextmanager
def open_trace(path: Path, about: str, force: bool) -> Iterator[TextIO]:
    """Open a new or an earlier trace at its end, and write the line that begins a connection.

    Args:
        path: of the trace.
        about: the port, for that line.
        force: allow a new file among the evidence of a night.

    Raises:
        OutputRefused: the file is among the evidence of a night, is no trace, or is being written by another process.
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
    """The folders of a night's evidence that a file is in."""
    folder = Path(os.path.realpath(path.parent))
    for parent in (folder, *folder.parents):
        if any(os.path.lexists(parent / name) for name in (ELECTION, MANIFEST)):
            yield parent
