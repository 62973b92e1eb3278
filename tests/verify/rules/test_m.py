"""M, the machine with itself: each code with a case in which it fires and one in which it does not."""

from itertools import pairwise

import pytest

from protocol import civil_time
from protocol.export.record import MAX_CHOICES, MAX_COUNT, TIMES, choices_digest
from protocol.urn.image import SPANS, Section, slot_bytes
from regard.language import show
from tests.verify.night_builder import (
    DAY,
    INSEE,
    ZOLA,
    Night,
    export_file,
    export_place,
    findings,
    infos,
    only,
    says,
)
from tests.verify.night_urn_images import FILE as URN
from tests.verify.night_urn_images import night_with_urn
from verify.model.findings import Severity


def test_m101(night: Night) -> None:
    place = night.change_export("0001", blank=21)
    found, _ = night.only("M101", "R208")
    says(found, "M101", "0001", (place, 627), (place, 626))

    night.change_export("0001", blank=19)
    found, _ = night.only("M101", "R208")
    says(found, "M101", "0001", (place, 625), (place, 626))

    night.change_export("0001", blank=20)
    night.only()


@pytest.mark.check(17)
def test_m101_cannot_overflow(night: Night) -> None:
    night.tables["choix.csv"] = [
        night.tables["choix.csv"][0] | {"panneau": str(at), "choix": f"CHOIX {at:02}"}
        for at in range(1, MAX_CHOICES + 1)
    ]
    labels = [row["choix"] for row in night.tables["choix.csv"]]
    for name in list(night.exports):
        if name != export_file("0001"):
            del night.exports[name]
    place = night.change_export(
        "0001",
        tallies=(MAX_COUNT,) * MAX_CHOICES,
        choices_digest=choices_digest(labels),
        blank=MAX_COUNT,
        cast=(MAX_CHOICES + 1) * MAX_COUNT % 2**28,
        voters=(MAX_CHOICES + 1) * MAX_COUNT % 2**28,
    )
    [found] = night.findings("M101")
    says(found, "M101", "0001", (place, (MAX_CHOICES + 1) * MAX_COUNT), (place, (MAX_CHOICES + 1) * MAX_COUNT % 2**28))


def test_m101_names_the_machine_of_a_bureau_with_two(night: Night) -> None:
    night.change_export("0003", 1, 1, blank=13)
    night.change_export("0003", 1, 2, blank=8)  # together they still make up the bureau's votes
    first, second = night.only("M101", "M101")
    says(first, "M101", "0003", (export_place("0003", part=1), 524), (export_place("0003", part=1), 523))
    says(second, "M101", "0003", (export_place("0003", part=2), 520), (export_place("0003", part=2), 521))


def test_m102(night: Night) -> None:
    for voters in (625, 627):
        place = night.change_export("0001", voters=voters)
        night.fires("M102", "0001", (place, 626), (place, voters))
    night.change_export("0001", voters=626)
    night.only()


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(TIMES)))
def test_m105(night: Night, earlier: str, later: str) -> None:
    second = {"opening": 8 * 3600, "closing": 19 * 3600, "export": 19 * 3600 + 600}[later]
    at = civil_time.seconds(DAY, 0) + second
    place = night.change_export("0001", **{earlier: at})
    night.quiet("M105")  # at the same second

    night.change_export("0001", **{earlier: at + 1})
    [found] = night.findings("M105")
    says(found, "M105", "0001", (place, civil_time.write(at + 1)), (place, civil_time.write(at)))
    assert found.details == {"earlier": earlier, "later": later}
    assert found.field == later


@pytest.mark.parametrize("name", TIMES)
def test_m105_does_not_compare_what_never_was(night: Night, name: str) -> None:
    night.change_export("0001", **{name: None})
    night.quiet("M105")


def test_m105_after_midnight(night: Night) -> None:
    closing, exported = civil_time.seconds(DAY, 24, 5), civil_time.seconds(DAY, 24, 20)
    night.change_export("0001", closing=closing, export=exported)
    night.quiet("M105")


def test_m108(night: Night) -> None:
    night.change_export("0001", registered=626)
    night.quiet("M108")

    place = night.change_export("0001", registered=625)
    [found] = night.findings("M108")
    says(found, "M108", "0001", (place, 626), (place, 625))


def test_m108_adds_up_the_machines_of_a_bureau(night: Night) -> None:
    for part in (1, 2):
        night.change_export("0003", 1, part, registered=1044)
    night.quiet("M108")
    for part in (1, 2):
        night.change_export("0003", 1, part, registered=1043)
    [found] = night.findings("M108")
    says(found, "M108", "0003", (export_place("0003"), 1044), (export_place("0003"), 1043), insee=INSEE)


def test_m103() -> None:
    night = night_with_urn(votes=0)  # the urn closed with one vote less for the first choice
    found = night.fires("M103", "0001", (URN, 300), (export_place("0001"), 301))
    assert found.field == ZOLA
    night_with_urn().only()


def test_m103_for_blank_votes() -> None:
    night = night_with_urn()
    night.change_export("0001", blank=21, cast=627, voters=627, enablings=629)
    [found] = night.findings("M103")
    says(found, "M103", "0001", (URN, 20), (export_place("0001"), 21))


def test_m104(night: Night) -> None:
    place = night.change_export("0001", zero_sum=1)
    night.fires("M104", "0001", (place, 1), (place, 0))
    night.change_export("0001", zero_sum=0, zero_check=None)
    night.fires("M104", "0001", (place, None), (place, 0))


def test_m104_for_test_votes_that_changed_after_the_zero_check() -> None:
    def change(image: bytearray) -> None:
        place = SPANS[Section.TEST_VOTES][0] + 4
        image[place : place + 4] = slot_bytes(0x81, 2)

    [found] = night_with_urn(change, tests=1).findings("M104")
    assert (found.field, found.left.source, found.bureau) == ("test_changed", URN, "0001")
    night_with_urn(tests=1).only()


def test_m106(night: Night) -> None:
    place = night.change_export("0001", closing=None)
    night.fires("M106", "0001", (place, None), (place, civil_time.write(civil_time.seconds(DAY, 19, 10))))


@pytest.mark.parametrize(
    ("column", "stated", "fires"),
    [
        ("ouverture", "08:01", True),
        ("ouverture", "08:00", False),
        ("ouverture", "07:59", False),
        ("cloture", "18:59", True),
        ("cloture", "19:00", False),
        ("cloture", "19:01", False),
        ("cloture", "", False),
    ],
)
def test_m107(night: Night, column: str, stated: str, fires: bool) -> None:
    night.row("pv.csv", "0004")[column] = stated  # a paper bureau: there is no machine's clock
    found = night.findings("M107")
    assert len(found) == fires
    for one in found:
        ordered = (night.place("univers.csv", "0004"), "08:00" if column == "ouverture" else "19:00")
        says(one, "M107", "0004", (night.place("pv.csv", "0004"), stated), ordered, Severity.WARNING)


@pytest.mark.parametrize(("minutes", "fires"), [(15, False), (16, True)])
def test_m107_for_a_machines_clock_is_an_info(night: Night, minutes: int, fires: bool) -> None:
    place = night.change_export(
        "0001", closing=civil_time.seconds(DAY, 19, minutes), export=civil_time.seconds(DAY, 20)
    )
    result = night.run()
    only(result)
    found = infos(result, "M107")
    assert len(found) == fires
    for one in found:
        shown = civil_time.write(civil_time.seconds(DAY, 19, minutes))
        says(one, "M107", "0001", (place, shown), (night.place("pv.csv", "0001"), "19:00"), Severity.INFO)


def test_m107_for_a_clock_on_the_other_side_of_midnight(night: Night) -> None:
    night.row("pv.csv", "0001")["cloture"] = "23:58"
    late = civil_time.seconds(DAY, 24, 20)
    night.change_export("0001", closing=civil_time.seconds(DAY, 24, 12), export=late)
    assert not night.infos("M107")
    night.change_export("0001", closing=civil_time.seconds(DAY, 24, 14), export=late)
    assert len(night.infos("M107")) == 1


@pytest.mark.parametrize("enablings", [627, 629])
def test_m109(night: Night, enablings: int) -> None:
    place = night.change_export("0001", enablings=enablings)
    night.fires("M109", "0001", (place, enablings - 2), (place, 626))


def test_m109_can_be_below_zero(night: Night) -> None:
    place = night.change_export("0001", enablings=0, cancellations=10)
    night.fires("M109", "0001", (place, -10), (place, 626))


def test_m110() -> None:
    night_with_urn(clock_set=2).fires("M110", "0001", (URN, 2), (URN, 0), Severity.WARNING, poll=0)
    night_with_urn().quiet("M110")
    [found] = night_with_urn(clock_set=1).only("M110")
    assert show("en", found.message) == f"{URN}, clock set, number of times after opening: 1."
    assert show("fr", found.message) == f"{URN}, horloge réglée, nombre de fois après l'ouverture : 1."


@pytest.mark.parametrize(("opened", "fires"), [(200, True), (201, False)])
def test_m111(night: Night, opened: int, fires: bool) -> None:
    """626 votes from 15:52:12 to 19:00 are 200 an hour, and in a second less more than that."""
    seconds = 626 * 3600 // 200 + (0 if opened == 201 else -1)
    place = night.change_export("0001", opening=civil_time.seconds(DAY, 19) - seconds)
    result = night.run()
    only(result)
    found = infos(result, "M111")
    assert len(found) == fires
    for one in found:
        says(one, "M111", "0001", (place, 200), (place, 200), Severity.INFO)


@pytest.mark.parametrize("closed", [8, 7])
def test_m111_not_of_a_poll_that_was_open_for_no_time(night: Night, closed: int) -> None:
    night.change_export("0001", closing=civil_time.seconds(DAY, closed))
    night.quiet("M111")


def hourly(*counts: int) -> Night:
    """The night with signatures counted from 9h on; the urn of bureau 0001 has 50 voters more each hour."""
    night = night_with_urn(hour=50, hours=len(counts))
    for row in night.tables["emargements.csv"]:
        row |= {f"emargements_{hour:02}h": str(count) for hour, count in enumerate(counts, 9)}
    return night


@pytest.mark.parametrize(("apart", "fires"), [(15, False), (16, True), (-16, True)])
def test_m112(apart: int, fires: bool) -> None:
    night = hourly(50 + apart)
    found = night.findings("M112")
    assert len(found) == fires
    for one in found:
        says(one, "M112", "0001", (URN, 50), ("emargements.csv:2", 50 + apart), Severity.WARNING)


def test_m112_is_one_finding_a_bureau_at_the_hour_that_differs_most() -> None:
    night = hourly(66, 60, 140)
    [one] = night.findings("M112")
    says(one, "M112", "0001", (URN, 100), ("emargements.csv:2", 60), Severity.WARNING)
    assert (one.field, one.details) == ("10h", {"hours": 2})


@pytest.mark.parametrize(("minutes", "fires"), [(15, True), (16, False)])
def test_m112_is_silent_where_m107_says_that_the_clock_was_off(minutes: int, fires: bool) -> None:
    night = hourly(90)
    night.change_export("0001", closing=civil_time.seconds(DAY, 19, minutes), export=civil_time.seconds(DAY, 20))
    result = night.run()
    assert [one.code for one in findings(result, "M112")] == ["M112"] * fires
    assert [one.code for one in infos(result, "M107")] == ["M107"] * (not fires)


@pytest.mark.parametrize(("machines", "fires"), [("M00011", True), ("M00011+M00012", False)])
def test_m112_leaves_out_a_bureau_of_two_machines_of_which_one_is_lost(machines: str, fires: bool) -> None:
    night = hourly(90)
    night.raw["univers.csv"] = night.files()["univers.csv"].replace(b",M00011,", f",{machines},".encode())
    assert [one.code for one in night.findings("M112")] == ["M112"] * fires


@pytest.mark.parametrize("paper", [0, 1])
def test_m112_leaves_out_a_bureau_that_went_over_to_paper(paper: int) -> None:
    night = hourly(90)
    for row in night.tables["pv.csv"]:
        row["papier"] = "0"
    night.row("pv.csv", "0001")["papier"] = str(paper)
    assert [one.code for one in night.findings("M112")] == ["M112"] * (not paper)


def test_m107_cannot_tell_the_clock_of_a_day_in_parts_of_which_one_is_lost(night: Night) -> None:
    night.change_export("0001", closing=civil_time.seconds(DAY, 12), export=civil_time.seconds(DAY, 20))
    assert night.infos("M107")
    night.raw["univers.csv"] = night.files()["univers.csv"].replace(b",M00011,", b",M00011+M00012,")
    assert not night.infos("M107")


def test_m113() -> None:
    night_with_urn(assessor=1001).fires("M113", "0001", (URN, 1001), (URN, 1001), Severity.WARNING, poll=0)
    night_with_urn(assessor=1002).quiet("M113")
