"""Figures, thresholds and outcomes of a contest as messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from protocol.words import Message, Series, Text, msg, nmsg, pmsg, quoted, series
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, Threshold

THRESHOLDS = {
    Threshold.MAJORITY: msg("absolute majority"),
    Threshold.QUARTER: msg("a quarter of the roll"),
    Threshold.EIGHTH: msg("12.5% of the roll"),
    Threshold.TENTH: msg("10% of the valid votes"),
    Threshold.TWENTIETH: msg("5% of the valid votes"),
    Threshold.THREE_PERCENT: msg("3% of the valid votes"),
}


def right_from(bar: Threshold, ballot: Ballot) -> Message | None:
    """Name what a choice has from a threshold on; None for one that is nothing by itself."""
    lists = ballot.kind in (ElectionKind.MUNICIPAL_LISTS, ElectionKind.REGIONAL)
    if bar in (Threshold.EIGHTH, Threshold.TENTH):
        return msg("the right to stand in the second round")
    if bar is Threshold.THREE_PERCENT or (bar is Threshold.TWENTIETH and not ballot.final and not lists):
        return msg("the reimbursement of campaign costs")
    if bar is Threshold.TWENTIETH and not ballot.final:
        return msg("the right to merge, and the reimbursement of campaign costs")
    return msg("a share of the seats") if bar is Threshold.TWENTIETH else None


SHOWN = 12
"""Names that are shown at most."""


def list_names(names: Sequence[Text], number: int) -> Text:
    """The first names of so many with commas between them; of more than `SHOWN`, how many are left out."""
    return and_more(series(names[:SHOWN]), number - SHOWN)


def and_more(shown: Text, more: int) -> Text:
    """Names that are shown, and how many are left out."""
    if more <= 0:
        return shown
    return nmsg("{names} and {count:n} more", "{names} and {count:n} more", more, names=shown)


def join_parts(parts: Iterable[Text]) -> Series:
    """Parts of a sentence with semicolons between them."""
    return series(parts, pmsg("between parts of a sentence", "; "))


def result(outcome: ContestOutcome, choices: Sequence[str], *, whole: bool = True) -> Text:
    """Say an outcome, without a full stop. Of a part of a contest, not ``whole``, nobody is said to be elected."""

    def named(chosen: Iterable[int]) -> Series:
        return series(quoted(choices[choice]) for choice in sorted(chosen))

    parts: list[Text] = []
    if outcome.elected:
        names = named(outcome.elected)
        parts.append(msg("elected: {names}", names=names) if whole else msg("ahead: {names}", names=names))
    if any(outcome.seats):
        seats = (
            msg("{name} {seats:n}", name=quoted(choices[choice]), seats=number)
            for choice, number in enumerate(outcome.seats)
            if number
        )
        parts.append(msg("seats: {seats}", seats=series(seats)))
    if outcome.qualified:
        parts.append(msg("second round: {names}", names=named(outcome.qualified)))
    if outcome.mergeable:
        parts.append(msg("may merge: {names}", names=named(outcome.mergeable)))
    if outcome.tied:
        parts.append(msg("tied: {names}", names=named(outcome.tied)))
    return join_parts(parts) if parts else msg("nobody")
