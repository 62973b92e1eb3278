"""The quick way through a clean table file: whole columns at a time, by `verify.read.arrow_csv`.

It takes only files in which nothing has to be judged: one line a row, a cell for each column, counts that are counts.
For any other it says no, and `verify.read.sheet` reads the file with care. Where both read a file, they read the same.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from protocol.night import Column, Content, NightTable
from verify.model.figures import BLANK, MISSING, UNREADABLE, Bools, Ints, Texts, filled, longest_text
from verify.model.text_columns import Coded, TextColumns
from verify.read import arrow_csv, bounds
from verify.read.arrow_csv import ColumnKind, Numbers, Plain
from verify.read.rows import delimiter_of

_KEYS = ("insee", "bureau")
"""Columns of text that are short, and have many different ones."""
_SPARSE = ("scrutin", "observations")
"""Columns of text that are of one letter, or most often empty."""


@dataclass(frozen=True, slots=True)
class CleanColumns:
    """The columns of a clean file, and the row of each entry, as in `verify.read.sheet.Sheet`."""

    row: Ints
    texts: TextColumns
    counts: dict[str, Ints]
    extra: TextColumns


@dataclass(frozen=True, slots=True)
class Clean:
    """A clean file, split into cells."""

    header: list[str]
    cells: arrow_csv.Split
    columns: Mapping[str, Column]

    def read(self, convert: Mapping[Content, Callable[[str], int]], most: int) -> CleanColumns | None:
        """Its columns, or None where a cell has to be judged with care.

        Args:
            convert: for counts and clocks, the careful conversion of one cell.
            most: the largest count.
        """
        cells = self.cells.columns(most)
        if cells is None:
            return None
        rows, cells = _with_something(cells)
        by_name = dict(zip(reversed(self.header), reversed(cells), strict=True))  # of two of one name the first
        return _columns(rows + 2, by_name, self.columns, convert, bounds.memory(self.cells.size) // 4)


def split(data: bytes, table: NightTable) -> Clean | None:
    """Split a clean file into cells; None for one that needs care.

    Args:
        data: the file as UTF-8 without a mark.
        table: what it should hold.
    """
    end = data.find(b"\n")
    if end < 0:
        return None
    line = data[:end].decode().removesuffix("\r")
    delimiter = delimiter_of(line)
    header = _header(line, delimiter)
    if any(column.required and column.name not in header for column in table.columns):
        return None
    columns = {column.name: column for column in (*table.columns, *table.further)}
    cells = arrow_csv.split(data, len(data), end + 1, delimiter, [_kind(columns.get(name)) for name in header])
    return None if cells is None else Clean(header, cells, columns)


def _header(line: str, delimiter: str) -> list[str]:
    """The names of the columns; none where quotes are not closed in it."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return []


def _kind(column: Column | None) -> ColumnKind:
    if column is None or column.content is Content.TEXT:
        name = "" if column is None else column.name
        return ColumnKind.TEXT if name in _KEYS else ColumnKind.SPARSE if name in _SPARSE else ColumnKind.CODED
    return ColumnKind.NUMBER if column.content is Content.COUNT else ColumnKind.CLOCK


def _columns(
    row: Ints,
    by_name: Mapping[str, arrow_csv.Column],
    columns: Mapping[str, Column],
    convert: Mapping[Content, Callable[[str], int]],
    room: int,
) -> CleanColumns | None:
    """The columns as they are read; None where a cell has to be judged, or the texts take more than ``room``."""
    counts: dict[str, Ints] = {}
    texts: dict[str, Texts | Coded] = {}
    for name, values in by_name.items():
        column = columns.get(name)
        if column is not None and column.content is not Content.TEXT:
            numbers = _counts(values, convert[column.content])
            if numbers is None:
                return None
            counts[column.key] = numbers
        elif name:
            room -= len(row) * _width(values)
            cells = _texts(values) if room >= 0 else None
            if cells is None:
                return None
            texts[name] = cells
    for column in columns.values():
        if column.content is Content.TEXT:
            texts.setdefault(column.name, np.broadcast_to(np.str_(), len(row)))
        else:
            counts.setdefault(column.key, np.broadcast_to(np.int64(MISSING), len(row)))  # takes no room
    of_table, further = ({name: texts[name] for name in texts if (name in columns) is known} for known in (True, False))
    bureaux = TextColumns(of_table)
    if {"insee", "bureau"} <= of_table.keys():
        _ = bureaux.numbered  # now, beside another table
    return CleanColumns(row, bureaux, counts, TextColumns(further))


def _width(column: arrow_csv.Column) -> int:
    """Characters of the longest text of a column."""
    if isinstance(column, Coded):
        return max(map(len, column.labels), default=0)
    return column.values.dtype.itemsize // 4 if isinstance(column, Plain) else 0


def _with_something(cells: list[arrow_csv.Column]) -> tuple[Ints, list[arrow_csv.Column]]:
    """The rows that have anything in a cell: their indices, and the columns without the others."""
    first, *others = sorted(cells, key=lambda column: not isinstance(column, Numbers))  # the quickest to look at
    empty = _is_empty(first)
    for values in others:
        if not empty.any():  # most often by the first of them
            return np.arange(len(empty)), cells
        empty &= _is_empty(values)
    rows = np.flatnonzero(~empty)
    return rows, [_some(values, rows) for values in cells]


def _is_empty(column: arrow_csv.Column) -> Bools:
    if isinstance(column, Coded):
        return np.asarray(np.array([not label.strip() for label in column.labels], np.bool_)[column.codes], np.bool_)
    return column.values == BLANK if isinstance(column, Numbers) else ~filled(column.values)


def _some(column: arrow_csv.Column, rows: Ints) -> arrow_csv.Column:
    if isinstance(column, Coded):
        return Coded(column.labels, column.codes[rows])
    return Numbers(column.values[rows]) if isinstance(column, Numbers) else Plain(column.values[rows])


def _counts(column: arrow_csv.Column, convert: Callable[[str], int]) -> Ints | None:
    """Counts and clocks; None where a cell is neither."""
    if isinstance(column, Numbers):
        return column.values
    if isinstance(column, Plain):
        return None
    numbers = np.array([convert(label) for label in column.labels], np.int64)
    return None if (numbers == UNREADABLE).any() else np.asarray(numbers[column.codes], np.int64)


def _texts(column: arrow_csv.Column) -> Texts | Coded | None:
    """Texts without the spaces around them; None where one is too long, or there are none."""
    if isinstance(column, Plain):
        return column.values
    if isinstance(column, Numbers):
        return None
    labels = tuple(map(str.strip, column.labels))
    if max(map(len, labels), default=0) > longest_text(len(column.codes)):
        return None
    each = {label: code for code, label in enumerate(dict.fromkeys(labels))}
    if len(each) == len(labels):
        return Coded(labels, column.codes)
    return Coded(tuple(each), np.array([each[label] for label in labels], np.int64)[column.codes])
