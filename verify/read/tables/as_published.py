"""Any table of bureaux as published results: a wall sheet that was typed in, a préfecture's list, where no layout fits.

Its headers are understood as those of an auditor's own tables: commune, bureau, counts, a column or a row for each
choice. Rows of totals are left out. A workbook with a sheet for each commune is one set of results.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.quantities import Quantity
from protocol.words import msg, series
from verify.model.bureau_codes import Coded, texts_of
from verify.model.figures import BLANK, MISSING, Bools, Ints
from verify.model.published import COUNTS, Flaw, Level, Published
from verify.read.cells import relabel
from verify.read.layouts.stations import PLACES
from verify.read.published.cells import TEXT_LIMIT, cut_apart
from verify.read.published.sums import choose, join
from verify.read.tables import headers, polls
from verify.read.tables.asked import NOTHING_ASKED, Asked
from verify.read.tables.grid import Grid, grids_of
from verify.read.tables.kinds import PUBLISHED, VOTES
from verify.read.tables.parts import (
    GivenSheets,
    NotUnderstood,
    TablePart,
    lacks,
    name_by_sheets,
    understand,
    unused_figures,
    use_of,
    why_not,
    without_choices,
)
from verify.read.tables.table import AuditorTable
from verify.read.totals import flaws_of_totals, not_counted

_OF_RESULTS = frozenset(COUNTS) - {Quantity.REGISTERED, Quantity.PROXIES}
"""Counts of which results have one at least: a list of places of vote has voters on its rolls, too."""
_OF_A_NIGHT = {
    "station": "bureau",
    "commune_code": "insee",
    "department": "departement",
    "constituency": "circonscription",
}
"""Names of places in a night, where those in entries are others."""


def results_in(file: OpenedFile, asked: Asked = NOTHING_ASKED) -> GivenSheets:
    """The results in a file, a set for each poll that it tells apart; tables that were not used are problems of it.

    Raises:
        InputError: the file is damaged, or larger than its bounds.
        NotUnderstood: no table in it has bureaux with a count or votes.
    """
    grids = polls.apart(grids_of(file, str(file.path), asked))
    found, uses, wrong = understand(grids, (PUBLISHED,), (), asked)
    parts = list(found.values())
    name_by_sheets(parts, ())
    read = list(map(_TableRead, parts))
    for part, each in zip(parts, read, strict=True):
        part.kinds, part.why = ((PUBLISHED,), "") if each.has_results else ((), why_not(part.table))
    of_results = [each for part, each in zip(parts, read, strict=True) if part.kinds]
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
    file = error.file if error.file.endswith("]") else grid.called
    return InputError(file, error.row, error.column, error.expected, error.got)


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
        results = columns.stations.published(columns.rows, Level.BUREAU, places, figures)
        self.results = replace(results, file=part.table.shown)
        self._is_bureau = ~columns.totals[figures.head]
        self.units = np.flatnonzero(self._say_any(COUNTS))
        self.has_results = bool(self._say_any(_OF_RESULTS).any())

    def _say_any(self, names: Collection[str]) -> Bools:
        """Mark the bureaux that have votes, or something in one of some counts."""
        said = np.bincount(self.results.vote_unit, minlength=len(self.results.row)) > 0
        for name in names:
            said |= ~np.isin(self.results.counts[name], (BLANK, MISSING))
        return np.asarray(said & self._is_bureau, np.bool_)

    def row(self, unit: int) -> int:
        """Index of the first row of a unit."""
        return int(self.columns.figures.head[unit])

    def keys(self) -> list[tuple[str, ...]]:
        """Key of each bureau; the election and the poll come last."""
        results, head = self.results, self.columns.figures.head[self.units]
        places = (each[self.units] for each in (results.insee, results.commune, results.bureau))
        polls = (texts_of(each)[head] for each in (self.columns.election, self.columns.texts["scrutin"]))
        return list(zip(*(each.tolist() for each in (*places, *polls)), strict=True))

    def totals(self) -> Iterator[Flaw]:
        """Faults of its rows of totals; of a table with a row for each choice, that they are no bureaux."""
        file, row, named = self.results.file, self.columns.rows.row, self.table.totals
        yield from (not_counted(f"{file}:{row[at]}", said) for at, said in named.items())
        yield from (not_counted(f"{file}:{at}", said) for at, said in self.table.above.items())
        if not self.table.long:
            where = self.columns.texts.get("commune", self.columns.texts["insee"])
            yield from flaws_of_totals(self.results, named, texts_of(where).tolist())

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
    seen = " | ".join(cell.strip() for cell in table.header.cells if cell.strip())[:TEXT_LIMIT]
    return InputError(table.shown, table.header_row, None, msg("columns such as {columns}", columns=wanted), seen)
