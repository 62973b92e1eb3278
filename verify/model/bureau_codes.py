"""Codes of bureaux: their order by the numbers in them, their numbering, and columns of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.model.figures import Bools, Ints, Texts, encode, filled, number

_NUMBER = re.compile(r"[0-9]+")
_DIGITS = 40
"""As many as a code can have."""


@lru_cache(1 << 12)
def by_number(code: str) -> str:
    """A text by which a code is among others where its numbers put it."""
    return _NUMBER.sub(lambda found: found[0].lstrip("0").rjust(_DIGITS, "0"), code)


def in_order(codes: Texts, group: Ints) -> Ints:
    """The indices of codes in the order of their numbers, group by group. Codes of one length stay as they are.

    Args:
        codes: in the order of texts in each group, shape ``(n,)``.
        group: of each code, a number from 0 up, in order, shape ``(n,)``.
    """
    length = np.strings.str_len(codes)
    unlike = (length[1:] != length[:-1]) & (length[:-1] > 0) & (group[1:] == group[:-1])
    order = np.arange(len(codes))
    if not unlike.any():
        return order
    mixed = np.zeros(int(group[-1]) + 1, np.bool_)
    mixed[group[1:][unlike]] = True
    rows = np.flatnonzero(mixed[group])
    numbers = np.array([by_number(code) for code in codes[rows].tolist()])
    order[rows] = rows[np.lexsort((codes[rows], numbers, group[rows]))]
    return order


_LARGEST = 2**62
"""Combinations of cells that are numbered without looking which of them there are."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts: each different cell once, and for every row the index of its own, shape ``(n,)``."""

    labels: tuple[str, ...]
    codes: npt.NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, row: int) -> str:
        """The text of a row."""
        return self.labels[int(self.codes[row])]

    def texts(self) -> list[str]:
        """The text of each row."""
        return [self.labels[code] for code in self.codes.tolist()]

    def take(self, rows: Ints) -> Coded:
        """Some rows of it, in their order."""
        return Coded(self.labels, self.codes[rows])

    def marks(self, fits: Callable[[str], object]) -> Bools:
        """Mark the rows whose text fits, shape ``(n,)``; each different text is looked at once."""
        found = np.fromiter(map(bool, map(fits, self.labels)), np.bool_, len(self.labels))
        return np.full(len(self), bool(found.any())) if found.all() or not found.any() else found[self.codes]


def number_rows(columns: Sequence[Coded], rows: int) -> tuple[Ints, Ints]:
    """For each row the number of its combination of cells, and the first row of each combination.

    Args:
        columns: of shape ``(rows,)`` each.
        rows: how many there are.
    """
    code, most = np.zeros(rows, np.int64), 1
    for column in columns:
        labels = max(len(column.labels), 1)
        if most * labels > _LARGEST:
            code, first = number(code)
            most = len(first)
        code, most = code * labels + column.codes, most * labels
    return number(code)


def number_in_order(columns: Sequence[Coded], rows: int) -> tuple[Ints, Ints]:
    """The same, numbered in the order in which the combinations come first."""
    code, first = number_rows(columns, rows)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[code], first[order]


def texts_of(column: Coded) -> Texts:
    """The text of each row, shape ``(n,)``."""
    return np.asarray(np.array(column.labels or ("",), np.str_)[column.codes], np.str_)


class TextColumns(Mapping[str, Texts]):
    """Columns of text by name, as arrays of shape ``(n,)``; `coded` gives one by its different texts."""

    def __init__(self, columns: Mapping[str, Texts | Coded]) -> None:
        self._columns = dict(columns)
        self._texts: dict[str, Texts] = {}

    def __getitem__(self, name: str) -> Texts:
        if name not in self._texts:
            column = self._columns[name]
            self._texts[name] = texts_of(column) if isinstance(column, Coded) else column
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def coded(self, name: str) -> Coded:
        """A column by its different texts, each of them once."""
        column = self._columns[name]
        if not isinstance(column, Coded):
            self._texts[name] = column
            self._columns[name] = column = Coded(*encode(column))
        return column

    def different(self, name: str) -> set[str]:
        """The different texts of a column, quick where its rows are in order."""
        column = self._columns[name]
        if isinstance(column, Coded):
            return set(column.labels)
        others = np.flatnonzero(column[1:] != column[:-1]) + 1
        return {*column[:1].tolist(), *column[others].tolist()}

    @property
    def all_have_communes(self) -> bool:
        """True if each row has an INSEE code."""
        return bool(filled(self["insee"]).all())

    def with_column(self, name: str, texts: Texts) -> TextColumns:
        """These columns with another one, in place of that of its name if there is one."""
        return TextColumns({**self._columns, name: texts})
