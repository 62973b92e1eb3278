"""The assertions that prove the outcome of each kind of French election.

Each function returns assertions that together imply the outcome: if the outcome is wrong, at least one of them is
false. The law of each kind is in `docs/guide/materiality.md`; the alternatives are chosen for the fewest papers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from protocol.words import msg
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, Totals, bonus, decide
from verify.paper_audit.assertions import (
    CERTAIN,
    Assertion,
    Papers,
    above_share,
    assort,
    below_share,
    ease,
    higher_average,
    majority,
    more_votes,
    no_majority,
    reaches,
    stays_below,
)

STAND, MERGE = Fraction(1, 10), Fraction(1, 20)
"""Shares of the valid votes that a list needs to stand in the second round, and to merge or have seats (L262, L264)."""


@dataclass(frozen=True, slots=True)
class OutcomeProof:
    """An outcome and the assertions that imply it.

    Attributes:
        outcome: the reported outcome.
        assertions: those that imply it together.
        tied: whether only age or nothing decides, or at most one of several choices has votes: only
            a full hand count is left.
    """

    outcome: ContestOutcome
    assertions: tuple[Assertion, ...]
    tied: bool = False


@dataclass(frozen=True, slots=True)
class PaperCount:
    """The reported figures of a contest.

    Attributes:
        registered: registered voters, None where not known.
        papers: all papers of the contest.
        rest: those of them that cannot be audited.
        prize: seats of the bonus where the law of the place differs; None for the law of the kind.
    """

    registered: int | None
    papers: Papers
    rest: Papers | None = None
    prize: int | None = None

    @property
    def audited(self) -> Papers:
        """The papers that can be audited."""
        return self.papers if self.rest is None else self.papers.less(self.rest)

    @property
    def totals(self) -> Totals:
        """The figures as the law of the outcome wants them."""
        return Totals(self.registered, sum(self.papers.votes), self.papers.votes)

    def choose(self, *sets: Sequence[Assertion]) -> Sequence[Assertion]:
        """Choose the set whose hardest assertion is the easiest to prove, of sets that prove the same."""
        return max(sets, key=self._ease)

    def is_easier(self, those: Sequence[Assertion], than: Sequence[Assertion]) -> bool:
        """Tell whether some assertions cost no more papers than others that are needed anyway."""
        return self._ease(those) >= self._ease(than)

    def _ease(self, assertions: Sequence[Assertion]) -> Fraction:
        return min((ease(*assort(each, self.audited, self.rest)) for each in assertions), default=CERTAIN)


def prove(ballot: Ballot, count: PaperCount) -> OutcomeProof:
    """Find the assertions that imply the reported outcome.

    Raises:
        ValueError: registered voters or seats are needed and not known, or the kind is not planned: candidates of
            whom a paper may name several.
    """
    if ballot.kind is ElectionKind.MUNICIPAL_CANDIDATES:
        raise ValueError(msg("a paper may name several candidates"))
    outcome = decide(ballot, count.totals, count.prize)
    if outcome.seats_unknown:
        raise ValueError(msg("the number of seats is not known: --seats"))
    voted = sum(map(bool, count.papers.votes))
    if outcome.tied or voted < min(2, len(count.papers.votes)):
        return OutcomeProof(outcome, (), tied=True)
    needed = _first_round(ballot, count, outcome) if not ballot.final else _final(ballot, count, outcome)
    return OutcomeProof(outcome, tuple(dict.fromkeys(needed)))


def _final(ballot: Ballot, count: PaperCount, outcome: ContestOutcome) -> Iterator[Assertion]:
    yield from _ahead(count, outcome.elected)
    if outcome.seats:
        yield from _seats(ballot, count, outcome)


def _first_round(ballot: Ballot, count: PaperCount, outcome: ContestOutcome) -> Iterator[Assertion]:
    choices = len(count.papers.votes)
    if outcome.elected:
        [first] = outcome.elected
        yield majority(choices, first)
        if ballot.kind.threshold_of_registered:
            yield reaches(choices, first, _part(count, 4))
        if outcome.seats:
            yield from _seats(ballot, count, outcome)
    elif ballot.kind is ElectionKind.PRESIDENTIAL:
        yield from _ahead(count, outcome.qualified)
        yield from (no_majority(choices, each) for each in sorted(outcome.qualified))
    elif ballot.kind.threshold_of_registered:
        yield from _standing_of_registered(count, outcome)
    else:
        yield from _standing_of_valid(ballot, count, outcome)


def _ahead(count: PaperCount, first: frozenset[int]) -> Iterator[Assertion]:
    """Each of some choices has more votes than any other."""
    choices = len(count.papers.votes)
    for each in sorted(first):
        yield from (more_votes(choices, each, other) for other in range(choices) if other not in first)


def _standing_of_registered(count: PaperCount, outcome: ContestOutcome) -> Iterator[Assertion]:
    """Nobody is elected, and these may stand: at least an eighth of the registered, or the first two (L162, L210-1)."""
    choices = len(count.papers.votes)
    quarter, eighth = _part(count, 4), _part(count, 8)
    standing = sorted(outcome.qualified)
    yield from (stays_below(choices, each, eighth) for each in range(choices) if each not in standing)
    thresholds = [reaches(choices, each, eighth) for each in standing]
    if len(standing) > 2:
        yield from thresholds
    elif choices > 1:
        yield from count.choose(thresholds, list(_ahead(count, outcome.qualified)))
    for each in standing:
        yield from count.choose([no_majority(choices, each)], [stays_below(choices, each, quarter)])


def _standing_of_valid(ballot: Ballot, count: PaperCount, outcome: ContestOutcome) -> Iterator[Assertion]:
    """No list has the majority, these may stand and those may merge (L264, L346)."""
    choices = len(count.papers.votes)
    standing = sorted(outcome.qualified)
    thresholds = [above_share(choices, each, STAND) for each in standing]
    falls_back = ballot.kind is not ElectionKind.MUNICIPAL_LISTS and len(standing) == 2
    yield from count.choose(thresholds, list(_ahead(count, outcome.qualified))) if falls_back else thresholds
    yield from (no_majority(choices, each) for each in standing)
    for each in range(choices):
        if each in outcome.mergeable:
            yield below_share(choices, each, STAND)
            yield above_share(choices, each, MERGE)
        elif each not in outcome.qualified:
            yield below_share(choices, each, MERGE)


def _seats(ballot: Ballot, count: PaperCount, outcome: ContestOutcome) -> Iterator[Assertion]:
    """Lists have these seats: their order of averages, and those below the threshold stay out or win nothing."""
    votes = count.papers.votes
    choices, valid = len(votes), sum(votes)
    prize = bonus(ballot.kind, ballot.seats or 0) if count.prize is None else count.prize
    won = [seats - (prize if each in outcome.elected else 0) for each, seats in enumerate(outcome.seats)]
    admitted = [each for each in range(choices) if votes[each] >= MERGE * valid and votes[each]]
    seated = [each for each in admitted if won[each]]
    needed = [above_share(choices, each, MERGE) for each in seated]
    needed += [
        higher_average(choices, each, won[each], other, won[other] + 1)
        for each, other in permutations(admitted, 2)
        if won[each]
    ]
    yield from needed
    for each in range(choices):
        if each not in admitted:
            stays_out = [below_share(choices, each, MERGE)]
            wins_nothing = [higher_average(choices, list_, won[list_], each, 1) for list_ in seated]
            yield from stays_out if count.is_easier(stays_out, needed) else count.choose(stays_out, wins_nothing)


def _part(count: PaperCount, parts: int) -> int:
    if count.registered is None:
        raise ValueError(msg("the number of registered voters is not known"))
    return max(1, -(-count.registered // parts))
