"""Audits that are carried out on honest figures end about where they were planned; and the guide's program."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest

from tests.sources import ROOT
from verify.materiality.kinds import Ballot, ElectionKind
from verify.paper_audit.assertions import Assorter, Papers, assort
from verify.paper_audit.contests import PaperContest, add_up
from verify.paper_audit.martingales import batch_stakes, bet
from verify.paper_audit.plan import PaperPlan, plan
from verify.paper_audit.sizes import best_stake, bounds_of

RISK = Fraction(1, 20)
GOAL = math.log(20)
AUDITS = 60


@pytest.fixture(scope="module")
def town() -> PaperPlan:
    random = np.random.default_rng(5)
    counts = random.multinomial(600, (0.56, 0.41, 0.03), 40)
    papers = tuple(Papers(600, (a, b)) for a, b, _ in counts.tolist())
    contest = PaperContest("Essai", "77001", "77", "", ("A", "B"), 30_000, True, papers, np.ones(40, np.bool_))
    return plan(contest, Ballot(ElectionKind.PRESIDENTIAL, 2), RISK, Fraction(1, 1000), 1)


@pytest.fixture
def hardest(town: PaperPlan) -> Assorter:
    assorter = assort(town.assertions[0].assertion, town.audited)[1]
    assert assorter is not None
    return assorter


def test_bureaux_counted_until_the_outcome_is_proven(town: PaperPlan, hardest: Assorter) -> None:
    planned = town.costs[0].bureaux
    assert planned is not None
    bounds = bounds_of([hardest], town.contest.papers)
    ends = []
    for seed in range(AUDITS):
        random = np.random.default_rng(seed)
        drawn = bounds.bounds[random.choice(40, 40, replace=False, p=bounds.bounds / bounds.total)]
        ends.append(int(np.argmax(batch_stakes(np.zeros(40), drawn, bounds.total) >= GOAL)) + 1)
    assert abs(np.mean(ends) - planned.expected) <= 1.5
    assert np.mean([each <= planned.often for each in ends]) >= 0.8


def test_papers_alone(town: PaperPlan, hardest: Assorter) -> None:
    whole = add_up(town.contest.papers)
    values = np.repeat([*map(float, hardest.values), float(hardest.blank)], [*whole.votes, whole.blank])
    once, counts = np.unique(values, return_counts=True)
    stake = best_stake(once, counts / len(values))
    polled = []
    for seed in range(AUDITS):
        drawn = np.random.default_rng(seed).permutation(values)[:3000]
        proven = bet(drawn, float(hardest.upper), len(values), stake=stake) >= GOAL
        polled.append(int(np.argmax(proven)) + 1 if proven.any() else len(values))
    assert np.mean([each <= town.costs[0].polled.often for each in polled]) >= 0.75
    assert np.mean(polled) == pytest.approx(town.costs[0].polled.expected, rel=0.35)


def test_the_program_of_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs/guide/paper-audit.md").read_text("utf-8")
    [program] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(program, "paper-audit.md", "exec"), {})  # noqa: S102
    assert re.fullmatch(r"[0-9]+ papers\n", capsys.readouterr().out)
