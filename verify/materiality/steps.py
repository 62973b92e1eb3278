"""The sentences of the steps that every judge's sum has."""

from __future__ import annotations

from protocol.words import Message, Series, Text, msg, quoted, series
from verify.materiality.contest import ContestCount, Scope
from verify.materiality.deduction import ContestVerdict
from verify.materiality.outcome import ContestOutcome
from verify.materiality.sums import SeatTrial
from verify.materiality.wording import result


def scope_step(scope: Scope) -> Message:
    """Say how much of the contest is at hand."""
    if scope.totals:
        extent = msg("totals of the contest: {source}", source=scope.totals)
    elif scope.whole:
        extent = msg("the whole contest")
    else:
        extent = msg("a part of the contest") if _lacks_some(scope) else msg("no list says whether these are all")
    return msg(
        "Bureaux: {listed:n} known, {voted:n} with their votes, {compared:n} with votes and signatures; {extent}.",
        listed=scope.listed,
        voted=scope.voted,
        compared=scope.compared,
        extent=extent,
    )


def before_step(count: ContestCount, outcome: ContestOutcome) -> Message:
    """Say the outcome that the figures have before the sum."""
    return msg(
        "Outcome with these figures: {outcome}.", outcome=result(outcome, count.choices, whole=count.scope.whole)
    )


def describe_change(outcome: ContestOutcome, changes: bool, count: ContestCount) -> Message:
    """Say whether an outcome is another, and which."""
    if not changes:
        return msg("nothing changes")
    return msg("the outcome changes, {outcome}", outcome=result(outcome, count.choices, whole=count.scope.whole))


def subject_of(trial: SeatTrial) -> int:
    """The choice that a trial is about: the one that loses, else the one that gains."""
    return next((each for each in (trial.first, trial.spared) if each is not None), -1)


def votes_after(count: ContestCount, trial: SeatTrial) -> Series:
    """The votes of the choices that lose or gain some."""
    return series(
        msg("{choice} {after:n}", choice=quoted(count.choices[choice]), after=trial.totals.votes[choice])
        for choice, loss in enumerate(trial.losses)
        if loss
    )


def conclusion_of(scope: Scope, verdict: ContestVerdict, lacks: str, how: Text = "") -> Message:
    """Say the verdict in a sentence or two; ``how`` is by which votes an outcome can change."""
    if verdict is ContestVerdict.CANNOT_TELL:
        return msg("Whether it changes cannot be told: {reason}.", reason=_reason(lacks))
    said = change_of(scope, material=verdict is ContestVerdict.MATERIAL)
    if verdict is ContestVerdict.MATERIAL and how:
        said = msg("{first} {then}", first=said, then=how)
    if not scope.whole:
        return msg("{first} {then}", first=said, then=part_of(scope))
    return said if verdict is ContestVerdict.MATERIAL else msg("{first} {then}", first=said, then=NOT_ALL)


def change_of(scope: Scope, *, material: bool) -> Message:
    """Say in a sentence whether an outcome can change."""
    if material:
        return msg("The outcome can change.") if scope.whole else msg("In the bureaux at hand, the outcome can change.")
    if not scope.whole:
        return msg("In the bureaux at hand, this sum does not change the outcome.")
    if scope.compared < scope.listed:
        return msg("By the gaps that are known, the outcome cannot change.")
    return msg("By this sum, the outcome cannot change.")


def part_of(scope: Scope) -> Message:
    """Say that some bureaux are a part of the contest, or that this is not known."""
    if _lacks_some(scope):
        return msg("These are not all bureaux of the contest.")
    return msg("Whether these are all bureaux of the contest is not known.")


def _lacks_some(scope: Scope) -> bool:
    return scope.closed or scope.voted < scope.listed


NOT_ALL = msg("That does not mean that the election stands: a judge weighs other grounds too.")
"""Sentence of every sum that changes nothing: of 92 decisions, 8 annulled elections that the sum left as they were."""


def _reason(lacks: str) -> Message:
    """Name what is lacking for a verdict."""
    if lacks == "kind":
        return msg(
            "the type of election or its round is not known: say both on the page, or in election.toml as "
            "`regard help auditor` shows it"
        )
    return {
        "way": msg(
            "were it lists or names that were voted on? Say it on the page, or as the type in election.toml: "
            "municipales_listes or municipales_candidats"
        ),
        "registered": msg("the number of registered voters is not known"),
        "votes": msg("bureaux with more votes than signatures lack their votes by choice"),
        "seats": msg("the number of seats is not known: say it on the page, or as sieges in election.toml"),
        "tries": msg("there are too many readings to try all of them"),
    }[lacks]
