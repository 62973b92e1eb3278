"""Steps of the search: bureaux with one more move made, and all that is read otherwise then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from verify.cases.proposals import Proposals, States, propose
from verify.explanations.identities import Ties, broken
from verify.explanations.moves import Move, copies_of, true_at
from verify.explanations.natures import number_of
from verify.model.figures import Bools, Ints

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class ReadCells:
    """Figures that are read otherwise, ``c`` of them: of which step, by the move of which level, and how."""

    step: Ints
    level: Ints
    piece: Ints
    column: Ints
    value: Ints

    def of(self, rows: Ints | Bools) -> ReadCells:
        """Some of them."""
        return ReadCells(self.step[rows], self.level[rows], self.piece[rows], self.column[rows], self.value[rows])

    def of_steps(self, steps: Ints, count: int) -> ReadCells:
        """Those of some of ``count`` steps, which are numbered anew, in their order."""
        number = np.full(count, -1, np.int64)
        number[steps] = np.arange(len(steps))
        at = number[self.step]
        kept = np.flatnonzero(at >= 0)
        kept = kept[np.argsort(at[kept], kind="stable")]
        return ReadCells(at[kept], self.level[kept], self.piece[kept], self.column[kept], self.value[kept])

    def following(self, steps: Ints) -> ReadCells:
        """For each of some steps those of another one, by its number here; these are in the order of their steps."""
        at, row = spread(np.searchsorted(self.step, steps), np.searchsorted(self.step, steps, side="right"))
        return ReadCells(at, self.level[row], self.piece[row], self.column[row], self.value[row])


def joined(*parts: ReadCells) -> ReadCells:
    """All of them, one part after the other."""
    columns = zip(*((each.step, each.level, each.piece, each.column, each.value) for each in parts), strict=True)
    return ReadCells(*map(np.concatenate, columns))


def spread(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The numbers from each start to its end, and of which of them each is."""
    sizes = end - start
    at = np.repeat(np.arange(len(sizes)), sizes)
    return at, np.arange(len(at)) + (start - np.cumsum(sizes) + sizes)[at]


class Hinted:
    """Moves that only a look at other bureaux can propose, in the order of their bureaux."""

    def __init__(self, hints: Mapping[int, Sequence[Move]]) -> None:
        pairs = [(at, move) for at in sorted(hints) for move in hints[at]]
        self.moves = [move for _, move in pairs]
        self.of = np.array([at for at, _ in pairs], np.int64)
        self.piece = np.array([move.piece for move in self.moves], np.int64)
        self.cause = np.array([number_of(move.cause) for move in self.moves], np.int64)
        self.cost = np.array([move.cost for move in self.moves], np.int64)
        cells = [(number, 0, *cell) for number, move in enumerate(self.moves) for cell in move.cells()]
        self.cells = ReadCells(*np.array(cells, np.int64).reshape(-1, 5).T)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one level, in the order of their bureaux; ``n`` of them, each of shape ``(n,)`` but for ``used``.

    Attributes:
        of: the bureau.
        parent: the step of the level before that it goes on from, -1 for none.
        hint: the move among those hinted at, -1 for one that is proposed.
        piece, cause: of the move; the cause by number.
        move_cost: of the move. ``cost``: of all moves together; ``total``: with what is left unexplained.
        pieces: the sum of the indices of the pieces of all moves.
        used: the pieces of all moves, shape ``(n, pieces)``.
        key: of all that is read otherwise, in any order; of 64 bits, so that no two are the same by chance.
        valid_votes: 1 where the valid votes are named last of the move's figures, -1 where first, else 0.
        cells: all that is read otherwise, by the moves before as well.
    """

    of: Ints
    parent: Ints
    hint: Ints
    piece: Ints
    cause: Ints
    move_cost: Ints
    cost: Ints
    total: Ints
    pieces: Ints
    used: Bools
    key: Hashes
    valid_votes: Ints
    cells: ReadCells

    def __len__(self) -> int:
        return len(self.of)

    def some(self, rows: Ints) -> Steps:
        """Some of them."""
        columns = {name: getattr(self, name)[rows] for name in self.__slots__ if name != "cells"}
        return Steps(**columns, cells=self.cells.of_steps(rows, len(self)))


def no_moves(bureaux: int, pieces: int) -> Steps:
    """The bureaux as they are, each a step by itself."""
    none, zero = np.full(bureaux, -1, np.int64), np.zeros(bureaux, np.int64)
    return Steps(
        of=np.arange(bureaux),
        parent=none,
        hint=none,
        piece=none,
        cause=none,
        move_cost=zero,
        cost=zero,
        total=zero,
        pieces=zero,
        used=np.zeros((bureaux, pieces), np.bool_),
        key=_mixed(np.arange(bureaux)),
        valid_votes=zero,
        cells=ReadCells(*np.zeros((5, 0), np.int64)),
    )


def steps_from(
    ties: Ties, states: States, before: Steps, rows: Ints, hinted: Hinted, level: int
) -> tuple[Steps, States]:
    """Everything that may come next, and the states that it leads to.

    Args:
        ties: of the bureaux.
        states: that the last moves lead to.
        before: the steps that led there, one for each state.
        rows: their numbers among all steps of their level, -1 for those without moves.
        hinted: the moves that other bureaux suggest.
        level: how many moves come before.
    """
    found = propose(ties, states)
    at, hint = spread(np.searchsorted(hinted.of, states.of), np.searchsorted(hinted.of, states.of, side="right"))
    fresh = ~before.used[at, hinted.piece[hint]]
    at, hint = at[fresh], hint[fresh]
    of_hints = at, hinted.piece[hint], hinted.cause[hint], hinted.cost[hint], np.zeros_like(at), hint
    proposed = found.state, found.piece, found.cause, found.cost, found.valid_votes, np.full_like(found.state, -1)
    columns = np.concatenate((np.array(of_hints), np.array(proposed)), axis=1)
    order = columns[0].argsort(kind="stable")
    cells = _cells(ties, states, found)
    own = joined(hinted.cells.following(hint), replace(cells, step=cells.step + len(at)))
    turn = np.empty(len(order), np.int64)
    turn[order] = np.arange(len(order))
    own = replace(own, step=turn[own.step], level=np.full(len(own.step), level))
    state, piece, cause, cost, valid_votes, hint = columns[:, order]
    after = _after(ties, states, state, own)
    used = before.used[state]
    used[np.arange(len(state)), piece] = True
    key = before.key[state]
    np.add.at(key, own.step, _mixed(own.value, own.piece * states.figures.shape[2] + own.column))
    return Steps(
        of=after.of,
        parent=rows[state],
        hint=hint,
        piece=piece,
        cause=cause,
        move_cost=cost,
        cost=before.cost[state] + cost,
        total=before.cost[state] + cost + after.broken.cost,
        pieces=before.pieces[state] + piece,
        used=used,
        key=key,
        valid_votes=valid_votes,
        cells=joined(before.cells.following(state), own) if level else own,
    ), after


def _cells(ties: Ties, states: States, found: Proposals) -> ReadCells:
    """What proposals read otherwise: the figures of their piece, and the copies of these."""
    step, column = true_at(found.right != states.figures[found.state, found.piece])
    piece, value = found.piece[step], found.right[step, column]
    cell, copy = copies_of(ties.kinds, states.figures[found.state[step], :, column], piece)
    parts = (step, step[cell]), (piece, copy), (column, column[cell]), (value, value[cell])
    steps, pieces, columns, values = map(np.concatenate, parts)
    return ReadCells(steps, np.zeros_like(steps), pieces, columns, values)


def _after(ties: Ties, states: States, state: Ints, cells: ReadCells) -> States:
    """The states that some of them become with some figures read otherwise."""
    figures = states.figures[state]
    figures[cells.step, cells.piece, cells.column] = cells.value
    of = states.of[state]
    return States(of, figures, broken(ties, figures, of))


_ODD = tuple(np.array((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB), np.uint64))
_SHIFTS = tuple(np.array((31, 27), np.uint64))


def _mixed(*columns: Ints) -> Hashes:
    """A number of 64 bits for each row of some columns, by splitmix64's finaliser."""
    mixed: Hashes = np.full(len(columns[0]), _ODD[3])  # else zeros alone would make 0, and count for nothing
    for odd, column in zip(_ODD, columns, strict=False):
        mixed += column.astype(np.uint64) * odd
    mixed ^= mixed >> _SHIFTS[0]
    mixed *= _ODD[2]
    mixed ^= mixed >> _SHIFTS[1]
    mixed *= _ODD[3]
    mixed ^= mixed >> _SHIFTS[0]
    return mixed
