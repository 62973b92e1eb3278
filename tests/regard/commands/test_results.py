"""`regard results` as a person uses it."""

import json
import re
from pathlib import Path

import pytest

from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text
from tests.verify.feed import feeds
from tests.verify.night_builder import small_night
from tests.verify.published import samples
from tests.verify.read.tables_as import zipped


@pytest.fixture
def paris(tmp_path: Path) -> Path:
    path = put_text(tmp_path / "paris.csv", samples.PARIS.replace("1900/01/12", "12"))
    return path


def test_says_what_a_file_holds(paris: Path, cli: CommandLine) -> None:
    cli("results", paris)
    said = cli.said
    assert "the city's data, as Paris publishes it, level: bureau, « Présidentielle" in said
    assert "« Présidentielle 2017 2017/04/23 tour 1 », 2 rows read: all sums hold" in said
    assert "registered voters 490" in said
    assert "de_l_etang_anne 228" in said
    assert "votes found and signatures differ in 1 row of 2: 0 with more votes, 1 with fewer" in said


def test_in_french(paris: Path, cli: CommandLine) -> None:
    cli("results", paris, "--lang", "fr")
    assert "émargements diffèrent dans 1 ligne sur 2" in cli.said


@pytest.mark.parametrize(
    ("sample", "change", "said"),
    [
        (
            "CITY_TIDY",
            ("400,100,300", "1400,100,300"),
            "abstentions : 100 (ligne 2) ; le calcul donne 1 100 (inscrits - votants)",
        ),
        (
            "PRESIDENTIAL",
            ("65,28", "65,27"),
            "0001 (ligne 2) : DE L'ÉTANG Anne voix/exprimés au résultat publié : « 65,27 »",
        ),
        ("PRESIDENTIAL", ("65,28", "65,27"), "les chiffres donnent 65,28."),
        ("CITY_TIDY", ("400,100,300", "12400,100,300"), "inscrits 12 "),
    ],
)
def test_figures_and_sums_in_french(cli: CommandLine, sample: str, change: tuple[str, str], said: str) -> None:
    path = new_file("t.csv", getattr(samples, sample).replace(*change))
    cli("results", path, "--lang", "fr", code=None)
    assert said in cli.said


def test_differences_in_french(tmp_path: Path, cli: CommandLine) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    put_text(one, samples.RESEARCHERS)
    put_text(other, samples.RESEARCHERS_COMMUNES.replace("228,138", "2227,138"))
    cli("results", "--compare", one, other, "--lang", "fr", code=1)
    assert "département : 1 chiffre diffère, dans 1 des" in cli.said
    assert "01004 Ambérac : DE L'ÉTANG 228 / 2 227 (+1 999) [lignes - / 2]" in cli.said


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("400,100,300", "400,101,300"), 1, "abstentions: 101 (row 2); the sum gives 100 (registered - voters)"),
        (
            ("400,100,300,12,0,288,188,100", "400,400,0,0,0,0,0,0"),
            1,
            "400 registered voters and not one vote published",
        ),
        (("400,100", "x,100"), 1, "row 2, column inscrits: expected a whole number from 0 up, or nothing, got “x”"),
    ],
)
def test_what_does_not_fit_is_told_and_ends_with_1(
    cli: CommandLine, change: tuple[str, str], code: int, said: str
) -> None:
    path = new_file("t.csv", samples.CITY_TIDY.replace(*change))
    cli("results", path, code=code)
    assert said in cli.said


def test_a_percentage_is_a_warning(cli: CommandLine) -> None:
    path = new_file("t.txt", samples.PRESIDENTIAL.replace("65,28", "65,27"))
    cli("results", path)
    assert "Séranon-sur-Mer 0001 (row 2): Published DE L'ÉTANG Anne votes by choice/valid votes: “65,27”" in cli.said
    assert "the counts give 65.28." in cli.said
    assert "all sums hold; 1 percentage is not its ratio" in cli.said


def test_as_json(paris: Path, tmp_path: Path, cli: CommandLine) -> None:
    cli("results", paris, "--json", "-")
    out, err = (cli.out, cli.err)
    (result,) = json.loads(out)["results"]
    assert result["layout"] == "city-paris"
    assert result["totals"]["registered"] == 490
    assert result["totals"]["abstentions"] is None
    assert result["choices"] == {"de_l_etang_anne": 228, "petit_luc": 138}
    assert result["both_counts"] == {"units": 2, "more": 0, "fewer": 1}
    assert len(result["sha256"]) == 64
    assert "as Paris publishes it" in err
    target = tmp_path / "out.json"
    cli("results", paris, "--json", target)
    assert json.loads(target.read_bytes()) == json.loads(out)


def test_two_files_side_by_side(tmp_path: Path, cli: CommandLine) -> None:
    one, other, target = tmp_path / "one.csv", tmp_path / "other.csv", tmp_path / "c.json"
    put_text(one, samples.RESEARCHERS)
    put_text(other, samples.RESEARCHERS_COMMUNES.replace("228,138", "227,138"))
    cli("results", "--compare", one, other, "--json", target, code=1)
    assert "commune: 1 figure differs, in 1 of the 3 rows that both files have" in cli.said
    assert "01004 Ambérac: DE L'ÉTANG 228 / 227 (-1) [rows - / 2]" in cli.said
    levels = json.loads(target.read_bytes())["compared"]
    assert [level["level"] for level in levels] == ["commune", "departement", "region", "nation"]
    assert levels[0]["differences"] == [
        {
            "place": "01004",
            "commune": "Ambérac",
            "field": "DE L'ÉTANG",
            "left": 228,
            "right": 227,
            "left_row": None,
            "right_row": 2,
        }
    ]
    assert [level["differing_cells"] for level in levels] == [1, 1, 1, 1]


def test_equal_files_end_with_0(paris: Path, cli: CommandLine) -> None:
    cli("results", "--compare", paris, paris)


def test_files_without_a_place_in_common_end_with_1(paris: Path, cli: CommandLine) -> None:
    brest = new_file("brest.csv", samples.BREST)
    cli("results", "--compare", paris, brest, code=1)
    assert "bureau: 0 figures differ, in 0 of the 0 rows that both files have" in cli.said
    assert "only in the first: 2" in cli.said


def test_files_that_cannot_be_compared_end_with_2(paris: Path, cli: CommandLine) -> None:
    other = new_file("other.csv", samples.CITY_TIDY.replace("DE L'ÉTANG,PETIT", "X,Y"))
    cli("results", "--compare", paris, other, code=2)
    assert "no choice in common" in cli.err


@pytest.mark.parametrize("arguments", [[], ["a", "--compare", "b", "c"]])
def test_wrong_usage_ends_with_2(arguments: list[str], cli: CommandLine) -> None:
    cli("results", *arguments, code=2)
    assert "--compare A B" in cli.err


def test_what_cannot_be_read_ends_with_2_and_the_rest_is_told(paris: Path, cli: CommandLine) -> None:
    other = new_file("other.csv", "Ort;Stimmen\n")
    cli("results", other, paris, code=2)
    out, err = (cli.out, cli.err)
    assert "no known layout" in err
    assert "as Paris publishes it" in out


def test_a_member_that_is_no_table_and_a_total_are_named(tmp_path: Path, cli: CommandLine) -> None:
    path = tmp_path / "resultats.zip"
    wall = """Commune;N° bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA;CURIE
Essai;0001;1012;702;10;0;692;400;292
Essai;0002;998;800;1;0;799;500;299
TOTAL;;2010;1502;11;0;1491;900;591
"""
    path.write_bytes(zipped({"LISEZMOI.txt": b"bonjour", "mur.csv": wall.encode()}))
    cli("results", path, code=1)
    said = "".join(cli.out.split())  # paths are long, and may be broken
    assert f"{path}›LISEZMOI.txt,row1,columnbureau:expectedcolumns" in said
    assert f"{path}›mur.csvrow4isatotal(TOTAL)andnobureau" in said


def test_a_file_cannot_rewrite_the_screen(cli: CommandLine) -> None:
    path = new_file("t.csv", samples.CITY_TIDY.replace("PETIT", "PE\x1b[2JTIT").replace("0001,400", "0001,\x1b]0;x"))
    cli("results", path, code=1)
    assert "\x1b" not in cli.out


def test_the_files_of_a_folder_and_what_is_none(tmp_path: Path, paris: Path, cli: CommandLine) -> None:
    note = put_text(tmp_path / "note.txt", "no table")
    cli("results", tmp_path, code=1)
    assert "the city's data, as Paris publishes it" in cli.said
    assert "expected a known layout" in cli.said
    paris.unlink()
    cli("results", tmp_path, code=2)
    assert "no results in this folder" in cli.complained
    note.unlink()
    cli("results", tmp_path, code=2)
    assert "no results of the ministry's feed in this folder (0 XML files)" in cli.complained


def test_a_folder_of_the_night_feed(tmp_path: Path, cli: CommandLine) -> None:
    files = feeds.new_feed()
    files["48/R148COM.xml"] = files["48/R148COM.xml"].replace(b">390<", b">391<")
    folder = feeds.written(files, tmp_path / "feed")
    cli("results", folder, "--verbose", "--lang", "fr", "--json", tmp_path / "a.json", code=1)
    said = cli.said
    assert "flux du ministère pendant la nuit, niveau : commune, « Législatives 2022, tour 1 », 5 lignes" in said
    assert "lues : 1 ligne ne tombe pas juste : " in said
    assert " 7 fichiers" in said
    assert "PETIT Luc : 470 (ligne" in said
    document = json.loads((tmp_path / "a.json").read_text("utf-8"))
    tables = document["results"]
    assert [table["level"] for table in tables] == ["commune", "circonscription", "departement", "nation"]
    assert all(len(file["sha256"]) == 64 for table in tables for file in table["files"])
    wrong = [(flaw["code"], flaw["file"]) for table in tables for flaw in table["findings"]]
    assert ("T304", str(folder / "48/R148.xml")) in wrong


def test_a_place_without_figures_takes_no_total_away(tmp_path: Path, cli: CommandLine) -> None:
    files = feeds.new_feed()
    name = "2A/R12ACIR.xml"
    parts = files[name].split(b"<Circonscription>")
    parts[2] = re.sub(rb"<(Nombre|NbVoix)>[0-9]+<", rb"<\1><", parts[2])
    files[name] = b"<Circonscription>".join(parts)
    folder = feeds.written(files, tmp_path / "feed")
    cli("results", folder, "--verbose", "--json", tmp_path / "all.json", code=None)
    assert "votes found 2,070 (of 2 rows of 3)" in cli.said
    assert "DURAND Anne 990 (of 2 rows of 3)" in cli.said
    results = json.loads((tmp_path / "all.json").read_text())["results"]
    [table] = [each for each in results if each["level"] == "circonscription"]
    assert table["totals"]["votes_found"] is None
    assert {"field": "votes_found", "total": 2070, "units": 2, "of": 3} in table["partial"]


@pytest.mark.parametrize("name", ["CITY_TIDY", "ROWS_2012"])
def test_problems_beyond_the_cap_are_counted(
    tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("verify.read.rows.MAX_PROBLEMS", 2)
    path = tmp_path / "many.csv"
    if name == "CITY_TIDY":
        row = samples.CITY_TIDY.splitlines()[1].replace("400,100,300", "a,b,c")
        put_text(path, "\n".join([samples.CITY_TIDY.splitlines()[0], *[row] * 10]))
    else:  # a choice again and again, which only the layout with a row for each choice can tell
        path.write_text("\n".join([*samples.ROWS_2012.splitlines()[:1] * 31, *samples.ROWS_2012.splitlines()[1:]]))
    cli("results", path, "--json", tmp_path / "all.json", code=1)
    assert "30 problems in reading" in cli.said
    assert json.loads((tmp_path / "all.json").read_text())["results"][0]["problem_count"] == 30


def test_compared_by_the_names_of_communes_where_there_are_no_codes(tmp_path: Path, cli: CommandLine) -> None:
    header = "Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA;CURIE\n"
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    put_text(one, header + "Étang;1;1000;700;10;0;690;400;290\nÉtang;2;1000;650;10;0;640;340;300\n")
    put_text(other, header + "ETANG;1;1000;700;10;0;690;401;289\nETANG;3;1000;650;10;0;640;340;300\n")
    cli("results", "--compare", one, other, code=1)
    shown = cli.out
    assert "ZOLA 400 / 401" in shown
    assert "etang/2" in shown
    assert "etang/3" in shown


def test_communes_without_codes_are_compared_with_those_of_that_name(tmp_path: Path, cli: CommandLine) -> None:
    named, coded = tmp_path / "named.csv", tmp_path / "coded.csv"
    put_text(named, "Commune;Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA;CURIE\nÉtang;1000;700;10;0;690;400;290\n")
    columns = "Code INSEE;Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA;CURIE\n"
    put_text(coded, f"{columns}71192;ETANG;1;600;400;5;0;395;200;195\n71192;ETANG;2;400;300;5;0;295;201;94\n")
    cli("results", "--compare", named, coded, code=1)
    assert "71192 Étang: ZOLA 400 / 401" in cli.said
    assert "only in the first" not in cli.said


def test_of_the_folder_of_a_night_it_is_said_what_to_do(cli: CommandLine) -> None:
    night = small_night().write()
    put_text(night / "page.html", "<!DOCTYPE html><html></html>")
    cli("results", night, code=2)
    expected = f"regard results: {night}: the folder of a night: give the results in it, or regard verify {night}\n"
    assert cli.err == expected


def test_compared_files_say_where_most_changed(tmp_path: Path, cli: CommandLine) -> None:
    rows = [
        "departement,inscrits,votants,blancs,exprimes,A,B",
        "01,9,8,0,8,3,5",
        "69,99,80,0,80,50,30",
        "2A,9,4,0,4,4,0",
    ]
    changed = [rows[0], "01,9,8,0,8,4,4", "69,99,80,0,80,20,60", rows[3]]
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    for path, lines in ((one, rows), (other, changed)):
        put_text(path, "\n".join(lines) + "\n")
    targets = {option: tmp_path / f"moved.{option}" for option in ("csv", "xlsx", "svg", "json")}
    written = [word for option, path in targets.items() for word in (f"--{option}", str(path))]
    for _ in range(2):  # and again over its own files
        cli("results", "--compare", one, other, *written, code=1)
    assert "Rhône changes most: 2 figures, 60 in all; then Ain (2)" in cli.out
    assert targets["csv"].read_text("utf-8").splitlines() == [
        "code,place,rows,figures,difference,alone",
        "69,Rhône,1,2,60,0",
        "01,Ain,1,2,2,0",
    ]
    assert json.loads(targets["json"].read_bytes())["by_place"][0]["place"] == "Rhône"
    assert b">Rh\xc3\xb4ne</text>" in targets["svg"].read_bytes()
    assert targets["xlsx"].read_bytes().startswith(b"PK")
    cli("results", one, "--csv", targets["csv"], code=2)


def test_rows_that_one_file_lacks_are_said_first(tmp_path: Path, cli: CommandLine) -> None:
    """The sums of higher levels are of what both files have: of the nation they would show no difference."""
    rows = ["departement,inscrits,votants,blancs,exprimes,A,B", "01,9,8,0,8,3,5", "69,99,80,0,80,50,30"]
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    put_text(one, "\n".join(rows) + "\n")
    put_text(other, "\n".join(rows[:2]) + "\n")
    moved = tmp_path / "moved.csv"
    cli("results", "--compare", one, other, "--csv", moved, code=1)
    assert "1 row is in the first file only, 0 in the second only: Rhône (1). It is not in the sums below." in cli.said
    assert moved.read_text("utf-8").splitlines()[1:] == ["69,Rhône,0,0,0,1"]


def test_regions_are_named(tmp_path: Path, cli: CommandLine) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    head = "Code de la région;Inscrits;Votants;Exprimés;Nom;Voix\n"
    put_text(one, f"{head}84;400;300;288;DURAND;288\n94;90;80;78;DURAND;78\n")
    put_text(other, f"{head}84;401;300;288;DURAND;288\n94;90;80;78;DURAND;78\n")
    cli("results", "--compare", one, other, "--lang", "fr", code=1)
    assert "Auvergne-Rhône-Alpes" in cli.out


OWN_LAYOUT = """name = "x"
title = "X"
country = "fr"
needs = ["Lieu"]
[place]
commune_code = "Ville"
station = "Lieu"
[counts]
registered = "Roll"
votes_found = "Found"
valid = "Good"
[choices]
from = "Un"
"""


FOREIGN_LAYOUT = """name = "x"
title = "X"
country = "xx"
level = "commune"
needs = ["Town", "Valid"]
checks = ["valid = votes", "valid <= registered"]
place.commune = "Town"
totals.Town = "Sum"
counts = { valid = "Valid", registered = "Roll" }
choices = { from = "A" }
"""


@pytest.mark.parametrize(
    ("language", "wrong", "checked", "same", "total", "holds"),
    [
        (
            "en",
            "commune, 3 rows read: 1 row does not add up: b (row 3); 1 total is not the sum of its rows",
            "valid votes <= registered voters: compared in 0 rows of 3",
            "1 row has the place of another row, and is counted beside it: a (row 4)",
            "(“Sum”, of 2 rows of 3)",
            "no sum could be checked",
        ),
        (
            "fr",
            "commune, 3 lignes lues : 1 ligne ne tombe pas juste : b (ligne 3) ; 1 total n'est pas la somme",
            "exprimés <= inscrits : comparé sur 0 ligne de 3",
            "1 ligne a le même lieu qu'une autre, et est comptée avec elle : a (ligne 4)",
            "(« Sum », de 2 lignes sur 3)",
            "aucune somme n'a pu être contrôlée",
        ),
    ],
)
def test_the_sums_of_a_foreign_file(
    tmp_path: Path,
    cli: CommandLine,
    language: str,
    wrong: str,
    checked: str,
    same: str,
    total: str,
    holds: str,
) -> None:
    layout, path = tmp_path / "mine.toml", tmp_path / "a.csv"
    put_text(layout, FOREIGN_LAYOUT)
    put_text(path, "Town,Roll,Valid,A,B\na,,3,1,2\nb,,9,1,4\na,,1,1,\nSum,,13,3,7\n")
    given = ("results", path, "--layout", layout, "--verbose", "--lang", language)
    cli(*given, code=1)
    assert all(each in cli.said for each in (wrong, checked, same, total)), cli.said
    put_text(path, "Town,Roll,Valid,A,B\na,,,1,2\n")
    cli(*given, "--json", tmp_path / "a.json", code=None)
    assert holds in cli.said
    [result] = json.loads((tmp_path / "a.json").read_text("utf-8"))["results"]
    assert [(each["rows"], each["of"]) for each in result["checked"]] == [(0, 1), (0, 1)]


def test_a_station_that_is_a_column_is_called_one(tmp_path: Path, cli: CommandLine) -> None:
    layout, path = tmp_path / "mine.toml", tmp_path / "a.csv"
    text = FOREIGN_LAYOUT.replace("needs", "turned = { labels = 1, first = 2 }\nneeds")
    put_text(layout, text.replace('from = "A"', 'columns = ["A", "B"]'))
    put_text(path, "Town,a,b\nRoll,5,5\nValid,3,x\nA,1,3\nB,2,2\n")
    cli("results", path, "--layout", layout, code=1)
    assert "column 3, Valid: expected a whole number from 0 up, or nothing, got “x”" in cli.said


def test_a_percentage_of_another_country_that_is_off_ends_with_1_and_a_station_is_no_commune(
    tmp_path: Path, cli: CommandLine
) -> None:
    layout, left, right = (tmp_path / name for name in ("x.toml", "a.csv", "b.csv"))
    text = 'name = "x"\ntitle = "X"\ncountry = "xx"\nneeds = ["Unit"]\nplace.station = "Unit"\ncounts.valid = "Valid"\n'
    put_text(layout, text + 'choices = { columns = ["A"], percentages = { "votes/valid" = "/(.) %/" } }\n')
    put_text(left, "Unit,Valid,A,A %\n7,3,1,33.33\n8,3,,\n")
    put_text(right, "Unit,Valid,A,A %\n7,3,2,33.33\n8,3,,\n")
    cli("results", left, "--layout", layout, "--json", tmp_path / "a.json", code=0)
    [result] = json.loads((tmp_path / "a.json").read_text("utf-8"))["results"]
    assert (result["choices"], result["totals"]["valid"]) == ({"A": None}, 6)
    assert result["partial"] == [{"field": "A", "total": 1, "units": 1, "of": 2}]
    cli("results", right, "--layout", layout, code=1)
    cli("results", "--compare", left, right, "--layout", layout, code=1)
    assert "all of it in polling place 7" in cli.said


def test_a_layout_of_ones_own_reads_a_folder_and_a_night(tmp_path: Path, cli: CommandLine) -> None:
    layout, folder, pv = tmp_path / "mine.toml", tmp_path / "results", tmp_path / "pv.csv"
    put_text(layout, OWN_LAYOUT)
    folder.mkdir()
    for name in ("a", "b"):
        put_text(folder / f"{name}.csv", f"Ville;Lieu;Roll;Found;Good;Un\n29019;{name}1;400;300;288;288\n")
    put_text(folder / "notes.txt", "nothing of use\n")
    cli("results", folder, "--layout", layout, "--verbose", code=1)
    said = cli.said
    assert said.count("all sums hold") == 2
    assert "a table of the layout x, got no row with the headers Lieu" in said
    put_text(pv, "insee,bureau,inscrits,votes_trouves,exprimes\n29019,a1,400,299,288\n")
    for published in (folder / "a.csv", folder):
        given = ["verify", "--pv", str(pv), "--published", str(published), "--lang", "en"]
        cli(*given, "--layout", layout, code=1)
        said = cli.said
        assert "bureau a1: votes found, 300 in the published result and 299 in the PV: read both again" in said
    cli(*given, "--layout", tmp_path / "none.toml", code=2)
    (folder / "notes.txt").rename(tmp_path / "notes.txt")
    cli("results", tmp_path / "notes.txt", "--layout", layout, code=2)


def test_editions_of_another_country_are_compared(tmp_path: Path, cli: CommandLine) -> None:
    layout, one, other = (tmp_path / name for name in ("mine.toml", "one.csv", "other.csv"))
    put_text(
        layout,
        'name = "x"\ntitle = "X"\ncountry = "xx"\nneeds = ["Unit"]\n[place]\nstation = "Unit"\nregion = "Land"\n'
        '[counts]\nspecial = "Special"\n[choices]\nfrom = "A"\n',
    )
    put_text(one, "Land,Unit,Special,A,B\nN,1,7,1,2\nS,2,8,3,4\n")
    put_text(other, "Land,Unit,Special,A,B\nN,1,7,1,2\nS,2,9,3,5\n")
    cli("results", "--compare", one, other, "--layout", layout, code=1)
    assert "all of it in S: 2 figures, 2 in all" in cli.out
    assert "special 8 / 9" in cli.out
