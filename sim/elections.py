"""The elections that can be simulated: their choices with the national votes, turnout, blanks, arrival profile.

National votes and turnout are the ministry's published totals; turnout and blanks are those of the machine communes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A choice as the préfecture's list and the published results write it; ``votes`` is the national total."""

    sex: str
    surname: str
    first_name: str
    votes: int

    @property
    def label(self) -> str:
        """The choice's name on the panel and in `choix.csv`."""
        return f"{self.surname} {self.first_name}"


LATE_MORNING = 0.75
"""Turnout at 12h in late cities, of the national one: Hauts-de-Seine 19.13 %, the country 25.48 % (10 April 2022)."""
LATE_EVENING = 1 / 3
"""Share of those missing at 12h there who come after 17h, the others before: assumed."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Official cumulative turnout of metropolitan France, in hundredths of a per cent of the registered voters."""

    noon: int
    five: int
    final: int

    def late(self) -> Profile:
        """That of a city whose bureaux are open until 20h: fewer before 12h, more in the afternoon and evening."""
        later = round(self.noon * (1.0 - LATE_MORNING))
        return Profile(self.noon - later, self.five - round(later * LATE_EVENING), self.final)


PROFILES: dict[str, Profile] = {
    "2007-P1": Profile(3121, 7387, 8378),
    "2007-P2": Profile(3411, 7511, 8397),
    "2012-P1": Profile(2829, 7059, 7948),
    "2012-P2": Profile(3066, 7196, 8035),
    "2017-P1": Profile(2854, 6942, 7777),
    "2017-P2": Profile(2823, 6530, 7456),
    "2022-P1": Profile(2548, 6500, 7369),
    "2022-P2": Profile(2641, 6323, 7199),
}
"""By election and round: at 12h, at 17h, final. Ministry of the Interior, as reported by francebleu.fr, rtl.fr,
tf1info.fr, francetvinfo.fr (2022), sputniknews, tahiti-infos (2017, 2007), huffingtonpost.fr (2012). The figure at 17h
of 2007-P1 and the finals of 2012-P2, 2017-P1, 2017-P2 and 2022-P2 are from memory and were not checked."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One election day: what is voted on, and how the machine communes behave on average.

    Attributes:
        turnout: votes found among the registered, of all machine communes.
        blanks: blank votes among the votes found, on machines.
        paper_blanks, paper_nulls: blank and null votes among the votes found, of the whole country.
        opening: hour of the opening.
        closing: hour of the closing, ``late_closing`` in the late cities.
    """

    id: str
    name: str
    date: datetime.date
    round: int
    profile: str
    turnout: float
    blanks: float
    paper_blanks: float
    paper_nulls: float
    candidates: tuple[Candidate, ...]
    opening: int = 8
    closing: int = 19
    late_closing: int = 20

    @property
    def labels(self) -> tuple[str, ...]:
        """The choices in panel order."""
        return tuple(candidate.label for candidate in self.candidates)


SCENARIOS: dict[int, Scenario] = {
    2022: Scenario(
        id="presidentielle-2022",
        name="Élection du Président de la République 2022, premier tour",
        date=datetime.date(2022, 4, 10),
        round=1,
        profile="2022-P1",
        turnout=0.735,
        blanks=0.023,
        paper_blanks=0.0151,
        paper_nulls=0.0069,
        candidates=(
            Candidate("F", "ARTHAUD", "Nathalie", 197_094),
            Candidate("M", "ROUSSEL", "Fabien", 802_422),
            Candidate("M", "MACRON", "Emmanuel", 9_783_058),
            Candidate("M", "LASSALLE", "Jean", 1_101_387),
            Candidate("F", "LE PEN", "Marine", 8_133_828),
            Candidate("M", "ZEMMOUR", "Éric", 2_485_226),
            Candidate("M", "MÉLENCHON", "Jean-Luc", 7_712_520),
            Candidate("F", "HIDALGO", "Anne", 616_478),
            Candidate("M", "JADOT", "Yannick", 1_627_853),
            Candidate("F", "PÉCRESSE", "Valérie", 1_679_001),
            Candidate("M", "POUTOU", "Philippe", 268_904),
            Candidate("M", "DUPONT-AIGNAN", "Nicolas", 725_176),
        ),
    ),
    2017: Scenario(
        id="presidentielle-2017",
        name="Élection du Président de la République 2017, premier tour",
        date=datetime.date(2017, 4, 23),
        round=1,
        profile="2017-P1",
        turnout=0.777,
        blanks=0.026,
        paper_blanks=0.0178,
        paper_nulls=0.0078,
        candidates=(
            Candidate("M", "DUPONT-AIGNAN", "Nicolas", 1_695_000),
            Candidate("F", "LE PEN", "Marine", 7_678_491),
            Candidate("M", "MACRON", "Emmanuel", 8_656_346),
            Candidate("M", "HAMON", "Benoît", 2_291_288),
            Candidate("F", "ARTHAUD", "Nathalie", 232_384),
            Candidate("M", "POUTOU", "Philippe", 394_505),
            Candidate("M", "CHEMINADE", "Jacques", 65_586),
            Candidate("M", "LASSALLE", "Jean", 435_301),
            Candidate("M", "MÉLENCHON", "Jean-Luc", 7_059_951),
            Candidate("M", "ASSELINEAU", "François", 332_547),
            Candidate("M", "FILLON", "François", 7_212_995),
        ),
    ),
}
"""By year."""
