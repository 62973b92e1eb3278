"""Communes of which most bureaux contradict themselves: where something is looked for that all of their rows have."""

from __future__ import annotations

import numpy as np

from verify.cases.drafting import Drafting
from verify.cases.subjects import FIGURES, GAPS, FoundAt
from verify.columns.counts import gap
from verify.explanations.side_by_side import LIST, PUBLISHED, RECORD
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints

LACKING = {"C105": LIST, "C106": RECORD, "C107": PUBLISHED}
"""Findings that a bureau has no row, and the piece that has none."""
SMALL = 9
"""A gap below it is told as a gap, without a look at what could make it."""
_OF_ROWS = FIGURES - GAPS - {"R213"}
_MOST = 20_000
"""Bureaux of such communes; of more nothing is looked for in whole communes."""


def communes_wrong(evidence: LinedEvidence, drafting: Drafting, places: FoundAt) -> tuple[Ints, Ints]:
    """The bureaux of communes in which most contradict themselves, by more than a small gap; units and polls."""
    free = drafting.free() & (places.unit >= 0)
    here, without = (free & drafting.keys.of(*codes) for codes in (_OF_ROWS, LACKING))
    gaps = evidence.once(gap)
    wrong = np.zeros(evidence.shape, np.bool_) if gaps is None else np.abs(gaps.values) >= SMALL
    wrong[places.unit[here], places.poll[here]] = True
    lacking: Bools = np.zeros(evidence.shape, np.bool_)
    lacking[places.unit[without], places.poll[without]] = True
    commune = evidence.universe.commune_number
    of = np.bincount(commune)
    looked_at: Bools = np.zeros(evidence.shape, np.bool_)
    for poll in np.flatnonzero(wrong.any(axis=0)).tolist():
        contradicting, rowless = (
            np.bincount(commune[each[:, poll]], minlength=len(of)) for each in (wrong, lacking & ~wrong)
        )
        looked_at[:, poll] = ((contradicting > 0) & (2 * (contradicting + rowless) > of))[commune]
    if np.count_nonzero(looked_at) > _MOST:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    unit, poll_of = looked_at.nonzero()
    return unit.astype(np.int64), poll_of.astype(np.int64)
