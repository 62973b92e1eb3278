"""From a bureau's voters to its evidence: machines set up, the day held, the counters read, the PV written."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from machine.configuration import Configuration, Poll
from machine.esf1 import Machine, Result
from machine.keys import Key, Role
from protocol import civil_time
from protocol.night import export_name, module_name
from sim import parameters
from sim.bureaux import Bureau
from sim.day import Room
from sim.elections import Scenario
from sim.evidence import POLL, Evidence, Figures, PublishedRow, Record
from sim.faults.catalogue import Rates, strike_day, truth
from sim.streams import stream
from sim.voters import HOUR, draw


def configuration(
    bureau: Bureau, part: int, election: str, day: datetime.date, round_: int, choices: Sequence[str]
) -> Configuration:
    """What the town hall loads into one module of that bureau."""
    return Configuration(
        election=election,
        date=day,
        round=round_,
        insee=bureau.insee,
        bureau=bureau.code,
        part=part,
        registered=bureau.registered,
        polls=(Poll(POLL, bureau.constituency, tuple(choices)),),
        machine_serial=bureau.serial("M", part),
        module_serial=bureau.serial("U", part),
        machine_seal=bureau.serial("S", part),
        module_seal=bureau.serial("T", part),
    )


def opened(configuration: Configuration, random: np.random.Generator, opening: int) -> Machine:
    """A machine whose counters were shown to be at zero and whose poll was opened, at that time in seconds."""
    machine = Machine(configuration, random)
    president, assessor = (int(number) for number in random.choice(899_999, 2, replace=False) + 100_000)
    machine.insert_key(Key(Role.PRESIDENT, president))
    machine.insert_key(Key(Role.ASSESSOR, assessor))
    machine.zero_check(opening - parameters.ZERO_CHECK_BEFORE)
    machine.open(opening)
    machine.remove_key(Role.ASSESSOR)
    return machine


def close(machine: Machine, at: int) -> Result:
    """Close the poll with both keys and read the counters aloud."""
    machine.insert_key(Key(Role.ASSESSOR, machine.evidence.assessor_key if machine.evidence else 1))
    machine.close(at)
    (result,) = machine.results()
    return result


def hold(seed: int, scenario: Scenario, bureau: Bureau, rates: Rates) -> Evidence:
    """The election day of one machine bureau."""
    key = (scenario.id, scenario.round, bureau.insee, bureau.code)
    voters = draw(seed, scenario, bureau)
    struck = strike_day(seed, key, rates, voters)
    midnight = civil_time.seconds(scenario.date, 0)
    opening = midnight + bureau.opening * 3600
    machines = [
        opened(
            configuration(bureau, part, scenario.id, scenario.date, scenario.round, scenario.labels),
            stream(seed, *key, "urn", part),
            opening,
        )
        for part in range(1, bureau.machines + 1)
    ]

    def note_counters(hour: int) -> None:
        for machine in machines:
            machine.record_hour(midnight + hour * 3600)

    day = Room(bureau, voters, machines, note_counters).hold()
    closing = -(-day.closing // 1000)
    results = [close(machine, midnight + closing) for machine in machines]
    read_at = stream(seed, *key, "reading").integers(0, parameters.EXPORT_SPREAD, bureau.machines)
    figures = counted(bureau, results, day.signatures)
    evidence = Evidence(
        bureau=bureau,
        exports=[
            (
                export_name(bureau.insee, bureau.code, POLL, part),
                machine.export(POLL, midnight + closing + parameters.EXPORT_AFTER + int(delay)),
            )
            for part, (machine, delay) in enumerate(zip(machines, read_at, strict=True), start=1)
        ],
        modules=[
            (module_name(bureau.insee, bureau.code, part), machine.image())
            for part, machine in enumerate(machines, start=1)
        ],
        roll_registered=bureau.registered,
        roll_signatures=day.signatures,
        hourly=day.hourly,
        record=record(bureau, figures, voters.proxies, day.closing),
        tabulated=figures,
        published=[PublishedRow(figures)],
    )
    evidence.truth += [truth(fault, evidence, effect) for fault, effect in struck]
    return evidence


def counted(bureau: Bureau, results: Sequence[Result], signatures: int) -> Figures:
    """A bureau's figures: the signatures on its roll, and the sums of what its machines show."""
    blank = sum(result.blank for result in results)
    votes: list[int | None] = [sum(tallies) for tallies in zip(*(result.tallies for result in results), strict=True)]
    valid = sum(result.cast - result.blank for result in results)
    return Figures(
        registered=bureau.registered,
        signatures=signatures,
        votes_found=valid + blank,
        blank=blank,
        null=0,
        valid=valid,
        votes=votes,
    )


def record(bureau: Bureau, figures: Figures, proxies: int | None, closing: int) -> Record:
    """The PV as an honest bureau writes it: a gap between signatures and votes is mentioned (R62).

    ``closing`` in milliseconds since midnight; the PV gives the minute by which it was over.
    """
    minutes = -(-closing // 60_000)
    remarks = []
    if closing > bureau.closing * HOUR:
        remarks.append("Les électeurs présents dans la salle à l'heure de clôture ont été admis à voter.")
    gap = (figures.votes_found or 0) - (figures.signatures or 0)
    if gap:
        remarks.append(gap_remark(figures.signatures or 0, figures.votes_found or 0, machine=bureau.machines > 0))
    return Record(
        figures=figures.copy(),
        proxies=proxies,
        opening=f"{bureau.opening:02}:00",
        closing=f"{minutes // 60:02}:{minutes % 60:02}",
        remarks=remarks,
    )


def gap_remark(signatures: int, votes: int, machine: bool) -> str:
    """How a PV mentions that the two counts of voters differ."""
    where = "au compteur de la machine" if machine else "dans l'urne"
    return (
        f"Écart constaté : {signatures} émargements, {votes} votes {where}, soit une différence de "
        f"{votes - signatures:+d}. Après vérification, la cause n'a pas pu être établie."
    )
