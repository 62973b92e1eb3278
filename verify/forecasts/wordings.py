"""Headers of a table of forecasts, in French, in English, and as NSPPolls writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from protocol.accents import without_accents

NSPPOLLS = (
    "candidat", "parti", "intentions", "erreur_sup", "erreur_inf", "id", "nom_institut", "commanditaire",
    "debut_enquete", "fin_enquete", "echantillon", "population", "rolling", "media", "tour", "hypothese",
    "sous_echantillon",
)  # fmt: skip
"""The header of NSPPolls' files (github.com/nsppolls/nsppolls)."""

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
    "low": ("bas", "erreur_inf", "low", "lower", "borne_basse", "min"),
    "high": ("haut", "erreur_sup", "high", "upper", "borne_haute", "max"),
    "level": ("niveau", "level", "confiance", "confidence"),
    "deviation": ("ecart_type", "deviation", "sd", "std", "standard_deviation"),
}  # fmt: skip
"""Wordings of each column, the surest first."""

NEEDED = ("source", "candidate", "share")
TEMPLATE = (
    "Institut", "Référence", "Publié le", "Début du terrain", "Fin du terrain", "Échantillon", "Hypothèse", "Candidat",
    "Part", "Bas", "Haut", "Niveau", "Écart-type",
)  # fmt: skip
"""The columns of an empty table to fill in."""


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


def is_forecast(columns: dict[str, int]) -> bool:
    """Whether a table has what forecasts need: who says what of whom."""
    return all(column in columns for column in NEEDED)
