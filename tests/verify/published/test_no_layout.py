"""Tables of other countries without a layout: refused where their rows are of something finer than is understood."""

from pathlib import Path

import pytest

from protocol.opening import OpenedFile
from verify.model.published import UnknownLayout
from verify.read.published.checks import flaws
from verify.read.results_files import parse_all

HEAD = "Bureau,Inscrits,Votants,Exprimés,A,B\n"
FINER = {
    "rooms of a commune": "Commune,Local,Inscrits,Votants,Exprimés,Oui,Non\n" + "Genève,Cité,10,9,9,4,5\n" * 4,
    "totals of ways to vote": HEAD + "By mail,10,9,9,4,5\nTotal,10,9,9,4,5\n" * 7,
}


@pytest.mark.parametrize("case", FINER)
def test_a_table_of_finer_rows_than_are_understood_is_refused(case: str) -> None:
    with pytest.raises(UnknownLayout, match="--layout"):
        parse_all(OpenedFile(Path("r.csv"), FINER[case].encode()))


def test_another_table_below_is_named() -> None:
    below = "Bureau,Inscrits,Votants,Exprimés,C,D\n1,10,9,9,4,5\n"
    [table] = parse_all(OpenedFile(Path("r.csv"), (HEAD + "1,10,9,9,4,5\n2,8,7,7,3,4\n" + below).encode()))
    assert ["from row 4 on" in str(problem.got) for problem in table.problems] == [True]


def test_a_percentage_of_no_count_is_not_held_against_the_only_one() -> None:
    rows = "A,4,44.44,1,10\nB,5,55.56,1,10\nA,4,40,2,20\nB,6,60,2,20\n"
    [table] = parse_all(OpenedFile(Path("r.csv"), f"Candidat,Voix,Percent,Bureau,Inscrits\n{rows}".encode()))
    assert (table.votes.tolist(), flaws(table)) == ([4, 5, 4, 6], [])
