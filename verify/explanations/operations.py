"""Operations on one piece of a bureau, and their copies further on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.explanations.copies import COPIED_BY
from verify.explanations.side_by_side import EXPORT, URN
from verify.model.figures import Ints

Cell = tuple[int, int, int]
"""A piece, a column, and what is read there."""


@dataclass(frozen=True, slots=True)
class PieceOperation:
    """An operation on one piece: the corrections that undo it, and those of the copies.

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
