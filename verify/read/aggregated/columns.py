"""The columns of both tables in their three generations, and which of the two a header is of.

The tables are told apart by their columns, never by their names: a published study had each under the other's. A table
with ``inscrits`` is the one of counts (« general »), one with ``voix`` that of votes (« candidats »). From June 2023
headers were French (``Code du département``, ``% Abs/Ins``), since January 2026 they are in snake case
(``code_departement``, ``ratio_abstentions_inscrits``), since October 2026 without ``liste``. Known from the program
that makes the files, their published schemas, and the notes of people who use them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from protocol.quantities import Quantity
from verify.model.identity import plain

ELECTION, ID = "election", "id"
PANEL = "panel"
DEPARTMENT, CANTON, CONSTITUENCY, COMMUNE = "department", "canton", "constituency", "commune"


class AggregatedKind(Enum):
    """The kind of a table: counts, or votes of candidates."""

    COUNTS = "general"
    VOTES = "candidats"


_KEYS = {"id election": ELECTION, "id brut miom": ID}

PLACES = {
    "code departement": DEPARTMENT,
    "code du departement": DEPARTMENT,
    "code canton": CANTON,
    "code du canton": CANTON,
    "code circonscription": CONSTITUENCY,
    "code de la circonscription": CONSTITUENCY,
    "libelle commune": COMMUNE,
    "libelle de la commune": COMMUNE,
}
COUNTS: dict[str, str] = {
    "inscrits": Quantity.REGISTERED,
    "abstentions": Quantity.ABSTENTIONS,
    "votants": Quantity.VOTES_FOUND,
    "blancs": Quantity.BLANK,
    "nuls": Quantity.NULL,
    "exprimes": Quantity.VALID,
}
_OF = {"ins": "registered", "inscrits": "registered", "vot": "votes_found", "votants": "votes_found"}
_RATIOS = {
    name: f"{above}/{_OF[below]}"
    for above, long, short in (
        ("abstentions", "abstentions", "abs"),
        ("votes_found", "votants", "vot"),
        ("blank", "blancs", "blancs"),
        ("null", "nuls", "nuls"),
        ("valid", "exprimes", "exp"),
    )
    for below, name in (
        ("inscrits", f"ratio {long} inscrits"),
        ("votants", f"ratio {long} votants"),
        ("ins", f"% {short} ins"),
        ("vot", f"% {short} vot"),
    )
}
RATIOS = tuple(dict.fromkeys(_RATIOS.values()))
"""Percentages of a bureau, by count."""

_SHARES = {
    "ratio voix inscrits": "votes/registered",
    "% voix ins": "votes/registered",
    "ratio voix exprimes": "votes/valid",
    "% voix exp": "votes/valid",
}
SHARES = ("votes/registered", "votes/valid")
"""Percentages of a choice's votes."""

_NAMES = {
    "nom": "surname",
    "prenom": "given",
    "libelle abrege liste": "short list",
    "libelle etendu liste": "long list",
    "liste": "list",
    "binome": "pair",
    "nom tete liste": "head",
    "nom tete de liste": "head",
    "nuance": "nuance",
}
NAMES = tuple(dict.fromkeys(_NAMES.values()))
LABELS = (("surname", "given"), ("short list",), ("long list",), ("list",), ("pair",), ("head",), ("nuance",))
"""Columns that name a choice: the first that is filled; it differs by election; a shade alone names several."""
_PANELS = {"no panneau": PANEL, "n panneau": PANEL}

_COLUMNS = {
    AggregatedKind.COUNTS: {**_KEYS, **PLACES, **COUNTS, **_RATIOS},
    AggregatedKind.VOTES: {**_KEYS, **_PANELS, **_NAMES, **_SHARES, "voix": Quantity.VOTES},
}
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
