"""Researchers' tidy csv: the ministry's figures with one row a place and one column a choice.

``,``, UTF-8, mostly gzip; by bureau, commune, circonscription or département, which the first columns tell::

    departement,commune,bureau,circonscription,commune_libelle,inscrits,votants,blancs,exprimes,ARTHAUD,…
    01,001,0001,4,L'Abergement-Clémenciat,598,506,2,495,4,…

There is no column of nulls or abstentions: both are absent here, not zero (nulls would be votants - blancs -
exprimés, which is no figure that anyone published). Known from files ``…_par_bureau_large.csv.gz`` on public
repositories, elections of 2017 and 2019.
"""

from __future__ import annotations

from verify.model.published import Level, Published
from verify.read.published.fields import wide
from verify.read.published.gathering import gather
from verify.read.published.source import SourceTable

NAME = "researchers"

PLACES = {
    "departement": "department",
    "circonscription": "constituency",
    "commune": "commune_code",
    "commune libelle": "commune",
    "bureau": "bureau",
}
COUNTS = {
    "inscrits": "registered",
    "abstentions": "abstentions",
    "votants": "votes_found",
    "blancs": "blank",
    "nuls": "null",
    "exprimes": "valid",
}
LEVELS = (
    ("bureau", Level.BUREAU),
    ("commune_code", Level.COMMUNE),
    ("constituency", Level.CONSTITUENCY),
    ("department", Level.DEPARTMENT),
)


def read(table: SourceTable) -> list[Published] | None:
    """Every row of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    fields = wide(header, PLACES, COUNTS, label=str, needed=("departement", "inscrits", "votants", "exprimes"))
    if fields is None:
        return None
    level = next(level for place, level in LEVELS if place in fields.places)
    return [gather(table, NAME, level, fields, first_row=2, header=header)]
