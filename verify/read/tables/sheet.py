"""Sign-in counts and PVs as auditors have them, turned into the same sheets that a night's own files give.

CSV, xlsx or xls; a row a bureau or a row a choice; a column a choice or none; headers in many spellings; a city's feed
that carries both counts. `parse` takes any of these and gives what the file holds of sign-ins, PVs and votes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.night import Content
from protocol.opening import OpenedFile
from protocol.quantities import Quantity, column_of
from protocol.words import Message, Text, msg, series
from verify.model.evidence import NOTHING_FILLED_IN
from verify.model.figures import BLANK, MISSING, Ints, Texts
from verify.model.layouts import layout_label
from verify.model.published import Published
from verify.read import bounds
from verify.read.published import city_nantes, city_tidy, researchers
from verify.read.rows import Problems
from verify.read.sheet import Sheet, text_columns
from verify.read.tables import headers
from verify.read.tables import table as auditor_table
from verify.read.tables.city_feed import has_both_counts, sheets_of, texts_of
from verify.read.tables.columns import Columns, columns_of
from verify.read.tables.grid import grids_of
from verify.read.tables.table import AuditorTable

_GENERIC = frozenset((city_tidy.NAME, researchers.NAME, city_nantes.NAME))
"""Layouts that are told by headers which any table may have: read as such only where its headers say no more."""
_NEEDS = {
    night.SIGNATURES.file: ("signatures",),
    night.RECORDS.file: ("signatures", "votes_found", "valid"),
    night.VOTES.file: ("votes",),
}
"""Columns of which a table must have one, to be of each kind."""
KINDS = frozenset(_NEEDS)
"""The files of a night that an auditor can have in a form of his own."""
_TABLES = 20
"""Tables of which it is noted how they were read."""
_NO_COMMUNE = re.compile(
    r"\s*(?:$|feuil|sheet|tableau|table|onglet|page|pv\b|tour\b|[0-9]|t[12]\b|scrutin|émarg|emarg)", re.IGNORECASE
)
"""Names of sheets that are no names of communes."""
NOT_USED = msg("not used")


@dataclass(frozen=True, slots=True)
class Given:
    """What one file holds.

    Attributes:
        sheets: by name of the night's file that it stands for: sign-ins, PVs, votes by choice. None where a table has
            the headers and nothing was filled in below them: that is no evidence yet, and not wrong.
        problems: everything that could not be read, of all its tables.
        note: what was read as what.
        whole: whether every table in it was used.
    """

    sheets: dict[str, Sheet]
    problems: tuple[InputError, ...]
    note: Text
    whole: bool = True


class NotUnderstood(InputError):
    """A table without what its kind of evidence needs; ``problems`` has all that is wrong with it."""

    def __init__(self, problems: Sequence[InputError]) -> None:
        first = problems[0]
        super().__init__(first.file, first.row, first.column, first.expected, first.got)
        self.problems = tuple(problems)


def says_more(sheet: Sheet, table: night.Table) -> bool:
    """Whether a file in a night's own form has columns besides that may be votes of choices: `parse` tells."""
    return table is night.RECORDS and any(not headers.is_other(name) for name in sheet.extra)


def parse(file: OpenedFile, kind: str, name: str | None = None, known: Sequence[str] = ()) -> Given:
    """What one file of an auditor holds.

    Args:
        file: the file.
        kind: what it was given as: name of the night's file for sign-ins, PVs or votes by choice.
        name: the name to show; by default the path as given.
        known: the choices by the préfecture's list, empty where there is none.

    Raises:
        InputError: the file is damaged, or larger than its bounds when unpacked.
        NotUnderstood: nothing in it is what it was given as.
    """
    shown = str(file.path) if name is None else name
    grids, size = grids_of(file, shown), len(file.data)
    understood = [auditor_table.found(grid, signatures=kind == night.SIGNATURES.file, known=known) for grid in grids]
    tables = [table for table in understood if isinstance(table, AuditorTable)]
    both = any(table.has("signatures") and table.has("votes_found") for table in tables)
    feeds = [feed for grid in grids for feed in grid.feed(_GENERIC if tables else frozenset())]
    feeds = [feed for feed in feeds if not both or has_both_counts(feed)]
    if feeds:
        return _of_feed(feeds, kind, shown)
    wrong = [error for error in understood if isinstance(error, InputError)]
    if not tables:
        raise NotUnderstood(wrong)
    return _of_tables(tables, kind, shown, size, known, wrong)


def bureaux(file: OpenedFile) -> dict[str, Texts]:
    """The bureaux that a table or published results name, as columns of text; rows of totals are left out.

    Raises:
        InputError: the file is damaged, or no table in it names bureaux.
    """
    grids = grids_of(file, str(file.path))
    understood = [auditor_table.found(grid, signatures=False, known=()) for grid in grids]
    tables = [table for table in understood if isinstance(table, AuditorTable)]
    feeds = [feed for grid in grids for feed in grid.feed(_GENERIC if tables else frozenset())]
    if feeds:
        return texts_of(feeds[0])
    if not tables:
        raise NotUnderstood([error for error in understood if isinstance(error, InputError)])
    columns = columns_of(tables[0], ())
    rows = [row for row in columns.bureaux if row not in columns.totals]
    return {column: np.array([cells[row] for row in rows], np.str_) for column, cells in columns.texts.items()}


def _of_feed(feeds: list[Published], kind: str, shown: str) -> Given:
    feed = feeds[0]
    problems = [
        InputError(shown + p.file.removeprefix(feed.file), p.row, p.column, p.expected, p.got) for p in feed.problems
    ]
    if len(feeds) > 1:
        got = msg("{feeds} of them; the first is used", feeds=len(feeds))
        problems.append(InputError(shown, None, None, msg("one table of bureaux"), got))
    sheets = sheets_of(feed, shown)
    if kind != night.SIGNATURES.file:  # a PV's own count of signatures serves where no sign-in list was given
        sheets.pop(night.SIGNATURES.file, None)
    if kind not in sheets:
        got = msg("published results ({layout})", layout=layout_label(feed.layout))
        raise NotUnderstood([InputError(shown, 1, column_of(_NEEDS[kind][0]), _wanted(kind), got), *problems])
    return Given(sheets, tuple(problems), layout_label(feed.layout, feed.title))


def _wanted(kind: str) -> Message:
    return msg(
        "columns such as {columns}", columns=series(headers.example(column) for column in ("bureau", *_NEEDS[kind]))
    )


def _of_tables(
    tables: list[AuditorTable],
    kind: str,
    shown: str,
    size: int,
    known: Sequence[str],
    wrong: list[InputError],
) -> Given:
    """Sheets of the tables that have what each kind needs, one below the other where several have."""
    tables = by_sheet(tables)
    read = [(table, columns_of(table, known)) for table in tables]
    sheets: dict[str, Sheet] = {}
    used: list[AuditorTable] = []
    for night_table in (night.SIGNATURES, night.RECORDS, night.VOTES):
        mine = night_table.file == kind
        giving = [(table, columns) for table, columns in read if _gives(columns, night_table.file, mine)]
        most = max((len(table.header.at) for table, _ in giving), default=0)
        giving = [(table, columns) for table, columns in giving if len(table.header.at) == most]
        if giving and (mine or night_table is not night.SIGNATURES):
            sheets[night_table.file] = _sheet([columns for _, columns in giving], night_table, shown, size, totals=mine)
            used += [table for table, _ in giving]
    problems = Problems(problem for _, columns in read for problem in columns.problems)
    problems.more = sum(columns.problems.more for _, columns in read)
    if kind == night.RECORDS.file and kind in sheets and (sheets[kind].counts["votes_found"] == MISSING).all():
        expected = msg("columns such as {columns}", columns=headers.example("votes_found"))
        problems.append(InputError(shown, used[0].header_row, Quantity.VOTES_FOUND.column, expected, _seen(used[0])))
    if kind not in sheets:
        if not problems and any(set(_NEEDS[kind]) & table.header.at.keys() for table in tables):
            return Given({}, (), NOTHING_FILLED_IN)
        lacking = [
            InputError(table.shown, table.header_row, column_of(_NEEDS[kind][0]), _wanted(kind), _seen(table))
            for table in tables
        ]
        raise NotUnderstood([*lacking, *problems])
    notes = [_in_sheet(table.grid.sheet, _note(table) if table in used else [NOT_USED]) for table in tables]
    notes += [_in_sheet(error.file, [NOT_USED]) for error in wrong]
    said: list[Text] = [note for note in notes if note]
    more: list[Text] = ["…"] if said[_TABLES:] else []
    note = series([*said[:_TABLES], *more], " / ") if said else ""
    return Given(sheets, problems.all(), note, whole=not wrong and all(table in used for table in tables))


def _note(table: AuditorTable) -> list[Message]:
    """What was read as what in one table, and what was left out."""
    votes = [msg("voix: {choices}", choices=series(table.choices.values()))] if table.choices else []
    return [*table.header.note(), *table.notes, *votes]


def _in_sheet(sheet: str, parts: Sequence[Message]) -> Text:
    said = series(parts, msg("; "))
    if not parts or not sheet:
        return said if parts else ""
    return msg("[{sheet}] {said}", sheet=sheet, said=said)


def by_sheet(tables: list[AuditorTable]) -> list[AuditorTable]:
    """Tables that tell no commune and have the same bureaux: one commune a sheet, as the sheets are named."""
    silent = [table for table in tables if not table.says_where]
    codes = [set(table.codes()) - {""} for table in silent]
    alike = sum(map(len, codes)) > len(set().union(*codes))
    if not alike or any(_NO_COMMUNE.match(table.grid.sheet) for table in silent):
        return tables
    return [table if table.says_where else table.of_communes([table.grid.sheet] * len(table.rows)) for table in tables]


def _gives(columns: Columns, kind: str, mine: bool) -> bool:
    """Whether a table can stand for a kind: PVs only where it was given as them or has the ballots found."""
    if kind == night.VOTES.file:
        return any(count != BLANK for _, _, count in columns.entries)
    if kind == night.RECORDS.file and not mine:
        return "votes_found" in columns.counts
    return any(column in columns.counts for column in _NEEDS[kind]) or (
        kind == night.SIGNATURES.file and any(name.startswith("emargements_") for name in columns.extra)
    )


def _seen(table: AuditorTable) -> str:
    return " | ".join(cell.strip() for cell in table.header.cells if cell.strip())[:200]


def _sheet(read: list[Columns], table: night.Table, shown: str, size: int, *, totals: bool) -> Sheet:
    """The rows of several tables as one sheet of a night."""
    votes = table is night.VOTES
    entries = [[e for e in columns.entries if totals or e[0] not in columns.totals] for columns in read]
    picks = [
        [index for index, _, _ in of] if votes else [i for i in columns.bureaux if totals or i not in columns.totals]
        for columns, of in zip(read, entries, strict=True)
    ]
    picked = list(zip(read, picks, strict=True))
    row = [columns.row[index] for columns, pick in picked for index in pick]
    unread = Problems()

    def texts(name: str, of: Callable[[Columns], dict[str, list[str]]]) -> list[str]:
        cells: list[str] = []
        for columns, pick in picked:
            source = of(columns).get(name)
            cells += [""] * len(pick) if source is None else [source[index] for index in pick]
        return cells

    def numbers(name: str) -> Ints:
        values: list[int] = []
        for columns, pick in picked:
            source = columns.counts.get(name)
            values += [MISSING] * len(pick) if source is None else [source[index] for index in pick]
        return np.array(values, np.int64)

    # a row has many votes: of its texts only those that say where it stands are written beside each of them
    named = [name for name in dict.fromkeys(n for c in read for n in c.texts) if not votes or name != "observations"]
    further = [name for name in dict.fromkeys(n for c in read for n in c.extra) if not votes or headers.is_page(name)]
    cells = {name: texts(name, lambda c: c.extra) for name in further}
    cells |= {name: texts(name, lambda c: c.texts) for name in named}
    if votes:
        cells["choix"] = [label for of in entries for _, label, _ in of]
        counts = {"votes": np.array([vote for of in entries for _, _, vote in of], np.int64)}
    else:
        counted = (column for column in (*table.columns, *table.further) if column.content is not Content.TEXT)
        counts = {column.key: numbers(column.key) for column in counted}
    done = text_columns(cells, bounds.memory(size) // 8, shown, row, unread)  # for each of the two that a file can be
    extra = {name: done[name] for name in further if name not in named}
    return Sheet(
        shown,
        np.array(row, np.int64),
        {name: values for name, values in done.items() if name not in extra},
        counts,
        extra,
        unread.all(),
    )
