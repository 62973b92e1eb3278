"""Reads tables by layout entries: header → columns → rows → contests → levels → stations → sums.

`read_by_layout` has the steps in their order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from protocol.words import Text, msg, series
from verify.model.bureau_codes import Coded
from verify.model.figures import Bools, Ints, Texts, sum_groups
from verify.model.identity import StatedElection, elections_apart, plain, stating
from verify.model.published import COUNTS, FRANCE, Flaw, Level, Published
from verify.read import bounds
from verify.read.cells import filled_in, number_columns, relabel, rows_with, strip
from verify.read.counts import counts_in
from verify.read.layouts.columns import (
    PLACES_OF_LEVELS,
    HeaderNames,
    RowColumns,
    header_row,
    lacking_names,
    level_of,
    name_of,
    parts_of,
    row_columns,
    unused_columns,
)
from verify.read.layouts.identities import VOTES
from verify.read.layouts.language import LEFT_OUT, TOTAL, Layout
from verify.read.layouts.rows import TableRows, alone, leave_note, lower_labels, row_labels, rows_below, turn
from verify.read.layouts.stations import Stations
from verify.read.published.cells import TEXT_LIMIT, cut_apart
from verify.read.published.source import HEAD_ROWS, SourceTable
from verify.read.rows import COMMENT, NOT_READ, Problems, shorten
from verify.read.tables.headers import meaning_of
from verify.read.totals import ComparedTotals, compare_totals, names_total, not_counted

TURNOUT = "(turnout)"
"""The contest of counts whose rows stand where those of contests do."""
_NO_LEVELS = ("", TOTAL, LEFT_OUT)
_LEVELS = tuple(Level)
_BY_CANTON = ("dpmt", "cant")
"""The elections whose contests are cantons."""
_MOST_HEADERS = 100
"""Headers in one table that say other things than the one before them."""
_NAMED = 3
"""Columns of counts that are named, where a table has a header."""


def read_by_layout(layout: Layout, table: SourceTable) -> list[Published] | None:
    """The results in a table, contest by contest and level by level; None where it is of another layout."""
    if layout.turned is not None:
        if header_row(layout, [row_labels(table.head, layout.turned)]) is None:
            return None
        table = turn(table, layout.turned)
    elif layout.above:
        table = lower_labels(layout, table)
    if (below := _below(layout, table)) is None:
        return None
    header, above, first_row = below
    head = [row for row in table.head[first_row - 1 :] if any(row)]
    parts = _parts(layout, header)
    if not parts or _says_too_little(*parts[0], head):
        return None
    if layout.headers and not _is_borne_out(layout, table, header, first_row, parts[0][1]):
        return None
    several = [columns for _, columns in parts]
    long = layout.choices.label or any(_have_one_each(columns, head) for columns in several)
    units = (bounds.rows if long else bounds.places)(table.size)
    problems = Problems(table.file)
    rows = rows_below(table, header.cells, first_row, several, partial(_below_further, layout), problems, units)
    found: list[Published] = []
    titles = [title for row in table.head[:first_row] if (title := _title_in(row))]
    for line in map(filled_in, () if layout.country == FRANCE else table.head[: first_row - 1]):
        if len(line) == 2 and counts_in(line) == 1:  # a label and a figure, which [above] may name
            leave_note(problems, " ".join(line))
    for section in _sections(layout, _Section(header, rows, above, titles), problems):
        found += _read_section(layout, table, section, units, head)
    if not found:
        return None
    found = [each for each in found if len(each.row)] or found[:1]
    unused = (*found[0].unused, *problems.notes)
    found[0] = replace(found[0], problems=(*problems.all(), *found[0].problems), unused=unused)
    return found


def _parts(layout: Layout, header: HeaderNames) -> list[tuple[Layout, RowColumns]]:
    """The contests of a row that a table has, each with its columns."""
    return [(part, columns) for part in layout.parts if (columns := row_columns(part, header)) is not None]


def _below_further(layout: Layout, row: Sequence[str]) -> list[RowColumns]:
    """The columns of the rows below a further header; none for a row that is none. French tables have one header."""
    if layout.country == FRANCE or layout.headers or header_row(layout, [row]) is None:
        return []
    return [columns for _, columns in _parts(layout, HeaderNames(row))]


@dataclass(frozen=True, slots=True)
class _Section:
    """A header, the rows below it up to the next other one, the title above it, and all titles there."""

    header: HeaderNames
    rows: TableRows
    above: str
    titles: Sequence[str]

    def cells(self, start: int, end: int) -> list[tuple[str, ...]]:
        """The cells of some rows."""
        return [tuple(column.at(index) for column in self.rows.columns) for index in range(start, end)]


def _read_section(
    layout: Layout, table: SourceTable, section: _Section, units: int, head: Sequence[Sequence[str]]
) -> list[Published]:
    """The results below a header."""
    header = section.header
    parts = _parts(layout, header)
    rows, places = section.rows, {at for _, columns in parts for at in columns.naming}
    rows = rows if layout.country == FRANCE else _above_notes(rows, places)
    found: list[Published] = []
    for part, columns in parts:
        reading = _Part(part, table, columns, header, section.above)
        found += reading.read(rows, units, _have_one_each(columns, head))
    found = [each for each in found if len(each.row)] or found[:1]
    unused = unused_columns(
        layout, header, [columns for _, columns in parts], section.cells(0, min(len(rows), HEAD_ROWS))
    )
    lacking = dict.fromkeys(name for part in layout.parts for name in lacking_names(part, header, rows.columns))
    told = len(found) if layout.country == FRANCE else 1  # of several contests of a row once; each level is read alone
    for at, each in enumerate(found[:told]):
        order = [name_of(header.cells, column) for column in range(len(header.cells))]
        found[at] = replace(each, unused=tuple(sorted({*unused, *each.unused}, key=order.index)))
    return [*(replace(each, lacking=tuple(lacking)) for each in found[:1]), *found[1:]]


def _below(layout: Layout, table: SourceTable) -> tuple[HeaderNames, str, int] | None:
    """The header that has all that the layout needs, the first title above it, and the number of the first row below.

    Of a table that has none, the names of its columns, and the first row that counts something.
    """
    if layout.headers:
        first = next((at for at, row in enumerate(table.head) if counts_in(row)), None)
        if first and sum(meaning_of(name) in COUNTS for name in table.head[first - 1]) >= _NAMED:
            return None  # its columns have names
    else:
        first = header_row(layout, table.head)
    if first is None:
        return None
    above = next(
        filter(None, (row[0].strip() for row in table.head[: max(first - bool(layout.headers), 0)] if row)), ""
    )
    if layout.headers:
        return HeaderNames(layout.headers), above, first + 1
    over = table.head[first - 1] if first and layout.country != FRANCE else ()
    header, more = _with_lower(layout, HeaderNames(table.head[first], above=over), table.head[first + 1 :])
    return header, above, first + 2 + more


def _with_lower(layout: Layout, header: HeaderNames, below: Sequence[Sequence[str]]) -> tuple[HeaderNames, int]:
    """A header with its lower rows, and how many of the rows right below are of it.

    These have neither a place nor a figure, or they number the columns.
    """
    parts = [columns for _, columns in _parts(layout, header)]
    places, figures = {at for part in parts for at in part.naming}, {at for part in parts for at in _counting(part)}
    lower, end = list[Sequence[str]](), 0
    for number, row in enumerate(below if places and layout.country != FRANCE else (), 1):
        filled = {at: cell for at, cell in enumerate(map(str.strip, row)) if cell}
        numbered = number_columns(row)
        if not numbered and (places & filled.keys() or any(_counts(filled[at]) for at in figures & filled.keys())):
            break
        if filled:
            end = number
            lower += [] if numbered else [row]
    return (HeaderNames(header.written, lower, header.above) if lower else header), end


def _counting(columns: RowColumns) -> set[int]:
    """The columns of the counts of a row and its first block."""
    return {*columns.counts.values(), *(at for choice in columns.choices for at in choice.figures)}


def _counts(cell: str) -> bool:
    """Tell that a cell has a figure and no word."""
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell))


def _sections(layout: Layout, section: _Section, problems: Problems) -> Iterator[_Section]:
    """Split rows at each further header: one that says the same in all columns is left out, another is read anew.

    Right above it may stand titles, each alone in its row; where they are others, so is the table below.
    """
    header, rows = section.header, section.rows
    starts = _are_headers(layout, section).tolist()
    own = np.arange(starts[0] if starts else len(rows))
    for number, (start, end) in enumerate(pairwise([*starts, len(rows)])):
        [cells] = section.cells(start, start + 1)
        over = _over(layout, header, section.cells(int(own[-1]), start)[0]) if len(own) else ()
        own = own[: -1 if over else None]
        lower = section.cells(start + 1, min(end, start + HEAD_ROWS))
        again, more = _with_lower(layout, HeaderNames(cells, above=over), lower)
        titles, before, known = list[str](), own, section.titles
        while len(before) and (title := _title_in(section.cells(int(before[-1]), int(before[-1]) + 1)[0])):
            titles, before = [title, *titles], before[:-1]
        is_page = bool(known) and set(known).issuperset(titles[-len(known) :])
        if again.says_same(header) and (is_page or not known or len(titles) < len(known)):
            own = np.append(before if is_page else own, np.arange(start + 1 + more, end))
            continue
        if number == _MOST_HEADERS:
            rows.note(start, None, msg("at most {most} headers", most=_MOST_HEADERS), NOT_READ)
            break
        titles = titles[-len(known) :]  # what stands above them is a note below the other table
        yield replace(section, rows=replace(rows, header=header.cells).take(own[: len(own) - len(titles)]))
        header = again
        section = replace(section, header=header, above=" | ".join(titles), titles=titles)
        own = np.arange(start + 1 + more, end)
    yield replace(section, rows=replace(rows, header=header.cells).take(own))


def _over(layout: Layout, header: HeaderNames, cells: Sequence[str]) -> Sequence[str]:
    """A row of texts right above a header, with neither a place nor a title over its first column; else empty."""
    filled = {at: cell for at, cell in enumerate(cells) if cell.strip()}
    places = {0}.union(*(columns.naming for _, columns in _parts(layout, header)))
    return () if not filled or places & filled.keys() or any(map(_counts, filled.values())) else cells


def _above_notes(rows: TableRows, places: Collection[int]) -> TableRows:
    """The rows above the notes at the end, which are named: one text each, that is not written like a place."""
    filled = np.sum([column.marks(str.strip) for column in rows.columns], axis=0)
    end = int(np.flatnonzero(filled > 1)[-1]) + 1 if (filled > 1).any() else len(rows)
    known = {rows.columns[at].at(row).strip() for at in places for row in range(end)}
    longest, begun = max(map(len, known), default=0), {not each[:1].isalnum() for each in known if each}
    kept = np.ones(len(rows), np.bool_)
    for row in range(end, len(rows)):
        [at] = (at for at, column in enumerate(rows.columns) if column.at(row).strip())
        text = rows.columns[at].at(row).strip()
        if (" " in text and len(text) > longest) or (not text[0].isalnum() and True not in begun):
            kept[row] = False
            if not leave_note(rows.problems, text):
                rows.note(row, None, msg("figures beside a place"), alone(text))
    return rows.take(np.flatnonzero(kept))


def _title_in(cells: Sequence[str]) -> str:
    """The only text of a row; empty where it has others or figures beside it."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return filled[0] if len(filled) == 1 and not _counts(filled[0]) else ""


def _are_headers(layout: Layout, section: _Section) -> Ints:
    """The indices of further headers: with all that the first one has of what the layout needs, and without figures.

    French tables have one header.
    """
    header, rows = section.header, section.rows
    needed = {plain(header.written[at]) for names in layout.needs if (at := header.find(names)) is not None} - {""}
    if layout.country == FRANCE or not needed:
        return np.zeros(0, np.int64)
    columns = [relabel(column, plain) for column in rows.columns]
    found = np.logical_and.reduce(
        [np.logical_or.reduce([column.marks(name.__eq__) for column in columns]) for name in needed]
    )
    for _, columns_of in _parts(layout, header):
        for at in _counting(columns_of):
            found &= ~rows.columns[at].marks(_counts)
    return np.flatnonzero(found)


def _says_too_little(part: Layout, columns: RowColumns, head: Sequence[Sequence[str]]) -> bool:
    """Tell that several rows of a French table would be taken for a nation each: none says its place."""
    return part.country == FRANCE and columns.step > 0 and not columns.places and len(head) > 1


def _have_one_each(columns: RowColumns, head: Sequence[Sequence[str]]) -> bool:
    """Tell that no row has more than one block of a choice."""
    return columns.step > 0 and all(len(row) < columns.start + 2 * columns.step for row in head)


def _is_borne_out(layout: Layout, table: SourceTable, header: HeaderNames, first_row: int, columns: RowColumns) -> bool:
    """Tell that most of the first rows are as wide as the layout says, name a choice and fulfil its checks.

    Above them may be lines of comment, and a header.
    """
    rows = [row for row in table.head[first_row - 1 :] if any(row)]
    above = sum(any(row) and not row[0].startswith(COMMENT) for row in table.head[: first_row - 1])
    least = (len(rows) + max(above - 1, 0)) // 2 + 1
    counted = (counts_in(row[at] for at in columns.counts.values()) for row in rows if _is_as_wide(row, columns))
    if sum(count == len(columns.counts) for count in counted) < least:
        return False
    head = replace(table, rows=lambda _: map(list, table.head), data=b"")
    problems = Problems(table.file)
    below = rows_below(head, header.cells, first_row, [columns], lambda _: (), problems, len(rows))
    reading = _Part(layout, head, columns, header, "")
    levels = reading.levels(below)
    borne_out = 0
    for level in set(levels.tolist()) - set(_NO_LEVELS):
        found = Stations(layout, head, columns).read(below.take(np.flatnonzero(levels == level)), Level(level), "")
        size = len(found.row)
        votes = sum_groups(found.votes, found.vote_unit, size)
        right = np.ones(size, np.bool_)
        right[[flaw.unit for flaw in found.flaws]] = False
        for check in layout.checks:
            right &= check.holds({**found.counts, VOTES: votes})
        letters = np.array([any(map(str.isalpha, label)) for label in found.labels], np.bool_)
        named = np.bincount(found.vote_unit[letters[found.vote_label]], minlength=size)
        borne_out += int((right * (named if layout.choices.label else np.minimum(named, 1))).sum())
    return borne_out >= least


def _is_as_wide(row: Sequence[str], columns: RowColumns) -> bool:
    end = max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=0)
    return end >= columns.width and (end - columns.start) % max(columns.step, 1) == 0


class _Part:
    """One contest of a row, or the whole of it.

    Args:
        layout: the entry.
        table: the file.
        columns: of a row.
        header: names of the columns.
        above: title above the header.
    """

    def __init__(
        self, layout: Layout, table: SourceTable, columns: RowColumns, header: HeaderNames, above: str
    ) -> None:
        self._layout = layout
        self._table = table
        self._columns = columns
        self._header = header
        of_quantity, of_level = layout.quantity_rows, layout.levels
        self._quantity_at = None if of_quantity is None else header.find(of_quantity.column)
        self._level_at = None if of_level is None else header.find(of_level.column)
        self._above = above

    def read(self, rows: TableRows, units: int, one_each: bool) -> Iterator[Published]:
        """The results of each contest and level."""
        rows = replace(rows, quantity=self._quantities(rows))
        levels = self.levels(rows)
        if rows.quantity is not None:
            levels[rows.quantity.marks(LEFT_OUT.__eq__)] = LEFT_OUT
        kind = self._kinds_of_sums(rows, levels)
        rows = self._carried(rows, kind > 0, levels != LEFT_OUT)
        contest = self._contest(rows)
        by_canton = StatedElection.of_text(self._title(contest, 0)).kind in _BY_CANTON
        stations = Stations(self._layout, self._table, self._columns, by_canton, one_each)
        known = self._levels_of_stations() or [level_of(self._layout, self._columns).value]
        for own in self._contests(rows, contest):
            found: dict[Level, Published] = {}
            for level in map(Level, known):
                of_level = own[(levels[own] == level.value) & (kind[own] == 0)]
                problems = Problems(self._table.file)
                some = rows.take(of_level).with_problems(problems)
                some = some.within(units, bounds.entries(self._table.size), self._columns)
                read = stations.read(some, level, self._title(contest, int(of_level[0]) if len(of_level) else -1))
                found[level] = replace(read, problems=problems.all())
            finest = next((level for level in _LEVELS if level in found and len(found[level].row)), None)
            for level, parts in found.items():
                of = (level.value, TOTAL) if level is finest else (level.value,)
                summed = own[(kind[own] > 0) & np.isin(levels[own], of)]
                kinds = [summed[kind[summed] == one] for one in np.unique(kind[summed])]
                sums = [
                    stations.read(rows.take(some).with_problems(Problems(self._table.file)), level, "")
                    for some in kinds
                ]
                found[level] = self._with_totals(parts, sums, rows.take(own)) if sums else parts
            if len(found) > 1 and self._layout.country != FRANCE:
                self._compare_levels(found, rows.take(own))
            yield from found.values()

    def _carried(self, rows: TableRows, of_sums: Bools, kept: Bools) -> TableRows:
        """Fill blank cells of places, left of a filled one, with the place above: merged cells stand once.

        A row of sums may be what names a place, above the rows of it.

        Args:
            rows: all of the table.
            of_sums: the rows that sum up others.
            kept: the rows that are read.
        """
        columns, filled = list(rows.columns), np.zeros(len(rows), np.bool_)
        naming = [] if self._layout.country == FRANCE else sorted(self._columns.naming)
        there = {at: columns[at].marks(str.strip) for at in naming}
        for number, at in enumerate(naming[:-1]):
            filled |= there[at]
            further = np.logical_or.reduce([there[each] for each in naming[number + 1 :]])
            if (blank := kept & ~of_sums & ~filled & further).any():
                own = np.flatnonzero(kept & ~(of_sums & (~there[at] | self._are_marked(rows, at))))
                source = np.maximum.accumulate(np.where(blank[own], 0, np.arange(len(own))))
                codes = np.array(columns[at].codes)
                codes[own] = codes[own[source]]
                columns[at] = replace(columns[at], codes=codes)
        return replace(rows, columns=columns)

    def levels(self, rows: TableRows) -> Texts:
        """The level of each row, shape ``(n,)``; empty where the entry does not know it."""
        of, at = self._layout.levels, self._level_at
        found = np.full(len(rows), "", "U20")
        if of is not None and at is not None:
            column = rows.columns[at]
            for value, level in of.values.items():
                found[rows_with(column, (value,)) & (found == "")] = level
        if of is None or at is None or not self._levels_of_stations():
            found[found == ""] = level_of(self._layout, self._columns).value
            return found
        for index in np.flatnonzero(found == "").tolist():
            got = msg("{tour}: not read", tour=shorten(column.at(index).strip()))
            rows.note(index, at, msg("one of {values}", values=series(of.values)), got)
        return found

    def _levels_of_stations(self) -> list[str]:
        """The levels that cells say of rows which are stations."""
        values = {} if self._layout.levels is None else self._layout.levels.values
        return [level for level in dict.fromkeys(values.values()) if level not in _NO_LEVELS]

    def _quantities(self, rows: TableRows) -> Coded | None:
        """The count that each row is, empty for a row of a choice."""
        of, at = self._layout.quantity_rows, self._quantity_at
        if of is None or at is None:
            return None
        meant = {cell.strip().casefold(): name for cell, name in of.values.items()}
        return relabel(rows.columns[at], lambda label: meant.get(label.strip().casefold(), ""))

    def _kinds_of_sums(self, rows: TableRows, levels: Texts) -> Ints:
        """A number for each kind of rows that sum up others, by the entry or, where it names none, by words; else 0."""
        kind = np.zeros(len(rows), np.int64)
        for column, cell in self._total_cells():
            kind[rows_with(rows.columns[column], (cell,)) & (kind == 0)] = kind.max(initial=0) + 1
        if (at := self._level_at) is not None:
            is_sum = (levels == TOTAL) & (kind == 0)
            kind[is_sum] = kind.max(initial=0) + 1 + rows.columns[at].codes[is_sum]
        if self._by_words:
            for at in self._naming(rows):
                kind[rows.columns[at].marks(names_total)] = 1
        return kind

    def _are_marked(self, rows: TableRows, at: int) -> Bools:
        """Mark the cells of a column that make their row one of sums, and name no place."""
        found = rows.columns[at].marks(names_total)
        for column, cell in self._total_cells():
            if column == at:
                found = found | rows_with(rows.columns[at], (cell,))
        return found

    def _total_cells(self) -> Iterator[tuple[int, str]]:
        """The columns and cells that mark rows of sums."""
        for names, cells in self._layout.totals:
            if (at := self._header.find(names)) is not None:
                yield from ((at, cell) for cell in sorted(cells))

    def _places(self, rows: TableRows, levels: Sequence[Level]) -> Ints:
        """Codes of the places of some levels that each row states, -1 for none; shape ``(n, places)``.

        A cell that marks a row of sums names no place.
        """
        found = [np.full(len(rows), -1, np.int64)]
        for name, columns in self._columns.places.items():
            if PLACES_OF_LEVELS[name] in levels:
                column = rows.joined(columns, self._layout.place[name], "/")
                found.append(np.where(column.marks(bool), column.codes, -1))
                for at, cell in self._total_cells():
                    if at in columns:
                        found[-1][rows_with(rows.columns[at], (cell,))] = -1
        return np.stack(found, axis=1)

    def _naming(self, rows: TableRows) -> list[int]:
        """The columns that may name a sum: the commune and the bureau, of a French table the first one too."""
        first = [0] if self._layout.country == FRANCE else []
        places = (self._columns.places.get(name, ()) for name in ("commune", "station"))
        found = sorted({*first, *(at for columns in places for at in columns if at is not None)})
        return [at for at in found if at < len(rows.columns)]

    def _contest(self, rows: TableRows) -> Coded:
        """The contest that each row names."""
        layout, quantity = self._layout, rows.quantity
        columns = tuple(self._header.find(names) for names in parts_of(layout.contest))
        constant = layout.constants.get("contest", "")
        contest = relabel(rows.joined(columns, layout.contest, " / "), lambda text: text or constant)
        contest = relabel(contest, cut_apart(TEXT_LIMIT))
        if quantity is None or self._quantity_at not in columns:
            return contest
        # these counts are of all contests
        return Coded((*contest.labels, TURNOUT), np.where(quantity.marks(bool), len(contest.labels), contest.codes))

    def _contests(self, rows: TableRows, contest: Coded) -> list[Ints]:
        """The rows of each contest, and of each election of a French table."""
        if self._layout.country == FRANCE and not self._layout.choices.label:
            said = stating(self._header.cells)
            return elections_apart(
                [self._header.cells[at] for at in said], [strip(rows.columns[at]) for at in said], len(rows)
            )
        codes, first = np.unique(contest.codes, return_index=True)
        return [np.flatnonzero(contest.codes == code) for code in codes[np.argsort(first)].tolist()]

    def _title(self, contest: Coded, row: int) -> str:
        """The title of the file and the contest of a row; without one what stands above the rows."""
        named = contest.at(row) if 0 <= row < len(contest) else ""
        if named:
            return " ".join((self._table.title, *named.split())).strip()
        return " | ".join(filter(None, (self._above, self._table.title)))

    def _with_totals(self, found: Published, sums: Sequence[Published], rows: TableRows) -> Published:
        """Results with the figures of their totals that are not the sum of their rows."""
        wider = _LEVELS[_LEVELS.index(found.level) + 1 :]
        compared = self._compare(found, sums, rows, wider, msg("rows of totals"))
        problems = Problems(found.file, found.problems)
        for row in compared.left:
            problems.add(row, None, msg("the total of some rows"), msg("figures that no rows add up to: not compared"))
        found = _with_compared(found, compared).with_problems(problems.all()[len(found.problems) :])
        return replace(found, flaws=(*self._not_counted(sums, rows), *found.flaws)) if self._by_words else found

    def _compare_levels(self, found: dict[Level, Published], rows: TableRows) -> None:
        """Compare each level with the next finer one."""
        filled = [level for level in _LEVELS if level in found and len(found[level].row)]
        for fine, wide in pairwise(filled):
            what = msg("rows by {level}", level=fine.text)
            compared = self._compare(found[fine], [found[wide]], rows, _LEVELS[_LEVELS.index(wide) :], what)
            found[wide] = _with_compared(found[wide], compared)

    def _compare(
        self, parts: Published, kinds: Sequence[Published], rows: TableRows, levels: Sequence[Level], what: Text
    ) -> ComparedTotals:
        """Totals beside the rows of their places of some levels."""
        return compare_totals(parts, kinds, self._places(rows, levels), rows.row, self._layout.derived, what)

    def _not_counted(self, sums: Sequence[Published], rows: TableRows) -> Iterator[Flaw]:
        """That rows that are sums by their words count for no place."""
        columns = [rows.columns[at].texts() for at in self._naming(rows)]
        said = [" ".join(filter(None, map(str.strip, cells)))[:TEXT_LIMIT] for cells in zip(*columns, strict=True)]
        for row in (row for each in sums for row in each.row.tolist()):
            yield not_counted(f"{self._table.file}:{row}", said[int(np.searchsorted(rows.row, row))])

    @property
    def _by_words(self) -> bool:
        """Tell that rows of sums are known by their words: the entry says nothing of any."""
        layout = self._layout
        is_french, levels = layout.country == FRANCE, layout.levels
        return not layout.totals and (levels is None or (is_french and TOTAL not in levels.values.values()))


def _with_compared(found: Published, compared: ComparedTotals) -> Published:
    return replace(found, flaws=(*found.flaws, *compared.flaws), checked=(*found.checked, compared.checked))
