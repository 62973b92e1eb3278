"""What only a look at the other bureaux of a commune can tell: rows exchanged or copied, a column that slipped by one.

Each gives moves for single bureaux, which the search weighs like any other; those of one group are one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from verify.cases.due import SOURCES, taken_from
from verify.cases.rows_in_runs import bridge, name_runs, rows_in_circles, rows_in_runs
from verify.cases.slipped import SHORTEST_RUN, cost_in_a_run, rings, slipped, slipped_columns
from verify.explanations.identities import Broken, Ties, broken
from verify.explanations.moves import Cell, Move, with_copies
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    RECORD,
    REGISTERED,
    SIGNATURES,
    VALID,
    VOTES,
    SideBySide,
    lay_out_around,
)
from verify.model.figures import MISSING, Bools, Ints
from verify.rulebook.causes import causes

_LEAST_ALIKE, _LEAST_COUNTS = 2, 3
"""Figures that have to be another bureau's, for a row to be that bureau's; without the votes by choice one more."""
_NO_RUN: Sequence[int] = ()
_TELLING = 20
"""A count from which on it is not another bureau's by chance, as many are."""


def hints_of(grid: SideBySide, ties: Ties) -> dict[int, list[Move]]:
    """Moves by index of the bureau among those laid out."""
    hints: list[tuple[int, Move]] = []
    hints += _copied(grid, _part_left_out(grid, ties))
    left = broken(ties, grid.figures, np.arange(len(grid.unit)))
    suspects, summed = _differs_much(ties, left), left.sums.any(axis=(1, 2))
    if suspects.any() or np.count_nonzero(summed) >= SHORTEST_RUN:
        around = lay_out_around(grid, np.flatnonzero(suspects | summed))
        hints += _copied(grid, _rows_of_others(grid, around, np.flatnonzero(suspects).tolist()))
        hints += slipped(grid, around)
        hints += _copied(grid, slipped_columns(grid, around))
        hints += _copied(grid, rings(grid, ties))
    found: dict[int, list[Move]] = {}
    for at, move in hints:
        found.setdefault(at, []).append(move)
    return {at: _without_parts_of_rows(moves) for at, moves in found.items()}


def _without_parts_of_rows(moves: list[Move]) -> list[Move]:
    """Moves without slips of one column of which a whole row that slipped is the simpler explanation."""
    rows = [move for move in moves if move.cause == "row-of-another" and move.group]
    if not rows:
        return moves
    return [
        move
        for move in moves
        if move.cause != "column-slipped"
        or not any(row.piece == move.piece and set(move.changes) <= set(row.changes) for row in rows)
    ]


def _copied(grid: SideBySide, moves: Iterable[tuple[int, Move]]) -> list[tuple[int, Move]]:
    """Moves with the copies of their figures."""
    return with_copies([piece.kind for piece in grid.pieces], grid.figures, list(moves))


def _hint(cause: str, piece: int, changes: Mapping[int, int], copies: Iterable[Cell] = (), group: str = "") -> Move:
    """A move of one of the causes that are seen beside other bureaux; its changes may be in any order."""
    return Move(cause, piece, tuple(changes.items()), tuple(copies), causes()[cause].cost, group)


def _part_left_out(grid: SideBySide, ties: Ties) -> Iterator[tuple[int, Move]]:
    """The PV of a bureau with several machines has the counts of some of them only."""
    exports, piece, machine = grid.evidence.exports, ties.index(RECORD), ties.index(EXPORT)
    if exports is None or piece < 0 or machine < 0:
        return
    columns = exports.columns
    for at in np.flatnonzero(grid.apart).tolist():
        rows = grid.rows(at)
        row, whole = rows[piece], rows[machine]
        here = exports.used & (exports.unit == grid.unit[at]) & (exports.poll == grid.poll[at])
        for record in np.flatnonzero(here).tolist():
            part = {FOUND: int(columns["cast"][record]), BLANK: int(columns["blank"][record])}
            part |= {VOTES + of: int(columns["tallies"][record, of]) for of in range(int(grid.sizes[at]))}
            known = {column: value for column, value in part.items() if row[column] >= 0}
            left_out = {column: whole[column] - value for column, value in known.items() if whole[column] >= 0}
            if len(known) >= _LEAST_ALIKE and all(row[c] in (value, left_out.get(c)) for c, value in known.items()):
                changes = {column: whole[column] for column in known if whole[column] not in (row[column], MISSING)}
                changes |= {VALID: whole[FOUND] - whole[BLANK]} if row[VALID] >= 0 and whole[BLANK] >= 0 else {}
                yield at, _hint("part-left-out", piece, changes)


def _differs_much(ties: Ties, left: Broken) -> Bools:
    """Where a piece has several other figures than what it is taken from, or other signatures; shape ``(n,)``."""
    pairs, pieces = ties.pairs, len(ties.kinds)
    voters = left.same[:, (pairs.column == SIGNATURES) | (pairs.column == REGISTERED)].any(axis=1)
    one = pairs.one * pieces + pairs.other
    several = [np.count_nonzero(left.same[:, one == pair], axis=1) >= _LEAST_ALIKE for pair in np.unique(one).tolist()]
    return np.any([voters, np.abs(left.gap) >= _TELLING, *several], axis=0)


def _rows_of_others(grid: SideBySide, around: SideBySide, suspects: Sequence[int]) -> Iterator[tuple[int, Move]]:
    """Rows of a piece that have the figures of another bureau of the commune, or two that have each other's.

    The signatures are looked at by themselves as well, as they stand on a list of their own.
    """
    where = {place: at for at, place in enumerate(zip(around.unit.tolist(), around.poll.tolist(), strict=True))}
    here_of = {at: where[int(grid.unit[at]), int(grid.poll[at])] for at in suspects}
    starts: dict[int, int] = {}
    commune = around.evidence.universe.commune_number[around.unit] * len(around.evidence.polls) + around.poll
    votes = _votes_found(around)
    for piece, each in enumerate(around.pieces):
        if each.kind not in SOURCES:
            continue
        due = taken_from(around, piece)
        signed = np.full_like(due, MISSING)
        signed[:, SIGNATURES] = np.where(due[:, SIGNATURES] >= 0, due[:, SIGNATURES], votes)
        counts = due.copy()
        counts[:, VOTES:] = MISSING  # votes by choice are often in a table of their own
        with_votes = bool(((due >= 0) & (each.values >= 0))[:, VOTES:].any())
        by_choice = _votes_by_choice(around, piece, due)
        whole: dict[int, int] = {}
        for wanted, least in (
            (due, _LEAST_ALIKE),
            *([(counts, _LEAST_COUNTS)] if with_votes else []),
            (signed, due.shape[1]),  # signatures alone only of two bureaux
            *([] if by_choice is None else [(by_choice, due.shape[1])]),  # votes by choice alone likewise
        ):
            found = _whose(around, wanted, each.values, list(here_of.values()))
            if wanted is due:
                whole = found
            elif wanted is counts:
                found = {here: -1 if whole[here] >= 0 else other for here, other in found.items()}
            bridge(found, wanted, each.values)
            runs: dict[int, Sequence[int]] = {**rows_in_runs(found)}
            runs |= rows_in_circles({here: other for here, other in found.items() if here not in runs}, commune)
            holder = {other: here for here, other in found.items()}
            name_runs(starts, runs)
            for at, here in here_of.items():
                other = found[here]
                mutual = other >= 0 and found.get(other) == here
                if mutual or (other >= 0 and ((wanted[here] >= 0) & (each.values[here] >= 0)).sum() >= least):
                    row = (
                        np.where(wanted[here] >= 0, wanted[here], MISSING - 1)
                        if wanted is signed or wanted is by_choice
                        else _whole_row(each.values, due, here, holder.get(here, -1) if here in runs or mutual else -1)
                    )
                    run = _NO_RUN if wanted is signed or wanted is by_choice else runs.get(here, _NO_RUN)
                    yield from _of_another(grid, at, piece, row, _Other(around, here, other, mutual, run, starts))


def _votes_by_choice(around: SideBySide, piece: int, due: Ints) -> Ints | None:
    """What a piece should have of the votes by choice alone, by any other piece; None where nothing says it."""
    values = around.pieces[piece].values
    if not (values[:, VOTES:] >= 0).any():
        return None
    votes = due.copy()
    for other in around.pieces:
        if other is not around.pieces[piece]:
            votes = np.where(votes >= 0, votes, other.values)
    votes[:, :VOTES] = MISSING
    return votes if (votes >= 0).any() else None


@dataclass(frozen=True, slots=True)
class _Other:
    """The bureau whose figures another one has: indices among those around, and whether it has the other's in turn.

    ``run`` are the rows, of which it is one, that have one another's figures; none where it is alone. ``starts``
    are the rows by which runs are named, by each of their rows.
    """

    around: SideBySide
    here: int
    other: int
    mutual: bool
    run: Sequence[int]
    starts: Mapping[int, int]

    def group(self) -> str:
        """A name that the two bureaux of an exchange share, or all of a run."""
        if not (self.mutual or self.run):
            return ""
        first = min(self.here, self.other) if self.mutual else self.starts[self.here]
        return f"{'' if self.mutual else 'rows '}{self.around.poll[first]} {self.around.unit[first]}"


def _whole_row(values: Ints, due: Ints, here: int, holder: int) -> Ints:
    """What a whole row should be; what nothing else says, as the row has it that holds this one, -1 for none."""
    rest = values[holder] if holder >= 0 else np.full_like(values[here], MISSING)
    row = np.where(due[here] >= 0, due[here], rest)
    return np.asarray(np.where(values[here] >= 0, row, MISSING - 1), np.int64)


def _of_another(grid: SideBySide, at: int, piece: int, wanted: Ints, other: _Other) -> Iterator[tuple[int, Move]]:
    row = grid.figures[at, piece]
    changed = np.flatnonzero((row >= 0) & (wanted >= MISSING) & (wanted != row))
    if len(changed):
        changes = dict(zip(changed.tolist(), wanted[changed].tolist(), strict=True))
        move = _hint("bureaux-exchanged" if other.mutual else "row-of-another", piece, changes, group=other.group())
        yield at, replace(move, cost=cost_in_a_run(move.cause, len(other.run))) if other.run else move


def _votes_found(around: SideBySide) -> Ints:
    """The votes found of each bureau, from the first piece that has them."""
    found = np.full(len(around.unit), MISSING, np.int64)
    for piece in around.pieces:
        found = np.where(found >= 0, found, piece.values[:, FOUND])
    return np.asarray(found, np.int64)


def _tell_of_another(due: Ints, values: Ints) -> Bools:
    """Which rows have another figure than is due, and one that is not another bureau's by chance; shape ``(n,)``."""
    known = (due >= 0) & (values >= 0)
    return np.asarray((known & (values != due)).any(axis=1) & (known & (values >= _TELLING)).any(axis=1), np.bool_)


def _whose(around: SideBySide, due: Ints, values: Ints, rows: Sequence[int]) -> dict[int, int]:
    """By row, of some of them, the bureau of the commune whose figures it has; -1 for its own, none, or several.

    Of several it is the one that has the figures of this row in turn.
    """
    found = dict.fromkeys(rows, -1)
    several: dict[int, list[int]] = {}
    some = np.array(rows, np.int64)
    some = some[_tell_of_another(due[some], values[some])]
    commune = around.evidence.universe.commune_number[around.unit]
    known = (due[some] >= 0) & (values[some] >= 0)
    for mask in np.unique(known, axis=0):
        here = some[(known == mask).all(axis=1)]
        there = np.flatnonzero((due[:, mask] >= 0).all(axis=1))
        holders: dict[bytes, int] = {}
        further: dict[bytes, list[int]] = {}
        for other, key in zip(there.tolist(), _as_bytes(commune, around.poll, due[:, mask], there), strict=True):
            if holders.setdefault(key, other) != other:
                further.setdefault(key, []).append(other)
        for at, key in zip(here.tolist(), _as_bytes(commune, around.poll, values[:, mask], here), strict=True):
            other = holders.get(key, -1)
            if key not in further:
                found[at] = -1 if other == at else other
            elif at not in (other, *further[key]):
                several[at] = [other, *further[key]]
    for at, others in several.items():
        mutual = [other for other in others if found.get(other, -1) == at]
        if len(mutual) == 1:
            found[at] = mutual[0]
    return found


def _as_bytes(commune: Ints, poll: Ints, figures: Ints, rows: Ints) -> list[bytes]:
    """Commune, poll and figures of some rows as one key each."""
    columns = np.column_stack((commune[rows], poll[rows], figures[rows]))
    keys: list[bytes] = columns.view(f"V{columns.itemsize * columns.shape[1]}")[:, 0].tolist()
    return keys
