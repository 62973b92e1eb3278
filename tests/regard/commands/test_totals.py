"""`regard totals`: the votes of any dump as one table, and what was checked of it."""

import csv
import io
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from protocol.export.record import parse
from regard.cli import main
from tests.protocol.cvr.test_nist import document
from tests.protocol.export.records import FROZEN, changed, checked, frozen
from tests.protocol.urn.module_images import example
from tests.protocol.urn.module_violations import at, put
from tests.protocol.urn.module_violations import changed as changed_image
from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text

ONE, TWO, *_ = map(frozen, FROZEN)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("totals") / "night"
    assert main(["simulate", str(folder), "--communes", "77513", "--faults", "none", "--seed", "2"]) == 0
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_a_night_is_counted_once_and_as_its_records_say(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    out = tmp_path / "t.csv"
    cli("totals", night, "--csv", out)
    found = Counter[tuple[str, str]]()
    for row in rows(out):
        if row["kind"] == "choice":
            found[row["unit"], row["choice"]] += int(row["votes"])
    expected = Counter[tuple[str, str]]()
    with (night / "voix.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            votes = {name: value for name, value in row.items() if name in ("voix", "choix", "insee", "bureau")}
            expected[f"{votes['insee']}/{votes['bureau']}", votes["choix"]] += int(votes["voix"])
    assert expected
    assert {place: votes for place, votes in found.items() if votes} == {
        place: votes for place, votes in expected.items() if votes
    }


def test_exports_alone_and_images_alone_give_the_same_votes(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    tables = []
    for name in ("exports", "modules"):
        out = tmp_path / f"{name}.csv"
        cli("totals", night / name, "--csv", out)
        tables.append([(row["unit"], row["kind"], row["votes"]) for row in rows(out)])
    assert tables[0] == tables[1]


def test_two_copies_that_differ_are_said_with_both_figures(night: Path, cli: CommandLine) -> None:
    export = sorted((night / "exports").iterdir())[0]
    image = night / "modules" / (export.name.rsplit("-", 1)[0] + ".urn")
    data = export.read_bytes()
    votes = int.from_bytes(data[256:260], "big")
    other = new_file("other.esf", checked(changed(data, "tallies", votes + 1)))
    cli("totals", image, other, code=1)
    assert f"choice 1: {votes} (ESF1 module image (a model)), choice 1: {votes + 1}" in cli.said
    assert "[M101]" in cli.said


def test_everything_that_was_given_is_said(tmp_path: Path, cli: CommandLine) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "good.esf").write_bytes(ONE + TWO)
    (folder / "cut.esf").write_bytes(ONE[:300])
    put_text(folder / "letter.txt", "hello")
    (folder / "urn.urn").write_bytes(example())
    out = tmp_path / "t.json"
    cli("totals", folder, "--verbose", "--json", out, code=1)
    document = json.loads(out.read_text("utf-8"))
    named = {Path(file["path"]).name: file["taken_for"] for dump in document["dumps"] for file in dump["files"]}
    assert named == {"good.esf": "result export", "cut.esf": "", "urn.urn": "module image"}
    assert [Path(file["path"]).name for file in document["not_recognised"]] == ["letter.txt"]
    assert all(file["sha256"] for dump in document["dumps"] for file in dump["files"])
    assert "letter.txt: of no layout that is known" in cli.said
    assert "cut.esf" in cli.said


def test_an_image_whose_texts_are_no_ascii_is_counted(tmp_path: Path, cli: CommandLine) -> None:
    path, out = tmp_path / "one.urn", tmp_path / "t.csv"
    path.write_bytes(changed_image(put(at("configuration", "election"), b"\xe9")))
    cli("totals", path, "--csv", out)
    assert sum(int(row["votes"]) for row in rows(out)) == 18


def test_a_record_that_fails_its_checksum_is_not_counted(tmp_path: Path, cli: CommandLine) -> None:
    path, out = tmp_path / "bad.esf", tmp_path / "t.csv"
    path.write_bytes(ONE[:-1] + bytes([ONE[-1] ^ 1]) + TWO)
    cli("totals", path, "--csv", out, code=1)
    assert {row["unit"] for row in rows(out)} == {_unit(TWO)}
    assert "a checksum that is not that of its bytes" in cli.said


def _unit(record: bytes) -> str:
    export = parse(record)
    return f"{export.insee}/{export.bureau}"


def test_no_dump_at_all_is_no_success(language: str, tmp_path: Path, cli: CommandLine) -> None:
    cli("totals", tmp_path, "--lang", language, code=2)
    path = tmp_path / "x.bin"
    path.write_bytes(os.urandom(100))
    cli("totals", path, "--lang", language, code=2)
    assert "x.bin" in cli.out


def test_what_was_written_is_replaced_and_is_no_evidence(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    table, other = tmp_path / "t.csv", tmp_path / "other.csv"
    put_text(other, "a letter")
    for _ in range(2):
        cli("totals", night, "--csv", table)
    cli("totals", night, "--csv", other, code=2)
    assert other.read_text("utf-8") == "a letter"
    cli("totals", table, code=2)


def test_half_a_character_in_a_name_is_written_as_its_escape(tmp_path: Path) -> None:
    """JSON can escape one half of a pair alone, which no file in UTF-8 can hold: it ended as a defect of regard."""
    given, written = tmp_path / "r.json", tmp_path / "out"
    put_text(given, json.dumps(document()).replace("Mayor", "May\\ud800or"))
    assert b"\\ud800" in given.read_bytes()
    assert main(["totals", str(given), "--csv", str(written), "--lang", "en"]) in (0, 1)
    assert b"ud800" in written.read_bytes()


def test_an_export_without_a_ballot_is_no_success(cli: CommandLine) -> None:
    path = new_file("CvrExport.json", '{"Version": "5", "ElectionId": "e", "Sessions": []}')
    cli("totals", path, code=2)
    assert "CvrExport.json" in cli.out
    cli("verify", "--exports", path, code=2)
    assert "0 errors" not in cli.out
    assert "nothing in it is counted or could be checked" in cli.complained


def test_where_there_is_no_dump_it_is_said(tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    cli("totals", "empty", "--lang", "fr", code=2)
    assert cli.err.startswith("regard totals : aucun relevé d'un format connu")
