"""The cheapest set of corrections after which the figures of one bureau no longer contradict one another.

The search goes from the cheapest set of candidates (`verify.cases.moves`) to the next, best first, of bounded width and
depth; what remains unexplained costs as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from verify.cases.identities import GAP, Broken, Key, Ties, broken
from verify.cases.moves import Cell, Move, candidates
from verify.cases.side_by_side import (
    FOUND,
    SIGNATURES,
    Row,
)

WIDTH, DEPTH = 4, 4


@dataclass(frozen=True, slots=True)
class Explanation:
    """Moves, what they leave unexplained, and by how much the next explanation costs more, -1 where there is none.

    Attributes:
        start: what does not hold without them.
        left: what they leave.
        rows: the figures as corrected.
        alike: whether others of the same cost, if there are any, have the same causes.
    """

    moves: tuple[Move, ...]
    start: dict[Key, int]
    left: dict[Key, int]
    lead: int
    rows: list[Row]
    cost: int
    alike: bool


def explain(ties: Ties, rows: list[Row], hints: Sequence[Move] = ()) -> Explanation:
    """The cheapest explanation; one without moves where nothing is better than to leave things open.

    Args:
        ties: of the bureau.
        rows: its figures.
        hints: moves that only a look at other bureaux can propose.
    """
    start = _State((), rows, broken(ties, rows), 0, ())
    known = {start.key: start}
    turn = {start.key: 0}
    width, least = [start], start.total
    dearer: list[_Step] = []
    for _ in range(DEPTH):
        steps = [step for state in width for step in _steps(ties, state, hints)]
        after: dict[int, _State] = {}
        for at in sorted(range(len(steps)), key=lambda at: steps[at].cost):
            if steps[at].cost > least:  # never the cheapest: looked at in the end, for what the next one costs
                dearer.append(steps[at])
            else:
                after[at] = state = steps[at].taken(ties)
                least = min(least, state.total)
        found: list[_State] = []
        for at, step in enumerate(steps):
            turn.setdefault(step.key, len(turn))
            if at in after and (step.key not in known or known[step.key].total > after[at].total):
                known[step.key] = after[at]
                found.append(after[at])
        width = sorted((s for s in found if s.left and s.cost < least), key=_BY_RANK)[:WIDTH]
        if not width:
            break
    best = min(known.values(), key=lambda state: (state.rank, turn[state.key]))
    others = [state for state in known.values() if not best.is_more_or_less(state.key)]
    following = _following(ties, best, min((state.total for state in others), default=-1), dearer)
    alike = all(state.causes() == best.causes() for state in others if state.total == best.total)
    lead = following - best.total if following >= 0 else -1
    return Explanation(best.moves, start.left, best.left, lead, best.rows, best.total, alike)


def _following(ties: Ties, best: _State, least: int, dearer: list[_Step]) -> int:
    """The cost of the cheapest explanation beside the best one, -1 where there is none.

    Args:
        ties: of the bureau.
        best: the best one.
        least: the cost of the cheapest of the others that are known, -1 for none.
        dearer: how more of them come about.
    """
    bounds = sorted((step.least_total(ties), at) for at, step in enumerate(dearer))
    for bound, at in bounds:
        if 0 <= least <= bound:
            break
        if not best.is_more_or_less(dearer[at].key):
            total = dearer[at].taken(ties).total
            least = min(least, total) if least >= 0 else total
    return least


class _State:
    """Some moves, and what they leave.

    Attributes:
        rows: the figures as corrected.
        broken: what they leave unexplained. ``left`` is the same, all together.
        cost: of the moves. ``total`` with what is left.
        rank: the cheapest first; of the same cost, what is wrong further on the way.
        key: all that is read otherwise, in order.
    """

    __slots__ = ("broken", "cost", "key", "left", "moves", "rank", "rows", "total")

    def __init__(
        self, moves: tuple[Move, ...], rows: list[Row], broken: list[Broken], cost: int, key: tuple[Cell, ...]
    ) -> None:
        self.moves, self.rows, self.broken, self.cost, self.key = moves, rows, broken, cost, key
        self.left = dict(each for some in broken for each in some)
        self.total = cost + sum(self.left.values())
        self.rank = self.total, -sum(move.piece for move in moves)

    def causes(self) -> list[str]:
        return sorted(move.cause for move in self.moves)

    def is_more_or_less(self, key: tuple[Cell, ...]) -> bool:
        """Whether an explanation is this one with more corrections, or with fewer: no other one."""
        mine, its = set(key), set(self.key)
        return mine <= its or its <= mine


class _Step:
    """A state and one more move; what the moves cost together, and all that they read otherwise, in order."""

    __slots__ = ("cells", "cost", "key", "move", "state")

    def __init__(self, state: _State, move: Move) -> None:
        self.state, self.move, self.cells = state, move, move.cells()
        self.cost = state.cost + move.cost
        self.key = tuple(sorted((*state.key, *self.cells)))

    def taken(self, ties: Ties) -> _State:
        """The state after it."""
        before, rows = self.state.rows, list(self.state.rows)
        for piece, column, value in self.cells:
            if rows[piece] is before[piece]:
                rows[piece] = list(rows[piece])
            rows[piece][column] = value
        changed = frozenset(piece for piece, _, _ in self.cells)
        left = broken(ties, rows, self.state.broken, changed)
        return _State((*self.state.moves, self.move), rows, left, self.cost, self.key)

    def least_total(self, ties: Ties) -> int:
        """What it costs at least: what is unexplained of figures that the move does not change, stays so."""
        changed = {(piece, column) for piece, column, _ in self.cells}
        pieces = {piece for piece, _, _ in self.cells}
        total = self.cost
        for key, cost in self.state.left.items():
            name, one, other, column = key
            if name == "same":
                stays = (one, column) not in changed and (other, column) not in changed
            elif key == GAP:
                stays = (ties.signed, SIGNATURES) not in changed and (ties.cast, FOUND) not in changed
            else:
                stays = one not in pieces
            total += cost if stays else 0
        return total


def _steps(ties: Ties, state: _State, hints: Sequence[Move]) -> Iterator[_Step]:
    """Everything that may come next."""
    fresh = [hint for hint in hints if hint.piece not in {move.piece for move in state.moves}]
    for move in (*fresh, *candidates(ties, state.rows, state.left)):
        yield _Step(state, move)


_BY_RANK = attrgetter("rank")
