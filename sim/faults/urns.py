"""Faults in the memory of an urn, in its programming, or in its own records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from protocol.export import record as export
from protocol.urn.image import (
    ERASED,
    EVENT_SIZE,
    LABEL_SIZE,
    MARK_BYTES,
    SLOT_SIZE,
    SLOTS,
    SPANS,
    TEST_POLL,
    EventKind,
    Section,
    slot_bytes,
)
from protocol.words import msg
from sim.evidence import POLL, BureauEvidence
from sim.faults.acts import of_bureau, of_urn, on_papers
from sim.faults.model import Effect, PaperAct, PaperFault, Stage
from sim.faults.urn_writing import CLOSING, HEAD, LOG, last_entry, number_at, put, read_from, seal_image

_CHOICES = SPANS[Section.CHOICES][0]
FAULTS: list[PaperFault] = []
_fault = on_papers(FAULTS, Stage.DUMP)


def _of_written(change: Callable[[bytearray, Generator], Effect | None]) -> PaperAct:
    """A fault that changes the urn before it is sealed and its export is read; None where it cannot strike."""

    def act(evidence: BureauEvidence, random: Generator) -> Effect | None:
        if not evidence.urns:
            return None
        image = bytearray(evidence.urns[0][1])
        effect = change(image, random)
        if effect is not None:
            data = seal_image(image)
            evidence.urns[0] = (evidence.urns[0][0], data)
            read_from(data, evidence)
        return effect

    return of_bureau(act)


def _blank_slots(data: bytes) -> list[int]:
    """List the offsets of slots erased in both banks, from the beginning of a bank."""
    a, b = (np.frombuffer(data, np.uint32, SLOTS, SPANS[bank][0]) for bank in (Section.BANK_A, Section.BANK_B))
    return [SLOT_SIZE * slot for slot in np.flatnonzero((a & b) == 0xFFFF_FFFF).tolist()]


def _store(image: bytearray, vote: bytes, random: Generator) -> bool:
    """Write a vote into a blank slot of both banks. False where there is none."""
    slots = _blank_slots(bytes(image))
    if not slots:
        return False
    offset = slots[int(random.integers(len(slots)))]
    for section, held in ((Section.BANK_A, vote), (Section.BANK_B, bytes(byte ^ 0xFF for byte in vote))):
        place = SPANS[section][0] + offset
        image[place : place + SLOT_SIZE] = held
    return True


def _cleared(data: bytes, place: int, bit: int) -> bytes:
    image = bytearray(data)
    image[place] &= ~(1 << bit) & 0xFF
    return bytes(image)


@_fault("vote-foreign", msg("the urn holds one vote for a choice beyond the last, with all its checksums right"))
@_of_written
def _vote_foreign(image: bytearray, random: Generator) -> Effect | None:
    if not _store(image, slot_bytes(POLL, image[HEAD["polls"] + 1] + 1), random):
        return None
    detail = "un vote de plus est dans l'urne, pour un choix qui n'existe pas ; aucun compte ne le contient"
    return Effect("modules", "bank_a", None, detail)


@_fault("counter-decayed", msg("the two copies of a counter of the urn differ"))
@of_urn
def _counter_decayed(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    start, _ = SPANS[Section.MARKS]
    unused = [place for place in range(start, start + MARK_BYTES) if data[place] == ERASED]
    if not unused:
        return None
    place = unused[int(random.integers(len(unused)))]
    effect = Effect("modules", "marks", None, "une cellule d'un compteur a perdu un bit")
    return _cleared(data, place, int(random.integers(8))), effect


@_fault("slot-decayed", msg("a slot of the urn that no vote was stored in is not blank"))
@of_urn
def _slot_decayed(data: bytes, random: Generator) -> tuple[bytes, Effect] | None:
    slots = _blank_slots(data)
    if not slots:
        return None
    place = SPANS[Section.BANK_A][0] + slots[int(random.integers(len(slots)))] + int(random.integers(SLOT_SIZE))
    effect = Effect("modules", "bank_a", None, "une cellule d'un emplacement vide a perdu un bit")
    return _cleared(data, place, int(random.integers(8))), effect


@_fault("urn-registered-old", msg("the urn holds more registered voters than its export"))
@_of_written
def _registered_old(image: bytearray, random: Generator) -> Effect | None:
    place = HEAD["registered"]
    put(image, place, (number_at(image, place) + int(random.integers(1, 30))) % (export.MAX_COUNT + 1))
    detail = "l'urne a été programmée avec les inscrits d'avant la révision de la liste"
    return Effect("modules", "registered", None, detail)


@_fault(
    "urn-labels-exchanged",
    msg("two labels of the panel in the urn are exchanged, and the digest of the list is right"),
)
@_of_written
def _labels_exchanged(image: bytearray, random: Generator) -> Effect | None:
    choices = image[HEAD["polls"] + 1]
    first, second = (_CHOICES + LABEL_SIZE * int(at) for at in random.choice(choices, 2, replace=False))
    labels = image[first : first + LABEL_SIZE], image[second : second + LABEL_SIZE]
    image[second : second + LABEL_SIZE], image[first : first + LABEL_SIZE] = labels
    detail = "deux libellés de la planche sont intervertis ; l'empreinte de la liste est la bonne"
    return Effect("modules", "choices", None, detail)


@_fault("urn-label-latin-1", msg("a label in the urn is not UTF-8"))
@_of_written
def _label_in_latin_1(image: bytearray, random: Generator) -> Effect | None:
    for at in range(image[HEAD["polls"] + 1]):
        place = _CHOICES + LABEL_SIZE * at
        label = bytes(image[place : place + LABEL_SIZE]).rstrip(b"\0").decode(errors="replace")
        if not label.isascii():
            image[place : place + LABEL_SIZE] = label.encode("latin-1", "replace").ljust(LABEL_SIZE, b"\0")
            return Effect("modules", "choices", None, f"le libellé du choix {at + 1} est codé en Latin-1")
    return None


@_fault("urn-test-vote-kept", msg("the vote memory of the urn holds a vote of the test mode"))
@_of_written
def _test_vote_kept(image: bytearray, random: Generator) -> Effect | None:
    if not _store(image, slot_bytes(POLL | TEST_POLL, 1), random):
        return None
    place = CLOSING["unreadable"]
    put(image, place, (number_at(image, place) + 1) % 2**32)
    detail = "un vote du mode essai est dans la mémoire des votes ; la machine ne le compte pas"
    return Effect("modules", "bank_a", None, detail)


@_fault("urn-log-entry-unknown", msg("the log of the urn holds an entry of an unknown kind"))
@_of_written
def _entry_of_its_own(image: bytearray, random: Generator) -> Effect | None:
    place = LOG + EVENT_SIZE * int(random.integers(1, (last_entry(image) - LOG) // EVENT_SIZE))
    image[place] = len(EventKind) + 1
    image[place + 1] = 0
    return Effect("modules", "log", None, "une entrée du journal est d'une sorte que le format ne connaît pas")


@_fault("urn-closing-wrong", msg("the closing entry of the urn has more enablings than its counter"))
@_of_written
def _closing_added_up_wrong(image: bytearray, random: Generator) -> Effect | None:
    place = CLOSING["enablings"]
    put(image, place, (number_at(image, place) + int(random.integers(1, 10))) % 2**32)
    detail = "l'entrée de clôture donne plus d'autorisations que les compteurs de l'urne"
    return Effect("modules", "closing", None, detail)


@_fault(
    "urn-closing-time-other",
    msg("the log of the urn and its closing entry have different times of closing"),
)
@_of_written
def _closing_of_another_time(image: bytearray, random: Generator) -> Effect | None:
    place = last_entry(image) + 4
    put(image, place, number_at(image, place) - 60 * int(random.integers(1, 10)))
    return Effect("modules", "log", None, "le journal donne à la clôture une autre heure que l'entrée de clôture")


@_fault(
    "dump-counters-other",
    msg("the export has more enablings and cancellations than the urn that it was read from"),
)
@of_bureau
def _counters_of_another_reading(evidence: BureauEvidence, random: Generator) -> Effect | None:
    if not evidence.urns or not evidence.exports:
        return None
    name, data = evidence.exports[0]
    values, more = export.parse(data), int(random.integers(1, 6))
    values = replace(values, enablings=values.enablings + more, cancellations=values.cancellations + more)
    evidence.exports[0] = (name, export.build(values))
    return Effect("exports", "cancellations", more, f"le relevé a {more} annulations de plus que l'urne")
