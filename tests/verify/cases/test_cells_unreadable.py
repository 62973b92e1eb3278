"""Cells that cannot be read, as « 4?2 » or « illisible »: a case of the bureau, or of the column."""

from pathlib import Path

import pytest

from tests.verify.cases.faulty_files import (
    Tables,
    audited,
    paris,
    said,
)
from tests.verify.night_builder import bureaux_of, cases_of
from verify.audit import Audit
from verify.model.rule_results import Named

FILES = ("pv.csv", "emargements.csv")


@pytest.fixture
def tables(real_data: Path) -> Tables:
    """PVs and sign-in lists of the first bureaux of Paris."""
    return {name: table[:30] for name, table in paris(real_data).items() if name in FILES}


def unreadable(tables: Tables, file: str, column: str, *bureaux: str, text: str = "4?2") -> None:
    """Write something into a column that is no count."""
    table = tables[file]
    at = table[0].index(column)
    for row in table[1:]:
        if row[1] in bureaux:
            row[at] = text


def unread(result: Audit) -> list[tuple[Named, ...]]:
    """The places of the cases of cells that cannot be read."""
    return [case.places for case in result.cases if case.cause.name == "cell-unreadable"]


def test_several_cells_of_a_row_are_one_case(tables: Tables, tmp_path: Path) -> None:
    for column in ("votes_trouves", "blancs", "exprimes"):
        unreadable(tables, "pv.csv", column, "0103")
    assert unread(audited(tmp_path, tables)) == [(Named("75056", "0103", 1),)]


def test_a_column_of_signatures_is_one_case_with_the_bureaux_that_have_no_count_for_that(
    tables: Tables, tmp_path: Path
) -> None:
    bureaux = [row[1] for row in tables["emargements.csv"][1:]]
    unreadable(tables, "emargements.csv", "emargements", *bureaux, text="illisible")
    toml = 'id = "x"\nnom = "x"\ndate = 2022-04-24\ntour = 2\ncomplet = ["emargements", "pv"]\n'
    (tmp_path / "election.toml").write_text(toml + '[[scrutins]]\nnumero = 1\nnom = "x"\n', encoding="utf-8")
    result = audited(tmp_path, tables)
    [case] = cases_of(result, "cell-unreadable")
    assert bureaux_of(case) == bureaux
    assert {result.findings[at].code for at in case.findings} == {"I113", "C105"}
    assert "sign-in counts: expected a whole number" in said(case, result)
    assert "“illisible”, the same in rows 3, 4" in said(case, result)
    assert not cases_of(result, "evidence-missing")
