"""Sentences about a plan that the screen and the page share."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.words import Message, Text, msg, nmsg, series
from regard.office.contents import BureauNeed, PlannedTown, TownFigures
from sim.queues.town import TownBureau

_NAMED = 6
"""Bureaux that one sentence names."""


def name_of(bureau: TownBureau, several: bool) -> Text:
    """A bureau by its code, and by its commune where the list has several."""
    if several and (bureau.commune or bureau.insee):
        return msg("{commune}, bureau {code}", commune=bureau.commune or bureau.insee, code=bureau.code)
    return msg("bureau {code}", code=bureau.code)


def headline(plan: PlannedTown) -> tuple[Message, ...]:
    """In a few sentences: how many bureaux wait longer than the limit, which is worst, what would be enough."""
    town, worst = plan.first.town, plan.first.worst(1)[0]
    name = name_of(worst.bureau, plan.several_communes)
    values = {"all": len(plan.bureaux), "limit": plan.limit, "worst": name, "wait": worst.longest.mean}
    if town.above:
        said = nmsg(
            "In {count:n} bureau of {all:n} the longest wait of the day is above {limit:g} min on average: {worst}, "
            "{wait:.0f} min.",
            "In {count:n} bureaux of {all:n} the longest wait of the day is above {limit:g} min on average; the worst "
            "is {worst}: {wait:.0f} min.",
            town.above,
            **values,
        )
        return (said, *_unsure(plan), *_lost(plan), *_enough(plan))
    said = msg(
        "In no bureau is the longest wait of the day above {limit:g} min on average; the longest is that of {worst}: "
        "{wait:.0f} min.",
        **values,
    )
    return (said, *_unsure(plan), *_only_stayed(plan))


def _unsure(plan: PlannedTown) -> tuple[Message, ...]:
    count = plan.first.town.unsure
    if not count:
        return ()
    return (
        nmsg(
            "For {count:n} bureau it is too close to say with {days:n} days.",
            "For {count:n} bureaux it is too close to say with {days:n} days.",
            count,
            days=plan.days,
        ),
    )


def _lost(plan: PlannedTown) -> tuple[Message, ...]:
    """Those who leave: no wait of theirs is counted, so that without this all would seem well."""
    if not plan.first.town.lost:
        return ()
    lost = people_leaving(plan.first.town)
    return (msg("{lost} voters a day leave without having voted; their waits are not counted.", lost=lost),)


def people_leaving(town: TownFigures) -> Text:
    """How many leave on a day, and how many would without a failing machine."""
    if town.lost_anyhow is None:
        return msg("{count:n}", count=round(town.lost))
    return msg("{count:n} ({anyhow:n} without failures)", count=round(town.lost), anyhow=round(town.lost_anyhow))


def _only_stayed(plan: PlannedTown) -> tuple[Message, ...]:
    """The same, where every bureau is within the limit: it might not be if they stayed."""
    if not plan.first.town.lost:
        return ()
    return (
        nmsg(
            "But {lost} voter a day leaves without having voted, and only those who stay are counted: if all "
            "stayed, the waits would be longer.",
            "But {lost} voters a day leave without having voted, and only those who stay are counted: if all "
            "stayed, the waits would be longer.",
            round(plan.first.town.lost),
            lost=people_leaving(plan.first.town),
        ),
    )


def _enough(plan: PlannedTown) -> tuple[Message, ...]:
    """What would keep all bureaux within the limit with the fewest machines."""
    machines, tables = plan.fewest.machines, plan.fewest.tables
    several = plan.several_communes
    parts: list[Text] = []
    if machines.more:
        parts.append(
            nmsg(
                "{count:n} more machine ({where})",
                "{count:n} more machines ({where})",
                sum((need.needed or 0) - need.now for need in machines.more),
                where=places(machines.more, several),
            )
        )
    if tables.more:
        parts.append(
            nmsg(
                "{count:n} more table to check identity ({where})",
                "{count:n} more tables to check identity ({where})",
                sum((need.needed or 0) - need.now for need in tables.more),
                where=places(tables.more, several),
            )
        )
    said = [msg("Enough would be: {parts}.", parts=series(parts))] if parts else []
    if machines.beyond:
        said.append(
            msg("In {where} no number of machines that was tried is enough.", where=places(machines.beyond, several))
        )
    return tuple(said)


def places(needs: Sequence[BureauNeed], several: bool) -> Text:
    """Some bureaux by name."""
    if several:
        return some_of([name_of(need.bureau, several) for need in needs], _NAMED, msg("; "))
    codes = some_of([need.bureau.code for need in needs], _NAMED)
    return nmsg("bureau {codes}", "bureaux {codes}", len(needs), codes=codes)


def some_of(items: Sequence[object], most: int, joint: Message | None = None) -> Text:
    """The first of several values, and how many there are besides."""
    shown = series(items[:most], joint)
    return shown if len(items) <= most else msg("{items} and {more:n} more", items=shown, more=len(items) - most)
