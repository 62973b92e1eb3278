"""Faults in the programming of an urn, or in its own records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from protocol.export import record as export
from protocol.urn.image import (
    EVENT_SIZE,
    LABEL_SIZE,
    SLOT_SIZE,
    SPANS,
    TEST_POLL,
    EventKind,
    Section,
    slot_bytes,
)
from protocol.words import msg
from sim.evidence import POLL, BureauEvidence
from sim.faults.model import Effect, PaperFault, Stage, Unit
from sim.faults.urn_cells import blank_slots, read_from
from sim.faults.urn_writing import CLOSING, HEAD, LOG, last_entry, put, seal_image

Struck = list[tuple[int, Effect]]
_CHOICES = SPANS[Section.CHOICES][0]


def _written(commune: list[BureauEvidence], at: int, image: bytearray) -> None:
    """The first urn of a bureau is this one, and its exports were read from it."""
    data = seal_image(image)
    commune[at].urns[0] = (commune[at].urns[0][0], data)
    read_from(data, commune[at])


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
        return [(at, Effect("modules", field, None, detail))]

    return act


def _registered_old(image: bytearray, random: np.random.Generator) -> str | None:
    registered = int.from_bytes(image[HEAD["registered"] : HEAD["registered"] + 4], "big")
    put(image, HEAD["registered"], (registered + int(random.integers(1, 30))) % (export.MAX_COUNT + 1))
    return "l'urne a été programmée avec les inscrits d'avant la révision de la liste"


def _labels_exchanged(image: bytearray, random: np.random.Generator) -> str | None:
    choices = image[HEAD["polls"] + 1]
    first, second = (_CHOICES + LABEL_SIZE * int(at) for at in random.choice(choices, 2, replace=False))
    labels = image[first : first + LABEL_SIZE], image[second : second + LABEL_SIZE]
    image[second : second + LABEL_SIZE], image[first : first + LABEL_SIZE] = labels
    return "deux libellés de la planche sont intervertis ; l'empreinte de la liste est la bonne"


def _label_in_latin_1(image: bytearray, random: np.random.Generator) -> str | None:
    for at in range(image[HEAD["polls"] + 1]):
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
    place = CLOSING["unreadable"]
    put(image, place, (int.from_bytes(image[place : place + 4], "big") + 1) % 2**32)
    return "un vote du mode essai est dans la mémoire des votes ; la machine ne le compte pas"


def _entry_of_its_own(image: bytearray, random: np.random.Generator) -> str | None:
    place = LOG + EVENT_SIZE * int(random.integers(1, (last_entry(image) - LOG) // EVENT_SIZE))
    image[place] = len(EventKind) + 1
    image[place + 1] = 0
    return "une entrée du journal est d'une sorte que le format ne connaît pas"


def _closing_added_up_wrong(image: bytearray, random: np.random.Generator) -> str | None:
    place = CLOSING["enablings"]
    put(image, place, (int.from_bytes(image[place : place + 4], "big") + int(random.integers(1, 10))) % 2**32)
    return "l'entrée de clôture donne plus d'autorisations que les compteurs de l'urne"


def _closing_of_another_time(image: bytearray, random: np.random.Generator) -> str | None:
    place = last_entry(image) + 4
    put(image, place, int.from_bytes(image[place : place + 4], "big") - 60 * int(random.integers(1, 10)))
    return "le journal donne à la clôture une autre heure que l'entrée de clôture"


def _counters_of_another_reading(commune: list[BureauEvidence], at: int, random: np.random.Generator) -> Struck:
    if not commune[at].urns or not commune[at].exports:
        return []
    name, data = commune[at].exports[0]
    values, more = export.parse(data), int(random.integers(1, 6))
    values = replace(values, enablings=values.enablings + more, cancellations=values.cancellations + more)
    commune[at].exports[0] = (name, export.build(values))
    return [(at, Effect("exports", "cancellations", more, f"le relevé a {more} annulations de plus que l'urne"))]


FAULTS: tuple[PaperFault, ...] = tuple(
    PaperFault(name=name, unit=Unit.BUREAU, rate=0.0, effect=effect, stage=Stage.DUMP, act=act)
    for name, effect, act in (
        (
            "urn-registered-old",
            msg("the urn holds more registered voters than its export"),
            _changed(_registered_old, "registered"),
        ),
        (
            "urn-labels-exchanged",
            msg("two labels of the panel in the urn are exchanged, and the digest of the list is right"),
            _changed(_labels_exchanged, "choices"),
        ),
        (
            "urn-label-latin-1",
            msg("a label in the urn is not UTF-8"),
            _changed(_label_in_latin_1, "choices"),
        ),
        (
            "urn-test-vote-kept",
            msg("the vote memory of the urn holds a vote of the test mode"),
            _changed(_test_vote_kept, "bank_a"),
        ),
        (
            "urn-log-entry-unknown",
            msg("the log of the urn holds an entry of an unknown kind"),
            _changed(_entry_of_its_own, "log"),
        ),
        (
            "urn-closing-wrong",
            msg("the closing entry of the urn has more enablings than its counter"),
            _changed(_closing_added_up_wrong, "closing"),
        ),
        (
            "urn-closing-time-other",
            msg("the log of the urn and its closing entry have different times of closing"),
            _changed(_closing_of_another_time, "log"),
        ),
        (
            "dump-counters-other",
            msg("the export has more enablings and cancellations than the urn that it was read from"),
            _counters_of_another_reading,
        ),
    )
)
