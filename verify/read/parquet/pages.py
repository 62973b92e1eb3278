"""What the pages of a Parquet file say of themselves, before anybody unpacks them.

A page's header, in Thrift's compact protocol, states how many bytes come out of it and how many values it holds; a
reader takes memory for both on its word. Here each header is held against what the file's own list of columns says,
whose sums are bounded. Layout: the Parquet format, ``parquet.thrift``, and Thrift's compact protocol.
"""

from __future__ import annotations

from dataclasses import dataclass

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_VARINTS = (_I16, _I32, _I64)
_DEEPEST = 8
_UNPACKED, _PACKED, _DATA, _DICTIONARY, _DATA_2 = 2, 3, 5, 7, 8
"""Fields of a page's header: both sizes, and the header of its kind, whose first field is the number of values."""
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
        header = _Header(data, at, chunk.end)
        found = header.read()
        size, packed = found.get((_UNPACKED,), -1), found.get((_PACKED,), -1)
        held = found.get((_DATA, 1), found.get((_DATA_2, 1), 0))
        listed = found.get((_DICTIONARY, 1), 0)
        unpacked += size + header.at - at
        values += held
        dictionary = max(dictionary, size if listed else 0)
        at = header.at + packed
        # no value of a dictionary is less than a bit, no text less than the four bytes of its length
        if min(size, packed, held, listed) < 0 or listed > 8 * size or unpacked > chunk.unpacked or at > chunk.end:
            raise DamagedPageError
        if values > chunk.values:
            raise DamagedPageError
    raise DamagedPageError


class _Header:
    """Reads one header; its numbers by the fields that lead to them."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data = data
        self._end = end
        self.at = at

    def read(self) -> dict[tuple[int, ...], int]:
        found: dict[tuple[int, ...], int] = {}
        self._struct((), found)
        return found

    def _byte(self) -> int:
        if self.at >= self._end:
            raise DamagedPageError
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise DamagedPageError

    def _number(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)

    def _skip(self, size: int) -> None:
        self.at += size
        if size < 0 or self.at > self._end:
            raise DamagedPageError

    def _struct(self, path: tuple[int, ...], found: dict[tuple[int, ...], int]) -> None:
        field = 0
        while header := self._byte():
            field = field + (header >> 4) if header >> 4 else self._number()
            self._value(header & 0x0F, (*path, field), found)

    def _value(self, kind: int, path: tuple[int, ...], found: dict[tuple[int, ...], int]) -> None:
        if len(path) > _DEEPEST:
            raise DamagedPageError
        if kind in (_TRUE, _FALSE):
            return
        if kind in _VARINTS:
            found[path] = self._number()
        elif kind == _BYTE:
            self._skip(1)
        elif kind == _DOUBLE:
            self._skip(8)
        elif kind == _BINARY:
            self._skip(self._varint())
        elif kind == _STRUCT:
            self._struct(path, found)
        elif kind in (_LIST, _SET):
            header = self._byte()
            count = header >> 4 if header >> 4 < 15 else self._varint()
            for _ in range(min(count, self._end - self.at + 1)):
                self._element(header & 0x0F, path, found)
        else:  # a map: no header of a page has one
            raise DamagedPageError

    def _element(self, kind: int, path: tuple[int, ...], found: dict[tuple[int, ...], int]) -> None:
        if kind in (_TRUE, _FALSE):  # in a list a byte each
            self._skip(1)
        else:
            self._value(kind, (*path, 0), found)
