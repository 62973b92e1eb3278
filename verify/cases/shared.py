"""Moves that several bureaux of a commune have in common: one act, and one case, whatever each looks like by itself.

A column of which many bureaux, or a run of them, have something else; rows of a piece that are none of theirs; figures
that were all changed on the way. Slips of the pen in one column of bureau after bureau do not come about by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verify.cases.everywhere import are_nearly_all
from verify.cases.told_moves import Solved
from verify.explanations.moves import Move
from verify.explanations.side_by_side import PUBLISHED, REGISTERED, SideBySide

_LEAST = 3
"""Bureaux at least."""
_OF_A_GAP = frozenset(("found-from-signatures", "gap-as-nulls", "gap-corrected"))
"""Causes that are there because of a gap, which is a bureau's own."""
_CHANGED = frozenset(("amended", "older-edition"))
"""Causes by which figures were changed and add up again."""
EDITION = "older-edition"


@dataclass(frozen=True, slots=True)
class SharedAct:
    """One act in several bureaux: its cause (empty for those of its moves), its piece, and a number of its own."""

    cause: str
    piece: int
    number: int


@dataclass(frozen=True, slots=True)
class _MoveOf:
    """A move of a bureau, by its place in the order of all bureaux, its index among those laid out, and its number."""

    rank: int
    at: int
    index: int


def share(grid: SideBySide, solved: Sequence[Solved]) -> dict[tuple[int, int], SharedAct]:
    """The act that a move is part of, by the index of its bureau and its number there; for those that are of one."""
    universe = grid.evidence.universe
    order = universe.by_number[np.argsort(universe.commune_number[universe.by_number], kind="stable")]
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    sizes = np.bincount(universe.commune_number)
    by_place: dict[tuple[int, int, int, int], list[_MoveOf]] = {}
    everywhere: dict[tuple[int, int, int], int] = {}
    for each in solved:
        unit, poll = int(grid.unit[each.at]), int(grid.poll[each.at])
        for index, move in enumerate(each.moves):
            what = _what(grid, move)
            if what is not None:
                member = _MoveOf(int(rank[unit]), each.at, index)
                by_place.setdefault((*what, poll, int(universe.commune_number[unit])), []).append(member)
                everywhere[*what, poll] = everywhere.get((*what, poll), 0) + 1
    found: dict[tuple[int, int], SharedAct] = {}
    numbers: dict[tuple[int, ...], int] = {}
    for (piece, column, poll, commune), members in by_place.items():
        nation = are_nearly_all(everywhere[piece, column, poll], len(universe))
        most = are_nearly_all(len(members), sizes[commune]) or (
            2 * len(members) > sizes[commune] and column != REGISTERED
        )
        whole = nation or most or column == _ROW_CHANGED
        for some in [members] if whole else _runs(members, column):
            if nation or len(some) >= _LEAST:
                scope = (piece, column, poll, -1 if nation else some[0].rank)
                act = SharedAct(_cause(column), piece, numbers.setdefault(scope, len(numbers)))
                found |= dict.fromkeys(((each.at, each.index) for each in some), act)
    return found


_ROW, _ROW_CHANGED = -1, -2
"""In place of a column: several figures of a row; figures of a row that add up again."""


def _what(grid: SideBySide, move: Move) -> tuple[int, int] | None:
    """The piece and the column of a move; None for one that is its bureau's own."""
    if move.cause in _OF_A_GAP:
        return None
    if move.cause in _CHANGED:
        published = [at for at, piece in enumerate(grid.pieces) if piece.kind == PUBLISHED]
        return (published[0], _ROW_CHANGED) if published else None
    return move.piece, move.changes[0][0] if len(move.changes) == 1 else _ROW


def _runs(members: Sequence[_MoveOf], column: int) -> Iterator[list[_MoveOf]]:
    """Moves of bureaux that follow one another; rolls move by themselves in each of them."""
    run: list[_MoveOf] = []
    for each in sorted(members, key=lambda each: each.rank):
        if run and (each.rank > run[-1].rank + 1 or column == REGISTERED):
            yield run
            run = []
        run.append(each)
    yield run


def _cause(column: int) -> str:
    if column == _ROW_CHANGED:
        return EDITION
    return "" if column == _ROW else "registered-differ" if column == REGISTERED else "column-holds-other"
