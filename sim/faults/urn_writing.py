"""Changing what an urn holds, with the checksums that then stand there: as if it had been written like that."""

from __future__ import annotations

from protocol.urn.image import DTYPE, ERASED, EVENT_SIZE, SPANS, Section, event_crc, seal

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
        image[place : place + 4] = check.to_bytes(4, "big")
        if complement:
            image[place + 4 : place + 8] = (check ^ 0xFFFF_FFFF).to_bytes(4, "big")

    write_check(HEAD["choices_crc32"], Section.CHOICES, *SPANS[Section.CHOICES], complement=False)
    write_check(HEAD["crc32"], Section.CONFIGURATION, 0, HEAD["crc32"])
    for place in range(LOG, SPANS[Section.LOG][1], EVENT_SIZE):
        if image[place] not in (0, ERASED):
            check = event_crc(serial, bytes(image[place : place + 12]))
            image[place + 12 : place + 16] = check.to_bytes(4, "big")
    if image[SPANS[Section.CLOSING][0]] != ERASED:
        for section in (each for each in Section if each is not Section.CLOSING):
            write_check(CLOSING["seals"] + 8 * section, section, *SPANS[section])
        write_check(CLOSING["crc32"], Section.CLOSING, SPANS[Section.CLOSING][0], CLOSING["crc32"])
    return bytes(image)


def put(image: bytearray, place: int, value: int, size: int = 4) -> None:
    """Write a number into an image, most significant byte first."""
    image[place : place + size] = value.to_bytes(size, "big")


def last_entry(image: bytearray) -> int:
    """Find the start of the log's last entry."""
    places = range(LOG, SPANS[Section.LOG][1], EVENT_SIZE)
    return max(place for place in places if image[place] != ERASED)
