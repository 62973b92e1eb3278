"""V502: a bureau whose irregularity cannot be explained is taken out whole. What would change?

Every such bureau alone, all of them together, and, since a judge may annul some and not others, further selections: all
there are where the bureaux are few, else for each comparison the one that hurts it most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from verify.materiality.contest import ContestCount, NamedBureaux
from verify.materiality.deduction import ContestVerdict, lacking
from verify.materiality.kinds import Ballot
from verify.materiality.outcome import ContestOutcome, Totals, decide
from verify.model.figures import Ints

FEW = 8
"""Up to so many bureaux, every selection of them is tried."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A selection of bureaux taken out.

    ``roll_kept``: whether their registered voters stay in the contest's roll, as voters do whose votes are annulled, or
    leave it. Both are tried where a threshold is a share of the roll.
    """

    bureaux: tuple[str, ...]
    roll_kept: bool
    totals: Totals
    outcome: ContestOutcome
    changes: bool


@dataclass(frozen=True, slots=True)
class Annulment:
    """What annulling comes to.

    Attributes:
        bureaux: those with an irregularity that cannot be explained.
        outcome: before.
        together: all of them taken out, with the roll kept and without where that matters.
        alone: each by itself that changes the outcome.
        selection: the smallest other selection found that changes it, where neither ``together`` nor ``alone`` does.
        exhaustive: whether every selection was tried.
        verdict, lacking: as in `deduction.Deduction`.
    """

    bureaux: NamedBureaux
    outcome: ContestOutcome | None
    together: tuple[Removal, ...]
    alone: tuple[Removal, ...]
    selection: Removal | None
    exhaustive: bool
    verdict: ContestVerdict
    lacking: str = ""


def annul(count: ContestCount) -> Annulment:
    """V502 for one contest."""
    rows = np.flatnonzero(count.bureaux.irregular)
    names = NamedBureaux(count.bureaux.names, rows)
    exhaustive = len(rows) <= FEW
    lacks = lacking(count)
    if count.ballot is None or lacks:
        return Annulment(names, None, (), (), None, exhaustive, ContestVerdict.CANNOT_TELL, lacks)
    before = decide(count.ballot, count.totals)
    trial = _Removing(count, count.ballot, rows, before)
    everything = np.arange(len(rows))
    together = tuple(trial.without(everything)) if len(rows) else ()
    singles = (removal for one in everything for removal in trial.without(one[None]))
    alone = tuple(removal for removal in singles if removal.changes)
    selection = None
    if not alone and not any(removal.changes for removal in together):
        further = _every_selection(len(rows)) if exhaustive else trial.worst_selections()
        changing = [removal for some in further for removal in trial.without(some) if removal.changes]
        selection = min(changing, key=lambda removal: len(removal.bureaux), default=None)
    verdict = ContestVerdict.NOT_MATERIAL
    if alone or selection is not None or any(removal.changes for removal in together):
        verdict = ContestVerdict.MATERIAL
    elif before.seats_unknown and len(rows):
        verdict, lacks = ContestVerdict.CANNOT_TELL, "seats"
    return Annulment(names, before, together, alone, selection, exhaustive, verdict, lacks)


def _every_selection(bureaux: int) -> Iterator[Ints]:
    for number in range(1, 2**bureaux):
        yield np.array([bit for bit in range(bureaux) if number >> bit & 1], np.int64)


class _Removing:
    """The bureaux that may be taken out of a contest, and what is left without some of them."""

    def __init__(self, count: ContestCount, ballot: Ballot, rows: Ints, before: ContestOutcome) -> None:
        self._ballot = ballot
        self._before = before
        self._totals = count.totals
        bureaux = count.bureaux
        self._names = bureaux.names.of(rows)
        self._registered, self._valid, self._votes = bureaux.registered[rows], bureaux.valid[rows], bureaux.votes[rows]
        on_roll = ballot.kind.of_registered and not ballot.final and bool((self._registered >= 0).all())
        self._rolls = (True, False) if on_roll else (True,)

    def without(self, some: Ints) -> Iterator[Removal]:
        """What is left without some of the bureaux, given by their indices."""
        votes = self._votes[some].sum(axis=0, dtype=np.int64)
        for roll_kept in self._rolls:
            registered = self._totals.registered
            if registered is not None and not roll_kept:
                registered -= int(self._registered[some].sum())
            left = Totals(
                registered,
                self._totals.valid - int(self._valid[some].sum()),
                tuple(all_ - int(gone) for all_, gone in zip(self._totals.votes, votes, strict=True)),
            )
            outcome = decide(self._ballot, left)
            names = tuple(self._names[bureau] for bureau in some.tolist())
            yield Removal(names, roll_kept, left, outcome, outcome != self._before)

    def worst_selections(self) -> Iterator[Ints]:
        """For each comparison that an outcome rests on, the bureaux that push it most, each selection once.

        A comparison is a sum over bureaux, so that those which push it one way are the worst selection for it.
        """
        seen: set[bytes] = set()
        for weights in self._comparisons():
            for mask in (weights > 0, weights < 0):
                if mask.any() and mask.tobytes() not in seen:
                    seen.add(mask.tobytes())
                    yield np.flatnonzero(mask)

    def _comparisons(self) -> Iterator[Ints]:
        choices = range(self._votes.shape[1])
        seats = self._before.seats
        for one in choices:
            mine = self._votes[:, one]
            yield mine
            for parts in (2, 10, 20):
                yield parts * mine - self._valid
            for parts in (4, 8) if len(self._rolls) > 1 else ():
                yield parts * mine - self._registered
            for other in choices:
                yield mine - self._votes[:, other]
                if seats and seats[one]:
                    yield mine * (seats[other] + 1) - self._votes[:, other] * seats[one]
