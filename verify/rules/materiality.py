"""V: what the gaps could change, contest by contest.

Nothing is netted between bureaux or carried to another level, and no verdict is given on a contest of which only a part
is at hand: findings then speak of these bureaux alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from protocol.words import Message, Text, msg, series
from verify.columns.needs import ContestsAtHand, IrregularContests
from verify.model.checks import check
from verify.model.rule_results import Named, One, Side, one

if TYPE_CHECKING:
    from verify.columns.contests_at_hand import Judged
    from verify.materiality.deduction import ContestVerdict
    from verify.materiality.readings import EveryOutcome


@check("V501")
def deductions(contests: ContestsAtHand) -> Iterator[One]:
    """V501: for each contest with votes beyond the signatures."""
    from verify.materiality.deduction import deduct, kinds_of
    from verify.materiality.deduction_steps import deduction_steps

    for judged in contests:
        deduction = deduct(judged.count)
        if deduction.excess or deduction.added or judged.count.scope.unplaced:
            right = Side(judged.signatures_from, deduction.excess, "gap")
            yield _verdict(
                judged, right, deduction_steps(judged.count, deduction), deduction.verdict, kinds_of(deduction)
            )


@check("V502")
def annulments(contests: IrregularContests) -> Iterator[One]:
    """V502: for each contest with gaps that no PV mentions."""
    from verify.materiality.annulment import annul, annulment_steps

    for judged in contests:
        bureaux = judged.count.bureaux
        gone = int(bureaux.valid[bureaux.irregular].sum())
        right = Side(judged.votes_from, gone, "valid in all")
        annulment = annul(judged.count)
        yield _verdict(judged, right, annulment_steps(judged.count, annulment), annulment.verdict, "G")


def outcomes(judged: Judged, cases: Sequence[Text], readings: Sequence[Text], every: EveryOutcome) -> One:
    """V503: of a contest with cases and their readings, by their names; cases are known after all other rules."""
    from verify.materiality.reading_steps import reading_steps

    right = Side(judged.votes_from, len(cases), "readings")
    return replace(
        _verdict(judged, right, reading_steps(judged.count, cases, readings, every), every.verdict, "F"), code="V503"
    )


def _verdict(judged: Judged, right: Side, steps: tuple[Message, ...], verdict: ContestVerdict, sums: str) -> One:
    """The finding on a contest; ``sums`` are the kinds of sums that it is of, as judges do them."""
    return one(
        Named(judged.insee, poll=judged.poll),
        Side(judged.votes_from, judged.count.totals.valid, "valid in all"),
        right,
        field="valid",
        verdict=verdict.value,
        sums=sums,
        contest=judged.label,
        conclusion=steps[-1],
        steps=series([msg("Votes: {file}.", file=judged.votes_from), *steps[:-1]], " "),
    )
