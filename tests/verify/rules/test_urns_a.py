"""A where a module image is at hand: each code with a case in which it fires and one in which it does not."""

import dataclasses
import hashlib

import pytest

from protocol import civil_time
from protocol.export.record import choices_digest
from protocol.night import urn_name
from protocol.urn.image import SPANS, Section, slot_bytes
from regard.language import show
from tests.protocol.urn.module_violations import at, put, put_number, sealed
from tests.verify.night_builder import (
    CHOICES,
    CURIE,
    DAY,
    INSEE,
    ZOLA,
    Night,
    codes_of,
    export_place,
    figures,
    grave,
    infos,
    only,
    quiet,
    says,
    small_night,
)
from tests.verify.night_urn_images import FILE, night_with_urn, urn_image
from tests.verify.night_urns import WANTED, Change, machines, night_of, text, urn, urn_of_two_polls
from tests.verify.published import samples
from verify.model.findings import Severity
from verify.model.rule_results import Side


@pytest.mark.parametrize(
    ("change", "got"),
    [
        (text("election", "essai-2021"), "essai-2021 of 2022-04-10, round 1, poll 1"),
        (put_number(at("configuration", "date"), 20220417), "essai-2022 of 2022-04-17, round 1, poll 1"),
        (put_number(at("configuration", "round"), 2, 1), "essai-2022 of 2022-04-10, round 2, poll 1"),
    ],
)
@pytest.mark.parametrize("exports", [True, False])
def test_a110(change: Change, got: str, exports: bool) -> None:
    night = night_of(urn(change), exports=exports)
    result = night.run()
    [found] = only(result, "A110")
    says(found, "A110", "0001", (FILE, got), ("election.toml", WANTED), poll=0)
    quiet(result, "C112")  # nothing of it is counted
    evidence = night.load()
    assert evidence.machines is None or (evidence.machines.cast.values[0, 0] > 0) == exports
    assert "0001" not in [one.bureau for one in infos(result, "C113")]  # and it is named once


def test_a110_holds_back_votes_that_differ() -> None:
    """Of another election's urn nothing is held against this night's papers, however different its votes are."""
    vote = slot_bytes(1, 3)
    other = urn(
        text("election", "essai-2021"), put(0x8000, vote * 60), put(0xC000, bytes(byte ^ 0xFF for byte in vote) * 60)
    )
    night_of(other, exports=False).only("A110")
    codes = machines(night_of(urn(put(0x8000, vote * 60)), exports=False).run())
    assert codes & {"R206", "R207", "R224", "M103"}


def test_a110_by_what_most_exports_say_where_nothing_tells_the_election() -> None:
    night = night_of(urn(put_number(at("configuration", "round"), 2, 1)))
    night.raw["election.toml"] = None
    [found] = night.only("A110")
    assert (found.right.source, str(found.right.value)) == ("exports", WANTED)


def test_a110_for_polls_that_the_day_does_not_have() -> None:
    """Its votes in the polls that there are still count; where other evidence names that poll, C116 says it once."""
    entry, labels = at("configuration", "polls") + 44, SPANS[Section.CHOICES][0] + 4096
    second = bytes((2, 1, 0xFF, 0xFF)) + bytes(8) + choices_digest(["Oui"])
    image = urn(put(entry, second), put(labels, b"Oui".ljust(64, b"\0")), put(at("closing", "polls") + 272, bytes(272)))
    night = night_of(image, exports=False)
    [found] = night.only("A110")
    assert (str(found.left.value), str(found.right.value)) == ("essai-2022 of 2022-04-10, round 1, poll 1,2", WANTED)
    night.tables["pv.csv"] += [row | {"scrutin": "2"} for row in night.tables["pv.csv"]]
    night.only("C116")


def test_a111(night: Night) -> None:
    night.incomplete()
    wrong = f"modules/{urn_name(INSEE, '0002', 1)}"
    night.raw[wrong] = urn_image()
    result = night.run()
    [found] = only(result, "A111")
    says(found, "A111", "0002", (wrong, f"{INSEE} 0001 1"), (wrong, f"{INSEE} 0002 1"), poll=0)
    assert "is the urn of 77001 0001 1; its name says 77001 0002 1" in show("en", found.message)
    assert {one.bureau for one in infos(result, "C113")} == {"0003", "0A11"}
    night_with_urn().quiet("A111")


def test_a111_for_a_part_and_not_for_names_of_another_form(night: Night) -> None:
    night.incomplete()
    night.raw[f"modules/{urn_name(INSEE, '0001', 2)}"] = urn_image()
    [found] = night.only("A111")
    assert (found.left.value, found.right.value) == (f"{INSEE} 0001 1", f"{INSEE} 0001 2")
    night = small_night()
    night.raw["modules/dump 17.urn"] = urn_image()
    night.quiet("A111")


@pytest.mark.parametrize(("bureau", "nearest"), [("1", "0001"), ("000Z", None)])
def test_a112(night: Night, bureau: str, nearest: str | None) -> None:
    night.incomplete()
    night.raw["modules/a.urn"] = urn(text("bureau", bureau))
    sides = ("modules/a.urn", f"{INSEE} {bureau}"), ("univers.csv", nearest)
    night.fires("A112", nearest or bureau, *sides, poll=0, insee=INSEE)
    night_with_urn().quiet("A112")


def test_a112_what_is_wrong_with_its_bytes_is_said_as_well(night: Night) -> None:
    night.incomplete()
    image = bytearray(urn(text("bureau", "1")))
    image[SPANS[Section.LOG][1] - 1] ^= 1
    night.raw["modules/a.urn"] = bytes(image)
    night.only("A112", "I106")


def with_votes_less(number: int) -> bytes:
    """The urn of bureau 0001 read another time: so many votes of its last choice are not in it."""
    image = bytearray(urn_image())
    wanted = slot_bytes(1, 3)
    slots = [place for place in range(0x8000, 0xC000, 4) if image[place : place + 4] == wanted][:number]
    for place in slots:
        for start in (place, place + 0x4000):
            image[start : start + 4] = b"\xff" * 4
    return sealed(image)


@pytest.mark.parametrize("exports", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_a116(exports: bool, first: bool) -> None:
    other = with_votes_less(32)
    night = night_of(*(urn_image(), other) if first else (other, urn_image()), exports=exports)
    night.raw["univers.csv"] = None
    night.raw["election.toml"] = None
    found = night.findings("A116")[0]
    assert (found.severity, found.bureau) == (Severity.ERROR, "0001")
    assert {found.left.value, found.right.value} == {626, 594}
    assert found.details == {"serial": "U00011", "other": "U00011"}


def test_a116_the_image_that_the_export_names_is_used() -> None:
    """Whatever else is there: the other one is named, and nothing is held against its votes."""
    for images in ((urn_image(), with_votes_less(5)), (with_votes_less(5), urn_image())):
        night = night_of(*images)
        night.change_export("0001", module_digest=hashlib.sha256(urn_image()).digest())
        [found] = night.only("A116")
        assert figures(found) == (626, 621)


def test_a116_of_equal_votes_is_a_warning() -> None:
    image = bytearray(urn_image())
    image[0xF80 + 300] = 0xFE  # a cell that decayed
    night = night_of(urn_image(), sealed(image))
    found, _ = night.only("A116", "I109")
    assert found.severity is Severity.WARNING


def test_a117() -> None:
    night = night_of(urn_image(), urn_image())
    result = night.run()
    only(result)
    [found] = infos(result, "A117")
    says(found, "A117", "0001", (FILE, 626), ("modules/copy 1.urn", 626), Severity.INFO, poll=0)
    night_with_urn().quiet("A117")


def test_a118() -> None:
    """An image relabelled for another bureau keeps the number of its urn."""
    night = night_of(urn_image(), urn(text("bureau", "0002")), exports=False)
    night.tables["univers.csv"] = [row | {"module": "", "machine": ""} for row in night.tables["univers.csv"]]
    found = night.findings("A118")  # said once, of the second
    assert {(one.bureau, one.field, one.left.value, one.right.value) for one in found} == {
        ("0002", field, f"{INSEE}/0002", f"{INSEE}/0001") for field in ("machine_serial", "module_serial")
    }
    night_with_urn().quiet("A118")


def test_a118_against_an_export_of_another_part() -> None:
    night = night_of(urn(put(at("configuration", "part"), b"\2")))
    found = night.findings("A118")
    assert [(one.left.source, one.right.source, one.field) for one in found] == [
        (FILE, export_place("0001"), "module_serial")
    ]


def test_a118_where_there_are_fewer_images_than_exports() -> None:
    night = night_of(urn(text("bureau", "0003"), text("module_serial", "U00021")))
    found = [one for one in grave(night.run()) if one.code == "A118" and one.field == "module_serial"]
    assert [(one.left.source, one.right.source) for one in found] == [(FILE, export_place("0002"))]


def test_an_image_and_an_export_of_different_votes_are_an_error_whatever_else_is_there() -> None:
    night = night_of(with_votes_less(3))
    for name in ("univers.csv", "election.toml", "choix.csv", "pv.csv", "voix.csv", "emargements.csv", "publie.txt"):
        night.raw[name] = None
    assert "M103" in machines(night.run())


def test_images_of_which_none_can_be_used_where_there_is_no_list_of_bureaux() -> None:
    night = night_of(urn(put(at("configuration", "part"), b"\0")), exports=False)
    night.raw |= {name: None for name in night.files() if name != FILE}
    night.raw["publie.txt"] = samples.RESEARCHERS_COMMUNES.encode()
    result = night.run()
    assert "I112" in machines(result)
    assert not codes_of(result.findings) & {"I120", "I121"}


def test_the_election_is_not_asked_for_more_than_it_says() -> None:
    """An urn of two polls where a bureau votes in one of them only, by the list of choices."""
    night = small_night(polls=2)
    night.election = dataclasses.replace(night.election, complete=frozenset())
    for row in night.tables["choix.csv"]:
        row["circonscription"] = "2" if row["scrutin"] == "2" else ""
    for row in night.tables["univers.csv"]:
        row["circonscription"] = "1"
    night.exports = {name: data for name, data in night.exports.items() if not name.endswith("-2-1.esf")}
    night.raw[FILE] = urn_image()
    assert not night.findings("A110")


@pytest.mark.parametrize("exports", [True, False])
def test_an_urn_of_two_polls_has_nothing_wrong_with_it(exports: bool) -> None:
    night = small_night(polls=2)
    night.incomplete()
    night.raw[FILE] = urn_of_two_polls()
    if not exports:
        night.exports.clear()
    result = night.run()
    only(result)
    assert result.coverage.kinds["modules"][0] == 1


@pytest.mark.parametrize(
    ("field", "change", "got"),
    [
        ("registered", put_number(at("configuration", "registered"), 899), (899, 900)),
        ("opening", put_number(0x504, civil_time.seconds(DAY, 8, 1)), ("2022-04-10 08:01:00", "2022-04-10 08:00:00")),
    ],
)
def test_a113(field: str, change: Change, got: tuple[object, object]) -> None:
    found = night_of(urn(change)).fires("A113", "0001", (FILE, got[0]), (export_place("0001"), got[1]), poll=0)  # type: ignore[arg-type]
    assert found.field == field
    night_with_urn().quiet("A113")


@pytest.mark.parametrize("field", ["machine_serial", "machine_seal", "module_seal", "module_serial"])
def test_a113_numbers_where_there_is_no_sealing_record(field: str) -> None:
    night = night_of(urn(text(field, "X9")))
    for row in night.tables["univers.csv"]:
        row |= {"machine": "", "module": "", "scelle_machine": "", "scelle_module": ""}
        row["machine"] = "M00031+M00032" if row["bureau"] == "0003" else ""  # it tells how many machines there were
    found = [one for one in grave(night.run()) if one.bureau == "0001" and one.code != "A105"]
    assert [(one.code, one.field, one.left.value) for one in found] == [("A113", field, "X9")]


@pytest.mark.parametrize("field", ["machine_serial", "machine_seal", "module_seal", "module_serial"])
def test_a113_yields_to_a105_where_the_sealing_record_has_the_number(field: str) -> None:
    found = [one.code for one in grave(night_of(urn(text(field, "X9"))).run()) if one.bureau == "0001"]
    assert (found.count("A105"), found.count("A113")) == (1, 0)


@pytest.mark.parametrize("field", ["constituency", "choices_digest"])
def test_a113_what_no_list_of_choices_tells(night: Night, field: str) -> None:
    night.raw["choix.csv"] = night.raw["voix.csv"] = None
    change = put(at("configuration", "polls") + (4 if field == "constituency" else 12), b"7702\0\0\0\0")
    night.raw[FILE] = urn(change)
    found = night.findings("A113")
    assert [(one.field, one.poll) for one in found] == [(field, 1)]


def test_a114() -> None:
    first = SPANS[Section.CHOICES][0]
    labels = [label.encode().ljust(64, b"\0") for label in (CURIE, ZOLA)]
    found = night_of(urn(put(first, b"".join(labels)))).fires("A114", "0001", (FILE, CURIE), ("choix.csv", ZOLA))
    assert found.details == {"number": 1}
    night_with_urn().quiet("A114")


def test_a114_by_their_own_digest_where_there_is_no_list() -> None:
    night = night_of(urn(put(SPANS[Section.CHOICES][0] + 64, b"X")))
    night.raw["choix.csv"] = None
    [found] = night.only("A114")
    stated = choices_digest(CHOICES).hex()[:16]
    assert (found.field, found.right.value) == ("choices_digest", stated)
    assert "XURIE Marie" in str(found.left.value)


def test_a114_not_for_labels_that_the_panel_cuts_nor_for_another_normal_form() -> None:
    long = "LISTE " + "É" * 40
    assert len(long.encode()) > 64
    night = night_of()
    for file in ("choix.csv", "voix.csv"):
        for row in night.tables[file]:
            row["choix"] = long if row["choix"] == ZOLA else row["choix"]
    loaded = (long, *CHOICES[1:])
    for bureau, part in (("0001", 1), ("0002", 1), ("0003", 1), ("0003", 2), ("0A11", 1)):
        night.change_export(bureau, 1, part, choices_digest=choices_digest(loaded))
    cut = long.encode()[:64].decode(errors="ignore").encode().ljust(64, b"\0")
    digest = put(at("configuration", "polls") + 12, choices_digest(loaded))
    night.raw[FILE] = urn(put(SPANS[Section.CHOICES][0], cut), digest)
    assert not machines(night.run()) & {"A103", "A114", "I119"}
    night.raw[FILE] = urn(put(SPANS[Section.CHOICES][0], b"LISTE A"), digest)
    assert "A114" in machines(night.run())


def test_an_urn_without_an_export_is_held_against_the_lists() -> None:
    """A103, A104, A105 for what no export carries; where its export carries the same, the export is named."""
    swapped = choices_digest((CURIE, ZOLA, CHOICES[2]))
    cases: tuple[tuple[str, Change, tuple[int | str, str, int | str]], ...] = (
        ("A103", put(at("configuration", "polls") + 12, swapped), (3, "choix.csv", 3)),
        ("A104", text("model", "ESF2"), ("ESF2", "arrêté du 12 avril 2007", "ESF1 (HW 1.06/2.01 - FW 4.02)")),
        ("A105", text("machine_seal", "X1"), ("X1", "univers.csv:2", "S00011")),
    )
    for code, change, (left, source, right) in cases:
        for exports in (False, True):
            result = night_of(urn(change), exports=exports).run()
            found = next(one for one in grave(result) if one.code == code)
            assert found.left == Side(FILE, left)
            assert found.right == Side(source, right)
    night = night_of(urn(text("machine_seal", "X1")))
    night.change_export("0001", machine_seal="X1")
    [found] = night.only("A105")
    assert found.left.source == export_place("0001")


def test_a105_of_an_urn_by_its_part() -> None:
    image = urn(text("bureau", "0003"), put(at("configuration", "part"), b"\2"))
    found = night_of(image, exports=False).findings("A105")
    assert {(one.field, one.left.value, one.right.value) for one in found} == {
        ("machine", "M00011", "M00032"),
        ("module", "U00011", "U00032"),
        ("scelle_machine", "S00011", "S00032"),
        ("scelle_module", "T00011", "T00032"),
    }


@pytest.mark.parametrize(("carried", "fires"), [("9201", True), ("7701", False), ("1", False), ("", False)])
@pytest.mark.parametrize("exports", [True, False])
def test_a115(carried: str, fires: bool, exports: bool) -> None:
    night = night_of(urn(put(at("configuration", "polls") + 4, carried.encode().ljust(8, b"\0"))), exports=exports)
    for row in night.tables["univers.csv"]:
        row["circonscription"] = "7701"
    result = night.run()
    assert [one.code for one in grave(result)] == ["A115"] * fires
    for one in grave(result):
        says(one, "A115", "0001", (FILE, "9201"), (night.place("univers.csv", "0001"), "7701"))


@pytest.mark.parametrize("exports", [True, False])
def test_a115_where_the_contest_is_that_of_the_whole_election(exports: bool) -> None:
    night = night_of(urn(put(at("configuration", "polls") + 4, b"9201\0\0\0\0")), exports=exports)
    [found] = night.only("A115")
    assert (found.left.value, str(found.right.value)) == ("9201", "none")


def test_a115_is_said_of_the_export_where_it_carries_the_same() -> None:
    night = night_of(urn(put(at("configuration", "polls") + 4, b"9201\0\0\0\0")))
    night.change_export("0001", constituency="9201")
    for row in night.tables["univers.csv"]:
        row["circonscription"] = "7701"
    night.only("C115")
