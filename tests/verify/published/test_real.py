"""The real files: their totals, their identities, and every comparison between them that can be made."""

import functools
from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify.night_builder import audited
from verify.model.published import Level, Published
from verify.read import results_files
from verify.read.published.checks import check_percentages, derived_null, flaws, gaps
from verify.read.published.comparison import Comparison, compare, pairs
from verify.read.published.sums import by_label, sum_up
from verify.read.results_files import read_all

TOTALS = {
    "2017-presidentielle-1_par_bureau_large.csv.gz": (47_582_183, 37_003_728, 659_997, 289_337, 36_054_394),
    "2017-presidentielle-1_par_departement_large.csv.gz": (47_582_183, 37_003_728, 659_997, 289_337, 36_054_394),
    "2017-presidentielle-2_par_bureau_large.csv.gz": (47_568_693, 35_467_327, 3_021_499, 1_064_225, 31_381_603),
    "2017-presidentielle-2_par_commune_large.csv.gz": (47_568_693, 35_467_327, 3_021_499, 1_064_225, 31_381_603),
}
SECOND_ROUND = "2017-presidentielle-2_par_bureau_large.csv.gz"
WORKBOOK_2017 = "Presidentielle_2017_Resultats_Tour_2_c.xls"
WORKBOOK_2022 = "2022-presidentielle-resultats-par-niveau-dpt-t1-france-entiere.xlsx"


@functools.cache
def read(path: Path) -> Published:
    return results_files.read(path)


@pytest.fixture(scope="module")
def second_round(real_data: Path) -> Published:
    return read(real_data / SECOND_ROUND)


def nothing(found: Comparison) -> bool:
    """Check that two files agree on the same places and choices."""
    lists = (found.differences, found.only_left, found.only_right, found.twice, found.moved, *found.unmatched)
    return not any(lists)


@pytest.mark.parametrize("name", list(TOTALS))
def test_national_totals(real_data: Path, name: str) -> None:
    found = read(real_data / name)
    counts = [int(found.counts[count].sum()) for count in ("registered", "votes_found", "blank", "valid")]
    registered, voters, blank, null, valid = TOTALS[name]
    assert counts == [registered, voters, blank, valid]
    assert derived_null(found) == null
    assert found.problems == ()


def test_national_totals_by_choice(second_round: Published) -> None:
    assert len(second_round.row) == 69_242
    assert by_label(second_round) == {"LE PEN": 10_638_475, "MACRON": 20_743_128}


def test_second_round_of_2017_is_the_same_by_bureau_commune_and_department(
    real_data: Path, second_round: Published
) -> None:
    for level, units in (("commune", 35_719), ("departement", 107)):
        other = read(real_data / f"2017-presidentielle-2_par_{level}_large.csv.gz")
        levels = compare(second_round, other)
        assert levels[0].units == units
        for found in levels:
            assert nothing(found)
            assert found.missing == ()


def test_second_round_of_2017_is_the_same_in_the_ministrys_workbook(real_data: Path, second_round: Published) -> None:
    workbook = read_all(real_data / WORKBOOK_2017)
    assert [table.problems for table in workbook] == [()] * 5
    units = {}
    for left, right in pairs([second_round], workbook):
        found = compare(left, right)[0]
        assert nothing(found)
        units[found.level] = found.units
    assert units == {Level.NATION: 1, Level.REGION: 18, Level.DEPARTMENT: 107, Level.CONSTITUENCY: 577}
    nation = workbook[0]
    assert nation.counts["null"].tolist() == [1_064_225]
    for table in workbook:
        assert flaws(table) == [], table.level
        assert check_percentages(table).checked > 0


@pytest.mark.parametrize("name", [WORKBOOK_2017, WORKBOOK_2022])
def test_the_levels_of_a_workbook_are_one_election(real_data: Path, name: str) -> None:
    result = audited(published=(real_data / name,))
    assert len(result.findings) == 0


def test_first_round_of_2022_by_department(real_data: Path) -> None:
    found = read(real_data / WORKBOOK_2022)
    nation = sum_up(found, Level.NATION)
    counts = [nation.counts[name][0] for name in ("registered", "votes_found", "blank", "null", "valid")]
    assert counts == [48_747_876, 35_923_707, 543_609, 247_151, 35_132_947]
    votes = by_label(found)
    assert votes["MACRON Emmanuel"] == 9_783_058
    assert votes["MÉLENCHON Jean-Luc"] == 7_712_520
    assert votes["ARTHAUD Nathalie"] == 197_094
    assert found.title.endswith("2022-04-14 12h49")
    assert flaws(found) == []
    assert check_percentages(found).checked == 107 * (8 + 24)


@pytest.mark.parametrize("number", [1, 2])
def test_machine_bureaux_in_the_ministrys_layout(real_data: Path, number: int) -> None:
    found = read(real_data / f"REBUILT_PR17_BVot_T{number}_machines.txt")
    assert len(found.row) == 1_377
    assert found.problems == ()
    assert flaws(found) == []
    other = read(real_data / f"2017-presidentielle-{number}_par_bureau_large.csv.gz")
    for level in compare(found, other):
        assert nothing(replace(level, only_right=()))


def test_brest_2024(real_data: Path) -> None:
    found = read(real_data / "2024-legislatives-circos-29-02-29-03-t1.csv")
    assert (len(found.row), int((found.insee == "29019").sum())) == (201, 104)
    assert found.problems == ()
    assert flaws(found) == []
    assert check_percentages(found).checked == 201 * 8 + 2 * len(found.votes)


@pytest.mark.parametrize(("number", "units"), [(2, 78), (3, 26)])
def test_brest_2022(real_data: Path, number: int, units: int) -> None:
    found = read(real_data / f"2022-legislatives-brest-city-t1-circo{number}.csv")
    assert len(found.row) == units
    assert found.problems == ()
    assert flaws(found) == []


def test_vaureal(real_data: Path) -> None:
    found = read(real_data / "2022-presidentielle-t1-vaureal.csv")
    assert (len(found.row), len(found.labels)) == (12, 12)
    assert flaws(found) == []


def test_paris_against_the_ministry(real_data: Path) -> None:
    city = read(real_data / "2017-presidentielle-t1-paris-city.csv")
    both = gaps(city)
    assert both is not None
    assert (both.compared, both.more + both.fewer, both.more, both.fewer) == (896, 281, 213, 68)
    found = compare(city, read(real_data / "2017-presidentielle-1_par_bureau_large.csv.gz"))[0]
    assert (found.units, found.only_left, found.unmatched) == (896, (), ((), ()))
    assert {(d.place.partition("/")[2], d.field): (d.left, d.right) for d in found.differences} == {
        ("210", "valid"): (1109, 1110),
        ("210", "macron_emmanuel"): (508, 509),
        ("1208", "registered"): (1323, 1428),
        ("1208", "votes_found"): (1169, 1199),
        ("1208", "valid"): (1155, 1177),
        ("1262", "blank"): (12, 9),
        ("1263", "blank"): (9, 18),
        ("1321", "registered"): (1495, 1555),
        ("1321", "votes_found"): (1242, 1250),
        ("1321", "valid"): (1228, 1227),
        ("1717", "valid"): (1182, 1184),
        ("1717", "asselineau_francois"): (13, 15),
    }


def test_paris_2022_and_one_arrondissement_of_2020(real_data: Path) -> None:
    found = read(real_data / "2022-presidentielle-t2-paris-city.csv")
    assert (len(found.row), found.problems) == (899, ())
    found = read(real_data / "2020-municipales-t1-paris-15.csv")
    assert len(found.row) == 95
    assert {problem.column for problem in found.problems} == {"NUM_CIRC"}
    assert set(found.constituency.tolist()) == {"12", "13"}
    assert flaws(found) == []


def test_toulouse(real_data: Path) -> None:
    found = read(real_data / "2015-departementales-t1-toulouse.json")
    assert (len(found.row), found.problems, found.title) == (
        256,
        (),
        "elections-departementales-2015-1er-tour DP édition I",
    )
    both = gaps(found)
    assert both is not None
    assert both.compared == 256
    assert [flaw.code for flaw in flaws(found)] == []
