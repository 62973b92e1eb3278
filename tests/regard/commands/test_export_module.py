"""`regard lab export`: from an urn's image to the export that its machine would have written."""

import datetime
import hashlib
from pathlib import Path

import pytest

from protocol.civil_time import seconds
from protocol.export.record import parse
from protocol.urn.recount import recount
from protocol.urn.to_export import export_from_image
from regard.cli import main
from tests.protocol.urn.module_images import example, rows
from tests.protocol.urn.module_violations import changed, put
from tests.regard.calling import CommandLine
from tests.verify.night_builder import audited


def run(tmp_path: Path, *arguments: str) -> tuple[int, Path]:
    image = tmp_path / "m.urn"
    image.write_bytes(example())
    target = tmp_path / "m.esf"
    return main(["lab", "export", str(image), "-o", str(target), *arguments]), target


def test_it_writes_one_record_for_each_poll_of_the_image(tmp_path: Path) -> None:
    code, target = run(tmp_path, "--at", "2022-04-11T09:30:00")
    polls = int((recount(rows([example()])).columns[0]["choices"] > 0).sum())
    data = target.read_bytes()
    assert (code, len(data)) == (0, polls * 576)
    first = parse(data[:576])
    assert first.module_digest == hashlib.sha256(example()).digest()
    assert first.export == seconds(datetime.date(2022, 4, 11), 9, 30)
    assert data[:576] == export_from_image(example(), first.poll, first.export)


def test_another_file_that_is_there_is_not_replaced_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.esf").write_bytes(b"evidence")
    code, target = run(tmp_path)
    assert (code, target.read_bytes()) == (2, b"evidence")
    assert "--force" in capsys.readouterr().err
    code, target = run(tmp_path, "--force")
    assert code == 0
    assert target.read_bytes() != b"evidence"


def test_a_large_file_in_the_place_of_the_export_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "m.esf").open("wb") as file:
        file.truncate(100 * 2**30)
    assert run(tmp_path)[0] == 2
    assert "m.esf: is there already" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "m.esf").stat().st_size == 100 * 2**30


def test_the_same_export_that_is_there_is_written_again(tmp_path: Path) -> None:
    at = ("--at", "2022-04-11T09:30:00")
    assert run(tmp_path, *at)[0] == 0
    assert run(tmp_path, *at)[0] == 0


def test_what_is_no_image_is_named_as_that(tmp_path: Path, cli: CommandLine) -> None:
    bad = tmp_path / "photo.urn"
    bad.write_bytes(b"\x89PNG")
    cli("lab", "export", bad, "-o", tmp_path / "x.esf", code=2)
    assert f"{bad}: image at byte 4: expected 65536 bytes, got 4 bytes" in cli.err
    assert not (tmp_path / "x.esf").exists()


def test_a_poll_that_the_image_does_not_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, target = run(tmp_path, "--poll", "5")
    assert code == 2
    assert "poll" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize(
    ("offset", "english", "french"),
    [
        (0x510, "log", "journal"),
        (0x8000, "first copy of the votes", "première copie des votes"),
        (0x2A13, "closing", "clôture"),
        (0x0F90, "counters", "compteurs"),
    ],
)
def test_a_damaged_image_is_exported_marked_and_warned_of(
    tmp_path: Path, cli: CommandLine, offset: int, english: str, french: str
) -> None:
    image = bytearray(example())
    image[offset] ^= 0x20
    (tmp_path / "m.urn").write_bytes(image)
    for lang, word, attention in (("en", english, "warning"), ("fr", french, "attention")):
        target = tmp_path / f"{lang}.esf"
        cli("lab", "export", tmp_path / "m.urn", "-o", target, "--lang", lang, code=1)
        assert attention in cli.err
        assert word in cli.err
        record = target.read_bytes()
        assert record[512:572].rstrip(b"\0") == b"from a damaged image"
        parse(record)  # and its bytes are right
    found = audited(exports=(tmp_path / "en.esf",)).findings
    assert any(one.code == "I105" for one in found)


def test_an_image_that_is_whole_is_exported_without_a_mark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, target = run(tmp_path)
    assert (code, target.read_bytes()[512:572], capsys.readouterr().err) == (0, bytes(60), "")


def test_an_image_with_a_value_that_no_export_can_hold_is_not_exported(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "m.urn").write_bytes(changed(put(0x8C, b"\3")))
    cli("lab", "export", tmp_path / "m.urn", "-o", tmp_path / "m.esf", "--lang", "fr", code=2)
    assert "il fallait de 1 à 2 ; le fichier contient : 3" in cli.err
    assert not (tmp_path / "m.esf").exists()
