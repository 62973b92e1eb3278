"""Whether a file that is in the way is one that regard wrote: only such are replaced without being asked."""

from __future__ import annotations

from pathlib import Path

from protocol.opening import read_ends
from protocol.output_refusals import OutputRefused
from protocol.own_reports import END, START, is_own
from protocol.words import msg


def check_replaceable(path: Path) -> None:
    """Make sure that what stands at the place of an output may be replaced.

    Raises:
        OutputRefused: it is a file with something in it that regard did not write, or that cannot be read.
    """
    try:
        start, end = read_ends(path, START, END)
    except FileNotFoundError:
        return
    except OSError:
        start, end = b"?", b""
    if not start or is_own(start, end):
        return
    raise OutputRefused(
        msg("{path} is there already and is not regard's: name another file, or replace it with --force", path=path),
    )
