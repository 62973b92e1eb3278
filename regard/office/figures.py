"""The figures of a plan: means over simulated days with their intervals of 95 %, as days are independent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from protocol.arrays import Floats, Ints
from regard.office.contents import (
    BureauFigures,
    Estimate,
    OutageCost,
    PlanHour,
    ScenarioDifference,
    ScenarioFigures,
    TownFigures,
    WaitCost,
)
from regard.office.scenarios import PlanScenario
from sim.queues.town import TownBureau, TownDays, quantile

_NORMAL = 1.959963984540054
"""Half width of the 95 % interval of a normal variable, in standard deviations."""


def student(freedom: int) -> float:
    """Half width of the 95 % interval of Student's t, by Cornish and Fisher: to 0.001 from 4 degrees of freedom on."""
    z = _NORMAL
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom**power) for power, term in enumerate(terms, 1))


def around(mean: float, deviations: Ints | Floats) -> Estimate:
    """A mean and its interval.

    Args:
        mean: of a figure.
        deviations: of each day, or of each batch of days, from a value that is the same for all; shape ``(n,)``.
    """
    count = len(deviations)
    if count < 2:
        return Estimate(mean, mean, mean)
    half = student(count - 1) * float(np.std(deviations, ddof=1)) / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half)


def mean_of(values: Ints | Floats, unit: float = 1.0) -> Estimate:
    """The mean of a figure of each day, in that unit; where no day is below 0, nor is its interval."""
    found = around(float(values.mean()) / unit, values / unit)
    return found if (values < 0).any() else replace(found, low=max(found.low, 0.0))


def ratio_deviations(sums: Ints, counts: Ints) -> tuple[float, Floats]:
    """A ratio of two sums over the days, and how each day moves it (the delta method), shape ``(days,)``.

    The wait of a person is the sum of all waits over the number of all people; a day with more people counts more.
    """
    people = int(counts.sum())
    if not people:
        return 0.0, np.zeros(len(counts))
    ratio = int(sums.sum()) / people
    return ratio, (sums - ratio * counts) * (len(counts) / people)


def ratio_of(sums: Ints, counts: Ints, unit: float = 1.0) -> Estimate:
    """The ratio of two sums over the days, in that unit."""
    ratio, moves = ratio_deviations(sums, counts)
    return around(ratio / unit, moves / unit)


MINUTE = 60_000
HOUR = 60 * MINUTE
SHARE = 0.95
"""Share of the voters who wait no longer than the stated time."""


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario that was simulated.

    Attributes:
        limit: milliseconds that the mean of the longest wait is to stay within.
        without: the same days without the machine that is out; None where none is.
        calm: the same days without any failure; None where there is none.
    """

    scenario: PlanScenario
    bureaux: Sequence[TownBureau]
    days: TownDays
    limit: int
    without: TownDays | None = None
    calm: TownDays | None = None

    def town(self) -> TownDays:
        """The days of the whole town: where one machine is out, it is that of the bureau where it costs most."""
        return self.days if self.without is None else only_in(self.days, self.without, self.worst())

    def worst(self) -> int:
        """The bureau where the machine that is out costs most."""
        before = self.days.longest if self.without is None else self.without.longest
        return int((self.days.longest - before).sum(axis=0).argmax())


def only_in(there: TownDays, elsewhere: TownDays, bureau: int) -> TownDays:
    """Combine two sets of days: one bureau from ``there``, all others from ``elsewhere``."""
    by_bureau = {"waits", "arrivals", "lost_by_hour", "waited_by_hour", "queues"}
    mixed: dict[str, Any] = {}
    for each in fields(TownDays):
        old, new = getattr(elsewhere, each.name), getattr(there, each.name)
        if isinstance(old, np.ndarray):
            value = old.copy()
            if each.name in by_bureau:
                value[bureau] = new[bureau]
            else:
                value[:, bureau] = new[:, bureau]
            mixed[each.name] = value
    return replace(elsewhere, **mixed)


def scenario_figures(played: Played, first: Played | None) -> ScenarioFigures:
    """All figures of a scenario; ``first`` is the one to compare it with, None for itself."""
    town = played.town()
    bureaux = tuple(bureau_figures(played, at) for at in range(len(played.bureaux)))
    shown = list(bureaux)
    if played.without is not None:
        before = replace(played, days=played.without, without=None)
        shown = [bureau_figures(before, at) for at in range(len(bureaux))]
        shown[played.worst()] = bureaux[played.worst()]
    return ScenarioFigures(
        name=played.scenario.name,
        settings=played.scenario.settings,
        told=played.scenario.told,
        town=_town(town, shown, None if played.scenario.circumstances.patience is None else played.calm),
        bureaux=bureaux,
        difference=None if first is None else _difference(played, first, town, shown),
        outage=None if played.without is None else _outage(played, played.without),
        calm=None if played.calm is None else tuple(_hours(played, played.calm, at) for at in range(len(bureaux))),
    )


def bureau_figures(played: Played, at: int) -> BureauFigures:
    """All figures of a bureau, by its place in the list."""
    days, bureau = played.days, played.bureaux[at]
    voters = days.people[:, at] - days.lost[:, at]
    longest = mean_of(days.longest[:, at], MINUTE)
    return BureauFigures(
        bureau=bureau,
        people=float(days.people[:, at].mean()),
        lost=float(days.lost[:, at].mean()),
        wait=ratio_of(days.waited[:, at], voters, MINUTE),
        p95=around(int(days.wait_within(SHARE)[at]) / MINUTE, days.p95[:, at] / MINUTE),
        longest=longest,
        longest_worst=int(days.longest[:, at].max()) / MINUTE,
        queue=float(days.queue[:, at].mean()),
        queue_worst=int(days.queue[:, at].max()),
        last=float(days.last[:, at].mean()) / HOUR,
        last_worst=int(days.last[:, at].max()) / HOUR,
        above=int(days.longest[:, at].sum()) > played.limit * len(days.longest),
        unsure=longest.holds(played.limit / MINUTE),
        by_hour=_hours(played, days, at),
    )


def _hours(played: Played, days: TownDays, at: int) -> tuple[PlanHour, ...]:
    """Hours of one bureau while it is open, on days of a scenario."""
    count = len(days.longest)
    found = []
    for hour in range(*played.scenario.circumstances.hours(played.bureaux[at])):
        arrivals, lost, waited, queue = (
            int(column[at, hour - days.first_hour])
            for column in (days.arrivals, days.lost_by_hour, days.waited_by_hour, days.queues)
        )
        found.append(PlanHour(hour, arrivals / count, waited / max(arrivals - lost, 1) / MINUTE, queue / count))
    return tuple(found)


def _town(days: TownDays, bureaux: Sequence[BureauFigures], calm: TownDays | None) -> TownFigures:
    people, lost = days.people.sum(axis=1), days.lost.sum(axis=1)
    longest, last = days.longest.max(axis=1), days.last.max(axis=1)
    return TownFigures(
        people=float(people.mean()),
        lost=float(lost.mean()),
        wait=ratio_of(days.waited.sum(axis=1), people - lost, MINUTE),
        p95=int(quantile(days.waits.sum(axis=0, keepdims=True), SHARE)[0]) / MINUTE,
        longest=mean_of(longest, MINUTE),
        longest_worst=int(longest.max()) / MINUTE,
        above=sum(each.above for each in bureaux),
        unsure=sum(each.unsure for each in bureaux),
        last=float(last.mean()) / HOUR,
        last_worst=int(last.max()) / HOUR,
        failed=float(days.failed.sum(axis=1).mean()),
        without=float(days.without.sum(axis=1).mean()),
        lost_anyhow=None if calm is None else float(calm.lost.sum(axis=1).mean()),
    )


def _difference(played: Played, first: Played, town: TownDays, shown: Sequence[BureauFigures]) -> ScenarioDifference:
    """A scenario less the first, day by day: what both have in common does not blur it."""
    before = first.town()
    above = (int(each) > first.limit * len(before.longest) for each in before.longest.sum(axis=0))
    return ScenarioDifference(
        wait=_ratio_difference(town, before),
        longest=mean_of((town.longest - before.longest).mean(axis=1), MINUTE),
        lost=mean_of((town.lost - before.lost).sum(axis=1)),
        above=sum(each.above for each in shown) - sum(above),
        bureaux=tuple(
            mean_of(played.days.longest[:, at] - before.longest[:, at], MINUTE) for at in range(len(played.bureaux))
        ),
    )


def _ratio_difference(days: TownDays, before: TownDays) -> Estimate:
    (after, moves), (was, moved) = (
        ratio_deviations(each.waited.sum(axis=1), (each.people - each.lost).sum(axis=1)) for each in (days, before)
    )
    return around((after - was) / MINUTE, (moves - moved) / MINUTE)


def _outage(played: Played, without: TownDays) -> OutageCost:
    at, waits = played.worst(), (without.longest, played.days.longest)
    return OutageCost(
        played.bureaux[at],
        _cost(*(each[:, at] for each in waits)),
        _cost(*(each.mean(axis=1) for each in waits)),
    )


def _cost(before: Ints | Floats, after: Ints | Floats) -> WaitCost:
    return WaitCost(mean_of(before, MINUTE), mean_of(after, MINUTE), mean_of(after - before, MINUTE))
