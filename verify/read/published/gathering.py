"""From rows to a `Published`: columns read a few thousand rows at a time, for every layout with a row for each unit."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from protocol.errors import cause
from protocol.words import msg
from verify.model.field_names import field_label
from verify.model.figures import Bools, Ints, Texts
from verify.model.joins import encode
from verify.model.published import Level, Published
from verify.model.text_columns import Coded
from verify.read import bounds
from verify.read.bounds import MAX_COLUMNS
from verify.read.published.at_once import CHUNK, Only, read_at_once
from verify.read.published.cells import (
    CODE_LIMIT,
    NAME_LIMIT,
    PERCENTAGE_LIMIT,
    TOTALS,
    CellProblems,
    Report,
    counts,
    texts,
)
from verify.read.published.codes import spoilt
from verify.read.published.fields import Fields, unused_columns, with_counts
from verify.read.published.pieces import ChoiceLabels, Pieces, naming, published_of, with_totals
from verify.read.published.source import HEAD_ROWS, SourceTable

_CHUNK_CELLS = 2**21
"""Cells of the rows that are read together, where there are fewer rows than in a chunk."""


@dataclass(slots=True)
class _GatheredRows:
    """What the rows gave so far, a piece for each chunk."""

    row: list[Ints] = field(default_factory=list)
    places: dict[str, list[Texts]] = field(default_factory=dict)
    counts: dict[str, list[Ints]] = field(default_factory=dict)
    percentages: dict[str, list[Texts]] = field(default_factory=dict)
    entries: dict[str, list[Ints]] = field(default_factory=dict)
    totals: list[tuple[int, list[str]]] = field(default_factory=list)
    units: int = 0
    votes: int = 0


def gather(
    table: SourceTable,
    layout: str,
    level: Level,
    fields: Fields,
    *,
    first_row: int,
    title: str = "",
    header: Sequence[str] = (),
    kept: Callable[[Sequence[str]], bool] | None = None,
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
        kept: says of a row whether it belongs to this table.
        only: the same in other words, if it can be said in them.
        units: how many units there may be, by default as many as a file of its size has places.
    """
    fields = with_counts(fields, header)
    units = bounds.places(table.size) if units is None else units
    labels = ChoiceLabels()
    clean = None
    if (kept is None and table.data.count(b"\n") <= units + HEAD_ROWS) or only is not None:
        clean = read_at_once(table, fields, first_row, header, labels, only)
    if clean is not None and _is_within(clean, units, table.size):
        found = published_of(table, layout, level, fields, title, clean, labels, CellProblems(table.file), first_row)
        return replace(found, unused=unused_columns(fields, header, table.head[first_row - 1 :]))
    problems = CellProblems(table.file)
    labels = ChoiceLabels()
    pieces = _GatheredRows()
    most = bounds.entries(table.size)
    for numbers, rows in _chunks(table, problems, first_row):
        if table.trimmed:
            rows = [_fill_row(row, fields, len(header)) for row in rows]
        chosen = _regular(numbers, rows, fields, problems, header, kept, pieces.totals)
        if chosen:
            _read(pieces, chosen, fields, labels, problems, header)
        if pieces.units > units or pieces.votes > most:
            problems.add(
                numbers[-1],
                None,
                msg("at most {units} units and {most} votes", units=units, most=most),
                msg("more: the rest is not read"),
            )
            break
    found = published_of(table, layout, level, fields, title, _join_pieces(pieces), labels, problems, first_row)
    found = replace(found, unused=unused_columns(fields, header, table.head[first_row - 1 :]))
    return with_totals(found, pieces.totals, fields) if pieces.totals else found


def _is_within(pieces: Pieces, units: int, size: int) -> bool:
    votes = len(pieces.entries.get("votes", ()))
    rows = int(pieces.row.max(initial=0))
    return len(pieces.row) <= units and votes <= bounds.entries(size) and rows < bounds.cells(size)


def _chunks(table: SourceTable, problems: CellProblems, first_row: int) -> Iterator[tuple[list[int], list[list[str]]]]:
    numbered = itertools.islice(enumerate(table.rows(), 1), first_row - 1, None)
    ended = False
    while not ended:
        numbers: list[int] = []
        rows: list[list[str]] = []
        try:
            cells = 0
            for number, row in itertools.islice(numbered, CHUNK):
                numbers.append(number)
                rows.append(row)
                cells += len(row)
                if cells > _CHUNK_CELLS:
                    break
        except csv.Error as error:
            row_number = numbers[-1] + 1 if numbers else None
            problems.add(
                row_number,
                None,
                msg("cells between delimiters"),
                msg("{error}: the rest is not read", error=cause(error)),
            )
            ended = True
        if not numbers:
            return
        yield numbers, rows
        if numbers[-1] >= bounds.cells(table.size):
            expected = msg("at most {size} rows", size=bounds.cells(table.size))
            problems.add(numbers[-1], None, expected, msg("more: the rest is not read"))
            ended = True


def _fill_row(row: list[str], fields: Fields, full: int) -> list[str]:
    """A row of a sheet with the empty cells at its end that its last block, or its table, still has."""
    lacking = -(len(row) - fields.start) % fields.step if fields.step else full - len(row)
    return row + [""] * lacking if len(row) >= fields.least else row


def _regular(
    numbers: list[int],
    rows: list[list[str]],
    fields: Fields,
    problems: CellProblems,
    header: Sequence[str],
    kept: Callable[[Sequence[str]], bool] | None,
    totals: list[tuple[int, list[str]]],
) -> list[tuple[int, list[str]]]:
    """The rows that can be read: not empty, long enough, of whole blocks; whatever is not so is reported.

    Rows that sum up others are put into ``totals``.
    """
    start, step, least = fields.start, fields.step, fields.least
    full = len(header) if not step else 0
    width = fields.width if not step else 0
    named = naming(fields)
    fits: dict[int, bool] = {}
    chosen: list[tuple[int, list[str]]] = []
    for number, row in zip(numbers, rows, strict=True):
        length = len(row)
        if length not in fits:
            even = (length - start) % step == 0 if step else length == full
            fits[length] = least <= length <= MAX_COLUMNS and even
        if not fits[length]:
            if not any(map(str.strip, row)):
                continue
            if not least <= length <= MAX_COLUMNS:
                problems.add(
                    number,
                    None,
                    msg("{least} to {max_columns} cells", least=least, max_columns=MAX_COLUMNS),
                    msg("{length}: not read", length=length),
                )
                continue
            whole = length - (length - start) % step if step else min(full, length)
            if length < width or any(map(str.strip, row[whole:])):
                expected = (
                    msg("{start} cells and {step} for each choice", start=start, step=step)
                    if step
                    else msg("{full} cells", full=full)
                )
                problems.add(number, None, expected, f"{length}")
            row = row[:whole] + [""] * (width - whole)
        if kept is not None and not kept(row):
            continue
        if any(row[column].casefold().startswith(TOTALS) for column in named):
            totals.append((number, row))
        elif any(row):
            chosen.append((number, row))
    return chosen


def _read(
    pieces: _GatheredRows,
    chosen: list[tuple[int, list[str]]],
    fields: Fields,
    labels: ChoiceLabels,
    problems: CellProblems,
    header: Sequence[str],
) -> None:
    numbers = [number for number, _ in chosen]
    columns = list(itertools.zip_longest(*(row for _, row in chosen), fillvalue=""))

    def named(column: int) -> Report:
        name = header[column] if column < len(header) and header[column].strip() else f"{column + 1}"
        return lambda index, expected, got: problems.add(numbers[index], name, expected, got)

    pieces.row.append(np.array(numbers, np.int64))
    for place, column in fields.places.items():
        limit = NAME_LIMIT if place == "commune" else CODE_LIMIT
        read = texts(columns[column], named(column), limit)
        if place != "commune":
            _repair(read, place, named(column))
        pieces.places.setdefault(place, []).append(read)
    for name, column in fields.counts.items():
        pieces.counts.setdefault(name, []).append(counts(columns[column], named(column)))
    for name, column in fields.percentages.items():
        pieces.percentages.setdefault(name, []).append(texts(columns[column], named(column), PERCENTAGE_LIMIT))
    _read_choices(pieces, columns, len(chosen), fields, labels, named, problems, numbers)
    pieces.units += len(chosen)


def _repair(codes: Texts, place: str, report: Report) -> None:
    """Report the codes that a spreadsheet spoilt, and put what they most likely were where that can be known."""
    for code in np.unique(codes):
        if (found := spoilt(str(code))) is not None:
            where = codes == code
            codes[where] = found[1] or code
            for index in np.flatnonzero(where):
                report(int(index), msg("a code ({place})", place=field_label(place)), found[0])


def _read_choices(
    pieces: _GatheredRows,
    columns: list[tuple[str, ...]],
    units: int,
    fields: Fields,
    labels: ChoiceLabels,
    named: Callable[[int], Report],
    problems: CellProblems,
    numbers: list[int],
) -> None:
    """Votes of all choices of a chunk, by unit and then from left to right."""
    choices = fields.choices
    steps = range(0, len(columns) - fields.start, fields.step) if fields.step else range(1)
    placed = [(choice, step) for step in steps for choice in choices]
    shape = (units, len(placed))
    votes, label, panel = (np.empty(shape, np.int64) for _ in range(3))
    shares: dict[str, list[Texts]] = {name: [] for choice in choices for name in choice.percentages}
    unknown = np.zeros(units, "U1")
    for at, (choice, step) in enumerate(placed):
        cells = columns[choice.votes + step]
        report = named(choice.votes + step)
        votes[:, at] = counts(cells, report)
        if isinstance(choice.label, str):
            filled = np.fromiter(map(bool, map(str.strip, cells)), np.bool_, units)
            label[:, at] = np.where(filled, labels.numbers([[choice.label]], "", report)[0], -1)
        else:
            label[:, at] = labels.numbers([columns[part + step] for part in choice.label], choice.prefix, report)
            for index in np.flatnonzero((label[:, at] < 0) & (votes[:, at] >= 0)):
                report(int(index), msg("the name of a choice for these votes"), cells[index])
        panel[:, at] = 0
        if choice.panel is not None:
            number = choice.panel + step
            panel[:, at] = np.maximum(counts(columns[number], named(number)), 0)
        for name, parts in shares.items():
            if (column := choice.percentages.get(name)) is None:
                parts.append(unknown)
            else:
                parts.append(texts(columns[column + step], named(column + step), PERCENTAGE_LIMIT))
    present = _once(label, numbers, labels, problems)
    unit, at_choice = np.nonzero(present)
    column_of = np.array([choice.votes + step + 1 for choice, step in placed], np.int64)
    for key, values in (
        ("unit", unit + pieces.units),
        ("label", label[present]),
        ("votes", votes[present]),
        ("column", column_of[at_choice]),
        ("panel", panel[present]),
    ):
        pieces.entries.setdefault(key, []).append(np.asarray(values, np.int64))
    for name, parts in shares.items():
        pieces.percentages.setdefault(name, []).append(_table(parts, units)[present])
    pieces.votes += len(unit)


def _table(columns: list[Texts], units: int) -> Texts:
    return np.column_stack(columns) if columns else np.zeros((units, 0), "U1")


def _once(label: Ints, numbers: list[int], labels: ChoiceLabels, problems: CellProblems) -> Bools:
    """Where there is a choice that its row has not had already; the second one is reported and left out."""
    present = np.asarray(label >= 0)
    ordered = np.argsort(label, axis=1, kind="stable")
    by_label = np.take_along_axis(label, ordered, axis=1)
    again = (by_label[:, 1:] == by_label[:, :-1]) & (by_label[:, 1:] >= 0)
    for unit, at in zip(*np.nonzero(again), strict=True):
        present[unit, ordered[unit, at + 1]] = False
        name = labels.all[int(by_label[unit, at])]
        problems.add(numbers[int(unit)], None, msg("each choice once"), msg("{name} twice", name=name))
    return present


def _join_pieces(pieces: _GatheredRows) -> Pieces:
    """All pieces as one, each kind of them let go as soon as it is joined."""

    def whole(parts: dict[str, list[Any]]) -> Iterator[tuple[str, Any]]:
        for name in list(parts):
            yield name, np.concatenate(parts.pop(name))

    return Pieces(
        np.concatenate(pieces.row) if pieces.row else np.zeros(0, np.int64),
        {name: Coded(*encode(texts)) for name, texts in whole(pieces.places)},
        dict(whole(pieces.counts)),
        dict(whole(pieces.percentages)),
        dict(whole(pieces.entries)),
    )
