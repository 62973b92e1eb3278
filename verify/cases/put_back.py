"""Bureaux of which a piece has figures in a wrong place, and the same with them put back: what that ends, and says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from verify.cases.drafting import Drafting
from verify.cases.sources import taken_from
from verify.cases.subjects import ALONG, FIGURES, GAPS, subject_of
from verify.explanations.edits import Broken, Edits
from verify.explanations.moves import copies_of, spread
from verify.explanations.side_by_side import VOTES, SideBySide
from verify.explanations.slips import gap_costs
from verify.model.cases import Correction
from verify.model.figures import Bools, Ints
from verify.model.holds import Named

_OF_TEN = 9
"""In how many of ten bureaux another piece has to have the corrected figures, to agree."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """Some bureaux with figures of one piece put back in their places.

    Attributes:
        edits: of all bureaux laid out.
        piece: that the figures stand in.
        columns: those of them.
        rows: the bureaux.
        was, right: their figures before and after, of copies as well; shape ``(n, pieces, columns)``.
        before, after: what does not hold.
    """

    edits: Edits
    piece: int
    columns: list[int]
    rows: Ints
    was: Ints
    right: Ints
    before: Broken
    after: Broken

    @classmethod
    def of(cls, edits: Edits, piece: int, columns: list[int], rows: Ints, was: Ints, right: Ints) -> PutBack:
        """The same with what does not hold, before and after."""
        return cls(edits, piece, columns, rows, was, right, edits.broken(was, rows), edits.broken(right, rows))

    @classmethod
    def as_taken_from(cls, grid: SideBySide, edits: Edits, piece: int, rows: Ints, columns: Sequence[int]) -> PutBack:
        """Some columns of a piece with what it is taken from, nothing where that says nothing; and copies of them."""
        was = grid.figures[rows]
        right = was.copy()
        own, due = was[:, piece][:, columns], taken_from(grid, piece)[rows][:, columns]
        right[:, piece, columns] = np.where(own >= 0, due, own)
        cells, column = np.nonzero(right[:, piece] != was[:, piece])
        cell, copy = copies_of(edits.kinds, was[cells, :, column], np.full(len(cells), piece))
        right[cells[cell], copy, column[cell]] = right[cells[cell], piece, column[cell]]
        return cls.of(edits, piece, sorted(set(column.tolist())), rows, was, right)

    def improvement(self) -> int:
        """By how much it costs less to leave unexplained what does not hold."""
        return int(self.before.cost.sum() - self.after.cost.sum())

    def broken_still(self) -> Bools:
        """Where more than a gap is left."""
        return np.asarray(self.after.cost > gap_costs(self.after.gap), np.bool_)

    def smaller_gap(self) -> Bools:
        """Where votes and signatures differ by less than before."""
        return np.asarray(np.abs(self.after.gap) < np.abs(self.before.gap), np.bool_)

    def adds_up(self) -> bool:
        """Whether sums of the piece work out by it in most bureaux."""
        if self.piece not in self.edits.summed:
            return False
        at = self.edits.summed.index(self.piece)
        ended = self.before.sums[:, at].any(axis=1) & ~self.after.sums[:, at].any(axis=1)
        return 2 * int(np.count_nonzero(ended)) > len(self.rows)

    def agreeing(self) -> tuple[str, ...]:
        """The kinds of pieces that have the corrected figures in most bureaux and are no copies, each once."""
        own, agree = self.right[:, self.piece, self.columns], dict[str, None]()
        for at, kind in enumerate(self.edits.kinds):
            theirs = self.right[:, at, self.columns]
            known = (theirs >= 0) & (own >= 0) & (own != self.was[:, self.piece, self.columns])
            copy = (theirs != self.was[:, at, self.columns]).any()
            same = int(np.count_nonzero(known & (theirs == own)))
            if at != self.piece and not copy and same and 10 * same >= _OF_TEN * int(np.count_nonzero(known)):
                agree[kind] = None
        return tuple(agree)

    def corrections(self, grid: SideBySide) -> Iterator[Correction]:
        """The figures of the piece itself, bureau by bureau, then those of its copies."""
        cells = np.argwhere(self.right != self.was).tolist()
        for row, piece, column in sorted(cells, key=lambda cell: (cell[1] != self.piece, cell)):
            yield self._correction(grid, row, piece, column)

    def _correction(self, grid: SideBySide, row: int, piece: int, column: int) -> Correction:
        at = int(self.rows[row])
        universe, unit = grid.evidence.universe, int(grid.unit[at])
        was, becomes = int(self.was[row, piece, column]), int(self.right[row, piece, column])
        return Correction(
            place=Named(str(universe.insee[unit]), str(universe.bureau[unit]), grid.evidence.polls[int(grid.poll[at])]),
            piece=grid.pieces[piece].kind,
            source=grid.pieces[piece].source(at, column),
            field=grid.field(at, column),
            was=was if was >= 0 else None,
            becomes=becomes if becomes >= 0 else None,
            copied=piece != self.piece,
            file=grid.pieces[piece].file,
            choice=max(column - VOTES, -1),
        )


@dataclass(frozen=True, slots=True)
class PutRight:
    """Figures that are put right, ``n`` of them: unit, poll, piece, column and figure of each; shape ``(n, 5)``."""

    cells: Ints

    def with_figures(self, grid: SideBySide, figures: Ints) -> PutRight:
        """The same with those of some bureaux that are put right there."""
        at, piece, column = (figures != grid.figures).nonzero()
        cells = np.stack((grid.unit[at], grid.poll[at], piece, column, figures[at, piece, column]), axis=1)
        return PutRight(np.concatenate((self.cells, cells)))

    def applied(self, grid: SideBySide) -> SideBySide:
        """Bureaux side by side with these figures."""
        unit, poll, piece, column, value = self.cells.T
        index: Ints = np.full(grid.evidence.shape, -1, np.int64)
        index[grid.unit, grid.poll] = np.arange(len(grid.unit))
        at = index[unit, poll]
        here = at >= 0
        figures = grid.figures.copy()
        figures[at[here], piece[here], column[here]] = value[here]
        pieces = [replace(each, values=figures[:, number]) for number, each in enumerate(grid.pieces)]
        return replace(grid, figures=figures, pieces=tuple(pieces))


NOTHING_PUT_RIGHT = PutRight(np.zeros((0, 5), np.int64))


class FindingsOfBureaux:
    """The findings on figures of the bureaux laid out.

    Args:
        grid: the bureaux.
        drafting: with the findings.
        of: the bureau of each finding by its index in the grid, -1 for none.
    """

    def __init__(self, grid: SideBySide, drafting: Drafting, of: Ints) -> None:
        self._grid, self._drafting = grid, drafting
        self._order = np.argsort(of, kind="stable")
        self._of = of[self._order]
        keys = drafting.keys
        gaps = keys.of(*GAPS)
        self._gaps, self._own = gaps, keys.of(*FIGURES) & ~gaps
        self._about = keys.of(*FIGURES) | keys.of(*ALONG)

    def ended_by(self, made: PutBack) -> list[int]:
        """Those of its bureaux that are gone with it."""
        at, number = spread(np.searchsorted(self._of, made.rows), np.searchsorted(self._of, made.rows, side="right"))
        finding = self._order[number]
        kept = self._about[finding]
        at, finding = at[kept], finding[kept]
        gone = np.where(self._gaps[finding], made.smaller_gap()[at], self._own[finding] & ~made.broken_still()[at])
        open_still = (~gone & ~self._gaps[finding]).nonzero()[0].tolist()
        changed = made.right != made.was
        for row in open_still:
            subject = subject_of(self._drafting.table[int(finding[row])], self._grid, int(made.rows[at[row]]))
            cells = np.argwhere(changed[at[row]]).tolist()
            pieces = self._grid.pieces
            gone[row] = any(subject.includes(pieces[one].kind, pieces[one].file, column) for one, column in cells)
        return list(finding[gone].tolist())
