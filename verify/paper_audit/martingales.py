"""Tests of a mean by draws, valid whenever one looks: each gives the measured risk after every draw.

The null hypothesis is that the mean of the population is at most 1/2. A test multiplies a stake T by a factor of mean
at most 1 under it, so that 1/T bounds the chance of ever getting so far if the hypothesis is true (Ville). Stakes are
kept as logarithms. Draws run along the last axis of every array; other axes are audits side by side.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MAX_LOSS = 0.9
"""Share of the stake that a bet may lose at most: with all of it, one paper of value 0 would end the audit for good."""


def null_means(values: Reals, cards: int) -> Reals:
    """The largest mean of what is not drawn yet, under the null hypothesis, before each draw.

    Args:
        values: of the draws, shape ``(…, draws)``.
        cards: size of the population.
    """
    before = np.cumsum(values, -1) - values
    return (cards / 2 - before) / (cards - np.arange(values.shape[-1]))


def _log_stakes(factors: Reals, means: Reals, upper: float, refuted: Bools) -> Reals:
    """Logarithms of the stakes: without limit where the null is refuted, nothing where it has become certain."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.maximum(factors, 0))
    certain = np.logical_or.accumulate((means > upper) | (factors <= 0), -1)
    running = np.cumsum(np.where(np.isfinite(logs), logs, 0), -1)
    return np.where(refuted, np.inf, np.where(certain, -np.inf, running))


def risks(log_stakes: Reals) -> Reals:
    """The measured risk at each draw: the least of 1/T so far, and at most 1."""
    return np.exp(-np.maximum(np.maximum.accumulate(log_stakes, -1), 0))


def bet(values: Reals, upper: float, cards: int, stake: float | None = None) -> Reals:
    """Logarithms of the stakes of betting on a mean above 1/2: T is multiplied by 1 + λ(x − μ).

    The bet ends where the null hypothesis is impossible: what is drawn sums to more than half of the population.

    Args:
        values: of the draws in their order, between 0 and ``upper``.
        upper: the greatest value that there can be.
        cards: size of the population.
        stake: λ, at most `MAX_LOSS` of 1/μ at each draw; None for just that.
    """
    means = null_means(values, cards)
    with np.errstate(divide="ignore", invalid="ignore"):
        most = MAX_LOSS * np.where(means > 0, 1 / means, np.inf)
        lam = most if stake is None else np.minimum(stake, most)
        return _log_stakes(1 + lam * (values - means), means, upper, np.cumsum(values, -1) > cards / 2)


def batch_stakes(taints: Reals, bounds: Reals, total: float) -> Reals:
    """Logarithms of the stakes of the Kaplan-Markov test (Stark 2009) of bureaux drawn by their bounds, none twice.

    Args:
        taints: error of each drawn bureau as a share of its bound, at most 1, in the order of the draws.
        bounds: bound of each of them.
        total: sum of the bounds of all bureaux; the assertion is false where the errors sum to 1.
    """
    right = 1 - taints
    known = np.cumsum(bounds * right, -1)
    left = total - np.cumsum(bounds, -1) + bounds
    means = np.maximum(total - 1 - known + bounds * right, 0) / left
    refuted = known > (total - 1) * (1 + 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _log_stakes(right / means, means, np.inf, refuted)
