"""Corrections of one piece of a bureau that have one cause, and the copies of them further on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.explanations.copies import COPIED_BY
from verify.explanations.side_by_side import EXPORT, URN
from verify.model.figures import Bools, Ints

Cell = tuple[int, int, int]
"""A piece, a column, and what is read there."""


@dataclass(frozen=True, slots=True)
class Move:
    """Some corrections of one piece, of one cause: what is read otherwise, and what is copied from it.

    Attributes:
        cause: name of the cause.
        piece: index of the piece.
        changes: by column, what should stand there.
        copies: by piece and column, the same for those that repeat the figures.
        cost: in decibans.
    """

    cause: str
    piece: int
    changes: tuple[tuple[int, int], ...]
    copies: tuple[Cell, ...]
    cost: int

    def cells(self) -> list[Cell]:
        """Piece, column and new figure of all."""
        piece = self.piece
        return [*[(piece, column, value) for column, value in self.changes], *self.copies]


def copies_of(kinds: Sequence[str], figures: Ints, piece: Ints) -> tuple[Ints, Ints]:
    """The pieces that repeat some figures; not beyond an export that has others than its urn.

    Args:
        kinds: of the pieces.
        figures: all those of the bureau of each cell in its column, shape ``(n, pieces)``.
        piece: of each cell, shape ``(n,)``.

    Returns:
        For each copy the index of its cell, and the piece that it stands in; by cell, then by piece.
    """
    later: Bools = np.array([[other in COPIED_BY.get(kind, ()) for other in kinds] for kind in kinds], np.bool_)
    np.fill_diagonal(later, False)
    was = figures[np.arange(len(piece)), piece][:, None]
    same = later[piece] & (figures == was)
    if URN in kinds:
        exports = figures[:, [at for at, kind in enumerate(kinds) if kind == EXPORT]]
        parted = ((exports >= 0) & (exports != was)).any(axis=1)
        same &= ~(parted & (piece == kinds.index(URN)))[:, None]
    return true_at(same)


def true_at(mask: Bools) -> tuple[Ints, Ints]:
    """Row and column of whatever is true in two dimensions, as `numpy.nonzero` gives them, in a tenth of its time."""
    at = mask.ravel().nonzero()[0]
    row = at // mask.shape[1]
    return row, at - row * mask.shape[1]


def spread(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The numbers from each start to its end, and of which of them each is."""
    sizes = end - start
    at = np.repeat(np.arange(len(sizes)), sizes)
    return at, np.arange(len(at)) + (start - np.cumsum(sizes) + sizes)[at]
