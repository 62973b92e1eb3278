"""A, authenticity: each code with a case in which it fires and one in which it does not."""

import datetime
from pathlib import Path

import pytest

from protocol.export import choices_digest
from tests.verify.night_builder import CHOICES, INSEE, export_file, export_place, only, quiet, says, small_night

WANTED = "essai-2022 20220410 tour 1 scrutin 1"


@pytest.mark.parametrize(
    ("values", "got"),
    [
        ({"election": "essai-2021"}, "essai-2021 20220410 tour 1 scrutin 1"),
        ({"date": datetime.date(2022, 4, 11)}, "essai-2022 20220411 tour 1 scrutin 1"),
        ({"round": 2}, "essai-2022 20220410 tour 2 scrutin 1"),
    ],
)
def test_a101(tmp_path: Path, values: dict[str, int | str | datetime.date], got: str) -> None:
    night = small_night()
    place = night.change_export("0001", **values)
    [found] = only(night.run(tmp_path), "A101")  # and not that the bureau has no export
    says(found, "A101", "0001", (place, got), ("election.toml", WANTED))
    quiet(small_night().run(tmp_path), "A101")


def test_a101_for_a_poll_that_this_election_does_not_have(tmp_path: Path) -> None:
    night = small_night()
    other = small_night(polls=2).exports
    name = export_file("0001", poll=2)
    night.exports[name] = other[name]
    [found] = only(night.run(tmp_path), "A101")
    got = "essai-2022 20220410 tour 1 scrutin 2"
    says(found, "A101", "0001", (f"exports/{name}@0", got), ("election.toml", WANTED), poll=2)


def test_a101_by_the_majority_where_nothing_tells_the_election(tmp_path: Path) -> None:
    night = small_night()
    night.raw["election.toml"] = None
    place = night.change_export("0001", round=2)
    [found] = only(night.run(tmp_path), "A101")
    says(found, "A101", "0001", (place, "essai-2022 20220410 tour 2 scrutin 1"), ("exports", WANTED))


def test_a102(tmp_path: Path) -> None:
    night = small_night()
    one, two = export_file("0001"), export_file("0002")
    night.exports[one], night.exports[two] = night.exports[two], night.exports[one]
    first, second = only(night.run(tmp_path), "A102", "A102")
    says(first, "A102", "0001", (export_place("0001"), f"{INSEE} 0002 1 1"), (f"exports/{one}", f"{INSEE} 0001 1 1"))
    says(second, "A102", "0002", (export_place("0002"), f"{INSEE} 0001 1 1"), (f"exports/{two}", f"{INSEE} 0002 1 1"))


def test_a102_not_for_names_of_another_form_nor_for_batches(tmp_path: Path) -> None:
    night = small_night()
    night.exports["dump 17.bin"] = night.exports.pop(export_file("0001"))
    night.exports[export_file("0002")] += night.exports.pop(export_file("0A11"))
    only(night.run(tmp_path))


def test_a102_for_a_part(tmp_path: Path) -> None:
    night = small_night()
    name = export_file("0001", part=2)
    night.exports[name] = night.exports.pop(export_file("0001"))
    [found] = only(night.run(tmp_path), "A102")
    says(found, "A102", "0001", (f"exports/{name}@0", f"{INSEE} 0001 1 1"), (f"exports/{name}", f"{INSEE} 0001 1 2"))


def test_a103(tmp_path: Path) -> None:
    night = small_night()
    other = (CHOICES[1], CHOICES[0], CHOICES[2])
    place = night.change_export("0001", choices_digest=choices_digest(other))
    [found] = only(night.run(tmp_path), "A103")
    says(found, "A103", "0001", (place, 3), ("choix.csv", 3))
    assert found.details == {
        "machine": choices_digest(other).hex()[:16],
        "prefecture": choices_digest(CHOICES).hex()[:16],
    }
    quiet(small_night().run(tmp_path), "A103")


def test_a103_instead_of_every_choice_that_then_differs(tmp_path: Path) -> None:
    night = small_night()
    night.change_export(
        "0001", choices_digest=choices_digest(CHOICES[:2]), tallies=(301, 305), cast=626, voters=626, enablings=628
    )
    [found] = only(night.run(tmp_path), "A103")
    assert (found.left.value, found.right.value) == (2, 3)


def test_a103_knows_the_list_of_each_constituency(tmp_path: Path) -> None:
    night = small_night(polls=2, by_constituency=True)
    only(night.run(tmp_path))
    rows = [row for row in night.tables["choix.csv"] if row["scrutin"] == "2" and row["circonscription"] == "9201"]
    rows[0]["panneau"], rows[1]["panneau"] = "2", "1"
    [found] = only(night.run(tmp_path), "A103")
    says(found, "A103", "0A11", (export_place("0A11", poll=2), 2), ("choix.csv", 2), poll=2)


def test_a103_takes_composed_and_decomposed_letters_for_the_same(tmp_path: Path) -> None:
    night = small_night()
    for row in (*night.tables["choix.csv"], *night.tables["voix.csv"]):
        row["choix"] = row["choix"].replace("É", "E\u0301")
    only(night.run(tmp_path))


def test_a103_needs_the_list_of_the_prefecture(tmp_path: Path) -> None:
    night = small_night()
    night.change_export("0001", choices_digest=bytes(32))
    night.raw["choix.csv"] = None
    quiet(night.run(tmp_path), "A103")
