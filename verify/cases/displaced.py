"""Cases of figures that stand in the rows of other bureaux: matched before bureaux are looked into one by one.

Of every piece of a commune, each column alone, all counts, all votes by choice and whole rows are matched with what
other evidence says. The rearrangement that gains most is a case; its figures are put back, and the rest is matched
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from protocol.words import Message, msg
from verify.cases.drafting import Drafting
from verify.cases.put_back import FindingsOfBureaux, PutBack, PutRight
from verify.cases.sources import column_sets, copies_in, due_of, sources_of
from verify.cases.subjects import ALONG, FIGURES, GAPS, FoundAt
from verify.cases.whose import doubtful_bureaux
from verify.cases.wording import in_piece
from verify.columns.counts import gap
from verify.explanations.certainty import CERTAIN, LIKELY
from verify.explanations.edits import UNEXPLAINED, Edits
from verify.explanations.moves import copies_of
from verify.explanations.permutations import SUSPECT, WRONG, Permutation, find_permutations, misfits
from verify.explanations.side_by_side import (
    LIST,
    PUBLISHED,
    RECAP,
    RECORD,
    SideBySide,
    lay_out,
)
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.rulebook.causes import causes

_WRITTEN = (LIST, RECORD, RECAP, PUBLISHED)
"""Pieces whose rows people write or arrange."""
_MOST_ACTS = 20
"""Rearrangements of one commune that are told one after another."""


@dataclass(frozen=True, slots=True)
class _Act:
    """A rearrangement of some rows of a piece, in some of its columns."""

    piece: int
    columns: tuple[int, ...]
    found: Permutation
    exact: bool

    def overlaps(self, other: _Act) -> bool:
        """Whether another act explains about the same rows."""
        both = len(np.intersect1d(self.found.rows, other.found.rows))
        return 2 * both >= min(len(self.found.rows), len(other.found.rows))


def draft_displaced(
    evidence: LinedEvidence, drafting: Drafting, places: FoundAt, put_right: PutRight
) -> tuple[PutRight, Bools]:
    """A case for each rearrangement.

    Args:
        evidence: as it stands.
        drafting: takes the cases.
        places: of the findings.
        put_right: figures that are put right already.

    Returns:
        These and the figures that are put back; and the bureaux of communes of which too many are contradictory to be
        matched, shape ``(units,)``.
    """
    unit, poll = _looked_at(evidence, drafting, places)
    unsearched: Bools = np.zeros(len(evidence.universe), np.bool_)
    if len(unit):
        grid = put_right.applied(lay_out(evidence, unit, poll))
        index: Ints = np.full(evidence.shape, -1, np.int64)
        index[unit, poll] = np.arange(len(unit))
        of = np.where(places.unit >= 0, index[places.unit, places.poll], -1)
        doubtful = doubtful_bureaux(evidence, drafting.keys, places)[unit]
        displaced = _Displaced(grid, drafting, FindingsOfBureaux(grid, drafting, of), doubtful)
        commune = evidence.universe.commune_number[unit] * len(evidence.polls) + poll
        for rows in np.split(np.arange(len(unit)), np.flatnonzero(np.diff(commune)) + 1):
            if not displaced.tell(rows):
                unsearched[unit[rows]] = True
        put_right = put_right.with_figures(grid, displaced.figures)
    return put_right, unsearched


def _looked_at(evidence: LinedEvidence, drafting: Drafting, places: FoundAt) -> tuple[Ints, Ints]:
    """All bureaux of communes with a free finding on figures, but for small gaps; in the order of their numbers."""
    keys, free = drafting.keys, drafting.free() & (places.unit >= 0)
    wrong: Bools = np.zeros(evidence.shape, np.bool_)
    own = free & (keys.of(*FIGURES) | keys.of(*ALONG)) & ~keys.of(*GAPS)
    wrong[places.unit[own], places.poll[own]] = True
    gaps = evidence.once(gap)
    if gaps is not None:
        at = free & keys.of(*GAPS)
        wrong[places.unit[at], places.poll[at]] |= np.abs(gaps.values[places.unit[at], places.poll[at]]) > 2
    universe = evidence.universe
    units, polls = [], []
    for poll in np.flatnonzero(wrong.any(axis=0)).tolist():
        here = universe.by_number[universe.in_communes_of(wrong[:, poll])[universe.by_number]]
        here = here[np.argsort(universe.commune_number[here], kind="stable")]
        units.append(here)
        polls.append(np.full(len(here), poll, np.int64))
    none: Ints = np.zeros(0, np.int64)
    return np.concatenate([none, *units]), np.concatenate([none, *polls])


class _Displaced:
    """Rows of communes put back, one rearrangement after another.

    Args:
        grid: bureaux and their figures.
        drafting: takes the cases.
        findings: of the bureaux.
        doubtful: where it is in doubt whose the evidence is, shape ``(n,)``.
    """

    def __init__(self, grid: SideBySide, drafting: Drafting, findings: FindingsOfBureaux, doubtful: Bools) -> None:
        self._grid, self._drafting, self._findings, self._doubtful = grid, drafting, findings, doubtful
        self._edits = Edits.of(grid)
        self.figures = grid.figures.copy()

    def tell(self, rows: Ints) -> bool:
        """Draft the cases of a commune, by its rows; whether all of it was searched."""
        for _ in range(_MOST_ACTS):
            acts: list[_Act] = []
            for piece, kind in enumerate(self._edits.kinds):
                if kind in _WRITTEN:
                    found = _acts(self._edits, self.figures[rows], self._edits.sizes[rows], piece)
                    if found is None:
                        return False
                    acts += found
            if not self._put_back(rows, acts):
                return True
        return True

    def _put_back(self, rows: Ints, acts: Sequence[_Act]) -> bool:
        """Put the rows of the act back that ends most, with a case; whether there is one."""
        weighed = [
            (made.improvement() * WRONG // UNEXPLAINED - act.found.cost, act, made)
            for act, made in ((act, self._made(rows, act)) for act in acts)
        ]
        weighed.sort(key=lambda each: (-each[0], -each[1].piece, len(each[1].columns)))
        for worth, act, made in weighed:
            explained = self._findings.ended_by(made) if worth > 0 else []
            if not self._drafting.free()[explained].any():
                continue
            self.figures[made.rows] = made.right
            others = [(worth - other, of) for other, of, _ in weighed if of.piece != act.piece and of.overlaps(act)]
            lead = min((by for by, _ in others), default=worth)
            rivals = [of.piece for by, of in others if by < LIKELY]
            kind = self._edits.kinds[act.piece]
            if rivals:
                detail = CaseDetail(said=_either(len(made.rows), kind, self._edits.kinds[rivals[0]]))
                self._drafting.add(causes()[_cause(act)], explained, Sure.OPEN, kind, detail)
            else:
                detail = CaseDetail(tuple(made.corrections(self._grid)), (), made.agreeing(), made.adds_up(), lead)
                self._drafting.add(causes()[_cause(act)], explained, self._sure(rows, act, made, lead), kind, detail)
            return True
        return False

    def _made(self, rows: Ints, act: _Act) -> PutBack:
        """The figures of the rows of an act, back in their places; those that are lost as other evidence has them."""
        at, source, columns = rows[act.found.rows], act.found.source, list(act.columns)
        was = self.figures[at]
        right = was.copy()
        from_ = self.figures[rows[np.maximum(source, 0)], act.piece][:, columns]
        due = due_of(self._edits, self.figures, self._edits.sizes, act.piece, columns)[at]
        lost = (source < 0)[:, None]
        own = was[:, act.piece][:, columns]
        right[:, act.piece, columns] = np.where(lost, np.where(own >= 0, due, own), from_)
        cells, column = np.nonzero(right[:, act.piece] != was[:, act.piece])
        cell, copy = copies_of(self._edits.kinds, was[cells, :, column], np.full(len(cells), act.piece))
        right[cells[cell], copy, column[cell]] = right[cells[cell], act.piece, column[cell]]
        return PutBack.of(self._edits, act.piece, columns, at, was, right)

    def _sure(self, rows: Ints, act: _Act, made: PutBack, lead: int) -> Sure:
        """Certain only where everything fits exactly, by other evidence than the sign-in list alone."""
        kind = self._edits.kinds[act.piece]
        agree = made.agreeing()
        least = min(lead, int(act.found.lead.min()))
        unsure = (
            bool(made.broken_still().any()) or bool(self._doubtful[made.rows].any()) or not self._doubled(rows, act)
        )
        support = len(agree) + made.adds_up()
        if unsure or not act.exact or kind == LIST or least < CERTAIN or support < 2:
            return Sure.LIKELY
        return Sure.CERTAIN

    def _doubled(self, rows: Ints, act: _Act) -> bool:
        """Whether each row that lost its figures has those of another row of the piece, which has them as well."""
        values = self._grid.figures[rows, act.piece][:, list(act.columns)]
        lost = act.found.rows[act.found.source < 0]
        return all((values == values[row]).all(axis=1).sum() > 1 for row in lost.tolist())


def _cause(act: _Act) -> str:
    if len(act.found.rows) == 2 and set(act.found.rows.tolist()) == set(act.found.source.tolist()):
        return "bureaux-exchanged"
    return "column-slipped" if len(act.columns) == 1 else "row-of-another"


def _either(bureaux: int, kind: str, other: str) -> Message:
    return msg(
        "{count:n} bureaux have figures of one another {there} or {or_there}; nothing tells in which of the two",
        count=bureaux,
        there=in_piece(kind),
        or_there=in_piece(other),
    )


# --- What rows are matched with ---


def _acts(edits: Edits, figures: Ints, sizes: Ints, piece: int) -> list[_Act] | None:
    """The rearrangements of a piece in one commune, in each set of its columns; None where it is not searched."""
    found: list[_Act] = []
    for columns in column_sets(figures[:, piece]):
        sources = sources_of(edits, figures, sizes, piece, columns)
        suspect = misfits(*sources)[0] >= SUSPECT
        if not suspect.any():
            continue
        stated, due, _, tolerant = sources
        copies = copies_in(stated, due, tolerant, suspect)
        permutations = None if copies is None else find_permutations(*sources, copies)
        if permutations is None:
            return None
        acts = (_Act(piece, tuple(columns), each, not tolerant.all()) for each in permutations)
        found += [act for act in acts if len(columns) > 1 or (act.found.source >= 0).any()]
    return found
