"""A commune of which a file has the rows under another code, on copies of real nights: one case."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.cases.faulty_files import PUBLISHED, audited, causes_of, only_case, read_table, replayed, said
from verify.cases.booked_elsewhere import nearly
from verify.model.cases import Sure


@pytest.mark.parametrize(
    ("file", "piece", "code"),
    [
        ("pv.csv", "pv", "95673"),
        ("emargements.csv", "emargements", "95037"),
        ("emargements.csv", "emargements", "01234"),
    ],
)
def test_a_commune_under_a_code_that_the_list_has_not_is_one_case(
    real_data: Path, tmp_path: Path, file: str, piece: str, code: str
) -> None:
    folder = replayed(real_data, tmp_path / "night")
    table = read_table(folder / file)
    for row in table[1:]:
        row[0] = code
    result = audited(folder, {file: table})
    case = only_case(result)
    assert (case.cause.name, case.piece, case.sure) == ("booked-elsewhere", piece, Sure.LIKELY)
    assert f"12 bureaux stand under {code} " in said(case, result)
    assert "(95637)" in said(case, result)


def test_a_few_bureaux_under_a_code_that_is_not_alike_are_not_said_to_be_another_communes(
    real_data: Path, tmp_path: Path
) -> None:
    folder = replayed(real_data, tmp_path / "night")
    (folder / PUBLISHED).unlink()
    tables = {name: read_table(folder / name) for name in ("univers.csv", "emargements.csv", "pv.csv")}
    for name, table in tables.items():
        del table[5:]
        assert len(table) == 5, name
    for row in tables["emargements.csv"][1:]:
        row[0] = "01234"
    assert "booked-elsewhere" not in causes_of(audited(folder, tables))
    for row in tables["emargements.csv"][1:]:
        row[0] = "95631"
    assert causes_of(audited(folder, tables))["booked-elsewhere"] == 1


@pytest.mark.parametrize(("wrong", "right"), [("76351", "29019"), ("29019", "76351")])
def test_a_commune_under_the_code_of_another_one_of_the_list_is_one_case(
    real_data: Path, tmp_path: Path, wrong: str, right: str
) -> None:
    folder = replayed(real_data, tmp_path / "night", "REBUILT_PR17_BVot_T1_machines.txt")
    table = read_table(folder / "pv.csv")
    number = 0
    for row in table[1:]:
        if row[0] == right:
            row[0] = wrong
            number += 1
    result = audited(folder, {"pv.csv": table})
    case = only_case(result)
    assert (case.cause.name, case.piece) == ("booked-elsewhere", "pv")
    assert {"R226", "C106"} <= {result.findings[at].code for at in case.findings}
    assert f"{number} bureaux stand under " in said(case, result)


def test_codes_that_are_nearly_the_same() -> None:
    assert {"76315", "76350", "06351", "67351"} <= set(nearly("76351"))
    assert not {"76351", "7635", "76532"} & set(nearly("76351"))
