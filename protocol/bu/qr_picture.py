"""QR pictures of a printed text: the text in each, which must be drawn again to the very same picture.

The pictures were never on paper, so nothing is repaired: one that differs by a module is said to be damaged.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from protocol.bu.bounds import Undecodable
from protocol.bu.qr_symbol import (
    LEVELS,
    VERSIONS,
    blocks_of,
    check_bytes,
    draw,
    format_bits,
    format_places,
    mask_of,
    order_of,
    size_of,
    syndromes,
)
from protocol.words import msg

BORDER = 2
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_END, _NUMERIC, _LETTERS, _BYTES = 0, 1, 2, 4
_COUNT_BITS = {_NUMERIC: (10, 12, 14), _LETTERS: (9, 11, 13), _BYTES: (8, 16, 16)}
"""Bits of the number of characters, up to version 9, 26 and 40."""
_DIGIT_BITS = (0, 4, 7, 10)


def read_picture(bitmap: bytes, width: int) -> str:
    """The text of a picture: bits row by row, the lowest of a byte first, 1 for dark, with its border.

    Raises:
        Undecodable: it is no whole symbol.
    """
    size = width - 2 * BORDER
    version = (size - 17) // 4
    if version not in VERSIONS or size_of(version) != size or len(bitmap) != -(-width * width // 8):
        raise _damaged()
    bits = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little").astype(bool)
    picture = bits[: width * width].reshape(width, width)
    modules = picture[BORDER:-BORDER, BORDER:-BORDER]
    level, mask = _format(modules)
    data = np.packbits((modules.flat[order_of(version)] ^ mask_of(version, mask))[: blocks_of(version, "L")[2] * 8])
    again = np.zeros_like(picture)
    again[BORDER:-BORDER, BORDER:-BORDER] = draw(version, level, mask, data)
    if not np.array_equal(again, picture) or bits[width * width :].any():
        raise _damaged()
    return _text(_join_blocks(version, LEVELS[level], data), version)


def write_picture(text: str) -> tuple[bytes, int]:
    """A picture of a text in Latin-1, with little error correction, and its width.

    Raises:
        ValueError: no symbol holds so much.
    """
    data = text.encode("latin-1")
    for version in VERSIONS:
        blocks, checks, total = blocks_of(version, "L")
        size_bits = _COUNT_BITS[_BYTES][_range(version)]
        room = total - blocks * checks
        if 8 * len(data) + 4 + size_bits <= 8 * room:
            break
    else:
        raise ValueError(f"{len(data)} bytes in one symbol")
    stream = f"{_BYTES:04b}{len(data):0{size_bits}b}" + "".join(f"{byte:08b}" for byte in data)
    stream = (stream + "0000")[: 8 * room]
    packed = np.packbits(np.array([bit == "1" for bit in stream]))
    padding = np.resize(np.array([0xEC, 0x11], np.uint8), room - len(packed))
    modules = draw(version, LEVELS.index("L"), 0, _spread(version, np.append(packed, padding)))
    picture = np.pad(modules, BORDER)
    return np.packbits(picture.ravel(), bitorder="little").tobytes(), len(picture)


def _format(modules: npt.NDArray[np.bool_]) -> tuple[int, int]:
    first, _ = format_places(len(modules))
    stands = sum(bool(modules[place]) << bit for bit, place in enumerate(first))
    for level in range(len(LEVELS)):
        for mask in range(8):
            if format_bits(level, mask) == stands:
                return level, mask
    raise _damaged()


def _lengths(version: int, level: str) -> list[int]:
    """Bytes of data in each block: the last blocks have one more where they cannot be equal."""
    blocks, checks, total = blocks_of(version, level)
    short, longer = divmod(total, blocks)
    return [short - checks + (index >= blocks - longer) for index in range(blocks)]


def _join_blocks(version: int, level: str, codewords: npt.NDArray[np.uint8]) -> bytes:
    """The data of all blocks, one after another; every block must be as it was written.

    Raises:
        Undecodable: one is not.
    """
    lengths = _lengths(version, level)
    blocks, checks, _ = blocks_of(version, level)
    data: list[list[int]] = [[] for _ in lengths]
    at = 0
    for column in range(max(lengths)):
        for block, length in enumerate(lengths):
            if column < length:
                data[block].append(int(codewords[at]))
                at += 1
    for block in range(blocks):
        whole = np.append(np.array(data[block], np.uint8), codewords[at + block :: blocks][:checks])
        if syndromes(whole, checks).any():
            raise _damaged()
    return b"".join(map(bytes, data))


def _spread(version: int, data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Data and error correction as they stand in a symbol of the least correction."""
    lengths = _lengths(version, "L")
    parts = np.split(data, np.cumsum(lengths)[:-1])
    found = [part[column] for column in range(max(lengths)) for part in parts if column < len(part)]
    checks = [check_bytes(part, blocks_of(version, "L")[1]) for part in parts]
    return np.append(np.array(found, np.uint8), np.array(checks, np.uint8).T.ravel())


def _text(data: bytes, version: int) -> str:
    """The characters of all segments."""
    bits, left = int.from_bytes(data, "big"), 8 * len(data)
    out: list[str] = []

    def take(count: int) -> int:
        nonlocal left
        if count > left:
            raise _damaged()
        left -= count
        return bits >> left & ((1 << count) - 1)

    while left >= 4 and (mode := take(4)) != _END:
        if mode not in _COUNT_BITS:
            raise _damaged()
        count = take(_COUNT_BITS[mode][_range(version)])
        if mode == _BYTES:
            out.append(take(8 * count).to_bytes(count, "big").decode("latin-1"))
        elif mode == _NUMERIC:
            groups = [3] * (count // 3) + [count % 3] * (count % 3 > 0)
            out += [f"{take(_DIGIT_BITS[size]):0{size}}" for size in groups]
        else:
            for _ in range(count // 2):
                first, second = divmod(take(11), len(_ALPHABET))
                out.append(_ALPHABET[first % len(_ALPHABET)] + _ALPHABET[second])
            if count % 2:
                out.append(_ALPHABET[take(6) % len(_ALPHABET)])
    return "".join(out)


def _range(version: int) -> int:
    return (version > 9) + (version > 26)


def _damaged() -> Undecodable:
    return Undecodable(msg("a QR picture that is whole"), msg("one that is damaged"))
