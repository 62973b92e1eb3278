"""Content of a table's rows, column by column, and the `Published` that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from protocol.errors import InputError
from protocol.insee import departements_of
from protocol.words import msg
from verify.model.bureau_codes import Coded, texts_of
from verify.model.figures import MISSING, Bools, Ints, Texts, absent, encode
from verify.model.published import COUNTS, UNSTATED, Level, Published
from verify.read.counts import parse_count
from verify.read.published.cells import TEXT_LIMIT, CellProblems
from verify.read.published.codes import constituency_code, department_code, insee_code, plain_code
from verify.read.published.fields import Fields
from verify.read.published.source import SourceTable
from verify.read.published.stated import stated_in
from verify.read.rows import Problems


class ChoiceLabels:
    """The labels of a file, each once, in the order of their first appearance."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._by_text: dict[str, int] = {"": -1}

    def number(self, text: str) -> int:
        """Index of a label; -1 for an empty one."""
        if text not in self._by_text:
            self._by_text[text] = len(self.all)
            self.all.append(text)
        return self._by_text[text]


@dataclass(slots=True)
class Pieces:
    """Content of the rows, the units one after the other.

    Attributes:
        row: of each unit in the file, shape ``(n,)``.
        places: for each place that the layout has, codes as the file writes them.
        counts: for each count that it has, shape ``(n,)``.
        percentages: as in `Published`.
        entries: ``unit``, ``label``, ``votes``, ``column`` and ``panel`` of each vote, shape ``(m,)``.
    """

    row: Ints
    places: dict[str, Coded] = field(default_factory=dict)
    counts: dict[str, Ints] = field(default_factory=dict)
    percentages: dict[str, Texts] = field(default_factory=dict)
    entries: dict[str, Ints] = field(default_factory=dict)


def published_of(
    table: SourceTable,
    layout: str,
    level: Level,
    fields: Fields,
    title: str,
    pieces: Pieces,
    labels: ChoiceLabels,
    problems: CellProblems,
    first_row: int = 0,
) -> Published:
    """The results that a table holds; the row above the first one, if there is any, is its header."""
    n = len(pieces.row)

    def place(name: str) -> Coded:
        constant = Coded((fields.constants.get(name, ""),), np.zeros(n, np.int32))
        return pieces.places.get(name, constant)

    def entries(name: str) -> Ints:
        return pieces.entries.get(name, np.zeros(0, np.int64))

    whole = "insee" in fields.places or "insee" in fields.constants
    department, insee = _codes(place("department"), place("insee" if whole else "commune_code"), whole)
    return Published(
        file=table.file,
        sha256=table.sha256,
        layout=layout,
        level=level,
        title=title or table.title,
        row=pieces.row,
        insee=insee,
        department=department,
        region=_change_labels(place("region"), plain_code),
        commune=_change_labels(place("commune"), str),
        constituency=_change_labels(place("constituency"), constituency_code),
        bureau=_change_labels(place("bureau"), str),
        counts={name: pieces.counts.get(name, absent((n,))) for name in COUNTS},
        labels=tuple(labels.all),
        vote_unit=entries("unit"),
        vote_label=entries("label"),
        votes=entries("votes"),
        vote_column=entries("column"),
        panel=entries("panel"),
        percentages=pieces.percentages,
        problems=problems.all(),
        stated=UNSTATED if first_row < 2 else stated_in(table.head[first_row - 2], table.head[first_row - 1 :]),
    )


def _codes(department: Coded, commune: Coded, whole: bool) -> tuple[Texts, Texts]:
    """Départements in one form, and INSEE codes, both of shape ``(n,)``; the former from the latter where need be."""
    if whole:
        insee = _change_labels(commune, lambda code: insee_code(code[:2], code))
    else:
        pairs, pair = np.unique(
            department.codes.astype(np.int64) * len(commune.labels) + commune.codes, return_inverse=True
        )
        of = ((department.labels[at], commune.labels[code]) for at, code in _split(pairs, len(commune.labels)))
        insee = texts_of(Coded(tuple(insee_code(*both) for both in of), pair))
    if not len(department.codes) or any(department.labels[code] for code in np.unique(department.codes).tolist()):
        return _change_labels(department, department_code), insee
    return departements_of(insee), insee


def _split(pairs: Ints, base: int) -> list[tuple[int, int]]:
    return list(zip(*(part.tolist() for part in np.divmod(pairs, max(base, 1))), strict=True))


def each(values: Texts, change: Callable[[str], str]) -> Texts:
    """The same change for every value, made once for each different one."""
    return _change_labels(Coded(*encode(values)), change)


def _change_labels(column: Coded, change: Callable[[str], str]) -> Texts:
    return texts_of(Coded(tuple(map(change, column.labels)), column.codes))


_ENTRY_COLUMNS = ("vote_unit", "vote_label", "votes", "vote_column", "panel")
_PLACES = ("insee", "department", "region", "commune", "constituency", "bureau")
_OF_A_CHOICE = "votes/"
"""Beginnings of the names of percentages of each choice; the others are of units."""


def is_row_a_choice(rows: Published) -> bool:
    """Test whether rows have one choice each, and most rows of one place different ones."""
    if not len(rows.vote_unit) or np.bincount(rows.vote_unit).max() > 1:
        return False
    heads, unit = _units(rows)
    again = len(rows.row) - len(heads)
    pairs = len(np.unique(np.stack([unit[rows.vote_unit], rows.vote_label]), axis=1)[0])
    return 2 * (pairs - len(heads)) > again > 0


def fold(rows: Published) -> Published:
    """Rows of one choice each made into units with all their choices; a unit's counts must agree in all its rows."""
    head, unit_of_row = _units(rows)
    problems = Problems()
    for name, values in rows.counts.items():
        for row in np.flatnonzero(values != values[head[unit_of_row]]):
            expected = msg(
                "the count of row {row}, {values}",
                row=rows.row[head[unit_of_row[row]]],
                values=values[head[unit_of_row[row]]],
            )
            problems.append(InputError(rows.file, int(rows.row[row]), name, expected, str(values[row])))
    unit = unit_of_row[rows.vote_unit]
    kept = _first_of_each(unit, rows.vote_label)
    for entry in np.flatnonzero(~kept):
        got = msg("{labels} a second time", labels=rows.labels[rows.vote_label[entry]])
        problems.append(InputError(rows.file, int(rows.row[rows.vote_unit[entry]]), None, msg("each choice once"), got))
    by_unit = np.flatnonzero(kept)[np.argsort(unit[kept], kind="stable")]
    entries = {name: getattr(rows, name)[by_unit] for name in _ENTRY_COLUMNS} | {"vote_unit": unit[by_unit]}
    return replace(
        rows,
        **{name: getattr(rows, name)[head] for name in ("row", *_PLACES)},
        **entries,
        counts={name: values[head] for name, values in rows.counts.items()},
        percentages=_percentages(rows, head, by_unit),
        problems=(*rows.problems, *problems.all()),
    )


def _units(rows: Published) -> tuple[Ints, Ints]:
    """The first row of each unit, in the order of the rows, and the index of the unit of each row."""
    names = [getattr(rows, name) for name in _PLACES]  # abroad and overseas have no common prefix
    starts = np.ones(len(rows.row), np.bool_)
    starts[1:] = np.logical_or.reduce([name[1:] != name[:-1] for name in names])
    heads = np.flatnonzero(starts)  # the rows of a unit follow each other, most often
    keys = np.rec.fromarrays([name[heads] for name in names])
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    first, inverse = heads[first], inverse[np.cumsum(starts) - 1]
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse]


def _percentages(rows: Published, head: Ints, entries: Ints) -> Mapping[str, Texts]:
    return {
        name: np.asarray(values, np.str_)[entries if name.startswith(_OF_A_CHOICE) else head]
        for name, values in rows.percentages.items()
    }


def _first_of_each(unit: Ints, label: Ints) -> Bools:
    pair = unit * (int(label.max(initial=0)) + 1) + label
    first = np.zeros(len(pair), np.bool_)
    first[np.unique(pair, return_index=True)[1]] = True
    return first


def naming(fields: Fields) -> list[int]:
    """The columns that say whether a row is a total: the first one, the commune and the bureau."""
    return sorted({0, *(at for name in ("commune", "bureau") for at in fields.places.get(name, ()))})


class CellRows(Protocol):
    """Rows of a table: their numbers, and the cells of a column."""

    row: Ints

    def cells(self, at: int) -> list[str]:
        """The cells of a column, as they are written."""


def with_totals(published: Published, totals: CellRows, fields: Fields) -> Published:
    """Published results with what their rows of totals show.

    Args:
        published: the results.
        totals: the rows of totals.
        fields: where everything stands in a row.
    """
    from verify.read.tables.totals import not_counted, totals_off

    columns = [totals.cells(at) for at in naming(fields)]
    said = [" ".join(filter(None, map(str.strip, row)))[:TEXT_LIMIT] for row in zip(*columns, strict=True)]
    numbers = np.concatenate([published.row, totals.row]).astype(np.int64)
    order = np.argsort(numbers, kind="stable")
    place = np.argsort(order)

    def merged(values: Ints, column: int) -> Ints:
        return np.concatenate([values, np.array(list(map(parse_count, totals.cells(column))), np.int64)])[order]

    figures = {name: merged(published.counts[name], column) for name, column in fields.counts.items()}
    number_of = {label: number for number, label in enumerate(published.labels)}
    for choice in fields.choices:
        if isinstance(choice.label, str) and (number := number_of.get(" ".join(choice.label.split()))) is not None:
            figures[published.labels[number]] = merged(votes_of(published, number), choice.votes)
    communes = [*published.commune.tolist(), *([""] * len(said))]
    of = {int(place[len(published.row) + at]): name for at, name in enumerate(said)}
    found = [not_counted(f"{published.file}:{row}", name) for row, name in zip(totals.row, said, strict=True)]
    off = totals_off(of, [communes[at] for at in order.tolist()], figures)
    found += [each.flaw(int(numbers[order[each.row]]), published.file) for each in off]
    return replace(published, flaws=(*published.flaws, *found))


def votes_of(published: Published, label: int) -> Ints:
    """The votes of one choice in each unit, MISSING where it has none; shape ``(n,)``."""
    votes = np.full(len(published.row), MISSING, np.int64)
    own = published.vote_label == label
    votes[published.vote_unit[own]] = published.votes[own]
    return votes
