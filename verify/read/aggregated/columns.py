"""The columns of both tables in their three generations, and which of the two a header is of.

The tables are told apart by their columns, never by their names: a published study had each under the other's. A table
with ``inscrits`` is the one of counts (« general »), one with ``voix`` that of votes (« candidats »). From June 2023
headers were French (``Code du département``, ``% Abs/Ins``), since January 2026 they are in snake case
(``code_departement``, ``ratio_abstentions_inscrits``), since October 2026 without ``liste``. Known from the program
that makes the files, their published schemas, and the notes of people who use them (`columns.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from protocol.quantities import Quantity
from verify.model.identity import plain

ELECTION, ID = "election", "id"
PANEL = "panel"
DEPARTMENT, CANTON, CONSTITUENCY, COMMUNE = "department", "canton", "constituency", "commune"


class AggregatedKind(Enum):
    """The kind of a table: counts, or votes of candidates."""

    COUNTS = "general"
    VOTES = "candidats"


_TABLES = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
_COLUMNS: dict[AggregatedKind, dict[str, str]] = {
    kind: {
        wording: meaning
        for columns in _TABLES[kind.value].values()
        for meaning, wordings in columns.items()
        for wording in wordings
    }
    for kind in AggregatedKind
}
"""By kind of table and wording, the meaning of a column."""
_GENERAL, _CANDIDATS = _TABLES["general"], _TABLES["candidats"]
PLACES, COUNTS = tuple(_GENERAL["places"]), tuple(_GENERAL["counts"])
RATIOS, SHARES = tuple(_GENERAL["ratios"]), tuple(_CANDIDATS["ratios"])
"""Percentages of a bureau, by count, and those of a choice's votes."""
NAMES = tuple(_CANDIDATS["names"])
LABELS = (("surname", "given"), ("short list",), ("long list",), ("list",), ("pair",), ("head",), ("nuance",))
"""Columns that name a choice: the first that is filled; it differs by election; a shade alone names several."""
MEANINGS = frozenset(meaning for columns in _COLUMNS.values() for meaning in columns.values())
"""Everything that a column can mean."""
_NEEDED = {
    AggregatedKind.COUNTS: {ELECTION, ID, Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.VALID},
    AggregatedKind.VOTES: {ELECTION, ID, Quantity.VOTES},
}


@dataclass(frozen=True, slots=True)
class AggregatedHeader:
    """Meanings of the columns of one of the tables.

    Attributes:
        kind: which table it is.
        names: the file's own name of each column, by what it means.
    """

    kind: AggregatedKind
    names: dict[str, str]


def recognise(cells: Sequence[str]) -> AggregatedHeader | None:
    """Find the meaning of a header; None where it is of neither table."""
    words = [plain(cell) for cell in cells]
    for kind, meanings in _COLUMNS.items():
        names: dict[str, str] = {}
        for cell, word in zip(cells, words, strict=True):
            if word in meanings:
                names.setdefault(meanings[word], cell)
        if names.keys() >= _NEEDED[kind] and not (kind is AggregatedKind.COUNTS and "voix" in words):
            return AggregatedHeader(kind, names)
    return None
