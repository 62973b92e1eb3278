"""Dominion's export of ballots as CSV: its rows, its four rows of headings, and the card in each row.

A value often stands as ``="12"``, so that a spreadsheet keeps it as text. Its quotes begin behind the ``=``, where a
reader of CSV takes them for letters and a comma between them for the end of the cell.

Headings are: election and version; the contest over each of its choices, ``Mayor (Vote For=1)``; the choices; names of
the first columns, and parties over the choices. Where voters give ranks, a column is a choice and a rank, ``Smith(2)``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from protocol.arrays import Ints
from protocol.cvr.ballot_json import UnreadableBallot
from protocol.cvr.counting import unit_parts
from protocol.errors import InputError, wrong_file
from protocol.opening import FileInParts
from protocol.words import msg

BLOCK = 2**20
MAX_RECORD = 2**20
"""Bytes of a row: some thousand choices, whose names may be long."""
MAX_COLUMNS = 20_000
"""Columns of a file at most."""
_CELL = re.compile(r'\s*(?:="((?:[^"]|"")*+)"|"((?:[^"]|"")*+)"|([^,]*+))[^,]*+(?:,|$)', re.DOTALL)


def records(file: FileInParts) -> Iterator[bytes]:
    """The rows as bytes, line breaks between quotes among them; empty lines are none.

    Raises:
        InputError: a row without an end, or the file cannot be read.
    """
    name = str(file.path)
    rest, held, size = b"", list[bytes](), 0  # `held`: lines of a row whose quotes are open
    while data := file.next(BLOCK):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            odd = line.count(b'"') % 2
            if not held and not odd:
                if row := line.rstrip(b"\r"):
                    yield row
                continue
            held.append(line)
            size += len(line) + 1
            if odd and len(held) > 1:
                yield b"\n".join(held).rstrip(b"\r")
                held, size = [], 0
        if size + len(rest) > MAX_RECORD:
            raise wrong_file(name, msg("rows of at most {limit} bytes", limit=MAX_RECORD), msg("longer ones"))
    last = b"\n".join([*held, rest]).rstrip(b"\r\n")
    if last.count(b'"') % 2:
        raise wrong_file(name, msg("a last row with its end"), msg("open quotes"))
    if last:
        yield last


def decode(record: bytes) -> str:
    """The text of a row: UTF-8, or as spreadsheets on Windows write it."""
    try:
        return record.decode()
    except UnicodeDecodeError:
        return record.decode("cp1252", "replace")


def cells(text: str, columns: int | None = None) -> list[str]:
    """The cells of a row as they stand, ``="12"`` included.

    Args:
        text: one row.
        columns: how many there should be; where the quick way finds another number, the row is looked at closely.
    """
    if "\n" not in text and "\r" not in text and "\0" not in text:
        try:
            found = next(csv.reader((text,)))
        except (csv.Error, StopIteration):
            found = []
        if len(found) == columns or (columns is None and "=" not in text):
            return found
    return list(_cells(text))


def _cells(text: str) -> Iterator[str]:
    at = 0
    while at <= len(text):
        found = _CELL.match(text, at)
        if found is None:  # a quote without its partner
            yield text[at:]
            return
        kept, quoted, plain = found.groups()
        yield (kept if kept is not None else quoted if quoted is not None else plain).replace('""', '"')
        if found.end() == len(text) and not found.group().endswith(","):
            return
        at = found.end()


def value(cell: str) -> str:
    """The text of a cell, without ``="…"``, in one line."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1].replace('""', '"')
    return one_line(cell)


def one_line(text: str) -> str:
    """A name as it stands, two spaces in it included, without line breaks and without spaces around.

    Half a character, which JSON can write as an escape and no file can hold, is that escape.
    """
    return " ".join(text.splitlines()).strip().encode("utf-8", "backslashreplace").decode()


_VERSION = re.compile(r"\d+(?:\.\d+){2,4}")
_VOTE_FOR = re.compile(r"\s*\(Vote For\s*=\s*(\d{1,4})\)\s*$", re.IGNORECASE)
_RANKS = re.compile(r"\s*\(Number of positions\s*=\s*(\d{1,4}),\s*Number of ranks\s*=\s*(\d{1,4})\)\s*$", re.IGNORECASE)
_RANK = re.compile(r"\s*\((\d{1,3})\)$")
NAMES = {
    "tabulatornum": "tabulator",
    "tabulatorid": "tabulator",
    "batchid": "batch",
    "recordid": "record",
    "precinctportion": "portion",
}
"""Columns that are used, by their names without spaces in lower case."""


def is_csv(head: bytes) -> bool:
    """Tell that a file that begins so is such an export: a name, a version, and empty cells over the other columns."""
    text = decode(head.removeprefix(b"\xef\xbb\xbf"))
    first, _, rest = text.partition("\n")
    row = cells(first.rstrip("\r"))
    if len(row) < 2 or not _VERSION.fullmatch(value(row[1])) or any(value(cell).strip('"') for cell in row[2:]):
        return False
    return not rest or "cvrnumber" in text.casefold() or rest.replace('"', "").startswith(",,")


@dataclass(frozen=True, slots=True)
class CsvContest:
    """A contest over some columns.

    Attributes:
        name: without what it allows.
        vote_for: marks that it allows; None where the heading does not say.
        ranks: ranks that a voter gives; 1 where there are none.
        columns: its columns, counted from the first choice on.
        choices: the choice of each of these columns, as an index into ``names``.
        ranks_of: the rank of each of these columns; 1 where there are none.
        names, parties: of the choices.
    """

    name: str
    vote_for: int | None
    ranks: int
    columns: Ints
    choices: Ints
    ranks_of: tuple[int, ...]
    names: tuple[str, ...]
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvHeader:
    """The first four rows, read."""

    election: str
    version: str
    first_choice: int
    columns: int
    places: dict[str, int]
    contests: tuple[CsvContest, ...]


def read_header(rows: Sequence[str], file: str) -> CsvHeader:
    """The first four rows.

    Raises:
        InputError: they are not those of such an export.
    """
    if len(rows) < 4:
        raise InputError(file, len(rows) + 1, None, msg("four rows of headings"), msg("the end of the file"))
    first, over, names, last = ([value(cell) for cell in cells(row)] for row in rows)
    columns = len(over)
    if len(names) != columns or len(last) != columns or columns > MAX_COLUMNS:
        raise InputError(file, 4, None, msg("as many columns as in row 2"), f"{len(names)}, {len(last)}")
    first_choice = next((at for at, cell in enumerate(over) if cell), columns)
    places: dict[str, int] = {}
    for at, cell in enumerate(last[:first_choice]):
        places.setdefault(NAMES.get(cell.replace(" ", "").casefold(), ""), at)
    for key, shown in (("tabulator", "TabulatorNum"), ("batch", "BatchId")):
        if key not in places:
            raise InputError(file, 4, shown, msg("a column of this name"), msg("none"))
    bare = next((at for at in range(columns) if not over[at] and (names[at] or at > first_choice)), None)
    if bare is not None:  # whose choice it is cannot be known
        raise InputError(file, 2, f"{bare + 1}", msg("a contest over each choice"), msg("nothing"))
    if first_choice == columns:
        raise InputError(file, 2, None, msg("names of contests"), msg("none"))
    contests: dict[str, list[int]] = {}
    for at in range(first_choice, columns):
        contests.setdefault(over[at], []).append(at)
    read = tuple(_contest(name, at, names, last, first_choice) for name, at in contests.items())
    return CsvHeader(
        first[0].removeprefix("\ufeff"), first[1] if len(first) > 1 else "", first_choice, columns, places, read
    )


def _contest(heading: str, at: list[int], names: list[str], parties: list[str], first_choice: int) -> CsvContest:
    ranked = _RANKS.search(heading)
    plain = _VOTE_FOR.search(heading)
    ranks = int(ranked[2]) if ranked else 1
    allowed = int(ranked[1]) if ranked else int(plain[1]) if plain else None
    start = (ranked or plain).start() if ranked or plain else len(heading)  # type: ignore[union-attr]
    shown: list[str] = []
    shown_parties: list[str] = []
    choices, ranks_of = [], []
    for column in at:
        name, rank = names[column], 1
        if ranked and (found := _RANK.search(name)):
            name, rank = name[: found.start()], int(found[1])
        if not ranked or name not in shown:
            shown.append(name)
            shown_parties.append(parties[column])
        choices.append(shown.index(name) if ranked else len(shown) - 1)
        ranks_of.append(rank)
    return CsvContest(
        heading[:start],
        allowed,
        ranks,
        np.array(at, np.int64) - first_choice,
        np.array(choices, np.int64),
        tuple(ranks_of),
        tuple(shown),
        tuple(shown_parties),
    )


BLANK = 255
"""In place of a blank cell; no mark is as large."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card.

    Attributes:
        unit: tabulator, batch and precinct portion.
        number: its number within the batch, to see whether one comes twice; goes nowhere else.
        marks: a byte for each column of a choice.
    """

    unit: tuple[str, str, str]
    number: str
    marks: bytes


class _Marks(dict[str, int]):
    """The marks that cells say, by their texts; blank cells as `BLANK`."""

    def __missing__(self, cell: str) -> int:
        found = value(cell).strip('"')
        if not found:
            number = BLANK
        elif found.isascii() and found.isdigit() and int(found[:9]) < BLANK and len(found) < 4:
            number = int(found)
        else:
            raise KeyError(cell)
        if len(self) < 1000:
            self[cell] = number
        return number


class CardRows:
    """Reads the rows below some headings."""

    def __init__(self, header: CsvHeader) -> None:
        self._header = header
        self._marks = _Marks({"": BLANK, "0": 0, "1": 1})

    def read(self, record: bytes) -> ReadCard:
        """A row.

        Raises:
            UnreadableBallot: it does not fit the headings.
        """
        header = self._header
        row = cells(decode(record), header.columns)
        if len(row) != header.columns:
            raise UnreadableBallot(msg("another number of columns than in the headings"))
        try:
            marks = bytes(map(self._marks.__getitem__, row[header.first_choice :]))
        except KeyError as error:
            raise UnreadableBallot(msg("a cell of a choice that is no small whole number")) from error
        tabulator, batch, portion, number = (
            value(row[header.places[key]]) if key in header.places else ""
            for key in ("tabulator", "batch", "portion", "record")
        )
        if not tabulator or not batch:
            raise UnreadableBallot(msg("no tabulator or no batch"))
        return ReadCard(unit_parts(tabulator, batch, portion), number, marks)
