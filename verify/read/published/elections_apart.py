"""One table with several elections, or both rounds, told apart by its own columns: a table for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from verify.model.stated import StatedElection, common
from verify.read.bounds import MAX_COLUMNS
from verify.read.published.source import HEAD_ROWS, SourceTable, rows_that_split
from verify.read.published.stated import said_in, stating

_MOST = 64
"""Elections in one table; one of more is left as it is."""


def elections_apart(table: SourceTable) -> list[SourceTable]:
    """The table, or one for each election that its rows say they are of; the rows keep their numbers.

    Rows that say less than others are left with the first that they can be of.
    """
    header = table.head[0] if table.head else ()
    at = stating(header)
    if not at:
        return [table]
    said: dict[tuple[str, ...], StatedElection] = {}
    first: dict[StatedElection, list[tuple[str, ...]]] = {}
    rows = rows_that_split(table)
    next(rows, None)
    for row in rows:
        cells = _cells(row, at)
        if cells not in said:
            said[cells] = common(said_in(header[column], cell) for column, cell in zip(at, cells, strict=True))
        if len(some := first.setdefault(said[cells], [])) < HEAD_ROWS - 1:
            some.append(tuple(row[:MAX_COLUMNS]))
    different = dict.fromkeys(said.values())
    elections: list[StatedElection] = []
    for each in different:
        if all(each.conflicts(other) for other in elections) and each.known:
            elections.append(each)
    if not 1 < len(elections) <= _MOST:
        return [table]
    fitting = {each: next((one for one in elections if not each.conflicts(one)), None) for each in different}
    found = []
    for election in elections:
        other = frozenset(cells for cells, each in said.items() if fitting[each] != election)
        rows_of = partial(_rows, table, at, other)
        found.append(replace(table, head=(header, *first[election]), rows=rows_of, data=b""))
    return found


def _cells(row: Sequence[str], at: Sequence[int]) -> tuple[str, ...]:
    return tuple(row[column].strip() if column < len(row) else "" for column in at)


def _rows(table: SourceTable, at: Sequence[int], other: frozenset[tuple[str, ...]]) -> Iterator[list[str]]:
    """The rows of a table, empty in place of those of other elections."""
    for index, row in enumerate(table.rows()):
        yield row if index == 0 or _cells(row, at) not in other else []
