"""COBS, Consistent Overhead Byte Stuffing: bytes without a zero in them, at the cost of one byte in every 254.

As Cheshire and Baker describe it (IEEE/ACM Transactions on Networking 7, 1999): the bytes are cut at their zeros, and
before each piece stands its length and one; a piece of 254 bytes has the length byte FF, and no zero follows it. It is
regard's own because the library for it has no wheel for Linux any more; the tests compare both.
"""

from __future__ import annotations

_LONGEST = 254


def stuff(data: bytes) -> bytes:
    """The bytes without zeros; one byte longer, and another one for each 254 bytes without a zero between them."""
    out = bytearray()
    pieces = data.split(b"\0")
    for index, piece in enumerate(pieces):
        start = 0
        while len(piece) - start >= _LONGEST:
            out.append(0xFF)
            out += piece[start : start + _LONGEST]
            start += _LONGEST
        if start < len(piece) or start == 0 or index < len(pieces) - 1:
            out.append(len(piece) - start + 1)
            out += piece[start:]
    return bytes(out)


def unstuff(stuffed: bytes) -> bytes | None:
    """Undo `stuff`; None for bytes that it never gives: with a zero, or cut short."""
    if 0 in stuffed:
        return None
    out = bytearray()
    at = 0
    while at < len(stuffed):
        end = at + stuffed[at]
        if end > len(stuffed):
            return None
        out += stuffed[at + 1 : end]
        if stuffed[at] != 0xFF and end < len(stuffed):
            out.append(0)
        at = end
    return bytes(out)
