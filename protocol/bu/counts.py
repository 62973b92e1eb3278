"""The counts of one office in one section, from any of its files, and the tallies made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from protocol.dumps.tallies import NOT_GIVEN, ChoiceKind, DumpChoice, DumpContest, TallyBuilder, TallyKind

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
    """Counts for one office.

    Attributes:
        election, office: their numbers; 0 where the file does not say.
        registered: the roll of this election in this section; None where the file does not say.
        turnout: voters; None where the file does not say.
        total: votes that the file says there were in all; None where it does not say.
        nominal: votes by number of a candidate or an answer.
        party: votes for a party alone, by its number.
        parties: the party of each number of `nominal`, where the file says it.
        blank, null: others; null are also those for an office without candidates.
        votes_per_voter: votes that a voter has; None where the file does not say.
        sums: further sums that the file has: votes that are ``nominal``, votes for ``parties``.
        party_totals: votes for a party and its candidates, where the file says it.
    """

    election: int = 0
    office: int = 0
    registered: int | None = None
    turnout: int | None = None
    total: int | None = None
    nominal: Counter[int] = field(default_factory=Counter)
    party: Counter[int] = field(default_factory=Counter)
    parties: dict[int, int] = field(default_factory=dict)
    blank: int = 0
    null: int = 0
    votes_per_voter: int | None = None
    sums: dict[str, int] = field(default_factory=dict)
    party_totals: dict[int, int] = field(default_factory=dict)

    def note(self, figure: str, votes: int, party: int) -> None:
        """Note a figure that a text states of an office, by its name in `protocol.bu.agreement`."""
        if figure in ("nominal", "parties"):
            self.sums[figure] = votes
        elif figure == "party total":
            self.party_totals[party] = votes
        elif figure == "null":
            self.null += votes
        elif figure != "party":
            setattr(self, figure, votes)
        elif votes:
            self.party[party] = votes

    @property
    def votes(self) -> int:
        """All of them, added up."""
        return self.nominal.total() + self.party.total() + self.blank + self.null


def largest(offices: Iterable[OfficeCounts]) -> tuple[int, int]:
    """Roll and turnout of a machine: the largest over its elections."""
    sizes = [(office.registered or 0, office.turnout or 0) for office in offices]
    return max((roll for roll, _ in sizes), default=0), max((turnout for _, turnout in sizes), default=0)


def office_name(number: int) -> str:
    """An office in the words of the format; a question by its number."""
    return OFFICES.get(number, f"consulta {number}")


def lawful_choices(office: int, year: int) -> int:
    """Votes that a voter has for an office where no file says it."""
    return _TWO_SENATORS if office == SENATOR and year % 8 == 2 else 1


def by_office(counts: Iterable[OfficeCounts]) -> dict[tuple[int, int], OfficeCounts]:
    """Counts by election and office."""
    return {(each.election, each.office): each for each in counts}


UNIT_PARTS = ("municipio", "zona", "secao")


def contest_id(election: int, office: int) -> str:
    """Identifier of a contest: election and office by their numbers."""
    return f"{election}/{office}"


def add_section(builder: TallyBuilder, section: UrnaSection, offices: list[OfficeCounts], year: int) -> None:
    """Add the counts of one section.

    A line that is not there means no votes: blank and null votes are always said.
    """
    unit = builder.unit(*section.unit_parts)
    for office in offices:
        vote_for = office.votes_per_voter or lawful_choices(office.office, year)
        contest = builder.contest(
            DumpContest(contest_id(office.election, office.office), office_name(office.office), vote_for)
        )
        builder.count(
            unit,
            contest,
            NOT_GIVEN if office.registered is None else office.registered,
            NOT_GIVEN if office.turnout is None else office.turnout,
        )
        builder.add(unit, contest, TallyKind.BLANK, office.blank)
        builder.add(unit, contest, TallyKind.NULL, office.null)
        for number, votes in office.nominal.items():
            party = office.parties.get(number)
            choice = builder.choice(DumpChoice(contest, f"{number}", f"{number}", "" if party is None else f"{party}"))
            builder.add(unit, contest, TallyKind.CHOICE, votes, choice)
        for party, votes in office.party.items():
            name = f"legenda {party}"
            choice = builder.choice(DumpChoice(contest, name, name, f"{party}", ChoiceKind.PARTY))
            builder.add(unit, contest, TallyKind.CHOICE, votes, choice)


PHASES = {"s": 1, "o": 2, "t": 3}
"""Letters of names and numbers of contents: rehearsal, official, training."""
_NAME = re.compile(
    r"(?P<phase>[ost])(?P<vote>\d{5})(?:-|[a-z]{2})(?P<town>\d{5})(?P<zone>\d{4})(?P<section>\d{4})"
    r"(?:\.|-)(?P<kind>[a-z]+(?:\.[a-z]+)?)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class UrnaSection:
    """Section and vote that a file name states.

    Attributes:
        phase: as in `PHASES`; 0 where it is not said.
        vote: number of the ``pleito``, a voting day; 0 where it is not said.
        municipality, zone, section: numbers of the electoral court.
    """

    phase: int
    vote: int
    municipality: int
    zone: int
    section: int

    @property
    def unit_parts(self) -> tuple[str, str, str]:
        """Municipality, zone and section as in the names of files."""
        return f"{self.municipality:05}", f"{self.zone:04}", f"{self.section:04}"

    @property
    def unit(self) -> str:
        """The name of the unit."""
        return "/".join(self.unit_parts)


def section_of_name(name: str) -> tuple[UrnaSection, str] | None:
    """The section and the kind of file that a name is for, as ``bu`` or ``bu.dat``; None for other names."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    numbers = (int(found[key]) for key in ("vote", "town", "zone", "section"))
    return UrnaSection(PHASES[found["phase"].lower()], *numbers), found["kind"].lower()
