"""Faults of urns: in their memory, programming and records; images of another election, bureau or moment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from protocol.export import record as export
from protocol.urn.image import (
    DTYPE,
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
    event_crc,
    seal,
    slot_bytes,
)
from protocol.words import msg
from sim.evidence import FIRST_POLL, BureauEvidence
from sim.faults.acts import copy, misfile, of_bureau, of_urn, on_papers
from sim.faults.model import Effect, PaperAct, PaperFault, Stage, Struck
from sim.streams import RandomStream

HEAD = {name: place[1] for name, place in (DTYPE["configuration"].fields or {}).items()}
"""Offset of each field of the configuration."""
CLOSING = {name: SPANS[Section.CLOSING][0] + place[1] for name, place in (DTYPE["closing"].fields or {}).items()}
"""Offset of each field of the closing entry."""
_LOG = SPANS[Section.LOG][0]
_CHOICES = SPANS[Section.CHOICES][0]
_BANK_A, _BANK_B = SPANS[Section.BANK_A][0], SPANS[Section.BANK_B][0]
_OLDER = 50_000
"""Five years, in a date as YYYYMMDD."""
FAULTS: list[PaperFault] = []
_fault = on_papers(FAULTS, Stage.DUMP)


def _seal_image(image: bytearray) -> None:
    """Write all checksums as the other bytes ask for: as if the urn had been programmed and written like that."""
    serial = bytes(image[HEAD["module_serial"] : HEAD["module_serial"] + 12])

    def write_check(place: int, section: Section, start: int, end: int, complement: bool = True) -> None:
        check = seal(serial, section, bytes(image[start:end]))
        _put(image, place, check)
        if complement:
            _put(image, place + 4, check ^ 0xFFFF_FFFF)

    write_check(HEAD["choices_crc32"], Section.CHOICES, *SPANS[Section.CHOICES], complement=False)
    write_check(HEAD["crc32"], Section.CONFIGURATION, 0, HEAD["crc32"])
    for place in range(_LOG, SPANS[Section.LOG][1], EVENT_SIZE):
        if image[place] not in (0, ERASED):
            _put(image, place + 12, event_crc(serial, bytes(image[place : place + 12])))
    if image[SPANS[Section.CLOSING][0]] != ERASED:
        for section in (each for each in Section if each is not Section.CLOSING):
            write_check(CLOSING["seals"] + 8 * section, section, *SPANS[section])
        write_check(CLOSING["crc32"], Section.CLOSING, SPANS[Section.CLOSING][0], CLOSING["crc32"])


def _number_at(image: bytearray, place: int) -> int:
    return int.from_bytes(image[place : place + 4], "big")


def _put(image: bytearray, place: int, value: int) -> None:
    """Write a number into an image, most significant byte first."""
    image[place : place + 4] = value.to_bytes(4, "big")


def _add(image: bytearray, place: int, more: int) -> None:
    _put(image, place, (_number_at(image, place) + more) % 2**32)


def _put_code(image: bytearray, code: str) -> None:
    image[HEAD["bureau"] : HEAD["bureau"] + 8] = code.encode().ljust(8, b"\0")


def _last_entry(image: bytearray) -> int:
    """Find the start of the log's last entry."""
    places = range(_LOG, SPANS[Section.LOG][1], EVENT_SIZE)
    return max(place for place in places if image[place] != ERASED)


def _of_written(change: Callable[[bytearray, RandomStream], Effect | None]) -> PaperAct:
    """A fault that changes the urn before it is sealed and its export is read; None where it cannot strike."""

    def act(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
        if not evidence.urns:
            return None
        name, data = evidence.urns[0]
        image = bytearray(data)
        effect = change(image, random)
        if effect is not None:
            _seal_image(image)
            evidence.urns[0] = (name, bytes(image))
            for each in evidence.polls:
                if each.exports:
                    values = export.parse(each.exports[0][1])
                    values.module_digest = hashlib.sha256(image).digest()
                    each.exports[0] = (each.exports[0][0], export.build(values))
        return effect

    return of_bureau(act)


def _blank_slots(image: bytearray) -> list[int]:
    """List the offsets of slots erased in both banks, from the beginning of a bank."""
    a, b = (np.frombuffer(image, np.uint32, SLOTS, bank) for bank in (_BANK_A, _BANK_B))
    return [SLOT_SIZE * slot for slot in np.flatnonzero((a & b) == 0xFFFF_FFFF).tolist()]


def _store(image: bytearray, vote: bytes, random: RandomStream) -> bool:
    """Write a vote into a blank slot of both banks. False where there is none."""
    slots = _blank_slots(image)
    if not slots:
        return False
    offset = random.one_of(slots)
    for bank, held in ((_BANK_A, vote), (_BANK_B, bytes(byte ^ 0xFF for byte in vote))):
        image[bank + offset : bank + offset + SLOT_SIZE] = held
    return True


@_fault("vote-foreign", msg("the urn holds one vote for a choice beyond the last, with all its checksums right"))
@_of_written
def _vote_foreign(image: bytearray, random: RandomStream) -> Effect | None:
    if not _store(image, slot_bytes(FIRST_POLL, image[HEAD["polls"] + 1] + 1), random):
        return None
    detail = "un vote de plus est dans l'urne, pour un choix qui n'existe pas ; aucun compte ne le contient"
    return Effect("modules", "bank_a", detail)


@_fault("counter-decayed", msg("the two copies of a counter of the urn differ"))
@of_urn
def _counter_decayed(image: bytearray, random: RandomStream) -> Effect | None:
    start, _ = SPANS[Section.MARKS]
    unused = [place for place in range(start, start + MARK_BYTES) if image[place] == ERASED]
    if not unused:
        return None
    place = random.one_of(unused)
    image[place] &= ~(1 << random.number(8))
    return Effect("modules", "marks", "une cellule d'un compteur a perdu un bit")


@_fault("slot-decayed", msg("a slot of the urn that no vote was stored in is not blank"))
@of_urn
def _slot_decayed(image: bytearray, random: RandomStream) -> Effect | None:
    slots = _blank_slots(image)
    if not slots:
        return None
    place = _BANK_A + random.one_of(slots) + random.number(SLOT_SIZE)
    image[place] &= ~(1 << random.number(8))
    return Effect("modules", "bank_a", "une cellule d'un emplacement vide a perdu un bit")


@_fault("urn-registered-old", msg("the urn holds more registered voters than its export"))
@_of_written
def _registered_old(image: bytearray, random: RandomStream) -> Effect:
    place = HEAD["registered"]
    _put(image, place, (_number_at(image, place) + random.number(1, 30)) % (export.MAX_COUNT + 1))
    detail = "l'urne a été programmée avec les inscrits d'avant la révision de la liste"
    return Effect("modules", "registered", detail)


@_fault(
    "urn-labels-exchanged",
    msg("two labels of the panel in the urn are exchanged, and the digest of the list is right"),
)
@_of_written
def _labels_exchanged(image: bytearray, random: RandomStream) -> Effect:
    choices = image[HEAD["polls"] + 1]
    first, second = (_CHOICES + LABEL_SIZE * int(at) for at in random.choice(choices, 2, replace=False))
    labels = image[first : first + LABEL_SIZE], image[second : second + LABEL_SIZE]
    image[second : second + LABEL_SIZE], image[first : first + LABEL_SIZE] = labels
    detail = "deux libellés de la planche sont intervertis ; l'empreinte de la liste est la bonne"
    return Effect("modules", "choices", detail)


@_fault("urn-label-latin-1", msg("a label in the urn is not UTF-8"))
@_of_written
def _label_in_latin_1(image: bytearray, random: RandomStream) -> Effect | None:
    for at in range(image[HEAD["polls"] + 1]):
        place = _CHOICES + LABEL_SIZE * at
        label = bytes(image[place : place + LABEL_SIZE]).rstrip(b"\0").decode(errors="replace")
        if not label.isascii():
            image[place : place + LABEL_SIZE] = label.encode("latin-1", "replace").ljust(LABEL_SIZE, b"\0")
            return Effect("modules", "choices", f"le libellé du choix {at + 1} est codé en Latin-1")
    return None


@_fault("urn-test-vote-kept", msg("the vote memory of the urn holds a vote of the test mode"))
@_of_written
def _test_vote_kept(image: bytearray, random: RandomStream) -> Effect | None:
    if not _store(image, slot_bytes(FIRST_POLL | TEST_POLL, 1), random):
        return None
    _add(image, CLOSING["unreadable"], 1)
    detail = "un vote du mode essai est dans la mémoire des votes ; la machine ne le compte pas"
    return Effect("modules", "bank_a", detail)


@_fault("urn-log-entry-unknown", msg("the log of the urn holds an entry of an unknown kind"))
@_of_written
def _entry_of_its_own(image: bytearray, random: RandomStream) -> Effect:
    place = _LOG + EVENT_SIZE * random.number(1, (_last_entry(image) - _LOG) // EVENT_SIZE)
    image[place] = len(EventKind) + 1
    image[place + 1] = 0
    return Effect("modules", "log", "une entrée du journal est d'une sorte que le format ne connaît pas")


@_fault("urn-closing-wrong", msg("the closing entry of the urn has more enablings than its counter"))
@_of_written
def _closing_added_up_wrong(image: bytearray, random: RandomStream) -> Effect:
    _add(image, CLOSING["enablings"], random.number(1, 10))
    detail = "l'entrée de clôture donne plus d'autorisations que les compteurs de l'urne"
    return Effect("modules", "closing", detail)


@_fault(
    "urn-closing-time-other",
    msg("the log of the urn and its closing entry have different times of closing"),
)
@_of_written
def _closing_of_another_time(image: bytearray, random: RandomStream) -> Effect:
    _add(image, _last_entry(image) + 4, -60 * random.number(1, 10))
    return Effect("modules", "log", "le journal donne à la clôture une autre heure que l'entrée de clôture")


@_fault(
    "dump-counters-other",
    msg("the export has more enablings and cancellations than the urn that it was read from"),
)
@of_bureau
def _counters_of_another_reading(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    if not evidence.urns or not evidence.exports:
        return None
    name, data = evidence.exports[0]
    values, more = export.parse(data), random.number(1, 6)
    values.enablings += more
    values.cancellations += more
    evidence.exports[0] = (name, export.build(values))
    return Effect("exports", "cancellations", f"le relevé a {more} annulations de plus que l'urne", more)


@_fault("module-earlier-election", msg("the module image is of another election and date"))
@of_urn
def _earlier_election(image: bytearray, random: RandomStream) -> Effect:
    date = _number_at(image, HEAD["date"]) - _OLDER
    _put(image, HEAD["date"], date)
    place = slice(HEAD["election"], HEAD["election"] + 24)
    image[place] = image[place].replace(str((date + _OLDER) // 10_000).encode(), str(date // 10_000).encode())
    _seal_image(image)
    return Effect("modules", "election", "l'image d'urne est celle d'une élection précédente")


_fault("module-misfiled", msg("the module images of two bureaux have each other's file name"))(
    misfile("urns", "module-misfiled", "modules", "les images d'urne", "classées l'une à la place de l'autre")
)


@_fault("module-unpadded-bureau", msg("the module image names a bureau that is not on the list (12 for 0012)"))
@of_bureau
def _unpadded(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    code = evidence.bureau.code
    bare = code.lstrip("0") or "0"
    if not evidence.urns or bare == code:
        return None
    name, data = evidence.urns[0]
    image = bytearray(data)
    _put_code(image, bare)
    _seal_image(image)
    evidence.urns[0] = (f"urne {name}", bytes(image))
    return Effect("modules", "bureau", f"l'image d'urne porte le code {bare} au lieu de {code}")


@_fault("module-relabelled", msg("the module image is another bureau's, with this bureau's code"))
def _relabelled(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    others = [other for other in range(at) if commune[other].urns]
    if not commune[at].urns or not others:
        return []
    other = random.one_of(others)
    image = bytearray(commune[other].urns[0][1])
    _put_code(image, commune[at].bureau.code)
    _put(image, HEAD["registered"], commune[at].bureau.registered)
    _seal_image(image)
    commune[at].urns[0] = (commune[at].urns[0][0], bytes(image))
    detail = f"l'image d'urne est celle du bureau {commune[other].bureau.code}, à qui on a donné un autre code"
    return [(at, Effect("modules", "bureau", detail))]


_fault("module-copied", msg("the same module image is there twice"))(
    copy("urns", "modules", "l'image d'urne est là deux fois")
)


@_fault(
    "module-read-twice",
    msg("a second image of the urn, of before the last votes, is kept beside the right one"),
)
@of_bureau
def _read_twice(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    if not evidence.urns:
        return None
    name, data = evidence.urns[0]
    image = bytearray(data)
    if not _take_back(image, random.number(1, 6)):
        return None
    evidence.urns.append((f"avant cloture {name}", bytes(image)))
    return Effect("modules", "fichier", "une première image d'urne est d'avant les derniers votes")


def _take_back(image: bytearray, waiting: int) -> bool:
    """Undo the closing, and the votes and marks of so many voters; False where there are not as many."""
    slots = range(0, SLOTS * SLOT_SIZE, SLOT_SIZE)
    polls = sorted({image[_BANK_A + at] for at in slots} - {0, ERASED})
    for poll in polls:
        used = [at for at in slots if image[_BANK_A + at] == poll]
        if len(used) < waiting:
            return False
        for at in used[-waiting:]:  # positions are drawn at random: any votes are as good as the last ones
            for bank in (_BANK_A, _BANK_B):
                image[bank + at : bank + at + SLOT_SIZE] = b"\xff" * SLOT_SIZE
    for counter in (0, *polls):  # enablings, and voters of each poll
        start = SPANS[Section.MARKS][0] + 2 * MARK_BYTES * counter
        count = 8 * MARK_BYTES - int.from_bytes(image[start : start + MARK_BYTES], "big").bit_count() - waiting
        bits = "0" * count + "1" * (8 * MARK_BYTES - count)
        for copy_start, marks in ((start, bits), (start + MARK_BYTES, bits[::-1])):
            image[copy_start : copy_start + MARK_BYTES] = int(marks, 2).to_bytes(MARK_BYTES, "big")
    last = _last_entry(image)
    image[last : last + EVENT_SIZE] = b"\xff" * EVENT_SIZE
    start, end = SPANS[Section.CLOSING]
    image[start:end] = b"\xff" * (end - start)
    _seal_image(image)
    return True
