"""The elections of the two tables by their id, ``2022_pres_t1``, and how many bureaux each is known to have.

Numbers of rows of the table of counts, state of July 2026: 56 elections, 3,162,440 bureaux. The elections of senators,
in the tables since October 2026, have a row for each département and no number here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from verify.model.figures import Ints
from verify.read.aggregated.columns import LABELS
from verify.read.aggregated.sources import texts_and_codes
from verify.read.arrow_arrays import array_of, numbers_of
from verify.read.published.cells import TEXT_LIMIT

_ID = re.compile(r"((?:19|20)[0-9]{2})_([a-z]{4})_t([12])")

BUREAUX: dict[str, dict[int, tuple[int, ...]]] = {
    "pres": {
        2002: (64_141, 64_141),
        2007: (65_617, 65_617),
        2012: (67_932, 67_932),
        2017: (69_242, 69_242),
        2022: (69_682, 69_682),
    },
    "legi": {
        2002: (63_394, 57_575),
        2007: (65_618, 51_779),
        2012: (67_932, 62_633),
        2017: (69_242, 68_767),
        2022: (69_682, 69_355),
        2024: (70_102, 61_615),
    },
    "muni": {2008: (25_926, 11_862), 2014: (68_169, 22_480), 2020: (68_941, 19_594), 2026: (70_003, 17_398)},
    "euro": {1999: (63_737,), 2004: (64_761,), 2009: (66_583,), 2014: (68_246,), 2019: (69_297,), 2024: (70_104,)},
    "regi": {2004: (62_573, 61_966), 2010: (66_222, 65_842), 2015: (67_776, 67_776), 2021: (68_611, 68_611)},
    "dpmt": {2015: (65_781, 60_975), 2021: (66_016, 62_063)},
    "cant": {2001: (31_772, 21_218), 2004: (32_106, 24_817), 2008: (32_646, 17_689), 2011: (32_934, 27_023)},
}
"""By type and year, a number for each round."""

SENATE, MUNICIPAL = "sena", "muni"
BY_CANTON = ("cant", "dpmt")
"""Types whose contest is the canton."""
LISTS_EVERYWHERE = 2026
"""The first municipal elections in which the smallest communes elect by lists as well (law of 21 May 2025)."""

_TYPES = {
    "presidentielle": "pres",
    "legislatives": "legi",
    "municipales": MUNICIPAL,
    "europeennes": "euro",
    "regionales": "regi",
    "senatoriales": SENATE,
}


def parts_of(election: str) -> tuple[int, str, int] | None:
    """Year, type and round of an id; None where it is not of their form."""
    found = _ID.fullmatch(election)
    return None if found is None else (int(found[1]), found[2], int(found[3]))


def known_bureaux(election: str) -> int | None:
    """Count the bureaux that an election is known to have; None where that is not known."""
    parts = parts_of(election)
    if parts is None:
        return None
    year, kind, round_ = parts
    rounds = BUREAUX.get(kind, {}).get(year, ())
    return rounds[round_ - 1] if round_ <= len(rounds) else None


def id_of(kind: str, year: int, round_: int) -> str | None:
    """The id of an election by the word that `election.toml` has for it; None where the tables have no such kind."""
    if kind.startswith("departementales"):
        return f"{year}_{'cant' if year < 2015 else 'dpmt'}_t{round_}"
    found = next((code for word, code in _TYPES.items() if kind.startswith(word[:5])), None)
    return None if found is None else f"{year}_{found}_t{round_}"


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
        groups: list[tuple[int, list[list[str]]]] = []
        base = 1
        for names in LABELS:
            if code.all():
                break
            there = [_code_texts(columns[name]) for name in names if name in columns]
            if not there or not any(filled.any() for filled, _ in there):
                continue
            own, size = np.zeros(rows, np.int64), 1
            for filled, texts in there:
                own, size = own * len(texts) + filled, size * len(texts)
            groups.append((base, [texts for _, texts in there]))
            code = np.where((code == 0) & (own > 0), own + base, code)
            base += size
        different = array_of(code).dictionary_encode()
        names_of = _names(numbers_of(different.dictionary), groups)
        found: Ints = self._of_texts(names_of)[numbers_of(different.indices)]
        return found

    def _of_texts(self, texts: Sequence[str]) -> Ints:
        number = self._number
        return np.array([number.setdefault(text, len(number)) for text in texts], np.int64)

    def told_apart(self, unit: Ints, label: Ints, panel: Ints) -> Ints:
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


def _names(codes: Ints, groups: Sequence[tuple[int, list[list[str]]]]) -> list[str]:
    """The names that codes stand for, empty for 0."""
    names = [""] * len(codes)
    group = np.searchsorted([base for base, _ in groups], codes, side="right") - 1
    for at, (base, columns) in enumerate(groups):
        where = np.flatnonzero(group == at)
        rest = codes[where] - base
        parts: list[list[str]] = []
        for texts in reversed(columns):
            rest, index = np.divmod(rest, len(texts))
            parts.insert(0, [texts[each] for each in index.tolist()])
        for place, words in zip(where.tolist(), zip(*parts, strict=True), strict=True):
            names[place] = " ".join(filter(None, words))[:TEXT_LIMIT]
    return names
