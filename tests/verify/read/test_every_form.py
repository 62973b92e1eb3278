"""A table says the same in every form: PVs, sign-in counts, votes and published results."""

from pathlib import Path

import pytest

from tests.sources import new_file, put_text
from tests.verify.published import samples
from tests.verify.read.tables_as import FORMS, as_kind, zipped
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.published import Level, UnknownLayout
from verify.read.results_files import read_all

RECORDS = """Commune;Code INSEE;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;ZOLA Émile;CURIE Marie
Essai-sur-Marne;77001;0001;1012;700;702;10;0;692;400;292
Essai-sur-Marne;77001;0002;998;801;800;1;0;799;500;299
"""
SIGNED = """Commune;N° bureau;Nb émargements
Essai-sur-Marne;0001;701
Essai-sur-Marne;0002;801
"""
WALL = """Commune;N° bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA Émile;CURIE Marie
Essai-sur-Marne;0001;1012;702;10;0;692;400;292
Essai-sur-Marne;0002;998;800;1;0;799;500;298
TOTAL;;2010;1502;11;0;1491;900;590
"""


def findings(folder: Path, form: str) -> list[tuple[str, str, str, str, str]]:
    """Findings in the three tables, in one form; without the names of the files."""
    paths = {}
    for name, text in (("pv", RECORDS), ("signed", SIGNED), ("wall", WALL)):
        paths[name] = folder / f"{name}.{form}"
        paths[name].write_bytes(as_kind(text, form))
    sources = Sources(records=(paths["pv"],), signatures=(paths["signed"],), published=(paths["wall"],))
    return [
        (found.code, found.bureau, str(found.field), str(found.left.value), str(found.right.value))
        for found in audit.run(load(sources)).findings
    ]


@pytest.mark.check(6)
@pytest.mark.parametrize("form", FORMS[1:])
def test_every_form_of_a_table_gives_the_same_findings(tmp_path: Path, form: str) -> None:
    due = findings(tmp_path, "csv")
    assert {code for code, *_ in due} >= {"R201", "R205", "T301", "T306"}
    assert findings(tmp_path, form) == due


@pytest.mark.parametrize("name", ["MINISTRY_2024", "RENNES", "TOULOUSE"])
@pytest.mark.parametrize("form", ["ods", "parquet", "json", "parquet.zip"])
def test_every_form_of_a_layout_gives_the_same_results(tmp_path: Path, name: str, form: str) -> None:
    text = getattr(samples, name).replace('"', "")
    put_text(tmp_path / "a.csv", text)
    path = tmp_path / f"a.{form}"
    path.write_bytes(as_kind(text, form))
    for due, found in zip(read_all(tmp_path / "a.csv"), read_all(path), strict=True):
        for one in ("level", "labels", "problems", "layout"):
            if name != "MINISTRY_2024" or one != "layout" or form != "ods":
                assert getattr(found, one) == getattr(due, one), one
        for many in ("row", "insee", "bureau", "votes", "vote_unit", "vote_label"):
            assert getattr(found, many).tolist() == getattr(due, many).tolist(), many
        assert {k: v.tolist() for k, v in found.counts.items()} == {k: v.tolist() for k, v in due.counts.items()}


def test_a_table_of_bureaux_is_published_results_where_no_layout_fits() -> None:
    path = new_file("mur.csv", f"Affiché à la mairie\n{WALL}")
    [found] = read_all(path)
    assert (found.layout, found.level, found.labels) == ("table", Level.BUREAU, ("ZOLA Émile", "CURIE Marie"))
    assert found.row.tolist() == [3, 4]
    assert found.bureau.tolist() == ["0001", "0002"]
    assert found.commune.tolist() == ["Essai-sur-Marne"] * 2
    assert found.counts["valid"].tolist() == [692, 799]
    assert found.votes.tolist() == [400, 292, 500, 298]
    assert found.problems == ()


def test_a_workbook_with_a_sheet_for_each_commune_is_one_set_of_results() -> None:
    sheet = "N° bureau|Inscrits|Votants|Exprimés|ZOLA|CURIE\n'0001|500|400|390|200|190"
    path = new_file("mur.xlsx", samples.workbook({"Achères": sheet, "Bréval": sheet.replace("200", "201")}))
    [found] = read_all(path)
    assert found.commune.tolist() == ["Achères", "Bréval"]
    assert found.votes.tolist() == [200, 190, 201, 190]
    assert [found.place(at) for at in range(2)] == [f"{path} [Achères]:2", f"{path} [Bréval]:2"]


def test_what_is_no_table_of_bureaux_is_said_with_what_is_lacking() -> None:
    path = new_file("a.csv", "Jour;Pluie\nlundi;3\n")
    with pytest.raises(UnknownLayout) as error:
        read_all(path)
    assert "no known layout" in str(error.value)
    assert "no table of bureaux: expected columns such as « N° bureau »" in str(error.value)


def test_a_member_of_a_zip_that_is_no_table_takes_none_of_the_others_along() -> None:
    path = new_file("a.zip", zipped({"LISEZMOI.txt": b"bonjour\n", "mur.csv": WALL.encode()}))
    [found] = read_all(path)
    assert found.votes.tolist() == [400, 292, 500, 298]
    assert [problem.file for problem in found.problems] == [f"{path} › LISEZMOI.txt"]
