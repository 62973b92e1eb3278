"""The election that a table of results says it is of, in columns of its own: « Scrutin », « Année », « Tour »."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from verify.model.stated import UNSTATED, StatedElection, common
from verify.read.published.headers import plain

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
    """Whether a column says which election its rows are of, and so is no choice."""
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
    """What one cell below such a header says."""
    name = plain(header)
    said = StatedElection.of_text(cell)
    if name in _ROUNDS:
        digits = cell.strip()
        return StatedElection(round=int(digits) if digits in ("1", "2") else said.round)
    if name in _DATES and (day := _date(cell.strip())) is not None:
        return StatedElection(day=day)
    return StatedElection(year=said.year) if name in _YEARS | _DATES else said


def sorting(said: Iterable[tuple[str, str]], beside: StatedElection = UNSTATED) -> str:
    """What tells the election of a row from others: what is understood of its columns, else what they say.

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
    """What the first rows of a table say; nothing of that of which they say different things."""
    columns = stating(header)
    if not columns:
        return StatedElection()
    some = [row for row, _ in zip(rows, range(_LOOKED_AT), strict=False)]
    cells = {(at, row[at]) for row in some for at in columns if at < len(row) and row[at].strip()}
    return common(said_in(header[at], cell) for at, cell in sorted(cells))
