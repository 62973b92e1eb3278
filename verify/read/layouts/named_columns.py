"""The columns of a table that an entry names: by what it is recognised, what a row stands for, where choices are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verify.model.published import COUNTS, Level
from verify.read.cells import fitting, is_pattern
from verify.read.layouts.columns import CellTable, HeaderNames, header_names, parts_of
from verify.read.layouts.language import Layout, Names, Parts
from verify.read.published.cells import TEXT_LIMIT
from verify.read.published.fields import ChoiceColumns, is_figure, placed
from verify.read.published.stated import is_stated, plain
from verify.read.tables import headers

_NUMBER = re.compile(r"[ _]*[0-9]{1,3}$")
"""The number of a choice behind the names of its columns."""
_NAMELESS = re.compile(r"(?:unnamed: ?|\.\.\.)?[0-9]*", re.IGNORECASE)
"""A column without a name, and what programs that copy a table call it: ``Unnamed: 26``, ``...27``."""
_ENOUGH = ("registered", "valid")
"""The counts that the blocks of choices follow, with others between them."""
_LEVELS = (
    ("station", Level.BUREAU),
    ("commune_code", Level.COMMUNE),
    ("commune", Level.COMMUNE),
    ("constituency", Level.CONSTITUENCY),
    ("canton", Level.CANTON),
    ("department", Level.DEPARTMENT),
    ("region", Level.REGION),
)


def header_row(layout: Layout, head: Sequence[Sequence[str]]) -> int | None:
    """The index of the first row that has all headers that a layout needs; None for none."""
    for at, row in enumerate(head):
        header = header_names(tuple(row))
        if all(header.find(names) is not None for names in layout.needs):
            return at
    return None


def unused_columns(layout: Layout, cells: CellTable) -> tuple[str, ...]:
    """Headers of columns of figures that the entry does not name."""
    used: set[int] = set(cells.header.find_all(layout.ignored))
    for part in layout.parts:
        used |= _named(part, cells.header)
    return tuple(
        cells.header.cells[at]
        for at, column in enumerate(cells.columns)
        if at not in used and cells.header.cells[at] and any(map(is_figure, column.labels))
    )


def _named(part: Layout, header: HeaderNames) -> set[int]:
    """The columns that an entry names anywhere."""
    choices = part.choices
    names = [*part.counts.values(), *choices.parts, choices.votes, *part.needs, *part.percentages.values()]
    names += [each.column for each in (part.quantity_rows, part.levels) if each is not None]
    names += [column for column, _ in part.totals]
    for parts in (*part.place.values(), part.contest, choices.label):
        names += parts_of(parts)
    found = {at for each in names if (at := header.find(each)) is not None}
    of_choices = placed(*choices_of(part, header), len(header.cells))
    return found | {at + step for choice, step in of_choices for at in choice.columns}


def level_of(layout: Layout, header: HeaderNames) -> Level:
    """The level of a row: that of the layout, else the finest place that the table has."""
    if layout.level is not None:
        return layout.level
    return next((level for place, level in _LEVELS if _has(layout, place, header)), Level.NATION)


def _has(layout: Layout, place: str, header: HeaderNames) -> bool:
    parts = layout.place.get(place, ())
    return any(header.find(names) is not None for names in parts_of(parts))


def _rest(part: Layout, header: HeaderNames) -> Iterator[int]:
    """The columns that are known to be nothing else than choices, from the first on, else right of all counts."""
    places = (names for parts in part.place.values() for names in parts_of(parts))
    used = {at for names in places for at in header.find_all(names)}
    counted = {at for names in part.counts.values() for at in header.find_all(names)}
    first = header.find((part.choices.first,)) if part.choices.first else max(counted, default=0) + 1
    for at in range(first or 0, len(header.cells)):
        said = header.cells[at]
        known = is_stated(said) or headers.is_other(said) or headers.meaning_of(said) in COUNTS
        if at not in used | counted and not known:
            yield at


def choices_of(part: Layout, header: HeaderNames) -> tuple[tuple[ChoiceColumns, ...], int, int]:
    """The choices that have columns, in their order; of blocks the first, with their start and their size."""
    if part.choices.in_blocks:
        return _first_block(part, HeaderNames([_NUMBER.sub("", cell) for cell in header.cells]))
    names = [_by_choice(each, header) for each in parts_of(part.choices.names)]
    shares = {ratio: _by_choice(each, header) for ratio, each in part.choices.percentages.items()}
    found = []
    columns = _columns_of_votes(part, header)
    if names:  # by number or letter: records of JSON have their columns in any order
        columns.sort(key=lambda each: (len(each[1]), each[1]))
    for at, label in columns:
        own = tuple(of[label] for of in names if label in of)
        if own or not names:
            percentages = {ratio: of[label] for ratio, of in shares.items() if label in of}
            found.append(
                ChoiceColumns(at, own or label, percentages=percentages, prefix=_before_name(part.choices.names))
            )
    return tuple(found), 0, 0


def _columns_of_votes(part: Layout, header: HeaderNames) -> list[tuple[int, str]]:
    """The columns that are a choice each, with its name."""
    choices = part.choices
    columns = header.find_all(choices.columns)
    if choices.rest:
        columns += _rest(part, header)
    elif choices.first or choices.last:
        first = header.find((choices.first,)) if choices.first else 0
        last = header.find((choices.last,)) if choices.last else len(header.cells) - 1
        if first is not None and last is not None:
            columns += range(first, last + 1)
    but = set(header.find_all(choices.but))
    found = ((at, _label_of(choices.columns, header.cells[at])) for at in sorted(set(columns) - but))
    return [(at, label[:TEXT_LIMIT]) for at, label in found if label]


def _first_block(part: Layout, header: HeaderNames) -> tuple[tuple[ChoiceColumns, ...], int, int]:
    """The block of columns right of the counts: up to where its first header comes again, or the headers end."""
    choices, cells = part.choices, list(header.cells)
    while cells and _NAMELESS.fullmatch(cells[-1]):  # only the first block has a header, the rest is empty
        cells.pop()
    places = (names for parts in part.place.values() for names in parts_of(parts))
    named = (*places, *part.counts.values(), *part.percentages.values(), part.ignored)
    known = {at for names in named for at in header.find_all(names)}
    counted = [at for name in _ENOUGH if (at := header.find(part.counts.get(name, ()))) is not None]
    start = next((at for at in range(max(counted, default=0) + 1, len(cells)) if at not in known), len(cells))
    again = (at for at in range(start + 1, len(cells)) if plain(cells[at]) == plain(cells[start]))
    block = HeaderNames(cells[start : next(again, len(cells))])
    label = tuple(start + at for names in parts_of(choices.names) if (at := block.find(names)) is not None)
    votes, panel = block.find(choices.columns), block.find(choices.panel)
    if not label or votes is None:
        return (), 0, 0
    shares = ((ratio, block.find(names)) for ratio, names in choices.percentages.items())
    percentages = {ratio: start + at for ratio, at in shares if at is not None}
    number = None if panel is None else start + panel
    choice = ChoiceColumns(start + votes, label, number, percentages, _before_name(choices.names))
    return (choice,), start, len(block.cells)


def _before_name(names: Parts) -> str:
    return names.partition("{")[0] if isinstance(names, str) else ""


def _by_choice(names: Names, header: HeaderNames) -> dict[str, int]:
    """The columns that belong to a choice each, by the choice that they name."""
    return {_label_of(names, header.cells[at]): at for at in header.find_all(names)}


def _label_of(names: Names, cell: str) -> str:
    """The choice that a header names: the groups of the regular expression that it fits, else the whole of it."""
    for name in names:
        if is_pattern(name) and (found := fitting(name, (cell,))) and found[0] is not None:
            return found[0]
    return cell
