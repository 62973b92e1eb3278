"""French tables by entries: finds where rows have what, for the reader that knows the codes of French places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from verify.model.published import Level, Published
from verify.read import bounds
from verify.read.layouts.columns import HeaderNames, join_parts, parts_of
from verify.read.layouts.language import LEFT_OUT, TOTAL, Layout
from verify.read.layouts.named_columns import choices_of, header_row, level_of
from verify.read.published.fields import Fields, Only
from verify.read.published.gathering import gather
from verify.read.published.pieces import fold, is_row_a_choice
from verify.read.published.source import SourceTable
from verify.read.published.stated import stated_in
from verify.read.tables import headers

_NAME_OF = {"station": "bureau"}
"""The names of places that are others in results than in entries."""
_BY_CANTON = ("dpmt", "cant")
"""The elections whose contests are cantons."""


def read_french(layout: Layout, table: SourceTable) -> list[Published] | None:
    """The results in a table, part by part; None where it is of another layout."""
    at = header_row(layout, table.head)
    if at is None:
        return None
    header, rows = HeaderNames(table.head[at]), table.head[at + 1 :]
    fields = _fields(layout, header)
    if fields is None or _says_too_little(fields, header, rows):
        return None
    of_canton = stated_in(header.cells, rows).kind in _BY_CANTON
    found = [
        _gather(layout, table, at, replace(fields, places=_places_of(level, fields, of_canton)), level, only)
        for level, only in _levels(layout, header)
    ]
    return [each for each in found if len(each.row)] or found[:1]


def _levels(layout: Layout, header: HeaderNames) -> Iterator[tuple[Level, Only | None]]:
    """The levels of the rows, and which rows are of each."""
    of = layout.levels
    at = None if of is None else header.find(of.column)
    if of is None or at is None:
        yield level_of(layout, header), None
        return
    known = tuple(of.values)
    for level in dict.fromkeys(value for value in of.values.values() if value not in (TOTAL, LEFT_OUT)):
        yield Level(level), Only(at, tuple(cell for cell, value in of.values.items() if value == level), known)
        known = ()  # those that are of no level are reported once


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


def _gather(part: Layout, table: SourceTable, at: int, fields: Fields, level: Level, only: Only | None) -> Published:
    header, rows = HeaderNames(table.head[at]), table.head[at + 1 :]
    one_each = fields.step > 0 and all(len(row) <= fields.start + fields.step for row in rows)
    found = gather(
        table,
        part.name,
        level,
        fields,
        first_row=at + 2,
        header=table.head[at],
        title=_title(part, header, rows) or _title_above(table, at),
        only=only,
        units=bounds.rows(table.size) if one_each else None,
    )
    return fold(found) if one_each and is_row_a_choice(found) else found


def _title(part: Layout, header: HeaderNames, rows: Sequence[Sequence[str]]) -> str:
    """The contest of the first row."""
    columns = [header.find(names) for names in parts_of(part.contest)]
    first = rows[0] if rows else ()
    cells = ["" if at is None or at >= len(first) else " ".join(first[at].split()) for at in columns]
    return " ".join(join_parts(part.contest, cells, " ").split()) if any(cells) else ""


def _title_above(table: SourceTable, at: int) -> str:
    first = next((row[0].strip() for row in table.head[:at] if row and row[0].strip()), "")
    return " | ".join(filter(None, (first, table.title)))


def _says_too_little(fields: Fields, header: HeaderNames, rows: Sequence[Sequence[str]]) -> bool:
    """Tell that rows would be taken for those of communes or of a nation: their bureaux are not found."""
    if "bureau" in fields.places or not fields.step:
        return False
    of_bureaux = "bureau" in headers.read(header.cells, signatures=False).at
    return of_bureaux or (not fields.places and sum(map(any, rows)) > 1)


def _fields(part: Layout, header: HeaderNames) -> Fields | None:
    """The columns of a row; None where it has no choice, or one choice only."""
    named = headers.read(header.cells, signatures=False).at.keys()
    if {"choix", "votes"} <= named and not part.choices.in_blocks:
        return None  # with a row for each choice no column is one
    choices, start, step = choices_of(part, header)
    if not choices:
        return None

    def found(wanted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
        return {name: at for name, names in wanted.items() if (at := header.find(names)) is not None}

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
