"""What a scenario costs beside waits, in sentences that the screen and the page share."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.words import Message, msg
from regard.office.contents import PlannedTown, ScenarioFigures
from regard.office.wording import name_of, people_leaving


def wait_longer(each: ScenarioFigures) -> tuple[float, float] | None:
    """Where a machine is out: by how much a bureau waits longer than in the first scenario if the machine is its own.

    Returns:
        Minutes in the bureau where it is most, and in a bureau at random; None where no machine is out, or nothing is
        compared.
    """
    if each.outage is None or each.difference is None:
        return None
    more = [found.mean for found in each.difference.bureaux]
    return max(more), sum(more) / len(more)


def costs_said(each: ScenarioFigures, plan: PlannedTown) -> Iterator[Message]:
    """A machine that is out, voters who leave, machines that fail and are not replaced."""
    if each.outage is not None:
        yield msg(
            "{name}: in {worst}, where it costs most, {before:.1f} min become {after:.1f} (+{more:.1f}); "
            "in a bureau at random +{random:.1f} min on average.",
            name=each.name,
            worst=name_of(each.outage.worst, plan.several_communes),
            before=each.outage.worst_without.mean,
            after=each.outage.worst_with.mean,
            more=round(each.outage.worst_with.mean, 1) - round(each.outage.worst_without.mean, 1),
            random=each.outage.random_more.mean,
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
