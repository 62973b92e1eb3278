"""Columns of a piece of evidence that hold one another's figures: in all of it, or in a commune.

Two headers exchanged, or several that have moved on by one: of two pieces side by side the one has in its columns what
the other has in others, in nearly every bureau.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from verify.explanations.certainty import CERTAIN
from verify.explanations.edits import Edits, by_sums
from verify.explanations.moves import copies_of
from verify.explanations.side_by_side import UNIVERSE
from verify.explanations.slips import NOT_WRITTEN, cost_of
from verify.model.figures import Bools, Ints

LEAST_BUREAUX = 3
"""Bureaux that have to show it; two of them may have been written wrong one by one."""
_OF_TEN = 9
"""In how many of ten bureaux the columns have to be each other's: others may have a slip of their own."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Columns of a piece that hold one another's figures, or one that holds something else.

    Attributes:
        piece: that they stand in.
        holds: of each column the one whose figures stand in it; itself where something else does.
        instead: by name, what a single column holds instead, as `verify.cases.other_columns` has it; else empty.
        source: then the piece that has what it should hold, -1 where sums of the piece itself say it.
    """

    piece: int
    holds: tuple[tuple[int, int], ...]
    instead: str = ""
    source: int = -1

    @property
    def columns(self) -> list[int]:
        """The columns."""
        return [column for column, _ in self.holds]

    def turned(self, piece: int) -> Exchange:
        """The same seen from the piece that it was compared with."""
        return Exchange(piece, tuple(sorted((holds, column) for column, holds in self.holds)))


@dataclass(frozen=True, slots=True)
class FoundExchange:
    """What explains most of what is wrong in a scope.

    Attributes:
        exchange: the cheapest explanation.
        rivals: pieces that might as well be wrong in its place; none where it is clearly cheaper.
        lead: by how much the next explanation costs more, -1 where there is none.
    """

    exchange: Exchange
    rivals: tuple[int, ...]
    lead: int


def put_back(edits: Edits, figures: Ints, rows: Ints, exchange: Exchange) -> Ints:
    """The figures of some bureaux with the columns back in their places, those of copies as well.

    A bureau in which one of these figures is lacking stays as it is.
    """
    right = figures[rows]
    whole = (right[:, exchange.piece, exchange.columns] >= 0).all(axis=1)
    for column, belongs in exchange.holds:
        due = figures[rows, exchange.piece, column]
        if exchange.instead:
            due = due_of(right, exchange.piece, exchange.source, edits.sizes[rows])[:, column]
            whole &= due >= 0
        cell, copy = copies_of(edits.kinds, figures[rows, :, belongs], np.full(len(rows), exchange.piece))
        cell, copy = cell[whole[cell]], copy[whole[cell]]
        right[cell, copy, belongs] = due[cell]
        right[whole, exchange.piece, belongs] = due[whole]
    return right


def due_of(figures: Ints, piece: int, source: int, sizes: Ints) -> Ints:
    """What a piece should have: what another one has, or, where that is -1, what the sums of its own rows say."""
    return by_sums(figures[:, piece], sizes) if source < 0 else figures[:, source]


def exchanges(
    edits: Edits, figures: Ints, scope: Ints, proposed: Iterable[tuple[Exchange, int]]
) -> dict[int, FoundExchange]:
    """What explains each scope best, where that is columns which hold one another's figures, or something else.

    Args:
        edits: of the bureaux.
        figures: of the bureaux, shape ``(n, pieces, columns)``.
        scope: a number for each bureau, shape ``(n,)``.
        proposed: explanations, each with a scope in which it may be one.
    """
    of: dict[Exchange, list[int]] = {}
    for exchange, number in proposed:
        numbers = of.setdefault(exchange, [])
        if number not in numbers[-1:]:
            numbers.append(number)
    if not of:
        return {}
    size = int(scope.max()) + 1
    before = _sum(edits.broken(figures, np.arange(len(figures))).cost, scope, size)
    cost: dict[int, dict[Exchange, int]] = {}
    for exchange, numbers in of.items():
        rows = np.flatnonzero(_members(numbers, size)[scope])
        after = edits.broken(put_back(edits, figures, rows, exchange), rows).cost
        total = _sum(after, scope[rows], size) + _cost(edits, exchange)
        for number in dict.fromkeys(numbers):
            if 2 * total[number] < before[number]:
                cost.setdefault(number, {})[exchange] = int(total[number])
    return {number: _best(some) for number, some in cost.items()}


def _best(cost: Mapping[Exchange, int]) -> FoundExchange:
    order = sorted(cost, key=lambda each: (cost[each], -each.piece))
    best = order[0]
    same = best.piece, best.columns
    others = [each for each in order if (each.piece, each.columns) != same]
    lead = cost[others[0]] - cost[best] if others else -1
    rivals = (each.piece for each in others if cost[each] - cost[best] < CERTAIN and each.piece != best.piece)
    return FoundExchange(best, tuple(dict.fromkeys(rivals)), lead)


def _cost(edits: Edits, exchange: Exchange) -> int:
    return cost_of("columns-exchanged") + NOT_WRITTEN.get(edits.kinds[exchange.piece], 0)


def proposed_exchanges(edits: Edits, figures: Ints, scope: Ints, least: int) -> Iterator[tuple[Exchange, int]]:
    """Exchanges that would make two pieces one, and the scopes in which they would."""
    for one in range(len(edits.kinds)):
        for other in range(one + 1, len(edits.kinds)):
            if UNIVERSE not in (edits.kinds[one], edits.kinds[other]):
                for exchange, number in _between(figures[:, one], figures[:, other], one, scope, least):
                    yield exchange, number
                    yield exchange.turned(other), number


def _between(here: Ints, there: Ints, piece: int, scope: Ints, least: int) -> Iterator[tuple[Exchange, int]]:
    """The exchanges by which the figures of one piece are those of another one, by scope."""
    size = int(scope.max()) + 1
    known = (here >= 0) & (there >= 0)
    apart = known & (here != there)
    if np.count_nonzero(apart) < 2 * least:
        return
    off = np.stack([_count(scope, apart[:, at], size) for at in range(here.shape[1])])
    of = np.stack([_count(scope, known[:, at], size) for at in range(here.shape[1])])
    off_in = (off >= least) & (2 * off > of)
    off_in &= off_in.sum(axis=0) > 1
    columns = np.flatnonzero(off_in.any(axis=1)).tolist()
    holds = np.full(off_in.shape, -1, np.int64)
    most: Ints = np.zeros(off_in.shape, np.int64)
    for column in columns:
        for belongs in columns:
            if column != belongs:
                both = known[:, column] & known[:, belongs]
                same = _count(scope, both & (here[:, column] == there[:, belongs]), size)
                better = (10 * same >= _OF_TEN * _count(scope, both, size)) & (same >= least) & (same > most[column])
                most[column, better] = same[better]
                holds[column, better] = belongs
    holds[~off_in] = -1
    for number in np.flatnonzero((holds >= 0).sum(axis=0) > 1).tolist():
        found = _closed({column: int(holds[column, number]) for column in columns if holds[column, number] >= 0})
        if found:
            yield Exchange(piece, tuple(sorted(found.items()))), number


def _closed(holds: dict[int, int]) -> dict[int, int]:
    """Of columns and what they hold as many as hold one another's: none is lost, and none is there twice."""
    while set(holds) != set(holds.values()):
        inside = {column: of for column, of in holds.items() if of in holds and column in set(holds.values())}
        if len(inside) == len(holds):
            return {}
        holds = inside
    return holds


def _count(scope: Ints, mask: Bools, size: int) -> Ints:
    return np.bincount(scope[mask], minlength=size)


def _sum(values: Ints, scope: Ints, size: int) -> Ints:
    total: Ints = np.zeros(size, np.int64)
    np.add.at(total, scope, values)
    return total


def _members(numbers: list[int], size: int) -> Bools:
    inside: Bools = np.zeros(size, np.bool_)
    inside[numbers] = True
    return inside
