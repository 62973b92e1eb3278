"""The city of Toulouse: both counts of voters, lists by letter, as csv and as the portal's JSON, since 2015.

A record a bureau. In JSON, names are spelt out (``nombre_de_votants_d_apres_les_feuilles_d_emargement``), in csv
short, ``;``::

    sequence;type;année;tour;département;commune;bv;canton;circonscription;Initial/Rectifié;inscrits;abstentions;
    votants;votants_emargement;blancs;nuls;exprimes;nombre_de_listes;listea;nbr_voix_listea;listeb;nbr_voix_listeb;…
    2;DP;2015;2;31;555;155;16;1;I;979;550;429;429;18;10;401;2;62;241;137;160

Which list stands under a letter differs by contest; the number of the list does not, so the label is the number:
``liste 62``. In départementales (type ``DP``) the contest is the canton. Each record says whether it is the initial
result (I) or a rectified one (R). Known from data.toulouse-metropole.fr; in the JSON a row is a record, the first
being row 2.
"""

from __future__ import annotations

import re

from verify.model.published import Level, Published
from verify.read.published.fields import ChoiceColumns, Fields
from verify.read.published.gathering import gathered
from verify.read.published.headers import plain, said
from verify.read.published.source import SourceTable

NAME = "city-toulouse"

PLACES = {
    "code du departement 31": "department",
    "departement": "department",
    "code de la commune 555 toulouse": "commune_code",
    "commune": "commune_code",
    "numero du bureau de vote assn": "bureau",
    "bv": "bureau",
}
COUNTS = {
    "nombre d inscrits": "registered",
    "inscrits": "registered",
    "nombre d abstentions": "abstentions",
    "abstentions": "abstentions",
    "abstention": "abstentions",
    "nombre de votants": "votes_found",
    "votants": "votes_found",
    "nombre de votants d apres les feuilles d emargement": "signatures",
    "votants emargement": "signatures",
    "nombre de bulletins blancs": "blank",
    "bulletins blancs": "blank",
    "blancs": "blank",
    "nombre de bulletins nuls": "null",
    "bulletins nuls": "null",
    "nuls": "null",
    "nombre d exprimes": "valid",
    "bulletins exprimes": "valid",
    "exprimes": "valid",
}
_VOTES = re.compile(r"nbr voix ?liste ?([a-z])")
_NUMBER = re.compile(r"(?:id )?liste ?([a-z])")


def read(table: SourceTable) -> list[Published] | None:
    """Every bureau of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    names = [plain(name) for name in header]
    counts = {COUNTS[name]: column for column, name in enumerate(names) if name in COUNTS}
    places = {PLACES[name]: column for column, name in enumerate(names) if name in PLACES}
    votes = {found[1]: column for column, name in enumerate(names) if (found := _VOTES.fullmatch(name))}
    numbers = {found[1]: column for column, name in enumerate(names) if (found := _NUMBER.fullmatch(name))}
    letters = sorted(votes.keys() & numbers.keys())
    if not letters or "bureau" not in places or not counts.keys() >= {"registered", "signatures", "votes_found"}:
        return None
    kind = said(table.head, "type d election dp pour les departementales") or said(table.head, "type", "type election")
    contest = ("code canton", "canton") if kind == "DP" else ("code circonscription", "circonscription")
    for column, name in enumerate(names):
        if name in contest:
            places["constituency"] = column
    constants = {"commune": "Toulouse"}
    if not {"department", "commune_code"} <= places.keys():
        constants["insee"] = "31555"
    fields = Fields(
        places,
        counts,
        tuple(ChoiceColumns(votes[letter], (numbers[letter],), prefix="liste ") for letter in letters),
        constants=constants,
    )
    edition = next((column for column, name in enumerate(names) if name.startswith(("indicatif", "initial"))), None)
    rows = table.head[1:]
    flag = rows[0][edition].strip() if edition is not None and rows and len(rows[0]) > edition else ""
    title = " ".join(text for text in (table.title, kind, {"I": "initial", "R": "rectifié"}.get(flag, flag)) if text)
    return [gathered(table, NAME, Level.BUREAU, fields, first_row=2, header=header, title=title)]
