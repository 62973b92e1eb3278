"""An election night on disk: which files it has, what their columns are called, and how an export's file is named.

Both the simulator, which writes a night, and the verifier, which reads one, take the names from here. CSV files are
UTF-8 with commas and the ministry's own French column names. A bureau is ``(insee, bureau)``; a contest is
``(scrutin, circonscription)``. An empty cell is a value that was left blank, which is not zero and not a missing row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity, quantity_of
from protocol.words import msg, without_accents


class Content(Enum):
    """Kind of value in a cell."""

    TEXT = msg("text")
    COUNT = msg("a whole number from 0 up, or nothing")
    CLOCK = msg("HH:MM, 24 and more for after midnight, or nothing")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file of a night: its name in the header, what its cells hold, whether it may be left out."""

    name: str
    meaning: str
    content: Content = Content.TEXT
    required: bool = True

    @property
    def key(self) -> str:
        """Name of its cells once read: a `Quantity` if it counts one, or the same name."""
        return quantity_of(self.name) or self.name if self.content is Content.COUNT else self.name


@dataclass(frozen=True, slots=True)
class NightTable:
    """One CSV file of a night."""

    file: str
    meaning: str
    columns: tuple[Column, ...]
    further: tuple[Column, ...] = ()
    """Columns that are read where a file has them; a bureau that never needs them has none."""

    @property
    def kind(self) -> EvidenceKind:
        """The evidence that it is."""
        return EvidenceKind.of_file(self.file)

    @property
    def header(self) -> tuple[str, ...]:
        """The names of all columns, in the order in which regard writes them."""
        return tuple(column.name for column in self.columns)


_INSEE = Column("insee", "INSEE code of the commune")
_BUREAU = Column("bureau", "code of the bureau de vote: text, `0001` is not `1`")
_POLL = Column("scrutin", "number of the poll, as in `election.toml`")
_REGISTERED = Column(Quantity.REGISTERED.column, "registered voters", Content.COUNT)
_KEY = (_INSEE, _BUREAU, _POLL)
_COUNTS = (
    Column(Quantity.SIGNATURES.column, "voters by the sign-in list, as this record states them", Content.COUNT),
    Column(
        Quantity.VOTES_FOUND.column,
        "votes found in the urn or on the machine's counter: the published votants",
        Content.COUNT,
    ),
    Column(Quantity.BLANK.column, "blank votes", Content.COUNT),
    Column(Quantity.NULL.column, "null votes; a machine takes none", Content.COUNT),
    Column(Quantity.VALID.column, "votes for a choice", Content.COUNT),
)

CHOICES = NightTable(
    EvidenceKind.CHOICES.file,
    "the préfecture's list of choices, in panel order",
    (
        _POLL,
        Column("circonscription", "circonscription of the contest; empty: the whole election"),
        Column("panneau", "number of the panel, from 1", Content.COUNT),
        Column("choix", "name of the candidate, pair or list"),
        Column("type", "`candidat`, `binome` or `liste`; `retire`: withdrawn, no longer on the panel"),
    ),
)
CHOICE_TYPES = ("candidat", "binome", "liste")
"""The types of choices that can be voted for; an empty cell is one as well."""
GONE = "retire"
"""The type of a choice that is on the list and can no longer be voted for: withdrawn."""
UNIVERSE = NightTable(
    EvidenceKind.UNIVERSE.file,
    "the official list of bureaux, independent of the dumps; where the polls of a day have different divisions, "
    "further columns `circonscription_1` to `circonscription_5` beside `circonscription` hold those of the poll of "
    "that number",
    (
        _INSEE,
        Column("commune", "name of the commune"),
        Column("departement", "code of the département"),
        Column("circonscription", "circonscription of the bureau, empty where it plays no part"),
        _BUREAU,
        _REGISTERED,
        Column("comptage", "`machine` or `papier`"),
        Column("ouverture", "opening by the préfet's order", Content.CLOCK),
        Column("cloture", "closing by the préfet's order", Content.CLOCK),
        Column("machine", "machine serials of the sealing record, `+` between parts", required=False),
        Column("module", "module serials of the sealing record", required=False),
        Column("scelle_machine", "seals on the machines", required=False),
        Column("scelle_module", "seals on the modules", required=False),
    ),
)
SIGNATURES = NightTable(
    EvidenceKind.SIGNATURES.file,
    "the sign-in lists, counted; further columns `emargements_09h` and so on may hold the count at that hour",
    (*_KEY, _REGISTERED, Column(Quantity.SIGNATURES.column, "signatures on the list", Content.COUNT)),
)
RECORDS = NightTable(
    EvidenceKind.RECORDS.file,
    "the bureaux' official records (procès-verbaux)",
    (
        *_KEY,
        _REGISTERED,
        *_COUNTS,
        Column(Quantity.PROXIES.column, "proxies noted", Content.COUNT, required=False),
        Column("ouverture", "time at which the bureau opened", Content.CLOCK, required=False),
        Column("cloture", "time at which the bureau closed", Content.CLOCK, required=False),
        Column("observations", "remarks; a gap between signatures and votes is mentioned here", required=False),
    ),
    (
        Column(
            Quantity.PAPER.column,
            "of the votes found, those on ballot papers after the machine fell out",
            Content.COUNT,
            required=False,
        ),
    ),
)
VOTES = NightTable(
    EvidenceKind.VOTES.file,
    "the votes of the PVs, one row a choice",
    (
        *_KEY,
        Column("choix", "the choice, as in `choix.csv`"),
        Column(Quantity.VOTES.column, "its votes", Content.COUNT),
    ),
)
TABULATION = NightTable(
    EvidenceKind.TABULATION.file,
    "the communes' centralising records, with the bureaux as these show them",
    (*_KEY, _REGISTERED, *_COUNTS),
)
TRUTH = NightTable(
    "verite.csv",
    "what the simulator did wrong on purpose; the verifier never opens it",
    (
        Column("faute", "name of the injected fault"),
        *_KEY,
        Column("piece", "the piece of evidence that it touched"),
        Column("champ", "the field that it changed"),
        Column("effet", "signed change in that field, in votes; empty where it is not a count"),
        Column("detail", "what happened, in words"),
    ),
)
FOLLOW_UP = NightTable(
    "suites.csv",
    "what became of a finding or a case: remarks of the people who work on it, a row each; it hides nothing",
    (
        Column("insee", "INSEE code of the commune; empty: everywhere"),
        Column("bureau", "code of the bureau; empty: the whole commune"),
        Column("scrutin", "number of the poll; empty: every poll", required=False),
        Column(
            "constat",
            "code of a rule (`R202`) or name of a cause (`open-gap`); empty: all that is found there",
            required=False,
        ),
        Column("chiffres", "the two figures as they were then, `626 / 662`", required=False),
        Column("statut", "`a_verifier`, `explique`, `conteste`, `regle` or `ecarte`"),
        Column("remarque", "what is to be said", required=False),
        Column(
            "nombre",
            "how many votes are explained, signatures contested, or ballots and voters kept out",
            Content.COUNT,
            required=False,
        ),
        Column("piece", "the piece that shows it", required=False),
        Column("auteur", "who wrote the row", required=False),
        Column("date", "when", required=False),
    ),
)
TABLES = (CHOICES, UNIVERSE, SIGNATURES, RECORDS, VOTES, TABULATION, TRUTH)

MEANINGS = NightTable(
    "colonnes.csv",
    "what columns of the other tables mean, as `--map` says it; written by `regard serve`",
    (
        Column("colonne", "the header as it is written"),
        Column("sens", "what it is, in any wording of it; empty: the column is left out"),
    ),
)
"""Beside the tables: it holds no evidence, and says how evidence is read."""

COMPANIONS = ("jour.csv", "tickets", TRUTH.file)
"""Files of a simulated night beside its evidence: for people, and for tests; the verifier opens none of it."""

ELECTION = "election.toml"
THRESHOLDS = "seuils.toml"
EXPORTS = EvidenceKind.EXPORTS.value
URNS = EvidenceKind.URNS.value
MANIFEST = "manifest.json"

KINDS = (
    EvidenceKind.EXPORTS,
    EvidenceKind.URNS,
    EvidenceKind.SIGNATURES,
    EvidenceKind.RECORDS,
    EvidenceKind.PUBLISHED,
)
"""The kinds of evidence that `complet` in `election.toml` may name: each bureau has one, or its lack is an error."""


def is_gone(text: str) -> bool:
    """Check for a withdrawn choice by its type, in any usual spelling: ``retire``, ``Retirée``."""
    return _plain_type(text) == GONE


def is_choice(text: str) -> bool:
    """Check that a type is one of `CHOICE_TYPES`, in any usual spelling: ``Binôme``, ``listes``."""
    return _plain_type(text) in CHOICE_TYPES


def _plain_type(text: str) -> str:
    word = without_accents(text[:40].strip()).removesuffix("s")
    return word.removesuffix("e") if word in ("candidate", "retiree") else word


def is_poll(text: str) -> bool:
    """Check that a text is the number of a poll."""
    return text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 5 and len(text) <= 2


def export_name(insee: str, bureau: str, poll: int, part: int) -> str:
    """``INSEE-BUREAU-SCRUTIN-PART.esf``: the file name of one export.

    Codes keep their digits and capital letters; any other character is written as ``_`` and two hexadecimal digits
    for each of its UTF-8 bytes, so that names are safe on every file system and can be read back.
    """
    return f"{_safe(insee)}-{_safe(bureau)}-{poll}-{part}.esf"


def urn_name(insee: str, bureau: str, part: int) -> str:
    """``INSEE-BUREAU-PART.urn``: the file name of one module image, which holds all polls of its part."""
    return f"{_safe(insee)}-{_safe(bureau)}-{part}.urn"


_NAME = re.compile(r"([0-9A-Z_a-f]+)-([0-9A-Z_a-f]+)-([1-9][0-9]?)-([1-9][0-9]{0,2})\.esf")
_URN_NAME = re.compile(r"([0-9A-Z_a-f]+)-([0-9A-Z_a-f]+)-([1-9][0-9]{0,2})\.urn")


def parse_export_name(name: str) -> tuple[str, str, int, int] | None:
    """INSEE code, bureau, poll and part of an export's file name; None for a name of another form."""
    match = _NAME.fullmatch(name)
    place = _place(match)
    return None if match is None or place is None else (*place, int(match[3]), int(match[4]))


def parse_urn_name(name: str) -> tuple[str, str, int] | None:
    """INSEE code, bureau and part of a module image's file name; None for a name of another form."""
    match = _URN_NAME.fullmatch(name)
    place = _place(match)
    return None if match is None or place is None else (*place, int(match[3]))


def _place(match: re.Match[str] | None) -> tuple[str, str] | None:
    if match is None:
        return None
    insee, bureau = _plain(match[1]), _plain(match[2])
    return None if insee is None or bureau is None else (insee, bureau)


def _safe(code: str) -> str:
    return "".join(
        chr(byte) if chr(byte) in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" else f"_{byte:02x}" for byte in code.encode()
    )


def _plain(safe: str) -> str | None:
    parts = re.split(r"(_[0-9a-f]{2})", safe)
    if any("_" in part or part != part.upper() for part in parts[::2]):
        return None
    raw = b"".join(bytes([int(part[1:], 16)]) if odd % 2 else part.encode() for odd, part in enumerate(parts))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


ENTERED_PV, ENTERED_VOTES, ENTERED_SIGNATURES = "saisie-pv.csv", "saisie-voix.csv", "saisie-emargements.csv"
_OF_A_PV = ("Code INSEE", "Commune", "Bureau", "Scrutin")
HEADERS = {
    ENTERED_PV: (
        *_OF_A_PV,
        *("Heure d'ouverture", "Heure de clôture", "Inscrits", "Procurations", "Émargements"),
        *("Bulletins trouvés dans l'urne", "Blancs", "Nuls", "Suffrages exprimés", "Observations", "Page"),
    ),
    ENTERED_VOTES: (*_OF_A_PV, "Choix", "Voix"),
    ENTERED_SIGNATURES: (*_OF_A_PV, "Inscrits", "Émargements", "Page"),
}
"""The columns of each."""
_LONGEST = 1000
"""Bytes of a line that can be one of these headers."""


def is_entry_table(name: str, data: bytes) -> bool:
    """Recognise a table of entered figures by its name and the first line of its bytes."""
    first = data[:_LONGEST].partition(b"\n")[0].rstrip(b"\r").decode("utf-8-sig", "replace")
    return name in HEADERS and first in {delimiter.join(HEADERS[name]) for delimiter in ";,\t"}


def has_entry_columns(name: str, headers: Iterable[str]) -> bool:
    """Check that a table of entered figures has this name, and all of these columns."""
    return name in HEADERS and set(headers) <= set(HEADERS[name])
