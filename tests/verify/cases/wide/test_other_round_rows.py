"""Figures of the other round in the place of this one's, on copies of a real night, where the other round is given."""

import copy
from pathlib import Path

import pytest

from tests.sources import new_folder
from tests.verify.cases.faulty_files import (
    PUBLISHED,
    Table,
    Tables,
    is_case,
    machines_of,
    said,
    without,
    write_table,
)
from tests.verify.night_builder import causes, loaded
from verify import audit
from verify.audit import Audit
from verify.model.cases import Sure

OTHER_ROUND = "REBUILT_PR17_BVot_T2_machines.txt"
BOIS_COLOMBES, CHATENAY = "92009", "92019"
COUNTS = {"emargements.csv": (7, 10), "pv.csv": (7, 10, 10, 12, 15, 18)}
"""Columns of the ministry's file that hold the counts of each table, in their order."""
PIECES = {"emargements.csv": "emargements", "pv.csv": "pv"}


@pytest.fixture(scope="module")
def machines(real_data: Path) -> Tables:
    """The tables of two communes of machine bureaux, without the results."""
    return without(machines_of(real_data, BOIS_COLOMBES, CHATENAY), PUBLISHED)


@pytest.fixture
def tables(machines: Tables) -> Tables:
    """The same for each test to change."""
    return copy.deepcopy(machines)


def put_other_round(real_data: Path, table: Table, columns: tuple[int, ...], *communes: str) -> None:
    """Put the counts of the other round into the rows of some communes."""
    text = (real_data / OTHER_ROUND).read_text(encoding="latin-1")
    of = {(row[0] + row[4], row[6]): row for row in (line.split(";") for line in text.splitlines()[1:])}
    for row in table[1:]:
        if row[0] in communes:
            row[3 : 3 + len(columns)] = [of[row[0], row[1]][column] for column in columns]


def audited(tables: Tables, other_round: Path | None) -> Audit:
    folder = new_folder()
    for name, table in tables.items():
        write_table(folder / name, table)
    return audit.run(loaded(folder, other_round=other_round))


@pytest.mark.parametrize("communes", [(BOIS_COLOMBES,), (BOIS_COLOMBES, CHATENAY)])
@pytest.mark.parametrize("file", COUNTS)
def test_counts_of_the_other_round_in_a_file_are_one_case(
    real_data: Path, tables: Tables, file: str, communes: tuple[str, ...]
) -> None:
    put_other_round(real_data, tables[file], COUNTS[file], *communes)
    result = audited(tables, real_data / OTHER_ROUND)
    [case] = result.cases
    is_case(case, "other-round", PIECES[file], Sure.LIKELY)
    where = "Bois-Colombes (92009): 18 bureaux" if len(communes) == 1 else "2 communes: 37 bureaux"
    assert f"{where} have the figures of the other round" in said(case, result)
    assert {each.place.insee for each in case.detail.corrections} == set(communes)


def test_without_the_other_round_nothing_is_said_of_it(real_data: Path, tables: Tables) -> None:
    put_other_round(real_data, tables["emargements.csv"], COUNTS["emargements.csv"], BOIS_COLOMBES)
    result = audited(tables, None)
    assert "other-round" not in causes(result)


def test_a_commune_with_other_figures_is_not_said_to_be_of_the_other_round(real_data: Path, tables: Tables) -> None:
    for row in tables["emargements.csv"][1:]:
        if row[0] == BOIS_COLOMBES:
            row[4] = str(int(row[4]) - 50)
    result = audited(tables, real_data / OTHER_ROUND)
    assert result.cases
    assert "other-round" not in causes(result)
