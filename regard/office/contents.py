"""Contents of a plan, in minutes and people: shared by the screen, the JSON, the workbook and the page.

Waits and their differences are in minutes, times of day in hours since midnight (25.5 is half past one in the night),
counts in people. What is a mean over the simulated days has an interval of 95 %, of Student's t: days are independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from protocol.words import Text
from sim.queues.fewest import Moves
from sim.queues.town import TownBureau


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over the simulated days, and the ends of its interval."""

    mean: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Check that the interval contains a value: more days could put the mean on its other side."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class PlanInput:
    """A file that was read: its name as it is shown, what it was read as, and what of it was not used."""

    path: str
    size: int
    sha256: str
    note: Text
    unused: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedBureau:
    """A bureau of the list.

    Attributes:
        assumed: fields of `TownBureau` that the list does not say.
        row: of the list, as a spreadsheet counts.
    """

    bureau: TownBureau
    assumed: tuple[str, ...] = ()
    row: int = 0


@dataclass(frozen=True, slots=True)
class PlanHour:
    """One hour of the day in one bureau, on average over the days.

    Attributes:
        hour: of the day, 8 for 8h to 9h.
        arrivals: people who come.
        wait: of those who come then, in minutes.
        queue: the longest queue in that hour, in people.
    """

    hour: int
    arrivals: float
    wait: float
    queue: float


@dataclass(frozen=True, slots=True)
class BureauFigures:
    """Days of one bureau, in one scenario.

    Attributes:
        people: who come on a day, on average.
        lost: of these, who leave the queue; 0 where no patience was asked for.
        wait, p95: of all people, and what 95 of 100 of them do not wait longer than.
        longest: the longest wait of a day: what the limit is compared with.
        longest_worst: of the worst day.
        queue, queue_worst: the longest queue of a day, in people: on average, and of the worst day.
        last, last_worst: when the last voter is out, in hours.
        above: whether the mean of the longest wait is above the limit.
        unsure: whether its interval has the limit in it.
    """

    bureau: TownBureau
    people: float
    lost: float
    wait: Estimate
    p95: Estimate
    longest: Estimate
    longest_worst: float
    queue: float
    queue_worst: int
    last: float
    last_worst: float
    above: bool
    unsure: bool
    by_hour: tuple[PlanHour, ...]


@dataclass(frozen=True, slots=True)
class TownFigures:
    """Days of the whole town, in one scenario; as `BureauFigures`.

    Attributes:
        p95: over all days and bureaux.
        longest: the longest wait of a day in any of its bureaux.
        above, unsure: bureaux above the limit, and those whose interval has it in it, on either side.
        last, last_worst: when the last voter of the last bureau is out.
        failed: machines that fail on a day, on average; 0 where none was asked to.
        without: of these failures, for how many no reserve machine was left.
        lost_anyhow: as ``lost``, on the same days without failures; None where none fails, or nobody may leave.
    """

    people: float
    lost: float
    wait: Estimate
    p95: float
    longest: Estimate
    longest_worst: float
    above: int
    unsure: int
    last: float
    last_worst: float
    failed: float = 0.0
    without: float = 0.0
    lost_anyhow: float | None = None


@dataclass(frozen=True, slots=True)
class ScenarioDifference:
    """A scenario less the first, on the same days with the same people; minutes, people and bureaux.

    Attributes:
        wait, lost, above: of all people, of those who leave a queue, of bureaux above the limit.
        longest: the mean over bureaux of the day's longest wait.
        bureaux: of each bureau's longest wait, in the order of the list.
    """

    wait: Estimate
    longest: Estimate
    lost: Estimate
    above: int
    bureaux: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class WaitCost:
    """A longest wait on the same days without a machine out and with it, and how much longer it is."""

    before: Estimate
    after: Estimate
    more: Estimate


@dataclass(frozen=True, slots=True)
class OutageCost:
    """Cost of one machine out, by the longest wait in that bureau.

    Attributes:
        worst: the bureau where it costs most.
        at_worst: its cost there.
        at_random: the same, on average over all bureaux.
    """

    worst: TownBureau
    at_worst: WaitCost
    at_random: WaitCost


@dataclass(frozen=True, slots=True)
class ScenarioFigures:
    """One scenario.

    Attributes:
        name: as it was given, or what it changes.
        settings: what it was given, by key, as `--scenario` takes it; of the first, what holds for all.
        told: the same for people.
        bureaux: in the order of the list. Where one machine is out, each as if it were the one.
        town: where one machine is out, as if that happened in `outage.worst`.
        difference: to the first scenario; None for the first.
        outage: what the machine that is out costs; None where none is.
        calm: hours of each bureau on the same days without a failing machine; None where none fails.
    """

    name: Text
    settings: Mapping[str, str]
    told: tuple[Text, ...]
    town: TownFigures
    bureaux: tuple[BureauFigures, ...]
    difference: ScenarioDifference | None = None
    outage: OutageCost | None = None
    calm: tuple[tuple[PlanHour, ...], ...] | None = None

    def worst(self, count: int) -> tuple[BureauFigures, ...]:
        """The bureaux with the longest waits, the longest first."""
        order = sorted(range(len(self.bureaux)), key=lambda at: (-self.bureaux[at].longest.mean, at))
        return tuple(self.bureaux[at] for at in order[:count])


@dataclass(frozen=True, slots=True)
class BureauNeed:
    """The machines (or tables) that one bureau needs at least, and what its longest wait then is, in minutes.

    Attributes:
        now: how many it has.
        needed: the fewest that keep it within the limit; None where no number that was tried does.
        wait, one_less: with so many, and with one less; None where there is no such number, or none would be left.
        lost: people who leave a queue on a day with the fewest, on average; with those there are where no number does.
        lost_now: the same with those that it has. Both are 0 where no patience was asked for.
    """

    bureau: TownBureau
    now: int
    needed: int | None
    wait: float | None
    one_less: float | None
    lost: float = 0.0
    lost_now: float = 0.0


@dataclass(frozen=True, slots=True)
class FewestOf:
    """Of machines or of tables, how many the town needs at least.

    Attributes:
        now, total: how many it has, and the fewest, of the bureaux that some number keeps within the limit.
        bureaux: each bureau, in the order of the list.
    """

    now: int
    total: int
    bureaux: tuple[BureauNeed, ...]

    @property
    def more(self) -> tuple[BureauNeed, ...]:
        """The bureaux that need more than they have."""
        return tuple(need for need in self.bureaux if need.needed is not None and need.needed > need.now)

    @property
    def lacking(self) -> int:
        """Number that these bureaux need beside those that they have."""
        return sum((need.needed or 0) - need.now for need in self.more)

    @property
    def fewer(self) -> tuple[BureauNeed, ...]:
        """The bureaux that could give some."""
        return tuple(need for need in self.bureaux if need.needed is not None and need.needed < need.now)

    @property
    def beyond(self) -> tuple[BureauNeed, ...]:
        """The bureaux that no number keeps within the limit."""
        return tuple(need for need in self.bureaux if need.needed is None)

    @property
    def one_less(self) -> tuple[BureauNeed, BureauNeed] | None:
        """Bureaux in which one less hurts least and most; None if no bureau can have one less."""
        some = [need for need in self.bureaux if need.one_less is not None]
        if not some:
            return None
        return min(some, key=lambda need: need.one_less or 0.0), max(some, key=lambda need: need.one_less or 0.0)


@dataclass(frozen=True, slots=True)
class ServiceNeed:
    """The answer with a mean time of a vote.

    Attributes:
        seconds: of a vote.
        longest: the longest wait of a day, in minutes, in the bureau where it is longest, with the machines there are.
        machines: that are enough; bureaux that no number keeps within the limit are in none of these numbers.
        more: that bureaux lack.

    The ends of both numbers are what is enough if the wait of each bureau is at that end of its interval: they are of
    the days that happened to be drawn, at the assumptions as stated.
    """

    seconds: float
    longest: Estimate
    machines: Estimate
    more: Estimate


@dataclass(frozen=True, slots=True)
class Remedies:
    """Remedies that keep every bureau within the limit in the first scenario: machines, then tables, or moved voters.

    Attributes:
        machines: the fewest, with as many tables as they then need.
        tables: the fewest beside so many machines.
        moved: instead: with machines and tables as they are.
        alone: whether the bureaux were looked at one by one although they share reserve machines.
        by_service: the fewest machines by mean seconds for a vote: as stated on all days, with others on fewer.
        stated: the mean seconds for a vote of the first scenario.
    """

    machines: FewestOf
    tables: FewestOf
    moved: Moves
    alone: bool = False
    by_service: tuple[ServiceNeed, ...] = ()
    stated: float = 0.0


def in_several_communes(bureaux: Iterable[TownBureau]) -> bool:
    """Check that a bureau's code alone may be ambiguous."""
    return len({(each.insee, each.commune) for each in bureaux}) > 1


@dataclass(frozen=True, slots=True)
class PlannedTown:
    """A whole plan.

    Attributes:
        days: simulated days of each scenario.
        limit: minutes that the mean of a day's longest wait is to stay within.
        assumptions: what was assumed: of the list, and of the model.
        scenarios: at least one; the first is the list as it is.
        fewest: of the first scenario.
    """

    version: str
    seed: int
    days: int
    limit: float
    inputs: tuple[PlanInput, ...]
    assumptions: tuple[Text, ...]
    bureaux: tuple[PlannedBureau, ...]
    scenarios: tuple[ScenarioFigures, ...]
    fewest: Remedies

    @property
    def first(self) -> ScenarioFigures:
        """The scenario that the others are compared with."""
        return self.scenarios[0]

    @property
    def loses(self) -> bool:
        """True if people may leave the queues in the first scenario."""
        return "patience" in self.first.settings

    @property
    def leaving(self) -> tuple[float, float] | None:
        """People who leave a queue on a day in the whole town, as it is and with the fewest machines and tables.

        Bureaux that no number keeps within the limit stay as they are. None where nobody may leave, and where a machine
        is out: each bureau is then looked at as if it were one of its own, and there is no such day.
        """
        if not self.loses or self.first.outage is not None:
            return None
        needs = self.fewest.machines.bureaux
        return sum(need.lost_now for need in needs), sum(need.lost for need in needs)

    @property
    def several_communes(self) -> bool:
        """True if a bureau's code alone is ambiguous."""
        return in_several_communes(each.bureau for each in self.bureaux)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """All of it, as `regard plan --json` writes it, its texts in that language."""
        from regard.office.plan_json import document  # noqa: PLC0415 - which imports this one

        return document(self, language)


_RANGE_PART, _LEAST_DAYS = 10, 20
"""The fewest machines for other seconds a vote are sought on a tenth of the days, and on this number at least."""


def days_of_others(days: int) -> int:
    """Number of days on which other seconds a vote are tried, of so many in all."""
    return max(min(days, _LEAST_DAYS), days // _RANGE_PART)
