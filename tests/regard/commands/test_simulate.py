"""`regard simulate` and `regard replay` as a person uses them."""

import re
from pathlib import Path

import pytest

from sim.bureaux import machine_communes
from tests.regard.calling import CommandLine

pytestmark = pytest.mark.usefixtures("english")


def test_simulate_says_what_it_wrote(tmp_path: Path, cli: CommandLine) -> None:
    cli("simulate", tmp_path / "n", "--communes", "77513", "--faults", "none", "--seed", "3")
    assert cli.err == ""
    assert "Simulated 3 machine bureaux of 1 commune, 2022, seed 3." in cli.out
    assert "3,011 registered voters" in cli.out
    assert "0 faults injected" in cli.out
    assert "a model" in cli.out
    assert (tmp_path / "n" / "manifest.json").exists()


def test_a_sign_in_count_that_is_missing_is_neither_zero_nor_a_gap(tmp_path: Path, cli: CommandLine) -> None:
    words = ["--communes", "77513", "--faults", "roll-missing=1", "--seed", "3", "--lang", "fr"]
    cli("simulate", tmp_path / "night", *words)
    said = " ".join(cli.out.replace("\u202f", " ").split())
    assert "0 émargement (les nombres de 3 bureaux manquent)" in said
    assert "0 bureau où votes et émargements diffèrent" in said


def test_a_report_of_a_simulated_night_cannot_be_taken_for_a_real_one(tmp_path: Path, cli: CommandLine) -> None:
    night, report = tmp_path / "night", tmp_path / "report.html"
    cli("simulate", night, "--communes", "77513")
    cli("verify", night, "--report", report, "--lang", "fr", code=None)
    assert re.search("<h1>[^<]*premier tour, simulée[^<]*</h1>", report.read_text("utf-8"))


def test_simulate_says_it_in_french(tmp_path: Path, cli: CommandLine) -> None:
    cli("simulate", tmp_path / "n", "--communes", "77513", "--lang", "fr", "--faults", "none")
    said = cli.out
    assert "3 bureaux à machine" in said
    assert "3\u202f011 inscrits" in said
    assert "0 anomalie simulée ; 0 bureau" in said
    assert "un modèle" in said


def test_a_night_that_is_there_is_not_replaced_in_either_language(tmp_path: Path, cli: CommandLine) -> None:
    arguments: list[str | Path] = [tmp_path / "n", "--communes", "77513", "--faults", "none"]
    cli("simulate", *arguments)
    for language, said in (("fr", "contient déjà une soirée"), ("en", "holds a night already")):
        cli("simulate", *arguments, "--lang", language, code=2)
        assert said in cli.err


@pytest.mark.parametrize(
    ("arguments", "english", "french"),
    [
        (["--communes", "77531"], "77513 (Villenoy)", "code le plus proche : 77513 (Villenoy)"),
        (["--faults", "voted-twise=0.1"], "voted-twice", "nom le plus proche : voted-twice"),
        (["--faults", "voted-twice=2"], "from 0 to 1", "il fallait un nombre de 0 à 1"),
        (["--faults", "voted-twice=nan"], "from 0 to 1", "il fallait un nombre de 0 à 1"),
    ],
)
def test_a_wrong_request_ends_with_2_and_a_sentence(
    tmp_path: Path, cli: CommandLine, arguments: list[str], english: str, french: str
) -> None:
    for language, said in (("en", english), ("fr", french)):
        cli("simulate", tmp_path / "n", "--lang", language, *arguments, code=2)
        assert said in cli.err
        assert "Traceback" not in cli.err
    assert not (tmp_path / "n").exists()


@pytest.mark.parametrize("arguments", [["--seed", "-1"], ["--seed", "x"], ["--workers", "0"], ["--year", "2012"]])
def test_numbers_out_of_range_are_wrong_usage(tmp_path: Path, arguments: list[str], cli: CommandLine) -> None:
    cli("simulate", tmp_path / "n", *arguments, code=2)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "file").write_text("x")
    cli("simulate", tmp_path / "file" / "n", "--communes", "77513", code=2)
    assert "regard simulate:" in cli.err


def test_a_simulated_night_can_be_replayed_from_its_own_publication(tmp_path: Path, cli: CommandLine) -> None:
    cli("simulate", tmp_path / "n", "--communes", "77513,34324", "--faults", "none")
    cli("replay", tmp_path / "n" / "publie.txt", tmp_path / "r", "--date", "2022-04-10")
    assert "6 voted on a machine" in cli.said
    for name in ("voix.csv", "choix.csv", "recap.csv"):
        assert (tmp_path / "r" / name).read_bytes() == (tmp_path / "n" / name).read_bytes()


def test_replay_says_which_bureau_it_leaves_out(tmp_path: Path, cli: CommandLine) -> None:
    cli("simulate", tmp_path / "n", "--communes", "77513", "--faults", "none", "--seed", "1")
    published = tmp_path / "n" / "publie.txt"
    text = published.read_bytes()
    assert text.count(b";792;") == 1
    published.write_bytes(text.replace(b";792;", b";793;"))
    cli("replay", published, tmp_path / "r", "--date", "2022-04-10")
    assert "Replayed 2 bureaux" in cli.out
    assert "left out: bureau 0001, 77513 (Villenoy): votes, blanks and nulls add up to 792" in cli.err


def test_replay_needs_a_date_from_somewhere(tmp_path: Path, cli: CommandLine) -> None:
    cli("simulate", tmp_path / "n", "--communes", "77513", "--faults", "none", code=None)
    cli("replay", tmp_path / "n" / "publie.txt", tmp_path / "r", code=2)
    assert "--date" in cli.err


def test_replay_says_in_french_what_it_needs(tmp_path: Path, cli: CommandLine) -> None:
    cli("simulate", tmp_path / "n", "--communes", "77513", "--faults", "none", code=None)
    published = tmp_path / "n" / "publie.txt"
    cli("replay", published, tmp_path / "r", "--lang", "fr", code=2)
    assert "il fallait le jour du scrutin, par --date ; le fichier contient : un nom de fichier" in cli.err
    (tmp_path / "m.csv").write_text("commune\n")
    arguments: list[str | Path] = ["--date", "2022-04-10", "--machines", tmp_path / "m.csv", "--lang", "fr"]
    cli("replay", published, tmp_path / "r", *arguments, code=2)
    assert "m.csv, ligne 1 : il fallait aussi ces colonnes : insee, bureau ; le fichier contient : commune" in cli.err


def test_the_machines_of_a_presidential_election_are_those_of_the_machine_communes(
    tmp_path: Path, cli: CommandLine
) -> None:
    """Saint-Lô (50502) is not in the table of 2022: a bureau there without null votes voted on paper all the same."""
    assert "50502" not in {commune.insee for commune in machine_communes(2022)}
    cli("simulate", tmp_path / "n", "--communes", "77513,34324", "--faults", "none")
    text = (tmp_path / "n" / "publie.txt").read_text(encoding="latin-1")
    elsewhere = text.replace("\n34;", "\n50;").replace(";324;", ";502;")
    assert elsewhere != text
    machines = tmp_path / "m.csv"
    machines.write_text("bureau;insee;commune\n0002;77513;Villenoy\n0001;50502;\n")  # as a spreadsheet writes it
    cases: tuple[tuple[str, list[str | Path], int, str], ...] = (
        ("pr22_t1.txt", [], 3, "those without null votes in the machine communes of 2022"),
        ("pr22_t1.txt", ["--machines", machines], 2, f"those of {machines}"),
        ("legislatives_2022_t1.txt", [], 6, "all those without null votes"),
        ("pr12_t1.txt", [], 6, "all those without null votes"),
    )
    for name, options, count, chosen in cases:
        (tmp_path / name).write_text(elsewhere, encoding="latin-1")
        cli("replay", tmp_path / name, tmp_path / "r", *options, "--force")
        assert f" {count} voted on a machine" in " ".join(cli.said.split())
        assert f"Machine bureaux: {chosen}." in cli.said


@pytest.mark.check(18)
@pytest.mark.parametrize(("round_", "votes", "date"), [(1, "1,000,558", "2017-04-23"), (2, "940,910", "2017-05-07")])
def test_replay_of_the_real_machine_bureaux(
    tmp_path: Path, cli: CommandLine, real_data: Path, round_: int, votes: str, date: str
) -> None:
    published = real_data / f"REBUILT_PR17_BVot_T{round_}_machines.txt"
    cli("replay", published, tmp_path / "n")
    said = cli.out
    assert "1,377 voted on a machine" in " ".join(said.split())
    assert "Machine bureaux: those without null votes in the machine communes of 2017." in said
    assert f"{votes} votes" in said
    assert f"presidentielle-2017, {date}, round {round_}" in said
    assert len(list((tmp_path / "n" / "exports").iterdir())) == 1377
