"""The sentences of every step of an annulment (V502)."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.words import Message, msg, nmsg
from verify.materiality.annulment import Annulment, Removal
from verify.materiality.contest import ContestCount
from verify.materiality.deduction import ContestVerdict
from verify.materiality.steps import (
    before_step,
    conclusion_of,
    describe_change,
    scope_step,
    votes_after,
)
from verify.materiality.wording import SHOWN, list_names


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
