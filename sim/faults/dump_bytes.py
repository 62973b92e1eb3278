"""Faults in the bytes of written exports, and in files that hold several of them."""

from __future__ import annotations

import zlib
from itertools import chain

from numpy.random import Generator

from protocol.export.record import MAGIC, PLACES
from protocol.words import msg
from sim.evidence import POLL, BureauEvidence
from sim.faults.acts import of_export, on_papers
from sim.faults.model import Effect, PaperFault, Stage, Struck

LEAST_IN_A_BATCH = 3
"""A lost byte between two records needs one before it and one after it."""
FAULTS: list[PaperFault] = []
_fault = on_papers(FAULTS, Stage.DUMP)


def _put(data: bytes, field: str, value: bytes, detail: str) -> tuple[bytes, Effect] | None:
    """An export with other bytes in that field and a checksum that fits them; None where the field is cut off."""
    offset, size = PLACES[field]
    if len(data) < offset + size:
        return None
    start, _ = PLACES["crc32"]
    body = data[:offset] + value + data[offset + size : start]
    return body + zlib.crc32(body).to_bytes(4, "big"), Effect("exports", field, None, detail)


@_fault("dump-reserved-used", msg("the reserved bytes of an export are not zero, and its checksum is right"))
@of_export
def _reserved_used(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    note = b"CONVERTI 1.0".ljust(PLACES["reserved"][1], b" ")
    return _put(data, "reserved", note, "un programme a écrit dans les octets réservés du relevé")


@_fault(
    "dump-value-erased",
    msg("a count of an export has all bits set, which the format does not allow, and the checksum is right"),
)
@of_export
def _value_erased(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    field = str(random.choice(["registered", "voters", "enablings", "blank"]))
    erased = b"\xff" * PLACES[field][1]
    return _put(data, field, erased, "un nombre du relevé n'a jamais été écrit : tous ses bits sont à un")


@_fault(
    "dump-version-other",
    msg("the export says that it is of another version of the format, and its checksum is right"),
)
@of_export
def _version_other(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    offset, size = PLACES["format_version"]
    version = int.from_bytes(data[offset : offset + size]) + 1
    detail = f"le relevé dit être de la version {version} du format"
    return _put(data, "format_version", version.to_bytes(size), detail)


@_fault("dump-text-mode", msg("the line ends of an export were converted as if it were a text"))
@of_export
def _text_mode(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    converted = data.replace(b"\r\n", b"\n")
    if converted == data:
        return None
    return converted, Effect("exports", "magic", None, "le relevé est passé par un transfert en mode texte")


@_fault("dump-batch-torn", msg("the exports of a commune are one file, and one of them has lost its first byte"))
def _batch_torn(commune: list[BureauEvidence], at: int, random: Generator) -> Struck:
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
    of_poll = "" if commune[at].poll == POLL else f"-{commune[at].poll}"
    commune[at].exports[:] = [(f"lot-{commune[at].bureau.insee}{of_poll}.esf", whole)]
    return [(at, Effect("exports", "octet", None, "le relevé a perdu son premier octet dans le fichier de la commune"))]
