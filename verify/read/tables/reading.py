"""Files of auditors: each of their tables is read for what it is, by its columns, as sheets of a night or as results.

CSV, workbooks, JSON; a row a bureau or a row a choice; a column a choice or none; headers in many wordings; a city's
feed that carries both counts. `parse` takes what was given as PVs, sign-in counts or votes. `sort_out` takes any file:
official lists by the columns of a night's own, published results by their layout, or because they call themselves so.
`results_in` takes a file as published results.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np

from protocol import night
from protocol.errors import InputError, wrong_file
from protocol.night import NightTable
from protocol.opening import OpenedFile
from protocol.quantities import Quantity, column_of
from protocol.words import Text, msg, series
from verify.model.bureau_codes import Coded
from verify.model.bureau_codes import texts_of as cells_of
from verify.model.figures import BLANK, MISSING, Bools, Ints, Texts
from verify.model.published import COUNTS, Flaw, Level, Published
from verify.model.use import Use, Used
from verify.read.cells import relabel
from verify.read.layouts.built_in import layout_label
from verify.read.layouts.columns import RowColumns
from verify.read.layouts.language import Layout
from verify.read.layouts.stations import PLACES, Stations
from verify.read.published.cells import cut_apart
from verify.read.published.checks import gaps
from verify.read.published.registry import TABLE, FoundTables, find_tables, results_of_table
from verify.read.published.source import SourceTable
from verify.read.published.sums import choose, join
from verify.read.sheet import Piece, Sheet, join_sheets, sheet_of_rows, texts_of
from verify.read.tables import headers, polls
from verify.read.tables.asked import NOTHING_ASKED, Asked
from verify.read.tables.columns import OF_BUREAUX, columns_of_results, sheet_of
from verify.read.tables.grid import Grid, grids_in, grids_of
from verify.read.tables.kinds import PUBLISHED, RECORDS, SIGNATURES, VOTES
from verify.read.tables.parts import (
    NEEDS,
    NOT_ASKED,
    GivenSheets,
    NotUnderstood,
    TablePart,
    decide,
    lacks,
    list_columns,
    name_by_sheets,
    seen,
    sheets_of_parts,
    understand,
    unused_figures,
    use_of,
    why_not,
    without_choices,
)
from verify.read.tables.table import AuditorTable
from verify.read.totals import flaws_of_totals, not_counted


def parse(file: OpenedFile, shown: str, given: Collection[str], asked: Asked = NOTHING_ASKED) -> GivenSheets:
    """Read one file of an auditor, each of its sheets for what it is.

    Args:
        file: the file.
        shown: its name.
        given: what it was given as: names of the night's files for sign-ins, PVs or votes by choice; none for whatever
            it is.
        asked: what is said of it.

    Raises:
        InputError: the file is damaged, or larger than its bounds when unpacked.
        NotUnderstood: nothing in it is what it was given as.
    """
    grids = polls.apart(grids_of(file, shown, asked))
    parts, uses, errors = understand(grids, given)
    wrong = list(errors.values())
    if feeds := list(islice(_feeds(grids, parts), 2)):
        return _of_feed(feeds, given, shown, len(file.data), uses)
    if not parts:
        if asked.sheets and all(use.why == NOT_ASKED for use in uses.values()):
            expected = msg("a sheet « {sheet} » (--sheet)", sheet=series(asked.sheets))
            wrong = [wrong_file(shown, expected, series(grid.name for grid in grids))]
        raise NotUnderstood(wrong, list(uses.values()))
    decide(list(parts.values()), given, asked)
    uses |= {index: use_of(part) for index, part in parts.items()}
    used = [uses[index] for index in sorted(uses)]
    return sheets_of_parts(list(parts.values()), given, shown, len(file.data), used, wrong)


def _feeds(grids: Sequence[Grid], parts: dict[int, TablePart]) -> Iterator[Published]:
    """Published results by bureau that the file is, of a layout that says more than headers do that are all known."""
    both = any(part.table.has("signatures") and part.table.has("votes_found") for part in parts.values())
    unclear = [grid for at, grid in enumerate(grids) if at not in parts or parts[at].table.header.unread()]
    return (feed for feed in _of_layouts(unclear, bool(parts)) if not both or gaps(feed) is not None)


def _of_layouts(grids: Sequence[Grid], understood: bool) -> Iterator[Published]:
    """The results by bureau of tables of known layouts; where they are ``understood``, of those that say more."""
    for grid in grids:
        found = results_of_table(grid.table, generic=not understood) or ()
        yield from (each for each in found if each.level is Level.BUREAU and len(each.row))


def bureaux(file: OpenedFile) -> dict[str, Texts]:
    """The bureaux that a table or published results name, as columns of text; rows of totals are left out.

    Raises:
        InputError: the file is damaged, or no table in it names bureaux.
    """
    grids = polls.apart(grids_of(file, str(file.path)))
    parts, _, wrong = understand(grids, ())
    if (feed := next(_of_layouts(grids, bool(parts)), None)) is not None:
        return texts_of(feed)
    of_bureaux = [part for part in parts.values() if not part.table.header.of_communes]
    if not of_bureaux:
        raise NotUnderstood(list(wrong.values()))
    columns = of_bureaux[0].columns
    rows = columns.figures.head[~columns.totals[columns.figures.head]]
    return {column: cells_of(cells)[rows] for column, cells in columns.texts.items()}


def _of_feed(
    feeds: list[Published], given: Collection[str], shown: str, size: int, uses: dict[int, Use]
) -> GivenSheets:
    """The first of some results; those behind it are said, and not read."""
    feed = feeds[0]
    problems = [problem.in_file(shown + problem.file.removeprefix(feed.file)) for problem in feed.problems]
    if len(feeds) > 1:
        got = msg("several; the first is used")
        problems.append(wrong_file(shown, msg("one table of bureaux"), got))
    signed, found = ((feed.counts[name] >= 0).any() for name in (Quantity.SIGNATURES, Quantity.VOTES_FOUND))
    used = {
        night.SIGNATURES: signed and SIGNATURES in given,  # a PV's own count serves where no sign-in list was given
        night.RECORDS: signed or found,
        night.VOTES: len(feed.votes) > 0,
    }
    columns, piece = columns_of_results(feed), Piece(shown, stated=feed.says)
    sheets: dict[str, Sheet] = {
        of.kind: sheet_of(columns, of, piece, size, is_first=True) for of, is_used in used.items() if is_used
    }
    lacks = [kind for kind in given if kind not in sheets]
    if lacks and len(lacks) == len(given):
        got = msg("published results ({layout})", layout=layout_label(feed.layout))
        raise NotUnderstood(
            [InputError(shown, 1, column_of(NEEDS[lacks[0]][0]), list_columns(lacks[0]), got), *problems]
        )
    note = layout_label(feed.layout, feed.title)
    left = [use for use in uses.values() if use.sheet]
    return GivenSheets(sheets, tuple(problems), (Use("", tuple(sheets), Used.WHOLE, notes=(note,)), *left))


INSTEAD = msg("another was given in its place")
"""Why evidence of a folder is not used that an option gives as well."""
_LISTS = (night.UNIVERSE, night.CHOICES)
_COUNTED = (night.VOTES, night.RECORDS, night.SIGNATURES)
"""Tables of counts, those first that have the columns of the next as well."""
_RESULTS = re.compile(r"publi|r[eé]sultat|results?\b|affich", re.IGNORECASE)
_PUBLISHED = re.compile(r"publi|affich", re.IGNORECASE)
"""Names of files that can be published results only, though a PV may hold results as well."""
_OF_A_BUREAU = ("signatures", "observations", "ouverture", "cloture")
"""Columns that a PV has and published results have not."""


def sort_out(file: OpenedFile, shown: str, asked: Asked, barred: Collection[str] = ()) -> GivenSheets:
    """Read every table of a file for what it is: as a sheet of a night by its kind, or as published results.

    Args:
        file: the file.
        shown: its name.
        asked: what is said of it.
        barred: kinds of evidence that were given by an option, and are not taken from this file.

    Raises:
        InputError: it is damaged, or larger than its bounds when unpacked.
        NotUnderstood: there is nothing in it that is read; its ``uses`` have each table with the reason.
        UnknownLayout: it is XML, and no feed of the ministry's.
    """
    found = find_tables(file, partial(_results, asked.layout))
    grids = grids_in(file, shown, found, asked)
    uses = [use for label, results in found.known for use in _uses_of(results, label, barred)]
    lists: dict[str, list[Sheet]] = {}
    others: list[Grid] = []
    for grid in grids:
        table = _own_form(grid)
        if table is None:
            others.append(grid)
            continue
        uses.append(_use(table.kind, grid.label, "", barred))
        if table.kind not in barred:
            lists.setdefault(table.kind, []).append(sheet_of_rows(grid.kept, table, grid.shown, grid.table.size))
    parts, left, errors = understand(polls.apart(others), ())
    tables, wrong = list(parts.values()), list(errors.values())
    decide(tables, (), asked)
    results = [part for part in tables if _is_results(part, barred)]
    named = [found for part in results for found in results_of(file, part)]
    uses += [use_of(replace(part, kinds=(PUBLISHED,))) for part in results]
    tables = [part for part in tables if part not in results]
    for part in tables:
        kinds = tuple(kind for kind in part.kinds if kind not in barred)
        if part.kinds and not kinds:
            part.why = INSTEAD
        part.kinds = kinds
    uses += [*(use_of(part) for part in tables), *left.values()]
    published = () if PUBLISHED in barred else (*found.results, *named)
    sheets = {kind: join_sheets(several) for kind, several in lists.items()}
    if not any(part.kinds for part in tables):
        if not published and not sheets and not any(use.kinds for use in uses):
            raise NotUnderstood(wrong or [wrong_file(shown, msg("a table of bureaux"), msg("none"))], uses)
        return GivenSheets(sheets, (), tuple(uses), published=published)
    given = sheets_of_parts(tables, (), shown, len(file.data), uses, wrong)
    return replace(given, sheets={**sheets, **given.sheets}, published=published)


def _results(layout: Layout | None, table: SourceTable) -> list[Published] | None:
    """The results of a table by the layout that was asked for, else by any; None where it is of none."""
    found = None if layout is None else results_of_table(table, layout)
    return found or results_of_table(table, generic=not _is_of_bureaux(table))


def _is_of_bureaux(table: SourceTable) -> bool:
    """Test whether a table has columns that only PVs and sign-in lists have."""
    at = headers.read(table.head[0] if table.head else ()).at
    return any(column in at for column in _OF_A_BUREAU)


def _is_results(part: TablePart, barred: Collection[str]) -> bool:
    """Test whether a table is of communes, or calls itself published results and has nothing that only a PV has.

    Signatures are published as well: beside PVs that were given, or in a file called published, they make no PV.
    """
    if part.table.header.of_communes:
        return True
    name = part.grid.name or part.grid.member or part.grid.shown
    named = _RESULTS.search(name) is not None
    only = _OF_A_BUREAU[1:] if RECORDS in barred or _PUBLISHED.search(name) else _OF_A_BUREAU
    counted = RECORDS not in barred and any(headers.hour_of(cell) is not None for cell in part.table.header.cells)
    return named and RECORDS in part.kinds and not (counted or any(part.table.has(column) for column in only))


def _own_form(grid: Grid) -> NightTable | None:
    """The table of a night that a grid is, by its columns: official lists of any kind, counts that regard can write.

    Those are read as under their own names: a column of remarks that is empty says that there are none.
    """
    header = [cell.strip() for cell in grid.rows[0]] if grid.rows else []
    tables: tuple[NightTable, ...] = _LISTS if grid.padded or grid.asked.columns else (*_LISTS, *_COUNTED)
    for table in tables:
        known = {column.name for column in (*table.columns, *table.further)}
        needed = {column.name for column in table.columns if column.required}
        if needed <= set(header) and (table in _LISTS or set(header) <= known):
            return table
    return None


def _uses_of(found: Sequence[Published], label: str, barred: Collection[str]) -> tuple[Use, ...]:
    notes = dict.fromkeys((each.layout, each.title) for each in found)
    return tuple(_use(PUBLISHED, label, layout_label(*note), barred) for note in notes)


def _use(kind: str, label: str, note: Text, barred: Collection[str]) -> Use:
    """The use of a whole table as one kind of evidence, unless an option gives that kind."""
    if kind in barred:
        return Use(label, (), Used.NONE, INSTEAD)
    return Use(label, (kind,), Used.WHOLE, notes=(note,) if note else ())


_OF_RESULTS = frozenset(COUNTS) - {Quantity.REGISTERED, Quantity.PROXIES}
"""Counts of which results have one at least: a list of places of vote has voters on its rolls, too."""
_OF_A_NIGHT = {
    "station": "bureau",
    "commune_code": "insee",
    "department": "departement",
    "constituency": "circonscription",
}
"""Names of places in a night, where those in entries are others."""


def results_in(file: OpenedFile, tables: FoundTables, asked: Asked = NOTHING_ASKED) -> GivenSheets:
    """Any table of bureaux as results: a wall sheet that was typed in, a préfecture's list, where no layout fits.

    There is a set for each poll that the file tells apart; a workbook with a sheet for each commune is one. Rows of
    totals are left out; tables that were not used are problems.

    Raises:
        InputError: the file is damaged, or larger than its bounds.
        NotUnderstood: no table in it has bureaux with a count or votes.
    """
    if not (tables.others or tables.wrong):
        raise wrong_file(file.path, TABLE, msg("nothing"))
    grids = polls.apart(grids_in(file, str(file.path), tables, asked))
    found, uses, wrong = understand(grids, (PUBLISHED,))
    parts = list(found.values())
    name_by_sheets(parts)
    read = list(map(_TableRead, parts))
    for part, each in zip(parts, read, strict=True):
        part.kinds, part.why = ((PUBLISHED,), "") if each.has_results else ((), why_not(part.table))
    of_results = [each for part, each in zip(parts, read, strict=True) if part.kinds]
    for each in of_results:
        if each.is_finer:
            got = msg("most rows with the place of another one: {columns}", columns=seen(each.table))
            raise NotUnderstood(
                [InputError(each.table.shown, each.table.header_row, None, msg("a row for each bureau"), got)]
            )
    others = [_without_figures(part.table) for part in parts if not part.kinds]
    if not of_results:
        raise NotUnderstood([*wrong.values()] or others)
    results = _results_of(file, of_results)
    damaged = {at: error for at, error in wrong.items() if error in grids[at].problems}
    results[0] = results[0].with_problems(damaged.values())
    beside = [_of_sheet(grids[at], error) for at, error in wrong.items() if at not in damaged]
    left = (use for at, use in uses.items() if at not in damaged)
    return GivenSheets({}, (*beside, *others), (*map(use_of, parts), *left), published=tuple(results))


def _of_sheet(grid: Grid, error: InputError) -> InputError:
    """The same with the name of the sheet that it is about."""
    return error if error.file.endswith("]") else error.in_file(grid.called)


def results_of(file: OpenedFile, part: TablePart) -> list[Published]:
    """The results in one table of a file, for each poll that it tells apart; none where no bureau in it says any."""
    read = _TableRead(part)
    return _results_of(file, [read]) if len(read.units) else []


def _results_of(file: OpenedFile, read: Sequence[_TableRead]) -> list[Published]:
    apart = _apart(read)
    names = tuple(dict.fromkeys(name for each in read for name in unused_figures(each.table)))
    found = []
    for some in apart:
        first, units = some[0]
        flaws, start = list[Flaw](), 0
        for each, own in some:
            flaws += each.shares_off(own, start)
            start += len(own)
        table = join([choose(each.results, own) for each, own in some], str(file.path))
        title = first.columns.title(first.row(units[0])) if len(apart) > 1 else ""
        stated = first.columns.stated(first.row(units[0]))
        found.append(replace(table, title=title, stated=stated, unused=names, flaws=tuple(flaws)))
    problems = tuple(dict.fromkeys(problem for each in read for problem in each.columns.problems.all()))
    for each in read:
        left = (said for said in each.table.others if said.text.startswith("another table"))
        problems += tuple(wrong_file(each.table.shown, msg("one table in a sheet"), said) for said in left)
    totals = tuple(flaw for each in read for flaw in each.totals())
    return [replace(found[0], problems=problems, flaws=(*totals, *found[0].flaws)), *found[1:]]


class _TableRead:
    """A table as results: a unit for each row, or for each place with several rows.

    Attributes:
        results: all of them, totals included.
        units: those that are bureaux and say anything, shape ``(n,)``.
    """

    def __init__(self, part: TablePart) -> None:
        self.table, self.columns = part.table, part.columns
        columns, figures, counts = part.columns, part.columns.figures, part.columns.figures.counts
        if (together := headers.blank_and_null(part.table.header)) is not None:
            counts = counts | {Quantity.NULL: columns.rows.counts(together)[figures.head]}
        none = Coded(("",), np.zeros(len(columns.rows), np.int64))
        places = {name: columns.texts.get(_OF_A_NIGHT.get(name, name), none) for name in PLACES}
        places = {name: relabel(cells, cut_apart(PLACES[name])) for name, cells in places.items()}
        figures = replace(figures, counts={name: values for name, values in counts.items() if name in COUNTS})
        level = Level.COMMUNE if part.table.header.of_communes else Level.BUREAU
        places |= {"station": none} if level is Level.COMMUNE else {}
        stations = Stations(OF_BUREAUX, self.table.grid.table, RowColumns({}, {}, {}, (), 0, 0, frozenset()))
        results = stations.published(columns.rows, level, places, figures)
        self.results = replace(results, file=part.table.shown)
        self._is_bureau = ~columns.totals[figures.head]
        self.units = np.flatnonzero(self._say_any(COUNTS))
        self.has_results = bool(self._say_any(_OF_RESULTS).any())

    def _say_any(self, names: Collection[str]) -> Bools:
        """Mark the bureaux that have votes, or something in one of some counts."""
        said = np.bincount(self.results.vote_unit, minlength=len(self.results.row)) > 0
        for name in names:
            said |= ~np.isin(self.results.counts[name], (BLANK, MISSING))
        return said & self._is_bureau

    @property
    def is_finer(self) -> bool:
        """Tell that most rows have the place of another one or are totals, and no row for each choice is why."""
        if self.table.header.names_choices:
            return False
        keys = self.keys()
        return 2 * len(set(keys)) < len(keys) or 3 * len(keys) < len(self.table.totals)

    def row(self, unit: int) -> int:
        """Index of the first row of a unit."""
        return int(self.columns.figures.head[unit])

    def keys(self) -> list[tuple[str, ...]]:
        """Key of each bureau; the election and the poll come last."""
        results, head = self.results, self.columns.figures.head[self.units]
        places = (each[self.units] for each in (results.insee, results.commune, results.bureau))
        polls = (cells_of(each)[head] for each in (self.columns.election, self.columns.texts["scrutin"]))
        return list(zip(*(each.tolist() for each in (*places, *polls)), strict=True))

    def totals(self) -> Iterator[Flaw]:
        """Faults of its rows of totals; of a table with a row for each choice, that they are no bureaux."""
        file, row, named = self.results.file, self.columns.rows.row, self.table.totals
        yield from (not_counted(f"{file}:{row[at]}", said) for at, said in named.items())
        yield from (not_counted(f"{file}:{at}", said) for at, said in self.table.above.items())
        if not self.table.header.names_choices:
            where = self.columns.texts.get("commune", self.columns.texts["insee"])
            yield from flaws_of_totals(self.results, named, cells_of(where).tolist())

    def shares_off(self, units: Ints, start: int) -> Iterator[Flaw]:
        """Percentages of some units that are not their ratios; ``start`` is the first unit's index in its results."""
        place = {self.row(unit): start + index for index, unit in enumerate(units.tolist())}
        for off in self.columns.shares:
            if off.unit in place:
                yield replace(off, unit=place[off.unit])


def _apart(read: Sequence[_TableRead]) -> list[list[tuple[_TableRead, Ints]]]:
    """The bureaux of each poll and election, and of each table where two have the same bureaux."""
    keys = [each.keys() for each in read]
    several = sum(len(set(some)) for some in keys) > len(set().union(*keys))
    found: dict[tuple[str, str, int], dict[int, list[int]]] = {}
    for number, (each, some) in enumerate(zip(read, keys, strict=True)):
        for unit, (*_, election, poll) in zip(each.units.tolist(), some, strict=True):
            found.setdefault((poll, election, number if several else 0), {}).setdefault(number, []).append(unit)
    return [[(read[at], np.array(units)) for at, units in found[key].items()] for key in sorted(found)]


def _without_figures(table: AuditorTable) -> InputError:
    if without_choices(table):
        return lacks(table, VOTES)
    wanted = series(headers.example(column) for column in ("bureau", "registered", "votes_found", "valid"))
    return InputError(
        table.shown, table.header_row, None, msg("columns such as {columns}", columns=wanted), seen(table)
    )
