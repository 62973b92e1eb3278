"""From a bureau's voters to its evidence: the day held on its machines, the counters read, the PV written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from machine.urn import PollResult
from sim.bureaux import Bureau
from sim.day import MachineFailure, Room
from sim.elections import Scenario
from sim.equipment import Conduct, Equipment
from sim.evidence import FIRST_POLL, BureauEvidence, PaperFigures, Record
from sim.faults.catalogue import Rates, strike_conduct, strike_day, truth
from sim.faults.model import Effect, Plan
from sim.planned import planned_conduct, planned_effects, with_choices
from sim.queues.days import PlannedDay
from sim.queues.town import Interruption, Then
from sim.voters import HOUR, Voters, draw
from sim.waits import passage

FAILED = {
    None: "Coupure de courant à {at}, vote repris à {again} sur la même machine.",
    Then.REPAIR: "Panne d'une machine à {at}, réparée ; vote repris à {again} sur la même machine.",
    Then.RESERVE: "Panne de la machine à {at}, remplacée à {again} par une machine de réserve.",
    Then.PAPER: "Panne de la machine à {at}, vote poursuivi à {again} avec des bulletins papier.",
}
UNTIL_CLOSING = "Panne d'une machine à {at}, jusqu'à la clôture du scrutin."


def hold(
    seed: int,
    scenario: Scenario,
    bureau: Bureau,
    rates: Rates,
    planned: PlannedDay | None = None,
) -> BureauEvidence:
    """The election day of one machine bureau, as it was ``planned`` where it was."""
    conduct, voters, struck = _before(seed, scenario, bureau, rates, planned)
    opening, closing = _hours(bureau, conduct)
    equipment = Equipment(seed, scenario, bureau, conduct)
    failures = [_failure(equipment, each) for each in conduct.interruptions]
    tables = 1 if planned is None else planned.bureau.tables
    room = Room(opening, closing, voters, equipment.machines, equipment.note_counters, failures, tables)
    day = room.hold()
    closed = -(-day.last // 1000)
    results = equipment.close(closed)

    def of_poll(poll: Scenario, place: int) -> BureauEvidence:
        read = [result[place] for result in results]
        boxes = [box.counts[place] for box in equipment.boxes]
        test_votes = conduct.test_votes if poll.poll == FIRST_POLL else 0
        figures = count_poll(bureau, read, boxes, day.signatures[place], test_votes)
        paper = record(bureau, figures, voters.proxies, opening, day.last, equipment.went_dark)
        if boxes:
            paper.paper = sum(map(sum, boxes))
        evidence = BureauEvidence.of_record(bureau, len(equipment.machines), paper)
        evidence.exports = equipment.exports(closed, poll.poll)
        evidence.hourly = (0,) * (opening // HOUR - bureau.opening) + day.hourly[place]
        return evidence

    evidence = BureauEvidence.of_polls(scenario, (of_poll(poll, at) for at, poll in enumerate(scenario.polls)))
    evidence.urns, evidence.tickets = equipment.urns(), equipment.tickets()
    evidence.passage = passage(bureau, voters, day)
    note(evidence, struck)
    return evidence


def note(evidence: BureauEvidence, struck: Iterable[tuple[str, Effect]]) -> None:
    """Write into the truth what faults did: in the poll that an effect is about, or in each of the day's."""
    for fault, effect in struck:
        for each in evidence.polls:
            if effect.poll in (None, each.poll):
                line = truth(fault, each, effect)
                each.truth.append(replace(line, again=effect.poll is None and each.poll != FIRST_POLL))


def _failure(equipment: Equipment, interruption: Interruption) -> MachineFailure:
    return MachineFailure(
        interruption.at,
        interruption.length,
        partial(equipment.fail, interruption),
        partial(equipment.resume, interruption),
        interruption.machine,
        interruption.booths,
    )


def is_struck(seed: int, scenario: Scenario, bureau: Bureau, rates: Rates) -> bool:
    """Check whether any fault strikes the day of one machine bureau."""
    return bool(_before(seed, scenario, bureau, rates, None)[-1])


def _before(
    seed: int,
    scenario: Scenario,
    bureau: Bureau,
    rates: Rates,
    planned: PlannedDay | None,
) -> tuple[Conduct, Voters, list[tuple[str, Effect]]]:
    """All that is known before the doors open: how the bureau is run, who comes and what they do, the faults in it."""
    key = (*scenario.key, *bureau.key)
    if planned is None:
        plan = Plan(scenario, bureau, draw(seed, scenario, bureau), Conduct())
    else:
        plan = Plan(scenario, bureau, with_choices(seed, scenario, bureau, planned), planned_conduct(bureau, planned))
    struck = planned_effects(plan.conduct) + strike_conduct(seed, key, rates, plan)
    voters = plan.voters.before(_hours(bureau, plan.conduct)[1])
    return plan.conduct, voters, struck + strike_day(seed, key, rates, voters)


def _hours(bureau: Bureau, conduct: Conduct) -> tuple[int, int]:
    """When the doors open and close, in milliseconds since midnight."""
    return bureau.opening * HOUR + conduct.opening_delay * 1000, bureau.closing * HOUR - conduct.closing_early * 1000


def count_poll(
    bureau: Bureau, results: Iterable[PollResult], boxes: Iterable[Sequence[int]], signatures: int, test_votes: int
) -> PaperFigures:
    """Count one poll at the close: signatures, and the sums of machines and ballot boxes, test votes included."""
    columns = [(result.blank, *result.tallies) for result in results]
    columns += map(tuple, boxes)
    blank, *votes = (sum(column) for column in zip(*columns, strict=True))
    votes[0] += test_votes
    return PaperFigures.counted(bureau.registered, signatures, blank, 0, votes)


def record(
    bureau: Bureau,
    figures: PaperFigures,
    proxies: int | None,
    opening: int,
    closing: int,
    went_dark: Mapping[Interruption, bool] | None = None,
) -> Record:
    """The PV as an honest bureau writes it: a gap between signatures and votes is mentioned (R62).

    ``opening`` and ``closing`` in milliseconds since midnight; the PV gives the minute by which it was so.
    """
    remarks = [_mention_failure(each, again, opening) for each, again in (went_dark or {}).items()]
    if closing > bureau.closing * HOUR:
        remarks.append("Les électeurs présents dans la salle à l'heure de clôture ont été admis à voter.")
    if figures.votes_found != figures.signatures:
        remarks.append(gap_remark(figures.signatures or 0, figures.votes_found or 0, machine=bureau.machines > 0))
    return Record(
        figures=figures.copy(), proxies=proxies, opening=clock(opening), closing=clock(closing), remarks=remarks
    )


def _mention_failure(interruption: Interruption, again: bool, opening: int) -> str:
    """Remark of a PV on a failed machine; shorter if all had gone before the bureau resumed."""
    sentence = FAILED[interruption.then] if again else UNTIL_CLOSING
    since = max(interruption.at + interruption.length, opening)
    return sentence.format(at=clock(interruption.at), again=clock(since))


def clock(moment: int) -> str:
    """``HH:MM`` of the minute by which ``moment``, in milliseconds since midnight, has come."""
    minutes = -(-moment // 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def gap_remark(signatures: int, votes: int, machine: bool) -> str:
    """Remark of a PV on a difference between the two counts of voters."""
    where = "au compteur de la machine" if machine else "dans l'urne"
    return (
        f"Écart constaté : {signatures} émargements, {votes} votes {where}, soit une différence de "
        f"{votes - signatures:+d}. Après vérification, la cause n'a pas pu être établie."
    )
