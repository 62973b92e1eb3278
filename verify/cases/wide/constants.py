"""A column of signatures, or of votes found, that is off by one and the same number in a commune or everywhere.

Real gaps are small and of both signs; the same gap in nearly all bureaux of a place is how the column was made.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.words import Text
from verify.cases.wide.operations import CaseDesk, ManyBureaux, WideOperation
from verify.columns.counts import gap, signatures, votes_found
from verify.explanations.side_by_side import COLUMNS, FOUND, SIGNATURES
from verify.model.cases import Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints

LEAST_EVERYWHERE, LEAST_IN_A_COMMUNE = 20, 10
"""Bureaux in which the gap has to be the same."""
_MOST_WITHOUT = 10
"""Of how many bureaux one may have no gap at all, and half of the others have the same: real gaps differ."""


def draft_constants(desk: CaseDesk) -> None:
    """A case for each place in which the signatures, or the votes found, are off by one number.

    Bureaux that are off by about that number belong to it: they have a gap of their own beside it.
    """
    evidence = desk.evidence
    signed, found, gaps = evidence.once(signatures), evidence.once(votes_found), evidence.once(gap)
    if signed is None or found is None or gaps is None or not gaps.values.any():
        return
    known = signed.known & found.known
    for poll in range(len(evidence.polls)):
        taken: Bools = np.zeros(len(evidence.universe), np.bool_)
        for units, by in _scopes(evidence, gaps.values[:, poll], known[:, poll]):
            some = units[~taken[units]]
            taken[units] = True
            if len(some):
                _draft(ManyBureaux(desk, some, np.full(len(some), poll)), by)


def _draft(bureaux: ManyBureaux, by: int) -> None:
    """A case of some bureaux with so many votes beyond signatures, by the count that is cheaper to put right."""
    desk, grid, every = bureaux.desk, bureaux.grid, np.arange(len(bureaux.figures))
    made: list[tuple[WideOperation, int, int]] = []
    for pieces, column, off in ((bureaux.edits.signed, SIGNATURES, -by), (bureaux.edits.cast, FOUND, by)):
        piece = int(np.bincount(pieces).argmax())
        right = bureaux.figures[:, piece].copy()
        right[:, column] -= np.where(right[:, column] >= max(off, 0), off, 0)
        made.append((bureaux.operation(piece, every, right), column, off))
    best, column, off = max(made, key=lambda each: each[0].improvement())
    also = desk.drafting.free() & (desk.places.poll == grid.poll[0]) & np.isin(desk.places.unit, grid.unit)
    values: dict[str, int | Text] = {"added": off, "field": COLUMNS[column].value}
    bureaux.draft("constant-added", best, Sure.LIKELY, also=np.flatnonzero(also).tolist(), values=values)


def _scopes(evidence: LinedEvidence, gaps: Ints, known: Bools) -> Iterator[tuple[Ints, int]]:
    """Bureaux that have about the same gap, and that gap: everywhere, in a commune, or where codes begin alike."""
    units = np.flatnonzero(known)
    same = _mostly(gaps[units], LEAST_EVERYWHERE)
    if same:
        yield _about(units, gaps, same), same
        return
    commune, bureau = evidence.universe.commune_number, evidence.universe.bureau
    counts = np.bincount(commune[units[gaps[units] != 0]])
    for number in np.flatnonzero(counts >= LEAST_IN_A_COMMUNE).tolist():
        here = units[commune[units] == number]
        beginnings = bureau[here].astype(f"U{_DISTRICT}")  # two digits of the bureau are an arrondissement, in Paris
        parts = [here, *(here[beginnings == each] for each in np.unique(beginnings).tolist())]
        for part in parts:
            same = _mostly(gaps[part], LEAST_IN_A_COMMUNE)
            if same:
                yield _about(part, gaps, same), same
                if part is here:
                    break


_DISTRICT = 2


def _about(units: Ints, gaps: Ints, same: int) -> Ints:
    """Those of some bureaux that are nearer to a gap than to none."""
    return units[np.abs(gaps[units] - same) < np.abs(gaps[units])]


def _mostly(gaps: Ints, least: int) -> int:
    """The gap that half of the bureaux have, and few have none; 0 for none."""
    without = len(gaps) - np.count_nonzero(gaps)
    if len(gaps) < least or _MOST_WITHOUT * without > len(gaps):
        return 0
    values, counts = np.unique(gaps, return_counts=True)
    most = int(np.argmax(counts))
    return int(values[most]) if counts[most] >= least and 2 * counts[most] > len(gaps) else 0
