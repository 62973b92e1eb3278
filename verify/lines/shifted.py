"""PVs whose counts stand one column off: a cell of the form was skipped, or filled in twice."""

from __future__ import annotations

import numpy as np

from verify.figures import BLANK, Bools, Ints, total
from verify.lines.machine_counts import MachineCounts

LEFT, RIGHT = -1, 1


def shift_of(stated: dict[str, Ints], votes: Ints, sizes: Ints, machines: MachineCounts | None) -> Ints:
    """Where the counts of a PV stand one column too far to the left or right; shape ``(units, polls)``.

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
    signed, found, blank, null, valid = (
        stated[name] for name in ("emargements", "votes_trouves", "blancs", "nuls", "exprimes")
    )
    by_choice = np.where(((votes >= 0).sum(axis=2) == sizes) & (sizes > 0), total(votes), BLANK)
    adds_up = _known(found, blank, null, valid) & (found == blank + null + valid)
    left = _known(signed, found, blank, null) & (signed == found + blank + null) & (found < null)
    left &= _agrees(by_choice, null) & _counted(machines, signed, found)
    left &= (valid == BLANK) | (by_choice >= 0)
    right = _known(blank, null, valid, by_choice) & (blank == null + valid + by_choice) & (null < blank)
    right &= (by_choice > 0) & _counted(machines, blank, null)
    return np.where(adds_up, 0, np.where(left, LEFT, np.where(right, RIGHT, 0)))


def _known(*values: Ints) -> Bools:
    return np.asarray(np.logical_and.reduce([each >= 0 for each in values]), np.bool_)


def _agrees(one: Ints, other: Ints) -> Bools:
    """Where two figures are equal, or the first is not known."""
    return np.asarray((one < 0) | (one == other), np.bool_)


def _counted(machines: MachineCounts | None, cast: Ints, blank: Ints) -> Bools:
    """Where these are the machine's votes and blank votes, or it has none."""
    if machines is None:
        return np.ones(cast.shape, np.bool_)
    return np.asarray(_agrees(machines.cast.values, cast) & _agrees(machines.blank.values, blank), np.bool_)
