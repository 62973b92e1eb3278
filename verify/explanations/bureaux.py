"""Every bureau laid out with its cheapest explanation, and the corrections that it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.explanations.certainty import moves_of
from verify.explanations.moves import Move
from verify.explanations.rows import Reading
from verify.explanations.search import BureauPapers, Explanation, explain
from verify.explanations.side_by_side import SideBySide
from verify.explanations.slips import DECIBANS


@dataclass(frozen=True, slots=True)
class Explained:
    """A bureau, its explanation if there is one, and its corrections."""

    bureau: BureauPapers
    explanation: Explanation | None
    moves: tuple[Move, ...]

    @property
    def cost(self) -> int:
        """Of the explanation; more than any other where the search was given up."""
        return _GIVEN_UP if self.explanation is None else self.explanation.cost


_GIVEN_UP = 1 << 20


def explain_bureaux(grid: SideBySide, rows: Sequence[int], hints: Mapping[int, Sequence[Move]]) -> list[Explained]:
    """The explanations of some of the bureaux laid out.

    Args:
        grid: the bureaux.
        rows: the indices of those that are asked for.
        hints: operations that only a look at other bureaux can propose, by the index of the bureau.
    """
    kinds = tuple(piece.kind for piece in grid.pieces)
    columns = (grid.sizes.tolist(), grid.strange.tolist(), grid.mentioned.tolist(), grid.by_machine.tolist())
    found = []
    for at in rows:
        size, strange, mentioned, by_machine = (column[at] for column in columns)
        readings = [_reading(move) for move in hints.get(at, ())]
        bureau = BureauPapers(kinds, grid.rows(at), size, strange, bool(mentioned), bool(by_machine), readings)
        explanation = explain(bureau)
        moves = () if explanation is None else moves_of(bureau, explanation)
        found.append(Explained(bureau, explanation, moves))
    return found


def _reading(move: Move) -> Reading:
    cells = {(piece, column): value for piece, column, value in move.cells()}
    return Reading(move.cause, move.piece, cells, DECIBANS * move.cost, move.group)
