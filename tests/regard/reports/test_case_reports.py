"""Cases in every report: as their sentences are, with the numbers that findings have, and with their corrections."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

import regard
from protocol.words import language as language_of
from tests.regard.calling import verify
from tests.regard.reports.test_table_reports import sheets_of
from tests.regard.test_verify_night import VALIDATOR, damaged_night, plain_environment
from tests.verify.night_builder import CURIE, audited, small_night
from verify import audit
from verify.cases.by_codes import draft_by_signs
from verify.cases.place_names import place_of, with_place
from verify.cases.wide.operations import CaseDesk
from verify.cases.wording import describe
from verify.model.cases import CaseDetail, Correction, Drafts, Sure
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable
from verify.model.rule_results import Named

__all__ = ["plain_environment"]  # a fixture
BUREAU = Named(CURIE, "0002", 1)
CORRECTIONS = (
    Correction(BUREAU, "pv", "pv.csv:3", "votes_found", 626, 662),
    Correction(BUREAU, "pv", "pv.csv:3", "blank", None, 3),
    Correction(BUREAU, "publie", "publie.txt:3", "votes_found", 626, 662, copied=True),
)
DETAIL = CaseDetail(CORRECTIONS, places=(BUREAU,), agree=("exports",), adds_up=True, lead=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return damaged_night().write(tmp_path / "night")


@pytest.fixture
def corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first finding is a case with corrections, whatever else there is."""

    def draft(evidence: LinedEvidence, table: FindingTable) -> Drafts:
        desk = CaseDesk(evidence, table)
        desk.add("digits-exchanged", [0], Sure.LIKELY, "pv", DETAIL)
        draft_by_signs(desk, first=False)
        return desk.done()

    monkeypatch.setattr(audit, "draft_cases", draft)


def document(folder: Path, to: Path, language: str = "en") -> dict[str, Any]:
    verify(folder, "--json", to, "--lang", language)
    found: dict[str, Any] = json.loads(to.read_bytes())
    VALIDATOR.validate(found)
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


@pytest.mark.parametrize("with_corrections", [False, True])
def test_the_sentences_are_those_of_the_cases(
    folder: Path, tmp_path: Path, request: pytest.FixtureRequest, language: str, with_corrections: bool
) -> None:
    if with_corrections:
        request.getfixturevalue("corrected")
    result = audited(folder)
    found, spoken = document(folder, tmp_path / "o.json", language)["cases"], language_of(language)
    assert len(found) == len(result.cases) > 2
    for case, row in zip(result.cases, found, strict=True):
        said = with_place(place_of(case.places, result.coverage.communes), describe(case, result.findings))
        assert row["text"] == spoken.show(said)
        assert (row["id"], row["cause"], row["sure"]) == (case.number, case.cause.name, case.sure.value)
        assert row["findings"] == list(case.findings)
        assert [(each["insee"], each["bureau"]) for each in row["places"]] == [
            (each.insee, each.bureau) for each in case.places
        ]


def test_every_grave_finding_has_the_number_of_its_case_and_no_other(folder: Path, tmp_path: Path) -> None:
    found = document(folder, tmp_path / "o.json")
    assert [case["id"] for case in found["cases"]] == list(range(1, len(found["cases"]) + 1))
    assert found["summary"]["cases"] == len(found["cases"])
    number = {at: case["id"] for case in found["cases"] for at in case["findings"]}
    assert sum(len(case["findings"]) for case in found["cases"]) == len(number)
    for at, finding in enumerate(found["findings"]):
        assert finding["case"] == number.get(at)
        assert finding["case"] or finding["severity"] == "info"


def test_the_schema_allows_no_other_case(folder: Path, tmp_path: Path) -> None:
    found = document(folder, tmp_path / "o.json")
    case = dict(found["cases"][0])
    others: dict[str, list[object]] = {
        "id": [0],
        "sure": ["sure"],
        "kind": ["reading"],
        "findings": [[], [1, 1]],
        "places": [[]],
        "text": [""],
    }
    for field, values in others.items():
        for value in values:
            found["cases"][0] = {**case, field: value}
            assert not VALIDATOR.is_valid(found), (field, value)
        found["cases"][0] = {name: each for name, each in case.items() if name != field}
        assert not VALIDATOR.is_valid(found), field


def test_corrections_are_in_every_report(folder: Path, tmp_path: Path, corrected: None) -> None:
    [case] = [each for each in document(folder, tmp_path / "o.json")["cases"] if each["corrections"]]
    place = {"insee": CURIE, "bureau": "0002", "scrutin": "1"}
    assert case["corrections"] == [
        {
            "source": each.source,
            "field": each.field,
            "was": each.was,
            "becomes": each.becomes,
            **place,
            "piece": each.piece,
            "copied": each.copied,
        }
        for each in CORRECTIONS
    ]
    assert case["sure"] == "likely"
    assert case["piece"] == "pv"
    assert (
        "votes found, 626 in the PV, should read 662; blank votes, nothing in the PV: 3 by the other pieces (two "
        "digits exchanged). With these figures the PV adds up, and agrees with the machine."
    ) in case["text"]
    assert case["what_to_do"].endswith("Where to look: the PV, pv.csv row 3.")
    verify(folder, "--lang", "en", "--csv", tmp_path / "o.csv", "--xlsx", tmp_path / "o.xlsx")
    [row] = [row for row in rows_of(tmp_path / "o-cases.csv") if row["corrections"]]
    assert row["corrections"] == "0002 votes found: 626 → 662 (pv.csv:3); 0002 blank votes: nothing → 3 (pv.csv:3)"
    assert case["text"].endswith(row["text"])
    in_words = {"kind": "Figures to read again", "severity": "error", "sure": "likely", "piece": "the PV"}
    assert row.items() >= (in_words | {"cause": "two digits exchanged"}).items()
    assert sheets_of(tmp_path / "o.xlsx")["Cases"][0][:2] == ["Case", "Kind"]


def test_standard_output_has_the_numbers_and_nothing_stands_beside(
    folder: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    verify(folder, "--csv", "-", "--lang", "en")
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode("utf-8-sig"))))
    assert {row["case"] for row in rows if row["severity"] == "error"} >= {"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["night"]


def test_the_library_has_them_as_a_table(folder: Path, language: str) -> None:
    result = regard.audit(folder, language=language)
    table = result.cases.to_polars()
    assert tuple(table.columns) == regard.CASES
    assert table["case"].to_list() == [case.number for case in result.cases]
    assert len(result.cases) == len(table)
    assert result.cases[0].cause.name == table["cause"][0]
    assert set(table["kind"]) <= {"irregularity", "reread", "evidence"}


def test_a_case_of_several_bureaux_names_them(tmp_path: Path) -> None:
    night = small_night()
    for bureau in ("0001", "0002", "0003"):
        night.drop("emargements.csv", bureau)
    folder = night.write(tmp_path / "night")
    verify(folder, "--csv", tmp_path / "o.csv", "--lang", "en")
    [row] = [row for row in rows_of(tmp_path / "o-cases.csv") if "C105" in row["codes"]]
    assert row["cause"] == "a piece of evidence is missing"
    assert (row["bureaux"], row["places"], row["findings"]) == ("0001 0002 0003", "3", "3")
    assert row["text"].endswith("(a piece of evidence is missing).")
