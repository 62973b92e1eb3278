"""The tables of PVs that were entered by hand on the page of `regard serve`: what their columns mean is certain."""

from __future__ import annotations

from collections.abc import Iterable

PV_TABLE, VOTES_TABLE = "saisie-pv.csv", "saisie-voix.csv"
_OF_A_PV = ("Code INSEE", "Commune", "Bureau", "Scrutin")
HEADERS = {
    PV_TABLE: (
        *_OF_A_PV,
        *("Heure d'ouverture", "Heure de clôture", "Inscrits", "Procurations", "Émargements"),
        *("Bulletins trouvés dans l'urne", "Blancs", "Nuls", "Suffrages exprimés", "Observations", "Page"),
    ),
    VOTES_TABLE: (*_OF_A_PV, "Choix", "Voix"),
}
"""The columns of each."""
_LONGEST = 1000
"""Bytes of a line that can be one of these headers."""


def is_entered(name: str, data: bytes) -> bool:
    """Whether a file is one of these tables, by its name and its headers."""
    first = data[:_LONGEST].partition(b"\n")[0].rstrip(b"\r").decode("utf-8-sig", "replace")
    return name in HEADERS and first in {delimiter.join(HEADERS[name]) for delimiter in ";,\t"}


def has_entered(name: str, headers: Iterable[str]) -> bool:
    """Whether columns that were read of a file of this name are all columns of such a table."""
    return name in HEADERS and set(headers) <= set(HEADERS[name])
