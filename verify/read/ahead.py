"""Reading on a thread of its own what is needed next."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Read = TypeVar("Read")


class Ahead(Generic[Read]):
    """Something that is read on a thread of its own.

    Where anything is raised there, it has to be read again in its turn, as if it had not been.

    Args:
        read: reads it.
    """

    def __init__(self, read: Callable[[], Read]) -> None:
        self._found: Read | None = None
        self._beside = threading.Thread(target=self._read, args=(read,))
        with contextlib.suppress(RuntimeError):  # no room for one more thread
            self._beside.start()

    def _read(self, read: Callable[[], Read]) -> None:
        with contextlib.suppress(Exception):
            self._found = read()

    def take(self) -> Read | None:
        """The content that was read, once it is; None where it has to be read in its turn."""
        if self._beside.ident is not None:
            self._beside.join()
        found, self._found = self._found, None
        return found
