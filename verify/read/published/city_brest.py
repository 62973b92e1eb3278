"""The city of Brest's own feed of its bureaux, one file for each circonscription: two columns for each candidate.

``;``, UTF-8, a first column without a name that numbers the rows; turnout and shares as ``47,70 %``::

    ;Numéro;Bureau;Canton;Circo;Scrutin;Inscrits;Votants;Blancs;Nuls;Exprimés;Participation;
    M. … - votes;M. … - pourcentage;…
    0;104;CENTRE TECHNIQUE MUNICIPAL;4;02;Élections … 1er tour;805;384;17;0;367;47,70 %;103;28,07 %;…

``Numéro`` is the bureau's code, ``Bureau`` its name. Known from the city's pages of results, 2022.
"""

from __future__ import annotations

from dataclasses import replace

from verify.model.published import Level, Published
from verify.read.published.fields import ChoiceColumns, wide
from verify.read.published.gathering import gather
from verify.read.published.headers import read_title
from verify.read.published.source import SourceTable

NAME = "city-brest"

PLACES = {"numero": "bureau", "circo": "constituency"}
COUNTS = {"inscrits": "registered", "votants": "votes_found", "blancs": "blank", "nuls": "null", "exprimes": "valid"}
VOTES = " - votes"
SHARE = " - pourcentage"


def read(table: SourceTable) -> list[Published] | None:
    """Every bureau of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    fields = wide(
        header,
        PLACES,
        COUNTS,
        label=lambda name: name.removesuffix(VOTES) if name.endswith(VOTES) else "",
        needed=("numero", "circo", "inscrits", "exprimes"),
        percentages={"participation": "votes_found/registered"},
        constants={"insee": "29019", "commune": "Brest"},
    )
    if fields is None:
        return None
    shares = {name.removesuffix(SHARE): column for column, name in enumerate(header) if name.endswith(SHARE)}
    choices = []
    for choice in fields.choices:
        share = shares.get(header[choice.votes].removesuffix(VOTES))
        choices.append(
            ChoiceColumns(choice.votes, choice.label, percentages={} if share is None else {"votes/valid": share})
        )
    fields = replace(fields, choices=tuple(choices))
    title = read_title(table.head, "scrutin")
    return [gather(table, NAME, Level.BUREAU, fields, first_row=2, header=header, title=title)]
