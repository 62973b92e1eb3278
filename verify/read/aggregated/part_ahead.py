"""Reading a part of a table beside what is done with the one before it. pyarrow has no types."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

Columns = dict[str, Any]
"""Arrow's arrays by what they mean; texts as their different ones and where each is."""


class PartAhead:
    """A part that is read on a thread of its own.

    Where anything is raised there, it has to be read again in its turn, as if it had not been.

    Attributes:
        part: which one.
    """

    def __init__(self, part: int, read: Callable[[int], Columns]) -> None:
        self.part = part
        self._found: Columns | None = None
        self._beside = threading.Thread(target=self._read, args=(read,))
        with contextlib.suppress(RuntimeError):  # no room for one more thread
            self._beside.start()

    def _read(self, read: Callable[[int], Columns]) -> None:
        with contextlib.suppress(Exception):
            self._found = read(self.part)

    def take(self) -> Columns | None:
        """Its columns, once they are read; None where it has to be read in its turn."""
        if self._beside.ident is not None:
            self._beside.join()
        found, self._found = self._found, None
        return found
