"""PVs whose counts stand one column off: a cell of the form was skipped, or filled in twice."""

from __future__ import annotations

import numpy as np

from verify.model.evidence import LinedEvidence
from verify.model.figures import BLANK, MISSING, Bools, Ints, absent, hits, total
from verify.model.machine_evidence import MachineCounts

LEFT, RIGHT = -1, 1
"""Cells by which a row's figures stand aside."""


def shifted_records(evidence: LinedEvidence) -> Ints | None:
    """Find the counts of a PV that stand one column off, as `shift_of` has it, ``(units, polls)``; None without PVs."""
    if evidence.records is None:
        return None
    stated = {name: figures.values for name, figures in evidence.records.figures.items()}
    votes = absent((*evidence.shape, 1)) if evidence.votes is None else evidence.votes.values
    return shift_of(stated, votes, evidence.contests.sizes(), evidence.machines)


def shift_of(stated: dict[str, Ints], votes: Ints, sizes: Ints, machines: MachineCounts | None) -> Ints:
    """Find the counts of a PV that stand one column too far to the left or right; shape ``(units, polls)``.

    A PV adds up in its own columns (votes found are blank, null and valid votes). Here it does not, and does one column
    beside them; the votes by choice and the machine's counts, where there are any, say the same.

    Args:
        stated: signatures, votes found, blank, null and valid votes of the PVs by column, each ``(units, polls)``.
        votes: of each choice by the PVs, shape ``(units, polls, width)``.
        sizes: number of choices, shape ``(units, polls)``.
        machines: what the machines counted.

    Returns:
        `LEFT`, `RIGHT`, or 0.
    """
    names = ("signatures", "votes_found", "blank", "null", "valid")
    found, blank, null, valid = (stated[name] for name in names[1:])
    wrong = found != blank + null + valid
    for values in (blank, null, valid):
        if values.min(initial=0) < 0:
            wrong |= values < 0
    at = hits(wrong)
    if not len(at[0]):
        return np.broadcast_to(np.int64(0), found.shape)  # takes no room
    result = np.zeros(found.shape, np.int64)
    signed, found, blank, null, valid = (stated[name][at] for name in names)
    by_choice = np.where(((votes[at] >= 0).sum(axis=1) == sizes[at]) & (sizes[at] > 0), total(votes[at]), BLANK)
    cast, machine_blank = (
        (np.full(len(found), MISSING), np.full(len(found), MISSING))
        if machines is None
        else (machines.cast.values[at], machines.blank.values[at])
    )
    left = _known(signed, found, blank, null) & (signed == found + blank + null) & (found < null)
    left &= _agrees(by_choice, null) & _agrees(cast, signed) & _agrees(machine_blank, found)
    left &= (valid == BLANK) | (by_choice >= 0)
    right = _known(blank, null, valid, by_choice) & (blank == null + valid + by_choice) & (null < blank)
    right &= (by_choice > 0) & _agrees(cast, blank) & _agrees(machine_blank, null)
    result[at] = np.where(left, LEFT, np.where(right, RIGHT, 0))
    return result


def _known(*values: Ints) -> Bools:
    return np.asarray(np.logical_and.reduce([each >= 0 for each in values]), np.bool_)


def _agrees(one: Ints, other: Ints) -> Bools:
    """Mark where two figures are equal, or the first is not known."""
    return np.asarray((one < 0) | (one == other), np.bool_)
