"""Two communes of which a file has each other's rows, on copies of a real night: one case, which names both."""

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.verify.cases.faulty_files import (
    PUBLISHED,
    Table,
    Tables,
    causes_of,
    is_case,
    machines_of,
    only_case,
    said,
    without,
    written,
)
from verify.audit import Audit
from verify.model.cases import Sure
from verify.model.findings import Severity

BOIS_COLOMBES, CHATENAY, VILLE_D_AVRAY = "92009", "92019", "92077"
FILES = {"emargements.csv": "emargements", "pv.csv": "pv"}
"""Tables whose rows are exchanged, and the pieces that they are."""


@pytest.fixture(scope="module")
def hauts_de_seine(real_data: Path) -> Tables:
    """The tables of a night of all machine bureaux of a département, and its published results."""
    return machines_of(real_data, "92")


@pytest.fixture
def tables(hauts_de_seine: Tables) -> Tables:
    """The same for each test to change."""
    return copy.deepcopy(hauts_de_seine)


def exchange(table: Table, codes: Sequence[str]) -> None:
    """Put the rows of each commune under the code of the next one."""
    code_of = dict(zip(codes, (*codes[1:], codes[0]), strict=True))
    for row in table[1:]:
        row[0] = code_of.get(row[0], row[0])


def grave(result: Audit) -> Iterable[int]:
    return [at for at, found in enumerate(result.findings) if found.severity > Severity.INFO]


BOTH = "Bois-Colombes (92009) and Châtenay-Malabry (92019) have one another's figures"


@pytest.mark.parametrize("lacking", [(PUBLISHED,), ()])
@pytest.mark.parametrize("file", FILES)
def test_rows_of_two_communes_exchanged_in_a_file_are_one_case_that_names_both(
    tables: Tables, file: str, lacking: tuple[str, ...]
) -> None:
    exchange(tables[file], (BOIS_COLOMBES, CHATENAY))
    result = written(without(tables, *lacking))
    [case] = result.cases
    is_case(case, "communes-exchanged", FILES[file], Sure.LIKELY)
    assert BOTH in said(case, result)
    assert set(grave(result)) <= set(case.findings)
    right = {(each.place.insee, each.place.bureau): each.becomes for each in case.detail.corrections}
    assert len(right) == 36


def test_pvs_and_the_results_made_of_them_are_one_case_of_the_pvs(tables: Tables) -> None:
    for name in ("pv.csv", "voix.csv"):
        exchange(tables[name], (BOIS_COLOMBES, CHATENAY))
    for row in tables[PUBLISHED][1:]:
        row[4] = {"009": "019", "019": "009"}.get(row[4], row[4])
    result = written(tables)
    [case] = result.cases
    is_case(case, "communes-exchanged", "pv")
    assert {each.copied for each in case.detail.corrections} == {False, True}


@pytest.mark.parametrize("file", FILES)
def test_without_a_list_of_bureaux_it_is_open_and_names_both_files(tables: Tables, file: str) -> None:
    exchange(tables[file], (BOIS_COLOMBES, CHATENAY))
    result = written(without(tables, "univers.csv", "choix.csv", "voix.csv", PUBLISHED))
    case = only_case(result)
    is_case(case, "communes-exchanged", sure=Sure.OPEN)
    assert "in the PV or on the sign-in list" in said(case, result)
    assert not case.detail.corrections


def test_three_communes_all_round_are_one_case(tables: Tables) -> None:
    exchange(tables["emargements.csv"], (BOIS_COLOMBES, CHATENAY, VILLE_D_AVRAY))
    result = written(without(tables, PUBLISHED))
    [case] = result.cases
    assert case.cause.name == "communes-exchanged"
    assert "Bois-Colombes (92009), Châtenay-Malabry (92019) and Ville-d'Avray (92077)" in said(case, result)


def test_a_commune_that_has_another_ones_rows_beside_its_own_is_no_exchange(tables: Tables) -> None:
    table = tables["emargements.csv"]
    theirs = {row[1]: row[3:] for row in table if row[0] == CHATENAY}
    for row in table[1:]:
        if row[0] == BOIS_COLOMBES:
            row[3:] = theirs[row[1]]
    assert "communes-exchanged" not in causes_of(written(without(tables, PUBLISHED)))


def test_two_bureaux_of_a_large_commune_exchanged_with_another_commune_are_no_exchange_of_communes(
    tables: Tables,
) -> None:
    table = tables["emargements.csv"]
    at = {(row[0], row[1]): row for row in table}
    for bureau in ("0001", "0002"):
        one, other = at[BOIS_COLOMBES, bureau], at[CHATENAY, bureau]
        one[3:], other[3:] = other[3:], one[3:]
    assert "communes-exchanged" not in causes_of(written(without(tables, PUBLISHED)))
