"""Null votes in the PVs of machine bureaux: a machine takes none."""

from __future__ import annotations

import numpy as np

from verify.columns.counts import signatures
from verify.columns.day_parts import paper_part
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Ints, absent
from verify.model.universe import MACHINE, UNKNOWN


def all_by_machine(evidence: LinedEvidence) -> Bools:
    """Where all votes were on a machine, by the list, or without one by a count of a machine; ``(units, polls)``."""
    counting = np.broadcast_to(evidence.universe.counting[:, None], evidence.shape)
    machines = counting == MACHINE
    if evidence.machines is not None:
        machines = machines | ((counting == UNKNOWN) & evidence.machines.cast.known)
    return np.asarray(machines & (evidence.once(paper_part) == 0), np.bool_)


def machine_gap(evidence: LinedEvidence) -> Ints:
    """By how much signatures and the machines' votes differ, MISSING where not both are known; ``(units, polls)``."""
    signed = evidence.once(signatures)
    if signed is None or evidence.machines is None:
        return absent(evidence.shape)
    cast = evidence.machines.cast
    return np.where(signed.known & cast.known, np.abs(signed.values - cast.values), MISSING)


def booked_as_null(evidence: LinedEvidence) -> Bools:
    """Where the null votes of a PV are the votes found that the machine lacks; shape ``(units, polls)``."""
    if evidence.records is None or evidence.machines is None:
        return np.zeros(evidence.shape, np.bool_)
    null, found, cast = evidence.records["null"], evidence.records["votes_found"], evidence.machines.cast
    return np.asarray(found.known & cast.known & (null.values == found.values - cast.values), np.bool_)
