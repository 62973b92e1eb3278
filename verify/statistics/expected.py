"""Residuals of values after a linear fit on another figure of the same units."""

from __future__ import annotations

import numpy as np

from verify.model.figures import Ints
from verify.statistics.distributions import Floats
from verify.statistics.leave_one_out import CONSISTENT


def centred(values: Floats, group: Ints) -> Floats:
    """Less the mean of their group.

    Args:
        values: finite, shape ``(m,)``.
        group: a number from 0 up of each, shape ``(m,)``.
    """
    return np.asarray(values - (np.bincount(group, values) / np.maximum(np.bincount(group), 1))[group], np.float64)


def expected(values: Floats, before: Floats, group: Ints) -> Floats:
    """Fit values by the columns of ``before``, shape ``(m, k)``: least squares within the groups."""
    others = np.stack([centred(column, group) for column in before.T], axis=1)
    slopes = np.linalg.lstsq(others, centred(values, group), rcond=None)[0]
    return np.asarray(before @ slopes, np.float64)


def spread(values: Floats, group: Ints) -> float:
    """Robust standard deviation within the groups."""
    return CONSISTENT * float(np.median(np.abs(centred(values, group))))
