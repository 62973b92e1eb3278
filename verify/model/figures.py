"""Figures of many bureaux at once, with the place that each one comes from.

A figure is a count from 0 up, or one of three absences that must never be taken for zero: `BLANK`, a cell that was
left empty; `UNREADABLE`, a cell that holds something else than a count; `MISSING`, no row or no column at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind

T = TypeVar("T")

SUMMED = " (Σ)"
"""Behind the place of a figure that is a sum of several."""

_MOST_NAMED = 3
"""Files that are named of several."""


def name_files(names: Iterable[str]) -> str:
    """Name several files together, the first of them where they are many."""
    every = list(dict.fromkeys(names))
    return " + ".join([*every[:_MOST_NAMED], "…"] if every[_MOST_NAMED:] else every)


BLANK = -1
UNREADABLE = -2
MISSING = -3

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float32]
"""Percentages as numbers."""
Texts = npt.NDArray[np.str_]
"""Texts of one width. Remarks of PVs may be a numpy `StringDType` instead, which spares the room of the empty ones."""


_COLUMN_ROOM = 2**24
"""Characters that the array of a text column may take, as one cell makes all of them as wide as itself …"""
_LEAST_CELL = 200
"""… and characters that a cell may have in any case."""


def longest_text(rows: int) -> int:
    """Characters that a cell of a text column may have, by the rows of the column; a longer one is cut, and named."""
    return max(_LEAST_CELL, _COLUMN_ROOM // max(rows, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Place of each figure of a table: a file, and the row or byte in it.

    Attributes:
        files: names with the mark that follows them: ``:`` before a row (as a spreadsheet counts, the header is row
            1), ``@`` before a byte offset.
        file: index into ``files`` of each figure, in their shape; -1 for nowhere.
        at: row or offset of each figure, in their shape; -1 for a file without rows to name.
        pieces: which evidence each of ``files`` is.
        parts: empty, or for each of ``files`` what is shown behind the row: the page of a scan, the sheet of a
            workbook.
    """

    files: tuple[str, ...]
    file: Ints
    at: Ints
    pieces: tuple[EvidenceKind, ...]
    parts: tuple[str, ...] = ()

    def text(self, *index: int) -> str:
        """The place of one figure, as it is shown: ``pv.csv:12`` is row 12, ``batch.esf@576`` byte 576."""
        return self._shown(int(self.file[index]), int(self.at[index]))

    def piece(self, *index: int) -> EvidenceKind | None:
        """The evidence that one figure stands in; None where it stands nowhere."""
        file = int(self.file[index])
        return self.pieces[file] if file >= 0 else None

    def _shown(self, file: int, at: int) -> str:
        if file < 0:
            return ""
        part = self.parts[file] if self.parts else ""
        return f"{self.files[file]}{at}{part}" if at >= 0 else f"{self.files[file].rstrip(':@')}{part}"

    def texts(self, *index: Ints) -> list[str]:
        """`text` for many figures, by arrays of indices of one length."""
        return list(map(self._shown, self.file[index].tolist(), self.at[index].tolist()))

    def pieces_at(self, *index: Ints) -> list[EvidenceKind | None]:
        """`piece` for many figures, likewise."""
        pieces = (*self.pieces, None)  # nowhere is -1
        return [pieces[file] for file in self.file[index].tolist()]

    def same_file(self, other: Places) -> Bools:
        """Figures of one file in both; other places of the same shape."""
        names = {name: at for at, name in enumerate(dict.fromkeys(self.files + other.files))}
        one, two = (
            np.array([*map(names.__getitem__, each.files), nowhere], np.int64)[each.file]
            for each, nowhere in ((self, -1), (other, -2))
        )
        return np.asarray(one == two, np.bool_)

    def summed(self) -> Places:
        """The places of sums that begin with these figures."""
        parts = tuple(f"{part}{SUMMED}" for part in self.parts or ("",) * len(self.files))
        return Places(self.files, self.file, self.at, self.pieces, parts)

    def first(self) -> Places:
        """Of places with one more axis, for each the first along it that is somewhere."""
        at = np.argmax(self.file >= 0, axis=-1)[..., None]
        file, row = np.take_along_axis(self.file, at, -1), np.take_along_axis(self.at, at, -1)
        return Places(self.files, file[..., 0], row[..., 0], self.pieces, self.parts)

    def along(self, length: int) -> Places:
        """The same places for each of ``length`` figures on one more axis."""
        shape = (*self.file.shape, length)
        file, at = (np.broadcast_to(values[..., None], shape) for values in (self.file, self.at))
        return Places(self.files, file, at, self.pieces, self.parts)

    def or_else(self, here: Bools, other: Places) -> Places:
        """These places where ``here`` holds, else the other ones."""
        parts: tuple[str, ...] = ()
        if self.parts or other.parts:
            parts = (self.parts or ("",) * len(self.files)) + (other.parts or ("",) * len(other.files))
        file = np.where(here, self.file, np.where(other.file >= 0, other.file + len(self.files), -1))
        at = np.where(here, self.at, other.at)
        return Places(self.files + other.files, file, at, self.pieces + other.pieces, parts)


@dataclass(frozen=True)
class Figures:
    """One kind of figure for every unit and poll: ``values`` of shape ``(units, polls)``, in votes or voters."""

    name: str
    values: Ints
    places: Places

    @cached_property
    def known(self) -> Bools:
        """Places with a count; shape ``(units, polls)``."""
        return self.values >= 0

    def or_else(self, other: Figures) -> Figures:
        """These figures where known or where the other ones have no row, else the other ones, each with its place."""
        if bool(self.known.all()):
            return self
        here = self.known | (other.values == MISSING)
        values = self.values.copy()
        np.copyto(values, other.values, where=~here)
        return Figures(self.name, values, self.places.or_else(here, other.places))


def first_known(sources: Iterable[Figures | None]) -> Figures | None:
    """Each figure from the first source that knows it; a source is looked at only where those before it lack one."""
    result: Figures | None = None
    for each in sources:
        if each is not None:
            result = each if result is None else result.or_else(each)
            if result.known.all():
                break
    return result


def filled(texts: Texts) -> Bools:
    """Find texts that are not empty; shape as given."""
    return np.asarray(texts != "", np.bool_)


def rows_with_any(mask: Bools) -> Ints:
    """Indices along the first axis at which anything holds, ascending, shape ``(m,)``."""
    return np.flatnonzero(mask.any(axis=tuple(range(1, mask.ndim))))


def starts_with_digit(texts: Texts) -> Bools:
    """Find texts that start with a digit, 0 to 9; shape as given."""
    first = signs(texts)[..., 0]
    return (first >= ord("0")) & (first <= ord("9"))


def signs(texts: Texts) -> npt.NDArray[np.int32]:
    """The characters of texts as numbers, 0 behind the last; a further axis as long as the longest text, at least 1."""
    cells = np.ascontiguousarray(texts, texts.dtype if texts.dtype.itemsize else "U1")
    return cells.view(np.int32).reshape(*texts.shape, cells.dtype.itemsize // np.dtype(np.int32).itemsize)


def hits(mask: Bools) -> tuple[Ints, Ints]:
    """Units and polls where a mask of shape ``(units, polls)`` holds; quicker than ``nonzero``, as few do."""
    at = np.flatnonzero(mask)
    if mask.shape[1] == 1:
        return at, np.zeros(len(at), np.int64)
    units, polls = np.divmod(at, mask.shape[1])
    return units, polls


def cells(mask: Bools) -> Iterator[tuple[int, int]]:
    """The same one by one."""
    units, polls = hits(mask)
    return zip(units.tolist(), polls.tolist(), strict=True)


def absent(shape: tuple[int, ...]) -> Ints:
    """Figures of that shape, all absent."""
    return np.full(shape, MISSING, np.int64)


def nowhere(shape: tuple[int, ...]) -> Places:
    """Places of that shape for figures that are all absent."""
    return Places((), np.full(shape, -1, np.int64), np.full(shape, -1, np.int64), ())


def total(values: npt.NDArray[Any]) -> Ints:
    """Sum of counts along the last axis, without which it is; absences count as nothing. Exact: below 2**28 each."""
    counts = values if values.min(initial=0) >= 0 else np.where(values >= 0, values, 0)
    return np.asarray(np.einsum("...i->...", counts, dtype=np.int64), np.int64)  # quicker than `sum`


def clock(minutes: int) -> str:
    """Minutes since midnight of the polling day as they are written: ``19:00``, ``24:15`` after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def sum_groups(values: Ints, group: Ints, n: int) -> Ints:
    """Sum of the values of each of ``n`` groups, exact; absent where one of its values is."""
    sums = np.zeros(n, np.int64)
    if len(values) and int(values.min()) >= 0 and (group[1:] >= group[:-1]).all():  # as votes are, by their units
        starts = np.append(0, np.flatnonzero(group[1:] != group[:-1]) + 1)
        sums[group[starts]] = np.add.reduceat(values, starts)
        return sums
    np.add.at(sums, group, np.maximum(values, 0))
    least = np.zeros(n, np.int64)
    np.minimum.at(least, group, np.minimum(values, 0))
    return np.where(least < 0, least, sums)


_ROOM = 8
"""An array over all values that numbers may have can be so many times as long as there are numbers."""


def once(numbers: Ints) -> tuple[Ints, Ints]:
    """Indices of the first occurrence of every number, and of all later ones; both ascending."""
    count = len(numbers)
    if count < 2 or bool((numbers[1:] > numbers[:-1]).all()):
        return np.arange(count), np.zeros(0, np.int64)
    lowest = int(numbers.min())
    if int(numbers.max()) - lowest > _ROOM * count:
        _, first = np.unique(numbers, return_index=True)
        is_first = np.zeros(count, np.bool_)
        is_first[first] = True
    else:
        rows = np.arange(count)
        first = np.zeros(int(numbers.max()) - lowest + 1, np.int64)
        first[numbers[::-1] - lowest] = rows[::-1]  # of several rows the one that is written last stays: the first
        is_first = first[numbers - lowest] == rows
    return np.flatnonzero(is_first), np.flatnonzero(~is_first)


def number(values: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """For each value the number of its kind, that of the first one first; and the first row of each kind."""
    code = np.zeros(len(values), np.int64)
    others = np.flatnonzero(values != values[:1])  # most often few, or none: each row has its choices in the same order
    if not len(others):
        return code, np.arange(min(len(values), 1))
    _, first, of_others = np.unique(values[others], return_index=True, return_inverse=True)
    code[others] = of_others + 1
    return code, np.append(0, others[first])


def encode(texts: Texts) -> tuple[tuple[str, ...], Ints]:
    """The different texts of a column, the first one first, and for each row the index of its own, shape ``(n,)``."""
    code, first = number(texts)
    return tuple(texts[first].tolist()), code


SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
"""Sides on which `numpy.searchsorted` finds the start and the end of what is equal."""


def spread(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The index of each range, repeated for each of its numbers, and these numbers; ranges go from start to end."""
    sizes = end - start
    at = np.repeat(np.arange(len(sizes)), sizes)
    return at, np.arange(len(at)) + (start - np.cumsum(sizes) + sizes)[at]
