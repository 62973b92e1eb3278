"""Faults in the conduct of the poll and of the machine: hours, clock, keys, list, failures."""

from __future__ import annotations

import numpy as np

from protocol.words import msg
from sim.equipment import Interruption, VoterOutcome
from sim.evidence import POLL
from sim.faults.model import ConductFault, Effect, Plan, Unit
from sim.voters import HOUR

MINUTE = 60
LATE_OPENING = "late-opening"


def opened_late(delay: int) -> Effect:
    """Effect on the papers of opening so many seconds late."""
    return Effect("jour", "ouverture", None, f"le bureau ouvre avec {delay // MINUTE} minutes de retard")


def _late_opening(plan: Plan, random: np.random.Generator) -> Effect | None:
    if plan.conduct.opening_delay:
        return None
    plan.conduct.opening_delay = int(random.integers(10, 61)) * MINUTE
    return opened_late(plan.conduct.opening_delay)


def _early_closing(plan: Plan, random: np.random.Generator) -> Effect:
    minutes = int(random.integers(5, 31))
    plan.conduct.closing_early = minutes * MINUTE
    return Effect("jour", "cloture", None, f"le bureau ferme {minutes} minutes avant l'heure")


def _wrong_clock(plan: Plan, random: np.random.Generator) -> Effect:
    minutes = int(random.choice([-60, 60, int(random.integers(5, 50)), -int(random.integers(5, 50))]))
    plan.conduct.clock = minutes * MINUTE
    return Effect("exports", "opening", None, f"l'horloge de la machine est décalée de {minutes:+d} minutes")


def _wrong_date(plan: Plan, random: np.random.Generator) -> Effect:
    days = int(random.choice([-7, -1, 1]))
    plan.conduct.clock = days * 24 * HOUR // 1000
    return Effect("jour", "date", None, f"la date de la machine est décalée de {days:+d} jours")


def _clock_set(plan: Plan, random: np.random.Generator) -> Effect:
    hour = int(random.integers(plan.bureau.opening + 2, plan.bureau.closing - 1))
    seconds = int(random.integers(20, 121))
    plan.conduct.clock_set = hour, seconds
    return Effect(
        "modules", "clock", None, f"à {hour} heures l'horloge de la machine est avancée de {seconds} secondes"
    )


def _one_key_number(plan: Plan, random: np.random.Generator) -> Effect:
    plan.conduct.one_key_number = True
    return Effect("modules", "president_key", None, "les deux clés portent le même numéro")


def _zero_check_skipped(plan: Plan, random: np.random.Generator) -> Effect:
    plan.conduct.zero_check_unrecorded = True
    return Effect("exports", "zero_check", None, "aucune vérification de la mise à zéro n'est enregistrée")


def _test_votes_left(plan: Plan, random: np.random.Generator) -> Effect:
    votes = int(random.integers(1, 6))
    plan.conduct.test_votes = votes
    return Effect("jour", "votes", votes, f"{votes} votes d'essai sont restés dans les compteurs", POLL)


def _wrong_list(plan: Plan, random: np.random.Generator) -> Effect:
    labels = list(plan.scenario.labels)
    first, second = sorted(int(at) for at in random.choice(len(labels), 2, replace=False))
    labels[first], labels[second] = labels[second], labels[first]
    plan.conduct.loaded = tuple(labels)
    where = f"{plan.scenario.labels[first]} et {plan.scenario.labels[second]} y sont intervertis"
    detail = f"la liste chargée n'est pas celle de la préfecture : {where}"
    return Effect("exports", "choices_digest", None, detail, POLL)


def _panel_exchanged(plan: Plan, random: np.random.Generator) -> Effect:
    first, second = sorted(int(at) for at in random.choice(len(plan.scenario.labels), 2, replace=False))
    choices = plan.voters.choices
    for_first, for_second = choices == first + 1, choices == second + 1
    choices[for_first], choices[for_second] = second + 1, first + 1
    change = int(for_second.sum()) - int(for_first.sum())
    names = f"{plan.scenario.labels[first]} et {plan.scenario.labels[second]}"
    detail = f"{names} sont intervertis sur la planche : l'effet est celui du premier"
    return Effect("jour", "voix", change, detail, POLL)


def _interrupted(
    plan: Plan, random: np.random.Generator, minutes: int, outcome: VoterOutcome, detail: str
) -> Effect | None:
    """The first machine goes dark, where it does not already."""
    if plan.conduct.goes_dark(0):
        return None
    first, last = plan.bureau.opening * HOUR + HOUR, plan.bureau.closing * HOUR - 2 * HOUR
    plan.conduct.interruptions.append(Interruption(int(random.integers(first, last)), minutes * 60_000, outcome))
    return Effect("jour", "machine", None, detail)


def _reserve_machine(plan: Plan, random: np.random.Generator) -> Effect | None:
    minutes = int(random.integers(15, 61))
    detail = f"la machine tombe en panne ; une autre la remplace après {minutes} minutes"
    return _interrupted(plan, random, minutes, VoterOutcome.RESERVE, detail)


def _paper_instead(plan: Plan, random: np.random.Generator) -> Effect | None:
    minutes = int(random.integers(20, 91))
    detail = f"la machine tombe en panne ; on vote sur papier après {minutes} minutes"
    return _interrupted(plan, random, minutes, VoterOutcome.PAPER, detail)


def _power_cut(plan: Plan, random: np.random.Generator) -> Effect | None:
    minutes = int(random.integers(1, 31))
    return _interrupted(plan, random, minutes, VoterOutcome.POWER, f"le courant est coupé pendant {minutes} minutes")


FAULTS: tuple[ConductFault, ...] = (
    # The machine does not start, a key or an assessor is missing (three bureaux of Reims in 2007).
    ConductFault(
        name=LATE_OPENING,
        unit=Unit.BUREAU,
        rate=0.002,
        effect=msg("the PV's opening is later than the préfet's order"),
        act=_late_opening,
    ),
    ConductFault(
        name="early-closing",
        unit=Unit.BUREAU,
        rate=0.001,
        effect=msg("the PV's closing is earlier than the préfet's order; who comes later is turned away"),
        act=_early_closing,
    ),
    ConductFault(
        name="wrong-clock",
        unit=Unit.BUREAU,
        rate=0.005,
        effect=msg("all times of the machine are off, the PV's are right"),
        act=_wrong_clock,
    ),
    ConductFault(
        name="wrong-date",
        unit=Unit.BUREAU,
        rate=0.0,
        effect=msg("all times of the machine are of another day, at the right hours"),
        act=_wrong_date,
    ),
    ConductFault(
        name="clock-set",
        unit=Unit.BUREAU,
        rate=0.0,
        effect=msg("the log of the module says that the clock was set during the poll"),
        act=_clock_set,
    ),
    # The president keeps both keys, against L57-1.
    ConductFault(
        name="one-key-number",
        unit=Unit.BUREAU,
        rate=0.001,
        effect=msg("the module holds one number for both keys"),
        act=_one_key_number,
    ),
    ConductFault(
        name="zero-check-skipped",
        unit=Unit.BUREAU,
        rate=0.001,
        effect=msg("the export has no time of a zero check"),
        act=_zero_check_skipped,
    ),
    ConductFault(
        name="test-votes-left",
        unit=Unit.BUREAU,
        rate=0.0005,
        effect=msg("votes of the test are in the tallies of export and PV; the zero check's sum shows them"),
        act=_test_votes_left,
    ),
    ConductFault(
        name="wrong-list",
        unit=Unit.BUREAU,
        rate=0.0005,
        effect=msg("the digest of the choice list is another"),
        act=_wrong_list,
    ),
    ConductFault(
        name="panel-exchanged",
        unit=Unit.BUREAU,
        rate=0.0,
        effect=msg("votes for two choices are exchanged before they are stored; no evidence shows it"),
        act=_panel_exchanged,
    ),
    # The machine fails and a reserve machine takes over (about 0.25 % of Dutch machines in June 2005).
    ConductFault(
        name="reserve-machine",
        unit=Unit.BUREAU,
        rate=0.0025,
        effect=msg("the bureau's votes are in two urns"),
        act=_reserve_machine,
    ),
    ConductFault(
        name="paper-instead",
        unit=Unit.BUREAU,
        rate=0.0005,
        effect=msg("the bureau's votes are in an urn and a ballot box; the box is in the PV only"),
        act=_paper_instead,
    ),
    ConductFault(
        name="power-cut",
        unit=Unit.BUREAU,
        rate=0.003,
        effect=msg("the queue grows; the machine goes on with its urn"),
        act=_power_cut,
    ),
)
