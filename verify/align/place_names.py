"""Bureaux that a table calls by the names of their places, under the codes beside these names in other tables."""

from __future__ import annotations

import numpy as np

from protocol.words import nmsg, without_accents
from verify.align.files import Files
from verify.model.figures import Ints, starts_with_digit
from verify.read.sheet import Sheet
from verify.read.totals import names_total


def number_places(files: Files) -> None:
    """Give bureaux the codes that stand beside the names of their places, in the same commune, in any table.

    A name that stands beside several codes says none. What was told so is noted with the file.
    """
    tables = {kind: sheet for kind, sheet in files.sheets.items() if {"insee", "bureau"} <= set(sheet.texts)}
    named = {kind: _named(sheet) for kind, sheet in tables.items()}
    communes = {insee for kind, rows in named.items() for insee in tables[kind].texts["insee"][rows].tolist()}
    if not communes:
        return
    codes: dict[tuple[str, str], set[str]] = {}
    for sheet in tables.values():
        here = starts_with_digit(sheet.texts["bureau"]) & np.isin(sheet.texts["insee"], sorted(communes))
        for row in np.flatnonzero(here).tolist():
            for cells in sheet.extra.values():
                if name := _plain(str(cells[row])):
                    place = str(sheet.texts["insee"][row]), name
                    codes.setdefault(place, set()).add(str(sheet.texts["bureau"][row]))
    for kind, rows in named.items():
        files.sheets[kind] = _numbered(files, tables[kind], rows.tolist(), codes)


def _named(sheet: Sheet) -> Ints:
    """The rows of bureaux without a code that begins with a digit."""
    rows = np.flatnonzero(~starts_with_digit(sheet.texts["bureau"]))
    return rows[[not names_total(str(cell)) and bool(_plain(str(cell))) for cell in sheet.texts["bureau"][rows]]]


def _numbered(files: Files, sheet: Sheet, rows: list[int], codes: dict[tuple[str, str], set[str]]) -> Sheet:
    """A table with the code of each bureau whose name stands beside one code only."""
    bureau = sheet.texts["bureau"].astype(object)
    told: dict[str, int] = {}
    for row in rows:
        known = codes.get((str(sheet.texts["insee"][row]), _plain(str(bureau[row]))), set())
        if len(known) == 1:
            [bureau[row]] = known
            told[sheet.shown(row)] = told.get(sheet.shown(row), 0) + 1
    for file, count in told.items():
        said = nmsg(
            "{count:n} bureau by the name of its place, which stands beside its number in another table",
            "{count:n} bureaux by the names of their places, which stand beside their numbers in another table",
            count,
        )
        files.note(file, said)
    return sheet.with_texts("bureau", bureau.astype(np.str_)) if told else sheet


def _plain(name: str) -> str:
    """The letters and digits of a name; empty for a text that is no name."""
    plain = "".join(filter(str.isalnum, without_accents(name[:200])))
    return plain if any(map(str.isalpha, plain)) else ""
