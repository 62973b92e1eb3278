"""`plan.html`: a plan as a page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from protocol.words import Language, Message, Text, language, msg, nmsg
from regard.office.contents import PlanHour, PlannedTown, ScenarioFigures
from regard.office.plan_tables import PlanTable, PlanTables
from regard.office.queue_strip import FEW, MOST, BureauDay, queue_strips, shade_names
from regard.office.wording import (
    OUTAGES_SHOWN,
    costs_said,
    headline,
    moved_said,
    remedies_said,
    service_said,
    settings_said,
)
from regard.templates import pack, policy, render, source, style_sheet
from regard.terminal import clean

_FOLDER = Path(__file__).with_name("html")


def _queues(plan: PlannedTown, table: PlanTable, words: Language) -> dict[str, object]:
    """Pictures of the queues as planned and with a breakdown, with sentences and figures."""
    failing = [each for each in plan.scenarios[1:] if each.calm is not None]
    shown = [plan.first, *failing[: MOST - 1]]
    about: list[Text] = [
        msg(
            "A queue is the longest within the hour, on average over the days: people who have come and are not yet at "
            "a machine."
        )
    ]
    if any(each.calm is not None for each in shown):
        about.append(
            msg(
                "Framed in red: where the breakdown, all else being the same, makes the queue longer by 5 people and "
                "a quarter at least."
            )
        )
    if len(failing) >= MOST:
        about.append(msg("Of the scenarios with a breakdown the first two are shown."))
    if len(plan.bureaux) > FEW:
        about.append(
            msg("Of {all:n} bureaux the {shown:n} with the longest queues are shown.", all=len(plan.bureaux), shown=FEW)
        )
    strips = queue_strips([_seen(each) for each in shown], words)
    return {
        "title": words.show(msg("The queue by hour and bureau")),
        "strips": [(clean(words.show(each.name)), strip) for each, strip in zip(shown, strips, strict=False)],
        "about": " ".join(map(words.show, about)),
        "shades": shade_names(words),
        "shades_title": words.show(msg("Shades")),
        "table": table,
    }


PRINTED_ROWS = 200
"""Rows of the table of all bureaux that are printed at most."""


def plan_page(plan: PlannedTown, code: str) -> bytes:
    """The page in the language of that code; the same bytes for the same plan."""
    words = language(code)
    tables = PlanTables(plan, words)

    def said(*texts: Text) -> list[str]:
        return [clean(words.show(text)) for text in texts]

    style = f"{style_sheet()}\n{source(_FOLDER / 'office.css')}"
    text = render(
        _FOLDER / "plan.html.j2",
        words,
        code=words.code,
        kind="plan",
        style=style,
        policy=policy(style),
        kicker=words.show(msg("The day of a town, planned")),
        heading=said(places({each.bureau.commune for each in plan.bureaux}, len(plan.bureaux)))[0],
        heading_code=code,
        under=said(
            settings_said(plan), msg("The voting machine and its voters are a model; what is assumed stands below.")
        ),
        sentences=said(*headline(plan)),
        service=said(*service_said(plan)),
        by_service=tables.service(),
        criterion=words.show(_criterion(plan, words)),
        waits=tables.sizes(),
        queues=_queues(plan, tables.hours(), words),
        worst=tables.worst(),
        worst_note=words.show(
            msg(
                "“95 of 100 wait at most” counts the voters of all days together; “longest wait of the day” is a mean "
                "of days, and the crowded days weigh less in it. The first can so be above the second."
            )
        ),
        scenarios=_scenarios(plan, tables, words) if len(plan.scenarios) > 1 else None,
        costs=[line for each in plan.scenarios for line in said(*costs_said(each, plan))],
        remedies=said(*remedies_said(plan)),
        needs=tables.needs(),
        moved=said(*moved_said(plan)),
        moved_rows=tables.moved(),
        bureaux=tables.bureaux(),
        starred=words.show(msg("* not in the list, and assumed")) if any(each.assumed for each in plan.bureaux) else "",
        printed_rows=PRINTED_ROWS,
        assumptions=said(*plan.assumptions),
        unused=[line for each in plan.inputs for line in said(*each.unused)],
        inputs=tables.inputs(),
        run=words.show(msg("Made by regard {version}, seed {seed}.", version=plan.version, seed=plan.seed)),
    )
    return pack(text)


def _seen(scenario: ScenarioFigures) -> list[BureauDay]:
    """Queues of each bureau, with a machine that fails and without."""
    hours = [each.by_hour for each in scenario.bureaux]
    return [
        BureauDay(
            bureau=each.bureau,
            first_hour=each.by_hour[0].hour if each.by_hour else 0,
            queues=_people_queueing(each.by_hour),
            calm=_people_queueing(calm),
        )
        for each, calm in zip(scenario.bureaux, scenario.calm or hours, strict=True)
    ]


def _people_queueing(hours: Sequence[PlanHour]) -> tuple[int, ...]:
    return tuple(int(each.queue + 0.5) for each in hours)


def _criterion(plan: PlannedTown, words: Language) -> Text:
    return nmsg(
        "A bureau is above the limit where its longest wait of the day is above {limit} minutes.",
        "A bureau is above the limit where its longest wait of the day, on average over {count:n} days, is above "
        "{limit} minutes. It is too close to say where the interval of 95 % of that average has the limit in it.",
        plan.days,
        limit=words.plain(plan.limit),
    )


def _scenarios(plan: PlannedTown, tables: PlanTables, words: Language) -> dict[str, object]:
    out = any(each.outage is not None for each in plan.scenarios)
    return {
        "names": tables.scenario_names(),
        "table": tables.scenarios(),
        "bureaux": tables.by_scenario(),
        "struck": words.show(OUTAGES_SHOWN) if out else "",
    }


def places(communes: Collection[str], bureaux: int) -> Message:
    """Number of bureaux, and the town if there is one alone."""
    count = nmsg("{count:n} bureau", "{count:n} bureaux", bureaux)
    town = next(iter(communes)) if len(communes) == 1 else ""
    return msg("{town}: {bureaux}", town=town, bureaux=count) if town else count
