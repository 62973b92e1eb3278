"""Doubts: evidence that may be another bureau's or damaged, and shares such as no other bureau has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from verify.cases.subjects import FoundAt
from verify.explanations.certainty import SPECIFIC, Supported, fits_total
from verify.explanations.side_by_side import (
    FOUND,
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
