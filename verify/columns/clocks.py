"""The machines' clocks, held against the hours that the PVs state: a machine need not keep legal time."""

from __future__ import annotations

import numpy as np

from protocol import civil_time
from verify.columns.day_parts import paper_part
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints

HOURS = {"ouverture": "opening", "cloture": "closing"}
"""The hours of a PV, and what an export calls them."""


def one_machine(evidence: LinedEvidence) -> Bools:
    """Find bureaux with one machine, ``(units, polls)``; of two, an export or an image may have been lost."""
    sealed = np.broadcast_to(evidence.universe.parts[:, None] <= 1, evidence.shape)
    return sealed if evidence.exports is None else sealed & (evidence.exports.counts.parts == 1)


def clocks_off(evidence: LinedEvidence) -> dict[str, Ints] | None:
    """By the PV's hour, the exports of one machine's whole day whose clock leaves it; None without exports or PVs."""
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
