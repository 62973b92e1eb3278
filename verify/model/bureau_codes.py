"""Codes of bureaux: their order by the numbers in them, their numbering, and columns of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from verify.model.figures import Ints, Texts, encode, filled

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


Numbers = npt.NDArray[np.uint64]
_BITS, _ASCII = 7, 0x7F
_LETTERS = 63 // _BITS
"""Letters of both codes of a bureau that have room in one number."""
NONE = np.uint64(2**64 - 1)
"""The number of a code that has none."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbering of the codes of a list of bureaux, in the order of the codes.

    Attributes:
        commune, bureau: letters of the longest codes.
    """

    commune: int
    bureau: int

    @classmethod
    def of(cls, insee: Texts, bureau: Texts) -> tuple[Self, Numbers] | None:
        """The numbering of a list and its numbers; None where there are long codes, or other letters than ASCII."""
        numbering = cls(insee.dtype.itemsize // 4, bureau.dtype.itemsize // 4)
        if numbering.commune + numbering.bureau > _LETTERS:
            numbering = cls(_longest(insee), _longest(bureau))
        if numbering.commune + numbering.bureau > _LETTERS:
            return None
        numbers = numbering.numbers(insee, bureau)
        return None if numbers.max(initial=0) == NONE else (numbering, numbers)

    def numbers(self, insee: Texts, bureau: Texts) -> Numbers:
        """The numbers of other bureaux, `NONE` for those that cannot be on the list; shape as given."""
        numbers = _pack(insee, self.commune)
        numbers <<= np.uint64(_BITS * self.bureau)
        numbers |= _pack(bureau, self.bureau)
        for texts, longest in ((insee, self.commune), (bureau, self.bureau)):
            letters = _letters(texts)
            if letters.shape[1] > longest or letters.max(initial=0) > _ASCII:
                numbers[(letters > _ASCII).any(axis=1) | (letters[:, longest:] != 0).any(axis=1)] = NONE
        return numbers

    def all_have_communes(self, numbers: Numbers) -> bool:
        """Check that each of some bureaux has a commune."""
        return int(numbers.min(initial=NONE)) >> _BITS * self.bureau > 0

    def of_commune(self, insee: str) -> Numbers:
        """Below which number, and from which on, there are none of a commune; both the same where it has none."""
        if len(insee) > self.commune or not insee.isascii():
            return np.zeros(2, np.uint64)
        first = int(_pack(np.array([insee], f"U{max(self.commune, 1)}"), self.commune)[0])
        return np.array([first << _BITS * self.bureau, (first + 1) << _BITS * self.bureau], np.uint64)

    def starts(self, numbers: Numbers) -> Ints:
        """Find the start of each commune in ordered numbers; shape ``(communes,)``."""
        communes = numbers >> np.uint64(_BITS * self.bureau)
        return np.concatenate([np.arange(min(len(communes), 1)), np.flatnonzero(communes[1:] != communes[:-1]) + 1])


Numbered = tuple[Numbering, Numbers]
"""Bureaux as numbers, and how they became such."""


def position(ours: Numbers, wanted: Numbers) -> Ints:
    """Index of each number among ``ours``, which are in order, -1 where it is not; shape as ``wanted``."""
    at = np.minimum(np.searchsorted(ours, wanted), len(ours) - 1)
    return np.where(ours[at] == wanted, at, -1)


def _letters(texts: Texts) -> npt.NDArray[np.uint32]:
    """The letters of each text, zeros behind them, shape ``(n, width)``."""
    width = texts.dtype.itemsize // 4
    if not width:
        return np.zeros((len(texts), 0), np.uint32)
    return np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), width)


def _longest(texts: Texts) -> int:
    """Letters of the longest text; the column may have room for more."""
    used = np.flatnonzero(_letters(texts).any(axis=0))
    return int(used[-1]) + 1 if len(used) else 0


def _pack(texts: Texts, longest: int) -> Numbers:
    """The first letters of each text in one number, those that are not there as zeros."""
    letters = np.zeros((len(texts), longest), np.uint64)
    own = _letters(texts)[:, :longest]
    letters[:, : own.shape[1]] = own
    weights = np.array([1 << _BITS * place for place in reversed(range(longest))], np.uint64)
    return np.asarray(letters @ weights, np.uint64)


_LARGEST = 2**62
"""Combinations of cells that are numbered without looking which of them there are."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts: each different cell once, and for every row the index of its own, shape ``(n,)``."""

    labels: tuple[str, ...]
    codes: npt.NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.codes)


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
            code, first = _number(code)
            most = len(first)
        code, most = code * labels + column.codes, most * labels
    return _number(code)


def number_in_order(columns: Sequence[Coded], rows: int) -> tuple[Ints, Ints]:
    """The same, numbered in the order in which the combinations come first."""
    code, first = number_rows(columns, rows)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[code], first[order]


def _number(values: Ints) -> tuple[Ints, Ints]:
    """For each value the number of its kind, and the first row of each kind."""
    code = np.zeros(len(values), np.int64)
    others = np.flatnonzero(values != values[:1])  # often none: each row has its choices in the same order
    if not len(others):
        return code, np.arange(min(len(values), 1))
    _, first, of_others = np.unique(values[others], return_index=True, return_inverse=True)
    code[others] = of_others + 1
    return code, np.append(0, others[first])


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

    @cached_property
    def numbered(self) -> tuple[Numbering, Numbers] | None:
        """The bureaux, by ``insee`` and ``bureau``, as numbers, as `Numbering.of` gives them."""
        return Numbering.of(self["insee"], self["bureau"])

    @property
    def all_have_communes(self) -> bool:
        """True if each row has an INSEE code."""
        known = self.numbered
        return bool(filled(self["insee"]).all()) if known is None else known[0].all_have_communes(known[1])

    def with_column(self, name: str, texts: Texts) -> TextColumns:
        """These columns with another one, in place of that of its name if there is one."""
        return TextColumns({**self._columns, name: texts})
