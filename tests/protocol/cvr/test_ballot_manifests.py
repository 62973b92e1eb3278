"""Ballot manifests and digests beside an export: what is missing, doubled, foreign, or of another size."""

import copy
import hashlib
from pathlib import Path

import pytest

from protocol.cvr import ballot_manifests
from protocol.dumps.checks import CheckVerdict
from protocol.dumps.layouts import HEAD, DumpReading
from protocol.dumps.recognising import find_dumps
from tests.protocol.cvr.made import BALLOTS, DOMINION, UNCHECKED, export, folder, read, said
from tests.protocol.cvr.test_dominion_csv import table
from tests.sources import new_folder, put_text

COLORADO = 'CountyID,ScannerID,BatchID,NumBallots,StorageLocation\nTown,"3","1",2,Bin 1\nTown,"3","2",3,"Bin, 2"\n'
ARLO = "Tabulator,Batch Name,Number of Ballots\r\n3,1,2\r\n3,2,3\r\n"


def reading(manifest: str) -> DumpReading:
    tmp_path = new_folder()
    (tmp_path / "cvr.csv").write_bytes(table("spreadsheet"))
    (tmp_path / "manifest.csv").write_text(manifest, encoding="utf-8", newline="")
    return read(tmp_path)


def failures(found: DumpReading) -> list[tuple[str, str, object, object, int]]:
    return [
        (check.code, check.unit, check.left, check.right, check.times)
        for check in found.checks
        if check.verdict is CheckVerdict.FAILS
    ]


@pytest.mark.parametrize("manifest", [COLORADO, ARLO, "\ufeff" + ARLO, COLORADO.replace("\n", "\r\n")])
def test_a_manifest_that_agrees(manifest: str) -> None:
    assert DOMINION.recognise(manifest.encode(), "anything")
    found = reading(manifest)
    assert said(found) == [(code, "holds", "") for code in ("D110", "D111", "D112", "D113")]
    assert {check.times for check in found.checks} == {2}


def test_each_way_in_which_a_manifest_differs() -> None:
    found = reading(ARLO.replace("3,1,2", "3,1,4") + "3,7,20\r\n3,7,20\r\n")
    assert failures(found) == [
        ("D110", "3/7", "20", "0", 1),
        ("D111", "3/7", "2", "", 1),
        ("D113", "3/1", "4", "2", 1),
    ]
    assert failures(reading(ARLO.replace("3,1,2\r\n", ""))) == [("D112", "3/1", "0", "2", 1)]


def test_many_differences_are_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballot_manifests, "SHOWN", 3)
    found = reading(ARLO + "".join(f"9,{batch},1\r\n" for batch in range(10)))
    assert failures(found)[3:] == [("D110", "", "", "", 7)]
    assert len(failures(found)) == 4


def test_rows_of_a_manifest_that_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = reading(ARLO + "3,9,many\r\n3,9\r\n,9,1\r\n\r\n")
    assert [problem.row for problem in found.problems] == [4, 5, 6]
    assert failures(found) == []
    monkeypatch.setattr(ballot_manifests, "SHOWN", 2)
    problems = reading(ARLO + "3,9\r\n" * 5).problems
    assert [(problem.row, problem.count) for problem in problems] == [(4, 1), (5, 4)]


def test_a_manifest_beside_json_counts_ballots_or_cards() -> None:
    at = folder()
    put_text(at / "manifest.csv", "Tabulator,Batch Name,Number of Ballots\n10,1,5\n10,2,1\n")
    assert [each for each in said(read(at)) if each[0] == "D113"] == [("D113", "holds", "")]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_manifest_of_another_county_is_said_once(rows: int) -> None:
    manifest = "".join(["Tabulator,Batch Name,Number of Ballots\r\n", *(f"77,{at},100\r\n" for at in range(rows))])
    found = reading(manifest)
    assert failures(found) == [("D110", "", "77/0" if rows == 1 else "77/0, …", "3/1, …", 1)]
    [check] = [check for check in found.checks if check.verdict is CheckVerdict.FAILS]
    assert "other batches" in str(check.text)
    assert ("its only one is not among the 2" if rows == 1 else "none of its 3 is among the 2") in str(check.text)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("cvr.csv.sha256", "{}"),
        ("cvr.txt", "{}\n"),
        ("CVR hash.txt", "{}\n"),
        ("sums", "{}  cvr.csv\n"),
        ("sums.txt", "{} *C:\\exports\\cvr.csv\r\n"),
        ("x", "SHA256 (cvr.csv) = {}\n"),
        ("x", "SHA256(cvr.csv)= {}\n"),
    ],
)
def test_the_digest_of_a_file_beside_it(tmp_path: Path, name: str, form: str) -> None:
    data = table("spreadsheet")
    (tmp_path / "cvr.csv").write_bytes(data)
    right = hashlib.sha256(data).hexdigest()
    for digest, verdict in ((right.upper(), "holds"), (right[:-1] + ("0" if right[-1] != "0" else "1"), "fails")):
        put_text(tmp_path / name, form.format(digest))
        (found,) = find_dumps([tmp_path]).readings
        assert said(found) == [UNCHECKED, ("D101", verdict, "")]


def test_digests_of_other_files_are_left_to_others(tmp_path: Path) -> None:
    for text in (f"{'0' * 64}  o00406.bu\n", f"{'0' * 64}\nmore\n", "0" * 63):
        assert not DOMINION.recognise(text.encode(), "sums.txt")
    (tmp_path / "cvr.csv").write_bytes(table("plain"))
    put_text(tmp_path / "sums.txt", f"{'0' * 64}  other.csv\n")
    assert said(read(tmp_path)) == [UNCHECKED]


def test_a_long_list_of_digests_is_told_from_its_start(tmp_path: Path) -> None:
    exports = {f"CvrExport_{number}.json": export(BALLOTS[:number], indent=number) for number in range(1, 4)}
    gone = {f"CvrExport_{number}.json": b"" for number in range(4, 81)}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in (exports | gone).items()}
    (tmp_path / "sums.txt").write_text("".join(f"{digest}  {name}\n" for name, digest in digests.items()))
    assert (tmp_path / "sums.txt").stat().st_size > HEAD
    for name, data in exports.items():
        (tmp_path / name).write_bytes(data)
    assert [each for each in said(read(tmp_path)) if each[0] == "D101"] == [("D101", "holds", "")]
    assert [check.times for check in read(tmp_path).checks if check.code == "D101"] == [3]
    (tmp_path / "CvrExport_2.json").write_bytes(export(BALLOTS[:2]))
    assert [verdict for code, verdict, _ in said(read(tmp_path)) if code == "D101"] == ["fails", "holds"]


def test_a_manifest_with_exports_beside_it_is_not_held_against_other_folders() -> None:
    county = new_folder({"cvr.csv": table("spreadsheet"), "manifest.csv": COLORADO})
    other, alone = folder(), new_folder()
    paths = [path for each in (county, other) for path in sorted(each.iterdir())]
    assert failures(read(*paths)) == failures(read(county))
    (county / "manifest.csv").rename(alone / "manifest.csv")
    paths = [county / "cvr.csv", alone / "manifest.csv"]
    assert [each[0] for each in said(read(*paths))] == [each[0] for each in said(reading(COLORADO))]


def test_cards_of_ballots_are_not_called_ballots() -> None:
    two_cards = copy.deepcopy(BALLOTS[0])
    (card,) = two_cards["Original"]["Cards"]
    two_cards["Original"]["Cards"] = [{**card, "Contests": [contest]} for contest in card["Contests"]]
    (file,) = [each for each in read(folder([two_cards, *BALLOTS[1:]])).files if "Cvr" in each.path.name]
    assert str(file.note) == "6 ballots on 7 cards"
