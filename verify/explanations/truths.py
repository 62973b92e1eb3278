"""True figures that a bureau can have: all that satisfy its edits, with what they cost by what is written.

The edits (Fellegi and Holt) couple the quantities: votes found = blank + null + valid, valid = the sum of the votes,
votes found = signatures but for a gap, which costs by its size. Each quantity has a short list of values, those that
stand somewhere and those that an edit gives; of each edit one figure at most is nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from verify.explanations.copies import CopiedFigures
from verify.explanations.side_by_side import BLANK, FOUND, NULL, REGISTERED, SIGNATURES, VALID, VOTES
from verify.explanations.slips import CHEAPEST, SMALL_GAPS, gap_cost, gap_slip

Truth = tuple[int, ...]
"""A figure for each column, below zero where nothing says it."""
UNKNOWN = -1
_MOST = 4000
"""Truths, and ways of the votes, that are looked at together in one bureau."""
_STEP, _DEAREST = 100, 1200
"""By how much the bound is raised until there is a truth, and how far."""
MARGIN = 30
"""Margin beyond the cheapest one within which all truths are looked at, in decibans."""


class TooMany(Exception):
    """More truths than are looked at."""


@dataclass(frozen=True)
class BureauProblem:
    """The columns of one bureau, and what its edits need beside them.

    Attributes:
        columns: by their number.
        strange: votes for something that is no choice, which the valid votes may hold.
        may_slip: the counts of voters, by column, that a gap alone can show to be a slip of the pen.
    """

    columns: Sequence[CopiedFigures]
    strange: int
    may_slip: frozenset[int]

    @cached_property
    def least(self) -> int:
        """A bound: what no truth costs less than."""
        return sum(column.least for column in self.columns)

    def truths(self, most: int) -> dict[Truth, int]:
        """All truths that cost no more than the cheapest one and a margin, as far as they cost ``most`` at most.

        Raises:
            TooMany: there are more than are looked at.
        """
        bound = self.least + MARGIN
        while True:
            bound = min(bound, most)
            found = self._within(bound)
            cheapest = min(found.values(), default=_DEAREST)
            if bound >= min(cheapest + MARGIN, most, _DEAREST):
                return {truth: cost for truth, cost in found.items() if cost <= cheapest + MARGIN}
            bound = cheapest + MARGIN if found else bound + _STEP

    def _within(self, bound: int) -> dict[Truth, int]:
        """The truths up to a cost, or up to that of the cheapest and a margin where this is less."""
        found: dict[Truth, int] = {}
        if self.least > bound:
            return found
        rest = bound - self.least
        votes = _Votes(self.columns[VOTES:], rest, self.strange)
        for counts, cost in sorted(self._counts(rest, votes.sums).items(), key=itemgetter(1)):
            for of_votes, more in votes.of_sum(counts[3], rest - cost):
                for signed, of_gap in self._signed(counts[0], rest - cost - more):
                    for registered, of_roll in _cheap(self.columns[REGISTERED], rest - cost - more - of_gap):
                        truth = (registered, signed, *counts, *of_votes)
                        total = self.least + cost + more + of_gap + of_roll
                        if total <= bound and total < found.get(truth, total + 1):
                            found[truth] = total
                            rest = min(rest, total + MARGIN - self.least)
                            if len(found) > _MOST:
                                raise TooMany
        return found

    def _counts(self, rest: int, sums: Sequence[int]) -> dict[tuple[int, int, int, int], int]:
        """Votes found, blank, null and valid that make an edit, with what they cost beyond their least."""
        columns = [self.columns[each] for each in (FOUND, BLANK, NULL, VALID)]
        lists = [dict(_cheap(column, rest)) for column in columns]
        for value, more in self._found_by_the_gap():
            lists[0].setdefault(value, columns[0].cost(value) - columns[0].least + more)
        for value in sums:
            lists[3].setdefault(value, columns[3].cost(value) - columns[3].least)
        lists = [{value: cost for value, cost in each.items() if cost <= rest} for each in lists]
        latent = [at for at, each in enumerate(lists) if UNKNOWN in each]
        if len(latent) > 1:
            return {(one, other, third, last): cost for (one, other, third, last), cost in _together(lists, rest)}
        found: dict[tuple[int, int, int, int], int] = {}
        for derived in latent or range(4):
            others = [each for at, each in enumerate(lists) if at != derived]
            for (one, other, third), cost in _together(others, rest):
                value = one - other - third if derived else one + other + third
                if value >= 0:
                    total = cost + columns[derived].cost(value) - columns[derived].least
                    counts = [one, other, third]
                    counts.insert(derived, value)
                    key = (counts[0], counts[1], counts[2], counts[3])
                    if total <= rest and total < found.get(key, total + 1):
                        found[key] = total
        return found

    def _found_by_the_gap(self) -> Iterator[tuple[int, int]]:
        """Votes found that are the signatures, where a slip of the pen made them what they are."""
        listed, found = self.columns[SIGNATURES].values, self.columns[FOUND].values
        if FOUND in self.may_slip and len(listed) == 1 and len(found) == 1:
            for by in SMALL_GAPS:
                more = gap_slip(found[0], listed[0] + by, listed[0])
                if more is not None and listed[0] + by >= 0:
                    yield listed[0] + by, more

    def _signed(self, found: int, rest: int) -> Iterator[tuple[int, int]]:
        """Signatures, with what they and their gap cost."""
        column = self.columns[SIGNATURES]
        if not column.values or found < 0:
            yield from _cheap(column, rest)
            return
        for value, cost in _cheap(column, rest):
            yield value, cost + gap_cost(found - value)
        if SIGNATURES in self.may_slip and len(column.values) == 1:
            for by in SMALL_GAPS:
                value = found + by
                more = gap_slip(column.values[0], value, found)
                if more is not None and value >= 0 and value not in column.values:
                    yield value, column.cost(value) - column.least + more + gap_cost(by)


def _cheap(column: CopiedFigures, rest: int) -> list[tuple[int, int]]:
    """The values of a column that stand somewhere, with what they cost beyond the least; one unknown where none."""
    if not column.values:
        return [(UNKNOWN, 0)]
    costs = ((value, column.cost(value) - column.least) for value in column.values)
    return [(value, cost) for value, cost in costs if cost <= rest]


def _together(lists: Sequence[Mapping[int, int]], rest: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """One value of each list, and what they cost together, no more than the rest."""
    if not lists:
        yield (), 0
        return
    for values, cost in _together(lists[:-1], rest):
        for value, more in lists[-1].items():
            if cost + more <= rest:
                yield (*values, value), cost + more


class _Votes:
    """The votes for each choice: their likely values, and the sums that these make.

    Attributes:
        sums: valid votes that they make up; none where some are unknown.
    """

    def __init__(self, columns: Sequence[CopiedFigures], rest: int, strange: int) -> None:
        self._columns, self._strange = columns, tuple(dict.fromkeys((0, strange)))
        lists = [_cheap(column, rest) for column in columns]
        best = [min(each, key=lambda pair: pair[1])[0] for each in lists]
        others = [(at, value, cost) for at, each in enumerate(lists) for value, cost in each if value != best[at]]
        self._whole = bool(columns) and UNKNOWN not in best
        self._ways = sorted(_ways(tuple(best), others, rest), key=lambda way: way[1])
        made = {sum(votes) + more for votes, _ in self._ways for more in self._strange}
        self.sums = sorted(made) if self._whole else []

    def of_sum(self, valid: int, rest: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Votes that make up some valid votes, with what they cost beyond their least."""
        for votes, cost in self._ways:
            if cost > rest:
                return
            if not self._whole or valid < 0:
                yield votes, cost
                continue
            for strange in self._strange:
                off = valid - strange - sum(votes)
                if not off:
                    yield votes, cost
                    continue
                for at, (column, value) in enumerate(zip(self._columns, votes, strict=True)):
                    without = cost - column.cost(value)
                    if without + CHEAPEST <= rest and value + off >= 0 and value + off not in column.values:
                        total = without + column.cost(value + off)
                        if total <= rest:
                            yield (*votes[:at], value + off, *votes[at + 1 :]), total


def _ways(
    votes: tuple[int, ...], others: Sequence[tuple[int, int, int]], rest: int
) -> Iterator[tuple[tuple[int, ...], int]]:
    """The best values of all choices, and these with some others instead, with what that costs."""
    todo: list[tuple[tuple[int, ...], int, int]] = [(votes, 0, 0)]
    count = 0
    while todo:
        now, cost, start = todo.pop()
        yield now, cost
        count += 1
        if count > _MOST:
            raise TooMany
        for index in range(start, len(others)):
            at, value, more = others[index]
            if cost + more <= rest and now[at] == votes[at]:
                todo.append(((*now[:at], value, *now[at + 1 :]), cost + more, index + 1))
