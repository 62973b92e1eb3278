"""Faults placed on purpose: in one bureau and, if asked for, in one of its figures, beside those that rates draw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocol.quantities import column_of
from protocol.words import cited, msg, series
from sim.bureaux import Bureau
from sim.errors import SimulationError, UnknownFault
from sim.evidence import FIRST_POLL, Truth
from sim.faults.model import ConductFault, DayFault, Fault, PaperFault

AT = "@"
MOST_TIMES = 1000
_PLACE = re.compile(r"(?:(?P<insee>[0-9AB]{5}):)?(?P<bureau>[^:/@]+)(?:/(?P<field>[^:/@]+))?")
_NAMED_AT_ONCE = 12
"""Bureaux that a message names at most."""


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault in one bureau, written ``NAME@INSEE:BUREAU/FIELD``; ``insee`` and ``field`` may be left out.

    Attributes:
        field: name of a quantity or of a column of the night's files; empty for any.
    """

    fault: str
    insee: str
    bureau: str
    field: str = ""

    def __str__(self) -> str:
        insee = f"{self.insee}:" if self.insee else ""
        return f"{self.fault}{AT}{insee}{self.bureau}" + (f"/{self.field}" if self.field else "")

    def allows(self, field: str) -> bool:
        """Check whether an effect on that column is one that was asked for."""
        return not self.field or column_of(self.field) == field


def placed_of(name: str) -> PlacedFault | None:
    """Parse the name of a placed fault; None for that of a fault alone, and for no place."""
    fault, _, place = name.partition(AT)
    found = _PLACE.fullmatch(place)
    return None if found is None else PlacedFault(fault, found["insee"] or "", found["bureau"], found["field"] or "")


def read_placed(name: str, fault: Fault) -> PlacedFault:
    """The placed fault of a name ``NAME@…``.

    Raises:
        UnknownFault: it names no place, or the fault strikes no bureau's own evidence.
    """
    placed = placed_of(name)
    if placed is None:
        raise UnknownFault(msg("expected NAME@BUREAU or NAME@INSEE:BUREAU/FIELD, got {text}", text=cited(name)))
    if not isinstance(fault, DayFault | ConductFault | PaperFault):
        raise UnknownFault(msg("{fault} has a rate only: it cannot be placed in a bureau", fault=fault.name))
    return placed


def read_times(placed: PlacedFault, fault: Fault, text: str) -> int:
    """Number of times that a placed fault strikes: of a person's fault any, else once.

    Raises:
        UnknownFault: it is no such number.
    """
    most = MOST_TIMES if isinstance(fault, DayFault) else 1
    times = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    if not 1 <= times <= most:
        raise UnknownFault(
            msg(
                "{fault}: expected a number of times from 1 to {most}, got {text}",
                fault=str(placed),
                most=most,
                text=cited(text),
            )
        )
    return times


def find_places(rates: Mapping[str, float], bureaux: Iterable[Bureau]) -> dict[str, float]:
    """The rates, with the INSEE code in each place.

    Raises:
        UnknownFault: there is no such bureau in the night, or there are several.
    """
    known = [bureau.key for bureau in bureaux]
    found: dict[str, float] = {}
    for name, value in rates.items():
        if (placed := placed_of(name)) is not None:
            name = str(_find(placed, known))
        found[name] = found.get(name, 0) + value
    return found


def _find(placed: PlacedFault, known: list[tuple[str, str]]) -> PlacedFault:
    here = [key for key in known if key[1] == placed.bureau and placed.insee in ("", key[0])]
    if len(here) == 1:
        return PlacedFault(placed.fault, *here[0], placed.field)
    named = [f"{insee}:{bureau}" for insee, bureau in here or known]
    some = series([*named[:_NAMED_AT_ONCE], *(["…"] if len(named) > _NAMED_AT_ONCE else [])])
    if here:
        raise UnknownFault(msg("{fault}: several bureaux have that number: {some}", fault=str(placed), some=some))
    raise UnknownFault(msg("{fault}: no such bureau in this night; there are {some}", fault=str(placed), some=some))


def by_bureau(rates: Mapping[str, float]) -> dict[tuple[str, str, str], list[tuple[PlacedFault, int]]]:
    """The places of each fault in each bureau, and how many times it strikes there, by fault, INSEE code and bureau."""
    found: dict[tuple[str, str, str], list[tuple[PlacedFault, int]]] = {}
    for name, times in rates.items():
        if (placed := placed_of(name)) is not None:
            found.setdefault((placed.fault, placed.insee, placed.bureau), []).append((placed, int(times)))
    return found


def check_placed(rates: Mapping[str, float], truth: Iterable[Truth]) -> None:
    """Check that each placed fault has struck.

    Raises:
        SimulationError: one had nothing to change there.
    """
    struck = [((line.fault, line.insee, line.bureau), line.field) for line in truth if line.poll == FIRST_POLL]
    for place, wanted in by_bureau(rates).items():
        for placed, times in wanted:
            if sum(where == place and placed.allows(field) for where, field in struck) < times:
                raise SimulationError(msg("{fault}: this fault finds nothing to change there", fault=str(placed)))
