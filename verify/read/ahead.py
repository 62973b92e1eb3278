"""Reading a table beside another one: most of the work on it keeps one core busy, and there are more."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from protocol.night import NightTable
from protocol.opening import OpenedFile, open_evidence
from verify.read.sheet import Sheet

_SMALL = 2**24
"""Bytes of a file that is read beside another one. What is larger takes its turn, for the memory that it needs."""


_WORTH_IT = 2**16
"""Bytes of a file from which on a thread of its own is worth it."""


Parse = Callable[[OpenedFile, NightTable, str], Sheet]
"""What reads a table in a night's own form, as `verify.read.sheet.parse_sheet` does."""
Found = tuple[OpenedFile, Sheet]
"""A file and what it holds."""


def read_ahead(path: Path, below: Path | None, table: NightTable, name: str, parse: Parse) -> Found | None:
    """Open and read a table; None where it has to be read in its turn: it is large, or cannot be read."""
    with contextlib.suppress(Exception):
        file = open_evidence(path, _SMALL, below)
        return file, parse(file, table, name)
    return None


class Ahead:
    """A table that is opened and read on a thread of its own, where it is large enough.

    Where anything is raised there, it is read again in its turn, as if it had not been.
    """

    def __init__(self, path: Path, below: Path | None, table: NightTable, name: str, parse: Parse) -> None:
        self._found: Found | None = None
        self._beside = threading.Thread(target=self._read, args=(path, below, table, name, parse))
        with contextlib.suppress(RuntimeError, OSError):  # no room for one more thread; no file
            if path.stat().st_size >= _WORTH_IT:
                self._beside.start()

    def _read(self, path: Path, below: Path | None, table: NightTable, name: str, parse: Parse) -> None:
        self._found = read_ahead(path, below, table, name, parse)

    @property
    def runs(self) -> bool:
        """Whether it is read on a thread of its own."""
        return self._beside.ident is not None

    def take(self) -> Found | None:
        """The file and what it holds, once they are read; None where it has to be read in its turn."""
        if self.runs:
            self._beside.join()
        found, self._found = self._found, None
        return found
