"""The fewest machines, tables or moved voters that keep every bureau within a limit, by simulation on the same days.

A bureau is within the limit if the longest wait of a day, averaged over the days, does not exceed it (whole
milliseconds). Machines and tables are tried from one up; the first number within the limit is the fewest. The most
voters that a bureau has room for are found by halving.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.queues.town import TownBureau


class DaySums(NamedTuple):
    """Sums over the days of one bureau.

    Attributes:
        longest: of the longest wait of each day, in milliseconds.
        lost: of the people who left a queue.
        half: half the width of the interval of ``longest``, over draws of so many days.
    """

    longest: int
    lost: int
    half: int = 0


Evaluate = Callable[[Sequence[TownBureau], int], Sequence[DaySums]]
"""Simulates the first so many days of each of some bureaux."""

MOST_MACHINES = 8
"""Machines that are tried in a bureau."""
MOST_TABLES = 4
"""Tables that are tried beside each number of machines: one identifies faster than three machines take votes."""
MOST_VOTERS = 10_000
"""Registered voters that are tried in a bureau."""
_AT_ONCE = 4
"""Bureaux whose room is computed together: those with the fewest voters for a machine first, until all are placed."""
_TRY_MOST_FIRST = 3
"""Machines before which the largest numbers are tried: a bureau that exceeds the limit even with these is given up."""
_EARLY = 100
"""Days after which a search may stop: no wait is negative, so a sum above the limit stays above it."""


@dataclass(frozen=True, slots=True)
class Enough:
    """The least that keeps one bureau within the limit.

    Attributes:
        bureau: with the fewest machines, and the fewest tables beside them; None if no number tried is enough.
        wait: sum of its longest waits over the days, in milliseconds; 0 without ``bureau``.
        machine_less, table_less: the same sum with one machine or one table less; None where that would leave none.
        lost: people who leave a queue, over all days; without ``bureau`` the same as ``lost_now``.
        lost_now: the same with the machines and tables that it has.
        ends: fewest machines at the lower and at the upper end of the interval of the wait; `MOST_MACHINES` if no
            number tried is enough.
    """

    bureau: TownBureau | None
    wait: int = 0
    machine_less: int | None = None
    table_less: int | None = None
    lost: int = 0
    lost_now: int = 0
    ends: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class BureauMove:
    """Voters who have to leave a bureau, or who come to it, and the registered voters that it has room for."""

    bureau: TownBureau
    capacity: int
    voters: int


@dataclass(frozen=True, slots=True)
class Moves:
    """The fewest voters that have to be moved within their commune.

    Attributes:
        leaving: bureaux that they leave, the most voters first.
        coming: bureaux that they come to.
        without_place: voters for whom no bureau of the commune has room.
    """

    leaving: tuple[BureauMove, ...]
    coming: tuple[BureauMove, ...]
    without_place: int

    @property
    def total(self) -> int:
        """The voters who have to leave."""
        return sum(each.voters for each in self.leaving)


class Search:
    """The searches of one town, in which no bureau is simulated twice.

    Args:
        evaluate: simulates bureaux.
        limit: of the mean longest wait, in milliseconds.
        days: to simulate.
    """

    def __init__(self, evaluate: Evaluate, limit: int, days: int) -> None:
        self._evaluate, self._most, self._days = evaluate, limit * days, days
        self._known: dict[TownBureau, DaySums] = {}
        self._above: set[TownBureau] = set()

    def learn(self, bureaux: Iterable[TownBureau], sums: Iterable[DaySums]) -> None:
        """Take the sums of bureaux that were simulated already, on all days."""
        self._known.update(zip(bureaux, sums, strict=True))

    def sums(self, bureaux: Sequence[TownBureau]) -> list[DaySums]:
        """Simulate what is not known yet, and give the sums of each bureau on all days."""
        new = [bureau for bureau in dict.fromkeys(bureaux) if bureau not in self._known]
        if new:
            self.learn(new, self._evaluate(new, self._days))
        return [self._known[bureau] for bureau in bureaux]

    def within(self, bureaux: Sequence[TownBureau], end: int = 0) -> list[bool]:
        """Check each against the limit; one that exceeds it after the first days is not simulated further.

        Args:
            bureaux: to check.
            end: the value to compare: -1 the lower end of the interval, 1 the upper end, 0 the mean.
        """
        new = [each for each in dict.fromkeys(bureaux) if each not in self._known and each not in self._above]
        if new and self._days > 2 * _EARLY:
            early = self._evaluate(new, _EARLY)
            self._above.update(each for each, total in zip(new, early, strict=True) if total.longest > self._most)
        left = [each for each in bureaux if each not in self._above]
        found = dict(zip(left, self.sums(left), strict=True))
        return [each in found and found[each].longest + end * found[each].half <= self._most for each in bureaux]

    def fewest(self, bureaux: Sequence[TownBureau]) -> list[Enough]:
        """Find the fewest machines of each bureau, with their interval, and the fewest tables beside them."""
        enough = self._least(dict(enumerate(bureaux)))
        low, high = (self._least({at: bureaux[at] for at in enough}, end) for end in (-1, 1))
        less = [
            [replace(each, machines=each.machines - 1) for each in enough.values() if each.machines > 1],
            [replace(each, tables=each.tables - 1) for each in enough.values() if each.tables > 1],
        ]
        self.sums([each for some in less for each in some])
        ends = {at: (low[at].machines, high[at].machines if at in high else MOST_MACHINES) for at in enough}
        return [
            Enough(None, lost=now.lost, lost_now=now.lost)
            if at not in enough
            else self._enough(enough[at], now, ends[at])
            for at, now in enumerate(self.sums(bureaux))
        ]

    def _least(self, bureaux: Mapping[int, TownBureau], end: int = 0) -> dict[int, TownBureau]:
        """Find the fewest machines and tables that keep each within the limit at one end of its interval.

        More tables never lengthen a wait: numbers between one and the most are tried only where the most are enough.
        """
        enough: dict[int, TownBureau] = {}

        def those_within(left: Sequence[int], machines: int, tables: int) -> dict[int, TownBureau]:
            tried = {at: replace(bureaux[at], machines=machines, tables=tables) for at in left}
            fits = self.within([*tried.values()], end) if tried else []
            return {at: tried[at] for at, fit in zip(left, fits, strict=True) if fit}

        left = list(bureaux)
        for machines in range(1, MOST_MACHINES + 1):
            if machines == _TRY_MOST_FIRST:
                left = list(those_within(left, MOST_MACHINES, MOST_TABLES))
            enough |= those_within(left, machines, 1)
            left = [at for at in left if at not in enough]
            with_more = list(those_within(left, machines, MOST_TABLES))
            for tables in range(2, MOST_TABLES + 1):
                enough |= those_within(with_more, machines, tables)
                with_more = [at for at in with_more if at not in enough]
            left = [at for at in left if at not in enough]
        return enough

    def _enough(self, bureau: TownBureau, now: DaySums, ends: tuple[int, int]) -> Enough:
        then = self._known[bureau]
        return Enough(
            bureau,
            then.longest,
            self._known[replace(bureau, machines=bureau.machines - 1)].longest if bureau.machines > 1 else None,
            self._known[replace(bureau, tables=bureau.tables - 1)].longest if bureau.tables > 1 else None,
            then.lost,
            now.lost,
            ends,
        )

    def capacities(self, bureaux: Sequence[TownBureau]) -> list[int]:
        """Find the most registered voters for whom each is within the limit, from 0 to `MOST_VOTERS`."""
        low, high = [0] * len(bureaux), [MOST_VOTERS + 1] * len(bureaux)
        for at, (bureau, fits) in enumerate(zip(bureaux, self.within(bureaux), strict=True)):
            if fits:
                low[at] = min(bureau.registered, MOST_VOTERS)
            else:
                high[at] = min(bureau.registered, MOST_VOTERS + 1)
        rounds = 0
        while left := [at for at in range(len(bureaux)) if high[at] - low[at] > 1]:
            rounds += 1
            middle = {at: self._between(bureaux[at], low[at], high[at], rounds) for at in left}
            tried = [replace(bureaux[at], registered=middle[at]) for at in left]
            for at, fits in zip(left, self.within(tried), strict=True):
                (low if fits else high)[at] = middle[at]
        return low

    def _between(self, bureau: TownBureau, low: int, high: int, rounds: int) -> int:
        """Choose a number of voters to try next.

        With both ends known it is where a line through the logarithms of their waits meets the limit; with one, near
        that; every third time the middle, which bounds the number of rounds.
        """
        ends = (self._known.get(replace(bureau, registered=count)) for count in (low, high))
        first, last = (0 if found is None else found.longest for found in ends)
        guess = (low + high) // 2
        if rounds % 3 and low and not last and high > MOST_VOTERS:
            guess = low + low // 4
        elif rounds % 3 and last and not low:
            guess = high - high // 4
        elif rounds % 3 and first and last > first:
            guess = low + round(math.log(self._most / first) / math.log(last / first) * (high - low))
        return min(max(guess, low + 1), high - 1)

    def moves(self, bureaux: Sequence[TownBureau]) -> Moves:
        """Find the fewest voters that have to leave bureaux above the limit, and the bureaux that have room for them.

        Machines, tables and hours stay as they are. Addresses are not known: any bureau of the same commune will do.
        """
        fits = self.within(bureaux)
        above = [each for each, fit in zip(bureaux, fits, strict=True) if not fit]
        leaving = [
            BureauMove(each, capacity, each.registered - capacity)
            for each, capacity in zip(above, self.capacities(above), strict=True)
        ]
        leaving.sort(key=lambda each: -each.voters)
        coming = []
        without_place = 0
        for town in dict.fromkeys(map(_town_of, above)):
            left = sum(each.voters for each in leaving if _town_of(each.bureau) == town)
            there = [each for each, fit in zip(bureaux, fits, strict=True) if fit and _town_of(each) == town]
            there.sort(key=lambda each: each.registered / each.machines)
            for start in range(0, len(there), _AT_ONCE):
                some = there[start : start + _AT_ONCE] if left else []
                for each, capacity in zip(some, self.capacities(some), strict=True):
                    if voters := min(left, capacity - each.registered):
                        coming.append(BureauMove(each, capacity, voters))
                        left -= voters
            without_place += left
        return Moves(tuple(leaving), tuple(coming), without_place)


def _town_of(bureau: TownBureau) -> str:
    return bureau.identity[0]
