"""What has to hold between the figures of a bureau, and what it costs to leave it unexplained; of all bureaux at once.

Costs are whole numbers, on the scale of the causes' own (`causes.toml`): a figure that is read again costs 5 to 9, a
contradiction that nothing is said of more than that, and a gap between votes and signatures the more the larger it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
from verify.model.figures import Bools, Ints

UNEXPLAINED = 12
"""Of two figures that should be one, or a sum that does not work out."""
UNEXPLAINED_REGISTERED = 8
"""Of registered voters that differ: rolls do move."""
LEAST_GAP, TWICE_THE_GAP = 2, 2
"""Of a gap of one vote, and by how much more one of twice as many costs: most real gaps are of one or two votes."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of figures that should be one, ``i`` of them: in the order in which pieces are held against each other.

    Attributes:
        one, other: the pieces, shape ``(i,)``.
        column: in which they are compared, shape ``(i,)``.
        pieces: those two that are held against each other, shape ``(pairs of pieces, 2)``.
        group: index into ``pieces`` of each, shape ``(i,)``.
        cost: of leaving it unexplained, shape ``(i,)``.
        due: in which of ``n`` bureaux it has to hold, shape ``(n, i)``.
    """

    one: Ints
    other: Ints
    column: Ints
    pieces: Ints
    group: Ints
    cost: Ints
    due: Bools


@dataclass(frozen=True, slots=True)
class Ties:
    """The identities of ``n`` bureaux, and what they need beside the figures.

    Attributes:
        kinds: of the pieces, in the order of the grid.
        pairs: figures that should be one.
        summed: the pieces whose sums have to work out, in their order.
        sizes: number of choices, 0 where they are not known, shape ``(n,)``.
        strange: votes of the PV for something that is no choice, shape ``(n,)``.
        signed, cast: the pieces from which signatures and votes found are taken, -1 for none, shape ``(n,)``.
        mentioned: whether the PV speaks of a gap, shape ``(n,)``.
        by_machine: whether all votes were on a machine, shape ``(n,)``.
    """

    kinds: tuple[str, ...]
    pairs: Pairs
    summed: tuple[int, ...]
    sizes: Ints
    strange: Ints
    signed: Ints
    cast: Ints
    mentioned: Bools
    by_machine: Bools

    def of(self, rows: Ints) -> Ties:
        """The same of some of the bureaux."""
        return Ties(
            self.kinds,
            replace(self.pairs, due=self.pairs.due[rows]),
            self.summed,
            *(getattr(self, name)[rows] for name in ("sizes", "strange", "signed", "cast", "mentioned", "by_machine")),
        )

    def are(self, *kinds: str) -> Bools:
        """Which pieces are of some kinds."""
        return np.array([kind in kinds for kind in self.kinds], np.bool_)

    def index(self, kind: str) -> int:
        """The first piece of a kind, -1 for none."""
        return self.kinds.index(kind) if kind in self.kinds else -1


_COMPARED = (
    (URN, EXPORT, (FOUND, BLANK), True),
    (EXPORT, RECORD, (FOUND, BLANK, NULL), True),
    (LIST, RECORD, (SIGNATURES,), False),
    (RECORD, RECAP, (SIGNATURES, FOUND, BLANK, NULL, VALID), False),
    (RECORD, PUBLISHED, (SIGNATURES, FOUND, BLANK, NULL, VALID), True),
    (LIST, PUBLISHED, (SIGNATURES,), False),
    (EXPORT, PUBLISHED, (FOUND, BLANK), True),
)
"""Which pieces are held against each other, in which counts, and whether in the votes for each choice as well."""
_WITHOUT_RECORD = (EXPORT, LIST)
"""Pieces that a published result is held against only in columns of which the bureau has no PV."""


def ties_of(grid: SideBySide) -> Ties:
    """The ties of the bureaux laid out, by their pieces and the figures that they have."""
    kinds = tuple(piece.kind for piece in grid.pieces)
    signed, cast = _used_counts(kinds, grid.figures, grid.apart.astype(np.bool_))
    return Ties(
        kinds=kinds,
        pairs=_pairs(kinds, grid.figures, grid.sizes),
        summed=tuple(at for at, kind in enumerate(kinds) if kind not in (UNIVERSE, LIST)),
        sizes=grid.sizes,
        strange=grid.strange,
        signed=signed,
        cast=cast,
        mentioned=grid.mentioned.astype(np.bool_),
        by_machine=grid.by_machine.astype(np.bool_),
    )


def _pairs(kinds: tuple[str, ...], figures: Ints, sizes: Ints) -> Pairs:
    """The figures that should be one, wherever there are both of some bureau."""
    compared = list(_compared(kinds, figures.shape[2]))
    later = range(len(kinds))
    roll = [(at, other, REGISTERED, 0) for at in later for other in later[at + 1 :] if kinds[other] != RECAP]
    one, other, column, without = np.array([*compared, *roll], np.int64).reshape(-1, 4).T
    known = figures >= 0
    due = known[:, one, column] & known[:, other, column] & (column < VOTES + sizes[:, None])
    recorded = known[:, [at for at, each in enumerate(kinds) if each == RECORD]].any(axis=1)
    due &= (without == 0) | ~recorded[:, column]
    first = known[:, :, REGISTERED].argmax(axis=1)  # rolls are held against the first one that there is
    due[:, len(compared) :] &= one[len(compared) :] == first[:, None]
    kept = np.flatnonzero(due.any(axis=0))
    cost = np.where(column == REGISTERED, UNEXPLAINED_REGISTERED, UNEXPLAINED)
    one, other, column = one[kept], other[kept], column[kept]
    numbers, group = np.unique(one * len(kinds) + other, return_inverse=True)
    both = np.stack((numbers // len(kinds), numbers % len(kinds)), axis=1)
    return Pairs(one, other, column, both, group, cost[kept], due[:, kept])


def _compared(kinds: Sequence[str], width: int) -> Iterator[tuple[int, int, int, bool]]:
    """Two pieces, a column in which they are compared, and whether only where there is no PV."""
    for one, other, counts, by_choice in _COMPARED:
        columns = (*counts, *(range(VOTES, width) if by_choice else ()))
        without = one in _WITHOUT_RECORD and other == PUBLISHED
        for left, kind in enumerate(kinds):
            if kind == one or (kind == URN and one == EXPORT and EXPORT not in kinds):
                for right in range(left + 1, len(kinds)):
                    if kinds[right] == other:
                        yield from ((left, right, column, without) for column in columns)


def _used_counts(kinds: Sequence[str], figures: Ints, apart: Bools) -> tuple[Ints, Ints]:
    """The pieces from which signatures and votes found are taken, as the rules take them (`verify.columns.counts`)."""
    known = figures >= 0
    listed, found = known[:, :, SIGNATURES], known[:, :, FOUND]
    signed = _first(kinds, (LIST, RECORD), listed)
    cast = np.where(apart, _first(kinds, (RECORD,), found), _first(kinds, (EXPORT, URN, RECORD), found))
    published = _first(kinds, (PUBLISHED,), listed & found)
    return np.where(signed < 0, published, signed), np.where(cast < 0, published, cast)


def _first(kinds: Sequence[str], wanted: Sequence[str], known: Bools) -> Ints:
    """The first piece of the first of some kinds that has something, -1 for none; shape ``(n,)``."""
    order = [at for kind in wanted for at, each in enumerate(kinds) if each == kind]
    if not order:
        return np.full(len(known), -1, np.int64)
    has = known[:, order]
    return np.where(has.any(axis=1), np.array(order)[has.argmax(axis=1)], -1)


@dataclass(frozen=True, slots=True)
class Broken:
    """What does not hold with some figures, of ``s`` states of bureaux.

    Attributes:
        same: pairs that differ, shape ``(s, i)``.
        sums: sums of each piece that do not work out, shape ``(s, pieces summed, 2)``: votes found, then valid votes.
        gap: votes found less signatures, 0 where not both are known, shape ``(s,)``.
        cost: of leaving all of it unexplained, shape ``(s,)``.
    """

    same: Bools
    sums: Bools
    gap: Ints
    cost: Ints

    def of(self, rows: Ints) -> Broken:
        """The same of some of the states."""
        return Broken(self.same[rows], self.sums[rows], self.gap[rows], self.cost[rows])


def broken(ties: Ties, figures: Ints, of: Ints) -> Broken:
    """What does not hold.

    Args:
        ties: of the bureaux.
        figures: of each state, shape ``(s, pieces, columns)``.
        of: the bureau of each state, shape ``(s,)``.
    """
    pairs, (pieces, width) = ties.pairs, figures.shape[1:]
    flat = figures.reshape(-1, pieces * width)
    left = flat.take(pairs.one * width + pairs.column, axis=1)
    same = (left != flat.take(pairs.other * width + pairs.column, axis=1)) & pairs.due[of]
    sums = _wrong_sums(ties, figures, of)
    gap = _gaps(flat, width, ties.signed[of], ties.cast[of])
    cost = same @ pairs.cost + UNEXPLAINED * sums.sum(axis=(1, 2)) + gap_costs(gap)
    return Broken(same, sums, gap, cost)


def _wrong_sums(ties: Ties, figures: Ints, of: Ints) -> Bools:
    rows = figures[:, list(ties.summed)]
    found, blank, null, valid = (rows[:, :, column] for column in (FOUND, BLANK, NULL, VALID))
    sizes = ties.sizes[of]
    total, whole = totals(rows, sizes[:, None])
    kinds = [ties.kinds[at] for at in ties.summed]
    machine = np.array([kind in (EXPORT, URN) for kind in kinds], np.bool_)
    strange = np.where(np.array([kind == RECORD for kind in kinds], np.bool_), ties.strange[of][:, None], 0)
    known = (found >= 0) & (blank >= 0)
    off = np.where(
        machine,
        known & (null == 0) & whole & (found != blank + total),
        known & (null >= 0) & (valid >= 0) & (found != blank + null + valid),
    )
    apart = ~machine & (valid >= 0) & whole & (valid != total) & (valid != total + strange)
    return np.stack((off, apart), axis=2)


def totals(rows: Ints, sizes: Ints) -> tuple[Ints, Bools]:
    """The sums of the votes by choice in some rows, and where they are whole.

    Args:
        rows: shape ``(…, columns)``.
        sizes: number of choices of each row.
    """
    votes = rows[..., VOTES:] * (np.arange(rows.shape[-1] - VOTES) < sizes[..., None])
    whole = (sizes > 0) & ~np.einsum("...i->...", votes < 0)  # much quicker than `any`
    return np.einsum("...i->...", votes), whole


def _gaps(flat: Ints, width: int, signed: Ints, cast: Ints) -> Ints:
    at = np.arange(len(flat))
    found, listed = flat[at, np.maximum(cast, 0) * width + FOUND], flat[at, np.maximum(signed, 0) * width + SIGNATURES]
    known = (signed >= 0) & (cast >= 0) & (found >= 0) & (listed >= 0)
    return np.where(known, found - listed, 0)


_POWERS = 2 ** np.arange(62, dtype=np.int64)


def gap_costs(gaps: Ints) -> Ints:
    """What it costs to say that votes and signatures differ by so many, and no more; nothing where they do not."""
    bits = np.searchsorted(_POWERS, np.abs(gaps), side="right")
    return np.where(gaps == 0, 0, LEAST_GAP + TWICE_THE_GAP * (bits - 1))


def gap_cost(gap: int) -> int:
    """The same for one gap, which is not 0."""
    return LEAST_GAP + TWICE_THE_GAP * (abs(gap).bit_length() - 1)
