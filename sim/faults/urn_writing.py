"""Changing what an urn holds, with the checksums that then stand there: as if it had been written like that."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from protocol.export import record as export
from protocol.urn.image import DTYPE, ERASED, EVENT_SIZE, SPANS, Section, event_crc, seal
from sim.evidence import BureauEvidence

HEAD = {name: place[1] for name, place in (DTYPE["configuration"].fields or {}).items()}
"""Offset of each field of the configuration."""
CLOSING = {name: SPANS[Section.CLOSING][0] + place[1] for name, place in (DTYPE["closing"].fields or {}).items()}
"""Offset of each field of the closing entry."""
LOG = SPANS[Section.LOG][0]


def seal_image(image: bytearray) -> bytes:
    """An image with all checksums as its bytes ask for: as if it had been programmed and written like that."""
    serial = bytes(image[HEAD["module_serial"] : HEAD["module_serial"] + 12])

    def write_check(place: int, section: Section, start: int, end: int, complement: bool = True) -> None:
        check = seal(serial, section, bytes(image[start:end]))
        put(image, place, check)
        if complement:
            put(image, place + 4, check ^ 0xFFFF_FFFF)

    write_check(HEAD["choices_crc32"], Section.CHOICES, *SPANS[Section.CHOICES], complement=False)
    write_check(HEAD["crc32"], Section.CONFIGURATION, 0, HEAD["crc32"])
    for place in range(LOG, SPANS[Section.LOG][1], EVENT_SIZE):
        if image[place] not in (0, ERASED):
            put(image, place + 12, event_crc(serial, bytes(image[place : place + 12])))
    if image[SPANS[Section.CLOSING][0]] != ERASED:
        for section in (each for each in Section if each is not Section.CLOSING):
            write_check(CLOSING["seals"] + 8 * section, section, *SPANS[section])
        write_check(CLOSING["crc32"], Section.CLOSING, SPANS[Section.CLOSING][0], CLOSING["crc32"])
    return bytes(image)


def read_from(image: bytes, evidence: BureauEvidence) -> None:
    """The first export of each poll was read from the urn with this image."""
    for each in evidence.polls:
        if each.exports:
            name, exported = each.exports[0]
            values = replace(export.parse(exported), module_digest=hashlib.sha256(image).digest())
            each.exports[0] = (name, export.build(values))


def number_at(image: bytearray, place: int) -> int:
    """Read a number of an image."""
    return int.from_bytes(image[place : place + 4], "big")


def put(image: bytearray, place: int, value: int) -> None:
    """Write a number into an image, most significant byte first."""
    image[place : place + 4] = value.to_bytes(4, "big")


def last_entry(image: bytearray) -> int:
    """Find the start of the log's last entry."""
    places = range(LOG, SPANS[Section.LOG][1], EVENT_SIZE)
    return max(place for place in places if image[place] != ERASED)
