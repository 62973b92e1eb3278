"""Cores of the work that a peer does as well: a package each, with a module a way and a function ``core`` in it.

Nothing is imported here that a way would not import by itself: its whole process is measured.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

WAYS = ("ours", "polars")


def way(package: str, name: str) -> Callable[[Path], Any]:
    """One of `WAYS` to do a core with the files of a folder. Only its own library is imported."""
    core: Callable[[Path], Any] = importlib.import_module(
        f"bench.{package}.{name if name == 'ours' else f'in_{name}'}"
    ).core
    return core


def agree(
    results: Mapping[str, tuple[dict[str, list[Any]], Any]], what: str, alike: Callable[[Any, Any], bool]
) -> bool:
    """Check that all ways find our things and sums; print the differences.

    Args:
        results: what fires by its name, and sums, of each way.
        what: fires.
        alike: compares two sums.
    """
    wanted, sums = results["ours"]
    print(f"{what}: {', '.join(f'{name} {len(found)}' for name, found in sorted(wanted.items()) if found)}")
    good = True
    for way_, (got, others) in results.items():
        wrong = [name for name in sorted({*wanted, *got}) if sorted(got.get(name, [])) != sorted(wanted.get(name, []))]
        wrong += [] if alike(sums, others) else ["sums"]
        if wrong:
            print(f"{way_} comes to something else: {', '.join(wrong)}")
        good &= not wrong
    return good
