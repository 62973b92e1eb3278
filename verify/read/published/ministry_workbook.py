"""The ministry's workbooks: the .xls of 2017 with a sheet for each level, the .xlsx of 2022 with one level each.

2017: title rows first, the header names every block, codes are numbers (1, not 01), the order of the candidates is
that of each row; sheets for régions, départements, circonscriptions, cantons. 2022: the header in row 1 names one
block only (of 6 for régions and départements, of 7 with ``N°Panneau`` for the nation and circonscriptions), Inscrits
can be text, ``Etat saisie`` says « Complet » of figures that are still provisional; the sheet's name ends in the time
at which it was made::

    Code du département|Libellé du département|Etat saisie|Inscrits|Abstentions|% Abs/Ins|…|Sexe|Nom|Prénom|Voix|…
    01|Ain|Complet|438109|97541|22.26|…|F|ARTHAUD|Nathalie|1658|0.38|0.5|M|ROUSSEL|Fabien|…

Known from the files on data.gouv.fr.
"""

from __future__ import annotations

from verify.model.published import Published
from verify.read.published.ministry_text import below_header
from verify.read.published.source import SourceTable

NAME = "ministry-workbook"


def read(table: SourceTable) -> list[Published] | None:
    """Every row of a sheet; None where it is not of this layout."""
    return below_header(table, NAME)
