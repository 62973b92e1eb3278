"""Ballots by what is on them: how many of each unit are marked in the same way, with nothing else known of them.

What is written anew from an export takes its ballots from here, in the order of their content: units, then contests,
then marks. The order in which they stood in the export, their numbers and the names of their pictures are not kept,
so that nothing of what is written leads back to a place in the export. A ballot that is alone in its unit, or marked
as no other, can still be known by who knows how it was marked, as in the export itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_BYTES = 2**30
"""Bytes of all different ballots together."""
Position = tuple[int, int, int]
"""Index of a choice, rank (0 without ranks), votes."""


class TooManyBallots(Exception):
    """More different ballots than are held in memory."""


@dataclass(frozen=True, slots=True)
class MarkedContest:
    """A contest on a ballot, by the indices of tallies.

    Attributes:
        contest: its index.
        undervotes: None where they are not known.
        overvotes: 0 where there is none; then no position is a vote.
        positions: marks, in the order of their ranks and choices.
    """

    contest: int
    undervotes: int | None
    overvotes: int
    positions: tuple[Position, ...]

    def votes(self) -> dict[int, int]:
        """Votes that the marks give: first ranks only, and none if there are too many."""
        found: dict[int, int] = {}
        ranked = any(rank for _, rank, _ in self.positions)
        for choice, rank, votes in () if self.overvotes else self.positions:
            if not ranked:
                found[choice] = found.get(choice, 0) + votes
            elif rank == 1:
                found[choice] = 1
        return found


class Markings:
    """The ballots of an export, as a number of each kind."""

    def __init__(self) -> None:
        self._found: Counter[bytes] = Counter()
        self._size = 0

    def add(self, unit: int, contests: Sequence[MarkedContest], times: int = 1) -> None:
        """Add ballots of a unit that are marked alike.

        Raises:
            TooManyBallots: there is no room for another kind.
        """
        parts = [b"%010d" % unit]
        for each in sorted(contests, key=_contest):
            under = -1 if each.undervotes is None else each.undervotes
            marks = (b"%d.%d.%d" % position for position in sorted(each.positions, key=_rank_first))
            parts.append(b"%d,%d,%d,%b" % (each.contest, under, each.overvotes, b" ".join(marks)))
        key = b";".join(parts)
        self._found[key] += times
        if self._found[key] == times:
            self._size += len(key) + 100
            if self._size > MAX_BYTES:
                raise TooManyBallots

    def __iter__(self) -> Iterator[tuple[int, tuple[MarkedContest, ...], int]]:
        """Unit, contests and number of ballots, in the order of their content."""
        for key in sorted(self._found):
            unit, *contests = key.split(b";")
            yield int(unit), tuple(map(_read, contests)), self._found[key]


def _contest(each: MarkedContest) -> int:
    return each.contest


def _rank_first(position: Position) -> tuple[int, int, int]:
    choice, rank, votes = position
    return rank, choice, votes


def _read(part: bytes) -> MarkedContest:
    contest, under, over, marks = part.split(b",")
    positions = []
    for mark in marks.split():
        choice, rank, votes = map(int, mark.split(b"."))
        positions.append((choice, rank, votes))
    return MarkedContest(int(contest), None if under == b"-1" else int(under), int(over), tuple(positions))
