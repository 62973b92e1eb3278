"""What figures should be by other figures: those that a piece is taken from, and the sums that its own make."""

from __future__ import annotations

import numpy as np

from verify.explanations.identities import totals
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    LIST,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    UNIVERSE,
    URN,
    VALID,
    VOTES,
    SideBySide,
)
from verify.model.figures import MISSING, Ints

SOURCES = {
    LIST: (RECORD, EXPORT, UNIVERSE),
    RECORD: (EXPORT, URN, LIST, UNIVERSE),
    RECAP: (RECORD,),
    PUBLISHED: (RECORD, EXPORT, URN, LIST, UNIVERSE),
}
"""By piece, what its figures are taken from: where the bureau that they belong to can be told."""


def taken_from(around: SideBySide, piece: int) -> Ints:
    """What a piece should have of each bureau by what it is taken from; MISSING where nothing says it."""
    due = np.full_like(around.pieces[piece].values, MISSING)
    for kind in SOURCES[around.pieces[piece].kind]:
        for other in around.pieces:
            if other.kind == kind:
                due = np.where((due < 0) & (other.values >= 0), other.values, due)
    return np.asarray(due, np.int64)


def by_sums(values: Ints, sizes: Ints) -> Ints:
    """What each figure of a piece should be by the others of its row; MISSING where they do not say it.

    Args:
        values: shape ``(n, columns)``.
        sizes: number of choices of each row, 0 where it is not known, shape ``(n,)``.
    """
    due = np.full_like(values, MISSING)
    found, blank, null, valid = (values[:, column] for column in (FOUND, BLANK, NULL, VALID))
    parts = {FOUND: blank + null + valid, BLANK: found - null - valid, NULL: found - blank - valid}
    for column, sum_ in {**parts, VALID: found - blank - null}.items():
        others = [each for each in (FOUND, BLANK, NULL, VALID) if each != column]
        due[:, column] = np.where((values[:, others] >= 0).all(axis=1), np.maximum(sum_, MISSING), MISSING)
    total, whole = totals(values, sizes)
    due[:, VALID] = np.where(whole, total, due[:, VALID])
    votes = np.where((whole & (valid >= 0))[:, None], valid[:, None] - total[:, None] + values[:, VOTES:], MISSING)
    due[:, VOTES:] = np.where((values[:, VOTES:] >= 0) & (votes >= 0), votes, MISSING)
    return due
