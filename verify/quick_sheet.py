"""The quick way through a clean CSV file: numpy's own reader, whole columns at a time.

It takes only files in which nothing has to be judged: commas, UTF-8, one line a row, counts that are digits. For any
other it says no, and `verify.sheet` reads the file with care. Where both read a file, they read the same.
"""

from __future__ import annotations

import csv
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol.night import Column, Content, Table
from verify.figures import MISSING, UNREADABLE, Ints, Texts, filled

_BLOCK = 2048
"""A line that fills so many bytes, from a multiple of them on, is for the careful reader: none is twice as long."""
_ROWS = 4096
"""Rows that are taken apart into columns at a time: few enough to be read from memory once, for all columns."""
_MOST_BYTES = 2**29
_SHORT = 16
"""Bytes of a cell that is a code, a clock or a count; a longer one is for the careful reader."""
_COLUMN_ROOM = 2**24
"""Characters that the array of a text column may take, as one cell makes all of them as wide as itself …"""
_LEAST_CELL = 200
"""… and characters that a cell may have in any case."""
_FEW = 4
"""Where fewer than one in so many cells of a column differ from the rest, those few are looked at by themselves."""
_NARROW = 8
_NUMBER = "i4"
_CODES = (f"S{_SHORT}", f"S{_NARROW}")
_LAST_BYTE = np.frombuffer(b"\0\0\0\0\0\0\0\xff", np.uint64)[0]
_REMARKS = "observations"
"""The one column that is long, empty almost everywhere, and looked at only where it is not."""
_SHORT_TEXTS = frozenset(("insee", "bureau", "scrutin", "departement", "circonscription", "comptage", "type"))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a clean file, as in `verify.sheet.Sheet`; rows are 2, 3, 4 and so on."""

    rows: int
    texts: dict[str, Texts]
    counts: dict[str, Ints]
    extra: dict[str, Texts]


def read(
    path: Path, data: bytes, table: Table, convert: Mapping[Content, Callable[[str], int]], most: int
) -> Columns | None:
    """The columns of a clean file, or None for a file that needs care.

    Args:
        path: the file, which numpy reads again.
        data: its bytes.
        table: what it should hold.
        convert: for counts and clocks, the careful conversion of one cell.
        most: the largest count.
    """
    end = data.find(b"\n")
    if end < 0 or not _plain(data):
        return None
    header = next(csv.reader([data[:end].decode()]), [])
    columns = (*table.columns, *table.further)
    names = {column.name: column for column in columns}
    lines, longest = _lines(data, any(_may_be_long(names.get(name)) for name in header))
    if (
        lines < 1
        or len(set(header)) < len(header)
        or not all(header)
        or any(name != name.strip() for name in header)
        or any(column.required and column.name not in header for column in table.columns)
    ):
        return None
    start = next(csv.reader([data[end + 1 : data.find(b"\n", end + 1) % (len(data) + 1)].decode()]), [])
    if len(start) != len(header):
        return None
    for narrow in (True, False):
        of = [names.get(name) for name in header]
        numbers = [narrow and _is_count(column) and cell != "" for column, cell in zip(of, start, strict=True)]
        room = max(longest - (len(header) - 1) - sum(numbers), 1)  # commas and a digit in each count are no text
        widths = [
            _NUMBER if number else _width(column, room, cell, narrow)
            for column, cell, number in zip(of, start, numbers, strict=True)
        ]
        dtype = _layout(widths, widths)
        if dtype.itemsize * lines > _MOST_BYTES:
            return None
        cells = _load(path, data, dtype, lines)
        if cells is not None and len(cells) == lines:
            found = _columns(cells, dict(zip(header, widths, strict=True)), names, columns, convert, most)
            if found is not None:
                return found
    return None


def _lines(data: bytes, measure: bool) -> tuple[int, int]:
    """Lines after the header, 0 where one is too long; and, if it is asked for, the bytes of the longest line."""
    is_end = np.frombuffer(data, np.uint8) == ord("\n")
    if measure:
        ends = np.flatnonzero(is_end)
        count, longest = len(ends), int(np.diff(ends, prepend=0, append=len(data)).max(initial=1)) - 1
        too_long = longest >= 2 * _BLOCK
    else:
        count, longest = int(np.count_nonzero(is_end)), 0
        too_long = not is_end[: len(data) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).any(axis=1).all()
    return (0, 0) if too_long else (count - data.endswith(b"\n"), longest)


def _layout(widths: list[str], formats: Sequence[str | tuple[str, tuple[int]]]) -> np.dtype[Any]:
    """A row whose columns are in the order of the file and stand in memory with the counts last: words are aligned."""
    offsets, at = [0] * len(widths), 0
    for index in sorted(range(len(widths)), key=lambda index: widths[index] == _NUMBER):
        offsets[index] = at
        at += int(widths[index][1:])
    names = [f"f{index}" for index in range(len(widths))]
    return np.dtype({"names": names, "formats": list(formats), "offsets": offsets, "itemsize": -at // 8 * -8})


def longest_text(rows: int) -> int:
    """Characters that a cell of a text column may have, by the rows of the column; a longer one is cut, and named."""
    return max(_LEAST_CELL, _COLUMN_ROOM // max(rows, 1))


def _plain(data: bytes) -> bool:
    """Whether the bytes are lines of UTF-8 in which no cell starts with a plus sign, which numpy would read."""
    if b"\r" in data or b"\0" in data or data.startswith(b"\xef\xbb\xbf"):
        return False
    if b"+" in data and (b",+" in data or b"\n+" in data or b'"+' in data):
        return False
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return False
    return True


def _may_be_long(column: Column | None) -> bool:
    return column is None or (column.content is Content.TEXT and column.name not in _SHORT_TEXTS)


def _is_count(column: Column | None) -> bool:
    return column is not None and column.content is Content.COUNT


def _width(column: Column | None, room: int, cell: str, narrow: bool) -> str:
    """The type of a column of text. ``narrow`` goes by its first cell: the others are most often short as well."""
    if _may_be_long(column):
        return f"S{-room // 8 * -8}"
    return f"S{_SHORT if len(cell) >= _NARROW or not narrow else _NARROW}"


def _load(path: Path, data: bytes, dtype: np.dtype[Any], rows: int) -> npt.NDArray[np.void] | None:
    try:
        before = path.stat()
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # numpy only warns where a count is written like 5.0
            cells = np.loadtxt(
                os.fspath(path),
                dtype,
                comments=None,
                delimiter=",",
                skiprows=1,
                quotechar='"',
                ndmin=1,
                max_rows=rows,  # there cannot be more; the array is then made in one piece
                encoding="latin-1",
            )
        after = path.stat()
    except (ValueError, Warning, OSError):
        return None
    same = (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)
    return cells if same and after.st_size == len(data) else None


def _columns(
    cells: npt.NDArray[np.void],
    widths: dict[str, str],
    names: dict[str, Column],
    columns: tuple[Column, ...],
    convert: Mapping[Content, Callable[[str], int]],
    most: int,
) -> Columns | None:
    texts: dict[str, Texts] = {}
    counts: dict[str, Ints] = {}
    extra: dict[str, Texts] = {}
    for (name, width), values in zip(widths.items(), _apart(cells, list(widths.values())), strict=True):
        column = names.get(name)
        words = None if width == _NUMBER else values
        if words is not None and width in _CODES and np.bitwise_or.reduce(words[:, -1]) & _LAST_BYTE:
            return None  # as long as there is room: perhaps longer
        if words is not None and (column is None or column.content is Content.TEXT):
            text = _text(words, sparse=name == _REMARKS)
            wide = text.dtype.itemsize // 4 if text.dtype.kind == "U" else int(np.strings.str_len(text).max())
            if wide > longest_text(len(words)):
                return None
            (extra if column is None else texts)[name] = text
            continue
        numbers = values if words is None else _converted(words, convert[names[name].content])
        if numbers.min(initial=0) <= UNREADABLE or numbers.max(initial=0) > most:
            return None
        if words is None and numbers.min(initial=0) < 0:
            return None
        counts[name] = numbers
    if not all(filled(texts[key]).all() for key in ("insee", "scrutin") if key in texts):
        return None  # perhaps a row of nothing, which is no row
    for column in columns:
        if column.content is Content.TEXT:
            texts.setdefault(column.name, np.zeros(len(cells), "U1"))
        else:
            counts.setdefault(column.name, np.full(len(cells), MISSING, np.int64))
    return Columns(len(cells), texts, counts, extra)


def _apart(cells: npt.NDArray[np.void], widths: list[str]) -> list[npt.NDArray[Any]]:
    """The columns, each by itself in memory: counts as whole numbers of eight bytes, short texts as words.

    Longer texts stay where they are: most cells of such a column are empty, or each is looked at once.
    """
    as_words = [width if width == _NUMBER else ("u8", (int(width[1:]) // 8,)) for width in widths]
    rows = cells.view(_layout(widths, as_words))
    columns: list[npt.NDArray[Any]] = [rows[f"f{index}"] for index in range(len(widths))]
    moved = [index for index, width in enumerate(widths) if width == _NUMBER or width in _CODES]
    apart = {index: np.empty(columns[index].shape, np.int64 if widths[index] == _NUMBER else "u8") for index in moved}
    for start in range(0, len(rows), _ROWS):
        for index, column in apart.items():
            column[start : start + _ROWS] = columns[index][start : start + _ROWS]
    return [apart.get(index, column) for index, column in enumerate(columns)]


def _text(words: npt.NDArray[np.uint64], sparse: bool = False) -> Texts:
    """Cells of UTF-8 bytes, padded with zeros to whole words, as text without the spaces around them.

    ``sparse``: where few are written, each may take the room that it needs, as a `StringDType`.
    """
    count, start = len(words), np.ascontiguousarray(words[:, 0])
    if start[0] == start[-1] and bool((start == start[0]).all()) and not len(_others(words)):
        return np.full(count, _cell(words[0], "utf-8").strip())
    if np.count_nonzero(start) * _FEW < count:
        written = np.flatnonzero(start)  # no byte of a file is zero, so that an empty cell is one that starts with it
        few = _text(words[written]) if len(written) else np.zeros(0, "U1")
        text = np.zeros(count, np.dtypes.StringDType() if sparse else few.dtype)
        text[written] = few
        return text
    words = np.ascontiguousarray(words)
    bits = np.bitwise_or.reduce(words, axis=0).view(np.uint8)
    width = int(np.flatnonzero(bits)[-1]) + 1
    data = words.view(np.uint8)
    if bool((bits >= 0x80).any()):
        decoded = [value.decode() for value in data.view(f"S{data.shape[1]}")[:, 0].tolist()]
        return np.strings.strip(np.array(decoded, np.str_))
    letters = np.empty((count, width), np.uint32)
    for index in range(width):
        letters[:, index] = data[:, index]
    text = letters.view(f"U{width}")[:, 0]
    spaced = bool((data - np.uint8(1) < 0x20).any())  # a zero becomes 255
    return np.strings.strip(text) if spaced else text


def _others(words: npt.NDArray[np.uint64]) -> Ints:
    """Indices of the cells that are not what the first one is."""
    differs = words[:, 0] != words[0, 0]
    for index in range(1, words.shape[1]):
        differs |= words[:, index] != words[0, index]
    return np.flatnonzero(differs)


def _cell(words: npt.NDArray[np.uint64], encoding: str) -> str:
    return words.tobytes().rstrip(b"\0").decode(encoding)


def _converted(words: npt.NDArray[np.uint64], convert: Callable[[str], int]) -> Ints:
    """Cells that may be blank or a clock, converted one by one; the same cells of a column only once."""
    others = _others(words)
    if len(others) * _FEW < len(words):
        numbers = np.full(len(words), convert(_cell(words[0], "latin-1")), np.int64)
        if len(others):
            numbers[others] = _converted(words[others], convert)
        return numbers
    cells = words[:, 0] if not words[:, 1:].any() else words.view(f"S{8 * words.shape[1]}")[:, 0]
    _, first, code = np.unique(cells, return_index=True, return_inverse=True)
    numbers = np.array([convert(_cell(words[index], "latin-1")) for index in first.tolist()], np.int64)
    return np.asarray(numbers[code], np.int64)
