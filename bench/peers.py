"""Cores of the work that a peer does as well: a package each, with a module a way and a function ``core`` in it.

Nothing is imported here that a way would not import by itself: its whole process is measured.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

WAYS = ("ours", "polars")


def way(package: str, name: str) -> Callable[[Path], Any]:
    """One of `WAYS` to do a core with the files of a folder. Only its own library is imported."""
    core: Callable[[Path], Any] = importlib.import_module(
        f"bench.{package}.{name if name == 'ours' else f'in_{name}'}"
    ).core
    return core
