"""Assertions: inequalities between votes that prove an outcome, each as a mean of papers above one half.

An assertion gives every paper a weight and says that the weights of all papers sum to more than a constant. Its
assorter shifts and scales the weights so that they are never negative and their mean is above 1/2 exactly where the
assertion holds (Blom et al., arXiv 2107.11903). All numbers here are exact fractions.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class AssertionKind(Enum):
    """The inequality that an assertion states; the value is its word in JSON."""

    MORE_VOTES = "more_votes"
    MAJORITY = "majority"
    NO_MAJORITY = "no_majority"
    ABOVE_SHARE = "above_share"
    BELOW_SHARE = "below_share"
    REACHES = "reaches"
    BELOW = "below"
    HIGHER_AVERAGE = "higher_average"


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of a contest, or of a part of it: all of them, blank and null ones included.

    Attributes:
        cards: number of papers, a trusted upper bound.
        votes: papers for each choice.
    """

    cards: int
    votes: tuple[int, ...]

    @property
    def blank(self) -> int:
        """Papers without a valid choice."""
        return self.cards - sum(self.votes)

    def weigh(self, weights: Sequence[Fraction], blank: Fraction) -> Fraction:
        """Sum up weights of papers, by their choices, and of those without a valid one."""
        return sum(map(operator.mul, weights, self.votes), blank * self.blank)

    def less(self, part: Papers) -> Papers:
        """The papers without a part of them."""
        return Papers(self.cards - part.cards, tuple(a - b for a, b in zip(self.votes, part.votes, strict=True)))


@dataclass(frozen=True, slots=True)
class Assertion:
    """An inequality that holds where the weights of all papers sum to more than ``beyond``.

    Attributes:
        kind: the inequality.
        choice: index of the choice that it is about.
        other: index of the choice that it is compared with, -1 for none.
        weights: weight of a paper for each choice.
        blank: weight of a blank or null paper.
        beyond: the constant.
        figures: numbers of its sentence: votes to reach, or the seats of both lists.
        share: share of the valid votes, for the two kinds that have one.
    """

    kind: AssertionKind
    choice: int
    other: int
    weights: tuple[Fraction, ...]
    blank: Fraction = Fraction(0)
    beyond: Fraction = Fraction(0)
    figures: tuple[int, ...] = ()
    share: Fraction = Fraction(0)

    @property
    def smallest(self) -> Fraction:
        """The least weight of a paper."""
        return min(*self.weights, self.blank)

    @property
    def largest(self) -> Fraction:
        """The greatest weight of a paper."""
        return max(*self.weights, self.blank)

    def sum_of(self, papers: Papers) -> Fraction:
        """The weights of some papers, summed."""
        return papers.weigh(self.weights, self.blank)

    def holds(self, papers: Papers) -> bool:
        """Tell whether the assertion is true of all papers of the contest."""
        return self.sum_of(papers) > self.beyond


def more_votes(choices: int, choice: int, other: int) -> Assertion:
    """``choice`` has more votes than ``other``."""
    return Assertion(AssertionKind.MORE_VOTES, choice, other, _weights(choices, {choice: 1, other: -1}, 0))


def majority(choices: int, choice: int) -> Assertion:
    """``choice`` has more than half of the valid votes."""
    return Assertion(AssertionKind.MAJORITY, choice, -1, _weights(choices, {choice: 1}, -1))


def no_majority(choices: int, choice: int) -> Assertion:
    """``choice`` has less than half of the valid votes."""
    return Assertion(AssertionKind.NO_MAJORITY, choice, -1, _weights(choices, {choice: -1}, 1))


def above_share(choices: int, choice: int, share: Fraction) -> Assertion:
    """``choice`` has more than a share of the valid votes. The law says at least: an exact tie is not proven."""
    return Assertion(AssertionKind.ABOVE_SHARE, choice, -1, _weights(choices, {choice: 1 - share}, -share), share=share)


def below_share(choices: int, choice: int, share: Fraction) -> Assertion:
    """``choice`` has less than a share of the valid votes."""
    return Assertion(AssertionKind.BELOW_SHARE, choice, -1, _weights(choices, {choice: share - 1}, share), share=share)


def reaches(choices: int, choice: int, votes: int) -> Assertion:
    """``choice`` has at least so many votes, as for a share of the registered voters; blank papers count as 0."""
    return Assertion(
        AssertionKind.REACHES,
        choice,
        -1,
        _weights(choices, {choice: 1}, 0),
        beyond=Fraction(votes - 1),
        figures=(votes,),
    )


def stays_below(choices: int, choice: int, votes: int) -> Assertion:
    """``choice`` has fewer than so many votes; blank papers count as those of any other choice."""
    return Assertion(
        AssertionKind.BELOW, choice, -1, _weights(choices, {choice: -1}, 0), beyond=Fraction(-votes), figures=(votes,)
    )


def higher_average(choices: int, choice: int, seats: int, other: int, other_seats: int) -> Assertion:
    """``choice`` has more votes for each of ``seats`` seats than ``other`` for each of ``other_seats``.

    With the last seat that one list won and the first that the other did not win, this is D'Hondt's order of averages.
    """
    of_lists = {choice: Fraction(1, seats), other: Fraction(-1, other_seats)}
    weights = _weights(choices, of_lists, 0)
    return Assertion(AssertionKind.HIGHER_AVERAGE, choice, other, weights, figures=(seats, other_seats))


def _weights(choices: int, named: Mapping[int, Fraction | int], others: Fraction | int) -> tuple[Fraction, ...]:
    return tuple(Fraction(named.get(choice, others)) for choice in range(choices))


@dataclass(frozen=True, slots=True)
class Assorter:
    """An assertion over the papers that can be audited: values of papers, never negative, with a mean to test.

    Attributes:
        assertion: the assertion.
        papers: the reported papers that can be audited.
        values: value of a paper for each choice.
        blank: value of a blank or null paper.
        upper: the greatest value of a paper.
    """

    assertion: Assertion
    papers: Papers
    values: tuple[Fraction, ...]
    blank: Fraction
    upper: Fraction

    def sum_of(self, papers: Papers) -> Fraction:
        """The values of some papers, summed."""
        return papers.weigh(self.values, self.blank)

    @property
    def mean(self) -> Fraction:
        """The mean value of the reported papers."""
        return self.sum_of(self.papers) / self.papers.cards

    @property
    def margin(self) -> Fraction:
        """Twice the reported mean, less 1: above 0 where the reported papers satisfy the assertion."""
        return 2 * self.mean - 1

    @property
    def undisturbed(self) -> Fraction:
        """The comparison assorter's value of a paper that agrees with its record; the larger, the easier to prove."""
        return 1 / (2 - self.margin / self.upper)


class AuditNeed(Enum):
    """The standing of an assertion before any paper is looked at."""

    TO_AUDIT = "to_audit"
    CERTAIN = "certain"
    FULL_COUNT = "full_count"


def assort(assertion: Assertion, audited: Papers, rest: Papers | None = None) -> tuple[AuditNeed, Assorter | None]:
    """Make the assorter of an assertion over the papers that can be audited.

    Args:
        assertion: over all papers.
        audited: reported papers that can be audited.
        rest: papers that cannot, with the votes of their PVs, which are taken as right.

    Returns:
        ``CERTAIN`` where the assertion holds whatever the audited papers say; ``FULL_COUNT`` where the reported papers
        do not satisfy it, or no sample can prove it; else ``TO_AUDIT`` with the assorter.
    """
    beyond = assertion.beyond - (assertion.sum_of(rest) if rest is not None else 0)
    least = assertion.smallest
    if least * audited.cards > beyond:
        return AuditNeed.CERTAIN, None
    if assertion.sum_of(audited) <= beyond or least * audited.cards == beyond:
        return AuditNeed.FULL_COUNT, None
    scale = 2 * (beyond / audited.cards - least)
    values = tuple((weight - least) / scale for weight in assertion.weights)
    blank, upper = (assertion.blank - least) / scale, (assertion.largest - least) / scale
    return AuditNeed.TO_AUDIT, Assorter(assertion, audited, values, blank, upper)


CERTAIN, HOPELESS = Fraction(2), Fraction(0)
"""Ease of an assertion that holds whatever is audited, and of one that no sample can prove."""


def ease(need: AuditNeed, assorter: Assorter | None) -> Fraction:
    """Ease of proving an assertion: `Assorter.undisturbed`, which orders the sizes of audits as margins do not."""
    if assorter is None:
        return CERTAIN if need is AuditNeed.CERTAIN else HOPELESS
    return assorter.undisturbed
