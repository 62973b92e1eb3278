"""Limits that encoded bytes must keep before decoding: definite lengths that add up, limited depth.

BER (X.690) as the urna writes it: tags of one byte, definite lengths of at most four bytes, primitive strings.
"""

from __future__ import annotations

from typing import TypeAlias

from protocol.errors import byte_count
from protocol.words import Text, msg

MAX_SIZE = 2**20
"""Bytes of a file; the largest known has 60 kB."""
MAX_DEPTH = 12
_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_INDEFINITE = 0x80
_MAX_LENGTH_BYTES = 4

Element: TypeAlias = tuple[int, int, int]
"""Tag, and where the content starts and ends."""


class Undecodable(Exception):
    """Bytes that are not decoded: what they should be, and what they are."""

    def __init__(self, expected: Text, got: Text) -> None:
        super().__init__()
        self.expected = expected
        self.got = got


def check_bounds(data: bytes) -> None:
    """Walk through all elements of one encoded value, without recursion and without decoding any.

    Raises:
        Undecodable: more bytes or deeper nesting than allowed, or lengths that do not fill each other; no place.
    """
    size = len(data)
    if size > MAX_SIZE:
        raise Undecodable(msg("at most {limit} bytes", limit=MAX_SIZE), byte_count(size))
    if element(data, 0, size)[2] != size:
        raise Undecodable(msg("a file that ends with its last element"), msg("bytes after the last element"))
    at, ends = 0, [size]
    while ends:
        if at == ends[-1]:
            ends.pop()
            continue
        tag, at, end = element(data, at, ends[-1])
        if not tag & _CONSTRUCTED:
            at = end
        elif len(ends) > MAX_DEPTH:
            raise Undecodable(
                msg("elements nested at most {limit} deep", limit=MAX_DEPTH), msg("elements that are nested deeper")
            )
        else:
            ends.append(end)


def element(data: bytes, at: int, end: int) -> Element:
    """The element that starts at a place and must end by another.

    Raises:
        Undecodable: there is none, or its length is not one that the format has.
    """
    if at + 2 > end:
        raise _cut()
    tag, length = data[at], data[at + 1]
    at += 2
    if tag & _LONG_TAG == _LONG_TAG:
        raise Undecodable(msg("tags of one byte"), msg("a longer tag"))
    if length & _INDEFINITE:
        count = length - _INDEFINITE
        if not 1 <= count <= _MAX_LENGTH_BYTES:
            raise Undecodable(msg("definite lengths"), msg("another form of length"))
        if at + count > end:
            raise _cut()
        length = int.from_bytes(data[at : at + count], "big")
        at += count
    if at + length > end:
        raise _cut()
    return tag, at, at + length


def children(data: bytes, parent: Element) -> list[Element]:
    """The elements within an element.

    Raises:
        Undecodable: they do not fill it.
    """
    _, at, end = parent
    found = []
    while at < end:
        found.append(element(data, at, end))
        at = found[-1][2]
    return found


def _cut() -> Undecodable:
    return Undecodable(msg("elements that are whole"), msg("an element that is longer than what holds it"))
