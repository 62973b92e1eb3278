"""The edits of bureaux as arrays: equal figures, sums, and the cost of leaving them broken, in decibans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    LIST,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    URN,
    VALID,
    VOTES,
    SideBySide,
)
from verify.explanations.slips import gap_costs
from verify.model.figures import MISSING, Bools, Ints

UNEXPLAINED, UNEXPLAINED_REGISTERED = 120, 80
"""Of two figures that should be one, or of a sum: more than of any slip; rolls do move."""
_COMPARED = {
    URN: (EXPORT,),
    EXPORT: (RECORD, PUBLISHED),
    LIST: (LIST, RECORD, PUBLISHED),
    RECORD: (RECORD, RECAP, PUBLISHED),
}
"""By piece those that are compared with it; all but the PV with a published result only where there is no PV."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Edits that some figures break, of ``s`` states of bureaux.

    Attributes:
        sums: sums of each piece that do not work out, shape ``(s, pieces summed, 2)``: votes found, then valid votes.
        gap: votes found less signatures, 0 where not both are known, shape ``(s,)``.
        cost: of leaving all of it unexplained, shape ``(s,)``.
    """

    sums: Bools
    gap: Ints
    cost: Ints


@dataclass(frozen=True, slots=True)
class Edits:
    """Edits of the figures of ``n`` bureaux.

    Attributes:
        kinds: of the pieces, in the order of the grid.
        equal: of figures that should be one, both pieces and the column, shape ``(3, i)``.
        due: where each of these has to hold, shape ``(n, i)``.
        summed: the pieces whose sums have to work out, in their order.
        sizes: number of choices, 0 where they are not known, shape ``(n,)``.
        strange: votes of the PV for something that is no choice, shape ``(n,)``.
        signed, cast: the pieces from which signatures and votes found are taken, -1 for none, shape ``(n,)``.
    """

    kinds: tuple[str, ...]
    equal: Ints
    due: Bools
    summed: tuple[int, ...]
    sizes: Ints
    strange: Ints
    signed: Ints
    cast: Ints

    @classmethod
    def of(cls, grid: SideBySide) -> Edits:
        """Those of the bureaux laid out, by their pieces and the figures that they have."""
        kinds = tuple(piece.kind for piece in grid.pieces)
        equal, due = _equal(kinds, grid.figures, grid.sizes)
        summed = tuple(at for at, kind in enumerate(kinds) if kind not in (UNIVERSE, LIST))
        signed, cast = _used_counts(kinds, grid.figures, grid.apart)
        return cls(kinds, equal, due, summed, grid.sizes, grid.strange, signed, cast)

    def broken(self, figures: Ints, of: Ints) -> Broken:
        """Find the broken edits.

        Args:
            figures: of each state, shape ``(s, pieces, columns)``.
            of: the bureau of each state, shape ``(s,)``.
        """
        (one, other, column), (pieces, width) = self.equal, figures.shape[1:]
        flat = figures.reshape(-1, pieces * width)
        unlike = flat.take(one * width + column, axis=1) != flat.take(other * width + column, axis=1)
        costs = np.where(column == REGISTERED, UNEXPLAINED_REGISTERED, UNEXPLAINED)
        sums, gap = self._wrong_sums(figures, of), self._gaps(figures, of)
        cost = (unlike & self.due[of]) @ costs + UNEXPLAINED * sums.sum(axis=(1, 2)) + gap_costs(gap)
        return Broken(sums, gap, cost)

    def _wrong_sums(self, figures: Ints, of: Ints) -> Bools:
        rows = figures[:, list(self.summed)]
        found, blank, null, valid = (rows[:, :, column] for column in (FOUND, BLANK, NULL, VALID))
        total, whole = totals(rows, self.sizes[of][:, None])
        kinds = np.array([self.kinds[at] for at in self.summed], np.str_)
        strange = np.where(kinds == RECORD, self.strange[of][:, None], 0)
        known = (found >= 0) & (blank >= 0)
        machine = np.isin(kinds, (EXPORT, URN))
        off = np.where(
            machine,
            known & (null == 0) & whole & (found != blank + total),
            known & (null >= 0) & (valid >= 0) & (found != blank + null + valid),
        )
        apart = ~machine & (valid >= 0) & whole & (valid != total) & (valid != total + strange)
        return np.stack((off, apart), axis=2)

    def _gaps(self, figures: Ints, of: Ints) -> Ints:
        at, signed, cast = np.arange(len(figures)), self.signed[of], self.cast[of]
        found, listed = figures[at, cast, FOUND], figures[at, signed, SIGNATURES]
        return np.where((signed >= 0) & (cast >= 0) & (found >= 0) & (listed >= 0), found - listed, 0)


def _equal(kinds: tuple[str, ...], figures: Ints, sizes: Ints) -> tuple[Ints, Bools]:
    """The figures that should be one, as far as some bureau has both, and where they should."""
    compared = list(_compared(kinds, figures.shape[2]))
    later = range(len(kinds))
    roll = [(at, other, REGISTERED, 0) for at in later for other in later[at + 1 :]]
    one, other, column, without = np.array([*compared, *roll], np.int64).reshape(-1, 4).T
    known = figures >= 0
    due = known[:, one, column] & known[:, other, column] & (column < VOTES + sizes[:, None])
    recorded = known[:, [at for at, each in enumerate(kinds) if each == RECORD]].any(axis=1)
    due &= (without == 0) | ~recorded[:, column]
    first = known[:, :, REGISTERED].argmax(axis=1)  # rolls are compared with the first one that there is
    due[:, len(compared) :] &= one[len(compared) :] == first[:, None]
    kept = np.flatnonzero(due.any(axis=0))
    return np.stack((one, other, column))[:, kept], due[:, kept]


def _compared(kinds: Sequence[str], width: int) -> Iterator[tuple[int, int, int, bool]]:
    """Two pieces, a column in which they are compared, and whether only where there is no PV."""
    for left, one in enumerate(kinds):
        kind = EXPORT if one == URN and EXPORT not in kinds else one
        for right, other in enumerate(kinds):
            if other in _COMPARED.get(kind, ()) and (other != one or left < right):
                without = kind != RECORD and other == PUBLISHED
                yield from ((left, right, column, without) for column in range(SIGNATURES, width))


def _used_counts(kinds: Sequence[str], figures: Ints, apart: Bools) -> tuple[Ints, Ints]:
    """The pieces from which signatures and votes found are taken, as the rules take them (`verify.columns.counts`)."""
    known = figures >= 0
    listed, found = known[:, :, SIGNATURES], known[:, :, FOUND]
    signed = _first(kinds, (LIST, RECORD), listed)
    cast = np.where(apart, _first(kinds, (RECORD,), found), _first(kinds, (EXPORT, URN, RECORD), found))
    return (
        np.where(signed < 0, _first(kinds, (PUBLISHED,), listed & found), signed),
        np.where(cast < 0, _first(kinds, (PUBLISHED,), found), cast),
    )


def _first(kinds: Sequence[str], wanted: Sequence[str], known: Bools) -> Ints:
    """The first piece of the first of some kinds that has something, -1 for none; shape ``(n,)``."""
    order = [at for kind in wanted for at, each in enumerate(kinds) if each == kind]
    if not order:
        return np.full(len(known), -1, np.int64)
    has = known[:, order]
    return np.where(has.any(axis=1), np.array(order)[has.argmax(axis=1)], -1)


def totals(rows: Ints, sizes: Ints) -> tuple[Ints, Bools]:
    """The sums of the votes by choice in some rows, and where they are whole.

    Args:
        rows: shape ``(…, columns)``.
        sizes: number of choices of each row.
    """
    votes = rows[..., VOTES:] * (np.arange(rows.shape[-1] - VOTES) < sizes[..., None])
    whole = (sizes > 0) & ~np.einsum("...i->...", votes < 0)  # much quicker than `any`
    return np.einsum("...i->...", votes), whole


def by_sums(values: Ints, sizes: Ints) -> Ints:
    """Derive each figure of a piece from the others of its row; MISSING where they do not say it.

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
