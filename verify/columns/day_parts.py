"""The parts of a bureau's day: what was cast on paper beside its machines, and whether all of them make up its PV."""

from __future__ import annotations

import numpy as np

from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints

_ENOUGH = 50
"""Votes from which on two machines do not count the same for every choice by chance."""


def paper_part(evidence: LinedEvidence) -> Ints:
    """Votes that the PV says were cast on paper in a machine bureau, 0 where it says nothing; ``(units, polls)``."""
    if evidence.records is None:
        return np.zeros(evidence.shape, np.int64)
    paper = evidence.records["paper"]
    return np.where(paper.known, paper.values, 0)


def alike(evidence: LinedEvidence) -> list[tuple[int, int]]:
    """Pairs of exports of two parts of one day that have the same votes for every choice."""
    exports = evidence.exports
    if exports is None:
        return []
    columns, found = exports.columns, []
    several = np.flatnonzero(exports.used & (columns["cast"] >= _ENOUGH))
    several = several[exports.counts.parts[exports.unit[several], exports.poll[several]] > 1]
    seen: dict[tuple[int, int, bytes], int] = {}
    for record in several.tolist():
        votes = columns["tallies"][record].tobytes() + columns["blank"][record].tobytes()
        first = seen.setdefault((int(exports.unit[record]), int(exports.poll[record]), votes), record)
        if first != record:
            found.append((first, record))
    return found


def apart(evidence: LinedEvidence) -> Bools:
    """Find days in several parts that differ from the PV's votes found, or repeat a part.

    Shape ``(units, polls)``.
    """
    wrong = evidence.once(not_the_record).copy()
    for first, _ in evidence.once(alike):
        if evidence.exports is not None:
            wrong[evidence.exports.unit[first], evidence.exports.poll[first]] = True
    return wrong


def not_the_record(evidence: LinedEvidence) -> Bools:
    """Find days in several parts that do not add up to the PV's votes found; shape ``(units, polls)``."""
    machines, records = evidence.machines, evidence.records
    if machines is None or records is None:
        return np.zeros(evidence.shape, np.bool_)
    found, paper, cast = records["votes_found"], evidence.once(paper_part), machines.cast
    several = (machines.parts > 1) | (paper > 0)
    return np.asarray(several & found.known & cast.known & (found.values != cast.values + paper), np.bool_)
