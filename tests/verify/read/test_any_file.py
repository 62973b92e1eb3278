"""Files of any name in a folder: each table is read for what it is, and what is not read is named."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.regard.calling import CommandLine
from tests.sources import new_file, new_folder
from tests.verify.night_builder import (
    audited,
    bureaux_with,
    export_file,
    findings,
    grave,
    input_of,
    loaded,
    small_night,
    sources_of,
)
from tests.verify.night_urn_images import FILE, night_with_urn
from tests.verify.published import samples
from tests.verify.read.tables_as import zipped
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.use import Input, NothingReadable, Used

PV = """Commune;Bureau;Inscrits;Émargements;Total du compteur;Blancs;Exprimés;ZOLA Émile;CURIE Marie;Observations
Essai;0001;1000;700;702;10;692;400;292;RAS
Essai;0002;990;650;650;5;645;300;345;RAS
"""
SIGNED = "Bureau;Émargements\n0001;700\n0002;653\n"
WALL = """Commune;Bureau;Inscrits;Votants;Blancs;Exprimés;ZOLA Émile;CURIE Marie
Essai;0001;1000;702;10;692;401;291
Essai;0002;990;650;5;645;300;345
"""
BUREAUX = """insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture
77001,Essai,77,,0001,1000,machine,,
77001,Essai,77,,0002,991,machine,,
"""


def checked(folder: Path, *columns: str) -> Audit:
    return audited(folder, columns=columns)


def checked_pv(text: str) -> Audit:
    """The audit of one table of PVs."""
    return checked(new_folder({"pv.csv": text}))


def used(result: Audit) -> dict[str, Input]:
    return {each.path: each for each in result.inputs}


def kinds(result: Audit) -> dict[str, set[str]]:
    return {each.path: {kind for use in each.sheets for kind in use.kinds} for each in result.inputs}


def book(**sheets: str) -> bytes:
    return samples.workbook({name: text.replace(";", "|") for name, text in sheets.items()})


@pytest.mark.parametrize("form", ["three files", "a zip", "a workbook", "a zip and a file"])
def test_whatever_the_names_and_the_files(form: str) -> None:
    pv, signed = "PV du premier tour.csv", "emargements 2e bureau.csv"
    files: dict[str, dict[str, str | bytes]] = {
        "three files": {pv: PV, signed: SIGNED, "Affichage.csv": WALL},
        "a zip": {"tout.zip": zipped({pv: PV.encode(), signed: SIGNED.encode(), "Affichage.csv": WALL.encode()})},
        "a workbook": {"classeur.xlsx": book(PV=PV, Émargements=SIGNED, Affichage=WALL, Notes="Remarque\nVu;?")},
        "a zip and a file": {"a.zip": zipped({"b.xlsx": book(PV=PV, Affichage=WALL)}), signed: SIGNED},
    }
    result = checked(new_folder(files[form]))
    assert {
        (one.code, one.bureau, one.left.value, one.right.value) for one in findings(result, "R201", "R205", "T301")
    } == {
        ("R205", "0002", 650, 653),
        ("T301", "0001", 291, 292),
        ("T301", "0001", 401, 400),
        ("R201", "0001", 700, 702),
    }
    assert findings(result, "R226", "I113", "I122") == []
    assert set().union(*kinds(result).values()) == {"pv", "emargements", "voix", "publie"}


def test_what_is_not_read_is_named_and_no_error(cli: CommandLine) -> None:
    pages = zipped({"pv.csv": PV.encode(), "lisez.txt": b"bonjour\n"})
    folder = new_folder({"lettre.docx": b"PK", "lisez-moi.txt": "bonjour\n", "tout.zip": pages})
    result = checked(folder)
    found = used(result)
    assert {path: each.used for path, each in found.items()} == {
        "lettre.docx": Used.NONE, "lisez-moi.txt": Used.NONE, "tout.zip": Used.PART,
    }  # fmt: skip
    assert "[lisez.txt] expected columns such as" in str(found["tout.zip"].why)
    assert findings(result, "I113", "I122") == []
    cli("verify", folder, code=1)  # R204: the PVs mention nothing
    with pytest.raises(NothingReadable):
        checked(new_folder({"lisez-moi.txt": "bonjour\n"}))


def test_one_file_names_the_poll_and_another_does_not() -> None:
    head = "Code INSEE;Bureau;Émargements;Votes trouvés"
    files: dict[str, str | bytes] = {
        "a.csv": f"{head};Scrutin\n77001;1;5;6;1\n77001;2;5;6;\n", "b.csv": f"{head}\n77001;3;5;6\n"
    }  # fmt: skip
    result = checked(new_folder(files))
    assert bureaux_with(result, "R201") == ["1", "3"]
    assert sources_of(result, "I113") == ["a.csv:3"]  # where others of the file name theirs


def test_files_named_after_two_rounds() -> None:
    folder = new_folder({"PV T1.csv": PV, "PV second tour.csv": PV.replace(";702;", ";700;")})
    result = checked(folder)
    assert bureaux_with(result, "R201") == ["0001"]
    left = used(result)["PV second tour.csv"]
    assert (left.used, str(left.why)) == (Used.NONE, "of another round, by its name")
    (folder / "PV T1.csv").unlink()
    assert findings(checked(folder), "R201") == []
    night = small_night()
    night.raw["PV T2.csv"] = "INSEE;Bureau;Émargements;Votes trouvés\n77001;0001;1;2\n".encode()
    assert used(night.run())["PV T2.csv"].used is Used.NONE  # of the first round, by election.toml


def test_official_lists_under_other_names() -> None:
    result = checked(new_folder({"bureaux 2022.csv": BUREAUX, "pv.csv": PV}))
    assert result.coverage.source == "bureaux 2022.csv"
    assert [(one.bureau, one.left.value) for one in findings(result, "R211")] == [("0002", 991)]
    night = small_night()
    night.raw["bureaux.csv"] = BUREAUX.encode()
    assert str(used(night.run())["bureaux.csv"].why) == "another was given in its place"


def test_dumps_beside_the_tables() -> None:
    due = night_with_urn().run()
    night = night_with_urn()
    name = export_file("0001")
    night.raw["Machine du bureau 1"] = night.exports.pop(name)
    night.raw["image.bin"] = night.raw.pop(FILE)
    result = night.run()
    assert {path: each.kind for path, each in used(result).items() if path in ("Machine du bureau 1", "image.bin")} == {
        "Machine du bureau 1": "exports", "image.bin": "modules",
    }  # fmt: skip
    assert [(one.code, one.bureau) for one in grave(result)] == [(one.code, one.bureau) for one in grave(due)]


def test_what_an_option_gives_is_not_taken_from_the_folder() -> None:
    folder = new_folder({"a.csv": PV.replace(";702;", ";709;"), "roll.csv": SIGNED, "mine.csv": PV})
    result = audited(folder, records=(folder / "mine.csv",))
    assert [(one.bureau, one.right.value) for one in findings(result, "R201")] == [("0001", 702)]
    assert kinds(result) == {
        "mine.csv": {"pv", "voix"}, "a.csv": {"voix"}, "roll.csv": {"emargements"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"), [("resultats_publies.csv", "publie"), ("publication.csv", "publie"), ("b.csv", "pv")]
)
def test_results_with_signatures_are_known_by_the_name_of_their_file(name: str, kind: str) -> None:
    signed = (
        WALL.replace("Votants;", "Émargements;Votants;").replace("00;702", "00;700;702").replace("0;650", "0;650;650")
    )
    assert kind in kinds(checked(new_folder({"a.csv": PV, name: signed})))[name]


def test_results_of_a_layout_and_a_city_s_feed() -> None:
    result = checked(new_folder({"ville.csv": samples.PARIS, "pv.csv": "Bureau;Votes trouvés\n0518;9\n"}))
    assert kinds(result)["ville.csv"] == {"publie"}
    assert {one.bureau for one in findings(result, "R202")} == {"0518"}


def test_what_regard_wrote_is_no_evidence(tmp_path: Path, language: str, cli: CommandLine) -> None:
    folder, out = new_folder({"pv.csv": PV, "roll.csv": SIGNED}), tmp_path / "reports"
    out.mkdir()
    reports = {"json": "r.json", "csv": "r.csv", "xlsx": "r.xlsx"}
    options = [part for name, file in reports.items() for part in (f"--{name}", str(out / file))]
    due = checked(folder)
    cli("verify", folder, "--lang", language, *options, code=1)
    for path in out.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    result = checked(folder)
    assert set(used(result)) - set(used(due)) == {path.name for path in out.iterdir()}
    assert all(used(result)[path.name].used is Used.NONE for path in out.iterdir())
    assert len(result.findings) == len(due.findings)


def test_files_are_given_without_a_word_of_what_they_are() -> None:
    folder = new_folder({"PV T1.csv": PV, "roll": SIGNED, "lettre.docx": b"PK"})
    files = (folder / "PV T1.csv", folder / "roll")
    result = audited(files=files)
    assert bureaux_with(result, "R205") == ["0002"]
    assert {path: each.used for path, each in used(result).items()} == dict.fromkeys(map(str, files), Used.WHOLE)
    with_letter = audited(files=(*files, folder / "lettre.docx"))
    assert sources_of(with_letter, "I122") == [str(folder / "lettre.docx")]


def test_a_file_of_another_round_that_was_given_is_an_error() -> None:
    folder = new_folder({"PV tour 1.csv": PV, "PV tour 2.csv": PV})
    result = audited(files=(folder / "PV tour 1.csv", folder / "PV tour 2.csv"))
    [found] = findings(result, "I122")
    assert found.left.source == str(folder / "PV tour 2.csv")
    assert "--other-round" in str(used(result)[str(folder / "PV tour 2.csv")].action)


def test_dumps_are_given_without_a_word_of_what_they_are() -> None:
    folder = night_with_urn().write()
    exports = tuple(sorted((folder / "exports").iterdir()))
    files = (*exports, folder / "modules" / FILE.rpartition("/")[2], folder / "pv.csv")
    result = audited(files=files)
    assert {each.kind for each in result.inputs} == {"exports", "modules", "pv"}
    assert {each.used for each in result.inputs} == {Used.WHOLE}


def test_a_file_in_place_of_a_folder(cli: CommandLine) -> None:
    folder = new_folder({"PV T1.csv": PV, "roll.csv": SIGNED})
    cli("verify", folder / "PV T1.csv", folder / "roll.csv", "--verbose", code=1)
    assert "653" in cli.said
    cli("verify", folder, folder, folder / "roll.csv", code=2)
    assert "roll.csv: is not a folder" in cli.err


@pytest.mark.parametrize("name", ["tickets des machines.csv", "releve.csv"])
def test_tickets_of_machines_are_no_pvs_unless_they_are_given_as_them(name: str) -> None:
    title = "" if name.startswith("tickets") else "Tickets recopiés des photos\n"
    folder = new_folder({name: f"{title}BV;Total des votes;Vote blanc\n1;702;9\n", "roll.csv": SIGNED})
    left = input_of(loaded(folder), name)
    assert (left.used, str(left.why)) == (Used.NONE, "figures of the machines' tickets, which are no PVs")
    assert "--pv" in str(left.action)
    given = loaded(records=(folder / name,))
    assert [each.used for each in given.inputs] == [Used.WHOLE]


def test_an_archive_that_begins_with_a_folder_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("Mairie")
        archive.writestr("Mairie/pv.csv", PV)
    assert loaded(new_folder({"pieces.zip": out.getvalue()})).records is not None


def test_entier_without_a_list_of_bureaux_is_said_to_mean_nothing() -> None:
    poll = '[[scrutins]]\nnumero = 1\ntype = "legislatives"\nentier = true\n'
    folder = new_folder({"pv.csv": PV, "election.toml": f'id = "l"\ndate = 2024-07-07\ntour = 2\n{poll}'})
    given = input_of(loaded(folder), "election.toml")
    assert "no univers.csv lists the bureaux" in str(given.note)


def test_folders_in_a_folder() -> None:
    town: dict[str, str | bytes] = {"Mairie/émargements.csv": SIGNED, "Mairie/lettre.docx": b"PK"}
    machine = small_night().exports[export_file("0001")]
    photos = dict.fromkeys(("photos/1.png", "photos/2.png"), b"?")
    folder = new_folder({"pv.csv": PV, "Mairie/machines/1": machine, **town, **photos})
    small_night().write(folder / "autre soir")
    result = checked(folder)
    assert bureaux_with(result, "R205") == ["0002"]
    found = {path: (each.kind, each.used.name, str(each.why)) for path, each in used(result).items()}
    assert found["Mairie/émargements.csv"] == ("emargements", "WHOLE", "")
    assert found["Mairie/lettre.docx"] == (
        "file",
        "NONE",
        "a text document, whose tables are not read: copy them into a spreadsheet",
    )
    assert found["Mairie/machines/1"][0] == "exports"
    assert found["photos"] == ("folder", "NONE", "nothing in it is read")
    assert found["autre soir"] == ("folder", "NONE", "a night of its own: give this folder by itself")
    (folder / "election.toml").write_bytes(small_night().files()["election.toml"])
    assert used(checked(folder))["Mairie/émargements.csv"].used is Used.WHOLE


def test_a_folder_of_the_feed_beside_other_files() -> None:
    feed = dict.fromkeys(("LG2024/a.xml", "LG2024/b.xml"), "<Election/>")
    result = checked(new_folder({"pv.csv": PV, **feed}))
    assert {path: each.used for path, each in used(result).items()} == {"pv.csv": Used.WHOLE, "LG2024": Used.NONE}
    assert findings(result, "I122") == []
    assert sources_of(result, "I113") == ["LG2024"]


WHAT_IT_IS = {
    "2015-departementales-t1-toulouse.json": "publie",
    "2017-presidentielle-1_par_departement_large.csv.gz": "publie",
    "2017-presidentielle-t1-paris-city.csv": "publie",
    "2020-municipales-t1-paris-15.csv": "publie",
    "2022-legislatives-brest-city-t1-circo2.csv": "publie",
    "2022-presidentielle-resultats-par-niveau-dpt-t1-france-entiere.xlsx": "publie",
    "2022-presidentielle-t1-vaureal.csv": "publie",
    "2024-legislatives-circos-29-02-29-03-t1.csv": "publie",
    "REBUILT_PR17_BVot_T1_machines.txt": "publie",
    "2022-presidentielle-t2-paris-city.csv": "",  # of another round, by its name
    "forecasts-filteris-qotmii.csv": "",
    "machine_communes.csv": "",
    "README.md": "",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html><body><p>Bureau</p></body></html>", "text, and no table"),
        ("\n<TABLE><tr><td>Bureau</td></tr></TABLE>", "text, and no table"),
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas"></Workbook>', "a workbook in the XML of 2003"),
        ("bureau;voix\n0001;10\n", "votes, and no column that says for which choice"),
    ],
)
def test_why_a_table_is_not_read_is_said_as_it_is(text: str, said: str) -> None:
    given = (new_file("export.xls", text),)
    for sources in (Sources(files=given), Sources(records=given), Sources(votes=given), Sources(published=given)):
        with pytest.raises(NothingReadable) as error:
            load(sources)
        assert said in str(error.value)


def test_everything_that_there_is_in_one_folder(real_data: Path, tmp_path: Path) -> None:
    """Each is what it is, what is not read is named, and results of different elections are not compared."""
    for name in WHAT_IT_IS:
        (tmp_path / name).write_bytes((real_data / name).read_bytes())
    result = checked(tmp_path)
    found = used(result)
    assert {path: "".join(kinds(result)[path]) for path in found} == WHAT_IT_IS
    assert all(each.why for path, each in found.items() if not WHAT_IT_IS[path])
    assert findings(result, "T303", "T304", "T305", "I122", "I123") == []
    assert {
        one.left.source.partition(":")[0] for one in findings(result, "R201", "R202")
    } == {  # who publish both counts
        "2015-departementales-t1-toulouse.json",
        "2017-presidentielle-t1-paris-city.csv",
        "2020-municipales-t1-paris-15.csv",
    }
    others = {one.left.source: str(one.left.value) for one in findings(result, "T324")}
    assert others["2022-legislatives-brest-city-t1-circo2.csv"] == "legislative election 2022, round 1"
    assert findings(result, "R211", "C107") == []


def test_a_column_that_nobody_understood_is_said_on_the_screen(cli: CommandLine) -> None:
    rows = PV.replace(";Observations", ";Agent de saisie").replace(";RAS", ";Durand")
    folder = new_folder({"PV.csv": rows, "roll.csv": SIGNED})
    cli("verify", folder, "--lang", "fr", code=None)
    assert "PV.csv n'est pas lu en entier : 1 colonne non comprise : « Agent de saisie »" in cli.said
