"""`plan.html`: the planned day of a town for a mayor: one sentence, pictures on one scale, what would be enough."""

from __future__ import annotations

from protocol.words import Language, Text, language, msg, nmsg, series
from regard.office.contents import BureauFigures, PlannedTown, ScenarioFigures
from regard.office.costs_said import costs_said
from regard.office.page_parts import page_of, queue_part, wait_part
from regard.office.pictures.bureaux import MINUTE, BureauDay, limit_name, places
from regard.office.pictures.scenario_marks import ScenarioWaits, scenario_picture
from regard.office.plan_tables import PlanTables
from regard.office.remedies_said import moved_said, remedies_said
from regard.office.wording import headline
from regard.terminal import clean

PRINTED_ROWS = 200
"""Rows of the table of all bureaux that are printed at most."""


def plan_page(plan: PlannedTown, code: str) -> bytes:
    """The page in the language of that code; the same bytes for the same plan."""
    words = language(code)
    tables = PlanTables(plan, words)

    def said(*texts: Text) -> list[str]:
        return [clean(words.show(text)) for text in texts]

    bureaux = [_seen(each) for each in plan.first.bureaux]
    queue = msg(
        "A queue is the longest within the hour, on average over the days: people who have come and are not yet at a "
        "machine."
    )
    return page_of(
        "plan.html.j2",
        words,
        "plan",
        kicker=words.show(msg("The day of a town, planned")),
        heading=said(places({each.bureau.commune for each in plan.bureaux}, len(plan.bureaux)))[0],
        heading_code=code,
        under=said(
            _settings(plan), msg("The voting machine and its voters are a model; what is assumed stands below.")
        ),
        sentences=said(*headline(plan)),
        criterion=words.show(_criterion(plan, words)),
        waits=wait_part(bureaux, plan.limit, tables.sizes(), words),
        queues=queue_part(bureaux, tables.hours(), words, words.show(queue)),
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


def _seen(figures: BureauFigures) -> BureauDay:
    bureau = figures.bureau
    return BureauDay(
        insee=bureau.insee,
        commune=bureau.commune,
        code=bureau.code,
        registered=bureau.registered,
        machines=bureau.machines,
        wait=milliseconds(figures.longest.mean),
        above=figures.above,
        first_hour=figures.by_hour[0].hour if figures.by_hour else 0,
        queues=tuple(int(each.queue + 0.5) for each in figures.by_hour),
    )


def milliseconds(minutes: float) -> int:
    """Minutes as whole milliseconds."""
    return round(minutes * MINUTE)


def _settings(plan: PlannedTown) -> Text:
    days = nmsg("{count:n} simulated day", "{count:n} simulated days", plan.days)
    return msg("{days}; {settings}.", days=days, settings=series(plan.first.told, msg("; ")))


def _criterion(plan: PlannedTown, words: Language) -> Text:
    return nmsg(
        "A bureau is above the limit where its longest wait of the day is above {limit} minutes.",
        "A bureau is above the limit where its longest wait of the day, on average over {count:n} days, is above "
        "{limit} minutes. It is too close to say where the interval of 95 % of that average has the limit in it.",
        plan.days,
        limit=limit_name(plan.limit, words),
    )


def _scenarios(plan: PlannedTown, tables: PlanTables, words: Language) -> dict[str, object]:
    waits = [_waits(name, each) for name, each in zip(tables.scenario_names(), plan.scenarios, strict=True)]
    about = [
        msg(
            "Each line across a row is a bureau: its longest wait of the day, on average. The diamond is the longest "
            "wait of the day in whichever bureau is worst that day, on average, with its interval of 95 %. All "
            "scenarios have the same people on the same days."
        )
    ]
    if any(each.outage is not None for each in plan.scenarios):
        about.append(
            msg(
                "Where a machine is out, each bureau is shown as if it were its own, and the diamond is that of the "
                "day on which it is out in the bureau where it costs most. In the table, the bureaux above the limit "
                "are those of that day."
            )
        )
    return {
        "title": words.show(msg("Scenarios compared")),
        "picture": scenario_picture(waits, plan.limit, words),
        "about": " ".join(map(words.show, about)),
        "names": tables.scenario_names(),
        "table": tables.scenarios(),
        "bureaux": tables.by_scenario(),
        "struck": words.show(msg("Where a machine is out: each bureau as if it were its own."))
        if any(each.outage is not None for each in plan.scenarios)
        else "",
    }


def _waits(name: str, each: ScenarioFigures) -> ScenarioWaits:
    town = each.town.longest
    return ScenarioWaits(
        name=name,
        bureaux=tuple((milliseconds(of.longest.mean), of.above) for of in each.bureaux),
        low=milliseconds(max(town.low, 0.0)),
        mean=milliseconds(town.mean),
        high=milliseconds(town.high),
    )
