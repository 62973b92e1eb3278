"""Opening Parquet that is in memory, within bounds that its own lists are held to before any column is unpacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from protocol.errors import InputError, cause
from protocol.words import Message, Text, msg
from verify.read.bounds import MAX_COLUMNS
from verify.read.parquet.pages import Chunk, DamagedPageError, check

MAGIC = b"PAR1"
MAX_GROUPS = 100_000
"""Row groups of a file."""
_LISTS = 2**20
"""Elements of a list, and bytes of a text, in what the file says of itself."""
_LIMITS = {"thrift_string_size_limit": _LISTS, "thrift_container_size_limit": _LISTS}


@dataclass(frozen=True, slots=True)
class Most:
    """What a file may have.

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
        sizes: bytes of each row group in the columns that will be read, unpacked.
    """

    file: Any
    rows_at_once: int
    sizes: tuple[int, ...]


def is_parquet(data: bytes) -> bool:
    """Whether a file is Parquet, by its first bytes."""
    return data.startswith(MAGIC)


def damage() -> tuple[type[BaseException], ...]:
    """What pyarrow raises at a file that is damaged; running out of memory on its word is one of them."""
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
        plain, sizes = _check(data, file, metadata, most, wanted)
        chosen = [name for at, name in enumerate(names) if at not in plain]
        found = parquet.ParquetFile(BufferReader(data), metadata=metadata, read_dictionary=chosen, **_LIMITS)
        return OpenedParquet(found, max(1, most.unpacked // max(1, *plain.values(), 1)), sizes)
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
    """What is said of a Parquet file that is damaged."""
    return InputError(file, None, None, msg("an undamaged Parquet file"), got)


def _names(metadata: Any) -> list[str]:
    return [metadata.schema.column(at).name for at in range(min(metadata.num_columns, MAX_COLUMNS))]


def _check(
    data: bytes, file: str, metadata: Any, most: Most, wanted: Sequence[int]
) -> tuple[dict[int, int], tuple[int, ...]]:
    """Hold a file to its bounds, and the columns that are wanted.

    Returns:
        for each column whose texts pyarrow cannot leave in their dictionary, the bytes of the largest one; and the
        bytes of each row group, unpacked.

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
    sizes = []
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
        sizes.append(unpacked)
    if total != rows:
        raise DamagedPageError
    return plain, tuple(sizes)


def _check_chunk(data: bytes, chunk: Any, rows: int) -> int:
    """Hold the pages of a column in a row group to what is said of them; gives the bytes of its dictionary."""
    starts = [chunk.data_page_offset, chunk.dictionary_page_offset if chunk.has_dictionary_page else None]
    start = min(offset for offset in starts if offset is not None)
    size, packed = chunk.total_uncompressed_size, chunk.total_compressed_size
    if min(start, size, packed) < 0 or chunk.num_values != rows:
        raise DamagedPageError
    return check(data, Chunk(start, start + packed, size, rows))


def _too_much(file: str, got: Message) -> InputError:
    return InputError(file, None, None, msg("a Parquet file within bounds"), got)
