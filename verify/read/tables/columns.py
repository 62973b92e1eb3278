"""The cells of an auditor's table as counts and texts by bureau, as votes by choice, and as a sheet of a night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol import night
from protocol.night import Content
from protocol.quantities import VOTERS
from protocol.words import cited, msg
from verify.model import contests as choice_names
from verify.model.bureau_codes import TextColumns
from verify.model.figures import BLANK, MISSING, UNREADABLE, Ints
from verify.model.identity import StatedElection, common, said_in, sorting, stating
from verify.read import bounds
from verify.read.cells import code_cells
from verify.read.counts import parse_count
from verify.read.published.cells import instead_of_a_count
from verify.read.rows import NOT_READ, Problems
from verify.read.sheet import Piece, Sheet, parse_clock, text_columns
from verify.read.tables import headers
from verify.read.tables.choice_columns import name_in
from verify.read.tables.codes import places_of
from verify.read.tables.headers import NO_CHOICES, has_word
from verify.read.tables.shares import ShareOff, shares_off
from verify.read.tables.table import CLOCKS, COUNTS, AuditorTable
from verify.read.totals import names_total

_OPTIONAL = ("commune", "departement", "circonscription")


_NOTHING = frozenset(
    form for word in ("néant", "neant", "nil", "aucun") for form in (word, word.capitalize(), word.upper())
) | frozenset("-–—")
"""Cells that say zero, or that nothing was written."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Content of a table; lists of the length of its rows, if not said otherwise.

    Attributes:
        row: number of each row.
        texts: keys, and the remarks where the table has a column of them.
        counts: counts and clocks, of each column that is filled in at all.
        extra: what is not read, by header; signatures of an hour by their name in a night.
        bureaux: indices of the rows that stand for a bureau or a total: of a long table the first row of each.
        totals: indices of the rows that sum up others.
        entries: votes of a choice, as index of a row, name and votes.
        problems: of the table and its cells.
        lines: of a form, the row in which each column of counts stands.
        choice_lines: of a form, the row in which the votes of each choice stand, by name.
        shares: percentages that are not the ratio of the counts.
        titles: the cells above the header.
    """

    row: list[int]
    texts: dict[str, list[str]]
    counts: dict[str, list[int]]
    extra: dict[str, list[str]]
    bureaux: list[int]
    totals: frozenset[int]
    entries: list[tuple[int, str, int]]
    problems: Problems
    lines: dict[str, int]
    choice_lines: dict[str, int]
    shares: tuple[ShareOff, ...]
    titles: tuple[str, ...]


def columns_of(table: AuditorTable, known: Sequence[str]) -> TableColumns:
    """Read all cells of a table. ``known`` are the choices by the préfecture's list, empty where there is none."""
    problems = Problems(table.shown, table.problems)
    table = _with_zeros(table)
    texts = places_of(table, problems)
    texts = {name: cells for name, cells in texts.items() if name not in _OPTIONAL or any(cells)}
    if (remarks := table.cells("observations")) is not None:
        texts["observations"] = remarks
    counts: dict[str, list[int]] = {}
    for column in (*COUNTS, *CLOCKS):
        cells = table.cells(column)
        if cells is not None:
            counts[column] = _numbers(table, table.header.at[column], cells, problems, clock=column in CLOCKS)
    bureaux = list(range(len(table.rows)))
    entries: list[tuple[int, str, int]] = []
    of_choices: dict[int, list[int]] = {}
    if table.long:
        bureaux, entries = _long(table, texts, counts, known, problems)
    for index, label in table.choices.items():
        cells = [row[index].strip() for row in table.rows]
        of_choices[index] = votes = _numbers(table, index, cells, problems)
        # nothing in the column of a choice is no vote of zero: it may not stand in this bureau's contest
        if index in table.names:
            entries += _named(table, index, votes, problems)
        else:
            entries += [(row, label, count) for row, count in enumerate(votes) if count != BLANK]
        if len(entries) > bounds.rows(table.grid.table.size):
            expected = msg("at most {size} votes", size=bounds.rows(table.grid.table.size))
            problems.add(table.header_row, table.header.shown(index), expected, NOT_READ)
            break
    entries.sort(key=lambda entry: entry[0])  # the choices of a row stay in the order of their columns
    if table.names:
        entries = _each_once(table, entries, problems)
    totals = frozenset(table.totals)
    lines = table.grid.lines
    return TableColumns(
        table.numbers,
        texts,
        counts,
        _extra(table),
        bureaux,
        totals,
        entries,
        problems,
        {name: lines[table.header.at[name]] for name in counts if lines and name in table.header.at},
        {label: lines[index] for index, label in table.choices.items() if lines},
        tuple(shares_off(table, counts, of_choices)),
        table.titles,
    )


def _with_zeros(table: AuditorTable) -> AuditorTable:
    """The same with zero for « néant » where the row's other figures leave nothing for it; elsewhere it stays."""
    whole, *parts = (table.header.at.get(column, -1) for column in ("votes_found", "blank", "null", "valid"))
    if min(whole, *parts) < 0:
        return table

    def with_zeros(row: list[str]) -> list[str]:
        if _NOTHING.isdisjoint(row):
            return row
        counts = [0 if row[index] in _NOTHING else parse_count(row[index]) for index in parts]
        if min(counts) < 0 or sum(counts) != parse_count(row[whole]):
            return row
        return ["0" if index in parts and cell in _NOTHING else cell for index, cell in enumerate(row)]

    return replace(table, rows=[with_zeros(row) for row in table.rows])


def _numbers(
    table: AuditorTable, index: int, cells: list[str], problems: Problems, *, clock: bool = False
) -> list[int]:
    """The cells of a column, by its index, as numbers."""
    name, lines = table.header.shown(index), table.grid.lines[index : index + 1]
    convert, content = (parse_clock, Content.CLOCK) if clock else (parse_count, Content.COUNT)
    numbers = []
    for cell, row in zip(cells, table.numbers, strict=True):
        number = convert(cell)
        if number == UNREADABLE:
            at = lines[0] if lines else row
            got = cited(cell) if clock else instead_of_a_count(cell)
            problems.add(at, name, content.value, got)
        numbers.append(number)
    return numbers


def _named(table: AuditorTable, index: int, votes: list[int], problems: Problems) -> Iterator[tuple[int, str, int]]:
    """The votes in a block's column, each with the choice that its own row names."""
    for at, (row, count) in enumerate(zip(table.rows, votes, strict=True)):
        label = name_in(row, table.names[index])
        if label and count != BLANK:
            yield at, label, count
        elif count > 0 and at not in table.totals:
            expected = msg("the name of a choice for these votes")
            problems.add(table.numbers[at], table.header.shown(index), expected, msg("nothing"))


def _each_once(
    table: AuditorTable, entries: list[tuple[int, str, int]], problems: Problems
) -> list[tuple[int, str, int]]:
    """Without the second vote of a choice in one row, which is said."""
    first: dict[tuple[int, str], tuple[int, str, int]] = {}
    for entry in entries:
        if first.setdefault(entry[:2], entry) is not entry:
            got = msg("{name} twice", name=entry[1])
            problems.add(table.numbers[entry[0]], None, msg("each choice once"), got)
    return list(first.values())


def _extra(table: AuditorTable) -> dict[str, list[str]]:
    extra: dict[str, list[str]] = {}
    for index in table.header.unread():
        name = table.header.shown(index)
        if index not in table.choices:
            hour = headers.hour_of(name)
            name = name if hour is None else f"emargements_{hour:02}h"
            extra.setdefault(name, [row[index].strip() for row in table.rows])
    return extra


def _long(
    table: AuditorTable,
    texts: dict[str, list[str]],
    counts: dict[str, list[int]],
    known: Sequence[str],
    problems: Problems,
) -> tuple[list[int], list[tuple[int, str, int]]]:
    """Bureaux and votes of a table with a row for each choice.

    Rows for « Inscrits », « Blancs » and so on are counts of the bureau. A count that stands in every row of a bureau
    is read once; where the rows differ, the first holds and the others are problems.
    """
    labels = table.labels()
    votes = _numbers(table, table.header.at["votes"], table.cells("votes") or [""] * len(labels), problems)
    rubrics = _rubrics(labels, known)
    first: dict[tuple[str, ...], int] = {}
    most = bounds.bureaux(table.grid.table.size)
    entries: list[tuple[int, str, int]] = []
    said_again: list[tuple[int, int]] = []
    places = _bureau_and_election(table, texts)
    for index, place in enumerate(places):
        at = first.setdefault(place, index)
        if len(first) > most:
            expected = msg("at most {most} bureaux", most=most)
            problems.add(table.numbers[index], None, expected, NOT_READ)
            del first[place]
            labels = labels[:index]
            break
        for name, values in counts.items():
            if values[index] == BLANK or values[at] == values[index]:
                continue
            if values[at] == BLANK:
                values[at] = values[index]
            else:
                row, expected = table.numbers[index], msg("the same in every row of a bureau")
                problems.add(row, table.name(name), expected, str(values[index]))
    no_choices = {label for label in set(labels) if names_total(label) or headers.is_other(label)}
    no_choices |= {label for label in _not_listed(labels, known) if has_word(label, NO_CHOICES)}
    again = {label for label in _not_listed(labels, known) if headers.meaning_of(label) is not None}
    for index, label in enumerate(labels):
        if label in rubrics:
            at = first[places[index]]
            counts.setdefault(rubrics[label], [BLANK] * len(votes))[at] = votes[index]
        elif label in again:  # « Votants » beside both counts of voters
            said_again.append((index, first[places[index]]))
        elif label and label not in no_choices:
            entries.append((index, label, votes[index]))
        elif not label and votes[index] != BLANK and index not in table.totals:
            name, row = table.name("choix"), table.numbers[index]
            problems.add(row, name, msg("the name of a choice for these votes"), msg("nothing"))
    for index, at in said_again:
        figures = [values[at] for name, values in counts.items() if name in VOTERS]
        if votes[index] not in (BLANK, *figures):
            row, expected = table.numbers[index], msg("one of the other counts of this bureau")
            problems.add(row, labels[index][:80], expected, str(votes[index]))
    return list(first.values()), entries


def _bureau_and_election(table: AuditorTable, texts: dict[str, list[str]]) -> list[tuple[str, ...]]:
    """Keys that tell the bureau of each row, its poll and its election from others."""
    keys = [texts[name] for name in ("insee", "commune", "bureau", "scrutin") if name in texts]
    said = [(table.header.cells[index], index) for index in stating(table.header.cells)]
    keys.append([sorting((name, row[index]) for name, index in said) for row in table.rows])
    return list(zip(*keys, strict=True))


def _rubrics(labels: list[str], known: Sequence[str]) -> dict[str, str]:
    """Labels that are no choices but counts, and which."""
    different = _not_listed(labels, known)
    meant = headers.read(different, signatures=False).at
    return {different[index]: column for column, index in meant.items() if column in VOTERS}


def _not_listed(labels: list[str], known: Sequence[str]) -> list[str]:
    """The different labels that are no choices of the préfecture's list."""
    different = list(dict.fromkeys(label for label in labels if label))
    listed = choice_names.match(different, list(known))
    return [label for label, choice in zip(different, listed, strict=True) if choice is None]


_POLL = "scrutin"
"""A column that may have the poll's number or the name of the election."""


def sheet_of(
    columns: TableColumns, table: night.NightTable, shown: str, sheet: str, size: int, of_round: int, *, totals: bool
) -> Sheet:
    """The rows of a table as one of a night.

    Args:
        columns: of the table.
        table: what it is used as.
        shown: name of the file.
        sheet: name of the sheet, empty where the file has one only.
        size: bytes of the file that are this table's share, which bound what it takes.
        of_round: the round that the table says it is of outside its rows, 0 where it says none.
        totals: whether rows that sum up others are kept: they are named once.
    """
    votes = table is night.VOTES
    entries = [entry for entry in columns.entries if totals or entry[0] not in columns.totals]
    bureaux = [index for index in columns.bureaux if totals or index not in columns.totals]
    pick = [index for index, _, _ in entries] if votes else bureaux
    row = [columns.row[index] for index in pick]
    if votes:
        row = [columns.choice_lines.get(label, columns.row[index]) for index, label, _ in entries]
    # a row has many votes: of its texts only those that say where it stands are written beside each of them
    cells = _picked({n: c for n, c in columns.extra.items() if not votes or headers.is_page(n)}, pick)
    further = list(cells)
    cells |= _picked({n: c for n, c in columns.texts.items() if not votes or n != "observations"}, pick)
    counts: dict[str, Ints]
    if votes:
        cells["choix"] = [label for _, label, _ in entries]
        counts = {"votes": np.array([vote for _, _, vote in entries], np.int64)}
    else:
        counted = [each.key for each in (*table.columns, *table.further) if each.content is not Content.TEXT]
        counts = {name: _picked_numbers(columns, name, pick) for name in counted}
    stated = _stated(columns).or_else(StatedElection(round=of_round))
    unread = Problems(shown)
    rows, coded = np.array(row, np.int64), {name: code_cells(each) for name, each in cells.items()}
    done = text_columns(coded, bounds.memory(size) // 8, rows, unread)  # for each of the two that a file can be
    extra = {name: done[name] for name in further if name not in columns.texts}
    return Sheet(
        shown,
        rows,
        TextColumns({name: values for name, values in done.items() if name not in extra}),
        counts,
        TextColumns(extra),
        unread.all(),
        (Piece(shown, sheet, "observations" in columns.texts, stated),),
        lines={name: np.full(len(pick), line, np.int64) for name, line in columns.lines.items() if name in counts},
    )


def _stated(columns: TableColumns) -> StatedElection:
    """The election that the columns, else the titles, say the rows are of; nothing of that on which they disagree.

    A year in a title may be that of a correction, and says nothing by itself.
    """
    told = columns.extra | ({_POLL: columns.texts[_POLL]} if _POLL in columns.texts else {})
    names = list(told)
    cells = {(names[at], cell) for at in stating(names) for cell in told[names[at]] if cell}
    titled = common(StatedElection.of_text(title) for title in columns.titles)
    return common(said_in(name, cell) for name, cell in sorted(cells)).or_else(
        replace(titled, year=titled.day.year if titled.day else 0)
    )


def _picked(columns: Mapping[str, list[str]], pick: list[int]) -> dict[str, list[str]]:
    return {name: [cells[index] for index in pick] for name, cells in columns.items()}


def _picked_numbers(columns: TableColumns, name: str, pick: list[int]) -> Ints:
    values = columns.counts.get(name)
    if values is None:
        return np.full(len(pick), MISSING, np.int64)
    return np.array([values[index] for index in pick], np.int64)
