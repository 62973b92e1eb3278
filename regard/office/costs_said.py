"""What a scenario costs beside waits, in sentences that the screen and the page share."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.words import Message, msg
from regard.office.contents import PlannedTown, ScenarioFigures
from regard.office.wording import name_of


def costs_said(each: ScenarioFigures, plan: PlannedTown) -> Iterator[Message]:
    """A machine that is out, voters who leave, machines that fail and are not replaced."""
    if each.outage is not None:
        yield msg(
            "{name}: in {worst}, where it costs most, {before:.0f} min become {after:.0f} (+{more:.0f}); "
            "in a bureau at random +{random:.0f} min on average.",
            name=each.name,
            worst=name_of(each.outage.worst, plan.several_communes),
            before=each.outage.worst_without.mean,
            after=each.outage.worst_with.mean,
            more=each.outage.worst_more.mean,
            random=each.outage.random_more.mean,
        )
    if each.town.lost:
        yield msg(
            "{name}: {lost:n} voters a day leave without having voted.", name=each.name, lost=round(each.town.lost)
        )
    first = plan.first.town
    same = each.town is not first and (each.town.failed, each.town.without) == (first.failed, first.without)
    if each.town.failed and each.outage is None and not same:
        yield (
            msg(
                "{name}: {failed:.1f} machines fail on a day; for {without:.1f} of them no reserve is left.",
                name=each.name,
                failed=each.town.failed,
                without=each.town.without,
            )
            if each.town.without
            else msg("{name}: {failed:.1f} machines fail on a day.", name=each.name, failed=each.town.failed)
        )
