"""The ministry's texts by bureau up to 2014: no header, a row for each candidate, both rounds in one file.

ISO-8859-1, ``;``. 2012 has 15 cells, 2007 the same without circonscription and canton, 13. Other elections from 2002
to 2014 are like one of them, the European one of 2014 with the head of the list as candidate. Up to 18 lines of
comment come first (``-- Champ 1  : N° tour``); a header in their stead is known from copies by others::

    tour;dept;commune;libellé;circo;canton;bureau;inscrits;votants;exprimés;n° candidat;nom;prénom;nuance;voix
    1;01;001;L'Abergement-Clémenciat;4;10;0001;592;481;472;1;JOLY;Eva;JOLY;5

Blancs and nuls are not published: absent. Each round is a table of its own. Known from PR12_Bvot_T1T2.txt and
PR07_Bvot_T1T2.txt on data.gouv.fr, and from public programs that read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from verify.model.published import Level, Published
from verify.read import bounds
from verify.read.published.fields import ChoiceColumns, Fields, Only
from verify.read.published.gathering import gather
from verify.read.published.pieces import fold
from verify.read.published.source import SourceTable
from verify.read.published.stated import plain
from verify.read.rows import COMMENT

NAME_2012 = "ministry-2012"
NAME_2007 = "ministry-2007"

COLUMNS_2012 = (
    "tour", "département", "commune", "libellé", "circonscription", "canton", "bureau", "inscrits", "votants",
    "exprimés", "numéro", "nom", "prénom", "nuance", "voix",
)  # fmt: skip
COLUMNS_2007 = tuple(name for name in COLUMNS_2012 if name not in ("circonscription", "canton"))

ROUNDS = ("1", "2")

HEADERS = ("n tour", "tour", "numero tour")
"""What the first column is called where there is a header."""


def read(table: SourceTable) -> list[Published] | None:
    """Both rounds of the file, as far as it has them; None where it is not of these layouts."""
    first = next((at for at, row in enumerate(table.head) if not _before(row)), len(table.head))
    for name, columns in ((NAME_2012, COLUMNS_2012), (NAME_2007, COLUMNS_2007)):
        rows = [row for row in table.head[first:] if any(row)]
        if 2 * sum(_fits(row, columns) for row in rows) > len(rows):  # a damaged one is told with its row
            rounds = (_round(table, name, columns, number, first + 1) for number in ROUNDS)
            found = [results for results in rounds if len(results.row)]
            return [_each_told_once(results, found[:at]) for at, results in enumerate(found)]
    return None


def _each_told_once(results: Published, before: Sequence[Published]) -> Published:
    """Without what is told with an earlier round: rows that cannot be read are of neither."""
    told = {(problem.row, problem.expected, problem.got) for other in before for problem in other.problems}
    kept = (problem for problem in results.problems if (problem.row, problem.expected, problem.got) not in told)
    return replace(results, problems=tuple(kept))


def _before(row: Sequence[str]) -> bool:
    """Whether this is no row of results: an empty line, a comment or a header."""
    return not any(row) or row[0].startswith(COMMENT) or plain(row[0]) in HEADERS


def _fits(row: Sequence[str], columns: Sequence[str]) -> bool:
    cells = dict(zip(columns, map(str.strip, row), strict=False))
    if len(row) < len(columns) or any(map(str.strip, row[len(columns) :])):
        return False
    numbers = (cells[name] for name in ("inscrits", "votants", "exprimés", "voix"))
    return cells["tour"] in ROUNDS and all(map(str.isdecimal, numbers)) and any(map(str.isalpha, cells["nom"]))


def _round(table: SourceTable, layout: str, columns: Sequence[str], number: str, first_row: int) -> Published:
    place = {name: at for at, name in enumerate(columns)}
    fields = Fields(
        {
            "department": (place["département"],),
            "commune_code": (place["commune"],),
            "commune": (place["libellé"],),
            "bureau": (place["bureau"],),
        }
        | ({"constituency": (place["circonscription"],)} if "circonscription" in place else {}),
        {"registered": place["inscrits"], "votes_found": place["votants"], "valid": place["exprimés"]},
        (ChoiceColumns(place["voix"], (place["nom"], place["prénom"]), panel=place["numéro"]),),
    )
    rows = gather(
        table,
        layout,
        Level.BUREAU,
        fields,
        first_row=first_row,
        header=columns,
        title=f"tour {number}",
        only=Only(0, (number,), ROUNDS),
        units=bounds.rows(table.size),
    )
    return fold(rows)
