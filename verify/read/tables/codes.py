"""Which commune and bureau the rows of an auditor's table are of, with what spreadsheets and people do to codes."""

from __future__ import annotations

import re
from collections.abc import Callable

from protocol.errors import InputError
from protocol.words import msg
from verify.model.field_names import field_label
from verify.read.published.codes import department_code, insee_code, plain_code, spoilt
from verify.read.rows import Problems
from verify.read.tables.table import KEYS, AuditorTable

_CODE = re.compile(r"(?:[0-9]{2}|2[AB])?[0-9]{1,3}")
"""A commune's code, whole or without the département's, where its name is looked for."""
_DEPARTMENT = re.compile(r"[0-9]{1,3}|2[AB]|Z[A-Z]")
_WHOLE = re.compile(r"([0-9]+)[.,]0+")
_WITH_NAME = re.compile(
    r"([0-9][0-9A-Za-z.]{0,7})(?:\s*[-–—:(]\s*|\s+(?!(?:bis|ter|quater|[a-z])\b))(?=[^\W\d_])", re.IGNORECASE
)
_IN_WORDS = re.compile(
    r"(?:bureau(?:\s+de\s+vote)?\s*(?:(?:n[°ºo]?\.?|num[ée]ro)\s*)?|b\.?v\.?(?:\s*(?:n[°ºo]\.?|num[ée]ro)\s*|\s+))(?=[0-9])",
    re.IGNORECASE,
)
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
    cells["bureau"] = _bureaux(codes, towns)
    if not any(cells["insee"]) and all(map(_CODE.fullmatch, filter(None, cells["commune"]))):
        cells["insee"], cells["commune"] = cells["commune"], [""] * count
    departments = [code.upper() for code in cells["departement"]]
    if not all(map(_DEPARTMENT.fullmatch, filter(None, departments))):
        departments = [""] * count  # by their names: no code can be made of them
    cells["departement"] = [department_code(code) if code else "" for code in departments]
    cells["insee"] = [_insee(code, of) for code, of in zip(cells["insee"], departments, strict=True)]
    cells["scrutin"] = [poll.lstrip("0") if _POLL.fullmatch(poll) else poll for poll in cells["scrutin"]]
    for index, said in table.totals.items():
        cells["bureau"][index] = said
    return cells


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


def _bureaux(cells: list[str], towns: list[tuple[str, str]]) -> list[str]:
    """Codes without the name behind them and the word before, where every cell is written so.

    Not where two bureaux of a commune would become one.
    """

    def without(pattern: re.Pattern[str], cut: Callable[[str, re.Match[str]], str]) -> list[str] | None:
        matches = [pattern.match(cell) for cell in cells]
        filled = [match for cell, match in zip(cells, matches, strict=True) if cell]
        if not filled or not all(filled):
            return None
        bare = [cut(cell, match) if match else cell for cell, match in zip(cells, matches, strict=True)]
        one = len(set(zip(towns, bare, strict=True))) == len(set(zip(towns, cells, strict=True)))
        return bare if one else None

    cells = without(_IN_WORDS, lambda cell, match: cell[match.end() :]) or cells
    return without(_WITH_NAME, lambda cell, match: match[1]) or cells


def _unspoilt(table: AuditorTable, column: str, cells: list[str], problems: Problems) -> list[str]:
    """Codes that are numbers or dates to a spreadsheet, as they most likely were; a date is told."""
    out = []
    for index, cell in enumerate(cells):
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
            cell = meaning[1] or cell
        out.append(cell)
    return out
