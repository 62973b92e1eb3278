"""Faults in the figures of an export with a right checksum: read too early, copied, converted, mistyped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from protocol.export import record as export
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit

Struck = list[tuple[int, Effect]]
MINUTE = 60
TOO_MANY_AN_HOUR = 300
"""Votes that no machine takes in an hour: twelve seconds for each."""
INVENTED_VERSION = "9.99"
"""A firmware version that no real machine is known to carry."""


def _read_twice(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    waiting = int(random.integers(1, 6))
    if values.closing is None or min(values.cast, values.voters, values.enablings) < waiting:
        return []
    votes = np.array((values.blank, *values.tallies))
    if votes.sum() < waiting:
        return []
    blank, *tallies = (votes - random.multivariate_hypergeometric(votes, waiting)).tolist()
    early = replace(
        values,
        closing=None,
        export=values.closing - int(random.integers(1, 11)) * MINUTE,
        voters=values.voters - waiting,
        enablings=values.enablings - waiting,
        cast=values.cast - waiting,
        blank=blank,
        tallies=tuple(tallies),
    )
    commune[at].exports.append((f"avant cloture {name}", export.build(early)))
    return [(at, Effect("exports", "fichier", None, f"un premier relevé est d'avant les {waiting} derniers votes"))]


def _unclosed(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    if values.closing is None:
        return []
    moment = values.closing - int(random.integers(1, 6)) * MINUTE
    commune[at].exports[0] = (name, export.build(replace(values, closing=None, export=moment)))
    return [(at, Effect("exports", "closing", None, "le relevé est lu avant que les deux clés ne closent le scrutin"))]


def _clock_behind(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    minutes = int(random.integers(1, 31))
    if values.closing is None or values.export is None:
        return []
    moment = values.closing - minutes * MINUTE
    commune[at].exports[0] = (name, export.build(replace(values, export=moment)))
    return [(at, Effect("exports", "export", None, f"le relevé est daté de {minutes} minutes avant la clôture"))]


def _opening_restart(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    minutes = int(random.integers(20, 61))
    if values.closing is None or values.cast * 60 <= TOO_MANY_AN_HOUR * minutes:
        return []
    moment = values.closing - minutes * MINUTE
    commune[at].exports[0] = (name, export.build(replace(values, opening=moment)))
    detail = f"l'ouverture du relevé est celle d'un redémarrage, {minutes} minutes avant la clôture"
    return [(at, Effect("exports", "opening", None, detail))]


def _model_other(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    model = f"{values.model[: values.model.index('FW')]}FW {INVENTED_VERSION})"
    commune[at].exports[0] = (name, export.build(replace(values, model=model)))
    detail = f"le logiciel de la machine est d'une version non agréée ({INVENTED_VERSION}, inventée)"
    return [(at, Effect("exports", "model", None, detail))]


def _serial_shared(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    before = [evidence for evidence in commune[:at] if evidence.exports]
    if not before:
        return []
    other = before[int(random.integers(len(before)))]
    name, data = commune[at].exports[0]
    serial = export.parse(other.exports[0][1]).machine_serial
    commune[at].exports[0] = (name, export.build(replace(export.parse(data), machine_serial=serial)))
    detail = f"le relevé porte le numéro de la machine du bureau {other.bureau.code}"
    return [(at, Effect("exports", "machine_serial", None, detail))]


def _registered_short(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    parts = [(name, export.parse(data)) for name, data in commune[at].exports]
    right = parts[0][1].registered
    short = right // 10
    if sum(values.cast for _, values in parts) <= short:
        return []
    commune[at].exports[:] = [(name, export.build(replace(values, registered=short))) for name, values in parts]
    detail = f"les inscrits ont perdu un chiffre : {short} pour {right}"
    return [(at, Effect("exports", "registered", short - right, detail))]


def _tally_wrong(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    tallies = list(values.tallies)
    place = int(random.integers(len(tallies)))
    change = int(random.choice([-10, -1, 1, 10]))
    if tallies[place] + change < 0:
        return []
    tallies[place] += change
    commune[at].exports[0] = (name, export.build(replace(values, tallies=tuple(tallies))))
    return [(at, Effect("exports", "tallies", change, f"les voix du choix {place + 1} ont changé dans le relevé"))]


def _votes_moved(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    tallies = list(values.tallies)
    first, second = (int(place) for place in random.choice(len(tallies), 2, replace=False))
    if not tallies[first]:
        return []
    moved = int(random.integers(1, min(tallies[first], 20) + 1))
    tallies[first] -= moved
    tallies[second] += moved
    commune[at].exports[0] = (name, export.build(replace(values, tallies=tuple(tallies))))
    detail = f"{moved} voix sont passées du choix {first + 1} au choix {second + 1} dans le relevé"
    return [(at, Effect("exports", "tallies", -moved, detail))]


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.DUMP, act=act)
    for name, effect, act in (
        (
            "dump-read-twice",
            msg("a second export of the bureau, of before the last votes, is kept beside the right one"),
            _read_twice,
        ),
        (
            "dump-unclosed",
            msg("the export has no time of closing"),
            _unclosed,
        ),
        (
            "dump-clock-behind",
            msg("the export is dated before the closing"),
            _clock_behind,
        ),
        (
            "dump-opening-restart",
            msg("the opening in the export is so late that the votes cannot have been cast since"),
            _opening_restart,
        ),
        (
            "dump-model-other",
            msg("the export names another firmware than the approved one; the version is invented"),
            _model_other,
        ),
        (
            "dump-serial-shared",
            msg("the export carries the machine number of another bureau of the commune"),
            _serial_shared,
        ),
        (
            "dump-registered-short",
            msg(
                "the registered voters in the export lack their last digit, so that more votes were cast than they are"
            ),
            _registered_short,
        ),
        (
            "dump-tally-wrong",
            msg("the votes of one choice in the export are others, and its checksum is right"),
            _tally_wrong,
        ),
        (
            "dump-votes-moved",
            msg("votes of one choice stand with another one in the export; its sums and its checksum are right"),
            _votes_moved,
        ),
    )
)
