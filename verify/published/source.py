"""Opening a published file with bounds: plain, gzip or zip, its text decoded, its first rows at hand."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from protocol.errors import InputError
from protocol.opening import OpenedFile

SIZE_LIMIT = 512 * 2**20
"""Bytes that may come out of a compressed file. The largest known is some 300 MB."""

BLOCK = 2**20

MEMBER_LIMIT = 64
"""Files that are read from one archive."""

HEAD_ROWS = 40
"""Rows among which a layout looks for its header; up to 18 lines of comment can stand before the first row."""

FEW = 4
"""Delimiters that every known row has at least; a title above the rows can have commas of its own."""

HEAD_SIZE = 2**18
"""Characters in which these rows are looked for."""

COMMENT = "--"
"""How the lines start that stand before the rows of a ministry's file without header."""

FIELD_LIMIT = 1024
"""Cells that a row may have. The widest known layout, 38 lists of 7 cells, has fewer than 300."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One file of published results, decompressed, or one member of an archive."""

    file: str
    sha256: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text, from whatever file: what every layout reads.

    Attributes:
        file: the path as given, with the member or sheet where there is more than one.
        sha256: of the file's bytes.
        title: what the file says of itself outside its cells: the name of a sheet or of a member.
        form: how it was written, for an error message: delimiter and encoding, or the kind of workbook.
        head: the first rows, at most `HEAD_ROWS`.
        rows: gives all rows from the first on, each time it is called.
        trimmed: whether a row's last cells are missing where they are empty, as in a sheet.
        data, codec, delimiter: of a text, its bytes, their encoding, and what separates its cells.
    """

    file: str
    sha256: str
    title: str
    form: str
    head: tuple[tuple[str, ...], ...]
    rows: Callable[[], Iterator[list[str]]]
    trimmed: bool = False
    data: bytes = b""
    codec: str = ""
    delimiter: str = ""


def unpacked(file: OpenedFile) -> list[Opened]:
    """The file, or the members of the archive that it is.

    Raises:
        InputError: it is a damaged archive, or larger than its bounds when unpacked.
    """
    name, data = str(file.path), file.data
    if data[:2] == b"\x1f\x8b":
        return [Opened(name, file.sha256, file.path.name.removesuffix(".gz"), _gunzip(data, name))]
    if data[:4] == b"PK\x03\x04" and not _is_workbook(data):
        return _members(data, name, file.sha256)
    return [Opened(name, file.sha256, file.path.name, data)]


def text_table(source: Opened) -> Table:
    """The rows of a text with delimiters: UTF-8 with or without mark, else ISO-8859-1."""
    data, encoding, codec = source.data, "UTF-8", "utf-8-sig"
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        encoding = codec = "ISO-8859-1"
    delimiter = delimiter_of(data[:HEAD_SIZE].decode(codec, "replace"))

    def rows() -> Iterator[list[str]]:
        return csv.reader(io.TextIOWrapper(io.BytesIO(data), codec), delimiter=delimiter)

    head: list[tuple[str, ...]] = []
    with contextlib.suppress(csv.Error):  # told by whoever reads all rows
        head.extend(map(tuple, itertools.islice(rows(), HEAD_ROWS)))
    form = f"text, {encoding}, delimiter {'tab' if delimiter == chr(9) else delimiter}"
    return Table(source.file, source.sha256, "", form, tuple(head), rows, False, data, codec, delimiter)


def delimiter_of(start: str) -> str:
    """What the first line with a few delimiters, else the first with any, has most of; comments are no rows."""
    first = ""
    for line in start.splitlines():
        if line.startswith(COMMENT):
            continue
        count, delimiter = max((line.count(mark), mark) for mark in ",\t;")
        if count >= FEW:
            return delimiter
        if count and not first:
            first = delimiter
    return first or ";"


def _bounded(stream: IO[bytes], limit: int) -> bytes | None:
    """All bytes, None where there are more than the limit. In blocks: a read of a size takes that much memory."""
    blocks: list[bytes] = []
    left = limit
    while block := stream.read(min(left + 1, BLOCK)):
        blocks.append(block)
        left -= len(block)
        if left < 0:
            return None
    return b"".join(blocks)


def _gunzip(data: bytes, file: str) -> bytes:
    parts: list[bytes] = []
    left = SIZE_LIMIT
    while data:
        inflate = zlib.decompressobj(wbits=31)
        try:
            parts.append(inflate.decompress(data, left + 1))
        except zlib.error as error:
            raise InputError(file, None, None, "an undamaged gzip file", str(error)) from error
        left -= len(parts[-1])
        if left < 0:
            raise InputError(file, None, None, f"at most {SIZE_LIMIT // 2**20} MiB when decompressed", "more")
        if not inflate.eof:
            raise InputError(file, None, None, "a whole gzip file", "one that was cut short")
        data = inflate.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False


def _members(data: bytes, file: str, digest: str) -> list[Opened]:
    members: list[Opened] = []
    left = SIZE_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
            if not 0 < len(infos) <= MEMBER_LIMIT:
                raise InputError(file, None, None, f"an archive of 1 to {MEMBER_LIMIT} files", f"{len(infos)}")
            for info in infos:
                with archive.open(info) as stream:
                    content = _bounded(stream, left)
                if content is None:
                    raise InputError(file, None, None, f"at most {SIZE_LIMIT // 2**20} MiB when decompressed", "more")
                left -= len(content)
                name = f"{file}:{info.filename}" if len(infos) > 1 else file
                members.append(Opened(name, digest, info.filename, content))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise InputError(file, None, None, "an undamaged zip file without password", str(error)) from error
    return members
