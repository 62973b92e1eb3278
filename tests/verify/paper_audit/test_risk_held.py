"""Simulated worst cases: an outcome wrong by one vote, errors where they hide best, confirmed in at most 5 %."""

import math
from fractions import Fraction

import numpy as np
import pytest

from verify.materiality.kinds import Ballot, ElectionKind
from verify.paper_audit.assertions import Assorter, Papers, assort
from verify.paper_audit.elections import PaperCount, prove
from verify.paper_audit.hand_count import bounds_of
from verify.paper_audit.martingales import Reals, batch_stakes, bet
from verify.paper_audit.sizes import best_stake

GOAL = math.log(20)
FEW, ALL = 2_000, 100_000
"""Simulated audits of each worst case, in every run and in the full check."""
BUREAUX = 24

ELECTIONS = {
    "presidential, first": (Ballot(ElectionKind.PRESIDENTIAL, 1), None, (96, 80, 36, 14)),
    "presidential, second": (Ballot(ElectionKind.PRESIDENTIAL, 2), None, (130, 90)),
    "legislative, elected": (Ballot(ElectionKind.LEGISLATIVE, 1), 330, (140, 60, 20)),
    "legislative, three stand": (Ballot(ElectionKind.LEGISLATIVE, 1), 400, (90, 78, 66, 20)),
    "legislative, second": (Ballot(ElectionKind.LEGISLATIVE, 2), 400, (110, 80, 50)),
    "municipal, elected": (Ballot(ElectionKind.MUNICIPAL_LISTS, 1, 29), None, (150, 60, 30)),
    "municipal, second": (Ballot(ElectionKind.MUNICIPAL_LISTS, 2, 9), None, (120, 80, 40)),
    "departmental, second": (Ballot(ElectionKind.DEPARTMENTAL, 2), 400, (130, 100)),
    "regional, first": (Ballot(ElectionKind.REGIONAL, 1, 20), None, (100, 70, 40, 14)),
    "European": (Ballot(ElectionKind.EUROPEAN, 1, 7), None, (110, 70, 40, 6)),
    "referendum": (Ballot(ElectionKind.REFERENDUM, 1), None, (130, 100)),
}


def upper_bound(stopped: int, audits: int) -> float:
    """One-sided 99.9 % bound of a rate, by the normal law of the score."""
    rate, z = (stopped + 3.1**2 / 2) / (audits + 3.1**2), 3.1
    return rate + z * math.sqrt(rate * (1 - rate) / (audits + z * z))


def falsified(assorter: Assorter, *, many: bool) -> Reals:
    """The overstatement of each paper, so that the assertion just fails: of the fewest papers, or of many."""
    values = [*assorter.values, assorter.blank]
    counts = [*assorter.papers.votes, assorter.papers.blank]
    worst = min(values)
    over = sorted(
        (value - worst for value, count in zip(values, counts, strict=True) for _ in range(count)), reverse=True
    )
    needed = assorter.sum_of(assorter.papers) - Fraction(assorter.papers.cards, 2)
    errors = [Fraction(0)] * len(over)
    if many:
        step = min(each for each in over if each > 0)
        over = [min(each, step) for each in over]
    for at, each in enumerate(over):
        if needed <= 0:
            break
        errors[at] = each
        needed -= each
    assert needed <= 0 or many
    return np.array(errors, np.float64)


def hardest_and_easiest(name: str) -> list[tuple[Assorter, list[Assorter]]]:
    ballot, registered, votes = ELECTIONS[name]
    count = PaperCount(registered, Papers(sum(votes) + 6, votes))
    made = [assort(each, count.papers)[1] for each in prove(ballot, count).assertions]
    every = sorted((each for each in made if each is not None), key=lambda each: each.undisturbed)
    return [(every[0], every), (every[-1], every)]


def rate_held(stopped: int, audits: int) -> bool:
    """At most 5 % of the full check, with its interval; of the few audits of every run, not clearly more."""
    return upper_bound(stopped, audits) <= (0.055 if audits == ALL else 0.07) and stopped / audits <= 0.05 + (
        audits < ALL
    )


def chunks(audits: int) -> list[int]:
    return [min(2_000, audits - done) for done in range(0, audits, 2_000)]


@pytest.mark.parametrize("audits", [FEW, pytest.param(ALL, marks=pytest.mark.check(35))])
@pytest.mark.parametrize("name", ELECTIONS)
def test_comparison_of_papers(name: str, audits: int) -> None:
    random = np.random.default_rng(11)
    for assorter, _ in hardest_and_easiest(name):
        undisturbed, upper = float(assorter.undisturbed), float(assorter.upper)
        for many in (False, True):
            values = (1 - falsified(assorter, many=many) / upper) * undisturbed
            if values.mean() > 0.5:
                continue
            stopped = 0
            for size in chunks(audits):
                drawn = random.permuted(np.broadcast_to(values, (size, len(values))).copy(), axis=1)
                stakes = bet(drawn[:, : len(values) * 9 // 10], 2 * undisturbed, len(values))
                stopped += int((stakes.max(1) >= GOAL).sum())
            assert rate_held(stopped, audits), (name, many, stopped)


@pytest.mark.parametrize("audits", [FEW, pytest.param(ALL, marks=pytest.mark.check(12))])
@pytest.mark.parametrize("name", ELECTIONS)
def test_bureaux(name: str, audits: int) -> None:
    random = np.random.default_rng(12)
    for assorter, every in hardest_and_easiest(name):
        papers = assorter.papers
        order = random.permutation(np.repeat(np.arange(len(papers.votes) + 1), [*papers.votes, papers.blank]))
        bureaux = [
            Papers(len(part), tuple(np.bincount(part, minlength=len(papers.votes) + 1)[:-1].tolist()))
            for part in np.array_split(order, BUREAUX)
        ]
        bounds = bounds_of(every, bureaux)
        most = np.array([float(2 * assorter.sum_of(each) / (papers.cards * assorter.margin)) for each in bureaux])
        for hidden in (_in_fewest(most), most / most.sum()):
            taints = hidden / bounds.bounds
            stopped = 0
            for size in chunks(audits):
                waits = random.standard_exponential((size, BUREAUX)) / bounds.bounds
                drawn = np.argsort(waits, axis=1)[:, :-1]
                stopped += int((batch_stakes(taints[drawn], bounds.bounds[drawn], bounds.total).max(1) >= GOAL).sum())
            assert rate_held(stopped, audits), (name, stopped)


def _in_fewest(most: Reals) -> Reals:
    """Errors that sum to 1 in as few bureaux as can hold them."""
    hidden, left = np.zeros(len(most)), 1.0
    for at in np.argsort(-most).tolist():
        hidden[at] = min(most[at], left)
        left -= hidden[at]
    return hidden


@pytest.mark.parametrize("audits", [FEW, pytest.param(ALL, marks=pytest.mark.check(25))])
@pytest.mark.parametrize("name", ELECTIONS)
def test_polling(name: str, audits: int) -> None:
    random = np.random.default_rng(13)
    for assorter, _ in hardest_and_easiest(name):
        papers = assorter.papers
        values = np.repeat([*map(float, assorter.values), float(assorter.blank)], [*papers.votes, papers.blank])
        once, counts = np.unique(values, return_counts=True)
        stake = best_stake(once, counts / counts.sum())
        truth = np.sort(values)[::-1] - falsified(assorter, many=False)
        stopped = 0
        for size in chunks(audits):
            drawn = random.permuted(np.broadcast_to(truth, (size, len(truth))).copy(), axis=1)
            stakes = bet(drawn[:, : len(truth) * 9 // 10], float(assorter.upper), len(truth), stake=stake)
            stopped += int((stakes.max(1) >= GOAL).sum())
        assert rate_held(stopped, audits), (name, stopped)
