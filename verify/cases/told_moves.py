"""The moves of a bureau as cases show them, and those that several bureaux have in common: one act, and one case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verify.cases.everywhere import are_nearly_all
from verify.cases.wide.operations import correction, is_said
from verify.explanations.certainty import LIKELY, Supported, corrected_rows, sure_of
from verify.explanations.moves import Move
from verify.explanations.search import Rival
from verify.explanations.side_by_side import FOUND, PUBLISHED, REGISTERED, SIGNATURES, SideBySide
from verify.model.cases import CaseDetail, CaseReading, Certificate, Correction, Sure


@dataclass(frozen=True, slots=True)
class Solved:
    """One bureau of which figures are corrected.

    Attributes:
        at: its index among those laid out.
        rows: its figures.
        told: the moves, one at least, with what speaks for each.
        signed, cast: the pieces from which signatures and votes found are taken, -1 for none.
        doubtful: whether it is in doubt whose its evidence is, or whether a figure may have come about in another way.
    """

    at: int
    rows: Sequence[Sequence[int]]
    told: Sequence[Supported]
    signed: int
    cast: int
    doubtful: bool

    @property
    def moves(self) -> tuple[Move, ...]:
        """All corrections."""
        return self.told[0].moves

    @property
    def gap(self) -> int:
        """Votes found less signatures as they stand; 0 where one of them is not known."""
        found = self.rows[self.cast][FOUND] if self.cast >= 0 else -1
        signed = self.rows[self.signed][SIGNATURES] if self.signed >= 0 else -1
        return found - signed if min(found, signed) >= 0 else 0

    @property
    def gap_left(self) -> int:
        """The same as corrected."""
        return self.told[0].explanation.gap

    def sure(self, told: Supported) -> Sure:
        """How sure one of the moves is."""
        return sure_of(told, doubtful=self.doubtful)


@dataclass(frozen=True, slots=True)
class ToldMove:
    """A move of a bureau that is a case or part of one, the findings that it explains, and how sure it is by itself."""

    solved: Solved
    told: Supported
    rows: list[int]
    sure: Sure

    def rivals(self, beyond: int) -> list[Rival]:
        """The truths that contradict the move and cost less than so much more."""
        told, columns = self.told, [column for column, _ in self.told.move.changes]
        least = told.explanation.cost + beyond
        truth = told.explanation.truth
        return [
            each
            for each in told.explanation.rivals
            if each.cost < least and any(each.truth[column] != truth[column] for column in columns)
        ]

    def is_of_one_cause(self) -> bool:
        """Whether all that cost as little have its causes as well."""
        own = {each.cause for each in self.told.moves}
        return all(each.causes == own for each in self.rivals(1))


def detail_of(grid: SideBySide, told: ToldMove) -> CaseDetail:
    """The corrections of a move as they are shown; of a question the readings instead."""
    solved, move = told.solved, told.told.move
    if told.sure is Sure.OPEN:
        readings = _readings(grid, told)
        return CaseDetail(
            agree=told.told.agree,
            adds_up=told.told.sums > 0,
            lead=told.told.lead,
            values=_twice(grid, told),
            readings=readings,
            certificate=_certificate(told.told),
        )
    after = corrected_rows(solved.rows, solved.moves)
    corrections = [
        _correction_of(grid, solved, (piece, column, after[piece][column]), copied=piece != move.piece)
        for piece, column, _ in move.cells()
        if is_said(solved.rows[piece], after[piece], column)
    ]
    return CaseDetail(
        corrections=tuple(corrections),
        agree=told.told.agree,
        adds_up=told.told.sums > 0,
        lead=told.told.lead,
        values={"gap_left": solved.gap_left} if solved.gap_left else {},
        certificate=_certificate(told.told),
    )


def _certificate(told: Supported) -> Certificate:
    found, kinds = told.explanation, told.bureau.kinds
    readings = [(each.cause, str(kinds[each.piece]), each.cost) for each in found.readings]
    figures = [(each.cause, str(kinds[each.piece]), each.cost) for each in found.acts]
    return Certificate(
        cost=found.cost,
        bound=found.bound,
        complete=found.complete,
        gap=found.gap,
        doubt=found.doubt,
        truth=tuple(value if value >= 0 else None for value in found.truth),
        operations=(*readings, *figures),
        rivals=tuple(each.cost for each in found.rivals),
    )


_MOST_READINGS = 3


def _readings(grid: SideBySide, told: ToldMove) -> tuple[CaseReading, ...]:
    """The cheapest readings of a question."""
    solved, truth = told.solved, told.told.explanation.truth
    truths = [truth, *(each.truth for each in told.rivals(LIKELY)[: _MOST_READINGS - 1])]
    own = {column for column, _ in told.told.move.changes}
    columns = own | {
        column for each in truths for column, pair in enumerate(zip(each, truth, strict=True)) if pair[0] != pair[1]
    }
    if len(truths) == 1:  # the list against a chain that agrees
        return tuple(_as_read(grid, solved, each, columns) for each in (truth, _as_listed(told)))
    return tuple(_as_read(grid, solved, each, columns) for each in truths)


def _as_read(grid: SideBySide, solved: Solved, truth: Sequence[int], columns: set[int]) -> CaseReading:
    """What should read otherwise, in some columns, if something is the truth."""
    cells = [
        (piece, column, truth[column])
        for piece, row in enumerate(solved.rows)
        for column in sorted(columns)
        if truth[column] >= 0 <= row[column] != truth[column]
    ]
    corrections = tuple(_correction_of(grid, solved, cell, copied=False) for cell in cells)
    counted = min(truth[FOUND], truth[SIGNATURES]) >= 0
    return CaseReading(corrections, truth[FOUND] - truth[SIGNATURES] if counted else 0)


def _twice(grid: SideBySide, told: ToldMove) -> dict[str, str]:
    """The first piece that has the figure of its signatures as its votes found as well, where signatures are asked."""
    if not any(column == SIGNATURES for column, _ in told.told.move.changes):
        return {}
    rows = zip(grid.pieces, told.solved.rows, strict=True)
    return next(({"twice": piece.kind} for piece, row in rows if row[SIGNATURES] == row[FOUND] >= 0), {})


def _as_listed(told: ToldMove) -> list[int]:
    """The figures, if what a move corrects is right as it stands."""
    move, truth = told.told.move, list(told.told.explanation.truth)
    for column, _ in move.changes:
        truth[column] = told.solved.rows[move.piece][column]
    return truth


def _correction_of(grid: SideBySide, solved: Solved, cell: tuple[int, int, int], *, copied: bool) -> Correction:
    piece, column, becomes = cell
    return correction(grid, solved.at, (piece, column), (solved.rows[piece][column], becomes), copied=copied)


_LEAST = 3
"""Bureaux at least."""
_OF_A_GAP = frozenset(("found-from-signatures", "gap-as-nulls", "gap-corrected"))
"""Causes that are there because of a gap, which is a bureau's own."""
_CHANGED = frozenset(("amended", "older-edition"))
"""Causes by which figures were changed and add up again."""
EDITION = "older-edition"


@dataclass(frozen=True, slots=True)
class SharedAct:
    """One act in several bureaux: its cause (empty for those of its moves), its piece, and a number of its own."""

    cause: str
    piece: int
    number: int


@dataclass(frozen=True, slots=True)
class _MoveOf:
    """A move of a bureau, by its place in the order of all bureaux, its index among those laid out, and its number."""

    rank: int
    at: int
    index: int


def share(grid: SideBySide, solved: Sequence[Solved]) -> dict[tuple[int, int], SharedAct]:
    """The act that a move is part of, by the index of its bureau and its number there; for those that are of one."""
    universe = grid.evidence.universe
    order = universe.by_number[np.argsort(universe.commune_number[universe.by_number], kind="stable")]
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    sizes = np.bincount(universe.commune_number)
    by_place: dict[tuple[int, int, int, int], list[_MoveOf]] = {}
    everywhere: dict[tuple[int, int, int], int] = {}
    for each in solved:
        unit, poll = int(grid.unit[each.at]), int(grid.poll[each.at])
        for index, move in enumerate(each.moves):
            what = _what(grid, move)
            if what is not None:
                member = _MoveOf(int(rank[unit]), each.at, index)
                by_place.setdefault((*what, poll, int(universe.commune_number[unit])), []).append(member)
                everywhere[*what, poll] = everywhere.get((*what, poll), 0) + 1
    found: dict[tuple[int, int], SharedAct] = {}
    numbers: dict[tuple[int, ...], int] = {}
    for (piece, column, poll, commune), members in by_place.items():
        nation = are_nearly_all(everywhere[piece, column, poll], len(universe))
        most = are_nearly_all(len(members), sizes[commune]) or (
            2 * len(members) > sizes[commune] and column != REGISTERED
        )
        whole = nation or most or column == _ROW_CHANGED
        for some in [members] if whole else _runs(members, column):
            if nation or len(some) >= _LEAST:
                scope = (piece, column, poll, -1 if nation else some[0].rank)
                act = SharedAct(_cause(column), piece, numbers.setdefault(scope, len(numbers)))
                found |= dict.fromkeys(((each.at, each.index) for each in some), act)
    return found


_ROW, _ROW_CHANGED = -1, -2
"""In place of a column: several figures of a row; figures of a row that add up again."""


def _what(grid: SideBySide, move: Move) -> tuple[int, int] | None:
    """The piece and the column of a move; None for one that is its bureau's own."""
    if move.cause in _OF_A_GAP:
        return None
    if move.cause in _CHANGED:
        published = [at for at, piece in enumerate(grid.pieces) if piece.kind == PUBLISHED]
        return (published[0], _ROW_CHANGED) if published else None
    return move.piece, move.changes[0][0] if len(move.changes) == 1 else _ROW


def _runs(members: Sequence[_MoveOf], column: int) -> Iterator[list[_MoveOf]]:
    """Moves of bureaux that follow one another; rolls move by themselves in each of them."""
    run: list[_MoveOf] = []
    for each in sorted(members, key=lambda each: each.rank):
        if run and (each.rank > run[-1].rank + 1 or column == REGISTERED):
            yield run
            run = []
        run.append(each)
    yield run


def _cause(column: int) -> str:
    if column == _ROW_CHANGED:
        return EDITION
    return "" if column == _ROW else "registered-differ" if column == REGISTERED else "column-holds-other"
