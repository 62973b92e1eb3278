"""Tables beside and below one another on one sheet: each with a header of its own."""

from __future__ import annotations

from collections.abc import Sequence

from verify.read.counts import parse_count
from verify.read.tables.grid import Grid
from verify.read.tables.header_rows import FIGURES, is_header, repeats, start_right_of
from verify.read.tables.headers import meaning_of
from verify.read.tables.totals import names_total

_HEAD = 12
"""Rows among which the first header is looked for."""
_MOST = 20
"""Tables on one sheet; one with more headers is left as it is."""
_A = ord("A")


def blocks_of(grid: Grid) -> list[Grid]:
    """The tables of a sheet, each with the titles of the sheet above it; one grid where they are of the same bureaux.

    Two tables with the same columns of the same bureaux are no parts of one: the reader of tables names the second.
    """
    head = next((at for at, row in enumerate(grid.rows[:_HEAD]) if is_header(row)), None)
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
        grid.part_of(rows, grid.numbers, f"{_letter(first)}1")
        for first, rows in zip((0, start + [*map(bool, sides[1][head])].index(True)), sides, strict=True)
    )
    return [left, *blocks_of(right)]


def _below(grid: Grid, head: int) -> list[Grid]:
    """A table and those below it that have other columns, or are of other bureaux."""
    header = grid.rows[head]
    place = next(at for at, cell in enumerate(header) if cell.strip() and meaning_of(cell) == "bureau")
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
        columns = {meaning for cell in rows[own] if (meaning := meaning_of(cell)) in FIGURES}
        codes = _codes(rows, own)
        if any(columns & others and codes & theirs for others, theirs in read):
            return []
        read.append((columns, codes))
    return [
        grid.part_of(
            [*(grid.rows[:head] if begin else []), *rows],
            [*(grid.numbers[:head] if begin else []), *grid.numbers[begin : begin + len(rows)]],
            f"{_letter(place)}{grid.numbers[begin]}",
        )
        for begin, rows in parts
    ]


def _is_head(row: Sequence[str], place: int) -> bool:
    """Test whether a row names bureaux where a header above it does, and counts nothing."""
    cell = row[place].strip() if place < len(row) else ""
    return (
        cell[:1].isalpha() and meaning_of(cell) == "bureau" and sum(map(bool, row)) > 1 and not _is_counted(row, place)
    )


def _is_counted(row: Sequence[str], place: int) -> bool:
    """Test whether something is counted right of the column of bureaux."""
    return any(parse_count(cell) >= 0 for cell in row[place + 1 :])


def _codes(rows: Sequence[Sequence[str]], head: int) -> set[str]:
    """What stands in the column of bureaux, in rows with counts."""
    place = next((at for at, cell in enumerate(rows[head]) if cell.strip() and meaning_of(cell) == "bureau"), 0)
    below = (row for row in rows[head + 1 :] if _is_counted(row, place))
    return {row[place].strip() for row in below if not names_total(row[place])} - {""}


def _letter(column: int) -> str:
    """The name of one of the first columns in a spreadsheet."""
    return chr(_A + column % 26)
