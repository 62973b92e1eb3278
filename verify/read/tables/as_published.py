"""Any table of bureaux as published results: a wall sheet that was typed in, a préfecture's list, where no layout fits.

Its headers are understood as those of an auditor's own tables: commune, bureau, counts, a column or a row for each
choice. Rows of totals are left out. A workbook with a sheet for each commune is one set of results.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.quantities import Quantity
from protocol.words import cited, msg, series
from verify.model.figures import BLANK, MISSING, UNREADABLE, Texts
from verify.model.identity import StatedElection, common, round_of, said_in, sorting, stating
from verify.model.published import COUNTS, Flaw, Level, Members, Published
from verify.read.counts import parse_count
from verify.read.published.cells import CODE_LIMIT, NAME_LIMIT, TEXT_LIMIT, ChoiceLabels
from verify.read.published.checks import KINDS
from verify.read.tables import headers, polls
from verify.read.tables.asked import NOTHING_ASKED, Asked
from verify.read.tables.columns import TableColumns
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
from verify.read.totals import not_counted, totals_off

NAME = "table"
_OF_RESULTS = frozenset(COUNTS) - {Quantity.REGISTERED, Quantity.PROXIES}
"""Counts of which results have one at least: a list of places of vote has voters on its rolls, too."""
_SUMMED = frozenset((Quantity.VOTES_FOUND, Quantity.VALID))
_KEYS = ("insee", "commune", "bureau", "scrutin")
"""Columns that tell bureaux and their polls apart; the poll is the last."""


@dataclass(frozen=True, slots=True)
class _BureauRow:
    """A bureau: its table, its row there, and of each of its votes the label and the count."""

    table: int
    at: int
    votes: list[tuple[str, int]]


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
        part.kinds, part.why = ((PUBLISHED,), "") if _has_results(each) else ((), why_not(part.table))
    of_results = [each for part, each in zip(parts, read, strict=True) if part.kinds]
    others = [_without_figures(part.table) for part in parts if not part.kinds]
    if not of_results:
        raise NotUnderstood([*wrong.values()] or others)
    rows = [row for number, each in enumerate(of_results) for row in _rows(number, each)]
    results = _of_rows(file, of_results, rows)
    damaged = {at: error for at, error in wrong.items() if error in grids[at].problems}
    results[0] = results[0].with_problems(damaged.values())
    beside = [_of_sheet(grids[at], error) for at, error in wrong.items() if at not in damaged]
    left = (use for at, use in uses.items() if at not in damaged)
    return GivenSheets({}, (*beside, *others), (*map(use_of, parts), *left), published=tuple(results))


def _of_sheet(grid: Grid, error: InputError) -> InputError:
    """The same with the name of the sheet that it is about."""
    file = error.file if error.file.endswith("]") else grid.called
    return InputError(file, error.row, error.column, error.expected, error.got)


def _has_results(read: _TableRead) -> bool:
    return any(row.votes or _is_counted(read.columns, row.at, _OF_RESULTS) for row in _rows(0, read))


def results_of(file: OpenedFile, part: TablePart) -> list[Published]:
    """The results in one table of a file, for each poll that it tells apart; none where no bureau in it says any."""
    read = _TableRead(part)
    rows = _rows(0, read)
    return _of_rows(file, [read], rows) if rows else []


def _of_rows(file: OpenedFile, read: Sequence[_TableRead], rows: Sequence[_BureauRow]) -> list[Published]:
    apart = _apart(read, rows)
    first, *others = (_results(file, read, some, len(apart) > 1) for some in apart)
    problems = tuple(dict.fromkeys(problem for each in read for problem in each.columns.problems.all()))
    totals = tuple(flaw for each in read for flaw in each.totals())
    return [replace(first, problems=problems, flaws=(*totals, *first.flaws)), *others]


def _shares_off(read: Sequence[_TableRead], rows: Sequence[_BureauRow]) -> tuple[Flaw, ...]:
    """Percentages of bureaux that are not their ratios."""
    found = []
    for number, each in enumerate(read):
        unit = {row.at: at for at, row in enumerate(rows) if row.table == number}
        for off in each.columns.shares:
            if off.row in unit:
                found.append(Flaw("T307", unit[off.row], off.header, off.written, off.due, KINDS[off.kind]))
    return tuple(found)


def _sums_off(read: Sequence[_TableRead], rows: Sequence[_BureauRow]) -> Iterator[Flaw]:
    """Valid votes that are not the voters less « Blancs et nuls », where that is all that a table has of the two."""
    for unit, row in enumerate(rows):
        counts, together = read[row.table].columns.counts, read[row.table].blank_and_null
        if together is None or not _SUMMED <= counts.keys():
            continue
        found, valid = (counts[name][row.at] for name in (Quantity.VOTES_FOUND, Quantity.VALID))
        other = together[row.at]
        if min(found, valid, other) >= 0 and valid != found - other:
            yield Flaw("T306", unit, "valid", valid, found - other, msg("voters − blank and null votes"))


class _TableRead:
    """A table, and the elections that its rows say they are of, in columns that are read for nothing else."""

    def __init__(self, part: TablePart) -> None:
        self.table, self.columns, self.name = part.table, part.columns, part.table.shown
        table, columns = self.table, self.columns
        at = headers.blank_and_null(table.header)
        self.blank_and_null = None if at is None else [parse_count(row[at]) for row in table.rows]
        self._round = table.grid.round or round_of(table.grid.name) or 0
        names = list(columns.extra)
        self._said = [(names[at], columns.extra[names[at]]) for at in stating(names)]
        if (polls := table.cells("scrutin")) is not None:
            self._said.append(("scrutin", polls))

    @cached_property
    def votes(self) -> dict[object, dict[str, int]]:
        """The votes of each bureau by choice; those that a choice has in several rows are a problem, and not used."""
        found: dict[object, dict[str, int]] = {}
        first: dict[tuple[object, str], int] = {}
        for at, written, count in self.columns.entries:
            label, unit, row = " ".join(written.split())[:TEXT_LIMIT], self.unit(at), self.columns.row[at]
            of_unit = found.setdefault(unit, {})
            if (before := first.setdefault((unit, label), row)) != row:
                got = msg("{name} again, as in row {row}: neither is used", name=cited(label), row=before)
                self.columns.problems.add(row, None, msg("each choice once a bureau"), got)
                count = UNREADABLE
            of_unit[label] = count
        return found

    def unit(self, at: int) -> object:
        """Unit of a row's votes: with a row for each choice a bureau and its poll, else the row."""
        return self.key(at) if self.table.long else at

    def totals(self) -> Iterator[Flaw]:
        """Faults of its rows of totals; of a table with a row for each choice, that they are no bureaux."""
        columns, named = self.columns, self.table.totals
        yield from (not_counted(f"{self.name}:{columns.row[at]}", said) for at, said in named.items())
        yield from (not_counted(f"{self.name}:{row}", said) for row, said in self.table.above.items())
        if not named or self.table.long:
            return
        figures = {name: np.array(values, np.int64) for name, values in columns.counts.items() if name in COUNTS}
        for at, label, votes in columns.entries:
            figures.setdefault(label, np.full(len(columns.row), MISSING, np.int64))[at] = votes
        where = columns.texts.get("commune") or columns.texts.get("insee") or [""] * len(columns.row)
        yield from (off.flaw(columns.row[off.row], self.name) for off in totals_off(named, where, figures))

    def stated(self, at: int) -> StatedElection:
        """The election of a row."""
        own = common(said_in(name, cells[at]) for name, cells in self._said)
        return own.or_else(StatedElection(round=self._round))

    def title(self, at: int) -> str:
        """Election of a row as stated by columns of its own."""
        return " ".join(dict.fromkeys(cell for _, cells in self._said if (cell := cells[at].strip())))[:NAME_LIMIT]

    def key(self, at: int) -> tuple[str, ...]:
        """Key of a row's bureau; the election and the poll come last."""
        texts = self.columns.texts
        place = tuple(texts[name][at] if name in texts else "" for name in _KEYS)
        said = ((name, cells[at]) for name, cells in self._said)
        return *place[:-1], sorting(said, StatedElection(round=self._round)), place[-1]


def _apart(read: Sequence[_TableRead], rows: Sequence[_BureauRow]) -> list[list[_BureauRow]]:
    """The rows of each poll and election, and of each table where two have the same bureaux."""
    keys = [read[row.table].key(row.at) for row in rows]
    of_table: dict[tuple[str, ...], set[int]] = {}
    for key, row in zip(keys, rows, strict=True):
        of_table.setdefault(key, set()).add(row.table)
    several = any(len(tables) > 1 for tables in of_table.values())
    found: dict[tuple[str, str, int], list[_BureauRow]] = {}
    for key, row in zip(keys, rows, strict=True):
        found.setdefault((key[-1], key[-2], row.table if several else 0), []).append(row)
    return [found[key] for key in sorted(found)]


def _rows(table: int, read: _TableRead) -> list[_BureauRow]:
    """The bureaux of a table that say anything: totals are no bureaux."""
    columns = read.columns
    found = []
    for at in columns.bureaux:
        own = list(read.votes.get(read.unit(at), {}).items())
        if at not in columns.totals and (own or _is_counted(columns, at, COUNTS)):
            found.append(_BureauRow(table, at, own))
    return found


def _is_counted(columns: TableColumns, at: int, names: Collection[str]) -> bool:
    return any(columns.counts[name][at] != BLANK for name in columns.counts if name in names)


def _results(file: OpenedFile, read: Sequence[_TableRead], rows: Sequence[_BureauRow], several: bool) -> Published:
    """The results of some rows, with what they say of their election where there are several."""
    names, first = tuple(each.name for each in read), read[rows[0].table]

    def cells(name: str, nothing: str | int) -> list[Any]:
        columns = [each.columns.texts.get(name) or each.columns.counts.get(name) for each in read]
        found = ((columns[row.table], row.at) for row in rows)
        return [nothing if column is None else column[at] for column, at in found]

    def texts(name: str, limit: int) -> Texts:
        return np.array([cell.strip()[:limit] for cell in cells(name, "")], np.str_)

    labels = ChoiceLabels()
    entries = [(unit, labels.number(label), count) for unit, row in enumerate(rows) for label, count in row.votes]
    place = np.array(entries, np.int64).reshape(-1, 3)
    many = len({row.table for row in rows}) > 1
    n, m = len(rows), len(entries)
    return Published(
        file=str(file.path) if many else first.name,
        sha256=file.sha256,
        layout=NAME,
        level=Level.BUREAU,
        title=first.title(rows[0].at) if several else "",
        row=np.array([read[row.table].columns.row[row.at] for row in rows], np.int64),
        insee=texts("insee", CODE_LIMIT),
        department=texts("departement", CODE_LIMIT),
        region=np.zeros(n, "U1"),
        commune=texts("commune", NAME_LIMIT),
        constituency=texts("circonscription", CODE_LIMIT),
        bureau=texts("bureau", CODE_LIMIT),
        counts={name: np.array(cells(name, MISSING), np.int64) for name in COUNTS},
        labels=tuple(labels.all),
        vote_unit=place[:, 0],
        vote_label=place[:, 1],
        votes=place[:, 2],
        panel=np.zeros(m, np.int64),
        percentages={},
        problems=(),
        members=Members(names, ("",) * len(names), np.array([row.table for row in rows], np.int64)) if many else None,
        flaws=(*_shares_off(read, rows), *_sums_off(read, rows)),
        stated=first.stated(rows[0].at),
        unused=tuple(dict.fromkeys(name for each in read for name in unused_figures(each.table))),
    )


def _without_figures(table: AuditorTable) -> InputError:
    if without_choices(table):
        return lacks(table, VOTES)
    wanted = series(headers.example(column) for column in ("bureau", "registered", "votes_found", "valid"))
    seen = " | ".join(cell.strip() for cell in table.header.cells if cell.strip())[:TEXT_LIMIT]
    return InputError(table.shown, table.header_row, None, msg("columns such as {columns}", columns=wanted), seen)
