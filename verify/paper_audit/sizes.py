"""Sizes of audits: papers and bureaux that prove an assertion at a risk limit, where the reported figures are honest.

Planning figures: they never enter a measured risk. Without slips a comparison of papers is deterministic; all else is
simulated, with a seed, and given as an expectation and as what is enough nine times of ten.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from verify.paper_audit.assertions import Assorter
from verify.paper_audit.martingales import MAX_LOSS, Reals, batch_stakes, bet

AUDITS = 400
"""Simulated audits of each plan: the ninth decile is then known to some 3 % of them."""
_LOTS = 200
"""Looks that a simulated audit takes until its expected end; in between nothing is looked at."""


_LOOKED_AT = 5
"""Draws of bureaux that are simulated, for each one that is enough without slips."""


@dataclass(frozen=True, slots=True)
class AuditSize:
    """Expected size of an audit.

    Attributes:
        expected: mean over simulated audits, rounded up.
        often: enough in nine of ten audits.
    """

    expected: int
    often: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bureaux of a batch audit and what each can hide.

    Attributes:
        cards: papers of each bureau, shape ``(bureaux,)``.
        bounds: greatest error of each bureau as a share of the margin, over all assertions, shape ``(bureaux,)``.
    """

    cards: npt.NDArray[np.int64]
    bounds: Reals

    @property
    def total(self) -> float:
        """The sum of the bounds."""
        return float(self.bounds.sum())


def by_comparison(assorter: Assorter, risk: Fraction) -> int:
    """Papers to compare with their records, one by one, where all of them agree; at most all.

    Betting without replacement; exact given the assumption.
    """
    cards, undisturbed = assorter.papers.cards, float(assorter.undisturbed)
    most = 2 * math.ceil(math.log(1 / risk) / math.log1p(MAX_LOSS * (2 * undisturbed - 1))) + 10
    logs = bet(np.full(min(most, cards), undisturbed), 2 * undisturbed, cards)
    enough = logs >= math.log(1 / risk)
    return int(np.argmax(enough)) + 1 if enough.any() else cards


def by_comparison_with_slips(assorter: Assorter, risk: Fraction, rate: float, random: np.random.Generator) -> AuditSize:
    """Papers to compare one by one where a share of the records names another choice than the paper, either way.

    Args:
        assorter: of the hardest assertion.
        risk: risk limit.
        rate: share of the papers whose record is wrong, in a way that favours nobody.
        random: source of the simulated audits.
    """
    cards = assorter.papers.cards
    clean = by_comparison(assorter, risk)
    if rate == 0:
        return AuditSize(clean, clean)
    undisturbed, upper = float(assorter.undisturbed), float(assorter.upper)
    errors, chances = _slips(assorter)
    values = np.append((1 - errors / upper) * undisturbed, undisturbed)
    steps = np.log1p(2 * MAX_LOSS * (values - 0.5))
    return _walk(steps, np.append(chances * rate, 1 - rate), risk, cards, random)


def by_bureaux(audit: Bounds, risk: Fraction, random: np.random.Generator, hardest: Assorter, rate: float) -> AuditSize:
    """Bureaux to count by hand, whole, where they are drawn by their bounds without replacement.

    Args:
        audit: the bureaux.
        risk: risk limit.
        random: source of the simulated audits.
        hardest: assorter that slips are counted against.
        rate: share of the papers that a bureau has counted for another choice, in a way that favours nobody.
    """
    drawn = np.flatnonzero(audit.bounds > 0)
    bounds = audit.bounds[drawn]
    length = min(len(drawn), _LOOKED_AT * draws_of_bureaux(max(audit.total, 1 + 1e-9), risk) + 20)
    order = np.empty((AUDITS, length), np.int64)
    for at in range(AUDITS):  # one audit at a time: a nation of them side by side would take gigabytes
        waits = random.standard_exponential(len(drawn)) / bounds
        nearest = np.argpartition(waits, length - 1)[:length]
        order[at] = nearest[np.argsort(waits[nearest])]
    taken = bounds[order]
    taints = np.zeros(taken.shape)
    if rate > 0:
        slips = random.binomial(audit.cards[drawn][order], rate)
        errors, chances = _slips(hardest)
        scale = 2 / (hardest.papers.cards * float(hardest.margin))
        taints = random.multinomial(slips, chances) @ errors * scale / taken
    return _size(batch_stakes(np.minimum(taints, 1), taken, audit.total), risk, len(drawn))


def draws_of_bureaux(total: float, risk: Fraction) -> int:
    """Draws of bureaux by their bounds, with replacement, where all of them agree: ⌈ln α / ln(1 − 1/U)⌉.

    Args:
        total: sum of the bounds, U.
        risk: risk limit.
    """
    return max(0, math.ceil(math.log(risk) / math.log1p(-1 / total) - 1e-9))


def by_polling(assorter: Assorter, risk: Fraction, random: np.random.Generator) -> AuditSize:
    """Papers to look at without any record of them: only their choices count.

    The stake is the one that grows fastest at the reported shares.
    """
    values, shares = _values(assorter)
    steps = np.log1p(best_stake(values, shares) * (values - 0.5))
    return _walk(steps, shares, risk, assorter.papers.cards, random)


def _walk(steps: Reals, chances: Reals, risk: Fraction, cards: int, random: np.random.Generator) -> AuditSize:
    """Papers until the logarithm of the stake is large enough, drawn with replacement and looked at a lot at a time.

    Args:
        steps: what a paper of each kind adds.
        chances: of each kind.
        risk: risk limit.
        cards: papers that there are: an audit that needs more of them ends there.
        random: source of the simulated audits.
    """
    goal, pace = math.log(1 / risk), float(steps @ chances)
    if pace <= 0:
        return AuditSize(cards, cards)
    lot = max(1, math.ceil(goal / pace / _LOTS))
    looks = math.ceil(cards / lot)
    ends = np.full(AUDITS, cards)
    standing = np.zeros(AUDITS)
    going, before = np.arange(AUDITS), 0
    while len(going) and before < looks:
        now = min(_LOTS, looks - before)
        counts = random.multinomial(lot, chances, (len(going), now))
        stakes = standing[going, None] + np.cumsum(np.asarray(counts @ steps, np.float64), -1)
        enough = stakes >= goal
        ended = enough.any(-1)
        ends[going[ended]] = np.minimum((before + 1 + np.argmax(enough[ended], -1)) * lot, cards)
        standing[going] = stakes[:, -1]
        going, before = going[~ended], before + now
    return _summary(ends)


def polling_pace(assorter: Assorter) -> float:
    """Mean growth of the logarithm of the stake with each paper that is looked at without a record."""
    values, shares = _values(assorter)
    return float(np.log1p(best_stake(values, shares) * (values - 0.5)) @ shares)


def best_stake(values: Reals, shares: Reals) -> float:
    """The λ of a bet that grows fastest where papers have these values with these shares, below 2·`MAX_LOSS`."""
    low, high = 0.0, 2 * MAX_LOSS
    for _ in range(60):
        middle = (low + high) / 2
        slope = float(((values - 0.5) / (1 + middle * (values - 0.5))) @ shares)
        low, high = (middle, high) if slope > 0 else (low, middle)
    return low


def _slips(assorter: Assorter) -> tuple[Reals, Reals]:
    """Overstatement of a paper's value by a slip, and the chance of each: both choices at their reported shares."""
    values, shares = _values(assorter)
    return _distinct((values[:, None] - values[None, :]).ravel(), (shares[:, None] * shares[None, :]).ravel())


def _values(assorter: Assorter) -> tuple[Reals, Reals]:
    """The values of papers and their reported shares."""
    counts = np.array([*assorter.papers.votes, assorter.papers.blank], np.float64)
    return _distinct(np.array([*map(float, assorter.values), float(assorter.blank)]), counts / counts.sum())


def _distinct(values: Reals, shares: Reals) -> tuple[Reals, Reals]:
    """Each value once: many choices are alike to an assertion."""
    once, at = np.unique(values, return_inverse=True)
    return once, np.bincount(at, shares)


def _size(log_stakes: Reals, risk: Fraction, population: int) -> AuditSize:
    """Sizes of simulated audits: the first draw at which the stake is enough, else the whole population."""
    enough = log_stakes >= math.log(1 / risk) - 1e-12
    return _summary(np.where(enough.any(-1), np.argmax(enough, -1) + 1, population))


def _summary(ends: npt.NDArray[np.int64]) -> AuditSize:
    often = int(np.sort(ends)[math.ceil(0.9 * len(ends)) - 1])
    return AuditSize(math.ceil(float(ends.mean())), often)
