"""The moves of a bureau as cases show them: the corrections of each, or of a question the readings that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.cases.wide.operations import correction, is_said
from verify.explanations.certainty import LIKELY, Supported, corrected_rows, sure_of
from verify.explanations.moves import Move
from verify.explanations.search import Rival
from verify.explanations.side_by_side import FOUND, SIGNATURES, SideBySide
from verify.model.cases import CaseDetail, CaseReading, Correction, Sure
from verify.model.certificates import Certificate


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
