"""A table as columns of coded text below a header, and the headers that an entry names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from protocol.words import msg
from verify.model.bureau_codes import Coded
from verify.model.figures import Bools, Ints
from verify.read.bounds import MAX_COLUMNS
from verify.read.cells import MAX_CELLS, CodedRows, fitting, is_pattern
from verify.read.layouts.language import Names, Parts
from verify.read.published.cells import NOT_READ, CellProblems, chunks_of
from verify.read.published.source import SourceTable
from verify.read.published.stated import plain

_NTH = re.compile(r"(.*)#([1-9][0-9]{0,3})", re.DOTALL)
BRACED = re.compile(r"\{([^{}]*)\}")
_NOTHING_IN = re.compile(r"\s*(?:\(\s*\)|\[\s*\])")


class HeaderNames:
    """The headers of a table; one that an entry names is found as it is written, else by its letters and digits.

    Args:
        cells: the headers.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = tuple(" ".join(cell.split()) for cell in cells)
        self._exact: dict[str, list[int]] = {}
        self._normal: dict[str, list[int]] = {}
        for at, cell in enumerate(self.cells):
            self._exact.setdefault(cell, []).append(at)
            self._normal.setdefault(plain(cell), []).append(at)

    def find(self, names: Names) -> int | None:
        """The column of the first wording that is there; None for none."""
        return next((at for name in names if (at := self._find(name)) is not None), None)

    def find_all(self, names: Names) -> list[int]:
        """All columns that any of the wordings means, from left to right."""
        found = {at for name in names for at in self._all(name)}
        return sorted(found)

    def _find(self, name: str) -> int | None:
        return next(iter(self._all(name)), None)

    def _all(self, name: str) -> list[int]:
        if is_pattern(name):
            fits = fitting(name, self.cells) or ()
            return [at for at, fit in enumerate(fits) if fit is not None]
        if (found := self._named(name)) or (nth := _NTH.fullmatch(name)) is None:
            return found
        number = int(nth[2]) - 1
        among = self._alike(nth[1]) if nth[1] else list(range(len(self.cells)))
        return among[number : number + 1]

    def _named(self, name: str) -> list[int]:
        return self._exact.get(" ".join(name.split())) or self._alike(name)

    def _alike(self, name: str) -> list[int]:
        return self._normal.get(letters, []) if (letters := plain(name)) else []


@lru_cache(64)
def header_names(row: tuple[str, ...]) -> HeaderNames:
    """The headers of a row, which every layout looks at."""
    return HeaderNames(row)


@dataclass(frozen=True, slots=True)
class CellTable:
    """The rows of a table, column by column.

    Attributes:
        header: names of the columns.
        columns: coded text of each.
        row: number of each row in the file, shape ``(n,)``, from 1.
    """

    header: HeaderNames
    columns: tuple[Coded, ...]
    row: Ints

    def __len__(self) -> int:
        return len(self.row)

    def chosen(self, rows: Bools) -> CellTable:
        """Some of the rows."""
        if rows.all():
            return self
        columns = tuple(Coded(column.labels, column.codes[rows]) for column in self.columns)
        return CellTable(self.header, columns, self.row[rows])

    def column(self, names: Names) -> Coded | None:
        """The column that an entry names; None where the table has none of its wordings."""
        at = self.header.find(names)
        return None if at is None else self.columns[at]

    def joined(self, parts: Parts, between: str) -> Coded:
        """One text for each row, of the cells of several columns that are filled; a template puts them in place."""
        columns = [self.column(names) for names in parts_of(parts)]
        code = combine([column for column in columns if column is not None], len(self))
        _, first = np.unique(code, return_index=True)
        texts = []
        for row in first.tolist():
            cells = ["" if each is None else " ".join(each.labels[each.codes[row]].split()) for each in columns]
            texts.append(join_parts(parts, cells, between))
        return recode(Coded(tuple(texts), code))


def combine(columns: Sequence[Coded], rows: int) -> Ints:
    """For each row the number of its combination of cells, by their order, shape ``(rows,)``."""
    code: Ints = np.zeros(rows, np.int64)
    for column in columns:
        code = code * max(len(column.labels), 1) + column.codes
        code = np.unique(code, return_inverse=True)[1].astype(np.int64)
    return code


def parts_of(parts: Parts) -> list[Names]:
    """The columns of a list, or of a template, in which ``|`` stands between wordings."""
    if not isinstance(parts, str):
        return list(parts)
    return [(name,) if is_pattern(name) else tuple(name.split("|")) for name in BRACED.findall(parts)]


def join_parts(parts: Parts, cells: Sequence[str], between: str) -> str:
    """The cells of columns as one text: those that are filled, or a template with all of them in place.

    Brackets around an empty cell are left out.
    """
    if not isinstance(parts, str):
        return between.join(filter(None, cells))
    each = iter(cells)
    return _NOTHING_IN.sub("", BRACED.sub(lambda _: next(each), parts)).strip(" ,;-/")


def recode(column: Coded) -> Coded:
    """The same with each different text once, in the order of their first appearance."""
    number: dict[str, int] = {}
    of = np.array([number.setdefault(label, len(number)) for label in column.labels], np.int64)
    codes = of[column.codes] if len(of) else np.zeros(0, np.int64)
    _, first, again = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    present = codes[np.sort(first)]
    labels = list(number)
    return Coded(tuple(labels[code] for code in present.tolist()), rank[again])


def cells_below(table: SourceTable, header: Sequence[str], first_row: int, problems: CellProblems) -> CellTable:
    """The rows of a table from one on, as columns.

    Args:
        table: the rows.
        header: names of the columns.
        first_row: number of the first row, from 1.
        problems: is given what cannot be split, and where the rest is not read.
    """
    kept, numbers = CodedRows(), list[int]()
    for some, rows in chunks_of(table, problems, first_row):
        filled = [(number, row[:MAX_COLUMNS]) for number, row in zip(some, rows, strict=True) if any(row)]
        if not kept.add([row for _, row in filled]):
            problems.add(some[0], None, msg("at most {most:n} cells", most=MAX_CELLS), NOT_READ)
            break
        numbers += [number for number, _ in filled]
    columns = [*kept.columns(), *[Coded(("",), np.zeros(len(numbers), np.int32))] * len(header)]
    columns = columns[: max(len(kept.columns()), len(header))]
    names = [*header, *[""] * (len(columns) - len(header))]
    return CellTable(HeaderNames(names), tuple(columns), np.array(numbers, np.int64))
