"""Faults of dumps and module images between the machine and their reader."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.night import export_name
from protocol.urn.image import SPANS, Section
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit, struck_by

Struck = list[tuple[int, Effect]]
OLDER = 5 * 365 + 1
"""Days by which the forgotten dump of an earlier election is older."""


def _bit_rot(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    offset, bit = int(random.integers(len(data))), int(random.integers(8))
    damaged = bytearray(data)
    damaged[offset] ^= 1 << bit
    commune[at].exports[0] = (name, bytes(damaged))
    return [(at, Effect("exports", "octet", None, f"le bit {bit} de l'octet {offset} du relevé a changé"))]


def _cut(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    kept = int(random.integers(1, len(data)))
    commune[at].exports[0] = (name, data[:kept])
    return [(at, Effect("exports", "octet", None, f"le relevé est coupé après {kept} octets"))]


def _lost(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    commune[at].exports.pop(0)
    return [(at, Effect("exports", "fichier", None, "le relevé est perdu"))]


def _copied(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    commune[at].exports.append((f"copie de {name}", data))
    return [(at, Effect("exports", "fichier", None, "le relevé est là deux fois"))]


def _misfiled(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    own = [bool(each.exports) and not struck_by("dump-misfiled", each) for each in commune]
    others = [other for other in (*range(at + 1, len(commune)), *range(at)) if own[other]]
    if not own[at] or not others:
        return []
    other = others[int(random.integers(len(others)))]
    (name, data), (other_name, other_data) = commune[at].exports[0], commune[other].exports[0]
    commune[at].exports[0], commune[other].exports[0] = (name, other_data), (other_name, data)
    codes = f"{commune[at].bureau.code} et {commune[other].bureau.code}"
    detail = f"les relevés des bureaux {codes} sont classés l'un à la place de l'autre"
    return [(where, Effect("exports", "fichier", None, detail)) for where in (at, other)]


def _earlier_election(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    date = values.date.fromordinal(values.date.toordinal() - OLDER)
    old = replace(values, election=values.election.replace(str(values.date.year), str(date.year)), date=date)
    commune[at].exports[0] = (name, export.build(old))
    return [(at, Effect("exports", "election", None, "le relevé est celui d'une élection précédente"))]


def _seal_changed(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    seal = f"S{int(random.integers(10**10, 10**11))}"
    commune[at].exports[0] = (name, export.build(replace(export.parse(data), machine_seal=seal)))
    return [(at, Effect("exports", "machine_seal", None, "le numéro du scellé n'est pas celui du PV de scellage"))]


def _counter_lost(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    name, data = commune[at].exports[0]
    values = export.parse(data)
    if not values.voters:
        return []
    lost = int(random.integers(1, min(values.voters, 9) + 1))
    commune[at].exports[0] = (name, export.build(replace(values, voters=values.voters - lost)))
    return [(at, Effect("exports", "voters", -lost, f"le compteur public a perdu {lost} votants"))]


def _votes_decayed(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    start, end = SPANS[Section.BANK_A]
    image = bytearray(data)
    written = [place for place in range(start, end) if image[place] not in (0x00, 0xFF)]
    if not written:
        return []
    cells = random.choice(written, min(3, len(written)), replace=False)
    for place in cells:
        image[place] &= image[place] - 1  # the lowest set bit is cleared, as ageing flash does
    commune[at].urns[0] = (name, bytes(image))
    return [(at, Effect("modules", "bank_a", None, f"{len(cells)} cellules de l'urne électronique ont perdu un bit"))]


def _urn_lost(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    commune[at].urns.pop(0)
    return [(at, Effect("modules", "fichier", None, "l'image de l'urne électronique est perdue"))]


def _unknown_bureau(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    _, data = commune[at].exports[0]
    values = export.parse(data)
    code = values.bureau.lstrip("0") or "0"
    if code == values.bureau:
        return []
    name = export_name(values.insee, code, commune[at].poll, 1)
    commune[at].exports[0] = (name, export.build(replace(values, bureau=code)))
    return [(at, Effect("exports", "bureau", None, f"le relevé porte le code {code} au lieu de {values.bureau}"))]


def _deleted(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].exports:
        return []
    commune[at].exports.pop(0)
    return [(at, Effect("exports", "fichier", None, "le relevé n'est plus là, le manifeste le nomme encore"))]


def _read_again(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].exports:
        return []
    name, data = commune[at].exports[0]
    minutes = int(random.integers(10, 600))
    try:
        values = export.parse(data)
    except FormatError:
        return []
    if values.export is None:
        return []
    commune[at].exports[0] = (name, export.build(replace(values, export=values.export + 60 * minutes)))
    detail = f"le relevé est relu {minutes} minutes plus tard, et remplace celui dont l'empreinte était notée"
    return [(at, Effect("exports", "sha256", None, detail))]


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=rate, effect=effect, stage=Stage.DUMP, act=act)
    for name, rate, effect, act in (
        (
            "dump-earlier-election",
            0.0005,
            msg("the export is of another election and date"),
            _earlier_election,
        ),
        (
            "dump-seal-changed",
            0.001,
            msg("the seal number is not that of the sealing record"),
            _seal_changed,
        ),
        (
            "dump-counter-lost",
            0.0005,
            msg("the public counter is below the votes cast"),
            _counter_lost,
        ),
        (
            "dump-unpadded-bureau",
            0.0005,
            msg("the export names a bureau that is not on the list (12 for 0012)"),
            _unknown_bureau,
        ),
        (
            "dump-misfiled",
            0.001,
            msg("the exports of two bureaux have each other's file name"),
            _misfiled,
        ),
        (
            "dump-copied",
            0.001,
            msg("the same export is there twice"),
            _copied,
        ),
        (
            "dump-bit-rot",
            0.001,
            msg("one bit of an export has changed"),
            _bit_rot,
        ),
        (
            "dump-cut",
            0.0005,
            msg("an export ends too early"),
            _cut,
        ),
        (
            "dump-lost",
            0.001,
            msg("there is no export of a machine bureau"),
            _lost,
        ),
        (
            "votes-decayed",
            0.001,
            msg("stored votes no longer match their second copy, nor the image its digest"),
            _votes_decayed,
        ),
        (
            "module-lost",
            0.001,
            msg("there is no image of an electronic urn"),
            _urn_lost,
        ),
    )
)
KEEPING = (
    PaperFault(
        name="dump-read-again",
        unit=Unit.BUREAU,
        rate=0.0,
        effect=msg("an export was read a second time after the manifest had its digest"),
        stage=Stage.KEEPING,
        act=_read_again,
    ),
    PaperFault(
        name="dump-deleted",
        unit=Unit.BUREAU,
        rate=0.0,
        effect=msg("an export that the manifest names is gone"),
        stage=Stage.KEEPING,
        act=_deleted,
    ),
)
