"""A column of signatures that is off by one and the same number, in a whole commune or everywhere.

Real gaps are small and of both signs; the same gap in nearly all bureaux of a place is how the column was made.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.cases.drafting import Drafting
from verify.cases.side_by_side import LIST, PUBLISHED, RECORD
from verify.cases.subjects import FoundAt
from verify.columns.counts import gap, signatures, votes_found
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Figures, Ints
from verify.model.holds import Named
from verify.rulebook.causes import causes

LEAST_EVERYWHERE, LEAST_IN_A_COMMUNE = 20, 10
"""Bureaux in which the gap has to be the same."""
_TENTHS = 9
"""Of ten bureaux, in how many."""
_LISTED = 2000
"""Corrections that are given one by one at most; of more bureaux the number that was added says it all."""
_CODES = ("R201", "R202", "R203", "R204", "R205", "R223", "T313", "P401", "M112")


def draft_constants(evidence: LinedEvidence, drafting: Drafting, places: FoundAt) -> None:
    """A case for each place in which nearly all signatures are off by one number."""
    signed, found, gaps = evidence.once(signatures), evidence.once(votes_found), evidence.once(gap)
    if signed is None or found is None or gaps is None or not gaps.values.any():
        return
    known = signed.known & found.known
    free = drafting.free() & drafting.keys.of(*_CODES)
    unit, poll = places.unit, places.poll
    for column in range(len(evidence.polls)):
        taken: Bools = np.zeros(len(evidence.universe), np.bool_)
        for units, by in _scopes(evidence, gaps.values[:, column], known[:, column]):
            here: Bools = np.zeros(len(evidence.universe), np.bool_)
            here[units] = ~taken[units]
            taken |= here
            rows = np.flatnonzero(free & (unit >= 0) & (poll == column) & here[np.maximum(unit, 0)])
            detail = _detail(evidence, signed, units, column, by)
            drafting.add(causes()["constant-added"], rows, Sure.LIKELY, _piece(evidence, units, column), detail)


def _scopes(evidence: LinedEvidence, gaps: Ints, known: Bools) -> Iterator[tuple[Ints, int]]:
    """Bureaux whose signatures are off by one number, and that number: everywhere, or commune by commune."""
    units = np.flatnonzero(known)
    same = _mostly(gaps[units], LEAST_EVERYWHERE)
    if same:
        yield units[gaps[units] == same], -same
        return
    off = units[gaps[units] != 0]
    insee = evidence.universe.insee
    codes, counts = np.unique(insee[off], return_counts=True)
    for code in codes[counts >= LEAST_IN_A_COMMUNE].tolist():
        here = units[insee[units] == code]
        same = _mostly(gaps[here], LEAST_IN_A_COMMUNE)
        if same:
            yield here[gaps[here] == same], -same


def _mostly(gaps: Ints, least: int) -> int:
    """The gap that nearly all have, 0 for none."""
    if len(gaps) < least:
        return 0
    values, counts = np.unique(gaps, return_counts=True)
    most = int(np.argmax(counts))
    enough = counts[most] >= least and 10 * counts[most] >= _TENTHS * len(gaps)
    return int(values[most]) if enough else 0


def _piece(evidence: LinedEvidence, units: Ints, column: int) -> str:
    """The piece that the signatures are from."""
    for kind, counted in ((LIST, evidence.signatures), (RECORD, evidence.records)):
        if counted is not None and counted["signatures"].known[units, column].all():
            return kind
    return PUBLISHED


def _file(signed: Figures, unit: int, column: int) -> str:
    """The file that a figure is from, without its row."""
    return signed.places.files[int(signed.places.file[unit, column])].rstrip(":@")


def _detail(evidence: LinedEvidence, signed: Figures, units: Ints, column: int, by: int) -> CaseDetail:
    piece, universe = _piece(evidence, units, column), evidence.universe
    corrections = [
        Correction(
            place=Named(str(universe.insee[unit]), str(universe.bureau[unit]), evidence.polls[column]),
            piece=piece,
            source=signed.places.text(unit, column),
            field="signatures",
            was=int(signed.values[unit, column]),
            becomes=int(signed.values[unit, column]) - by,
            file=_file(signed, unit, column) if piece == PUBLISHED else "",
        )
        for unit in (units.tolist() if len(units) <= _LISTED else [])
    ]
    return CaseDetail(corrections=tuple(corrections), values={"added": by})
