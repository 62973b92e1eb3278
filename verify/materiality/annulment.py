"""V502: a bureau whose irregularity cannot be explained is taken out whole. What would change?

Every such bureau alone, all of them together, and, since a judge may annul some and not others, every selection: each
bureau can be read as it stands or as one without votes, so that `readings` finds the smallest. All of them are also
taken out in one sum with the votes beyond signatures or voters of the bureaux that stay, as in `deduction` (Conseil
constitutionnel, 81-912 AN, 12 November 1981, and 93-1324 AN, 6 October 1993); and every selection, where none of that
changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from protocol.words import Message, msg, nmsg
from verify.materiality.contest import ContestCount
from verify.materiality.deduction import ContestVerdict, lacking
from verify.materiality.kinds import Ballot
from verify.materiality.outcome import ContestOutcome, Totals, decide
from verify.materiality.readings import Option, ReadGroup, every_outcome
from verify.materiality.steps import (
    before_step,
    conclusion_of,
    describe_change,
    scope_step,
    votes_after,
)
from verify.materiality.sums import BallotMoves, SeatTrial, Sum
from verify.materiality.wording import SHOWN, list_names
from verify.model.figures import Bools, Ints


@dataclass(frozen=True, slots=True)
class Removal:
    """A selection of bureaux taken out.

    ``roll_kept``: whether their registered voters stay in the contest's roll, as voters do whose votes are annulled, or
    leave it. Both are tried where a threshold is a share of the roll. ``rest``: what is taken and given in the bureaux
    that stay, in the way that changes the outcome where one does; None where nothing is, or where it was not tried.
    """

    bureaux: tuple[str, ...]
    roll_kept: bool
    totals: Totals
    outcome: ContestOutcome
    changes: bool
    rest: SeatTrial | None = None

    @property
    def is_material(self) -> bool:
        """True if the outcome changes without the bureaux, or with the deductions in the others as well."""
        return self.changes or (self.rest is not None and self.rest.changes)


@dataclass(frozen=True, slots=True)
class Annulment:
    """Result of annulling bureaux.

    Attributes:
        bureaux: the first of those with an irregularity that cannot be explained. ``number``: of all of them.
        outcome: before.
        together: all of them taken out, with the roll kept and without where that matters, and the rest of the sum.
        alone: each by itself that changes the outcome.
        selection: the smallest other selection found that changes it, where neither ``together`` nor ``alone`` does; by
            itself, else with what is taken and given in the bureaux that stay.
        exhaustive: whether every selection was tried, or need not be.
        verdict, lacking: as in `deduction.Deduction`.
    """

    bureaux: tuple[str, ...]
    number: int
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
    names, lacks = count.bureaux.names.of(rows[:SHOWN]), lacking(count)
    if count.ballot is None or lacks:
        return Annulment(names, len(rows), None, (), (), None, False, ContestVerdict.CANNOT_TELL, lacks)
    before = decide(count.ballot, count.totals)
    trial = _Removing(count, count.ballot, rows, before)
    everything = np.arange(len(rows))
    together = tuple(trial.with_the_rest(each, everything) for each in trial.without(everything)) if len(rows) else ()
    singles = (removal for one in everything for removal in trial.without(one[None]))
    alone = tuple(removal for removal in singles if removal.changes)
    selection, exhaustive = None, True
    if len(rows) and not alone and not any(removal.changes for removal in together):
        selection, exhaustive = trial.smallest_selection(trial.at_rest)
        if selection is None and not any(removal.is_material for removal in together):
            selection, every = trial.smallest_selection(count)
            exhaustive &= every
    verdict = ContestVerdict.NOT_MATERIAL
    if alone or selection is not None or any(removal.is_material for removal in together):
        verdict = ContestVerdict.MATERIAL
    elif before.seats_unknown and len(rows):
        verdict, lacks = ContestVerdict.CANNOT_TELL, "seats"
    return Annulment(names, len(rows), before, together, alone, selection, exhaustive, verdict, lacks)


class _Removing:
    """The bureaux that may be taken out of a contest, and what is left without some of them."""

    def __init__(self, count: ContestCount, ballot: Ballot, rows: Ints, before: ContestOutcome) -> None:
        self._ballot = ballot
        self._before = before
        self._totals = count.totals
        bureaux, nothing = count.bureaux, np.zeros(len(count.bureaux), np.int64)
        at_rest = replace(bureaux, found=bureaux.signed, explained=nothing, contested=nothing, over=nothing)
        self._rows, self._bureaux = rows, bureaux
        self.at_rest = replace(count, bureaux=replace(at_rest, kept_out=nothing))
        self._names = bureaux.names.of(rows)
        self._registered, self._valid, self._votes = bureaux.registered[rows], bureaux.valid[rows], bureaux.votes[rows]
        on_roll = ballot.kind.threshold_of_registered and not ballot.final and bool((self._registered >= 0).all())
        self._rolls = (True, False) if on_roll else (True,)

    def without(self, some: Ints) -> Iterator[Removal]:
        """Remove some bureaux, given by their indices."""
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

    def with_the_rest(self, removal: Removal, some: Ints) -> Removal:
        """Some bureaux taken out, and in the same sum what is taken and given in the others."""
        stay: Bools = np.ones(len(self._bureaux), np.bool_)
        stay[self._rows[some]] = False
        others = BallotMoves(self._bureaux.some(stay), self._ballot.kind.several_names)
        return replace(removal, rest=Sum(self._ballot, removal.totals, self._before, others).worst())

    def smallest_selection(self, count: ContestCount) -> tuple[Removal | None, bool]:
        """The smallest selection that changes the outcome, if one was found, and whether all were tried.

        Args:
            count: ``at_rest``, or with what is taken and given in the bureaux that stay; V501 says what that does.
        """
        found, complete = [], True
        for roll_kept in self._rolls:
            every = every_outcome(count, [self._in_or_out(count, each, roll_kept) for each in range(len(self._rows))])
            complete &= every.complete
            found += [(each.readings, roll_kept) for each in every.others[:1]]
        bureaux, kept = min(found, key=lambda each: len(each[0]), default=(frozenset[int](), True))
        if not bureaux:
            return None, complete
        some = np.array(sorted(bureaux), np.int64)
        removal = next(removal for removal in self.without(some) if removal.roll_kept == kept)
        return (removal if count is self.at_rest else self.with_the_rest(removal, some)), complete

    def _in_or_out(self, count: ContestCount, bureau: int, roll_kept: bool) -> ReadGroup:
        """A bureau as it stands, and without its votes."""
        rows = self._rows[bureau : bureau + 1]
        at_rest = self.at_rest.bureaux.some(rows)
        nothing = np.zeros(1, np.int64)
        registered = at_rest.registered if roll_kept else nothing
        gone = replace(at_rest, registered=registered, valid=nothing, votes=np.zeros_like(at_rest.votes))
        stands = count.bureaux.some(rows)
        return ReadGroup(rows, (Option(frozenset(), stands), Option(frozenset((bureau,)), gone)))


# --- The sentences of every step of an annulment (V502) ---


def annulment_steps(count: ContestCount, annulment: Annulment) -> tuple[Message, ...]:
    """The steps of `annulment.annul`, in order; the last one is the verdict."""
    unmentioned = msg(
        "Bureaux with an unmentioned gap: {count:n} ({bureaux}).",
        count=annulment.number,
        bureaux=list_names(annulment.bureaux, annulment.number),
    )
    steps = [scope_step(count.scope), unmentioned]
    if annulment.outcome is not None:
        steps.append(before_step(count, annulment.outcome))
        for removal in annulment.together:
            steps.append(_removal(count, removal))
            steps += _rest(count, removal)
        if annulment.number > 1:  # a single one was taken out above
            steps += [_removal(count, removal) for removal in annulment.alone[:SHOWN]]
        if len(annulment.alone) > SHOWN:
            more = nmsg(
                "{count:n} more bureau changes the outcome when taken out alone.",
                "{count:n} more bureaux each change the outcome when taken out alone.",
                len(annulment.alone) - SHOWN,
            )
            steps.append(more)
        if not annulment.alone and annulment.number > 1:
            steps.append(msg("None of these bureaux changes the outcome when taken out alone."))
        if annulment.selection is not None:
            steps.append(_removal(count, annulment.selection))
            steps += _rest(count, annulment.selection)
        if not annulment.exhaustive and annulment.verdict is ContestVerdict.NOT_MATERIAL:
            steps.append(msg("Not every selection of bureaux was tried: only the least favourable ones."))
    how = "" if _is_by_itself(annulment) else _WITH_THE_REST
    return (*steps, conclusion_of(count.scope, annulment.verdict, annulment.lacking, how))


_WITH_THE_REST = msg(
    "Annulling alone changes nothing: it takes the votes beyond signatures or voters of the other bureaux as well."
)


def _is_by_itself(annulment: Annulment) -> bool:
    """Test whether some bureaux change the outcome when they are taken out, and nothing else is."""
    every = (*annulment.together, *annulment.alone, *([annulment.selection] if annulment.selection else []))
    return any(removal.changes for removal in every)


def _rest(count: ContestCount, removal: Removal) -> Iterator[Message]:
    """In the same sum as bureaux that are taken out, what is taken and given in the others."""
    rest = removal.rest
    if rest is None:
        return
    yield msg(
        "In the same sum, with the votes beyond signatures or voters of the other bureaux: valid votes {after:n}, "
        "{votes}; {change}.",
        after=rest.totals.valid,
        votes=votes_after(count, rest),
        change=describe_change(rest.outcome, rest.changes, count),
    )


def _removal(count: ContestCount, removal: Removal) -> Message:
    values = {
        "bureaux": list_names(removal.bureaux, len(removal.bureaux)),
        "before": count.totals.valid,
        "after": removal.totals.valid,
        "change": describe_change(removal.outcome, removal.changes, count),
    }
    if removal.roll_kept:
        return msg("Without {bureaux}: valid votes {before:n} → {after:n}; {change}.", **values)
    return msg("Without {bureaux} (and their roll): valid votes {before:n} → {after:n}; {change}.", **values)
