"""The quick way through a clean text of results: whole columns, by `cells`, each different cell judged once.

It takes only tables of which nothing has to be told: rows of one length, counts that are counts, no totals, no code
that a spreadsheet spoilt, no choice twice. For any other it says no, and `gathering` reads row by row. Where both read
a table, they read the same.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.model.figures import BLANK, UNREADABLE, Ints, Texts
from verify.model.text_columns import Coded, texts_of
from verify.read.bounds import MAX_COLUMNS
from verify.read.cells import Column, Numbers, split, strip, take, with_something
from verify.read.cells import coded as code_column
from verify.read.counts import parse_count
from verify.read.published.cells import (
    CODE_LIMIT,
    NAME_LIMIT,
    PERCENTAGE_LIMIT,
    TEXT_LIMIT,
    TOTALS,
)
from verify.read.published.codes import spoilt
from verify.read.published.fields import ChoiceColumns, Fields
from verify.read.published.pieces import ChoiceLabels, Pieces, naming
from verify.read.published.source import SourceTable

CHUNK = 4096
"""Rows that are read together; labels are numbered by their first appearance in such a block."""


@dataclass(frozen=True, slots=True)
class Only:
    """Rows that belong to a table: those with ``value`` in a column, where all others have one of ``values``."""

    column: int
    value: str
    values: tuple[str, ...]


def read_at_once(
    table: SourceTable, fields: Fields, first_row: int, header: Sequence[str], labels: ChoiceLabels, only: Only | None
) -> Pieces | None:
    """All units of a table of which nothing has to be told, or None.

    Args:
        table: the rows.
        fields: where everything stands.
        first_row: the first row after the header, from 1.
        header: names of the columns.
        labels: gets those of the table.
        only: which rows belong to it; None for all.
    """
    width = _width(table, fields, first_row, header)
    if not table.data or not fields.least <= width <= MAX_COLUMNS:
        return None
    start = _start(table, first_row)
    if start is None:
        return None
    steps = range(0, width - fields.start, fields.step) if fields.step else range(1)
    placed = [(choice, step) for step in steps for choice in fields.choices]
    columns = split(table.data, table.size, start, table.delimiter, width, *_kinds(fields, placed, only))
    try:
        return None if columns is None else _pieces(fields, placed, columns, first_row, labels, only)
    except _NotCleanError:
        return None


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
    texts = {0, *fields.places.values(), *fields.percentages.values()} | ({only.column} if only is not None else set())
    numbers = set(fields.counts.values())
    for choice, step in placed:
        numbers |= {choice.votes + step} | ({choice.panel + step} if choice.panel is not None else set())
        texts |= {part + step for part in (() if isinstance(choice.label, str) else choice.label)}
        texts |= {column + step for column in choice.percentages.values()}
    return numbers - texts, texts


class _NotCleanError(Exception):
    """Something in the table has to be told."""


def _pieces(
    fields: Fields,
    placed: Sequence[tuple[ChoiceColumns, int]],
    columns: Sequence[Column],
    first_row: int,
    labels: ChoiceLabels,
    only: Only | None,
) -> Pieces:
    rows = _rows(columns, only)
    if not len(rows):
        return Pieces(rows)
    columns = columns if len(rows) == len(columns[0]) else [take(column, rows) for column in columns]
    if any(_has_totals(columns[column]) for column in naming(fields)):
        raise _NotCleanError
    pieces = Pieces(rows + first_row)
    for name, column in fields.places.items():
        read = _strip(columns[column], NAME_LIMIT if name == "commune" else CODE_LIMIT)
        if name != "commune" and any(map(spoilt, read.labels)):
            raise _NotCleanError
        pieces.places[name] = read
    for name, column in fields.counts.items():
        pieces.counts[name] = _counts(columns[column])
    for name, column in fields.percentages.items():
        pieces.percentages[name] = texts_of(_strip(columns[column], PERCENTAGE_LIMIT))
    _read_choices(pieces, placed, columns, rows // CHUNK, labels)
    return pieces


def _rows(columns: Sequence[Column], only: Only | None) -> Ints:
    """Indices of the rows that have anything in a cell and belong to the table."""
    rows = with_something(columns)
    if only is None:
        return rows
    of = strip(columns[only.column])
    codes = of.codes[rows]
    if not np.array([label in only.values for label in of.labels], np.bool_)[codes].all():
        raise _NotCleanError
    return np.asarray(rows[np.array([label == only.value for label in of.labels], np.bool_)[codes]], np.int64)


def _has_totals(column: Column) -> bool:
    return isinstance(column, Coded) and any(label.casefold().startswith(TOTALS) for label in column.labels)


def _strip(column: Column, limit: int) -> Coded:
    """A column of texts without the spaces around them, none of them longer than a limit."""
    found = strip(column)
    if max(map(len, found.labels), default=0) > limit:
        raise _NotCleanError
    return found


def _counts(column: Column) -> Ints:
    if isinstance(column, Numbers):
        return column.values
    different = code_column(column)
    values = np.array([parse_count(label) for label in different.labels], np.int64)
    if (values == UNREADABLE).any():
        raise _NotCleanError
    return np.asarray(values[different.codes], np.int64)


def _read_choices(
    pieces: Pieces,
    placed: Sequence[tuple[ChoiceColumns, int]],
    columns: Sequence[Column],
    chunk: Ints,
    labels: ChoiceLabels,
) -> None:
    """Votes of all choices, by unit and then from left to right."""
    shape = (len(pieces.row), len(placed))
    votes, panel = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    shares: dict[str, list[Texts]] = {name: [] for choice, _ in placed for name in choice.percentages}
    for at, (choice, step) in enumerate(placed):
        votes[:, at] = _counts(columns[choice.votes + step])
        if choice.panel is not None:
            panel[:, at] = np.maximum(_counts(columns[choice.panel + step]), 0)
        for name, parts in shares.items():
            share = choice.percentages.get(name)
            none = Coded(("",), np.zeros(shape[0], np.int32))
            parts.append(texts_of(none if share is None else _strip(columns[share + step], PERCENTAGE_LIMIT)))
    label = _labels(placed, columns, votes, chunk, labels)
    if ((label < 0) & (votes >= 0)).any() or _has_twice(label):
        raise _NotCleanError
    present = label >= 0
    unit, at_choice = np.nonzero(present)
    column_of = np.array([choice.votes + step + 1 for choice, step in placed], np.int64)
    pieces.entries = {
        "unit": unit,
        "label": label[present],
        "votes": votes[present],
        "column": column_of[at_choice],
        "panel": panel[present],
    }
    for name, parts in shares.items():
        pieces.percentages[name] = np.column_stack(parts)[present]


def _labels(
    placed: Sequence[tuple[ChoiceColumns, int]],
    columns: Sequence[Column],
    votes: Ints,
    chunk: Ints,
    labels: ChoiceLabels,
) -> Ints:
    """Index of the label of each choice of each row, -1 where there is none, numbered as `gathering` does it."""
    seen: list[tuple[int, int, int, str]] = []
    codes: list[Ints] = []
    for at, (choice, step) in enumerate(placed):
        if isinstance(choice.label, str):
            texts, code, first = [" ".join(choice.label.split())], np.zeros(len(votes), np.int64), [0]
        else:
            texts, code, first = _join_labels([columns[part + step] for part in choice.label], choice.prefix)
        if max(map(len, texts)) > TEXT_LIMIT:
            raise _NotCleanError
        seen += [(int(chunk[row]), at, row, text) for row, text in zip(first, texts, strict=True)]
        codes.append(code)
    number = {text: labels.number(text) for *_, text in sorted(seen)}
    label = np.full(votes.shape, -1, np.int64)
    texts_at: dict[int, list[str]] = {}
    for _, at, _, text in seen:
        texts_at.setdefault(at, []).append(text)
    for at, code in enumerate(codes):
        label[:, at] = np.array([number[text] for text in texts_at[at]], np.int64)[code]
        if isinstance(placed[at][0].label, str):
            label[votes[:, at] == BLANK, at] = -1
    return label


def _join_labels(parts: Sequence[Column], prefix: str) -> tuple[list[str], Ints, list[int]]:
    """Each different label whose parts stand in columns, for every row the index of its own, and its first row."""
    code: Ints = np.zeros(1, np.int64)
    read = [code_column(part) for part in parts]
    for part in read:
        code = code * max(len(part.labels), 1) + part.codes
    code, first = _number(code)
    texts = [" ".join(" ".join(part.labels[part.codes[row]] for part in read).split()) for row in first]
    return [f"{prefix}{text}" if text else "" for text in texts], code, first


def _number(values: Ints) -> tuple[Ints, list[int]]:
    """For each value the index of its kind, and the first row of each kind."""
    code = np.zeros(len(values), np.int64)
    others = np.flatnonzero(values != values[0])  # often none: each row has its choices in the same order
    if not len(others):
        return code, [0]
    _, first, of_others = np.unique(values[others], return_index=True, return_inverse=True)
    code[others] = of_others + 1
    return code, [0, *others[first].tolist()]


def _has_twice(label: Ints) -> bool:
    """Whether a row has a choice for the second time."""
    if len(label) and (label == label[0]).all() and len(np.unique(label[0])) == label.shape[1]:
        return False  # the same choices in the same order in every row
    ordered = np.sort(label, axis=1)
    return bool(((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any())
