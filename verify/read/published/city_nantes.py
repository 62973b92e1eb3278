"""The city of Nantes, départementales of 2015: one file a canton, with proxies and a column for each pair.

``,``, every cell in quotes, no blank votes apart, and no commune: its code is not in the file and stays empty::

    "BUREAU_DE_VOTE","INSCRITS","PROCURATIONS","VOTANTS","NULS","EXPRIMES","AUBRY-COLOBERT","DANIS-PADOVANI",…
    "111-Ecole Maternelle","920","18","440","2","431","25","120",…

The bureau's code is the number before the first dash. Known from data.nantes.fr.
"""

from __future__ import annotations

from dataclasses import replace

from verify.model.published import Level, Published
from verify.read.published.fields import wide
from verify.read.published.gathering import gather
from verify.read.published.pieces import each
from verify.read.published.source import SourceTable

NAME = "city-nantes"

PLACES = {"bureau de vote": "bureau"}
COUNTS = {
    "inscrits": "registered",
    "procurations": "proxies",
    "votants": "votes_found",
    "blancs": "blank",
    "nuls": "null",
    "exprimes": "valid",
}


def read(table: SourceTable) -> list[Published] | None:
    """Every bureau of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    needed = ("bureau de vote", "inscrits", "procurations", "votants", "exprimes")
    fields = wide(header, PLACES, COUNTS, label=str, needed=needed)
    if fields is None:
        return None
    found = gather(table, NAME, Level.BUREAU, fields, first_row=2, header=header)
    return [replace(found, bureau=each(found.bureau, _number))]


def _number(name: str) -> str:
    number = name.split("-")[0].strip()
    return number if number.isascii() and number.isdigit() else name
