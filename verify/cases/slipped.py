"""A column of signatures that slipped by a row: in a run of bureaux, or all round in some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from verify.cases.due import SOURCES, by_sums, taken_from
from verify.columns.counts import gap, signatures, votes_found
from verify.columns.exchanged import signatures_of_another
from verify.explanations.identities import Ties, gap_cost, gap_costs
from verify.explanations.moves import Move
from verify.explanations.side_by_side import FOUND, LIST, PUBLISHED, RECORD, SIGNATURES, SideBySide
from verify.explanations.slips import no_real_gap
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Ints
from verify.model.joins import among
from verify.rulebook.causes import causes

_SHORTEST_RING = 3
"""Bureaux that have one another's signatures; two have simply exchanged them."""
_IN_A_RING = 1
"""What a bureau's part of a slip costs that the PVs show all round: no chance makes a ring."""
SMALL = 9
"""A gap below it is told as a gap, without a look at what slips of the pen could make it."""
SHORTEST_RUN = 3
"""Bureaux in a row that a column has to have slipped in."""


_MOST_BUREAUX = 2000
"""Of one commune: Paris has some nine hundred."""


def may_be_slips(evidence: LinedEvidence) -> Bools:
    """Where a gap may be more than a gap by itself; shape ``(units, polls)``.

    It is no real one by its size or its digits, the signatures of the bureau beside fit much better, or another bureau
    of the commune has just as many votes as there are signatures. A small one may be where such bureaux are beside it.
    """
    slips: Bools = np.zeros(evidence.shape, np.bool_)
    signed, found, gaps = evidence.once(signatures), evidence.once(votes_found), evidence.once(gap)
    if signed is None or found is None or gaps is None:
        return slips
    universe = evidence.universe
    some = universe.in_communes_of((np.abs(gaps.values) >= SMALL).any(axis=1))  # nothing but small gaps elsewhere
    rows = universe.by_number[some[universe.by_number]]
    ours, votes, by = signed.values[rows], found.values[rows], np.abs(gaps.values[rows])
    commune = universe.commune_number[rows][:, None]
    known, large, same = (ours >= 0) & (votes >= 0), by >= SMALL, commune[1:] == commune[:-1]
    beside = _fit_beside(ours, votes, by, known, same)
    may = known & no_real_gap(ours.ravel(), votes.ravel()).reshape(known.shape)
    may |= _next_to(beside, same)  # with the row at which a run ends
    for poll in range(len(evidence.polls)):
        here, there = large[:, poll], known[:, poll]
        theirs = (commune[there, 0] << 32) + votes[there, poll]
        may[here, poll] |= among((commune[here, 0] << 32) + ours[here, poll], theirs)
    slips[rows] = (may & large) | (beside & _next_to(beside & large, same))
    return slips


def _fit_beside(ours: Ints, votes: Ints, by: Ints, known: Bools, same: Bools) -> Bools:
    """Where the signatures of the bureau before or after fit the votes found much better; shape ``(n, polls)``.

    Args:
        ours: signatures, in the order of the bureaux.
        votes: votes found, likewise.
        by: how far they are apart.
        known: where both are known.
        same: which bureaux are of the commune of the one before, shape ``(n - 1, 1)``.
    """
    fit: Bools = np.zeros(known.shape, np.bool_)
    both = same & known[1:] & known[:-1]
    fit[:-1] = both & (2 * np.abs(ours[1:] - votes[:-1]) < by[:-1])
    fit[1:] |= both & (2 * np.abs(ours[:-1] - votes[1:]) < by[1:])
    return fit


def _next_to(some: Bools, same: Bools) -> Bools:
    """Some bureaux, and those of their commune before and after each of them; shape ``(n, polls)``."""
    near = some.copy()
    near[:-1] |= some[1:] & same
    near[1:] |= some[:-1] & same
    return near


def slipped(grid: SideBySide, around: SideBySide) -> Iterator[tuple[int, Move]]:
    """Signatures that stand a row too high or too low in a run of bureaux, in the order of their codes."""
    index, communes = _index(grid), np.array(list(_communes(around)), np.int64).reshape(-1, 2)
    found = _votes_found(around)
    for piece, each in enumerate(around.pieces):
        if each.kind not in (LIST, RECORD, PUBLISHED):
            continue
        signed = each.values[:, SIGNATURES]
        due = np.where(found >= 0, found, each.values[:, FOUND])
        off = gap_costs(np.where((signed >= 0) & (due >= 0), signed - due, 0))
        start, end = np.append(0, np.cumsum(off))[communes].T
        for at in np.flatnonzero(end - start > causes()["column-slipped"].cost).tolist():  # else no run is worth it
            some = slice(*communes[at].tolist())
            column = _ColumnOfCommune(piece, SIGNATURES, signed[some].tolist(), due[some].tolist())
            yield from _moves_of_runs(index, around, some.start, column)


def _votes_found(around: SideBySide) -> Ints:
    """The votes found of each bureau by the first piece that has any of its commune."""
    codes = around.evidence.universe.commune_number[around.unit] * len(around.evidence.polls) + around.poll
    found, size = np.full(len(codes), MISSING), int(codes.max(initial=-1)) + 1
    for piece in reversed(around.pieces):
        votes = piece.values[:, FOUND]
        there = np.bincount(codes[votes >= 0], minlength=size) > 0
        found = np.where(there[codes], votes, found)
    return found


def slipped_columns(grid: SideBySide, around: SideBySide) -> Iterator[tuple[int, Move]]:
    """The same of any other count, or choice, where the figure of the row beside is the one that is due."""
    index, communes = _index(grid), list(_communes(around))
    for piece, each in enumerate(around.pieces):
        if each.kind not in SOURCES or each.kind == LIST:
            continue
        source = taken_from(around, piece)
        due = np.where(source >= 0, source, by_sums(each.values, around.sizes))
        wrong = (each.values >= 0) & (due >= 0) & (each.values != due)
        fits: Bools = np.zeros(due.shape, np.bool_)
        fits[:-1] |= wrong[:-1] & (each.values[1:] == due[:-1])
        fits[1:] |= wrong[1:] & (each.values[:-1] == due[1:])
        fits[:, SIGNATURES] = False
        for start, end in communes:
            for column in np.flatnonzero(fits[start:end].sum(axis=0) >= SHORTEST_RUN - 1).tolist():
                values, wanted = each.values[start:end, column].tolist(), due[start:end, column].tolist()
                yield from _moves_of_runs(index, around, start, _ColumnOfCommune(piece, column, values, wanted))


def _index(grid: SideBySide) -> dict[tuple[int, int], int]:
    """The index of each bureau among those that are looked into, by its unit and poll."""
    return {place: at for at, place in enumerate(zip(grid.unit.tolist(), grid.poll.tolist(), strict=True))}


def _communes(around: SideBySide) -> Iterator[tuple[int, int]]:
    """Where the bureaux of each commune and poll begin and end, if they are enough for a run and not too many."""
    codes = around.evidence.universe.insee[around.unit]
    ends = np.flatnonzero((codes[1:] != codes[:-1]) | (around.poll[1:] != around.poll[:-1])) + 1
    for start, end in pairwise([0, *ends.tolist(), len(codes)]):
        if SHORTEST_RUN <= end - start <= _MOST_BUREAUX:
            yield start, end


@dataclass(frozen=True, slots=True)
class _ColumnOfCommune:
    """A column of a piece in one commune: its figures, and what they should be, or be near."""

    piece: int
    column: int
    values: list[int]
    due: list[int]


def _moves_of_runs(
    index: Mapping[tuple[int, int], int], around: SideBySide, start: int, column: _ColumnOfCommune
) -> Iterator[tuple[int, Move]]:
    """What puts the runs of a column back, for each bureau that is looked into, by its index."""
    exact = column.column != SIGNATURES
    for number, (first, run) in enumerate(_runs(column.values, column.due, 1 if exact else SMALL)):
        # of a column in which nothing differs by chance, three figures at least, and most of the run, have to fit
        fitting = sum(becomes == due for becomes, due in zip(run, column.due[first:], strict=False))
        if exact and (fitting < SHORTEST_RUN or fitting * 4 < 3 * len(run)):
            continue
        cost = cost_in_a_run("column-slipped", len(run))
        for offset, becomes in enumerate(run):
            place = start + first + offset
            at = index.get((int(around.unit[place]), int(around.poll[place])), -1)
            if at >= 0 and becomes != column.values[first + offset] >= 0:
                group = f"run {start} {number}" + (f" {column.column}" if exact else "")
                yield at, Move("column-slipped", column.piece, ((column.column, becomes),), (), cost, group)


def cost_in_a_run(cause: str, bureaux: int) -> int:
    """What a bureau's part of a slip costs that runs over so many bureaux."""
    return max(-(-causes()[cause].cost // bureaux), _IN_A_RING + 1)


def rings(grid: SideBySide, ties: Ties) -> Iterator[tuple[int, Move]]:
    """Bureaux whose signatures in the PV are those of one another's lists, all round: a run that slipped, and closed.

    The list may have slipped or the PVs; which of them, the other figures tell. Copies are not named.
    """
    other = grid.evidence.once(signatures_of_another)
    listed, stated = ties.index(LIST), ties.index(RECORD)
    for at in np.flatnonzero(other[grid.unit, grid.poll] >= 0).tolist():
        unit, poll = int(grid.unit[at]), int(grid.poll[at])
        ring, after = [unit], int(other[unit, poll])
        while after >= 0 and after not in ring:
            ring.append(after)
            after = int(other[after, poll])
        if after != unit or len(ring) < _SHORTEST_RING:
            continue
        for piece, right in ((listed, stated), (stated, listed)):
            changes = ((SIGNATURES, int(grid.figures[at, right, SIGNATURES])),)
            yield at, Move("column-slipped", piece, changes, (), _IN_A_RING, f"ring {poll} {min(ring)}")


def _runs(signed: list[int], due: list[int], real: int) -> Iterator[tuple[int, list[int]]]:
    """Runs in which the figure of the next or the last row fits better: the first row, and what should stand in each.

    The run with the largest gain, then those beside it. The figure of the row at which it ends was pushed out: it is
    looked for at the other end, and else is not known. Differences below ``real`` may be real ones.
    """
    best: tuple[int, int, int, int] | None = None
    for step in (1, -1):
        gains = []
        for at, (own, wanted) in enumerate(zip(signed, due, strict=True)):
            beside = signed[at + step] if 0 <= at + step < len(signed) else -1
            gains.append(_cost(own, wanted) - _cost(beside, wanted) if min(own, wanted, beside) >= 0 else 0)
        total, start = 0, 0
        for at, gain in enumerate(gains):
            if total <= 0:
                total, start = 0, at
            total += gain
            inside = 0 <= at + step < len(signed)
            if inside and at - start + 1 >= SHORTEST_RUN and (best is None or total > best[0]):
                best = total, start, at + 1, step
    if best is None or best[0] <= causes()["column-slipped"].cost:
        return
    start, end, step = _ring(signed, due, real, *best[1:])
    run = [signed[at + step] for at in range(start, end)]
    first = start
    beyond, pushed_out = (end, start) if step > 0 else (start - 1, end - 1)
    if 0 <= beyond < len(signed) and _cost(signed[beyond], due[beyond]) >= gap_cost(real):
        fits = _cost(signed[pushed_out], due[beyond]) < _cost(signed[beyond], due[beyond])
        lost = signed[pushed_out] if fits else MISSING
        run = [*run, lost] if step > 0 else [lost, *run]
        first = min(start, beyond)
    yield from _runs(signed[:first], due[:first], real)
    yield first, run
    for later, other in _runs(signed[first + len(run) :], due[first + len(run) :], real):
        yield first + len(run) + later, other


def _ring(signed: list[int], due: list[int], real: int, start: int, end: int, step: int) -> tuple[int, int, int]:
    """A run from one row up to another, or that part of it that is one by itself: where it pushed its first figure out.

    Two runs side by side gain most as one, but the row between them does not fit then.
    """
    pushed_out = signed[end - 1] if step < 0 else signed[start]
    for at in range(end - 1, start - 1, -1) if step < 0 else range(start, end):
        part = (at + 1, end) if step < 0 else (start, at)
        fits = _cost(pushed_out, due[at]) < gap_cost(real) <= _cost(signed[at + step], due[at])
        if fits and part[1] - part[0] >= SHORTEST_RUN:
            return *part, step
    return start, end, step


def _cost(one: int, other: int) -> int:
    return 0 if one == other else gap_cost(one - other)
