"""From the votes of a contest to who is elected, who may go on to the second round, and which list has which seats."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby

from verify.materiality.kinds import Ballot, ElectionKind


class Threshold(Enum):
    """Threshold of a number of votes; the value is the one in the data of a step."""

    MAJORITY = "majority"
    QUARTER = "quarter_of_registered"
    EIGHTH = "eighth_of_registered"
    TENTH = "tenth_of_valid"
    TWENTIETH = "twentieth_of_valid"
    THREE_PERCENT = "three_percent_of_valid"


@dataclass(frozen=True, slots=True)
class Totals:
    """A contest's figures: registered voters (None where not known), valid votes (ballots), and votes by choice."""

    registered: int | None
    valid: int
    votes: tuple[int, ...]

    def without(self, some: Totals, others: Totals) -> Totals:
        """The totals with others in place of some of their parts."""
        registered = None
        if self.registered is not None and some.registered is not None and others.registered is not None:
            registered = self.registered - some.registered + others.registered
        votes = zip(self.votes, some.votes, others.votes, strict=True)
        return Totals(registered, self.valid - some.valid + others.valid, tuple(a - b + c for a, b, c in votes))


@dataclass(frozen=True, slots=True)
class ContestOutcome:
    """Outcome of a count; all sets hold indices of choices.

    Attributes:
        elected: who is elected; of lists, the one with the majority, in the final round the one that comes first.
        qualified: who may stand in the second round.
        mergeable: lists that may not, but whose candidates may join one that does.
        seats: of every list, empty where none are shared out or their number is not known.
        tied: choices between which only age decides, or nothing that the law says.
        order: those who may stand, rank by rank, where one of them may withdraw and the
            law looks at who led (Conseil constitutionnel, 88-1042 AN, 25 November 1988). It is no part of the outcome.
        seats_unknown: whether seats would be shared out if their number were known.
    """

    elected: frozenset[int] = frozenset()
    qualified: frozenset[int] = frozenset()
    mergeable: frozenset[int] = frozenset()
    seats: tuple[int, ...] = ()
    tied: frozenset[int] = frozenset()
    order: tuple[tuple[int, ...], ...] = field(default=(), compare=False)
    seats_unknown: bool = field(default=False, compare=False)

    @property
    def concerned(self) -> frozenset[int]:
        """Every choice that this outcome says something of."""
        seated = {choice for choice, seats in enumerate(self.seats) if seats}
        return self.elected | self.qualified | self.mergeable | self.tied | seated


def thresholds(ballot: Ballot, totals: Totals) -> dict[Threshold, int]:
    """The least number of votes that reaches each threshold which counts in a ballot, at least 1.

    Raises:
        ValueError: a threshold is a share of the registered voters, and these are not known.
    """
    kind = ballot.kind
    lists = kind in (ElectionKind.MUNICIPAL_LISTS, ElectionKind.REGIONAL)
    bars: dict[Threshold, int] = {}
    if not ballot.final:
        bars[Threshold.MAJORITY] = totals.valid // 2 + 1
        if kind.threshold_of_registered:
            if totals.registered is None:
                raise ValueError("the number of registered voters is not known")
            bars[Threshold.QUARTER] = _share(totals.registered, 4)
            if kind is not ElectionKind.MUNICIPAL_CANDIDATES:
                bars[Threshold.EIGHTH] = _share(totals.registered, 8)
        if lists:
            bars[Threshold.TENTH] = _share(totals.valid, 10)
    if lists or kind is ElectionKind.EUROPEAN:
        bars[Threshold.TWENTIETH] = _share(totals.valid, 20)
    return bars


def reimbursed_from(ballot: Ballot) -> Threshold | None:
    """The threshold from which the State reimburses campaign costs, None where no votes of this round are looked at.

    Code électoral, L52-11-1; law 77-729, article 2, for European elections; for municipal ones from 9,000 inhabitants.
    """
    if ballot.kind is ElectionKind.EUROPEAN:
        return Threshold.THREE_PERCENT
    return None if ballot.final or ballot.kind.several_names else Threshold.TWENTIETH


def _share(whole: int, parts: int) -> int:
    return max(1, -(-whole // parts))


def decide(ballot: Ballot, totals: Totals, prize: int | None = None) -> ContestOutcome:
    """Find the outcome of the votes under the law of the ballot.

    Args:
        ballot: the kind of election, its round and its seats.
        totals: the figures of the contest.
        prize: seats of the bonus where the law of the place differs; None for the law of the kind.

    Raises:
        ValueError: the registered voters are needed and not known.
    """
    bars = thresholds(ballot, totals)
    everyone = range(len(totals.votes))
    if ballot.kind is ElectionKind.EUROPEAN:
        return _seated(ballot, totals, frozenset(), bars, prize)
    if not ballot.final:
        return _first_round(ballot, totals, bars, prize)
    if ballot.kind is ElectionKind.MUNICIPAL_CANDIDATES:
        return _several(ballot, totals, everyone)
    first, tied = _top(totals.votes, everyone, 1)
    if tied or ballot.kind not in (ElectionKind.MUNICIPAL_LISTS, ElectionKind.REGIONAL):
        return ContestOutcome(elected=first, tied=tied)
    return _seated(ballot, totals, first, bars, prize)


def _first_round(ballot: Ballot, totals: Totals, bars: dict[Threshold, int], prize: int | None) -> ContestOutcome:
    votes, kind = totals.votes, ballot.kind
    needed = max(bars[Threshold.MAJORITY], bars.get(Threshold.QUARTER, 0))
    winners = _reach(votes, needed)
    if kind is ElectionKind.MUNICIPAL_CANDIDATES:
        return _several(ballot, totals, winners)
    if winners:
        lists = Threshold.TENTH in bars
        return _seated(ballot, totals, winners, bars, prize) if lists else ContestOutcome(elected=winners)
    if kind is ElectionKind.PRESIDENTIAL:
        qualified, tied = _top(votes, range(len(votes)), 2)
        return ContestOutcome(qualified=qualified, tied=tied)
    lists = Threshold.TENTH in bars
    qualified, tied = _reach(votes, bars[Threshold.TENTH if lists else Threshold.EIGHTH]), frozenset[int]()
    if (
        len(qualified) < 2 and kind is not ElectionKind.MUNICIPAL_LISTS
    ):  # L264 has no such fall-back; L162, L210-1, L346 do
        qualified, tied = _top(votes, range(len(votes)), 2)
    if not lists:
        return ContestOutcome(qualified=qualified, tied=tied, order=_ranks(votes, qualified | tied))
    mergeable = _reach(votes, bars[Threshold.TWENTIETH]) - qualified - tied
    return ContestOutcome(qualified=qualified, mergeable=mergeable, tied=tied)


def _ranks(votes: tuple[int, ...], among: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """Choices by rank, equal ones together."""
    ordered = sorted(among, key=lambda choice: (-votes[choice], choice))
    return tuple(tuple(equal) for _, equal in groupby(ordered, key=votes.__getitem__))


def _several(ballot: Ballot, totals: Totals, among: Iterable[int]) -> ContestOutcome:
    """Single candidates for several seats: those with the most votes among the ones that may be elected."""
    possible = frozenset(choice for choice in among if totals.votes[choice])
    if ballot.seats is None:
        return ContestOutcome(elected=possible, seats_unknown=bool(possible))
    elected, tied = _top(totals.votes, possible, ballot.seats)
    return ContestOutcome(elected=elected, tied=tied)


def _seated(
    ballot: Ballot, totals: Totals, first: frozenset[int], bars: dict[Threshold, int], prize: int | None
) -> ContestOutcome:
    """Lists with their seats; ``first`` is the one that has the bonus, if there is one."""
    if ballot.seats is None:
        return ContestOutcome(elected=first, seats_unknown=True)
    extra = bonus(ballot.kind, ballot.seats) if prize is None else prize
    admitted = sorted(_reach(totals.votes, bars[Threshold.TWENTIETH]))
    seats, tied = highest_averages(totals.votes, admitted, ballot.seats - extra)
    seats = tuple(count + (extra if choice in first else 0) for choice, count in enumerate(seats))
    return ContestOutcome(elected=first, seats=seats, tied=tied)


def _reach(votes: tuple[int, ...], bar: int) -> frozenset[int]:
    return frozenset(choice for choice, count in enumerate(votes) if count >= bar)


def _top(votes: tuple[int, ...], among: Iterable[int], places: int) -> tuple[frozenset[int], frozenset[int]]:
    """The ``places`` choices with the most votes, and those that are equal for the last of these places."""
    ordered = sorted((choice for choice in among if votes[choice]), key=lambda choice: -votes[choice])
    if len(ordered) <= places:
        return frozenset(ordered), frozenset()
    last = votes[ordered[places - 1]]
    if votes[ordered[places]] < last:
        return frozenset(ordered[:places]), frozenset()
    return (
        frozenset(choice for choice in ordered if votes[choice] > last),
        frozenset(choice for choice in ordered if votes[choice] == last),
    )


# --- Seats of lists: highest averages in whole numbers, and the bonus of the list that comes first ---


def bonus(kind: ElectionKind, seats: int) -> int:
    """Seats that the first list gets before the others are shared out, in an election that has such a bonus.

    Half in a municipal election, rounded up where there are more than four seats and down where there are fewer (Code
    électoral, L262); a quarter, rounded up, in a regional one (L338); none elsewhere.
    """
    if kind is ElectionKind.MUNICIPAL_LISTS:
        return (seats + 1) // 2 if seats > 4 else seats // 2
    if kind is ElectionKind.REGIONAL:
        return -(-seats // 4)
    return 0


def highest_averages(
    votes: Sequence[int], admitted: Collection[int], seats: int
) -> tuple[tuple[int, ...], frozenset[int]]:
    """Share out seats by the highest average: each in turn to the list with the most votes per seat, counting that one.

    Averages are compared crosswise as whole numbers. Equal averages: the list with more votes comes first. Equal votes
    as well: the law looks at ages (L262, L338; law 77-729, article 3), which are not known here.

    Args:
        votes: of every list.
        admitted: indices of the lists that take part, each with votes.
        seats: to share out, 0 or more.

    Returns:
        Seats of every list, and the lists between which only age decides about what is left.
    """
    given = [0] * len(votes)
    left = seats
    while left and admitted:
        best: list[int] = []
        for this in admitted:
            if best:
                mine, theirs = votes[this] * (given[best[0]] + 1), votes[best[0]] * (given[this] + 1)
                if (mine, votes[this]) < (theirs, votes[best[0]]):
                    continue
                if (mine, votes[this]) > (theirs, votes[best[0]]):
                    best.clear()
            best.append(this)
        if len(best) > left:
            return tuple(given), frozenset(best)
        for this in best:
            given[this] += 1
        left -= len(best)
    return tuple(given), frozenset()
