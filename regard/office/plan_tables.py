"""The tables of a plan, made once for its page and for the screen; figures as people of the language write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from protocol.words import Language, Text, msg, pmsg
from regard.office.contents import BureauFigures, Estimate, PlannedBureau, PlannedTown, ScenarioFigures
from regard.office.queue_strip import hour_name
from regard.office.wording import (
    LEAVE,
    NOTHING,
    change,
    changed_needs,
    clock,
    outage_said,
    people_leaving,
    whole_span,
)
from regard.terminal import clean
from sim.queues.town import TownBureau

STEP = 200
"""Registered voters by which bureaux are grouped."""
WORST = 5
"""Bureaux with the longest waits that a plan names."""
_LEFT = msg("Leave without voting, people a day")
_LEFT_THEN = msg("Leave without voting then, people a day")
_MIN, _MACHINES = msg("longest (min)"), msg("machines")


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A table.

    Attributes:
        texts: columns that hold no figures, by their number from 0.
        brief: those that the screen shows beside the first, with their heads there.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: frozenset[int]
    brief: Mapping[int, str]


class PlanTables:
    """Makes them.

    Args:
        plan: what was found.
        words: the language.
    """

    def __init__(self, plan: PlannedTown, words: Language) -> None:
        self._plan, self._words = plan, words
        self._losing = plan.loses
        self._may_lose = self._losing or any("patience" in each.settings for each in plan.scenarios)
        self._count, self._minutes = words.number, words.decimal

    def service(self) -> PlanTable:
        """The machines that are enough with other seconds a vote."""
        head = (
            msg("Seconds a vote"),
            msg("Longest wait of the day (min)"),
            msg("Machines that are enough"),
            msg("Machines to add"),
        )
        rows = [
            (
                self._words.show(msg("{seconds:g} s", seconds=each.seconds)),
                self._interval(each.longest),
                whole_span(each.machines, self._words),
                whole_span(each.more, self._words),
            )
            for each in self._plan.fewest.by_service
        ]
        brief = {1: _MIN, 2: msg("machines enough"), 3: msg("to add")}
        return self._table(msg("The fewest machines, by the seconds of a vote"), head, rows, brief=brief)

    def sizes(self) -> PlanTable:
        """Waits by the size of the bureau."""
        groups: dict[int, list[BureauFigures]] = {}
        for each in self._plan.first.bureaux:
            groups.setdefault(each.bureau.registered // STEP, []).append(each)
        rows = [
            (
                f"{self._words.number(group * STEP)}–{self._words.number(group * STEP + STEP - 1)}",
                self._count(len(members)),
                self._count(sum(each.above for each in members)),
                self._minutes(sum(each.longest.mean for each in members) / len(members)),
                self._minutes(max(each.longest.mean for each in members)),
                self._count(round(max(each.queue for each in members))),
            )
            for group, members in sorted(groups.items())
        ]
        head = (
            msg("Registered"),
            msg("Bureaux"),
            msg("Above the limit"),
            msg("Longest wait, mean (min)"),
            msg("Longest wait of all (min)"),
            msg("Longest queue"),
        )
        return self._table(msg("Waits by bureau size"), head, rows)

    def hours(self) -> PlanTable:
        """The town by hour."""
        by_hour: dict[int, list[tuple[float, float, float]]] = {}
        for each in self._plan.first.bureaux:
            for of in each.by_hour:
                by_hour.setdefault(of.hour, []).append((of.arrivals, of.wait, of.queue))
        rows = []
        for hour, found in sorted(by_hour.items()):
            arrivals = sum(people for people, _, _ in found)
            waited = sum(people * wait for people, wait, _ in found)
            rows.append(
                (
                    hour_name(hour, self._words),
                    self._count(round(arrivals)),
                    self._minutes(waited / arrivals if arrivals else 0.0),
                    self._count(round(sum(queue for *_, queue in found) / len(found))),
                    self._count(round(max(queue for *_, queue in found))),
                )
            )
        head = (
            msg("Hour"),
            msg("Arrivals"),
            msg("Mean wait (min)"),
            msg("Queue, mean of the bureaux"),
            msg("Longest queue of all"),
        )
        return self._table(msg("Arrivals, wait and queue by hour"), head, rows)

    def worst(self) -> PlanTable:
        """The bureaux with the longest waits."""
        head = (
            msg("Bureau"),
            msg("Registered"),
            msg("Machines"),
            msg("Longest wait of the day (min)"),
            msg("95 of 100 wait at most (min)"),
            msg("Longest queue"),
            msg("Last one out"),
            *((_LEFT,) if self._losing else ()),
        )
        rows = [
            (
                self._named(each.bureau),
                self._count(each.bureau.registered),
                self._count(each.bureau.machines),
                self._interval(each.longest),
                self._interval(each.p95),
                self._count(round(each.queue)),
                self._time(each.last),
                *((self._people(each.lost),) if self._losing else ()),
            )
            for each in self._plan.first.worst(WORST)
        ]
        brief = {3: _MIN, 1: msg("registered"), 2: _MACHINES, 5: msg("queue"), 6: msg("last out")}
        return self._table(msg("The bureaux with the longest waits"), head, rows, brief=brief)

    def bureaux(self) -> PlanTable:
        """All bureaux as they are planned; what the list does not say has a star."""
        head = (
            msg("Bureau"),
            msg("Registered"),
            msg("Machines"),
            msg("Tables"),
            msg("Hours"),
            msg("Mean wait (min)"),
            msg("95 of 100 wait at most (min)"),
            msg("Longest wait of the day (min)"),
            msg("On the worst day (min)"),
            msg("Longest queue"),
            msg("Last one out"),
            *((_LEFT,) if self._losing else ()),
            msg("Limit"),
        )
        rows = [
            self._bureau(planned, each)
            for planned, each in zip(self._plan.bureaux, self._plan.first.bureaux, strict=True)
        ]
        return self._table(msg("All bureaux"), head, rows, {0, len(head) - 1})

    def _bureau(self, planned: PlannedBureau, each: BureauFigures) -> tuple[str, ...]:
        bureau = each.bureau

        def starred(shown: str, *fields: str) -> str:
            return f"{shown} *" if set(fields) & set(planned.assumed) else shown

        opening, closing = (hour_name(hour, self._words) for hour in (bureau.opening, bureau.closing))
        return (
            self._named(each.bureau),
            starred(self._count(bureau.registered), "registered"),
            starred(self._count(bureau.machines), "machines"),
            starred(self._count(bureau.tables), "tables"),
            starred(f"{opening}–{closing}", "opening", "closing"),
            self._minutes(each.wait.mean),
            self._minutes(each.p95.mean),
            self._interval(each.longest),
            self._minutes(each.longest_worst),
            self._count(round(each.queue)),
            self._time(each.last),
            *((self._people(each.lost),) if self._losing else ()),
            self._words.show(self._state(each)),
        )

    def _state(self, each: BureauFigures) -> Text:
        if each.unsure:
            return msg("too close to say")
        return pmsg("the limit is", "above") if each.above else pmsg("the limit is", "within")

    def scenario_names(self) -> list[str]:
        """The scenarios with their numbers."""
        named = enumerate(self._plan.scenarios, 1)
        return [clean(f"{number}. {self._words.show(each.name)}") for number, each in named]

    def scenarios(self) -> PlanTable:
        """The town in each scenario, compared with the first."""
        head = (
            msg("Scenario"),
            msg("Above the limit, of {count:n}", count=len(self._plan.bureaux)),
            msg("Mean wait (min)"),
            msg("Longest wait of the day, where it is longest (min)"),
            msg("Longest wait of a bureau: difference to the first scenario, or cost of the breakdown alone (min)"),
            msg("Last one out"),
            *((_LEFT,) if self._may_lose else ()),
        )
        rows = [
            (
                name,
                self._count(each.town.above),
                self._interval(each.town.wait),
                self._interval(each.worst(1)[0].longest),
                self._difference(each),
                self._time(each.town.last),
                *((self._left(each),) if self._may_lose else ()),
            )
            for name, each in zip(self.scenario_names(), self._plan.scenarios, strict=True)
        ]
        brief = {3: _MIN, 1: msg("over limit"), 4: msg("difference")}
        brief |= {6: LEAVE} if self._may_lose else {}
        return self._table(msg("Scenarios compared"), head, rows, brief=brief)

    def _difference(self, each: ScenarioFigures) -> str:
        """To the first scenario; where a machine is out, of the bureau where it costs most and of one at random."""
        if each.outage is None:
            return NOTHING if each.difference is None else self._signed(each.difference.longest)
        worst, random = (self._with_plus(more.mean) for more in (each.outage.at_worst.more, each.outage.at_random.more))
        return self._words.show(outage_said(worst, random))

    def by_scenario(self) -> PlanTable:
        """The longest wait of each bureau in each scenario, by their numbers."""
        head: tuple[Text, ...] = (msg("Bureau"), *(str(number) for number in range(1, len(self._plan.scenarios) + 1)))
        rows = [
            (self._named(each.bureau), *(self._minutes(of.bureaux[at].longest.mean) for of in self._plan.scenarios))
            for at, each in enumerate(self._plan.first.bureaux)
        ]
        return self._table(msg("Longest wait of the day in each bureau, by scenario (min)"), head, rows)

    def needs(self) -> PlanTable:
        """The bureaux that need other machines or tables, those that need more first."""
        head = (
            msg("Bureau"),
            msg("Machines"),
            msg("Tables"),
            msg("Longest wait with them (min)"),
            msg("With one machine less than that (min)"),
            msg("With one table less than that (min)"),
            *((_LEFT_THEN,) if self._losing else ()),
        )
        rows = [
            (
                self._named(machines.bureau),
                change(machines),
                change(tables),
                self._minutes_or_nothing(tables.wait if machines.wait is None else machines.wait),
                self._minutes_or_nothing(machines.one_less),
                self._minutes_or_nothing(tables.one_less),
                *((self._people(machines.lost),) if self._losing else ()),
            )
            for machines, tables in changed_needs(self._plan)
        ]
        brief = {1: _MACHINES, 2: msg("tables"), 3: msg("wait with them (min)"), 4: msg("with one machine less (min)")}
        brief |= {6: LEAVE} if self._losing else {}
        return self._table(msg("What each bureau needs; the others stay as they are"), head, rows, brief=brief)

    def moved(self) -> PlanTable:
        """The bureaux that voters would leave, and those that they would come to."""
        head = (
            msg("Bureau"),
            msg("Registered"),
            msg("Room for, within the limit"),
            msg("Leave it (−) or come (+)"),
        )
        moved = self._plan.fewest.moved
        rows = [
            (
                self._named(room.bureau),
                self._count(room.bureau.registered),
                self._count(room.capacity),
                f"{sign}{self._count(room.voters)}",
            )
            for sign, rooms in (("−", moved.leaving), ("+", moved.coming))
            for room in rooms
        ]
        return self._table(msg("Voters to be moved"), head, rows)

    def inputs(self) -> PlanTable:
        """The files that were read."""
        rows = [(clean(each.path), clean(self._words.show(each.note)), each.sha256) for each in self._plan.inputs]
        return self._table(msg("Files that were read"), (msg("File"), msg("Read as"), "SHA-256"), rows, {0, 1, 2})

    def _table(
        self,
        caption: Text,
        head: Sequence[Text],
        rows: Iterable[Sequence[str]],
        texts: Iterable[int] = (0,),
        brief: Mapping[int, Text] = MappingProxyType({}),
    ) -> PlanTable:
        shown = tuple(map(self._words.show, head))
        heads = {at: self._words.show(each) for at, each in brief.items()}
        return PlanTable(self._words.show(caption), shown, tuple(map(tuple, rows)), frozenset(texts), heads)

    def _left(self, each: ScenarioFigures) -> str:
        """People who leave on a day; nothing where no patience was asked for."""
        patience = self._losing or "patience" in each.settings
        return self._words.show(people_leaving(each.town)) if patience else NOTHING

    def _people(self, value: float) -> str:
        return self._minutes(value) if value < 100 else self._count(round(value))

    def _named(self, bureau: TownBureau) -> str:
        """A bureau in a column of bureaux."""
        commune = f"{bureau.commune or bureau.insee} " if self._plan.several_communes else ""
        return clean(f"{commune}{bureau.code}".strip())

    def _minutes_or_nothing(self, value: float | None) -> str:
        return NOTHING if value is None else self._minutes(value)

    def _interval(self, found: Estimate) -> str:
        low, high = self._minutes(found.low), self._minutes(found.high)
        mean = self._minutes(found.mean)
        return mean if low == high == mean else f"{mean} ({low}–{high})"

    def _signed(self, found: Estimate) -> str:
        low, high = self._with_minus(found.low), self._with_minus(found.high)
        return self._words.show(msg("{mean} ({low} to {high})", mean=self._with_plus(found.mean), low=low, high=high))

    def _with_plus(self, value: float) -> str:
        shown = self._with_minus(value)
        return shown if shown[0] == "−" or not shown.strip(f"0{self._words.point}") else f"+{shown}"

    def _with_minus(self, value: float) -> str:
        """A figure with one decimal; what is rounded to zero has no sign."""
        return self._minutes(abs(value) if abs(value) < 0.05 else value).replace("-", "−")

    def _time(self, hours: float) -> str:
        return clock(hours, self._words.code)
