"""The result is added up before anything is compared with it, in every way in which it can be read."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.verify.forecasts.samples import RESULT, checked, studied
from tests.verify.night_builder import CHOICES, ZOLA, Night, loaded, small_night
from verify import audit
from verify.forecasts.result import CheckedResult, NoResult, night_result


def test_names_are_matched_and_never_guessed(tmp_path: Path) -> None:
    found = checked(tmp_path)
    assert found.of(["Marie Curie", "hugo victor", "Sand", "ZOLA"]) == [1, 3, None, 0]
    assert found.of(["Pierre Curie", "Marie Curie"]) == [None, None]
    assert found.of(["Zola", "Émile Zola"]) == [None, None]


def test_a_result_that_does_not_add_up_is_read_both_ways(tmp_path: Path) -> None:
    study = studied(tmp_path, result=RESULT.replace("10,980,", "10,780,"))
    assert [way.total for way in study.result.ways] == [1480, 1280]
    assert [flaw.code for flaw in study.result.flaws[0]] == ["T306"]
    assert study.result.widest == Fraction(100 * 600, 1280) - Fraction(100 * 600, 1480)


def test_votes_that_cannot_be_read_make_no_result(tmp_path: Path) -> None:
    with pytest.raises(NoResult, match="missing or cannot be read"):
        checked(tmp_path, RESULT.replace("400", "?"))


def test_candidates_of_several_contests_are_no_result(tmp_path: Path) -> None:
    names = ",".join(f"C{number}" for number in range(101))
    text = f"departement,inscrits,votants,blancs,exprimes,{names}\n01,2000,1010,0,1010,{','.join(['10'] * 101)}\n"
    with pytest.raises(NoResult, match="several contests"):
        checked(tmp_path, text)


def test_an_empty_cell_is_no_zero(tmp_path: Path) -> None:
    found = checked(tmp_path, RESULT.replace("400", ""))
    assert [way.total for way in found.ways] == [1080, 1480]
    assert [flaw.code for flaw in found.flaws[0]] == ["T306"]


def of_night(night: Night, folder: Path) -> CheckedResult:
    evidence = loaded(night.write(folder))
    return night_result(evidence, audit.run(evidence), "night")


def test_the_pieces_of_a_night_are_added_up(tmp_path: Path) -> None:
    found = of_night(small_night(), tmp_path / "night")
    assert sorted(found.names) == sorted(CHOICES)
    assert found.adds_up
    assert [str(how) for how in found.alike] == ["the PVs"]


def test_pieces_of_a_night_that_differ_are_two_ways(tmp_path: Path) -> None:
    night = small_night()
    night.publish("0001").votes[ZOLA] += 7
    night.row("emargements.csv", "0002")["emargements"] = "1"
    found = of_night(night, tmp_path / "night")
    at = found.names.index(ZOLA)
    published, records = found.ways
    assert published.votes[at] - records.votes[at] == 7
    assert "T301" in [code for _, code, _ in found.findings]
    severities = [severity for severity, _, _ in found.findings]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert len(set(severities)) == 3


@pytest.mark.parametrize("night", [small_night(polls=2), small_night(by_constituency=True)])
def test_several_contests_are_refused(tmp_path: Path, night: Night) -> None:
    with pytest.raises(NoResult, match="one contest"):
        of_night(night, tmp_path / "night")


def test_permuting_the_rows_of_a_result_changes_nothing(tmp_path: Path) -> None:
    header, first, second = RESULT.splitlines()
    one, other = studied(tmp_path), studied(tmp_path, result="\n".join([header, second, first, ""]))
    assert one.tables == other.tables
    assert one.result.ways == other.result.ways
