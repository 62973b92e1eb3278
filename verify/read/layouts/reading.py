"""Reads tables by layout entries: rows to stations, columns to counts and votes, and checks what the entry states.

Each different cell of a column is judged once; rows are looked at only where a cell is bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from protocol.words import Text, cited, msg
from verify.model.bureau_codes import Coded, texts_of
from verify.model.figures import BLANK, MISSING, UNREADABLE, Bools, Ints, Texts, absent, sum_groups
from verify.model.published import COUNTS, FRANCE, Flaw, Level, Published
from verify.read.cells import rows_with
from verify.read.counts import parse_count
from verify.read.layouts.columns import CellTable, cells_below, combine, parts_of, recode
from verify.read.layouts.identities import VOTES
from verify.read.layouts.language import LEFT_OUT, TOTAL, Layout, Names
from verify.read.layouts.named_columns import choices_of, header_row, level_of, unused_columns
from verify.read.layouts.shapes import row_labels, turn
from verify.read.published.cells import (
    CODE_LIMIT,
    NAME_LIMIT,
    PERCENTAGE_LIMIT,
    TEXT_LIMIT,
    CellProblems,
    instead_of_a_count,
    shorten,
)
from verify.read.published.fields import ChoiceColumns, placed
from verify.read.published.source import SourceTable
from verify.read.tables.totals import TotalOff

TURNOUT = "(turnout)"
"""The contest of counts whose rows stand where those of contests do."""
_PLACES = {
    "station": CODE_LIMIT,
    "commune": NAME_LIMIT,
    "commune_code": CODE_LIMIT,
    "department": CODE_LIMIT,
    "region": CODE_LIMIT,
    "constituency": CODE_LIMIT,
    "canton": CODE_LIMIT,
}
"""Places of an entry, and characters kept of each."""
_BETWEEN = {"station": "/", "contest": " / "}


def read_by_layout(layout: Layout, table: SourceTable) -> list[Published] | None:
    """The results in a table, contest by contest; None where it is of another layout."""
    if layout.country == FRANCE and not (layout.derived or layout.turned or layout.choices.label):
        from verify.read.layouts.insee_tables import read_french

        return read_french(layout, table)
    if layout.turned is not None:
        if header_row(layout, [row_labels(table.head, layout.turned)]) is None:
            return None
        table = turn(table, layout.turned)
    at = header_row(layout, table.head)
    if at is None:
        return None
    problems = CellProblems(table.file)
    cells = cells_below(table, table.head[at], at + 2, problems)
    found = [each for part in layout.parts for each in _Part(part, table, cells, problems).read()]
    if not found:
        return None
    return [replace(found[0], problems=problems.all(), unused=unused_columns(layout, cells)), *found[1:]]


@dataclass(slots=True)
class _FoundVotes:
    """Votes as they were found: their rows, choices, figures and columns, shape ``(m,)`` each."""

    row: list[Ints] = field(default_factory=list)
    label: list[Ints] = field(default_factory=list)
    votes: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)


class _Part:
    """One contest of a row, or the whole of it, read from the rows of a table.

    Args:
        layout: the entry.
        table: the file.
        cells: its rows.
        problems: is given what cannot be read.
    """

    def __init__(self, layout: Layout, table: SourceTable, cells: CellTable, problems: CellProblems) -> None:
        self.layout = layout
        self._table = table
        self._cells = cells
        self._problems = problems

    def read(self) -> list[Published]:
        """The results of each level and contest."""
        totals, levels = self._levels()
        found: list[Published] = []
        for level, rows in levels.items():
            if rows.any():
                found += _StationRows(self, self._cells.chosen(rows), level).results()
        if found and totals.any():
            summed = _StationRows(self, self._cells.chosen(totals), Level.NATION, self._naming_totals()).results()
            found = [_with_totals(each, summed) for each in found]
        return found

    def _naming_totals(self) -> frozenset[int]:
        """The columns by which rows are sums: they name no place there."""
        found = (self._cells.header.find(names) for names, _ in self.layout.totals)
        return frozenset(at for at in found if at is not None)

    def _levels(self) -> tuple[Bools, dict[Level, Bools]]:
        """Mark the rows that are sums, and those of each level."""
        cells, layout = self._cells, self.layout
        totals = np.zeros(len(cells), np.bool_)
        for names, values in layout.totals:
            if (column := cells.column(names)) is not None:
                totals |= rows_with(column, values)
        of = layout.levels
        column = None if of is None else cells.column(of.column)
        if of is None or column is None:
            return totals, {level_of(layout, cells.header): ~totals}
        found: dict[Level, Bools] = {}
        known = totals.copy()
        for value, level in of.values.items():
            rows = rows_with(column, (value,)) & ~known
            known |= rows
            if level == TOTAL:
                totals |= rows
            elif level != LEFT_OUT:
                found[Level(level)] = found.get(Level(level), np.zeros(len(cells), np.bool_)) | rows
        self.report(cells, ~known, of.column, msg("a level that the layout knows"), column)
        return totals, found

    def report(self, cells: CellTable, rows: Bools, names: Names, expected: Text, column: Coded) -> None:
        """Note the cells of a column that are not what is expected."""
        for at in np.flatnonzero(rows).tolist():
            got = column.labels[column.codes[at]]
            self.note(cells, at, names, expected, shorten(got) if got else msg("nothing"))

    def note(self, cells: CellTable, at: int, names: Names, expected: Text, got: Text) -> None:
        """Note one problem of a row."""
        self._problems.add(int(cells.row[at]), names[0] if names else None, expected, got)

    def figures(self, cells: CellTable, names: Names) -> Ints:
        """The counts of a column, shape ``(n,)``; `MISSING` where the table has none of its wordings."""
        column = cells.column(names)
        if column is None:
            return absent((len(cells),))
        values = self._judge(column)
        found: Ints = values[column.codes]
        for at in np.flatnonzero(found == UNREADABLE).tolist():
            self.note(cells, at, names, msg("a count"), instead_of_a_count(column.labels[column.codes[at]]))
        return found

    def _judge(self, column: Coded) -> Ints:
        layout = self.layout
        values = []
        for label in column.labels:
            cell = label.strip()
            if cell in layout.absent:
                values.append(BLANK)
                continue
            values.append(parse_count(cell.replace(layout.thousands, " ") if layout.thousands else cell))
        return np.array(values, np.int64)


_MATCHED = ("insee", "commune", "constituency", "department", "region")


def _with_totals(found: Published, totals: Sequence[Published]) -> Published:
    """Results with the figures of their rows of sums that are not the sum of their stations."""
    flaws = [flaw for total in totals if total.title == found.title for flaw in _off(found, total)]
    return replace(found, flaws=(*found.flaws, *flaws))


def _off(found: Published, totals: Published) -> Iterator[Flaw]:
    """Compare each row of sums with its stations: those of the places that it names, else all."""
    label = {name: at for at, name in enumerate(found.labels)}
    for unit, row in enumerate(totals.row.tolist()):
        rows = np.ones(len(found.row), np.bool_)
        for place in _MATCHED:
            if named := getattr(totals, place)[unit]:
                rows &= getattr(found, place) == named
        if not rows.any():
            continue
        stated = {name: int(values[unit]) for name, values in totals.counts.items()}
        own = {name: values[rows] for name, values in found.counts.items()}
        of_total = totals.vote_unit == unit
        of_rows = rows[found.vote_unit]
        for at, votes in zip(totals.vote_label[of_total].tolist(), totals.votes[of_total].tolist(), strict=True):
            name = totals.labels[at]
            stated[name] = votes
            own[name] = found.votes[of_rows & (found.vote_label == label.get(name, -1))]
        named = str(totals.commune[unit] or totals.bureau[unit]) or "Σ"
        for name, value in stated.items():
            parts = own[name]
            if value >= 0 and (parts >= 0).all() and int(parts.sum()) != value:
                yield TotalOff(unit, named, name, value, int(parts.sum()), int(rows.sum())).flaw(row, found.file)


class _StationRows:
    """The rows of one level of a part, made into stations.

    Args:
        part: the entry with its file.
        cells: the rows.
        level: what they stand for.
        without: columns that name no place in these rows.
    """

    def __init__(self, part: _Part, cells: CellTable, level: Level, without: frozenset[int] = frozenset()) -> None:
        self._part = part
        self._layout = part.layout
        self._cells = cells
        self._level = level
        self._without = without
        self._quantity = self._quantities()
        self._contest = self._contests()
        self._place = {name: self._places(name, limit) for name, limit in _PLACES.items()}
        self._unit, self._head = self._units()

    @property
    def _is_long(self) -> bool:
        return bool(self._layout.choices.label)

    def _quantities(self) -> Coded | None:
        """The count that each row is, empty for a row of a choice."""
        rows = self._layout.quantity_rows
        column = None if rows is None else self._cells.column(rows.column)
        if rows is None or column is None:
            return None
        meant = {cell.strip().casefold(): name for cell, name in rows.values.items()}
        return recode(Coded(tuple(meant.get(label.strip().casefold(), "") for label in column.labels), column.codes))

    def _is_quantity(self) -> Bools:
        if self._quantity is None:
            return np.zeros(len(self._cells), np.bool_)
        named = np.array([bool(label) for label in self._quantity.labels], np.bool_)
        return np.asarray(named[self._quantity.codes], np.bool_)

    def _contests(self) -> Coded:
        layout, cells = self._layout, self._cells
        contest = self._places("contest", TEXT_LIMIT)
        rows = layout.quantity_rows
        own = {cells.header.find(names) for names in parts_of(layout.contest)}
        if rows is not None and cells.header.find(rows.column) in own:  # these counts are of all contests
            codes = np.where(self._is_quantity(), len(contest.labels), contest.codes)
            contest = recode(Coded((*contest.labels, TURNOUT), codes))
        return contest

    def _places(self, name: str, limit: int) -> Coded:
        layout = self._layout
        parts = layout.contest if name == "contest" else layout.place.get(name, ())
        if any(self._cells.header.find(names) in self._without for names in parts_of(parts)):
            parts = ()
        column = self._cells.joined(parts, _BETWEEN.get(name, " "))
        constant = layout.constants.get(name, "")
        return recode(Coded(tuple((label or constant)[:limit] for label in column.labels), column.codes))

    def _units(self) -> tuple[Ints, Ints]:
        """The station of each row, and the first row of each station."""
        rows = len(self._cells)
        if not self._is_long:
            return np.arange(rows), np.arange(rows)
        code = combine([self._contest, *self._place.values()], rows)
        _, first, unit = np.unique(code, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank[unit], first[order]

    def results(self) -> list[Published]:
        """The results of each contest."""
        layout = self._layout
        counts = {name: self._count(name, names) for name, names in layout.counts.items()}
        votes = self._long() if self._is_long else self._wide()
        if self._quantity is not None:
            counts |= self._counted_rows(self._quantity, counts)
        entries = self._entries(votes)
        published = self._published(counts, entries, tuple(votes.labels))
        return list(self._by_contest(published))

    def _count(self, name: str, names: Names) -> Ints:
        """A count of each station; those of its rows must agree."""
        rows = self._part.figures(self._cells, names)
        if not self._is_long:
            return rows
        found = rows[self._head].copy()
        filled = np.flatnonzero((rows != BLANK) & (found[self._unit] == BLANK))
        found[self._unit[filled[::-1]]] = rows[filled[::-1]]  # a row that leaves it blank says nothing
        for at in np.flatnonzero((rows != BLANK) & (rows != found[self._unit])).tolist():
            said = int(self._head[self._unit[at]])
            expected = msg(
                "the count of row {row}, {values}", row=int(self._cells.row[said]), values=found[self._unit[at]]
            )
            self._part.note(self._cells, at, names, expected, f"{rows[at]}")
        return found

    def _counted_rows(self, quantity: Coded, counts: Mapping[str, Ints]) -> dict[str, Ints]:
        """Counts that stand in rows of their own."""
        values, _ = self._of_rows()
        found: dict[str, Ints] = {}
        for code, name in enumerate(quantity.labels):
            if not name:
                continue
            rows = np.flatnonzero(quantity.codes == code)
            none = np.full(len(self._head), 0 if self._layout.no_row_is_zero else MISSING, np.int64)
            column = found.setdefault(name, counts.get(name, none).copy())
            column[self._unit[rows[::-1]]] = values[rows[::-1]]  # of several the first
            for at in rows[column[self._unit[rows]] != values[rows]].tolist():
                expected = msg("each count once a station")
                self._part.note(self._cells, at, (), expected, msg("{name} twice", name=name))
        return found

    def _of_rows(self) -> tuple[Ints, Names]:
        """The votes of each row, and the header of their column."""
        choices, cells = self._layout.choices, self._cells
        if choices.votes:
            return self._part.figures(cells, choices.votes), choices.votes
        return self._sum_of_parts(), choices.parts[0]

    def _sum_of_parts(self) -> Ints:
        """The sum of the parts of each row that are filled; absent where none is, or one is no count."""
        parts = np.stack([self._part.figures(self._cells, names) for names in self._layout.choices.parts])
        there, bad = (parts >= 0).any(axis=0), (parts == UNREADABLE).any(axis=0)
        total = np.where(there, np.maximum(parts, 0).sum(axis=0), parts.max(axis=0))
        return np.where(bad, UNREADABLE, total)

    def _long(self) -> _FoundVotes:
        cells, choices = self._cells, self._layout.choices
        values, names = self._of_rows()
        label = self._cells.joined(choices.label, " ")
        label = recode(Coded(tuple(text[:TEXT_LIMIT] for text in label.labels), label.codes))
        wanted = ~self._is_quantity()
        nameless = self._nameless(label, np.where(wanted, values, BLANK), names)
        rows = np.flatnonzero(wanted & ~nameless & (values != MISSING))
        self._check_parts(values, names)
        label = recode(Coded(label.labels, label.codes[rows]))
        number = cells.header.find(names)
        column = np.full(len(rows), 0 if number is None else number + 1, np.int64)
        numbers = {text: at for at, text in enumerate(label.labels)}
        return _FoundVotes([rows], [label.codes.astype(np.int64)], [values[rows]], [column], numbers)

    def _nameless(self, label: Coded, values: Ints, names: Names) -> Bools:
        """Mark the rows that name no choice; those that have votes all the same are reported."""
        found = np.array([not text for text in label.labels], np.bool_)[label.codes]
        for at in np.flatnonzero(found & (values >= 0)).tolist():
            expected = msg("the name of a choice for these votes")
            self._part.note(self._cells, at, names, expected, f"{values[at]}")
        return np.asarray(found, np.bool_)

    def _check_parts(self, values: Ints, names: Names) -> None:
        """Report the rows whose votes are not the sum of their parts."""
        choices, cells = self._layout.choices, self._cells
        if not (choices.votes and choices.parts):
            return
        total = self._sum_of_parts()
        for at in np.flatnonzero((total >= 0) & (values >= 0) & (total != values)).tolist():
            self._part.note(
                cells, at, names, msg("the sum of its parts, {total}", total=int(total[at])), f"{values[at]}"
            )

    def _placed(self) -> list[tuple[ChoiceColumns, int]]:
        cells = self._cells
        return placed(*choices_of(self._layout, cells.header), len(cells.columns))

    def _wide(self) -> _FoundVotes:
        found = _FoundVotes()
        for choice, step in self._placed():
            column = choice.votes + step
            values = self._part.figures(self._cells, (f"#{column + 1}",))
            label = self._label(choice, step)
            nameless = self._nameless(label, values, (self._cells.header.cells[column] or f"{column + 1}",))
            rows = np.flatnonzero((values != BLANK) & ~nameless)
            for text in filter(None, label.labels):
                found.labels.setdefault(text, len(found.labels))
            numbers = np.array([found.labels.get(text, -1) for text in label.labels], np.int64)
            found.row.append(rows)
            found.label.append(numbers[label.codes[rows]])
            found.votes.append(values[rows])
            found.column.append(np.full(len(rows), column + 1, np.int64))
        return found

    def _label(self, choice: ChoiceColumns, step: int) -> Coded:
        """The name of a choice in each row."""
        if isinstance(choice.label, str):
            return Coded((choice.label,), np.zeros(len(self._cells), np.int64))
        label = self._cells.joined(tuple((f"#{at + step + 1}",) for at in choice.label), " ")
        named = (f"{choice.prefix}{text}"[:TEXT_LIMIT] if text else "" for text in label.labels)
        return recode(Coded(tuple(named), label.codes))

    def _entries(self, votes: _FoundVotes) -> dict[str, Ints]:
        """Votes by station; those of a choice that a station has again are added, or a problem and left out."""
        none = [np.zeros(0, np.int64)]
        row, label, values, column = (
            np.concatenate(each or none) for each in (votes.row, votes.label, votes.votes, votes.column)
        )
        unit = self._unit[row] if len(row) else row
        order = np.lexsort((row, unit)) if self._is_long else np.argsort(unit, kind="stable")
        unit, label, values, column, row = (each[order] for each in (unit, label, values, column, row))
        pair = unit * max(len(votes.labels), 1) + label
        _, first, again = np.unique(pair, return_index=True, return_inverse=True)
        if len(first) < len(pair):
            if self._layout.choices.add:
                values = values.copy()
                values[first] = sum_groups(values, again, len(first))
            else:
                self._report_twice(row, label, first, tuple(votes.labels))
            kept = np.sort(first)
            unit, label, values, column = (each[kept] for each in (unit, label, values, column))
        return {"unit": unit, "label": label, "votes": values, "column": column}

    def _report_twice(self, row: Ints, label: Ints, first: Ints, labels: Sequence[str]) -> None:
        again = np.ones(len(row), np.bool_)
        again[first] = False
        for at in np.flatnonzero(again).tolist():
            expected = msg("each choice once a bureau")
            self._part.note(self._cells, int(row[at]), (), expected, msg("{name} twice", name=cited(labels[label[at]])))

    def _published(self, counts: Mapping[str, Ints], entries: Mapping[str, Ints], labels: tuple[str, ...]) -> Published:
        layout, table, head = self._layout, self._part._table, self._head
        n = len(head)

        def place(name: str) -> Texts:
            column = self._place[name]
            return texts_of(Coded(column.labels, column.codes[head]))

        figures: dict[str, Ints] = {name: absent((n,)) for name in COUNTS}
        figures.update(counts)
        sums = sum_groups(entries["votes"], entries["unit"], n)
        sums[np.bincount(entries["unit"], minlength=n) == 0] = MISSING
        for name, expression in layout.derived.items():
            figures[name] = expression.derive({**figures, VOTES: sums})
        return Published(
            file=table.file,
            sha256=table.sha256,
            layout=layout.name,
            level=self._level,
            title="",
            row=self._cells.row[head],
            insee=place("commune_code"),
            department=place("department"),
            region=place("region"),
            commune=place("commune"),
            constituency=place("canton" if "canton" in layout.place else "constituency"),
            bureau=place("station"),
            counts=figures,
            labels=labels,
            vote_unit=entries["unit"],
            vote_label=entries["label"],
            votes=entries["votes"],
            vote_column=entries["column"],
            panel=np.zeros(len(entries["unit"]), np.int64),
            percentages=self._percentages(entries),
            problems=(),
            flaws=tuple(self._flaws({**figures, VOTES: sums})),
            applied=("T306",) if layout.checks else (),
            country=layout.country,
        )

    def _percentages(self, entries: Mapping[str, Ints]) -> dict[str, Texts]:
        """The percentages that the file states, of stations and of choices that have a column each."""
        cells, layout = self._cells, self._layout
        columns = ((ratio, cells.column(names)) for ratio, names in layout.percentages.items())
        found = {ratio: texts_of(column)[self._head] for ratio, column in columns if column is not None}
        for ratio in layout.choices.percentages:
            texts = np.full(len(entries["unit"]), "", f"U{PERCENTAGE_LIMIT}")
            for choice, step in self._placed():
                own = entries["column"] == choice.votes + step + 1
                if ratio in choice.percentages:
                    beside = texts_of(cells.columns[choice.percentages[ratio] + step])
                    texts[own] = beside[self._head[entries["unit"][own]]]
            found[ratio] = np.asarray(texts, np.str_)
        return found

    def _flaws(self, figures: Mapping[str, Ints]) -> Iterator[Flaw]:
        """Checks of the entry that do not hold."""
        layout = self._layout
        for check in layout.checks:
            none = np.zeros(len(self._head), np.bool_)
            for name in check.names & layout.zero_is_none:
                none |= figures[name] == 0
            names = check.left.terms
            what = names[0][1] if len(names) == 1 else str(check.left.text)
            for unit, left, right in zip(*(each.tolist() for each in check.check(figures, none)), strict=True):
                yield Flaw("T306", unit, what, left, right if right >= 0 else str(right), check.due)

    def _by_contest(self, found: Published) -> Iterator[Published]:
        """Results apart by contest, each with its own choices only."""
        contest = recode(Coded(self._contest.labels, self._contest.codes[self._head]))
        for code, name in enumerate(contest.labels):
            units = contest.codes == code
            chosen = found if units.all() else _choose(found, units)
            counts = (
                {  # a column that is filled for other contests only is none of this one
                    count: absent(values.shape) if len(values) and (values == BLANK).all() else values
                    for count, values in chosen.counts.items()
                }
                if self._is_long
                else chosen.counts
            )
            yield replace(chosen, counts=counts, title=name or self._part._table.title)


def _choose(found: Published, units: Bools) -> Published:
    """Some stations of results, with the choices and findings that these have."""
    position = np.cumsum(units) - 1
    kept = units[found.vote_unit]
    used, label = np.unique(found.vote_label[kept], return_inverse=True)
    labels = tuple(found.labels[at] for at in used.tolist())
    flaws = tuple(
        replace(flaw, unit=int(position[flaw.unit])) for flaw in found.flaws if flaw.unit >= 0 and units[flaw.unit]
    )
    places = ("row", "insee", "department", "region", "commune", "constituency", "bureau")
    return replace(
        found,
        **{name: getattr(found, name)[units] for name in places},
        counts={name: values[units] for name, values in found.counts.items()},
        labels=labels,
        vote_unit=position[found.vote_unit[kept]],
        vote_label=label,
        votes=found.votes[kept],
        vote_column=found.vote_column[kept],
        panel=found.panel[kept],
        percentages={
            ratio: texts[kept if ratio.startswith("votes/") else units] for ratio, texts in found.percentages.items()
        },
        flaws=flaws,
    )
