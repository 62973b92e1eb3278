"""Spread of a choice's shares between communes, and between bureaux of one, without the effect of chance.

Votes are compared in pairs: two votes of one bureau are for one choice more often than two votes of two bureaux of its
commune, and these more often than two of two communes. Where shares are lognormal, how much more often is the
exponential of the variance of their logarithm; chance has no part in it, however few the votes are.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace

import numpy as np

from protocol.arrays import Floats, Ints
from sim.bureaux import machine_bureaux, machine_communes
from sim.elections import SCENARIOS, Scenario, choices_of
from sim.voters import draw_choices

YEAR = 2017


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations of the logarithm of a choice's share, by choice: of communes, of bureaux within a commune."""

    commune: tuple[float, ...]
    bureau: tuple[float, ...]


ROUNDS: tuple[Scenario, ...] = (
    SCENARIOS[YEAR],
    replace(
        SCENARIOS[YEAR],
        round=2,
        profile="2017-P2",
        candidates=choices_of(SCENARIOS[YEAR].id, 2),
    ),
)
"""Of 2017; the second as far as shares are concerned."""
OBSERVED: tuple[Spread, ...] = (
    Spread(
        commune=(0.29, 0.50, 0.23, 0.34, 0.44, 0.32, 0.21, 0.46, 0.35, 0.33, 0.39),
        bureau=(0.20, 0.21, 0.15, 0.16, 0.31, 0.32, 0.00, 0.22, 0.20, 0.29, 0.31),
    ),
    Spread(commune=(0.19, 0.45), bureau=(0.09, 0.15)),
)
"""Of each of `ROUNDS`, in hundredths: `spread` of the ministry's results of the 1,377 bureaux of the 62 communes where
all vote by machine. A test measures it again where the results are at hand."""


def spread(nights: list[tuple[Ints, Ints]]) -> Spread:
    """Measure it, on average over nights. In communes of fewer than ten bureaux it comes out a little low.

    Args:
        nights: of each, the valid votes by bureau and choice, shape ``(bureaux, choices)``, and a number of each
            bureau's commune from 0 up, shape ``(bureaux,)``; at least two communes of two bureaux.
    """
    variances = np.mean([_variances(votes, commune) for votes, commune in nights], axis=0)
    commune, bureau = (tuple(math.sqrt(max(each, 0.0)) for each in row) for row in variances.tolist())
    return Spread(commune, bureau)


def _variances(votes: Ints, commune: Ints) -> Floats:
    """Of communes and of bureaux, shape ``(2, choices)``; one where there is less than chance gives is negative."""
    valid = votes.sum(axis=1, keepdims=True)
    several = np.bincount(commune) > 1
    total, apart, together = (each[several] for each in _pairs(votes, commune))
    all_valid, valid_apart, valid_together = (each[several] for each in _pairs(valid, commune))
    # a commune weighs by its bureaux, and not by how many votes the choice has there
    weight = (np.bincount(commune)[several] - 1)[:, None] / np.maximum(total * (total - 1), 1)
    bureau = (weight * together).sum(axis=0) / (weight * apart / valid_apart * valid_together).sum(axis=0)
    share = total / all_valid
    of_two = (share.sum(axis=0) ** 2 - (share**2).sum(axis=0)) / (len(share) * (len(share) - 1))
    return np.log(np.array([(apart / valid_apart).mean(axis=0) / of_two, bureau]))


def _pairs(votes: Ints, commune: Ints) -> tuple[Floats, Floats, Floats]:
    """Votes, and ordered pairs of them in two bureaux and in one, of each commune; shape ``(communes, choices)``."""
    total = _by_commune(votes, commune)
    return total, total**2 - _by_commune(votes**2, commune), _by_commune(votes * (votes - 1), commune)


def _by_commune(counts: Ints, commune: Ints) -> Floats:
    sums = np.zeros((int(commune.max()) + 1, counts.shape[1]))
    np.add.at(sums, commune, counts)
    return sums


@functools.cache
def simulate_spread(scenario: Scenario, nights: int, seed: int = 1) -> Spread:
    """Compute the `spread` of simulated nights in the communes of the observed one."""
    return spread([_night(seed + night, scenario) for night in range(nights)])


def _night(seed: int, scenario: Scenario) -> tuple[Ints, Ints]:
    votes, commune = [], []
    full = [each for each in machine_communes(YEAR) if each.machine_bureaux == each.bureaux]
    for at, each in enumerate(full):
        for bureau in machine_bureaux(seed, scenario, each):
            cast = draw_choices(seed, scenario, bureau, round(bureau.registered * scenario.turnout))
            votes.append(np.bincount(cast, minlength=len(scenario.candidates) + 1)[1:])
            commune.append(at)
    return np.array(votes, np.int64), np.array(commune, np.int64)
