"""Values that the format does not allow in an image: columns, faults and the document's reader agree."""

import zlib

import pytest

from protocol.errors import FormatError
from protocol.export.record import RecordVerdict
from protocol.urn.checks import GOOD
from protocol.urn.image import Section
from protocol.urn.limits import faults, parse
from protocol.urn.recount import recount
from tests.protocol.document_tables import table
from tests.protocol.urn.module_damage import compare
from tests.protocol.urn.module_images import example, rows
from tests.protocol.urn.module_violations import (
    VIOLATIONS,
    WITHOUT_CHECKSUMS,
    Violation,
    changed,
    noise,
    put,
    put_number,
    torn,
    whole,
)
from tests.protocol.urn.urn_document import document
from tests.sources import DOCS


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.name)
def test_each_violation_is_named_and_nothing_else(violation: Violation) -> None:
    image = changed(violation.change)
    _named(image, violation)


@pytest.mark.parametrize("violation", WITHOUT_CHECKSUMS, ids=lambda violation: violation.name)
def test_an_entry_whose_own_checksum_is_wrong(violation: Violation) -> None:
    _named(changed(violation.change, checksums=False), violation)


def _named(image: bytes, violation: Violation) -> None:
    urns = recount(rows([whole(), image]))
    row = urns.columns[1]
    assert faults(image)[0].field == violation.field
    assert [bool(good) for good in row["allowed"]][violation.section] is False
    assert row["allowed"].sum() == len(Section) - 1 or violation.section is Section.CONFIGURATION
    assert bool(row["verdict"] == RecordVerdict.VALUE) is (violation.section is Section.CONFIGURATION)
    assert (row["sections"] == GOOD).all()  # the checksums say nothing of it
    assert urns.columns[0]["allowed"].all()
    compare(urns, 1, image)
    if violation.section is Section.CONFIGURATION:
        with pytest.raises(FormatError) as error:
            parse(image)
        assert error.value.field == violation.field
    else:
        parse(image)


SAID = {
    "round 0": "1 to 2; 0",
    "serial": "printable ASCII, then zeros only; 55 7f 30 38 31 35 00 00 00 00 00 00",
    "poll 3 as the second": "poll 2, or an erased entry; 3",
    "hour of no poll": "a poll of this module; 0",
    "opening of a poll": "0, as it concerns the whole machine; 1",
    "marks of no poll": "nothing, as the module has no poll 3; 7f",
    "zero check with another checksum": "400CDA89 BFF32576; ef 48 48 ce 10 b7 b7 31",
    "entry with another checksum": "7D2B4942 (of the bytes before it); 0A2C79D4",
}


def test_what_the_format_asks_for_is_said_beside_what_stands_there() -> None:
    named = {violation.name: violation for violation in (*VIOLATIONS, *WITHOUT_CHECKSUMS)}
    for name, said in SAID.items():
        violation = named[name]
        fault = faults(changed(violation.change, checksums=violation in VIOLATIONS))[0]
        assert f"{fault.expected}; {fault.got}" == said
    with pytest.raises(FormatError) as error:
        parse(b"\0" + whole()[1:])
    assert (error.value.expected, error.value.got) == ("89 55 52 4e 0d 0a 1a 0a", "00 55 52 4e 0d 0a 1a 0a")


@pytest.mark.parametrize("name", torn())
def test_what_a_loss_of_power_leaves_is_allowed(name: str) -> None:
    image = torn()[name]
    assert not faults(image)
    urns = recount(rows([image]))
    assert urns.columns["allowed"].all()
    compare(urns, 0, image)


@pytest.mark.check(4)
def test_readers_agree_on_images_with_right_checksums_and_wrong_bytes() -> None:
    images = noise(5, 150)
    urns = recount(rows(images))
    assert 30 < (~urns.columns["allowed"].all(axis=1)).sum() < 150
    for index, image in enumerate(images):
        compare(urns, index, image)


def test_reserved_bytes_are_noted_and_change_nothing() -> None:
    for place in (0x0A, 0x8E, 0x9A, 0x174, 0x1F7, 0x21C, 0x2FA0, 0x2FF7):
        image = changed(put(place, b"\0"))
        urns = recount(rows([image]))
        assert not urns.columns["reserved_erased"][0]
        assert urns.columns["allowed"].all()
        compare(urns, 0, image)


def test_labels_that_are_not_those_of_the_digest() -> None:
    urns = recount(rows([whole(), changed(put(0x3000, b"Choix 9")), changed(put(0x3000, b"C" * 61))]))
    assert urns.columns["labels_fit"][:, :2].tolist() == [[1, 1], [0, 1], [-1, 1]]
    assert [urns.lists[index] for index in urns.columns["labels"][1][:2]] == [
        ("Choix 9", "Choix 2", "Choix 3"),
        ("Choix 1", "Choix 2"),
    ]
    assert urns.columns["labels"][0].tolist()[2:] == [-1, -1, -1]


def test_the_largest_values_are_allowed() -> None:
    def largest(image: bytearray) -> None:
        for change in (put_number(0x90, 2**28 - 1), put(0x8D, b"\xff"), put_number(0x20C, 27136)):
            change(image)

    image = changed(largest)
    assert not faults(image)
    assert recount(rows([image])).columns["allowed"].all()


def test_the_check_values_of_the_document() -> None:
    """Computed by the words of the document: the frozen example has the first and the last of them."""
    text = (DOCS / "reference" / "urn.md").read_text("utf-8")
    entry, erased, vote = table(text, "## Checks", 2)
    serial = b"U-0815".ljust(12, b"\0")
    head = bytes.fromhex(entry[0].removeprefix("a log entry that begins "))
    assert int(entry[1], 16) == zlib.crc32(serial + head) == int.from_bytes(example()[0x50C:0x510], "big")
    assert int(erased[1], 16) == zlib.crc32(serial + b"\2" + b"\xff" * 256)
    assert int(vote[1], 16) == document().crc16(b"\x81\2") == int.from_bytes(example()[0x402:0x404], "big")
