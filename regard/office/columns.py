"""Columns that the list of a town has and evidence has not: machines, tables, and both hours in one cell.

The wordings of all others are those of evidence, `verify.read.tables.headers`.
"""

from __future__ import annotations

from collections.abc import Sequence

from protocol.words import Message, Text, msg
from verify.model.labels import field_label
from verify.read.tables.headers import find_meaning, key

MACHINES, TABLES, HOURS = "machines", "tables", "hours"
_WORDINGS = {
    MACHINES: (
        "machines", "machine", "nombre de machines", "machines à voter", "nombre de machines à voter", "nb machines",
        "nb MAV", "MAV", "machines de vote", "ordinateurs de vote", "machines électroniques", "voting machines",
        "number of machines",
    ),
    TABLES: (
        "tables", "table", "nombre de tables", "tables d'identification", "tables de contrôle", "tables d'émargement",
        "postes d'identification", "postes de contrôle", "points de contrôle",
        "tables d'identité", "points d'accueil", "tables de vote", "check-in tables",
        "desks", "number of tables",
    ),
    HOURS: (
        "horaires", "horaire", "heures de vote", "horaires d'ouverture", "horaires du scrutin", "plage horaire",
        "amplitude horaire", "amplitude", "ouverture-fermeture", "ouverture - fermeture", "ouverture/clôture", "hours",
        "opening hours", "voting hours",
    ),
}  # fmt: skip
_MEANING = {key(wording): column for column, wordings in _WORDINGS.items() for wording in wordings}
_SHORT = {
    "bureau": {key(each) for each in ("numéro", "n°", "num", "numéro du bureau de vote")},
    "registered": {key(each) for each in ("nb électeurs inscrits", "nombre d'électeurs inscrits", "nb d'inscrits")},
}
"""Headers too short or too free to be those of evidence."""
_LABELS: dict[str, Message] = {
    MACHINES: msg("voting machines"),
    TABLES: msg("tables at which identity is checked"),
    HOURS: msg("opening hours"),
}


def meaning(header: str) -> str | None:
    """Find which of the three columns a header means; None for none."""
    return _MEANING.get(key(header)) if header.strip() else None


def short_headers(head: Sequence[str]) -> dict[str, str]:
    """Interpret headers that only a list of bureaux has, by their `key`, unless another header means the same."""
    taken = {known[0] for cell in head if (known := find_meaning(cell)) is not None}
    return {
        key(cell): column
        for column, wordings in _SHORT.items()
        if column not in taken
        for cell in head
        if key(cell) in wordings
    }


def column_label(column: str) -> Text:
    """Content of a column, for people."""
    return _LABELS[column] if column in _LABELS else field_label(column)
