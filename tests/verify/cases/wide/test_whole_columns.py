"""Columns of a file that stand in one another's places, on copies of real files: one case, and not one a bureau."""

from pathlib import Path

import pytest

from tests.verify.cases.faulty_files import (
    PUBLISHED,
    audited,
    causes_of,
    exchange_headers,
    is_case,
    only_case,
    paris,
    read_table,
    replayed,
    said,
)
from tests.verify.night_builder import cases_of
from verify.model.cases import Case, Sure


def figures(case: Case) -> set[tuple[str, str, int | None, int | None]]:
    """The corrections of the piece that is blamed: bureau, count, what it was and should be."""
    own = [each for each in case.detail.corrections if not each.copied]
    return {(each.place.bureau, str(each.field), each.was, each.becomes) for each in own}


@pytest.mark.parametrize(("one", "other"), [("blancs", "nuls"), ("inscrits", "votes_trouves"), ("blancs", "exprimes")])
def test_two_headers_of_the_pvs_exchanged_are_one_certain_case(folder: Path, one: str, other: str) -> None:
    table = read_table(folder / "pv.csv")
    at, there = table[0].index(one), table[0].index(other)
    exchange_headers(table, one, other)
    result = audited(folder, {"pv.csv": table})
    [case] = result.cases
    is_case(case, "columns-exchanged", "pv", Sure.CERTAIN)
    names = {"blancs": "blank", "nuls": "null", "exprimes": "valid"}
    names |= {"inscrits": "registered", "votes_trouves": "votes_found"}
    assert figures(case) == {
        (row[1], names[field], int(was), int(becomes))
        for row in table[1:]
        for field, becomes, was in ((one, row[at], row[there]), (other, row[there], row[at]))
        if was != becomes
    }
    assert len(case.places) == len(table) - 1


def test_two_choices_exchanged_in_the_published_file_are_one_case(folder: Path) -> None:
    table = read_table(folder / "voix.csv")
    choices = list(dict.fromkeys(row[3] for row in table[1:]))[:2]
    for row in table[1:]:
        row[3] = dict(zip(choices, choices[::-1], strict=True)).get(row[3], row[3])
    case = only_case(audited(folder, {"voix.csv": table}))
    is_case(case, "columns-exchanged", "pv")
    assert {field for _, field, _, _ in figures(case)} == set(choices)


@pytest.mark.parametrize("file", ["pv.csv", PUBLISHED])
def test_where_two_files_contradict_each_other_and_nothing_else_speaks_both_are_named(
    real_data: Path, tmp_path: Path, file: str
) -> None:
    tables = paris(real_data)
    exchange_headers(tables[file], *(("blancs", "nuls") if file == "pv.csv" else ("NB_BL", "NB_NUL")))
    result = audited(tmp_path, tables)
    case = only_case(result)
    assert (case.cause.name, case.sure, len(case.places)) == ("columns-exchanged", Sure.OPEN, 899)
    assert not case.detail.corrections
    for piece in ("in the PV", "in the published result"):
        assert piece in said(case, result)
    assert len(result.cases) == 231  # with the 230 gaps that the city's own file has


def test_a_third_piece_tells_which_of_the_two_is_wrong(real_data: Path, tmp_path: Path) -> None:
    tables = paris(real_data)
    exchange_headers(tables["pv.csv"], "inscrits", "emargements")
    case = only_case(audited(tmp_path, tables))
    is_case(case, "columns-exchanged", "pv", Sure.LIKELY)
    assert {"emargements", "publie"} <= set(case.detail.agree)


@pytest.mark.check(8)
def test_an_exchange_in_one_commune_is_of_that_commune_and_a_slip_in_it_its_own_case(real_data: Path) -> None:
    folder = replayed(real_data, "REBUILT_PR17_BVot_T1_machines.txt")
    table = read_table(folder / "pv.csv")
    blank, null, valid = (table[0].index(name) for name in ("blancs", "nuls", "exprimes"))
    for row in table[1:]:
        if row[0] == "92002":
            row[blank], row[null] = row[null], row[blank]
    antony = [row for row in table[1:] if row[0] == "92002"]
    antony[5][valid] = str(int(antony[5][valid]) + 100)
    (folder / PUBLISHED).unlink()
    result = audited(folder, {"pv.csv": table})
    assert causes_of(result) == {"columns-exchanged": 1, "digit-wrong": 1}
    [case] = cases_of(result, "columns-exchanged")
    assert {place.insee for place in case.places} == {"92002"}
    assert len(case.places) == len(antony)


def test_columns_of_two_bureaux_are_looked_at_one_by_one(folder: Path) -> None:
    table = read_table(folder / "pv.csv")
    blank, null = table[0].index("blancs"), table[0].index("nuls")
    for row in table[1:3]:
        row[blank], row[null] = row[null], row[blank]
    assert causes_of(audited(folder, {"pv.csv": table})) == {"blank-null-exchanged": 2}
