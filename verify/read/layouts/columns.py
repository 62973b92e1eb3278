"""The columns of a table that an entry names: by what it is recognised, what a row stands for, where choices are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import zip_longest

from verify.model.bureau_codes import Coded
from verify.model.identity import is_stated, plain, stating
from verify.model.published import COUNTS, FRANCE, Level
from verify.read.cells import fitting, is_pattern, rows_with
from verify.read.layouts.language import Layout, Names, Parts
from verify.read.published.cells import is_figure
from verify.read.tables import headers

_NTH = re.compile(r"(.*)#([1-9][0-9]{0,3})", re.DOTALL)
BRACED = re.compile(r"\{([^{}]*)\}")
_NOTHING_IN = re.compile(r"\s*(?:\(\s*\)|\[\s*\])")


class HeaderNames:
    """The headers of a table; one that an entry names is found as it is written, else by its letters and digits.

    A column is called by what the lower rows of the header say where its own cell is blank, or stands over the columns
    right of it as well; it is found by that, and by each of its cells.

    Args:
        cells: the headers.
        lower: the cells of lower rows of the header.
        above: the cells of the row right above it, each of which stands over the columns up to the next one.

    Attributes:
        above: the same.
        written: the cells of its first row.
        cells: the names of the columns.
        below: the same, each behind what stands above it; empty where nothing does.
    """

    def __init__(self, cells: Sequence[str], lower: Sequence[Sequence[str]] = (), above: Sequence[str] = ()) -> None:
        self.above = tuple(above)
        wide = [*cells, *[""] * (max(map(len, lower), default=0) - len(cells))]
        self.written = own = tuple(" ".join(cell.split()) for cell in wide)
        self._exact: dict[str, list[int]] = {}
        self._normal: dict[str, list[int]] = {}
        for at, cell in enumerate(own):
            self._exact.setdefault(cell, []).append(at)
            self._normal.setdefault(plain(cell), []).append(at)
        self.cells = _called(own, [" ".join(" ".join(some).split()) for some in zip_longest(*lower, fillvalue="")])
        called = [
            ["" if name == written else cell for name, written, cell in zip(self.cells, own, row, strict=False)]
            for row in lower
        ]
        self.below = _below(above, self.cells) if any(map(str.strip, above[1:])) else ()  # else it is a title
        others = [self.cells, *called] if self.cells != own else []
        self._others = [HeaderNames(each) for each in filter(None, (*others, self.below))]

    @cached_property
    def in_french(self) -> headers.Header:
        """The columns in the words of French tables."""
        return headers.read(self.cells)

    def says_same(self, other: HeaderNames) -> bool:
        """Tell that all columns are called as in another header; lower rows, or titles above, may not be repeated."""
        rows = [("written", False), ("cells", self.cells == self.written), ("below", not (self.below and other.below))]
        both = (
            (left, *(" | ".join(map(plain, getattr(each, of))).rstrip(" |") for each in (self, other)))
            for of, left in rows
        )
        return all(left or one == two for left, one, two in both)

    def find(self, names: Names) -> int | None:
        """The column of the first wording that is there; None for none."""
        return next((at for name in names for at in self._all(name)), None)

    def find_all(self, names: Names) -> list[int]:
        """All columns that any of the wordings means, from left to right."""
        found = {at for name in names for at in self._all(name)}
        return sorted(found)

    def _all(self, name: str) -> list[int]:
        return next(filter(None, (each._own(name) for each in (self, *self._others))), [])

    def _own(self, name: str) -> list[int]:
        if is_pattern(name):
            fits = fitting(name, self.written) or ()
            return [at for at, fit in enumerate(fits) if fit is not None]
        if found := self._exact.get(" ".join(name.split())):
            return found
        if (nth := _NTH.fullmatch(name)) is not None:
            among = self._alike(nth[1]) if nth[1] else list(range(len(self.written)))
            if found := among[int(nth[2]) - 1 :][:1]:
                return found
        return self._alike(name)

    def _alike(self, name: str) -> list[int]:
        return self._normal.get(letters, []) if (letters := plain(name)) else []


def _below(above: Sequence[str], cells: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, each behind the last cell of the row above that stands over it or left of it."""
    over: list[str] = []
    for cell in (*map(str.strip, above), *[""] * len(cells)):
        over.append(cell or "".join(over[-1:]))
    return tuple(" ".join(each).strip() for each in zip(over, cells, strict=False))


def _called(cells: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """The names of columns; where several have the same one in the lower rows, with what stands above it."""
    found, over = list(cells), ""
    for at, (cell, below) in enumerate(zip(cells, lower, strict=False)):
        over = cell or over
        if below and not (cell and all(cells[at + 1 : at + 2])):
            found[at] = below if lower.count(below) == 1 else f"{over} {below}".strip()
    return tuple(found)


def name_of(cells: Sequence[str], at: int) -> str:
    """The header of a column, or its number where that is blank, as an entry would name it."""
    return cells[at] or f"#{at + 1}"


header_names = lru_cache(64)(HeaderNames)
"""The headers of a row, which every layout looks at."""


def parts_of(parts: Parts) -> list[Names]:
    """The columns of a list, or of a template, in which ``|`` stands between wordings."""
    if not isinstance(parts, str):
        return list(parts)
    return [(name,) if is_pattern(name) else tuple(name.split("|")) for name in BRACED.findall(parts)]


def join_parts(parts: Parts, cells: Sequence[str], between: str) -> str:
    """The cells of columns as one text: those that are filled, or a template with all of them in place.

    Brackets around an empty cell are left out.
    """
    if not isinstance(parts, str):
        return between.join(filter(None, cells))
    each = iter(cells)
    return _NOTHING_IN.sub("", BRACED.sub(lambda _: next(each), parts)).strip(" ,;-/")


_NUMBER = re.compile(r"[ _]*[0-9]{1,3}$")
"""The number of a choice behind the names of its columns."""
_NAMELESS = re.compile(r"(?:unnamed: ?|\.\.\.)?[0-9]*", re.IGNORECASE)
"""A column without a name, and what programs that copy a table call it: ``Unnamed: 26``, ``...27``."""
_ENOUGH = ("registered", "valid")
"""The counts that the blocks of choices follow, with others between them."""
PLACES_OF_LEVELS = {
    "station": Level.BUREAU,
    "commune_code": Level.COMMUNE,
    "commune": Level.COMMUNE,
    "constituency": Level.CONSTITUENCY,
    "canton": Level.CANTON,
    "department": Level.DEPARTMENT,
    "region": Level.REGION,
}
"""The level of each place of an entry."""
Places = tuple[int | None, ...]
"""Columns whose cells are joined, from 0; None for one that the table does not have."""


@dataclass(frozen=True, slots=True)
class ChoiceColumns:
    """Columns of one choice in a row, from 0.

    Attributes:
        votes: column of the votes.
        label: columns whose texts make the label, or the label itself.
        form: how these texts are put together.
        panel: column of the panel's number, or None.
        percentages: column for each published percentage (``votes/registered``, ``votes/valid``).
        parts: columns of parts of the votes.
        summed: whether the votes are the sum of these and have no column.
    """

    votes: int
    label: Places | str
    form: Parts = ()
    panel: int | None = None
    percentages: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[int, ...] = ()
    summed: bool = False

    @property
    def naming(self) -> list[int]:
        """The columns of its label."""
        return [] if isinstance(self.label, str) else [at for at in self.label if at is not None]

    @property
    def figures(self) -> list[int]:
        """The columns of its counts."""
        return [self.votes, *self.parts, *(() if self.panel is None else (self.panel,))]

    @property
    def columns(self) -> list[int]:
        """All columns of the choice."""
        return [*self.figures, *self.naming, *self.percentages.values()]


@dataclass(frozen=True, slots=True)
class RowColumns:
    """Columns of a row, from 0.

    Attributes:
        places: columns for each place that the table has.
        counts: column for each count that it has.
        percentages: column for each percentage of a unit.
        choices: the choices of a row, or the first of them where ``step`` is not 0.
        start, step: first cell and size of the block that repeats for every choice up to the end of the row; 0 where
            none repeats.
        sorting: columns that say which election, contest, level or count a row is of.
    """

    places: Mapping[str, Places]
    counts: Mapping[str, int]
    percentages: Mapping[str, int]
    choices: tuple[ChoiceColumns, ...]
    start: int
    step: int
    sorting: frozenset[int]

    @property
    def naming(self) -> set[int]:
        """The columns of places."""
        return {at for columns in self.places.values() for at in columns if at is not None}

    @property
    def least(self) -> int:
        """Cells without which a row cannot be read: those of the unit itself."""
        unit = (*self.naming, *self.counts.values())
        return max(self.start, max(unit, default=-1) + 1)

    @property
    def width(self) -> int:
        """Cells of a row with all that is read, one block where blocks repeat."""
        others = (*self.percentages.values(), *(column for choice in self.choices for column in choice.columns))
        return max([self.least, *(column + 1 for column in others)])

    def placed(self, width: int) -> list[tuple[ChoiceColumns, int]]:
        """Each choice of rows of so many cells, and the cells that its whole block stands behind the first one."""
        steps = range(0, width - self.start - self.step + 1, self.step) if self.step else range(1)
        return [(choice, at) for at in steps for choice in self.choices]

    def used(self, width: int) -> set[int]:
        """All columns of rows of so many cells that are read."""
        of_choices = {column + step for choice, step in self.placed(width) for column in choice.columns}
        return {*self.naming, *self.counts.values(), *self.percentages.values(), *of_choices}


def row_columns(part: Layout, header: HeaderNames) -> RowColumns | None:
    """The columns of a row; None where a French entry expects choices that the table lacks, or misses its bureaux."""
    choices, start, step = choices_of(part, header)
    declared = part.choices.are_columns or part.choices.in_blocks or bool(part.choices.label)
    if part.country == FRANCE and declared and not choices:
        return None
    if part.country == FRANCE and part.choices.rest and header.in_french.names_choices:
        return None  # a row for each choice: no column is one

    def found(wanted: Mapping[str, Names]) -> dict[str, int]:
        return {name: at for name, at in _found(wanted, header).items() if not step or at < start}

    places = {name: _columns_of(parts, header) for name, parts in part.place.items()}
    places = {name: columns for name, columns in places.items() if any(at is not None for at in columns)}
    if part.country == FRANCE and "station" not in places and "bureau" in header.in_french.at:
        return None
    others = {at for _, names in _named(part) if (at := header.find(names)) is not None} | set(stating(header.cells))
    columns = RowColumns(places, found(part.counts), found(part.percentages), choices, start, step, frozenset(others))
    return columns if part.country != FRANCE else replace(columns, counts=_with_counts(columns, header))


def _named(part: Layout) -> Iterator[tuple[str, Names]]:
    """The headers that an entry names, but for those of choices and those that it ignores, each with its key."""
    for key, form in (*part.place.items(), ("contest", part.contest)):
        yield from ((key, names) for names in parts_of(form))
    yield from (*part.counts.items(), *part.percentages.items())
    yield from (("totals", names) for names, _ in part.totals)
    rows = ("levels", part.levels), ("quantity_rows", part.quantity_rows)
    yield from ((key, each.column) for key, each in rows if each is not None)


def _found(wanted: Mapping[str, Names], header: HeaderNames) -> dict[str, int]:
    """The columns of those names that the table has."""
    columns = ((name, header.find(names)) for name, names in wanted.items())
    return {name: at for name, at in columns if at is not None}


def _columns_of(parts: Parts, header: HeaderNames, start: int = 0) -> Places:
    found = (header.find(names) for names in parts_of(parts))
    return tuple(None if at is None else start + at for at in found)


def _with_counts(columns: RowColumns, header: HeaderNames) -> dict[str, int]:
    """The counts, and each one that the entry does not have and a header names, as French tables of any form do."""
    cells = header.cells[: columns.start] if columns.step else header.cells
    used, counts = columns.used(len(header.cells)), dict(columns.counts)
    for at, name in enumerate(cells):
        if at not in used and (meant := headers.meaning_of(name)) in COUNTS:
            counts.setdefault(meant, at)
    return counts


def header_row(layout: Layout, head: Sequence[Sequence[str]]) -> int | None:
    """The index of the first row that has all headers that a layout needs, and none of another; None for none."""
    for at, row in enumerate(head):
        header = header_names(tuple(row))
        if all(header.find(names) is not None for names in layout.needs) and header.find(layout.without) is None:
            return at
    return None


def unused_columns(
    layout: Layout, header: HeaderNames, parts: Sequence[RowColumns], rows: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """Headers of the columns that nothing is read from and that have figures in some rows.

    Among the blocks of choices behind the first one, those that are headed otherwise than there.
    """
    cells = header.cells
    used = {at for part in parts for at in part.used(len(cells) if not part.step else part.start + part.step)}
    used |= set(header.find_all(layout.ignored))
    if layout.country != FRANCE:
        used |= {at for part in parts for at in part.sorting}
    for part in parts:
        block = [_bare(name) for name in cells[part.start : part.start + part.step]]
        later = range(part.start + part.step, len(cells)) if part.step else ()
        used |= {at for at in later if _bare(cells[at]) in (block[(at - part.start) % part.step], "")}
    if layout.country == FRANCE:
        used |= {at for at, name in enumerate(cells) if headers.is_other(name)}
    elif any(part.step for part in parts):
        used |= {at for at, name in enumerate(cells) if not name}
    left = [at for at in range(len(cells)) if at not in used]
    return tuple(name_of(cells, at) for at in left if any(at < len(row) and is_figure(row[at]) for row in rows))


def lacking_names(part: Layout, header: HeaderNames, columns: Sequence[Coded]) -> list[str]:
    """Names of an entry that no column or cell has, each with its key; a French table may lack any of them.

    Args:
        part: the entry.
        header: of the table.
        columns: of its rows.
    """
    if part.country == FRANCE:
        return []
    choices, of_choices = part.choices, list[Names]()
    if not choices.in_blocks:  # the headers of blocks are numbered
        run = (*choices.columns, *filter(None, (choices.first, choices.last)))
        of_choices += [*((name,) for name in run), *parts_of(choices.names), *parts_of(choices.label), choices.votes]
    cells = [("totals", names, cell) for names, values in part.totals for cell in sorted(values) if cell]
    if (rows := part.quantity_rows) is not None:
        cells += [("quantity_rows", rows.column, cell) for cell in rows.values]
    wanted = [*_named(part), *choices.percentages.items()]
    wanted += [("choices", each) for each in of_choices if each]
    wanted += [("choices.except", (each,)) for each in choices.but]
    wanted += [("choices.parts", tuple(name for names in choices.parts for name in names))] if choices.parts else []
    found = [f"{key} = {' | '.join(names)}" for key, names in wanted if header.find(names) is None]
    for key, names, cell in cells:
        at = header.find(names)
        if at is not None and not rows_with(columns[at], (cell,)).any():
            found.append(f"{key} = '{cell}'")
    for name, paths in part.tree.columns.items() if part.tree is not None else ():
        at = header.find((name,))
        if at is not None and not any(map(str.strip, columns[at].labels)):
            found.append(f"tree.columns.{name} = {' | '.join(paths)}")
    return found


def _bare(name: str) -> str:
    return _NUMBER.sub("", plain(name))


def level_of(layout: Layout, columns: RowColumns) -> Level:
    """The level of a row: that of the layout, else the finest place that the table has."""
    finest = (level for place, level in PLACES_OF_LEVELS.items() if place in columns.places)
    return layout.level or next(finest, Level.NATION)


def _rest(part: Layout, header: HeaderNames) -> Iterator[int]:
    """The columns that are known to be nothing else than choices, from the first on, else right of all counts.

    Of a table of another country, known are those that its entry names, and shares.
    """
    counted = {at for names in part.counts.values() for at in header.find_all(names)}
    first = header.find((part.choices.first,)) if part.choices.first else max(counted, default=0) + 1
    named = (*(names for _, names in _named(part)), *part.choices.percentages.values(), part.ignored)
    used = {at for names in named for at in header.find_all(names)}
    for at in range(first or 0, _end(header)):
        said = header.cells[at]
        known = headers.is_share(said)
        if part.country == FRANCE:
            known = is_stated(said) or headers.is_other(said) or headers.meaning_of(said) in COUNTS
        if at not in used and not known:
            yield at


def _end(header: HeaderNames) -> int:
    """The column behind the last one with a header."""
    return max((at + 1 for at, cell in enumerate(header.cells) if cell), default=0)


def choices_of(part: Layout, header: HeaderNames) -> tuple[tuple[ChoiceColumns, ...], int, int]:
    """The choices that have columns, in their order; of blocks the first, with their start and their size."""
    choices = part.choices
    if choices.label:
        return _choice_of_row(part, header), 0, 0
    if choices.in_blocks:
        return _first_block(part, HeaderNames([_NUMBER.sub("", cell) for cell in header.cells]))
    names = [_by_choice(each, header) for each in parts_of(choices.names)]
    shares = {ratio: _by_choice(each, header) for ratio, each in choices.percentages.items()}
    found = []
    columns = _columns_of_votes(part, header)
    if names:  # by number or letter: records of JSON have their columns in any order
        columns.sort(key=lambda each: (len(each[1]), each[1]))
    for at, label in columns:
        own = tuple(of.get(label) for of in names)
        if not names or any(each is not None for each in own):
            percentages = {ratio: of[label] for ratio, of in shares.items() if label in of}
            found.append(ChoiceColumns(at, own or label, choices.names, percentages=percentages))
    return tuple(found), 0, 0


def _choice_of_row(part: Layout, header: HeaderNames) -> tuple[ChoiceColumns, ...]:
    """The columns of the one choice of a row, in a table with a row for each."""
    choices = part.choices
    parts = tuple(at for names in choices.parts if (at := header.find(names)) is not None)
    votes = header.find(choices.votes)
    if votes is None and not parts:
        return ()
    label = _columns_of(choices.label, header)
    at = parts[0] if votes is None else votes
    shares = _found(choices.percentages, header)
    return (ChoiceColumns(at, label, choices.label, percentages=shares, parts=parts, summed=votes is None),)


def _columns_of_votes(part: Layout, header: HeaderNames) -> list[tuple[int, str]]:
    """The columns that are a choice each, with its name."""
    choices = part.choices
    columns = header.find_all(choices.columns)
    if choices.rest:
        columns += _rest(part, header)
    elif choices.first or choices.last:
        first = header.find((choices.first,)) if choices.first else 0
        last = header.find((choices.last,)) if choices.last else _end(header) - 1
        if first is not None and last is not None:
            columns += range(first, last + 1)
    but = {*header.find_all(choices.but), *_found(part.counts, header).values()}  # a count is no choice
    found = [(at, _label_of(choices.columns, header, at)) for at in sorted(set(columns) - but)]
    if part.country == FRANCE:
        return [(at, label) for at, label in found if label]
    return [(at, label or name_of(header.cells, at)) for at, label in found]


def _first_block(part: Layout, header: HeaderNames) -> tuple[tuple[ChoiceColumns, ...], int, int]:
    """The block of columns right of the counts: up to where its first header comes again, or the headers end."""
    choices, cells = part.choices, list(header.cells)
    while cells and _NAMELESS.fullmatch(cells[-1]):  # only the first block has a header, the rest is empty
        cells.pop()
    named = (*(names for _, names in _named(part)), part.ignored)
    known = {at for names in named for at in header.find_all(names)}
    counted = [at for name in _ENOUGH if (at := header.find(part.counts.get(name, ()))) is not None]
    start = next((at for at in range(max(counted, default=0) + 1, len(cells)) if at not in known), len(cells))
    again = (at for at in range(start + 1, len(cells)) if plain(cells[at]) == plain(cells[start]))
    block = HeaderNames(cells[start : next(again, len(cells))])
    label = _columns_of(choices.names, block, start)
    votes, panel = block.find(choices.columns), block.find(choices.panel)
    if all(at is None for at in label) or votes is None:
        return (), 0, 0
    percentages = {ratio: start + at for ratio, at in _found(choices.percentages, block).items()}
    number = None if panel is None else start + panel
    return (ChoiceColumns(start + votes, label, choices.names, number, percentages),), start, len(block.cells)


def _by_choice(names: Names, header: HeaderNames) -> dict[str, int]:
    """The columns that belong to a choice each, by the choice that they name."""
    return {_label_of(names, header, at): at for at in header.find_all(names)}


def _label_of(names: Names, header: HeaderNames, at: int) -> str:
    """The choice that a header names: the groups of the regular expression that it fits, else the whole of it."""
    for name in filter(is_pattern, names):
        for cells in filter(None, (header.cells, header.below)):
            if (found := fitting(name, (cells[at],))) and found[0] is not None:
                return found[0]
    return header.cells[at]
