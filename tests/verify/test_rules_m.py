"""M, the machine with itself: each code with a case in which it fires and one in which it does not."""

from itertools import pairwise
from pathlib import Path

import pytest

from protocol import civil_time
from protocol.export import MAX_CHOICES, MAX_COUNT, TIMES, choices_digest
from tests.verify.night_builder import DAY, INSEE, export_file, export_place, only, quiet, says, small_night


def test_m101(tmp_path: Path) -> None:
    night = small_night()
    place = night.change_export("0001", blank=21)
    found, _ = only(night.run(tmp_path), "M101", "R208")
    says(found, "M101", "0001", (place, 627), (place, 626))

    night.change_export("0001", blank=19)
    found, _ = only(night.run(tmp_path), "M101", "R208")
    says(found, "M101", "0001", (place, 625), (place, 626))

    night.change_export("0001", blank=20)
    only(night.run(tmp_path))


def test_m101_cannot_overflow(tmp_path: Path) -> None:
    night = small_night()
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
    [found] = [one for one in night.run(tmp_path).findings if one.code == "M101"]
    says(found, "M101", "0001", (place, (MAX_CHOICES + 1) * MAX_COUNT), (place, (MAX_CHOICES + 1) * MAX_COUNT % 2**28))


def test_m101_names_the_machine_of_a_bureau_with_two(tmp_path: Path) -> None:
    night = small_night()
    night.change_export("0003", 1, 1, blank=13)
    night.change_export("0003", 1, 2, blank=8)  # together they still make up the bureau's votes
    first, second = only(night.run(tmp_path), "M101", "M101")
    says(first, "M101", "0003", (export_place("0003", part=1), 524), (export_place("0003", part=1), 523))
    says(second, "M101", "0003", (export_place("0003", part=2), 520), (export_place("0003", part=2), 521))


def test_m102(tmp_path: Path) -> None:
    night = small_night()
    for voters in (625, 627):
        place = night.change_export("0001", voters=voters)
        [found] = only(night.run(tmp_path), "M102")
        says(found, "M102", "0001", (place, 626), (place, voters))
    night.change_export("0001", voters=626)
    only(night.run(tmp_path))


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(TIMES)))
def test_m105(tmp_path: Path, earlier: str, later: str) -> None:
    night = small_night()
    second = {"opening": 8 * 3600, "closing": 19 * 3600, "export": 19 * 3600 + 600}[later]
    at = civil_time.seconds(DAY, 0) + second
    place = night.change_export("0001", **{earlier: at})
    quiet(night.run(tmp_path), "M105")  # at the same second

    night.change_export("0001", **{earlier: at + 1})
    [found] = [one for one in night.run(tmp_path).findings if one.code == "M105"]
    says(found, "M105", "0001", (place, civil_time.text(at + 1)), (place, civil_time.text(at)))
    assert found.details == {"earlier": earlier, "later": later}
    assert found.field == later


@pytest.mark.parametrize("name", TIMES)
def test_m105_does_not_compare_what_never_was(tmp_path: Path, name: str) -> None:
    night = small_night()
    night.change_export("0001", **{name: None})
    quiet(night.run(tmp_path), "M105")


def test_m105_after_midnight(tmp_path: Path) -> None:
    night = small_night()
    closing, exported = civil_time.seconds(DAY, 24, 5), civil_time.seconds(DAY, 24, 20)
    night.change_export("0001", closing=closing, export=exported)
    quiet(night.run(tmp_path), "M105")


def test_m108(tmp_path: Path) -> None:
    night = small_night()
    night.change_export("0001", registered=626)
    quiet(night.run(tmp_path), "M108")

    place = night.change_export("0001", registered=625)
    [found] = [one for one in night.run(tmp_path).findings if one.code == "M108"]
    says(found, "M108", "0001", (place, 626), (place, 625))


def test_m108_adds_up_the_machines_of_a_bureau(tmp_path: Path) -> None:
    night = small_night()
    for part in (1, 2):
        night.change_export("0003", 1, part, registered=1044)
    quiet(night.run(tmp_path), "M108")
    for part in (1, 2):
        night.change_export("0003", 1, part, registered=1043)
    [found] = [one for one in night.run(tmp_path).findings if one.code == "M108"]
    says(found, "M108", "0003", (export_place("0003"), 1044), (export_place("0003"), 1043), insee=INSEE)
