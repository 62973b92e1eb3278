"""What is wrong with whose urn an image is, and with what an urn was programmed with or writes of itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from protocol.export import record as export
from protocol.urn.image import (
    DTYPE,
    ERASED,
    EVENT_SIZE,
    LABEL_SIZE,
    MARK_BYTES,
    SLOT_SIZE,
    SPANS,
    TEST_POLL,
    EventKind,
    Section,
    event_crc,
    seal,
    slot_bytes,
)
from protocol.words import msg
from sim.evidence import POLL, BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit, struck_by
from sim.faults.urn_cells import blank_slots

Struck = list[tuple[int, Effect]]
_HEAD = {name: place[1] for name, place in (DTYPE["configuration"].fields or {}).items()}
_CLOSING = {name: SPANS[Section.CLOSING][0] + place[1] for name, place in (DTYPE["closing"].fields or {}).items()}
_LOG, _CHOICES = SPANS[Section.LOG][0], SPANS[Section.CHOICES][0]
_OLDER = 50_000
"""Five years, in a date as YYYYMMDD."""


def _sealed(image: bytearray) -> bytes:
    """An image with all checksums as its bytes ask for: as if it had been programmed and written like that."""
    serial = bytes(image[_HEAD["module_serial"] : _HEAD["module_serial"] + 12])

    def put(place: int, section: Section, start: int, end: int, complement: bool = True) -> None:
        check = seal(serial, section, bytes(image[start:end]))
        image[place : place + 4] = check.to_bytes(4, "big")
        if complement:
            image[place + 4 : place + 8] = (check ^ 0xFFFF_FFFF).to_bytes(4, "big")

    put(_HEAD["choices_crc32"], Section.CHOICES, *SPANS[Section.CHOICES], complement=False)
    put(_HEAD["crc32"], Section.CONFIGURATION, 0, _HEAD["crc32"])
    for place in range(_LOG, SPANS[Section.LOG][1], EVENT_SIZE):
        if image[place] not in (0, ERASED):
            check = event_crc(serial, bytes(image[place : place + 12]))
            image[place + 12 : place + 16] = check.to_bytes(4, "big")
    if image[SPANS[Section.CLOSING][0]] != ERASED:
        for section in (each for each in Section if each is not Section.CLOSING):
            put(_CLOSING["seals"] + 8 * section, section, *SPANS[section])
        put(_CLOSING["crc32"], Section.CLOSING, SPANS[Section.CLOSING][0], _CLOSING["crc32"])
    return bytes(image)


def _put(image: bytearray, place: int, value: int, size: int = 4) -> None:
    image[place : place + size] = value.to_bytes(size, "big")


def _written(commune: list[BureauEvidence], at: int, image: bytearray) -> None:
    """The first urn of a bureau is this one, and its export was read from it."""
    data = _sealed(image)
    commune[at].urns[0] = (commune[at].urns[0][0], data)
    if commune[at].exports:
        name, exported = commune[at].exports[0]
        values = replace(export.parse(exported), module_digest=hashlib.sha256(data).digest())
        commune[at].exports[0] = (name, export.build(values))


def _changed(
    change: Callable[[bytearray, np.random.Generator], str | None], field: str
) -> Callable[[list[BureauEvidence], int, np.random.Generator], Struck]:
    """A fault that changes the urn of a bureau before its export is read; nothing where ``change`` says nothing."""

    def act(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
        if not commune[at].urns:
            return []
        image = bytearray(commune[at].urns[0][1])
        detail = change(image, random)
        if detail is None:
            return []
        _written(commune, at, image)
        return [(at, Effect("module", field, None, detail))]

    return act


# Images in the wrong place


def _earlier_election(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    image = bytearray(data)
    date = int.from_bytes(image[_HEAD["date"] : _HEAD["date"] + 4], "big") - _OLDER
    _put(image, _HEAD["date"], date)
    image[_HEAD["election"] : _HEAD["election"] + 24] = f"presidentielle-{date // 10_000}".encode().ljust(24, b"\0")
    commune[at].urns[0] = (name, _sealed(image))
    return [(at, Effect("module", "election", None, "l'image d'urne est celle d'une élection précédente"))]


def _misfiled(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    own = [bool(each.urns) and not struck_by("module-misfiled", each) for each in commune]
    others = [other for other in (*range(at + 1, len(commune)), *range(at)) if own[other]]
    if not own[at] or not others:
        return []
    other = others[int(random.integers(len(others)))]
    (name, data), (other_name, other_data) = commune[at].urns[0], commune[other].urns[0]
    commune[at].urns[0], commune[other].urns[0] = (name, other_data), (other_name, data)
    codes = f"{commune[at].bureau.code} et {commune[other].bureau.code}"
    detail = f"les images d'urne des bureaux {codes} sont classées l'une à la place de l'autre"
    return [(where, Effect("module", "fichier", None, detail)) for where in (at, other)]


def _unpadded(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    code = commune[at].bureau.code
    bare = code.lstrip("0") or "0"
    if not commune[at].urns or bare == code:
        return []
    name, data = commune[at].urns[0]
    image = bytearray(data)
    image[_HEAD["bureau"] : _HEAD["bureau"] + 8] = bare.encode().ljust(8, b"\0")
    commune[at].urns[0] = (f"urne {name}", _sealed(image))
    return [(at, Effect("module", "bureau", None, f"l'image d'urne porte le code {bare} au lieu de {code}"))]


def _copied(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    commune[at].urns.append((f"copie de {name}", data))
    return [(at, Effect("module", "fichier", None, "l'image d'urne est là deux fois"))]


def _read_twice(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns:
        return []
    name, data = commune[at].urns[0]
    early = _before_the_last_votes(bytearray(data), int(random.integers(1, 6)))
    if early is None:
        return []
    commune[at].urns.append((f"avant cloture {name}", early))
    return [(at, Effect("module", "fichier", None, "une première image d'urne est d'avant les derniers votes"))]


def _before_the_last_votes(image: bytearray, waiting: int) -> bytes | None:
    """The urn when so many voters had still to come: not closed, and votes and marks of theirs not written."""
    a, b = SPANS[Section.BANK_A][0], SPANS[Section.BANK_B][0]
    used = [at for at in range(0, SPANS[Section.BANK_A][1] - a, SLOT_SIZE) if image[a + at] not in (0, ERASED)]
    if len(used) < waiting:
        return None
    for at in used[-waiting:]:  # positions are drawn at random: any votes are as good as the last ones
        image[a + at : a + at + SLOT_SIZE] = image[b + at : b + at + SLOT_SIZE] = b"\xff" * SLOT_SIZE
    marks = SPANS[Section.MARKS][0]
    for counter in (0, POLL):  # enablings, and voters of the poll
        start = marks + 2 * MARK_BYTES * counter
        count = 8 * MARK_BYTES - int.from_bytes(image[start : start + MARK_BYTES], "big").bit_count() - waiting
        bits = "0" * count + "1" * (8 * MARK_BYTES - count)
        image[start : start + MARK_BYTES] = int(bits, 2).to_bytes(MARK_BYTES, "big")
        image[start + MARK_BYTES : start + 2 * MARK_BYTES] = int(bits[::-1], 2).to_bytes(MARK_BYTES, "big")
    last = _last_entry(image)
    image[last : last + EVENT_SIZE] = b"\xff" * EVENT_SIZE
    image[slice(*SPANS[Section.CLOSING])] = b"\xff" * (SPANS[Section.CLOSING][1] - SPANS[Section.CLOSING][0])
    return _sealed(image)


def _last_entry(image: bytearray) -> int:
    places = range(_LOG, SPANS[Section.LOG][1], EVENT_SIZE)
    return max(place for place in places if image[place] != ERASED)


def _relabelled(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    others = [other for other in range(at) if commune[other].urns]
    if not commune[at].urns or not others:
        return []
    other = others[int(random.integers(len(others)))]
    image = bytearray(commune[other].urns[0][1])
    code = commune[at].bureau.code
    image[_HEAD["bureau"] : _HEAD["bureau"] + 8] = code.encode().ljust(8, b"\0")
    _put(image, _HEAD["registered"], commune[at].bureau.registered)
    commune[at].urns[0] = (commune[at].urns[0][0], _sealed(image))
    detail = f"l'image d'urne est celle du bureau {commune[other].bureau.code}, à qui on a donné un autre code"
    return [(at, Effect("module", "bureau", None, detail))]


# Urns programmed or written otherwise


def _registered_old(image: bytearray, random: np.random.Generator) -> str | None:
    registered = int.from_bytes(image[_HEAD["registered"] : _HEAD["registered"] + 4], "big")
    _put(image, _HEAD["registered"], (registered + int(random.integers(1, 30))) % (export.MAX_COUNT + 1))
    return "l'urne a été programmée avec les inscrits d'avant la révision de la liste"


def _labels_exchanged(image: bytearray, random: np.random.Generator) -> str | None:
    choices = image[_HEAD["polls"] + 1]
    first, second = (_CHOICES + LABEL_SIZE * int(at) for at in random.choice(choices, 2, replace=False))
    labels = image[first : first + LABEL_SIZE], image[second : second + LABEL_SIZE]
    image[second : second + LABEL_SIZE], image[first : first + LABEL_SIZE] = labels
    return "deux libellés de la planche sont intervertis ; l'empreinte de la liste est la bonne"


def _label_in_latin_1(image: bytearray, random: np.random.Generator) -> str | None:
    for at in range(image[_HEAD["polls"] + 1]):
        place = _CHOICES + LABEL_SIZE * at
        label = bytes(image[place : place + LABEL_SIZE]).rstrip(b"\0").decode(errors="replace")
        if not label.isascii():
            image[place : place + LABEL_SIZE] = label.encode("latin-1", "replace").ljust(LABEL_SIZE, b"\0")
            return f"le libellé du choix {at + 1} est codé en Latin-1"
    return None


def _test_vote_kept(image: bytearray, random: np.random.Generator) -> str | None:
    slots = blank_slots(bytes(image))
    if not slots:
        return None
    at = slots[int(random.integers(len(slots)))]
    vote = slot_bytes(POLL | TEST_POLL, 1)
    for section, held in ((Section.BANK_A, vote), (Section.BANK_B, bytes(byte ^ 0xFF for byte in vote))):
        place = SPANS[section][0] + at
        image[place : place + SLOT_SIZE] = held
    place = _CLOSING["unreadable"]
    _put(image, place, (int.from_bytes(image[place : place + 4], "big") + 1) % 2**32)
    return "un vote du mode essai est dans la mémoire des votes ; la machine ne le compte pas"


def _entry_of_its_own(image: bytearray, random: np.random.Generator) -> str | None:
    place = _LOG + EVENT_SIZE * int(random.integers(1, (_last_entry(image) - _LOG) // EVENT_SIZE))
    image[place] = len(EventKind) + 1
    image[place + 1] = 0
    return "une entrée du journal est d'une sorte que le format ne connaît pas"


def _closing_added_up_wrong(image: bytearray, random: np.random.Generator) -> str | None:
    place = _CLOSING["enablings"]
    _put(image, place, (int.from_bytes(image[place : place + 4], "big") + int(random.integers(1, 10))) % 2**32)
    return "l'entrée de clôture donne plus d'autorisations que les compteurs de l'urne"


def _closing_of_another_time(image: bytearray, random: np.random.Generator) -> str | None:
    place = _last_entry(image) + 4
    _put(image, place, int.from_bytes(image[place : place + 4], "big") - 60 * int(random.integers(1, 10)))
    return "le journal donne à la clôture une autre heure que l'entrée de clôture"


def _counters_of_another_reading(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns or not commune[at].exports:
        return []
    name, data = commune[at].exports[0]
    values, more = export.parse(data), int(random.integers(1, 6))
    values = replace(values, enablings=values.enablings + more, cancellations=values.cancellations + more)
    commune[at].exports[0] = (name, export.build(values))
    return [(at, Effect("export", "cancellations", more, f"le relevé a {more} annulations de plus que l'urne"))]


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, why=why, stage=Stage.DUMP, act=act)
    for name, effect, why, act in (
        (
            "urn-registered-old",
            msg("the urn holds more registered voters than its export"),
            "The module was programmed before the roll was revised, and the machine was told the new number.",
            _changed(_registered_old, "registered"),
        ),
        (
            "urn-labels-exchanged",
            msg("two labels of the panel in the urn are exchanged, and the digest of the list is right"),
            "The facsimiles were typed in by hand, from a list that was loaded.",
            _changed(_labels_exchanged, "choices"),
        ),
        (
            "urn-label-latin-1",
            msg("a label in the urn is not UTF-8"),
            "The list came from a spreadsheet that was saved in an old encoding.",
            _changed(_label_in_latin_1, "choices"),
        ),
        (
            "urn-test-vote-kept",
            msg("the vote memory of the urn holds a vote of the test mode"),
            "A program wrote the last test vote where the votes are (assumed).",
            _changed(_test_vote_kept, "bank_a"),
        ),
        (
            "urn-log-entry-unknown",
            msg("the log of the urn holds an entry of an unknown kind"),
            "Another version of the program notes an event of its own (assumed).",
            _changed(_entry_of_its_own, "log"),
        ),
        (
            "urn-closing-wrong",
            msg("the closing entry of the urn has more enablings than its counter"),
            "A program adds up wrongly at the end of the day (assumed).",
            _changed(_closing_added_up_wrong, "closing"),
        ),
        (
            "urn-closing-time-other",
            msg("the log of the urn and its closing entry have different times of closing"),
            "A program reads the clock twice, and a minute passes between the two (assumed).",
            _changed(_closing_of_another_time, "log"),
        ),
        (
            "dump-counters-other",
            msg("the export has more enablings and cancellations than the urn that it was read from"),
            "The export was put together from two readings.",
            _counters_of_another_reading,
        ),
        (
            "module-earlier-election",
            msg("the module image is of another election and date"),
            "The urn had not been erased since.",
            _earlier_election,
        ),
        (
            "module-misfiled",
            msg("the module images of two bureaux have each other's file name"),
            "Two urns came in one bag.",
            _misfiled,
        ),
        (
            "module-unpadded-bureau",
            msg("the module image names a bureau that is not on the list (12 for 0012)"),
            "The bureau's code went through a spreadsheet, which took it for a number.",
            _unpadded,
        ),
        (
            "module-relabelled",
            msg("the module image is another bureau's, with this bureau's code"),
            "An urn was copied to have one to show, and the copy was kept.",
            _relabelled,
        ),
        (
            "module-copied",
            msg("the same module image is there twice"),
            "Somebody made sure.",
            _copied,
        ),
        (
            "module-read-twice",
            msg("a second image of the urn, of before the last votes, is kept beside the right one"),
            "The reading unit was tried while the last voters were still queueing, and nobody deleted the trial.",
            _read_twice,
        ),
    )
)
