"""Ids of the elections in the two tables, ``2022_pres_t1``; the names of their choices; how many bureaux each has.

They are the rows of the table of counts, state of July 2026: 56 elections, 3,162,440 bureaux (`bureaux.csv`). The
elections of senators, in the tables since October 2026, have a row for each département and no number there.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from verify.model.figures import Ints
from verify.model.identity import StatedElection
from verify.read.aggregated.columns import LABELS
from verify.read.aggregated.sources import texts_and_codes
from verify.read.arrow_arrays import array_of, numbers_of
from verify.read.published.cells import TEXT_LIMIT

SENATE, MUNICIPAL = "sena", "muni"
BY_CANTON = ("cant", "dpmt")
"""Types whose contest is the canton."""
_BY_DEPARTMENT, _NO_ELECTION = 2015, "refe"
"""The first year in which départements elected in place of cantons, and the kind that the tables have not."""
LISTS_EVERYWHERE = 2026
"""The first municipal elections in which the smallest communes elect by lists as well (law of 21 May 2025)."""


@cache
def known_bureaux() -> dict[str, int]:
    """Count the bureaux that an election is known to have, by its id."""
    lines = Path(__file__).with_name("bureaux.csv").read_text(encoding="utf-8").splitlines()
    return {row["election"]: int(row["bureaux"]) for row in csv.DictReader(lines)}


def id_of(kind: str, year: int, round_: int) -> str | None:
    """The id of an election by the word that `election.toml` has for it; None where the tables have no such kind."""
    code = StatedElection.of_text(kind).kind
    if code in BY_CANTON:
        code = "cant" if year < _BY_DEPARTMENT else "dpmt"
    return f"{year}_{code}_t{round_}" if code and code != _NO_ELECTION else None


class ElectionLabels:
    """The names of an election's choices, each once, in the order of their first appearance."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """The names, by their numbers."""
        return list(self._number)

    def numbers(self, columns: Mapping[str, Any], rows: int) -> Ints:
        """The number of the name of each row of a piece; ``columns`` are those of `LABELS` that there are."""
        code = np.zeros(rows, np.int64)
        groups: list[list[tuple[Ints, list[str]]]] = []
        base = 1
        for names in LABELS:
            if code.all():
                break
            there = [_code_texts(columns[name]) for name in names if name in columns]
            own, size = np.zeros(rows, np.int64), 1
            for filled, texts in there:
                own, size = own * len(texts) + filled, size * len(texts)
            if own.any():
                groups.append(there)
                code = np.where((code == 0) & (own > 0), own + base, code)
                base += size
        different = array_of(code).dictionary_encode()
        number = numbers_of(different.indices)
        first = np.zeros(len(different.dictionary), np.int64)
        first[number[::-1]] = np.arange(rows)[::-1]
        found: Ints = self._of_texts([_name(groups, row) for row in first.tolist()])[number]
        return found

    def _of_texts(self, texts: Sequence[str]) -> Ints:
        number = self._number
        return np.array([number.setdefault(text, len(number)) for text in texts], np.int64)

    def tell_apart(self, unit: Ints, label: Ints, panel: Ints) -> Ints:
        """The numbers with those of one name in a bureau told apart by their panels: two people, or two of one shade.

        Args:
            unit: bureau of each entry, in ascending order.
            label: number of its name.
            panel: number of its panel, 0 for none.
        """
        key = unit * max(len(self._number), 1) + label
        if (key[1:] > key[:-1]).all():
            return label
        _, inverse, times = np.unique(key, return_inverse=True, return_counts=True)
        doubled = np.unique(label[times[inverse] > 1])
        rows = np.flatnonzero(np.isin(label, doubled) & (panel > 0))
        found = label.copy()
        pairs, inverse = np.unique(label[rows] * (int(panel.max(initial=0)) + 1) + panel[rows], return_inverse=True)
        base = int(panel.max(initial=0)) + 1
        texts = self.texts
        found[rows] = self._of_texts([f"{texts[pair // base]} ({pair % base})" for pair in pairs.tolist()])[inverse]
        return found


def _code_texts(column: Any) -> tuple[Ints, list[str]]:
    """For each row the index of its text, 0 for none; and the texts, of which the first is none."""
    written, codes = texts_and_codes(column)
    texts = ["", *(" ".join(text.split())[:TEXT_LIMIT] for text in written)]
    index = np.array([at if text else 0 for at, text in enumerate(texts)], np.int64)
    return index[codes + 1], texts


def _name(groups: Sequence[Sequence[tuple[Ints, list[str]]]], row: int) -> str:
    """The name in the first columns that are filled in a row, empty for none."""
    names = (" ".join(filter(None, (texts[codes[row]] for codes, texts in columns))) for columns in groups)
    return next(filter(None, names), "")[:TEXT_LIMIT]
