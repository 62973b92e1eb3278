"""A judge's sum: ballots that leave a contest's bureaux and ballots that come, and the outcome before and after.

Nobody knows which choices the ballots name, so they are taken and given where it hurts. From one bureau at most as many
leave as it has, and from one choice at most as many as it has there; bureaux are never netted. An outcome rests on
comparisons of two choices, or of one with a threshold, so that the worst ways are: all from one choice as far as it
goes, from another last, and what comes to that other one. These are the trials.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, prod

import numpy as np

from verify.materiality.contest import Bureaux
from verify.materiality.kinds import Ballot
from verify.materiality.outcome import ContestOutcome, Totals, decide
from verify.model.figures import Ints

_MOST_SUMS = 2**24
"""Numbers that are laid out at once to add up ways: 128 MiB of them, of which most are the same sums again."""


@dataclass(frozen=True, slots=True)
class SeatTrial:
    """One way of taking and giving ballots, and what that comes to.

    Attributes:
        first: the choice that they are taken from as far as it has votes in each bureau; None where none are taken, or
            where it is another one in each bureau.
        spared: the choice that they are taken from last, and that is given those that come; None where it does not
            matter.
        losses: votes taken from each choice; negative where it is given some.
        totals: after.
        outcome: of these totals.
        changes: whether it differs from the outcome before.
        reorders: whether those who go on come in another order than before; where the law does not look at it, never.
    """

    first: int | None
    spared: int | None
    losses: tuple[int, ...]
    totals: Totals
    outcome: ContestOutcome
    changes: bool
    reorders: bool


class BallotMoves:
    """The ballots that leave some bureaux and those that come, and what each choice can lose by them.

    A ballot names one choice, so that what leaves a bureau is shared among its choices; or it names several candidates,
    so that each of them can lose all of it, and must lose what ballots without its name cannot make up.

    Attributes:
        taken, added: ballots that leave and that come. ``must_gain``: those of them that come to every choice.
        least, most: votes that each choice loses at least and at most, if nothing comes to it.
    """

    def __init__(self, bureaux: Bureaux, several_names: bool) -> None:
        leaving = np.minimum(bureaux.excess, bureaux.valid)
        rows = np.flatnonzero(leaving > 0)
        excess, valid, votes = leaving[rows], bureaux.valid[rows], bureaux.votes[rows]
        self._excess, self._votes, self._several = excess, votes, several_names
        most = np.minimum(excess[:, None], votes)
        forced = np.maximum(excess[:, None] - (valid[:, None] - votes), 0)
        self.taken, self.added = int(excess.sum()), int(bureaux.added.sum())
        self.least = tuple(int(loss) for loss in forced.sum(axis=0))
        self.most = tuple(int(loss) for loss in most.sum(axis=0))
        self.must_gain = self.added if votes.shape[1] == 1 and not several_names else 0
        self._order = np.argsort(-votes.sum(axis=0), kind="stable").tolist()

    def __bool__(self) -> bool:
        return bool(self.taken or self.added)

    def bounds(self, choices: list[int]) -> int:
        """The most votes that some choices can lose together, of ballots that name one choice."""
        return int(np.minimum(self._excess, self._votes[:, choices].sum(axis=1)).sum())

    def changes(self, choices: list[int], limit: int) -> Ints | None:
        """List the changes that the votes of some choices can have, shape ``(ways, len(choices))``.

        Returns:
            None where they may be more than the limit, or their sums too many to lay out.
        """
        if self._several:
            sizes = [self.most[each] - self.least[each] + self.added + 1 for each in choices]
            if prod(sizes) > limit:
                return None
            ways = np.arange(prod(sizes))[:, None] // _strides(sizes) % np.array(sizes)
            return np.asarray(ways - np.array(self.most)[choices], np.int64)
        if prod(comb(each + len(choices), each) for each in (self.taken, self.added)) > limit:
            return None
        others = [each for each in range(self._votes.shape[1]) if each not in choices]
        gains = self.added, np.full(len(choices), self.added), self.added if others else 0
        losses = zip(self._excess.tolist(), self._votes[:, choices], self._votes[:, others].sum(axis=1), strict=True)
        changes = np.zeros((1, len(choices)), np.int64)
        for sign, (ballots, most, rest) in ((1, gains), *((-1, each) for each in losses)):
            ways = sign * _share(min(ballots, int(most.sum()) + rest), most, rest)
            if len(changes) * ways.size > _MOST_SUMS:
                return None
            changes = add_ways(changes, ways)
        return changes

    def losing(self, first: int | None, spared: int | None = None) -> tuple[int, ...]:
        """Votes lost by each choice, taken from ``first`` as far as it goes and from ``spared`` last, which gains."""
        if self._several:
            losses = [self.most[each] if each == first else loss for each, loss in enumerate(self.least)]
        else:
            others = [each for each in self._order if each not in (first, spared)]
            order = [each for each in (first, *others, spared) if each is not None]
            losses = self._in_turn([np.full(len(self._excess), each) for each in dict.fromkeys(order)])
        if spared is not None:
            losses[spared] -= self.added
        return tuple(losses)

    def by_leader(self) -> tuple[int, ...]:
        """Votes lost by each choice, taken in each bureau from those that have the most votes there, in turn."""
        order = np.argsort(-self._votes[:, self._order], axis=1, kind="stable")
        return tuple(self._in_turn(list(np.array(self._order)[order].T)))

    def _in_turn(self, order: list[np.ndarray]) -> list[int]:
        """Take from the choices that stand first for each bureau, then from those that stand second, and so on."""
        left, bureaux = self._excess.copy(), np.arange(len(self._excess))
        losses = np.zeros(self._votes.shape[1], np.int64)
        for choice in order:
            loss = np.minimum(left, self._votes[bureaux, choice])
            np.add.at(losses, choice, loss)
            left -= loss
            if not left.any():
                break
        return losses.tolist()

    def ways(self) -> Iterator[tuple[int | None, int | None]]:
        """The choices to take from first and last that can matter."""
        choices = range(len(self.least))
        if self.added and self._several:  # a ballot that comes may name none of them
            yield from ((first, None) for first in (choices if self.taken else (None,)))
        if not self.taken:
            yield from ((None, each) for each in choices if self.added)
            return
        for first in choices:
            if self.added:
                yield from ((first, other) for other in choices if other != first or len(choices) == 1)
                continue
            yield first, None
            losses = self.losing(first)
            yield from (
                (first, spared) for spared in choices if spared != first and losses[spared] > self.least[spared]
            )


def _share(ballots: int, most: Ints, rest: int) -> Ints:
    """Every way of sharing ballots among choices, each with at most so many, and ``rest`` others."""
    ways, left = np.zeros((1, 0), np.int64), np.array([ballots])
    for each in most:
        sizes = np.minimum(each, left) + 1
        at = np.repeat(np.arange(len(ways)), sizes)
        share = np.arange(len(at)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        ways, left = np.column_stack((ways[at], share)), left[at] - share
    return np.asarray(ways[left <= rest])


def add_ways(ways: Ints, more: Ints) -> Ints:
    """Each sum of a row of one and a row of the other, once."""
    sums = (ways[:, None] + more).reshape(-1, ways.shape[1])
    low = sums.min(axis=0)
    sizes = (sums.max(axis=0) - low + 1).tolist()
    if prod(sizes) >= 2**62:
        return np.unique(sums, axis=0)
    return sums[np.unique((sums - low) @ _strides(sizes), return_index=True)[1]]


def _strides(sizes: list[int]) -> Ints:
    """By how much a number grows where one of its digits, of so many values each, grows by one."""
    return np.array([prod(sizes[at + 1 :]) for at in range(len(sizes))], np.int64)


@dataclass(frozen=True, slots=True)
class Sum:
    """Changes that moves can make to a contest's totals, compared with the outcome before."""

    ballot: Ballot
    totals: Totals
    before: ContestOutcome
    moves: BallotMoves

    def trials(self) -> tuple[SeatTrial, ...]:
        """Every way that can matter, with what it comes to."""
        return tuple(self.trial(first, spared, self.moves.losing(first, spared)) for first, spared in self.moves.ways())

    def worst(self) -> SeatTrial | None:
        """The first that changes the outcome, else the first at all; None where nothing moves."""
        trials = self.trials()
        return next((trial for trial in trials if trial.changes), trials[0] if trials else None)

    def trial(
        self, first: int | None, spared: int | None, losses: tuple[int, ...], leaving: int | None = None
    ) -> SeatTrial:
        """One way of taking and giving, by which so many ballots leave: those of the moves where it is not said."""
        leaving = self.moves.taken - self.moves.added if leaving is None else leaving
        votes = tuple(count - loss for count, loss in zip(self.totals.votes, losses, strict=True))
        totals = Totals(self.totals.registered, self.totals.valid - leaving, votes)
        outcome = decide(self.ballot, totals)
        changes = outcome != self.before
        reorders = not changes and outcome.order != self.before.order
        return SeatTrial(first, spared, losses, totals, outcome, changes, reorders)
