"""A tidy csv of a few communes with whole INSEE codes: one row a bureau, one column a choice, all counts.

``,``, UTF-8::

    code_insee,commune,bureau,inscrits,abstentions,votants,blancs,nuls,exprimes,ARTHAUD,…
    95637,Vauréal,0001,1039,259,780,23,0,757,1,…

Known from the town of Vauréal's file of 2022.
"""

from __future__ import annotations

from verify.model.published import Level, Published
from verify.read.published.fields import wide
from verify.read.published.gathering import gather
from verify.read.published.researchers import COUNTS
from verify.read.published.source import SourceTable

NAME = "city-tidy"

PLACES = {"code insee": "insee", "commune": "commune", "bureau": "bureau"}


def read(table: SourceTable) -> list[Published] | None:
    """Every bureau of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    needed = ("code insee", "bureau", "inscrits", "votants", "exprimes")
    fields = wide(header, PLACES, COUNTS, label=str, needed=needed)
    return None if fields is None else [gather(table, NAME, Level.BUREAU, fields, first_row=2, header=header)]
