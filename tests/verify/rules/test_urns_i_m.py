"""I and M where a module image is at hand, and the days of all times: each code with a case and one without."""

from collections.abc import Callable

import pytest

from protocol.civil_time import DAY as A_DAY
from protocol.civil_time import seconds, write
from protocol.export.record import TIMES
from protocol.urn.image import SPANS, Section, slot_bytes
from regard.language import show
from tests.protocol.urn.module_violations import (
    VIOLATIONS,
    WITHOUT_CHECKSUMS,
    Violation,
    at,
    closed_anew,
    put,
    put_number,
    sealed,
)
from tests.verify.night_builder import (
    DAY,
    INSEE,
    Night,
    codes_of,
    export_place,
    figures,
    findings,
    grave,
    says,
)
from tests.verify.night_urn_images import FILE, FREE, complement, night_with_urn, slot_where, urn_image
from tests.verify.night_urn_images import put as put_slot
from tests.verify.night_urns import night_of, urn
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


def test_i112_of_an_urn_is_said_once_and_nothing_of_it_is_counted() -> None:
    def change(image: bytearray) -> None:
        image[0x8C] = 3
        resealed(image)

    night = night_with_urn(change)
    night.incomplete()
    found = night.fires("I112", "0001", (f"{FILE}@140", "3"), (FILE, "1 to 2"), poll=0)
    assert found.field == "configuration.round"
    evidence = night.load()
    assert evidence.urns is not None
    assert not evidence.urns.used.any()


def test_i117() -> None:
    def change(image: bytearray) -> None:
        image[LOG + 11] ^= 1  # the value of the opening, and not its checksum
        image[:] = closed_anew(image)

    found = night_with_urn(change).findings("I117")[0]
    assert (found.bureau, found.field, found.details) == ("0001", "log[0].crc32", {"times": 1})
    assert found.left.source == f"{FILE}@{LOG + 12}"
    night_with_urn().quiet("I117")


@pytest.mark.parametrize("violation", WITHOUT_CHECKSUMS[:1], ids=lambda violation: violation.name)
def test_i119_for_a_zero_check_with_another_checksum(violation: Violation) -> None:
    def change(image: bytearray) -> None:
        violation.change(image)
        image[:] = closed_anew(image)

    assert "I119" in codes_of(grave(night_with_urn(change).run()))


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

    assert codes_of(grave(night_with_urn(change).run())) == {"I106"}


def test_i106_is_named_for_each_section_of_a_sound_serial() -> None:
    def change(image: bytearray) -> None:
        image[SPANS[Section.LOG][1] - 1] ^= 1
        image[SPANS[Section.TEST_VOTES][1] - 1] ^= 1

    codes = [one.code for one in grave(night_with_urn(change).run())]
    assert codes.count("I106") == 2
    assert urn_image()[LOG] == 1


USUAL = {
    "zero_check": seconds(DAY, 7, 30),
    "opening": seconds(DAY, 8),
    "closing": seconds(DAY, 19),
    "export": seconds(DAY, 19, 10),
}


@pytest.mark.parametrize("days", [-7, -1, 1, 7])
def test_m114(night: Night, days: int) -> None:
    """A rehearsal: all times a week early, or another day; the hours are in order."""
    place = night.change_export("0001", **{name: moment + days * A_DAY for name, moment in USUAL.items()})
    first = write(USUAL["zero_check"] + days * A_DAY)
    found = night.fires("M114", "0001", (place, first), (place, "2022-04-10"))
    assert (found.field, found.details) == ("zero_check", {"times": 4})


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("days", [-7, 7])
def test_m114_for_each_time_by_itself(night: Night, name: str, days: int) -> None:
    night.change_export("0001", **{name: USUAL[name] + days * A_DAY})
    found = night.findings("M114")
    assert [(one.field, one.severity) for one in found] == [(name, Severity.ERROR)]


@pytest.mark.parametrize(
    ("closing", "fires"),
    [
        (seconds(DAY, 24, 5), False),
        (seconds(DAY, 26), False),
        (seconds(DAY, 36) - 1, False),
        (seconds(DAY, 36), True),
        (seconds(DAY, 19) + A_DAY, True),
    ],
)
def test_m114_a_closing_after_midnight_is_in_order_and_one_a_day_late_is_not(
    night: Night, closing: int, fires: bool
) -> None:
    night.change_export("0001", closing=closing, export=min(closing + 60, seconds(DAY, 36) - 1) if not fires else None)
    found = night.findings("M114")
    assert [one.field for one in found] == ["closing"] * fires


def test_m114_a_zero_check_on_the_eve_is_a_warning(night: Night) -> None:
    night.change_export("0001", zero_check=seconds(DAY, 0) - 3600)
    [found] = night.only("M114")
    assert found.severity is Severity.WARNING


def shift(days: int) -> Callable[[bytearray], None]:
    """Every time in an urn, so many days later."""

    def change(image: bytearray) -> None:
        places = [0x200, 0x2A00, *(place + 4 for place in range(0x500, 0xF80, 16) if image[place] != 0xFF)]
        for place in places:
            moment = int.from_bytes(image[place : place + 4], "big") + days * A_DAY
            image[place : place + 4] = moment.to_bytes(4, "big")

    return change


@pytest.mark.parametrize("exports", [True, False])
def test_m114_of_an_urn(exports: bool) -> None:
    result = night_of(urn(shift(-7)), exports=exports).run()
    [found] = findings(result, "M114")
    says(found, "M114", "0001", (FILE, "2022-04-03 07:30:00"), (FILE, "2022-04-10"), poll=0)
    assert found.details == {"times": 3}


def test_m114_is_not_said_of_the_urn_where_its_export_says_it() -> None:
    night = night_of(urn(shift(7)))
    night.change_export("0001", **{name: moment + 7 * A_DAY for name, moment in USUAL.items()})
    [found] = night.only("M114")
    assert found.left.source == export_place("0001")


def test_m114_of_an_entry_of_the_log() -> None:
    hour = 0x500 + 16 + 4  # the entry after the opening
    image = bytearray(urn_image(hour=50))
    put_number(hour, seconds(DAY, 9) - 7 * A_DAY)(image)
    [found] = night_of(sealed(image)).findings("M114")
    assert (found.field, found.left.value, found.details) == ("log", "2022-04-03 09:00:00", {"times": 1})
    night_of(urn_image(hour=50)).quiet("M114")


@pytest.mark.parametrize(
    ("field", "place", "value", "shown", "poll"),
    [
        ("enablings", at("closing", "enablings"), 629, 628, 0),
        ("burnt", at("closing", "burnt"), 1, 0, 0),
        ("unreadable", at("closing", "unreadable"), 1, 0, 0),
        ("voters", at("closing", "polls"), 627, 626, 1),
        ("cancellations", at("closing", "polls") + 4, 3, 2, 1),
    ],
)
def test_m115(field: str, place: int, value: int, shown: int, poll: int) -> None:
    result = night_of(urn(put_number(place, value)), exports=False).run()
    [found] = findings(result, "M115")
    says(found, "M115", "0001", (f"{FILE}:closing", value), (FILE, shown), poll=poll)
    assert found.field == field
    night_with_urn().quiet("M115")


def marks(count: int) -> bytes:
    """A counter in both copies."""
    bits = "0" * count + "1" * (4096 - count)
    return int(bits, 2).to_bytes(512, "big") + int(bits[::-1], 2).to_bytes(512, "big")


def test_m116() -> None:
    """An urn without export does not add up; an urn with one: they have other counters."""
    polls, closing = at("closing", "polls"), at("closing", "enablings")
    more = put_number(closing, 629), put(at("marks", "enablings"), marks(629))
    ahead = put_number(polls, 627), put(at("marks", "voters"), marks(627))
    for changes, field, both in (
        ((put_number(polls + 8, 627),), "cast", (626, 627)),
        (ahead, "voters", (627, 626)),
        (more, "enablings", (627, 626)),
    ):
        some = night_of(urn(*changes), exports=False).findings("M116")
        assert (field, *both) in [(one.field, one.left.value, one.right.value) for one in some]
    [found] = night_of(urn(*ahead)).findings("M116")
    says(found, "M116", "0001", (FILE, 627), (export_place("0001"), 626))
    night_with_urn().quiet("M116")


def test_m116_not_where_the_export_does_not_agree_with_itself() -> None:
    night = night_with_urn()
    night.change_export("0001", voters=625)
    night.only("M102")


def never_closed(*changes: Callable[[bytearray], None]) -> bytes:
    """The urn without its closing."""
    image = bytearray(urn_image())
    image[0x2A00:0x3000] = b"\xff" * 0x600
    last = max(place for place in range(0x500, 0xF80, 16) if image[place] != 0xFF)
    image[last : last + 16] = b"\xff" * 16
    for change in changes:
        change(image)
    return sealed(image)


def test_m106_of_an_urn_that_was_never_closed() -> None:
    found = [one for one in grave(night_of(never_closed(), exports=False).run()) if one.bureau == "0001"]
    assert [(one.code, one.right.value) for one in found] == [("M106", "2022-04-10 08:00:00")]


@pytest.mark.parametrize(("count", "fires"), [(626, False), (625, False), (624, True), (627, True)])
def test_m116_of_an_urn_that_was_never_closed(count: int, fires: bool) -> None:
    """A loss of power can keep one mark from a vote, not two; and never makes one."""
    image = never_closed(put(at("marks", "voters"), marks(count)))
    found = night_of(image, exports=False).findings("M116")
    assert [(one.left.value, one.right.value) for one in found] == [(count, 626)] * fires


@pytest.mark.parametrize(
    ("change", "field", "both"),
    [
        (put(0x500, b"\7"), "openings", (0, 1)),
        (put_number(0x508, 5), "counter_at_opening", (5, 0)),
        (put_number(0x514, seconds(DAY, 18, 59)), "closing", ("2022-04-10 18:59:00", "2022-04-10 19:00:00")),
        (put_number(0x518, 600), "counter_at_closing", (600, 626)),
        (put(0x520, bytes((6, 0, 0, 2)) + seconds(DAY, 19, 5).to_bytes(4, "big") + bytes(8)), "entries_after_closing",
         (1, 0)),
        (put_number(0x504, seconds(DAY, 19, 1)), "opening", ("2022-04-10 19:01:00", "2022-04-10 19:00:00")),
    ],
)  # fmt: skip
def test_m117(change: Callable[[bytearray], None], field: str, both: tuple[object, object]) -> None:
    result = night_of(urn(change), exports=False).run()
    found = findings(result, "M117")[0]
    assert (found.insee, found.bureau, found.field) == (INSEE, "0001", field)
    assert (found.left.value, found.right.value) == both
    night_with_urn(hour=50, clock_set=1).quiet("M117")
