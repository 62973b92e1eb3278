"""Every step of an annulment (V502): as data, and as a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.words import msg, nmsg
from verify.materiality.annulment import Annulment, Removal
from verify.materiality.contest import ContestCount
from verify.materiality.deduction import ContestVerdict
from verify.materiality.steps import (
    SHOWN,
    Step,
    before_step,
    describe_change,
    scope_step,
    step,
    verdict_step,
    votes_after,
)
from verify.materiality.wording import list_names, result


def annulment_steps(count: ContestCount, annulment: Annulment) -> tuple[Step, ...]:
    """The steps of `annulment.annul`, in order; the last one is the verdict."""
    names = annulment.bureaux
    unexplained = msg(
        "Bureaux with an unexplained irregularity: {count:n} ({bureaux}).",
        count=len(names),
        bureaux=list_names(names, SHOWN),
    )
    steps = [scope_step(count.scope), step("unexplained", unexplained, bureaux=names)]
    if annulment.outcome is not None:
        steps.append(before_step(count, annulment.outcome))
        for removal in annulment.together:
            steps.append(_removal("together", count, removal))
            steps += _rest(count, removal)
        steps += [_removal("alone", count, removal) for removal in annulment.alone[:SHOWN]]
        if len(annulment.alone) > SHOWN:
            steps.append(_more(len(annulment.alone) - SHOWN))
        if not annulment.alone and len(names) > 1:
            none = msg("None of these bureaux changes the outcome when taken out alone.")
            steps.append(step("none_alone", none))
        if annulment.selection is not None:
            steps.append(_removal("selection", count, annulment.selection))
            steps += _rest(count, annulment.selection)
        if not annulment.exhaustive and annulment.verdict is ContestVerdict.NOT_MATERIAL:
            some = msg("Not every selection of bureaux was tried: only the least favourable ones.")
            steps.append(step("not_exhaustive", some))
    steps.append(verdict_step(count.scope, annulment.verdict, annulment.lacking))
    return tuple(steps)


def _more(more: int) -> Step:
    sentence = nmsg(
        "{count:n} more bureau changes the outcome when taken out alone.",
        "{count:n} more bureaux each change the outcome when taken out alone.",
        more,
    )
    return step("alone_more", sentence, bureaux=more)


def _rest(count: ContestCount, removal: Removal) -> Iterator[Step]:
    """In the same sum as bureaux that are taken out, what is taken and given in the others."""
    rest = removal.rest
    if rest is None:
        return
    sentence = msg(
        "In the same sum, with the votes beyond signatures or voters of the other bureaux: valid votes {after:n}, "
        "{votes}; {change}.",
        after=rest.totals.valid,
        votes=votes_after(count, rest),
        change=describe_change(rest.outcome, rest.changes, count),
    )
    yield step("rest", sentence, valid=rest.totals.valid, changes=rest.changes)


def _removal(name: str, count: ContestCount, removal: Removal) -> Step:
    values = {
        "bureaux": list_names(removal.bureaux, SHOWN),
        "before": count.totals.valid,
        "after": removal.totals.valid,
        "change": describe_change(removal.outcome, removal.changes, count),
    }
    if removal.roll_kept:
        sentence = msg("Without {bureaux}: valid votes {before:n} → {after:n}; {change}.", **values)
    else:
        sentence = msg("Without {bureaux} (and their roll): valid votes {before:n} → {after:n}; {change}.", **values)
    return step(
        name,
        sentence,
        bureaux=removal.bureaux,
        roll_kept=removal.roll_kept,
        valid=removal.totals.valid,
        outcome=str(result(removal.outcome, count.choices, whole=count.scope.whole)),
        changes=removal.changes,
    )
