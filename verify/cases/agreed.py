"""What several bureaux say of one thing is made one: of an exchange of figures, and of a column that slipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from verify.cases.explanations import Explanation
from verify.cases.identities import Ties
from verify.cases.moves import Move
from verify.cases.search import explain
from verify.model.figures import Ints

_LEAST_MEMBERS = 2


def agreed(
    ties: Ties, figures: Ints, found: Sequence[Explanation], hints: Mapping[int, Sequence[Move]]
) -> list[Explanation]:
    """The same explanations where all bureaux of an exchange, or of a slip, say the same; else others.

    Two bureaux whose figures are exchanged are that in one piece of evidence, the later one if both would do; and what
    only one of several bureaux has is neither an exchange nor a slip of a column.

    Args:
        ties: of the bureaux.
        figures: of the bureaux, shape ``(n, pieces, columns)``.
        found: what explains each of them.
        hints: the moves that other bureaux suggest, of which some are left out where a bureau is explained again.
    """

    def only(result: Sequence[Explanation], keeps: Callable[[Move], bool]) -> list[Explanation]:
        again = [at for at, each in enumerate(result) if not all(map(keeps, each.moves))]
        if not again:
            return list(result)
        kept = {number: [move for move in hints.get(at, ()) if keeps(move)] for number, at in enumerate(again)}
        rows = np.array(again, np.int64)
        others = dict(zip(again, explain(ties.of(rows), figures[rows], kept), strict=True))
        return [others.get(at, each) for at, each in enumerate(result)]

    if not any(move.group for each in found for move in each.moves):
        return list(found)
    pieces: dict[str, set[int]] = {}
    for move in (move for each in found for move in each.moves if move.group):
        pieces.setdefault(move.group, set()).add(move.piece)
    result = only(found, lambda move: not move.group or move.piece == max(pieces.get(move.group, {move.piece})))
    for among in ({"column-slipped"}, {"column-slipped", "bureaux-exchanged"}):
        result = only(result, _is_of_several(result, among))
    return result


def _is_of_several(found: Sequence[Explanation], among: set[str]) -> Callable[[Move], bool]:
    """A function that tells whether a move of some causes is of a group that several bureaux have."""
    groups = Counter(group for each in found for group in {move.group for move in each.moves})
    alone = {group for group, number in groups.items() if group and number < _LEAST_MEMBERS}
    return lambda move: move.group not in alone or move.cause not in among
