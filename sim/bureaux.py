"""Communes that vote on machines, by year, and their bureaux de vote, as far as published results show them.

The communes are **not** an official list: none was ever published. The header of `communes.csv` states the method.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from protocol.words import cited, msg
from sim import parameters
from sim.elections import Scenario
from sim.errors import UnknownCommune
from sim.streams import stream
from sim.tables import rows_of

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
        for row in rows_of("communes.csv")
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
            raise UnknownCommune(msg("{none}; similar code: {near}", none=none, near=near) if near else none)
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


@dataclass(frozen=True, slots=True)
class Bureau:
    """One bureau de vote on one day.

    Attributes:
        machines: how many machines it has; 0 where votes are cast on paper.
        opening: hour at which it opens by the préfet's order.
        closing: hour at which it closes.
    """

    insee: str
    commune: str
    departement: str
    departement_name: str
    constituency: str
    constituency_name: str
    code: str
    registered: int
    machines: int
    opening: int
    closing: int

    @property
    def key(self) -> tuple[str, str]:
        """Key of a bureau everywhere: INSEE code and bureau code."""
        return self.insee, self.code

    def serial(self, kind: str, part: int) -> str:
        """A serial or seal number of 12 characters; ``kind`` is its first letter.

        Ours, and readable where the bureau's code has four characters: kind, INSEE code, bureau, part.
        """
        if len(self.insee) == 5 and len(self.code) == 4 and self.code.isascii():
            return f"{kind}{self.insee}{self.code}{part:02}"
        digest = hashlib.sha256(f"{self.insee}\x1f{self.code}\x1f{part}".encode()).hexdigest().upper()
        return kind + digest[:11]

    def serials(self, kind: str, parts: int) -> str:
        """The serials of that many parts, as the sealing record lists them."""
        return "+".join(self.serial(kind, part) for part in range(1, parts + 1))


def bureaux_of(seed: int, scenario: Scenario, commune: Commune) -> tuple[Bureau, ...]:
    """All bureaux of a commune; their registered voters add up to the commune's.

    In a mixed commune the first ones of the list have the machines, which ones really do is not known; Dunkerque's
    are 0101 to 0114.
    """
    sizes = _sizes(seed, scenario, commune)
    late = commune.departement in parameters.LATE_CITIES
    return tuple(
        Bureau(
            insee=commune.insee,
            commune=commune.name,
            departement=commune.departement,
            departement_name=commune.departement_name,
            constituency="",
            constituency_name="",
            code=_code(commune, at),
            registered=size,
            machines=0 if at >= commune.machine_bureaux else 2 if size >= parameters.TWO_MACHINES_FROM else 1,
            opening=scenario.opening,
            closing=scenario.late_closing if late else scenario.closing,
        )
        for at, size in enumerate(sizes)
    )


def polling_bureaux(seed: int, scenario: Scenario, commune: Commune, paper: bool) -> tuple[Bureau, ...]:
    """The machine bureaux of a commune, and the paper bureaux of a mixed one where ``paper``."""
    return bureaux_of(seed, scenario, commune) if paper else machine_bureaux(seed, scenario, commune)


def machine_bureaux(seed: int, scenario: Scenario, commune: Commune) -> tuple[Bureau, ...]:
    """Those bureaux of a commune that have a machine."""
    return tuple(bureau for bureau in bureaux_of(seed, scenario, commune) if bureau.machines)


def _code(commune: Commune, at: int) -> str:
    if commune.insee == "59183":  # Dunkerque: its machine bureaux are those of one associated commune
        return f"{101 + at:04}" if at < commune.machine_bureaux else f"{1 + at - commune.machine_bureaux:04}"
    return f"{at + 1:04}"


def _sizes(seed: int, scenario: Scenario, commune: Commune) -> list[int]:
    """Registered voters of each bureau, shape ``(bureaux,)``: whole numbers whose sum is the commune's."""
    random = stream(seed, scenario.id, commune.insee, "bureau sizes")
    mean = commune.registered / commune.bureaux
    weights = random.lognormal(0.0, parameters.SIZE_SPREAD, commune.bureaux)
    sizes = np.clip(mean * weights / weights.mean(), parameters.SIZE_MIN, parameters.SIZE_MAX).astype(np.int64)
    left = commune.registered - int(sizes.sum())
    while left:  # rounding, and what the limits cut off, goes to the bureaux in turn
        step = 1 if left > 0 else -1
        for at in range(commune.bureaux):
            if left and parameters.SIZE_MIN <= sizes[at] + step <= parameters.SIZE_MAX:
                sizes[at] += step
                left -= step
    return [int(size) for size in sizes]
