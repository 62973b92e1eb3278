"""Every file that is given is used, used in part, or named as not used with the reason: nothing is left in silence."""

import hashlib
import json
import os
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from protocol import night as night_files
from regard.language import show
from sim.nights.night import DAY, TICKETS
from tests.regard.calling import CommandLine
from tests.verify.evidence.test_by_itself import raising
from tests.verify.night_builder import Night, audited, export_file, findings, input_of, loaded, only, small_night
from tests.verify.night_urn_images import FILE, night_with_urn
from tests.verify.published import samples
from verify import audit, inputs
from verify.align import lining_up
from verify.loading import load, opened
from verify.model.evidence import Sources
from verify.model.findings import Severity
from verify.model.use import NOTHING_FILLED_IN, Input, NothingReadable, Used


def of(night: Night) -> dict[str, Input]:
    found = {used.path: used for used in night.run().inputs}
    for used in found.values():  # why is a sentence in both languages, and only where something was left
        assert bool(used.why) == (used.used is not Used.WHOLE)
        assert not used.why or show("fr", used.why) != str(used.why), used.why
    return found


def uses(found: dict[str, Input]) -> dict[str, Used]:
    return {path: used.used for path, used in found.items() if used.used is not Used.WHOLE}


NO_FILES = b'{"files": {}}'
"""A manifest: only a night that has one was simulated, and may have files that are no evidence."""


def test_a_whole_night_is_used_whole() -> None:
    found = of(night_with_urn())
    assert len(found) > 10
    assert uses(found) == {}


def test_what_lies_in_the_folder_unread(night: Night) -> None:
    strange = ("README.md", "photo.jpg", "lettre.docx", "pv.xlsx", "données", "scans/1.png", "scans/2/3.png")
    night.raw |= dict.fromkeys(strange, b"?")
    night.raw |= {".DS_Store": b"?", "jour.csv": b"?", "verite.csv": b"?", "tickets/1.txt": b"?"}
    night.raw["manifest.json"] = NO_FILES  # a simulation left it
    found = of(night)
    unread = {path: used for path, used in found.items() if used.used is Used.NONE}
    assert set(unread) == {
        "README.md",
        "photo.jpg",
        "lettre.docx",
        "pv.xlsx",
        "données",
        "scans",
        "jour.csv",
        "verite.csv",
        "tickets",
    }
    hashed = {path: used.sha256 for path, used in unread.items() if used.sha256 is not None}
    own = hashlib.sha256(b"?").hexdigest()  # of folders and of what a simulation leaves for people nothing is opened
    assert hashed == dict.fromkeys(("README.md", "photo.jpg", "lettre.docx", "pv.xlsx", "données"), own)
    assert (unread["photo.jpg"].size, str(unread["photo.jpg"].why)) == (1, "no file of this kind is read")
    assert str(unread["pv.xlsx"].why).startswith("expected columns such as")
    assert (unread["scans"].kind, str(unread["scans"].note)) == ("folder", "2 files")
    assert {path for path, used in unread.items() if not used.unread} == {"jour.csv", "verite.csv", "tickets"}


def test_photographs_and_scans_have_their_sha256(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Block by block, of regular files alone and within bounds; whatever is given by its name or lies in a folder."""
    scan, large = b"%PDF" + bytes(range(256)) * 9000, tmp_path / "night" / "large.png"
    small_night().write(tmp_path / "night")
    large.write_bytes(bytes(2**22))
    outside = tmp_path / "scan.pdf"
    outside.write_bytes(scan)
    (tmp_path / "another.jpg").write_bytes(b"?")
    (tmp_path / "night" / "link.jpg").symlink_to(tmp_path / "another.jpg")
    os.mkfifo(tmp_path / "night" / "pipe.jpg")
    found = {one.path: one for one in loaded(tmp_path / "night", files=(outside,)).inputs}
    assert found[str(outside)].sha256 == hashlib.sha256(scan).hexdigest()
    assert found["large.png"].sha256 == hashlib.sha256(bytes(2**22)).hexdigest()
    assert (found["link.jpg"].sha256, found["pipe.jpg"].sha256) == (None, None)
    monkeypatch.setattr(opened, "_HASHED", 2**21)
    found = {one.path: one for one in loaded(tmp_path / "night", files=(outside,)).inputs}
    assert found[str(outside)].sha256 == hashlib.sha256(scan).hexdigest()
    assert found["large.png"].sha256 is None
    (tmp_path / "night" / "small.png").write_bytes(bytes(11))
    monkeypatch.setattr(opened, "_HASHED", 2**22 + 10)  # for either, not for both
    found = {one.path: one for one in loaded(tmp_path / "night").inputs}
    assert [found[name].sha256 is None for name in ("large.png", "small.png")].count(True) == 1


def test_what_a_simulated_night_has_for_people() -> None:
    assert set(night_files.COMPANIONS) == {DAY, TICKETS, night_files.TRUTH.file}


def test_a_file_in_place_of_that_of_the_folder() -> None:
    folder = small_night().write()
    other = small_night().write()
    sources = Sources(
        folder, records=(other / "pv.csv",), exports=(other / "exports",), published=(other / "publie.txt",)
    )
    left = {used.path: str(used.why) for used in load(sources).inputs if used.used is Used.NONE}
    assert left == dict.fromkeys(("pv.csv", "exports", "publie.txt"), "another was given in its place")
    same = Sources(folder, records=(folder / "pv.csv",), exports=(folder / "exports",))
    assert not [used for used in load(same).inputs if used.used is Used.NONE]


def test_more_files_than_anybody_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MOST", 3)
    night = small_night()
    night.raw |= {f"{number}.png": b"" for number in range(7)}
    night.raw |= {f"0scans/{number}.png": b"" for number in range(7)}
    found = of(night)
    assert str(found["0scans"].note) == "3 files or more"
    assert str(found["."].note) == "5 more files"
    assert sum(used.used is Used.NONE for used in found.values()) == 4


def test_files_of_which_a_part_is_used(night: Night) -> None:
    night.row("pv.csv", "0001")["nuls"] = "?"
    night.row("emargements.csv", "0001")["bureau"] = "9999"
    night.tables["voix.csv"].append(night.row("voix.csv", "0002"))
    night.publish("0004").bureau = "0005"
    night.exports[export_file("0001")] += b"more"
    batch = night.exports.pop(export_file("0002")), bytearray(night.exports.pop(export_file("0A11")))
    batch[1][50] ^= 1
    night.exports["batch.esf"] = b"".join(batch)
    found = of(night)
    parts = ("pv.csv", "emargements.csv", "voix.csv", "publie.txt", "exports/batch.esf")
    assert uses(found) == dict.fromkeys((*parts, f"exports/{export_file('0001')}"), Used.PART)
    assert str(found["pv.csv"].why) == "1 row or cell that could not be used"
    assert str(found["exports/batch.esf"].why) == "a checksum that is not that of its bytes"


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"a;b\n1;2\n"])
@pytest.mark.parametrize("file", ["pv.csv", "univers.csv", "election.toml", "publie.txt", "manifest.json"])
def test_files_of_which_nothing_is_used(night: Night, file: str, content: bytes) -> None:
    night.raw[file] = content
    used = of(night)[file]
    assert used.used is Used.NONE
    assert str(used.why).startswith("expected ")
    assert used.sha256


def test_dumps_of_which_nothing_is_used() -> None:
    night = night_with_urn(lambda image: image.__setitem__(0, 0))
    night.exports["README.txt"] = b"hello"
    night.change_export("0001", round=2)
    night.exports["again.esf"] = night.exports[export_file("0002")]
    found = of(night)
    again = max(f"exports/{export_file('0002')}", "exports/again.esf")
    names = ("exports/README.txt", f"exports/{export_file('0001')}", again, FILE)
    assert uses(found) == dict.fromkeys(names, Used.NONE)
    assert str(found["exports/README.txt"].why) == "not an export"
    assert str(found[FILE].why) == "another mark of the format"
    assert not any(used.unread for used in found.values())  # each has a finding of its own


def test_a_file_that_could_not_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lining_up, "_votes", raising(MemoryError()))
    found = of(small_night())
    assert uses(found) == {"voix.csv": Used.NONE}
    assert str(found["voix.csv"].why) == "it could not be checked"


def test_tables_with_nothing_filled_in_and_sheets_that_are_left(tmp_path: Path) -> None:
    empty, book = tmp_path / "pv.csv", tmp_path / "pv.xlsx"
    empty.write_text("Commune;Bureau;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés\nA;0001;;;;;;\n")
    signed = small_night().write() / "emargements.csv"
    used = input_of(loaded(records=(empty,), signatures=(signed,)), str(empty))
    assert (used.used, str(used.why)) == (Used.NONE, "nothing filled in")
    table = "Commune|N° bureau|Émargements|Votants\nA|'0001|5|6\n"
    book.write_bytes(samples.workbook({"PV": table, "Notes": "Lire ceci\n"}))
    [used] = loaded(records=(book,)).inputs
    assert used.used is Used.PART
    assert str(used.why).startswith("[Notes] expected columns such as")


def test_each_file_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures and SHA-256 are of the same bytes, whatever is put in the place of a file meanwhile."""
    night = night_with_urn()
    files = dict.fromkeys(night.files(), "0" * 64)
    night.raw["manifest.json"] = json.dumps({"files": files}).encode()
    night.raw["recap.csv"] = night.files()["pv.csv"]
    folder = night.write()
    true, opened = os.open, Counter[str]()

    def counting(path: str | Path, flags: int, *rest: Any, **more: Any) -> int:
        opened[str(path)] += 1
        return true(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", counting)
    audited(folder)
    of_the_night = {path: times for path, times in opened.items() if path.startswith(str(folder))}
    assert of_the_night == {str(path): 1 for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("file", "code"), [("pv.csv", "C106"), ("emargements.csv", "C105")])
def test_a_table_that_nobody_filled_in_is_not_complete(night: Night, file: str, code: str) -> None:
    night.raw[file] = "Commune;Bureau;Inscrits;Émargements;Votants\nEssai-sur-Marne;0001;;;\n".encode()
    result = night.run()
    assert [used.why for used in result.inputs if used.path == file] == [NOTHING_FILLED_IN]
    assert [one.severity for one in findings(result, code)] == [Severity.ERROR] * 5


@pytest.mark.parametrize(
    ("language", "one", "more"),
    [
        ("en", "; 1 file not read: pv.xlsx.", "; 4 files not read: 1.png, 2.png, 3.png, …"),
        ("fr", " ; 1 fichier non lu : pv.xlsx.", " ; 4 fichiers non lus : 1.png, 2.png, 3.png, …"),
    ],
)
def test_the_verdict_counts_what_was_not_read(
    night: Night, tmp_path: Path, cli: CommandLine, language: str, one: str, more: str
) -> None:
    night.raw |= {"pv.xlsx": b"?", "verite.csv": b"", "jour.csv": b"", "manifest.json": NO_FILES}
    folder = night.write(tmp_path / "night")
    cli("verify", folder, "--lang", language)
    assert one in cli.said
    night.raw = {f"{number}.png": b"" for number in range(1, 5)}
    folder = night.write(tmp_path / "night")
    cli("verify", folder, "--lang", language)
    assert more in cli.said
    cli("verify", folder, folder, "--lang", language)
    assert more in cli.out


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links")
def test_a_link_in_the_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    folder = small_night().write()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "1.txt").write_text("1")
    (folder / "link").symlink_to(tmp_path / "secret")
    result = audited(folder)
    only(result)
    used = input_of(result, "link")
    assert (used.used, used.kind, used.note) == (Used.NONE, "file", "")


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder named ``closed`` may be looked into."""
    scandir, listdir, stat = os.scandir, os.listdir, os.stat

    def check(path: Any, *parts: str) -> None:
        if "closed" in parts:
            raise PermissionError(13, "Permission denied", str(path))

    def scan(path: Any = ".") -> Any:
        check(path, Path(path).name)
        return scandir(path)

    def names(path: Any = ".") -> list[str]:
        check(path, Path(path).name)
        return listdir(path)

    def look(path: Any, **options: Any) -> Any:
        if isinstance(path, str | Path):
            check(path, *Path(path).parent.parts)
        return stat(path, **options)

    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(os, "listdir", names)
    monkeypatch.setattr(os, "stat", look)


@pytest.mark.usefixtures("shut")
def test_a_folder_that_may_not_be_looked_into_is_named_and_stops_nothing(cli: CommandLine) -> None:
    folder = small_night().write()
    (folder / "closed").mkdir()
    result = audited(folder)
    only(result)
    used = input_of(result, "closed")
    assert (used.used, used.kind, used.note) == (Used.NONE, "folder", "")
    cli("verify", folder)
    assert "\nclosed not read: a folder that cannot be listed\n" in cli.out


@pytest.mark.usefixtures("shut")
def test_beside_a_closed_folder_and_above_one_all_else_is_read(night: Night) -> None:
    folder = night.write()
    for place, name in (("papers", "pv.csv"), ("rolls/of the day", "emargements.csv")):
        (folder / place).mkdir(parents=True)
        (folder / name).rename(folder / place / name)
    for name in ("election.toml", "manifest.json"):
        (folder / name).unlink(missing_ok=True)
    (folder / "closed").mkdir()
    (folder / "rolls" / "closed").mkdir()
    inputs = {used.path: used for used in audited(folder).inputs}
    assert {inputs[path].used for path in ("papers/pv.csv", "rolls/of the day/emargements.csv")} == {Used.WHOLE}
    for path in ("closed", "rolls/closed"):
        assert (inputs[path].kind, str(inputs[path].why)) == ("folder", "a folder that cannot be listed")


@pytest.mark.usefixtures("shut")
def test_a_closed_folder_given_by_itself_is_not_empty(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "closed").mkdir()
    with pytest.raises(NothingReadable, match="a folder that cannot be listed"):
        loaded(tmp_path / "closed")
    records = small_night().write() / "pv.csv"
    given = loaded(tmp_path / "closed", records=(records,)).inputs
    assert [str(used.why) for used in given if used.used is Used.NONE] == ["a folder that cannot be listed"]
    cli("results", tmp_path / "closed", code=2)
    assert "expected a folder that can be read, got Permission denied" in cli.err


@pytest.mark.parametrize("kind", ["exports", "modules"])
def test_a_folder_that_is_given_and_holds_nothing_is_an_error(tmp_path: Path, kind: str) -> None:
    folder = small_night().write()
    (tmp_path / "empty").mkdir()
    given = (tmp_path / "empty",)
    records = (folder / "pv.csv",)
    sources = Sources(records=records, exports=given) if kind == "exports" else Sources(records=records, urns=given)
    result = audit.run(load(sources))
    [found] = only(result, "I122")
    assert found.left.source == str(tmp_path / "empty")
    assert [str(used.why) for used in result.inputs if used.path == str(tmp_path / "empty")] == ["no file is in it"]


def test_where_nothing_can_be_read_it_is_said_why(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingReadable, match=r"^no file in the folder given$"):
        loaded(tmp_path / "empty")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.docx").write_bytes(b"PK")
    with pytest.raises(NothingReadable, match=r"files given: a\.docx: a text document, whose tables are not read"):
        loaded(tmp_path / "letters")


def test_a_dump_in_an_archive_with_tables_is_named_as_one(tmp_path: Path) -> None:
    night = small_night().write()
    with zipfile.ZipFile(tmp_path / "mail.zip", "w") as archive:
        archive.write(night / "pv.csv", "pv.csv")
        archive.write(night / "exports" / export_file("0001"), "exports/1.esf")
        archive.writestr(".DS_Store", bytes(8))
    [used] = loaded(files=(tmp_path / "mail.zip",)).inputs
    said = {sheet.sheet: str(sheet.why) for sheet in used.sheets if sheet.used is Used.NONE}
    assert "a dump of a machine, which is no table and not read out of an archive" in said["exports/1.esf"]
    assert "a file that the operating system has made" in said[".DS_Store"]
