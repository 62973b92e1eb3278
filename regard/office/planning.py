"""The plan of a town: scenarios simulated on the same days and compared, and the fewest machines that are enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version

from protocol.words import msg
from regard.office import assumptions
from regard.office.contents import (
    BureauNeed,
    Estimate,
    FewestOf,
    PlannedTown,
    Remedies,
    ServiceNeed,
    days_of_others,
)
from regard.office.figures import MINUTE, Played, mean_of, scenario_figures
from regard.office.scenarios import PlanScenario, check_outages
from regard.office.settings import ScenarioRefused
from regard.office.town_list import TownList
from sim.queues.days import town_days
from sim.queues.fewest import DaySums, Enough, Search
from sim.queues.town import Circumstances, Then, TownBureau, TownDays

Progress = Callable[[int, int], None]
"""Is called with the amount done and the total."""
MOST_FIGURES = 8000
"""Most bureaux times scenarios: each takes some 60 kB."""
SECONDS = (30.0, 36.0, 42.0, 48.0, 54.0, 60.0)
"""Mean seconds of a vote for which the fewest machines are computed, as no town knows its own."""
_ALWAYS = 10**6
"""Reserve machines: as many as bureaux need that are each simulated alone."""


@dataclass(frozen=True, slots=True)
class TownStudy:
    """Inputs of a plan: the list, the scenarios (the first is the list unchanged), and the simulation.

    ``limit`` is in minutes.
    """

    town: TownList
    scenarios: Sequence[PlanScenario]
    seed: int
    days: int
    limit: float

    @property
    def bureaux(self) -> list[TownBureau]:
        """The bureaux of the list."""
        return [each.bureau for each in self.town.bureaux]

    def play(self, pool: Executor, progress: Progress) -> list[Played]:
        """Simulate all scenarios on the same days, and those with failing machines also without failures.

        Args:
            pool: processes that simulate.
            progress: is called as days are done.

        Raises:
            ScenarioRefused: too many bureaux and scenarios, or a machine is out while no bureau is open, or in one
                named bureau.
        """
        if (count := len(self.bureaux) * len(self.scenarios)) > MOST_FIGURES:
            raise ScenarioRefused(
                msg("at most {most:n} bureaux times scenarios, got {count:n}", most=MOST_FIGURES, count=count)
            )
        if any("bureau" in each.settings for each in self.scenarios):
            raise ScenarioRefused(
                msg("bureau: for `regard simulate` only; a plan has the machine out in each bureau in turn")
            )
        check_outages(self.scenarios, self.bureaux)
        wanted: dict[Circumstances, None] = {}  # each once
        for each in self.scenarios:
            wanted[each.circumstances] = None
            if each.circumstances.outage is not None:
                wanted[replace(each.circumstances, outage=None)] = None
            if (calm := _without_failures(each.circumstances)) is not None:
                wanted[calm] = None
        found = town_days(self.bureaux, list(wanted), self.seed, self.days, pool, progress)
        days: dict[Circumstances, TownDays] = dict(zip(wanted, found, strict=True))
        return [
            Played(
                each,
                self.bureaux,
                days[each.circumstances],
                round(self.limit * MINUTE),
                days[replace(each.circumstances, outage=None)] if each.circumstances.outage is not None else None,
                None if (calm := _without_failures(each.circumstances)) is None else days[calm],
            )
            for each in self.scenarios
        ]


def _without_failures(circumstances: Circumstances) -> Circumstances | None:
    """The scenario without failing machines; None where none fails."""
    calm = replace(circumstances, breakdowns=None, outage=None)
    return None if calm == circumstances else calm


def plan_town(studied: TownStudy, played: Sequence[Played], pool: Executor, progress: Progress) -> PlannedTown:
    """Compare all scenarios, and find the fewest machines, tables and moved voters for the first.

    Args:
        studied: inputs of the plan.
        played: its scenarios, from `TownStudy.play`.
        pool: processes that simulate.
        progress: is called as days are done, from 0 again with each step of the search.
    """
    first = played[0]
    return PlannedTown(
        version=version("regard"),
        seed=studied.seed,
        days=studied.days,
        limit=studied.limit,
        inputs=(studied.town.source, *{each.file.path: each.file for each in studied.scenarios if each.file}.values()),
        assumptions=(*studied.town.assumptions, *assumptions.of_model(studied.scenarios)),
        bureaux=studied.town.bureaux,
        scenarios=tuple(scenario_figures(each, None if each is first else first) for each in played),
        fewest=_remedies(studied, first, pool, progress),
    )


def _remedies(studied: TownStudy, first: Played, pool: Executor, progress: Progress) -> Remedies:
    circumstances = first.scenario.circumstances
    failing = [circumstances.breakdowns, circumstances.outage]
    alone = any(each is not None and each.then is Then.RESERVE for each in failing)
    if alone:
        circumstances = replace(circumstances, reserves=_ALWAYS)

    def evaluate(bureaux: Sequence[TownBureau], days: int, service: float | None = None) -> TownDays:
        of = circumstances
        if service is not None:
            of = replace(of, service=replace(of.service, mean=service))
        [found] = town_days(bureaux, [of], studied.seed, days, pool, progress)
        return found

    def machines_at(seconds: float) -> ServiceNeed:
        if seconds == stated:
            return _need(seconds, studied.bureaux, enough, first.days)
        days = days_of_others(studied.days)
        at_seconds = partial(evaluate, service=seconds)
        played = at_seconds(studied.bureaux, days)
        others = Search(lambda bureaux, days: _sums(at_seconds(bureaux, days)), first.limit, days)
        others.learn(studied.bureaux, _sums(played))
        return _need(seconds, studied.bureaux, others.fewest(studied.bureaux), played)

    stated = circumstances.service.mean
    search = Search(lambda bureaux, days: _sums(evaluate(bureaux, days)), first.limit, studied.days)
    if not alone:
        search.learn(studied.bureaux, _sums(first.days))
    enough = search.fewest(studied.bureaux)
    return Remedies(
        machines=_fewest(studied, enough, "machines"),
        tables=_fewest(studied, enough, "tables"),
        moved=search.moves(studied.bureaux),
        alone=alone,
        by_service=tuple(map(machines_at, sorted({*SECONDS, stated}))),
        stated=stated,
    )


def _need(seconds: float, bureaux: Sequence[TownBureau], enough: Sequence[Enough], days: TownDays) -> ServiceNeed:
    """Count the machines needed with that time of a vote, by the mean waits and by both ends of their intervals."""
    found = [
        (bureau.machines, (each.bureau.machines, *each.ends))
        for bureau, each in zip(bureaux, enough, strict=True)
        if each.bureau is not None
    ]
    return ServiceNeed(
        seconds,
        mean_of(days.longest[:, int(days.longest.sum(axis=0).argmax())], MINUTE),
        Estimate(*(sum(needed[at] for _, needed in found) for at in range(3))),
        Estimate(*(sum(max(needed[at] - now, 0) for now, needed in found) for at in range(3))),
    )


def _sums(days: TownDays) -> list[DaySums]:
    """Sum the days of each bureau."""
    waits = [mean_of(each) for each in days.longest.T]
    halves = [round((each.high - each.mean) * len(days.longest)) for each in waits]
    return list(map(DaySums, days.longest.sum(axis=0).tolist(), days.lost.sum(axis=0).tolist(), halves))


def _fewest(studied: TownStudy, enough: Sequence[Enough], field: str) -> FewestOf:
    """Collect the fewest machines, or the fewest tables, by the name of their field."""

    def minutes(total: int | None) -> float | None:
        return None if total is None else total / studied.days / MINUTE

    needs = []
    for bureau, found in zip(studied.bureaux, enough, strict=True):
        needed = None if found.bureau is None else int(getattr(found.bureau, field))
        less = found.machine_less if field == "machines" else found.table_less
        wait = None if found.bureau is None else minutes(found.wait)
        lost, lost_now = (each / studied.days for each in (found.lost, found.lost_now))
        needs.append(BureauNeed(bureau, int(getattr(bureau, field)), needed, wait, minutes(less), lost, lost_now))
    return FewestOf(
        now=sum(need.now for need in needs), total=sum(need.needed or 0 for need in needs), bureaux=tuple(needs)
    )
