"""Follow-ups of findings, and changes since an earlier report, for people and programs."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.regard.calling import CommandLine, verify
from tests.regard.test_verify_night import VALIDATOR, plain_environment
from tests.verify.night_builder import Night, small_night
from tests.verify.test_follow_ups import gap, row, rows

__all__ = ["plain_environment"]  # a fixture


def document(tmp_path: Path, night: Night, *options: str | Path, name: str = "report.json") -> dict[str, Any]:
    folder = night.write()
    verify(folder, "--json", tmp_path / name, "--lang", "en", *options)
    found: dict[str, Any] = json.loads((tmp_path / name).read_bytes())
    VALIDATOR.validate(found)
    return found


def with_rows(*given: dict[str, str]) -> Night:
    night = gap()
    night.raw["suites.csv"] = rows(*given)
    return night


FULL = row(constat="R201", remarque="deux oublis", piece="page 12", auteur="C. M.", date="2022-04-12", nombre="2")


def test_json_has_each_with_what_is_found_today(tmp_path: Path) -> None:
    found = document(tmp_path, with_rows(FULL, row(constat="R202", chiffres="1 / 2")))
    first, second = found["follow_ups"]
    assert first["status"] == "explained"
    assert (first["remark"], first["piece"], first["author"], first["date"]) == (
        "deux oublis",
        "page 12",
        "C. M.",
        "2022-04-12",
    )
    assert [found["findings"][at]["code"] for at in first["findings"]] == ["R201"]
    [case] = first["cases"]
    assert first["findings"][0] in found["cases"][case - 1]["findings"]
    assert (second["state"], second["cases"]) == ("gone", [])


@pytest.mark.parametrize("width", ["80", "40"])
def test_the_screen_says_it_below_its_case(width: str, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    folder = with_rows(FULL, row(constat="R202")).write()
    screen = cli("verify", folder, "--verbose", code=None)
    assert "→ Explained, 2 votes: deux oublis (C. M.; 2022-04-12; piece: page 12)" in screen
    assert "2 remarks kept: 2 explained" in screen
    assert "suites.csv:3 (explained): R202 is not found in 77001 0002 any more" in screen


def test_the_tables_have_it_in_words(tmp_path: Path) -> None:
    folder = with_rows(FULL, row(statut="conteste", nombre="1")).write()
    verify(folder, "--csv", tmp_path / "f.csv", "--lang", "en")
    with (tmp_path / "f-cases.csv").open(encoding="utf-8-sig", newline="") as file:
        [said] = [line["followed"] for line in csv.DictReader(file) if line["followed"]]
    assert said == "explained, 2 votes: deux oublis (C. M.; 2022-04-12; piece: page 12); contested, 1 vote"


def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(tmp_path: Path) -> None:
    night = with_rows(row(remarque='=cmd|"/c calc"!A1\x1b[2J\u202e<script>'))
    folder = night.write()
    verify(folder, "--csv", tmp_path / "f.csv", "--lang", "en")
    text = (tmp_path / "f-cases.csv").read_text(encoding="utf-8-sig")
    assert "\x1b" not in text
    assert ",=cmd" not in text


def test_since_an_earlier_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = gap()
    night.add("emargements.csv", "0004", "emargements", -3)
    document(tmp_path, night, name="old.json")
    night = gap(3)
    night.add("emargements.csv", "0001", "emargements", -1)
    capsys.readouterr()
    found = document(tmp_path, night, "--since", tmp_path / "old.json", "--verbose")
    said = found["since"]
    assert said["path"].endswith("old.json")
    assert {each["bureau"] for each in said["went"]} >= {"0004"}
    new = [found["findings"][at] for at in said["came"]]
    assert {each["bureau"] for each in new if each["bureau"]} == {"0001"}
    [moved] = [each for each in said["moved"] if found["findings"][each["finding"]]["code"] == "R201"]
    today = found["findings"][moved["finding"]]
    assert ((moved["left"], moved["right"]), (today["left"]["value"], today["right"]["value"])) == (
        (544, 546),
        (543, 546),
    )
    screen = " ".join(capsys.readouterr().out.split())
    assert f"Since {tmp_path / 'old.json'}" in screen.replace("- ", "-")
    assert "moved: Essai-sur-Marne 0002: 546 votes for 543 signatures: 3 more. Then: 544 and 546. (R201)" in screen


def test_of_two_that_may_have_moved_the_first_one_did(tmp_path: Path) -> None:
    old = document(tmp_path, gap(), name="old.json")
    [at] = [at for at, each in enumerate(old["findings"]) if each["code"] == "R201"]
    one, other = (json.loads(json.dumps(old["findings"][at])) for _ in range(2))
    one["left"]["value"], other["left"]["value"] = 540, 541
    old["findings"][at : at + 1] = [one, other]
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    said = document(tmp_path, gap(), "--since", tmp_path / "old.json")["since"]
    assert [each["left"] for each in said["moved"]] == [540]
    assert [each["code"] for each in said["went"]] == ["R201"]


def test_since_the_same_evidence_nothing_changed(tmp_path: Path) -> None:
    document(tmp_path, gap(), name="old.json")
    said = document(tmp_path, gap(), "--since", tmp_path / "old.json")["since"]
    assert (said["went"], said["came"], said["moved"]) == ([], [], [])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_cell_that_is_not_readable_has_not_changed_in_another_language(tmp_path: Path, language: str) -> None:
    night = gap()
    night.row("pv.csv", "0003")["votes_trouves"] = "52o"
    verify(night.write(tmp_path / "night"), "--json", tmp_path / "old.json", "--lang", language)
    said = document(tmp_path, night, "--since", tmp_path / "old.json")["since"]
    assert (said["went"], said["came"], said["moved"]) == ([], [], [])


def test_a_row_added_above_moves_no_finding(tmp_path: Path) -> None:
    night = gap()
    document(tmp_path, night, name="old.json")
    night.tables["emargements.csv"].reverse()
    said = document(tmp_path, night, "--since", tmp_path / "old.json")["since"]
    assert (said["went"], said["came"], said["moved"]) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "it is no JSON"),
        (b"a;b", "it is no JSON"),
        (b"code,severity,level,insee,bureau,x", "it is regard's, in another form"),
        (b"[]", "it is JSON of something else"),
        (b'{"tool": "other", "findings": []}', "it is JSON of something else"),
        (b'\xef\xbb\xbf {"tool": "regard", "findings": [{"co', "it is cut short or damaged: Unterminated string"),
        (b'{"tool": "regard", "findings": [{"code": "R201"}]}', "its findings are not as"),
    ],
)
def test_what_is_no_earlier_report_ends_the_command(text: bytes, why: str, tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "old.json").write_bytes(text)
    cli("verify", small_night().write(), "--since", tmp_path / "old.json", code=2)
    expected = f"regard verify: --since {tmp_path / 'old.json'}: this is not an earlier result of regard; {why}"
    assert cli.err.startswith(expected)
    assert "Give the JSON file that `regard verify … --json FILE` wrote then" in cli.err
    assert not cli.out


def test_the_earlier_report_is_not_written_over(tmp_path: Path, cli: CommandLine) -> None:
    document(tmp_path, gap(), name="old.json")
    before = (tmp_path / "old.json").read_bytes()
    old = tmp_path / "old.json"
    cli("verify", gap().write(tmp_path / "night"), "--since", old, "--json", old, code=2)
    assert (tmp_path / "old.json").read_bytes() == before
    assert cli.err
