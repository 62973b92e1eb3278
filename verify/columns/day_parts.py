"""The parts of a bureau's day: what was cast on paper beside its machines, and the clocks of these."""

from __future__ import annotations

import numpy as np

from protocol import civil_time
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.thresholds import ALIKE_VOTES


def paper_part(evidence: LinedEvidence) -> Ints:
    """Votes that the PV says were cast on paper in a machine bureau, 0 where it says nothing; ``(units, polls)``."""
    if evidence.records is None:
        return np.zeros(evidence.shape, np.int64)
    paper = evidence.records["paper"]
    return np.where(paper.known, paper.values, 0)


def alike(evidence: LinedEvidence) -> list[tuple[int, int]]:
    """Find pairs of exports of two parts of one day that have the same votes for every choice."""
    exports = evidence.exports
    if exports is None:
        return []
    columns, found = exports.columns, []
    several = np.flatnonzero(exports.used & (columns["cast"] >= ALIKE_VOTES))
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


HOURS = {"ouverture": "opening", "cloture": "closing"}
"""The hours of a PV, and what an export calls them."""


def one_machine(evidence: LinedEvidence) -> Bools:
    """Find bureaux with one machine, ``(units, polls)``; of two, an export or an image may have been lost."""
    sealed = np.broadcast_to(evidence.universe.parts[:, None] <= 1, evidence.shape)
    return sealed if evidence.exports is None else sealed & (evidence.exports.counts.parts == 1)


def clocks_off(evidence: LinedEvidence) -> dict[str, Ints] | None:
    """Find exports whose clock differs from the hours of the PV, by hour, of days with one machine.

    None without exports or PVs.
    """
    exports, records = evidence.exports, evidence.records
    if exports is None or records is None:
        return None
    used = np.flatnonzero(exports.used)
    at = exports.unit[used], exports.poll[used]
    alone = one_machine(evidence)[at]

    def off(hour: str, name: str) -> Ints:
        moment, stated = exports.columns[name][used], records[hour].values[at]
        apart = np.abs(moment % civil_time.DAY // 60 - stated % (24 * 60))
        apart = np.minimum(apart, 24 * 60 - apart)
        known = (moment >= 0) & (stated >= 0) & alone
        return np.asarray(used[known & (apart > evidence.thresholds.clock_margin)], np.int64)

    return {hour: off(hour, name) for hour, name in HOURS.items()}


def comparable_hours(evidence: LinedEvidence) -> Bools:
    """Find bureaux whose machine hours are the whole bureau's, by the PV's clock; shape ``(units, polls)``."""
    comparable = np.asarray(one_machine(evidence) & (paper_part(evidence) == 0), np.bool_)
    off = evidence.once(clocks_off)
    if off is not None and evidence.exports is not None:
        for records in off.values():
            comparable[evidence.exports.unit[records], evidence.exports.poll[records]] = False
    return comparable
