"""The search leaves out what cannot be the cheapest: it finds what a plain search finds, with the same lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from verify.cases.identities import Key, Ties, broken
from verify.cases.moves import Move, candidates
from verify.cases.search import DEPTH, WIDTH, Explanation, explain
from verify.cases.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    LIST,
    NULL,
    PUBLISHED,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    VALID,
    VOTES,
    Row,
)
from verify.model.figures import MISSING

CHOICES = 3
COUNTS = (FOUND, BLANK, NULL, VALID)
BY_CHOICE = tuple(range(VOTES, VOTES + CHOICES))
KINDS = (UNIVERSE, EXPORT, LIST, RECORD, PUBLISHED)
TIES = Ties(
    kinds=KINDS,
    size=CHOICES,
    strange=0,
    pairs=(
        (1, 3, (FOUND, BLANK, NULL, *BY_CHOICE)),
        (2, 3, (SIGNATURES,)),
        (3, 4, (*COUNTS, *BY_CHOICE)),
        *((0, later, (REGISTERED,)) for later in (1, 2, 3, 4)),
    ),
    signed=2,
    cast=1,
    mentioned=False,
    by_machine=True,
)


@dataclass(frozen=True)
class State:
    """Some moves, and what they leave."""

    moves: tuple[Move, ...]
    rows: list[Row]
    left: dict[Key, int]
    cost: int

    def total(self) -> int:
        return self.cost + sum(self.left.values())

    def rank(self) -> tuple[int, int]:
        return self.total(), -sum(move.piece for move in self.moves)

    def key(self) -> tuple[tuple[int, int, int], ...]:
        return tuple(sorted(cell for move in self.moves for cell in move.cells()))

    def moved(self, move: Move) -> State:
        rows = [list(row) for row in self.rows]
        for piece, column, value in move.cells():
            rows[piece][column] = value
        return State((*self.moves, move), rows, whole(rows), self.cost + move.cost)


def whole(rows: list[Row]) -> dict[Key, int]:
    return dict(each for some in broken(TIES, rows) for each in some)


def plainly(rows: list[Row], hints: Sequence[Move]) -> Explanation:
    """The same search, with every state looked at."""
    start = State((), rows, whole(rows), 0)
    known, width = {start.key(): start}, [start]
    for _ in range(DEPTH):
        found: list[State] = []
        for state in width:
            fresh = [hint for hint in hints if hint.piece not in {move.piece for move in state.moves}]
            for move in (*fresh, *candidates(TIES, state.rows, state.left)):
                after = state.moved(move)
                if after.key() not in known or known[after.key()].total() > after.total():
                    known[after.key()] = after
                    found.append(after)
        least = min(state.total() for state in known.values())
        width = sorted((s for s in found if s.left and s.cost < least), key=State.rank)[:WIDTH]
        if not width:
            break
    best = min(known.values(), key=State.rank)
    mine = set(best.key())
    others = [state for state in known.values() if not (mine <= set(state.key()) or set(state.key()) <= mine)]
    lead = min(state.total() for state in others) - best.total() if others else -1
    causes = [sorted(move.cause for move in state.moves) for state in others if state.total() == best.total()]
    alike = all(each == sorted(move.cause for move in best.moves) for each in causes)
    return Explanation(best.moves, start.left, best.left, lead, best.rows, best.total(), alike)


def night(draw: np.random.Generator) -> list[Row]:
    """The figures of a bureau, of which some were written wrong, some copied on from there."""
    votes = draw.integers(0, 400, CHOICES).tolist()
    blank, valid = int(draw.integers(0, 30)), sum(votes)
    found, registered = blank + valid, blank + valid + int(draw.integers(0, 300))
    rows = [
        [registered, *[MISSING] * (VOTES - 1 + CHOICES)],
        [registered, MISSING, found, blank, 0, MISSING, *votes],
        [registered, found - int(draw.integers(-1, 2)), *[MISSING] * (VOTES - 2 + CHOICES)],
        [registered, found, found, blank, 0, valid, *votes],
        [registered, MISSING, found, blank, 0, valid, *votes],
    ]
    for _ in range(int(draw.integers(1, 5))):
        piece, column = int(draw.integers(1, len(KINDS))), int(draw.integers(VOTES + CHOICES))
        was = rows[piece][column]
        if was < 0:
            continue
        figures = [int(str(was)[::-1]), was + 10, was // 10, 10 * was, int(draw.integers(500)), rows[3][SIGNATURES], 0]
        becomes = figures[int(draw.integers(len(figures)))]
        for later in range(piece, len(KINDS)) if draw.random() < 0.5 else (piece,):
            if rows[later][column] == was:
                rows[later][column] = becomes
    return rows


def hint(rows: list[Row], draw: np.random.Generator) -> list[Move]:
    """Now and then a move that another bureau suggests."""
    changes = ((SIGNATURES, rows[1][FOUND]),)
    return [Move("bureaux-exchanged", 2, changes, (), int(draw.integers(3, 12)), "x")] * int(draw.random() < 0.3)


@pytest.mark.parametrize("seed", range(8))
def test_the_search_finds_what_a_plain_one_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    for _ in range(25):
        rows = night(draw)
        hints = hint(rows, draw)
        assert explain(TIES, rows, hints) == plainly(rows, hints)


def test_what_is_broken_is_looked_at_again_where_a_piece_has_changed() -> None:
    draw = np.random.default_rng(5)
    for _ in range(200):
        before, after = night(draw), night(draw)
        some = frozenset(draw.integers(0, len(KINDS), 2).tolist())
        rows = [after[at] if at in some else row for at, row in enumerate(before)]
        assert broken(TIES, rows, broken(TIES, before), some) == broken(TIES, rows)
