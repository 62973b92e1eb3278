"""Figures of a commune that stand in one another's rows: the cheapest permutation that puts them back.

A slip, a ring, an exchange, a sort, a rotation, a run turned upside down and blocks that moved are one operation. Each
row of bureaux takes its figures from some row of the file. Rows that follow one another mostly take them from rows that
do so too, upwards or downwards; a jump costs the more the further it goes. Costs are whole decibans: ten for each power
of ten by which something is rarer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from verify.explanations.slips import gap_costs
from verify.model.figures import Bools, Ints

MOST_ROWS = 2000
"""Rows of a commune that are matched with one another at most: the work is their square."""
NOWHERE = -1
"""In place of the row in which figures stand."""
MOST_SETTLED = 250
"""Rows of one act that are assigned at most: the work is their cube."""
ACT = 30
"""Of rearranging rows at all."""
WRONG = 45
"""Of a figure that is another than it has to be, and of the largest gap."""
LOST = 35
"""Of a row whose own figures stand nowhere."""
_STRANGE, _MOST_STRANGE = 20, 2
"""Of each figure that is no row's, and no copy, besides `LOST`; and how many rows may have such in one act."""
_FITS = 30
"""Misfit up to which figures may be a row's: a gap of seven votes; of several, in half of them."""
SUSPECT = 25
"""Misfit from which on a row is contradictory: a gap of four votes, or any figure that has to be equal."""
_JUMP, _RETURN = 6, 3
"""Of taking figures from a row that does not follow the last one, besides its distance; of coming back to one's own."""
_NEAR = 5
"""Rows up to which two that are rearranged are one run."""
_FAR = np.int64(1) << 40


@dataclass(frozen=True, slots=True)
class Permutation:
    """Rows that have figures of one another.

    Attributes:
        rows: the rows, in ascending order, shape ``(m,)``.
        source: the row of the file in which the figures of each stand, `NOWHERE` for none; shape ``(m,)``.
        lead: by how much it costs more, at least, if this row's figures stand elsewhere; shape ``(m,)``.
        cost: of the rearrangement itself, whatever it leaves.
    """

    rows: Ints
    source: Ints
    lead: Ints
    cost: int


@dataclass(frozen=True, slots=True)
class SourcedFigures:
    """Figures of ``n`` rows, each as often as there are sources of it, and what these say.

    Attributes:
        stated: the figures, shape ``(n, sources)``.
        due: what the sources say of each row, likewise; absent figures cost nothing.
        of: the number of the figure that each source is of, in ascending order, shape ``(sources,)``.
        tolerant: sources from which ordinary gaps part a figure, shape ``(sources,)``.
    """

    stated: Ints
    due: Ints
    of: Ints
    tolerant: Bools

    def some(self, rows: slice) -> SourcedFigures:
        """Those of some rows."""
        return SourcedFigures(self.stated[rows], self.due[rows], self.of, self.tolerant)

    def misfits(self, row: Ints, source: Ints) -> tuple[Ints, Ints]:
        """The cost of rows with the figures that stand in others, and how many of these something is due of.

        Several sources of one figure cost no more than the one that differs most: by chance a figure fits all or none.

        Args:
            row: that the figures should be of, by its index.
            source: that they stand in, of a shape that broadcasts to the same.
        """
        shape = np.broadcast_shapes(row.shape, source.shape)
        cost: Ints = np.zeros(shape, np.int64)
        number: Ints = np.zeros(shape, np.int64)
        for _, sources in groupby(enumerate(self.of.tolist()), itemgetter(1)):
            most, some = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
            for at, _ in sources:
                here, there = self.stated[source, at], self.due[row, at]
                known, apart = (here >= 0) & (there >= 0), here - there
                each = np.minimum(gap_costs(apart) // 2, WRONG) if self.tolerant[at] else WRONG * (apart != 0)
                most = np.maximum(most, np.where(known, each, 0))
                some |= known
            cost += most
            number += some
        return cost, number

    def suspects(self) -> Bools:
        """Select rows that contradict their sources."""
        every = np.arange(len(self.stated))
        return np.asarray(self.misfits(every, every)[0] >= SUSPECT, np.bool_)


def fits(misfit: Ints, shared: Ints) -> Bools:
    """Mark the rows whose figures these may be, by their misfits."""
    return np.asarray((shared > 0) & (2 * misfit <= np.maximum(WRONG * shared, 2 * _FITS)), np.bool_)


def find_permutations(figures: SourcedFigures, copies: Bools, suspects: Bools) -> list[Permutation] | None:
    """The rearrangements of a commune's rows; None where too many are to be matched.

    Args:
        figures: of ``n`` rows in the order of the file.
        copies: rows that are another row's once more, or blank, so that the figures of some row may be lost;
            shape ``(n,)``.
        suspects: rows that contradict their sources, shape ``(n,)``.
    """
    rows = _active(suspects)
    if not len(rows):
        return []
    misfit, shared = figures.misfits(rows[:, None], rows[None])
    own = misfit.diagonal().copy()
    misfit[~fits(misfit, shared)] = _FAR
    misfit[(figures.stated[rows] < 0).all(axis=1)] = _FAR  # a row that is not there has lost nothing
    np.fill_diagonal(misfit, own)
    jump = _jumps(rows)
    source = _cheapest(misfit, jump)
    strange = np.where(copies[rows], 0, LOST + _STRANGE * shared.diagonal())
    found = []
    for members in _acts(rows, source, copies[rows] & (misfit.diagonal() >= SUSPECT)):
        if len(members) > MOST_SETTLED:
            return None
        own, gain, cost, lead = _settle(members, source, misfit, jump, strange)
        moved = np.flatnonzero(own != members)
        there = np.where(own[moved] >= 0, rows[np.maximum(own[moved], 0)], NOWHERE)
        if gain > 0 and len(moved):
            found.append(Permutation(rows[members[moved]], there, lead[moved], cost))
    return found


def _active(suspect: Bools) -> Ints:
    """Contradictory rows, and two on either side, which may have what others lost: all of a run with near ones."""
    near = (np.flatnonzero(suspect)[:, None] + np.arange(-2, 3)).ravel()
    return np.unique(near[(near >= 0) & (near < len(suspect))]).astype(np.int64)


def _jumps(rows: Ints) -> Ints:
    """The cost of a jump by the row that takes figures and the one that they stand in; shape ``(k, k)``."""
    apart = np.abs(rows[:, None] - rows[None, :])
    far = _JUMP + (10 * np.log10(apart + 1)).astype(np.int64)
    return np.asarray(np.where(apart == 0, _RETURN, far), np.int64)


def _cheapest(misfit: Ints, jump: Ints) -> Ints:
    """The cheapest source of each row, though several may take the same; -1 where its figures are lost.

    Args:
        misfit: by row and source, shape ``(k, k)``.
        jump: likewise.
    """
    lost = misfit.diagonal() > LOST
    misfit = np.where(lost[:, None] & np.eye(len(misfit), dtype=np.bool_), LOST, misfit)
    found = (misfit + jump).argmin(axis=1)
    return np.where(lost & (found == np.arange(len(found))), NOWHERE, found)


def _acts(rows: Ints, source: Ints, lost: Bools) -> list[Ints]:
    """Rows that are rearranged together: those that have one another's figures, or none, and those near them."""
    taken = np.flatnonzero((source != np.arange(len(rows))) & (source >= 0))
    touched = np.unique(np.concatenate((taken, source[taken], np.flatnonzero(lost))))
    near = np.diff(rows[touched]) <= _NEAR
    pairs = np.concatenate(((taken, source[taken]), (touched[:-1][near], touched[1:][near])), axis=1)
    label, before = np.arange(len(rows)), np.full(len(rows), -1)
    while (label != before).any():  # each row gets the lowest number of those that it is together with
        before, label = label, label.copy()
        for one, other in (pairs, pairs[::-1]):
            np.minimum.at(label, one, label[other])
    return [np.flatnonzero(label == number) for number in np.unique(label[touched]).tolist()]


def _settle(members: Ints, source: Ints, misfit: Ints, jump: Ints, strange: Ints) -> tuple[Ints, int, int, Ints]:
    """The source of each of some rows, each taken once; what that gains and costs, and the lead of each.

    As many rows may lose their figures as there are copies, or strange figures, that no row takes: their source is -1.
    """
    size = len(members)
    free = int(np.count_nonzero(strange[members] == 0)) + _MOST_STRANGE
    some = np.ix_(members, members)
    follows = np.append(False, (np.abs(np.diff(source)) == 1) & (source[:-1] >= 0))[members]
    cost: Ints = np.zeros((size + free, size + free), np.int64)
    cost[:size, :size] = misfit[some] + np.where(
        follows[:, None] & (source[members][:, None] == members), 0, jump[some]
    )
    cost[:size, size:] = LOST
    cost[size:, :size] = strange[members]
    at = assign(cost)
    own = np.where(at[:size] < size, members[np.minimum(at[:size], size - 1)], NOWHERE)
    total = int(cost[np.arange(len(cost)), at].sum()) + ACT
    gain = int(misfit[members, members].sum()) - total
    left = misfit[members[own >= 0], own[own >= 0]].sum()
    return own, gain, total - int(left), np.minimum(gain, _leads(cost, at, size)[:size])


def _leads(cost: Ints, at: Ints, size: int) -> Ints:
    """By how much the best assignment costs more in which a row has another column; for each row, shape ``(n,)``.

    It is the cheapest ring of rows that take one another's columns; those from ``size`` on are all alike.
    """
    over = np.minimum(cost[:, at] - cost[np.arange(len(at)), at][:, None], _FAR)
    over[np.ix_(at >= size, at >= size)] = _FAR  # the columns from ``size`` on all say the same
    np.fill_diagonal(over, _FAR)
    for middle in range(len(at)):
        np.minimum(over, over[:, middle : middle + 1] + over[middle], out=over)
    return np.asarray(over.diagonal(), np.int64)


def assign(cost: Ints) -> Ints:
    """The columns that rows take at the least sum, each column once.

    By shortest augmenting paths (Jonker and Volgenant 1987).

    Args:
        cost: whole numbers, shape ``(rows, columns)``, with no fewer columns than rows.

    Returns:
        The column of each row, shape ``(rows,)``.
    """
    height, width = cost.shape
    row_price, price = cost.min(axis=1), np.zeros(width, np.int64)
    holder = np.full(width, -1)
    cheapest = cost.argmin(axis=1)
    holder[cheapest[::-1]] = np.arange(height)[::-1]  # of several rows the first one
    for row in np.flatnonzero(holder[cheapest] != np.arange(height)).tolist():
        least, before = np.full(width, _FAR * 4), np.full(width, -1)
        done: Bools = np.zeros(width, np.bool_)
        at, here, base = -1, row, 0
        while True:
            reached = base + cost[here] - row_price[here] - price
            better = ~done & (reached < least)
            least[better], before[better] = reached[better], at
            at = int(np.argmin(np.where(done, _FAR * 8, least)))
            base, here = int(least[at]), int(holder[at])
            done[at] = True
            if here < 0:
                break
        closed = done & (holder >= 0)
        row_price[holder[closed]] += base - least[closed]
        price[closed] -= base - least[closed]
        row_price[row] += base
        while at >= 0:
            holder[at] = holder[before[at]] if before[at] >= 0 else row
            at = int(before[at])
    taken = np.flatnonzero(holder >= 0)
    found = np.empty(height, np.int64)
    found[holder[taken]] = taken
    return found
