"""Summary of a simulated night: counts of its files and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.elections import Scenario
from sim.evidence import BureauEvidence


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a night; paper bureaux are among the bureaux, gaps are bureaux with one in any poll.

    ``votes`` and ``signatures`` are those of all polls of the day; of ``uncounted`` sign-in lists no count was written
    down. ``lost`` are people who had no patience left and went away before voting.
    """

    communes: int
    bureaux: int
    paper_bureaux: int
    registered: int
    votes: int
    signatures: int
    faults: int
    gaps: int
    lost: int
    uncounted: int
    polls: tuple[PollSummary, ...]


@dataclass(frozen=True, slots=True)
class PollSummary:
    """Counts of one poll of the day; ``gaps`` are bureaux whose two counts differ.

    Of ``uncounted`` sign-in lists no count was written down: they are neither in ``signatures`` nor gaps.
    """

    name: str
    votes: int
    signatures: int
    gaps: int
    uncounted: int


def summary(scenario: Scenario, done: Sequence[BureauEvidence]) -> Summary:
    """Counts over the bureaux, by their PVs and sign-in lists."""
    polls = tuple(
        PollSummary(
            name=poll.name,
            votes=sum(each.record.figures.votes_found or 0 for each in of_poll),
            signatures=sum(each.roll_signatures or 0 for each in of_poll),
            gaps=sum(map(_has_gap, of_poll)),
            uncounted=sum(each.roll_signatures is None for each in of_poll),
        )
        for place, poll in enumerate(scenario.polls)
        for of_poll in ([evidence.polls[place] for evidence in done],)
    )
    truth = [line for evidence in done for each in evidence.polls for line in each.truth]
    return Summary(
        communes=len({evidence.bureau.insee for evidence in done}),
        bureaux=len(done),
        paper_bureaux=sum(not evidence.bureau.machines for evidence in done),
        registered=sum(evidence.bureau.registered for evidence in done),
        votes=sum(poll.votes for poll in polls),
        signatures=sum(poll.signatures for poll in polls),
        faults=sum(not line.again for line in truth),
        lost=sum(evidence.passage.lost for evidence in done if evidence.passage is not None),
        uncounted=sum(poll.uncounted for poll in polls),
        gaps=sum(any(map(_has_gap, evidence.polls)) for evidence in done),
        polls=polls,
    )


def _has_gap(evidence: BureauEvidence) -> bool:
    signed, found = evidence.roll_signatures, evidence.record.figures.votes_found
    return signed is not None and found is not None and signed != found
