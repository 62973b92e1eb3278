"""The plan of a paper audit as one page for a mayor: a sentence, a picture, the sizes, what has to be proven."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from protocol.words import Text, language, msg, nmsg
from regard.paper_audit.picture import margin_picture
from regard.paper_audit.wording import (
    LIMITS,
    WAYS,
    assertion_count,
    audited_part,
    hardest_first,
    headline,
    margin_of,
    name_contest,
    outcome_of,
    percent,
    planned_sentence,
    sizes_of,
    slips_of,
)
from regard.stand_alone import pack, policy, style_sheet
from regard.templates import render
from regard.terminal import clean
from verify.paper_audit.plan import PaperPlan

_ASSERTIONS = 20
"""Assertions that are listed, the hardest; JSON has all of them."""
_TEMPLATE = Path(__file__).with_name("html") / "plan.html.j2"


def plan_page(plans: Sequence[PaperPlan], inputs: Sequence[dict[str, str]], made_by: Text, code: str) -> bytes:
    """The page in the language of that code; the same bytes for the same plans."""
    words = language(code)

    def said(text: Text) -> str:
        return clean(words.show(text))

    one = plans[0] if len(plans) == 1 else None
    style = style_sheet()
    rows = [
        (
            said(name_contest(plan)),
            words.number(plan.audited.cards),
            margin_of(plan.assertions[0].margin, words) if plan.assertions and plan.assertions[0].margin else "",
            *map(said, sizes_of(plan, plan.costs[0]) if plan.costs else (headline(plan), "", "")),
        )
        for plan in hardest_first(plans)
    ]
    return pack(
        render(
            _TEMPLATE,
            words,
            code=code,
            style=style,
            policy=policy(style),
            heading=said(name_contest(one) if one else nmsg("{count:n} contest", "{count:n} contests", len(plans))),
            under=[said(audited_part(one)), said(_outcome(one))] if one else [],
            sentence=said(headline(one)) if one else "",
            ways=[said(each) for each in WAYS],
            costs=[(said(slips_of(cost)), [said(size) for size in sizes_of(one, cost)]) for cost in one.costs]
            if one
            else [],
            assertion_count=said(assertion_count(one)) if one else "",
            assertions=[said(planned_sentence(each, one, words)) for each in one.assertions[:_ASSERTIONS]]
            if one
            else [],
            more=max(0, len(one.assertions) - _ASSERTIONS) if one else 0,
            rows=[] if one else rows,
            picture=margin_picture(plans, words),
            limits=[said(each) for each in LIMITS],
            inputs=inputs,
            made_by=said(made_by),
        )
    )


def _outcome(plan: PaperPlan) -> Text:
    return msg("Outcome to prove: {outcome}. Risk limit {risk}.", outcome=outcome_of(plan), risk=percent(plan.risk))
