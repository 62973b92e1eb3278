"""Tables with columns for each of several polls of one day: a row for each bureau and poll is made of them.

The poll stands in the headers (« Régionales émargements », « Votants scrutin 2 »), or in merged cells above them. What
it is called becomes the text of a column « Scrutin », as in tables that have a row for each poll.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from verify.read.rows import Kept
from verify.read.tables import headers
from verify.read.tables.grid import Grid
from verify.read.tables.wordings import key

_HEAD = 12
"""Rows that are not empty among which the header is looked for."""
_MOST = 5
"""Polls that a day can have."""
_NAME = re.compile(
    r"(?:(?:[ée]lections?|scrutins?)\s+)?(?<!\w)(?:(?:r[ée]gional|d[ée]partemental|cantonal|municipal|communautaire|m[ée]tropolitain"
    r"|europ[ée]en|l[ée]gislati|pr[ée]sidentiel|s[ée]natorial|territorial)\w{0,4}|r[ée]f[ée]rendum"
    r"|(?:scrutin|poll)\s*(?:n\s?[°o]\s*)?[1-5])(?!\w)(?:\s+20[0-9]{2})?",
    re.IGNORECASE,
)
"""What a poll is called, by what is elected or by its number."""
_BETWEEN = r"(?:[\s\-–—:/(),._]|\b(?:aux|des|de la|du|pour les|pour la)\b)"
_EDGE = re.compile(rf"^{_BETWEEN}+|{_BETWEEN}+$", re.IGNORECASE)
"""What is left between the name of a poll and a header."""
_STEM = 6
"""Letters by which one election is known in singular and plural."""
COUNTS = frozenset((headers.VOTERS, "registered", "signatures", "votes_found", "blank", "null", "valid", "proxies"))


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


def one_below_the_other(grid: Grid) -> Grid:
    """The same table with a row for each poll where it has columns for each; itself where it has not."""
    if grid.lines:
        return grid
    for at in range(min(len(grid.rows), _HEAD)):
        for head in (in_headers(grid.rows, at, _named), above_headers(grid.rows, at, _named)):
            if head is not None and _is_meant(head, grid):
                return _unfolded(grid, head)
    return grid


def in_headers(rows: Sequence[list[str]], at: int, naming: Naming) -> Head | None:
    """A header in which cells name a poll and what is counted."""
    common: dict[int, str] = {}
    own: dict[str, dict[int, str]] = {}
    names: dict[str, str] = {}
    for index, cell in enumerate(rows[at]):
        named = naming(cell)
        if named is not None and named[2]:
            poll, name, rest = named
            own.setdefault(poll, {})[index] = rest
            names.setdefault(poll, name)
        else:
            common[index] = cell
    return Head((at, at + 1), common, own, names) if own else None


def above_headers(rows: Sequence[list[str]], at: int, naming: Naming) -> Head | None:
    """A header of two rows: polls in merged cells, and below each what is counted; « Bureau » in one of the two."""
    if at + 1 >= len(rows):
        return None
    above, below = rows[at], rows[at + 1]
    common: dict[int, str] = {}
    own: dict[str, dict[int, str]] = {}
    names: dict[str, str] = {}
    poll = ""
    for index in range(max(len(above), len(below))):
        title, cell = (row[index].strip() if index < len(row) else "" for row in (above, below))
        if title:
            named = naming(title)
            poll = "" if named is None else named[0]
            names.setdefault(poll, " ".join(title.split()))
        if poll and cell:
            own.setdefault(poll, {})[index] = cell
        else:
            common[index] = cell or title
    return Head((at, at + 2), common, own, names) if own else None


def _named(cell: str) -> tuple[str, str, str] | None:
    found = _NAME.findall(cell[:200])
    if len(found) != 1:
        return None
    rest = _EDGE.sub("", cell.replace(found[0], " ", 1))
    return _poll(found[0]), " ".join(found[0].split()), " ".join(rest.split())


def _poll(name: str) -> str:
    """What a poll is known by, however it is written."""
    plain = key(name)
    number = re.search(r"(?:scrutin|poll)[a-z]*°?([1-5])$", plain)
    if number is not None:
        return number[1]
    return re.sub(r"^(?:elections?|scrutins?)", "", plain)[:_STEM]


def _is_meant(head: Head, grid: Grid) -> bool:
    """Whether a header is one of bureaux, with the same known count of two polls at least, and no column of polls."""
    meant = [headers.meaning_of(cell) for cell in head.common.values()]
    counted = [{headers.meaning_of(cell) for cell in cells.values()} & COUNTS for cells in head.own.values()]
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


def _unfolded(grid: Grid, head: Head) -> Grid:
    """The table with a row for each bureau and poll, all of the first poll first."""
    begin, below = head.rows
    slots: dict[tuple[str, int], str] = {}
    placed: dict[str, dict[tuple[str, int], int]] = {}
    for poll, cells in head.own.items():
        times: dict[str, int] = {}
        for index, cell in cells.items():
            what = headers.meaning_of(cell) or key(cell)
            times[what] = times.get(what, 0) + 1
            slot = (what, times[what])
            slots.setdefault(slot, cell)
            placed.setdefault(poll, {})[slot] = index
    kept = Kept(grid.shown, grid.table.size)
    kept.problems.extend(grid.problems)
    kept.rows.append([*head.common.values(), _POLL, *slots.values()])
    kept.numbers.append(grid.numbers[below - 1])
    width = max(*head.common, *(index for cells in head.own.values() for index in cells)) + 1
    heads = grid.rows[begin:below]
    for poll, of_slot in placed.items():
        for row, number in zip(grid.rows[below:], grid.numbers[below:], strict=True):
            if row in heads:
                continue
            whole = row + [""] * (width - len(row))
            own = [whole[of_slot[slot]] if slot in of_slot else "" for slot in slots]
            kept.rows.append([*(whole[index] for index in head.common), head.names[poll], *own])
            kept.numbers.append(number)
    return replace(grid, kept=kept, padded=True, polls=tuple(head.names[poll] for poll in placed))


_POLL = "Scrutin"
