"""Additions of people to the evidence for judging gaps: explanations, and contested signatures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.columns.counts import signatures, votes_found
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.follow_ups import FollowStatus, FollowUp

_OF_GAPS = frozenset(("", "R201", "R202", "R204", "open-gap", "gap-unmentioned"))
"""Subject of a follow-up that explains a gap."""


@dataclass(frozen=True, slots=True)
class Supplement:
    """Additions of an auditor to the evidence; empty by default.

    Attributes:
        explained: votes beyond signatures with a corroborated explanation, shape ``(units, polls)``.
        contested: contested signatures, shape ``(units, polls)``.
        kept_out: ballots lost or wrongly declared void, and voters kept from voting, shape ``(units, polls)``.
        irregular: where an irregularity cannot be explained, shape ``(units, polls)``. Without it: a gap, in either
            direction, that the PV at hand does not mention.
    """

    explained: Ints | None = None
    contested: Ints | None = None
    kept_out: Ints | None = None
    irregular: Bools | None = None


NOTHING_ADDED = Supplement()


def unmentioned(evidence: LinedEvidence, gap: Ints) -> Bools:
    """Find gaps between votes and signatures that the PV does not mention, shape ``(units, polls)``."""
    if evidence.records is None:
        return np.zeros(evidence.shape, np.bool_)
    return np.asarray((gap != 0) & evidence.records.present & ~evidence.records.mentioned, np.bool_)


def supplement_of(evidence: LinedEvidence) -> Supplement:
    """Take additions from the follow-ups.

    A gap counts as explained where a follow-up says so and names the piece that shows it: as many votes as it says, the
    whole gap where it does not. Signatures count as contested, and ballots or voters as kept out, where a follow-up of
    one bureau says how many.
    """
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if not evidence.weighed or signed is None or found is None:
        return NOTHING_ADDED
    gap = np.where(signed.known & found.known, found.values - signed.values, 0)
    explained, contested, kept_out = np.zeros_like(gap), np.zeros_like(gap), np.zeros_like(gap)
    stated = {FollowStatus.CONTESTED: contested, FollowStatus.KEPT_OUT: kept_out}
    for row in evidence.weighed:
        at = _where(evidence, row)
        if row.corroborated and row.about in _OF_GAPS and (row.bureau or row.number is None):
            most = np.abs(gap[at])
            explained[at] = np.maximum(explained[at], most if row.number is None else np.minimum(row.number, most))
        elif row.status in stated and row.number is not None and row.bureau:
            figures = stated[row.status]
            figures[at] = np.maximum(figures[at], row.number)
    if not explained.any() and not contested.any() and not kept_out.any():
        return NOTHING_ADDED
    irregular = unmentioned(evidence, gap) & (explained < np.abs(gap))
    return Supplement(np.where(gap > 0, explained, 0), contested, kept_out, irregular)


def _where(evidence: LinedEvidence, row: FollowUp) -> tuple[Ints, Ints]:
    """The units and polls that a follow-up is about, as indices for arrays of shape ``(units, polls)``."""
    universe = evidence.universe
    units = np.ones(len(universe), np.bool_)
    if row.insee:
        units &= universe.insee == row.insee
    if row.bureau:
        units &= universe.bureau == row.bureau
    polls = np.array([not row.poll or number == row.poll for number in evidence.polls], np.bool_)
    unit, poll = np.nonzero(units[:, None] & polls)
    return unit, poll
