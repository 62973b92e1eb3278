"""The ministry's own columns, which its texts and workbooks share: what they are called, and where a row has them.

Known from the files on data.gouv.fr, 2012 to 2024.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.model.published import Level
from verify.read.published.fields import ChoiceColumns, Fields
from verify.read.published.stated import plain

_NUMBERED = re.compile(r"(.*?) \d{1,3}")
_NAMELESS = re.compile(r"(?:unnamed )?\d*")
"""A column without a name, and what programs that copy a table call it: ``Unnamed: 26``, ``...27``."""

PLACES = {
    "code du departement": "department",
    "code departement": "department",
    "code officiel du departement": "department",
    "code de la region": "region",
    "code region": "region",
    "code de la circonscription": "constituency",
    "code circonscription legislative": "constituency",
    "code du canton": "constituency",
    "code de la commune": "commune_code",
    "code commune": "commune_code",
    "libelle de la commune": "commune",
    "libelle commune": "commune",
    "nom officiel commune": "commune",
    "code du b vote": "bureau",
    "code b vote": "bureau",
    "code bv": "bureau",
}

BEHIND = {
    "code officiel commune": "commune_code",
    "code insee": "commune_code",
    "code commune insee": "commune_code",
}
"""What a portal writes behind the one choice of a row: the commune's whole code."""

COUNTS = {
    "inscrits": "registered",
    "abstentions": "abstentions",
    "votants": "votes_found",
    "blancs": "blank",
    "nuls": "null",
    "blancs et nuls": "null",
    "exprimes": "valid",
    "emargements": "signatures",
    "procurations": "proxies",
}
"""« Blancs et nuls », one count until April 2014, is kept as null; blank votes are then absent."""

PERCENTAGES = {
    "% abs ins": "abstentions/registered",
    "% abstentions": "abstentions/registered",
    "% vot ins": "votes_found/registered",
    "% votants": "votes_found/registered",
    "% blancs ins": "blank/registered",
    "% blancs inscrits": "blank/registered",
    "% blancs vot": "blank/votes_found",
    "% blancs votants": "blank/votes_found",
    "% nuls ins": "null/registered",
    "% nuls inscrits": "null/registered",
    "% nuls vot": "null/votes_found",
    "% nuls votants": "null/votes_found",
    "% blnuls ins": "null/registered",
    "% blnuls vot": "null/votes_found",
    "% exp ins": "valid/registered",
    "% exprimes inscrits": "valid/registered",
    "% exp vot": "valid/votes_found",
    "% exprimes votants": "valid/votes_found",
}

PANEL = ("n panneau", "n pan", "n liste", "numero de panneau")
LABELS = (
    ("nom", "prenom"),
    ("nom candidat", "prenom candidat"),
    ("libelle abrege liste",),
    ("libelle abrege de liste",),
    ("liste",),
    ("binome",),
    ("nuance candidat",),
    ("nuance liste",),
    ("code nuance",),
    ("nuance",),
)
"""What names a choice, the most telling first: legislative results of a département or the nation have nuances only."""

VOTES = ("voix",)
SHARES = {
    "% voix ins": "votes/registered",
    "% voix inscrits": "votes/registered",
    "% voix exp": "votes/valid",
    "% voix exprimes": "votes/valid",
}


def ministry_fields(header: Sequence[str]) -> Fields | None:
    """Where a row of the ministry's has what, by its header; None where it is no such header.

    The header names the block of a choice once, or once for every choice, numbered or not. What follows the counts
    of the bureau is the block, up to where its first name comes again or the header ends.
    """
    names = [plain(name) for name in header]
    while names and _NAMELESS.fullmatch(names[-1]):  # only the first block has a header, the rest is empty
        names.pop()
    names = [found[1] if (found := _NUMBERED.fullmatch(name)) else name for name in names]
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    percentages: dict[str, int] = {}
    start = len(names)
    for column, name in enumerate(names):
        for known, where in ((PLACES, places), (COUNTS, counts), (PERCENTAGES, percentages)):
            if name in known:
                where.setdefault(known[name], column)
                start = column + 1
                break
        else:
            if counts.keys() >= {"registered", "valid"}:
                break
    block = names[start:]
    if not counts.keys() >= {"registered", "votes_found", "valid"} or not block:
        return None
    if block[0] in block[1:]:
        block = block[: block.index(block[0], 1)]
    choice = _choice(block, start)
    if choice is None:
        return None
    if start + len(block) == len(names):
        for at, name in enumerate(block, start):
            if name in BEHIND:
                places.setdefault(BEHIND[name], at)
    return Fields(places, counts, (choice,), percentages=percentages, start=start, step=len(block))


def _choice(block: Sequence[str], start: int) -> ChoiceColumns | None:
    label = next((names for names in LABELS if all(name in block for name in names)), None)
    votes = next((name for name in VOTES if name in block), None)
    if label is None or votes is None:
        return None
    panel = next((name for name in PANEL if name in block), None)
    return ChoiceColumns(
        votes=start + block.index(votes),
        label=tuple(start + block.index(name) for name in label),
        panel=None if panel is None else start + block.index(panel),
        percentages={SHARES[name]: start + at for at, name in enumerate(block) if name in SHARES},
    )


def level_of(fields: Fields, header: Sequence[str]) -> Level:
    """What a row stands for, by the places that the header has."""
    if "bureau" in fields.places:
        return Level.BUREAU
    if "commune_code" in fields.places:
        return Level.COMMUNE
    if "constituency" in fields.places:
        return Level.CANTON if "canton" in plain(header[fields.places["constituency"]]) else Level.CONSTITUENCY
    if "department" in fields.places:
        return Level.DEPARTMENT
    return Level.REGION if "region" in fields.places else Level.NATION
