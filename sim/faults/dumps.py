"""Faults of exports: figures with a right checksum, damaged bytes, and files between the machine and their reader."""

from __future__ import annotations

import zlib
from dataclasses import replace
from itertools import chain

import numpy as np

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.export.record import MAGIC, PLACES, Export
from protocol.night import export_name
from protocol.urn.image import SPANS, Section
from protocol.words import msg
from sim.evidence import FIRST_POLL, BureauEvidence
from sim.faults.acts import copy, lose, misfile, of_bureau, of_export, of_urn, of_values, on_papers
from sim.faults.model import Effect, PaperFault, Stage, Struck
from sim.streams import RandomStream

MINUTE = 60
TOO_MANY_AN_HOUR = 300
"""Votes that no machine takes in an hour: twelve seconds for each."""
INVENTED_VERSION = "9.99"
"""A firmware version that no real machine is known to carry."""
OLDER = 5 * 365 + 1
"""Days by which the forgotten dump of an earlier election is older."""
LEAST_IN_A_BATCH = 3
"""A lost byte between two records needs one before it and one after it."""
FIGURES: list[PaperFault] = []
"""Figures that are read too early, copied, converted or mistyped: these strike before the faults of urns."""
FAULTS: list[PaperFault] = []
_figure = on_papers(FIGURES, Stage.DUMP)
_fault = on_papers(FAULTS, Stage.DUMP)
_kept = on_papers(FAULTS, Stage.KEEPING)


@_figure(
    "dump-read-twice", msg("a second export of the bureau, of before the last votes, is kept beside the right one")
)
@of_bureau
def _read_twice(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    name, data = evidence.exports[0]
    values = export.parse(data)
    waiting = random.number(1, 6)
    if values.closing is None or min(values.cast, values.voters, values.enablings) < waiting:
        return None
    votes = np.array((values.blank, *values.tallies))
    if votes.sum() < waiting:
        return None
    values.blank, *tallies = (votes - random.multivariate_hypergeometric(votes, waiting)).tolist()
    values.tallies = tuple(tallies)
    values.export = values.closing - random.number(1, 11) * MINUTE
    values.closing = None
    values.voters -= waiting
    values.enablings -= waiting
    values.cast -= waiting
    evidence.exports.append((f"avant cloture {name}", export.build(values)))
    return Effect("exports", "fichier", f"un premier relevé est d'avant les {waiting} derniers votes")


@_figure("dump-unclosed", msg("the export has no time of closing"))
@of_values
def _unclosed(values: Export, random: RandomStream) -> Effect | None:
    if values.closing is None:
        return None
    values.export = values.closing - random.number(1, 6) * MINUTE
    values.closing = None
    return Effect("exports", "closing", "le relevé est lu avant que les deux clés ne closent le scrutin")


@_figure("dump-clock-behind", msg("the export is dated before the closing"))
@of_values
def _clock_behind(values: Export, random: RandomStream) -> Effect | None:
    minutes = random.number(1, 31)
    if values.closing is None or values.export is None:
        return None
    values.export = values.closing - minutes * MINUTE
    return Effect("exports", "export", f"le relevé est daté de {minutes} minutes avant la clôture")


@_figure(
    "dump-opening-restart",
    msg("the opening in the export is so late that the votes cannot have been cast since"),
)
@of_values
def _opening_restart(values: Export, random: RandomStream) -> Effect | None:
    minutes = random.number(20, 61)
    if values.closing is None or values.cast * 60 <= TOO_MANY_AN_HOUR * minutes:
        return None
    values.opening = values.closing - minutes * MINUTE
    detail = f"l'ouverture du relevé est celle d'un redémarrage, {minutes} minutes avant la clôture"
    return Effect("exports", "opening", detail)


@_figure(
    "dump-model-other",
    msg("the export names another firmware than the approved one; the version is invented"),
)
@of_values
def _model_other(values: Export, random: RandomStream) -> Effect:
    values.model = f"{values.model[: values.model.index('FW')]}FW {INVENTED_VERSION})"
    detail = f"le logiciel de la machine est d'une version non agréée ({INVENTED_VERSION}, inventée)"
    return Effect("exports", "model", detail)


@_figure("dump-serial-shared", msg("the export carries the machine number of another bureau of the commune"))
def _serial_shared(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    before = [evidence for evidence in commune[:at] if evidence.exports]
    if not before:
        return []
    other = random.one_of(before)
    name, data = commune[at].exports[0]
    values = export.parse(data)
    values.machine_serial = export.parse(other.exports[0][1]).machine_serial
    commune[at].exports[0] = (name, export.build(values))
    detail = f"le relevé porte le numéro de la machine du bureau {other.bureau.code}"
    return [(at, Effect("exports", "machine_serial", detail))]


@_figure(
    "dump-registered-short",
    msg("the registered voters in the export lack their last digit, so that more votes were cast than they are"),
)
@of_bureau
def _registered_short(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    parts = [(name, export.parse(data)) for name, data in evidence.exports]
    right = parts[0][1].registered
    short = right // 10
    if sum(values.cast for _, values in parts) <= short:
        return None
    evidence.exports[:] = [(name, export.build(replace(values, registered=short))) for name, values in parts]
    detail = f"les inscrits ont perdu un chiffre : {short} pour {right}"
    return Effect("exports", "registered", detail, short - right)


@_figure("dump-tally-wrong", msg("the votes of one choice in the export are others, and its checksum is right"))
@of_values
def _tally_wrong(values: Export, random: RandomStream) -> Effect | None:
    tallies = list(values.tallies)
    place = random.number(len(tallies))
    change = random.one_of([-10, -1, 1, 10])
    if tallies[place] + change < 0:
        return None
    tallies[place] += change
    values.tallies = tuple(tallies)
    return Effect("exports", "tallies", f"les voix du choix {place + 1} ont changé dans le relevé", change)


@_figure(
    "dump-votes-moved",
    msg("votes of one choice stand with another one in the export; its sums and its checksum are right"),
)
@of_values
def _votes_moved(values: Export, random: RandomStream) -> Effect | None:
    tallies = list(values.tallies)
    first, second = random.choice(len(tallies), 2, replace=False).tolist()
    if not tallies[first]:
        return None
    moved = random.number(1, min(tallies[first], 20) + 1)
    tallies[first] -= moved
    tallies[second] += moved
    values.tallies = tuple(tallies)
    detail = f"{moved} voix sont passées du choix {first + 1} au choix {second + 1} dans le relevé"
    return Effect("exports", "tallies", detail, -moved)


@_fault("dump-earlier-election", msg("the export is of another election and date"), 0.0005)
@of_values
def _earlier_election(values: Export, random: RandomStream) -> Effect:
    year = str(values.date.year)
    values.date = values.date.fromordinal(values.date.toordinal() - OLDER)
    values.election = values.election.replace(year, str(values.date.year))
    return Effect("exports", "election", "le relevé est celui d'une élection précédente")


@_fault("dump-seal-changed", msg("the seal number is not that of the sealing record"), 0.001)
@of_values
def _seal_changed(values: Export, random: RandomStream) -> Effect:
    values.machine_seal = f"S{random.number(10**10, 10**11)}"
    return Effect("exports", "machine_seal", "le numéro du scellé n'est pas celui du PV de scellage")


@_fault("dump-counter-lost", msg("the public counter is below the votes cast"), 0.0005)
@of_values
def _counter_lost(values: Export, random: RandomStream) -> Effect | None:
    if not values.voters:
        return None
    lost = random.number(1, min(values.voters, 9) + 1)
    values.voters -= lost
    return Effect("exports", "voters", f"le compteur public a perdu {lost} votants", -lost)


@_fault("dump-unpadded-bureau", msg("the export names a bureau that is not on the list (12 for 0012)"), 0.0005)
@of_bureau
def _unknown_bureau(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    values = export.parse(evidence.exports[0][1])
    padded, code = values.bureau, values.bureau.lstrip("0") or "0"
    if code == padded:
        return None
    values.bureau = code
    evidence.exports[0] = (export_name(values.insee, code, evidence.poll, 1), export.build(values))
    return Effect("exports", "bureau", f"le relevé porte le code {code} au lieu de {padded}")


_fault("dump-misfiled", msg("the exports of two bureaux have each other's file name"), 0.001)(
    misfile("exports", "dump-misfiled", "exports", "les relevés", "classés l'un à la place de l'autre")
)
_fault("dump-copied", msg("the same export is there twice"), 0.001)(
    copy("exports", "exports", "le relevé est là deux fois")
)


@_fault("dump-bit-rot", msg("one bit of an export has changed"), 0.001)
@of_export
def _bit_rot(data: bytearray, random: RandomStream) -> Effect:
    offset, bit = random.number(len(data)), random.number(8)
    data[offset] ^= 1 << bit
    return Effect("exports", "octet", f"le bit {bit} de l'octet {offset} du relevé a changé")


@_fault("dump-cut", msg("an export ends too early"), 0.0005)
@of_export
def _cut(data: bytearray, random: RandomStream) -> Effect:
    kept = random.number(1, len(data))
    del data[kept:]
    return Effect("exports", "octet", f"le relevé est coupé après {kept} octets")


_fault("dump-lost", msg("there is no export of a machine bureau"), 0.001)(
    lose("exports", "exports", "le relevé est perdu")
)


@_fault("votes-decayed", msg("stored votes no longer match their second copy, nor the image its digest"), 0.001)
@of_urn
def _votes_decayed(image: bytearray, random: RandomStream) -> Effect | None:
    written = [place for place in range(*SPANS[Section.BANK_A]) if image[place] not in (0x00, 0xFF)]
    if not written:
        return None
    cells = random.choice(written, min(3, len(written)), replace=False)
    for place in cells:
        image[place] &= image[place] - 1  # the lowest set bit is cleared, as ageing flash does
    return Effect("modules", "bank_a", f"{len(cells)} cellules de l'urne électronique ont perdu un bit")


_fault("module-lost", msg("there is no image of an electronic urn"), 0.001)(
    lose("urns", "modules", "l'image de l'urne électronique est perdue")
)


@_kept("dump-read-again", msg("an export was read a second time after the manifest had its digest"))
@of_export
def _read_again(data: bytearray, random: RandomStream) -> Effect | None:
    minutes = random.number(10, 600)
    try:
        values = export.parse(bytes(data))
    except FormatError:
        return None
    if values.export is None:
        return None
    values.export += minutes * MINUTE
    data[:] = export.build(values)
    detail = f"le relevé est relu {minutes} minutes plus tard, et remplace celui dont l'empreinte était notée"
    return Effect("exports", "sha256", detail)


_kept("dump-deleted", msg("an export that the manifest names is gone"))(
    lose("exports", "exports", "le relevé n'est plus là, le manifeste le nomme encore")
)


def _put(data: bytearray, field: str, value: bytes, detail: str) -> Effect | None:
    """Put other bytes into a field, and a checksum that fits them; None where the field is cut off."""
    offset, size = PLACES[field]
    if len(data) < offset + size:
        return None
    data[offset : offset + size] = value
    checked = PLACES["crc32"][0]
    data[checked:] = zlib.crc32(data[:checked]).to_bytes(4, "big")
    return Effect("exports", field, detail)


@_fault("dump-reserved-used", msg("the reserved bytes of an export are not zero, and its checksum is right"))
@of_export
def _reserved_used(data: bytearray, random: RandomStream) -> Effect | None:
    note = b"CONVERTI 1.0".ljust(PLACES["reserved"][1], b" ")
    return _put(data, "reserved", note, "un programme a écrit dans les octets réservés du relevé")


@_fault(
    "dump-value-erased",
    msg("a count of an export has all bits set, which the format does not allow, and the checksum is right"),
)
@of_export
def _value_erased(data: bytearray, random: RandomStream) -> Effect | None:
    field = random.one_of(["registered", "voters", "enablings", "blank"])
    erased = b"\xff" * PLACES[field][1]
    return _put(data, field, erased, "un nombre du relevé n'a jamais été écrit : tous ses bits sont à un")


@_fault(
    "dump-version-other",
    msg("the export says that it is of another version of the format, and its checksum is right"),
)
@of_export
def _version_other(data: bytearray, random: RandomStream) -> Effect | None:
    offset, size = PLACES["format_version"]
    version = int.from_bytes(data[offset : offset + size]) + 1
    return _put(data, "format_version", version.to_bytes(size), f"le relevé dit être de la version {version} du format")


@_fault("dump-text-mode", msg("the line ends of an export were converted as if it were a text"))
@of_export
def _text_mode(data: bytearray, random: RandomStream) -> Effect | None:
    converted = data.replace(b"\r\n", b"\n")
    if converted == data:
        return None
    data[:] = converted
    return Effect("exports", "magic", "le relevé est passé par un transfert en mode texte")


@_fault("dump-batch-torn", msg("the exports of a commune are one file, and one of them has lost its first byte"))
def _batch_torn(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    """The exports of the others are in the same file, whole: they are no worse for it, and no bureau of the truth."""
    others = [evidence for evidence in commune if evidence is not commune[at]]
    records = [data for evidence in others for _, data in evidence.exports]
    if not commune[at].exports or len(records) + 1 < LEAST_IN_A_BATCH:
        return []
    (_, torn), *rest = commune[at].exports
    if not torn.startswith(MAGIC):
        return []
    whole = b"".join(chain(records[:1], [torn[1:]], records[1:], (data for _, data in rest)))
    for evidence in others:
        evidence.exports.clear()
    of_poll = "" if commune[at].poll == FIRST_POLL else f"-{commune[at].poll}"
    commune[at].exports[:] = [(f"lot-{commune[at].bureau.insee}{of_poll}.esf", whole)]
    return [(at, Effect("exports", "octet", "le relevé a perdu son premier octet dans le fichier de la commune"))]
