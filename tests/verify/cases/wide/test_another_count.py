"""Figures of another count in a piece, in a whole commune, on copies of real evidence: one case, and no corrections."""

import copy
import csv
import gzip
import shutil
from pathlib import Path

import pytest

from sim.bureaux import choose
from sim.nights.night import simulate
from tests.sources import new_file
from tests.verify.cases.faulty_files import (
    PARIS_FILE,
    PUBLISHED,
    Tables,
    audited,
    causes_of,
    is_case,
    machines_of,
    only_case,
    said,
    without,
    write_table,
    written,
)
from tests.verify.night_builder import grave_cases
from verify.audit import Audit
from verify.model.cases import Case, Sure

OTHER_YEAR = "2017-presidentielle-t1-paris-city.csv"
OF_2017 = "2017-presidentielle-2_par_bureau_large.csv.gz"
BOIS_COLOMBES, CHATENAY = "92009", "92019"
FOUND, BLANK, NULL, VALID = range(5, 9)
"""Columns of a table of PVs."""


# --- A real file of another year ---


@pytest.fixture
def of_2017(real_data: Path, tmp_path: Path) -> Path:
    """Paris in the second round of 2017, in which the two stood who stood in that of 2022."""
    with gzip.open(real_data / OF_2017, "rt", encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    file = tmp_path / "resultats.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *(row for row in rows if row[:2] == ["75", "056"])])
    return file


@pytest.mark.check(5)
def test_results_of_another_year_with_the_same_choices_are_one_case(real_data: Path, of_2017: Path) -> None:
    result = audited(records=(real_data / PARIS_FILE,), published=(of_2017,))
    case = only_case(result)
    is_case(case, "other-election", "publie", Sure.OPEN)
    assert "Paris (75056): in 896 bureaux nearly all figures differ in the published result and in the PV" in said(
        case, result
    )
    assert not case.detail.corrections


def test_a_year_in_the_name_of_results_that_have_other_figures_leaves_them_out(real_data: Path, of_2017: Path) -> None:
    named = of_2017.rename(of_2017.with_name("presidentielle-2017.csv"))
    result = audited(records=(real_data / PARIS_FILE,), published=(named,))
    case = only_case(result)
    is_case(case, "other-election", sure=Sure.LIKELY)
    assert {result.findings[at].code for at in case.findings} == {"T324"}


def test_a_year_in_the_name_of_results_that_have_the_same_figures_is_nothing(real_data: Path) -> None:
    file = new_file("publication-2023.csv", (real_data / PARIS_FILE).read_bytes().replace(b"2022", b""))
    result = audited(records=(real_data / PARIS_FILE,), published=(file,))
    assert not causes_of(result)


def signatures_of(city: Path, file: Path) -> Path:
    """A sign-in list by the file of a city."""
    with city.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = ["NUM_ARROND", "NUM_BUREAU", "NB_INSCR", "NB_EMARG"]
    write_table(file, [names, *([row[name] for name in names] for row in rows)])
    return file


def test_results_and_signatures_that_are_both_of_other_years_are_two_cases(
    real_data: Path, of_2017: Path, tmp_path: Path
) -> None:
    lists = signatures_of(real_data / OTHER_YEAR, tmp_path / "signatures.csv")
    result = audited(records=(real_data / PARIS_FILE,), published=(of_2017,), signatures=(lists,))
    cases = [case for case in result.cases if case.cause.name != "open-gap"]
    assert {(case.cause.name, case.piece, case.sure) for case in cases} == {
        ("other-election", "publie", Sure.OPEN),
        ("other-election", "emargements", Sure.OPEN),
    }


# --- A commune of machines ---


@pytest.fixture(scope="module")
def machines(real_data: Path) -> Tables:
    """The tables of two communes, and their published results."""
    return machines_of(real_data, BOIS_COLOMBES, CHATENAY)


@pytest.fixture
def tables(machines: Tables) -> Tables:
    """The same for each test to change."""
    return copy.deepcopy(machines)


def count_pvs_otherwise(tables: Tables) -> None:
    """Give one commune's PVs the figures of a count that never was, which adds up."""
    votes: dict[str, int] = {}
    for at, row in enumerate(tables["voix.csv"][1:]):
        if row[0] == BOIS_COLOMBES:
            row[-1] = str(int(row[-1]) * 4 // 5 + at % 3 + 1)
            votes[row[1]] = votes.get(row[1], 0) + int(row[-1])
    for row in tables["pv.csv"][1:]:
        if row[0] == BOIS_COLOMBES:
            row[VALID] = str(votes[row[1]])
            row[FOUND] = str(votes[row[1]] + int(row[BLANK]) + int(row[NULL]))


def sign_as_found(tables: Tables) -> None:
    """Give all sign-in lists as many signatures as the PVs have votes found, and the PVs the same."""
    found = {(row[0], row[1]): row[FOUND] for row in tables["pv.csv"][1:]}
    for row in (*tables["emargements.csv"][1:], *tables["pv.csv"][1:]):
        row[4] = found[row[0], row[1]]


def grave(result: Audit) -> list[Case]:
    return grave_cases(result)


@pytest.mark.check(9)
def test_pvs_of_another_count_are_blamed_where_results_and_signatures_say_otherwise(tables: Tables) -> None:
    count_pvs_otherwise(tables)
    result = written(tables)
    [case] = grave(result)
    is_case(case, "other-election", "pv", Sure.LIKELY)
    assert "Bois-Colombes (92009): in 18 bureaux nearly all figures in the PV differ from all others" in said(
        case, result
    )


def test_results_of_another_count_are_blamed_where_signatures_are_those_of_the_pvs(tables: Tables) -> None:
    count_pvs_otherwise(tables)
    sign_as_found(tables)
    [case] = grave(written(tables))
    is_case(case, "other-election", "publie", Sure.LIKELY)


def test_nothing_is_blamed_where_there_are_two_pieces_only(tables: Tables) -> None:
    count_pvs_otherwise(tables)
    sign_as_found(tables)
    result = written(without(tables, "emargements.csv"))
    [case] = grave(result)
    is_case(case, "other-election", sure=Sure.OPEN)
    assert "in the published result and in the PV; nothing tells" in said(case, result)


@pytest.mark.check(5)
def test_figures_that_do_not_add_up_are_not_another_count(tables: Tables) -> None:
    count_pvs_otherwise(tables)
    for at, row in enumerate(tables["pv.csv"][1:]):
        row[VALID] = str(int(row[VALID]) + 50 + at % 7) if row[0] == BOIS_COLOMBES else row[VALID]
    assert "other-election" not in causes_of(written(tables))


def test_votes_added_to_one_choice_everywhere_are_not_another_count(tables: Tables) -> None:
    for row in tables["pv.csv"][1:]:
        row[FOUND], row[VALID] = str(int(row[FOUND]) + 30), str(int(row[VALID]) + 30)
    for row in tables["voix.csv"][1:]:
        row[-1] = str(int(row[-1]) + 30) if row[3] == tables["voix.csv"][1][3] else row[-1]
    assert "other-election" not in causes_of(written(tables))


def test_counts_of_another_poll_are_blamed_where_the_votes_by_choice_are_those_of_this_one(tables: Tables) -> None:
    for at, row in enumerate(tables["pv.csv"][1:]):
        if row[0] == BOIS_COLOMBES:
            row[4] = row[FOUND] = str(int(row[FOUND]) + 91 + at % 7)
            row[BLANK], row[NULL] = str(int(row[BLANK]) + 25), str(int(row[NULL]) + 21)
            row[VALID] = str(int(row[FOUND]) - int(row[BLANK]) - int(row[NULL]))
    [case] = grave(written(tables))
    is_case(case, "other-election", "pv", Sure.LIKELY)


def test_large_gaps_in_most_bureaux_of_a_commune_are_one_question(tables: Tables) -> None:
    for name in ("emargements.csv", "pv.csv"):
        for at, row in enumerate(tables[name][1:]):
            if row[0] == BOIS_COLOMBES and row[1] > "0003":
                row[4] = str(int(row[4]) - 30 - at % 7)
    result = written(tables)
    [case] = [case for case in grave(result) if len(case.findings) > 2]
    is_case(case, "gap-unmentioned", sure=Sure.OPEN)
    expected = "in 15 of 18 bureaux of the commune votes and signatures differ, by 30 to 36"
    assert said(case, result).startswith(expected)


@pytest.mark.parametrize("every", [1, 2])
def test_large_gaps_of_bureaux_one_after_another_are_one_question(tables: Tables, every: int) -> None:
    for name in ("emargements.csv", "pv.csv"):
        for row in tables[name][1:]:
            if row[0] == BOIS_COLOMBES and row[1] in [f"{4 + every * at:04}" for at in range(4)]:
                row[4] = "1111"
    cases = [case for case in grave(written(tables)) if case.places[0].insee == BOIS_COLOMBES]
    large = [case for case in cases if "1,111" in said(case, written(tables))]
    assert [len(case.places) for case in large] == ([4] if every == 1 else [1] * 4)
    assert {case.sure for case in large} == {Sure.OPEN}


def test_sums_that_nearly_all_bureaux_of_a_commune_break_are_one_question(tables: Tables) -> None:
    for at, row in enumerate(tables["pv.csv"][1:]):
        if row[0] == BOIS_COLOMBES and row[1] != "0001":
            by = 31 + 5 * (at % 7)
            row[4], row[FOUND], row[VALID] = (str(int(row[column]) - by) for column in (4, FOUND, VALID))
    for name in PUBLISHED, "recap.csv", "exports":
        tables.pop(name, None)
    result = written(tables)
    [case] = [case for case in grave(result) if case.places[0].insee == BOIS_COLOMBES and len(case.findings) > 2]
    is_case(case, "figure-wrong", "pv", Sure.OPEN)
    assert "valid votes are not the sum of the votes by choice" in said(case, result)


@pytest.mark.parametrize("registered", [0, 40])
def test_lists_with_many_fewer_signatures_are_another_days_if_their_voters_are_others(
    tables: Tables, registered: int
) -> None:
    for at, row in enumerate(tables["emargements.csv"][1:]):
        if row[0] == BOIS_COLOMBES:
            row[3], row[4] = str(int(row[3]) + registered + at % 3 * (registered > 0)), str(int(row[4]) - 60 - at % 7)
    causes = causes_of(written(tables))
    assert causes == {"other-election": 1} if registered else "other-election" not in causes


def test_registered_voters_of_lists_of_another_day_are_of_the_question_about_these(tables: Tables) -> None:
    for at, row in enumerate(tables["emargements.csv"][1:]):
        if row[0] == BOIS_COLOMBES:
            row[3], row[4] = str(int(row[3]) + (at % 5 == 0)), str(int(row[4]) - 30 - at % 7)
    [case] = [case for case in written(tables).cases if case.places[0].insee == BOIS_COLOMBES]
    is_case(case, "figure-wrong", "emargements", Sure.OPEN)


def test_rows_in_another_order_are_not_another_count(tables: Tables) -> None:
    for name in ("pv.csv", "voix.csv"):
        here = [row for row in tables[name] if row[0] == BOIS_COLOMBES]
        for row, code in zip(here, [row[1] for row in here[len(here) // 18 :] + here[: len(here) // 18]], strict=True):
            row[1] = code
    assert "other-election" not in causes_of(written(tables))


def test_rows_of_zeros_are_not_another_count(tables: Tables) -> None:
    for row in tables["pv.csv"][1:]:
        row[FOUND:] = ["0" if at <= VALID - FOUND else text for at, text in enumerate(row[FOUND:])]
    for row in tables["voix.csv"][1:]:
        row[-1] = "0"
    assert "other-election" not in causes_of(written(tables))


def test_machines_that_paper_replaced_in_a_whole_commune_are_not_another_count(tmp_path: Path) -> None:
    """Their dumps have a part of the day, and nothing but results have the whole."""
    night = tmp_path / "night"
    simulate(night, seed=2, year=2022, communes=choose(2022, ["92076"]), rates={"paper-instead": 1.0}, workers=1)
    for path in [*night.glob("*.csv"), *night.glob("*.json")]:
        path.unlink()
    shutil.rmtree(night / "modules")
    result = audited(night)
    assert [found.code for found in result.findings].count("T302") > 10
    assert "other-election" not in causes_of(result)


def test_two_bureaux_of_another_count_are_too_few_to_tell(tables: Tables) -> None:
    count_pvs_otherwise(tables)
    few = {
        name: [row for at, row in enumerate(table) if not at or _is_kept(name, row)] for name, table in tables.items()
    }
    assert "other-election" not in causes_of(written(few))


def _is_kept(name: str, row: list[str]) -> bool:
    if name == "choix.csv":
        return True
    bureau = row[{"univers.csv": 4, PUBLISHED: 6}.get(name, 1)]
    return bureau in ("0001", "0002")
