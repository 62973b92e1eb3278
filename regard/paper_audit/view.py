"""The view of plans that screen and page show: one contest with sizes and assertions, or a row a contest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.words import Language, Text, msg, nmsg
from regard.paper_audit.wording import (
    WAYS,
    audited_part,
    headline,
    margin_of,
    name_contest,
    percent,
    planned_sentence,
    sizes_of,
)
from verify.materiality.wording import result
from verify.paper_audit.plan import PaperPlan


@dataclass(frozen=True, slots=True)
class PlanView:
    """Texts: a heading, lines below it, the head and rows of a table, and a list with its title."""

    heading: Text
    lines: tuple[Text, ...]
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    title: Text = ""
    listed: tuple[Text, ...] = ()


def view_of(plans: Sequence[PaperPlan], words: Language) -> PlanView:
    """Make the view; of several contests those that need the most papers come first."""
    return _one(plans[0], words) if len(plans) == 1 else _several(plans, words)


def _one(plan: PaperPlan, words: Language) -> PlanView:
    slips = [
        nmsg("one slip in {count:n} paper", "one slip in {count:n} papers", round(1 / cost.slips))
        if cost.slips
        else msg("all agrees")
        for cost in plan.costs
    ]
    outcome = result(plan.proof.outcome, plan.contest.choices)
    return PlanView(
        heading=name_contest(plan),
        lines=(
            audited_part(plan),
            msg("Outcome to prove: {outcome}. Risk limit {risk}.", outcome=outcome, risk=percent(plan.risk)),
            headline(plan),
        ),
        head=("", *slips),
        rows=tuple(zip(WAYS, *(sizes_of(plan, cost) for cost in plan.costs), strict=True)) if slips else (),
        title=nmsg(
            "It is proven by {count:n} assertion:",
            "It is proven by {count:n} assertions together, the hardest first:",
            len(plan.assertions),
        ),
        listed=tuple(planned_sentence(each, plan, words) for each in plan.assertions),
    )


def _several(plans: Sequence[PaperPlan], words: Language) -> PlanView:
    def papers(plan: PaperPlan) -> int:
        return -(plan.costs[0].papers.expected if plan.costs else plan.audited.cards)

    return PlanView(
        heading=nmsg("{count:n} contest", "{count:n} contests", len(plans)),
        lines=(),
        head=(msg("contest"), msg("margin, in 100 papers"), *WAYS),
        rows=tuple(
            (
                name_contest(plan),
                margin_of(plan.assertions[0], words) if plan.assertions else "–",
                *(sizes_of(plan, plan.costs[0]) if plan.costs else (headline(plan), "", "")),
            )
            for plan in sorted(plans, key=papers)
        ),
    )
