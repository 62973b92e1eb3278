"""The ministry's csv since 2024, at every level: numbered blocks, ``;``, UTF-8, percentages with their sign.

One block of 9 for each candidate (panel, nuance, name, first name, sex, votes, two percentages, elected) or of 8 for
each list; rows with fewer choices than the widest contest are padded with empty blocks::

    Code département;…;Code commune;Libellé commune;Code BV;Inscrits;Votants;% Votants;…;Numéro de panneau 1;…;Elu 1;…
    29;Finistère;29011;Bohars;1;997;787;78,94%;…;1;ENS;BRÉHIER;Tristan;MASCULIN;172;17,25%;22,16%;;2;…

The commune's code is whole; that of a circonscription too (``2902``). Round 1 writes bureau ``1``, round 2 ``"0001"``.
Known from the files on data.gouv.fr.
"""

from __future__ import annotations

from verify.model.published import Published
from verify.read.published.gathering import gather
from verify.read.published.ministry import level_of, ministry_fields
from verify.read.published.source import SourceTable
from verify.read.published.stated import plain

NAME = "ministry-2024"


def read(table: SourceTable) -> list[Published] | None:
    """Every row of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    if not any(plain(name) == "voix 1" for name in header):
        return None
    fields = ministry_fields(header)
    if fields is None:
        return None
    return [gather(table, NAME, level_of(fields, header), fields, first_row=2, header=header)]
