"""One table of an auditor, understood: where its header is, which rows are bureaux, which columns are choices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.errors import InputError
from verify import choices as choice_names
from verify import headers
from verify.auditor_grid import Grid
from verify.figures import BLANK, UNREADABLE
from verify.headers import Header
from verify.sheet import parse_clock, parse_count

VOTERS = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
COUNTS = (*VOTERS, "procurations", "papier")
CLOCKS = ("ouverture", "cloture")
KEYS = ("insee", "commune", "departement", "circonscription", "bureau", "scrutin")

_HEAD = 12
"""Rows that are not empty among which the header is looked for: a workbook starts with titles."""
_FOOTNOTE = 12
_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")
_SUM = "total, by its figures"
_VOTES_OF = re.compile(r"^\s*(?:nb\.?|nombre\s+de)?\s*voix\s*(?:de|pour|:|-)?\s+", re.IGNORECASE)


def count_of(cell: str) -> int:
    """`parse_count`, and ``805,0`` for 805. ``1.000`` stays unreadable: it could be one or a thousand."""
    number = parse_count(cell)
    if number == UNREADABLE and (whole := _WHOLE.fullmatch(cell.strip())):
        number = parse_count(whole[1])
    return number


def clock_of(cell: str) -> int:
    """`parse_clock`, and ``8h`` and ``08:00:00`` as people and spreadsheets write it."""
    text = cell.strip()
    return parse_clock(text + "00" if text[-1:] in ("h", "H") else text)


@dataclass(frozen=True, slots=True)
class AuditorTable:
    """A table with a header that was found.

    Attributes:
        grid: where it comes from.
        header: what its columns mean.
        header_row: row of the header.
        choices: columns that hold the votes of one choice each, with its name.
        rows, numbers: the rows of bureaux and of totals, as wide as the header, and their row numbers.
        totals: indices of the rows that sum up others, with what they call themselves.
        notes: what was left out, for people.
        problems: what could not be read.
    """

    grid: Grid
    header: Header
    header_row: int
    choices: dict[int, str]
    rows: list[list[str]]
    numbers: list[int]
    totals: dict[int, str]
    notes: tuple[str, ...]
    problems: list[InputError]

    def cells(self, column: str) -> list[str] | None:
        """The cells of a column, None where the table has none or it is empty throughout."""
        index = self.header.at.get(column)
        if index is None:
            return None
        values = [row[index].strip() for row in self.rows]
        return values if any(values) else None

    def name(self, column: str) -> str:
        """The header of a column as it is written."""
        return self.header.cells[self.header.at[column]].strip()

    @property
    def shown(self) -> str:
        """The name of the file, with that of the sheet where it has several."""
        return f"{self.grid.shown} [{self.grid.sheet}]" if self.grid.sheet else self.grid.shown

    @property
    def long(self) -> bool:
        """Whether it has a row for each choice."""
        return "choix" in self.header.at and "voix" in self.header.at

    def has(self, column: str) -> bool:
        """Whether the table gives this column at all."""
        return self.cells(column) is not None


def found(grid: Grid, *, signatures: bool, known: Sequence[str]) -> AuditorTable | InputError:
    """The table in a grid, or what is wrong with its header.

    Args:
        grid: the rows.
        signatures: whether it was given as sign-in counts.
        known: the choices that are known, empty where there is no list of them.
    """
    best: tuple[int, int, Header] | None = None
    fullest = 0
    for at, row in enumerate(grid.rows[:_HEAD]):
        header = headers.read(row, signatures=signatures)
        figures = sum(column in header.at for column in (*COUNTS, "voix"))
        score = len(header.at)
        if "bureau" in header.at and (figures or _hours(row)) and (best is None or score > best[0]):
            best = (score, at, header)
        if sum(map(bool, row)) > sum(map(bool, grid.rows[fullest])):
            fullest = at
    if best is None:
        return _no_header(grid, fullest, signatures)
    _, at, header = best
    problems = list(grid.problems)
    rows, numbers = _body(grid, at, header, problems)
    choices = {} if {"choix", "voix"} <= header.at.keys() else _choices(header, rows, known)
    counted = {index for column, index in header.at.items() if column in (*COUNTS, "voix")} | set(choices)
    rows, numbers, totals, notes = _bureaux(grid, header, rows, numbers, counted, problems)
    problems += _near(grid, grid.numbers[at], header, set(choices))
    return AuditorTable(grid, header, grid.numbers[at], choices, rows, numbers, totals, notes, problems)


def _hours(row: Sequence[str]) -> bool:
    return any(headers.hour_of(cell) is not None for cell in row)


def _no_header(grid: Grid, at: int, signatures: bool) -> InputError:
    if not grid.rows:
        return grid.problems[0] if grid.problems else InputError(grid.shown, None, None, "a table", "nothing")
    if grid.problems and (grid.problems[0].row or 0) < grid.numbers[at]:
        return grid.problems[0]  # what should have been the header could not be split
    row = [cell.strip() for cell in grid.rows[at] if cell.strip()]
    wanted = ("bureau", "inscrits", "emargements") if signatures else ("bureau", "emargements", "votes_trouves")
    lacks = [column for column in wanted if not any(headers.column_of(cell) == column for cell in row)]
    near = [(cell, column) for cell in row for column in [headers.nearest(cell, lacks)] if column is not None]
    expected = "columns such as " + ", ".join(headers.example(column) for column in lacks or wanted)
    got = " | ".join(row)[:200] + "".join(f"; « {cell[:40]} » is near {headers.example(c)}" for cell, c in near[:5])
    return InputError(grid.shown, grid.numbers[at], lacks[0] if lacks else None, expected, got)


def _body(grid: Grid, at: int, header: Header, problems: list[InputError]) -> tuple[list[list[str]], list[int]]:
    """The rows below the header, each as wide as it; a header that a page break repeats is left out."""
    width = len(header.cells)
    rows: list[list[str]] = []
    numbers: list[int] = []
    for row, number in zip(grid.rows[at + 1 :], grid.numbers[at + 1 :], strict=True):
        if tuple(row) == header.cells:
            continue
        short = len(row) < width and not grid.padded
        if short or any(map(str.strip, row[width:])):
            problems.append(InputError(grid.shown, number, None, f"{width} cells", f"{len(row)} cells"))
        rows.append((row + [""] * (width - len(row)))[:width])
        numbers.append(number)
    return rows, numbers


def _choices(header: Header, rows: list[list[str]], known: Sequence[str]) -> dict[int, str]:
    """Columns of votes: those whose header is a known choice, and those right of all counts that hold counts."""
    last = max((header.at[column] for column in VOTERS if column in header.at), default=len(header.cells))
    labels = {index: _VOTES_OF.sub("", header.cells[index]).strip() for index in header.unread()}
    listed = dict(zip(labels, choice_names.match(list(labels.values()), list(known)), strict=True))
    chosen: dict[int, str] = {}
    for index, label in labels.items():
        known_column = headers.column_of(header.cells[index]) is not None and listed[index] is None
        if headers.is_other(header.cells[index]) or known_column or not label:
            continue
        read = [count_of(row[index]) for row in rows]
        filled = sum(count != BLANK for count in read)
        counts = sum(count >= 0 for count in read)
        if counts * 2 >= filled > 0 and (listed[index] is not None or index > last):
            chosen[index] = label
    return chosen


def _bureaux(
    grid: Grid, header: Header, rows: list[list[str]], numbers: list[int], figures: set[int], problems: list[InputError]
) -> tuple[list[list[str]], list[int], dict[int, str], tuple[str, ...]]:
    """The rows that stand for a bureau or a total: footnotes are left out, rows without a bureau are problems."""
    at = header.at["bureau"]
    first = min(figures, default=len(header.cells))
    kept: list[list[str]] = []
    where: list[int] = []
    totals: dict[int, str] = {}
    sums = dict.fromkeys(figures, 0)
    summed = dict.fromkeys(figures, 0)
    footnotes = 0
    for row, number in zip(rows, numbers, strict=True):
        filled = [cell.strip() for cell in row if cell.strip()]
        code = row[at].strip()
        said = code if headers.names_total(code) else ""
        if not code:
            said = next((cell.strip() for cell in row[:first] if headers.names_total(cell)), "")
        counts = {index: count for index in figures if (count := count_of(row[index])) >= 0}
        if not counts and not said and (not code or (len(filled) == 1 and (len(code) > _FOOTNOTE or " " in code))):
            footnotes += 1
            continue
        if not code and not said:
            several = len(counts) > 1 and max(summed[index] for index in counts) > 1
            if several and all(sums[index] == count for index, count in counts.items()):
                said = _SUM
            else:
                name = header.cells[at].strip()
                problems.append(InputError(grid.shown, number, name, "the code of a bureau", "nothing"))
                continue
        if said:
            totals[len(kept)] = said
        else:
            for index, count in counts.items():
                sums[index] += count
                summed[index] += count > 0
        kept.append(row)
        where.append(number)
    notes = (f"{footnotes} rows without bureau and figures left out",) if footnotes else ()
    return kept, where, totals, notes


def _near(grid: Grid, number: int, header: Header, choices: set[int]) -> list[InputError]:
    """Headers that mean nothing and are nearly written like a column that is not there."""
    lacking = [column for column in headers.SPELLINGS if column not in header.at and column not in header.judged]
    if "choix" not in header.at:
        lacking = [column for column in lacking if column not in ("choix", "voix")]
    problems = []
    for index in header.unread():
        text = header.cells[index].strip()
        if index in choices or headers.is_other(text) or headers.column_of(text) is not None:
            continue
        if (column := headers.nearest(text, lacking)) is not None:
            problems.append(InputError(grid.shown, number, text[:80], headers.example(column), "a header not known"))
    return problems
