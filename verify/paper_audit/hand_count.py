"""The measured risk of an audit under way: what hand counts of drawn bureaux do to each assertion.

Papers that are not found count as the worst for the assertion, and of a bureau with more papers than its bound only the
worst so many count: neither can confirm a wrong outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from verify.paper_audit.assertions import Assorter, Papers
from verify.paper_audit.martingales import Reals, batch_stakes, risks
from verify.paper_audit.sizes import Bounds


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
