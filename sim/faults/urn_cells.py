"""Faults in the memory of an electronic urn, as its image shows them: cells that decay, votes for nobody."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from protocol.export import record as export
from protocol.urn.image import CLOSING_DTYPE, ERASED, MARK_BYTES, SLOT_SIZE, SLOTS, SPANS, Section, seal, slot_bytes
from protocol.urn.image import DTYPE as IMAGE_DTYPE
from protocol.words import msg
from sim.evidence import POLL, BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit

Struck = list[tuple[int, Effect]]
_ONES = 0xFFFF_FFFF


def _counter_decayed(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    start, _ = SPANS[Section.MARKS]
    unused = [place for place in range(start, start + MARK_BYTES) if data[place] == ERASED]
    if not unused:
        return []
    place = unused[int(random.integers(len(unused)))]
    commune[at].urns[0] = (name, _cleared(data, place, int(random.integers(8))))
    return [(at, Effect("modules", "marks", None, "une cellule d'un compteur a perdu un bit"))]


def _slot_decayed(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    slots = blank_slots(data)
    if not slots:
        return []
    place = SPANS[Section.BANK_A][0] + slots[int(random.integers(len(slots)))] + int(random.integers(SLOT_SIZE))
    commune[at].urns[0] = (name, _cleared(data, place, int(random.integers(8))))
    return [(at, Effect("modules", "bank_a", None, "une cellule d'un emplacement vide a perdu un bit"))]


def _vote_foreign(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns or not commune[at].exports:
        return []
    name, data = commune[at].urns[0]
    values = export.parse(commune[at].exports[0][1])
    slots = blank_slots(data)
    if not slots:
        return []
    offset = slots[int(random.integers(len(slots)))]
    vote = slot_bytes(POLL, len(values.tallies) + 1)
    image = bytearray(data)
    for section, held in ((Section.BANK_A, vote), (Section.BANK_B, bytes(byte ^ 0xFF for byte in vote))):
        place = SPANS[section][0] + offset
        image[place : place + SLOT_SIZE] = held
    _seal_anew(image, (Section.BANK_A, Section.BANK_B))
    commune[at].urns[0] = (name, bytes(image))
    read_from(bytes(image), commune[at])
    detail = "un vote de plus est dans l'urne, pour un choix qui n'existe pas ; aucun compte ne le contient"
    return [(at, Effect("modules", "bank_a", None, detail))]


def _cleared(data: bytes, place: int, bit: int) -> bytes:
    image = bytearray(data)
    image[place] &= ~(1 << bit) & 0xFF
    return bytes(image)


def read_from(image: bytes, evidence: BureauEvidence) -> None:
    """The first export of each poll was read from the urn with this image."""
    for each in evidence.polls:
        if each.exports:
            name, exported = each.exports[0]
            values = replace(export.parse(exported), module_digest=hashlib.sha256(image).digest())
            each.exports[0] = (name, export.build(values))


def blank_slots(data: bytes) -> list[int]:
    """List the offsets of slots erased in both banks, from the beginning of a bank."""
    a, b = (np.frombuffer(data, np.uint32, SLOTS, SPANS[bank][0]) for bank in (Section.BANK_A, Section.BANK_B))
    return [SLOT_SIZE * slot for slot in np.flatnonzero((a & b) == _ONES).tolist()]


def _seal_anew(image: bytearray, sections: tuple[Section, ...]) -> None:
    """Make the seals of some sections fit, as a machine would have written them at the closing."""
    serial = np.frombuffer(bytes(image), IMAGE_DTYPE)[0]["configuration"]["module_serial"].tobytes()
    start, end = SPANS[Section.CLOSING]
    closing = np.frombuffer(image[start:end], CLOSING_DTYPE)[0]
    for section in sections:
        first, last = SPANS[section]
        check = seal(serial, section, bytes(image[first:last]))
        closing["seals"][section]["crc32"], closing["seals"][section]["complement"] = check, check ^ _ONES
    check = seal(serial, Section.CLOSING, closing.tobytes()[:-8])
    closing["crc32"], closing["complement"] = check, check ^ _ONES
    image[start:end] = closing.tobytes()


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.DUMP, act=act)
    for name, effect, act in (
        (
            "vote-foreign",
            msg("the urn holds one vote for a choice beyond the last, with all its checksums right"),
            _vote_foreign,
        ),
        (
            "counter-decayed",
            msg("the two copies of a counter of the urn differ"),
            _counter_decayed,
        ),
        (
            "slot-decayed",
            msg("a slot of the urn that no vote was stored in is not blank"),
            _slot_decayed,
        ),
    )
)
