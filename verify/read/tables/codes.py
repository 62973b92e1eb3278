"""Communes and bureaux of an auditor's table, by columns and names of sheets, as spreadsheets and people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.read.cells import relabel, strip
from verify.read.published.codes import (
    bare_codes,
    communes_ahead,
    department_code,
    in_arrondissement,
    insee_code,
    without_fraction,
)
from verify.read.rows import Problems
from verify.read.tables.headers import key
from verify.read.tables.table import KEYS, AuditorTable
from verify.read.tables.towns import commune_in, names_no_commune

_CODE = re.compile(r"(?:[0-9]{2}|2[AB])?[0-9]{1,3}")
"""A commune's code, whole or without the département's, where its name is looked for."""
_CENTRAL = re.compile(r"(?<=[0-9])[ -]*\(?(?:bureau )?centralisateur\)?$", re.IGNORECASE)
"""Behind the code of the bureau that adds up all others of its commune."""
_DEPARTMENT = re.compile(r"[0-9]{1,3}|2[AB]|Z[A-Z]")
_ARRONDISSEMENTS = re.compile(r"(?:n|id|code)?(?:arrondissement|arrond|arrdt|arrd|arr|ardt)(?:bv|bvote|bureau)?")
_ARRONDISSEMENT = re.compile(r"([0-9]{1,2}|(?:75|13|69)[0-9]{3})(?:e|er|ème|eme)?", re.IGNORECASE)
_POLL = re.compile(r"0?[1-5]")


def places_of(table: AuditorTable, problems: Problems) -> dict[str, list[str]]:
    """For each of `KEYS` the text of every row, empty where the table does not say it.

    A commune that is named once above its bureaux, as in merged cells, holds for those below. ``insee`` is empty where
    only the commune's name is given.
    """
    count = len(table.rows)
    cells = {column: table.cells(column) or [""] * count for column in KEYS}
    cells["insee"] = _unspoilt(table, "insee", problems)
    cells["insee"], cells["commune"] = _carried(table, cells["insee"]), _carried(table, cells["commune"])
    towns = list(zip(cells["insee"], cells["commune"], strict=True))
    codes = [_CENTRAL.sub("", code) for code in _unspoilt(table, "bureau", problems)]
    for index in table.totals:
        codes[index] = ""  # « Total » below « Bureau n° 12 » says nothing of how bureaux are written
    cells["bureau"] = bare_codes(codes, towns)
    if not any(cells["insee"]) and all(map(_CODE.fullmatch, filter(None, cells["commune"]))):
        cells["insee"], cells["commune"] = cells["commune"], _names_beside(table)
    departments = [code.upper() for code in cells["departement"]]
    if not all(map(_DEPARTMENT.fullmatch, filter(None, departments))):
        departments = [""] * count  # by their names: no code can be made of them
    cells["departement"] = [department_code(code) if code else "" for code in departments]
    cells["insee"] = [_insee(code, of) for code, of in zip(cells["insee"], departments, strict=True)]
    cells["scrutin"] = [poll.lstrip("0") if _POLL.fullmatch(poll) else poll for poll in cells["scrutin"]]
    if (both := communes_ahead(cells["bureau"], cells["insee"])) is not None:
        cells["insee"] = [insee or of for insee, (of, _) in zip(cells["insee"], both, strict=True)]
        cells["bureau"] = [code for _, code in both]
    _of_arrondissements(table, cells)
    for index, said in table.totals.items():
        cells["bureau"][index] = said
    return cells


def _names_beside(table: AuditorTable) -> list[str]:
    """The names of communes, where « Commune » has codes and another column the names: « commune_libelle »."""
    at = next((index for index, column in table.header.again.items() if column == "commune"), None)
    return [""] * len(table.rows) if at is None else _carried(table, table.written(at))


def _of_arrondissements(table: AuditorTable, cells: dict[str, list[str]]) -> None:
    """Number bureaux as the ministry does, 1503 in the fifteenth, where each arrondissement begins with 1."""
    names = ((index, key(table.header.cells[index])) for index in table.header.unread())
    at = next((index for index, name in names if _ARRONDISSEMENTS.fullmatch(name)), None)
    if at is None or not all(code.isdecimal() and len(code) <= 2 for code in cells["bureau"] if code):
        return
    places = [tuple(cells[name][index] for name in KEYS) for index in range(len(table.rows))]
    numbers = list(map(_arrondissement, table.written(at)))
    of_place: dict[tuple[str, ...], set[int | None]] = {}
    for place, number in zip(places, numbers, strict=True):
        if place[KEYS.index("bureau")]:
            of_place.setdefault(place, set()).add(number)
    if None in set().union(*of_place.values()) or all(len(each) == 1 for each in of_place.values()):
        return
    coded = zip(numbers, cells["bureau"], strict=True)
    cells["bureau"] = [in_arrondissement(number or 0, code) if code else "" for number, code in coded]


def _arrondissement(text: str) -> int | None:
    """The number of an arrondissement, also by its postcode or its own code: 15, 15e, 75015, 69383."""
    found = _ARRONDISSEMENT.fullmatch(text)
    number = int(found[1]) % 100 if found else 0
    number -= 80 if number > 80 else 0  # Lyon's are 69381 to 69389
    return number if 0 < number <= 20 else None


def _insee(code: str, department: str) -> str:
    """An INSEE code with the zeros that a spreadsheet takes away, or of the ministry's two codes."""
    return insee_code(department or code[:2], code) if department or len(code) > 3 else code.upper()


def _carried(table: AuditorTable, cells: list[str]) -> list[str]:
    """Cells with the one above where they are empty; the rows of totals carry nothing."""
    carried, last = [], ""
    for index, cell in enumerate(cells):
        if index in table.totals:
            carried.append(cell)
            continue
        last = cell or last
        carried.append(last)
    return carried


def _unspoilt(table: AuditorTable, column: str, problems: Problems) -> list[str]:
    """Codes that are numbers or dates to a spreadsheet, as they most likely were; a date is told."""
    rows, at = table.rows.with_problems(problems), table.header.at.get(column)
    if at is None:
        return [""] * len(rows)
    cells = relabel(strip(rows.columns[at]), lambda cell: cell.lstrip("'"))
    widths = {len(cell) for cell in cells.labels if cell.startswith("0") and cell.isdigit()}
    cells = rows.unspoilt(at, cells, column, widths.pop() if len(widths) == 1 else 0)  # as those that kept their zeros
    return relabel(cells, without_fraction).texts()


_SHEET_OF_ARRONDISSEMENT = re.compile(
    r"\s*(?:(?:paris|lyon|marseille)\W*)?(?:([0-9]{1,2})\s*(?:er|e|[eè]me)?\s*arr[a-z]*\.?|arr[a-z]*\.?\s*(?:n[°o]\s*)?([0-9]{1,2}))\s*"
    r"|\s*(?:paris|lyon|marseille)\W*([0-9]{1,2})(?:er|e|[eè]me)?\s*",
    re.IGNORECASE,
)


def arrondissement_of(sheet: str) -> int:
    """The arrondissement that a sheet is named after, 0 for none: « 12e arrondissement », « Paris 12 », « arr. 12 »."""
    found = _SHEET_OF_ARRONDISSEMENT.fullmatch(sheet)
    number = int(next(filter(None, found.groups()))) if found else 0
    return number if number <= 20 else 0


def may_be_commune(sheet: str) -> bool:
    """Test whether a sheet may be named after a commune: two towns have bureaux of the same codes, or two parts."""
    return bool(sheet) and (not names_no_commune(sheet) or arrondissement_of(sheet) > 0)


def by_sheet(tables: Sequence[AuditorTable]) -> list[AuditorTable]:
    """Tables that tell no commune and have the same bureaux: one commune a sheet, as the sheets are named.

    Where they are named after arrondissements, bureaux get the ministry's numbers: 1205 in the twelfth.
    """
    numbers = [arrondissement_of(table.grid.sheet) for table in tables]
    if all(numbers) and len(set(numbers)) == len(tables) > 1:
        numbered = list(map(_in_arrondissement, tables, numbers))
        return [one for one in numbered if one is not None] if all(numbered) else list(tables)
    silent = [table for table in tables if not table.says_where]
    polls = [table.cells("scrutin") or [""] * len(table.rows) for table in silent]
    codes = [
        {each for each in zip(table.codes(), of, strict=True) if each[0]}
        for table, of in zip(silent, polls, strict=True)
    ]
    same = len({frozenset(table.header.at) for table in silent}) == 1  # else of the same bureaux, and something more
    alike = same and sum(map(len, codes)) > len(set().union(*codes))
    if not alike or any(map(names_no_commune, (table.grid.sheet for table in silent))):
        return list(tables)
    return [
        table if table.says_where else table.in_communes([commune_in(table.grid.sheet)] * len(table.rows))
        for table in tables
    ]


def _in_arrondissement(table: AuditorTable, number: int) -> AuditorTable | None:
    """A table with its bureaux numbered as in an arrondissement; None where they are not numbered from 1 there."""
    codes = bare_codes(table.codes(), [("", "")] * len(table.rows))
    if not all(code.isdecimal() and len(code) <= 2 for code in codes if code):
        return None
    return table.with_codes([in_arrondissement(number, code) if code else "" for code in codes])
