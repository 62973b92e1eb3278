"""`regard study precision` as it is used: tables in two languages, JSON, and what is said where there is nothing."""

import json
from pathlib import Path

import pytest

from tests.regard.calling import CommandLine
from tests.sources import put_text
from tests.verify.night_builder import small_night


@pytest.fixture
def night(tmp_path: Path) -> Path:
    built = small_night()
    built.sign("0001", -4)
    return built.write(tmp_path / "night")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["écart", "papier", "25,0", "0,6–80,6", "Machine moins papier : 25,0 points", "l'émargement se fait"]),
        ("en", ["gap", "paper", "25.0", "0.6–80.6", "Machine less paper: 25.0 points", "sign-in is done by hand"]),
    ],
)
def test_tables(night: Path, cli: CommandLine, language: str, words: list[str]) -> None:
    cli("study", "precision", night, "--lang", language)
    said = cli.said
    for word in words:
        assert word in said
    assert max(map(len, cli.out.splitlines())) <= 80
    assert not cli.err


def test_json(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    cli("study", "precision", night, "--json", "-")
    document = json.loads(cli.out)
    machine, paper = document["by_counting"]
    assert (machine["counting"], machine["bureaux"], machine["gaps"]["bureaux"]) == ("machine", 4, 1)
    assert machine["gaps"]["interval"] == [0.0063, 0.8059]
    assert machine["more"] == {"bureaux": 1, "votes": 4}
    assert machine["sizes"] == {"1": 0, "2": 0, "3 or more": 1}
    assert (paper["counting"], paper["bureaux"]) == ("paper", 1)
    assert document["difference"]["machine"] == 0.25
    assert document["difference"]["interval"] is None
    assert {used["path"] for used in document["inputs"]} >= {"pv.csv"}
    assert "Machine less paper" in cli.complained
    cli("study", "precision", night, "--json", tmp_path / "study.json")
    assert json.loads((tmp_path / "study.json").read_text("utf-8")) == document


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Les comptes de 1 bureau sont corrigés par un cas certain"),
        ("en", "The counts of 1 bureau are corrected, as a certain case does: two digits exchanged (1)."),
    ],
)
def test_slips_are_put_right_and_told(tmp_path: Path, cli: CommandLine, language: str, words: str) -> None:
    built = small_night()
    built.row("pv.csv", "0004")["votes_trouves"] = "402"
    folder = built.write(tmp_path / "night")
    cli("study", "precision", folder, "--json", tmp_path / "study.json", "--lang", language)
    assert words in cli.said
    document = json.loads((tmp_path / "study.json").read_text("utf-8"))
    assert (document["corrected"], document["set_aside"]) == ({"digits-exchanged": 1}, {})
    cli("study", "precision", folder, "--as-it-stands", "--lang", language)
    assert words not in cli.said


def test_what_a_slip_probably_makes_is_set_aside_and_told(tmp_path: Path, cli: CommandLine) -> None:
    header = "INSEE;Bureau;Émargements;Bulletins trouvés;Blancs;Nuls;Exprimés"
    rows = f"{header}\n77001;0001;153;1530;12;8;1510\n77001;0002;99;100;0;0;100\n"
    put_text(tmp_path / "pv.csv", rows)
    cli("study", "precision", tmp_path / "pv.csv")
    assert "1 bureau is set aside, as a slip probably makes or hides its gap: one digit too few (1)." in cli.said
    assert cli.said.startswith("1 bureau with both votes found and signatures")


def test_files_that_are_not_read_are_named(night: Path, cli: CommandLine) -> None:
    put_text(night / "univers.csv", "insee,commune,bureau,comptage\n76351,Essai,0001,machine\n")
    (night / "election.toml").unlink()
    cli("study", "precision", night, "--json", "-")
    used = {each["path"]: (each["used"], each["why"]) for each in json.loads(cli.out)["inputs"]}
    assert used["univers.csv"][0] == "none"
    assert "expected these columns" in used["univers.csv"][1]
    assert "file not read: univers.csv" in cli.complained


def test_two_nights_are_told_apart(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    other = small_night().write(tmp_path / "other")
    cli("study", "precision", night, other)
    assert "By source" in cli.out
    assert "other machine" in cli.out


def test_nothing_to_study(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "odd.csv").write_text("x\n")
    cli("study", "precision", tmp_path / "odd.csv", code=2)
