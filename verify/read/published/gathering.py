"""From rows to a `Published`, column by column, for every layout with a row for each unit.

A regular text is split by Arrow (`cells`); any other table row by row, where each row that is not regular is reported.
Each different cell of a column is judged once.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol.words import Text, msg, series
from verify.model.bureau_codes import Coded
from verify.model.figures import BLANK, Bools, Ints, Texts
from verify.model.labels import field_label
from verify.model.published import Level, Published
from verify.read import bounds
from verify.read.bounds import MAX_COLUMNS
from verify.read.cells import (
    MAX_CELLS,
    CodedRows,
    Column,
    Numbers,
    coded,
    is_empty,
    relabel,
    rows_with,
    split,
    take,
    with_something,
)
from verify.read.published.cells import (
    CHUNK,
    CODE_LIMIT,
    NAME_LIMIT,
    NOT_READ,
    PERCENTAGE_LIMIT,
    TEXT_LIMIT,
    TOTALS,
    CellProblems,
    Report,
    chunks_of,
    judge_counts,
    judge_texts,
    shorten,
)
from verify.read.published.codes import spoilt
from verify.read.published.fields import ChoiceColumns, Fields, Only, unused_columns, with_counts
from verify.read.published.pieces import ChoiceLabels, Pieces, naming, published_of, with_totals
from verify.read.published.source import HEAD_ROWS, SourceTable


def gather(
    table: SourceTable,
    layout: str,
    level: Level,
    fields: Fields,
    *,
    first_row: int,
    title: str = "",
    header: Sequence[str] = (),
    only: Only | None = None,
    units: int | None = None,
) -> Published:
    """Read all units of a table.

    Args:
        table: the rows.
        layout: name of the layout.
        level: what a row stands for.
        fields: where everything stands.
        first_row: the first row after the header, from 1.
        title: what the file says of itself.
        header: names of the columns, for the problems.
        only: the rows that belong to it; all by default.
        units: how many units there may be, by default as many as a file of its size has places.
    """
    fields = with_counts(fields, header)
    units = bounds.places(table.size) if units is None else units
    problems = CellProblems(table.file)
    rows = _split_at_once(table, fields, first_row, header, only, units)
    rows = rows or _split_by_row(table, fields, first_row, header, problems)
    read = _TableRows(rows.row, rows.columns, fields, header, problems).filled().chosen(only)
    totals = read.are_totals()
    labels = ChoiceLabels()
    pieces = read.take(np.flatnonzero(~totals)).within(units, bounds.entries(table.size)).pieces(labels, first_row)
    found = published_of(table, layout, level, fields, title, pieces, labels, problems, first_row)
    found = replace(found, unused=unused_columns(fields, header, table.head[first_row - 1 :]))
    return with_totals(found, read.take(np.flatnonzero(totals)), fields) if totals.any() else found


@dataclass(frozen=True, slots=True)
class _Split:
    """Numbers of rows, shape ``(n,)``, and their columns."""

    row: Ints
    columns: Sequence[Column]


def _split_at_once(
    table: SourceTable, fields: Fields, first_row: int, header: Sequence[str], only: Only | None, units: int
) -> _Split | None:
    """The rows of a regular text; None for any other table, and for one of more rows than there may be units."""
    width = _width(table, fields, first_row, header)
    if not table.data or not fields.least <= width <= MAX_COLUMNS:
        return None
    if only is None and table.data.count(b"\n") > units + HEAD_ROWS:
        return None
    start = _start(table, first_row)
    if start is None:
        return None
    columns = split(table.data, table.size, start, table.delimiter, width, *_kinds(fields, fields.placed(width), only))
    if columns is None or len(columns[0]) >= bounds.cells(table.size):
        return None
    return _Split(np.arange(first_row, first_row + len(columns[0])), columns)


def _width(table: SourceTable, fields: Fields, first_row: int, header: Sequence[str]) -> int:
    """Cells that each row must have; 0 where no row is of whole blocks."""
    if not fields.step:
        return len(header)
    cells = len(table.head[first_row - 1]) if first_row <= len(table.head) else 0
    return 0 if (cells - fields.start) % fields.step else cells


def _start(table: SourceTable, first_row: int) -> int | None:
    """The byte at which a row starts; None where the rows above it are not a line each."""
    data, at = table.data, 0
    for row in table.head[: first_row - 1]:
        end = data.find(b"\n", at)
        line = data[at : max(end, at)].decode().removesuffix("\r")
        try:
            if end < 0 or tuple(next(csv.reader([line], delimiter=table.delimiter), ())) != row:
                return None
        except csv.Error:
            return None
        at = end + 1
    return at if first_row <= len(table.head) + 1 else None


def _kinds(fields: Fields, placed: Sequence[tuple[ChoiceColumns, int]], only: Only | None) -> tuple[set[int], set[int]]:
    """The columns of counts, and those that are read as texts."""
    texts = {0, *fields.percentages.values(), *(at for columns in fields.places.values() for at in columns)}
    texts |= {only.column} if only is not None else set()
    numbers = set(fields.counts.values())
    for choice, step in placed:
        numbers |= {choice.votes + step} | ({choice.panel + step} if choice.panel is not None else set())
        texts |= {part + step for part in (() if isinstance(choice.label, str) else choice.label)}
        texts |= {column + step for column in choice.percentages.values()}
    return numbers - texts, texts


def _split_by_row(
    table: SourceTable, fields: Fields, first_row: int, header: Sequence[str], problems: CellProblems
) -> _Split:
    """The rows that can be read: not empty, long enough, of whole blocks; whatever is not so is reported."""
    kept, numbers = CodedRows(), list[int]()
    for some, rows in chunks_of(table, problems, first_row):
        if table.trimmed:
            rows = [_fill_row(row, fields, len(header)) for row in rows]
        regular = list(_regular(some, rows, fields, problems, header))
        if not kept.add([row for _, row in regular]):
            problems.add(some[0], None, msg("at most {most:n} cells", most=MAX_CELLS), NOT_READ)
            break
        numbers += [number for number, _ in regular]
    return _Split(np.array(numbers, np.int64), kept.columns())


def _fill_row(row: list[str], fields: Fields, full: int) -> list[str]:
    """A row of a sheet with the empty cells at its end that its last block, or its table, still has."""
    lacking = -(len(row) - fields.start) % fields.step if fields.step else full - len(row)
    return row + [""] * lacking if len(row) >= fields.least else row


def _regular(
    numbers: list[int], rows: list[list[str]], fields: Fields, problems: CellProblems, header: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    start, step, least = fields.start, fields.step, fields.least
    full = len(header) if not step else 0
    width = fields.width if not step else 0
    fits: dict[int, bool] = {}
    for number, row in zip(numbers, rows, strict=True):
        length = len(row)
        if length not in fits:
            even = (length - start) % step == 0 if step else length == full
            fits[length] = least <= length <= MAX_COLUMNS and even
        if not fits[length]:
            if not any(map(str.strip, row)):
                continue
            if not least <= length <= MAX_COLUMNS:
                expected = msg("{least} to {max_columns} cells", least=least, max_columns=MAX_COLUMNS)
                problems.add(number, None, expected, msg("{length}: not read", length=length))
                continue
            whole = max(least, length - (length - start) % step) if step else min(full, length)
            if length < width or any(map(str.strip, row[whole:])):
                blocks = msg("{start} cells and {step} for each choice", start=start, step=step)
                problems.add(number, None, blocks if step else msg("{full} cells", full=full), f"{length}")
            row = row[:whole] + [""] * (width - whole)
        yield number, row


class _TableRows:
    """Rows of a table as columns, and what is read of them.

    Args:
        row: their numbers in the file, shape ``(n,)``.
        columns: their cells.
        fields: where everything stands.
        header: names of the columns.
        problems: is given what cannot be read.
    """

    def __init__(
        self, row: Ints, columns: Sequence[Column], fields: Fields, header: Sequence[str], problems: CellProblems
    ) -> None:
        self.row = row
        self._columns = columns
        self._fields = fields
        self._header = header
        self._problems = problems
        self._values: dict[int, Ints] = {}
        self._texts: dict[int, Texts] = {}

    def take(self, rows: Ints) -> _TableRows:
        """Some of the rows, by their indices in order."""
        if len(rows) == len(self.row):
            return self
        columns = [take(column, rows) for column in self._columns]
        return _TableRows(self.row[rows], columns, self._fields, self._header, self._problems)

    def filled(self) -> _TableRows:
        """The rows that have anything in a cell, with their texts coded."""
        rows = self.take(with_something(self._columns)) if self._columns else self
        columns = [column if isinstance(column, Numbers) else coded(column) for column in rows._columns]
        return _TableRows(rows.row, columns, self._fields, self._header, self._problems)

    def chosen(self, only: Only | None) -> _TableRows:
        """The rows that belong to a table; those that belong to none are reported."""
        if only is None or not self._columns:
            return self
        of = coded(self._columns[only.column])
        if only.known:
            for index in np.flatnonzero(~rows_with(of, only.known)).tolist():
                got = msg("{tour}: not read", tour=shorten(of.labels[of.codes[index]].strip()))
                self._note(index, only.column, msg("one of {values}", values=series(only.known)), got)
        return self.take(np.flatnonzero(rows_with(of, only.cells)))

    def are_totals(self) -> Bools:
        """Mark the rows that sum up others."""
        found = np.zeros(len(self.row), np.bool_)
        for at in naming(self._fields) if self._columns else ():
            if isinstance(column := self._columns[at], Coded):
                found[self._where(column, [each.casefold().startswith(TOTALS) for each in column.labels])] = True
        return found

    def within(self, units: int, votes: int) -> _TableRows:
        """The first rows, as many as there may be units and votes."""
        end = min(len(self.row), units)
        placed = self._fields.placed(len(self._columns))
        if end * len(placed) > votes:
            each = np.zeros(len(self.row), np.int64)
            for choice, step in placed:
                own = (choice.votes,) if isinstance(choice.label, str) else choice.label
                each += ~np.logical_and.reduce([is_empty(self._columns[at + step]) for at in own])
            end = min(end, int(np.searchsorted(np.cumsum(each), votes, "right")))
        if end < len(self.row):
            expected = msg("at most {units} units and {most} votes", units=units, most=votes)
            self._problems.add(int(self.row[end]), None, expected, msg("more: the rest is not read"))
        return self.take(np.arange(end))

    def pieces(self, labels: ChoiceLabels, first_row: int) -> Pieces:
        """All units; ``labels`` gets those of the choices."""
        pieces = Pieces(self.row)
        if not len(self.row):
            return pieces
        for name, columns in self._fields.places.items():
            pieces.places[name] = self._place(name, columns)
        for name, at in self._fields.counts.items():
            pieces.counts[name] = self._counts(at)
        for name, at in self._fields.percentages.items():
            pieces.percentages[name] = self._shares(at)
        self._read_choices(pieces, labels, (self.row - first_row) // CHUNK)
        return pieces

    def cells(self, at: int) -> list[str]:
        """The cells of a column as they are written; counts without leading zeros."""
        column = self._columns[at]
        if isinstance(column, Numbers):
            return ["" if value == BLANK else str(value) for value in column.values.tolist()]
        texts = coded(column)
        return [texts.labels[code] for code in texts.codes.tolist()]

    def _note(self, index: int, at: int, expected: Text, got: Text) -> None:
        name = self._header[at] if at < len(self._header) and self._header[at].strip() else f"{at + 1}"
        self._problems.add(int(self.row[index]), name, expected, got)

    def _report(self, at: int) -> Report:
        return lambda index, expected, got: self._note(index, at, expected, got)

    @staticmethod
    def _where(column: Coded, labels: Sequence[bool]) -> list[int]:
        """The rows of some labels."""
        return np.flatnonzero(np.array(labels, np.bool_)[column.codes]).tolist() if any(labels) else []

    def _place(self, name: str, columns: Sequence[int]) -> Coded:
        """Codes or names of places; those that a spreadsheet spoilt are reported, and repaired where that can be."""
        first, *others = (self._names(at) if name == "commune" else self._codes(name, at) for at in columns)
        for other in others:
            size = max(len(other.labels), 1)
            pairs, codes = np.unique(first.codes.astype(np.int64) * size + other.codes, return_inverse=True)
            both = ((first.labels[pair // size], other.labels[pair % size]) for pair in pairs.tolist())
            first = Coded(tuple("-".join(filter(None, pair)) for pair in both), codes)
        return first

    def _names(self, at: int) -> Coded:
        return judge_texts(coded(self._columns[at]), self._report(at), NAME_LIMIT)

    def _codes(self, name: str, at: int) -> Coded:
        found = judge_texts(coded(self._columns[at]), self._report(at), CODE_LIMIT)
        said = [spoilt(label) for label in found.labels]
        for index in self._where(found, [each is not None for each in said]):
            if (each := said[found.codes[index]]) is not None:
                self._note(index, at, msg("a code ({place})", place=field_label(name)), each[0])
        repaired = {label: each[1] for label, each in zip(found.labels, said, strict=True) if each and each[1]}
        return relabel(found, lambda label: repaired.get(label, label))

    def _counts(self, at: int, rows: slice = slice(None)) -> Ints:
        """Counts of a column, as `parse_count` has them; what is none is reported."""
        column = self._columns[at]
        if isinstance(column, Numbers):
            return np.asarray(column.values[rows], np.int64)
        column = coded(column)
        if at not in self._values:
            self._values[at] = judge_counts(column, self._report(at))
        return np.asarray(self._values[at][column.codes[rows]], np.int64)

    def _shares(self, at: int, rows: slice = slice(None)) -> Texts:
        if at not in self._texts:
            self._columns = list(self._columns)
            self._columns[at] = column = judge_texts(coded(self._columns[at]), self._report(at), PERCENTAGE_LIMIT)
            self._texts[at] = np.array(column.labels, np.str_)
        return np.asarray(self._texts[at][coded(self._columns[at]).codes[rows]], np.str_)

    def _read_choices(self, pieces: Pieces, labels: ChoiceLabels, chunk: Ints) -> None:
        """Votes of all choices, by unit and then from left to right."""
        placed = self._fields.placed(len(self._columns))
        starts = [0, *(np.flatnonzero(np.diff(chunk)) + 1).tolist(), len(chunk)]
        column_of = np.array([choice.votes + step + 1 for choice, step in placed], np.int64)
        parts: dict[str, list[Ints]] = {name: [] for name in ("unit", "label", "votes", "column", "panel")}
        shares: dict[str, list[Texts]] = {name: [] for choice, _ in placed for name in choice.percentages}
        for start, end in itertools.pairwise(starts):
            rows, shape = slice(start, end), (end - start, len(placed))
            votes, label, panel = (np.zeros(shape, np.int64) for _ in range(3))
            for at, (choice, step) in enumerate(placed):
                votes[:, at] = self._counts(choice.votes + step, rows)
                label[:, at] = self._labels(choice, step, rows, votes[:, at], labels)
                if choice.panel is not None:
                    panel[:, at] = np.maximum(self._counts(choice.panel + step, rows), 0)
            present = self._once(label, start, labels)
            unit, at_choice = np.nonzero(present)
            found = (unit + start, label[present], votes[present], column_of[at_choice], panel[present])
            for some, values in zip(parts.values(), found, strict=True):
                some.append(np.asarray(values, np.int64))
            for name, texts in shares.items():
                of = [self._share(choice, step, name, rows) for choice, step in placed]
                texts.append(np.column_stack(of)[present])
        pieces.entries = {name: np.concatenate(some) for name, some in parts.items()}
        pieces.percentages |= {name: np.concatenate(some) for name, some in shares.items()}

    def _share(self, choice: ChoiceColumns, step: int, name: str, rows: slice) -> Texts:
        at = choice.percentages.get(name)
        return np.zeros(rows.stop - rows.start, "U1") if at is None else self._shares(at + step, rows)

    def _labels(self, choice: ChoiceColumns, step: int, rows: slice, votes: Ints, labels: ChoiceLabels) -> Ints:
        """The index of the label of a choice in some rows, -1 where there is none; votes without one are reported."""
        if isinstance(choice.label, str):
            number = labels.number(" ".join(choice.label.split()))
            return np.where(votes == BLANK, -1, number)
        parts = [coded(self._columns[at + step]) for at in choice.label]
        code: Ints = np.zeros(rows.stop - rows.start, np.int64)
        for part in parts:
            code = code * len(part.labels) + part.codes[rows]
        code, first = _number(code)
        numbers = np.zeros(len(first), np.int64)
        for index in np.argsort(first).tolist():
            row = rows.start + int(first[index])
            text = " ".join(" ".join(part.labels[part.codes[row]] for part in parts).split())
            text = f"{choice.prefix}{text}" if text else ""
            known = len(labels.all)
            numbers[index] = labels.number(text[:TEXT_LIMIT])
            if len(text) > TEXT_LIMIT and len(labels.all) > known:
                limit = msg("at most {text_limit} characters", text_limit=TEXT_LIMIT)
                self._note(row, choice.votes + step, limit, f"{len(text)}")
        found = numbers[code]
        for index in np.flatnonzero((found < 0) & (votes >= 0)).tolist():
            at, row = choice.votes + step, rows.start + index
            expected = msg("the name of a choice for these votes")
            self._note(row, at, expected, self.take(np.array([row])).cells(at)[0])
        return np.asarray(found, np.int64)

    def _once(self, label: Ints, start: int, labels: ChoiceLabels) -> Bools:
        """Mark the choices that their row has not had already; the second one is reported and left out."""
        present = np.asarray(label >= 0)
        if (label == label[0]).all() and len(np.unique(label[0])) == label.shape[1]:
            return present  # the same choices in the same order in every row
        ordered = np.argsort(label, axis=1, kind="stable")
        by_label = np.take_along_axis(label, ordered, axis=1)
        again = (by_label[:, 1:] == by_label[:, :-1]) & (by_label[:, 1:] >= 0)
        for unit, at in zip(*np.nonzero(again), strict=True):
            present[unit, ordered[unit, at + 1]] = False
            got = msg("{name} twice", name=labels.all[int(by_label[unit, at])])
            self._problems.add(int(self.row[start + unit]), None, msg("each choice once"), got)
        return present


def _number(values: Ints) -> tuple[Ints, Ints]:
    """For each value the index of its kind, and the first row of each kind."""
    code = np.zeros(len(values), np.int64)
    others = np.flatnonzero(values != values[0])  # often none: each row has its choices in the same order
    if not len(others):
        return code, np.zeros(1, np.int64)
    _, first, of_others = np.unique(values[others], return_index=True, return_inverse=True)
    code[others] = of_others + 1
    return code, np.append(0, others[first])
