"""The fewest machines, tables or moved voters that keep every bureau within a limit, by simulation on the same days.

A bureau is within it where the mean over the days of the day's longest wait is not above it: a comparison of whole
milliseconds. Machines and tables are counted up from one, every number tried, so that the first that does is the
fewest. How many voters a bureau has room for is where one more is too many; that is found by halving.
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
"""The sums of so many days in each of some bureaux: the first days of all."""

MOST_MACHINES = 8
"""Machines that are tried in a bureau."""
MOST_TABLES = 4
"""Tables that are tried beside each number of machines: one identifies faster than three machines take votes."""
MOST_VOTERS = 10_000
"""Registered voters that are tried in a bureau."""
_AT_ONCE = 4
"""Bureaux whose room is looked for at once, those with the fewest voters for a machine first, until there is enough."""
_WITHOUT_LOOKING_AHEAD = 3
"""Machines from which on a bureau is looked for only where the most of them are enough."""
_EARLY = 100
"""Days after which the search may stop: their waits alone exceed the limit, as no wait is below 0."""


@dataclass(frozen=True, slots=True)
class Enough:
    """The least that keeps one bureau within the limit.

    Attributes:
        bureau: with the fewest machines, and beside them the fewest tables; None where no number that was tried does.
        wait: the sum of its longest waits, in milliseconds; 0 where there is none.
        machine_less, table_less: the same sum with one machine or one table less; None where that would leave none.
        lost: people who leave a queue on all days together, with so many; as the bureau is where there is no number.
        lost_now: the same with the machines and tables that it has.
        ends: the fewest machines if the waits are at the lower and at the upper end of their interval, `MOST_MACHINES`
            where no number that was tried is enough then.
    """

    bureau: TownBureau | None
    wait: int = 0
    machine_less: int | None = None
    table_less: int | None = None
    lost: int = 0
    lost_now: int = 0
    ends: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Placed:
    """Voters who have to leave a bureau, or come to it where the number is below 0; and how many it has room for."""

    bureau: TownBureau
    capacity: int
    leave: int


@dataclass(frozen=True, slots=True)
class Moves:
    """The fewest voters that have to be moved within their commune, and for how many of them there is no room."""

    total: int
    placed: tuple[Placed, ...]
    without_place: int

    @property
    def leaving(self) -> tuple[Placed, ...]:
        """The bureaux that voters leave, the most first."""
        return tuple(each for each in self.placed if each.leave > 0)

    @property
    def coming(self) -> tuple[Placed, ...]:
        """The bureaux that they come to."""
        return tuple(each for each in self.placed if each.leave < 0)


class Search:
    """The searches of one town: what was simulated once is not simulated again.

    Args:
        evaluate: simulates.
        limit: milliseconds that the mean of the longest wait is to stay within.
        days: that count.
    """

    def __init__(self, evaluate: Evaluate, limit: int, days: int) -> None:
        self._evaluate, self._most, self._days = evaluate, limit * days, days
        self._known: dict[TownBureau, DaySums] = {}
        self._above: set[TownBureau] = set()

    def learn(self, bureaux: Iterable[TownBureau], sums: Iterable[DaySums]) -> None:
        """Take the sums of bureaux that were simulated already, on all days."""
        self._known.update(zip(bureaux, sums, strict=True))

    def sums(self, bureaux: Sequence[TownBureau]) -> list[DaySums]:
        """The sums of each, on all days."""
        new = [bureau for bureau in dict.fromkeys(bureaux) if bureau not in self._known]
        if new:
            self.learn(new, self._evaluate(new, self._days))
        return [self._known[bureau] for bureau in bureaux]

    def within(self, bureaux: Sequence[TownBureau], end: int = 0) -> list[bool]:
        """Check each against the limit; those beyond it after the first days are not simulated further.

        Args:
            bureaux: to check.
            end: of the interval that is to be within the limit: -1 the lower, 1 the upper; 0 for the mean.
        """
        new = [each for each in dict.fromkeys(bureaux) if each not in self._known and each not in self._above]
        if new and self._days > 2 * _EARLY:
            early = self._evaluate(new, _EARLY)
            self._above.update(each for each, total in zip(new, early, strict=True) if total.longest > self._most)
        left = [each for each in bureaux if each not in self._above]
        found = dict(zip(left, self.sums(left), strict=True))
        return [each in found and found[each].longest + end * found[each].half <= self._most for each in bureaux]

    def fewest(self, bureaux: Sequence[TownBureau]) -> list[Enough]:
        """The fewest machines of each with their interval, and beside them the fewest tables."""
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
        """The least that keeps each within the limit at that end of its interval, by the same numbers.

        No wait is longer with more tables: those between are tried where the most of them are enough. A bureau that two
        machines do not keep within the limit is tried with the most of all, and left out where these are not enough.
        """
        enough: dict[int, TownBureau] = {}

        def those_within(left: Sequence[int], machines: int, tables: int) -> dict[int, TownBureau]:
            tried = {at: replace(bureaux[at], machines=machines, tables=tables) for at in left}
            fits = self.within([*tried.values()], end) if tried else []
            return {at: tried[at] for at, fit in zip(left, fits, strict=True) if fit}

        left = list(bureaux)
        for machines in range(1, MOST_MACHINES + 1):
            if machines == _WITHOUT_LOOKING_AHEAD:
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
        """Find the most registered voters for whom each is within the limit.

        0 where one voter is too many, `MOST_VOTERS` where so many are within it.
        """
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
        """A number of voters to try next: near what is known, else where a line through both ends meets the limit.

        The line is of the logarithm of the wait. Every third time it is halfway, so that the end is never far.
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
        """The fewest voters that have to leave bureaux above the limit, and where in their commune there is room.

        Machines, tables and hours stay as they are. Where people live is not known: any bureau of the commune counts.
        """
        fits = self.within(bureaux)
        above = [each for each, fit in zip(bureaux, fits, strict=True) if not fit]
        leaving = [
            Placed(each, capacity, each.registered - capacity)
            for each, capacity in zip(above, self.capacities(above), strict=True)
        ]
        placed = sorted(leaving, key=lambda each: -each.leave)
        without = 0
        for town in dict.fromkeys(map(_town_of, above)):
            left = sum(each.leave for each in leaving if _town_of(each.bureau) == town)
            there = [each for each, fit in zip(bureaux, fits, strict=True) if fit and _town_of(each) == town]
            there.sort(key=lambda each: each.registered / each.machines)
            for start in range(0, len(there), _AT_ONCE):
                some = there[start : start + _AT_ONCE] if left else []
                for each, capacity in zip(some, self.capacities(some), strict=True):
                    coming = min(left, capacity - each.registered)
                    if coming:
                        placed.append(Placed(each, capacity, -coming))
                        left -= coming
            without += left
        return Moves(sum(each.leave for each in leaving), tuple(placed), without)


def _town_of(bureau: TownBureau) -> str:
    return bureau.identity[0]
