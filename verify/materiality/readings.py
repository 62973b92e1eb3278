"""V503: every outcome that the evidence allows, over all readings of it, and the fewest readings that reach each.

A group is some bureaux with the ways in which they can be read: as they stand, with one reading made, or several. Each
way has its own figures, and its own votes beyond signatures or voters, which are taken and given as in `sums`.
An outcome rests on comparisons of two choices, or of one with a threshold. A comparison is a sum over bureaux, so that
the least and the most that it can come to are known at once, whatever the number of readings. Where no comparison that
counts can change its sign, there is one outcome. Else every selection of readings is tried, and in each every way of
taking the votes, as far as they differ in the sign of a comparison; where these are too many, the selections that push
a comparison furthest, and the result says that not all were tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from verify.materiality.comparisons import PARTS, SumFigures, VoteComparison
from verify.materiality.contest import Bureaux, ContestCount
from verify.materiality.deduction import ContestVerdict, lacking
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, Threshold, Totals, decide, thresholds
from verify.materiality.seats import bonus
from verify.materiality.sums import BallotMoves
from verify.model.figures import Bools, Ints

MOST_SELECTIONS = 4096
"""Selections of readings that are tried at most."""
MOST_WAYS = 1_000_000
"""Ways of taking votes that are looked at at most, over all selections."""
MOST_SHARES = 2_000_000
"""Lists times seats, over all ways: where seats are shared out, each way is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way of reading some bureaux: the numbers of the readings that are made, and the bureaux as they then are."""

    readings: frozenset[int]
    bureaux: Bureaux


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """Bureaux that are read together: their rows in the contest, and the ways; the first is as they stand.

    ``complete``: whether these are all ways.
    """

    rows: Ints
    options: tuple[Option, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class PossibleOutcome:
    """An outcome that is possible, and the fewest readings found that reach it; none where the votes alone do."""

    outcome: ContestOutcome
    readings: frozenset[int]


@dataclass(frozen=True, slots=True)
class EveryOutcome:
    """What is possible.

    Attributes:
        outcome: as the evidence stands; None where it cannot be told.
        others: every other one, those with the fewest readings first.
        safe: the fewest readings found with which the outcome cannot be another, where it can as the figures stand.
        complete: whether every selection and every way was looked at, or need not be.
        verdict, lacking: as in `deduction.Deduction`; ``tries`` is lacking where there are too many.
    """

    outcome: ContestOutcome | None
    others: tuple[PossibleOutcome, ...]
    safe: frozenset[int]
    complete: bool
    verdict: ContestVerdict
    lacking: str = ""


def every_outcome(count: ContestCount, groups: Sequence[ReadGroup]) -> EveryOutcome:
    """V503 for one contest."""
    lacks = lacking(count)
    if count.ballot is None or lacks:
        return EveryOutcome(None, (), frozenset(), False, ContestVerdict.CANNOT_TELL, lacks)
    before = decide(count.ballot, count.totals)
    found = _OutcomeSearch(count, count.ballot, groups, before)
    found.look()
    others = sorted(found.reached.items(), key=lambda each: (len(each[1]), sorted(each[1])))
    others = [each for each in others if each[0] != before]
    verdict = ContestVerdict.MATERIAL if others else ContestVerdict.NOT_MATERIAL
    if not others:
        lacks = "seats" if before.seats_unknown else "votes" if count.scope.unplaced else ""
        lacks = lacks if found.complete or lacks else "tries"
        verdict = ContestVerdict.CANNOT_TELL if lacks else verdict
    possible = tuple(PossibleOutcome(*each) for each in others)
    return EveryOutcome(before, possible, found.safe or frozenset(), found.complete, verdict, lacks)


class _OutcomeSearch:
    """Looks for the outcomes of a contest: ``reached`` has the readings of each, ``safe`` those that keep it."""

    def __init__(
        self, count: ContestCount, ballot: Ballot, groups: Sequence[ReadGroup], before: ContestOutcome
    ) -> None:
        self._count, self._ballot, self._groups, self._before = count, ballot, groups, before
        self._several = ballot.kind.several_names
        apart: Bools = np.ones(len(count.bureaux), np.bool_)
        for group in groups:
            apart[group.rows] = False
        rest = count.bureaux.some(apart)
        self._moves = [[BallotMoves(each.bureaux, self._several) for each in group.options] for group in groups]
        self._of = [
            SumFigures.of([each.bureaux for each in group.options], moves)
            for group, moves in zip(groups, self._moves, strict=True)
        ]
        self._rest = BallotMoves(rest, self._several)
        stand = [figures.votes[0] for figures in self._of]
        beyond = count.totals.valid - sum(int(group.options[0].bureaux.valid.sum()) for group in groups)
        roll = (count.totals.registered or 0) - sum(int(figures.registered[0]) for figures in self._of)
        self._base = SumFigures(
            votes=np.array([count.totals.votes], np.int64) - sum(stand, start=np.zeros(1, np.int64)),
            least=np.array([self._rest.least], np.int64),
            most=np.array([self._rest.most], np.int64),
            valid=np.array([beyond - self._rest.taken + self._rest.added]),
            registered=np.array([roll]),
            added=np.array([self._rest.added]),
            must_gain=np.array([self._rest.must_gain]),
        )
        self.reached: dict[ContestOutcome, frozenset[int]] = {}
        self.safe: frozenset[int] | None = None
        self.complete = all(group.complete for group in groups)
        self._ways_left = MOST_WAYS
        self._shares_left = MOST_SHARES

    def look(self) -> None:
        """Fill in what is reached."""
        self._open, self._at_stake, self._shared = self._comparisons()
        if self._open or self._shared:
            for selection in self._selections():
                self._try(selection)
        else:
            self._try((0,) * len(self._groups))

    def _bounds(self, comparison: VoteComparison) -> tuple[int, int]:
        """What a comparison comes to at least and at most, whatever is read."""
        low, high = (int(each[0]) for each in comparison.bounds(self._base))
        for figures in self._of:
            lows, highs = comparison.bounds(figures)
            low, high = low + int(lows.min()), high + int(highs.max())
        return low, high

    def _state(self, comparison: VoteComparison) -> int:
        return comparison.state(*self._bounds(comparison))

    def _comparisons(self) -> tuple[list[VoteComparison], list[int], bool]:
        """Those that count and are open, their choices, and whether seats can be shared out otherwise."""
        kind, choices = self._ballot.kind, range(self._base.votes.shape[1])
        bars = thresholds(self._ballot, self._count.totals)
        of = {(bar, choice): VoteComparison(choice, None, *self._part(bar)) for bar in bars for choice in choices}
        state = {key: self._state(each) for key, each in of.items()}
        needed = [bar for bar in (Threshold.MAJORITY, Threshold.QUARTER) if bar in bars]
        elected = needed and any(all(state[bar, choice] == 1 for bar in needed) for choice in choices)
        seated = self._ballot.seats is not None and (
            kind is ElectionKind.EUROPEAN
            or (Threshold.TWENTIETH in bars and (self._ballot.final or not self._never(state)))
        )
        if elected and not seated and not self._several:
            return [], [], False
        never = {choice for bar, choice in of if bar in needed and state[bar, choice] == -1}
        here = [each for (bar, at), each in of.items() if state[bar, at] == 0 and not (bar in needed and at in never)]
        here += [
            each
            for each in (VoteComparison(choice, None, 1, strict=True) for choice in choices)
            if self._state(each) == 0
        ]
        here += self._pairs(state)
        shared = seated and bool(here or self._before.tied or not self._before.seats or self._of_seats(state))
        here += self._of_seats(state) if shared else []
        at_stake = {choice for each in here for choice in (each.one, each.other) if choice is not None}
        if shared:
            at_stake |= {choice for choice in choices if state[Threshold.TWENTIETH, choice] >= 0}
        return here, sorted(at_stake), shared

    def _never(self, state: dict[tuple[Threshold, int], int]) -> bool:
        """Whether nobody can have a majority."""
        return all(each == -1 for (bar, _), each in state.items() if bar is Threshold.MAJORITY)

    def _part(self, bar: Threshold) -> tuple[int, int, int, int, bool]:
        a, ballots, roll, strict = PARTS[bar]
        return a, 0, ballots, roll, strict

    def _pairs(self, state: dict[tuple[Threshold, int], int]) -> list[VoteComparison]:
        """Comparisons of two choices that are open, between those that are neither in nor out whatever is read."""
        kind, choices = self._ballot.kind, range(self._base.votes.shape[1])
        if self._several:
            places = self._ballot.seats or 0
        elif self._ballot.final:
            places = 0 if kind is ElectionKind.EUROPEAN else 1
        else:
            bar = Threshold.EIGHTH if kind.of_registered else Threshold.TENTH
            enough = sum(state.get((bar, choice), 0) == 1 for choice in choices) >= 2
            places = 0 if kind is ElectionKind.MUNICIPAL_LISTS or enough else 2
        if not places or len(choices) <= places:
            return []
        bounds = [self._bounds(VoteComparison(choice, None, 1)) for choice in choices]
        least_in = sorted((low for low, _ in bounds), reverse=True)[places - 1]
        most_out = sorted((high for _, high in bounds), reverse=True)[places]
        between = [at for at in choices if bounds[at][1] >= least_in and bounds[at][0] <= most_out]
        pairs = [VoteComparison(one, other, 1, 1) for at, one in enumerate(between) for other in between[at + 1 :]]
        return [each for each in pairs if self._state(each) == 0]

    def _of_seats(self, state: dict[tuple[Threshold, int], int]) -> list[VoteComparison]:
        """Comparisons of the averages of two lists, that of the last seat of one and of a further one of another.

        Those that do not hold whatever is read; where all hold, seats are shared out the same.
        """
        seats = list(self._before.seats)
        for first in self._before.elected if seats else ():
            seats[first] -= bonus(self._ballot.kind, self._ballot.seats or 0)
        admitted = [choice for choice in range(len(seats)) if state[Threshold.TWENTIETH, choice] >= 0]
        of = [
            VoteComparison(one, other, seats[other] + 1, seats[one])
            for one in admitted
            for other in admitted
            if one != other and seats[one]
        ]
        return [each for each in of if self._state(each) != 1]

    # --- Selections of readings ---

    def _selections(self) -> Iterator[tuple[int, ...]]:
        """Which option of each group, those with the fewest readings first."""
        sizes = [len(group.options) for group in self._groups]
        if prod(sizes) <= MOST_SELECTIONS:
            yield from sorted(product(*map(range, sizes)), key=lambda each: len(self._made(each)))
            return
        self.complete = False
        stand = (0,) * len(sizes)
        yield stand
        for comparison in self._open:
            yield from self._pushing(comparison, stand)

    def _made(self, selection: Sequence[int]) -> frozenset[int]:
        """The readings that are made."""
        return frozenset().union(
            *(group.options[at].readings for group, at in zip(self._groups, selection, strict=True) if at)
        )

    def _pushing(self, comparison: VoteComparison, stand: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """The fewest groups that turn a comparison, and one more where it is a tie, and all that push it."""
        for way in (0, 1):
            values = [comparison.bounds(figures)[way] for figures in self._of]
            sign = 1 if way else -1
            best = [int((sign * each).argmax()) for each in values]
            gains = np.array([sign * int(each[at] - each[0]) for each, at in zip(values, best, strict=True)])
            order = np.argsort(-gains, kind="stable")
            now = int(comparison.bounds(self._base)[way][0]) + sum(int(each[0]) for each in values)
            needed = np.searchsorted(np.cumsum(gains[order]), -sign * now)
            pushing = int((gains > 0).sum())
            for many in sorted({min(int(needed) + more, pushing) for more in (1, 2)} | {pushing}):
                chosen = list(stand)
                for group in order[:many].tolist():
                    chosen[group] = best[group]
                yield tuple(chosen)

    # --- Ways of taking votes ---

    def _try(self, selection: tuple[int, ...]) -> None:
        """Every outcome of one selection, as far as it was not reached with fewer readings."""
        whole, self.complete = self.complete, True
        made = self._made(selection)
        picked = [figures.votes[at] for figures, at in zip(self._of, selection, strict=True)]
        votes = self._base.votes[0] + sum(picked, start=np.zeros(1, np.int64))
        valid, registered = (
            int(getattr(self._base, name)[0])
            + sum(int(getattr(figures, name)[at]) for figures, at in zip(self._of, selection, strict=True))
            for name in ("valid", "registered")
        )
        moves = [self._rest, *(each[at] for each, at in zip(self._moves, selection, strict=True) if each[at])]
        ways = self._ways(moves, votes)
        if self._open and not self._shared:
            signs = np.stack([each.signs(ways, valid, registered) for each in self._open], axis=1)
            ways = ways[np.unique(signs, axis=0, return_index=True)[1]]
        else:
            shares = len(votes) * (self._ballot.seats or 1)
            if len(ways) * shares > self._shares_left:
                ways, self.complete = ways[: self._shares_left // shares], False
            self._shares_left -= len(ways) * shares
        roll = None if self._count.totals.registered is None else registered
        outcomes = {decide(self._ballot, Totals(roll, valid, tuple(way))) for way in ways.tolist()}
        for outcome in outcomes:
            self.reached.setdefault(outcome, made)
        if self.safe is None and self.complete and outcomes == {self._before}:
            self.safe = made
        self.complete = self.complete and whole

    def _ways(self, moves: Sequence[BallotMoves], votes: Ints) -> Ints:
        """Votes by choice after each way of taking and giving that can matter, shape ``(ways, n)``."""
        added = sum(each.added for each in moves)
        least, most = (np.sum([getattr(each, name) for each in moves], axis=0) for name in ("least", "most"))
        stake, last = self._at_stake, len(votes) - 1
        if not stake:
            return np.array([votes - np.sum([each.losing(0, last) for each in moves], axis=0)])
        sizes = [int(most[each] - least[each]) + added + 1 for each in stake]
        unmoved = votes - least
        if prod(sizes) > self._ways_left or len(stake) > 12:
            self.complete = False
            self._ways_left -= len(self._open)
            beside = [each.other if each.other is not None else (each.one + 1) % len(votes) for each in self._open]
            pairs = [(each.one, other) for each, other in zip(self._open, beside, strict=True)]
            return np.array(
                [
                    votes - np.sum([each.losing(*way) for each in moves], axis=0)
                    for one, other in pairs
                    for way in ((one, other), (other, one))
                ]
            )
        self._ways_left -= prod(sizes)
        change = np.stack(np.unravel_index(np.arange(prod(sizes)), sizes), axis=1) - most[stake]
        fits = np.ones(len(change), np.bool_)
        subsets = range(1, 2 ** len(stake)) if not self._several else ()
        for subset in subsets:
            places = [at for at in range(len(stake)) if subset >> at & 1]
            lowest, highest = self._together(moves, [stake[at] for at in places])
            total = change[:, places].sum(axis=1)
            fits &= (total >= lowest) & (total <= highest)
        ways = np.repeat(unmoved[None], int(fits.sum()), axis=0)
        ways[:, stake] = votes[stake] + change[fits]
        return ways

    def _together(self, moves: Sequence[BallotMoves], choices: list[int]) -> tuple[int, int]:
        """By how much the votes of some choices can change together, at least and at most."""
        others = [each for each in range(self._base.votes.shape[1]) if each not in choices]
        added = sum(each.added for each in moves)
        lowest = -sum(each.bounds(choices) for each in moves) + (0 if others else added)
        return lowest, added - sum(each.taken - each.bounds(others) for each in moves)
