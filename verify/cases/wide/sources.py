"""Figures that a piece should have by other evidence, each as often as a source says it: to match rows with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verify.explanations.copies import COPIED_BY
from verify.explanations.edits import by_sums, totals
from verify.explanations.permutations import SUSPECT, fits, misfits
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
from verify.model.figures import MISSING, SIDES, Bools, Ints, spread

SOURCES = {
    LIST: (RECORD, EXPORT, UNIVERSE),
    RECORD: (EXPORT, URN, LIST, UNIVERSE),
    RECAP: (RECORD,),
    PUBLISHED: (RECORD, EXPORT, URN, LIST, UNIVERSE),
}
"""By piece whose rows people write or arrange, what its figures are taken from; machines name their election."""
COUNT = (URN, EXPORT, RECORD, RECAP, PUBLISHED)
"""Pieces that have the figures of the count from one another, in the order of the way."""
_TELLING = 20
"""A count below it is another bureau's by chance too often."""
_AT_ONCE = 200_000
"""Pairs of rows that are compared at once."""


def taken_from(kinds: Sequence[str], figures: Ints, piece: int) -> Ints:
    """Find what a piece should have of each bureau by what it is taken from; MISSING where nothing says it.

    Args:
        kinds: of the pieces.
        figures: shape ``(n, pieces, columns)``.
        piece: by its index.
    """
    return _first_known(kinds, figures, SOURCES[kinds[piece]], piece)


def _first_known(kinds: Sequence[str], figures: Ints, order: Sequence[str], but: int) -> Ints:
    """The figures of the first piece that has them, by the order of their kinds, but for one piece."""
    said = np.full_like(figures[:, 0], MISSING)
    for other in (at for kind in order for at, each in enumerate(kinds) if each == kind and at != but):
        said = np.where(said < 0, figures[:, other], said)
    return said


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


class PieceSources:
    """The figures of other evidence beside those of a piece, in all bureaux at once.

    Sources are the chain of the count, the sign-in list, the list of bureaux, the other count of voters, which may
    differ by a few, and sums of the piece itself.

    Args:
        kinds: of the pieces.
        figures: shape ``(n, pieces, columns)``.
        sizes: number of choices, 0 where it is not known, shape ``(n,)``.
        piece: by its index.
    """

    def __init__(self, kinds: Sequence[str], figures: Ints, sizes: Ints, piece: int) -> None:
        self._own, theirs = figures[:, piece], _without_copies(kinds, figures, piece)
        self._said = [list(_said(kinds, theirs[:, :, column], piece)) for column in range(figures.shape[2])]
        self._sums, (total, whole) = by_sums(self._own, sizes), totals(figures, sizes[:, None])
        totalled = np.where(whole, total, MISSING)
        self._total = totalled[:, piece]
        said = np.max([self._total, *self._said[VALID]], axis=0)
        self._valid = np.where(said < 0, _first_known(kinds, totalled, COUNT, piece), self._total)
        self._voters = {
            (column, without): _first_known(kinds, theirs[:, :, column], (LIST, *COUNT), piece if without else -1)
            for column in (SIGNATURES, FOUND)
            for without in (False, True)
        }

    def of(self, columns: Sequence[int]) -> tuple[Ints, Ints, Ints, Bools]:
        """The figures of some columns and what is due of them, as `misfits` has them."""
        own = self._own
        found: list[tuple[Ints, Ints, int, bool]] = []
        for column in columns:
            found += [(own[:, column], said, column, False) for said in self._said[column]]
            if column in (SIGNATURES, FOUND):
                other = SIGNATURES + FOUND - column
                found.append((own[:, column], self._voters[other, other in columns], column, True))
            if columns == [column] and column > SIGNATURES:
                found.append((own[:, column], self._sums[:, column], column, False))
            elif column == VALID and columns[-1] < VOTES:
                found.append((own[:, column], self._valid, column, False))
        if columns[0] >= VOTES and len(columns) > 1:
            found.append((self._total, own[:, VALID], own.shape[1], False))
        none: Ints = np.zeros(len(own), np.int64)
        stated, due = (np.stack([none, *(each[at] for each in found)], axis=1)[:, 1:] for at in (0, 1))
        of, tolerant = (np.array([each[at] for each in found]) for at in (2, 3))
        if columns in ([SIGNATURES], [FOUND]):  # one may be copied from the other, which has a cause of its own
            due[own[:, SIGNATURES] == own[:, FOUND]] = MISSING
        return stated, due, of.astype(np.int64), tolerant.astype(np.bool_)

    def due(self, columns: Sequence[int], rows: Ints) -> Ints:
        """The figures of other evidence for some columns of some bureaux, MISSING where there is none."""
        found = np.full((len(rows), len(columns)), MISSING)
        for at, column in enumerate(columns):
            sums = [self._sums[:, column]] if len(columns) == 1 else []
            for said in (*self._said[column], *sums):
                found[:, at] = np.where(found[:, at] < 0, said[rows], found[:, at])
        return found


def _without_copies(kinds: Sequence[str], figures: Ints, piece: int) -> Ints:
    """The figures but for those of a piece that others, made from it, repeat: a copy says nothing.

    Registered voters are printed on each form, and stay.
    """
    after = np.isin(kinds, COPIED_BY.get(kinds[piece], ()))
    repeated = (figures == figures[:, [piece]]) & after[:, None]
    repeated[:, :, REGISTERED] = False
    return np.where(repeated, MISSING, figures)


def _said(kinds: Sequence[str], theirs: Ints, piece: int) -> Iterator[Ints]:
    """Read a column from the chain of the count, the sign-in list and the list of bureaux, as far as they have it."""
    for chain in (COUNT, (LIST,), (UNIVERSE,)):
        said = _first_known(kinds, theirs, chain, piece)
        if (said >= 0).any():
            yield said


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Rows of which the figures stand elsewhere in their commune, or are another row's once more; shape ``(n,)`` each.

    Attributes:
        fitting: contradictory rows that the figures of another one would fit.
        copies: rows that are blank, or not mostly their own and repeat the one beside, or have the figures of another
            that is mostly its own.
        suspect: rows that contradict something; where both counts of voters are of the row, by more than one of these,
            as the other count of voters may be what is wrong.
    """

    fitting: Bools
    copies: Bools
    suspect: Bools

    @classmethod
    def of(cls, stated: Ints, due: Ints, of: Ints, tolerant: Bools, commune: Ints) -> Elsewhere:
        """The same by arguments of `misfits`; ``commune`` numbers the commune of each row, all of one together."""
        suspect = misfits(stated, due, of, tolerant)[0] >= SUSPECT
        known, same = ((stated >= 0) & (due >= 0))[:, ~tolerant], (stated == due)[:, ~tolerant]
        if {SIGNATURES, FOUND} <= set(of.tolist()):
            suspect &= ((known & ~same)[:, of[~tolerant] != SIGNATURES].any(axis=1)) | (stated < 0).all(axis=1)
        if not suspect.any():
            return cls(suspect, suspect, suspect)
        mostly, fitting = 2 * (known & same).sum(axis=1) >= known.sum(axis=1), np.zeros_like(suspect)
        copies = _blank_or_twice(stated, commune) & ~(mostly & known.any(axis=1))
        for row, other in _pairs(np.flatnonzero(suspect), commune):
            there = stated[other]
            misfit, shared = misfits(there, due[row], of, tolerant)
            fitting[row[fits(misfit, shared) & (there >= 0).any(axis=1)]] = True
            here, wanted = stated[row][:, ~tolerant], np.where(there >= 0, there, due[other])[:, ~tolerant]
            both = (here >= 0) & (wanted >= 0)
            apart = (both & (here != wanted)).any(axis=1)
            copies[row[mostly[other] & ~apart & ((both & (here >= _TELLING)).sum(axis=1) > 1)]] = True
        return cls(fitting, copies, suspect)


def _blank_or_twice(stated: Ints, commune: Ints) -> Bools:
    """Rows that are blank, or of which just one beside has the same figures."""
    beside = (stated[1:] == stated[:-1]).all(axis=1) & (commune[1:] == commune[:-1])
    beside &= (stated[1:] >= _TELLING).any(axis=1)  # columns of few votes repeat themselves
    runs = np.concatenate(([False], beside, [False]))
    twice = runs[1:-1] & ~runs[:-2] & ~runs[2:]
    return np.asarray((stated < 0).all(axis=1) | np.append(twice, False) | np.append(False, twice), np.bool_)


def _pairs(rows: Ints, commune: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Some rows, each with every other one of its commune, as many at a time as there is room for."""
    start, end = (np.searchsorted(commune, commune[rows], side=side) for side in SIDES)
    parts = int((end - start).sum()) // _AT_ONCE + 1
    for some in np.array_split(np.arange(len(rows)), parts):
        at, other = spread(start[some], end[some])
        row = rows[some][at]
        yield row[row != other], other[row != other]
