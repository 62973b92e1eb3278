"""`regard verify --columns`, `--map` and `--sheet`: what was taken for what, in the user's words."""

from pathlib import Path

import pytest

from protocol.words import languages
from regard.language import show
from tests.regard.calling import CommandLine
from tests.regard.test_verify_night import as_json, plain_environment
from tests.sources import new_file, put_text
from tests.verify.night_builder import small_night
from tests.verify.published import samples
from tests.verify.read.test_sheets import BOOK, write
from verify.model.labels import field_label
from verify.read.tables.asked import MEANINGS, known_meanings, parse_meanings

__all__ = ["plain_environment"]  # a fixture

TABLE = "Commune;Bureau;Inscrits;Émargements;Bidule;Blancs;Exprimés\nEssai;0001;1000;700;702;10;692\n"


@pytest.fixture
def table() -> Path:
    path = new_file("pv.csv", TABLE)
    return path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("language", "signatures", "left"),
    [
        ("fr", "Émargements émargements Bidule", "non comprise : « Bidule »"),
        ("en", "Émargements signatures Bidule", "not understood: « Bidule »"),
    ],
)
def test_columns(table: Path, cli: CommandLine, language: str, signatures: str, left: str) -> None:
    cli("verify", "--pv", table, "--columns", "--lang", language)
    out = cli.said
    assert signatures in out
    assert left in out
    assert "I113" not in out  # nothing was checked


@pytest.mark.parametrize("language", languages())
def test_what_a_column_can_be_is_said_in_words_that_are_understood(language: str) -> None:
    """Words of the language, not names of the code; and what is said to be possible can be typed."""
    for meaning in MEANINGS:
        label = show(language, field_label(meaning))
        assert parse_meanings((f"Bidule={label}",))["bidule"].meaning == meaning
        assert "_" not in label
    assert show("fr", field_label("departement")) == "département"
    assert show("fr", known_meanings()).startswith("inscrits, émargements, votes trouvés, ")


def test_columns_of_what_is_not_used(tmp_path: Path, table: Path, cli: CommandLine) -> None:
    other = put_text(tmp_path / "other.csv", "Bidule;Machin\n1;2\n")
    cli("verify", "--pv", other, "--columns", code=2)
    cli("verify", "--pv", table, "--pv", other, "--columns", code=1)
    assert "other.csv not used" in cli.said.replace(str(tmp_path) + "/", "")
    cli("verify", "--pv", write(BOOK), "--columns", "--lang", "fr")
    assert "[Émargements] émargements" in cli.said
    assert "[Notes] non utilisé" in cli.said


def test_that_nothing_can_be_compared_is_said_first(
    table: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")  # a line a sentence
    cli("verify", "--pv", table, code=1)
    out = cli.out
    assert out.startswith(f"Votes and signatures cannot be compared: no column of votes found in {table}.\n")
    assert "Votes and signatures were not compared; in the rest: 1 case" in " ".join(out.split())
    assert '--map "Bidule=votes found"' in out.splitlines()[1]
    cli("verify", "--pv", table, "--map", "Bidule=votes found")
    assert "compared" not in cli.out
    put_text(table, TABLE.replace("Émargements", "Machin"))
    cli("verify", "--pv", table, "--map", "bidule=votes trouvés", "--lang", "fr")
    out = cli.out
    assert out.startswith("Les votes et les émargements ne peuvent pas être comparés : aucune colonne « émargements »")
    cli("verify", "--pv", table, "--lang", "fr", code=1)
    assert "Si c'est l'une d'elles : --map \"…=" in cli.out  # of several none is guessed


@pytest.mark.parametrize("name", ["votants", "Votants", "votes_trouves", "votes trouvés", "votes_found", "voters"])
def test_a_column_is_mapped_by_french_names_as_by_english_ones(table: Path, name: str, cli: CommandLine) -> None:
    document = as_json(cli, "--pv", table, "--map", f"Bidule={name}", "--lang", "fr")
    [sheet] = document["inputs"][0]["sheets"]
    assert {one["header"]: one["taken_for"] for one in sheet["columns"]}["Bidule"] == "votes_found"


def test_of_sign_in_counts_alone_no_verdict_is_given_without_saying_so(cli: CommandLine) -> None:
    """0 errors is only said of what was looked at; a file that is used whole is no error."""
    listed = new_file("liste.csv", "INSEE;Bureau;Inscrits;Émargements\n77001;0001;900;700\n")
    cli("verify", "--emargements", listed, "--lang", "fr")
    out = cli.out
    assert out.startswith("Rien ne peut être comparé : aucune colonne « votes trouvés » dans")
    assert "Rien n'a été comparé ; dans ce qui a été regardé : 0 cas" in " ".join(out.split())
    assert "Rien n'a été comparé." in out
    assert "Dans ce qui a été comparé" not in out


def test_the_report_has_every_sheet_and_column(cli: CommandLine) -> None:
    document = as_json(cli, "--pv", write(BOOK), "--lang", "fr")
    assert document["format_version"] == 5
    [used] = document["inputs"]
    assert {sheet["sheet"]: (sheet["used"], sheet["as"]) for sheet in used["sheets"]} == {
        "PV": ("whole", ["pv", "voix"]),
        "Émargements": ("whole", ["emargements"]),
        "Notes": ("none", []),
    }
    taken = {column["header"]: column["taken_for"] for column in used["sheets"][0]["columns"]}
    assert taken["Votants (d'après le compteur)"] == "votes_found"
    assert taken["ZOLA Émile"] == "choice"


def test_what_makes_no_sense_is_wrong_usage(table: Path, cli: CommandLine) -> None:
    cli("verify", "--pv", table, "--map", "Bidule=truc", code=2)
    assert "« truc » is nothing that can be read; there is registered voters, signatures, votes found, " in cli.err
    for option in (["--map", "A=blank"], ["--sheet", "PV"], ["--columns"]):
        cli("verify", table.parent, table.parent, *option, code=2)
        assert f"{option[0]} goes with one folder only" in cli.err


def test_results_are_shown_as_what_they_were_read(tmp_path: Path, cli: CommandLine) -> None:
    put_text(tmp_path / "publie.csv", samples.TEXTS["city-tidy"])
    cli("verify", "--published", tmp_path / "publie.csv", "--columns")
    assert "publie.csv\n  one row a bureau, one column a choice" in cli.out


def test_no_bytes_of_a_picture_are_shown(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0\x10JFIF\x01\x01" + bytes(range(256)))
    cli("verify", "--published", tmp_path / "a.jpg", code=2)
    assert "got an image, which is not read" in cli.err
    assert "JFIF" not in cli.err


def test_a_column_that_is_known_to_be_no_count_is_not_proposed(tmp_path: Path, cli: CommandLine) -> None:
    put_text(tmp_path / "pv.csv", "Bureau;Votants;Abstentions;% Abs\n1;702;310;30,63\n2;640;100;13,51\n")
    cli("verify", "--pv", tmp_path / "pv.csv", code=None)
    assert cli.out.startswith("Votes and signatures cannot be compared: no column of signatures")
    assert "--map" not in cli.out


def test_a_column_of_which_nothing_can_be_used_is_not_told_as_missing(cli: CommandLine) -> None:
    table = new_file("pv.csv", "Bureau;Émargements;Votes trouvés\n1;a;5\n2;b;6\n")
    cli("verify", "--pv", table, "--fail-on", "never", code=None)
    said = f"Votes and signatures cannot be compared: nothing of the column of signatures in {table} can be used."
    assert said in cli.said


def test_what_any_file_of_a_folder_was_used_as_is_in_the_schema(cli: CommandLine) -> None:
    night = small_night().write()
    tables = ["univers.csv", "choix.csv", "recap.csv", "emargements.csv", "pv.csv", "voix.csv"]
    (night / "recap.csv").write_bytes((night / "pv.csv").read_bytes())
    for name in tables:  # a column that nobody knows makes each of them one that something is said of
        head, *rows = (night / name).read_text("utf-8").splitlines()
        put_text(night / name, "\n".join([f"{head},bidule", *(f"{row},1" for row in rows)]))
    (night / "publie.txt").rename(night / "résultats.txt")
    document = as_json(cli, night, "--fail-on", "never")
    used = {kind for each in document["inputs"] for sheet in each["sheets"] for kind in sheet["as"]}
    assert used == {*(name.removesuffix(".csv") for name in tables), "publie"}


def test_a_file_of_no_layout_is_told_what_each_command_takes(cli: CommandLine, language: str) -> None:
    """`regard results` advised `--map`, which it does not have."""
    path = new_file("results.csv", "Bureau;Truc;Machin\n1;2;3\n")
    cli("results", path, "--lang", language, code=2)
    assert "`regard results … --layout" in cli.err
    assert '`regard verify … --map "…=bureau"`' in cli.err
