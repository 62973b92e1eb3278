"""Columns of cells turned into counts and texts: all at once where they are clean, cell by cell where they are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from protocol.errors import InputError
from protocol.words import Text, cited, msg
from verify.model.figures import BLANK, UNREADABLE, Ints, Texts
from verify.read.counts import is_scientific, parse_count
from verify.read.published.codes import spoilt
from verify.read.rows import Problems

TEXT_LIMIT = 200
"""Characters kept of one cell. The longest known, the title of a list, has some 120."""

CODE_LIMIT = 40
NAME_LIMIT = 100
PERCENTAGE_LIMIT = 12
"""Characters of a code, of a commune's name, of a percentage."""

TOTALS = ("total", "ensemble")
"""How the first cell or the bureau of a row starts that sums up others."""

Report = Callable[[int, Text, Text], None]
"""Called with the index of a bad cell, what was expected and what stands there."""


class CellProblems:
    """The problems of one file, as many as are listed."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._listed = Problems()

    def add(self, row: int | None, column: str | None, expected: Text, got: Text) -> None:
        """Note one problem; row as a spreadsheet counts."""
        self._listed.append(
            InputError(self._file, row, column, expected, shorten(got) if isinstance(got, str) else got)
        )

    def all(self) -> tuple[InputError, ...]:
        """All problems in order, and a last one for those that were too many."""
        return self._listed.all()


def shorten(text: str) -> str:
    """Text of a cell, fit for a message."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:81])
    return f"{text[:80]}…" if len(text) > 80 else text


def counts(column: Sequence[str], report: Report) -> Ints:
    """Counts of a column, shape ``(n,)``: a number, `BLANK` for an empty cell, `UNREADABLE` (reported) for others."""
    joined = "".join(column)
    if not joined:
        return np.full(len(column), BLANK, np.int64)
    if joined.isascii() and joined.isdigit() and max(map(len, column)) <= 8:
        if "" in column:
            return np.fromiter((int(cell) if cell else BLANK for cell in column), np.int64, len(column))
        return np.fromiter(map(int, column), np.int64, len(column))
    value_of = {cell: parse_count(cell) for cell in set(column)}
    values = np.fromiter(map(value_of.__getitem__, column), np.int64, len(column))
    instead = {cell: instead_of_a_count(cell) for cell, value in value_of.items() if value == UNREADABLE}
    for index in np.flatnonzero(values == UNREADABLE).tolist():
        report(index, msg("a count"), instead[column[index]])
    return values


def instead_of_a_count(cell: str) -> Text:
    """What stands in a cell that holds no count, with what a spreadsheet has made of it."""
    if cell.lstrip().startswith("="):
        return msg(
            "a formula without its result, {formula}: open the file in a spreadsheet and save it",
            formula=cited(cell.strip()),
        )
    if is_scientific(cell):
        return msg(
            "{cell}, of which the last digits are not shown: in the spreadsheet, give the column the format of "
            "whole numbers and save it again",
            cell=cited(cell.strip()),
        )
    meaning = spoilt(cell.strip())
    return meaning[0] if meaning else cited(cell)


def texts(column: Sequence[str], report: Report, limit: int = TEXT_LIMIT) -> Texts:
    """Texts of a column without surrounding space, shape ``(n,)``; too long ones cut (reported)."""
    stripped = list(map(str.strip, column))
    if max(map(len, stripped), default=0) > limit:
        for index, text in enumerate(stripped):
            if len(text) > limit:
                report(index, msg("at most {limit} characters", limit=limit), f"{len(text)}")
                stripped[index] = text[:limit]
    return np.array(stripped, np.str_)
