"""Rows of headers: those that take two rows of a spreadsheet, those that repeat, and those of another table.

Tables beside and below one another on one sheet are read each by its own header (`blocks_of`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from protocol.words import Message, msg
from verify.read.counts import counts_in
from verify.read.tables.asked import Asked
from verify.read.tables.grid import Grid, cell_at
from verify.read.tables.headers import BARE, OF_FIGURES, Header, asked_for, key, meaning_of, meanings_of, wordings
from verify.read.totals import names_total

_OVER_VOTES = ("choix", "votes")
"""Words that may stand in a merged cell over all names of choices."""


def two_rows(rows: Sequence[list[str]], at: int, header: Header, asked: Asked) -> tuple[list[str], int]:
    """The header at a row joined with what the row below or above adds to it, and the index of the first row after it.

    A row below belongs to the header where it names no bureau and has texts only, at least two. A merged cell holds for
    the empty ones right of it. Columns whose header is known by itself stay as they are, unless it heads a group.
    """
    cells = list(header.cells)
    if at + 1 < len(rows) and _is_below(rows[at + 1], header):
        return _with_below(cells, rows[at + 1], header), at + 2
    return with_above(rows, at, cells, asked), at + 1


def _is_below(row: list[str], header: Header) -> bool:
    filled = {index: cell for index, cell in enumerate(row) if cell.strip()}
    known = _known(header, row)
    bare = {index for index, cell in filled.items() if key(cell) in wordings().kinds[BARE]}
    return len(filled) > 1 and known.isdisjoint(filled.keys() - bare) and not counts_in(filled.values())


def _known(header: Header, below: Sequence[str]) -> set[int]:
    """The columns known by the upper row, less the headings of groups: « Bulletins » over « Blancs » and « Nuls »."""

    def is_group(at: int) -> bool:
        own, under = (list(map(str.strip, cells[at : at + 2])) for cells in (header.cells, below))
        return not any(own[1:]) and len(under) > 1 and all(under) and meaning_of(under[0]) is not None

    return {at for column, at in header.at.items() if column not in _OVER_VOTES and not is_group(at)}


def _with_below(cells: list[str], below: list[str], header: Header) -> list[str]:
    known = _known(header, below)
    joined = []
    label = ""
    for index in range(max(len(cells), len(below))):
        own, under = (cell_at(row, index).strip() for row in (cells, below))
        label = own or label
        if not under or index in known:
            joined.append(own)
        else:
            joined.append(label if meaning_of(under) == "votes" and label else under)
    return joined


def with_above(rows: Sequence[list[str]], at: int, cells: list[str], asked: Asked) -> list[str]:
    """The header at a row joined with the row above it, unless that is a title; a column that is asked for is not.

    « Nom » under « Commune » is the commune's name; of several « Voix » each is of the choice above it. A cell that is
    merged downwards stands in the row above.
    """
    above = rows[at - 1] if at else []
    if sum(map(bool, map(str.strip, above))) < 2:
        return cells
    several = sum(meaning_of(cell) == "votes" for cell in cells) > 1
    joined = []
    label = ""
    width = max(index + 1 for index, cell in enumerate(above) if cell.strip())
    filled = [*cells, *[""] * (width - len(cells))]
    among = meanings_of(filled)
    for index, cell in enumerate(filled):
        own = cell_at(above, index).strip()
        label = own or label
        meant = meaning_of(cell)
        is_known = meant is not None or among[index] in OF_FIGURES or asked_for(cells, cell, asked) is not None
        if own and not cell.strip():
            joined.append(own)
        elif not is_known and cell.strip() and label and meaning_of(f"{cell} {label}") is not None:
            joined.append(f"{cell.strip()} {label}")
        elif meant == "votes" and several and label and meaning_of(label) is None:
            joined.append(label)
        else:
            joined.append(cell)
    return joined


_PLACES = ("insee", "commune", "departement", "circonscription", "bureau", "scrutin")
_LETTERS = 26
"""Letters that number the columns of a sheet."""


def start_right_of(cells: Sequence[str]) -> int | None:
    """The column at which another table starts: bureaux and figures again, right of bureaux and figures; or None."""
    meant = meanings_of(cells)
    bureaux = [index for index, column in enumerate(meant) if column == "bureau"]
    for first, again in itertools.pairwise(bureaux):
        figures = OF_FIGURES.intersection(meant[first:again])
        if figures & OF_FIGURES.intersection(meant[again:]):
            while again and (meant[again - 1] in _PLACES or not cells[again - 1].strip()):
                again -= 1
            return again
    return None


def right_of(cells: Sequence[str], start: int) -> Message:
    """That the columns from one on are of another table."""
    filled = [index for index in range(start, len(cells)) if cells[index].strip()]
    first, last = (_letters(index) for index in (filled[0], filled[-1]))
    return msg("another table beside it, in the columns {first} to {last}, is not read", first=first, last=last)


def above(rows: Sequence[Sequence[str]], at: int, number: int) -> list[Message]:
    """That another table, with figures below its header, stands above the row of a header; nothing where none does."""
    heads = [index for index, row in enumerate(rows[:at]) if is_header(row)]
    counted = heads and any(map(counts_in, rows[heads[0] : at]))
    return [msg("another table on the same sheet, above row {row}, is not read", row=number)] if counted else []


def is_header(row: Sequence[str]) -> bool:
    """Test whether a row is a header: bureaux and figures are named in it, and nothing is counted."""
    if counts_in(row):
        return False
    meant = meanings_of(row)
    return "bureau" in meant and not OF_FIGURES.isdisjoint(meant)


def repeats(row: Sequence[str], header: Sequence[str]) -> bool:
    """Test whether all that stands in a row stands over the same columns in a header."""
    return all(
        index < len(header)
        and (key(cell) == key(header[index]) or (meaning_of(cell) or "") == meaning_of(header[index]))
        for index, cell in enumerate(row)
        if cell.strip()
    )


def first_header(grid: Grid) -> int | None:
    """The index of the first row that is a header; None for none."""
    return next((at for at, row in enumerate(grid.rows[:HEAD]) if is_header(row)), None)


def _letters(index: int) -> str:
    """The name of a column in a spreadsheet."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


HEAD = 20
"""Rows that are not empty among which the header is looked for: a workbook starts with titles, or as a letter."""
_MOST = 20
"""Tables on one sheet; one with more headers is left as it is."""


def blocks_of(grid: Grid) -> list[Grid]:
    """The tables of a sheet, each with the titles of the sheet above it; one grid where they are of the same bureaux.

    Two tables with the same columns of the same bureaux are no parts of one: the reader of tables names the second.
    """
    head = first_header(grid)
    if head is None:
        return [grid]
    return _beside(grid, head) or _below(grid, head) or [grid]


def _beside(grid: Grid, head: int) -> list[Grid]:
    """A table and those right of it, where they are of other bureaux, or have titles of their own."""
    start = start_right_of(grid.rows[head])
    if start is None:
        return []
    sides = [[row[:start] for row in grid.rows], [row[start:] for row in grid.rows]]
    titled = all(any(cell.strip() for row in side[:head] for cell in row) for side in sides)
    if not titled and set.intersection(*(_codes(side, head) for side in sides)):
        return []
    if not titled:
        sides[1][:head] = grid.rows[:head]
    left, right = (
        grid.part_of(rows, grid.numbers, f"{_letters(first)}1")
        for first, rows in zip((0, start + [*map(bool, sides[1][head])].index(True)), sides, strict=True)
    )
    return [left, *blocks_of(right)]


def _below(grid: Grid, head: int) -> list[Grid]:
    """A table and those below it that have other columns, or are of other bureaux."""
    header = grid.rows[head]
    place = meanings_of(header).index("bureau")
    begins = [0]
    above = head
    for at in range(head + 1, len(grid.rows)):
        row = grid.rows[at]
        if row == header or not _is_head(row, place) or repeats(row, header):
            continue
        begin = next((up + 1 for up in range(at - 1, above, -1) if _is_counted(grid.rows[up], place)), 0)
        begins += [begin] if begin else []
        above = at
        if len(begins) > _MOST:
            return []
    if len(begins) < 2:
        return []
    parts = [(begin, grid.rows[begin:end]) for begin, end in zip(begins, [*begins[1:], len(grid.rows)], strict=True)]
    read: list[tuple[set[str], set[str]]] = []
    for begin, rows in parts:
        own = head - begin if begin == 0 else next(at for at, row in enumerate(rows) if _is_head(row, place))
        columns = {meaning for cell in rows[own] if (meaning := meaning_of(cell)) in OF_FIGURES}
        codes = _codes(rows, own)
        if any(columns & others and codes & theirs for others, theirs in read):
            return []
        read.append((columns, codes))
    return [
        grid.part_of(
            [*(grid.rows[:head] if begin else []), *rows],
            [*(grid.numbers[:head] if begin else []), *grid.numbers[begin : begin + len(rows)]],
            f"{_letters(place)}{grid.numbers[begin]}",
        )
        for begin, rows in parts
    ]


def _is_head(row: Sequence[str], place: int) -> bool:
    """Test whether a row names bureaux where a header above it does, and counts nothing."""
    cell = cell_at(row, place).strip()
    return (
        cell[:1].isalpha()
        and meanings_of(row)[place] == "bureau"
        and sum(map(bool, row)) > 1
        and not _is_counted(row, place)
    )


def _is_counted(row: Sequence[str], place: int) -> bool:
    """Test whether something is counted right of the column of bureaux."""
    return counts_in(row[place + 1 :]) > 0


def _codes(rows: Sequence[Sequence[str]], head: int) -> set[str]:
    """What stands in the column of bureaux, in rows with counts."""
    place = next((at for at, column in enumerate(meanings_of(rows[head])) if column == "bureau"), 0)
    below = (row for row in rows[head + 1 :] if _is_counted(row, place))
    return {row[place].strip() for row in below if not names_total(row[place])} - {""}
