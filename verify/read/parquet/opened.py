"""Parquet that is in memory, opened or as text: its lists and pages are held to bounds before a column is unpacked.

A page's header, in Thrift's compact protocol, states how many bytes come out of it and how many values it holds; a
reader takes memory for both on its word. Here each header is held against what the file's own list of columns says,
whose sums are bounded. Layout: the Parquet format, ``parquet.thrift``, and Thrift's compact protocol.
"""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from protocol.errors import InputError, cause, wrong_file
from protocol.words import Message, Text, msg
from verify.read import bounds
from verify.read.bounds import MAX_COLUMNS
from verify.read.own_process import RAISED, read_given, run_reader
from verify.read.published.source import OpenedSource
from verify.read.rows import is_utf8

MAX_GROUPS = 100_000
"""Row groups of a file."""
_LISTS = 2**20
"""Elements of a list, and bytes of a text, in what the file says of itself."""
_LIMITS = {"thrift_string_size_limit": _LISTS, "thrift_container_size_limit": _LISTS}


@dataclass(frozen=True, slots=True)
class Most:
    """Bounds of a file.

    Attributes:
        rows: in all.
        cells: rows by columns.
        unpacked: bytes of the columns of one row group, unpacked.
    """

    rows: int
    cells: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class OpenedParquet:
    """An opened file.

    Attributes:
        file: pyarrow's, whose columns are within bounds.
        rows_at_once: so many rows are unpacked together at most: a text that stands in a column once and is meant in
            each of its rows takes no more memory then than the bounds allow.
    """

    file: Any
    rows_at_once: int


def damage() -> tuple[type[BaseException], ...]:
    """Exceptions of pyarrow for a damaged file; running out of memory on its word is one of them."""
    import pyarrow as pa

    return (pa.ArrowException, OSError, MemoryError, ValueError, KeyError, TypeError, NotImplementedError)


def open_parquet(data: bytes, file: str, most: Most, only: frozenset[str] | None = None) -> OpenedParquet:
    """A Parquet file all of whose columns are plain and within bounds; its texts as different ones and where each is.

    Args:
        data: its bytes.
        file: its name, for the errors.
        most: what it may have.
        only: names of the columns that will be read, all by default; the others are not looked at.

    Raises:
        InputError: it is damaged, larger than its bounds, or has values within values.
    """
    from pyarrow import BufferReader, parquet

    try:
        metadata = parquet.ParquetFile(BufferReader(data), **_LIMITS).metadata
        names = _names(metadata)
        wanted = [at for at, name in enumerate(names) if only is None or name in only]
        plain = _check(data, file, metadata, most, wanted)
        chosen = [name for at, name in enumerate(names) if at not in plain]
        found = parquet.ParquetFile(BufferReader(data), metadata=metadata, read_dictionary=chosen, **_LIMITS)
        return OpenedParquet(found, max(1, most.unpacked // max(1, *plain.values(), 1)))
    except DamagedPageError as error:
        raise wrong(file, msg("pages that are not as the file says")) from error
    except damage() as error:
        raise wrong(file, cause_of(error)) from error


def column_names(data: bytes) -> list[str]:
    """The names of the columns by what a file says of itself at its end.

    Args:
        data: its end, behind its first four bytes.

    Raises:
        any of `damage`: it is damaged.
    """
    from pyarrow import BufferReader, parquet

    return _names(parquet.ParquetFile(BufferReader(data), **_LIMITS).metadata)


def cause_of(error: BaseException) -> Text:
    """Why pyarrow could not read it."""
    if isinstance(error, MemoryError):
        return msg("more than fits in its memory")
    return cause(error) if isinstance(error, OSError | ValueError) else type(error).__name__


def wrong(file: str, got: Text) -> InputError:
    """Describe a damaged Parquet file."""
    return wrong_file(file, msg("an undamaged Parquet file"), got)


def _names(metadata: Any) -> list[str]:
    return [metadata.schema.column(at).name for at in range(min(metadata.num_columns, MAX_COLUMNS))]


def _check(data: bytes, file: str, metadata: Any, most: Most, wanted: Sequence[int]) -> dict[int, int]:
    """Hold a file to its bounds, and the columns that are wanted.

    Returns:
        for each column whose texts pyarrow cannot leave in their dictionary, the bytes of the largest one.

    Raises:
        InputError: it is beyond them, or has values within values.
        DamagedPageError: its pages say more than its own lists.
    """
    columns, rows = metadata.num_columns, metadata.num_rows
    if columns > MAX_COLUMNS:
        raise _too_much(file, msg("{columns:n} columns", columns=columns))
    if not (0 <= rows <= most.rows and rows * columns <= most.cells):
        raise _too_much(file, msg("{rows:n} rows by {columns:n} columns", rows=rows, columns=columns))
    if metadata.num_row_groups > MAX_GROUPS:
        raise _too_much(file, msg("{groups:n} row groups", groups=metadata.num_row_groups))
    for at in wanted:
        column = metadata.schema.column(at)
        if column.max_repetition_level or column.max_definition_level > 1:
            expected = msg("columns of single values")
            raise InputError(file, None, column.name, expected, msg("values within values"))
    plain: dict[int, int] = {}
    total = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        total += group.num_rows
        unpacked = 0
        for at in wanted:
            chunk = group.column(at)
            unpacked += max(chunk.total_uncompressed_size, 0)
            if unpacked > most.unpacked:
                raise _too_much(file, msg("a row group of more than {most:n} MiB unpacked", most=most.unpacked >> 20))
            dictionary = _check_chunk(data, chunk, group.num_rows)
            if any(encoding.startswith("DELTA") for encoding in chunk.encodings):
                plain[at] = max(plain.get(at, 0), dictionary)
    if total != rows:
        raise DamagedPageError
    return plain


def _check_chunk(data: bytes, chunk: Any, rows: int) -> int:
    """Hold the pages of a column in a row group to what is said of them; gives the bytes of its dictionary."""
    starts = [chunk.data_page_offset, chunk.dictionary_page_offset if chunk.has_dictionary_page else None]
    start = min(offset for offset in starts if offset is not None)
    size, packed = chunk.total_uncompressed_size, chunk.total_compressed_size
    if min(start, size, packed) < 0 or chunk.num_values != rows:
        raise DamagedPageError
    return check(data, Chunk(start, start + packed, size, rows))


def _too_much(file: str, got: Message) -> InputError:
    return wrong_file(file, msg("a Parquet file within bounds"), got)


_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY = range(1, 9)
_STRUCT = 12
_NUMBERS = frozenset((_I16, _I32, _I64))
_UNPACKED, _PACKED, _DATA, _DICTIONARY, _DATA_2 = 2, 3, 5, 7, 8
"""Fields of a page's header: both sizes, and the header of its kind, whose first field is the number of values."""
_INNER = 1000
_DEEPEST = _INNER**4
MOST = 100_000
"""Pages of one column of a row group; those of a million values have some ten."""


class DamagedPageError(Exception):
    """A page's header cannot be read, or says more than the file's list of columns does."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A column of a row group, as the file's list has it.

    Attributes:
        start, end: of its pages in the file, in bytes.
        unpacked: bytes that come out of all its pages, their headers included.
        values: how many it has.
    """

    start: int
    end: int
    unpacked: int
    values: int


def check(data: bytes, chunk: Chunk) -> int:
    """Look at the header of each page of a column; gives the bytes of its dictionary, unpacked.

    Raises:
        DamagedPageError: they are not as the list of columns says.
    """
    if not 0 <= chunk.start <= chunk.end <= len(data):
        raise DamagedPageError
    at, unpacked, values, dictionary = chunk.start, 0, 0, 0
    for _ in range(MOST):
        if at >= chunk.end or values >= chunk.values:
            return dictionary
        found: dict[int, int] = {}
        try:
            body = _struct(data, at, 0, found)
        except IndexError as error:
            raise DamagedPageError from error
        size, packed = found.get(_UNPACKED, -1), found.get(_PACKED, -1)
        held = found.get(_DATA * _INNER + 1, found.get(_DATA_2 * _INNER + 1, 0))
        listed = found.get(_DICTIONARY * _INNER + 1, 0)
        unpacked += size + body - at
        values += held
        dictionary = max(dictionary, size if listed else 0)
        at = body + packed
        # no value of a dictionary is less than a bit, no text less than the four bytes of its length
        if min(size, packed, held, listed) < 0 or listed > 8 * size or unpacked > chunk.unpacked or at > chunk.end:
            raise DamagedPageError
        if values > chunk.values:
            raise DamagedPageError
    raise DamagedPageError


def _struct(data: bytes, at: int, path: int, found: dict[int, int]) -> int:
    """Read the fields of a struct from ``at`` on; gives where it ends. Its whole numbers are put into ``found``.

    A field is known by its number, which is below `_INNER`; inside another one by `_INNER` times that one's, and its
    own.

    Raises:
        IndexError: it goes beyond the data.
        DamagedPageError: it is none of Thrift's.
    """
    if path > _DEEPEST:
        raise DamagedPageError
    field = 0
    while header := data[at]:
        at += 1
        kind = header & 0x0F
        if header >> 4:
            field += header >> 4
        else:
            at, value = _varint(data, at)
            field = value >> 1 ^ -(value & 1)
        if not 0 < field < _INNER:  # it would stand for a field inside another one
            raise DamagedPageError
        if kind in _NUMBERS:
            at, value = _varint(data, at)
            found[path * _INNER + field] = value >> 1 ^ -(value & 1)
        elif kind == _STRUCT:
            at = _struct(data, at, path * _INNER + field, found)
        else:
            at = _skip(data, at, kind)
    return at + 1


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number without a sign, and its end: seven bits a byte, the lowest first."""
    value = data[at]
    at += 1
    if value >= 0x80:
        value &= 0x7F
        for shift in range(7, 64, 7):
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        else:
            raise DamagedPageError
    return at, value


def _skip(data: bytes, at: int, kind: int) -> int:
    """Find the end of a value that is no whole number and no struct of its own."""
    if kind in (_TRUE, _FALSE):
        return at
    if kind == _BYTE:
        return at + 1
    if kind == _DOUBLE:
        return at + 8
    if kind == _BINARY:
        at, size = _varint(data, at)
        return at + size
    raise DamagedPageError  # a list or a map: no header of a page has one


CELLS = 25_000_000
"""As many as a sheet of a workbook may have."""
SECONDS = 300
"""Longest time of reading, whatever else the machine does."""
_ROWS = 2**14
"""Rows that are written together."""
_APART = f"{__name__}:write_text"
_PIECE = 2**20
"""Bytes that are taken over together: room is made for so many, however few come."""


def in_text(source: OpenedSource) -> OpenedSource:
    """A Parquet file as text: ``,``, UTF-8, with quotes where they are needed.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    text = _apart(source.data, source.file, bounds.unpacked(source.size))
    if not is_utf8(text):
        raise wrong(source.file, msg("texts that are no UTF-8"))
    return replace(source, data=text)


def text_of(data: bytes, name: str, most: int) -> bytes:
    """A Parquet file as text of at most ``most`` bytes. A damaged one may end the process: see `write_text`.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    parquet = open_parquet(data, name, Most(CELLS, CELLS, most))
    try:
        return _text(parquet, name, most)
    except damage() as error:
        raise wrong(name, cause_of(error)) from error


def _apart(data: bytes, name: str, most: int) -> bytes:
    """`text_of` in a process of its own.

    Raises:
        InputError: as `text_of`, or it ended that process.
    """
    with run_reader(_APART, str(most), seconds=SECONDS, data=data) as process:
        pieces = itertools.takewhile(bool, (process.written.read(_PIECE) for _ in range(2 * most // _PIECE + 1)))
        text = b"".join(pieces)
        status = process.status()
    if status == RAISED:
        return text_of(data, name, most)
    if status != 0:
        raise wrong(name, msg("one that cannot be read"))
    return text


def write_text(most: str) -> None:
    """Write the text of the Parquet file on standard input to standard output; called in a process of its own."""
    sys.stdout.buffer.write(text_of(read_given(), "", int(most)))


def _text(parquet: OpenedParquet, name: str, most: int) -> bytes:
    """The text of a file whose lists were checked.

    Raises:
        InputError: it is longer than ``most`` bytes.
    """
    import pyarrow as pa
    from pyarrow import csv

    out = io.BytesIO()
    schema = pa.schema([pa.field(each.name, pa.string()) for each in parquet.file.schema_arrow])
    options = csv.WriteOptions(delimiter=",", quoting_style="needed")
    with csv.CSVWriter(out, schema, write_options=options) as writer:
        for batch in parquet.file.iter_batches(batch_size=min(_ROWS, parquet.rows_at_once)):
            if out.tell() + sum(map(_size, batch.columns)) > most:
                expected = msg("at most {limit} MiB when decompressed", limit=most >> 20)
                raise wrong_file(name, expected, msg("more"))
            writer.write_batch(pa.record_batch([_texts(column) for column in batch.columns], schema=schema))
    return out.getvalue()


def _size(column: Any) -> int:
    """Bytes that the texts of a column take, some of which may stand in it once and be meant many times."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = compute.binary_length(column.dictionary)
    return int(compute.sum(compute.take(lengths, column.indices)).as_py() or 0)


def _texts(column: Any) -> Any:
    """A column as texts; whole numbers without a fraction, as a spreadsheet shows them."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_binary(column.type):  # what older writers call their texts
        return column.view(pa.string())
    return column.cast(pa.string())
