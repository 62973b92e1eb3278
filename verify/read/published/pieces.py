"""What the rows of a table gave, column by column, and the `Published` that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from protocol.insee import departements_of
from protocol.words import msg
from verify.model.figures import Ints, Texts, absent
from verify.model.joins import encode
from verify.model.published import COUNTS, Level, Published
from verify.model.stated import UNSTATED
from verify.model.text_columns import Coded, texts_of
from verify.read.published.cells import TEXT_LIMIT, CellProblems, Report
from verify.read.published.codes import constituency_code, department_code, insee_code, plain_code
from verify.read.published.fields import Fields
from verify.read.published.source import SourceTable
from verify.read.published.stated import stated_in


class ChoiceLabels:
    """The labels of a file, each once, in the order of their first appearance."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._by_text: dict[str, int] = {"": -1}
        self._by_parts: dict[tuple[str, ...], int] = {}

    def numbers(self, columns: Sequence[Sequence[str]], prefix: str, report: Report) -> list[int]:
        """Index of the label of each row whose parts stand in ``columns``; -1 where all of them are empty."""
        rows = len(columns[0])
        if rows > 1 and all(column.count(column[0]) == rows for column in columns):  # the same in every row
            return self.numbers([column[:1] for column in columns], prefix, report) * rows
        parts = list(zip(*columns, strict=True))
        for new in dict.fromkeys(parts):
            if new not in self._by_parts:
                text = " ".join(" ".join(new).split())
                text = f"{prefix}{text}" if text else ""
                if len(text) > TEXT_LIMIT:
                    report(
                        parts.index(new), msg("at most {text_limit} characters", text_limit=TEXT_LIMIT), f"{len(text)}"
                    )
                self._by_parts[new] = self.number(text[:TEXT_LIMIT])
        return list(map(self._by_parts.__getitem__, parts))

    def number(self, text: str) -> int:
        """Index of a label; -1 for an empty one."""
        if text not in self._by_text:
            self._by_text[text] = len(self.all)
            self.all.append(text)
        return self._by_text[text]


@dataclass(slots=True)
class Pieces:
    """What the rows gave, the units one after the other.

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


def empty(table: SourceTable, layout: str, level: Level, title: str, row: int) -> Published:
    """One unit of which nothing is known yet, in this row."""
    pieces = Pieces(np.array([row], np.int64))
    return published_of(
        table, layout, level, Fields({}, {}, ()), title, pieces, ChoiceLabels(), CellProblems(table.file)
    )
