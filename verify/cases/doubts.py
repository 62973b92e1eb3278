"""Doubts: evidence that may be another bureau's, and figures that may have come about in another way.

Nothing of them is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from verify.cases.subjects import FoundAt
from verify.explanations.certainty import NO_SLIP, SPECIFIC, Supported, fits_total
from verify.explanations.copies import PieceOperation
from verify.explanations.side_by_side import (
    FOUND,
    REGISTERED,
    SIGNATURES,
    VALID,
    VOTES,
    SideBySide,
)
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingKeys
from verify.model.thresholds import FAR_TIMES, FEW_CHOICES
from verify.model.universe import find_units

_DOUBTFUL = frozenset(("C103", "C109", "C112", "C124", "I103", "I104", "I106", "I107", "I109"))
"""Findings beside which nothing is certain, as all of category A: the evidence itself may be another's, or damaged."""
_LEAST_APART = 20
"""Registered voters by which a figure differs at least, to be another bureau's: rolls do move by fewer."""
_NEARER = 3
"""By how often an exchanged figure is at least nearer to the other bureau's than to its own."""
_POLL, _COMMUNE = 1 << 32, 1 << 40
"""By so many the numbers of two polls and of two communes are apart: more than the registered voters of any bureau."""


def doubtful_bureaux(evidence: LinedEvidence, keys: FindingKeys, places: FoundAt) -> Bools:
    """Bureaux of whose evidence it is in doubt whether it is theirs, and whole; shape ``(units,)``."""
    units = places.unit
    of = keys.of(*_DOUBTFUL, *(code for code in keys.codes if code.startswith("A") and code != "A113"))
    found: Bools = np.zeros(len(evidence.universe), np.bool_)
    found[units[of & (units >= 0)]] = True
    for lines in evidence.published:  # of two rows of a bureau one may be another's
        row = find_units(evidence.universe, lines.published.insee, lines.published.bureau)
        found |= np.bincount(row[row >= 0], minlength=len(found)) > 1
    return found


def of_others(grid: SideBySide) -> Bools:
    """The pieces that have the registered voters of another bureau of the commune; shape ``(n, pieces)``.

    All of their figures may be that bureau's: it has as many on the list, or states the same in the same piece, or has
    those of this one in turn, as good as the rolls have moved since.
    """
    universe = grid.evidence.universe
    stated, listed = grid.figures[:, :, REGISTERED], universe.registered[grid.unit]
    off: Bools = (stated >= 0) & (listed >= 0)[:, None] & (stated != listed[:, None])
    found: Bools = np.zeros_like(off)
    if not off.any():
        return found
    around, at = grid.around, np.zeros(grid.evidence.shape, np.int64)
    at[around.unit, around.poll] = np.arange(len(around.unit))
    place, of_list = (universe.commune_number[some] * _COMMUNE for some in (grid.unit, around.unit))
    of_list += universe.registered[around.unit]
    for index in np.flatnonzero(off.any(axis=0)).tolist():
        rows = np.flatnonzero(off[:, index])
        here, own, voters = stated[rows, index], listed[rows], around.figures[:, index, [REGISTERED, FOUND]]
        row = np.column_stack((around.commune, voters))
        beside = at[grid.unit[rows], grid.poll[rows]]
        known = np.isin(place[rows] + here, of_list) | _is_repeated(row[:, :2])[beside]
        copied = (_is_repeated(row) & (voters[:, 1] >= 0))[beside]
        far = np.abs(here - own) >= _LEAST_APART
        found[rows, index] = (known & far) | copied | _exchanged(place[rows] + grid.poll[rows] * _POLL, here, own)
    return found


def _is_repeated(rows: Ints) -> Bools:
    """Select rows that are there more than once."""
    _, which, times = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(times[which.reshape(-1)] > 1, np.bool_)


def _exchanged(place: Ints, stated: Ints, listed: Ints) -> Bools:
    """Select bureaux that have exchanged registered voters with another one of their commune."""
    apart = (place + stated)[:, None] - place - listed
    near = np.abs(apart) * _NEARER <= np.abs(stated - listed)[:, None]
    return np.asarray((near & near.T).any(axis=1), np.bool_)


_OF_A_ROW = (SIGNATURES, FOUND, VALID)
"""Counts that two bureaux of a commune seldom have alike."""
_TELLING = 20
"""Such a count from which on it is not another bureau's by chance, as many are."""


def otherwise(grid: SideBySide, found: Sequence[Sequence[Supported]]) -> Bools:
    """Select bureaux with figures that may have come about otherwise; shape ``(n,)``.

    A figure that no slip of the pen makes is what another bureau of the commune has in that column: a row may have
    slipped.
    """
    result: Bools = np.zeros(len(found), np.bool_)
    for at, told in ((at, told) for at, each in enumerate(found) for told in each if told.operation.cause in NO_SLIP):
        result[at] |= _is_elsewhere(grid, at, told.operation)
    return result


def _is_elsewhere(grid: SideBySide, at: int, operation: PieceOperation) -> bool:
    """Check that it is one count that tells whose row it is of, and that another bureau of the commune has it."""
    [column, *more] = operation.changes
    stated = grid.figures[at, operation.piece, column]
    if more or column not in _OF_A_ROW or stated < _TELLING:
        return False
    return bool((_beside(grid, at)[:, :, column] == stated).any())


def _beside(grid: SideBySide, at: int) -> Ints:
    """The figures of the other bureaux of a bureau's commune in its poll, shape ``(bureaux, pieces, columns)``."""
    around = grid.around
    others = (around.commune == grid.commune[at]) & (around.unit != grid.unit[at])
    return np.asarray(around.figures[others], np.int64)


_LEAST_BESIDE = 3
"""Other bureaux at least that have figures of a column."""


def far_from_others(grid: SideBySide, found: Sequence[Sequence[Supported]]) -> list[list[Supported]]:
    """Call those operations undecided that give a bureau a share of votes, or of blank or null ones, as no other has.

    One that has a true zero, or the only large figure, takes any deficit or surplus of its row.
    """
    return [
        [replace(told, rests=told.rests or _is_far(grid, at, told)) for told in each] for at, each in enumerate(found)
    ]


def _is_far(grid: SideBySide, at: int, told: Supported) -> bool:
    """Check that a corrected share is far from those of all other bureaux, and the one that stands there is not.

    Where nothing but a sum says it, the one that stands there has to be far: among many figures one fits by chance.
    """
    operation, cast = told.operation, told.explanation.truth[FOUND]
    for column, becomes in operation.changes.items():
        if column in (SIGNATURES, FOUND, VALID) or becomes < 0:
            continue
        beside = _beside(grid, at)[:, operation.piece][:, [column, FOUND]]
        beside = beside[(beside >= 0).all(axis=1)]
        rows = told.bureau.rows
        alone = all(row[column] != becomes for row in rows) and not fits_total(told.bureau, operation)
        alone &= operation.cause not in SPECIFIC or (column >= VOTES and told.bureau.size > FEW_CHOICES)
        if len(beside) < _LEAST_BESIDE or cast <= 0:
            if alone:
                return True
            continue
        was_far, is_far = (_is_beyond(each, cast, beside) for each in (rows[operation.piece][column], becomes))
        if (is_far or not was_far) if alone else (is_far and not was_far):
            return True
    return False


def _is_beyond(count: int, cast: int, beside: Ints) -> bool:
    """Check that a share of so many votes is some times above, or below, those of all other bureaux."""
    own, theirs = count * beside[:, 1], beside[:, 0] * cast
    return bool((own > FAR_TIMES * theirs).all() or (FAR_TIMES * own < theirs).all())
