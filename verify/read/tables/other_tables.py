"""Other tables on the same sheet: right of the one that is read, or below it. They are named, and not read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from protocol.quantities import VOTERS
from protocol.words import Message, msg
from verify.read.counts import parse_count
from verify.read.tables import headers
from verify.read.tables.wordings import key

_FIGURES = frozenset((*VOTERS, headers.VOTERS, "votes"))
_PLACES = ("insee", "commune", "departement", "circonscription", "bureau", "scrutin")
_LETTERS = 26


def start_right_of(cells: Sequence[str]) -> int | None:
    """The column at which another table starts: bureaux and figures again, right of bureaux and figures; or None."""
    meant = [headers.meaning_of(cell) if cell.strip() else None for cell in cells]
    bureaux = [index for index, column in enumerate(meant) if column == "bureau"]
    for first, again in itertools.pairwise(bureaux):
        figures = _FIGURES.intersection(meant[first:again])
        if figures & _FIGURES.intersection(meant[again:]):
            while again and (meant[again - 1] in _PLACES or not cells[again - 1].strip()):
                again -= 1
            return again
    return None


def right_of(cells: Sequence[str], start: int) -> Message:
    """That the columns from one on are of another table."""
    filled = [index for index in range(start, len(cells)) if cells[index].strip()]
    first, last = (_letters(index) for index in (filled[0], filled[-1]))
    return msg("another table beside it, in the columns {first} to {last}, is not read", first=first, last=last)


def below(row: int) -> Message:
    """That another table starts at a row."""
    return msg("another table on the same sheet, from row {row} on, is not read", row=row)


def above(rows: Sequence[Sequence[str]], at: int, number: int) -> list[Message]:
    """That another table, with figures below its header, stands above the row of a header; nothing where none does."""
    heads = [index for index, row in enumerate(rows[:at]) if is_header(row)]
    counted = heads and any(parse_count(cell) >= 0 for row in rows[heads[0] : at] for cell in row)
    return [msg("another table on the same sheet, above row {row}, is not read", row=number)] if counted else []


def is_header(row: Sequence[str]) -> bool:
    """Whether a row is a header: bureaux and figures are named in it, and nothing is counted."""
    if any(parse_count(cell) >= 0 for cell in row):
        return False
    meant = {headers.meaning_of(cell) for cell in row if cell.strip()}
    return "bureau" in meant and not meant.isdisjoint(_FIGURES)


def repeats(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether all that stands in a row stands over the same columns in a header."""
    return all(
        index < len(header)
        and (key(cell) == key(header[index]) or (headers.meaning_of(cell) or "") == headers.meaning_of(header[index]))
        for index, cell in enumerate(row)
        if cell.strip()
    )


def _letters(index: int) -> str:
    """The name of a column in a spreadsheet."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters
