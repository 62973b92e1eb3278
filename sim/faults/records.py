"""Faults at a table with papers of several bureaux: rows, sheets and records of another bureau."""

from __future__ import annotations

import numpy as np

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit, struck_by

Struck = list[tuple[int, Effect]]
BUNDLE = 100
"""Ballots of one bundle: they are counted in hundreds (L65)."""
EXCHANGED = "records-exchanged"


def _roll_miscoded(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    code = commune[at].bureau.code
    taken = {evidence.bureau.code for evidence in commune}
    wrong = [f"{code[:-2]}{digit}{code[-1:]}" for digit in range(1, 10)]
    free = [each for each in wrong if len(each) == len(code) and each not in taken]
    if not free:
        return []
    typed = free[int(random.integers(len(free)))]
    commune[at].roll_code = typed
    return [(at, Effect("emargements", "bureau", None, f"le code {typed} est saisi au lieu de {code}"))]


def _roll_total(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    registered = sum(evidence.roll_registered or 0 for evidence in commune)
    signatures = sum(evidence.roll_signatures or 0 for evidence in commune)
    commune[at].roll_total = registered, signatures
    return [(at, Effect("emargements", "bureau", None, "une ligne de total est restée sous celle du bureau"))]


def _roll_digit_doubled(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    signatures = commune[at].roll_signatures
    if not signatures:
        return []
    typed = int(f"{signatures}{signatures % 10}")
    commune[at].roll_signatures = typed
    detail = f"le dernier chiffre est saisi deux fois : {typed} pour {signatures}"
    return [(at, Effect("emargements", "emargements", typed - signatures, detail))]


def _machine_forgotten(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if len(commune[at].exports) < 2:
        return []
    try:
        first = export.parse(commune[at].exports[0][1])
    except FormatError:
        return []
    figures = commune[at].record.figures
    found, right = first.cast, figures.votes_found
    if right is None or right <= found:
        return []
    figures.votes_found, figures.blank, figures.null = found, first.blank, 0
    figures.valid, figures.votes = sum(first.tallies), list(first.tallies)
    detail = "le procès-verbal n'a que les compteurs de la première machine"
    return [(at, Effect("pv", "votes_trouves", found - right, detail))]


def _record_lost(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    commune[at].record.lost = True
    return [(at, Effect("pv", "ligne", None, "le procès-verbal est perdu après la centralisation"))]


def _records_exchanged(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    free = [where for where, evidence in enumerate(commune) if not struck_by(EXCHANGED, evidence)]
    others = [where for where in free if where != at]
    if at not in free or not others:
        return []
    other = others[int(random.integers(len(others)))]
    if commune[at].record.figures == commune[other].record.figures:
        return []
    commune[at].record, commune[other].record = commune[other].record, commune[at].record
    codes = f"{commune[at].bureau.code} et {commune[other].bureau.code}"
    detail = f"les procès-verbaux des bureaux {codes} sont saisis l'un pour l'autre"
    return [(where, Effect("pv", "voix", None, detail)) for where in (at, other)]


def _record_copied(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not at:
        return []
    other = commune[int(random.integers(at))]
    if other.record.figures == commune[at].record.figures:
        return []
    commune[at].record.figures = other.record.figures.copy()
    detail = f"tous les chiffres sont ceux du bureau {other.bureau.code}"
    return [(at, Effect("pv", "voix", None, detail))]


def _votes_slipped(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    votes = commune[at].record.figures.votes
    slipped = [votes[0], *votes[:-1]]
    if slipped == votes:
        return []
    commune[at].record.figures.votes = slipped
    return [(at, Effect("pv", "voix", None, "les voix ont glissé d'une ligne : la première y est deux fois"))]


def _proxies_registered(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    record = commune[at].record
    registered, signatures = record.figures.registered, record.figures.signatures
    if registered is None or signatures is None or registered <= signatures:
        return []
    record.proxies = registered
    return [(at, Effect("pv", "procurations", None, "les procurations sont les inscrits, de la ligne voisine"))]


def _bundle_as_nulls(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].record.figures
    if figures.null is None or figures.valid is None or figures.valid < BUNDLE:
        return []
    figures.null += BUNDLE
    figures.valid -= BUNDLE
    return [(at, Effect("pv", "nuls", BUNDLE, f"un paquet de {BUNDLE} bulletins est compté avec les nuls"))]


ROLL: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.ROLL, act=act)
    for name, effect, act in (
        (
            "roll-miscoded",
            msg("the bureau's sign-in count stands under a code that no bureau of the commune has"),
            _roll_miscoded,
        ),
        (
            "roll-digit-doubled",
            msg("the sign-in count has its last digit twice, and is more than the registered voters"),
            _roll_digit_doubled,
        ),
        (
            "roll-total",
            msg("the sheet of sign-in counts has a row with the commune's total among its bureaux"),
            _roll_total,
        ),
    )
)
RECORD: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.RECORD, act=act, paper=paper)
    for name, paper, effect, act in (
        (
            "record-lost",
            False,
            msg("there is no PV, and the commune's record and the published results have its figures"),
            _record_lost,
        ),
        (
            EXCHANGED,
            False,
            msg("the PVs of two bureaux of the commune are filed for each other"),
            _records_exchanged,
        ),
        (
            "machine-forgotten",
            False,
            msg("the PV of a bureau with several urns has the counters of the first one only"),
            _machine_forgotten,
        ),
        (
            "record-copied",
            False,
            msg("all figures of the PV are those of another bureau of the commune"),
            _record_copied,
        ),
        (
            "votes-slipped",
            False,
            msg("the votes by choice stand one line too low in the PV, the first of them twice"),
            _votes_slipped,
        ),
        (
            "proxies-registered",
            False,
            msg("the PV has the registered voters as the number of proxies"),
            _proxies_registered,
        ),
        (
            "bundle-as-nulls",
            True,
            msg("a hundred ballots of a paper bureau are nulls in its PV, though their names were counted"),
            _bundle_as_nulls,
        ),
    )
)
