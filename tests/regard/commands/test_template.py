"""`regard template`: tables that open in a spreadsheet, are filled in, and come back as evidence."""

import csv
import io
from hashlib import sha256
from pathlib import Path

import pytest

from regard.commands.checking import template
from regard.office.rows_of_bureaux import CellsRefused
from regard.office.town_list import read_town
from tests.regard.calling import CommandLine
from tests.sources import put_text
from tests.verify.night_builder import CHOICES, INSEE, findings, input_of, loaded, small_night
from verify import audit
from verify.model.use import OURS
from verify.read.tables import headers


def rows(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # so that a spreadsheet takes it for UTF-8
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    folder = tmp_path / "night"
    small_night().write(folder)
    return folder


def test_empty_tables_in_the_order_of_the_pv(tmp_path: Path, cli: CommandLine) -> None:
    cli("template", tmp_path / "new" / "folder", "--lang", "fr")
    folder = tmp_path / "new" / "folder"
    assert sorted(path.name for path in folder.iterdir()) == ["LISEZMOI.txt", "emargements.csv", "pv.csv", "voix.csv"]
    assert [len(rows(folder / name)) for name in ("emargements.csv", "pv.csv", "voix.csv")] == [1, 1, 1]
    assert tuple(rows(folder / "pv.csv")[0]) == (
        *template.PLACE, *template.HOURS, *template.COUNTS, *template.REMARKS,
    )  # fmt: skip
    assert "regard verify" in cli.out
    assert "voix.csv" in cli.out


@pytest.mark.parametrize(("language", "name", "word"), [("fr", "LISEZMOI.txt", "écart"), ("en", "README.txt", "gap")])
def test_one_text_explains_them(tmp_path: Path, language: str, name: str, word: str, cli: CommandLine) -> None:
    cli("template", tmp_path, "--lang", language, "--wide")
    text = (tmp_path / name).read_text(encoding="utf-8-sig")
    assert word in text
    assert "@" not in text
    assert "voix.csv" not in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", ["pv.csv", "LISEZMOI.txt"])
def test_nothing_is_overwritten(tmp_path: Path, name: str, cli: CommandLine) -> None:
    put_text(tmp_path / name, "mine")
    assert f"{name} existe déjà" in cli("template", tmp_path, "--lang", "fr", code=2)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text("utf-8") == "mine"


def test_a_link_that_leads_nowhere_is_there_as_well(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "pv.csv").symlink_to(tmp_path / "elsewhere")
    assert "is a link" in cli("template", tmp_path, code=2)
    assert not (tmp_path / "elsewhere").exists()


def test_the_bureaux_and_choices_of_lists_are_filled_in(tmp_path: Path, night: Path, cli: CommandLine) -> None:
    lists = ("--univers", str(night / "univers.csv"), "--choix", str(night / "choix.csv"))
    cli("template", tmp_path / "long", *lists)
    listed = [row[:3] for row in rows(tmp_path / "long" / "pv.csv")[1:]]
    assert [INSEE, "Essai-sur-Marne", "0001"] in listed
    assert len(listed) == 5
    assert not any(cell for row in rows(tmp_path / "long" / "pv.csv")[1:] for cell in row[3:])  # no figure of the list
    votes = rows(tmp_path / "long" / "voix.csv")[1:]
    assert [row[3] for row in votes if row[:3] == [INSEE, "Essai-sur-Marne", "0001"]] == list(CHOICES)
    cli("template", tmp_path / "wide", *lists, "--wide")
    assert set(CHOICES) < set(rows(tmp_path / "wide" / "pv.csv")[0])
    assert not (tmp_path / "wide" / "voix.csv").exists()


def test_several_polls_have_a_row_each(tmp_path: Path, cli: CommandLine) -> None:
    folder = tmp_path / "night"
    small_night(polls=2).write(folder)
    lists = ("--univers", str(folder / "univers.csv"), "--choix", str(folder / "choix.csv"))
    cli("template", tmp_path / "new", *lists)
    table = rows(tmp_path / "new" / "emargements.csv")
    assert table[0][3] == "Scrutin"
    assert [row[3] for row in table[1:3]] == ["1", "2"]


@pytest.mark.parametrize("wide", [False, True])
def test_filled_in_it_is_read_without_a_problem(tmp_path: Path, night: Path, wide: bool, cli: CommandLine) -> None:
    lists = ("--univers", str(night / "univers.csv"), "--choix", str(night / "choix.csv"))
    folder = tmp_path / "new"
    cli("template", folder, *lists, *["--wide"] if wide else [])
    table = rows(folder / "pv.csv")
    counts = ["9", "1", "5", "6", "1", "0", "5"]
    start = table[0].index("Inscrits")
    for row in table[1:]:
        row[start - 2 : start] = ["08:00", "19h00"]
        for index, name in enumerate(table[0][start:], start):
            if name in template.COUNTS:
                row[index] = counts[template.COUNTS.index(name)]
            elif name in template.REMARKS:
                row[index] = ("RAS", "3")[template.REMARKS.index(name)]
            else:
                row[index] = "5" if name in (CHOICES[0], "SAND George") else ""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(table)
    (folder / "pv.csv").write_text(out.getvalue(), encoding="cp1252")  # as a French spreadsheet saves it
    evidence = loaded(folder)
    assert evidence.problems == []
    assert evidence.records is not None
    assert evidence.records["votes_found"].values.ravel().tolist() == [6] * 5
    assert (evidence.votes is not None) == wide
    assert evidence.signatures is None  # emargements.csv was left as it was written
    gaps = findings(audit.run(evidence), "R201")
    assert len(gaps) == 5
    assert gaps[0].right.source == "pv.csv:2 [page 3]"


def test_published_results_are_a_list_as_well(tmp_path: Path, night: Path, cli: CommandLine) -> None:
    cli("template", tmp_path / "new", "--univers", night / "publie.txt")
    assert [row[2] for row in rows(tmp_path / "new" / "pv.csv")[1:]] == [
        bureau.code for bureau in template.read_bureaux(night / "publie.txt")
    ]


def test_a_list_that_is_none(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "list").write_bytes(b"\x89PNG")
    cli("template", tmp_path / "new", "--univers", tmp_path / "list", code=2)
    assert not (tmp_path / "new").exists()


def test_names_that_a_spreadsheet_would_run_stay_text_and_come_back(
    tmp_path: Path, night: Path, cli: CommandLine
) -> None:
    listed = (night / "univers.csv").read_text("utf-8").replace("Essai-sur-Marne", "=1+1")
    put_text(tmp_path / "u.csv", listed)
    cli("template", tmp_path / "new", "--univers", tmp_path / "u.csv")
    assert rows(tmp_path / "new" / "pv.csv")[1][1] == " =1+1"
    assert template.read_bureaux(tmp_path / "new" / "pv.csv")[0].commune == "=1+1"


def test_every_header_of_the_tables_is_known() -> None:
    for name in (*template.PLACE, *template.HOURS, *template.COUNTS, *template.SIGNATURES, *template.VOTES):
        assert headers.meaning_of(name), name
    assert headers.meaning_of("Observations") == "observations"
    assert headers.is_page("Page")


def test_its_own_text_is_no_file_that_was_not_read(tmp_path: Path, cli: CommandLine, language: str) -> None:
    night = small_night().write()
    cli("template", tmp_path / "new", "--lang", language)
    [text] = (tmp_path / "new").glob("*.txt")
    (night / "à lire.txt").write_bytes(text.read_bytes())  # known by its content, not by its name
    put_text(night / "lettre.txt", "Bonjour")
    put_text(night / "report.csv", "code,severity,level,insee,bureau,\n")
    put_text(night / "report.html", '<!doctype html>\n<html lang="fr" id="regard-report">')
    found = {used.path: used for used in loaded(night).inputs}
    assert {path for path, used in found.items() if used.unread} == {"lettre.txt"}
    assert {path for path, used in found.items() if used.kind == OURS} == {"à lire.txt", "report.csv", "report.html"}
    assert found["à lire.txt"].sha256 == sha256(text.read_bytes()).hexdigest()
    assert "template" in str(found["à lire.txt"].why)
    cli("verify", night, "--lang", language, code=None)
    none = {"fr": "3 fichiers écrits par regard, qui ne sont pas des pièces", "en": "3 files written by regard"}
    one = {"fr": "1 fichier non lu : lettre.txt.", "en": "1 file not read: lettre.txt."}
    assert none[language] in cli.said
    assert one[language] in cli.said
    given = input_of(loaded(night, files=(text,)), str(text))
    assert not given.unread


@pytest.mark.parametrize(("language", "word"), [("fr", "supposée"), ("en", "assumed")])
def test_a_list_to_plan_is_read_when_it_is_filled_in(
    tmp_path: Path, night: Path, language: str, word: str, cli: CommandLine
) -> None:
    folder = tmp_path / "plan"
    cli("template", folder, "--plan", "--lang", language, "--univers", night / "univers.csv")
    empty = rows(folder / "bureaux.csv")
    assert len(empty) > 1
    assert len(list(folder.iterdir())) == 2
    [explained] = [path.read_text(encoding="utf-8-sig") for path in folder.iterdir() if path.suffix == ".txt"]
    assert word in explained
    with pytest.raises(CellsRefused) as refused:
        read_town(folder / "bureaux.csv", (8, 19))
    first, more = str(refused.value).split("\n")
    assert "row 2, column Inscrits: expected a whole number from 0 to 10000, found nothing" in first
    assert more == f"{len(empty) - 2} more cells are wrong"
    filled = [empty[0], *([*row[:3], "900", "1", "1", "8h", "19h"] for row in empty[1:])]
    text = "\n".join(";".join(row) for row in filled)
    (folder / "bureaux.csv").write_text(text, encoding="utf-8-sig")
    found = read_town(folder / "bureaux.csv", (8, 19))
    assert [each.bureau.code for each in found.bureaux] == [row[2] for row in empty[1:]]
    assert found.assumptions == found.source.unused == ()


def test_nor_where_all_files_of_the_folder_were_given(
    tmp_path: Path, cli: CommandLine, night: Path, language: str
) -> None:
    cli("template", tmp_path / "new", "--lang", language)
    [text] = (tmp_path / "new").glob("*.txt")
    report = put_text(tmp_path / "report.csv", "code,severity,level,insee,bureau,\n")
    sheets = [night / name for name in ("pv.csv", "emargements.csv", "voix.csv")]
    found = loaded(files=(*sheets, text, report))
    assert {each.path for each in found.inputs if each.unread} == {str(report)}
    assert {each.path for each in found.inputs if each.kind == OURS} == {str(text), str(report)}
    result = audit.run(found)
    assert [str(report) in str(each.left) for each in findings(result, "I122")] == [True]
    command = ["verify", *map(str, (*sheets, text)), "--lang", language]
    cli(*command, "--columns")
    cli(*command, "--fail-on", "error")
    assert text.name in cli.out
