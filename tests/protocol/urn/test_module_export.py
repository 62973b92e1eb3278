"""The result export that is derived from a module image."""

import hashlib

import numpy as np
import pytest

from protocol.civil_time import seconds
from protocol.errors import FormatError
from protocol.export.record import parse
from protocol.urn.image import IMAGE_SIZE, SPANS, Section
from protocol.urn.to_export import damage, export_from_image
from tests.machine.people import vote
from tests.protocol.export import export_document
from tests.protocol.urn import urn_document
from tests.protocol.urn.module_images import DAY, closed, example, opened

AT = seconds(DAY, 20)


@pytest.mark.parametrize("sizes", [(1,), (12,), (64,) * 5])
def test_it_is_what_the_machine_exports(sizes: tuple[int, ...]) -> None:
    machine = closed(*sizes, voters=80)
    for poll in range(1, len(sizes) + 1):
        assert export_from_image(machine.image(), poll, AT) == machine.export(poll, AT)


def test_a_closing_entry_that_fails_its_checksum_is_not_believed() -> None:
    image = bytearray(closed(3, voters=30).image())
    start = SPANS[Section.CLOSING][0]
    honest = parse(export_from_image(bytes(image), 1, AT))
    image[start + 19] ^= 1
    record = parse(export_from_image(bytes(image), 1, AT))
    assert record.closing is None
    assert (record.tallies, record.blank) == (honest.tallies, honest.blank)


@pytest.mark.parametrize("poll", [0, 2, 6, -1])
def test_a_poll_that_the_module_does_not_have(poll: int) -> None:
    with pytest.raises(FormatError, match="poll"):
        export_from_image(example(), poll, AT)


@pytest.mark.parametrize(
    ("offset", "raw"),
    [(0, b"\0"), (0x88, b"\0\0\0\0"), (0x3C, b"\xe9"), (0x8C, b"\3"), (0x99, b"\xfe"), (0x90, b"\x7f")],
)
def test_what_an_export_cannot_hold_is_named(offset: int, raw: bytes) -> None:
    image = bytearray(example())
    image[offset : offset + len(raw)] = raw
    with pytest.raises(FormatError):
        export_from_image(bytes(image), 1, AT)


def damaged() -> list[bytes]:
    """Whole urns, urns in the middle of the day, and urns with damage of every kind."""
    machine = opened(3, 2)
    for _ in range(9):
        vote(machine, 1, 0)
    machine.power_off()
    whole = closed(3, 2, voters=40).image()
    random = np.random.default_rng(8)
    made = [whole, example(), machine.image()]
    for _ in range(40):
        image = bytearray(whole if random.random() < 0.7 else machine.image())
        for place in random.integers(0x200, IMAGE_SIZE, 3).tolist():
            image[place] &= int(random.integers(256))
        made.append(bytes(image))
    return made


def test_it_is_what_the_document_says_field_by_field() -> None:
    """Read by the two readers that are made of the documents' tables alone."""
    marked = 0
    for image in damaged():
        found = urn_document.read(image)
        for poll in found.choices:
            record = export_document.read(export_from_image(image, poll, AT))
            wanted = found.exported(poll) | {"export": AT, "module_digest": hashlib.sha256(image).digest()}
            assert record.verdict == 0
            assert {name: record.values[name] for name in wanted} == wanted
            assert set(wanted) | {"magic", "format_version", "record_length", "reserved", "crc32"} == set(record.values)
            assert record.reserved == bool(damage(image))
            marked += record.reserved
    assert marked > 20
