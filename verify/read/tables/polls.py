"""Tables with several polls of one day or both rounds of an election, in columns, in rows, or in blocks of rows.

Each round, and each poll that has columns (« Régionales émargements », « Votants scrutin 2 », or merged cells above
them), becomes a table of its own, with the rows and columns that are of it and those that are of all; a poll has its
name in a column « Scrutin ».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from verify.model.identity import is_stated, round_in, round_of, rounds_by_date, said_in, without_round
from verify.read.cells import filled_in
from verify.read.counts import counts_in
from verify.read.tables import header_rows, headers
from verify.read.tables.forms import one_below_the_other
from verify.read.tables.grid import Grid, cell_at
from verify.read.tables.header_rows import blocks_of
from verify.read.tables.headers import key
from verify.read.totals import names_total

_MOST = 5
"""Polls that a day can have."""
_NAME = re.compile(
    r"(?:(?:[ée]lections?|scrutins?)\s+)?(?<!\w)(?:(?:r[ée]gional|d[ée]partemental|cantonal|municipal|communautaire|m[ée]tropolitain"
    r"|europ[ée]en|l[ée]gislati|pr[ée]sidentiel|s[ée]natorial|territorial)\w{0,4}|r[ée]f[ée]rendum"
    r"|(?:scrutin|poll)\s*(?:n\s?[°o]\s*)?[1-5])(?!\w)(?:\s+20[0-9]{2})?",
    re.IGNORECASE,
)
"""Names of a poll, by the office elected or by its number."""
_BETWEEN = r"(?:[\s\-–—:/(),._]|\b(?:aux|des|de la|du|pour les|pour la)\b)"
_EDGE = re.compile(rf"^{_BETWEEN}+|{_BETWEEN}+$", re.IGNORECASE)
"""Text between the name of a poll and a header."""
_STEM = 6
"""Letters by which one election is known in singular and plural."""


Naming = Callable[[str], tuple[str, str, str] | None]
"""The poll that a header names, how it is written, and the rest of the header; None where it names none, or several."""


@dataclass(frozen=True, slots=True)
class Head:
    """A header with polls, or with rounds.

    Attributes:
        rows: index of its first row, and of the first row below it.
        common: columns that are of all polls, with their headers.
        own: by poll, its columns with their headers, less the poll.
        names: of the polls, as the first column writes it.
    """

    rows: tuple[int, int]
    common: dict[int, str]
    own: dict[str, dict[int, str]]
    names: dict[str, str]

    def put(self, index: int, cell: str, poll: str, name: str) -> None:
        """Add a column of a poll; one of all polls where it is empty."""
        if poll:
            self.own.setdefault(poll, {})[index] = cell
            self.names.setdefault(poll, name)
        else:
            self.common[index] = cell


def in_headers(rows: Sequence[list[str]], at: int, naming: Naming) -> Head | None:
    """A header in which cells name a poll and what is counted."""
    head = Head((at, at + 1), {}, {}, {})
    for index, cell in enumerate(rows[at]):
        poll, name, rest = naming(cell) or ("", "", "")
        head.put(index, rest or cell, poll if rest else "", name)
    return head if head.own else None


def above_headers(rows: Sequence[list[str]], at: int, naming: Naming) -> Head | None:
    """A header of two rows: polls in merged cells, and below each what is counted; « Bureau » in one of the two."""
    if at + 1 >= len(rows):
        return None
    above, below = rows[at], rows[at + 1]
    head = Head((at, at + 2), {}, {}, {})
    poll = name = ""
    for index in range(max(len(above), len(below))):
        title, cell = (cell_at(row, index).strip() for row in (above, below))
        if title:
            poll, *_ = naming(title) or ("",)
            name = " ".join(title.split())
        head.put(index, cell or title, poll if cell else "", name)
    return head if head.own else None


def _named(cell: str) -> tuple[str, str, str] | None:
    found = _NAME.findall(cell[:200])
    if len(found) != 1:
        return None
    rest = _EDGE.sub("", cell.replace(found[0], " ", 1))
    return _poll(found[0]), " ".join(found[0].split()), " ".join(rest.split())


def _poll(name: str) -> str:
    """Key of a poll, however it is written."""
    plain = key(name)
    number = re.search(r"(?:scrutin|poll)[a-z]*°?([1-5])$", plain)
    if number is not None:
        return number[1]
    return re.sub(r"^(?:elections?|scrutins?)", "", plain)[:_STEM]


def _is_meant(head: Head, grid: Grid) -> bool:
    """Test whether a header is of bureaux, with the same count of two polls at least, and no column of polls."""
    meant = [headers.meaning_of(cell) for cell in head.common.values()]
    counted = [{headers.meaning_of(cell) for cell in cells.values()} & headers.OF_VOTERS for cells in head.own.values()]
    if "bureau" not in meant or "scrutin" in meant or not 2 <= len(counted) <= _MOST:
        return False
    asked = any(
        key(grid.rows[row][at]) in grid.asked.columns
        for row in range(*head.rows)
        for cells in head.own.values()
        for at in cells
        if at < len(grid.rows[row])
    )
    return bool(frozenset.intersection(*map(frozenset, counted))) and not asked


_BOTH = {1, 2}
_TITLE = 3
"""Cells that a title may take: what it says, and a date beside it."""
_PLACES = ("insee", "commune", "bureau")
_LONGEST = 200
"""Characters of a title or a header that are looked at."""
_EDGE_OF_ROUND = re.compile(r"^[\s\-–—:/(),._]+|[\s\-–—:/(),._]+$|[\s(]+(?:au|du|de|pour le|le)$", re.IGNORECASE)
"""Text between a round and the rest of a header."""


def apart(grids: Iterable[Grid]) -> list[Grid]:
    """The same tables, those of one sheet and those of both rounds each by itself, with the round that it says."""
    found = []
    for grid in grids:
        parts = _of_grid(grid)
        split = grid.lines or len(parts) > 1  # one title may be of both rounds
        blocks = [grid] if split else one_below_the_other(grid) or blocks_of(grid)
        found += parts if len(blocks) == 1 else [part for block in blocks for part in _of_grid(block)]
    return [part for each in found for part in _of_polls(each)]


def _of_polls(grid: Grid) -> list[Grid]:
    """A table for each poll that it has columns for; itself where it has none."""
    for at in range(0 if grid.lines else min(len(grid.rows), header_rows.HEAD)):
        for head in (in_headers(grid.rows, at, _named), above_headers(grid.rows, at, _named)):
            if head is not None and _is_meant(head, grid):
                return _by_column(grid, head, polls=True)
    return [grid]


def _of_grid(grid: Grid) -> list[Grid]:
    if grid.lines:
        return [grid]
    head = header_rows.first_header(grid)
    for found in (_in_columns(grid), _in_blocks(grid), [] if head is None else _in_rows(grid, head)):
        if found:
            return found
    above = grid.rows[: head or 0]
    said = {number for row in above if (number := _titled(row)) is not None}
    return [replace(grid, round=said.pop())] if len(said) == 1 else [grid]


def _in_rows(grid: Grid, head: int) -> list[Grid]:
    """A table with a column of rounds, or of two dates: one for each round, or the table with the only one."""
    header = grid.rows[head]
    stated = {at: found for at, cell in enumerate(header) if (found := _said_below(grid, head, at, cell))}
    if len({tuple(sorted(set(found.values()))) for found in stated.values()}) != 1:
        return []
    column = min(stated, key=lambda at: rounds_by_date(header[at], stated[at]) != {})
    meaning = {meant: at for at, meant in reversed(list(enumerate(headers.meanings_of(header))))}
    places = [meaning[name] for name in _PLACES if name in meaning]
    bureau = meaning["bureau"]
    rows: dict[int, list[list[str]]] = {1: [], 2: []}
    numbers: dict[int, list[int]] = {1: [], 2: []}
    called: dict[int, str] = {}
    last, above = 0, [""] * len(header)
    for row, number in zip(grid.rows[head + 1 :], grid.numbers[head + 1 :], strict=True):
        cell = cell_at(row, column).strip()
        last = stated[column].get(cell) or last
        if not last:
            return []
        called.setdefault(last, cell if len(cell) > 1 else f"{header[column].strip()} {cell}")
        if cell and not cell_at(row, bureau).strip():  # named once, as in merged cells
            row = [above[at] if at in places and not each.strip() else each for at, each in enumerate(row)]
        elif cell_at(row, bureau).strip():
            above = row + [""] * (len(header) - len(row))
        rows[last].append(_without_it(row, header, column))
        numbers[last].append(number)
    bureaux = ({tuple(cell_at(row, at).strip() for at in places) for row in each} for each in rows.values() if each)
    if len(called) > 1 and not set.intersection(*bureaux):
        return []  # each bureau once: all of them are meant
    top, ahead = grid.rows[: head + 1], grid.numbers[: head + 1]
    return [
        grid.part_of([*top, *rows[number]], [*ahead, *numbers[number]], called[number], number)
        for number in sorted(called)
    ]


def _said_below(grid: Grid, head: int, at: int, header: str) -> dict[str, int]:
    """The rounds that the cells of a column name."""
    if not is_stated(header):
        return {}
    cells = {cell_at(row, at).strip() for row in grid.rows[head + 1 :]}
    return {cell: number for cell in cells if (number := said_in(header, cell).round)} or rounds_by_date(header, cells)


def _without_it(row: list[str], header: Sequence[str], column: int) -> list[str]:
    """A row without the name of its round where that stands in the place of its poll."""
    if headers.meaning_of(header[column]) != "scrutin" or _EDGE_OF_ROUND.sub("", without_round(cell_at(row, column))):
        return row
    return [*row[:column], "", *row[column + 1 :]]


def _in_blocks(grid: Grid) -> list[Grid]:
    """Two tables one below the other with a title each; the second may do without a header."""
    titles = [(at, number) for at, row in enumerate(grid.rows) if (number := _titled(row)) is not None]
    runs = [list(each) for _, each in groupby(titles, key=lambda title: title[1])]
    if {number for _, number in titles} != _BOTH or len(runs) != len(_BOTH):
        return []
    (first, one), (second, other) = runs[0][0], runs[1][0]
    before, upper, lower = grid.rows[:first], grid.rows[first:second], grid.rows[second:]
    heads = [next((at for at, row in enumerate(rows) if header_rows.is_header(row)), None) for rows in (before, upper)]
    if any(max(map(counts_in, rows), default=0) < 2 for rows in (upper, lower)):
        return []
    if heads == [None, None] and not (_is_form(upper) and _is_form(lower)):
        return []
    ahead = first if heads[0] is not None else second - len(upper) + (-1 if heads[1] is None else heads[1]) + 1
    if any(header_rows.is_header(row) for row in lower[: header_rows.HEAD]):
        ahead = first if heads[0] is None else 0
    called = (_text(grid.rows[first]), _text(grid.rows[second]))
    return [
        grid.part_of(grid.rows[:second], grid.numbers[:second], called[0], one),
        grid.part_of([*grid.rows[:ahead], *lower], [*grid.numbers[:ahead], *grid.numbers[second:]], called[1], other),
    ]


def _is_form(rows: Sequence[Sequence[str]]) -> bool:
    """Test whether counts are named left of some rows, as in a form with a column for each bureau."""
    first = (next((cell for cell in row if cell.strip()), "") for row in rows)
    return len(set(map(headers.meaning_of, first)) & headers.OF_VOTERS) > 1


def _titled(row: Sequence[str]) -> int | None:
    """The round that a row names which is a title: few cells, and no count."""
    if len(row) - row.count("") > _TITLE:
        return None
    filled = filled_in(row)
    if not 0 < len(filled) <= _TITLE or counts_in(filled) or names_total(*filled):
        return None
    return round_of(" ".join(filled)[:_LONGEST])


def _text(row: Sequence[str]) -> str:
    return next(" ".join(cell.split()) for cell in row if cell.strip())


def _naming(cell: str) -> tuple[str, str, str] | None:
    """The round that a header names, as it is written, and the rest of the header; None where it names none."""
    found = round_in(cell[:_LONGEST])
    if found is None:
        return None
    number, shown = found
    rest = without_round(cell)
    while (shorter := _EDGE_OF_ROUND.sub("", rest)) != rest:
        rest = shorter
    return str(number), shown, " ".join(rest.split())


def _numbered(end: re.Pattern[str], cell: str) -> tuple[str, str, str] | None:
    """The round by the end of a header alone: « Votants2 », « VOTANTST2 »."""
    found = end.fullmatch(cell.strip()[:_LONGEST])
    return None if found is None else (found[2], found[2], _EDGE_OF_ROUND.sub("", found[1]))


_ENDS = [re.compile(rf"(.*[^\W\d_])[\s_]*{letter}([12])") for letter in (r"T[\s_]?", "")]
_NAMINGS: tuple[Naming, ...] = (_naming, *(partial(_numbered, end) for end in _ENDS))
"""Ways in which headers name rounds, the surest first."""


def _in_columns(grid: Grid) -> list[Grid]:
    """A table with columns for each round, by their headers or by merged cells above them."""
    for at in range(min(len(grid.rows), header_rows.HEAD)):
        heads = [in_headers(grid.rows, at, naming) for naming in _NAMINGS]
        above = above_headers(grid.rows, at, _naming)
        found = [head for head in [*heads[:1], above] if head is not None and _is_of_rounds(head, 1)]
        found += [head for head in heads[1:] if head is not None and _is_of_rounds(head, 2)]
        if found:
            return _by_column(grid, max(found, key=lambda head: sum(map(len, head.own.values()))), polls=False)
    return []


def _is_of_rounds(head: Head, least: int) -> bool:
    """Test whether a header has both rounds, with bureaux and so many of the same counts for each of them at least.

    Or, in the headers themselves, one of them, of which all of its counts are.
    """
    begin, below = head.rows
    others = headers.OF_FIGURES.intersection(map(headers.meaning_of, head.common.values()))
    if not {*head.own} <= {"1", "2"} or (len(head.own) == 1 and (others or below - begin > 1)):
        return False
    every = [headers.meanings_of([*head.common.values(), *cells.values()]) for cells in head.own.values()]
    shared = frozenset.intersection(
        *(frozenset(map(headers.meaning_of, cells.values())) for cells in head.own.values())
    )
    return all("bureau" in meant for meant in every) and len(shared & headers.OF_FIGURES) >= least


def _by_column(grid: Grid, head: Head, *, polls: bool) -> list[Grid]:
    begin, below = head.rows
    heads = grid.rows[begin:below]
    body = [
        (row, number) for row, number in zip(grid.rows[below:], grid.numbers[below:], strict=True) if row not in heads
    ]
    numbers = [*grid.numbers[:begin], grid.numbers[below - 1], *(number for _, number in body)]
    found: list[Grid] = []
    for key_of, own in head.own.items() if polls else sorted(head.own.items()):
        columns, name = sorted({**head.common, **own}.items()), head.names[key_of]
        rows = [[*([name] if polls else []), *(cell_at(row, index) for index, _ in columns)] for row, _ in body]
        header = [*(["Scrutin"] if polls else []), *(cell for _, cell in columns)]
        part = grid.part_of([*grid.rows[:begin], header, *rows], numbers, name, grid.round if polls else int(key_of))
        if polls and found:  # what could not be split is said once
            part.problems.clear()
        found.append(replace(part, padded=True, of_poll=polls))
    return found
