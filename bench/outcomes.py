"""Every outcome of a nation's contest (V503): 70,000 bureaux, twelve choices, 2,000 figures that can be read otherwise.

In a first round whose second and third are far apart no comparison can turn, which is a proof; where they are close,
integer programs prove that fewer readings do not change it, if the solver is there.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from bench.timing import verdict
from verify.materiality.contest import BureauNames, Bureaux, ContestCount, Scope
from verify.materiality.deduction import ContestVerdict
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.readings import Option, ReadGroup, every_outcome

BUREAUX, READINGS, SEED = 70_000, 2_000, 1
SHARES = (28, 23, 21, 7, 5, 4, 3, 3, 2, 2, 1, 1)
"""Votes of a hundred for each choice."""
CLOSE = 10_000
"""Votes between the second and the third of the close contest."""
MOST = 2.0
"""Seconds of processor time for each."""


def contest(close: bool) -> tuple[ContestCount, list[ReadGroup]]:
    """A first round with gaps in a twentieth of its bureaux, and readings that move ten votes from second to third."""
    draw = np.random.default_rng(SEED)
    votes = draw.multinomial(600, np.array(SHARES) / sum(SHARES), BUREAUX).astype(np.int64)
    if close:
        votes[0, 2] += int(votes[:, 1].sum() - votes[:, 2].sum()) - CLOSE
    valid, nothing = votes.sum(axis=1), np.zeros(BUREAUX, np.int64)
    gap = np.where(draw.random(BUREAUX) < 0.05, 1, 0)
    bureaux = Bureaux(
        BureauNames(np.arange(BUREAUX).astype(np.str_)),
        registered=valid + 200,
        found=valid + 10,
        signed=valid + 10 - gap,
        valid=valid,
        votes=votes,
        explained=nothing,
        contested=nothing,
        over=nothing,
        kept_out=nothing,
        irregular=np.zeros(BUREAUX, np.bool_),
    )
    groups = []
    for reading, row in enumerate(range(1, READINGS + 1)):
        stands = bureaux.some(np.array([row]))
        moved = stands.votes.copy()
        moved[0, 1:3] += (-10, 10)
        options = (Option(frozenset(), stands), Option(frozenset((reading,)), replace(stands, votes=moved)))
        groups.append(ReadGroup(np.array([row]), options))
    names = tuple(chr(ord("A") + choice) for choice in range(len(SHARES)))
    scope = Scope(BUREAUX, BUREAUX, BUREAUX, closed=True)
    return ContestCount(names, Ballot(ElectionKind.PRESIDENTIAL, 1), bureaux, bureaux.totals(), scope), groups


def main() -> bool:
    """Measure; whether both bounds held and each verdict is what it must be."""
    held = True
    for name, close, expected in (
        ("far apart", False, ContestVerdict.NOT_MATERIAL),
        ("close", True, ContestVerdict.MATERIAL),
    ):
        count, groups = contest(close)
        start = time.process_time()
        every = every_outcome(count, groups)
        seconds = time.process_time() - start
        fewest = len(every.others[0].readings) if every.others else 0
        print(f"{name}: {every.verdict.value}, complete: {every.complete}, fewest readings: {fewest}")
        held &= verdict(f"seconds, second and third {name}", seconds, MOST) and every.verdict is expected
    return held
