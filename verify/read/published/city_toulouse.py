"""The city of Toulouse: both counts of voters, lists by letter, as csv and as the portal's JSON, since 2015.

A record a bureau. In JSON, names are spelt out (``nombre_de_votants_d_apres_les_feuilles_d_emargement``), in csv
short, ``;``::

    sequence;type;année;tour;département;commune;bv;canton;circonscription;Initial/Rectifié;inscrits;abstentions;
    votants;votants_emargement;blancs;nuls;exprimes;nombre_de_listes;listea;nbr_voix_listea;listeb;nbr_voix_listeb;…
    2;DP;2015;2;31;555;155;16;1;I;979;550;429;429;18;10;401;2;62;241;137;160

Which list stands under a letter differs by contest; the number of the list does not, so the label is the number:
``liste 62``. In départementales (type ``DP``) the contest is the canton. Each record says whether it is the initial
result (I) or a rectified one (R). Since 2026 there are files whose columns have no names (``column_1``), or no header
at all; the figures must then add up as those of these columns do. Known from data.toulouse-metropole.fr; in the JSON a
row is a record, the first being row 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from protocol.quantities import VOTERS, Quantity
from verify.model.published import Level, Published, StatedElection
from verify.read.counts import parse_count
from verify.read.published.codes import without_commune
from verify.read.published.fields import ChoiceColumns, Fields
from verify.read.published.gathering import gather
from verify.read.published.pieces import each
from verify.read.published.source import SourceTable
from verify.read.published.stated import plain, read_title
from verify.read.tables import headers

NAME = "city-toulouse"

PLACES = {
    "code du departement 31": "department",
    "departement": "department",
    "code departement": "department",
    "code du departement": "department",
    "code commune": "commune_code",
    "code de la commune": "commune_code",
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
_VOTES = re.compile(r"(?:nbr|nb|nombre de) voix ?(?:du |de la )?(?:liste|candidat|binome) ?([a-z])")
_NUMBER = re.compile(r"(?:id |code |code depot (?:du |de la ))?(?:liste|candidat|binome) ?([a-z])")
_CONTESTS = {
    "DP": ("code canton", "canton"),
    "": ("code circonscription", "circonscription", "code circo"),
}
_NO_NAMES = re.compile(r"column[ _]?\d+")
_EDITIONS = ("I", "R")
_LISTS = ("department", "commune_code", "bureau")
"""What stands in the fifth column and the next two where the columns have no names."""
_COUNTED = ("registered", "abstentions", "votes_found", "signatures", "blank", "null", "valid")
"""What follows the edition there, before the number of lists."""


def read(table: SourceTable) -> list[Published] | None:
    """Every bureau of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    if (fields := _by_names(table, header)) is not None:
        return [_read(table, fields, header, 2, _kind(table), _edition(header))]
    first_row = 2 if header and all(map(_NO_NAMES.fullmatch, header)) else 1
    rows = table.head[first_row - 1 :]
    if (fields := _by_figures(rows)) is None:
        return None
    found = _read(table, fields, header, first_row, rows[0][1].strip(), fields.counts["registered"] - 1)
    year, number = rows[0][2].strip(), rows[0][3].strip()
    said_year = int(year) if re.fullmatch(r"(?:19|20)[0-9]{2}", year) else 0
    return [replace(found, stated=StatedElection(year=said_year, round=int(number) if number in ("1", "2") else 0))]


def _read(
    table: SourceTable, fields: Fields, header: Sequence[str], first_row: int, kind: str, edition: int | None
) -> Published:
    rows = table.head[first_row - 1 :]
    flag = rows[0][edition].strip() if edition is not None and rows and len(rows[0]) > edition else ""
    title = " ".join(text for text in (table.title, kind, {"I": "initial", "R": "rectifié"}.get(flag, flag)) if text)
    found = gather(table, NAME, Level.BUREAU, fields, first_row=first_row, header=header, title=title)
    return replace(found, bureau=each(found.bureau, _bureau))


def _edition(header: Sequence[str]) -> int | None:
    names = enumerate(map(plain, header))
    return next((column for column, name in names if name.startswith(("indicatif", "initial"))), None)


def _kind(table: SourceTable) -> str:
    return read_title(table.head, "type d election dp pour les departementales") or read_title(
        table.head, "type", "type election"
    )


def _bureau(code: str) -> str:
    both = without_commune(code)
    return code if both is None else both[1]


def _by_names(table: SourceTable, header: Sequence[str]) -> Fields | None:
    """Where everything stands, by the names of the columns."""
    names = [plain(name) for name in header]
    votes = {found[1]: column for column, name in enumerate(names) if (found := _VOTES.fullmatch(name))}
    numbers = {found[1]: column for column, name in enumerate(names) if (found := _NUMBER.fullmatch(name))}
    letters = sorted(votes.keys() & numbers.keys())
    if not letters:
        return None
    meant = headers.read(header, signatures=False).at
    if {"choix", "votes"} <= meant.keys():
        return None  # a row for each choice, and these columns beside it
    counts: dict[str, int] = {name: meant[name] for name in (*VOTERS, Quantity.SIGNATURES) if name in meant}
    counts |= {COUNTS[name]: column for column, name in enumerate(names) if name in COUNTS}
    places = {PLACES[name]: (column,) for column, name in enumerate(names) if name in PLACES}
    if "bureau" in meant:
        places.setdefault("bureau", (meant["bureau"],))
    if "bureau" not in places or not counts.keys() >= {"registered", "signatures", "votes_found"}:
        return None
    for column, name in enumerate(names):
        if name in _CONTESTS["DP" if _kind(table) == "DP" else ""]:
            places["constituency"] = (column,)
    constants = {"commune": "Toulouse"}
    if not {"department", "commune_code"} <= places.keys():
        constants["insee"] = "31555"
    choices = tuple(ChoiceColumns(votes[letter], (numbers[letter],), prefix="liste ") for letter in letters)
    return Fields(places, counts, choices, constants=constants)


def _by_figures(rows: Sequence[Sequence[str]]) -> Fields | None:
    """The same where the columns have no names: their order is that of the others, which the figures must bear out."""
    rows = [row for row in rows if any(row)]
    for edition in (7, 9):
        start = edition + len(_COUNTED) + 2
        if not rows or any(len(row) < start + 2 or row[edition].strip() not in _EDITIONS for row in rows):
            continue
        places = {name: (at,) for at, name in enumerate(_LISTS, 4)} | ({"constituency": (8,)} if edition == 9 else {})
        counts = dict(zip(_COUNTED, range(edition + 1, start - 1), strict=True))
        pairs = range(start, min(map(len, rows)) - 1, 2)
        choices = tuple(ChoiceColumns(at + 1, (at,), prefix="liste ") for at in pairs)
        if 2 * sum(_adds_up(row, counts, choices) for row in rows) > len(rows):
            return Fields(places, counts, choices, constants={"commune": "Toulouse"})
    return None


def _adds_up(row: Sequence[str], counts: Mapping[str, int], choices: Sequence[ChoiceColumns]) -> bool:
    read = {name: parse_count(row[at]) for name, at in counts.items()}
    votes = [parse_count(row[choice.votes]) for choice in choices]
    return (
        min(read.values()) >= 0
        and read["registered"] - read["abstentions"] == read["votes_found"]
        and read["votes_found"] - read["blank"] - read["null"] == read["valid"]
        and sum(max(count, 0) for count in votes) == read["valid"]
    )
