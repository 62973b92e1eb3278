"""What the pages of a Parquet file say of themselves, before anybody unpacks them.

A page's header, in Thrift's compact protocol, states how many bytes come out of it and how many values it holds; a
reader takes memory for both on its word. Here each header is held against what the file's own list of columns says,
whose sums are bounded. Layout: the Parquet format, ``parquet.thrift``, and Thrift's compact protocol.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """Where a number without a sign ends, and the number: seven bits a byte, the lowest first."""
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
    """Where a value ends that is no whole number and no struct of its own."""
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
