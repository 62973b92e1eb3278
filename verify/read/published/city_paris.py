"""The city of Paris: both counts of voters in every bureau, csv, xlsx or JSON, since 2007.

``,`` or ``;``, UTF-8. ``NB_EMARG`` counts signatures, ``NB_VOTANT`` ballots found, ``NB_PROCU`` proxies; candidates
by key (``le_pen_marine``) or by name (``Mme EVREN Agnès``)::

    ID_BVOTE,SCRUTIN,ANNEE,TOUR,DATE,NUM_CIRC,NUM_QUARTIER,NUM_ARROND,NUM_BUREAU,NB_PROCU,NB_INSCR,NB_EMARG,NB_VOTANT,
    NB_BL,NB_NUL,NB_BL_NUL,NB_EXPRIM,dupont_aignan_nicolas,…
    5-18,Présidentielle,2017,1,,2,18,5,18,98,1390,1183,1183,11,3,14,1169,23,…

Newer files spell the names out: ``nb_emargement``, ``nb_vote_blanc``, ``circ_bv``, ``type_election``.

The bureau's code is put in the ministry's form, arrondissement and number with two digits each: 5-18 is ``0518``.
``NUM_CIRC`` can arrive as ``1900/01/12``, and 5-18 as the 18th of May. Known from opendata.paris.fr, and from public
programs that read its files.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from protocol.errors import InputError
from protocol.words import msg
from verify.model.figures import Texts
from verify.model.published import Level, Published
from verify.read.published.codes import plain_code, spoilt
from verify.read.published.fields import wide
from verify.read.published.gathering import gather
from verify.read.published.source import SourceTable, rows_that_split
from verify.read.published.stated import plain, read_title

NAME = "city-paris"

PLACES = {"id bvote": "bureau", "num circ": "constituency", "circ bv": "constituency"}
COUNTS = {
    "nb procu": "proxies",
    "nb procuration": "proxies",
    "nb inscr": "registered",
    "nb inscrit": "registered",
    "nb emarg": "signatures",
    "nb emargement": "signatures",
    "nb votant": "votes_found",
    "nb bl": "blank",
    "nb blanc": "blank",
    "nb vote blanc": "blank",
    "nb nul": "null",
    "nb vote nul": "null",
    "nb exprim": "valid",
    "nb exprime": "valid",
}
PARTS = (("num arrond", "arr bv"), ("num bureau",))
"""The columns of the parts of an id: arrondissement and number of the bureau."""

OTHERS = {
    "scrutin", "type election", "annee", "tour", "numero tour", "date", "date tour", "num quartier", "quartier bv",
    "num arrond", "arr bv", "num bureau", "nb bl nul", "sec bv", "num sec", "objectid", "geo shape", "geo point 2d",
    "st area shape", "st perimeter shape", "created user", "created date", "last edited user", "last edited date",
}  # fmt: skip
"""Columns that are neither. In JSON the columns can be in any order, so all others are choices wherever they stand."""


def read(table: SourceTable) -> list[Published] | None:
    """Every bureau of the file; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    fields = wide(
        header,
        PLACES,
        COUNTS,
        label=lambda name: "" if plain(name) in OTHERS else name,
        needed=("id bvote", "nb votant"),
        constants={"insee": "75056", "commune": "Paris"},
        anywhere=True,
    )
    if fields is None or not fields.counts.keys() >= {"registered", "signatures", "valid"}:
        return None
    election = read_title(table.head, "scrutin", "type election", "annee", "date", "date tour")
    title = f"{election} tour {read_title(table.head, 'tour', 'numero tour')}"
    found = gather(table, NAME, Level.BUREAU, fields, first_row=2, header=header, title=title)
    bureau, wrong = _ministry_codes(found, _spelt_out(table, header, found))
    return [replace(found, bureau=bureau, problems=(*found.problems, *wrong))]


def _spelt_out(table: SourceTable, header: Sequence[str], found: Published) -> dict[int, str]:
    """The ids that a spreadsheet took for dates (5-18 for 18 May), by row, from their columns of their own."""
    spoilt_rows = {
        row for row, code in zip(found.row.tolist(), found.bureau.tolist(), strict=True) if spoilt(code) is not None
    }
    names = list(map(plain, header))
    columns = [next((names.index(name) for name in pair if name in names), None) for pair in PARTS]
    if not spoilt_rows or None in columns:
        return {}
    rows = itertools.islice(enumerate(rows_that_split(table), 1), max(spoilt_rows))
    return {
        number: "-".join(plain_code(row[column]) for column in columns if column is not None and column < len(row))
        for number, row in rows
        if number in spoilt_rows
    }


def _ministry_codes(found: Published, spelt_out: dict[int, str]) -> tuple[Texts, list[InputError]]:
    codes: list[str] = []
    wrong: list[InputError] = []
    for row, code in zip(found.row.tolist(), found.bureau.tolist(), strict=True):
        parts = spelt_out.get(row, code).split("-")
        if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
            codes.append(f"{int(parts[0]):02}{int(parts[1]):02}")
        else:
            codes.append(code)
            wrong.append(
                InputError(
                    found.file, row, "ID_BVOTE", msg("arrondissement and bureau, as 5-18"), code or msg("nothing")
                )
            )
    return np.array(codes, np.str_) if codes else found.bureau, wrong
