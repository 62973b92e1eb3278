"""A column that holds something else than its counts, on copies of real files: one case, and every count put right."""

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import pytest

from protocol.evidence_kinds import EvidenceKind
from tests.verify.cases.faulty_files import PUBLISHED, audited, causes_of, is_case, only_case, paris, read_table, said
from verify.model.cases import Sure

HELD: dict[str, tuple[Callable[[list[int], list[int], list[int]], list[int]], str]] = {
    "percentages": (
        lambda counts, registered, _: [round(100 * one / of) for one, of in zip(counts, registered, strict=True)],
        "are percentages",
    ),
    "rounded-down": (
        lambda counts, registered, _: [100 * one // of for one, of in zip(counts, registered, strict=True)],
        "are percentages",
    ),
    "summed-up": (lambda counts, *_: list(accumulate(counts)), "are summed up from bureau to bureau"),
    "absentees": (
        lambda counts, registered, _: [of - one for one, of in zip(counts, registered, strict=True)],
        "are those who did not take part",
    ),
    "cut": (
        lambda counts, *_: [one // 1000 if one >= 1000 else one for one in counts],
        "are cut behind their thousands",
    ),
    "last-digit": (lambda counts, *_: [one // 10 for one in counts], "lack their last digit"),
    "another": (lambda _, __, valid: valid, "are the figures of another column"),
    "sorted": (lambda counts, *_: sorted(counts), "are sorted by size, and not by bureau"),
    "falling": (lambda counts, *_: sorted(counts, reverse=True), "are sorted by size, and not by bureau"),
}


@pytest.mark.check(7)
@pytest.mark.parametrize("name", HELD)
def test_a_column_of_something_else_is_one_case(real_data: Path, tmp_path: Path, name: str) -> None:
    tables = paris(real_data)
    del tables["emargements.csv"]
    rows = tables["pv.csv"][1:]
    counts, registered, valid = ([int(row[at]) for row in rows] for at in (5, 3, 8))
    holds, words = HELD[name]
    for row, held in zip(rows, holds(counts, registered, valid), strict=True):
        row[5] = str(held)
    result = audited(tmp_path, tables)
    case = only_case(result)
    is_case(case, "column-holds-other", "pv", Sure.LIKELY)
    changed = sum(int(row[5]) != count for row, count in zip(rows, counts, strict=True))
    assert said(case, result).startswith(f"votes found in the PV {words}, in {changed} bureaux (")
    right = {row[1]: count for row, count in zip(rows, counts, strict=True)}
    corrected = {each.place.bureau: each.becomes for each in case.detail.corrections}
    assert corrected == {row[1]: right[row[1]] for row in rows if int(row[5]) != right[row[1]]}


def test_a_column_of_zeros_is_said_to_be_one(real_data: Path, tmp_path: Path) -> None:
    tables = paris(real_data)
    for row in tables["pv.csv"][1:]:
        row[7] = "0"
    result = audited(tmp_path, tables)
    assert "null votes in the PV are zeros, in 899 bureaux" in said(only_case(result), result)


def test_few_counts_that_happen_to_be_in_order_are_not_sorted(folder: Path) -> None:
    (folder / PUBLISHED).unlink()
    table = read_table(folder / "pv.csv")
    found = table[0].index("votes_trouves")
    names = {row[1] for row in table[1:10]}
    for file in ("univers.csv", "pv.csv", "emargements.csv", "voix.csv", "recap.csv"):
        rows = read_table(folder / file)
        bureau = rows[0].index("bureau")
        kept = [rows[0], *(row for row in rows[1:] if row[bureau] in names)]
        if file == "pv.csv":
            for row, count in zip(kept[1:], sorted(row[found] for row in kept[1:]), strict=True):
                row[found] = count
        (folder / file).write_text("".join(",".join(row) + "\n" for row in kept), encoding="utf-8")
    assert "column-holds-other" not in causes_of(audited(folder))


def test_a_column_without_its_last_digits_is_certain_where_all_other_pieces_say_so(folder: Path) -> None:
    table = read_table(folder / "pv.csv")
    found = table[0].index("votes_trouves")
    for row in table[1:]:
        row[found] = row[found][:-1]
    [case] = audited(folder, {"pv.csv": table}).cases
    is_case(case, "column-holds-other", "pv", Sure.CERTAIN)
    assert {EvidenceKind.EXPORTS, EvidenceKind.TABULATION, EvidenceKind.PUBLISHED} <= set(case.detail.agree)


@pytest.mark.parametrize(("digit", "read"), [("3", "8"), ("0", "8")])
def test_one_digit_of_a_list_read_as_another_is_one_case_though_most_bureaux_are_without_it(
    folder: Path, digit: str, read: str
) -> None:
    table = read_table(folder / "emargements.csv")
    signed = table[0].index("emargements")
    right = {row[1]: int(row[signed]) for row in table[1:]}
    for row in table[1:]:
        row[signed] = row[signed].replace(digit, read)
    result = audited(folder, {"emargements.csv": table})
    case = only_case(result)
    is_case(case, "column-holds-other", EvidenceKind.SIGNATURES, Sure.LIKELY)
    corrected = {each.place.bureau: each.becomes for each in case.detail.corrections}
    assert corrected == {bureau: count for bureau, count in right.items() if digit in str(count)}
    assert f"have one digit read as another, in {len(corrected)} bureaux" in said(case, result)


def test_different_wrong_digits_of_a_list_are_a_case_each(folder: Path) -> None:
    table = read_table(folder / "emargements.csv")
    signed = table[0].index("emargements")
    for at, row in enumerate(table[1:5]):
        row[signed] = row[signed][0] + str((int(row[signed][1]) + 2 + at) % 10) + row[signed][2:]
    assert "column-holds-other" not in causes_of(audited(folder, {"emargements.csv": table}))


def test_votes_found_copied_from_the_signatures_are_a_case_for_each_bureau(folder: Path) -> None:
    tables = {name: read_table(folder / name) for name in ("pv.csv", "emargements.csv")}
    for table in tables.values():
        signed = table[0].index("emargements")
        for number, row in enumerate(table[1:]):
            row[signed] = str(int(row[signed]) + number % 4 - 5)
    found, signed = (tables["pv.csv"][0].index(name) for name in ("votes_trouves", "emargements"))
    for row in tables["pv.csv"][1:]:
        row[found] = row[signed]
    causes = causes_of(audited(folder, tables))
    assert "column-holds-other" not in causes
    assert causes["found-from-signatures"] == len(tables["pv.csv"]) - 1
