"""V: what the gaps could change, contest by contest.

Nothing is netted between bureaux or carried to another level, and no verdict is given on a contest of which only a part
is at hand: findings then speak of these bureaux alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protocol.words import series
from verify.columns.needs import ContestsAtHand, IrregularContests
from verify.model.checks import check
from verify.model.holds import Named, One, Side, one

if TYPE_CHECKING:
    from verify.columns.contests_at_hand import Judged
    from verify.materiality.steps import Step


@check("V501")
def deductions(contests: ContestsAtHand) -> Iterator[One]:
    """V501: for each contest with votes beyond the signatures."""
    from verify.materiality.deduction import deduct
    from verify.materiality.steps import deduction_steps

    for judged in contests:
        deduction = deduct(judged.count)
        if deduction.excess or judged.count.scope.unplaced:
            right = Side(judged.signatures_from, deduction.excess, "gap")
            yield _verdict(judged, right, deduction_steps(judged.count, deduction))


@check("V502")
def annulments(contests: IrregularContests) -> Iterator[One]:
    """V502: for each contest with gaps that nothing explains."""
    from verify.materiality.annulment import annul
    from verify.materiality.steps import annulment_steps

    for judged in contests:
        bureaux = judged.count.bureaux
        gone = int(bureaux.valid[bureaux.irregular].sum())
        yield _verdict(
            judged, Side(judged.votes_from, gone, "valid in all"), annulment_steps(judged.count, annul(judged.count))
        )


def _verdict(judged: Judged, right: Side, steps: tuple[Step, ...]) -> One:
    *on_the_way, verdict = steps
    return one(
        Named(judged.insee, poll=judged.poll),
        Side(judged.votes_from, judged.count.totals.valid, "valid in all"),
        right,
        field="valid",
        verdict=str(verdict.values["verdict"]),
        contest=judged.label,
        conclusion=verdict.sentence,
        steps=series((step.sentence for step in on_the_way), " "),
    )
