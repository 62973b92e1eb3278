"""Text files of an election night, read with care: every cell is kept, understood, or named with its row and column.

The reading is the standard library's. What this module adds is the judgement: which delimiter and encoding, which
columns, which cells are counts, and what to say of those that are not.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol.errors import InputError
from protocol.night import Column, Content, Table
from protocol.opening import OpenedFile, open_evidence
from verify import clean_sheet
from verify.arrow_csv import MARK, MAX_CELLS
from verify.figures import BLANK, MISSING, UNREADABLE, Ints, Texts, longest_text

MAX_COUNT = 2**28 - 1
MAX_PROBLEMS = 1000
_MAX_RESUMED = 100
"""After so many places that cannot be split into cells a file is no table; the rest of it is left."""
_HEAD = 2**16
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")
_MOST_DIGITS = 9
_CLOCK = re.compile(r"([0-9]{1,2})\s*[:hH]\s*([0-9]{2})(?::[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table file, as columns.

    Attributes:
        file: the name to show.
        sha256, size: of its bytes (size in bytes).
        row: row of each entry as a spreadsheet counts, the header being row 1, shape ``(n,)``.
        texts: text columns by name, shape ``(n,)``; empty where the cell or the column is.
        counts: count and clock columns by name, shape ``(n,)``; clocks in minutes since midnight of the polling day;
            BLANK, UNREADABLE or MISSING where there is none.
        extra: further columns of the file, by header, as text.
        problems: everything that could not be read.
    """

    file: str
    sha256: str
    size: int
    row: Ints
    texts: dict[str, Texts]
    counts: dict[str, Ints]
    extra: dict[str, Texts]
    problems: tuple[InputError, ...]

    def __len__(self) -> int:
        return len(self.row)


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding of a file: UTF-8 with or without a mark, else Windows-1252 or ISO-8859-1."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def rows_of(text: str, name: str, delimiter: str | None = None) -> tuple[list[list[str]], list[int], list[InputError]]:
    """All rows that are not empty, with their row numbers, and what could not be split into cells.

    Where a cell is too long, or its quotes are never closed, its first line is left out and the reading resumed after
    it: one stray quote must not swallow the rows that follow. Without a ``delimiter`` it is the one that the first line
    has most of.
    """
    if "\0" in text:
        at = text[: text.index("\0")].count("\n") + 1
        return [], [], [InputError(name, at, None, "text", "a zero byte: this is not a text file")]
    head = text[: text.find("\n")] if "\n" in text else text[:_HEAD]
    delimiter = delimiter or clean_sheet.delimiter_of(head)
    lines = list(io.StringIO(text, newline=""))
    rows: list[list[str]] = []
    numbers: list[int] = []
    problems: list[InputError] = []
    start = number = cells = 0
    while True:
        reader = csv.reader(itertools.chain(itertools.islice(lines, start, None), ["\0"]), delimiter=delimiter)
        read = 0
        try:
            for row in reader:
                if row == ["\0"]:  # the end, seen as a row by itself: every quote was closed
                    return rows, numbers, problems
                if row and row[-1].endswith("\0"):
                    expected, got = "quotes that are closed", "the end of the file"
                    break
                number += 1
                read = reader.line_num
                cells += len(row)
                if cells > MAX_CELLS:
                    return (
                        rows,
                        numbers,
                        [*problems, InputError(name, number, None, f"at most {MAX_CELLS} cells", "more")],
                    )
                if any(row) and not "".join(row).isspace():
                    rows.append(row)
                    numbers.append(number)
        except csv.Error as error:
            expected, got = "cells separated by " + delimiter, str(error)
        number += 1
        problems.append(InputError(name, number, None, expected, got))
        start += read + 1
        if len(problems) >= _MAX_RESUMED:
            return rows, numbers, problems


def read_sheet(path: Path, table: Table, name: str | None = None) -> Sheet:
    """Read one file of a night.

    Args:
        path: the file.
        table: what it should hold.
        name: the name to show; by default the path as given.

    Raises:
        InputError: the file cannot be read at all, or lacks its header.
    """
    return parse_sheet(open_evidence(path), table, name)


def parse_sheet(file: OpenedFile, table: Table, name: str | None = None) -> Sheet:
    """What an opened file of a night holds; as `read_sheet`.

    Raises:
        InputError: it lacks its header.
    """
    shown, data = str(file.path) if name is None else name, file.data
    beside = threading.Thread(target=lambda: file.sha256)  # leaves the interpreter to the reading
    beside.start()
    try:
        clean = clean_sheet.read(_as_utf8(data), table, _CONVERT, MAX_COUNT)
    finally:
        beside.join()
    if clean is not None:
        return Sheet(shown, file.sha256, len(data), clean.row, clean.texts, clean.counts, clean.extra, ())
    return _with_care(data, table, shown, file.sha256)


def _as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8 without a mark."""
    if data.isascii():
        return data
    text, encoding = decode(data)
    return data.removeprefix(MARK) if encoding == "utf-8-sig" else text.encode()


def _with_care(data: bytes, table: Table, shown: str, digest: str) -> Sheet:
    text, _ = decode(data)
    rows, numbers, problems = rows_of(text, shown)
    if not rows:
        wanted = f"a header {','.join(table.header)}"
        raise problems[0] if problems else InputError(shown, None, None, wanted, "nothing")
    header = [cell.strip() for cell in rows[0]]
    missing = [column.name for column in table.columns if column.required and column.name not in header]
    if missing and problems and problems[0].row is not None and problems[0].row < numbers[0]:
        raise problems[0]  # what should have been the header could not be split
    if missing:
        raise InputError(shown, numbers[0], missing[0], f"columns {','.join(table.header)}", ",".join(header)[:200])
    body, where = [], []
    for row, number in zip(rows[1:], numbers[1:], strict=True):
        if len(row) != len(header):
            problems.append(InputError(shown, number, None, f"{len(header)} cells", f"{len(row)} cells"))
            row = (row + [""] * len(header))[: len(header)]
        body.append(row)
        where.append(number)
    cells = list(zip(*body, strict=True)) if body else [()] * len(header)
    by_name = dict(zip(reversed(header), reversed(cells), strict=True))
    texts: dict[str, Texts] = {}
    counts: dict[str, Ints] = {}
    columns = (*table.columns, *table.further)
    for column in columns:
        values = by_name.get(column.name)
        if column.content is Content.TEXT:
            texts[column.name] = text_column(values or [""] * len(body), column.name, shown, where, problems)
        elif values is None:
            counts[column.name] = np.full(len(body), MISSING, np.int64)
        else:
            counts[column.name] = _numbers(values, column, shown, where, problems)
    known = {column.name for column in columns}
    extra = {
        head: text_column(values, head, shown, where, problems)
        for head, values in by_name.items()
        if head and head not in known
    }
    return Sheet(
        file=shown,
        sha256=digest,
        size=len(data),
        row=np.array(where, np.int64),
        texts=texts,
        counts=counts,
        extra=extra,
        problems=tuple(problems[:MAX_PROBLEMS]),
    )


def text_column(
    values: Sequence[str], column: str, shown: str, rows: Sequence[int], problems: list[InputError]
) -> Texts:
    """Cells without the spaces around them, cut where a long one would cost its length in every row."""
    most = longest_text(len(values))
    cells = [value.strip() for value in values]
    if max(map(len, cells), default=0) > most:
        for index, cell in enumerate(cells):
            if len(cell) > most:
                got = f"{len(cell)} characters, cut"
                problems.append(InputError(shown, rows[index], column, f"at most {most} characters", got))
                cells[index] = cell[:most]
    return np.array(cells, np.str_)


def _numbers(
    values: Sequence[str], column: Column, shown: str, rows: Sequence[int], problems: list[InputError]
) -> Ints:
    convert = _CONVERT[column.content]
    out = np.empty(len(values), np.int64)
    for index, value in enumerate(values):
        number = convert(value)
        if number == UNREADABLE and len(problems) < MAX_PROBLEMS:
            problems.append(InputError(shown, rows[index], column.name, column.content.value, repr(value[:80])))
        out[index] = number
    return out


def parse_count(cell: str) -> int:
    """A count as people write it: digits, with ordinary, non-breaking or narrow spaces; else BLANK or UNREADABLE."""
    plain = cell if cell.isascii() and cell.isdigit() else cell.translate(_SPACES).strip()
    if not plain:
        return BLANK
    if not plain.isascii() or not plain.isdigit():
        return UNREADABLE
    digits = plain.lstrip("0")
    number = int(digits or "0") if len(digits) <= _MOST_DIGITS else MAX_COUNT + 1
    return number if number <= MAX_COUNT else UNREADABLE


def parse_clock(cell: str) -> int:
    """Minutes since midnight of the polling day: ``19:00``, ``19h00``, ``24:15`` after midnight; else an absence."""
    plain = cell.strip()
    if not plain:
        return BLANK
    match = _CLOCK.fullmatch(plain)
    if match is None or int(match[1]) > 47 or int(match[2]) > 59:
        return UNREADABLE
    return int(match[1]) * 60 + int(match[2])


_CONVERT = {Content.COUNT: parse_count, Content.CLOCK: parse_clock}
