"""Audits that are carried out on honest figures end about where they were planned; and the guide's program."""

import re
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from tests.sources import ROOT
from verify.materiality.kinds import Ballot, ElectionKind
from verify.paper_audit.assertions import Papers, assort
from verify.paper_audit.contests import PaperContest, add_up
from verify.paper_audit.hand_count import BureauAudit, hand_value
from verify.paper_audit.martingales import bet, risks
from verify.paper_audit.plan import PaperPlan, plan
from verify.paper_audit.samplers import numbers, weighted
from verify.paper_audit.sizes import best_stake

RISK = Fraction(1, 20)
AUDITS = 60


@pytest.fixture(scope="module")
def town() -> PaperPlan:
    random = np.random.default_rng(5)
    counts = random.multinomial(600, (0.56, 0.41, 0.03), 40)
    papers = tuple(Papers(600, (a, b)) for a, b, _ in counts.tolist())
    contest = PaperContest("Essai", "77001", "77", "", ("A", "B"), 30_000, True, papers, np.ones(40, np.bool_))
    return plan(contest, Ballot(ElectionKind.PRESIDENTIAL, 2), RISK, Fraction(1, 1000), 1)


def assorters(town: PaperPlan) -> BureauAudit:
    made = [assort(each.assertion, town.audited)[1] for each in town.assertions]
    return BureauAudit([each for each in made if each is not None], town.contest.papers)


def test_bureaux_counted_until_every_assertion_is_proven(town: PaperPlan) -> None:
    audit, planned = assorters(town), town.costs[0].bureaux
    assert planned is not None
    weights = [round(each * 10**9) for each in audit.bounds.bounds.tolist()]
    ends = []
    for seed in range(AUDITS):
        audit.counted.clear()
        for bureau in weighted(str(seed), weights):
            audit.counted.append((bureau, town.contest.papers[bureau]))
            if audit.measure().max() <= RISK:
                break
        ends.append(len(audit.counted))
    assert abs(np.mean(ends) - planned.expected) <= 1.5
    assert np.mean([each <= planned.often for each in ends]) >= 0.8


def test_papers_alone(town: PaperPlan) -> None:
    whole, hardest = add_up(town.contest.papers), assorters(town).assorters[0]
    values = np.repeat([*map(float, hardest.values), float(hardest.blank)], [*whole.votes, whole.blank])
    once, counts = np.unique(values, return_counts=True)
    stake = best_stake(once, counts / len(values))
    polled = []
    for seed in range(AUDITS):
        drawn = values[[number - 1 for number in islice(numbers(str(seed), len(values)), 3000)]]
        proven = risks(bet(drawn, float(hardest.upper), len(values), stake=stake)) <= 0.05
        polled.append(int(np.argmax(proven)) + 1 if proven.any() else len(values))
    assert np.mean([each <= town.costs[0].polled.often for each in polled]) >= 0.75
    assert np.mean(polled) == pytest.approx(town.costs[0].polled.expected, rel=0.35)


def test_missing_papers_and_surplus_ones_never_help(town: PaperPlan) -> None:
    hardest = assorters(town).assorters[0]
    first = town.contest.papers[0]
    whole = hand_value(hardest, first, first.cards)
    assert hand_value(hardest, Papers(first.cards - 5, first.votes), first.cards) <= whole
    grown = Papers(first.cards + 5, (first.votes[0] + 5, *first.votes[1:]))
    assert hand_value(hardest, grown, first.cards) == whole


def test_the_program_of_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs/guide/paper-audit.md").read_text("utf-8")
    [program] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(program, "paper-audit.md", "exec"), {})  # noqa: S102
    papers, risk = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"[0-9]+ papers", papers)
    assert 0 < float(risk.strip("[]")) < 1
