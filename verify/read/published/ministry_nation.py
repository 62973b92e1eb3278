"""The nation's sheet of the ministry's .xls of 2017: counts below each other, candidates beside them.

Three parts one below the other, of which the first, « France entière », is the nation; the others (Métropole,
Outre-mer) are parts of it and not read::

    .          | Nombre   | %ins  | %vot | | Candidat          | Voix     | %_ins | %_exp
    Inscrits   | 47568693 |       |      | | M. MACRON Emmanuel| 20743128 | 43.61 | 66.1
    Abstentions| 12101366 | 25.44 |      | | Mme LE PEN Marine | …

Known from the file on data.gouv.fr.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from verify.model.published import COUNTS, Level, Published
from verify.read.published.fields import ChoiceColumns, Fields
from verify.read.published.gathering import gather
from verify.read.published.source import SourceTable, rows_that_split
from verify.read.tables.headers import meaning_of

NAME = "ministry-nation"

HEADER = (".", "Nombre", "%ins", "%vot", "", "Candidat", "Voix", "%_ins", "%_exp")
PART = "France entière"
CHOICE_LIMIT = 100
_CHOICE = slice(5, 9)


def read(table: SourceTable) -> list[Published] | None:
    """The nation as one unit; None where the sheet is not of this layout."""
    at = next((at for at, row in enumerate(table.head) if tuple(row[: len(HEADER)]) == HEADER), None)
    if at is None or not any(row and row[0] == PART for row in table.head[:at]):
        return None
    rows: list[list[str]] = []
    for row in rows_that_split(table):
        rows.append([*row, *[""] * len(HEADER)][: len(HEADER)])
        if (len(rows) > at + 1 and not any(rows[-1])) or len(rows) > at + CHOICE_LIMIT:
            break
    found = _gather(table, rows[at + 1 :], at + 2, f"{rows[0][0]} | {table.title}")
    return [replace(found, vote_column=np.full(len(found.votes), HEADER.index("Voix") + 1, np.int64), unused=())]


def _gather(table: SourceTable, part: Sequence[Sequence[str]], number: int, title: str) -> Published:
    """The counts and the choices of a part, side by side in one row."""
    row: list[str] = []
    header: list[str] = []
    counts: dict[str, int] = {}
    percentages: dict[str, int] = {}
    for cells in part:
        if (name := meaning_of(cells[0])) in COUNTS:
            counts[name] = len(row)
            for of, at in (("registered", 2), ("votes_found", 3)):
                if cells[at]:
                    percentages[f"{name}/{of}"] = len(row) + at - 1
            row += cells[1:4]
            header += HEADER[1:4]
    start = len(row)
    for cells in part:
        if cells[5].strip():
            row += cells[_CHOICE]
            header += HEADER[_CHOICE]
    shares = {"votes/registered": start + 2, "votes/valid": start + 3}
    choices = (ChoiceColumns(start + 1, (start,), percentages=shares),)
    fields = Fields({}, counts, choices, percentages, start=start, step=4)
    lines = [*[[]] * (number - 1), row]
    one = replace(table, head=tuple(map(tuple, lines)), rows=lambda: iter(lines), data=b"")
    return gather(one, NAME, Level.NATION, fields, first_row=number, header=header, title=title)
