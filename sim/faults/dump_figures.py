"""Faults in the figures of an export with a right checksum: read too early, copied, converted, mistyped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from protocol.export import record as export
from protocol.export.record import Export
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.acts import of_bureau, of_values, on_papers
from sim.faults.model import Effect, PaperFault, Stage, Struck

MINUTE = 60
TOO_MANY_AN_HOUR = 300
"""Votes that no machine takes in an hour: twelve seconds for each."""
INVENTED_VERSION = "9.99"
"""A firmware version that no real machine is known to carry."""
FAULTS: list[PaperFault] = []
_fault = on_papers(FAULTS, Stage.DUMP)


@_fault("dump-read-twice", msg("a second export of the bureau, of before the last votes, is kept beside the right one"))
@of_bureau
def _read_twice(evidence: BureauEvidence, random: Generator) -> Effect | None:
    name, data = evidence.exports[0]
    values = export.parse(data)
    waiting = int(random.integers(1, 6))
    if values.closing is None or min(values.cast, values.voters, values.enablings) < waiting:
        return None
    votes = np.array((values.blank, *values.tallies))
    if votes.sum() < waiting:
        return None
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
    evidence.exports.append((f"avant cloture {name}", export.build(early)))
    return Effect("exports", "fichier", None, f"un premier relevé est d'avant les {waiting} derniers votes")


@_fault("dump-unclosed", msg("the export has no time of closing"))
@of_values
def _unclosed(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    if values.closing is None:
        return None
    moment = values.closing - int(random.integers(1, 6)) * MINUTE
    effect = Effect("exports", "closing", None, "le relevé est lu avant que les deux clés ne closent le scrutin")
    return replace(values, closing=None, export=moment), effect


@_fault("dump-clock-behind", msg("the export is dated before the closing"))
@of_values
def _clock_behind(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    minutes = int(random.integers(1, 31))
    if values.closing is None or values.export is None:
        return None
    effect = Effect("exports", "export", None, f"le relevé est daté de {minutes} minutes avant la clôture")
    return replace(values, export=values.closing - minutes * MINUTE), effect


@_fault(
    "dump-opening-restart",
    msg("the opening in the export is so late that the votes cannot have been cast since"),
)
@of_values
def _opening_restart(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    minutes = int(random.integers(20, 61))
    if values.closing is None or values.cast * 60 <= TOO_MANY_AN_HOUR * minutes:
        return None
    detail = f"l'ouverture du relevé est celle d'un redémarrage, {minutes} minutes avant la clôture"
    return replace(values, opening=values.closing - minutes * MINUTE), Effect("exports", "opening", None, detail)


@_fault(
    "dump-model-other",
    msg("the export names another firmware than the approved one; the version is invented"),
)
@of_values
def _model_other(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    model = f"{values.model[: values.model.index('FW')]}FW {INVENTED_VERSION})"
    detail = f"le logiciel de la machine est d'une version non agréée ({INVENTED_VERSION}, inventée)"
    return replace(values, model=model), Effect("exports", "model", None, detail)


@_fault("dump-serial-shared", msg("the export carries the machine number of another bureau of the commune"))
def _serial_shared(commune: list[BureauEvidence], at: int, random: Generator) -> Struck:
    before = [evidence for evidence in commune[:at] if evidence.exports]
    if not before:
        return []
    other = before[int(random.integers(len(before)))]
    name, data = commune[at].exports[0]
    serial = export.parse(other.exports[0][1]).machine_serial
    commune[at].exports[0] = (name, export.build(replace(export.parse(data), machine_serial=serial)))
    detail = f"le relevé porte le numéro de la machine du bureau {other.bureau.code}"
    return [(at, Effect("exports", "machine_serial", None, detail))]


@_fault(
    "dump-registered-short",
    msg("the registered voters in the export lack their last digit, so that more votes were cast than they are"),
)
@of_bureau
def _registered_short(evidence: BureauEvidence, random: Generator) -> Effect | None:
    parts = [(name, export.parse(data)) for name, data in evidence.exports]
    right = parts[0][1].registered
    short = right // 10
    if sum(values.cast for _, values in parts) <= short:
        return None
    evidence.exports[:] = [(name, export.build(replace(values, registered=short))) for name, values in parts]
    detail = f"les inscrits ont perdu un chiffre : {short} pour {right}"
    return Effect("exports", "registered", short - right, detail)


@_fault("dump-tally-wrong", msg("the votes of one choice in the export are others, and its checksum is right"))
@of_values
def _tally_wrong(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    tallies = list(values.tallies)
    place = int(random.integers(len(tallies)))
    change = int(random.choice([-10, -1, 1, 10]))
    if tallies[place] + change < 0:
        return None
    tallies[place] += change
    effect = Effect("exports", "tallies", change, f"les voix du choix {place + 1} ont changé dans le relevé")
    return replace(values, tallies=tuple(tallies)), effect


@_fault(
    "dump-votes-moved",
    msg("votes of one choice stand with another one in the export; its sums and its checksum are right"),
)
@of_values
def _votes_moved(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    tallies = list(values.tallies)
    first, second = random.choice(len(tallies), 2, replace=False).tolist()
    if not tallies[first]:
        return None
    moved = int(random.integers(1, min(tallies[first], 20) + 1))
    tallies[first] -= moved
    tallies[second] += moved
    detail = f"{moved} voix sont passées du choix {first + 1} au choix {second + 1} dans le relevé"
    return replace(values, tallies=tuple(tallies)), Effect("exports", "tallies", -moved, detail)
