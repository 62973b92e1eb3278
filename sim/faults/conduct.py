"""Faults in the conduct of the poll and of the machine: hours, clock, keys, list, failures."""

from __future__ import annotations

from protocol.words import msg
from sim.evidence import FIRST_POLL
from sim.faults.model import ConductFault, Effect, Plan, Unit, adding
from sim.queues.town import Interruption, Then
from sim.streams import RandomStream
from sim.voters import HOUR

MINUTE = 60
"""Seconds."""
LATE_OPENING = "late-opening"
FAULTS: list[ConductFault] = []
_fault = adding(FAULTS, ConductFault, unit=Unit.BUREAU)


def opened_late(delay: int) -> Effect:
    """Effect on the papers of opening so many seconds late."""
    return Effect("jour", "ouverture", f"le bureau ouvre avec {delay // MINUTE} minutes de retard")


# The machine does not start, a key or an assessor is missing (three bureaux of Reims in 2007).
@_fault(LATE_OPENING, msg("the PV's opening is later than the préfet's order"), 0.002)
def _late_opening(plan: Plan, random: RandomStream) -> Effect | None:
    if plan.conduct.opening_delay:
        return None
    plan.conduct.opening_delay = random.number(10, 61) * MINUTE
    return opened_late(plan.conduct.opening_delay)


@_fault(
    "early-closing",
    msg("the PV's closing is earlier than the préfet's order; who comes later is turned away"),
    0.001,
)
def _early_closing(plan: Plan, random: RandomStream) -> Effect:
    minutes = random.number(5, 31)
    plan.conduct.closing_early = minutes * MINUTE
    return Effect("jour", "cloture", f"le bureau ferme {minutes} minutes avant l'heure")


@_fault("wrong-clock", msg("all times of the machine are off, the PV's are right"), 0.005)
def _wrong_clock(plan: Plan, random: RandomStream) -> Effect:
    minutes = random.one_of([-60, 60, random.number(5, 50), -random.number(5, 50)])
    plan.conduct.clock = minutes * MINUTE
    return Effect("exports", "opening", f"l'horloge de la machine est décalée de {minutes:+d} minutes")


@_fault("wrong-date", msg("all times of the machine are of another day, at the right hours"))
def _wrong_date(plan: Plan, random: RandomStream) -> Effect:
    days = random.one_of([-7, -1, 1])
    plan.conduct.clock = days * 24 * HOUR // 1000
    return Effect("jour", "date", f"la date de la machine est décalée de {days:+d} jours")


@_fault("clock-set", msg("the log of the module says that the clock was set during the poll"))
def _clock_set(plan: Plan, random: RandomStream) -> Effect:
    hour = random.number(plan.bureau.opening + 2, plan.bureau.closing - 1)
    seconds = random.number(20, 121)
    plan.conduct.clock_set = hour, seconds
    return Effect("modules", "clock", f"à {hour} heures l'horloge de la machine est avancée de {seconds} secondes")


# The president keeps both keys, against L57-1.
@_fault("one-key-number", msg("the module holds one number for both keys"), 0.001)
def _one_key_number(plan: Plan, random: RandomStream) -> Effect:
    plan.conduct.one_key_number = True
    return Effect("modules", "president_key", "les deux clés portent le même numéro")


@_fault("zero-check-skipped", msg("the export has no time of a zero check"), 0.001)
def _zero_check_skipped(plan: Plan, random: RandomStream) -> Effect:
    plan.conduct.zero_check_unrecorded = True
    return Effect("exports", "zero_check", "aucune vérification de la mise à zéro n'est enregistrée")


@_fault(
    "test-votes-left",
    msg("votes of the test are in the tallies of export and PV; the zero check's sum shows them"),
    0.0005,
)
def _test_votes_left(plan: Plan, random: RandomStream) -> Effect:
    votes = random.number(1, 6)
    plan.conduct.test_votes = votes
    return Effect("jour", "votes", f"{votes} votes d'essai sont restés dans les compteurs", votes, FIRST_POLL)


def _two_choices(plan: Plan, random: RandomStream) -> tuple[int, int, str]:
    """Draw two choices: their indices on the panel, and their names in words."""
    labels = plan.scenario.labels
    first, second = sorted(random.choice(len(labels), 2, replace=False).tolist())
    return first, second, f"{labels[first]} et {labels[second]}"


@_fault("wrong-list", msg("the digest of the choice list is another"), 0.0005)
def _wrong_list(plan: Plan, random: RandomStream) -> Effect:
    labels = list(plan.scenario.labels)
    first, second, names = _two_choices(plan, random)
    labels[first], labels[second] = labels[second], labels[first]
    plan.conduct.loaded = tuple(labels)
    detail = f"la liste chargée n'est pas celle de la préfecture : {names} y sont intervertis"
    return Effect("exports", "choices_digest", detail, poll=FIRST_POLL)


@_fault("panel-exchanged", msg("votes for two choices are exchanged before they are stored; no evidence shows it"))
def _panel_exchanged(plan: Plan, random: RandomStream) -> Effect:
    first, second, names = _two_choices(plan, random)
    choices = plan.voters.choices
    for_first, for_second = choices == first + 1, choices == second + 1
    choices[for_first], choices[for_second] = second + 1, first + 1
    change = int(for_second.sum()) - int(for_first.sum())
    return Effect(
        "jour", "voix", f"{names} sont intervertis sur la planche : l'effet est celui du premier", change, FIRST_POLL
    )


def _interrupted(plan: Plan, random: RandomStream, minutes: int, then: Then | None, detail: str) -> Effect | None:
    """The first machine goes dark, where it does not already."""
    if plan.conduct.goes_dark(0):
        return None
    first, last = plan.bureau.opening * HOUR + HOUR, plan.bureau.closing * HOUR - 2 * HOUR
    plan.conduct.interruptions.append(Interruption(random.number(first, last), minutes * 60_000, then))
    return Effect("jour", "machine", detail)


# The machine fails and a reserve machine takes over (about 0.25 % of Dutch machines in June 2005).
@_fault("reserve-machine", msg("the bureau's votes are in two urns"), 0.0025)
def _reserve_machine(plan: Plan, random: RandomStream) -> Effect | None:
    minutes = random.number(15, 61)
    detail = f"la machine tombe en panne ; une autre la remplace après {minutes} minutes"
    return _interrupted(plan, random, minutes, Then.RESERVE, detail)


@_fault("paper-instead", msg("the bureau's votes are in an urn and a ballot box; the box is in the PV only"), 0.0005)
def _paper_instead(plan: Plan, random: RandomStream) -> Effect | None:
    minutes = random.number(20, 91)
    detail = f"la machine tombe en panne ; on vote sur papier après {minutes} minutes"
    return _interrupted(plan, random, minutes, Then.PAPER, detail)


@_fault("power-cut", msg("the queue grows; the machine goes on with its urn"), 0.003)
def _power_cut(plan: Plan, random: RandomStream) -> Effect | None:
    minutes = random.number(1, 31)
    return _interrupted(plan, random, minutes, None, f"le courant est coupé pendant {minutes} minutes")
