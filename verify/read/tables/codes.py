"""Which commune and bureau the rows of an auditor's table are of, with what spreadsheets and people do to codes."""

from __future__ import annotations

import re

from protocol.errors import InputError
from protocol.words import msg
from verify.model.field_names import field_label
from verify.read.published.bureau_codes import bare_codes, city_of, communes_ahead
from verify.read.published.codes import department_code, insee_code, plain_code, spoilt
from verify.read.rows import Problems
from verify.read.tables.table import KEYS, AuditorTable
from verify.read.tables.wordings import key

_CODE = re.compile(r"(?:[0-9]{2}|2[AB])?[0-9]{1,3}")
"""A commune's code, whole or without the département's, where its name is looked for."""
_DEPARTMENT = re.compile(r"[0-9]{1,3}|2[AB]|Z[A-Z]")
_WHOLE = re.compile(r"([0-9]+)[.,]0+")
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
    cells["insee"] = _unspoilt(table, "insee", cells["insee"], problems)
    cells["insee"], cells["commune"] = _carried(table, cells["insee"]), _carried(table, cells["commune"])
    towns = list(zip(cells["insee"], cells["commune"], strict=True))
    codes = _unspoilt(table, "bureau", cells["bureau"], problems)
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
    _without_communes(cells)
    _of_arrondissements(table, cells)
    for index, said in table.totals.items():
        cells["bureau"][index] = said
    return cells


def _names_beside(table: AuditorTable) -> list[str]:
    """The names of communes, where « Commune » has codes and another column the names: « commune_libelle »."""
    at = next((index for index, column in table.header.again.items() if column == "commune"), None)
    return [""] * len(table.rows) if at is None else _carried(table, [row[at].strip() for row in table.rows])


def _without_communes(cells: dict[str, list[str]]) -> None:
    """Take the commune's code from those of bureaux, where all have it ahead: ``31555_0012`` is 0012 of 31555."""
    found = communes_ahead(cells["bureau"], cells["insee"])
    if not any(found) or any(code and both is None for code, both in zip(cells["bureau"], found, strict=True)):
        return
    split = [both or ("", "") for both in found]
    if any(insee and of and city_of(insee) != of for insee, (of, _) in zip(cells["insee"], split, strict=True)):
        return
    cells["insee"] = [insee or of for insee, (of, _) in zip(cells["insee"], split, strict=True)]
    cells["bureau"] = [code for _, code in split]


def _of_arrondissements(table: AuditorTable, cells: dict[str, list[str]]) -> None:
    """Number bureaux as the ministry does, 1503 in the fifteenth, where each arrondissement begins with 1."""
    names = ((index, key(table.header.cells[index])) for index in table.header.unread())
    at = next((index for index, name in names if _ARRONDISSEMENTS.fullmatch(name)), None)
    if at is None or not all(code.isdecimal() and len(code) <= 2 for code in cells["bureau"] if code):
        return
    places = [tuple(cells[name][index] for name in KEYS) for index in range(len(table.rows))]
    numbers = [_arrondissement(row[at].strip()) for row in table.rows]
    of_place: dict[tuple[str, ...], set[int | None]] = {}
    for place, number in zip(places, numbers, strict=True):
        if place[KEYS.index("bureau")]:
            of_place.setdefault(place, set()).add(number)
    if None in set().union(*of_place.values()) or all(len(each) == 1 for each in of_place.values()):
        return
    cells["bureau"] = [
        f"{number:02}{int(code):02}" if code else "" for number, code in zip(numbers, cells["bureau"], strict=True)
    ]


def _arrondissement(text: str) -> int | None:
    """The number of an arrondissement, also by its postcode or its own code: 15, 15e, 75015, 69383."""
    found = _ARRONDISSEMENT.fullmatch(text)
    number = int(found[1]) % 100 if found else 0
    number -= 80 if number > 80 else 0  # Lyon's are 69381 to 69389
    return number if 0 < number <= 20 else None


def _insee(code: str, department: str) -> str:
    """An INSEE code with the zeros that a spreadsheet takes away, or of the ministry's two codes."""
    code = plain_code(code).upper() if _WHOLE.fullmatch(code) else code.upper()
    if code.isascii() and code.isdigit():
        if len(code) <= 3 and department:
            return insee_code(department, code)
        return code.zfill(5) if len(code) == 4 else code
    return code


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


def _unspoilt(table: AuditorTable, column: str, cells: list[str], problems: Problems) -> list[str]:
    """Codes that are numbers or dates to a spreadsheet, as they most likely were; a date is told."""
    out = []
    widths = {len(cell) for cell in cells if cell.startswith("0") and cell.isdigit()}
    width = widths.pop() if len(widths) == 1 else 0  # of the codes that kept their zeros
    for index, cell in enumerate(cells):
        cell = cell.lstrip("'")
        if whole := _WHOLE.fullmatch(cell):
            cell = whole[1]
        elif (meaning := spoilt(cell)) is not None:
            name = table.name(column)
            problems.append(
                InputError(
                    table.shown,
                    table.numbers[index],
                    name,
                    msg("a code ({column})", column=field_label(column)),
                    meaning[0],
                )
            )
            cell = meaning[1].zfill(width) if meaning[1] else cell
        out.append(cell)
    return out
