"""The ministry's text by bureau of 2017 to 2022: presidential, legislative and European elections.

ISO-8859-1, ``;``, decimal comma, CRLF. The header names one block only, every row has one for each choice of its
contest, in an order that may be its own::

    département ×2 | circonscription ×2 | commune ×2 | bureau | Inscrits … % Exp/Vot | block 1 | block 2 | …
    01;Ain;04;4ème circonscription;001;L'Abergement-Clémenciat;0001;645;108;16,74;…;1;M;DUPONT-AIGNAN;Nicolas;…

21 cells and n blocks of 7 (presidential: panel, sex, name, first name, votes, % Voix/Ins, % Voix/Exp), of 8
(legislative, with Nuance after Prénom) or of 7 for lists (European: number, short and long title, head of the list,
votes and both percentages; the label is then the short title). A sheet that was saved as text has its titles above
the header. Portals that offer these files have a row for each choice of a bureau instead, below the same header, and
columns of their own behind it. Known from the files on data.gouv.fr.
"""

from __future__ import annotations

from verify.model.published import Published
from verify.read import bounds
from verify.read.published.gathering import gather
from verify.read.published.ministry import level_of, ministry_fields
from verify.read.published.pieces import fold, is_row_a_choice
from verify.read.published.source import SourceTable
from verify.read.tables import headers

NAME = "ministry-text"


def read(table: SourceTable) -> list[Published] | None:
    """Every row of the file; None where it is not of this layout."""
    return below_header(table, NAME)


def below_header(table: SourceTable, layout: str) -> list[Published] | None:
    """Every row below the header, above which there can be titles; None where there is no such header.

    A table of bureaux whose column of bureaux is not called as the ministry calls it is none of the ministry's: its
    rows would be taken for those of communes.
    """
    for at, header in enumerate(table.head):
        if (fields := ministry_fields(header)) is not None:
            if "bureau" not in fields.places and "bureau" in headers.read(header, signatures=False).at:
                return None
            if not fields.places and sum(map(any, table.head[at + 1 :])) > 1:
                return None  # there is one nation only
            first = next((row[0].strip() for row in table.head[:at] if row and row[0].strip()), "")
            title = " | ".join(text for text in (first, table.title) if text)
            one_each = all(len(row) <= fields.start + fields.step for row in table.head[at + 1 :])
            found = gather(
                table,
                layout,
                level_of(fields, header),
                fields,
                first_row=at + 2,
                header=header,
                title=title,
                units=bounds.rows(table.size) if one_each else None,
            )
            return [fold(found) if one_each and is_row_a_choice(found) else found]
    return None
