"""One fault of several bureaux of a commune in one column, or on the way, is one act and one case."""

from pathlib import Path

import pytest

from tests.verify.cases.faulty_files import PUBLISHED, audited, is_case, only_case, read_table, said
from tests.verify.night_builder import bureaux_of
from verify.model.cases import Case, Sure


def becomes(case: Case, field: str) -> dict[str, int | None]:
    """By bureau, what a count of the piece that is blamed should read."""
    own = [each for each in case.detail.corrections if not each.copied and each.field == field]
    return {each.place.bureau: each.becomes for each in own}


@pytest.mark.parametrize("rows", [range(4, 8), range(1, 13)])
def test_a_figure_dragged_down_a_column_is_one_case(folder: Path, rows: range) -> None:
    table = read_table(folder / "pv.csv")
    at = table[0].index("exprimes")
    right = {table[row][1]: int(table[row][at]) for row in rows if table[row][at] != table[rows[0]][at]}
    for row in rows:
        table[row][at] = table[rows[0]][at]
    case = only_case(audited(folder, {"pv.csv": table}))
    is_case(case, "column-holds-other", "pv")
    assert becomes(case, "valid") == right


def test_two_bureaux_are_no_run(folder: Path) -> None:
    table = read_table(folder / "pv.csv")
    at = table[0].index("exprimes")
    for row in table[4:6]:
        row[at] = str(int(row[at]) + 113)
    assert len(audited(folder, {"pv.csv": table}).cases) == 2


@pytest.mark.parametrize("with_votes", [True, False])
def test_figures_that_add_up_and_are_not_those_of_the_pvs_are_another_edition(folder: Path, with_votes: bool) -> None:
    tables = {PUBLISHED: read_table(folder / PUBLISHED)}
    if not with_votes:  # then the PVs may have been changed as well, bureau by bureau
        for name in ("voix.csv", "recap.csv", "election.toml"):
            (folder / name).unlink()
        for path in (folder / "exports").iterdir():
            path.unlink()
        (folder / "exports").rmdir()
    header = tables[PUBLISHED][0]
    right = {}
    for row, missing in zip(tables[PUBLISHED][2:12:3], (5, 14, 21, 17), strict=True):
        right[row[2]] = int(row[header.index("votants")])
        for name in ("votants", "exprimes", "MÉLENCHON"):
            row[header.index(name)] = str(int(row[header.index(name)]) - missing)
        row[header.index("abstentions")] = str(int(row[header.index("abstentions")]) + missing)
    result = audited(folder, tables)
    case = only_case(result)
    is_case(case, "older-edition", "publie")
    assert bureaux_of(case) == list(right)
    if with_votes:
        assert becomes(case, "votes_found") == right
    else:
        assert (case.sure, case.detail.corrections) == (Sure.LIKELY, ())
        assert "4 bureaux are published with figures that add up and are not those of the PVs" in said(case, result)
