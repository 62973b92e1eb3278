"""The election day of a paper bureau: booths instead of a machine, an urn, and the hand count in the evening."""

from __future__ import annotations

import numpy as np

from sim import parameters
from sim.bureaux import Bureau
from sim.day import Room
from sim.elections import Scenario
from sim.equipment import BallotBox
from sim.evidence import BureauEvidence, PaperFigures
from sim.faults.catalogue import Rates, strike_day
from sim.faults.day import MISREAD
from sim.faults.model import Effect
from sim.paper.hand_count import HandCount, count
from sim.parameters import Care
from sim.planned import planned_conduct, planned_effects, with_choices
from sim.polling import note, record
from sim.queues.days import PlannedDay
from sim.streams import stream
from sim.voters import HOUR, draw
from sim.waits import passage


def is_struck(seed: int, scenario: Scenario, bureau: Bureau, rates: Rates, care: Care) -> bool:
    """Check whether a fault can strike the day or the count of one paper bureau."""
    key = (*scenario.key, *bureau.key)
    voters = draw(seed, scenario, bureau)
    return MISREAD.name in rates or bool(strike_day(seed, key, rates, voters, care, paper=True))


def hold(
    seed: int,
    scenario: Scenario,
    bureau: Bureau,
    rates: Rates,
    care: Care,
    planned: PlannedDay | None = None,
) -> BureauEvidence:
    """Simulate the day and the count of one paper bureau, on its ``planned`` day if one is given."""
    key = (*scenario.key, *bureau.key)
    if planned is None:
        voters = draw(seed, scenario, bureau)
        opening = bureau.opening * HOUR
    else:
        voters = with_choices(seed, scenario, bureau, planned)
        opening = planned.opening
    struck = strike_day(seed, key, rates, voters, care, paper=True)
    choices = [len(poll.labels) + 1 for poll in scenario.polls]
    booths = [BallotBox(*choices) for _ in range(max(1, -(-bureau.registered // parameters.VOTERS_PER_BOOTH)))]
    tables = 1 if planned is None else planned.bureau.tables
    day = Room(opening, bureau.closing * HOUR, voters, booths, tables=tables).hold()
    if planned is not None:
        struck = planned_effects(planned_conduct(bureau, planned)) + struck

    def of_poll(poll: Scenario, place: int) -> BureauEvidence:
        urn = np.sum([booth.counts[place] for booth in booths], axis=0, dtype=np.int64)
        counting = stream(seed, *poll.key, *bureau.key, "hand count")
        found = count(urn, len(poll.labels), rates.get(MISREAD.name, 0.0), counting)
        struck.extend((MISREAD.name, effect) for effect in _misread(found, poll))
        figures = PaperFigures.counted(bureau.registered, day.signatures[place], found.blank, found.null, found.votes)
        paper = record(bureau, figures, voters.proxies, opening, day.last)
        evidence = BureauEvidence.of_record(bureau, 0, paper)
        evidence.hourly = day.hourly[place]
        return evidence

    evidence = BureauEvidence.of_polls(scenario, (of_poll(poll, at) for at, poll in enumerate(scenario.polls)))
    evidence.passage = passage(bureau, voters, day)
    note(evidence, struck)
    return evidence


def _misread(found: HandCount, poll: Scenario) -> list[Effect]:
    labels = poll.labels
    return [
        Effect("depouillement", "voix", f"un bulletin {labels[was - 1]} est lu {labels[noted - 1]}", -1, poll.poll)
        for was, noted in found.misread
    ]
