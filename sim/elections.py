"""The elections that can be simulated: their choices with the national votes, turnout, blanks, arrival profile.

National votes and turnout are the ministry's published totals; turnout and blanks are those of the machine communes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from protocol.words import Message, msg

PRESIDENTIAL = msg("presidential election")
MUNICIPAL = msg("municipal elections")
REGIONAL = msg("regional and départemental elections")
LEGISLATIVE = msg("legislative elections")
EUROPEAN = msg("European elections")
METROPOLE = msg("metropolitan France")
ONE_DECIMAL = msg("the end was found with one decimal only")


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

    @property
    def short(self) -> str:
        """The choice in a narrow table."""
        return self.surname

    @property
    def cells(self) -> tuple[str, ...]:
        """Published cells between its number and its votes."""
        return self.sex, self.surname, self.first_name


@dataclass(frozen=True, slots=True)
class InventedChoice:
    """A list or a pair of candidates that never stood; ``votes`` is how often it is chosen compared with the others."""

    label: str
    votes: int
    head: str = ""
    """Head of the list; empty for a pair."""

    @property
    def short(self) -> str:
        """The choice in a narrow table."""
        return self.label

    @property
    def cells(self) -> tuple[str, ...]:
        """Published cells between its number and its votes."""
        return (self.label, self.label, self.head) if self.head else ("DIV", self.label)


LATE_MORNING = 0.75
"""Turnout at 12h in late cities, of the national one: Hauts-de-Seine 19.13 %, the country 25.48 % (10 April 2022)."""
LATE_EVENING = 1.0
"""Share of those missing at 12h there who come after 17h, the others before. On 10 April 2022, as shares of all who
voted there, 8.5, 12.4 and 13.8 points fewer than in the country had come by 12h in Essonne, Seine-Saint-Denis and
Paris, and 11.3, 11.2 and 18.7 points fewer by 17h: 1.3, 0.9 and 1.4 times as many (`docs/studies/calibration.md`)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Official cumulative turnout, in hundredths of a per cent of the registered voters: at 12h, at 17h, at the end."""

    noon: int
    five: int
    final: int

    def late(self) -> Profile:
        """That of a city whose bureaux are open until 20h: fewer before 12h, more in the evening."""
        later = round(self.noon * (1.0 - LATE_MORNING))
        return Profile(self.noon - later, self.five - round(later * LATE_EVENING), self.final)

    @property
    def parts(self) -> tuple[float, float, float]:
        """Shares of the final voters who came before 12h, from 12h to 17h, and after 17h."""
        return self.noon / self.final, (self.five - self.noon) / self.final, 1.0 - self.five / self.final


@dataclass(frozen=True, slots=True)
class Turnout:
    """The turnout of an election as the ministry told it during the day, and at the end.

    Attributes:
        what: the kind of the election.
        round: 0 where there is one only.
        where: where the figures at 12h and 17h are of.
        sources: who reports the ministry's figures.
        caution: what was not found or is only nearly so; None: all three were found as they stand here.
    """

    profile: Profile
    what: Message
    year: int
    round: int
    sources: str
    where: Message = METROPOLE
    caution: Message | None = None


TURNOUTS: dict[str, Turnout] = {
    "2007-P1": Turnout(Profile(3121, 7387, 8378), PRESIDENTIAL, 2007, 1, "europe1.fr, banquedesterritoires.fr"),
    "2007-P2": Turnout(Profile(3411, 7511, 8397), PRESIDENTIAL, 2007, 2, "europe1.fr, enqueteplus.com"),
    "2012-P1": Turnout(Profile(2829, 7059, 7948), PRESIDENTIAL, 2012, 1, "enqueteplus.com, latribune.fr"),
    "2012-P2": Turnout(
        Profile(3066, 7196, 8035),
        PRESIDENTIAL,
        2012,
        2,
        "enqueteplus.com, rfi.fr",
        caution=msg("the end from memory; the government's provisional figure is 80.34 %"),
    ),
    "2014-M1": Turnout(Profile(2316, 5472, 6355), MUNICIPAL, 2014, 1, "20minutes.fr, linternaute.com"),
    "2014-M2": Turnout(Profile(1983, 5236, 6220), MUNICIPAL, 2014, 2, "actudaily.com, lalibre.be", caution=ONE_DECIMAL),
    "2017-P1": Turnout(Profile(2854, 6942, 7777), PRESIDENTIAL, 2017, 1, "sputniknews.com, interieur.gouv.fr"),
    "2017-P2": Turnout(Profile(2823, 6530, 7456), PRESIDENTIAL, 2017, 2, "sputniknews.com, interieur.gouv.fr"),
    "2020-M1": Turnout(Profile(1838, 3877, 4430), MUNICIPAL, 2020, 1, "actudaily.com, lalibre.be", caution=ONE_DECIMAL),
    "2021-R1": Turnout(Profile(1222, 2672, 3328), REGIONAL, 2021, 1, "huffingtonpost.fr, rfi.fr, francetvinfo.fr"),
    "2021-R2": Turnout(Profile(1266, 2789, 3469), REGIONAL, 2021, 2, "francebleu.fr, cnews.fr, francetvinfo.fr"),
    "2022-P1": Turnout(Profile(2548, 6500, 7369), PRESIDENTIAL, 2022, 1, "francebleu.fr, rtl.fr, interieur.gouv.fr"),
    "2022-P2": Turnout(Profile(2641, 6323, 7199), PRESIDENTIAL, 2022, 2, "tf1info.fr, touteleurope.eu"),
    "2022-P1-75": Turnout(
        Profile(1534, 5217, 7831),
        PRESIDENTIAL,
        2022,
        1,
        "rtl.fr, francebleu.fr, interieur.gouv.fr",
        where=msg("Paris"),
    ),
    "2022-P1-91": Turnout(
        Profile(1889, 5619, 7596),
        PRESIDENTIAL,
        2022,
        1,
        "tf1info.fr, 20minutes.fr, interieur.gouv.fr",
        where=msg("Essonne"),
    ),
    "2022-P1-93": Turnout(
        Profile(1471, 5171, 6978),
        PRESIDENTIAL,
        2022,
        1,
        "rtl.fr, 20minutes.fr, interieur.gouv.fr",
        where=msg("Seine-Saint-Denis"),
    ),
    "2022-L1": Turnout(Profile(1843, 3942, 4751), LEGISLATIVE, 2022, 1, "la-croix.com"),
    "2022-L2": Turnout(
        Profile(1899, 3811, 4623), LEGISLATIVE, 2022, 2, "francebleu.fr, linternaute.com, lifelines.name"
    ),
    "2024-E": Turnout(Profile(1981, 4526, 5150), EUROPEAN, 2024, 0, "la-croix.com", caution=ONE_DECIMAL),
    "2024-L1": Turnout(Profile(2590, 5939, 6671), LEGISLATIVE, 2024, 1, "la-croix.com, entrevue.fr"),
}
"""By year, kind (P presidential, M municipal, R regional and départemental, L legislative, E European) and round.

Figures at 12h and 17h are of metropolitan France or the département; the final ones of the whole country, with
overseas and abroad, or of the département. Metropolitan France alone ended 2017-P1 at 80.02 %, 2017-P2 at 76.26 % and
2022-P1 at 76.19 % (the ministry's results by département): its evening is larger by two and a half points than here.
"""

PROFILES: dict[str, Profile] = {name: turnout.profile for name, turnout in TURNOUTS.items()}
"""By the same names."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One election day: what is voted on, and how the machine communes behave on average.

    Where two polls are held on the day it is the first of them, and ``second`` the other one; who comes, and when, is
    that of the first.

    Attributes:
        name: of the poll.
        type: the poll's, as `election.toml` has it.
        kind: what its choices are, one of `protocol.night.CHOICE_TYPES`.
        poll: its number.
        day: the name of all that is held on the day, where it is not the poll's.
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
    candidates: tuple[Candidate | InventedChoice, ...]
    opening: int = 8
    closing: int = 19
    late_closing: int = 20
    type: str = "presidentielle"
    kind: str = "candidat"
    poll: int = 1
    day: str = ""
    second: Scenario | None = None

    @property
    def polls(self) -> tuple[Scenario, ...]:
        """All polls of the day, this one first."""
        return (self,) if self.second is None else (self, self.second)

    @property
    def labels(self) -> tuple[str, ...]:
        """The choices in panel order."""
        return tuple(candidate.label for candidate in self.candidates)


DEPARTEMENTAL_2021 = Scenario(
    id="elections-2021-06-20-2",
    name="Élections départementales 2021, premier tour",
    date=datetime.date(2021, 6, 20),
    round=1,
    profile="2021-R1",
    turnout=0.333,
    blanks=0.035,
    paper_blanks=0.028,
    paper_nulls=0.02,
    candidates=(
        InventedChoice("DURAND Anne et PETIT Luc", 31),
        InventedChoice("MOREAU Jeanne et ROUX Paul", 24),
        InventedChoice("GARNIER Louis et FAURE Claire", 19),
        InventedChoice("BLANC Hélène et LEROY Marc", 16),
        InventedChoice("MERCIER Hugo et COLIN Sophie", 10),
    ),
    closing=18,
    type="departementales",
    kind="binome",
    poll=2,
)
"""The second poll of that day: its pairs are invented, and its blank and null votes are assumed."""
REGIONAL_2021 = Scenario(
    id="elections-2021-06-20",
    name="Élections régionales 2021, premier tour",
    date=datetime.date(2021, 6, 20),
    round=1,
    profile="2021-R1",
    turnout=0.333,
    blanks=0.025,
    paper_blanks=0.02,
    paper_nulls=0.016,
    candidates=(
        InventedChoice("LISTE DU CHÊNE", 27, "MARTIN Alice"),
        InventedChoice("LISTE DU TILLEUL", 22, "BERNARD Jules"),
        InventedChoice("LISTE DE L'ÉRABLE", 18, "ROBERT Inès"),
        InventedChoice("LISTE DU BOULEAU", 13, "SIMON Victor"),
        InventedChoice("LISTE DU FRÊNE", 9, "LAURENT Zoé"),
        InventedChoice("LISTE DU SAULE", 7, "GIRARD Noël"),
        InventedChoice("LISTE DE L'ORME", 4, "ANDRÉ Rose"),
    ),
    closing=18,
    type="regionales",
    kind="liste",
    day="Élections régionales et départementales 2021, premier tour",
    second=DEPARTEMENTAL_2021,
)
"""The first poll of 20 June 2021, as many came as in the country; its lists are invented, the same everywhere, and its
blank and null votes are assumed."""

SCENARIOS: dict[int, Scenario] = {
    2021: REGIONAL_2021,
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
