"""Plans of paper audits for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verify.paper_audit.plan import Cost, PaperPlan, PlannedAssertion
from verify.paper_audit.sizes import AuditSize


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
