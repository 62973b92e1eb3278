"""A reader of QR codes as ISO/IEC 18004 has them, for codes that another program drew.

A picture must be drawn again from its text to the very same modules: nothing is repaired.
"""

from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt

Squares = npt.NDArray[np.bool_]
"""A symbol without its border, True for dark; shape ``(size, size)``."""

VERSIONS = range(1, 41)
LEVELS = ("M", "L", "H", "Q")
"""Levels of error correction by the number that stands in a symbol."""
_CHECKS = {
    "L": "7 10 15 20 26 18 20 24 30 18 20 24 26 30 22 24 28 30 28 28 "
    "28 28 30 30 26 28 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
    "M": "10 16 26 18 24 16 18 22 22 26 30 22 22 24 24 28 28 26 26 26 "
    "26 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28",
    "Q": "13 22 18 26 18 24 18 22 20 24 28 26 24 20 30 24 28 28 26 30 "
    "28 30 30 30 30 28 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
    "H": "17 28 22 16 22 28 26 26 24 28 24 28 22 24 24 30 28 28 26 28 "
    "30 24 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
}
"""Bytes of error correction in each block, by version."""
_BLOCKS = {
    "L": "1 1 1 1 1 2 2 2 2 4 4 4 4 4 6 6 6 6 7 8 8 9 9 10 12 12 12 13 14 15 16 17 18 19 19 20 21 22 24 25",
    "M": "1 1 1 2 2 4 4 4 5 5 5 8 9 9 10 10 11 13 14 16 17 17 18 20 21 23 25 26 28 29 31 33 35 37 38 40 43 45 47 49",
    "Q": "1 1 2 2 4 4 6 6 8 8 8 10 12 16 12 17 16 18 21 20 23 23 25 27 29 34 34 35 38 40 43 45 48 51 53 56 59 62 65 68",
    "H": "1 1 2 4 4 4 5 6 8 8 11 11 16 16 18 16 19 21 25 25 "
    "25 34 30 32 35 37 40 42 45 48 51 54 57 60 63 66 70 74 77 81",
}
"""Number of blocks, by version."""
_FORMAT_MASK, _FORMAT_BITS, _FORMAT_DIVISOR = 0x5412, 10, 0x537
_VERSION_BITS, _VERSION_DIVISOR = 12, 0x1F25
_FIELD = 0x11D


def size_of(version: int) -> int:
    """Squares along a side."""
    return 17 + 4 * version


def blocks_of(version: int, level: str) -> tuple[int, int, int]:
    """Number of blocks, bytes of error correction in each, and bytes in all."""
    checks, blocks = (int(each[level].split()[version - 1]) for each in (_CHECKS, _BLOCKS))
    return blocks, checks, len(order_of(version)) // 8


@cache
def functions_of(version: int) -> tuple[Squares, Squares]:
    """Squares that hold no data, but for the format: where they are, and which are dark."""
    size = size_of(version)
    taken, dark = np.zeros((2, size, size), bool)
    taken[6, :] = taken[:, 6] = True
    dark[6, ::2] = dark[::2, 6] = True
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        _square(taken, dark, row, column, 4, (2, 4))
    places = _alignment(version)
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for row, column in set(product(places, places)) - corners:
        _square(taken, dark, row, column, 2, (1,))
    taken[:9, 8] = taken[8, :9] = taken[8, size - 8 :] = taken[size - 8 :, 8] = True
    dark[size - 8, 8] = True
    if version >= 7:
        bits = version << _VERSION_BITS | _remainder(version, _VERSION_BITS, _VERSION_DIVISOR)
        for bit in range(18):
            places_of_bit = (size - 11 + bit % 3, bit // 3), (bit // 3, size - 11 + bit % 3)
            for place in places_of_bit:
                taken[place], dark[place] = True, bits >> bit & 1
    return taken, dark


def _square(taken: Squares, dark: Squares, row: int, column: int, reach: int, light: tuple[int, ...]) -> None:
    """Rings round a centre, cut at the edge of the symbol."""
    for down, right in product(range(-reach, reach + 1), repeat=2):
        place = row + down, column + right
        if 0 <= min(place) and max(place) < len(taken):
            taken[place], dark[place] = True, max(abs(down), abs(right)) not in light


def _alignment(version: int) -> list[int]:
    if version == 1:
        return []
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    last = size_of(version) - 7
    return [6, *sorted(last - step * index for index in range(count - 1))]


@cache
def order_of(version: int) -> npt.NDArray[np.intp]:
    """Flat indices of the modules with data, in the order of their bits."""
    size = size_of(version)
    taken = functions_of(version)[0]
    found = []
    up = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for row in range(size - 1, -1, -1) if up else range(size):
            found += [row * size + column for column in (right, right - 1) if not taken[row, column]]
        up = not up
    return np.array(found, np.intp)


@cache
def mask_of(version: int, mask: int) -> npt.NDArray[np.bool_]:
    """Find the data modules that a mask inverts, in their order."""
    row, column = np.divmod(order_of(version), size_of(version))
    rules = (
        (row + column) % 2,
        row % 2,
        column % 3,
        (row + column) % 3,
        (row // 2 + column // 3) % 2,
        row * column % 2 + row * column % 3,
        (row * column % 2 + row * column % 3) % 2,
        ((row + column) % 2 + row * column % 3) % 2,
    )
    return np.asarray(rules[mask] == 0)


def format_bits(level: int, mask: int) -> int:
    """The 15 bits that say level and mask."""
    value = level << 3 | mask
    return (value << _FORMAT_BITS | _remainder(value, _FORMAT_BITS, _FORMAT_DIVISOR)) ^ _FORMAT_MASK


def format_places(size: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """List the places of the format bits, lowest bit first, in both copies."""
    first = [*((row, 8) for row in (*range(6), 7, 8)), (8, 7), *((8, column) for column in range(5, -1, -1))]
    second = [*((8, size - 1 - bit) for bit in range(8)), *((size - 15 + bit, 8) for bit in range(8, 15))]
    return first, second


def draw(version: int, level: int, mask: int, codewords: npt.NDArray[np.uint8]) -> Squares:
    """The symbol of some bytes, error correction and all."""
    size = size_of(version)
    modules = functions_of(version)[1].copy()
    bits = np.zeros(len(order_of(version)), bool)
    bits[: 8 * len(codewords)] = np.unpackbits(codewords)
    modules.flat[order_of(version)] = bits ^ mask_of(version, mask)
    written = format_bits(level, mask)
    for places in format_places(size):
        for bit, place in enumerate(places):
            modules[place] = written >> bit & 1
    return modules


def _remainder(value: int, bits: int, divisor: int) -> int:
    left = value << bits
    while left.bit_length() >= divisor.bit_length():
        left ^= divisor << (left.bit_length() - divisor.bit_length())
    return left


@cache
def _logarithms() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint8]]:
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value = value << 1 ^ (_FIELD if value & 0x80 else 0)
    logs = np.zeros(256, np.intp)
    logs[powers] = range(255)
    return logs, np.array(powers, np.uint8)


def syndromes(block: npt.NDArray[np.uint8], checks: int) -> npt.NDArray[np.uint8]:
    """All zero where the bytes of a block are as they were written."""
    logs, powers = _logarithms()
    used = np.flatnonzero(block)
    exponents = logs[block[used], None] + np.arange(checks) * (len(block) - 1 - used)[:, None]
    found: npt.NDArray[np.uint8] = np.bitwise_xor.reduce(powers[exponents % 255], axis=0, initial=0)
    return found


BORDER = 2
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_END, _NUMERIC, _LETTERS, _BYTES = 0, 1, 2, 4
_COUNT_BITS = {_NUMERIC: (10, 12, 14), _LETTERS: (9, 11, 13), _BYTES: (8, 16, 16)}
"""Bits of the number of characters, up to version 9, 26 and 40."""
_DIGIT_BITS = (0, 4, 7, 10)


def read_picture(bitmap: bytes, width: int) -> str:
    """The text of a picture: bits row by row, the lowest of a byte first, 1 for dark, with its border.

    Raises:
        ValueError: it is no whole symbol.
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
        ValueError: one is not.
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


def _damaged() -> ValueError:
    return ValueError("a QR picture that is damaged")
