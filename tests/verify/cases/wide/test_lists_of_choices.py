"""A list of choices that lacks one, or has two exchanged, on copies of real nights: one case, that of the list."""

from pathlib import Path

import pytest

from regard.language import show
from tests.verify.cases.faulty_files import PUBLISHED, audited, causes_of, is_case, read_table, said
from tests.verify.night_builder import small_night
from verify.cases.place_names import place_of
from verify.model.cases import Sure
from verify.model.findings import Severity


@pytest.mark.parametrize("row", [2, 5, 12])
def test_a_choice_that_the_list_lacks_and_all_machines_have_is_one_case_of_the_list(folder: Path, row: int) -> None:
    (folder / PUBLISHED).unlink()
    table = read_table(folder / "choix.csv")
    del table[row]
    result = audited(folder, {"choix.csv": table})
    [case] = result.cases
    is_case(case, "list-of-choices", "choix", Sure.LIKELY)
    assert {result.findings[at].code for at in case.findings} >= {"A103", "I113"}
    assert len([at for at in case.findings if result.findings[at].code == "A103"]) == 12
    assert said(case, result).startswith("12 machines had the same list of 12 choices; choix.csv has 11 for them,")
    assert show("en", place_of(case.places, {"95637": "Vauréal"})).startswith("Vauréal, bureaux 0001 to 0012")


def test_two_choices_exchanged_on_the_list_are_one_case(folder: Path) -> None:
    table = read_table(folder / "choix.csv")
    names = table[0].index("choix")
    table[2][names], table[3][names] = table[3][names], table[2][names]
    result = audited(folder, {"choix.csv": table})
    assert causes_of(result)["list-of-choices"] == 1
    assert "other-list" not in causes_of(result)


def test_a_candidacy_that_the_list_calls_withdrawn_by_mistake_is_one_case(folder: Path) -> None:
    table = read_table(folder / "choix.csv")
    table[3][table[0].index("type")] = "retire"
    result = audited(folder, {"choix.csv": table})
    [case] = (case for case in result.cases if case.severity > Severity.INFO)
    is_case(case, "list-of-choices", "choix", Sure.LIKELY)
    assert said(case, result).startswith("choix.csv calls a candidacy withdrawn, and 12 of 12 bureaux have it: “")


@pytest.mark.parametrize(
    ("digests", "causes"),
    [
        ((1, 1, 1, 1), {"list-of-choices": 1}),
        ((1, 1, 2, 2), {"other-list": 3}),
        ((1, 1, 0, 0), {"other-list": 2}),
        ((1, 0, 0, 0), {"other-list": 1}),
    ],
)
def test_machines_that_are_not_of_one_mind_had_another_list_themselves(
    digests: tuple[int, ...], causes: dict[str, int]
) -> None:
    night = small_night(by_constituency=True)
    machines = (("0001", 1), ("0002", 1), ("0003", 1), ("0003", 2))
    for (bureau, part), digest in zip(machines, digests, strict=True):
        if digest:
            night.change_export(bureau, 1, part, choices_digest=bytes([digest]) * 32)
    assert causes_of(night.run()) == causes
