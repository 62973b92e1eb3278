"""The files of folders, whatever is in them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path


def has(folder: Path, name: str) -> bool:
    """Whether a folder has something of that name; not where it may not be looked into."""
    try:
        return (folder / name).exists()
    except OSError:
        return False


def is_closed(folder: Path) -> bool:
    """Whether the files of a folder cannot be listed."""
    try:
        with os.scandir(folder):
            return False
    except OSError:
        return True


def files_below(path: Path) -> list[Path]:
    """The files of a folder and its subfolders in the order of their names, or the one file itself.

    Names that start with a dot are left out: desktop systems write such files unasked. Links to folders are not
    followed; they and folders that cannot be listed are in the list themselves, for a reader to name.
    """
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        (waiting if entry.is_dir(follow_symlinks=False) else found).append(folder / entry.name)
        except OSError:
            found.append(folder)
    return sorted(found, key=lambda file: file.parts)


def with_roots(
    paths: Iterable[Path], below: Path | None = None, without: Collection[Path] = ()
) -> Iterator[tuple[Path, Path | None]]:
    """Every file of files and folders, with the folder that its links must not lead out of."""
    for given in paths:
        root = below or (given if given.is_dir() else None)
        yield from ((file, root) for file in files_below(given) if file not in without)
