"""I where a module image is at hand: what its format does not allow, each code with a case and one without."""

from pathlib import Path

import pytest

from protocol.urn.image import SPANS, Section, slot_bytes
from regard.language import show
from tests.protocol.module_violations import VIOLATIONS, WITHOUT_CHECKSUMS, Violation, closed_anew, put, sealed
from tests.verify.night_builder import INSEE, figures, grave, says
from tests.verify.night_urn_images import FILE, FREE, complement, night_with_urn, slot_where, urn_image
from tests.verify.night_urn_images import put as put_slot
from verify.model.findings import Severity
from verify.model.labels import field_label

LOG = SPANS[Section.LOG][0]


OF_TWO_POLLS = ("no poll", "a test of a choice that is not", "the same label twice")


def resealed(image: bytearray) -> None:
    image[:] = sealed(image)


@pytest.mark.check(5)
@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.name)
def test_every_violation_of_the_document_has_a_finding_with_its_field(violation: Violation) -> None:
    """The urn of bureau 0001 has one poll and other labels than that of the format's tests."""

    def change(image: bytearray) -> None:
        violation.change(image)
        resealed(image)

    code = {Section.CONFIGURATION: "I112", Section.LOG: "I117"}.get(violation.section, "I119")
    if ".polls[1]." in violation.field or violation.name in OF_TWO_POLLS:
        pytest.skip("made for an urn of two polls")
    found = [one for one in grave(night_with_urn(change).run()) if one.code == code]
    assert [(one.insee, one.bureau) for one in found] == [(INSEE, "0001")], violation.name
    assert found[0].left.source.startswith(f"{FILE}@")
    for language in ("fr", "en"):
        assert show(language, field_label(found[0].field)) in show(language, found[0].message)


def test_i112_of_an_urn_is_said_once_and_nothing_of_it_is_counted(tmp_path: Path) -> None:
    def change(image: bytearray) -> None:
        image[0x8C] = 3
        resealed(image)

    night = night_with_urn(change)
    night.incomplete()
    found = night.fires("I112", "0001", (f"{FILE}@140", "3"), (FILE, "1 to 2"), poll=0)
    assert found.field == "configuration.round"
    evidence = night.load(tmp_path)
    assert evidence.urns is not None
    assert not evidence.urns.used.any()


def test_i117() -> None:
    def change(image: bytearray) -> None:
        image[LOG + 11] ^= 1  # the value of the opening, and not its checksum
        image[:] = closed_anew(image)

    found = next(one for one in grave(night_with_urn(change).run()) if one.code == "I117")
    assert (found.bureau, found.field, found.details) == ("0001", "log[0].crc32", {"times": 1})
    assert found.left.source == f"{FILE}@{LOG + 12}"
    night_with_urn().quiet("I117")


@pytest.mark.parametrize("violation", WITHOUT_CHECKSUMS[:1], ids=lambda violation: violation.name)
def test_i119_for_a_zero_check_with_another_checksum(violation: Violation) -> None:
    def change(image: bytearray) -> None:
        violation.change(image)
        image[:] = closed_anew(image)

    assert "I119" in {one.code for one in grave(night_with_urn(change).run())}


def test_i118() -> None:
    def change(image: bytearray) -> None:
        vote = slot_bytes(0x81, 2)
        put_slot(image, slot_where(image, FREE.__eq__), vote, complement(vote))
        image[0x2A0B] = 1  # the machine counts it as unreadable
        resealed(image)

    found = night_with_urn(change).fires(
        "I118", "0001", (FILE, 1), (FILE, 0), poll=0
    )  # and not as unreadable, nor as a vote
    assert str(found.details["got"]).startswith("81 02")
    night_with_urn(tests=2).quiet("I118")


def test_i119() -> None:
    def change(image: bytearray) -> None:
        put(SPANS[Section.CHOICES][0] + 64, b"\xe9")(image)
        resealed(image)

    place = f"{FILE}@{SPANS[Section.CHOICES][0] + 64}"
    [found] = night_with_urn(change).only("I119")
    says(found, "I119", "0001", (place, figures(found)[0]), (FILE, "UTF-8, then zeros only"), poll=0)
    assert "de l'UTF-8, puis des zéros seulement" in show("fr", found.message)
    night_with_urn().quiet("I119")


def test_i105_of_an_urn() -> None:
    def change(image: bytearray) -> None:
        image[0x180] = 0
        resealed(image)

    night_with_urn(change).fires("I105", "0001", (FILE, "not erased"), ("format", "erased"), Severity.WARNING, poll=0)
    night_with_urn().quiet("I105")


def test_a_damaged_serial_number_is_said_once() -> None:
    """Every checksum of an image is bound to it: none fits, and none of the sections has changed."""

    def change(image: bytearray) -> None:
        image[0x3D] ^= 1

    found = grave(night_with_urn(change).run())
    assert sorted((one.code, one.field) for one in found) == [("A105", "module"), ("I106", "configuration")]


def test_what_has_changed_since_it_was_sealed_is_said_by_its_seal() -> None:
    def change(image: bytearray) -> None:
        image[LOG] = 9

    assert {one.code for one in grave(night_with_urn(change).run())} == {"I106"}


def test_i106_is_named_for_each_section_of_a_sound_serial() -> None:
    def change(image: bytearray) -> None:
        image[SPANS[Section.LOG][1] - 1] ^= 1
        image[SPANS[Section.TEST_VOTES][1] - 1] ^= 1

    codes = [one.code for one in grave(night_with_urn(change).run())]
    assert codes.count("I106") == 2
    assert urn_image()[LOG] == 1
