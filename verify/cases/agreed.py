"""What several bureaux say of one thing is made one: of an exchange of figures, of a column or of rows that slipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from verify.explanations.bureaux import Explained, explain_bureaux
from verify.explanations.moves import Move
from verify.explanations.side_by_side import SideBySide

_LEAST_MEMBERS = 2
_LEAST_LEAD = 50
"""By how much it has to be cheaper to say of one piece that several bureaux are wrong in it than of another."""
_OF_RUNS = frozenset(("row-of-another",))
"""Causes of which a group is a run of rows, that two pieces may show as well as each other."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What explains each bureau, where all of a group say the same.

    Attributes:
        explanations: of each bureau.
        rivals: by group that several pieces could have, the others that would cost about as much as the one it is in.
    """

    explanations: list[Explained]
    rivals: dict[str, tuple[int, ...]]


def agreed(grid: SideBySide, found: Sequence[Explained], hints: Mapping[int, Sequence[Move]]) -> Agreed:
    """The same explanations where all bureaux of an exchange, or of a slip, say the same; else others.

    What several bureaux have is in one piece of evidence: the one that explains all of them at the least cost, the
    later one if both would do; and what only one of several bureaux has is neither an exchange nor a slip of a column.

    Args:
        grid: the bureaux.
        found: what explains each of them.
        hints: the moves that other bureaux suggest, of which some are left out where a bureau is explained again.
    """

    def explain_again(again: Sequence[int], keeps: Callable[[Move], bool]) -> dict[int, Explained]:
        kept = {at: [move for move in hints.get(at, ()) if keeps(move)] for at in again}
        return dict(zip(again, explain_bureaux(grid, again, kept), strict=True))

    def only(result: Sequence[Explained], keeps: Callable[[Move], bool]) -> list[Explained]:
        others = explain_again([at for at, each in enumerate(result) if not all(map(keeps, each.moves))], keeps)
        return [others.get(at, each) for at, each in enumerate(result)]

    pieces = _pieces_of_groups(found, hints)
    if not pieces:
        return Agreed(list(found), {})
    several = {group: sorted(some) for group, some in pieces.items() if len(some) > 1}
    members: dict[str, list[int]] = {group: [] for group in several}
    for at, moves in hints.items():
        for group in dict.fromkeys(move.group for move in moves if move.group in several):
            members[group].append(at)
    again = sorted({at for some in members.values() for at in some})
    cost: dict[str, dict[int, int]] = {group: {} for group in several}
    for turn in range(max(map(len, several.values()), default=0)):
        of = {group: some[turn] for group, some in several.items() if turn < len(some)}
        others = explain_again(again, _is_in(of))
        for group, piece in of.items():
            left_out = sum(all(move.group != group for move in others[at].moves) for at in members[group])
            cost[group][piece] = sum(others[at].cost for at in members[group]) + _LEAST_LEAD * left_out
    best = {group: min((by, -piece) for piece, by in each.items()) for group, each in cost.items()}
    chosen = {group: -piece for group, (_, piece) in best.items()}
    result = only(found, _is_in(chosen))
    hints = {at: [move for move in moves if _is_in(chosen)(move)] for at, moves in hints.items()}
    for among in ({"column-slipped"}, {"column-slipped", "bureaux-exchanged"}):
        result = only(result, _is_of_several(result, among))
    return Agreed(result, {group: _rivals(each, chosen[group]) for group, each in cost.items()})


def _is_in(pieces: Mapping[str, int]) -> Callable[[Move], bool]:
    """A function that tells whether a move is in the piece of its group, if there is one for that."""
    return lambda move: move.piece == pieces.get(move.group, move.piece)


def _rivals(cost: Mapping[int, int], best: int) -> tuple[int, ...]:
    return tuple(piece for piece in cost if piece != best and cost[piece] - cost[best] < _LEAST_LEAD)


def _pieces_of_groups(found: Sequence[Explained], hints: Mapping[int, Sequence[Move]]) -> dict[str, set[int]]:
    """The pieces that bureaux of each group say it is in; of a run of rows those as well that it might be in."""
    pieces: dict[str, set[int]] = {}
    for move in (move for each in found for move in each.moves if move.group):
        pieces.setdefault(move.group, set()).add(move.piece)
    for move in (move for moves in hints.values() for move in moves if move.cause in _OF_RUNS):
        if move.group in pieces:
            pieces[move.group].add(move.piece)
    return pieces


def _is_of_several(found: Sequence[Explained], among: set[str]) -> Callable[[Move], bool]:
    """A function that tells whether a move of some causes is of a group that several bureaux have."""
    groups = Counter(group for each in found for group in {move.group for move in each.moves})
    alone = {group for group, number in groups.items() if group and number < _LEAST_MEMBERS}
    return lambda move: move.group not in alone or move.cause not in among
