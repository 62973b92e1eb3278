"""Faults of dumps and module images between the machine and their reader."""

from __future__ import annotations

from dataclasses import replace

from numpy.random import Generator

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.export.record import Export
from protocol.night import export_name
from protocol.urn.image import SPANS, Section
from protocol.words import msg
from sim.evidence import BureauEvidence
from sim.faults.acts import copy, lose, misfile, of_bureau, of_export, of_urn, of_values, on_papers
from sim.faults.model import Effect, PaperFault, Stage

OLDER = 5 * 365 + 1
"""Days by which the forgotten dump of an earlier election is older."""
FAULTS: list[PaperFault] = []
_fault = on_papers(FAULTS, Stage.DUMP)
_kept = on_papers(FAULTS, Stage.KEEPING)


@_fault("dump-earlier-election", msg("the export is of another election and date"), 0.0005)
@of_values
def _earlier_election(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    date = values.date.fromordinal(values.date.toordinal() - OLDER)
    old = replace(values, election=values.election.replace(str(values.date.year), str(date.year)), date=date)
    return old, Effect("exports", "election", None, "le relevé est celui d'une élection précédente")


@_fault("dump-seal-changed", msg("the seal number is not that of the sealing record"), 0.001)
@of_values
def _seal_changed(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    seal = f"S{int(random.integers(10**10, 10**11))}"
    effect = Effect("exports", "machine_seal", None, "le numéro du scellé n'est pas celui du PV de scellage")
    return replace(values, machine_seal=seal), effect


@_fault("dump-counter-lost", msg("the public counter is below the votes cast"), 0.0005)
@of_values
def _counter_lost(values: Export, random: Generator) -> tuple[Export, Effect] | None:
    if not values.voters:
        return None
    lost = int(random.integers(1, min(values.voters, 9) + 1))
    effect = Effect("exports", "voters", -lost, f"le compteur public a perdu {lost} votants")
    return replace(values, voters=values.voters - lost), effect


@_fault("dump-unpadded-bureau", msg("the export names a bureau that is not on the list (12 for 0012)"), 0.0005)
@of_bureau
def _unknown_bureau(evidence: BureauEvidence, random: Generator) -> Effect | None:
    values = export.parse(evidence.exports[0][1])
    code = values.bureau.lstrip("0") or "0"
    if code == values.bureau:
        return None
    name = export_name(values.insee, code, evidence.poll, 1)
    evidence.exports[0] = (name, export.build(replace(values, bureau=code)))
    return Effect("exports", "bureau", None, f"le relevé porte le code {code} au lieu de {values.bureau}")


_fault("dump-misfiled", msg("the exports of two bureaux have each other's file name"), 0.001)(
    misfile("exports", "dump-misfiled", "exports", "les relevés", "classés l'un à la place de l'autre")
)


_fault("dump-copied", msg("the same export is there twice"), 0.001)(
    copy("exports", "exports", "le relevé est là deux fois")
)


@_fault("dump-bit-rot", msg("one bit of an export has changed"), 0.001)
@of_export
def _bit_rot(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    offset, bit = int(random.integers(len(data))), int(random.integers(8))
    damaged = bytearray(data)
    damaged[offset] ^= 1 << bit
    return bytes(damaged), Effect("exports", "octet", None, f"le bit {bit} de l'octet {offset} du relevé a changé")


@_fault("dump-cut", msg("an export ends too early"), 0.0005)
@of_export
def _cut(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    kept = int(random.integers(1, len(data)))
    return data[:kept], Effect("exports", "octet", None, f"le relevé est coupé après {kept} octets")


_fault("dump-lost", msg("there is no export of a machine bureau"), 0.001)(
    lose("exports", "exports", "le relevé est perdu")
)


@_fault("votes-decayed", msg("stored votes no longer match their second copy, nor the image its digest"), 0.001)
@of_urn
def _votes_decayed(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    image = bytearray(data)
    written = [place for place in range(*SPANS[Section.BANK_A]) if image[place] not in (0x00, 0xFF)]
    if not written:
        return None
    cells = random.choice(written, min(3, len(written)), replace=False)
    for place in cells:
        image[place] &= image[place] - 1  # the lowest set bit is cleared, as ageing flash does
    detail = f"{len(cells)} cellules de l'urne électronique ont perdu un bit"
    return bytes(image), Effect("modules", "bank_a", None, detail)


_fault("module-lost", msg("there is no image of an electronic urn"), 0.001)(
    lose("urns", "modules", "l'image de l'urne électronique est perdue")
)


@_kept("dump-read-again", msg("an export was read a second time after the manifest had its digest"))
@of_export
def _read_again(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    minutes = int(random.integers(10, 600))
    try:
        values = export.parse(data)
    except FormatError:
        return None
    if values.export is None:
        return None
    detail = f"le relevé est relu {minutes} minutes plus tard, et remplace celui dont l'empreinte était notée"
    return export.build(replace(values, export=values.export + 60 * minutes)), Effect("exports", "sha256", None, detail)


_kept("dump-deleted", msg("an export that the manifest names is gone"))(
    lose("exports", "exports", "le relevé n'est plus là, le manifeste le nomme encore")
)
