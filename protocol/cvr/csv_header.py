"""The headings of Dominion's export of ballots as CSV: four rows, and which column is what.

Election and version; the contest over each of its choices, ``Mayor (Vote For=1)``; the choices; names of the first
columns, and parties over the choices. Where voters give ranks, a column is a choice and a rank, ``Smith(2)``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.cvr.csv_cells import MAX_COLUMNS, cells, decode, value
from protocol.errors import InputError
from protocol.words import msg

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
    """Whether a file that begins so is such an export: a name, a version, and empty cells over the other columns."""
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
    columns: npt.NDArray[np.int64]
    choices: npt.NDArray[np.int64]
    ranks_of: tuple[int, ...]
    names: tuple[str, ...]
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvHeader:
    """What the first four rows say."""

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
