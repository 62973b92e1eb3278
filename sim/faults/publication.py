"""Faults between the commune's record and the published results."""

from __future__ import annotations

import numpy as np

from protocol.words import msg
from sim.evidence import BureauEvidence, PaperFigures
from sim.faults.model import Effect, PaperFault, Stage, Unit, struck_by

Struck = list[tuple[int, Effect]]
EXCHANGED = "published-rows-exchanged"
TURNOUT_COLUMN = 11
"""« % Vot/Ins » in the ministry's row."""


def _figure_wrong(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].published[0].figures
    place = int(random.integers(len(figures.votes)))
    change = int(random.choice([-10, -1, 1, 10]))
    old = figures.votes[place]
    if old is None or old + change < 0:
        return []
    figures.votes[place] = old + change
    return [(at, Effect("publie", "voix", change, f"les voix publiées du choix {place + 1} sont fausses"))]


def _rows_exchanged(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    free = [
        where for where, evidence in enumerate(commune) if evidence.published and not struck_by(EXCHANGED, evidence)
    ]
    others = [where for where in free if where != at]
    if at not in free or not others:
        return []
    other = others[int(random.integers(len(others)))]
    mine, theirs = commune[at].published[0], commune[other].published[0]
    if mine.figures.votes == theirs.figures.votes:
        return []
    mine.figures, theirs.figures = theirs.figures, mine.figures
    codes = f"{commune[at].bureau.code} et {commune[other].bureau.code}"
    detail = f"les lignes publiées des bureaux {codes} sont prises l'une pour l'autre"
    return [(where, Effect("publie", "voix", None, detail)) for where in (at, other)]


def choices_exchanged(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    """The published votes of two choices change places; nothing where there is no row, or they are equal."""
    if not commune[at].published:
        return []
    votes = commune[at].published[0].figures.votes
    first, second = (int(place) for place in random.choice(len(votes), 2, replace=False))
    mine, theirs = votes[first], votes[second]
    if mine is None or theirs is None or mine == theirs:
        return []
    votes[first], votes[second] = theirs, mine
    detail = f"les voix publiées des choix {first + 1} et {second + 1} sont interverties : l'effet est celui du premier"
    return [(at, Effect("publie", "voix", theirs - mine, detail))]


def _missing(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    commune[at].published.clear()
    return [(at, Effect("publie", "ligne", None, "le bureau manque aux résultats publiés"))]


def _doubled(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    row = commune[at].published[0]
    commune[at].published.append(row.copy())
    return [(at, Effect("publie", "ligne", None, "le bureau est publié deux fois"))]


def _zeros(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    row = commune[at].published[0]
    old = row.figures.votes_found
    choices = len(row.figures.votes)
    row.figures = PaperFigures(row.figures.registered, row.figures.signatures, 0, 0, 0, 0, [0] * choices)
    change = None if old is None else -old
    return [(at, Effect("publie", "votants", change, "le bureau est publié avec des zéros partout"))]


def _percentage_wrong(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].published[0].figures
    found, registered = figures.votes_found or 0, figures.registered or 0
    if not registered:
        return []
    hundredths = (20_000 * found + registered) // (2 * registered) + int(random.choice([-100, -1, 1, 100]))
    commune[at].published[0].cells[TURNOUT_COLUMN] = f"{hundredths // 100},{hundredths % 100:02}"
    return [(at, Effect("publie", "% Vot/Ins", None, "le taux de participation publié n'est pas le bon"))]


def _registered_overwritten(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].published[0].figures
    if figures.votes_found is None or figures.registered is None or figures.votes_found == figures.registered:
        return []
    change = figures.votes_found - figures.registered
    figures.registered = figures.votes_found
    return [(at, Effect("publie", "inscrits", change, "les inscrits publiés sont les votants"))]


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=rate, effect=effect, stage=Stage.PUBLICATION, act=act)
    for name, rate, effect, act in (
        (
            "published-zeros",
            0.0005,
            msg("the published row is all zeros but for the registered"),
            _zeros,
        ),
        # A figure was typed one cell too far (Montesquieu and Heidolsheim, 2017).
        (
            "published-registered-overwritten",
            0.0005,
            msg("the published registered are the voters"),
            _registered_overwritten,
        ),
        (
            "published-figure-wrong",
            0.001,
            msg("the published votes of one choice are not the PV's"),
            _figure_wrong,
        ),
        (
            "published-percentage-wrong",
            0.001,
            msg("the published turnout is not its ratio"),
            _percentage_wrong,
        ),
        (
            "published-doubled",
            0.0005,
            msg("the published row is there twice"),
            _doubled,
        ),
        (
            EXCHANGED,
            0.0,
            msg("the published rows of two bureaux have each other's figures"),
            _rows_exchanged,
        ),
        (
            "published-choices-exchanged",
            0.0,
            msg("the published votes of two choices are each other's"),
            choices_exchanged,
        ),
        ("published-missing", 0.0005, msg("the published row is not there"), _missing),
    )
)
