"""Operations over bureaux: figures of one piece that should read otherwise in many of them, weighed as one case.

What proposes them says a piece, its bureaux and the right figures. What does not hold before and after is weighed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from protocol.words import Message, Text, msg
from verify.cases.doubts import doubtful_bureaux
from verify.cases.drafting import Drafting, grouped
from verify.cases.subjects import ALONG, FIGURES, GAPS, OWN, place_of_findings, subject_of
from verify.cases.wording import in_piece
from verify.columns.counts import gap
from verify.explanations.certainty import CERTAIN, LEAST_SUPPORT, witnesses
from verify.explanations.copies import copied
from verify.explanations.edits import Broken, Edits
from verify.explanations.side_by_side import (
    EXPORT,
    LIST,
    PUBLISHED,
    RECAP,
    RECORD,
    UNIVERSE,
    URN,
    VOTES,
    SideBySide,
    lay_out,
)
from verify.explanations.slips import SMALL, gap_costs
from verify.model.cases import CaseDetail, CaseReading, Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Ints, spread
from verify.model.finding_table import FindingTable
from verify.model.rule_results import Named

SOURCES = {
    LIST: (RECORD, EXPORT, UNIVERSE),
    RECORD: (EXPORT, URN, LIST, UNIVERSE),
    RECAP: (RECORD,),
    PUBLISHED: (RECORD, EXPORT, URN, LIST, UNIVERSE),
}
"""By piece whose rows people write or arrange, what its figures are taken from; machines name their election."""
COUNT = (URN, EXPORT, RECORD, RECAP, PUBLISHED)
"""Pieces that have the figures of the count from one another, in the order of the way."""
LISTED = 2000
"""Bureaux of which corrections are given one by one at most."""
_NOTHING: Mapping[str, int | Text] = {}
_OF_TEN = 9
"""In how many of ten bureaux another piece has to have the corrected figures, to agree."""


def taken_from(kinds: Sequence[str], figures: Ints, piece: int) -> Ints:
    """Find what a piece should have of each bureau by what it is taken from; MISSING where nothing says it.

    Args:
        kinds: of the pieces.
        figures: shape ``(n, pieces, columns)``.
        piece: by its index.
    """
    return first_known(kinds, figures, SOURCES[kinds[piece]], piece)


def first_known(kinds: Sequence[str], figures: Ints, order: Sequence[str], but: int) -> Ints:
    """The figures of the first piece that has them, by the order of their kinds, but for one piece."""
    said = np.full_like(figures[:, 0], MISSING)
    for other in (at for kind in order for at, each in enumerate(kinds) if each == kind and at != but):
        said = np.where(said < 0, figures[:, other], said)
    return said


class CaseDesk(Drafting):
    """Evidence, its findings and the cases of them, and the figures that these put right.

    Attributes:
        of_others: rows that are told to be other bureaux', by unit, poll and piece.
        asked: by unit and poll the columns that are read in one way of a question.
    """

    def __init__(self, evidence: LinedEvidence, table: FindingTable) -> None:
        super().__init__(table, evidence.inputs)
        self.evidence, self.places = evidence, place_of_findings(evidence, self.keys)
        self._put_right: Ints = np.zeros((0, 5), np.int64)
        self.of_others = set[tuple[int, int, int]]()
        self.asked = dict[tuple[int, int], set[int]]()

    @cached_property
    def doubtful(self) -> Bools:
        """Bureaux of whose evidence it is in doubt whether it is theirs, and whole; shape ``(units,)``."""
        return doubtful_bureaux(self.evidence, self.keys, self.places)

    @cached_property
    def scope(self) -> Ints:
        """A number for each commune and poll; shape ``(units, polls)``."""
        polls = len(self.evidence.polls)
        return np.asarray(self.evidence.universe.commune_number[:, None] * polls + np.arange(polls), np.int64)

    def of_communes(self, some: Bools) -> Ints:
        """Count those of some bureaux that each has in its commune and poll; shape ``(units, polls)``."""
        return np.bincount(self.scope[some], minlength=self.scope.size)[self.scope]

    def at_bureaux(self, *codes: str) -> Bools:
        """Select the findings on bureaux without a case; of some rules, where these are named."""
        return self.free(*codes) & (self.places.unit >= 0)

    def bureaux_of(self, findings: Bools) -> Bools:
        """The bureaux and polls of some findings; shape ``(units, polls)``."""
        found: Bools = np.zeros(self.evidence.shape, np.bool_)
        found[self.places.unit[findings], self.places.poll[findings]] = True
        return found

    def contradictory(self, least: int) -> Bools:
        """The bureaux that contradict themselves, or have a gap of so many; shape ``(units, polls)``."""
        wrong, gaps = self.bureaux_of(self.at_bureaux(*OWN)), self.evidence.once(gap)
        return wrong if gaps is None else wrong | (np.abs(gaps.values) >= least)

    def by_bureau(self, findings: Bools) -> dict[tuple[int, int], list[int]]:
        """The positions of some findings by unit and poll."""
        unit, poll = self.places.unit, self.places.poll
        return grouped(lambda row: (int(unit[row]), int(poll[row])), np.flatnonzero(findings).tolist())

    def put_right(self, grid: SideBySide, rows: Ints, was: Ints, right: Ints) -> None:
        """Keep the figures of some bureaux that are put right, of shape ``(n, pieces, columns)``."""
        at, piece, column = (was != right).nonzero()
        unit, poll = grid.unit[rows[at]], grid.poll[rows[at]]
        cells = np.stack((unit, poll, piece, column, right[at, piece, column]), axis=1)
        self._put_right = np.concatenate((self._put_right, cells))

    def lay_out(self, unit: Ints, poll: Ints) -> SideBySide:
        """Bureaux side by side with the figures that are put right."""
        grid = lay_out(self.evidence, unit, poll)
        at = self.index(grid)[self._put_right[:, 0], self._put_right[:, 1]]
        here = at >= 0
        piece, column, value = self._put_right[here, 2:].T
        grid.figures[at[here], piece, column] = value
        return grid

    def index(self, grid: SideBySide) -> Ints:
        """By unit and poll the index of each bureau laid out, -1 for none."""
        found: Ints = np.full(self.evidence.shape, -1, np.int64)
        found[grid.unit, grid.poll] = np.arange(len(grid.unit))
        return found


@dataclass(frozen=True, slots=True)
class WideOperation:
    """Some bureaux with figures of one piece as they should read.

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

    def improvement(self) -> int:
        """By how much it costs less to leave unexplained what does not hold."""
        return int(self.before.cost.sum() - self.after.cost.sum())

    def broken_still(self) -> Bools:
        """Select bureaux in which more than a gap is left."""
        return np.asarray(self.after.cost > gap_costs(self.after.gap), np.bool_)

    def smaller_gap(self) -> Bools:
        """Select bureaux in which votes and signatures differ by less than before, and by no more than a small gap."""
        return np.asarray(np.abs(self.after.gap) < np.minimum(np.abs(self.before.gap), SMALL), np.bool_)

    def changed_pieces(self) -> list[int]:
        """The pieces in which figures should read otherwise."""
        return np.flatnonzero((self.right != self.was).any(axis=(0, 2))).tolist()

    def adds_up(self) -> bool:
        """Check that sums of the piece work out by it in most bureaux."""
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

    def reading(self, grid: SideBySide) -> CaseReading:
        """One way to read an open case: its figures put right."""
        listed = tuple(self.corrections(grid)) if len(self.rows) <= LISTED else ()
        return CaseReading(tuple(each for each in listed if each.was != each.becomes), int(self.after.gap.sum()))

    def corrections(self, grid: SideBySide) -> Iterator[Correction]:
        """The figures of the piece itself, bureau by bureau, then those of its copies."""
        cells = np.argwhere(self.right != self.was).tolist()
        for row, piece, column in sorted(cells, key=lambda cell: (cell[1] != self.piece, cell)):
            if is_said(self.was[row, piece].tolist(), self.right[row, piece].tolist(), column):
                becomes = int(self.right[row, piece, column])
                yield correction(grid, int(self.rows[row]), (piece, column), becomes, copied=piece != self.piece)


def is_said(row: Sequence[int], right: Sequence[int], column: int) -> bool:
    """Tell that a figure of a row is corrected: never to nothing, unless the whole row belongs to another bureau."""
    return right[column] >= 0 or all(becomes < 0 <= was for was, becomes in zip(row, right, strict=True) if was >= 0)


def correction(
    grid: SideBySide, at: int, cell: tuple[int, int], becomes: int, *, copied: bool, of: str = ""
) -> Correction:
    """One corrected figure of a bureau laid out: its piece and column, what stands there and what should."""
    piece, column = cell
    was = int(grid.pieces[piece].values[at, column])
    universe, unit = grid.evidence.universe, int(grid.unit[at])
    return Correction(
        place=Named(str(universe.insee[unit]), str(universe.bureau[unit]), grid.evidence.polls[int(grid.poll[at])]),
        piece=grid.pieces[piece].kind,
        source=grid.pieces[piece].source(at, column),
        field=grid.field(at, column),
        was=was if was >= 0 else None,
        becomes=becomes if becomes >= 0 else None,
        copied=copied,
        of=of,
        file=grid.pieces[piece].file,
        choice=max(column - VOTES, -1),
    )


class ManyBureaux:
    """Bureaux laid out, to which operations are applied one after another.

    Attributes:
        grid: as they were laid out.
        figures: with what is put right since, shape ``(n, pieces, columns)``.
        of: the bureau of each finding by its index, -1 for none.
        commune: a number for each commune and poll, shape ``(n,)``.
    """

    def __init__(self, desk: CaseDesk, unit: Ints, poll: Ints) -> None:
        self.desk, self.grid = desk, desk.lay_out(unit, poll)
        self.edits, self.figures = Edits.of(self.grid), self.grid.figures.copy()
        self.commune = self.grid.commune
        places, keys = desk.places, desk.keys
        self.of = np.where(places.unit >= 0, desk.index(self.grid)[places.unit, places.poll], -1)
        self._order = np.argsort(self.of, kind="stable")
        self._sorted = self.of[self._order]
        self._gaps = keys.of(*GAPS)
        self._own, self._about = keys.of(*FIGURES) & ~self._gaps, keys.of(*FIGURES, *ALONG)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of the pieces."""
        return self.edits.kinds

    def operation(self, piece: int, rows: Ints, right: Ints) -> WideOperation:
        """Some bureaux with what a piece should say of them, shape ``(n, columns)``, and what copies it."""
        was = self.figures[rows]
        columns = np.flatnonzero((right != was[:, piece]).any(axis=0)).tolist()
        after = copied(self.kinds, was, piece, right)
        broken = (self.edits.broken(figures, rows) for figures in (was, after))
        return WideOperation(self.edits, piece, columns, rows, was, after, *broken)

    def as_taken_from(self, piece: int, rows: Ints, columns: Sequence[int]) -> WideOperation:
        """Some columns of a piece with what it is taken from, nothing where that says nothing."""
        right, due = self.figures[rows, piece], taken_from(self.kinds, self.figures[rows], piece)
        right[:, columns] = np.where(right[:, columns] >= 0, due[:, columns], right[:, columns])
        return self.operation(piece, rows, right)

    def ended_by(self, made: WideOperation) -> list[int]:
        """The findings on its bureaux that are gone with it."""
        first, last = (np.searchsorted(self._sorted, made.rows, side=side) for side in ("left", "right"))
        at, number = spread(first, last)
        finding = self._order[number]
        kept = self._about[finding]
        at, finding = at[kept], finding[kept]
        gone = np.where(self._gaps[finding], made.smaller_gap()[at], self._own[finding] & ~made.broken_still()[at])
        changed, pieces = made.right != made.was, self.grid.pieces
        for row in np.flatnonzero(~gone & ~self._gaps[finding]).tolist():
            subject = subject_of(self.desk.table[int(finding[row])], self.grid, int(made.rows[at[row]]))
            cells = np.argwhere(changed[at[row]]).tolist()
            gone[row] = any(subject.includes(pieces[one].kind, pieces[one].file, column) for one, column in cells)
        return list(finding[gone].tolist())

    def sure_of(self, made: WideOperation, lead: int, columns: Sequence[int]) -> Sure:
        """Judge an operation on some columns that nothing else explains as well; see `certainty.sure_of`."""
        kind, agree = self.kinds[made.piece], made.agreeing()
        doubtful = bool(self.desk.doubtful[self.grid.unit[made.rows]].any()) or len(made.rows) > LISTED
        doubtful |= bool(((made.right != made.was) & (made.right < 0)).any())
        alone = kind == LIST or (kind == PUBLISHED and RECORD not in agree)
        if doubtful or alone or made.broken_still().any() or lead < CERTAIN:
            return Sure.LIKELY
        apart = witnesses(agree, columns)
        sums = made.adds_up() and apart != {RECORD}
        return Sure.CERTAIN if len(apart) + sums >= LEAST_SUPPORT else Sure.LIKELY

    def say_exchanged(self, what: Text, made: WideOperation, rivals: Sequence[WideOperation]) -> Message:
        """Say that some columns or communes have one another's figures, and in which pieces that may be."""
        values: dict[str, object] = {
            "what": what,
            "there": in_piece(self.kinds[made.piece]),
            "bureaux": int(np.count_nonzero((made.was[:, made.piece] != made.right[:, made.piece]).any(axis=1))),
        }
        if rivals:
            return msg(
                "{what} have one another's figures {there} or {or_there}, in {bureaux:n} bureaux; nothing tells in "
                "which of the two",
                **values,
                or_there=in_piece(self.kinds[rivals[0].piece]),
            )
        return msg("{what} have one another's figures {there}, in {bureaux:n} bureaux", **values)

    def draft(
        self,
        cause: str,
        made: WideOperation,
        sure: Sure,
        said: Text = "",
        lead: int = -1,
        also: Sequence[int] = (),
        values: Mapping[str, int | Text] = _NOTHING,
        readings: Sequence[CaseReading] = (),
    ) -> bool:
        """Put its figures right, with a case of what it ends; whether there is any such finding."""
        explained = [*self.ended_by(made), *also]
        if not self.desk.free()[explained].any():
            return False
        detail = CaseDetail(said=said, values=values, readings=tuple(readings))
        if sure is not Sure.OPEN:
            listed = tuple(made.corrections(self.grid)) if len(made.rows) <= LISTED else ()
            detail = replace(detail, corrections=listed, agree=made.agreeing(), adds_up=made.adds_up(), lead=lead)
        self.desk.add(cause, explained, sure, self.kinds[made.piece], detail)
        if sure is Sure.OPEN:
            for unit, poll in zip(self.grid.unit[made.rows].tolist(), self.grid.poll[made.rows].tolist(), strict=True):
                self.desk.asked.setdefault((unit, poll), set()).update(made.columns)
        self.desk.put_right(self.grid, made.rows, made.was, made.right)
        self.figures[made.rows] = made.right
        return True
