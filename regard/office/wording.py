"""Sentences about a plan that the screen and the page share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from protocol.words import Language, Message, Text, msg, nmsg, pmsg, series
from regard.language import show
from regard.office.contents import (
    BureauNeed,
    Estimate,
    FewestOf,
    PlannedTown,
    ScenarioFigures,
    TownFigures,
    days_of_others,
)
from sim.parameters import VOTE
from sim.queues.town import TownBureau

_NAMED = 6
"""Bureaux that one sentence names."""


def name_of(bureau: TownBureau, several: bool) -> Text:
    """A bureau by its code, and by its commune where the list has several."""
    if several and (bureau.commune or bureau.insee):
        return msg("{commune}, bureau {code}", commune=bureau.commune or bureau.insee, code=bureau.code)
    return msg("bureau {code}", code=bureau.code)


def clock(hours: float, code: str) -> str:
    """A time of day in hours since midnight, and as one of the next day where it is after midnight."""
    hour, minute = divmod(round(hours * 60), 60)
    said = pmsg("an hour of the day", "{hour}:{minute}", hour=hour % 24, minute=f"{minute:02}")
    return show(code, said if hour < 24 else msg("{time} the next day", time=said))


def headline(plan: PlannedTown) -> tuple[Message, ...]:
    """In a few sentences: how many bureaux wait longer than the limit, which is worst, what would be enough.

    The assumption that decides comes first.
    """
    assumed = msg("Assumed: {seconds} s a vote.", seconds=plan.first.settings["service"])
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
        return (assumed, said, *_unsure(plan), *_lost(plan), *_enough(plan))
    said = msg(
        "In no bureau is the longest wait of the day above {limit:g} min on average; the longest is that of {worst}: "
        "{wait:.1f} min.",
        **values,
    )
    return (assumed, said, *_unsure(plan), *_drawn(plan), *_only_stayed(plan))


def _unsure(plan: PlannedTown) -> Iterator[Message]:
    close = [name_of(each.bureau, plan.several_communes) for each in plan.first.bureaux if each.unsure]
    if close:
        yield nmsg(
            "For {count:n} bureau it is too close to say with {days:n} days: {some}.",
            "For {count:n} bureaux it is too close to say with {days:n} days: {some}.",
            len(close),
            days=plan.days,
            some=some_of(close, _NAMED),
        )


def _lost(plan: PlannedTown) -> Iterator[Message]:
    """Those who leave: no wait of theirs is counted, so that without this all would seem well."""
    if plan.first.town.lost:
        lost = people_leaving(plan.first.town)
        yield msg("{lost} voters a day leave without having voted; their waits are not counted.", lost=lost)


def people_leaving(town: TownFigures) -> Text:
    """Number of people who leave on a day, and without a failing machine where that is another number."""
    count, anyhow = people(town.lost), people(town.lost if town.lost_anyhow is None else town.lost_anyhow)
    if anyhow == count:
        return count
    return msg("{count} ({anyhow} without failures)", count=count, anyhow=anyhow)


LEAVE = msg("leave")


def _only_stayed(plan: PlannedTown) -> Iterator[Message]:
    """Warn that people leave, where every bureau is within the limit: it might not be if they stayed."""
    if plan.first.town.lost:
        yield nmsg(
            "But {lost} voter a day leaves without having voted, and only those who stay are counted: if all "
            "stayed, the waits would be longer.",
            "But {lost} voters a day leave without having voted, and only those who stay are counted: if all "
            "stayed, the waits would be longer.",
            round(plan.first.town.lost),
            lost=people_leaving(plan.first.town),
        )


def _enough(plan: PlannedTown) -> Iterator[Message]:
    """Fewest machines that keep all bureaux within the limit."""
    machines, tables = plan.fewest.machines, plan.fewest.tables
    several = plan.several_communes
    parts: list[Text] = []
    if machines.more:
        where = places(machines.more, several)
        parts.append(
            nmsg("{count:n} more machine ({where})", "{count:n} more machines ({where})", machines.lacking, where=where)
        )
    if tables.more:
        parts.append(
            nmsg(
                "{count:n} more table to check identity ({where})",
                "{count:n} more tables to check identity ({where})",
                tables.lacking,
                where=places(tables.more, several),
            )
        )
    if parts:
        yield msg("It would take {parts}.", parts=series(parts))
    if machines.beyond:
        yield msg("In {where} no number of machines that was tried is enough.", where=places(machines.beyond, several))
    yield from _drawn(plan)


def _drawn(plan: PlannedTown) -> Iterator[Message]:
    """Interval of the machines to add."""
    for each in plan.fewest.by_service:
        if each.seconds != plan.fewest.stated or not each.more.high:
            continue
        if each.more.low == each.more.high:
            yield msg(
                "Within the 95 % intervals of the waits the number of machines to add stays {count:n}, if the "
                "assumptions hold.",
                count=round(each.more.mean),
            )
        else:
            yield msg(
                "Within the 95 % intervals of the waits, {low:n} to {high:n} machines would have to be added, if the "
                "assumptions hold.",
                low=round(each.more.low),
                high=round(each.more.high),
            )


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


OUTAGES_SHOWN = msg(
    "The row of a bureau assumes that its own machine fails. The row of the town assumes that the machine of the worst "
    "bureau fails."
)


def outage_said(worst: str, random: str) -> Message:
    """Increase of the longest wait with a machine out."""
    return msg("worst bureau {worst}, average {random}", worst=worst, random=random)


def costs_said(each: ScenarioFigures, plan: PlannedTown) -> Iterator[Message]:
    """A machine that is out, voters who leave, machines that fail and are not replaced."""
    if each.outage is not None:
        cost = each.outage.at_worst
        yield msg(
            "{name}: in {worst}, where it costs most, {before:.1f} min become {after:.1f} (+{more:.1f}); "
            "in a bureau at random +{random:.1f} min on average.",
            name=each.name,
            worst=name_of(each.outage.worst, plan.several_communes),
            before=cost.before.mean,
            after=cost.after.mean,
            more=round(cost.after.mean, 1) - round(cost.before.mean, 1),
            random=each.outage.at_random.more.mean,
        )
    if each.town.lost:
        lost = people_leaving(each.town)
        yield msg("{name}: {lost} voters a day leave without having voted.", name=each.name, lost=lost)
    first = plan.first.town
    same = each.town is not first and (each.town.failed, each.town.without) == (first.failed, first.without)
    if each.town.failed and each.outage is None and not same:
        yield (
            msg(
                "{name}: machines that fail on a day: {failed:.2f}; those for which no reserve is left: {without:.2f}.",
                name=each.name,
                failed=each.town.failed,
                without=each.town.without,
            )
            if each.town.without
            else msg("{name}: machines that fail on a day: {failed:.2f}.", name=each.name, failed=each.town.failed)
        )


NOTHING = "–"
"""In place of a figure that there is not."""
ROWS = 12
"""Bureaux of a table on the screen, and of a sentence about moved voters."""


def settings_said(plan: PlannedTown) -> Message:
    """Number of days, and what holds on them."""
    days = nmsg("{count:n} simulated day", "{count:n} simulated days", plan.days)
    return msg("{days}; {settings}.", days=days, settings=series(plan.first.told, msg("; ")))


def service_said(plan: PlannedTown) -> Iterator[Message]:
    """A way to measure the assumption that decides, unless that was done; of how many days its table is."""
    fewer = days_of_others(plan.days)
    if plan.fewest.by_service and fewer < plan.days:
        yield msg(
            "The row of {seconds:g} s uses all simulated days, the others {days:n} each.",
            seconds=plan.fewest.stated,
            days=fewer,
        )
    if plan.fewest.stated == VOTE.mean:
        yield msg(
            "To measure the seconds a vote, or take them from your last election: divide the seconds between two "
            "readings of a machine's counter, while people queued, by the votes between. Then give --service."
        )


def whole_span(found: Estimate, words: Language) -> str:
    """A whole number, and its interval where that is wider."""
    low, number, high = map(words.number, map(round, (found.low, found.mean, found.high)))
    return number if low == high else f"{number} ({low}–{high})"


def remedies_said(plan: PlannedTown) -> Iterator[Message]:
    """The fewest machines and tables, who could give some, and what one less would cost."""
    machines, tables, several = plan.fewest.machines, plan.fewest.tables, plan.several_communes
    yield msg(
        "Machines: {total:n} are enough ({now:n} now). With these, {needed:n} tables are enough ({tables:n} now).",
        now=machines.now,
        total=machines.total,
        tables=tables.now,
        needed=tables.total,
    )
    if machines.more and machines.fewer:
        yield msg(
            "That is {more:n} more in the bureaux that need them, and {fewer:n} fewer where fewer are enough.",
            more=machines.lacking,
            fewer=sum(need.now - (need.needed or 0) for need in machines.fewer),
        )
    if plan.loses:
        yield from leaving_said(plan)
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


def leaving_said(plan: PlannedTown) -> Iterator[Message]:
    """Number who would leave with so many machines: the limit is that of the waits of all others."""
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
    """Cost of one less, if possible: in which bureaux, and the waits there."""
    if of.one_less is None:
        return None
    least, most = of.one_less
    return {
        "least": name_of(least.bureau, several),
        "low": least.one_less,
        "most": name_of(most.bureau, several),
        "high": most.one_less,
    }


def changed_needs(plan: PlannedTown) -> list[tuple[BureauNeed, BureauNeed]]:
    """Machines and tables of the bureaux that should have others than they have, those that need more first."""
    pairs = zip(plan.fewest.machines.bureaux, plan.fewest.tables.bureaux, strict=True)
    changed = [(of, at) for of, at in pairs if (of.needed, at.needed) != (of.now, at.now)]
    return sorted(changed, key=lambda each: (each[0].needed is not None, _surplus(each[0]), _surplus(each[1])))


def _surplus(need: BureauNeed) -> int:
    """Number that a bureau has beyond its needs, below 0 for too few."""
    return need.now - (need.needed or 0)


def change(need: BureauNeed) -> str:
    """The number that there is, and the one that is needed where that is another."""
    return (
        f"{need.now}" if need.now == need.needed else f"{need.now} → {NOTHING if need.needed is None else need.needed}"
    )


def moved_said(plan: PlannedTown) -> Iterator[Message]:
    """Voters to move instead, with machines and tables as they are."""
    moved, several = plan.fewest.moved, plan.several_communes

    def some(named: Iterator[Text]) -> Text:
        return some_of(list(named), ROWS, msg("; ") if several else None)

    if not moved.total:
        return
    leave = some(
        msg("{bureau} ({voters:n})", bureau=name_of(each.bureau, several), voters=each.voters) for each in moved.leaving
    )
    if moved.without_place:
        yield nmsg(
            "Moving voters is not enough, with machines and tables as they are: of {total:n} that would leave {leave}, "
            "{count:n} finds no room in any bureau of the commune.",
            "Moving voters is not enough, with machines and tables as they are: of {total:n} that would leave {leave}, "
            "{count:n} find no room in any bureau of the commune.",
            moved.without_place,
            total=moved.total,
            leave=leave,
        )
    else:
        yield nmsg(
            "Or move {count:n} voter, with machines and tables as they are: from {leave}.",
            "Or move {count:n} voters, with machines and tables as they are: from {leave}.",
            moved.total,
            leave=leave,
        )
    if moved.coming:
        come = some(
            msg("{bureau} (receives {voters:n})", bureau=name_of(each.bureau, several), voters=each.voters)
            for each in moved.coming
        )
        yield msg("There is room, by the numbers alone, in {come}.", come=come)
