"""The checks of many module images: seals, entries, the event log. One CRC of the standard library for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol.arrays import Bools, Ints, Rows
from protocol.urn.image import (
    CLOSING_DTYPE,
    CONFIGURATION_DTYPE,
    ERASED,
    EVENT_SIZE,
    EVENTS,
    IMAGE_SIZE,
    SPANS,
    ZERO_CHECK_SIZE,
    ZERO_CHECKS,
    EventKind,
    Section,
    event_crc,
    seal,
)
from protocol.urn.terms import FAILS as FAILS
from protocol.urn.terms import GOOD as GOOD
from protocol.urn.terms import UNSEALED as UNSEALED

_ONES = 0xFFFF_FFFF
EVENT_COLUMNS: np.dtype[Any] = np.dtype(
    [
        *((name, "i8") for name in ("image", "entry")),
        ("kind", "u1"),
        *((name, "i8") for name in ("poll", "at", "value")),
        *((name, "?") for name in ("sound", "good")),
    ]
)
"""One row for each log entry that is neither erased nor cleared. ``sound``: its checksum is right; ``good``: its number
too, and its kind is known (`recount` takes away those of a poll or time that cannot be). Of others the values are what
stands there."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The verdict on the sections of ``n`` images.

    Attributes:
        sections: GOOD, FAILS or UNSEALED for each `Section`, shape ``(n, 9)``, int8.
        zero_good: which entries of zero checks have a right checksum, shape ``(n, 8)``.
        zero_check: index of the last of them, -1 for none, shape ``(n,)``.
        test_changed: the test area is not what it was at that zero check, shape ``(n,)``.
        events: the log entries, dtype `EVENT_COLUMNS`, in the order of images and entries.
    """

    sections: npt.NDArray[np.int8]
    zero_good: Bools
    zero_check: Ints
    test_changed: Bools
    events: Rows


def check(images: Rows) -> Checks:
    """Check images of `protocol.urn.image.DTYPE`, shape ``(n,)``, contiguous. Never raises on content."""
    n = len(images)
    sections = np.full((n, len(Section)), UNSEALED, np.int8)
    zero_good = np.zeros((n, ZERO_CHECKS), np.bool_)
    test_changed = np.zeros(n, np.bool_)
    events = _log_entries(images)
    rows = images.view(np.uint8).reshape(n, IMAGE_SIZE)
    start, end = SPANS[Section.ZERO_CHECKS]
    written = (rows[:, start:end].reshape(n, ZERO_CHECKS, ZERO_CHECK_SIZE) != ERASED).any(axis=2)
    serials = images["configuration"]["module_serial"]
    for index in range(n):
        raw, serial = rows[index].data, serials[index].tobytes()
        sections[index] = _sections(raw, serial, images[index])
        good = _good_zero_checks(raw, serial, written[index])
        zero_good[index, good] = True
        if good:
            sealed = images["zero_checks"]["test_crc32"][index, good[-1]]
            test_changed[index] = seal(serial, Section.TEST_VOTES, _part(raw, Section.TEST_VOTES)) != sealed
    _check_events(events, images, serials)
    zero_check = ZERO_CHECKS - 1 - np.argmax(zero_good[:, ::-1], axis=1)
    return Checks(sections, zero_good, np.where(zero_good.any(axis=1), zero_check, -1), test_changed, events)


def _part(raw: memoryview, section: Section) -> memoryview:
    start, end = SPANS[section]
    return raw[start:end]


def _number(raw: memoryview, place: int) -> int:
    return int.from_bytes(raw[place : place + 4], "big")


def _self_checked(raw: memoryview, start: int, size: int, serial: bytes, section: Section) -> int:
    """An entry that ends with its checksum and the complement of it."""
    if bytes(raw[start : start + size]).count(ERASED) == size:
        return UNSEALED
    stored, complement = _number(raw, start + size - 8), _number(raw, start + size - 4)
    good = stored ^ complement == _ONES and stored == seal(serial, section, raw[start : start + size - 8])
    return GOOD if good else FAILS


def _sections(raw: memoryview, serial: bytes, image: np.void) -> list[int]:
    verdicts = [UNSEALED] * len(Section)
    start = SPANS[Section.CLOSING][0]
    closing = _self_checked(raw, start, CLOSING_DTYPE.itemsize, serial, Section.CLOSING)
    verdicts[Section.CLOSING] = closing
    configuration = _self_checked(raw, 0, CONFIGURATION_DTYPE.itemsize, serial, Section.CONFIGURATION)
    verdicts[Section.CONFIGURATION] = configuration
    choices = seal(serial, Section.CHOICES, _part(raw, Section.CHOICES))
    if configuration != UNSEALED:
        programmed = int(image["configuration"]["choices_crc32"])
        verdicts[Section.CHOICES] = GOOD if choices == programmed else FAILS
    if closing == UNSEALED:
        return verdicts
    seals = image["closing"]["seals"]
    for section in Section:
        if section is Section.CLOSING:
            continue
        stored, complement = int(seals["crc32"][section]), int(seals["complement"][section])
        computed = choices if section is Section.CHOICES else seal(serial, section, _part(raw, section))
        good = stored ^ complement == _ONES and stored == computed
        verdicts[section] = GOOD if good and verdicts[section] != FAILS else FAILS
    return verdicts


def _good_zero_checks(raw: memoryview, serial: bytes, written: Bools) -> list[int]:
    """The zero checks with a right checksum."""
    start, size = SPANS[Section.ZERO_CHECKS][0], ZERO_CHECK_SIZE
    return [
        index
        for index in np.flatnonzero(written).tolist()
        if _self_checked(raw, start + index * size, size, serial, Section.ZERO_CHECKS) == GOOD
    ]


def _log_entries(images: Rows) -> Rows:
    log = images["log"]
    words = np.ascontiguousarray(log).view(np.uint64).reshape(len(images), EVENTS, EVENT_SIZE // 8)
    erased = (words == np.uint64(2**64 - 1)).all(axis=2)
    cleared = (words == 0).all(axis=2)
    image, entry = np.nonzero(~(erased | cleared))
    found = log[image, entry]
    events = np.zeros(len(found), EVENT_COLUMNS)
    events["image"], events["entry"] = image, entry
    for name in ("kind", "poll", "at", "value"):
        events[name] = found[name]
    return events


def _check_events(events: Rows, images: Rows, serials: Rows) -> None:
    stored = images["log"][events["image"], events["entry"]]
    raw = stored.tobytes()
    heads = (raw[place : place + 12] for place in range(0, len(raw), EVENT_SIZE))
    serial = [bytes(each) for each in serials]
    computed = [event_crc(serial[image], head) for image, head in zip(events["image"].tolist(), heads, strict=True)]
    events["sound"] = stored["crc32"] == np.array(computed, np.uint32)
    events["good"] = (
        events["sound"]
        & (stored["sequence"] == events["entry"])
        & np.isin(stored["kind"], [int(kind) for kind in EventKind])
    )
