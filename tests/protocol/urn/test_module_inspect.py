"""An image shown field by field, whole or damaged, and the document made from the same definition."""

import re

import numpy as np
import pytest

from protocol.export.record import RecordVerdict
from protocol.urn.image import DTYPE, IMAGE_SIZE, SPANS, EventKind, Section
from protocol.urn.inspect import describe
from protocol.urn.meaning import MEANING
from protocol.urn.votes import SlotState
from regard.language import show
from regard.reference.urn_document import document
from tests.protocol.urn.module_images import example
from tests.protocol.urn.module_violations import VIOLATIONS, Violation, changed


def test_the_example_is_shown_whole_and_nothing_fails() -> None:
    lines = describe(example())
    assert not [line for line in lines if line.fails]
    shown = {str(line.field): (line.offset, str(line.value), str(line.meaning)) for line in lines}
    assert shown["configuration.module_serial"] == (0x3C, "'U-0815'", "serial number of the module")
    assert shown["zero_checks[0].president_key"][1] == "1001"
    assert shown["log[1]"][1:] == ("2022-04-24 08:40:00", "the power came back")
    assert shown["marks.enablings"][1] == "4"
    assert shown["closing.polls[0].tallies[1]"] == (0x2A24, "1", "Choix B")
    assert shown["slots"][2].startswith("votes 3, blank 4092, cleared 1")
    for line in lines:
        assert example()[line.offset : line.offset + len(line.raw)] == line.raw


def test_the_closing_of_an_image_that_is_cut_is_compared_with_no_half_recount() -> None:
    lines = describe(example()[: SPANS[Section.BANK_B][0]])
    assert not [line for line in lines if ".tallies[" in str(line.field) and line.fails]
    assert "no vote is counted again" in "".join(str(line.meaning) for line in lines)


def test_damage_is_shown_where_it_is() -> None:
    image = bytearray(example())
    image[0x8000] = 0
    image[0x2A23] = 7
    image[0x504] = 1
    failing = {str(line.field): str(line.check) for line in describe(bytes(image)) if line.fails}
    assert failing["slots[0]"] == "FAILS"
    assert failing["closing.polls[0].tallies[0]"] == "recount: 1"
    assert {"log", "log[0]", "closing", "bank_a"} <= set(failing)
    assert "configuration" not in failing


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.name)
def test_what_the_format_does_not_allow_is_shown_where_it_is(violation: Violation) -> None:
    for language, word in (("en", "expected "), ("fr", "attendu : ")):
        lines = describe(changed(violation.change))
        failing = [line for line in lines if show(language, line.check).startswith(word)]
        assert all(line.fails and line.raw for line in failing)
        assert len({(line.offset, line.section, str(line.field)) for line in failing}) == len(failing)
        assert violation.section in {line.section for line in failing}


@pytest.mark.parametrize("length", [0, 1, 511, 600, 0x2A10, 0x8001, IMAGE_SIZE - 1, IMAGE_SIZE + 5])
def test_an_image_of_another_length_is_shown_as_far_as_it_goes(length: int) -> None:
    image = example()[:length].ljust(length, b"\0")
    lines = describe(image)
    assert all(line.offset + len(line.raw) <= length for line in lines if line.raw)
    missing = {line.section for line in lines if str(line.check) == "not in the file" and line.fails}
    assert missing == {section for section, (_, end) in SPANS.items() if end > length}


def test_of_many_slots_and_faults_some_are_shown_unless_all_are_asked_for() -> None:
    image = bytearray(example())
    image[0x8000:0x84B0] = bytes(4 * 300)
    image[0xF70] = 0  # the last entry of the log, with nothing before it
    for whole, slots, entries in ((False, 200, 5 + 20), (True, 300, 169)):
        fields = [str(line.field) for line in describe(bytes(image), whole=whole)]
        assert sum(field.startswith("slots[") for field in fields) == slots
        assert sum(field.startswith("log[") for field in fields) == entries


def test_no_closing_is_shown_of_an_urn_that_is_open() -> None:
    lines = describe(example()[:0x2A00] + b"\xff" * 0x600 + example()[0x3000:])
    assert [str(line.field) for line in lines if line.section is Section.CLOSING] == ["closing"]


def test_no_bytes_make_it_fail_and_no_label_reaches_the_terminal_raw() -> None:
    random = np.random.default_rng(1)
    for _ in range(20):
        image = bytearray(example())
        start = int(random.integers(8, 0x8000))
        image[start : start + 3000] = random.bytes(3000)
        image[0x3000:0x3004] = b"\x1b[2J"
        for line in describe(bytes(image)):
            assert f"{line.field}{line.value}{line.meaning}{line.check}".isprintable()


def test_the_document_names_every_field_of_the_definition() -> None:
    text = document()
    for path in MEANING:
        assert re.search(rf"[`.]{path.rpartition('.')[2]}`", text), path
    for section, (start, _) in SPANS.items():
        assert f"| `{start:04X}` |" in text
        assert f"`{section.name.lower()}`" in text
    for kind in EventKind:
        assert f"| {int(kind)} | {kind.name} |" in text
    for state in SlotState:
        assert f"| {int(state)} | {state.name} |" in text
    for verdict in RecordVerdict:  # an image has a checksum for each section
        assert (f"| {int(verdict)} | {verdict.name} |" in text) is (verdict is not RecordVerdict.CHECKSUM)


def test_every_field_has_a_meaning_and_every_meaning_a_field() -> None:
    def paths(dtype: np.dtype[np.void], path: str) -> set[str]:
        found: set[str] = set()
        for name, (kind, *_) in (dtype.fields or {}).items():
            inner = f"{path}.{name}" if path else name
            found |= {inner} | (paths(kind.base, inner) if kind.base.fields is not None else set())
        return found

    containers = {Section(number).name.lower() for number in range(9)} - {"bank_a", "bank_b", "choices"}
    assert paths(DTYPE, "") - containers == set(MEANING)
