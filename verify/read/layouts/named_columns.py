"""The columns of a table that an entry names: by what it is recognised, what a row stands for, where choices are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from verify.model.published import COUNTS, Level
from verify.read.layouts.columns import BRACED, CellTable, HeaderNames
from verify.read.layouts.language import Layout, Names, Parts, fitting, is_pattern
from verify.read.published.cells import TEXT_LIMIT
from verify.read.published.fields import is_figure
from verify.read.published.stated import is_stated
from verify.read.tables import headers

_LEVELS = (
    ("station", Level.BUREAU),
    ("commune_code", Level.COMMUNE),
    ("commune", Level.COMMUNE),
    ("constituency", Level.CONSTITUENCY),
    ("department", Level.DEPARTMENT),
    ("region", Level.REGION),
)


def header_row(layout: Layout, head: Sequence[Sequence[str]]) -> int | None:
    """The index of the first row that has all headers that a layout needs; None for none."""
    for at, row in enumerate(head):
        header = HeaderNames(row)
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
    found |= {at for each in choices.percentages.values() for at in header.find_all(each)}
    return found | {at for at, _ in choice_columns(part, header)}


def parts_of(parts: Parts) -> list[Names]:
    """The columns of a list, or of a template."""
    return [(name,) for name in BRACED.findall(parts)] if isinstance(parts, str) else list(parts)


def level_of(layout: Layout, header: HeaderNames) -> Level:
    """The level of a row: that of the layout, else the finest place that the table has."""
    if layout.level is not None:
        return layout.level
    return next((level for place, level in _LEVELS if _has(layout, place, header)), Level.NATION)


def _has(layout: Layout, place: str, header: HeaderNames) -> bool:
    parts = layout.place.get(place, ())
    return any(header.find(names) is not None for names in parts_of(parts))


def _rest(part: Layout, header: HeaderNames) -> Iterator[int]:
    """The columns right of all counts that are known to be nothing else than choices."""
    used = {at for parts in part.place.values() for names in parts_of(parts) for at in header.find_all(names)}
    counted = [at for names in part.counts.values() for at in header.find_all(names)]
    for at in range(max(counted, default=0) + 1, len(header.cells)):
        said = header.cells[at]
        if at not in used and not (is_stated(said) or headers.is_other(said) or headers.meaning_of(said) in COUNTS):
            yield at


def choice_columns(part: Layout, header: HeaderNames) -> list[tuple[int, str]]:
    """The columns that are a choice each, with its name."""
    choices = part.choices
    columns = header.find_all(choices.columns)
    if choices.rest:
        columns += _rest(part, header)
    if choices.first or choices.last:
        first = header.find((choices.first,)) if choices.first else 0
        last = header.find((choices.last,)) if choices.last else len(header.cells) - 1
        if first is not None and last is not None:
            columns += range(first, last + 1)
    but = set(header.find_all(choices.but))
    found = ((at, _label_of(choices.columns, header.cells[at])) for at in sorted(set(columns) - but))
    return [(at, label[:TEXT_LIMIT]) for at, label in found if label]


def percentage_columns(names: Names, header: HeaderNames) -> dict[str, int]:
    """The columns of a percentage of each choice, by the choice that they name."""
    return {_label_of(names, header.cells[at]): at for at in header.find_all(names)}


def _label_of(names: Names, cell: str) -> str:
    """The choice that a header names: the groups of the regular expression that it fits, else the whole of it."""
    for name in names:
        if is_pattern(name) and (found := fitting(name, (cell,))) and found[0] is not None:
            return found[0]
    return cell
