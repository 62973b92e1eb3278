"""Paths as the library takes them, and whether there is something at them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from protocol.errors import RegardError
from protocol.words import msg

AnyPath: TypeAlias = str | os.PathLike[str]
Paths: TypeAlias = AnyPath | Iterable[AnyPath]


class NotThere(RegardError):
    """A path that was given does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(msg("{path}: does not exist", path=path))


def existing(path: AnyPath) -> Path:
    """A path at which there is something.

    Raises:
        NotThere: there is nothing.
    """
    found = Path(path)
    if not found.exists():
        raise NotThere(found)
    return found


def all_existing(paths: Paths) -> tuple[Path, ...]:
    """The same of one path or several, as a tuple.

    Raises:
        NotThere: one of them does not exist.
    """
    return tuple(map(existing, [paths] if isinstance(paths, (str, os.PathLike)) else paths))


def one_of(name: str, value: object, known: Iterable[object]) -> None:
    """Refuse an argument that is not among the values that it may have.

    Raises:
        ValueError: it is not; the text names those that are.
    """
    if value not in (known := list(known)):
        raise ValueError(f"{name}: one of {', '.join(map(repr, known))}, got {value!r}")
