"""The elections that can be simulated: their choices with the national votes, turnout, blanks, arrival profile.

National votes and turnout are the ministry's published totals; turnout and blanks are those of the machine communes.
"""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from typing import Any

from sim.tables import rows_of, text_of


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as the préfecture's list and the published results write it.

    Attributes:
        label: its name on the panel and in `choix.csv`.
        cells: published cells between its number and its votes.
        votes: the national total; of one that never stood, how often it is chosen compared with the others.
    """

    label: str
    cells: tuple[str, ...]
    votes: int


def choices_of(election: str, round_: int = 1) -> tuple[Choice, ...]:
    """The choices of a poll in panel order, as `choices.csv` has them."""
    return tuple(
        Choice(row["label"], tuple(row["cells"].split(";")), int(row["votes"]))
        for row in rows_of("choices.csv")
        if (row["election"], row["round"]) == (election, str(round_))
    )


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
        """The profile of a city whose bureaux are open until 20h: fewer before 12h, more in the evening."""
        later = round(self.noon * (1.0 - LATE_MORNING))
        return Profile(self.noon - later, self.five - round(later * LATE_EVENING), self.final)

    @property
    def parts(self) -> tuple[float, float, float]:
        """Shares of the final voters who came before 12h, from 12h to 17h, and after 17h."""
        return self.noon / self.final, (self.five - self.noon) / self.final, 1.0 - self.five / self.final


PROFILES: dict[str, Profile] = {
    row["name"]: Profile(int(row["noon"]), int(row["five"]), int(row["final"])) for row in rows_of("turnouts.csv")
}
"""By the names of `turnouts.csv`, which says whose figures these are."""


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
    candidates: tuple[Choice, ...]
    opening: int = 8
    closing: int = 19
    late_closing: int = 20
    type: str = "presidentielle"
    kind: str = "candidat"
    poll: int = 1
    day: str = ""
    second: Scenario | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Key of the poll in every random stream: election and round."""
        return self.id, self.round

    @property
    def polls(self) -> tuple[Scenario, ...]:
        """All polls of the day, this one first."""
        return (self,) if self.second is None else (self, self.second)

    @property
    def labels(self) -> tuple[str, ...]:
        """The choices in panel order."""
        return tuple(candidate.label for candidate in self.candidates)


def _scenario(entry: dict[str, Any]) -> Scenario:
    second = entry.pop("second", None)
    return Scenario(**entry, candidates=choices_of(entry["id"]), second=None if second is None else _scenario(second))


SCENARIOS: dict[int, Scenario] = {
    int(year): _scenario(entry) for year, entry in tomllib.loads(text_of("scenarios.toml")).items()
}
"""By year."""
