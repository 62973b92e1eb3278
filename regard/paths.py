"""Arguments of the library, checked: paths that exist, files in memory, known values, whole numbers."""

from __future__ import annotations

import hashlib
import operator
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Protocol, SupportsIndex, TypeAlias, TypeGuard, cast

from protocol.errors import InputError, RegardError
from protocol.files import csv_lines
from protocol.opening import OpenedFile
from protocol.words import msg

AnyPath: TypeAlias = str | os.PathLike[str]
Paths: TypeAlias = AnyPath | Iterable[AnyPath]
AnyBytes: TypeAlias = bytes | bytearray | memoryview | IO[bytes]
"""Bytes of a file, or an open file to read them from."""


class ArrowFrame(Protocol):
    """A table of pandas, polars, pyarrow or any other library with Arrow's C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give its columns as a capsule."""


AnyFile: TypeAlias = AnyPath | AnyBytes | ArrowFrame
"""A path, the bytes of a file, or a table in memory."""
Files: TypeAlias = AnyFile | Iterable[AnyFile]


class NotThere(RegardError):
    """A path that was given does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(msg("{path}: does not exist", path=path))


def existing(path: AnyPath) -> Path:
    """Make sure that a path exists.

    Raises:
        NotThere: it does not.
    """
    found = Path(path)
    if not found.exists():
        raise NotThere(found)
    return found


def all_existing(paths: Paths) -> tuple[Path, ...]:
    """Make sure that one path or several exist.

    Raises:
        NotThere: one of them does not exist.
    """
    return tuple(map(existing, [paths] if isinstance(paths, (str, os.PathLike)) else paths))


def files_of(given: Files, name: str = "", known: dict[int, OpenedFile] | None = None) -> list[Path | OpenedFile]:
    """Take paths as they are, and turn bytes and tables in memory into open files.

    A table becomes a CSV: UTF-8, commas, a header and a line a row, nothing for null, whole numbers without decimals.
    Its digest is that of this CSV, and its first row is row 2.

    Args:
        given: one file or several.
        name: of the argument, for the names of files without a path: ``<pv frame as CSV>``.
        known: open files made before, by the identity of the object given.

    Raises:
        NotThere: a path does not exist.
        InputError: a column of a table has neither texts nor numbers.
        TypeError: an object is no file, such as text read from one.
    """
    known = {} if known is None else known
    alone = isinstance(given, (str, os.PathLike, bytes, bytearray, memoryview)) or hasattr(given, "read")
    several = [given] if alone or hasattr(given, _STREAM) else cast(Iterable[AnyFile], given)
    found: list[Path | OpenedFile] = []
    for number, each in enumerate(several, 1):
        if isinstance(each, (str, os.PathLike)):
            found.append(existing(each))
            continue
        if id(each) not in known:
            words = [name, "bytes", "" if name and number == 1 else str(number)]
            if hasattr(each, _STREAM):
                words[1:] = ["frame", words[2], "as CSV"]
            file = f"<{' '.join(filter(None, words))}>"
            known[id(each)] = OpenedFile(Path(file), _as_csv(each, file) if hasattr(each, _STREAM) else _bytes_of(each))
        found.append(known[id(each)])
    return found


def paths_and_bytes(given: Files) -> tuple[list[Path], list[OpenedFile]]:
    """Take files, paths apart from open files."""
    files = files_of(given)
    return [each for each in files if isinstance(each, Path)], [each for each in files if isinstance(each, OpenedFile)]


_STREAM = "__arrow_c_stream__"
_CONVERTED = re.compile(r"for column (.+?) with type")
"""Message of pandas for a column of several types."""


def _bytes_of(given: object) -> bytes:
    data = given if isinstance(given, (bytes, bytearray, memoryview)) else cast(IO[bytes], given).read()
    if isinstance(data, str):
        raise TypeError("bytes or a path is expected, got text")
    return bytes(data)


def _as_csv(frame: object, file: str) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - only for frames

    table, columns = None, []
    try:
        table = pa.table(frame)
        for column in table.columns:
            columns.append(column.cast(pa.string()).to_pylist())
    except (pa.ArrowException, TypeError, ValueError) as error:
        named = _CONVERTED.search(str(error))
        name, got = (named and named[1], str(error.args[0]))
        if table is not None:
            name, got = table.column_names[len(columns)], str(table.schema.types[len(columns)])
        raise InputError(file, None, name, msg("a column of texts or numbers"), got) from error
    return csv_lines([table.column_names, *zip(*columns, strict=True)])


def one_of(name: str, value: object, known: Iterable[object]) -> None:
    """Refuse an argument that is none of the known values, or equals one but has another type.

    Raises:
        ValueError: it is refused; the text names the known values.
    """
    known = list(known)
    if not any(_same(value, each) for each in known):
        raise ValueError(f"{name}: one of {', '.join(map(repr, known))}, got {value!r}")


def whole_from(low: int, high: int, **named: object) -> None:
    """Refuse arguments that are not whole numbers within bounds.

    Raises:
        ValueError: one is not; the text names the bounds.
    """
    for name, value in named.items():
        if not _is_whole(value) or not low <= operator.index(value) <= high:
            raise ValueError(f"{name}: a whole number from {low} to {high}, got {value!r}")


def one_or_more(name: str, value: object) -> None:
    """Refuse an argument that is neither a whole number from 1 nor None.

    Raises:
        ValueError: it is refused.
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
