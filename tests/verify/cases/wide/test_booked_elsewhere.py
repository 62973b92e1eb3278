"""A commune of which a file has the rows under another code, on copies of real nights: one case."""

from pathlib import Path

import pytest

from regard.language import show
from tests.verify.cases.faulty_files import (
    PUBLISHED,
    audited,
    causes_of,
    is_case,
    only_case,
    read_table,
    replayed,
    said,
)
from tests.verify.night_builder import findings, input_of
from verify.model.cases import Sure
from verify.model.universe import near_codes
from verify.model.use import Used

NATION = "REBUILT_PR17_BVot_T1_machines.txt"


@pytest.mark.parametrize(
    ("file", "piece", "code"),
    [
        ("pv.csv", "pv", "95673"),
        ("emargements.csv", "emargements", "95037"),
        ("emargements.csv", "emargements", "01234"),
    ],
)
def test_a_commune_under_a_code_that_the_list_has_not_is_one_case(
    folder: Path, file: str, piece: str, code: str
) -> None:
    table = read_table(folder / file)
    for row in table[1:]:
        row[0] = code
    result = audited(folder, {file: table})
    case = only_case(result)
    is_case(case, "booked-elsewhere", piece, Sure.LIKELY)
    assert f"12 bureaux stand under {code} " in said(case, result)
    assert "(95637)" in said(case, result)


def test_a_few_bureaux_under_a_code_that_is_not_alike_are_not_said_to_be_another_communes(folder: Path) -> None:
    (folder / PUBLISHED).unlink()
    tables = {name: read_table(folder / name) for name in ("univers.csv", "emargements.csv", "pv.csv")}
    for name, table in tables.items():
        del table[5:]
        assert len(table) == 5, name
    for row in tables["emargements.csv"][1:]:
        row[0] = "01234"
        row[3:] = [
            str(int(cell) + 1) if cell else cell for cell in row[3:]
        ]  # else the figures would say whose they are
    assert "booked-elsewhere" not in causes_of(audited(folder, tables))
    for row in tables["emargements.csv"][1:]:
        row[0] = "95631"
    assert causes_of(audited(folder, tables))["booked-elsewhere"] == 1


@pytest.mark.check(9)
def test_results_of_a_commune_under_nearly_its_code_and_with_its_name_are_one_case(real_data: Path) -> None:
    folder = replayed(real_data, NATION)
    rows = (folder / PUBLISHED).read_text(encoding="latin-1").splitlines(keepends=True)
    antony = [number for number, row in enumerate(rows) if ";002;Antony;" in row]
    for number in antony:
        rows[number] = rows[number].replace(";002;Antony;", ";020;Antony;")
    (folder / PUBLISHED).write_text("".join(rows), encoding="latin-1")
    toml = folder / "election.toml"
    toml.write_text(toml.read_text("utf-8").replace('"pv"]', '"pv", "publie"]'), encoding="utf-8")
    result = audited(folder)
    case = only_case(result)
    is_case(case, "booked-elsewhere", "publie", Sure.LIKELY)
    assert f"{len(antony)} bureaux stand under 92020 in {PUBLISHED}; " in said(case, result)
    assert "Antony (92002)" in said(case, result)


@pytest.mark.check(8)
def test_results_of_communes_that_the_list_has_not_are_said_to_be_compared_with_nothing(real_data: Path) -> None:
    folder = replayed(real_data, NATION)
    universe = read_table(folder / "univers.csv")
    kept = [universe[0], *(row for row in universe[1:] if row[0] != "92002")]
    result = audited(folder, {"univers.csv": kept})
    given = input_of(result, PUBLISHED)
    assert given.used is Used.PART
    rows = len(universe) - len(kept)
    said = f"{rows} rows of 1 other commune (Antony): checked by themselves only"
    assert show("en", given.why) == said
    assert not [each for each in result.findings if each.left.source.startswith(PUBLISHED) and each.code == "C108"]
    assert only_case(result).cause.name == "code-unknown"
    assert {"C102", "C108"} <= {result.findings[at].code for at in only_case(result).findings}


@pytest.mark.check(9)
def test_a_row_of_no_bureau_is_told_behind_a_nation_of_other_communes(real_data: Path) -> None:
    folder = replayed(real_data, NATION)
    rows = (folder / PUBLISHED).read_text(encoding="latin-1").splitlines(keepends=True)
    [antony] = [row for row in rows if ";002;Antony;0001;" in row]
    others = [
        antony.replace(";002;Antony;", f";{number:03};Ailleurs;").replace("92;", "87;", 1) for number in range(999)
    ]
    others += [each.replace("87;", "88;", 1) for each in others]
    stray = antony.replace(";002;Antony;0001;", ";002;Antony;9001;")
    (folder / PUBLISHED).write_text("".join([rows[0], *others, *rows[1:], stray]), encoding="latin-1")
    [found] = findings(audited(folder), "C108")
    assert "9001" in str(found.left.value)


@pytest.mark.check(16)
@pytest.mark.parametrize(("wrong", "right"), [("76351", "29019"), ("29019", "76351")])
def test_a_commune_under_the_code_of_another_one_of_the_list_is_one_case(
    real_data: Path, wrong: str, right: str
) -> None:
    folder = replayed(real_data, NATION)
    table = read_table(folder / "pv.csv")
    number = 0
    for row in table[1:]:
        if row[0] == right:
            row[0] = wrong
            number += 1
    result = audited(folder, {"pv.csv": table})
    case = only_case(result)
    is_case(case, "booked-elsewhere", "pv")
    assert {"R226", "C106"} <= {result.findings[at].code for at in case.findings}
    assert f"{number} bureaux stand under " in said(case, result)


def test_codes_that_are_nearly_the_same() -> None:
    assert {"76315", "76350", "06351", "67351"} <= set(near_codes("76351"))
    assert not {"76351", "7635", "76532"} & set(near_codes("76351"))
