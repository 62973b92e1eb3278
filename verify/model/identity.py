"""The election that something says it is of, and how sure that is: in titles, names of files, and columns of tables.

A statement is the kind, the year and the round, each of which may be left open: two that conflict are of two elections.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

import numpy as np

from protocol.words import Message, Text, msg, series, without_accents
from verify.model.bureau_codes import Coded, number_rows
from verify.model.figures import Ints
from verify.model.thresholds import SAME_BY_CHANCE

Of = TypeVar("Of")

_KINDS: dict[str, tuple[str, Message]] = {
    "pres": (r"presidentiel|presidential|(?<![a-z][ '-])\bpres\b", msg("presidential election")),
    "legi": (r"legislati|\blegi\b", msg("legislative election")),
    "muni": (r"municipal|\bmuni\b", msg("municipal election")),
    "euro": (r"europeenne|european elect|\beuro\b", msg("European election")),
    "regi": (r"regionale|regional elect|\bregi\b", msg("regional election")),
    "dpmt": (r"departementale(?:s|\b)|departmental elect|\bdpmt\b|\bdp\b", msg("departmental election")),
    "cant": (r"cantonale|cantonal elect|\bcant\b", msg("cantonal election")),
    "sena": (r"senatorial|\bsena\b", msg("election of senators")),
    "refe": (r"referendum", msg("referendum")),
}
"""By the four letters that data.gouv.fr's ids have for each."""
_ANY_KIND = "|".join(pattern for pattern, _ in _KINDS.values())
_DIVISIONS = re.compile(
    r"\bcirc(?:onscription)?s?\.? (?:legislative|europeenne)s?\b|\blegislative constituenc(?:y|ies)\b"
)
"""Divisions by which results of any election are added up, whatever they are named after."""
_YEAR = re.compile(r"(?<![0-9])(?:19[5-9][0-9]|20[0-9]{2})(?![0-9])")
"""A year from 1950 on: 1900 is what a spreadsheet makes of a small number."""
_NAMES_OF_ROUNDS = {
    1: r"t ?1|r1|(?:tour|round)[ _-]?(?:n[°o]?[ ._]?)?1|(?:1er|premier|first)(?:[ _-]?(?:tour|round)|$)",
    2: r"t ?2|r2|(?:tour|round)[ _-]?(?:n[°o]?[ ._]?)?2"
    r"|(?:2e|2[eè]me|2n?de?|seconde?|deuxi[eè]me)(?:[ _-]?(?:tour|round)|$)",
}
"""« 2e » alone may as well be the second bureau."""
_ROUNDS = [(n, re.compile(rf"(?:\b|_)(?:{names})(?:\b|_|$)", re.IGNORECASE)) for n, names in _NAMES_OF_ROUNDS.items()]
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=T[12]\b)")
"""A round written at the end of a word: « VotantsT1 »."""
_NUMBERED = re.compile(
    rf"(?:{_ANY_KIND})[a-z]*-([12])"
    r"(?![0-9])(?!(?:er)?[- ](?:jan|fev|mars|avr|mai|juin|juil|aou|sep|oct|nov|dec))"
)
"""« 2017-presidentielle-1 »: a round, unless it is the day of a month."""
_OF_YEAR = re.compile(rf"(?:{_ANY_KIND})[a-z]*\W{{1,3}}(?:(?:de|en|of|in) )?(?:19|20)[0-9]{{2}}\b")
"""« Élections municipales 2026 »."""
_MONTHS = {
    month: number
    for names in (
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "january february march april may june july august september october november december",
    )
    for number, month in enumerate(names.split(), 1)
}
_IN_WORDS = re.compile(
    r"(?<![0-9])(?:([0-9]{1,2})(?:er|st)? (?:et|and) )?([0-9]{1,2})(?:er|st)? "
    rf"({'|'.join(_MONTHS)}) ([0-9]{{4}})(?![0-9])"
)
_IN_DIGITS = re.compile(
    r"(?<![0-9])(?:([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2}))(?![0-9])"
)
_POLLING_DAY = re.compile(r"\b(?:dimanche|sunday)\b")
_ONE_ROUND = ("euro", "refe")
"""Kinds without rounds: a title with such a kind and a date is of that day."""
_SUNDAY, _LAST_DAY = 6, 31
_CUT = 500
"""Characters of a title that are looked at."""


def names_year(title: str) -> bool:
    """Test whether the year in a title is that of an election, which is named ahead of it."""
    return _OF_YEAR.search(without_accents(title[:_CUT])) is not None


def round_of(name: str) -> int | None:
    """The round that the name of a sheet or a file says, None where it says none or both."""
    rounds = {number for number, _ in _rounds_in(name)}
    return rounds.pop() if len(rounds) == 1 else None


def round_in(text: str) -> tuple[int, str] | None:
    """The only round that a text names, and how it is written there; None where it names none, or several."""
    found = _rounds_in(text)
    return found[0] if len(found) == 1 else None


def _rounds_in(text: str) -> list[tuple[int, str]]:
    text = _GLUED.sub(" ", text)
    return [(number, match[0].strip(" _")) for number, pattern in _ROUNDS for match in pattern.finditer(text)]


def without_round(text: str) -> str:
    """A text without the rounds that it names."""
    text = _GLUED.sub(" ", text)
    for _, pattern in _ROUNDS:
        text = pattern.sub(" ", text)
    return text


def shared_folders(folders: Sequence[Sequence[str]]) -> int:
    """Count the leading folders that all paths share; the others may distinguish them."""
    shared = next((at for at, names in enumerate(zip(*folders, strict=False)) if len(set(names)) > 1), None)
    return min(map(len, folders), default=0) if shared is None else shared


@dataclass(frozen=True, slots=True)
class StatedElection:
    """Statement about an election; empty or 0 for what it leaves out.

    Attributes:
        kind: by the letters of `_KINDS`.
        year: of the poll.
        round: 1 or 2.
        day: of the poll, which tells two elections apart by its year alone: it may be written wrongly.
    """

    kind: str = ""
    year: int = 0
    round: int = 0
    day: datetime.date | None = field(default=None, compare=False)

    @classmethod
    def of_text(cls, text: str) -> StatedElection:
        """Parse a title; of two kinds, years or rounds in it none counts."""
        name = _DIVISIONS.sub(" ", without_accents(text[:_CUT]))
        numbered = set(_NUMBERED.findall(name.replace("_", "-")))
        plain = name.replace("_", " ")
        kinds = [kind for kind, (pattern, _) in _KINDS.items() if re.search(pattern, plain)]
        years = set(_YEAR.findall(plain))
        kind = kinds[0] if len(kinds) == 1 else ""
        number = round_of(text[:_CUT]) or (int(numbered.pop()) if len(numbered) == 1 else 0)
        of_poll = kind and (number or kind in _ONE_ROUND or _POLLING_DAY.search(plain))
        return cls(kind, int(years.pop()) if len(years) == 1 else 0, number, _day_in(plain) if of_poll else None)

    @property
    def known(self) -> int:
        """Number of the three that are stated."""
        return (self.kind != "") + (self.year != 0) + (self.round != 0)

    def conflicts(self, other: StatedElection) -> bool:
        """Check that both state one of the three, differently."""
        return any(one and another and one != another for one, another in zip(self._all(), other._all(), strict=True))

    def covers(self, other: StatedElection) -> bool:
        """Check that it states all that the other one states."""
        return all(one or not another for one, another in zip(self._all(), other._all(), strict=True))

    def or_else(self, other: StatedElection) -> StatedElection:
        """Complete it by another statement."""
        year = self.year or other.year
        day = self.day or (other.day if other.day is not None and year in (0, other.day.year) else None)
        return StatedElection(self.kind or other.kind, year, self.round or other.round, day)

    @property
    def text(self) -> Text:
        """For people: « présidentielle 2017, tour 1 »."""
        named: list[Text] = [_KINDS[self.kind][1]] if self.kind else []
        when = series([*named, *([str(self.year)] if self.year else [])], " ")
        rounds = [msg("round {number}", number=self.round)] if self.round else []
        said = [*([when] if self.kind or self.year else []), *rounds]
        return series(said, ", ") if said else msg("an election that is not named")

    def _all(self) -> tuple[str | int, ...]:
        return self.kind, self.year, self.round


UNSTATED = StatedElection()


def common(said: Iterable[StatedElection]) -> StatedElection:
    """Combine statements, without contradictory parts.

    A day says the year where nothing else does; beside another year it says nothing, a spreadsheet may have made it.
    """
    several = list(said)
    days = {each.day for each in several}
    years = {each.year for each in several} - {0} or {day.year for day in days if day is not None}
    days = {day for day in days if day is not None and day.year in years}
    return StatedElection(
        _only({each.kind for each in several} - {""}, ""),
        _only(years, 0),
        _only({each.round for each in several} - {0}, 0),
        _only(days, None),
    )


def _day_in(text: str) -> datetime.date | None:
    """The only day that a text names, without accents; None where it is no Sunday, as a day of printing may be."""
    words = (
        (int(year), _MONTHS[month], int(day))
        for *days, month, year in _IN_WORDS.findall(text)
        for day in filter(None, days)
    )
    digits = (tuple(int(part) for part in found if part) for found in _IN_DIGITS.findall(text))
    named = {*words, *((each if each[0] > _LAST_DAY else each[::-1]) for each in digits)}
    try:
        day = datetime.date(*named.pop()) if len(named) == 1 else None
    except ValueError:
        return None
    return day if day is not None and day.weekday() == _SUNDAY else None


def _only(values: set[Of], nothing: Of) -> Of:
    return next(iter(values)) if len(values) == 1 else nothing


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
_ROUND_HEADERS = frozenset(
    (
        *("tour", "numero tour", "numero du tour", "num tour", "n tour", "no tour", "round", "tour de scrutin"),
        "code tour",
    )
)
_LOOKED_AT = 39
"""Rows of a table that are looked at."""
_DAY = re.compile(
    r"(?:([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})|([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}))(?![0-9])"
)


def is_stated(header: str) -> bool:
    """Test whether a column says which election its rows are of, and so is no choice."""
    return plain(header) in _TEXTS | _YEARS | _DATES | _ROUND_HEADERS


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
    if name in _ROUND_HEADERS:
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


Voters = frozenset[tuple[str, int]]
"""Bureaux, each with a count of its voters."""


def voters_of(bureaux: Iterable[str], *counts: Iterable[int], places: Sequence[str] = ()) -> Voters:
    """Bureaux, without the zeros ahead of their codes, each with what was counted of its voters.

    Args:
        bureaux: their codes.
        counts: of the voters of each, any that are not known below 1.
        places: their communes, where these count; else none.
    """
    codes = [code.lstrip("0") for code in bureaux]
    if places:
        codes = [f"{code} {place}" for code, place in zip(codes, places, strict=True)]
    return frozenset((code, count) for each in counts for code, count in zip(codes, each, strict=True) if count > 0)


def same_counts(one: Voters, other: Voters) -> tuple[int, int]:
    """In how many bureaux two tables have a count in common, and how many bureaux both have."""
    shared = {code for code, _ in one} & {code for code, _ in other}
    return len({code for code, _ in one & other}), len(shared)


def are_apart(one: Voters, other: Voters, few: int) -> bool:
    """Test whether two tables have at least so many bureaux in common, and hardly one of them with the same count."""
    same, places = same_counts(one, other)
    return places >= max(few, 1) and same < SAME_BY_CHANCE * places
