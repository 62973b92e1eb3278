"""The result is added up before anything is compared with it, in every way in which it can be read."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.verify.forecasts.samples import RESULT, checked, studied
from verify.forecasts.result import NoResult


def test_names_are_matched_and_never_guessed() -> None:
    found = checked()
    assert found.of(["Marie Curie", "hugo victor", "Sand", "ZOLA"]) == [1, 3, None, 0]
    assert found.of(["Pierre Curie", "Marie Curie"]) == [None, None]
    assert found.of(["Zola", "Émile Zola"]) == [None, None]


def test_a_result_that_does_not_add_up_is_read_both_ways() -> None:
    study = studied(result=RESULT.replace("10,980,", "10,780,"))
    assert [way.total for way in study.result.ways] == [1480, 1280]
    assert [flaw.code for flaw in study.result.flaws[0]] == ["T306"]
    assert study.result.widest == Fraction(100 * 600, 1280) - Fraction(100 * 600, 1480)


def test_votes_that_cannot_be_read_make_no_result() -> None:
    with pytest.raises(NoResult, match="missing or cannot be read"):
        checked(RESULT.replace("400", "?"))


def test_candidates_of_several_contests_are_no_result() -> None:
    names = ",".join(f"C{number}" for number in range(101))
    text = f"departement,inscrits,votants,blancs,exprimes,{names}\n01,2000,1010,0,1010,{','.join(['10'] * 101)}\n"
    with pytest.raises(NoResult, match="several contests"):
        checked(text)


def test_an_empty_cell_is_no_zero() -> None:
    found = checked(RESULT.replace("400", ""))
    assert [way.total for way in found.ways] == [1080, 1480]
    assert [flaw.code for flaw in found.flaws[0]] == ["T306"]


def test_permuting_the_rows_of_a_result_changes_nothing(tmp_path: Path) -> None:
    header, first, second = RESULT.splitlines()
    one, other = studied(folder=tmp_path), studied(result="\n".join([header, second, first, ""]), folder=tmp_path)
    assert one.tables == other.tables
    assert one.result.ways == other.result.ways
