"""A plan as a workbook: scenarios, bureaux, hours, the fewest, and what it rests on; numbers are numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator

from protocol.words import Message, msg, pmsg
from regard.language import show
from regard.office.contents import Estimate, PlannedTown
from regard.office.wording import wait_longer
from regard.reports.fields import Field, TableLayout
from regard.reports.workbook import workbook

_PLACE = (
    Field("scenario", "text", msg("Scenario")),
    Field("insee", "text", msg("INSEE code")),
    Field("commune", "text", msg("Commune")),
    Field("bureau", "text", msg("Bureau")),
)
_LOW, _HIGH = msg("95 %, from"), msg("95 %, to")
_P95 = msg("Wait that 95 of 100 voters, of all days together, do not exceed (min)")
_LONGEST = msg("Longest wait of the day, mean of the days (min)")
_WORST = msg("Longest wait, worst day (min)")
_OUT = (msg("Last voter out, mean (h)"), msg("Last voter out, worst day (h)"))


def _counts(*titles: Message) -> tuple[Field, ...]:
    return tuple(Field(f"figure_{at}", "figure", title) for at, title in enumerate(titles))


SCENARIOS = TableLayout(
    "scenarios",
    msg("Scenarios"),
    (
        _PLACE[0],
        Field("text", "text", msg("Settings")),
        *_counts(
            msg("Bureaux above the limit (a machine out: only in the bureau where it costs most)"),
            msg("Bureaux too close to say"),
            msg("People"),
            msg("Leave without having voted"),
            msg("Wait, all voters, mean (min)"),
            _LOW,
            _HIGH,
            _P95,
            msg("Longest wait of a bureau, more than as planned, mean of all bureaux (min)"),
            _LOW,
            _HIGH,
            msg("Machine out: the same in the bureau where it costs most (min)"),
            msg("Machine out: the same in a bureau at random (min)"),
            *_OUT,
        ),
    ),
)
BUREAUX = TableLayout(
    "bureaux",
    msg("Bureaux"),
    (
        *_PLACE,
        *_counts(
            msg("Registered voters"),
            msg("Machines"),
            msg("Tables"),
            msg("People"),
            msg("Leave without having voted"),
            msg("Wait, all voters, mean (min)"),
            _P95,
            _LONGEST,
            _LOW,
            _HIGH,
            _WORST,
            msg("Longest queue of the day, mean"),
            msg("Longest queue, worst day"),
            *_OUT,
        ),
        Field("above", "text", msg("Above the limit (a machine out: if it is one of this bureau)")),
    ),
)
HOURS = TableLayout(
    "hours",
    msg("Hours"),
    (*_PLACE, *_counts(msg("Hour"), msg("Arrivals"), msg("Wait, mean (min)"), msg("Longest queue, mean"))),
)
FEWEST = TableLayout(
    "fewest",
    msg("Fewest"),
    (
        *_PLACE[1:],
        *_counts(
            msg("Machines"),
            msg("Fewest machines"),
            msg("Tables"),
            msg("Fewest tables"),
            msg("Longest wait then (min)"),
            msg("With one machine less than that (min)"),
            msg("With one table less than that (min)"),
            msg("Leave without having voted, as it is"),
            msg("Leave without having voted then"),
            msg("Voters to be moved to other bureaux"),
            msg("Voters to be taken in from other bureaux"),
        ),
    ),
)
NOTES = TableLayout("notes", msg("Notes"), (Field("kind", "text", msg("Kind")), Field("text", "text", msg("Note"))))


def as_workbook(plan: PlannedTown, code: str) -> bytes:
    """The whole workbook, its headings and texts in that language."""
    file = io.BytesIO()
    with workbook(file, (SCENARIOS, BUREAUX, HOURS, FEWEST, NOTES), code) as book:
        book.add("scenarios", _scenarios(plan, code))
        book.add("bureaux", _bureaux(plan, code))
        book.add("hours", _hours(plan, code))
        book.add("fewest", _fewest(plan))
        book.add("notes", _notes(plan, code))
    return file.getvalue()


def _rounded(*values: float | None) -> tuple[float | None, ...]:
    return tuple(None if value is None else round(value, 2) for value in values)


def _ends(found: Estimate | None) -> tuple[float | None, ...]:
    return (None, None, None) if found is None else _rounded(found.mean, found.low, found.high)


def _scenarios(plan: PlannedTown, code: str) -> Iterator[tuple[object, ...]]:
    for each in plan.scenarios:
        town = each.town
        yield (
            show(code, each.name),
            "; ".join(show(code, said) for said in each.told),
            town.above,
            town.unsure,
            *_rounded(town.people, town.lost),
            *_ends(town.wait),
            *_rounded(town.p95),
            *_ends(None if each.difference is None else each.difference.longest),
            *_rounded(*(wait_longer(each) or (None, None))),
            *_rounded(town.last, town.last_worst),
        )


def _bureaux(plan: PlannedTown, code: str) -> Iterator[tuple[object, ...]]:
    yes, no = show(code, pmsg("above the limit", "yes")), show(code, pmsg("above the limit", "no"))
    for scenario in plan.scenarios:
        for each in scenario.bureaux:
            bureau = each.bureau
            yield (
                show(code, scenario.name),
                bureau.insee,
                bureau.commune,
                bureau.code,
                bureau.registered,
                bureau.machines,
                bureau.tables,
                *_rounded(each.people, each.lost, each.wait.mean, each.p95.mean),
                *_ends(each.longest),
                *_rounded(each.longest_worst, each.queue),
                each.queue_worst,
                *_rounded(each.last, each.last_worst),
                yes if each.above else no,
            )


def _hours(plan: PlannedTown, code: str) -> Iterator[tuple[object, ...]]:
    for scenario in plan.scenarios:
        for each in scenario.bureaux:
            bureau = each.bureau
            for hour in each.by_hour:
                yield (
                    show(code, scenario.name),
                    bureau.insee,
                    bureau.commune,
                    bureau.code,
                    hour.hour,
                    *_rounded(hour.arrivals, hour.wait, hour.queue),
                )


def _fewest(plan: PlannedTown) -> Iterator[tuple[object, ...]]:
    moved = {each.bureau: each.moved for each in (*plan.fewest.moved.leave, *plan.fewest.moved.come)}
    for machines, tables in zip(plan.fewest.machines.bureaux, plan.fewest.tables.bureaux, strict=True):
        bureau = machines.bureau
        yield (
            bureau.insee,
            bureau.commune,
            bureau.code,
            machines.now,
            machines.needed,
            tables.now,
            tables.needed,
            *_rounded(machines.wait, machines.one_less, tables.one_less, machines.lost_now, machines.lost),
            max(moved.get(bureau, 0), 0),
            max(-moved.get(bureau, 0), 0),
        )


def _notes(plan: PlannedTown, code: str) -> Iterator[tuple[str, str]]:
    assumed, unused, read = msg("assumed"), msg("not used"), msg("read as")
    yield show(code, msg("simulated days of each scenario")), str(plan.days)
    yield show(code, msg("seed")), str(plan.seed)
    yield show(code, msg("limit, in minutes")), f"{plan.limit:g}"
    for said in plan.assumptions:
        yield show(code, assumed), show(code, said)
    for each in plan.inputs:
        yield show(code, msg("file")), each.path
        yield "SHA-256", each.sha256
        yield show(code, read), show(code, each.note)
        for left in each.unused:
            yield show(code, unused), show(code, left)
