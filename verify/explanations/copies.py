"""The tree of copies: which paper a figure was copied from, and what its true value costs by it (Fitch, Sankoff).

The root is the day's true figure. A node is a paper, given or not, and the file that was made from it hangs below. An
edge is an act of copying: free where both have one figure, else the cost of the cheapest operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from verify.explanations.side_by_side import (
    EXPORT,
    LIST,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    TOTAL,
    UNIVERSE,
    URN,
    Row,
)
from verify.model.figures import Ints

_COUNT = ((URN, EXPORT), (RECORD, TOTAL), (RECAP,), (PUBLISHED,))
_SIGN_IN = ((LIST, TOTAL), (RECORD,), (RECAP,), (PUBLISHED,))
_ROLL = ((LIST,), (RECORD,), (RECAP,), (PUBLISHED,))
"""The way of a figure, paper by paper, with the files that are made of each: urn and export are both of the machine."""
COPIED_BY = {
    URN: (EXPORT, RECORD, RECAP, PUBLISHED),
    EXPORT: (RECORD, RECAP, PUBLISHED),
    LIST: (LIST, RECORD, RECAP, PUBLISHED),
    RECORD: (RECORD, RECAP, PUBLISHED),
    RECAP: (RECAP, PUBLISHED),
    PUBLISHED: (PUBLISHED,),
}
"""Pieces by those that copy them: versions of one paper, and editions of a result, have one another's figures."""


@dataclass(frozen=True, slots=True)
class Node:
    """A paper or a file: its parent (-1 for the true figure), its piece (-1 for a paper), and a piece of its kind."""

    parent: int
    piece: int
    like: int


@cache
def tree_of(kinds: tuple[str, ...], column: int) -> tuple[Node, ...]:
    """The tree of a column's figures, each node behind its parent; ``kinds`` are those of the pieces.

    Versions of a piece are read from one copy of the paper: a figure that several have wrong is one act.
    """
    nodes: list[Node] = []
    if column == REGISTERED:
        nodes += [Node(-1, at, at) for at, kind in enumerate(kinds) if kind in (UNIVERSE, EXPORT)]
    steps = _ROLL if column == REGISTERED else _SIGN_IN if column == SIGNATURES else _COUNT
    papers = [[at for kind in step for at, each in enumerate(kinds) if each == kind] for step in steps]
    papers = [files for files in papers if files]
    parent = -1
    for files in papers:
        alone = files is papers[-1] and len(files) == 1
        nodes.append(Node(parent, files[0] if alone else -1, files[-1]))
        parent = len(nodes) - 1
        for kind in dict.fromkeys(kinds[at] for at in files if not alone):
            versions, above = [at for at in files if kinds[at] == kind], parent
            if len(versions) > 1:
                nodes.append(Node(parent, -1, versions[-1]))
                above = len(nodes) - 1
            nodes += [Node(above, at, at) for at in versions]
    return tuple(nodes)


@dataclass(frozen=True, slots=True)
class PieceOperation:
    """An operation on figures of one piece: what they should read, their copies with them.

    Attributes:
        cause: name of the operation.
        piece: that it was made in.
        cells: by piece and column what should stand there, below zero where the operation destroyed it.
        cost: in decibans.
        of: code of the bureau whose figures stand there, empty where it is not known.
    """

    cause: str
    piece: int
    cells: Mapping[tuple[int, int], int]
    cost: int
    of: str = ""

    @property
    def changes(self) -> dict[int, int]:
        """What should stand in its own piece, by column."""
        return {column: value for (piece, column), value in self.cells.items() if piece == self.piece}


@dataclass(frozen=True, slots=True)
class BureauPapers:
    """One bureau in one poll.

    Attributes:
        kinds: of the pieces. ``rows``: their figures, below zero for none.
        size: number of choices, 0 where it is not known.
        strange: votes of the PV for something that is no choice.
        mentioned: whether the PV speaks of a gap.
        by_machine: whether all votes were on a machine.
        readings: of its rows that a look at other bureaux suggests.
        totals: a row of figures that the total of its table leaves for it, below zero for none; none without a total.
        of_others: the pieces whose rows were found to be another bureau's, and have been corrected.
    """

    kinds: tuple[str, ...]
    rows: Sequence[Row]
    size: int
    strange: int
    mentioned: bool
    by_machine: bool
    readings: Sequence[PieceOperation] = ()
    totals: Sequence[Row] = ()
    of_others: frozenset[int] = frozenset()


Slips = Callable[[int, int, int], tuple[str, int]]
"""Cause and cost by which a piece came to have a figure (the second) that should be another one (the third)."""


_NEVER = 1 << 20
"""More than any explanation costs."""


class CopiedFigures:
    """The figures of one quantity in the pieces of a bureau.

    Args:
        column: its number.
        tree: of its copies.
        written: the figure in each piece, below zero for none.
        operation: the cheapest one of a piece.
        fixed: the one true figure that there can be, below zero for any.
    """

    def __init__(
        self, column: int, tree: Sequence[Node], written: Sequence[int], operation: Slips, fixed: int = -1
    ) -> None:
        self.column, self._tree, self._operation, self._fixed = column, tree, operation, fixed
        self._written = [written[node.piece] if node.piece >= 0 else -1 for node in tree]
        self._known = tuple(dict.fromkeys(each for each in self._written if each >= 0))
        self.values = (fixed,) if fixed >= 0 else self._known
        self._memo: dict[tuple[int, int], int] = {}
        self.least = min(map(self.cost, self.values), default=0)

    @cached_property
    def _below(self) -> dict[int, list[int]]:
        """The nodes below each one that have a figure, or one below them."""
        tree, known = self._tree, [each >= 0 for each in self._written]
        for at in reversed(range(len(tree))):
            if known[at] and tree[at].parent >= 0:
                known[tree[at].parent] = True
        found: dict[int, list[int]] = {}
        for at, node in enumerate(tree):
            if known[at]:
                found.setdefault(node.parent, []).append(at)
        return found

    def cost(self, truth: int) -> int:
        """The least cost of all that is written, if this is the true figure; nothing where nothing is written."""
        if 0 <= self._fixed != truth:
            return _NEVER
        return 0 if self._known in ((), (truth,)) else self._beneath(-1, truth)

    def _beneath(self, node: int, value: int) -> int:
        found = self._memo.get((node, value))
        if found is None:
            found = sum(self._through(child, value)[0] for child in self._below.get(node, ()))
            self._memo[node, value] = found
        return found

    def _through(self, node: int, value: int) -> tuple[int, int]:
        """The least cost of an edge and all below it, and the figure that its node then has."""
        written = self._written[node]
        if written >= 0:
            return self._edge(node, written, value)[1] + self._beneath(node, written), written
        figures = dict.fromkeys((value, *self._known))
        cost = {each: self._edge(node, each, value)[1] + self._beneath(node, each) for each in figures}
        best = min(cost, key=lambda each: (cost[each], each != value, each))  # of two the one that is wrong further on
        return cost[best], best

    def _edge(self, node: int, was: int, becomes: int) -> tuple[str, int]:
        return ("", 0) if was == becomes else self._operation(self._tree[node].like, was, becomes)

    def acts(self, truth: int) -> list[PieceOperation]:
        """The cheapest operations that made what is written of the true figure."""
        return list(self._acts(-1, truth, truth))[::-1] if self.cost(truth) else []

    def _acts(self, node: int, value: int, truth: int) -> list[PieceOperation]:
        found: list[PieceOperation] = []
        for child in self._below.get(node, ()):
            _, figure = self._through(child, value)
            if figure != value:
                pieces = self._carrying(child, figure)
                cause, cost = self._edge(child, figure, value)
                cells = {(piece, self.column): truth for piece in pieces}
                found.append(PieceOperation(cause, pieces[0], cells, cost))
            found += self._acts(child, figure, truth)
        return found

    def _carrying(self, node: int, figure: int) -> list[int]:
        """The pieces from a node on that have its figure by copying, in the order of the way."""
        own = [self._tree[node].piece] if self._written[node] == figure else []
        for child in self._below.get(node, ()):
            if self._through(child, figure)[1] == figure:
                own += self._carrying(child, figure)
        return own


def copied(kinds: Sequence[str], figures: Ints, piece: int, right: Ints) -> Ints:
    """Replace one piece's figures, and those of its copies. Stop at an export that differs from its urn.

    Args:
        kinds: of the pieces.
        figures: shape ``(n, pieces, columns)``.
        piece: that is changed.
        right: what it should say, shape ``(n, columns)``.
    """
    was, found = figures[:, piece], figures.copy()
    changed = was != right
    if kinds[piece] == URN:
        for at in (at for at, kind in enumerate(kinds) if kind == EXPORT):
            changed &= (figures[:, at] < 0) | (figures[:, at] == was)
    for at, kind in enumerate(kinds):
        if at != piece and kind in COPIED_BY.get(kinds[piece], ()):
            found[:, at] = np.where(changed & (figures[:, at] == was), right, figures[:, at])
    found[:, piece] = right
    return found
