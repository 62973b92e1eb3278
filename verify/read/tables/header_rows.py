"""Headers that take two rows of a spreadsheet: choices above or below « Voix », « Commune » over « Nom »."""

from __future__ import annotations

from collections.abc import Sequence

from verify.read.counts import parse_count
from verify.read.tables import headers
from verify.read.tables.headers import Header
from verify.read.tables.wordings import key

_OVER_VOTES = ("choix", "votes")
"""What may stand in a merged cell over all names of choices."""

_BARE = frozenset(map(key, ("nom", "n°", "code", "libellé", "nombre", "nbre", "nb", "nbr")))
"""What stands below a header that is known and says no more."""


def two_rows(rows: Sequence[list[str]], at: int, header: Header) -> tuple[list[str], int]:
    """The header at a row joined with what the row below or above adds to it, and the index of the first row after it.

    A row below belongs to the header where it names no bureau and has texts only, at least two. A merged cell holds for
    the empty ones right of it. Columns whose header is known by itself stay as they are.
    """
    cells = list(header.cells)
    if at + 1 < len(rows) and _is_below(rows[at + 1], header):
        return _with_below(cells, rows[at + 1], header), at + 2
    return with_above(rows, at, cells), at + 1


def _is_below(row: list[str], header: Header) -> bool:
    filled = {index: cell for index, cell in enumerate(row) if cell.strip()}
    known = {index for column, index in header.at.items() if column not in _OVER_VOTES}
    bare = {index for index, cell in filled.items() if key(cell) in _BARE}
    return (
        len(filled) > 1
        and known.isdisjoint(filled.keys() - bare)
        and not any(parse_count(cell) >= 0 for cell in filled.values())
    )


def _with_below(cells: list[str], below: list[str], header: Header) -> list[str]:
    known = {index for column, index in header.at.items() if column not in _OVER_VOTES}
    joined = []
    label = ""
    for index in range(max(len(cells), len(below))):
        own, under = (row[index].strip() if index < len(row) else "" for row in (cells, below))
        label = own or label
        if not under or index in known:
            joined.append(own)
        else:
            joined.append(label if headers.meaning_of(under) == "votes" and label else under)
    return joined


def with_above(rows: Sequence[list[str]], at: int, cells: list[str]) -> list[str]:
    """The header at a row joined with the row above it, unless that is a title.

    « Nom » under « Commune » is the commune's name; of several « Voix » each is of the choice above it.
    """
    above = rows[at - 1] if at else []
    if sum(map(bool, map(str.strip, above))) < 2:
        return cells
    several = sum(headers.meaning_of(cell) == "votes" for cell in cells) > 1
    joined = []
    label = ""
    for index, cell in enumerate(cells):
        label = (above[index].strip() if index < len(above) else "") or label
        meant = headers.meaning_of(cell)
        if meant is None and cell.strip() and label and headers.meaning_of(f"{cell} {label}") is not None:
            joined.append(f"{cell.strip()} {label}")
        elif meant == "votes" and several and label and headers.meaning_of(label) is None:
            joined.append(label)
        else:
            joined.append(cell)
    return joined
