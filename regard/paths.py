"""Arguments as the library takes them: paths with something at them, values that there are, whole numbers."""

from __future__ import annotations

import hashlib
import operator
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, SupportsIndex, TypeAlias, TypeGuard, cast

from protocol.errors import RegardError
from protocol.opening import OpenedFile
from protocol.words import msg

AnyPath: TypeAlias = str | os.PathLike[str]
Paths: TypeAlias = AnyPath | Iterable[AnyPath]
AnyBytes: TypeAlias = bytes | bytearray | memoryview | IO[bytes]
"""Bytes of a file, or an open file to read them from."""


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


def paths_and_bytes(
    given: AnyPath | AnyBytes | Iterable[AnyPath | AnyBytes],
) -> tuple[tuple[Path, ...], tuple[OpenedFile, ...]]:
    """Tell paths from bytes; bytes are named by their number, from 1.

    Raises:
        NotThere: a path does not exist.
        TypeError: one is neither, such as text read from a file.
    """
    alone = isinstance(given, (str, os.PathLike, bytes, bytearray, memoryview)) or hasattr(given, "read")
    paths: list[Path] = []
    opened: list[OpenedFile] = []
    for each in cast(Iterable[AnyPath | AnyBytes], [given] if alone else given):
        if isinstance(each, (str, os.PathLike)):
            paths.append(existing(each))
            continue
        data = each if isinstance(each, (bytes, bytearray, memoryview)) else each.read()
        if isinstance(data, str):
            raise TypeError("bytes or a path is expected, got text")
        opened.append(OpenedFile(Path(f"<bytes {len(opened) + 1}>"), bytes(data)))
    return tuple(paths), tuple(opened)


def one_of(name: str, value: object, known: Iterable[object]) -> None:
    """Refuse an argument that is not among the values that it may have, or is one of another type.

    Raises:
        ValueError: it is not; the text names those that are.
    """
    known = list(known)
    if not any(_same(value, each) for each in known):
        raise ValueError(f"{name}: one of {', '.join(map(repr, known))}, got {value!r}")


def whole_from(low: int, high: int, **named: object) -> None:
    """Refuse arguments that are no whole numbers within bounds.

    Raises:
        ValueError: one is not; the text names the bounds.
    """
    for name, value in named.items():
        if not _is_whole(value) or not low <= operator.index(value) <= high:
            raise ValueError(f"{name}: a whole number from {low} to {high}, got {value!r}")


def one_or_more(name: str, value: object) -> None:
    """Refuse a number of something that is none; None is no number.

    Raises:
        ValueError: it is below 1, or no whole number.
    """
    if value is not None and not (_is_whole(value) and operator.index(value) >= 1):
        raise ValueError(f"{name}: a whole number from 1, or None, got {value!r}")


def _same(value: object, known: object) -> bool:
    alike = _is_whole(value) if isinstance(known, int) else isinstance(value, type(known))
    return alike and value == known


def _is_whole(value: object) -> TypeGuard[SupportsIndex]:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def digest_of(inputs: Iterable[tuple[str, str]]) -> str:
    """The digest of a list of inputs.

    Args:
        inputs: name and SHA-256 of each, in the order of the reports.

    Returns:
        SHA-256, in hexadecimal digits, of the lines that ``sha256sum`` writes of them: the digest of a file, two
        spaces, its name, a line feed.
    """
    found = hashlib.sha256()
    for name, sha256 in inputs:
        found.update(f"{sha256}  {name}\n".encode("utf-8", "backslashreplace"))
    return found.hexdigest()
