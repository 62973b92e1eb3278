"""The sheets of a workbook, .xls or .xlsx, as tables of text.

A workbook is read in a process of its own (`workbook_cells`): what a damaged one does to the library that reads it,
from running out of memory to never coming back, ends there and is told as an error of the file.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from protocol.errors import InputError
from verify.published.cells import shortened
from verify.published.source import HEAD_ROWS, Opened, Table
from verify.published.workbook_cells import NO_LIBRARY, TOO_LARGE

SECONDS = 300
"""How long reading may take; the largest known workbook takes some 20 seconds."""

_MAGIC = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04")


def is_workbook(source: Opened) -> bool:
    """Whether this is a workbook: of a plain zip, `source.opened` has given the members already."""
    return source.data.startswith(_MAGIC)


def sheets(source: Opened) -> list[Table]:
    """Every sheet with any cell.

    Raises:
        InputError: it is damaged, too large, or the library that reads it is not installed.
    """
    script = Path(__file__).with_name("workbook_cells.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by our own interpreter
            [sys.executable, "-P", str(script)], input=source.data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(source.file, None, None, f"a workbook readable in {SECONDS} s", "one that is not") from error
    if done.returncode == NO_LIBRARY:
        needed = "python-calamine, to read workbooks (pip install python-calamine)"
        raise InputError(source.file, None, None, needed, "an installation without it")
    if done.returncode == TOO_LARGE:
        raise InputError(source.file, None, None, "a workbook within bounds", done.stderr.decode(errors="replace"))
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise InputError(source.file, None, None, "an undamaged workbook", shortened(reason))
    lines = done.stdout.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith(b'"')]
    return [
        _sheet(source, json.loads(lines[start]), lines[start + 1 : end])
        for start, end in itertools.pairwise([*starts, len(lines)])
        if end > start + 1
    ]


def _sheet(source: Opened, name: str, lines: list[bytes]) -> Table:
    def rows() -> Iterator[list[str]]:
        return map(json.loads, lines)

    head = tuple(map(tuple, itertools.islice(rows(), HEAD_ROWS)))
    form = f"sheet « {shortened(name)} » of a workbook"
    return Table(source.file, source.sha256, shortened(name), form, head, rows, trimmed=True)
