"""Figures of the election's other round in a piece: all of it, or the rows of some communes.

Told before bureaux are searched one by one, where the other round is at hand: one case a piece.
"""

from __future__ import annotations

import numpy as np

from protocol.quantities import Quantity
from protocol.words import nmsg
from verify.cases.communes_wrong import communes_wrong
from verify.cases.drafting import Drafting
from verify.cases.place_names import commune_of
from verify.cases.put_back import FindingsOfBureaux, PutBack
from verify.cases.sources import SOURCES, taken_from
from verify.cases.subjects import FoundAt
from verify.cases.wording import in_piece
from verify.explanations.edits import Edits
from verify.explanations.side_by_side import COLUMNS, REGISTERED, SIGNATURES, VOTES, SideBySide, lay_out
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import MISSING, Ints
from verify.rulebook.causes import causes

_LEAST = 3
"""Figures of a commune that have to be those of the other round."""
_TELLING = 20
"""A count from which on it is not that of the other round by chance."""
_LISTED = 2000
"""Bureaux of which corrections are given one by one at most."""


def draft_other_round(evidence: LinedEvidence, drafting: Drafting, places: FoundAt) -> None:
    """A case for each piece that has the other round's figures, in most bureaux of some communes."""
    other = evidence.other_round
    if other is None:
        return
    unit, poll = communes_wrong(evidence, drafting, places)
    if not len(unit):
        return
    grid = lay_out(evidence, unit, poll)
    index: Ints = np.full(evidence.shape, -1, np.int64)
    index[unit, poll] = np.arange(len(unit))
    findings = FindingsOfBureaux(grid, drafting, np.where(places.unit >= 0, index[places.unit, places.poll], -1))
    theirs = _of_other_round(other, unit, poll)
    for piece, each in enumerate(grid.pieces):
        if each.kind in SOURCES:
            rows = _rows_with(grid, piece, theirs)
            if len(rows):
                _draft(grid, drafting, findings, piece, rows)


def _of_other_round(other: Counted, unit: Ints, poll: Ints) -> Ints:
    """The counts of some bureaux in the other round; its votes found for signatures that it does not have."""
    values = np.full((len(unit), VOTES), MISSING, np.int64)
    for column, name in enumerate(COLUMNS):
        if name in other.figures:
            values[:, column] = other[name].values[unit, poll]
    found = other[Quantity.VOTES_FOUND].values[unit, poll]
    values[:, SIGNATURES] = np.where(values[:, SIGNATURES] >= 0, values[:, SIGNATURES], found)
    values[:, REGISTERED] = MISSING  # which are often the same in both
    return values


def _rows_with(grid: SideBySide, piece: int, theirs: Ints) -> Ints:
    """The rows of communes of which most counts in a piece are the other round's, and few their own."""
    values, due = grid.pieces[piece].values[:, :VOTES], taken_from(grid, piece)[:, :VOTES]
    number = grid.evidence.universe.commune_number[grid.unit] * len(grid.evidence.polls) + grid.poll
    told = (values >= _TELLING) & (theirs >= 0)
    same = told & (values == theirs)
    own = same & (values == due)
    of, alike, both = (np.bincount(number, each.sum(axis=1)) for each in (told, same, own))
    return np.flatnonzero(((2 * alike > of) & (alike >= _LEAST) & (2 * both < alike))[number])


def _draft(grid: SideBySide, drafting: Drafting, findings: FindingsOfBureaux, piece: int, rows: Ints) -> None:
    columns = [column for column in range(VOTES) if column != REGISTERED]
    made = PutBack.as_taken_from(grid, Edits.of(grid), piece, rows, columns)
    universe, kind = grid.evidence.universe, grid.pieces[piece].kind
    insee = np.unique(universe.insee[grid.unit[rows]]).tolist()
    name = commune_of(insee[0], universe.commune_names().get(insee[0], ""))
    said = nmsg(
        "{where}: {count:n} bureau has the figures of the other round {there}",
        "{where}: {count:n} bureaux have the figures of the other round {there}",
        len(np.unique(grid.unit[rows])),
        where=name if len(insee) == 1 else nmsg("{count:n} commune", "{count:n} communes", len(insee)),
        there=in_piece(kind),
    )
    corrections = tuple(made.corrections(grid)) if len(rows) <= _LISTED else ()
    detail = CaseDetail(corrections=corrections, agree=made.agreeing(), adds_up=made.adds_up(), said=said)
    drafting.add(causes()["other-round"], findings.ended_by(made), Sure.LIKELY, kind, detail)
