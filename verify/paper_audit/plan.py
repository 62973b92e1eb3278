"""The plan of an audit: what has to be proven of a contest, how hard each assertion is, and what it would cost."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from verify.materiality.kinds import Ballot
from verify.paper_audit.assertions import HOPELESS, Assertion, Assorter, AuditNeed, Papers, assort, ease
from verify.paper_audit.contests import PaperContest
from verify.paper_audit.elections import OutcomeProof, prove
from verify.paper_audit.hand_count import bounds_of
from verify.paper_audit.sizes import (
    AuditSize,
    by_bureaux,
    by_comparison,
    by_comparison_with_slips,
    by_polling,
    polling_pace,
)


@dataclass(frozen=True, slots=True)
class PlannedAssertion:
    """An assertion and what proving it alone would cost.

    Attributes:
        assertion: the assertion.
        need: whether there is anything to audit.
        assorter: its assorter, None where no sample is needed or helps.
        papers: papers to compare one by one where all agree; 0 without an assorter.
    """

    assertion: Assertion
    need: AuditNeed
    assorter: Assorter | None
    papers: int

    @property
    def ease(self) -> Fraction:
        """Comparison value of a paper that agrees with its record; the smallest decides the audit."""
        return ease(self.need, self.assorter)


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of an audit in three ways, each at a rate of slips.

    Attributes:
        slips: share of the papers that were recorded or counted for another choice, favouring nobody.
        papers: papers to compare one by one with a record of each vote.
        bureaux: bureaux to count whole; None where the file has none.
        polled: papers to look at without any record; slips of records play no part.
    """

    slips: Fraction
    papers: AuditSize
    bureaux: AuditSize | None
    polled: AuditSize


@dataclass(frozen=True, slots=True)
class PaperPlan:
    """The plan of a contest.

    Attributes:
        contest: the contest.
        ballot: how it elects.
        risk: limit of the chance that a wrong outcome is confirmed.
        proof: the outcome and what implies it.
        assertions: all of them, the hardest first.
        audited: papers that can be audited.
        costs: one for no slips, and one for the stated rate; empty where no sample can prove the outcome.
    """

    contest: PaperContest
    ballot: Ballot
    risk: Fraction
    proof: OutcomeProof
    assertions: tuple[PlannedAssertion, ...]
    audited: Papers
    costs: tuple[Cost, ...]

    @property
    def full_count(self) -> bool:
        """True if only a count of all papers can prove the outcome."""
        return self.proof.tied or any(each.need is AuditNeed.FULL_COUNT for each in self.assertions)

    @property
    def certain(self) -> bool:
        """True if the papers to audit cannot change the outcome, whatever they say."""
        return not self.proof.tied and all(each.need is AuditNeed.CERTAIN for each in self.assertions)


def plan(
    contest: PaperContest, ballot: Ballot, risk: Fraction, slips: Fraction, seed: int, prize: int | None = None
) -> PaperPlan:
    """PaperPlan the audit of a contest.

    Args:
        contest: the papers.
        ballot: how it elects.
        risk: risk limit.
        slips: a rate of honest slips, beside none.
        seed: of the simulated audits.
        prize: seats of the bonus, where the law of the place differs.

    Raises:
        ValueError: as `prove`.
    """
    count = contest.count(prize)
    proof, audited = prove(ballot, count), count.audited
    planned = []
    for each in proof.assertions:
        need, assorter = assort(each, audited, count.rest)
        planned.append(PlannedAssertion(each, need, assorter, by_comparison(assorter, risk) if assorter else 0))
    planned.sort(key=lambda each: each.ease)
    assorters = [each.assorter for each in planned if each.assorter is not None]
    provable = not proof.tied and all(each.ease > HOPELESS for each in planned)
    costs = _costs(contest, assorters, risk, [Fraction(0), slips], seed) if provable and assorters else ()
    return PaperPlan(contest, ballot, risk, proof, tuple(planned), audited, costs)


def _costs(
    contest: PaperContest, assorters: list[Assorter], risk: Fraction, rates: list[Fraction], seed: int
) -> tuple[Cost, ...]:
    """The cost of proving all assertions; each way of auditing is decided by the assertion that is hardest for it."""
    random = np.random.default_rng(np.random.SeedSequence(seed))
    polled = by_polling(min(assorters, key=polling_pace), risk, random)
    bounds = bounds_of(assorters, contest.batches) if contest.by_bureau else None
    return tuple(
        Cost(
            rate,
            by_comparison_with_slips(assorters[0], risk, float(rate), random),
            None if bounds is None else by_bureaux(bounds, risk, random, assorters[0], float(rate)),
            polled,
        )
        for rate in rates
    )
