"""French tables by entries: finds where rows have what, for the reader that knows the codes of French places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from verify.model.figures import sum_groups
from verify.model.published import Level, Published, StatedElection
from verify.read import bounds
from verify.read.counts import parse_count
from verify.read.layouts.columns import HeaderNames, join_parts, parts_of
from verify.read.layouts.identities import VOTES
from verify.read.layouts.language import LEFT_OUT, TOTAL, Layout
from verify.read.layouts.named_columns import choices_of, header_row, level_of
from verify.read.published.fields import Fields, Only
from verify.read.published.gathering import gather
from verify.read.published.pieces import fold, is_row_a_choice
from verify.read.published.source import SourceTable
from verify.read.published.stated import stated_in
from verify.read.rows import COMMENT
from verify.read.tables import headers

_NAME_OF = {"station": "bureau"}
"""The names of places that are others in results than in entries."""
_BY_CANTON = ("dpmt", "cant")
"""The elections whose contests are cantons."""


@dataclass(frozen=True, slots=True)
class _Below:
    """A table below its header, or below the titles of one that has none.

    Attributes:
        table: the file.
        header: names of its columns.
        first: index of the first row.
    """

    table: SourceTable
    header: HeaderNames
    first: int

    def rows(self, only: Only | None = None) -> list[tuple[str, ...]]:
        """The first rows that are not empty, all or those of a part."""
        rows = [row for row in self.table.head[self.first :] if any(row)]
        cells = None if only is None else {cell.casefold() for cell in only.cells}
        if only is None or cells is None:
            return rows
        return [row for row in rows if only.column < len(row) and row[only.column].strip().casefold() in cells]


def read_french(layout: Layout, table: SourceTable) -> list[Published] | None:
    """The results in a table, part by part; None where it is of another layout."""
    below = _below(layout, table)
    fields = None if below is None else _fields(layout, below.header)
    if below is None or fields is None or _says_too_little(fields, below):
        return None
    if layout.headers and not _is_borne_out(layout, below, fields):
        return None
    by_canton = StatedElection.of_text(_title(layout, below, None)).kind in _BY_CANTON
    found: list[Published] = []
    for level, only in _levels(layout, below.header):
        of_level = replace(fields, places=_places_of(level, fields, by_canton))
        results = _gather(layout, below, of_level, level, only)
        told = {(each.row, each.expected, each.got) for other in found for each in other.problems}
        own = (each for each in results.problems if (each.row, each.expected, each.got) not in told)
        found.append(replace(results, problems=tuple(own)))
    return [each for each in found if len(each.row)] or found[:1]


def _below(layout: Layout, table: SourceTable) -> _Below | None:
    """The rows below the header that has all that the layout needs, or from the first on that counts something."""
    if layout.headers:
        rows = enumerate(table.head)
        first = next((at for at, row in rows if any(parse_count(cell) >= 0 for cell in row)), None)
        return None if first is None else _Below(table, HeaderNames(layout.headers), first)
    at = header_row(layout, table.head)
    return None if at is None else _Below(table, HeaderNames(table.head[at]), at + 1)


def _is_borne_out(layout: Layout, below: _Below, fields: Fields) -> bool:
    """Tell that most of the first rows are as wide as the layout says, name a choice and fulfil its checks.

    Above them may be lines of comment, and a header.
    """
    rows = below.rows()
    above = sum(any(row) and not row[0].startswith(COMMENT) for row in below.table.head[: below.first])
    least = (len(rows) + max(above - 1, 0)) // 2 + 1
    if sum(_is_as_wide(row, fields) and _is_counted(row, fields) for row in rows) < least:
        return False
    head = replace(below.table, rows=lambda: map(list, below.table.head), data=b"")
    cells = tuple(layout.levels.values) if layout.levels is not None else ()
    of = None if layout.levels is None else below.header.find(layout.levels.column)
    only = None if of is None else Only(of, cells)
    found = gather(head, layout.name, Level.BUREAU, fields, first_row=below.first + 1, only=only)
    votes = sum_groups(found.votes, found.vote_unit, len(found.row))
    right = np.logical_and.reduce([check.holds({**found.counts, VOTES: votes}) for check in layout.checks])
    letters = np.array([any(map(str.isalpha, label)) for label in found.labels], np.bool_)
    named = np.bincount(found.vote_unit[letters[found.vote_label]], minlength=len(found.row)) > 0
    return int((right & named).sum()) >= least


def _is_as_wide(row: Sequence[str], fields: Fields) -> bool:
    end = max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=0)
    return end >= fields.width and (end - fields.start) % max(fields.step, 1) == 0


def _is_counted(row: Sequence[str], fields: Fields) -> bool:
    return all(parse_count(row[at]) >= 0 for at in fields.counts.values())


def _levels(layout: Layout, header: HeaderNames) -> Iterator[tuple[Level, Only | None]]:
    """The levels of the rows, and which rows are of each."""
    of = layout.levels
    at = None if of is None else header.find(of.column)
    if of is None or at is None:
        yield level_of(layout, header), None
        return
    known = tuple(of.values)
    for cell, level in of.values.items():
        if level not in (TOTAL, LEFT_OUT):
            yield Level(level), Only(at, (cell,), known)


def _places_of(level: Level, fields: Fields, of_canton: bool) -> dict[str, tuple[int, ...]]:
    """The columns of the places of a level; the contest of départementales is a canton."""
    places = dict(fields.places)
    canton = places.pop("canton", None)
    if canton and (level is Level.CANTON or (level is Level.BUREAU and (of_canton or "constituency" not in places))):
        places["constituency"] = canton
    if level not in (Level.BUREAU, Level.CANTON, Level.CONSTITUENCY):
        places.pop("constituency", None)
    if level is not Level.BUREAU:
        places.pop("bureau", None)
    return places


def _gather(part: Layout, below: _Below, fields: Fields, level: Level, only: Only | None) -> Published:
    table, header = below.table, below.header
    one_each = fields.step > 0 and all(len(row) < fields.start + 2 * fields.step for row in below.rows())
    found = gather(
        table,
        part.name,
        level,
        fields,
        first_row=below.first + 1,
        header=part.headers or table.head[below.first - 1],
        title=_title(part, below, only),
        only=only,
        units=bounds.rows(table.size) if one_each else None,
    )
    if part.headers:
        found = replace(found, stated=stated_in(header.cells, below.rows(only)))
    return fold(found) if one_each and (part.headers or is_row_a_choice(found)) else found


def _title(part: Layout, below: _Below, only: Only | None) -> str:
    """The titles of a file, and the contest of the first row of a part; without one what stands above the rows."""
    rows, header, title = below.rows(only), below.header, below.table.title
    columns = [header.find(names) for names in parts_of(part.contest)]
    first = list(rows[0]) if rows else [""] * len(header.cells)
    if only is not None and only.column < len(first):
        first[only.column] = first[only.column] or only.cells[0]
    cells = ["" if at is None or at >= len(first) else " ".join(first[at].split()) for at in columns]
    if any(cells):
        return " ".join((title, *join_parts(part.contest, cells, " ").split())).strip()
    above = (row[0].strip() for row in below.table.head[: max(below.first - 1, 0)] if row)
    return " | ".join(filter(None, (next(filter(None, above), ""), title)))


def _says_too_little(fields: Fields, below: _Below) -> bool:
    """Tell that rows would be taken for those of communes or of a nation: their bureaux are not found."""
    if "bureau" in fields.places or not fields.step:
        return False
    of_bureaux = "bureau" in headers.read(below.header.cells, signatures=False).at
    return of_bureaux or (not fields.places and len(below.rows()) > 1)


def _fields(part: Layout, header: HeaderNames) -> Fields | None:
    """The columns of a row; None where it has no choice, or one choice only."""
    named = headers.read(header.cells, signatures=False).at.keys()
    if {"choix", "votes"} <= named and not part.choices.in_blocks:
        return None  # with a row for each choice no column is one
    choices, start, step = choices_of(part, header)
    if not choices:
        return None

    def found(wanted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
        columns = ((name, header.find(names)) for name, names in wanted.items())
        return {name: at for name, at in columns if at is not None and (not step or at < start)}

    places = {}
    for name, parts in part.place.items():
        if columns := tuple(at for names in parts_of(parts) if (at := header.find(names)) is not None):
            places[name] = columns
    whole = "department" not in places and "department" not in part.constants
    name_of = _NAME_OF | ({"commune_code": "insee"} if whole else {})
    return Fields(
        {name_of.get(name, name): columns for name, columns in places.items()},
        found(part.counts),
        choices,
        found(part.percentages),
        start,
        step,
        {name_of.get(name, name): value for name, value in part.constants.items()},
    )
