"""The nation's sheet of the ministry's .xls of 2017: counts below each other, candidates beside them.

Three parts one below the other, of which the first, « France entière », is the nation; the others (Métropole,
Outre-mer) are parts of it and not read::

    .          | Nombre   | %ins  | %vot | | Candidat          | Voix     | %_ins | %_exp
    Inscrits   | 47568693 |       |      | | M. MACRON Emmanuel| 20743128 | 43.61 | 66.1
    Abstentions| 12101366 | 25.44 |      | | Mme LE PEN Marine | …

Known from the file on data.gouv.fr.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from verify.model.published import Level, Published
from verify.read.published.cells import PERCENTAGE_LIMIT, CellProblems, counts, texts
from verify.read.published.ministry import COUNTS
from verify.read.published.pieces import empty
from verify.read.published.source import SourceTable, rows_that_split
from verify.read.published.stated import plain

NAME = "ministry-nation"

HEADER = [".", "Nombre", "%ins", "%vot", "", "Candidat", "Voix", "%_ins", "%_exp"]
PART = "France entière"
CHOICE_LIMIT = 100


def read(table: SourceTable) -> list[Published] | None:
    """The nation as one unit; None where the sheet is not of this layout."""
    at = next((at for at, row in enumerate(table.head) if list(row[: len(HEADER)]) == HEADER), None)
    if at is None or not any(row and row[0] == PART for row in table.head[:at]):
        return None
    problems = CellProblems(table.file)
    rows: list[list[str]] = []
    for row in rows_that_split(table):
        rows.append([*row, *[""] * len(HEADER)][: len(HEADER)])
        if (len(rows) > at + 1 and not any(rows[-1])) or len(rows) > at + CHOICE_LIMIT:
            break
    part = rows[at + 1 :]
    found = empty(table, NAME, Level.NATION, f"{rows[0][0]} | {table.title}", at + 2)
    values = dict(found.counts)
    percentages: dict[str, list[str]] = {}
    entries: list[tuple[str, str, str, str]] = []
    for number, row in enumerate(part, at + 2):
        if name := COUNTS.get(plain(row[0])):
            values[name] = counts([row[1]], partial(_report, problems, number, "Nombre"))
            for of, cell in (("registered", row[2]), ("votes_found", row[3])):
                if cell:
                    percentages[f"{name}/{of}"] = [cell]
        if row[5].strip():
            entries.append((row[5].strip(), row[6], row[7], row[8]))

    report = partial(_report, problems, at + 2, "Voix")
    n = len(entries)
    label, votes, of_registered, of_valid = zip(*entries, strict=True) if n else ((), (), (), ())
    shares = {"votes/registered": of_registered, "votes/valid": of_valid} if n else {}
    return [
        replace(
            found,
            counts=values,
            labels=tuple(label),
            vote_unit=np.zeros(n, np.int64),
            vote_label=np.arange(n, dtype=np.int64),
            votes=counts(votes, report) if n else np.zeros(0, np.int64),
            vote_column=np.full(n, HEADER.index("Voix") + 1, np.int64),
            panel=np.zeros(n, np.int64),
            percentages={
                name: texts(column, report, PERCENTAGE_LIMIT) for name, column in {**percentages, **shares}.items()
            },
            problems=problems.all(),
        )
    ]


def _report(problems: CellProblems, first: int, column: str, index: int, expected: str, got: str) -> None:
    problems.add(first + index, column, expected, got)
