"""Outcomes, assertions and sizes of a paper audit, as messages."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from protocol.words import Language, Message, Text, msg, nmsg, quoted, series
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
        "An audit checks that papers were added up into the right outcome. It does not check that the papers are "
        "complete, nor that a machine printed what the voter chose."
    ),
    msg(
        "The file is taken for the whole contest. Of a part of one the plan proves who is ahead there, not who is "
        "elected."
    ),
    msg("Sizes are planned for figures that are honest. The risk limit holds whatever the figures are."),
)

WAYS = (
    msg("papers compared with their records"),
    msg("bureaux counted whole"),
    msg("papers looked at without records"),
)
"""The three ways to audit."""


def name_contest(plan: PaperPlan) -> Text:
    """The place of a contest, or the département and who came first where the file names no smaller place."""
    contest = plan.contest
    parts: list[Text] = []
    if contest.commune or contest.insee:
        parts.append(contest.commune or contest.insee)
    elif contest.department:
        parts.append(msg("département {code}", code=contest.department))
    if contest.constituency:
        parts.append(msg("constituency {area}", area=contest.constituency))
    elif not contest.insee and contest.department:
        votes = contest.count().papers.votes
        parts.append(quoted(contest.choices[votes.index(max(votes))]))
    return series(parts) if parts else msg("all of the file")


def outcome_of(plan: PaperPlan) -> Text:
    """The reported outcome, without a full stop."""
    return result(plan.proof.outcome, plan.contest.choices)


def sentence_of(assertion: Assertion, choices: tuple[str, ...]) -> Message:
    """An assertion as a sentence, without a full stop."""
    name = quoted(choices[assertion.choice])
    other = quoted(choices[assertion.other]) if assertion.other >= 0 else ""
    share = percent(assertion.share)
    match assertion.kind:
        case AssertionKind.MORE_VOTES:
            return msg("{name} has more votes than {other}", name=name, other=other)
        case AssertionKind.MAJORITY:
            return msg("{name} has more than half of the valid votes", name=name)
        case AssertionKind.NO_MAJORITY:
            return msg("{name} has less than half of the valid votes", name=name)
        case AssertionKind.ABOVE_SHARE:
            return msg("{name} has more than {share} of the valid votes", name=name, share=share)
        case AssertionKind.BELOW_SHARE:
            return msg("{name} has less than {share} of the valid votes", name=name, share=share)
        case AssertionKind.REACHES:
            return msg("{name} has at least {votes:n} votes", name=name, votes=assertion.figures[0])
        case AssertionKind.BELOW:
            return msg("{name} has fewer than {votes:n} votes", name=name, votes=assertion.figures[0])
        case AssertionKind.HIGHER_AVERAGE:
            return msg(
                "seat {seat:n} of {name} has a higher average than seat {next:n} of {other}",
                seat=assertion.figures[0],
                name=name,
                next=assertion.figures[1],
                other=other,
            )


def percent(share: Fraction) -> Message:
    """A share as a whole percentage."""
    return msg("{percent}%", percent=round(share * 100))


def margin_of(margin: Fraction, words: Language) -> str:
    """A diluted margin in votes for each hundred papers."""
    digits = 2 if margin < Fraction(1, 10) else 1
    return words.decimal(float(margin * 100), digits)


def size_of(size: AuditSize, population: int) -> Message:
    """The expected size of an audit and what is enough nine times of ten; a full count where it comes to that."""
    if size.expected >= population:
        return msg("all {count:n}: a full count", count=population)
    if size.full:
        return msg("{count:n}, and one time of ten a full count", count=size.expected)
    if size.expected == size.often:
        return msg("{count:n}", count=size.expected)
    return msg(
        "{count:n}, nine times of ten at most {often:n}", count=size.expected, often=max(size.often, size.expected)
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
    cost = plan.costs[0]
    if cost.bureaux is None:
        return nmsg(
            "Where all agrees, {count:n} paper compared with its record proves the outcome.",
            "Where all agrees, {count:n} papers compared with their records prove the outcome.",
            cost.papers.expected,
        )
    return nmsg(
        "Where all agrees, {count:n} paper compared with its record proves the outcome, or {bureaux:n} of {all:n} "
        "bureaux counted whole.",
        "Where all agrees, {count:n} papers compared with their records prove the outcome, or {bureaux:n} of {all:n} "
        "bureaux counted whole.",
        cost.papers.expected,
        bureaux=cost.bureaux.expected,
        all=len(plan.contest.batches),
    )


def audited_part(plan: PaperPlan) -> Text:
    """How many papers and bureaux a contest has, and how many of them can be audited."""
    contest = plan.contest
    papers = sum(each.cards for each in contest.papers)
    bureaux = nmsg("{count:n} bureau", "{count:n} bureaux", len(contest.bureaux)) if contest.bureaux else ""
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


def slips_of(cost: Cost) -> Message:
    """The assumption on records and counts: slips favour nobody."""
    if not cost.slips:
        return msg("all agrees")
    return msg(
        "one slip in {count:n} papers",
        count=round(1 / cost.slips),
    )


def sizes_of(plan: PaperPlan, cost: Cost) -> tuple[Text, Text, Text]:
    """The sizes of the three ways to audit, in the order of `WAYS`; nothing for bureaux where the file has none."""
    cards = plan.audited.cards
    bureaux = "" if cost.bureaux is None else size_of(cost.bureaux, len(plan.contest.batches))
    return size_of(cost.papers, cards), bureaux, size_of(cost.polled, cards)


def assertion_count(plan: PaperPlan) -> Text:
    """The head of the list of assertions."""
    return nmsg(
        "It is proven by {count:n} assertion:",
        "It is proven by {count:n} assertions together, the hardest first:",
        len(plan.assertions),
    )


def planned_sentence(planned: PlannedAssertion, plan: PaperPlan, words: Language) -> Message:
    """An assertion with its margin and the papers that it alone would need."""
    sentence = sentence_of(planned.assertion, plan.contest.choices)
    if planned.margin is None or planned.papers is None:
        certain = planned.standing is AuditNeed.CERTAIN
        why = msg("certain without any paper") if certain else msg("only a count of all papers proves it")
        return msg("{name}: {value}", name=sentence, value=why)
    return nmsg(
        "{sentence}: margin of {margin} in 100 papers, {count:n} paper",
        "{sentence}: margin of {margin} in 100 papers, {count:n} papers",
        planned.papers,
        sentence=sentence,
        margin=margin_of(planned.margin, words),
    )


def hardest_first(plans: Sequence[PaperPlan]) -> list[PaperPlan]:
    """Plans in the order of the papers that they need, the most first."""
    return sorted(plans, key=lambda each: -(each.costs[0].papers.expected if each.costs else each.audited.cards))
