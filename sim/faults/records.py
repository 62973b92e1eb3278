"""Faults at a table with papers of several bureaux: rows, sheets and records of another bureau."""

from __future__ import annotations

from numpy.random import Generator

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.acts import draw_partner, of_bureau, on_papers, state_exchange
from sim.faults.model import Effect, PaperFault, Stage, Struck, struck_by

BUNDLE = 100
"""Ballots of one bundle: they are counted in hundreds (L65)."""
FAULTS: list[PaperFault] = []
_on_roll = on_papers(FAULTS, Stage.ROLL)
_in_record = on_papers(FAULTS, Stage.RECORD)


@_on_roll("roll-miscoded", msg("the bureau's sign-in count stands under a code that no bureau of the commune has"))
def _roll_miscoded(commune: list[BureauEvidence], at: int, random: Generator) -> Struck:
    code = commune[at].bureau.code
    taken = {evidence.bureau.code for evidence in commune}
    wrong = [f"{code[:-2]}{digit}{code[-1:]}" for digit in range(1, 10)]
    free = [each for each in wrong if len(each) == len(code) and each not in taken]
    if not free:
        return []
    typed = free[int(random.integers(len(free)))]
    commune[at].roll_code = typed
    return [(at, Effect("emargements", "bureau", f"le code {typed} est saisi au lieu de {code}"))]


@_on_roll(
    "roll-digit-doubled", msg("the sign-in count has its last digit twice, and is more than the registered voters")
)
@of_bureau
def _roll_digit_doubled(evidence: BureauEvidence, random: Generator) -> Effect | None:
    signatures = evidence.roll_signatures
    if not signatures:
        return None
    typed = int(f"{signatures}{signatures % 10}")
    evidence.roll_signatures = typed
    detail = f"le dernier chiffre est saisi deux fois : {typed} pour {signatures}"
    return Effect("emargements", "emargements", detail, typed - signatures)


@_on_roll("roll-total", msg("the sheet of sign-in counts has a row with the commune's total among its bureaux"))
def _roll_total(commune: list[BureauEvidence], at: int, random: Generator) -> Struck:
    registered = sum(evidence.roll_registered or 0 for evidence in commune)
    signatures = sum(evidence.roll_signatures or 0 for evidence in commune)
    commune[at].roll_total = registered, signatures
    return [(at, Effect("emargements", "bureau", "une ligne de total est restée sous celle du bureau"))]


@_in_record(
    "record-lost", msg("there is no PV, and the centralising record and the published results have its figures")
)
@of_bureau
def _record_lost(evidence: BureauEvidence, random: Generator) -> Effect | None:
    evidence.record.lost = True
    return Effect("pv", "ligne", "le procès-verbal est perdu après la centralisation")


@_in_record("records-exchanged", msg("the PVs of two bureaux of the commune are filed for each other"))
def _records_exchanged(commune: list[BureauEvidence], at: int, random: Generator) -> Struck:
    other = draw_partner(
        commune, at, random, lambda each: not struck_by("records-exchanged", each), range(len(commune))
    )
    if other is None or commune[at].record.figures == commune[other].record.figures:
        return []
    commune[at].record, commune[other].record = commune[other].record, commune[at].record
    return state_exchange(commune, at, other, "pv", "voix", "les procès-verbaux", "saisis l'un pour l'autre")


@_in_record("machine-forgotten", msg("the PV of a bureau with several urns has the counters of the first one only"))
@of_bureau
def _machine_forgotten(evidence: BureauEvidence, random: Generator) -> Effect | None:
    if len(evidence.exports) < 2:
        return None
    try:
        first = export.parse(evidence.exports[0][1])
    except FormatError:
        return None
    figures = evidence.record.figures
    found, right = first.cast, figures.votes_found
    if right is None or right <= found:
        return None
    figures.votes_found, figures.blank, figures.null = found, first.blank, 0
    figures.valid, figures.votes = sum(first.tallies), list(first.tallies)
    return Effect("pv", "votes_trouves", "le procès-verbal n'a que les compteurs de la première machine", found - right)


@_in_record("record-copied", msg("all figures of the PV are those of another bureau of the commune"))
def _record_copied(commune: list[BureauEvidence], at: int, random: Generator) -> Struck:
    if not at:
        return []
    other = commune[int(random.integers(at))]
    if other.record.figures == commune[at].record.figures:
        return []
    commune[at].record.figures = other.record.figures.copy()
    detail = f"tous les chiffres sont ceux du bureau {other.bureau.code}"
    return [(at, Effect("pv", "voix", detail))]


@_in_record("votes-slipped", msg("the votes by choice stand one line too low in the PV, the first of them twice"))
@of_bureau
def _votes_slipped(evidence: BureauEvidence, random: Generator) -> Effect | None:
    votes = evidence.record.figures.votes
    slipped = [votes[0], *votes[:-1]]
    if slipped == votes:
        return None
    evidence.record.figures.votes = slipped
    return Effect("pv", "voix", "les voix ont glissé d'une ligne : la première y est deux fois")


@_in_record("proxies-registered", msg("the PV has the registered voters as the number of proxies"))
@of_bureau
def _proxies_registered(evidence: BureauEvidence, random: Generator) -> Effect | None:
    record = evidence.record
    registered, signatures = record.figures.registered, record.figures.signatures
    if registered is None or signatures is None or registered <= signatures:
        return None
    record.proxies = registered
    return Effect("pv", "procurations", "les procurations sont les inscrits, de la ligne voisine")


@_in_record(
    "bundle-as-nulls",
    msg("a hundred ballots of a paper bureau are nulls in its PV, though their names were counted"),
    paper=True,
)
@of_bureau
def _bundle_as_nulls(evidence: BureauEvidence, random: Generator) -> Effect | None:
    figures = evidence.record.figures
    if figures.null is None or figures.valid is None or figures.valid < BUNDLE:
        return None
    figures.null += BUNDLE
    figures.valid -= BUNDLE
    return Effect("pv", "nuls", f"un paquet de {BUNDLE} bulletins est compté avec les nuls", BUNDLE)
