"""Looking at evidence again whenever it changes, as `regard verify --watch` does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PAUSE = 1.0
"""Seconds between two looks."""
Seen = frozenset[tuple[str, int, int]]


def watch(paths: Sequence[Path], look: Callable[[], None], pause: Callable[[float], None] = time.sleep) -> None:
    """Look once, and again after each change, until it is interrupted.

    A file that is still being written is waited for: a change counts when nothing has changed for one pause.

    Args:
        paths: files, and folders with all that is in them.
        look: at all of it.
        pause: waits for so many seconds.
    """
    while True:
        look()
        before = look_at(paths)
        while (now := look_at(paths)) == before:
            pause(_PAUSE)
        while True:
            pause(_PAUSE)
            if (later := look_at(paths)) == now:
                break
            now = later


def look_at(paths: Sequence[Path]) -> Seen:
    """Every file with its size in bytes and the time of its last change, in nanoseconds."""
    found = set()
    for path in paths:
        below = [str(path)]
        for place, _, names in os.walk(path):
            below += [os.path.join(place, name) for name in names]  # noqa: PTH118 - a nation has tens of thousands
        for name in below:
            try:
                status = os.stat(name)  # noqa: PTH116
            except OSError:
                continue
            found.add((name, status.st_size, status.st_mtime_ns))
    return frozenset(found)
