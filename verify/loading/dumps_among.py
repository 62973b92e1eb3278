"""Dumps of other machines among files that were given or found, told by what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from protocol.dumps.finding import layout_of
from protocol.folders import files_below

_OWN_ENDINGS = frozenset((".esf", ".urn"))
"""Of the ESF1's dumps, which a nation has by the ten thousand: nothing of these is opened to tell."""


def is_other_dump(path: Path, below: Path | None = None) -> bool:
    """Whether a file is a dump of another machine than the ESF1, or belongs to one."""
    if path.suffix.lower() in _OWN_ENDINGS:
        return False
    layout, _ = layout_of(path, below, models=False)
    return layout is not None


def without_others(paths: Iterable[Path]) -> tuple[list[Path], Sequence[Path]]:
    """Files and folders without the dumps of other machines, and these; a folder that has some as its files."""
    own: list[Path] = []
    others: list[Path] = []
    for path in paths:
        files = files_below(path)
        found = {file for file in files if is_other_dump(file, path if path.is_dir() else None)}
        own += [file for file in files if file not in found] if found else [path]
        others += sorted(found)
    return own, others
