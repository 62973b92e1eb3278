"""Rows of one contest and level made into stations, each with its counts and the votes of its choices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from protocol.insee import departements_of
from protocol.night import Content
from protocol.words import Text, cited, msg
from verify.model.bureau_codes import Coded, number_in_order, texts_of
from verify.model.figures import BLANK, MISSING, UNREADABLE, Ints, Texts, absent, starts_with_digit, sum_groups
from verify.model.identity import UNSTATED
from verify.model.published import COUNTS, FRANCE, CheckedSum, Flaw, Level, Published
from verify.read.cells import relabel
from verify.read.counts import parse_count, with_our_digits
from verify.read.layouts.columns import ChoiceColumns, Places, RowColumns, name_of
from verify.read.layouts.identities import VOTES
from verify.read.layouts.language import LEFT_OUT, Layout, Parts
from verify.read.layouts.rows import TableRows
from verify.read.published.cells import (
    CODE_LIMIT,
    NAME_LIMIT,
    PERCENTAGE_LIMIT,
    TEXT_LIMIT,
    cut_apart,
    instead_of_a_count,
    is_figure,
    judge_texts,
)
from verify.read.published.codes import constituency_code, department_code, insee_codes, plain_code
from verify.read.published.source import SourceTable
from verify.read.tables import headers

_BY_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_GROUPED = re.compile(r"([0-9]{1,3}(?: [0-9]{2,3})* [0-9]{3})(?:[.,]0+)?")
"""Groups of digits, also as India writes them: 1,23,456; and no part of one: 1,234.0."""
CLOCKS = ("ouverture", "cloture")
"""Columns of times of the day."""
PLACES = {
    "station": CODE_LIMIT,
    "commune": NAME_LIMIT,
    "commune_code": CODE_LIMIT,
    "department": CODE_LIMIT,
    "region": CODE_LIMIT,
    "constituency": CODE_LIMIT,
}
"""Places of an entry, and characters kept of each."""
_SHOWN = {"station": "bureau", "commune_code": "insee"}
"""The names of places that are others in results than in entries."""
_FRENCH_CODES = {"department": department_code, "region": plain_code, "constituency": constituency_code}
_FINER = {Level.BUREAU: (), Level.CANTON: ("station",), Level.CONSTITUENCY: ("station",)}
"""The places that are finer than a row of a level; those of all other levels are not listed."""


@dataclass(frozen=True, slots=True)
class StationFigures:
    """The figures of stations, each of which is a row, or the rows of its place.

    Attributes:
        head: first row of each station, shape ``(n,)``.
        unit: station of each row, shape ``(rows,)``.
        counts: by name, those that there are, shape ``(n,)``.
        row, label, votes, panel: row, choice, votes and number on the panel of each entry, shape ``(m,)``.
        labels: the choices, each once.
        shares: percentages of votes, by ratio, shape ``(m,)``.
        of_parts: checks of votes by their parts.
        off: row, count or choice, votes and sum of their parts of those that are another.
    """

    head: Ints
    unit: Ints
    counts: dict[str, Ints]
    row: Ints
    label: Ints
    votes: Ints
    panel: Ints
    labels: tuple[str, ...]
    shares: dict[str, Texts] = field(default_factory=dict)
    of_parts: tuple[CheckedSum, ...] = ()
    off: tuple[tuple[int, str, int, int], ...] = ()

    def take(self, entries: Ints) -> StationFigures:
        """The same with some entries, in their order."""
        row, label, votes, panel = (each[entries] for each in (self.row, self.label, self.votes, self.panel))
        shares = {ratio: texts[entries] for ratio, texts in self.shares.items()}
        return replace(self, row=row, label=label, votes=votes, panel=panel, shares=shares)

    def each_once(self, rows: TableRows, *, add: bool) -> StationFigures:
        """The same by station; votes of a choice that a station has again are added, or reported.

        The first stands, unless another row has other votes: nobody knows which of the two is right.
        """
        unit = self.unit[self.row]
        pair = unit * max(len(self.labels), 1) + self.label
        if (pair[1:] > pair[:-1]).all():
            return self  # most often the choices stand in one order in all rows
        order = np.argsort(unit, kind="stable")
        pair = pair[order]
        _, first, again = np.unique(pair, return_index=True, return_inverse=True)
        if len(first) == len(pair):
            return self.take(order)
        votes = self.votes.copy()
        if add:
            votes[order[first]] = sum_groups(votes[order], again, len(first))
        else:
            of = np.empty_like(order)
            of[order] = order[first[again]]
            for entry in np.sort(np.delete(order, first)).tolist():
                before, name = of[entry], cited(self.labels[self.label[entry]])
                got: Text = msg("{name} twice", name=name)
                row = int(rows.row[self.row[before]])
                if self.row[before] != self.row[entry]:
                    got = msg("{place} again, as in row {row}", place=name, row=row)
                    if self.votes[before] != self.votes[entry]:
                        got = msg("{name} again, as in row {row}: neither is used", name=name, row=row)
                        votes[before] = UNREADABLE
                rows.note(int(self.row[entry]), None, msg("each choice once"), got)
        return replace(self, votes=votes).take(order[np.sort(first)])


@dataclass(frozen=True, slots=True)
class Stations:
    """Reads rows of a table as stations.

    Attributes:
        part: the entry, or the part of it for one of several contests of a row.
        table: the file.
        columns: of a row.
        by_canton: whether the contests are cantons.
        one_each: whether each row has one choice at most.
    """

    part: Layout
    table: SourceTable
    columns: RowColumns
    by_canton: bool = False
    one_each: bool = False

    @property
    def _is_french(self) -> bool:
        return self.part.country == FRANCE

    def read(self, rows: TableRows, level: Level, title: str) -> Published:
        """The stations of some rows.

        Args:
            rows: all of one contest.
            level: what a station is.
            title: the contest, and what the file says of itself.
        """
        places = self._places(rows, level)
        found = self.figures(rows, places)
        if not self._is_french and level is not Level.NATION and len(found.head) == len(rows):
            self._name_repeated(rows, places)
        return replace(self.published(rows, level, places, found), title=title, unused=self._unused(rows, level))

    def published(self, rows: TableRows, level: Level, places: Mapping[str, Coded], found: StationFigures) -> Published:
        """The figures of stations as published results.

        Args:
            rows: that they were read from.
            level: what a station is.
            places: of each row.
            found: the figures.
        """
        part, n = self.part, len(found.head)
        shares = {ratio: rows.texts(at, PERCENTAGE_LIMIT) for ratio, at in self.columns.percentages.items()}
        found = found.each_once(rows, add=part.choices.add)
        counts = {name: absent((n,)) for name in (*COUNTS, *part.counts)} | found.counts
        figures = self._derive(counts, found)
        checked, flaws = self._check(figures, n)
        checked += found.of_parts
        for index, name, votes, total in found.off:
            flaws.append(Flaw("T306", int(found.unit[index]), name, votes, total, msg("the sum of its parts")))
        return Published(
            file=self.table.file,
            sha256=self.table.sha256,
            layout=part.name,
            level=level,
            title="",
            row=rows.row[found.head],
            **self._texts(places, found.head),
            counts={name: values for name, values in figures.items() if name != VOTES},
            labels=found.labels,
            vote_unit=found.unit[found.row],
            vote_label=found.label,
            votes=found.votes,
            panel=found.panel,
            percentages={ratio: texts_of(texts)[found.head] for ratio, texts in shares.items()} | found.shares,
            problems=(),
            flaws=tuple(flaws),
            applied=("T306",) if any(each.made for each in checked) else (),
            checked=tuple(checked),
            stated=rows.stated() if self._is_french else UNSTATED,
            country=part.country,
            turned=part.turned is not None,
        )

    def figures(self, rows: TableRows, places: Mapping[str, Coded]) -> StationFigures:
        """The counts and votes of stations.

        Args:
            rows: as `read` has them.
            places: texts by which the stations of rows are told apart, where each has several rows.
        """
        n, labels = len(rows), dict[str, int]()
        counts = {name: self._count(rows, at, name) for name, at in self.columns.counts.items()}
        found = self._entries(rows, labels)
        head = unit = np.arange(n)
        if self._is_long(places, found, n):
            head, unit = _units(places, n)
            counts = {name: self._agreed(rows, name, values, head, unit) for name, values in counts.items()}
        found = replace(found, head=head, unit=unit, counts=counts, labels=tuple(map(cut_apart(TEXT_LIMIT), labels)))
        counted, off = self._counted_rows(rows, found)
        return replace(found, counts=counts | counted, off=(*found.off, *off))

    def _count(self, rows: TableRows, at: int, name: str = "") -> Ints:
        """The counts of a column, or its clocks; one that is not shown is `UNREADABLE`, and no problem."""
        part = self.part
        parse = self._parse if part.absent or part.hidden or part.thousands else parse_count
        describe = instead_of_a_count if self._is_french else _with_thousands
        found = rows.counts(at, Content.CLOCK if name in CLOCKS else Content.COUNT, parse, describe)
        if part.hidden:
            found[rows.columns[at].marks(lambda cell: cell.strip() in part.hidden)] = UNREADABLE
        return found

    def _texts(self, places: Mapping[str, Coded], head: Ints) -> dict[str, Any]:
        """The places of each station by their names in results; the département by its commune where it is not said."""
        found = {_SHOWN.get(name, name): texts_of(column.take(head)) for name, column in places.items()}
        if self._is_french and not (found["department"] != "").any():
            communes = found["insee"]
            found["department"] = np.where(starts_with_digit(communes), departements_of(communes), "")
        return found

    def _unused(self, rows: TableRows, level: Level) -> tuple[str, ...]:
        """Headers of the columns of places that are not those of the level and have figures."""
        used = {at for columns, _ in self._written(level).values() for at in columns}
        left = [at for at in sorted(self.columns.naming - used) if not headers.is_other(rows.header[at])]
        return tuple(name_of(rows.header, at) for at in left if any(map(is_figure, rows.columns[at].labels)))

    def _parse(self, cell: str) -> int:
        """A count as the entry writes them."""
        layout = self.part
        if cell.strip() in layout.absent | layout.hidden:
            return BLANK
        text = with_our_digits(cell)
        text = text.replace(layout.thousands, " ") if layout.thousands else text
        grouped = _GROUPED.fullmatch(text.strip())
        return parse_count(text if grouped is None else grouped[1].replace(" ", ""))

    def _places(self, rows: TableRows, level: Level) -> dict[str, Coded]:
        """The codes and names of the places of each row; those of finer places than its own are none of it."""
        written = self._written(level)
        found = {name: self._place(rows, name, *written.get(name, ((), ()))) for name in PLACES}
        if not self._is_french:
            return found
        whole = "department" not in written and "department" not in self.part.constants
        found["commune_code"] = insee_codes(found["department"], found["commune_code"], whole)
        return found | {name: relabel(found[name], change) for name, change in _FRENCH_CODES.items()}

    def _written(self, level: Level) -> dict[str, tuple[Places, Parts]]:
        """The columns of the places of a level; the contest of some elections is a canton."""
        written = {name: (columns, self.part.place[name]) for name, columns in self.columns.places.items()}
        canton = written.pop("canton", None)
        of_canton = level is Level.BUREAU and (self.by_canton or "constituency" not in written)
        if canton is not None and (of_canton or level is Level.CANTON):
            written["constituency"] = canton
        for name in _FINER.get(level, ("station", "constituency")):
            written.pop(name, None)
        return written

    def _place(self, rows: TableRows, name: str, columns: Places, form: Parts) -> Coded:
        """One place of each row; codes that a spreadsheet spoilt are reported, and repaired where that can be."""
        constant = self.part.constants.get(name, "")
        filled = [at for at in columns if at is not None]
        if not filled:
            return Coded((constant,), np.zeros(len(rows), np.int64))
        at = filled[0]
        alone = len(columns) == 1 and not isinstance(form, str)
        found = relabel(rows.columns[at], squeeze) if alone else rows.joined(columns, form, "/")
        found = judge_texts(found, rows.report(at), PLACES[name] if self._is_french else TEXT_LIMIT)
        if name != "commune" if self._is_french else alone and name == "station":
            found = rows.unspoilt(at, found, _SHOWN.get(name, name))
        return relabel(found, lambda label: label or constant) if constant else found

    def _entries(self, rows: TableRows, labels: dict[str, int]) -> StationFigures:
        """Votes of all choices by row and from left to right, each row a station; ``labels`` gets the choices."""
        placed = self.columns.placed(len(rows.columns))
        every = voted = np.arange(len(rows))
        if rows.quantity is not None:
            voted = np.flatnonzero(~rows.quantity.marks(bool))
            rows = rows.take(voted)
        votes, label, panel = (np.zeros((len(rows), len(placed)), np.int64) for _ in range(3))
        of_parts: list[CheckedSum] = []
        off: list[tuple[int, str, int, int]] = []
        for at, (choice, step) in enumerate(placed):
            votes[:, at], total = self._votes(rows, choice, step)
            label[:, at] = self._labels(rows, choice, step, votes[:, at], labels)
            if choice.parts and not choice.summed:
                made = int(((total >= 0) & (votes[:, at] >= 0)).sum())
                of_parts.append(CheckedSum(msg("votes = sum of their parts"), made, len(rows)))
                names = [*labels, VOTES]  # the last where there is no label
                for index, stated, added in _off(votes[:, at], total):
                    off.append((int(voted[index]), names[label[index, at]], stated, added))
            if choice.panel is not None:
                panel[:, at] = np.maximum(rows.counts(choice.panel + step), 0)
        present = label >= 0
        row, _ = np.nonzero(present)
        nothing = np.zeros(len(rows), "U1")
        shares = {}
        for ratio in dict.fromkeys(name for choice, _ in placed for name in choice.percentages):
            beside = [(choice.percentages.get(ratio), step) for choice, step in placed]
            texts = [
                nothing if at is None else texts_of(rows.texts(at + step, PERCENTAGE_LIMIT)) for at, step in beside
            ]
            shares[ratio] = np.column_stack(texts)[present]
        found = StationFigures(every, every, {}, voted[row], label[present], votes[present], panel[present], ())
        return replace(found, shares=shares, of_parts=tuple(of_parts), off=tuple(off))

    def _votes(self, rows: TableRows, choice: ChoiceColumns, step: int = 0) -> tuple[Ints, Ints]:
        """The votes of a choice in each row, and the sum of their parts, or the votes again where they have none."""
        if not choice.parts:
            votes = self._count(rows, choice.votes + step)
            return votes, votes
        parts = np.stack([self._count(rows, at) for at in choice.parts])
        there, bad = (parts >= 0).any(axis=0), (parts == UNREADABLE).any(axis=0)
        total = np.where(bad, UNREADABLE, np.where(there, np.maximum(parts, 0).sum(axis=0), parts.max(axis=0)))
        return np.asarray(total, np.int64) if choice.summed else self._count(rows, choice.votes), total

    def _labels(self, rows: TableRows, choice: ChoiceColumns, step: int, votes: Ints, labels: dict[str, int]) -> Ints:
        """The number of the label of a choice in each row, -1 where there is none; votes without one are reported."""
        if isinstance(choice.label, str):
            return np.where(votes == BLANK, -1, labels.setdefault(squeeze(choice.label), len(labels)))
        column = rows.joined(tuple(None if at is None else at + step for at in choice.label), choice.form, " ")
        numbers, at = np.zeros(len(column.labels), np.int64), choice.votes + step
        for code, text in enumerate(column.labels):
            known = len(labels)
            numbers[code] = labels.setdefault(text, known) if text else -1
            if len(text) > TEXT_LIMIT and len(labels) > known:
                limit = msg("at most {text_limit} characters", text_limit=TEXT_LIMIT)
                rows.note(int(np.argmax(column.codes == code)), at, limit, f"{len(text)}")
        found = numbers[column.codes]
        for index in np.flatnonzero((found < 0) & (votes >= 0)).tolist():
            rows.note(index, at, msg("the name of a choice for these votes"), f"{votes[index]}")
        return np.asarray(found, np.int64)

    def _is_long(self, places: Mapping[str, Coded], found: StationFigures, n: int) -> bool:
        """Tell that a station has a row for each choice: the entry says it, or most rows of a place have others."""
        if self.part.choices.label or not self.one_each:
            return bool(self.part.choices.label)
        row, label = found.row, found.label
        if self.part.headers or not len(row):
            return bool(self.part.headers)
        head, unit = _units(places, n)
        again = n - len(head)
        pairs = len(np.unique(unit[row] * (int(label.max()) + 1) + label))
        return 2 * (pairs - len(head)) > again > 0

    def _name_repeated(self, rows: TableRows, places: Mapping[str, Coded]) -> None:
        """Report rows that say again, in a table with a row for each place, what an earlier one of their place says."""
        head, unit = _units(places, len(rows))
        first = head[unit]
        for index in rows.repeated(first, self.columns.used(len(rows.columns))).tolist():
            rows.note(index, None, msg("each place once"), msg("row {row} again", row=int(rows.row[first[index]])))

    def _agreed(self, rows: TableRows, name: str, values: Ints, head: Ints, unit: Ints) -> Ints:
        """A count of each station, on which its rows must agree; a blank or damaged cell says nothing."""
        at = self.columns.counts[name]
        if len(values) and (values == BLANK).all() and self.part.choices.label:
            return absent((len(head),))  # a column that is filled for other contests only is none of this one
        found = values[head].copy()
        filled = np.flatnonzero((values >= 0) & (found[unit] < 0))
        found[unit[filled[::-1]]] = values[filled[::-1]]
        for index in np.flatnonzero((values >= 0) & (values != found[unit])).tolist():
            of = unit[index]
            expected = msg("the count of row {row}, {values}", row=int(rows.row[head[of]]), values=found[of])
            rows.note(index, at, expected, f"{values[index]}")
        return found

    def _counted_rows(
        self, rows: TableRows, stations: StationFigures
    ) -> tuple[dict[str, Ints], list[tuple[int, str, int, int]]]:
        """Counts that stand in rows of their own, and those that are not the sum of their parts.

        A station without any figure has no zeros either.
        """
        quantity = rows.quantity
        if quantity is None:
            return {}, []
        head, unit = stations.head, stations.unit
        counted = np.flatnonzero(quantity.marks(lambda of: of not in ("", LEFT_OUT)))
        values = np.full(len(rows), MISSING, np.int64)
        off: list[tuple[int, str, int, int]] = []
        if self.columns.choices:
            values[counted], total = self._votes(rows.take(counted), self.columns.choices[0])
            for at, stated, of_parts in _off(values[counted], total):
                off.append((int(counted[at]), quantity.at(int(counted[at])), stated, of_parts))
        none = np.full(len(head), BLANK if self._is_french else MISSING, np.int64)
        if self.part.no_row_is_zero:
            none[unit[values >= 0]] = 0
            none[unit[stations.row[stations.votes >= 0]]] = 0
        found: dict[str, Ints] = {}
        for code, name in enumerate(quantity.labels):
            own = np.flatnonzero(quantity.codes == code)
            if name in ("", LEFT_OUT):
                continue
            column = found.setdefault(name, stations.counts.get(name, none).copy())
            column[unit[own[::-1]]] = values[own[::-1]]  # of several the first
            for at in own[column[unit[own]] != values[own]].tolist():
                rows.note(at, None, msg("each count once a station"), msg("{name} twice", name=name))
        return found, off

    def _derive(self, counts: Mapping[str, Ints], found: StationFigures) -> dict[str, Ints]:
        """The counts, the sum of the votes, and what the entry computes, each from the ones before it."""
        unit, stations = found.unit[found.row], len(found.head)
        sums = sum_groups(found.votes, unit, stations)
        sums[np.bincount(unit, minlength=stations) == 0] = MISSING
        figures = {**counts, VOTES: sums}
        for name, expression in self.part.derived.items():
            figures[name] = expression.derive(figures)
        return figures

    def _check(self, figures: Mapping[str, Ints], stations: int) -> tuple[list[CheckedSum], list[Flaw]]:
        """The checks of the entry, and the stations where one fails."""
        checked, flaws = list[CheckedSum](), list[Flaw]()
        for check in () if self.part.headers and self._is_french else self.part.checks:
            none = np.zeros(stations, np.bool_)
            for name in check.names & self.part.zero_is_none:
                none |= figures[name] == 0
            made, found = check.check(figures, none)
            checked.append(CheckedSum(check.text, made, stations))
            flaws += found
        return checked, flaws


def _off(votes: Ints, total: Ints) -> Iterator[tuple[int, int, int]]:
    """The rows whose votes are not the sum of their parts, and both."""
    for at in np.flatnonzero((votes >= 0) & (total >= 0) & (votes != total)).tolist():
        yield at, int(votes[at]), int(total[at])


def _with_thousands(cell: str) -> Text:
    """Describe a cell that holds no count, with the key of an entry by which it may be one."""
    if (found := _BY_THOUSANDS.fullmatch(cell.strip())) is None:
        return instead_of_a_count(cell)
    key = f"thousands = '{found[1]}'"
    return msg("{cell}: where that sign stands between thousands, the layout says {key}", cell=cited(cell), key=key)


def squeeze(text: str) -> str:
    """A text with one space where it has several, and none around it."""
    return " ".join(text.split())


def _units(places: Mapping[str, Coded], n: int) -> tuple[Ints, Ints]:
    """The first row of each station, in the order of the rows, and the number of the station of each row."""
    columns = list(places.values())
    starts = np.ones(n, np.bool_)
    starts[1:] = np.logical_or.reduce([column.codes[1:] != column.codes[:-1] for column in columns])
    heads = np.flatnonzero(starts)  # the rows of a station follow each other, most often
    code, first = number_in_order([column.take(heads) for column in columns], len(heads))
    return heads[first], code[np.cumsum(starts) - 1]
