"""The hand count of a paper bureau (dépouillement), as the procedure has it.

Signatures are counted first; then the urn is opened, the envelopes are counted and compared with the signatures.
Bundles of 100 go into sealed envelopes. At each table one teller opens, one reads aloud, two note; their sheets are
compared after each bundle, and where they differ it is read again. Doubtful ballots are decided by the bureau.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.arrays import Ints
from sim import parameters
from sim.streams import RandomStream

BUNDLE = 100
"""Envelopes in a bundle (Code électoral; from memory, L65)."""


@dataclass(frozen=True, slots=True)
class HandCount:
    """Result of the tellers' count.

    Attributes:
        blank, null, votes: as decided and noted; ``votes`` in panel order.
        misread: of each ballot that was read aloud wrongly, what it was and what was noted.
    """

    blank: int
    null: int
    votes: tuple[int, ...]
    misread: tuple[tuple[int, int], ...]


def count(urn: Ints, choices: int, misread_rate: float, random: RandomStream) -> HandCount:
    """Count an urn: ``urn[0]`` blank ballots, one entry for each choice, the last one those to be decided on.

    Args:
        urn: shape ``(choices + 2,)``, in ballots.
        choices: number of choices.
        misread_rate: ballots read aloud as another choice, which nobody notices.
        random: draws the order of the envelopes and what the tellers get wrong.
    """
    ballots = np.repeat(np.arange(choices + 2), urn)
    random.shuffle(ballots)
    sums = np.zeros(choices + 2, np.int64)
    misread: list[tuple[int, int]] = []
    for start in range(0, len(ballots), BUNDLE):
        bundle = ballots[start : start + BUNDLE]
        aloud = bundle.copy()
        wrong = (random.random(len(bundle)) < misread_rate) & (bundle > 0) & (bundle <= choices)
        for at in np.flatnonzero(wrong & (choices > 1)):
            other = random.number(1, choices)
            aloud[at] = other + (other >= bundle[at])
            misread.append((int(bundle[at]), int(aloud[at])))
        while True:
            first, second = (_note(aloud, choices, random) for _ in range(2))
            if (first == second).all() and (first == np.bincount(aloud, minlength=choices + 2)).all():
                break  # that both err alike is left out: a fault has to be in the truth
        sums += first
    admitted = int(random.binomial(sums[-1], parameters.DOUBTFUL_ADMITTED))
    return HandCount(
        blank=int(sums[0]) + admitted,
        null=int(sums[-1]) - admitted,
        votes=tuple(int(votes) for votes in sums[1:-1]),
        misread=tuple(misread),
    )


def _note(aloud: Ints, choices: int, random: RandomStream) -> Ints:
    """One teller's sheet for one bundle, shape ``(choices + 2,)``: now and then a stroke stands in another line."""
    heard = aloud.copy()
    slips = np.flatnonzero(random.random(len(heard)) < parameters.NOTING_SLIP)
    heard[slips] = random.integers(0, choices + 2, len(slips))
    return np.bincount(heard, minlength=choices + 2)
