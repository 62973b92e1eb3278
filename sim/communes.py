"""The communes that vote on machines, by year: a table of facts derived from published results.

It is **not** an official list: none was ever published. The header of `communes.csv` states the method.
"""

from __future__ import annotations

import csv
import difflib
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from protocol.words import cited, msg
from sim.errors import UnknownCommune

YEARS = (2017, 2022)
_TAKEN_FROM = {2021: 2022}
"""Years whose results by bureau say nothing of machines, and the year whose communes are taken in their place."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune in one year. It is mixed where ``machine_bureaux`` is less than ``bureaux``; counts of bureaux, voters.

    ``registered`` is that of the whole commune, paper bureaux included.
    """

    insee: str
    name: str
    departement: str
    departement_name: str
    bureaux: int
    machine_bureaux: int
    registered: int


@functools.lru_cache(maxsize=len(YEARS))
def machine_communes(year: int) -> tuple[Commune, ...]:
    """The communes with machines in ``year``, by INSEE code: 65 in 2017, 60 in 2022, and these for 2021 as well.

    Raises:
        ValueError: a year without a table.
    """
    year = _TAKEN_FROM.get(year, year)
    if year not in YEARS:
        raise ValueError(f"machine communes are known for {YEARS}, not for {year}")
    text = resources.files("sim").joinpath("communes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    communes = (
        Commune(
            insee=row["insee"],
            name=row["commune"],
            departement=row["departement"],
            departement_name=row["nom_departement"],
            bureaux=int(row[f"bureaux_{year}"]),
            machine_bureaux=int(row[f"bureaux_machine_{year}"]),
            registered=int(row[f"inscrits_{year}"]),
        )
        for row in rows
    )
    return tuple(sorted((each for each in communes if each.machine_bureaux), key=lambda each: each.insee))


def choose(year: int, codes: Iterable[str] | None) -> tuple[Commune, ...]:
    """The communes of these INSEE codes, all of the year's where None.

    Raises:
        UnknownCommune: a code that the table does not have, with the nearest that it has.
    """
    known = {commune.insee: commune for commune in machine_communes(year)}
    if codes is None:
        return tuple(known.values())
    chosen = set()
    for code in codes:
        if code not in known:
            near = _nearest(code, known)
            none = msg("no commune {code} voted on machines in {year}", code=cited(code), year=year)
            raise UnknownCommune(msg("{none}; the nearest is {near}", none=none, near=near) if near else none)
        chosen.add(code)
    return tuple(commune for code, commune in known.items() if code in chosen)


def _nearest(code: str, known: dict[str, Commune]) -> str:
    names = {commune.name.casefold(): commune for commune in known.values()}
    near = difflib.get_close_matches(code.casefold(), names, 1)
    commune = names[near[0]] if near else None
    if commune is None:
        codes = difflib.get_close_matches(code, known, 1)
        commune = known[codes[0]] if codes else None
    return "" if commune is None else f"{commune.insee} ({commune.name})"
