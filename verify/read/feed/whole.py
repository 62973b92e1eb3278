"""Completeness of a département's feed: its constituencies by the law, what the index and other levels say.

A file that was cut off can still be well formed, and holds then fewer places than it should. Nothing in it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from protocol.words import msg
from verify.model.published import Flaw, Level, Published
from verify.read.feed.belonging import Member, department_of, plain_kind

CODE = "T321"

_BY_NUMBER = {
    21: "59",
    18: "75",
    16: "13",
    14: "69",
    13: "92",
    12: "33 62 78 93",
    11: "77 94 99",
    10: "31 38 44 76 91 95",
    9: "06 34 57 67",
    8: "29 35 83",
    7: "49 60 974",
    6: "14 30 42 45 54 56 64 68 74",
    5: "01 02 17 21 22 25 27 37 51 63 71 72 80 84 85",
    4: "24 26 28 50 66 73 86 88 971 972",
    3: "03 07 08 10 11 12 16 18 39 40 41 47 53 61 79 81 87 89 987",
    2: "04 05 09 15 19 2A 2B 32 36 43 46 52 55 58 65 70 82 90 973 976 988",
    1: "23 48 975 986 ZX",
}
CONSTITUENCIES = {code: number for number, codes in _BY_NUMBER.items() for code in codes.split()}
"""Legislative constituencies of each département: 577 since the ordinance 2009-935 of 29 July 2009 (law 2010-165)."""
_SINCE = 2012
"""The year of the first election in these."""
_NAMED = 10
"""So many départements that a level lacks are named one by one; more of them at once."""

_COMPLETE = ("OUI", "O", "CLOS")
_NOT_COMPLETE = ("NON", "N", "NON CLOS")


def cut_short(tables: Sequence[Published], members: Sequence[Member], kind: str, year: str) -> Iterator[Flaw]:
    """T321: départements of which there is less than there should be.

    Args:
        tables: the results of each level and round.
        members: the files that they are from, and those of the index.
        kind: of election, as the files have it.
        year: the same.
    """
    for member in members:
        if member.document.cut:
            places = len(member.document.places)
            code = next((department_of(place.texts) for place in member.document.places), "")
            said = msg("the file ends before its end; the places before that are read")
            yield Flaw(CODE, -1, "places", places, None, said, member.shown, code)
    yield from _by_law(tables, kind, year)
    yield from _by_index(members, {code for table in tables for code in table.department.tolist()})
    yield from _without(tables)


def _by_law(tables: Iterable[Published], kind: str, year: str) -> Iterator[Flaw]:
    if plain_kind(kind) != "legislatives" or not year.isdecimal() or int(year) < _SINCE:
        return
    for table in tables:
        if table.level is not Level.CONSTITUENCY or table.round != 1:  # the second round may lack those already decided
            continue
        codes, counts = np.unique(table.department, return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            due = CONSTITUENCIES.get(code)
            if due is not None and count < due:
                place = _file_of(table, code)
                yield Flaw(
                    CODE, -1, "circonscription", count, due, msg("there are {due:n} by the law", due=due), place, code
                )


def _file_of(table: Published, code: str) -> str:
    return table.file_of(int(np.flatnonzero(table.department == code)[0]))


def _by_index(members: Sequence[Member], there: set[str]) -> Iterator[Flaw]:
    """List what the index says is not complete yet, and what it lists as complete and no file has."""
    for member in members:
        for row in member.document.index:
            code = department_of(row)
            state = next((row[name].upper() for name in ("Complet", "Clos") if name in row), "")
            if state in _NOT_COMPLETE:
                said = msg("the index itself says so")
                yield Flaw(CODE, -1, "index", state, None, said, member.shown, code, "announced")
            elif state in _COMPLETE and code and there and code not in there:
                yield Flaw(
                    CODE, -1, "index", state, None, msg("complete by the index; no file has it"), member.shown, code
                )


def _without(tables: Sequence[Published]) -> Iterator[Flaw]:
    """Départements that one level of a round has and a finer one lacks."""
    for table in tables:
        if table.level is not Level.DEPARTMENT:
            continue
        for finer in tables:
            if finer.round != table.round or finer.level not in (Level.COMMUNE, Level.CONSTITUENCY):
                continue
            has = set(finer.department.tolist())
            lacking = [unit for unit, code in enumerate(table.department.tolist()) if code not in has]
            if len(lacking) > _NAMED:
                said = msg(
                    "results by {level}: départements of which there are none, of {all:n}",
                    level=finer.level.text,
                    all=len(table.row),
                )
                yield Flaw(CODE, -1, "places", len(lacking), None, said, table.file)
                continue
            for unit in lacking:
                said = msg("results by {level}: none of this département", level=finer.level.text)
                yield Flaw(CODE, -1, "places", 0, None, said, table.place(unit), str(table.department[unit]))
