"""Faults on paper: the count of the roll, the PV, and the commune's centralising record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import takewhile

import numpy as np

from protocol.quantities import VOTERS, column_of
from protocol.words import msg
from sim.evidence import BureauEvidence, PaperFigures
from sim.faults.model import Effect, PaperAct, PaperFault, Stage, Unit, struck_by

Struck = list[tuple[int, Effect]]
GAP_WORDS = "Écart constaté"
SLIPS = ("votes_found",)
"""Counts of the PV that a slip strikes, beside the votes by choice: the one that is copied from the machine."""
RUN = 4
"""Bureaux whose sign-in counts slip by one row together."""


def has_gap(evidence: BureauEvidence) -> bool:
    """Check that votes and signatures really differ, and that the PV states both."""
    figures = evidence.record.figures
    known = figures.signatures is not None and figures.votes_found is not None
    return known and figures.signatures != figures.votes_found


def _drop_remark(evidence: BureauEvidence) -> None:
    evidence.record.remarks = [remark for remark in evidence.record.remarks if not remark.startswith(GAP_WORDS)]


def _change(new: int | None, old: int | None) -> int | None:
    return None if new is None or old is None else new - old


# --- The roll ---


def _roll_from_votes(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    evidence = commune[at]
    figures = evidence.record.figures
    change = _change(figures.votes_found, figures.signatures)
    evidence.roll_signatures = figures.signatures = figures.votes_found
    _drop_remark(evidence)
    return [
        (at, Effect("emargements", "emargements", change, "les émargements sont recopiés du compteur de la machine"))
    ]


def _roll_missing(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    commune[at].roll_signatures = None
    commune[at].hourly = ()
    return [(at, Effect("emargements", "emargements", None, "le nombre d'émargements n'est pas transmis"))]


def _roll_slipped(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    end = min(at + RUN, len(commune))
    run = list(takewhile(lambda where: not struck_by("roll-slipped", commune[where]), range(at, end)))
    counts = [commune[where].roll_signatures for where in run]
    struck = []
    for where, new in zip(run, [*counts[1:], *counts[:1]], strict=True):
        change = _change(new, commune[where].roll_signatures)
        if change:
            detail = "la colonne des émargements a glissé d'une ligne"
            struck.append((where, Effect("emargements", "emargements", change, detail)))
        commune[where].roll_signatures = new
    return struck


# --- The PV ---


def _digits_exchanged(
    commune: list[BureauEvidence], at: int, random: np.random.Generator, counts: Sequence[str] = SLIPS
) -> Struck:
    figures = commune[at].record.figures
    places = [(place, text) for place, text in _numbers(figures, counts) if len(set(text)) > 1]
    if not places:
        return []
    place, text = places[int(random.integers(len(places)))]
    spots = [spot for spot in range(len(text) - 1) if text[spot] != text[spot + 1]]
    spot = spots[int(random.integers(len(spots)))]
    new = int(text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :])
    field = _write(figures, place, new)
    return [(at, Effect("pv", field, new - int(text), f"deux chiffres sont intervertis : {new} pour {text}"))]


def _digit_wrong(
    commune: list[BureauEvidence], at: int, random: np.random.Generator, counts: Sequence[str] = SLIPS
) -> Struck:
    figures = commune[at].record.figures
    places = _numbers(figures, counts)
    place, text = places[int(random.integers(len(places)))]
    spot = int(random.integers(len(text)))
    digit = (int(text[spot]) + int(random.integers(1, 10))) % 10
    new = int(text[:spot] + str(digit) + text[spot + 1 :])
    field = _write(figures, place, new)
    return [(at, Effect("pv", field, new - int(text), f"un chiffre est mal recopié : {new} pour {text}"))]


def _numbers(figures: PaperFigures, counts: Sequence[str]) -> list[tuple[str | int, str]]:
    """The figures that a hand can get wrong: these counts, and votes of each choice from 10 up."""
    votes = [(at, str(count)) for at, count in enumerate(figures.votes) if count is not None and count >= 10]
    return [*((name, str(count)) for name in counts if (count := getattr(figures, name)) is not None), *votes]


def _write(figures: PaperFigures, place: str | int, value: int) -> str:
    """Put a value where `_numbers` found one; returns the field's name in the night's files."""
    if isinstance(place, int):
        figures.votes[place] = value
        return "voix"
    setattr(figures, place, value)
    return column_of(place)


def _columns_shifted(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].record.figures
    figures.signatures, figures.votes_found, figures.blank, figures.null, figures.valid = (
        figures.votes_found,
        figures.blank,
        figures.null,
        figures.valid,
        None,
    )
    return [(at, Effect("pv", "votes_trouves", None, "les chiffres du procès-verbal ont glissé d'une colonne"))]


def _choices_exchanged(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    votes = commune[at].record.figures.votes
    first, second = (int(place) for place in random.choice(len(votes), 2, replace=False))
    if votes[first] == votes[second]:
        return []
    change = _change(votes[second], votes[first])
    votes[first], votes[second] = votes[second], votes[first]
    detail = f"les voix des choix {first + 1} et {second + 1} sont interverties : l'effet est celui du premier"
    return [(at, Effect("pv", "voix", change, detail))]


def _blank_null_exchanged(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].record.figures
    if figures.blank == figures.null:
        return []
    change = _change(figures.null, figures.blank)
    figures.blank, figures.null = figures.null, figures.blank
    return [(at, Effect("pv", "blancs", change, "blancs et nuls sont intervertis"))]


def _found_from_roll(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].record.figures
    change = _change(figures.signatures, figures.votes_found)
    figures.votes_found = figures.signatures
    _drop_remark(commune[at])
    return [(at, Effect("pv", "votes_trouves", change, "les votes trouvés sont recopiés des émargements"))]


def _gap_as_nulls(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].record.figures
    gap = (figures.signatures or 0) - (figures.votes_found or 0)
    if gap <= 0:
        return []
    figures.null = (figures.null or 0) + gap
    figures.votes_found = figures.signatures
    _drop_remark(commune[at])
    return [(at, Effect("pv", "nuls", gap, "l'écart est inscrit en votes nuls"))]


def _remark_missing(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    _drop_remark(commune[at])
    return [(at, Effect("pv", "observations", None, "l'écart n'est pas mentionné au procès-verbal"))]


def _hour_missing(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if random.integers(2):
        commune[at].record.opening = ""
        return [(at, Effect("pv", "ouverture", None, "l'heure d'ouverture manque au procès-verbal"))]
    commune[at].record.closing = ""
    return [(at, Effect("pv", "cloture", None, "l'heure de clôture manque au procès-verbal"))]


def _registered_outdated(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].record.figures
    change = int(random.choice([-2, -1, 1, 2]))
    figures.registered = (figures.registered or 0) + change
    return [(at, Effect("pv", "inscrits", change, "les inscrits sont ceux d'un tableau antérieur"))]


# --- The commune's record ---


def _gap_corrected(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].tabulated
    change = _change(figures.votes_found, figures.signatures)
    if not change:
        return []
    figures.signatures = figures.votes_found
    return [(at, Effect("recap", "emargements", change, "le bureau centralisateur a fait disparaître l'écart"))]


def _tabulated_changed(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    figures = commune[at].tabulated
    change = int(random.choice([-10, -1, 1, 10]))
    if figures.blank is None or figures.votes_found is None or figures.blank + change < 0:
        return []
    figures.blank += change
    figures.votes_found += change
    return [(at, Effect("recap", "blancs", change, "le bureau centralisateur a modifié les votes blancs"))]


ROLL = tuple(
    PaperFault(name=name, unit=unit, rate=rate, effect=effect, stage=Stage.ROLL, act=act)
    for name, unit, rate, effect, act in (
        (
            "roll-from-votes",
            Unit.GAP,
            0.02,
            msg("the sign-in count is the votes found, so the gap is gone from roll and PV"),
            _roll_from_votes,
        ),
        (
            "roll-slipped",
            Unit.BUREAU,
            0.0005,
            msg("the sign-in counts of a run of bureaux stand one row too high"),
            _roll_slipped,
        ),
        ("roll-missing", Unit.BUREAU, 0.001, msg("no sign-in count"), _roll_missing),
    )
)
_ANYWHERE: dict[str, PaperAct] = {
    "digits-exchanged": partial(_digits_exchanged, counts=VOTERS),
    "digit-wrong": partial(_digit_wrong, counts=VOTERS),
}
RECORD = tuple(
    PaperFault(name, unit, rate, effect, stage=Stage.RECORD, act=act, anywhere=_ANYWHERE.get(name))
    for name, unit, rate, effect, act in (
        (
            "digits-exchanged",
            Unit.BUREAU,
            0.001,
            msg("two digits of one figure of the PV are exchanged"),
            _digits_exchanged,
        ),
        (
            "digit-wrong",
            Unit.BUREAU,
            0.001,
            msg("one digit of one figure of the PV is another"),
            _digit_wrong,
        ),
        (
            "columns-shifted",
            Unit.BUREAU,
            0.0005,
            msg("the counts of the PV stand one column too far left"),
            _columns_shifted,
        ),
        (
            "choices-exchanged",
            Unit.BUREAU,
            0.001,
            msg("two choices have each other's votes in the PV"),
            _choices_exchanged,
        ),
        (
            "blank-null-exchanged",
            Unit.BUREAU,
            0.001,
            msg("the PV has the blank votes as nulls"),
            _blank_null_exchanged,
        ),
        (
            "found-from-roll",
            Unit.GAP,
            0.03,
            msg("the PV's votes found are the signatures, so its arithmetic does not work out"),
            _found_from_roll,
        ),
        (
            "gap-as-nulls",
            Unit.GAP,
            0.02,
            msg("missing votes are booked as nulls, which a machine cannot take"),
            _gap_as_nulls,
        ),
        # Nobody knew that it has to be mentioned (R62).
        (
            "remark-missing",
            Unit.GAP,
            0.10,
            msg("the PV does not mention the gap"),
            _remark_missing,
        ),
        ("hour-missing", Unit.BUREAU, 0.005, msg("an hour is missing in the PV"), _hour_missing),
        (
            "registered-outdated",
            Unit.BUREAU,
            0.002,
            msg("the PV's registered voters are not those of the roll"),
            _registered_outdated,
        ),
    )
)
TABULATION = tuple(
    PaperFault(name=name, unit=unit, rate=rate, effect=effect, stage=Stage.TABULATION, act=act)
    for name, unit, rate, effect, act in (
        # « Most gaps were not shown on the centralising record » (Issy, 2007); R69 forbids it.
        (
            "gap-corrected",
            Unit.GAP,
            0.10,
            msg("the commune's record has as many signatures as votes"),
            _gap_corrected,
        ),
        (
            "tabulated-changed",
            Unit.BUREAU,
            0.0005,
            msg("the commune's record changes a bureau's blank votes"),
            _tabulated_changed,
        ),
    )
)
