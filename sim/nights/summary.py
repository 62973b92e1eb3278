"""Summary of a simulated night: counts of what was written, waits of people, and the faults made on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from protocol.words import Text
from sim.bureaux import Bureau
from sim.elections import Scenario
from sim.evidence import BureauEvidence, Truth
from sim.waits import Passage


@dataclass(frozen=True, slots=True)
class DayOfPlan:
    """Day of a town's plan that a night repeats.

    Attributes:
        number: from 1.
        seed: of the plan.
        told: the settings of its scenario.
        failing: INSEE code and code of the bureaux in which a machine fails.
        changed: whether faults of the night can make it another day than the plan's.
    """

    number: int
    seed: int
    told: Sequence[Text]
    failing: Sequence[tuple[str, str]]
    changed: bool


@dataclass(frozen=True, slots=True)
class NightTold:
    """One night, as a page tells of it.

    Attributes:
        name: of the election.
        days: the bureaux whose day was simulated, in the order of their keys.
        truth: the faults.
        day: which day of a town's plan it was; None for another night.
        polls: the number of polls of the day.
    """

    name: str
    days: Sequence[tuple[Bureau, Passage]]
    truth: Sequence[Truth]
    day: DayOfPlan | None = None
    polls: int = 1


MakePages = Callable[[NightTold], Iterable[tuple[str, bytes]]]
"""Makes the pages of a night, each with its file name."""


def no_pages(night: NightTold) -> Iterable[tuple[str, bytes]]:
    """A night without pages."""
    return ()


def sum_up_truth(
    name: str,
    done: Iterable[BureauEvidence],
    further: Iterable[Truth] = (),
    day: DayOfPlan | None = None,
    polls: int = 1,
) -> NightTold:
    """Sum up the truth by bureau; ``further`` is the truth that belongs to no bureau."""
    nights = list(done)
    return NightTold(
        name=name,
        days=[(each.bureau, each.passage) for each in nights if each.passage is not None],
        truth=[*(line for night in nights for each in night.polls for line in each.truth), *further],
        day=day,
        polls=polls,
    )


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


def summary(scenario: Scenario, done: Sequence[BureauEvidence], further: Sequence[Truth] = ()) -> Summary:
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
    truth = chain(further, *(each.truth for evidence in done for each in evidence.polls))
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
