"""The table of all bulletins that the electoral court publishes (bweb), against what was counted.

Latin-1, ``;``, quoted until 2024 and not in 2026; columns go by their names, as there are more or fewer by the year.
The court makes it of the bulletins as they reach it: a section that is not in it yet says nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from protocol.bu.agreement import OtherCopy, compare, compare_values
from protocol.bu.bounds import Undecodable
from protocol.bu.counts import OfficeCounts, counts_of
from protocol.dumps.checks import Checklist
from protocol.dumps.tallies import Tallies
from protocol.errors import InputError
from protocol.opening import FileInParts
from protocol.words import msg

CODE = "D116"
_UNIT = ("CD_MUNICIPIO", "NR_ZONA", "NR_SECAO")
_CONTEST = ("CD_ELEICAO", "CD_CARGO_PERGUNTA")
_ROLL, _TURNOUT, _ABSENT = "QT_APTOS", "QT_COMPARECIMENTO", "QT_ABSTENCOES"
_KIND, _KIND_NAME, _NUMBER, _VOTES = "CD_TIPO_VOTAVEL", "DS_TIPO_VOTAVEL", "NR_VOTAVEL", "QT_VOTOS"
NEEDED = frozenset((*_UNIT, *_CONTEST, _ROLL, _TURNOUT))
_NOT_SAID = frozenset(("", "-1", "-3", "#NULO#", "#NULO", "#NE#", "#NE"))
_KINDS = {"1": "nominal", "2": "branco", "3": "nulo", "4": "legenda"}
_BLOCK = 2**20
_MOST_DIGITS = 9
_MOST_PROBLEMS = 20
_TEXT = msg("roll, turnout and votes by choice against the table that the electoral court published")

Key = tuple[str, str]
"""Unit and contest, by their names in tallies."""


@dataclass(slots=True)
class TableCounts:
    """Counts that a table states for one section and office."""

    counts: OfficeCounts
    absent: int | None = None


@dataclass(slots=True)
class TableReading:
    """Counts taken from a table.

    Attributes:
        found: by unit and contest, of the units that were asked for.
        rows: how many the table has.
        problems: rows that could not be read, the first of each column.
        sha256: of the file.
        size: in bytes.
    """

    found: dict[Key, TableCounts] = field(default_factory=dict)
    rows: int = 0
    problems: dict[str, InputError] = field(default_factory=dict)
    sha256: str = ""
    size: int = 0


def is_table(head: bytes) -> bool:
    """Check that a file begins with the names of the required columns."""
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("latin-1")
    return NEEDED <= {name.strip().strip('"') for name in line.split(";")}


def rows_of_units(path: Path, below: Path | None, units: frozenset[str]) -> TableReading:
    """Read a table in parts, and keep what it says of some units.

    Raises:
        InputError: it cannot be opened or read.
    """
    reading = TableReading()
    with FileInParts(path, below=below) as file:
        try:
            rows = csv.reader(_lines(file), delimiter=";")
            names = [name.strip() for name in next(rows, [])]
            places = {name.removeprefix("ï»¿").strip('"'): at for at, name in enumerate(names)}
            for row in rows:
                reading.rows += 1
                _take(reading, path, places, row, units)
        except csv.Error:
            got = msg("something else; what follows is not read")
            reading.problems[""] = InputError(str(path), reading.rows + 2, None, msg("a row of a table"), got)
        except Undecodable as error:
            reading.problems[""] = InputError(str(path), reading.rows + 2, None, error.expected, error.got)
    reading.sha256, reading.size = file.sha256, file.size
    return reading


def _lines(file: FileInParts) -> Iterator[str]:
    left = b""
    while block := file.next(_BLOCK):
        *whole, left = (left + block).split(b"\n")
        yield from (f"{line.decode('latin-1')}\n" for line in whole)
        if len(left) > _BLOCK:
            raise Undecodable(msg("rows of less than {limit} bytes", limit=_BLOCK), msg("a longer one"))
    if left:
        yield left.decode("latin-1")


def _take(reading: TableReading, path: Path, places: dict[str, int], row: list[str], units: frozenset[str]) -> None:
    """Add a row to what is known of its section and office."""

    def figure(name: str) -> int | None:
        text = row[places[name]].strip() if name in places and places[name] < len(row) else ""
        if text in _NOT_SAID:
            return None
        if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
            return int(text)
        if len(reading.problems) < _MOST_PROBLEMS:
            problem = InputError(str(path), reading.rows + 1, name, msg("a whole number"), text[:40])
            reading.problems.setdefault(name, problem)
        return None

    unit = [figure(name) for name in _UNIT]
    if None in unit:
        return
    name = f"{unit[0]:05}/{unit[1]:04}/{unit[2]:04}"
    election, office = (figure(each) for each in _CONTEST)
    if name not in units or election is None or office is None:
        return
    key = name, f"{election}/{office}"
    known = reading.found.setdefault(key, TableCounts(OfficeCounts(election, office)))
    counts = known.counts
    for place, value in (("registered", figure(_ROLL)), ("turnout", figure(_TURNOUT))):
        if value is not None:
            setattr(counts, place, value)
    known.absent = known.absent if (absent := figure(_ABSENT)) is None else absent
    votes, number = figure(_VOTES), figure(_NUMBER)
    if votes is None:
        return
    at = places.get(_KIND_NAME, places.get(_KIND, len(row)))
    kind = row[at].strip().lower() if at < len(row) else ""
    kind = _KINDS.get(kind, kind)
    if kind == "branco":
        counts.blank += votes
    elif kind == "nulo":
        counts.null += votes
    elif number is not None:
        held = counts.party if kind == "legenda" else counts.nominal
        held[number] += votes


def compare_table(checks: Checklist, tallies: Tallies, reading: TableReading, source: str) -> None:
    """Compare what was counted with a table, section by section and office by office."""
    absent = 0
    copy = OtherCopy(CODE, msg("published table"), _TEXT)
    for (unit, contest), ours in counts_of(tallies).items():
        theirs = reading.found.get((unit, contest))
        if theirs is None:
            absent += 1
            continue
        away = None if ours.registered is None or ours.turnout is None else ours.registered - ours.turnout
        pairs = ((msg("turnout"), ours.turnout, theirs.counts.turnout), (msg("absent"), away, theirs.absent))
        here = checks.of(source, unit)
        compare_values(here, pairs, copy)
        compare(here, [ours], [theirs.counts], copy)
    text = msg("offices of sections that are not in the published table")
    checks.of(source).not_checked(CODE, text, times=absent)
