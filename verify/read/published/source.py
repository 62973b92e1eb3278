"""Opening a published file with bounds: plain, gzip or zip, its text decoded, its first rows at hand."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from protocol.causes import cause
from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.words import Text, msg
from verify.read.bounds import MAX_COLUMNS, MAX_FEED, MAX_MEMBERS, MAX_PARTS, unpacked
from verify.read.rows import Lines, delimiter_of, encoding_of

BLOCK = 2**16

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "latin-1": "ISO-8859-1",
    "cp850": "DOS 850",
    "mac_roman": "Mac Roman",
}
"""What people call them."""

HEAD_ROWS = 40
"""Rows among which a layout looks for its header; up to 18 lines of comment can stand before the first row."""

HEAD_SIZE = 2**18
"""Characters in which these rows are looked for."""

DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OverflowError),
    *(NotImplementedError, RuntimeError, ValueError, OSError, EOFError),
)
"""What the standard library raises at a damaged archive."""
FILLED = re.compile(rb"[^\0]")
METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
"""How the members of an archive may be packed; 45 bytes of bzip2 can become 46 million."""
STEP = 2**12
"""Bytes of LZMA that are unpacked at once: they become 29 million at most."""
DICTIONARY_LIMIT = 2**26
"""Bytes of the dictionary that LZMA asks for: memory taken on the word of the file, as the largest preset has it."""


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """One file of published results, decompressed, or one member of an archive.

    Attributes:
        file: the path as given, with the member where there is more than one.
        sha256, size: of the file on the disk, in bytes.
        name: of the file or the member.
        data: its bytes.
    """

    file: str
    sha256: str
    size: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Rows of text, from whatever file: what every layout reads.

    Attributes:
        file: the path as given, with the member or sheet where there is more than one.
        sha256, size: of the file on the disk, in bytes.
        title: what the file says of itself outside its cells: the name of a sheet or of a member.
        form: how it was written, for an error message: delimiter and encoding, or the kind of workbook.
        head: the first rows, at most `HEAD_ROWS`, of at most `MAX_COLUMNS` cells.
        rows: gives all rows from the first on, each time it is called; raises `csv.Error` at one that cannot be split.
        trimmed: whether a row's last cells are missing where they are empty, as in a sheet.
        hidden: whether it is a sheet of a workbook that nobody sees who opens it.
        data, codec, delimiter: of a text, its bytes, their encoding, and what separates its cells.
    """

    file: str
    sha256: str
    size: int
    title: str
    form: Text
    head: tuple[tuple[str, ...], ...]
    rows: Callable[[], Iterator[list[str]]]
    trimmed: bool = False
    hidden: bool = False
    data: bytes = b""
    codec: str = ""
    delimiter: str = ""


def unpack(file: OpenedFile) -> Iterator[OpenedSource]:
    """The file, or the members of the archive that it is, one at a time.

    Raises:
        InputError: it is a damaged archive, or larger than its bounds when unpacked.
    """
    name, data = str(file.path), file.data
    if data[:2] == b"\x1f\x8b":
        yield OpenedSource(name, file.sha256, len(data), file.path.name.removesuffix(".gz"), _gunzip(data, name))
    elif data[:4] == b"PK\x03\x04" and not _is_workbook(data):
        for member, content, several in _members(data, name):
            yield OpenedSource(f"{name}:{member}" if several else name, file.sha256, len(data), member, content)
    else:
        yield OpenedSource(name, file.sha256, len(data), file.path.name, data)


def text_table(source: OpenedSource) -> SourceTable:
    """The rows of a text with delimiters, in one of the encodings of `ENCODINGS`."""
    found = encoding_of(source.data)
    encoding, codec = ENCODINGS[found], "utf-8-sig" if found == "utf-8" else found
    delimiter = delimiter_of(source.data[:HEAD_SIZE].decode(codec, "replace"))
    head: list[tuple[str, ...]] = []
    with contextlib.suppress(csv.Error):  # told by whoever reads all rows
        for row in itertools.islice(_split(source.data, codec, delimiter), HEAD_ROWS):
            head.append(tuple(row[:MAX_COLUMNS]))
    mark = msg("tab") if delimiter == "\t" else delimiter
    form = msg("text, {encoding}, delimiter {mark}", encoding=encoding, mark=mark)
    return SourceTable(
        source.file,
        source.sha256,
        source.size,
        "",
        form,
        tuple(head),
        lambda: _split(source.data, codec, delimiter),
        data=source.data,
        codec=codec,
        delimiter=delimiter,
    )


def _split(data: bytes, codec: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a text, one at a time, none of them larger than its bounds.

    Raises:
        csv.Error: a row cannot be split into cells, or is too long.
    """
    lines = Lines(data, codec)
    for row in csv.reader(lines, delimiter=delimiter):
        lines.taken = 0
        yield row


def rows_that_split(table: SourceTable) -> Iterator[list[str]]:
    """The rows of a table up to one that cannot be split: `gathered` tells of that one."""
    with contextlib.suppress(csv.Error):
        yield from table.rows()


def _gunzip(data: bytes, file: str) -> bytes:
    """What one gzip file holds, or several one after another, with zeros between and behind them."""
    out = io.BytesIO()
    limit, at = unpacked(len(data)), 0
    for _ in range(MAX_PARTS):
        at = _inflate(data, at, limit, out, file)
        at = len(data) if (behind := FILLED.search(data, at)) is None else behind.start()
        if at == len(data):
            return out.getvalue()
    raise InputError(file, None, None, msg("at most {max_parts} gzip files in one", max_parts=MAX_PARTS), msg("more"))


def _inflate(data: bytes, at: int, limit: int, out: io.BytesIO, file: str) -> int:
    """Unpack the gzip file that starts at ``at``; returns where it ends."""
    inflate = zlib.decompressobj(wbits=31)
    while not inflate.eof:
        block = inflate.unconsumed_tail or data[at : at + BLOCK]
        at += 0 if inflate.unconsumed_tail else len(block)
        try:
            if not out.write(inflate.decompress(block, 16 * BLOCK)) and not block:
                raise InputError(file, None, None, msg("a whole gzip file"), msg("one that was cut short"))
        except zlib.error as error:
            raise InputError(file, None, None, msg("an undamaged gzip file"), cause(error)) from error
        if out.tell() > limit:
            raise _too_much(file, limit)
    return at - len(inflate.unused_data)


def _too_much(file: str, limit: int) -> InputError:
    return InputError(file, None, None, msg("at most {limit} MiB when decompressed", limit=limit >> 20), msg("more"))


def _is_workbook(data: bytes) -> bool:
    """Whether a zip is an .xlsx or an .ods; of a text document in this form the reader of workbooks says what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names)
    except DAMAGE:
        return False


def _members(data: bytes, file: str) -> Iterator[tuple[str, bytes, bool]]:
    """Name and bytes of each file of an archive, and whether it has several."""
    limit = left = unpacked(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
            most = MAX_MEMBERS if any(not info.filename.lower().endswith(".xml") for info in infos) else MAX_FEED
            if not 0 < len(infos) <= most:
                expected = msg("an archive of 1 to {max_members} files", max_members=most)
                raise InputError(file, None, None, expected, str(len(infos)))
            for info in infos:
                _check_method(data, info, file)
                out = io.BytesIO()
                with archive.open(info) as stream:
                    while block := stream.read(STEP):
                        left -= out.write(block)
                        if left < 0:
                            raise _too_much(file, limit)
                yield info.filename, out.getvalue(), len(infos) > 1
    except DAMAGE as error:
        raise InputError(file, None, None, msg("an undamaged zip file without password"), cause(error)) from error


def _check_method(data: bytes, info: zipfile.ZipInfo, file: str) -> None:
    """Refuse a member before memory is taken that only its header asks for, or one packed as none can be bounded.

    Raises:
        InputError: it is packed by another method than those of `METHODS`, or is LZMA with too large a dictionary.
    """
    if info.compress_type not in METHODS:
        wanted, got = msg("a zip file packed with deflate or LZMA"), msg("method {number}", number=info.compress_type)
        raise InputError(file, None, None, wanted, got)
    if info.compress_type == zipfile.ZIP_LZMA:
        at = info.header_offset
        at += 30 + int.from_bytes(data[at + 26 : at + 28], "little") + int.from_bytes(data[at + 28 : at + 30], "little")
        dictionary = int.from_bytes(data[at + 5 : at + 9], "little")  # after version, size of the properties, the first
        if dictionary > DICTIONARY_LIMIT:
            got = msg("one that needs {dictionary} MiB", dictionary=dictionary >> 20)
            raise InputError(
                file,
                None,
                None,
                msg(
                    "an archive that can be unpacked in {dictionary_limit} MiB", dictionary_limit=DICTIONARY_LIMIT >> 20
                ),
                got,
            )
