"""Frames on the reading unit's line: from a message to bytes that can be told apart, and back from any bytes.

The layout is a **model**; how the vendor's reading unit frames its messages is not public. A frame::

    00 | COBS( kind | sequence | body        | CRC-32 ) | 00
    1  |       1      1          0 .. 1,028    4        | 1     bytes before COBS, which adds 1 in every 254

* ``00`` stands on both sides and, because of COBS (Consistent Overhead Byte Stuffing), never inside. So a
  receiver that comes in anywhere is in step again at the next ``00``.
* ``kind`` says what the message is; an answer carries the kind of its request with the highest bit set.
* ``sequence`` counts requests, modulo 256; an answer carries the one of its request.
* ``CRC-32`` is that of zlib over kind, sequence and body, big-endian.

What a receiver survives; each is a test of its name, and a frame that is not hit itself is read:

* noise before: bytes on the line before the first frame, with or without ``00`` among them;
* noise between: bytes between two frames, or ``00`` in any number;
* noise in: a frame with bytes thrown in is dropped;
* lost: a frame with a byte missing is dropped and no other, because two ``00`` stand between two frames;
* doubled: a frame with a byte sent twice is dropped; a frame sent twice is read twice, the sequence tells;
* flipped: a frame with any bit changed is dropped, be it into ``00`` or out of it;
* babble: bytes without end and without ``00`` fill a buffer of one frame and no more;
* halves: the pieces in which bytes come in do not matter.

What the reader's side makes of the rest (a stalled, a resetting unit, a stale answer, an echo) is in
`protocol.line.link`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

MAX_BODY = 1028
"""Bytes of the longest body: an address and a block of 1,024 bytes."""
ENVELOPE = 6
"""Bytes that a frame adds to its body before COBS: kind, sequence, CRC-32."""
DELIMITER = b"\x00"
MAX_STUFFED = MAX_BODY + ENVELOPE + (MAX_BODY + ENVELOPE) // 254 + 1
"""Bytes of the longest frame between its two delimiters."""


def wire_length(body: int) -> int:
    """Bytes on the line, at most, of a frame whose body has ``body`` bytes."""
    return body + ENVELOPE + (body + ENVELOPE) // 254 + 1 + 2 * len(DELIMITER)


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: ``kind`` and ``sequence`` are 0 to 255, ``body`` has at most `MAX_BODY` bytes."""

    kind: int
    sequence: int
    body: bytes = b""


def encode(frame: Frame) -> bytes:
    """The bytes of a frame, delimiters included.

    Raises:
        ValueError: a field is out of its range. What is sent is made by this program, so that is a bug in it.
    """
    if len(frame.body) > MAX_BODY:
        raise ValueError(f"body of {len(frame.body)} bytes, at most {MAX_BODY}")
    content = bytes((frame.kind, frame.sequence)) + frame.body
    return DELIMITER + stuff(content + zlib.crc32(content).to_bytes(4, "big")) + DELIMITER


def decode(stuffed: bytes) -> Frame | None:
    """The frame between two delimiters, or None when these bytes are none."""
    if not ENVELOPE < len(stuffed) <= MAX_STUFFED:
        return None
    content = unstuff(stuffed)
    if content is None or len(content) < ENVELOPE or zlib.crc32(content[:-4]) != int.from_bytes(content[-4:], "big"):
        return None
    return Frame(content[0], content[1], content[2:-4])


class FrameScanner:
    """Finds frames in a stream of bytes, whatever else is in it, in the memory of one frame.

    Attributes:
        damaged: runs of bytes between delimiters that were no frame.
    """

    def __init__(self) -> None:
        self.damaged = 0
        self._rest = bytearray()
        self._overlong = False

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes as they come and return the frames that they complete, in the order of the line."""
        *whole, rest = data.split(DELIMITER)
        frames = []
        for piece in whole:
            self._add(piece)
            frame = self._finish()
            if frame is not None:
                frames.append(frame)
        self._add(rest)
        return frames

    def _add(self, piece: bytes) -> None:
        """Keep a piece that may still become a frame; of one that is too long for that, nothing."""
        room = MAX_STUFFED - len(self._rest)
        if self._overlong or len(piece) > room:
            self._overlong = True
            self._rest.clear()
        else:
            self._rest += piece

    def _finish(self) -> Frame | None:
        """Judge what stood between two delimiters. Nothing is no damage: frames have them on both sides."""
        stuffed = bytes(self._rest)
        self._rest.clear()
        frame = decode(stuffed) if stuffed and not self._overlong else None
        if frame is None and (stuffed or self._overlong):
            self.damaged += 1
        self._overlong = False
        return frame


_LONGEST = 254
"""Bytes without a zero in one block of COBS."""


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
