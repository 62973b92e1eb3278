"""Faults in the bytes of written exports, and in files that hold several of them."""

from __future__ import annotations

import zlib
from itertools import chain

import numpy as np

from protocol.export.record import MAGIC, PLACES
from protocol.words import msg
from sim.evidence import POLL, BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit

Struck = list[tuple[int, Effect]]
LEAST_IN_A_BATCH = 3
"""A lost byte between two records needs one before it and one after it."""


def _with_checksum(data: bytes, offset: int, new: bytes) -> bytes:
    """An export with other bytes at that place and a checksum that fits them."""
    start, _ = PLACES["crc32"]
    body = data[:offset] + new + data[offset + len(new) : start]
    return body + zlib.crc32(body).to_bytes(4, "big")


def _reserved_used(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].exports:
        return []
    name, data = commune[at].exports[0]
    offset, size = PLACES["reserved"]
    if len(data) < offset + size:
        return []
    note = b"CONVERTI 1.0".ljust(size, b" ")
    commune[at].exports[0] = (name, _with_checksum(data, offset, note))
    return [(at, Effect("exports", "reserved", None, "un programme a écrit dans les octets réservés du relevé"))]


def _value_erased(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].exports:
        return []
    name, data = commune[at].exports[0]
    field = str(random.choice(["registered", "voters", "enablings", "blank"]))
    offset, size = PLACES[field]
    if len(data) < offset + size:
        return []
    commune[at].exports[0] = (name, _with_checksum(data, offset, b"\xff" * size))
    return [(at, Effect("exports", field, None, "un nombre du relevé n'a jamais été écrit : tous ses bits sont à un"))]


def _version_other(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].exports:
        return []
    name, data = commune[at].exports[0]
    offset, size = PLACES["format_version"]
    if len(data) < offset + size:
        return []
    version = int.from_bytes(data[offset : offset + size]) + 1
    commune[at].exports[0] = (name, _with_checksum(data, offset, version.to_bytes(size)))
    return [(at, Effect("exports", "format_version", None, f"le relevé dit être de la version {version} du format"))]


def _text_mode(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].exports:
        return []
    name, data = commune[at].exports[0]
    converted = data.replace(b"\r\n", b"\n")
    if converted == data:
        return []
    commune[at].exports[0] = (name, converted)
    return [(at, Effect("exports", "magic", None, "le relevé est passé par un transfert en mode texte"))]


def _batch_torn(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
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


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.DUMP, act=act)
    for name, effect, act in (
        (
            "dump-reserved-used",
            msg("the reserved bytes of an export are not zero, and its checksum is right"),
            _reserved_used,
        ),
        (
            "dump-value-erased",
            msg("a count of an export has all bits set, which the format does not allow, and the checksum is right"),
            _value_erased,
        ),
        (
            "dump-version-other",
            msg("the export says that it is of another version of the format, and its checksum is right"),
            _version_other,
        ),
        (
            "dump-text-mode",
            msg("the line ends of an export were converted as if it were a text"),
            _text_mode,
        ),
        (
            "dump-batch-torn",
            msg("the exports of a commune are one file, and one of them has lost its first byte"),
            _batch_torn,
        ),
    )
)
