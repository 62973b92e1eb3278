"""What only a look at the other bureaux of a commune can tell: rows exchanged or copied, a column that slipped by one.

Each gives moves for single bureaux, which the search weighs like any other; those of one group are one case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from verify.align.shifted import LEFT
from verify.cases.identities import Ties
from verify.cases.moves import Move, move_of
from verify.cases.side_by_side import (
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
    Row,
    SideBySide,
    lay_out,
)
from verify.cases.slipped import rings, slipped
from verify.model.figures import MISSING, Bools, Ints
from verify.rulebook.causes import causes

_SOURCES = {
    LIST: (RECORD, EXPORT, UNIVERSE),
    RECORD: (EXPORT, URN, LIST, UNIVERSE),
    RECAP: (RECORD,),
    PUBLISHED: (RECORD, EXPORT, URN, LIST, UNIVERSE),
}
"""By piece, what its figures are taken from: where the bureau that they belong to can be told."""
_LEAST_ALIKE = 2
"""Figures that have to be another bureau's, for a row to be that bureau's."""
_TELLING = 20
"""A count from which on it is not another bureau's by chance, as many are."""


def hints_of(grid: SideBySide, ties_by_bureau: Sequence[Ties]) -> dict[int, list[Move]]:
    """Moves by index of the bureau among those laid out."""
    found: dict[int, list[Move]] = {}
    for at in np.flatnonzero(grid.shifted).tolist():
        found.setdefault(at, []).extend(_shifted(grid, ties_by_bureau[at], at))
    for at, ties in enumerate(ties_by_bureau):
        for piece, kind in enumerate(ties.kinds):
            if kind == PUBLISHED and not grid.shifted[at]:
                found.setdefault(at, []).extend(_published_shifted(ties, grid.rows(at), piece))
    for at in np.flatnonzero(grid.apart).tolist():
        found.setdefault(at, []).extend(_part_left_out(grid, ties_by_bureau[at], at))
    suspects = [at for at, ties in enumerate(ties_by_bureau) if _differs_much(grid, ties, at)]
    if suspects:
        around = _communes_of(grid, suspects)
        for hints in (
            _rows_of_others(grid, around, ties_by_bureau, suspects),
            slipped(grid, around, ties_by_bureau),
            rings(grid, ties_by_bureau),
        ):
            for at, move in hints:
                found.setdefault(at, []).append(move)
    return found


def _shifted(grid: SideBySide, ties: Ties, at: int) -> Iterator[Move]:
    """The counts of a PV, each back in its column; the copies of the PV with it."""
    piece = ties.index(RECORD)
    row = grid.rows(at)[piece]
    listed = ties.index(LIST)
    order = (SIGNATURES, FOUND, BLANK, NULL, VALID)
    if int(grid.shifted[at]) == LEFT:
        wanted = {column: row[before] for before, column in pairwise(order)}
        signed = grid.rows(at)[listed][SIGNATURES] if listed >= 0 else MISSING
        wanted[SIGNATURES] = signed if signed >= 0 else row[SIGNATURES]
    else:
        wanted = {column: row[after] for column, after in pairwise(order)}
        wanted[VALID] = sum(value for value in row[VOTES:] if value >= 0)
    changes = {column: value for column, value in wanted.items() if value != row[column] and value >= 0}
    if changes:
        move = move_of(ties, grid.rows(at), piece, changes)
        zeros = [
            (other, VALID, changes[VALID])
            for other, kind in enumerate(ties.kinds)
            if VALID in changes and kind in (RECAP, PUBLISHED) and row[VALID] < 0 and grid.rows(at)[other][VALID] == 0
        ]
        cost = causes()["columns-shifted"].cost
        yield replace(move, cause="columns-shifted", copies=(*move.copies, *zeros), cost=cost)


def _published_shifted(ties: Ties, rows: list[Row], piece: int) -> Iterator[Move]:
    """A published row whose counts stand one column too far to the left: its null votes are those of all choices."""
    row = rows[piece]
    votes = row[VOTES : VOTES + ties.size]
    if not votes or min(votes) < 0 or min(row[FOUND], row[BLANK], row[NULL]) < 0:
        return
    if row[NULL] == sum(votes) > row[FOUND] and row[VALID] != row[NULL] and row[FOUND] != row[BLANK] + row[NULL]:
        wanted = {FOUND: row[FOUND] + row[BLANK] + row[NULL], BLANK: row[FOUND], NULL: row[BLANK], VALID: row[NULL]}
        move = move_of(ties, rows, piece, {column: value for column, value in wanted.items() if value != row[column]})
        yield replace(move, cause="columns-shifted", cost=causes()["columns-shifted"].cost)


def _part_left_out(grid: SideBySide, ties: Ties, at: int) -> Iterator[Move]:
    """The PV of a bureau with several machines has the counts of some of them only."""
    exports, piece, machine = grid.evidence.exports, ties.index(RECORD), ties.index(EXPORT)
    if exports is None or piece < 0 or machine < 0:
        return
    row, whole = grid.rows(at)[piece], grid.rows(at)[machine]
    columns = exports.columns
    here = exports.used & (exports.unit == grid.unit[at]) & (exports.poll == grid.poll[at])
    for record in np.flatnonzero(here).tolist():
        part = {FOUND: int(columns["cast"][record]), BLANK: int(columns["blank"][record])}
        part |= {VOTES + at: int(columns["tallies"][record, at]) for at in range(ties.size)}
        known = {column: value for column, value in part.items() if row[column] >= 0}
        left_out = {column: whole[column] - value for column, value in known.items() if whole[column] >= 0}
        if len(known) >= _LEAST_ALIKE and all(row[c] in (value, left_out.get(c)) for c, value in known.items()):
            changes = {column: whole[column] for column in known if whole[column] not in (row[column], MISSING)}
            changes |= {VALID: whole[FOUND] - whole[BLANK]} if row[VALID] >= 0 and whole[BLANK] >= 0 else {}
            move = move_of(ties, grid.rows(at), piece, changes)
            yield replace(move, cause="part-left-out", cost=causes()["part-left-out"].cost)


def _differs_much(grid: SideBySide, ties: Ties, at: int) -> bool:
    """Whether a piece has several other figures than what it is taken from, or other signatures."""
    rows = grid.rows(at)
    for left, right, columns in ties.pairs:
        differing = [column for column in columns if rows[left][column] != rows[right][column]]
        if len(differing) >= _LEAST_ALIKE or SIGNATURES in differing or REGISTERED in differing:
            return True
    signed, cast = ties.signed, ties.cast
    return signed >= 0 and cast >= 0 and abs(rows[signed][SIGNATURES] - rows[cast][FOUND]) >= _TELLING


def _communes_of(grid: SideBySide, suspects: Sequence[int]) -> SideBySide:
    """All bureaux of the communes of some, in the same polls, in the order of their codes."""
    insee = grid.evidence.universe.insee
    pairs = {(str(insee[grid.unit[at]]), int(grid.poll[at])) for at in suspects}
    units, polls = [], []
    codes = {code for code, _ in pairs}
    inside = np.flatnonzero(np.isin(insee, list(codes)))
    for poll in sorted({poll for _, poll in pairs}):
        here = inside[np.isin(insee[inside], [code for code, of in pairs if of == poll])]
        units.append(here)
        polls.append(np.full(len(here), poll, np.int64))
    return lay_out(grid.evidence, np.concatenate(units), np.concatenate(polls))


def _rows_of_others(
    grid: SideBySide, around: SideBySide, ties_by_bureau: Sequence[Ties], suspects: Sequence[int]
) -> Iterator[tuple[int, Move]]:
    """Rows of a piece that have the figures of another bureau of the commune, or two that have each other's.

    The signatures are looked at by themselves as well, as they stand on a list of their own.
    """
    where = {(int(unit), int(poll)): at for at, (unit, poll) in enumerate(zip(around.unit, around.poll, strict=True))}
    here_of = {at: where[int(grid.unit[at]), int(grid.poll[at])] for at in suspects}
    for piece, each in enumerate(around.pieces):
        if each.kind not in _SOURCES:
            continue
        due = _due(around, piece)
        signed = np.full_like(due, MISSING)
        votes = _votes_found(around)
        signed[:, SIGNATURES] = np.where(due[:, SIGNATURES] >= 0, due[:, SIGNATURES], votes)
        for wanted, least in ((due, _LEAST_ALIKE), (signed, due.shape[1])):  # signatures alone only of two bureaux
            find, tells = _finder(around, wanted), _tell_of_another(wanted, each.values)
            found = {here: find(here, each.values[here]) if tells[here] else -1 for here in here_of.values()}
            for at, here in here_of.items():
                other = found[here]
                mutual = other >= 0 and found.get(other) == here
                alike = int(((wanted[here] >= 0) & (each.values[here] >= 0)).sum())
                if other >= 0 and (mutual or alike >= least):
                    row = (
                        np.where(wanted[here] >= 0, wanted[here], MISSING - 1)
                        if wanted is signed
                        else _whole_row(each.values, due, here, other, mutual=mutual)
                    )
                    yield from _of_another(grid, ties_by_bureau, (at, piece), row, _Other(around, here, other, mutual))


@dataclass(frozen=True, slots=True)
class _Other:
    """The bureau whose figures another one has: indices among those around, and whether it has the other's in turn."""

    around: SideBySide
    here: int
    other: int
    mutual: bool

    def group(self) -> str:
        """A name that the two bureaux of an exchange share."""
        first = min(self.here, self.other)
        return f"{self.around.poll[first]} {self.around.unit[first]}" if self.mutual else ""


def _whole_row(values: Ints, due: Ints, here: int, other: int, *, mutual: bool) -> Ints:
    """What a whole row should be: of a copy, what nothing else says is not known."""
    rest = values[other] if mutual else np.full_like(values[here], MISSING)
    row = np.where(due[here] >= 0, due[here], rest)
    return np.asarray(np.where(values[here] >= 0, row, MISSING - 1), np.int64)


def _of_another(
    grid: SideBySide, ties_by_bureau: Sequence[Ties], at_piece: tuple[int, int], wanted: Ints, other: _Other
) -> Iterator[tuple[int, Move]]:
    at, piece = at_piece
    rows = grid.rows(at)
    changes = {
        column: value
        for column, value in enumerate(wanted.tolist())
        if rows[piece][column] >= 0 and value >= MISSING and value != rows[piece][column]
    }
    if changes:
        cause = causes()["bureaux-exchanged" if other.mutual else "row-of-another"]
        move = move_of(ties_by_bureau[at], rows, piece, changes)
        yield at, replace(move, cause=cause.name, cost=cause.cost, group=other.group())


def _votes_found(around: SideBySide) -> Ints:
    """The votes found of each bureau, from the first piece that has them."""
    found = np.full(len(around.unit), MISSING, np.int64)
    for piece in around.pieces:
        found = np.where(found >= 0, found, piece.values[:, FOUND])
    return np.asarray(found, np.int64)


def _due(around: SideBySide, piece: int) -> Ints:
    """What a piece should have of each bureau by what it is taken from; MISSING where nothing says it."""
    due = np.full_like(around.pieces[piece].values, MISSING)
    for kind in _SOURCES[around.pieces[piece].kind]:
        for other in around.pieces:
            if other.kind == kind:
                due = np.where((due < 0) & (other.values >= 0), other.values, due)
    return np.asarray(due, np.int64)


def _tell_of_another(due: Ints, values: Ints) -> Bools:
    """Which rows have another figure than is due, and one that is not another bureau's by chance; shape ``(n,)``."""
    known = (due >= 0) & (values >= 0)
    return np.asarray((known & (values != due)).any(axis=1) & (known & (values >= _TELLING)).any(axis=1), np.bool_)


def _finder(around: SideBySide, due: Ints) -> Callable[[int, Ints], int]:
    """A function that gives the bureau whose figures a row has, -1 for its own, for none, and for several."""
    codes = around.evidence.universe.insee[around.unit]
    tables: dict[bytes, dict[tuple[str, int, bytes], list[int]]] = {}

    def find(at: int, row: Ints) -> int:
        known: Bools = (due[at] >= 0) & (row >= 0)
        mask = known.tobytes()
        if mask not in tables:
            table: dict[tuple[str, int, bytes], list[int]] = {}
            for other in np.flatnonzero((due[:, known] >= 0).all(axis=1)).tolist():
                key = str(codes[other]), int(around.poll[other]), due[other][known].tobytes()
                table.setdefault(key, []).append(other)
            tables[mask] = table
        same = tables[mask].get((str(codes[at]), int(around.poll[at]), row[known].tobytes()), [])
        return same[0] if len(same) == 1 and same[0] != at else -1

    return find
