"""Regular text tables as whole columns, by Arrow's reader: on all cores, straight from the bytes that were hashed.

Arrow splits a table into cells as the standard library's reader does. What has to be judged (quotes over several lines,
rows of another length, lines without end, a number that is none) is left to a reader with care. pyarrow has no types.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.model.figures import BLANK, Ints, Texts, longest_text
from verify.model.text_columns import Coded
from verify.read import bounds
from verify.read.arrow_arrays import absent_in, numbers_of
from verify.read.bounds import CELL, MAX_COLUMNS

_BLOCK = 2**21
"""Bytes that one core works on at a time, more than any line has: none is twice as long as a part. A nation's PVs are
two blocks: what is done once for each, and for each column of each, takes a tenth of the time with seven of them."""
_PART = 2**17
"""Bytes that are looked at together, so few that they stay close at hand. A line that fills a part is not read."""
_FEW_BLANKS = 1000
"""So many empty cells of a column are stepped over one by one, where all others are of one width."""
_FEW_FILLED = 16
"""Of so many cells of a column at most one is filled, where those that are are looked at one by one."""
_TIMES = 4
"""Times that a table is read, each with the column as text in which a cell was not of its kind."""
_NOT_OF_ITS_KIND = re.compile(r"In CSV column #(\d+): CSV conversion error")
MARK = b"\xef\xbb\xbf"
"""The mark of UTF-8 at the start of a file."""


class ColumnKind(Enum):
    """How the cells of a column are read."""

    NUMBER = "whole numbers"
    CLOCK = "times of the day, read as minutes"
    TEXT = "texts that are short, or differ from row to row"
    CODED = "texts that may be long, many of them the same"
    SPARSE = "the same, most often of one letter or empty, so that to know each different one takes no search"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of whole numbers from 0 up; `BLANK` for an empty cell."""

    values: Ints


@dataclass(frozen=True, slots=True)
class Plain:
    """A column of texts without the spaces around them."""

    values: Texts


Column = Numbers | Plain | Coded


@dataclass(frozen=True, slots=True)
class Split:
    """A table that is split into cells, by Arrow's columns.

    Attributes:
        data, size, start, delimiter: as given to `split`.
        table: Arrow's.
        kinds: of its columns; CODED where a cell was not of the kind that was asked for.
    """

    data: bytes
    size: int
    start: int
    delimiter: str
    table: Any
    kinds: Sequence[ColumnKind]

    def columns(self, most: int) -> list[Column] | None:
        """The columns by their kinds as `Numbers`, `Plain` or `Coded`, all arrays of shape ``(rows,)``.

        A column of numbers or clocks in which a cell is neither plain digits up to ``most`` or ``HH:MM`` (with spaces
        around them at most) nor empty is `Coded`, so that each different cell can be judged. None where the texts of a
        `Plain` take more room than they may.
        """
        columns: list[Column] = []
        large: set[int] = set()
        room = bounds.memory(self.size) // 4
        for at, (kind, cells) in enumerate(zip(self.kinds, self.table.columns, strict=True)):
            column = _column(kind, cells, room)
            if column is None:
                return None
            columns.append(column)
            room -= column.values.nbytes // 4 if isinstance(column, Plain) else 0
            if kind is ColumnKind.NUMBER and isinstance(column, Numbers) and column.values.max(initial=0) > most:
                large.add(at)
        if not large:
            return columns
        kinds = [ColumnKind.CODED if at in large else kind for at, kind in enumerate(self.kinds)]
        again = split(self.data, self.size, self.start, self.delimiter, kinds)
        return None if again is None else again.columns(most)


def split(data: bytes, size: int, start: int, delimiter: str, kinds: Sequence[ColumnKind]) -> Split | None:
    """Split a table without its header into cells; None where it is not regular.

    Every line is a row; one without anything is a row of empty cells.

    Args:
        data: valid UTF-8, lines with any end.
        size: of the file on the disk, in bytes.
        start: the byte at which the first row starts.
        delimiter: what separates the cells of a row.
        kinds: of each column; two at least.
    """
    rows = _look_through(data, start)
    is_too_much = rows.lines * len(kinds) > (bounds.at_once(size) - 2 * len(data)) // CELL
    if not 2 <= len(kinds) <= MAX_COLUMNS or is_too_much or not rows.plain:
        return None
    if rows.hexadecimal:
        kinds = [ColumnKind.CODED if kind is ColumnKind.NUMBER else kind for kind in kinds]
    read = _read(data, start, delimiter, list(kinds))
    if read is None or (rows.quotes and not _quotes_are_closed(data, start, delimiter, read[0].num_rows)):
        return None
    return Split(data, size, start, delimiter, *read)


def _read(data: bytes, start: int, delimiter: str, kinds: list[ColumnKind]) -> tuple[Any, list[ColumnKind]] | None:
    """An Arrow table and the kinds of its columns, less strict where a cell was not of its kind; None without rows."""
    try:
        import pyarrow as pa
        from pyarrow import csv as arrow
    except ImportError:  # no wheel for Windows on ARM
        return None
    types = {
        ColumnKind.NUMBER: pa.uint32(),
        ColumnKind.CLOCK: pa.time32("s"),
        ColumnKind.TEXT: pa.string(),
        ColumnKind.CODED: pa.dictionary(pa.int32(), pa.string()),
        ColumnKind.SPARSE: pa.string(),
    }
    names = [str(number) for number in range(len(kinds))]
    for again in range(_TIMES):
        try:
            table = arrow.read_csv(
                pa.py_buffer(memoryview(data)[start:]),
                arrow.ReadOptions(block_size=_BLOCK, column_names=names),
                arrow.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
                arrow.ConvertOptions(
                    column_types={name: types[kind] for name, kind in zip(names, kinds, strict=True)},
                    check_utf8=False,  # it was decoded before
                    null_values=[""],
                    quoted_strings_can_be_null=True,
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            which = _NOT_OF_ITS_KIND.match(str(error))
            if which is None:
                return None
            column = int(which[1])
            all_of = again + 2 == _TIMES  # the last time nothing can be of another kind
            kinds = [ColumnKind.CODED if all_of or at == column else kind for at, kind in enumerate(kinds)]
        else:
            return table, kinds
    return None


def _column(kind: ColumnKind, cells: Any, room: int) -> Column | None:
    """A column of Arrow's as one of ours; None where a text is too long."""
    if kind is ColumnKind.CODED:
        one = cells.combine_chunks()
        return Coded(tuple(one.dictionary.to_pylist()), numbers_of(one.indices).copy())
    if kind is ColumnKind.SPARSE:
        return _code_cells(cells.combine_chunks())
    if kind is ColumnKind.TEXT:
        texts = _texts(cells.combine_chunks(), room)
        return None if texts is None else Plain(texts)
    numbers: Ints = np.empty(len(cells), np.int64)
    end = 0
    for part in cells.chunks:
        start, end = end, end + len(part)
        numbers[start:end] = numbers_of(part) if kind is ColumnKind.NUMBER else numbers_of(part) // 60
        absent = absent_in(part)
        if absent is not None:
            numbers[start:end][absent] = BLANK
    return Numbers(numbers)


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What the bytes of a table's rows say before they are split.

    Attributes:
        lines: how many there are.
        plain: text in lines of bounded length that end in a line feed, with a carriage return before it at most.
        quotes: whether there are any.
        hexadecimal: whether ``0x`` is anywhere: Arrow reads numbers of that form.
    """

    lines: int
    plain: bool
    quotes: bool
    hexadecimal: bool


def _look_through(data: bytes, start: int) -> _Bytes:
    """Look through all rows once, part by part, so that each part is close at hand for every question."""
    letters, find = np.frombuffer(data, np.uint8), data.find
    lines, plain, quotes, hexadecimal = 1, not data.startswith(MARK, start) and not data.endswith(b"\r"), False, False
    for at in range(start, len(data), _PART):
        end = at + _PART
        ends = int(np.count_nonzero(letters[at:end] == ord("\n")))
        lines += ends
        plain = plain and (ends > 0 or end >= len(data)) and find(b"\0", at, end) < 0
        plain = plain and (find(b"\r", at, end) < 0 or _is_before_line_ends(letters[at : end + 1]))
        quotes = quotes or find(b'"', at, end) >= 0
        if find(b"x", at, end) >= 0 or find(b"X", at, end) >= 0:
            hexadecimal = hexadecimal or _has_hexadecimal(letters[max(at - 1, 0) : end])
    return _Bytes(lines, plain, quotes, hexadecimal)


def _is_before_line_ends(letters: npt.NDArray[np.uint8]) -> bool:
    """Whether every carriage return, but for the last letter, is followed by a line feed."""
    return bool((letters[1:][letters[:-1] == ord("\r")] == ord("\n")).all())


def _has_hexadecimal(letters: npt.NDArray[np.uint8]) -> bool:
    return bool(((letters[1:] | 0x20 == ord("x")) & (letters[:-1] == ord("0"))).any())


def _quotes_are_closed(data: bytes, start: int, delimiter: str, rows: int) -> bool:
    """Whether each line is a row, and the quotes of the last one are closed: Arrow takes the end of a file for that."""
    end = len(data) - data.endswith(b"\n")
    if rows != data.count(b"\n", start, end) + 1:
        return False
    last = data[max(data.rfind(b"\n", start, end) + 1, start) : end].removesuffix(b"\r").decode()
    try:
        return bool(list(csv.reader([last], delimiter=delimiter, strict=True)))
    except csv.Error:
        return False


def _bytes_of(cells: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text ends in their bytes, the first of these being where they start; and the bytes."""
    ends = np.frombuffer(cells.buffers()[1], np.int32)[cells.offset : cells.offset + len(cells) + 1]
    return ends - ends[0], np.frombuffer(cells.buffers()[2] or b"", np.uint8)[ends[0] : ends[-1]]


def _code_cells(cells: Any) -> Coded:
    """Cells by their different texts, in the order in which these come first."""
    count = len(cells)
    ends, letters = _bytes_of(cells)
    sizes = np.diff(ends)
    if len(letters) == count and (sizes == 1).all():
        return _of_one_letter(letters)
    codes = np.zeros(count, np.int32)
    found: dict[str, int] = {}
    filled = np.flatnonzero(sizes)
    if len(filled) > count // _FEW_FILLED:
        codes[:] = [found.setdefault(text, len(found)) for text in cells.to_pylist()]
        return Coded(tuple(found), codes)
    nothing = int(np.argmin(sizes))  # the first that is empty
    before, after = np.split(filled, [np.searchsorted(filled, nothing)])
    whole = letters.tobytes()
    for rows in (before, [nothing], after):
        for row in rows:
            text = whole[ends[row] : ends[row + 1]].decode()
            codes[row] = found.setdefault(text, len(found))
    codes[sizes == 0] = found[""]
    return Coded(tuple(found), codes)


def _of_one_letter(letters: npt.NDArray[np.uint8]) -> Coded:
    """Cells of one letter each."""
    if (letters == letters[:1]).all():
        return Coded(tuple(map(chr, letters[:1].tolist())), np.zeros(len(letters), np.int32))
    different, first = np.unique(letters, return_index=True)
    in_order = different[np.argsort(first)]
    code_of = np.zeros(256, np.int32)
    code_of[in_order] = np.arange(len(in_order))
    return Coded(tuple(map(chr, in_order.tolist())), code_of[letters])


def _texts(cells: Any, room: int) -> Texts | None:
    """Cells as text of one width, without the spaces around them; None where one of them is too long for that.

    ``room`` is how many characters they may take.
    """
    count = len(cells)
    ends, letters = _bytes_of(cells)
    sizes = np.diff(ends)
    width = int(sizes.max(initial=0))
    most = min(longest_text(count), room // max(count, 1))
    if letters.min(initial=0x7F) <= ord(" ") or letters.max(initial=0) > 0x7F:  # or what takes more than one byte
        texts = [cell.strip() for cell in cells.to_pylist()]
        return np.array(texts, np.str_) if max(map(len, texts)) <= most else None
    if width > most:
        return None
    if not width:
        return np.zeros(count, "U1")
    return _points(letters, sizes, width).view(f"U{width}")[:, 0]


def _points(letters: npt.NDArray[np.uint8], sizes: npt.NDArray[np.int32], width: int) -> npt.NDArray[np.uint32]:
    """Letters of ASCII that follow each other as rows of one width, zeros behind the shorter ones."""
    count = len(sizes)
    if len(letters) == count * width:
        return letters.reshape(count, width).astype(np.uint32)
    points = np.zeros((count, width), np.uint32)
    blank = np.flatnonzero(sizes == 0)
    if len(letters) == (count - len(blank)) * width and len(blank) < _FEW_BLANKS:
        rows = letters.reshape(-1, width)
        starts, ends = [0, *(blank + 1).tolist()], [*blank.tolist(), count]
        for before, (start, end) in enumerate(zip(starts, ends, strict=True)):
            points[start:end] = rows[start - before : end - before]
    else:
        points[np.arange(width) < sizes[:, None]] = letters
    return points
