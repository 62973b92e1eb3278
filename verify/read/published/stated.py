"""The election that the columns of a table of results say it is of; several elections of one table, told apart."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from protocol.words import without_accents
from verify.model.bureau_codes import Coded
from verify.model.figures import Ints
from verify.model.published import UNSTATED, StatedElection, common
from verify.read.cells import number_rows


@lru_cache(2**12)
def plain(name: str) -> str:
    """A column's name in small letters without accents and punctuation, in any alphabet; ``%`` is put in front."""
    letters = without_accents(name[:_LONGEST].replace("°", " "))
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    return ("% " if "%" in name else "") + " ".join(words)


_LONGEST = 400
"""Characters of a header that are looked at."""
_TEXTS = frozenset(
    (
        *("scrutin", "election", "type election", "type scrutin", "type d election", "type de scrutin", "id election"),
        *("libelle scrutin", "libelle election", "nom scrutin", "nom election", "libelle du scrutin", "nom du scrutin"),
        *("contest", "race", "office"),
    )
)
_YEARS = frozenset(("annee", "year", "annee scrutin", "annee election", "annee du scrutin"))
_DATES = frozenset(
    ("date", "date tour", "date scrutin", "date du scrutin", "date election", "date de l election", "jour du scrutin")
)
_ROUNDS = frozenset(
    (
        *("tour", "numero tour", "numero du tour", "num tour", "n tour", "no tour", "round", "tour de scrutin"),
        "code tour",
    )
)
_LOOKED_AT = 39
_DAY = re.compile(
    r"(?:([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})|([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}))(?![0-9])"
)


def is_stated(header: str) -> bool:
    """Test whether a column says which election its rows are of, and so is no choice."""
    return plain(header) in _TEXTS | _YEARS | _DATES | _ROUNDS


def stating(headers: Sequence[str]) -> list[int]:
    """The columns that say the election."""
    return [at for at, name in enumerate(headers) if is_stated(name)]


def rounds_by_date(header: str, cells: Iterable[str]) -> dict[str, int]:
    """The round of each of two dates in a column of dates, one or two weeks apart; nothing for all else."""
    if plain(header) not in _DATES:
        return {}
    found: dict[datetime.date, set[str]] = {}
    for cell in {cell.strip() for cell in cells} - {""}:
        if (date := _date(cell)) is None or (found and date not in found and len(found) == 2):
            return {}
        found.setdefault(date, set()).add(cell)
    days = sorted(found)
    if len(days) != 2 or (days[1] - days[0]).days not in (7, 14):
        return {}
    return {cell: number for number, day in enumerate(days, 1) for cell in found[day]}


def _date(text: str) -> datetime.date | None:
    """The day that a cell names in figures: 2017-05-07, 07/05/2017, 20170507."""
    if (match := _DAY.match(text)) is None:
        return None
    parts = [int(part) for part in match.groups() if part is not None]
    year, month, day = parts if parts[0] > 31 else parts[::-1]
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


@lru_cache(1024)
def said_in(header: str, cell: str) -> StatedElection:
    """Parse one cell below such a header."""
    name = plain(header)
    said = StatedElection.of_text(cell)
    if name in _ROUNDS:
        digits = cell.strip()
        return StatedElection(round=int(digits) if digits in ("1", "2") else said.round)
    if name in _DATES and (day := _date(cell.strip())) is not None:
        return StatedElection(day=day)
    return StatedElection(year=said.year) if name in _YEARS | _DATES else said


def sorting(said: Iterable[tuple[str, str]], beside: StatedElection = UNSTATED) -> str:
    """Key that tells the election of a row from others: what is understood of its columns, else their texts.

    Args:
        said: header and cell of each of these columns.
        beside: what is said of all rows.
    """
    cells = list(said)
    stated = common(said_in(*cell) for cell in cells).or_else(beside)
    if stated.known:
        return f"{stated.year}{stated.kind}{stated.round}"
    return " ".join(plain(cell) for _, cell in cells)


def stated_in(header: Sequence[str], rows: Iterable[Sequence[str]]) -> StatedElection:
    """Parse the first rows of a table; anything on which they differ is left out."""
    columns = stating(header)
    if not columns:
        return StatedElection()
    some = [row for row, _ in zip(rows, range(_LOOKED_AT), strict=False)]
    cells = {(at, row[at]) for row in some for at in columns if at < len(row) and row[at].strip()}
    return common(said_in(header[at], cell) for at, cell in sorted(cells))


_MOST = 64
"""Elections in one table; one of more is left as it is."""


def elections_apart(header: Sequence[str], columns: Sequence[Coded], rows: int) -> list[Ints]:
    """The rows of each election that a table says it has, all in one where it says one or none.

    Rows that say less than others are left with the first that they can be of.

    Args:
        header: names of the columns that say it.
        columns: their cells, of shape ``(rows,)`` each.
        rows: of the table.
    """
    code, first = number_rows(columns, rows)
    said = [
        common(said_in(name, column.labels[column.codes[row]]) for name, column in zip(header, columns, strict=True))
        for row in first.tolist()
    ]
    elections: list[StatedElection] = []
    for at in np.argsort(first).tolist():
        if said[at].known and all(said[at].conflicts(other) for other in elections):
            elections.append(said[at])
    if not 1 < len(elections) <= _MOST:
        return [np.arange(rows)]
    of = [next((at for at, one in enumerate(elections) if not each.conflicts(one)), -1) for each in said]
    election = np.array(of, np.int64)[code]
    return [np.flatnonzero(election == at) for at in range(len(elections))]
