"""The measured risk of an audit under way: what hand counts of drawn bureaux or papers do to each assertion.

Papers that are not found count as the worst for the assertion, and of a bureau with more papers than its bound only the
worst so many count: neither can confirm a wrong outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from verify.paper_audit.assertions import Assorter, Papers
from verify.paper_audit.martingales import Reals, batch_stakes, bet, risks
from verify.paper_audit.sizes import Bounds

BLANK, MISSING = -1, -2
"""A blank or null paper, and one that cannot be found, among the choices of papers."""


def bounds_of(assorters: Sequence[Assorter], bureaux: Sequence[Papers]) -> Bounds:
    """The bounds of bureaux in a batch audit: of each, the greatest error that it can hide from any assertion.

    Args:
        assorters: of all assertions to audit.
        bureaux: reported papers of each bureau that can be audited.
    """
    cards = np.array([each.cards for each in bureaux], np.int64)
    if not assorters:
        return Bounds(cards, np.zeros(len(bureaux)))
    table = np.array([[*each.votes, each.blank] for each in bureaux], np.float64)
    of_each = [
        table @ np.array([*map(float, one.values), float(one.blank)]) * 2 / (one.papers.cards * float(one.margin))
        for one in assorters
    ]
    return Bounds(cards, np.maximum.reduce(of_each))


def hand_value(assorter: Assorter, counted: Papers, cards: int) -> Fraction:
    """The value of a bureau as counted by hand, at most.

    Args:
        assorter: of the assertion.
        counted: papers that were found.
        cards: papers that the bureau can have at most; further ones are left out, those of the greatest value.
    """
    value, surplus = assorter.sum_of(counted), counted.cards - cards
    kinds = [*zip(assorter.values, counted.votes, strict=True), (assorter.blank, counted.blank)]
    for each, number in sorted(kinds, reverse=True):
        left_out = min(max(surplus, 0), number)
        value -= left_out * each
        surplus -= left_out
    return value


@dataclass(slots=True)
class BureauAudit:
    """An audit of whole bureaux, drawn by their bounds without replacement.

    Attributes:
        assorters: of all assertions to audit.
        bureaux: reported papers of each bureau that can be audited.
        counted: bureaux in the order of their draws, with the papers that were found by hand.
    """

    assorters: Sequence[Assorter]
    bureaux: Sequence[Papers]
    counted: list[tuple[int, Papers]] = field(default_factory=list)

    @property
    def bounds(self) -> Bounds:
        """The bounds by which bureaux are drawn."""
        return bounds_of(self.assorters, self.bureaux)

    def error(self, assorter: Assorter, bureau: int, found: Papers) -> float:
        """The overstatement of a bureau as a share of the margin."""
        reported = self.bureaux[bureau]
        over = assorter.sum_of(reported) - hand_value(assorter, found, reported.cards)
        return float(2 * over / (assorter.papers.cards * assorter.margin))

    def measure(self) -> Reals:
        """The measured risk of each assertion, shape ``(assertions,)``; 1 before anything is counted."""
        if not self.counted:
            return np.ones(len(self.assorters))
        bounds = self.bounds
        drawn = bounds.bounds[[bureau for bureau, _ in self.counted]]
        errors = np.array([[self.error(each, *one) for one in self.counted] for each in self.assorters])
        stakes = batch_stakes(np.minimum(errors / drawn, 1), np.broadcast_to(drawn, errors.shape), bounds.total)
        return np.asarray(risks(stakes)[:, -1], np.float64)


def value_of(assorter: Assorter, choice: int, missing: Fraction = Fraction(0)) -> Fraction:
    """The value of one paper: that of its choice, of a blank one, or of one that is missing."""
    if choice == MISSING:
        return missing
    return assorter.blank if choice == BLANK else assorter.values[choice]


def comparison_risks(assorter: Assorter, records: Sequence[int], papers: Sequence[int]) -> Reals:
    """The measured risk after each drawn paper that is compared with its record.

    Args:
        assorter: of the assertion.
        records: choice of each record, in the order of the draws; `MISSING` where a paper has none.
        papers: choice of each paper as seen; `MISSING` where it cannot be found.
    """
    undisturbed, upper = assorter.undisturbed, assorter.upper
    values = [
        float((1 - (value_of(assorter, record, Fraction(1, 2)) - value_of(assorter, paper)) / upper) * undisturbed)
        for record, paper in zip(records, papers, strict=True)
    ]
    return risks(bet(np.array(values), 2 * float(undisturbed), assorter.papers.cards))


def polling_risks(assorter: Assorter, papers: Sequence[int], stake: float) -> Reals:
    """The measured risk after each drawn paper without any record.

    Args:
        assorter: of the assertion.
        papers: choice of each paper in the order of the draws, without replacement; `MISSING` where it is not found.
        stake: λ of the bet, fixed before the draw: `sizes.best_stake`.
    """
    values = np.array([float(value_of(assorter, paper)) for paper in papers])
    return risks(bet(values, float(assorter.upper), assorter.papers.cards, stake=stake))
