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

from verify.materiality.contest import ContestCount
from verify.materiality.outcome import ContestOutcome, decide
from verify.materiality.sums import BallotMoves, SeatTrial, Sum
from verify.materiality.wording import SHOWN


class ContestVerdict(Enum):
    """Verdict on a change; `CANNOT_TELL` if the known figures do not decide it."""

    MATERIAL = "material"
    NOT_MATERIAL = "not material"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Deduction:
    """Result of the deduction.

    Attributes:
        bureaux: the first bureaux with an excess. ``of_each``: K of every one.
        beyond, explained, contested: the parts of K, in votes: K = beyond - explained + contested + over.
        over: by how much K is more for votes beyond the voters of the same paper.
        excess: K.
        taken: what of K can leave the valid votes: no bureau can lose more than it has.
        added: ballots that come: lost, wrongly declared void, or of voters kept from voting.
        deficit: signatures without a vote; they deduct nothing.
        outcome: before.
        trials: in turn each choice; more than one where the rest of K can be taken in ways that matter.
        by_leader: for information, K taken in each bureau from its own leader, and what comes given to the runner-up.
        verdict: of the trials; ``lacking`` says what is not known where it cannot be told: ``kind``, ``registered``,
            ``votes`` (by choice, of a bureau with an excess) or ``seats``.
    """

    bureaux: tuple[str, ...]
    of_each: tuple[int, ...]
    beyond: int
    explained: int
    contested: int
    over: int
    excess: int
    taken: int
    added: int
    deficit: int
    outcome: ContestOutcome | None
    trials: tuple[SeatTrial, ...]
    by_leader: SeatTrial | None
    verdict: ContestVerdict
    lacking: str = ""

    @property
    def reordered(self) -> SeatTrial | None:
        """The first trial in which those who go on come in another order."""
        return next((trial for trial in self.trials if trial.reorders), None)


def kinds_of(deduction: Deduction) -> str:
    """The kinds of sums that a deduction is of, by the letters of `docs/guide/materiality.md`, with spaces between."""
    is_of = {
        "A C": deduction.beyond > deduction.explained,
        "D": deduction.contested > 0,
        "E I": deduction.added > 0,
        "H": deduction.over > 0,
        "J": deduction.explained > 0,
        "L": deduction.reordered is not None,
    }
    return " ".join(letters for letters, is_so in is_of.items() if is_so)


def lacking(count: ContestCount) -> str:
    """Name the first missing prerequisite of a decision: ``kind``, ``way``, ``registered``, or nothing."""
    if count.ballot is None:
        return "way" if count.doubtful else "kind"
    needs_registered = count.ballot.kind.threshold_of_registered and not count.ballot.final
    return "registered" if needs_registered and count.totals.registered is None else ""


def deduct(count: ContestCount) -> Deduction:
    """V501 for one contest."""
    bureaux = count.bureaux
    excess = bureaux.excess
    rows = np.flatnonzero(excess > 0)
    beyond = np.maximum(bureaux.gap, 0)
    lacks = lacking(count)
    outcome: ContestOutcome | None = None
    trials: tuple[SeatTrial, ...] = ()
    by_leader: SeatTrial | None = None
    deficit = int(np.maximum(-bureaux.gap, 0).sum())
    verdict = ContestVerdict.CANNOT_TELL
    moves = BallotMoves(bureaux, count.ballot is not None and count.ballot.kind.several_names)
    if count.ballot is not None and not lacks:
        outcome = decide(count.ballot, count.totals)
        judged = Sum(count.ballot, count.totals, outcome, moves)
        trials = judged.trials()
        if moves.taken and not count.ballot.kind.several_names:
            by_leader = _by_leader(judged)
        if any(trial.changes for trial in trials):
            verdict = ContestVerdict.MATERIAL
        elif count.scope.unplaced:
            lacks = "votes"
        elif outcome.seats_unknown and moves:
            lacks = "seats"
        else:
            verdict = ContestVerdict.NOT_MATERIAL
    return Deduction(
        bureaux=bureaux.names.of(rows[:SHOWN]),
        of_each=tuple(excess[rows].tolist()),
        beyond=int(beyond.sum()),
        explained=int(np.minimum(beyond, bureaux.explained).sum()),
        contested=int(bureaux.contested.sum()),
        over=int(np.maximum(bureaux.over - np.maximum(bureaux.gap - bureaux.explained, 0), 0).sum()),
        excess=int(excess.sum()),
        taken=moves.taken,
        added=moves.added,
        deficit=deficit,
        outcome=outcome,
        trials=trials,
        by_leader=by_leader,
        verdict=verdict,
        lacking=lacks,
    )


def _by_leader(judged: Sum) -> SeatTrial:
    """K taken in each bureau from its leader, and what comes given to the runner-up."""
    losses, runner_up = list(judged.moves.by_leader()), _runner_up(judged)
    added = 0 if runner_up is None else judged.moves.added
    if runner_up is not None:
        losses[runner_up] -= added
    return judged.trial(None, runner_up if added else None, tuple(losses), judged.moves.taken - added)


def _runner_up(judged: Sum) -> int | None:
    """The best placed choice that is not elected or qualified, None where there is none."""
    through, votes = judged.before.elected | judged.before.qualified, judged.totals.votes
    others = [choice for choice in range(len(votes)) if choice not in through]
    return max(others, key=lambda choice: votes[choice], default=None)
