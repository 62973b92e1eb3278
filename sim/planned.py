"""A town's day as it was planned, to be played on real machines: who comes when, which machines fail.

People and failures are those of `sim.queues.days`. What people choose is drawn apart, from a stream that knows nothing
of them, so that no choice can be read off a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any

from protocol.words import msg, nmsg
from sim.bureaux import Bureau
from sim.elections import Scenario
from sim.equipment import Conduct
from sim.errors import UnfitTown
from sim.faults.conduct import LATE_OPENING, opened_late
from sim.faults.model import Effect
from sim.queues.days import PlannedDay, day_of
from sim.queues.town import Circumstances
from sim.towns import Town
from sim.voters import HOUR, Voters, draw_choices, with_second

PAPER_OF_A_LIST = "studies"
"""Care of counting in the paper bureaux of a town's list, if none is given."""


@dataclass(frozen=True, slots=True)
class PlannedNight:
    """A night of a town's own bureaux, on one of the days that were planned.

    Attributes:
        day: its number, from 1.
        about: what else the night's manifest is to say of where it comes from.
        struck: INSEE code and code of the bureau whose machine is out, where one is; None: every bureau is struck.

    """

    town: Town
    circumstances: Circumstances
    day: int = 1
    about: Mapping[str, object] = field(default_factory=dict)
    struck: tuple[str, str] | None = None

    def scenario(self, scenario: Scenario) -> Scenario:
        """An election as it is held there: the hours are those of most bureaux.

        Raises:
            UnfitTown: it has not as many polls as the day.
        """
        polls = len(scenario.polls)
        if self.circumstances.polls != polls:
            raise UnfitTown(
                msg(
                    "the day of the plan has {planned}, and the election of {year} has {held}",
                    planned=nmsg("{count:n} poll", "{count:n} polls", self.circumstances.polls),
                    year=scenario.date.year,
                    held=nmsg("{count:n} poll", "{count:n} polls", polls),
                )
            )
        opening, closing = self.town.hours
        return replace(scenario, opening=opening, closing=closing)

    def care(self, asked: str | None) -> str | None:
        """Care of the count in its paper bureaux, one of `sim.parameters.PAPER_CARE`; None without any.

        Raises:
            UnfitTown: something was asked for, and there are none.
        """
        if any(not bureau.machines for _, bureau in self.town.bureaux):
            return asked or PAPER_OF_A_LIST
        if asked is not None:
            raise UnfitTown(msg("--mixed says nothing: every bureau of the list has a machine"))
        return None

    def manifest(self) -> dict[str, object]:
        """Describe the plan for the night's manifest."""
        where = {} if self.struck is None else {"struck": list(self.struck)}
        circumstances = _plain(asdict(self.circumstances))
        if not self.circumstances.first_only:
            del circumstances["first_only"]
        return {"jour": self.day, "circonstances": circumstances | where, **self.about}

    def days(self, seed: int) -> dict[tuple[str, str], PlannedDay]:
        """The day of each bureau, by INSEE code and code. Who votes on paper takes as long as in a booth.

        Where one bureau is struck, the others have the day of the plan in which no machine is out.
        """
        of = self.circumstances
        on_paper = replace(of, service=of.booth, breakdowns=None, outage=None)
        found: dict[tuple[str, str], PlannedDay] = {}
        for circumstances, paper in ((of, False), (on_paper, True)):
            bureaux = [pair for pair in self.town.bureaux if (not pair[1].machines) is paper]
            planned = day_of([listed for listed, _ in bureaux], circumstances, seed, self.day - 1)
            found |= {bureau.key: day for (_, bureau), day in zip(bureaux, planned, strict=True)}
        if of.outage is None or self.struck is None:
            return found
        return replace(self, circumstances=replace(of, outage=None)).days(seed) | {self.struck: found[self.struck]}


def year_of(year: int | None, planned: PlannedNight | None) -> int:
    """The year of the election that is held: where none is asked for, one with as many polls as the day has."""
    if year is not None:
        return year
    return 2022 if planned is None or planned.circumstances.polls == 1 else 2021


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value.value if isinstance(value, Enum) else value


def with_choices(seed: int, scenario: Scenario, bureau: Bureau, day: PlannedDay) -> Voters:
    """The people of a planned day, with what they will choose."""
    choices = day.voters.choices.copy()
    cast = choices >= 0
    choices[cast] = draw_choices(seed, scenario, bureau, int(cast.sum()))
    voters = replace(day.voters, choices=choices)
    return voters if scenario.second is None else with_second(seed, scenario.second, bureau, voters)


def planned_conduct(bureau: Bureau, day: PlannedDay) -> Conduct:
    """A day by the rules, but for what was planned to go wrong."""
    return Conduct(
        opening_delay=(day.opening - bureau.opening * HOUR) // 1000,
        interruptions=list(day.failures),
    )


def planned_effects(conduct: Conduct) -> list[tuple[str, Effect]]:
    """List irregularities of a planned day as the equivalent faults, for the night's truth."""
    return [(LATE_OPENING, opened_late(conduct.opening_delay))] if conduct.opening_delay else []
