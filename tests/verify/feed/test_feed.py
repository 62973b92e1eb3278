"""The ministry's night feed: both generations, as a folder or a zip, and the real files of 2024."""

import gzip
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from protocol.errors import InputError
from protocol.opening import open_evidence
from tests.sources import new_file, new_folder, put_text
from tests.verify.feed import feeds
from tests.verify.night_builder import loaded
from tests.verify.read.tables_as import zipped
from verify.model.figures import MISSING
from verify.model.published import Level, Published, UnknownLayout
from verify.read.feed.contradicted import CONSTITUENCIES
from verify.read.feed.members import read_folder
from verify.read.published.checks import flaws
from verify.read.results_files import parse_given, read_all
from verify.read.tables.asked import Asked, AskedColumn


def by_level(tables: list[Published]) -> dict[Level, Published]:
    found = {table.level: table for table in tables}
    assert len(found) == len(tables)
    return found


def figures(table: Published) -> list[tuple[str, str, int, list[int]]]:
    """Place, registered voters and votes of each unit."""
    rows: list[tuple[str, str, int, list[int]]] = [
        (str(table.department[at]), str(table.insee[at]), int(table.counts["registered"][at]), [])
        for at in range(len(table.row))
    ]
    for unit, votes in zip(table.vote_unit.tolist(), table.votes.tolist(), strict=True):
        rows[unit][3].append(votes)
    return rows


COMMUNES = [
    ("2A", "2A004", 715, [300, 280, 20]),
    ("2A", "2A006", 525, [200, 190, 20]),
    ("2A", "2A004", 455, [150, 170, 20]),
    ("48", "48002", 925, [400, 390, 20]),
    ("48", "48003", 305, [90, 80, 20]),
]


@pytest.mark.parametrize("files", [feeds.new_feed(), feeds.old_feed()], ids=["2024", "2017"])
def test_both_generations_as_folder_and_as_zip(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    folder = feeds.written(files, tmp_path / "feed")
    archive = tmp_path / "feed.zip"
    archive.write_bytes(zipped(files))
    for tables in (read_folder(folder).results, read_all(archive)):
        found = by_level(tables)
        assert [table.problems for table in tables] == [()] * len(tables)
        assert [flaws(table) for table in tables] == [[]] * len(tables)
        assert figures(found[Level.COMMUNE]) == COMMUNES
        assert [row[2:] for row in figures(found[Level.DEPARTMENT])] == [
            (1695, [650, 640, 60]),
            (1230, [490, 470, 40]),
        ]
        assert [row[2:] for row in figures(found[Level.NATION])] == [(2925, [1140, 1110, 100])]
        assert found[Level.COMMUNE].labels == ("DURAND Anne", "PETIT Luc", "ROCHE Lia")
        assert found[Level.COMMUNE].constituency.tolist() == ["1", "1", "2", "1", "1"]
        assert {table.round for table in tables} == {1}
        assert found[Level.COMMUNE].counts["signatures"].tolist() == [MISSING] * 5
        assert found[Level.COMMUNE].panel.tolist() == [1, 2, 3] * 5
        assert set(found[Level.NATION].percentages) >= {"votes_found/registered", "votes/valid"}


@pytest.mark.parametrize("name", ["feed.tar", "feed.tar.gz", "feed.tgz"])
def test_a_tar_of_a_mirror(tmp_path: Path, name: str) -> None:
    packed = feeds.tarred(feeds.new_feed())
    (tmp_path / name).write_bytes(packed if name.endswith("tar") else gzip.compress(packed))
    found = by_level(read_all(tmp_path / name))
    assert figures(found[Level.COMMUNE]) == COMMUNES
    evidence = loaded(files=(tmp_path / name,))
    assert {table.level for table in evidence.tables} == set(found)


@pytest.mark.parametrize(
    ("packed", "said"),
    [
        (feeds.tarred(feeds.new_feed())[:3000], "an undamaged tar archive"),
        (feeds.tarred({"a.xml": b"x"}, tarfile.SYMTYPE), "an archive of plain files"),
        (feeds.tarred({"a.xml": b"x"}, tarfile.LNKTYPE), "an archive of plain files"),
        (feeds.tarred({"a.xml": b"x"}, tarfile.CHRTYPE), "an archive of plain files"),
        (feeds.tarred({f"{n}.csv": b"x" for n in range(65)}), "an archive of 1 to 64 files"),
        (feeds.tarred({}), "an archive of 1 to"),
    ],
)
def test_a_tar_that_is_not_read(packed: bytes, said: str) -> None:
    path = new_file("feed.tar", packed)
    with pytest.raises(InputError) as found:
        read_all(path)
    assert str(found.value.expected).startswith(said)


def test_what_a_mac_adds_to_a_tar_is_no_file_of_it() -> None:
    path = new_file("feed.tar", feeds.tarred({"._R129CIR.xml": b"\0\5\x16\7", **feeds.new_feed()}))
    assert figures(by_level(read_all(path))[Level.COMMUNE]) == COMMUNES


def test_a_unit_stands_in_its_file_at_its_line(tmp_path: Path) -> None:
    folder = feeds.written(feeds.new_feed(), tmp_path / "feed")
    table = by_level(read_folder(folder).results)[Level.COMMUNE]
    path, line = table.place(3).rsplit(":", 1)
    assert path == str(folder / "48/R148COM.xml")
    assert Path(path).read_text("utf-8").splitlines()[int(line) - 1] == "<Tour>"


def test_each_file_of_a_folder_is_named_with_how_it_was_used(tmp_path: Path) -> None:
    files = feeds.new_feed() | {"LISEZMOI.txt": b"voir le site", "candidats.xml": b"<Election><A>1</A></Election>"}
    folder = feeds.written(files | {".cache/x.xml": b"<Election/>"}, tmp_path / "feed")
    used = {Path(file.path).relative_to(folder).as_posix(): str(file.why) for file in read_folder(folder).files}
    assert used == dict.fromkeys(feeds.new_feed(), "") | {
        "LISEZMOI.txt": "no XML of the ministry's feed",
        "candidats.xml": "neither results nor an index of them",
    }


def test_closed_folders_and_links_in_a_feed_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = feeds.written(feeds.new_feed() | {"closed/R1.xml": b"<Election/>"}, tmp_path / "feed")
    (folder / "again").symlink_to(folder)
    feeds.close(monkeypatch, "closed")
    feed = read_folder(folder)
    used = {Path(file.path).relative_to(folder).as_posix(): str(file.why) for file in feed.files if file.why}
    assert used["closed"] == "expected a folder that can be read, got a folder that cannot be listed"
    assert used.keys() == {"closed", "again"}
    assert {Path(each.file).name for each in feed.results[0].problems} == {"closed", "again"}


def test_a_folder_without_results_is_none(tmp_path: Path) -> None:
    folder = feeds.written({"a.txt": b"x", "b.xml": b"<!DOCTYPE html><html></html>"}, tmp_path / "feed")
    with pytest.raises(UnknownLayout, match=r"b\.xml: expected XML of the feed, got a page"):
        read_folder(folder)


def test_one_place_in_two_files_is_one(tmp_path: Path) -> None:
    """As in the older generation, which has a file for each commune beside that of all."""
    files = dict(feeds.old_feed())
    of_all = files["resultatsT1/094/048/048com.xml"].decode()
    alone = of_all[: of_all.rindex("<Commune>")] + "</Communes>\n</Departement>\n</Election>\n"
    again = files | {"resultatsT1/094/048/048002.xml": alone.encode()}
    table = by_level(read_folder(feeds.written(again, tmp_path / "a")).results)[Level.COMMUNE]
    assert sorted(figures(table)) == sorted(COMMUNES)
    assert table.problems == ()
    again["resultatsT1/094/048/048002.xml"] = alone.replace(">390<", ">391<").encode()
    tables = read_folder(feeds.written(again, tmp_path / "b")).results
    [problem] = [problem for table in tables for problem in table.problems]
    assert "other figures than" in str(problem.got)


def test_two_people_of_one_name_in_a_place_stay_two() -> None:
    text = feeds.new_feed()["2A/R12ACIR.xml"].decode()
    text = text.replace("<NomPsn>PETIT</NomPsn>\n<PrenomPsn>Luc", "<NomPsn>DURAND</NomPsn>\n<PrenomPsn>Anne")
    path = new_file("R12ACIR.xml", text)
    [table] = read_all(path)
    assert table.labels == ("DURAND Anne (N1)", "DURAND Anne (N2)", "ROCHE Lia")
    assert figures(table)[1][3] == [150, 170, 20]
    assert table.problems == ()


def of_nation(content: str) -> Published:
    tour = f"<Tours><Tour><NumTour>1</NumTour>{content}</Tour></Tours>"
    path = new_folder() / "FE.xml"
    kind = "<Scrutin><Type>Législatives</Type><Annee>2022</Annee></Scrutin>"
    put_text(path, f"<Election>{kind}<FranceEntiere>{tour}</FranceEntiere></Election>")
    [table] = read_all(path)
    return table


def test_a_place_of_which_little_is_said_yet() -> None:
    nothing = of_nation("")
    assert (nothing.row.tolist(), nothing.labels) == ([1], ())
    rolls = of_nation("<Mentions><Inscrits><Nombre>100</Nombre></Inscrits></Mentions>")
    assert rolls.counts["registered"].tolist() == [100]
    assert rolls.counts["votes_found"].tolist() == [MISSING]


def test_votes_of_nobody_and_of_somebody_again_are_named_with_their_place() -> None:
    choices = "".join(f"<Candidat>{name}<NbVoix>{votes}</NbVoix></Candidat>" for name, votes in CHOICES)
    found = of_nation(f"<Resultats><Candidats>{choices}</Candidats></Resultats>")
    assert (found.labels, found.votes.tolist()) == (("DURAND",), [5])
    told = {(problem.row, problem.column, str(problem.got)) for problem in found.problems}
    assert told == {(1, None, "“DURAND” twice"), (1, "Voix", "7")}


CHOICES = (("<NomPsn>DURAND</NomPsn>", 5), ("", 7), ("<NomPsn>DURAND</NomPsn>", 9))


def test_the_real_rehearsal_of_2024(real_data: Path, tmp_path: Path) -> None:
    with tarfile.open(real_data / "night_xml" / "LG2024_essai_presse_T1_CIR_15_files.tar.gz") as archive:
        archive.extractall(tmp_path / "feed", filter="data")
    [table] = read_folder(tmp_path / "feed").results
    assert (len(table.row), table.level, table.round, table.problems) == (80, Level.CONSTITUENCY, 1, ())
    sums = [int(table.counts[name].sum()) for name in ("registered", "votes_found", "blank", "null", "valid")]
    assert sums == [6_895_385, 2_970_717, 44_571, 16_408, 2_909_738]
    abroad = table.department == "99"
    assert (int(abroad.sum()), int(table.counts["registered"][abroad].sum())) == (11, 1_446_633)
    assert len(table.votes) == 909
    # in the third constituency of Guadeloupe only one of the first two is marked for the second round
    [flaw] = flaws(table)
    assert (flaw.code, flaw.field, flaw.left, flaw.right) == ("T322", "PENCHARD Marie-Luce", "NON", "QUALIF T2")


def test_there_are_577_constituencies() -> None:
    assert sum(CONSTITUENCIES.values()) == 577
    assert CONSTITUENCIES["57"] == 9


def test_a_file_of_a_feed_is_read_whatever_is_said_of_columns() -> None:
    path = new_file("R12ACIR.xml", feeds.new_feed()["2A/R12ACIR.xml"])
    asked = Asked(columns={"compteur": AskedColumn("votes_found", "Compteur")})
    assert parse_given(open_evidence(path), asked).published
