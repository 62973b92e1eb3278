"""V501: votes beyond signatures or voters are taken, in turn, from each choice that may have had them. What changes?

The judge's method: nobody knows whose the votes were, so they are taken where it hurts. K_b, the excess of one bureau,
leaves its valid votes, at most as many from a choice as it has there; K is the sum over bureaux and is never netted.
The verdict is exact: material if and only if some way of taking the votes changes who is elected or qualified. For two
choices the worst way takes the most from one and the least from the other, bureau by bureau, and those are all tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from verify.materiality.contest import ContestCount, NamedBureaux
from verify.materiality.kinds import Ballot
from verify.materiality.outcome import ContestOutcome, Totals, decide
from verify.model.figures import Ints


class ContestVerdict(Enum):
    """Whether something would change; `CANNOT_TELL` where what is known does not decide it."""

    MATERIAL = "material"
    NOT_MATERIAL = "not material"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class SeatTrial:
    """One way of taking the excess: first from one choice, last from another, and what that comes to.

    Attributes:
        first: the choice that they are taken from as far as it has votes in each bureau.
        spared: the choice that they are taken from last, None where it does not matter.
        losses: votes taken from each choice; negative in a trial that gives votes.
        totals: after.
        outcome: of these totals.
        changes: whether it differs from the outcome before.
    """

    first: int
    spared: int | None
    losses: tuple[int, ...]
    totals: Totals
    outcome: ContestOutcome
    changes: bool


@dataclass(frozen=True, slots=True)
class Deduction:
    """What the deduction comes to.

    Attributes:
        bureaux: each bureau with an excess. ``of_each``: its K.
        beyond, explained, contested: the parts of K, in votes: K = beyond - explained + contested + over.
        over: by how much K is more for votes beyond the voters of the same paper.
        excess: K.
        taken: what of K can leave the valid votes: no bureau can lose more than it has.
        deficit: signatures without a vote; they deduct nothing.
        outcome: before.
        trials: in turn each choice; more than one where the rest of K can be taken in ways that matter.
        given: for information, all of the deficit given to the runner-up.
        verdict: of the trials; ``lacking`` says what is not known where it cannot be told: ``kind``, ``registered``,
            ``votes`` (by choice, of a bureau with an excess) or ``seats``.
    """

    bureaux: NamedBureaux
    of_each: tuple[int, ...]
    beyond: int
    explained: int
    contested: int
    over: int
    excess: int
    taken: int
    deficit: int
    outcome: ContestOutcome | None
    trials: tuple[SeatTrial, ...]
    given: SeatTrial | None
    verdict: ContestVerdict
    lacking: str = ""


def lacking(count: ContestCount) -> str:
    """What is not known and needed before anything can be decided: ``kind``, ``way``, ``registered``, or nothing."""
    if count.ballot is None:
        return "way" if count.doubtful else "kind"
    needs_registered = count.ballot.kind.of_registered and not count.ballot.final
    return "registered" if needs_registered and count.totals.registered is None else ""


def deduct(count: ContestCount) -> Deduction:
    """V501 for one contest."""
    bureaux = count.bureaux
    excess = bureaux.excess
    rows = np.flatnonzero(excess > 0)
    beyond = np.maximum(bureaux.gap, 0)
    can_leave = np.minimum(excess[rows], bureaux.valid[rows])
    lacks = lacking(count)
    outcome: ContestOutcome | None = None
    trials: tuple[SeatTrial, ...] = ()
    given: SeatTrial | None = None
    deficit = int(np.maximum(-bureaux.gap, 0).sum())
    verdict = ContestVerdict.CANNOT_TELL
    if count.ballot is not None and not lacks:
        outcome = decide(count.ballot, count.totals)
        losses = _Losses(can_leave, bureaux.valid[rows], bureaux.votes[rows], count.ballot.kind.several_names)
        trials = _trials(count.ballot, count.totals, outcome, losses)
        given = _given(count.ballot, count.totals, outcome, deficit) if deficit else None
        if any(trial.changes for trial in trials):
            verdict = ContestVerdict.MATERIAL
        elif count.scope.unplaced:
            lacks = "votes"
        elif outcome.seats_unknown and can_leave.any():
            lacks = "seats"
        else:
            verdict = ContestVerdict.NOT_MATERIAL
    return Deduction(
        bureaux=NamedBureaux(bureaux.names, rows),
        of_each=tuple(excess[rows].tolist()),
        beyond=int(beyond.sum()),
        explained=int(np.minimum(beyond, bureaux.explained).sum()),
        contested=int(bureaux.contested.sum()),
        over=int(np.maximum(bureaux.over - np.maximum(bureaux.gap - bureaux.explained, 0), 0).sum()),
        excess=int(excess.sum()),
        taken=int(can_leave.sum()),
        deficit=deficit,
        outcome=outcome,
        trials=trials,
        given=given,
        verdict=verdict,
        lacking=lacks,
    )


class _Losses:
    """How the excess of every bureau can be taken from its choices.

    A ballot names one choice, so that what leaves a bureau is shared among its choices; or it names several candidates,
    so that each of them can lose all of it, and must lose what ballots without its name cannot make up.
    """

    def __init__(self, excess: Ints, valid: Ints, votes: Ints, several_names: bool) -> None:
        self._excess = excess
        self._votes = votes
        self._several = several_names
        most = np.minimum(excess[:, None], votes)
        forced = np.maximum(excess[:, None] - (valid[:, None] - votes), 0)
        self.taken = int(excess.sum())
        self.least = tuple(int(loss) for loss in forced.sum(axis=0))
        self._most = tuple(int(loss) for loss in most.sum(axis=0))
        self._order = np.argsort(-votes.sum(axis=0), kind="stable").tolist()

    def taking(self, first: int, spared: int | None = None) -> tuple[int, ...]:
        """Votes lost by each choice where they are taken from ``first`` as far as it goes and from ``spared`` last."""
        if self._several:
            return tuple(self._most[first] if choice == first else loss for choice, loss in enumerate(self.least))
        left = self._excess.copy()
        losses = [0] * self._votes.shape[1]
        others = [choice for choice in self._order if choice not in (first, spared)]
        for choice in [first, *others, *([] if spared is None else [spared])]:
            loss = np.minimum(left, self._votes[:, choice])
            losses[choice] = int(loss.sum())
            left -= loss
            if not left.any():
                break
        return tuple(losses)


def _trials(ballot: Ballot, totals: Totals, before: ContestOutcome, losses: _Losses) -> tuple[SeatTrial, ...]:
    if not losses.taken:
        return ()
    trials = []
    for first in range(len(totals.votes)):
        taken = losses.taking(first)
        trials.append(_trial(ballot, totals, before, first, None, taken, losses.taken))
        for spared, loss in enumerate(taken):
            if spared != first and loss > losses.least[spared]:
                taken_last = losses.taking(first, spared)
                trials.append(_trial(ballot, totals, before, first, spared, taken_last, losses.taken))
    return tuple(trials)


def _trial(
    ballot: Ballot,
    totals: Totals,
    before: ContestOutcome,
    first: int,
    spared: int | None,
    losses: tuple[int, ...],
    taken: int,
) -> SeatTrial:
    votes = tuple(count - loss for count, loss in zip(totals.votes, losses, strict=True))
    after = Totals(totals.registered, totals.valid - taken, votes)
    outcome = decide(ballot, after)
    return SeatTrial(first, spared, losses, after, outcome, outcome != before)


def _given(ballot: Ballot, totals: Totals, before: ContestOutcome, deficit: int) -> SeatTrial | None:
    """All signatures without a vote given to the runner-up: the best placed choice that is not elected or qualified."""
    through = before.elected | before.qualified
    others = [choice for choice in range(len(totals.votes)) if choice not in through]
    if not others:
        return None
    runner_up = max(others, key=lambda choice: totals.votes[choice])
    gains = tuple(-deficit if choice == runner_up else 0 for choice in range(len(totals.votes)))
    return _trial(ballot, totals, before, runner_up, None, gains, -deficit)
