"""One table of cells as columns of text, whatever its file is: each different text of a column is judged once.

Arrow splits a regular text, on all cores, straight from the bytes that were hashed. A text that the standard library
would split otherwise (quotes over several lines, rows of another length, lines without end) comes here as rows. pyarrow
has no types.
"""

from __future__ import annotations

import csv
import itertools
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.model.bureau_codes import Coded
from verify.model.figures import Bools, Ints
from verify.read import bounds
from verify.read.arrow_arrays import numbers_of
from verify.read.bounds import CELL, MAX_COLUMNS

_BLOCK = 2**22
"""Bytes that one core works on at a time. A block is longer than any line (a line has less than twice `_PART`). A
nation's PVs are two blocks: with seven, what is done once for each block and column takes a tenth of the time."""
_PART = 2**17
"""Bytes among which a line must end."""
MAX_CELLS = 2**25
"""Cells of a table that is kept row by row, the missing ones of short rows included; a nation's bureaux with 38 lists
each have 20 million."""
_CODE = 4
"""Bytes of one code (int32)."""
_MOST_GROUPS = 9
"""Groups of a regular expression: RE2 has \\1 to \\9."""
MARK = b"\xef\xbb\xbf"
"""The mark of UTF-8 at the start of a file."""


def split(data: bytes, size: int, start: int, delimiter: str, width: int) -> list[Coded] | None:
    """The columns of a text without its header, each of shape ``(rows,)``; None where it is not regular.

    Every line is a row; one without anything is a row of empty cells.

    Args:
        data: valid UTF-8, lines with any end.
        size: of the file on the disk, in bytes; a packed file is smaller than ``data``.
        start: the byte at which the first row starts.
        delimiter: what separates the cells of a row.
        width: cells of each row; two at least.
    """
    lines = np.count_nonzero(np.frombuffer(data, np.uint8)[start:] == ord("\n")) + 1  # quicker than `bytes.count`
    exceeds_memory = lines * width > (bounds.at_once(size) - 2 * len(data)) // CELL
    if not 2 <= width <= MAX_COLUMNS or exceeds_memory or not _is_plain(data, start):
        return None
    table = _read(data, start, delimiter, width)
    if table is None or not (b'"' not in data or _quotes_are_closed(data, start, delimiter, table.num_rows)):
        return None
    return [_column(cells) for cells in table.columns]


def filled_in(row: Iterable[str]) -> list[str]:
    """The cells of a row that have anything in them, without the spaces around it."""
    return [cell.strip() for cell in row if cell.strip()]


_NUMBERED = 5
"""Cells one after another that number columns, and are no counts."""


def number_columns(row: Iterable[str]) -> bool:
    """Test whether a row numbers the columns: « (1) », « (2) », « (3) » and so on."""
    cells = [cell.strip(" ().") for cell in filled_in(row)]
    first = int(cells[0]) if len(cells) >= _NUMBERED and cells[0].isdecimal() and len(cells[0]) < 3 else -1
    return first >= 0 and cells == [str(number) for number in range(first, first + len(cells))]


def columns_of(rows: Sequence[Sequence[str]], width: int) -> list[Coded]:
    """The columns of rows that have ``width`` cells each."""
    return [code_cells(cells) for cells in zip(*rows, strict=True)] if rows else [code_cells(())] * width


def code_cells(cells: Iterable[str]) -> Coded:
    """Cells by their different texts, in the order in which these come first."""
    found: dict[str, int] = {}
    codes = np.array([found.setdefault(text, len(found)) for text in cells], np.int32)
    return Coded(tuple(found), codes)


class CodedRows:
    """Rows of any length, kept as columns of coded text; short ones are filled up with empty cells."""

    def __init__(self) -> None:
        self._rows = 0
        self._known: list[dict[str, int]] = []
        self._codes: list[array[int]] = []

    def add(self, rows: Sequence[Sequence[str]]) -> bool:
        """Keep some more rows; False if the table would exceed `MAX_CELLS`: nothing of them is then kept."""
        columns = list(itertools.zip_longest(*rows, fillvalue=""))
        if (self._rows + len(rows)) * max(len(self._known), len(columns)) > MAX_CELLS:
            return False
        while len(self._known) < len(columns):
            self._known.append({"": 0})
            self._codes.append(array("i", bytes(self._rows * _CODE)))
        for number, codes, cells in zip(self._known, self._codes, columns, strict=False):
            codes.extend([number.setdefault(cell, len(number)) for cell in cells])
        for codes in self._codes[len(columns) :]:
            codes.extend([0] * len(rows))
        self._rows += len(rows)
        return True

    def columns(self) -> list[Coded]:
        """The columns, each of shape ``(rows,)``."""
        codes = (np.frombuffer(each, np.int32) if each else np.zeros(0, np.int32) for each in self._codes)
        return [Coded(tuple(number), each) for number, each in zip(self._known, codes, strict=True)]


def is_pattern(name: str) -> bool:
    """Tell that a header is a regular expression, between slashes."""
    return len(name) > 1 and name.startswith("/") and name.endswith("/")


def fitting(pattern: str, cells: Sequence[str]) -> list[str | None] | None:
    """Match the whole of each cell with a regular expression between slashes, in linear time (Arrow's RE2).

    Returns:
        For each cell that fits what its groups hold, or all of it where there are none; None for the others. None in
        place of the list where it is no regular expression that RE2 knows: neither lookaround nor backreferences.
    """
    import pyarrow as pa
    from pyarrow import compute

    texts = pa.array([cell.encode(errors="replace").decode() for cell in cells], pa.string())
    whole = f"^(?:{pattern[1:-1]})$"
    for groups in range(_MOST_GROUPS, -1, -1):
        kept = "\n".join(f"\\{group}" for group in range(1, groups + 1)) or "\\0"
        try:
            fits = compute.match_substring_regex(texts, whole).to_pylist()
            found = compute.replace_substring_regex(texts, whole, kept).to_pylist()
        except pa.ArrowInvalid:
            continue  # it has fewer groups, or is none
        joined = (" ".join(filter(None, text.split("\n"))) for text in found)
        return [text if fit else None for fit, text in zip(fits, joined, strict=True)]
    return None


def rows_with(column: Coded, names: Iterable[str]) -> Bools:
    """Mark the rows whose cell in this column is one of ``names``, in small or capital letters; shape ``(n,)``."""
    plain = frozenset(name.casefold() for name in names)
    found = {label for label in column.labels if label.strip().casefold() in plain}
    for name in filter(is_pattern, names):
        fits = zip(column.labels, fitting(name, column.labels) or (), strict=False)
        found.update(label for label, fit in fits if fit is not None)
    return column.marks(found.__contains__)


def strip(column: Coded) -> Coded:
    """A column by its different texts without the spaces around them, each once."""
    return relabel(column, str.strip)


def relabel(column: Coded, change: Callable[[str], str]) -> Coded:
    """A column with each different text changed; those that have become the same are one."""
    labels = tuple(map(change, column.labels))
    if labels == column.labels:
        return column
    return merge_labels(labels, column.codes)


def merge_labels(labels: Sequence[str], codes: npt.NDArray[np.integer[Any]]) -> Coded:
    """A column of labels some of which are the same; those are one."""
    number = {label: code for code, label in enumerate(dict.fromkeys(labels))}
    if len(number) == len(labels):
        return Coded(tuple(labels), codes)
    return Coded(tuple(number), np.array([number[label] for label in labels], np.int32)[codes])


def with_something(columns: Sequence[Coded]) -> Ints:
    """The indices of the rows that have anything in a cell."""
    filled = columns[0].marks(str.strip)
    for column in columns[1:]:
        if filled.all():  # most often by the first column
            break
        filled |= column.marks(str.strip)
    return np.flatnonzero(filled)


def _read(data: bytes, start: int, delimiter: str, width: int) -> Any:
    """Arrow's table; None where a row has another number of cells."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(number) for number in range(width)]
    try:
        return arrow.read_csv(
            pa.py_buffer(memoryview(data)[start:]),
            arrow.ReadOptions(block_size=_BLOCK, column_names=names),
            arrow.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                check_utf8=False,  # it was decoded before
                null_values=[""],
                quoted_strings_can_be_null=True,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _column(cells: Any) -> Coded:
    """One of Arrow's columns as one of ours."""
    one = cells.combine_chunks()
    return Coded(tuple(one.dictionary.to_pylist()), numbers_of(one.indices).copy())


def _is_plain(data: bytes, start: int) -> bool:
    """Test whether rows are lines of bounded length that end in a line feed, with a carriage return before at most."""
    if data.startswith(MARK, start) or data.endswith(b"\r") or data.find(b"\0", start) >= 0:
        return False
    if b"\r" in data and data.count(b"\r", start) != data.count(b"\r\n", start):
        return False
    return all(data.find(b"\n", at, at + _PART) >= 0 for at in range(start, len(data) - _PART, _PART))


def _quotes_are_closed(data: bytes, start: int, delimiter: str, rows: int) -> bool:
    """Test whether each line is a row, and the last quote is closed: Arrow accepts one open at the file's end."""
    end = len(data) - data.endswith(b"\n")
    if rows != data.count(b"\n", start, end) + 1:
        return False
    last = data[max(data.rfind(b"\n", start, end) + 1, start) : end].removesuffix(b"\r").decode()
    try:
        return bool(list(csv.reader([last], delimiter=delimiter, strict=True)))
    except csv.Error:
        return False
