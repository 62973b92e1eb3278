"""One table of an auditor, understood: where its header is, which rows are bureaux, which columns are choices."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from protocol.errors import InputError, wrong_file
from protocol.quantities import VOTERS, Quantity, column_of
from protocol.words import Message, Text, first_of, msg, series
from verify.model.figures import UNREADABLE
from verify.model.universe import is_counting_column
from verify.read import bounds
from verify.read.cells import code_cells, columns_of, filled_in, number_columns
from verify.read.counts import counts_in, parse_count, put_together
from verify.read.layouts.rows import TableRows
from verify.read.layouts.stations import CLOCKS
from verify.read.rows import Problems
from verify.read.tables import header_rows, headers
from verify.read.tables.bureau_rows import BureauRows, bureau_rows
from verify.read.tables.choice_columns import (
    choice_columns,
    each_once,
    in_blocks,
    names_of_blocks,
    only_votes,
    together,
)
from verify.read.tables.grid import Grid
from verify.read.tables.header_rows import two_rows, with_above
from verify.read.tables.headers import Header, wordings
from verify.read.tables.towns import town_above, town_of_titles
from verify.read.totals import names_total

COUNTS = (*VOTERS, Quantity.PROXIES, Quantity.PAPER, Quantity.ABSTENTIONS)
COUNTED = frozenset((*COUNTS, headers.VOTANTS))
KEYS = ("insee", "commune", "departement", "circonscription", "bureau", "scrutin")
_PLACES = (*KEYS, "choix")

_NOT_MISSED = ("departement", "circonscription", "scrutin")
"""Places without which a table is whole; a header like theirs is as often that of something else."""
_IN_WORDS = re.compile(r"(?<!\w)[0-9][0-9 \u202f\xa0]* [^\W\d]{3}")
"""A figure in a sentence: « 963 inscrits »."""
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
"""A figure with points between its thousands."""
_BESIDE_CODE = re.compile(r"[\s,;(\[-]+(?:corrig|rectifi)[ée]e?s?\b[\s)\].]*$", re.IGNORECASE)
"""Words behind the code of a bureau whose row is given again: « 6 rectifié »."""
_RIGHT = re.compile(
    r"^\W*(?:(?:corrig|rectifi|recompt)[ée]e?s?|recomptage|rectification|correction|corrected|recount(?:ed)?)\b"
    r"|^\W*(?:(?:bon|nouveau) chiffre|(?:2e|2nd|second|deuxi[èe]me|nouveau) (?:comptage|compte)|remplace)\b"
    r"|\b(?:ligne|chiffres?|version) (?:corrig|rectifi)[ée]|annule et remplace",
    re.IGNORECASE,
)
"""A cell that says of its row that it corrects another one; « erreur corrigée par le président » does not."""
_WRONG = re.compile(
    r"^\W*(?:faux|(?:erron|barr|annul)[ée]e?|wrong|void)\b(?! \w)|\bvoir (?:la )?ligne\b", re.IGNORECASE
)
"""A cell that says that another row corrects its own: « FAUX, voir ligne corrigée »; « 1 bulletin annulé » does not."""
_NUMBERED = 4
"""Cells one after another that number columns, and are no counts."""
OF_COMMUNES = msg("figures of whole communes, and of no bureau: ask for those of each bureau")
"""Found in place of a table of bureaux."""
_VOTERS = (Quantity.SIGNATURES, Quantity.VOTES_FOUND)
_CLOSING = msg("a row of the hour at which the poll was closed")


@dataclass(frozen=True, slots=True)
class AuditorTable:
    """A table with a header that was found.

    Attributes:
        grid: where it comes from.
        header: what its columns mean.
        header_row: row of the header.
        choices: columns that hold the votes of one choice each, with its name.
        rows: the rows of bureaux and of totals; its problems are what could not be read.
        totals: indices of the rows that sum up others, with what they call themselves.
        notes: what was left out, for people.
        others: tables on the same sheet that are not read.
        above: number of each row of a place above bureaux, and what its column of levels says.
        names: of the columns of votes whose choice the rows name, the columns that do.
    """

    grid: Grid
    header: Header
    header_row: int
    choices: dict[int, str]
    rows: TableRows
    totals: dict[int, str]
    notes: tuple[Message, ...]
    others: tuple[Message, ...] = ()
    above: dict[int, str] = field(default_factory=dict)
    names: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def cells(self, column: str) -> list[str] | None:
        """The cells of a column, None where the table has none or it is empty throughout."""
        return self.written(self.header.at[column]) if self.has(column) else None

    def written(self, index: int) -> list[str]:
        """The cells of a column by its index, without the spaces around them."""
        return list(map(str.strip, self.rows.columns[index].texts()))

    @property
    def problems(self) -> Problems:
        """Problems of its cells."""
        return self.rows.problems

    def name(self, column: str) -> str:
        """The header of a column as it is written."""
        return self.header.cells[self.header.at[column]].strip()

    @property
    def shown(self) -> str:
        """The name of the file, with that of the sheet where it has several."""
        return self.grid.called

    @property
    def titles(self) -> tuple[str, ...]:
        """The cells that stand above the header."""
        rows = self.grid.rows[: self.grid.numbers.index(self.header_row)]
        return tuple(cell for row in rows for cell in row if cell.strip())

    @property
    def says_where(self) -> bool:
        """Test whether it has a column that tells the commune."""
        return not self.header.at.keys().isdisjoint(("insee", "commune"))

    def codes(self) -> list[str]:
        """The codes of the bureaux as they are written, empty for a total."""
        at = self.header.at["bureau"]
        return ["" if index in self.totals else code for index, code in enumerate(self.written(at))]

    def in_communes(self, names: Sequence[str]) -> AuditorTable:
        """The same with a column of communes, one name for each row."""
        cells = (*self.header.cells, "")
        header = replace(self.header, cells=cells, at={**self.header.at, "commune": len(cells) - 1})
        rows = replace(self.rows, header=[*self.rows.header, ""], columns=[*self.rows.columns, code_cells(names)])
        return replace(self, header=header, rows=rows)

    def with_codes(self, codes: Sequence[str]) -> AuditorTable:
        """The same with other codes of bureaux, one for each row; those that are empty stay as they are."""
        at, columns = self.header.at["bureau"], list(self.rows.columns)
        columns[at] = code_cells(code or own for code, own in zip(codes, self.written(at), strict=True))
        return replace(self, rows=replace(self.rows, columns=columns))

    def has(self, column: str) -> bool:
        """Test whether the table gives this column at all."""
        index = self.header.at.get(column)
        return index is not None and any(map(str.strip, self.rows.columns[index].labels))


def find_table(grid: Grid) -> AuditorTable | InputError:
    """The table in a grid, or what is wrong with its header."""
    best = _best_header(grid)
    if best is None:
        filled = [sum(map(bool, row)) for row in grid.rows[: header_rows.HEAD]]
        fullest = filled.index(max(filled)) if filled else 0
        return _no_header(grid, fullest)
    at, header = best
    below = at + 1
    if not header.names_choices:
        cells, below = two_rows(grid.rows, at, header, grid.asked)
        header = headers.with_numbers(headers.read(cells, grid.asked))
        header = _with_first(header, grid.rows[below:])
    below += below < len(grid.rows) and number_columns(grid.rows[below])
    others = header_rows.above(grid.rows, at, grid.numbers[at])
    if (start := header_rows.start_right_of(header.cells)) is not None:
        others.append(header_rows.right_of(header.cells, start))
        header = headers.with_numbers(headers.read(header.cells[:start], grid.asked))
    if "bureau" not in header.at:  # what stood for it was a « N° » of several, or beside the table
        return _no_header(grid, at)
    header = header if start is not None else _with_last(header, grid, below)
    header, of_hour = _of_hour(header, _said(grid, at))
    grid.kept.fit(len(header.cells), (bounds.rows if header.names_choices else bounds.bureaux)(grid.table.size))
    problems = Problems(grid.shown, grid.problems)
    rows, numbers = _body(grid, (at, below), header, start, problems, others)
    header, of_hours = _last_hours(header, rows, numbers, problems)
    header = _with_turnout(_telling(header, rows), rows)
    choices: dict[int, str] = {}
    names: dict[int, tuple[int, ...]] = {}
    if not header.names_choices:
        choices = choice_columns(header, rows, grid.asked.choices, votes=only_votes(header, _said(grid, at)))
        if grid.lines and not grid.asked.choices:
            choices = together(choices, header, rows)
        if names := names_of_blocks(header):
            choices = in_blocks(header, rows, names)
        else:
            choices = each_once(grid.numbers[at], header, choices, problems)
    counted = {index for column, index in header.at.items() if column in (*COUNTS, "votes")} | set(choices)
    bureaux = bureau_rows(header, rows, numbers, counted, problems)
    problems += headers.nearly_written(grid.shown, grid.numbers[at], header, _lacking(header), set(choices), rows)
    table = AuditorTable(
        grid,
        header,
        grid.numbers[at],
        choices,
        _in_columns(header, bureaux, problems, grid.lines),
        {at: row.said for at, row in enumerate(bureaux.rows) if row.said},
        (*of_hour, *of_hours, *bureaux.notes),
        tuple(others),
        bureaux.above,
        names,
    )
    return table if table.says_where else _in_commune(table, [row.town for row in bureaux.rows])


def _in_columns(header: Header, bureaux: BureauRows, problems: Problems, lines: Sequence[int]) -> TableRows:
    """The rows of bureaux and totals as columns; in one that says how bureaux count, totals say nothing."""
    width = len(header.cells)
    names = [header.shown(index) for index in range(width)]
    numbers = np.array([row.number for row in bureaux.rows], np.int64)
    columns = columns_of([row.cells for row in bureaux.rows], width)
    for index in header.unread():
        ways = code_cells("" if row.said else row.cells[index] for row in bureaux.rows)
        columns[index] = ways if is_counting_column(ways) else columns[index]
    return TableRows(names, numbers, columns, problems, lines)


def _in_commune(table: AuditorTable, towns: Sequence[str]) -> AuditorTable:
    """A table without a column of communes, with those that stand above its bureaux, or that its title names.

    The first commune stands above the header.

    Args:
        table: of which no column tells the commune.
        towns: for each row what stands by itself above it.
    """
    if any(towns):
        first = town_above(table.titles[-1]) if table.titles else ""
        towns = [town_above(town) or first for town in towns]
    codes = [(town, code) for town, code in zip(towns, table.codes(), strict=True) if code]
    if len(set(codes)) == len(codes) > len({code for _, code in codes}):
        return table.in_communes(towns)
    town = town_of_titles(table.titles, table.grid.shown)
    return table.in_communes([town] * len(table.rows)) if town else table


def _best_header(grid: Grid) -> tuple[int, Header] | None:
    """Of the first rows that name a bureau and its figures the one that names most columns, and what it names."""
    best: tuple[int, Header] | None = None
    for at, row in enumerate(grid.rows[: header_rows.HEAD]):
        header = headers.read(row, grid.asked)
        if header.at and "bureau" not in header.at:  # « N° » under « Bureau »
            header = headers.read(with_above(grid.rows, at, row, grid.asked), grid.asked)
            header = headers.with_numbers(header)
            header = _with_first(header, grid.rows[at + 1 :])
        if "bureau" not in header.at:
            continue
        named = {
            *header.at,
            *map(headers.meaning_of, two_rows(grid.rows, at, header, grid.asked)[0]),
        }  # below headings of groups
        figures = not named.isdisjoint((*COUNTED, "votes")) or any(headers.hour_of(cell) is not None for cell in row)
        figures = figures or only_votes(header, _said(grid, at))
        if figures and (best is None or len(header.at) > len(best[1].at)):
            best = at, header
    return best


def _with_first(header: Header, rows: Sequence[Sequence[str]]) -> Header:
    """The header of a table whose first column has no name, and in most rows with counts the numbers of bureaux."""
    counts = [at for column, at in header.at.items() if column in COUNTS]
    if "bureau" in header.at or header.cells[0].strip() or len(counts) < 2:
        return header
    counted = [row for row in rows if any(at < len(row) and parse_count(row[at]) >= 0 for at in counts)]
    coded = sum(any(map(str.isdigit, row[0])) for row in counted)
    if coded * 2 <= len(counted) or not all(row[0].strip() for row in counted):
        return header
    return replace(header, at={**header.at, "bureau": 0})


def _said(grid: Grid, at: int) -> list[str]:
    """The words of a table about itself: its titles above the header, and the names of its sheet and file."""
    return [*itertools.chain.from_iterable(grid.rows[:at]), grid.sheet, Path(grid.shown).stem]


def _no_header(grid: Grid, at: int) -> InputError:
    if not grid.rows:
        return grid.problems[0] if grid.problems else wrong_file(grid.shown, msg("a table"), msg("nothing"))
    if grid.problems and (grid.problems[0].row or 0) < grid.numbers[at]:
        return grid.problems[0]  # what should have been the header could not be split
    row = filled_in(grid.rows[at])
    got: Text
    meant = set(map(headers.meaning_of, row))
    if "commune" in meant and len(meant & COUNTED) > 1:
        return InputError(grid.shown, grid.numbers[at], "bureau", msg("a table of bureaux"), OF_COMMUNES)
    if sum(_IN_WORDS.search(cell) is not None for cell in row) > 1:
        got = msg("figures in sentences, which are not read: type them in as a table")
        return InputError(grid.shown, grid.numbers[at], None, msg("a table of bureaux"), got)
    wanted = (
        ("bureau", "registered", "signatures") if grid.asked.signatures else ("bureau", "signatures", "votes_found")
    )
    lacks = [column for column in wanted if not any(headers.meaning_of(cell) == column for cell in row)]
    looked_at = row[: headers.LOOKED_AT]
    near = [(cell, column) for cell in looked_at for column in [headers.nearest(cell, lacks)] if column is not None]
    expected = msg("columns such as {columns}", columns=series(headers.example(column) for column in lacks or wanted))
    got = " | ".join(row)[:200] if len(row) > 1 else msg("text, and no table")  # a note is nobody else's to read
    for cell, column in near[:5]:
        example = headers.example(column)
        got = msg("{header}; « {cell} » is near {example}", header=got, cell=cell[:40], example=example)
    return InputError(grid.shown, grid.numbers[at], column_of(lacks[0]) if lacks else None, expected, got)


def _body(
    grid: Grid,
    head: tuple[int, int],
    header: Header,
    end: int | None,
    problems: Problems,
    others: list[Message],
) -> tuple[list[list[str]], list[int]]:
    """The rows below the header, each as wide as it; a header that a page break repeats is left out.

    Args:
        grid: of the table.
        head: index of the first row of the header, and of the first row below it.
        header: what it says.
        end: the column at which another table starts, None where there is none.
        problems: is given the rows of other lengths; those with more counts than the header has columns are not read.
        others: is given the table that follows, if there is one: no row of it is read.
    """
    width = len(header.cells)
    at, below = head
    heads = grid.rows[at:below]
    pages = [same for row in grid.rows[:at] if (same := _without_digits(row)) != row]  # « page 1 »
    rows: list[list[str]] = []
    numbers: list[int] = []
    beside: list[int] = []
    written: list[list[str]] = []
    for row, number in zip(grid.rows[below:], grid.numbers[below:], strict=True):
        cells, row = row, row[:end]
        if cells in heads or (pages and _without_digits(cells) in pages):
            continue
        if header_rows.is_header(row):
            if header_rows.repeats(row, header.cells):
                continue
            others.append(msg("another table on the same sheet, from row {row} on, is not read", row=number))
            break
        if len(row) > width:
            row = put_together(row, width)
        written.append(row)
        short = len(row) < width and not grid.padded and not _is_note(row)
        if grid.padded and any(map(str.strip, row[width:])) and _is_note(row[width:]):
            beside.append(number)
        elif short or any(map(str.strip, row[width:])):
            problems.add(number, None, msg("{width} cells", width=width), msg("{row} cells", row=len(row)))
            if counts_in(row[width:]):  # a column has no header: which one is not known
                continue
        rows.append((row + [""] * (width - len(row)))[:width])
        numbers.append(number)
    if beside:
        named = first_of(map(str, beside), _NUMBERED)
        others.append(msg("text beside the table is not read (rows {rows})", rows=named))
    _join_thousands(rows, header.at["bureau"])
    others += _leave_corrected(rows, numbers, written, [header.at[name] for name in _PLACES if name in header.at])
    return rows, numbers


def _mark(row: Sequence[str], code: str) -> int:
    """1 for a row that is said to be a correction, -1 for one that is said to be wrong, else 0."""
    if any(map(_WRONG.search, row)):
        return -1
    return int(_BESIDE_CODE.search(code) is not None or any(map(_RIGHT.search, row)))


def _leave_corrected(
    rows: list[list[str]], numbers: list[int], written: Sequence[Sequence[str]], places: Sequence[int]
) -> Iterator[Message]:
    """Take out of two rows of one place the one that the other corrects, by what is written beside them; name it.

    Args:
        rows: of the table, as wide as its header; what is written behind a code is taken out.
        numbers: of the rows.
        written: the rows as they are, with what stands beside the table.
        places: columns that say what a row is of.
    """
    codes = [[row[place].strip() for place in places] for row in rows]
    first: dict[tuple[str, ...], int] = {}
    left: dict[int, int] = {}
    for at, row in enumerate(rows):
        for place in places:
            row[place] = _BESIDE_CODE.sub("", row[place])
        key = tuple(row[place].strip().casefold() for place in places)
        before = first.setdefault(key, at)
        last = at + 1 == len(rows) or rows[at + 1][places[-1]].strip()  # nothing below it is a part of it
        if before == at or not last:
            continue
        marks = [_mark(written[each], " ".join(codes[each])) for each in (before, at)]
        if marks[0] != marks[1]:
            wrong, right = (before, at) if marks[1] > marks[0] else (at, before)
            left[wrong] = first[key] = right
    for wrong, right in left.items():
        yield msg("row {row} left out, which row {other} corrects", row=numbers[wrong], other=numbers[right])
    for wrong in sorted(left, reverse=True):
        del rows[wrong], numbers[wrong]


def _without_digits(row: Sequence[str]) -> list[str]:
    """A row as it is on every page, « page 2 » of it included."""
    return [re.sub(r"[0-9]+", "#", cell) for cell in row]


def _join_thousands(rows: list[list[str]], bureau: int) -> None:
    """Take the points out of columns in which they can be nothing but those of thousands: 1.267 above 998.

    No column with 1.000 alone, which may be one, and none with 1267.
    """
    for at in range(len(rows[0]) if rows else 0):
        if at == bureau or not any(_THOUSANDS.fullmatch(row[at].strip()) for row in rows[: headers.LOOKED_AT]):
            continue
        cells = {row[at].strip() for row in rows}
        figures = [cell for cell in cells if cell[:1].isdigit()]
        pointed = [cell for cell in figures if "." in cell]
        plain = all(len(cell) <= 3 and cell.isdecimal() for cell in figures if "." not in cell)
        if plain and all(map(_THOUSANDS.fullmatch, pointed)) and not all(cell.endswith("000") for cell in pointed):
            for row in rows:
                row[at] = row[at].replace(".", "") if row[at].strip() in pointed else row[at]


def _is_note(row: Sequence[str]) -> bool:
    """Test whether a row has no figure, and nothing in it is written like the code of a bureau."""
    cells = filled_in(row)
    codes = (cell[0].isalnum() and " " not in cell and any(map(str.isdigit, cell)) for cell in cells)
    return not any(codes) and all(parse_count(cell) == UNREADABLE for cell in cells)


def _with_last(header: Header, grid: Grid, below: int) -> Header:
    """The header of a sheet with a column more, where most rows have one: its last cell is merged over two columns."""
    width, rows = len(header.cells), grid.rows[below:]
    beyond = [row for row in rows if any(map(str.strip, row[width:]))]
    if not grid.padded or len(beyond) * 2 <= len(rows) or any(any(map(str.strip, row[width + 1 :])) for row in beyond):
        return header
    return replace(header, cells=(*header.cells, ""))


def _telling(header: Header, rows: list[list[str]]) -> Header:
    """The header with that of two columns of bureaux which tells them apart: ``15-3``, where many have a « 3 »."""
    others = [index for index, column in header.again.items() if column == "bureau"]
    at = header.at["bureau"]
    if not any(any(map(str.isdigit, row[at])) for row in rows):  # names of bureaux, which two may share
        others += headers.numbers(header)
    places = [header.at[name] for name in ("insee", "commune", "scrutin") if name in header.at]

    def told(column: int) -> int:
        return len({tuple(row[index].strip() for index in (*places, column)) for row in rows if row[column].strip()})

    most = max((at, *others), key=told)  # the surest of those that tell as many
    if most == at or any(not row[most].strip() and row[at].strip() for row in rows):
        return header
    again = {index: column for index, column in header.again.items() if index != most} | {at: "bureau"}
    return replace(header, at={**header.at, "bureau": most}, again=again)


def _of_hour(header: Header, titles: Iterable[str]) -> tuple[Header, list[Message]]:
    """A header below a title that says when the voters were counted, as if their columns said it, with a note.

    « Participation à 17 h » has no counts of the day: no bureau closes by then. At a later hour some do, and the counts
    stand. A table of valid votes is of the evening, whatever hours its titles say.
    """
    hours = set[int]().union(*map(headers.hours_in, titles))
    voters = {name: header.at[name] for name in _VOTERS if name in header.at}
    if len(hours) != 1 or Quantity.VALID in header.at or not voters:
        return header, []
    said = f"{min(hours)}h"
    if 60 * min(hours) >= headers.FIRST_CLOSING:
        return header, [msg("voters as counted at {hour} by its title: taken for those of the day", hour=said)]
    cells = tuple(f"{cell} {said}" if at in voters.values() else cell for at, cell in enumerate(header.cells))
    left = {name: at for name, at in header.at.items() if name not in voters}
    note = msg("voters as counted at {hour} by its title: no counts of the day", hour=said)
    return replace(header, cells=cells, at=left), [note]


_Hours = dict[tuple[str, ...], dict[int, int]]
"""By place of a bureau and minutes of the day the index of a row."""


def _by_hour(header: Header, rows: Sequence[Sequence[str]], voters: Sequence[int]) -> tuple[int, _Hours] | None:
    """The column of hours of a table with a row for each of several hours, and the rows; None for any other table."""
    places, bureau = [header.at[name] for name in _PLACES if name in header.at], header.at["bureau"]
    for column in [] if header.names_choices else header.unread():
        said = (headers.minutes_of(row[column], header.cells[column]) for row in rows[: headers.LOOKED_AT])
        if max(said, default=-1) < 0:
            continue
        counted = [at for at, row in enumerate(rows) if counts_in(row[each] for each in voters)]
        found, place = _Hours(), ("",) * len(places)
        for at in counted:
            own = tuple(rows[at][each].strip() for each in places)
            place = own if rows[at][bureau].strip() or names_total(*own) else place  # once above its hours
            found.setdefault(place, {})[headers.minutes_of(rows[at][column], header.cells[column])] = at
        each_once = sum(map(len, found.values())) == len(counted) >= 2 * len(found) > 0
        if each_once and min(map(min, found.values())) >= 0:
            return column, found
    return None


def _last_hours(
    header: Header, rows: list[list[str]], numbers: list[int], problems: Problems
) -> tuple[Header, list[Message]]:
    """Leave of rows for each hour the last of each bureau, with the counts of all hours in columns beside its own.

    A bureau without the last hour of its commune, or with one at which no bureau closes, has no count of the day.

    Args:
        header: what it says; it gets the columns.
        rows: the rows below it, which become those of the last hours.
        numbers: their numbers.
        problems: is given the bureaux without a count of the day.
    """
    at = header.at
    voters = {name: at[name] for name in _VOTERS if name in at}
    if not voters or (found := _by_hour(header, rows, [*voters.values()])) is None:
        return header, []
    column, of = found
    places, counted = [at[name] for name in _PLACES if name in at], min(voters.values())
    hours = sorted({hour for each in of.values() for hour in each if hour < headers.CLOSED})
    own = places.index(at["bureau"])
    towns = {place: (*place[:own], *place[own + 1 :]) for place in of}
    closing = Counter[tuple[str, ...]]()
    for place, each in of.items():
        closing[towns[place]] = max(closing[towns[place]], *each, headers.FIRST_CLOSING)
    for place, each in of.items():
        row, number = rows[each[max(each)]], numbers[each[max(each)]]
        beside = [rows[each[hour]][counted] if hour in each else "" for hour in hours]
        for where, name in zip(places, place, strict=True):
            row[where] = name
        if max(each) < closing[towns[place]]:
            problems.add(number, header.shown(column), _CLOSING, row[column])
            for index in voters.values():
                row[index] = ""
        row += beside
    left = {index for each in of.values() for hour, index in each.items() if hour < max(each)}
    for index in sorted(left, reverse=True):
        del rows[index], numbers[index]
    said = [f"{hour // 60}h{f'{hour % 60:02}' if hour % 60 else ''}" for hour in hours]
    cells = (*header.cells, *(f"{header.shown(counted)} {hour}" for hour in said))
    rows[:] = [row + [""] * (len(cells) - len(row)) for row in rows]
    note = msg("a row for each hour: the last one counts, all stand beside it ({hours})", hours=series(said))
    return replace(header, cells=cells, left=header.left | {column}, judged=header.judged | voters.keys()), [note]


def _with_turnout(header: Header, rows: list[list[str]]) -> Header:
    """The header with votes found where no column is: those who voted by the hour at which they are all other votes."""
    parts = [header.at.get(name, -1) for name in (Quantity.BLANK, Quantity.NULL, Quantity.VALID)]
    if Quantity.VOTES_FOUND in header.at or min(parts) < 0:
        return header
    for index in header.unread():
        if headers.is_turnout_at_hour(header.cells[index]):
            counted = [[parse_count(row[at]) for at in (index, *parts)] for row in rows]
            whole = [each for each in counted if min(each) >= 0]
            if 2 * sum(each[0] == sum(each[1:]) for each in whole) > len(whole):
                found = Quantity.VOTES_FOUND
                return replace(header, at={**header.at, found: index}, judged=header.judged | {found})
    return header


def _lacking(header: Header) -> list[str]:
    """The columns that a table might have had and has not."""
    lacking = [
        column
        for column in wordings().whole
        if column not in header.at and column not in header.judged and column not in (*CLOCKS, *_NOT_MISSED)
    ]
    return lacking if "choix" in header.at else [column for column in lacking if column not in ("choix", "votes")]
