"""A where an urn is held against its export, its sealing record and the lists: a case of each code, and one without."""

import pytest

from protocol import civil_time
from protocol.export.record import choices_digest
from protocol.urn.image import SPANS, Section
from tests.protocol.module_violations import at, put, put_number
from tests.verify.night_builder import (
    CHOICES,
    CURIE,
    DAY,
    ZOLA,
    export_place,
    grave,
    says,
    small_night,
)
from tests.verify.night_urn_images import FILE, night_with_urn
from tests.verify.night_urns import Change, machines, night_of, text, urn


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
def test_a113_what_no_list_of_choices_tells(field: str) -> None:
    night = small_night()
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
    cases: tuple[tuple[str, Change, tuple[object, str, object]], ...] = (
        ("A103", put(at("configuration", "polls") + 12, swapped), (3, "choix.csv", 3)),
        ("A104", text("model", "ESF2"), ("ESF2", "arrêté du 12 avril 2007", "ESF1 (HW 1.06/2.01 - FW 4.02)")),
        ("A105", text("machine_seal", "X1"), ("X1", "univers.csv:2", "S00011")),
    )
    for code, change, (left, source, right) in cases:
        for exports in (False, True):
            result = night_of(urn(change), exports=exports).run()
            found = next(one for one in grave(result) if one.code == code)
            assert (found.left.source, found.left.value) == (FILE, left)
            assert (found.right.source, found.right.value) == (source, right)
    night = night_of(urn(text("machine_seal", "X1")))
    night.change_export("0001", machine_seal="X1")
    [found] = night.only("A105")
    assert found.left.source == export_place("0001")


def test_a105_of_an_urn_by_its_part() -> None:
    image = urn(text("bureau", "0003"), put(at("configuration", "part"), b"\2"))
    found = [one for one in grave(night_of(image, exports=False).run()) if one.code == "A105"]
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
