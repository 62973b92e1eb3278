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

from verify.model.published import COUNTS, Published
from verify.read.layouts.built_in import find_layout
from verify.read.layouts.language import Layout
from verify.read.layouts.reading import read_by_layout
from verify.read.published.source import SourceTable
from verify.read.rows import Problems
from verify.read.tables.headers import VOTANTS, meaning_of

NAME = "ministry-nation"

HEADER = (".", "Nombre", "%ins", "%vot", "", "Candidat", "Voix", "%_ins", "%_exp")
PART = "France entière"
CHOICE_LIMIT = 100
"""Choices of a table at most; after so many rows it is another layout."""


def read(table: SourceTable) -> list[Published] | None:
    """The nation as one unit; None where the sheet is not of this layout."""
    at = next((at for at, row in enumerate(table.head) if tuple(row[: len(HEADER)]) == HEADER), None)
    if at is None or not any(row and row[0] == PART for row in table.head[:at]):
        return None
    rows: list[list[str]] = []
    for row in table.rows(Problems(table.file)):
        rows.append([*row, *[""] * len(HEADER)][: len(HEADER)])
        if (len(rows) > at + 1 and not any(rows[-1])) or len(rows) > at + CHOICE_LIMIT:
            break
    one = _one_row(find_layout("ministry"), rows[at + 1 :], at + 1)
    found = read_by_layout(
        replace(find_layout("ministry"), name=NAME),
        replace(table, title=f"{rows[0][0]} | {table.title}", head=one, rows=lambda _: map(list, one), data=b""),
    )
    return found and [replace(each, unused=()) for each in found]


def _one_row(layout: Layout, part: Sequence[Sequence[str]], number: int) -> tuple[tuple[str, ...], ...]:
    """The counts and the choices of a part, side by side in one row, below the headers of another layout."""
    cells: list[tuple[str, str]] = []
    for row in part:
        name = "votes_found" if (meant := meaning_of(row[0])) == VOTANTS else meant
        if name in COUNTS:
            cells.append((layout.counts[name][0], row[1]))
            for of, at in (("registered", 2), ("votes_found", 3)):
                if row[at]:
                    cells.append((layout.percentages[f"{name}/{of}"][0], row[at]))
    for row in part:
        if row[5].strip():
            cells += zip(("Nom", "Voix", "% Voix/Ins", "% Voix/Exp"), row[5:9], strict=True)
    header, values = zip(*cells, strict=True) if cells else ((), ())
    return (*[()] * (number - 1), header, values)
