"""Comparisons that decide an outcome: two choices, or a choice and a threshold, summed over the bureaux."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verify.materiality.contest import Bureaux
from verify.materiality.outcome import Threshold
from verify.materiality.sums import BallotMoves
from verify.model.figures import Ints


@dataclass(frozen=True, slots=True)
class SumFigures:
    """Figures of ``k`` ways of reading the evidence, a row each, for ``n`` choices.

    Attributes:
        votes: by choice before anything is taken, shape ``(k, n)``.
        least, most: what each choice can lose, shape ``(k, n)``.
        valid: valid ballots after the moves, shape ``(k,)``.
        registered: registered voters, shape ``(k,)``.
        added, must_gain: ballots that are added, and those of them that every choice gains, shape ``(k,)`` each.
    """

    votes: Ints
    least: Ints
    most: Ints
    valid: Ints
    registered: Ints
    added: Ints
    must_gain: Ints

    @classmethod
    def of(cls, several: Sequence[Bureaux], moves: Sequence[BallotMoves]) -> SumFigures:
        """Sum up the bureaux of each way of reading, with the ballots that its moves take and add."""

        def column(values: Iterator[int]) -> Ints:
            return np.fromiter(values, np.int64, len(several))

        return cls(
            votes=np.array([each.votes.sum(axis=0, dtype=np.int64) for each in several]),
            least=np.array([each.least for each in moves], np.int64),
            most=np.array([each.most for each in moves], np.int64),
            valid=column(int(each.valid.sum()) - m.taken + m.added for each, m in zip(several, moves, strict=True)),
            registered=column(int(each.registered.sum()) for each in several),
            added=column(each.added for each in moves),
            must_gain=column(each.must_gain for each in moves),
        )


@dataclass(frozen=True, slots=True)
class VoteComparison:
    """The value ``a * votes[one] - b * votes[other] - ballots * valid - roll * registered``.

    A threshold (``other`` is None) is reached where the value is above 0 if ``strict``, else where it is 0 or above.
    """

    one: int
    other: int | None
    a: int
    b: int = 0
    ballots: int = 0
    roll: int = 0
    strict: bool = False

    def bounds(self, of: SumFigures) -> tuple[Ints, Ints]:
        """The least and the greatest value in each way of reading, shape ``(k,)`` each."""
        fixed = -self.ballots * of.valid - self.roll * of.registered
        low = self.a * (of.votes[:, self.one] - of.most[:, self.one] + of.must_gain) + fixed
        high = self.a * (of.votes[:, self.one] - of.least[:, self.one] + of.added) + fixed
        if self.other is not None:
            low = low - self.b * (of.votes[:, self.other] - of.least[:, self.other] + of.added)
            high = high - self.b * (of.votes[:, self.other] - of.most[:, self.other])
        return low, high

    def value(self, votes: Ints, valid: Ints | int, registered: Ints | int) -> Ints:
        """The value for each row of votes by choice."""
        value = self.a * votes[:, self.one] - self.ballots * valid - self.roll * registered
        return value if self.other is None else value - self.b * votes[:, self.other]

    def signs(self, votes: Ints, valid: int, registered: int) -> Ints:
        """The sign of the value for each row of votes by choice; of a threshold 1 where it is reached, else -1."""
        value = self.value(votes, valid, registered)
        return np.sign(value) if self.other is not None else np.where(value >= int(self.strict), 1, -1)

    def opposites(self, sign: int) -> tuple[int, ...]:
        """The other possible signs."""
        return tuple(each for each in ((-1, 0, 1) if self.other is not None else (-1, 1)) if each != sign)

    def range_of(self, sign: int) -> tuple[int | None, int | None]:
        """The least and the greatest value that has a sign; None for no limit."""
        held = 1 if self.other is not None else int(self.strict)
        if sign == 0:
            return 0, 0
        return (held, None) if sign > 0 else (None, -1 if self.other is not None else held - 1)

    def state(self, low: int, high: int) -> int:
        """1 if every value from ``low`` to ``high`` is above 0 (reaches the threshold), -1 if each is below, else 0."""
        if self.other is not None:
            return 1 if low > 0 else -1 if high < 0 else 0
        return 1 if low >= self.strict else -1 if high < self.strict else 0


_COEFFICIENTS = {
    Threshold.MAJORITY: (2, 1, 0, True),
    Threshold.QUARTER: (4, 0, 1, False),
    Threshold.EIGHTH: (8, 0, 1, False),
    Threshold.TENTH: (10, 1, 0, False),
    Threshold.TWENTIETH: (20, 1, 0, False),
    Threshold.THREE_PERCENT: (100, 3, 0, False),
}
"""``a``, ``ballots``, ``roll`` and ``strict`` of the `VoteComparison` of each threshold."""


def bar_comparison(bar: Threshold, choice: int) -> VoteComparison:
    """Compare the votes of a choice with a threshold."""
    a, ballots, roll, strict = _COEFFICIENTS[bar]
    return VoteComparison(choice, None, a, 0, ballots, roll, strict)
