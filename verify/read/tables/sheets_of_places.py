"""Tables with a sheet for each place: a commune, or an arrondissement of a city."""

from __future__ import annotations

from collections.abc import Sequence

from verify.read.published.bureau_codes import bare_codes
from verify.read.tables.sheet_names import arrondissement_of, names_no_commune
from verify.read.tables.table import AuditorTable


def by_sheet(tables: Sequence[AuditorTable]) -> list[AuditorTable]:
    """Tables that tell no commune and have the same bureaux: one commune a sheet, as the sheets are named.

    Where they are named after arrondissements, bureaux get the ministry's numbers: 1205 in the twelfth.
    """
    numbers = [arrondissement_of(table.grid.sheet) for table in tables]
    if all(numbers) and len(set(numbers)) == len(tables) > 1:
        numbered = list(map(_in_arrondissement, tables, numbers))
        return [one for one in numbered if one is not None] if all(numbered) else list(tables)
    silent = [table for table in tables if not table.says_where]
    codes = [set(table.codes()) - {""} for table in silent]
    same = len({frozenset(table.header.at) for table in silent}) == 1  # else of the same bureaux, and something more
    alike = same and sum(map(len, codes)) > len(set().union(*codes))
    if not alike or any(map(names_no_commune, (table.grid.sheet for table in silent))):
        return list(tables)
    return [table if table.says_where else table.of_communes([table.grid.sheet] * len(table.rows)) for table in tables]


def _in_arrondissement(table: AuditorTable, number: int) -> AuditorTable | None:
    """A table with its bureaux numbered as in an arrondissement; None where they are not numbered from 1 there."""
    codes = bare_codes(table.codes(), [("", "")] * len(table.rows))
    if not all(code.isdecimal() and len(code) <= 2 for code in codes if code):
        return None
    return table.with_codes([f"{number:02}{int(code):02}" if code else "" for code in codes])
