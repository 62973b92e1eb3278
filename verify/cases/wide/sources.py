"""What the figures of a piece should be by other evidence, each as often as a source says it: to match rows with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from verify.explanations.copies import COPIED_BY
from verify.explanations.edits import by_sums, totals
from verify.explanations.side_by_side import (
    EXPORT,
    FOUND,
    LIST,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    URN,
    VALID,
    VOTES,
)
from verify.model.figures import MISSING, Bools, Ints

SOURCES = {
    LIST: (RECORD, EXPORT, UNIVERSE),
    RECORD: (EXPORT, URN, LIST, UNIVERSE),
    RECAP: (RECORD,),
    PUBLISHED: (RECORD, EXPORT, URN, LIST, UNIVERSE),
}
"""By piece, what its figures are taken from: where the bureau that they belong to can be told."""
_COUNT = (URN, EXPORT, RECORD, RECAP, PUBLISHED)
"""Pieces that have the figures of the count from one another, in the order of the way."""
_TELLING = 20
"""A count below it is another bureau's by chance too often."""
_MOST_COMPARED = 4_000_000
"""Rows compared with one another at most, to see that one is a copy."""


def taken_from(kinds: Sequence[str], figures: Ints, piece: int) -> Ints:
    """What a piece should have of each bureau by what it is taken from; MISSING where nothing says it.

    Args:
        kinds: of the pieces.
        figures: shape ``(n, pieces, columns)``.
        piece: by its index.
    """
    due = np.full_like(figures[:, piece], MISSING)
    for other in (at for kind in SOURCES[kinds[piece]] for at, each in enumerate(kinds) if each == kind):
        due = np.where(due < 0, figures[:, other], due)
    return np.asarray(due, np.int64)


def column_sets(values: Ints) -> Iterator[list[int]]:
    """Single columns, the counts, the votes by choice, and all of them, as far as the piece has them.

    Those of several columns without the registered voters as well: forms have these printed on them.
    """
    there = np.flatnonzero((values >= 0).any(axis=0)).tolist()
    counts, votes = [each for each in there if each < VOTES], [each for each in there if each >= VOTES]
    yield from ([each] for each in there)
    for columns in (counts, votes, there if counts and votes else []):
        if len(columns) > 1:
            yield columns
        if len(columns) > 2 and columns[0] == REGISTERED:
            yield columns[1:]


def sources_of(
    kinds: Sequence[str], figures: Ints, sizes: Ints, piece: int, columns: Sequence[int]
) -> tuple[Ints, Ints, Ints, Bools]:
    """Figures of some columns of a piece and what sources say of them, as `misfits` has them.

    Sources are the chain of the count, the sign-in list, the list of bureaux, the other count of voters, which may
    differ by a few, and sums of the piece itself.
    """
    values = figures[:, piece]
    total, whole = totals(values, sizes)
    total = np.where(whole, total, MISSING)
    found: list[tuple[Ints, Ints, int, bool]] = []
    for column in columns:
        own = values[:, column]
        found += [(own, said, column, False) for said in _said(kinds, figures, piece, column)]
        if column in (SIGNATURES, FOUND):
            other = SIGNATURES + FOUND - column
            found.append((own, _voters(kinds, figures, other, piece if other in columns else -1), column, True))
        if columns == [column] and column > SIGNATURES:
            found.append((own, by_sums(values, sizes)[:, column], column, False))
        elif column == VALID and columns[-1] < VOTES:
            found.append((own, total, column, False))
    if columns[0] >= VOTES and len(columns) > 1:
        found.append((total, values[:, VALID], len(values[0]), False))
    none: Ints = np.zeros(len(values), np.int64)
    stated, made = (np.stack([none, *(each[at] for each in found)], axis=1)[:, 1:] for at in (0, 1))
    of, tolerant = (np.array([each[at] for each in found]) for at in (2, 3))
    if columns in ([SIGNATURES], [FOUND]):  # one may be copied from the other, which has a cause of its own
        made[values[:, SIGNATURES] == values[:, FOUND]] = MISSING
    return stated, made, of.astype(np.int64), tolerant.astype(np.bool_)


def _said(kinds: Sequence[str], figures: Ints, piece: int, column: int) -> Iterator[Ints]:
    """What the chain of the count, the sign-in list and the list of bureaux say of a column, where they say anything.

    A piece that was made from this one and has the same figure is a copy, and says nothing; but registered voters are
    printed on each form.
    """
    own = figures[:, piece, column]
    after = COPIED_BY.get(kinds[piece], ()) if column != REGISTERED else ()
    for chain in (_COUNT, (LIST,), (UNIVERSE,)):
        said = np.full(len(figures), MISSING)
        for kind in chain:
            for other in [at for at, each in enumerate(kinds) if each == kind and at != piece]:
                theirs = figures[:, other, column]
                theirs = np.where((theirs == own) & (kind in after), MISSING, theirs)
                said = np.where(said < 0, theirs, said)
        if (said >= 0).any():
            yield said


def _voters(kinds: Sequence[str], figures: Ints, column: int, without: int) -> Ints:
    """The signatures, or the votes found, of each bureau by the first piece that has them, but for one piece."""
    said = np.full(len(figures), MISSING)
    for kind in (LIST, *_COUNT):
        for at, each in enumerate(kinds):
            if each == kind and at != without:
                said = np.where(said < 0, figures[:, at, column], said)
    return said


def due_of(kinds: Sequence[str], figures: Ints, sizes: Ints, piece: int, columns: Sequence[int]) -> Ints:
    """What other evidence says of some columns of a piece, MISSING where nothing does; shape ``(n, columns)``."""
    due = np.full((len(figures), len(columns)), MISSING)
    for at, column in enumerate(columns):
        for source in _said(kinds, figures, piece, column):
            due[:, at] = np.where(due[:, at] < 0, source, due[:, at])
    if len(columns) == 1:
        sums = by_sums(figures[:, piece], sizes)[:, columns[0]]
        due[:, 0] = np.where(due[:, 0] < 0, sums, due[:, 0])
    return due


def copies_in(stated: Ints, due: Ints, tolerant: Bools, suspect: Bools) -> Bools | None:
    """Rows that are blank, repeat the one beside, or have the figures that are due of another one that has them.

    None where too many would have to be compared.
    """
    _, number, often = np.unique(stated, axis=0, return_inverse=True, return_counts=True)
    telling = (stated >= _TELLING).any(axis=1) & (often[number] == 2)  # columns of few votes repeat themselves
    beside = telling[1:] & (number[1:] == number[:-1])
    copies = (stated < 0).all(axis=1)
    copies[1:] |= beside
    copies[:-1] |= beside
    here, exact = np.flatnonzero(suspect), ~tolerant
    if int(exact.sum()) < 2:
        return copies
    if len(here) * len(stated) > _MOST_COMPARED:
        return None
    one, other = stated[:, exact], due[:, exact]
    own = (one >= 0) & (other >= 0)
    mostly = 2 * (own & (one == other)).sum(axis=1) >= own.sum(axis=1)
    apart: Bools = np.zeros((len(here), len(stated)), np.bool_)
    known: Ints = np.zeros((len(here), len(stated)), np.int64)
    for column in range(one.shape[1]):
        both = (one[here, None, column] >= 0) & (other[None, :, column] >= 0)
        apart |= both & (one[here, None, column] != other[None, :, column])
        known += both & (one[here, None, column] >= _TELLING)
    apart[np.arange(len(here)), here] = True  # its own figures are no copy
    copies[here] |= (mostly & (known > 1) & ~apart).any(axis=1)
    return copies
