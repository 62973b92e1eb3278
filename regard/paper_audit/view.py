"""Plans of paper audits in words: on a terminal, for programs, and the view that the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from protocol.words import Language, Message, Text, language, msg, nmsg, quoted, series
from regard.reports.screen import FOLDED, Printer, grid
from verify.materiality.wording import result
from verify.paper_audit.assertions import Assertion, AssertionKind, AuditNeed
from verify.paper_audit.plan import Cost, PaperPlan, PlannedAssertion
from verify.paper_audit.sizes import AuditSize

LIMITS = (
    msg(
        "No French law orders such an audit, and ballots that are not annexed to the PV are destroyed after the count "
        "(Code électoral, R68): this is a plan for machines that would print a paper, or for a change of the law."
    ),
    msg(
        "An audit checks that the papers add up to the outcome. It does not check that the papers are complete, nor "
        "that a machine printed what the voter chose."
    ),
    msg(
        "The file is taken for the whole contest. If it is a part of one, the plan proves who leads there, not who is "
        "elected."
    ),
    msg(
        "The numbers of papers assume that the published figures are right; the risk limit holds even if they are "
        "wrong."
    ),
)

WAYS = (
    msg("papers compared with records"),
    msg("bureaux counted whole"),
    msg("papers examined without records"),
)
"""The three ways to audit."""

_SENTENCES = {
    AssertionKind.MORE_VOTES: msg("{name} has more votes than {other}"),
    AssertionKind.MAJORITY: msg("{name} has more than half of the valid votes"),
    AssertionKind.NO_MAJORITY: msg("{name} has less than half of the valid votes"),
    AssertionKind.ABOVE_SHARE: msg("{name} has more than {share} of the valid votes"),
    AssertionKind.BELOW_SHARE: msg("{name} has less than {share} of the valid votes"),
    AssertionKind.REACHES: msg("{name} has at least {figure:n} votes"),
    AssertionKind.BELOW: msg("{name} has fewer than {figure:n} votes"),
    AssertionKind.HIGHER_AVERAGE: msg("seat {seat:n} of {name} has a higher average than seat {later:n} of {other}"),
}


def name_contest(plan: PaperPlan) -> Text:
    """The place of a contest, or the département and who came first where the file names no smaller place."""
    contest = plan.contest
    parts: list[Text] = []
    if place := contest.commune or contest.insee:
        parts.append(place)
    elif contest.department:
        parts.append(msg("département {code}", code=contest.department))
    if contest.constituency:
        parts.append(msg("constituency {area}", area=contest.constituency))
    elif not contest.insee and contest.department:
        votes = contest.count().papers.votes
        parts.append(quoted(contest.choices[votes.index(max(votes))]))
    return series(parts) if parts else msg("all of the file")


def sentence_of(assertion: Assertion, choices: tuple[str, ...]) -> Message:
    """An assertion as a sentence, without a full stop."""
    seat, later = (*assertion.figures, 0, 0)[:2]
    values = {
        "name": quoted(choices[assertion.choice]),
        "other": quoted(choices[assertion.other]),
        "share": percent(assertion.share),
        "seat": seat,
        "figure": seat,
        "later": later,
    }
    return Message(_SENTENCES[assertion.kind].text, values)


def percent(share: Fraction) -> Message:
    """A share as a whole percentage."""
    return msg("{percent}%", percent=round(share * 100))


def margin_of(planned: PlannedAssertion, words: Language) -> str:
    """The diluted margin of an assertion for each hundred papers; « – » where nothing is to be audited."""
    if planned.assorter is None:
        return "–"
    margin = planned.assorter.margin
    digits = 2 if margin < Fraction(1, 10) else 1
    return words.decimal(float(margin * 100), digits)


def size_of(size: AuditSize, population: int) -> Message:
    """The expected size of an audit and what is enough nine times of ten; a full count where it comes to that."""
    if size.expected >= population:
        return msg("all {count:n}: a full count", count=population)
    if size.often >= population:
        return msg("{count:n} on average; one time in ten a full count", count=size.expected)
    if size.expected == size.often:
        return msg("{count:n}", count=size.expected)
    return msg(
        "{count:n} on average; {often:n} suffice nine times in ten",
        count=size.expected,
        often=max(size.often, size.expected),
    )


def headline(plan: PaperPlan) -> Text:
    """The plan of a contest in a sentence."""
    if plan.proof.tied:
        return msg("Votes are equal, or there are none: only a count of all papers can prove the outcome.")
    if plan.certain:
        return msg("The papers to audit cannot change the outcome, whatever they say: nothing needs to be audited.")
    if not plan.costs:
        return msg(
            "Only a count of all papers can prove the outcome: an assertion is not met, or only just, by the figures."
        )
    return nmsg(
        "If all papers agree, {count:n} paper compared with its record proves the outcome.",
        "If all papers agree, {count:n} papers compared with their records prove the outcome.",
        plan.costs[0].papers.expected,
    )


def audited_part(plan: PaperPlan) -> Text:
    """State the papers and bureaux of a contest, and the part that can be audited."""
    contest = plan.contest
    papers = sum(each.cards for each in contest.papers)
    bureaux = nmsg("{count:n} bureau", "{count:n} bureaux", len(contest.papers)) if contest.by_bureau else ""
    counted = nmsg("{count:n} paper", "{count:n} papers", papers)
    whole = series(filter(None, [bureaux, counted]))
    if plan.audited.cards == papers:
        return msg("{whole}.", whole=whole)
    return msg(
        "{whole}. Of these {cards:n} papers in {audited:n} bureaux can be audited; the PVs of the others are taken "
        "as right.",
        whole=whole,
        cards=plan.audited.cards,
        audited=len(contest.batches),
    )


def sizes_of(plan: PaperPlan, cost: Cost) -> tuple[Text, Text, Text]:
    """The sizes of the three ways to audit, in the order of `WAYS`; nothing for bureaux where the file has none."""
    cards = plan.audited.cards
    bureaux = "" if cost.bureaux is None else size_of(cost.bureaux, len(plan.contest.batches))
    return size_of(cost.papers, cards), bureaux, size_of(cost.polled, cards)


def planned_sentence(planned: PlannedAssertion, plan: PaperPlan, words: Language) -> Message:
    """An assertion with its margin and the papers that it alone would need."""
    sentence = sentence_of(planned.assertion, plan.contest.choices)
    if planned.assorter is None:
        certain = planned.need is AuditNeed.CERTAIN
        why = msg("certain without any paper") if certain else msg("only a count of all papers proves it")
        return msg("{name}: {value}", name=sentence, value=why)
    return nmsg(
        "{sentence}: margin of {margin} in 100 papers, {count:n} paper",
        "{sentence}: margin of {margin} in 100 papers, {count:n} papers",
        planned.papers,
        sentence=sentence,
        margin=margin_of(planned, words),
    )


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
        else msg("all papers agree")
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
            "{count:n} assertion proves it:",
            "{count:n} assertions together prove it, the hardest first:",
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


# --- Plans of paper audits on a terminal ---


_LISTED, _ROWS = 6, 15
"""Assertions and contests that are shown; JSON has all of them."""


def show_plans(plans: Sequence[PaperPlan], out: Printer) -> None:
    """Show plans; what comes from files cannot rewrite the screen."""
    view = view_of(plans, language(out.language))

    def more(number: int) -> None:
        if number > 0:
            out.print_words(nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", number))
        out.print()

    out.print_words(view.heading, "bold")
    for line in view.lines:
        out.print_words(line)
    if view.rows:
        heads = ({"header": out.text(each), **FOLDED} for each in view.head)
        table = grid(*heads, show_header=True, header_style="")
        for row in view.rows[:_ROWS]:
            table.add_row(*map(out.text, row))
        out.print()
        out.draw(table)
        more(len(view.rows) - _ROWS)
    if view.listed:
        out.print_words(view.title)
        for line in view.listed[:_LISTED]:
            out.print_words(line, indent="  ")
        more(len(view.listed) - _LISTED)
    for line in LIMITS:
        out.print_words(line, "dim")


# --- Plans of paper audits for programs ---


def as_json(plans: Sequence[PaperPlan], inputs: Sequence[dict[str, str]]) -> dict[str, Any]:
    """All plans; margins and values are exact fractions as text, sizes are whole numbers."""
    return {"tool": "regard", "inputs": list(inputs), "plans": [_plan(each) for each in plans]}


def _plan(plan: PaperPlan) -> dict[str, Any]:
    contest, outcome = plan.contest, plan.proof.outcome
    return {
        "commune": contest.commune,
        "insee": contest.insee,
        "department": contest.department,
        "constituency": contest.constituency,
        "kind": plan.ballot.kind.value,
        "round": plan.ballot.round,
        "choices": list(contest.choices),
        "registered": contest.registered,
        "papers": sum(each.cards for each in contest.papers),
        "papers_to_audit": plan.audited.cards,
        "bureaux": len(contest.papers) * contest.by_bureau,
        "bureaux_to_audit": len(contest.batches) * contest.by_bureau,
        "outcome": {
            **{name: sorted(getattr(outcome, name)) for name in ("elected", "qualified", "mergeable", "tied")},
            "seats": list(outcome.seats),
        },
        "risk_limit": str(plan.risk),
        "standing": "full_count" if plan.full_count else "certain" if plan.certain else "to_audit",
        "assertions": [_assertion(each) for each in plan.assertions],
        "costs": [_cost(each) for each in plan.costs],
    }


def _assertion(planned: PlannedAssertion) -> dict[str, Any]:
    assertion, assorter = planned.assertion, planned.assorter
    return {
        "kind": assertion.kind.value,
        "choice": assertion.choice,
        "other": assertion.other if assertion.other >= 0 else None,
        "figures": list(assertion.figures),
        "share": str(assertion.share) if assertion.share else None,
        "standing": planned.need.value,
        "margin": None if assorter is None else str(assorter.margin),
        "upper": None if assorter is None else str(assorter.upper),
        "undisturbed": None if assorter is None else str(assorter.undisturbed),
        "papers": None if assorter is None else planned.papers,
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "slips": str(cost.slips),
        "papers_compared": _size(cost.papers),
        "bureaux_counted": None if cost.bureaux is None else _size(cost.bureaux),
        "papers_polled": _size(cost.polled),
    }


def _size(size: AuditSize) -> dict[str, int]:
    return {"expected": size.expected, "nine_of_ten": size.often}
