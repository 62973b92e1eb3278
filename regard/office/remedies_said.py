"""What would keep every bureau within the limit, in sentences and rows that the screen and the page share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from protocol.words import Message, Text, msg, nmsg
from regard.office.contents import BureauNeed, BureauRoom, FewestOf, PlannedTown
from regard.office.wording import name_of, places, some_of

ROWS = 12
"""Bureaux of a table on the screen, and of a sentence about moved voters."""


def remedies_said(plan: PlannedTown) -> Iterator[Message]:
    """The fewest machines and tables, who could give some, and what one less would cost."""
    machines, tables, several = plan.fewest.machines, plan.fewest.tables, plan.several_communes
    yield msg(
        "Machines: {now:n} now, {total:n} are enough; tables: {tables:n} now, {needed:n} are enough beside them.",
        now=machines.now,
        total=machines.total,
        tables=tables.now,
        needed=tables.total,
    )
    if plan.fewest.by_service:
        (low, few), (high, many) = plan.fewest.by_service
        yield msg(
            "That rests on {seconds} s a vote. With {low:g} s {few:n} machines are enough, with {high:g} s {many:n}: "
            "measure the time of a vote in your town, and give it with --service.",
            seconds=plan.first.settings["service"],
            low=low,
            few=few,
            high=high,
            many=many,
        )
    if machines.more and machines.fewer:
        yield msg(
            "That is {more:n} more in the bureaux that need them, and {fewer:n} fewer where fewer are enough.",
            more=sum((need.needed or 0) - need.now for need in machines.more),
            fewer=sum(need.now - (need.needed or 0) for need in machines.fewer),
        )
    if plan.loses:
        yield from _leaving_said(plan)
    if plan.fewest.alone:
        yield msg("Each bureau was looked at by itself here, as if a reserve machine were always left for it.")
    if machines.beyond:
        yield msg(
            "Not counted, as no number that was tried is enough: {where}.", where=places(machines.beyond, several)
        )
    if machines.fewer:
        yield msg("Could do with fewer machines: {where}.", where=places(machines.fewer, several))
    if all(need.needed == 1 for need in machines.bureaux):
        yield msg("No bureau could have one machine less: each of them needs one only.")
    if (values := _one_less(machines, several)) is not None:
        yield (
            msg("With one machine less than that, the longest wait of {most} would become {high:.0f} min.", **values)
            if values["least"] == values["most"]
            else msg(
                "With one machine less than that, the longest wait of {least} would become {low:.0f} min, where it "
                "costs least, and of {most} {high:.0f} min, where it costs most.",
                **values,
            )
        )
    if (values := _one_less(tables, several)) is not None:
        yield (
            msg("With one table less than that, the longest wait of {most} would become {high:.0f} min.", **values)
            if values["least"] == values["most"]
            else msg(
                "With one table less than that, the longest wait of {least} would become {low:.0f} min, where it "
                "costs least, and of {most} {high:.0f} min, where it costs most.",
                **values,
            )
        )


def _leaving_said(plan: PlannedTown) -> Iterator[Message]:
    """How many would leave with so many machines: the limit is that of the waits of all others."""
    if plan.leaving is None:
        most = max(plan.fewest.machines.bureaux, key=lambda need: need.lost)
        where, lost = name_of(most.bureau, plan.several_communes), people(most.lost)
        yield msg("Where most would leave with the fewest: {where}, {lost} voters a day.", where=where, lost=lost)
    else:
        now, then = map(people, plan.leaving)
        yield msg(
            "Voters who leave without having voted, on an average day: {now} with the machines and tables there are "
            "now, {then} with the fewest.",
            now=now,
            then=then,
        )
    yield msg(
        "“Enough” is said of the waits of those who stay only. Plan without --patience to find how many machines serve "
        "all voters within the limit."
    )


def people(value: float) -> Text:
    """People on an average day: few of them with a decimal."""
    return msg("{value:n}", value=round(value)) if value >= 10 else msg("{value:.1f}", value=value)


def _one_less(of: FewestOf, several: bool) -> dict[str, Any] | None:
    """What one less costs, where that is possible: in which bureaux, and what their waits become."""
    if of.one_less is None:
        return None
    least, most = of.one_less
    return {
        "least": name_of(least.bureau, several),
        "low": least.one_less,
        "most": name_of(most.bureau, several),
        "high": most.one_less,
    }


def needs_shown(plan: PlannedTown) -> list[tuple[Text, str, str, float | None, float | None, float]]:
    """The bureaux whose machines or tables should be others than they are, those that need more machines first.

    Returns:
        Name, machines and tables (``1 → 2``), the longest wait then, and with one machine less, in minutes; people who
        then leave on a day.
    """
    rows = []
    for machines, tables in zip(plan.fewest.machines.bureaux, plan.fewest.tables.bureaux, strict=True):
        if machines.needed is not None and (machines.needed, tables.needed) != (machines.now, tables.now):
            rows.append((machines, tables))
    rows.sort(key=lambda each: ((each[0].now - (each[0].needed or 0)), each[1].now - (each[1].needed or 0)))
    return [
        (
            name_of(machines.bureau, plan.several_communes),
            _change(machines),
            _change(tables),
            machines.wait,
            machines.one_less,
            machines.lost,
        )
        for machines, tables in rows
    ]


def _change(need: BureauNeed) -> str:
    return f"{need.now}" if need.now == need.needed else f"{need.now} → {need.needed}"


def moved_said(plan: PlannedTown) -> Iterator[Message]:
    """Whom to move instead, with machines and tables as they are."""
    moved, several = plan.fewest.moved, plan.several_communes
    if not moved.total:
        return
    yield nmsg(
        "Or move {count:n} voter, with machines and tables as they are: from {leave}.",
        "Or move {count:n} voters, with machines and tables as they are: from {leave}.",
        moved.total,
        leave=_some([_leaving(each, several) for each in moved.leave], several),
    )
    if moved.come:
        yield msg(
            "There is room for them, by the numbers alone, in {come}.",
            come=_some([_receiving(each, several) for each in moved.come], several),
        )
    if moved.without_place:
        yield nmsg(
            "For {count:n} of them there is no room in any bureau of the commune.",
            "For {count:n} of them there is no room in any bureau of the commune.",
            moved.without_place,
        )


def _leaving(room: BureauRoom, several: bool) -> Text:
    return msg("{bureau} ({voters:n})", bureau=name_of(room.bureau, several), voters=room.moved)


def _receiving(room: BureauRoom, several: bool) -> Text:
    return msg("{bureau} (receives {voters:n})", bureau=name_of(room.bureau, several), voters=-room.moved)


def _some(named: Sequence[Text], several: bool) -> Text:
    return some_of(named, ROWS, msg("; ") if several else None)
