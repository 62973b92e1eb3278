"""Files of forecasts, as NSPPolls' CSV: tables with a row for each source, day and candidate, told by their headers."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from protocol.errors import count_of
from protocol.opening import OpenedFile, open_evidence
from protocol.words import Text, cited, first_of, msg, nmsg, series, without_accents
from verify.forecasts.model import Forecast, ForecastFile, ForecastKey, NamedShare, Span
from verify.model.contests import key as words_of
from verify.model.identity import round_of
from verify.model.use import Used
from verify.read.rows import Problems
from verify.read.tables.grid import Grid, grids_of

T = TypeVar("T")

COLUMNS: dict[str, tuple[str, ...]] = {
    "source": ("nom_institut", "institut", "institute", "pollster", "organisme", "source"),
    "reference": ("reference", "references", "url", "lien", "citation", "source"),
    "published": (
        "publie_le", "publie", "date_de_publication", "publication", "published", "published_on", "measure_date",
        "date_mesure", "date",
    ),
    "date_sure": ("date_sure", "date_certaine"),
    "begin": ("debut_enquete", "debut_du_terrain", "debut", "terrain_du", "begin", "field_start", "fieldwork_start"),
    "end": ("fin_enquete", "fin_du_terrain", "fin", "terrain_au", "end", "field_end", "fieldwork_end"),
    "sample": ("echantillon", "sample", "sample_size", "samplesize", "n"),
    "hypothesis": ("hypothese", "hypothesis", "scenario"),
    "election": ("election", "scrutin"),
    "round": ("tour", "round"),
    "identity": ("id", "poll_id", "identifiant"),
    "rolling": ("rolling", "glissant"),
    "candidate": ("candidat", "candidate", "candidat_ou_liste", "choix", "choice", "answer", "liste"),
    "share": ("part", "intentions", "intention", "share", "pct", "percent", "pourcentage", "score"),
}  # fmt: skip
"""Wordings of each column, the surest first; those of NSPPolls (github.com/nsppolls/nsppolls) among them."""

NEEDED = frozenset(("source", "candidate", "share"))
TEMPLATE = (
    "Institut", "Référence", "Publié le", "Début du terrain", "Fin du terrain", "Échantillon", "Hypothèse", "Candidat",
    "Part",
)  # fmt: skip
"""The columns of an empty table to fill in."""

EMPTY = frozenset(("", "nan", "na", "n/a", "null", "none", "-"))
"""Cells that stand for nothing."""
MOST_SAMPLE = 10**8
"""People asked, at most."""

_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,9}))?\s*%?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_FRENCH = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_YEAR = re.compile(r"([0-9]{4})(?:[^0-9].*)?")
_NUMBERED = re.compile(r"presidentielle[-_ ]([12])(?![0-9])")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_COUNT = re.compile(r"([0-9]{1,9})(?:[.,]0+)?")
_YES = frozenset(("true", "1", "1.0", "yes", "oui", "vrai", "x"))
_NO = frozenset(("false", "0", "0.0", "no", "non", "faux"))
_NOT_SURE = frozenset(
    ("none", "aucune", "aucun", "no", "non", "unsure", "incertaine", "incertain", "unknown", "inconnue")
)

HEADER_AMONG = 20
"""Rows among which the header is looked for."""
MOST_OF_ONE = Fraction(3, 2)
"""Shares of several candidates that add up to no more than this are fractions of one and not points."""
MOST_TOTAL = 101
"""Shares of one forecast may add up to this much: each is rounded. The most in any known file."""
MOST_FORECASTS = 20_000
"""Of a file; the largest known has 1,325."""
_LONGEST = 200
_SEEN = 8
"""Headers that are named where a table is none of forecasts."""


def plain(header: str) -> str:
    """A header in small letters and digits, with ``_`` between its words."""
    return "_".join(re.findall(r"[a-z0-9]+", without_accents(header[:200])))


def columns_in(header: Sequence[str]) -> dict[str, int]:
    """The index of each column that a row of headers has, by `COLUMNS`; a cell is one column only."""
    cells = [plain(cell) for cell in header]
    found: dict[str, int] = {}
    for column, wordings in COLUMNS.items():
        free = (cells.index(word) for word in wordings if word in cells and cells.index(word) not in found.values())
        index = next(free, None)
        if index is not None:
            found[column] = index
    return found


def parse_share(cell: str) -> Fraction | None:
    """Points of a hundred, exact: ``24,8 %`` is 124/5. None for what is no share from 0 to 100."""
    found = _SHARE.fullmatch(cell.strip())
    if found is None:
        return None
    share = Fraction(f"{found[1]}.{found[2] or 0}")
    return share if share <= 100 else None


def parse_sample(cell: str) -> int | None:
    """A number of people, at least one."""
    found = _COUNT.fullmatch(_SPACES.sub("", cell))
    count = int(found[1]) if found is not None else 0
    return count if 0 < count <= MOST_SAMPLE else None


def parse_flag(cell: str) -> bool | None:
    """Yes or no, in either language."""
    word = without_accents(cell.strip())
    return True if word in _YES else False if word in _NO else None


def parse_span(cell: str) -> Span | None:
    """The days that a date can mean: ``2022-04-04`` and ``04/04/2022`` one, ``2012-04`` and ``2021-autumn`` several."""
    text = cell.strip()
    try:
        if found := _ISO.fullmatch(text):
            day = datetime.date(int(found[1]), int(found[2]), int(found[3]))
            return Span(day, day)
        if found := _FRENCH.fullmatch(text):
            day = datetime.date(int(found[3]), int(found[2]), int(found[1]))
            return Span(day, day)
        if found := _MONTH.fullmatch(text):
            year, month = int(found[1]), int(found[2])
            last = datetime.date(year, month, calendar.monthrange(year, month)[1])
            return Span(datetime.date(year, month, 1), last)
        if found := _YEAR.fullmatch(text):
            year = int(found[1])
            return Span(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


def round_in(text: str) -> int:
    """The round that the name of an election or a file says, as ``2022-presidentielle-1`` does too; 0 for none."""
    found = _NUMBERED.search(without_accents(text))
    return round_of(text) or (int(found[1]) if found is not None else 0)


def read_forecasts(path: Path) -> list[ForecastFile]:
    """Every table of a file, each with what became of it.

    Raises:
        InputError: the file cannot be read, is damaged, or has no table at all.
    """
    file = open_evidence(path)
    return [_table(file, grid) for grid in grids_of(file, str(path))]


def _table(file: OpenedFile, grid: Grid) -> ForecastFile:
    size, digest = len(file.data), file.sha256
    name = grid.called
    for at, row in enumerate(grid.rows[:HEADER_AMONG]):
        columns = columns_in(row)
        if columns.keys() >= NEEDED:
            rows = _ForecastRows(name, columns, row, grid.problems)
            for number, cells in zip(grid.numbers[at + 1 :], grid.rows[at + 1 :], strict=True):
                rows.take(number, cells)
            return rows.finish(ForecastFile(name, digest, size, Used.WHOLE, rows=len(grid.rows) - at - 1))
    return ForecastFile(name, digest, size, Used.NONE, _why_none(grid), problems=grid.problems.all())


def _why_none(grid: Grid) -> Text:
    header = [cell.strip() for cell in (grid.rows[0] if grid.rows else []) if cell.strip()]
    needed = series(map(cited, (TEMPLATE[0], TEMPLATE[7], TEMPLATE[8])))
    seen: Text = first_of(map(cited, header), _SEEN) if header else msg("none")
    return msg(
        "no table of forecasts: it would have columns such as {needed}; columns found: {seen}", needed=needed, seen=seen
    )


@dataclass(slots=True)
class _Group:
    """The rows of one forecast so far."""

    published: Span | None
    begin: Span | None
    end: Span | None
    sample: int | None = None
    rolling: bool = False
    named: dict[tuple[str, ...], NamedShare] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    row: int = 0
    bad: bool = False


class _ForecastRows:
    """The rows of one table, put together to forecasts."""

    def __init__(self, name: str, columns: dict[str, int], header: list[str], problems: Problems) -> None:
        self._name, self._columns, self._header, self._problems = name, columns, header, problems
        self._groups: dict[ForecastKey, _Group] = {}

    def take(self, number: int, cells: list[str]) -> None:
        """Add one row; what cannot be read in it is a problem."""
        source, label = self._cell(cells, "source"), self._cell(cells, "candidate")
        if not source or not label:
            self._wrong(number, "source" if label else "candidate", msg("a name"), "")
            return
        share = self._read(cells, number, "share", parse_share, msg("a share from 0 to 100"))
        if share is None:
            if not self._cell(cells, "share"):
                self._wrong(number, "share", msg("a share from 0 to 100"), "")
            return
        published = self._date(cells, number, "published")
        if without_accents(self._raw(cells, "date_sure")) in _NOT_SURE:
            published = None
        begin, end = self._date(cells, number, "begin"), self._date(cells, number, "end")
        key = self._key(cells, source)
        if key not in self._groups and len(self._groups) >= MOST_FORECASTS:
            self._wrong(number, "source", msg("at most {most} forecasts in a file", most=MOST_FORECASTS), source)
            return
        group = self._groups.setdefault(key, _Group(published, begin, end, row=number))
        sample = self._read(cells, number, "sample", parse_sample, msg("a number of people"))
        group.sample = max(filter(None, (group.sample, sample)), default=None)
        group.rolling |= bool(self._read(cells, number, "rolling", parse_flag, msg("yes or no")))
        if reference := self._cell(cells, "reference"):
            group.references.add(reference)
        self._add(group, number, NamedShare(label, share, number))

    def finish(self, file: ForecastFile) -> ForecastFile:
        """The forecasts of all rows, and how much of the file was used."""
        found = [self._forecast(key, group) for key, group in self._groups.items() if not self._refuses(key, group)]
        problems = self._problems.all()
        used = Used.NONE if not found else Used.PART if problems else Used.WHOLE
        why: Text = ""
        if problems:
            why = nmsg("{count:n} problem in reading", "{count:n} problems in reading", count_of(problems))
        elif not found:
            why = msg("nothing filled in")
        forecasts = tuple(sorted(found, key=Forecast.sort_key))
        return replace(file, used=used, why=why, forecasts=forecasts, problems=problems)

    def _raw(self, cells: list[str], column: str) -> str:
        index = self._columns.get(column, -1)
        return cells[index].strip()[:_LONGEST] if 0 <= index < len(cells) else ""

    def _cell(self, cells: list[str], column: str) -> str:
        text = self._raw(cells, column)
        return "" if text.lower() in EMPTY else text

    def _wrong(self, number: int, column: str, expected: Text, got: str) -> None:
        header = self._header[self._columns[column]].strip()
        self._problems.add(number, header, expected, cited(got))

    def _read(
        self, cells: list[str], number: int, column: str, parse: Callable[[str], T | None], expected: Text
    ) -> T | None:
        """A cell that may be empty; None also where it cannot be read, which is a problem."""
        text = self._cell(cells, column)
        found = parse(text) if text else None
        if text and found is None:
            self._wrong(number, column, expected, text)
        return found

    def _date(self, cells: list[str], number: int, column: str) -> Span | None:
        return self._read(cells, number, column, parse_span, msg("a date such as 2022-04-08, a month or a year"))

    def _key(self, cells: list[str], source: str) -> ForecastKey:
        election, said = self._cell(cells, "election"), self._cell(cells, "round")
        stated = int(said) if said in ("1", "2") else round_in(said or election)
        columns = ("identity", "hypothesis", "published", "begin", "end")
        identity, hypothesis, published, begin, end = (self._cell(cells, column) for column in columns)
        return ForecastKey(source, identity, hypothesis, election, stated, published, begin, end)

    def _add(self, group: _Group, number: int, named: NamedShare) -> None:
        label = named.label
        words = words_of(label) or (label,)
        before = group.named.get(words, named)
        group.named[words] = replace(named, label=min(before.label, label))
        if replace(before, label=label) != named:
            self._wrong(number, "share", msg("one share of {label}", label=cited(label)), "")
            group.bad = True

    def _refuses(self, key: ForecastKey, group: _Group) -> bool:
        """Check for a forecast that cannot be used: two shares of a candidate, or impossible ones."""
        total = sum((each.share for each in group.named.values()), Fraction(0))
        if len(group.named) > 1 and total <= MOST_OF_ONE:
            got = str(float(total))
            self._wrong(group.row, "share", msg("points of a hundred: {source}", source=cited(key.source)), got)
            return True
        if total > MOST_TOTAL:
            expected = msg("shares that add up to no more than 100: {source}", source=cited(key.source))
            self._wrong(group.row, "share", expected, f"{float(total):g}")
            return True
        return group.bad

    def _forecast(self, key: ForecastKey, group: _Group) -> Forecast:
        named = sorted(group.named.values(), key=lambda each: (words_of(each.label), each.label))
        return Forecast(
            key,
            tuple(named),
            group.published,
            group.begin,
            group.end,
            group.sample,
            group.rolling,
            tuple(sorted(group.references)),
            self._name,
        )
