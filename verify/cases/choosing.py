"""Of all steps of a search the best ones, with what they leave and by how much the next explanation costs more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from verify.cases.explanations import Explanation
from verify.cases.steps import Hashes, Hinted, ReadCells, Steps, joined
from verify.explanations.identities import Broken, Ties, broken, keys_of
from verify.explanations.moves import Cell, Move
from verify.explanations.natures import names
from verify.explanations.side_by_side import REGISTERED, VALID
from verify.model.figures import Bools, Ints

_NONE = 1 << 40
"""More than anything costs."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search has found in ``n`` bureaux.

    Attributes:
        ties, figures: of the bureaux.
        hinted: the moves that other bureaux suggest.
        start: what does not hold without a correction.
        least: what the cheapest explanation costs, shape ``(n,)``.
        levels: the steps by the number of their moves.
        cheap: which of all steps were no dearer by their moves alone than the cheapest explanation then known.
    """

    ties: Ties
    figures: Ints
    hinted: Hinted
    start: Broken
    least: Ints
    levels: tuple[Steps, ...]
    cheap: Bools

    def every(self, name: str) -> Ints:
        """A column of the steps of all levels."""
        return np.concatenate([getattr(steps, name) for steps in self.levels])

    def keys(self) -> Hashes:
        """The keys of the steps of all levels."""
        return np.concatenate([steps.key for steps in self.levels])

    def parents(self) -> Ints:
        """The number of the step before each, among all; -1 for none."""
        starts = np.cumsum([0, 0, *map(len, self.levels)]).tolist()
        parts = zip(self.levels, starts, strict=False)
        return np.concatenate([np.where(steps.parent >= 0, steps.parent + start, -1) for steps, start in parts])

    def cells_of(self, best: Ints) -> ReadCells:
        """What the best step of each bureau reads otherwise, with the bureau in the place of the step."""
        parts, start = [], 0
        for steps in self.levels:
            bureaux = np.flatnonzero((best >= start) & (best < start + len(steps)))
            cells = steps.cells.of_steps(best[bureaux] - start, len(steps))
            parts.append(replace(cells, step=bureaux[cells.step]))
            start += len(steps)
        return joined(*parts)


def chosen(found: Searched) -> list[Explanation]:
    """The cheapest explanation of each bureau."""
    best, rivals = _best(found)
    cells = found.cells_of(best)
    apart = _apart(found, cells)
    of, total = found.every("of"), found.every("total")
    following = np.full(len(best), _NONE, np.int64)
    np.minimum.at(following, of[apart], total[apart])
    lead = np.where(following < _NONE, following - found.least, -1)
    chains = _Chains(found)
    unlike = {int(of[at]) for at in rivals[apart[rivals]].tolist() if chains.causes(at) != chains.causes(best[of[at]])}
    figures = found.figures.copy()
    figures[cells.step, cells.piece, cells.column] = cells.value  # later levels come after earlier ones
    left = broken(found.ties, figures, np.arange(len(figures)))
    columns = zip(
        chains.moves(best, cells),
        keys_of(found.ties, found.start),
        keys_of(found.ties, left),
        left.gap.tolist(),
        lead.tolist(),
        found.least.tolist(),
        strict=True,
    )
    return [
        Explanation(moves, start, rest, gap, by, cost, alike=at not in unlike)
        for at, (moves, start, rest, gap, by, cost) in enumerate(columns)
    ]


def _best(found: Searched) -> tuple[Ints, Ints]:
    """The best step of each bureau, -1 for none, and others that cost as little; by number among all.

    Of several that cost the same, that which is wrong further on the way, then the one that was found first.
    """
    of, pieces, least = found.every("of"), found.every("pieces"), found.least
    tied = (found.cheap & (found.every("total") == least[of])).nonzero()[0]
    turn, once = _turns(found.keys(), of, tied)
    tied = tied[once]
    tied = tied[np.lexsort((turn[once], -pieces[tied], of[tied]))]
    leads = np.diff(of[tied], prepend=-1) > 0
    at = tied[leads]
    at = at[(least[of[at]] < found.start.cost[of[at]]) | (pieces[at] > 0)]
    best = np.full(len(least), -1, np.int64)
    best[of[at]] = at
    return best, tied[~leads]


def _turns(key: Hashes, of: Ints, tied: Ints) -> tuple[Ints, Ints]:
    """When what some steps read was first read so, and those of them that are the first to read it; by their index."""
    turn = tied.copy()
    several = np.bincount(of[tied])[of[tied]] > 1
    if several.any():
        around = np.isin(of, of[tied[several]]).nonzero()[0]
        _, first, same = np.unique(key[around], return_index=True, return_inverse=True)
        turn[several] = around[first[same[np.searchsorted(around, tied[several])]]]
    return turn, np.unique(turn, return_index=True)[1]


def _apart(found: Searched, cells: ReadCells) -> Bools:
    """Which of all steps are neither the best one of their bureau with more corrections, nor with fewer."""
    (number, pieces, width), layers = found.figures.shape, len(found.levels)
    read: Ints = np.full((layers, number, pieces * width), _NONE, np.int64)
    read[cells.level, cells.step, cells.piece * width + cells.column] = cells.value

    def hits(steps: ReadCells, of: Ints) -> tuple[Ints, Bools]:
        """How many figures of each step the best one has, each once; and which steps have others."""
        at = steps.piece * width + steps.column
        same = read[:, of[steps.step], at] == steps.value
        hit = same.any(axis=0)
        once = np.unique(((steps.step * pieces * width + at) * layers + same.argmax(axis=0))[hit])
        return (
            np.bincount(once // (pieces * width * layers), minlength=len(of)),
            np.bincount(steps.step[~hit], minlength=len(of)) > 0,
        )

    mine, _ = hits(cells, np.arange(number))
    parts = []
    for steps in found.levels:
        shared, others = hits(steps.cells, steps.of)
        parts.append((shared < mine[steps.of]) & others)
    return np.concatenate(parts)


class _Chains:
    """The moves that steps are made of."""

    def __init__(self, found: Searched) -> None:
        self._found, self._parents = found, found.parents()
        self._columns = [found.every(name) for name in ("cause", "piece", "move_cost", "hint", "valid_votes")]

    def of(self, step: int) -> list[int]:
        """The steps that lead to one, from the first one on; none for -1."""
        chain = []
        while step >= 0:
            chain.append(step)
            step = int(self._parents[step])
        return chain[::-1]

    def causes(self, step: int) -> list[int]:
        """The causes of its moves, in the order of their numbers."""
        return sorted(int(self._columns[0][at]) for at in self.of(step))

    def moves(self, best: Ints, cells: ReadCells) -> Iterator[tuple[Move, ...]]:
        """The moves of the best step of each bureau, by what it reads otherwise."""
        read: dict[tuple[int, int], list[Cell]] = {}
        columns = (cells.step, cells.level, cells.piece, cells.column, cells.value)
        for bureau, level, *cell in zip(*(column.tolist() for column in columns), strict=True):
            read.setdefault((bureau, level), []).append((cell[0], cell[1], cell[2]))
        for bureau, step in enumerate(best.tolist()):
            yield tuple([self._move(at, read[bureau, level]) for level, at in enumerate(self.of(step))])

    def _move(self, step: int, cells: list[Cell]) -> Move:
        cause, piece, cost, hint, valid_votes = [int(column[step]) for column in self._columns]
        if hint >= 0:
            return self._found.hinted.moves[hint]
        own = [(column, value) for at, column, value in cells if at == piece]
        copies = [cell for cell in cells if cell[0] != piece]
        if len(own) > 1:
            own.sort()
            copies.sort(key=lambda cell: (_place(cell[1], valid_votes), cell))
        return Move(names()[cause], piece, tuple(own), tuple(copies), cost)


def _place(column: int, valid_votes: int) -> int:
    """The place of a column among those of a correction: in their order, but for registered voters, which come last."""
    if column == VALID and valid_votes:
        return _NONE if valid_votes > 0 else -1
    return _NONE - 1 if column == REGISTERED else column
