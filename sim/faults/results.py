"""Faults of published results beyond one figure: editions, sums, choices, and rows without a PV."""

from __future__ import annotations

import numpy as np

from protocol.quantities import column_of
from protocol.words import msg
from sim.evidence import Area, BureauEvidence, PublishedRow
from sim.faults.model import Effect, PaperFault, Stage, Unit
from sim.faults.publication import choices_exchanged
from sim.nights.ministry import BEFORE_CHOICES, PER_CHOICE

Struck = list[tuple[int, Effect]]
COLUMNS = {"registered": 7, "votes_found": 10, "blank": 12, "valid": 18}
"""Columns of these counts in the ministry's row."""


def _by_telephone(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    exchanged = choices_exchanged(commune, at, random)
    if not exchanged:
        return []
    commune[at].record.lost = True
    lost = Effect("pv", "ligne", None, "le procès-verbal n'arrive pas, ses chiffres sont dictés au téléphone")
    return [(at, lost), *exchanged]


def _choice_missing(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].published:
        return []
    row = commune[at].published[0]
    place = int(random.integers(len(row.figures.votes)))
    wide = PER_CHOICE[commune[at].kind]
    start = BEFORE_CHOICES + wide * place
    row.cells |= dict.fromkeys(range(start, start + wide), "")
    return [(at, Effect("publie", "choix", None, f"le choix {place + 1} manque à la ligne publiée"))]


def _letters(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].published:
        return []
    row = commune[at].published[0]
    names = sorted(COLUMNS)
    name = names[int(random.integers(len(names)))]
    text = str(getattr(row.figures, name))
    typed = text.translate(str.maketrans("01", "Ol"))
    if typed == text:
        return []
    row.cells[COLUMNS[name]] = typed
    return [(at, Effect("publie", column_of(name), None, f"des lettres sont à la place de chiffres : {typed}"))]


def _corrected(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].published:
        return []
    row = commune[at].published[0]
    figures = row.figures.copy()
    place = int(random.integers(len(figures.votes)))
    change = int(random.choice([-10, -1, 1, 10]))
    old = figures.votes[place]
    if old is None or old + change < 0 or figures.valid is None or figures.votes_found is None:
        return []
    if figures.registered is not None and figures.votes_found + change > figures.registered:
        return []
    figures.votes[place] = old + change
    figures.valid += change
    figures.votes_found += change
    commune[at].first_edition = PublishedRow(figures, dict(row.cells))
    return [(at, Effect("publie", "voix", change, f"une première édition a d'autres voix pour le choix {place + 1}"))]


def _only_in_sum(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    rows = commune[at].published
    if not rows or sum(bool(evidence.published) for evidence in commune) < 2:
        return []
    commune[at].only_in_sums, commune[at].published = rows, []
    return [(at, Effect("publie", "ligne", None, "le bureau n'est que dans la somme publiée de la commune"))]


def _commune_short(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    return _left_out(commune, at, Area.COMMUNE, "la somme publiée de la commune laisse de côté le bureau")


def _departement_short(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    return _left_out(commune, at, Area.DEPARTEMENT, "la somme publiée du département laisse de côté le bureau")


def _left_out(commune: list[BureauEvidence], at: int, area: Area, detail: str) -> Struck:
    left = [evidence for evidence in commune if evidence.published and area not in evidence.left_out]
    if not commune[at].published or len(left) < 2:  # the last bureau would take its commune out of the file
        return []
    commune[at].left_out.add(area)
    return [(at, Effect("publie", "ligne", None, detail))]


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.PUBLICATION, act=act)
    for name, effect, act in (
        (
            "published-by-telephone",
            msg("two choices have each other's votes in the published row, and there is no PV"),
            _by_telephone,
        ),
        (
            "published-choice-missing",
            msg("the published row lacks a choice and its votes"),
            _choice_missing,
        ),
        (
            "published-letters",
            msg("a published count has letters for digits (O for 0, l for 1), so that no program reads it"),
            _letters,
        ),
        (
            "published-corrected",
            msg("a first edition of the results has other figures for the bureau, and adds up as well"),
            _corrected,
        ),
        (
            "published-only-in-sum",
            msg("the published row is not there, and the published sum of the commune has its figures"),
            _only_in_sum,
        ),
        (
            "commune-sum-short",
            msg("the published sum of the commune lacks the bureau"),
            _commune_short,
        ),
        (
            "departement-sum-short",
            msg("the published sum of the département lacks the bureau"),
            _departement_short,
        ),
    )
)
