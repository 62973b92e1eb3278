"""The counts of one office in one section, as any of the files has them: bulletin, printed text, QR texts, votes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

OFFICES = {
    1: "presidente",
    2: "vicePresidente",
    3: "governador",
    4: "viceGovernador",
    5: "senador",
    6: "deputadoFederal",
    7: "deputadoEstadual",
    8: "deputadoDistrital",
    9: "primeiroSuplenteSenador",
    10: "segundoSuplenteSenador",
    11: "prefeito",
    12: "vicePrefeito",
    13: "vereador",
}
"""Offices of the constitution by their number, in the words of the format; further numbers are questions."""
SENATOR = 5
_TWO_SENATORS = 2
"""Every eighth year from 2010 on two thirds of the senate are elected."""


@dataclass(slots=True)
class OfficeCounts:
    """What was counted for one office.

    Attributes:
        election, office: their numbers; 0 where the file does not say.
        registered: the roll of this election in this section; None where the file does not say.
        turnout: voters; None where the file does not say.
        total: votes that the file says there were in all; None where it does not say.
        nominal: votes by number of a candidate or an answer.
        party: votes for a party alone, by its number.
        parties: the party of each number of `nominal`, where the file says it.
        blank, null: others; null are also those for an office without candidates.
        choices: votes that a voter has; None where the file does not say.
        sums: further sums that the file has: votes that are ``nominal``, votes for a ``party``.
        party_totals: votes for a party and its candidates, where the file says it.
    """

    election: int = 0
    office: int = 0
    registered: int | None = None
    turnout: int | None = None
    total: int | None = None
    nominal: dict[int, int] = field(default_factory=dict)
    party: dict[int, int] = field(default_factory=dict)
    parties: dict[int, int] = field(default_factory=dict)
    blank: int = 0
    null: int = 0
    choices: int | None = None
    sums: dict[str, int] = field(default_factory=dict)
    party_totals: dict[int, int] = field(default_factory=dict)

    @property
    def votes(self) -> int:
        """All of them, added up."""
        return sum(self.nominal.values()) + sum(self.party.values()) + self.blank + self.null


def office_name(number: int) -> str:
    """An office in the words of the format; a question by its number."""
    return OFFICES.get(number, f"consulta {number}")


def lawful_choices(office: int, year: int) -> int:
    """Votes that a voter has for an office where no file says it."""
    return _TWO_SENATORS if office == SENATOR and year % 8 == 2 else 1


def by_office(counts: Iterable[OfficeCounts]) -> dict[tuple[int, int], OfficeCounts]:
    """Counts by election and office."""
    return {(each.election, each.office): each for each in counts}
