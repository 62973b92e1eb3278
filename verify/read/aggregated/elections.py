"""The elections of the two tables by their id, ``2022_pres_t1``, and how many bureaux each is known to have.

Numbers of rows of the table of counts, state of July 2026: 56 elections, 3,162,440 bureaux. The elections of senators,
in the tables since October 2026, have a row for each département and no number here.
"""

from __future__ import annotations

import re

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
    """How many bureaux an election is known to have; None where that is not known."""
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
