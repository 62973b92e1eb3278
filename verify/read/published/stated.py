"""The election that a table of results says it is of, in columns of its own: « Scrutin », « Année », « Tour »."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from verify.model.stated import StatedElection, common
from verify.read.published.headers import plain

_TEXTS = frozenset(
    (
        *("scrutin", "election", "type election", "type scrutin", "type d election", "type de scrutin", "id election"),
        *("libelle scrutin", "libelle election", "nom scrutin", "nom election", "libelle du scrutin", "nom du scrutin"),
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


def is_stated(header: str) -> bool:
    """Whether a column says which election its rows are of, and so is no choice."""
    return plain(header) in _TEXTS | _YEARS | _DATES | _ROUNDS


def stating(headers: Sequence[str]) -> list[int]:
    """The columns that say the election: beside one of the year a date says nothing, a spreadsheet may have made it."""
    names = list(map(plain, headers))
    known = _TEXTS | _YEARS | _ROUNDS | (_DATES if _YEARS.isdisjoint(names) else frozenset())
    return [at for at, name in enumerate(names) if name in known]


@lru_cache(1024)
def said_in(header: str, cell: str) -> StatedElection:
    """What one cell below such a header says."""
    name = plain(header)
    said = StatedElection.of_text(cell)
    if name in _ROUNDS:
        digits = cell.strip()
        return StatedElection(round=int(digits) if digits in ("1", "2") else said.round)
    return StatedElection(year=said.year) if name in _YEARS | _DATES else said


def stated_in(header: Sequence[str], rows: Iterable[Sequence[str]]) -> StatedElection:
    """What the first rows of a table say; nothing of that of which they say different things."""
    columns = stating(header)
    if not columns:
        return StatedElection()
    some = [row for row, _ in zip(rows, range(_LOOKED_AT), strict=False)]
    cells = {(at, row[at]) for row in some for at in columns if at < len(row) and row[at].strip()}
    return common(said_in(header[at], cell) for at, cell in sorted(cells))
