"""French tables by entries: finds where rows have what, for the reader that knows the codes of French places."""

from __future__ import annotations

from verify.model.published import Published
from verify.read.layouts.columns import HeaderNames
from verify.read.layouts.language import Layout
from verify.read.layouts.named_columns import choice_columns, level_of, parts_of, percentage_columns
from verify.read.published.fields import ChoiceColumns, Fields
from verify.read.published.gathering import gather
from verify.read.published.source import SourceTable
from verify.read.published.stated import plain, read_title
from verify.read.tables import headers


def read_french(layout: Layout, table: SourceTable) -> list[Published] | None:
    """The results in a table whose first row is its header; None where it is of another layout."""
    header = HeaderNames(table.head[0] if table.head else ())
    if any(header.find(names) is None for names in layout.needs):
        return None
    fields = _fields(layout, header)
    if fields is None:
        return None
    level = level_of(layout, header)
    title = read_title(table.head, *(plain(name) for names in parts_of(layout.contest) for name in names))
    return [gather(table, layout.name, level, fields, first_row=2, header=table.head[0], title=title)]


def _fields(layout: Layout, header: HeaderNames) -> Fields | None:
    """The columns of a row; None where it has no choice, or one choice only."""
    if {"choix", "votes"} <= headers.read(header.cells, signatures=False).at.keys():
        return None  # with a row for each choice no column is one
    has_department = any(header.find(names) is not None for names in parts_of(layout.place.get("department", ())))
    name_of = {"station": "bureau", "commune_code": "commune_code" if has_department else "insee"}
    places = {
        name_of.get(name, name): at
        for name, parts in layout.place.items()
        for names in parts_of(parts)
        if (at := header.find(names)) is not None
    }
    constants = {name_of.get(name, name): value for name, value in layout.constants.items()}
    counts = {name: at for name, names in layout.counts.items() if (at := header.find(names)) is not None}
    ratios = {name: at for name, names in layout.percentages.items() if (at := header.find(names)) is not None}
    shares = {name: percentage_columns(names, header) for name, names in layout.choices.percentages.items()}
    choices = [
        ChoiceColumns(at, label, percentages={name: of[label] for name, of in shares.items() if label in of})
        for at, label in choice_columns(layout, header)
    ]
    return Fields(places, counts, tuple(choices), ratios, constants=constants) if choices else None
