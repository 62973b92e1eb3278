"""The ministry's text by bureau of 2017 to 2022: presidential, legislative and European elections.

ISO-8859-1, ``;``, decimal comma, CRLF. The header names one block only, every row has one for each choice of its
contest, in an order that may be its own::

    département ×2 | circonscription ×2 | commune ×2 | bureau | Inscrits … % Exp/Vot | block 1 | block 2 | …
    01;Ain;04;4ème circonscription;001;L'Abergement-Clémenciat;0001;645;108;16,74;…;1;M;DUPONT-AIGNAN;Nicolas;…

21 cells and n blocks of 7 (presidential: panel, sex, name, first name, votes, % Voix/Ins, % Voix/Exp), of 8
(legislative, with Nuance after Prénom) or of 7 for lists (European: number, short and long title, head of the list,
votes and both percentages; the label is then the short title). Known from the files on data.gouv.fr.
"""

from __future__ import annotations

from verify.published.gathering import gathered
from verify.published.ministry import level_of, ministry_fields
from verify.published.model import Published
from verify.published.source import Table

NAME = "ministry-text"


def read(table: Table) -> list[Published] | None:
    """Every row of the file; None where it is not of this layout."""
    fields = ministry_fields(table.head[0]) if table.head else None
    if fields is None:
        return None
    header = table.head[0]
    return [gathered(table, NAME, level_of(fields, header), fields, first_row=2, header=header)]
