"""`regard lab read`: nothing that is not its own is written over, and the record is of the image beside it."""

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from protocol import files
from protocol.files import open_growing
from protocol.own_files import part_path
from regard.reading.partial_read import PartialRead
from tests.regard.readings import IMAGE, read, record_of, served

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes")


@pytest.mark.parametrize("content", [b"insee,bureau,scrutin\n77001,0001,1\n", b"# a comment\n", b"\xff" * 500])
def test_a_trace_is_written_on_and_nothing_else(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace, evidence = tmp_path / "trace.txt", tmp_path / "pv.csv"
    evidence.write_bytes(content)
    with served() as (announced, _):
        assert read(announced[0], tmp_path / "m.urn", "--trace", evidence) == 2
        assert "no trace of an earlier reading" in capsys.readouterr().err
        assert evidence.read_bytes() == content
        assert not (tmp_path / "m.urn").exists()
        for name in ("one.urn", "two.urn"):
            assert read(announced[0], tmp_path / name, "--trace", trace, "--once") == 0
    lines = trace.read_text("ascii").splitlines()
    assert sum(line.startswith("# ") for line in lines) == 2
    assert lines[0].startswith("# ")


@POSIX
@pytest.mark.parametrize("ending", ["", ".part", ".part.json", ".json", "trace"])
def test_no_link_and_no_pipe_is_written_to(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output, evidence = tmp_path / "m.urn", tmp_path / "evidence"
    evidence.write_bytes(b"evidence")
    place = tmp_path / "trace" if ending == "trace" else output.with_name(output.name + ending)
    words: list[str | Path] = ["--trace", place] if ending == "trace" else []
    with served() as (announced, _):
        for said in ("a link", "a pipe"):
            place.symlink_to(evidence) if said == "a link" else os.mkfifo(place)
            for more in ("", "--force", "--resume"):
                assert read(announced[0], output, *words, *filter(None, [more])) == 2
                assert said in capsys.readouterr().err
            place.unlink()
    assert evidence.read_bytes() == b"evidence"
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]


@pytest.mark.parametrize("name", ["m.urn", "m.urn.json", "m.urn.part", "./m.urn.part.json", ""])
def test_the_trace_is_none_of_the_other_files(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read("socket://127.0.0.1:9", Path("m.urn"), "--trace", name) == 2
    assert ("the same file" if name else "the name of a file") in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_folder_of_the_image_is_there_before_the_port_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read("no such port", tmp_path / "none" / "m.urn") == 2
    assert "there is no folder" in capsys.readouterr().err


def test_two_readings_into_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "m.urn"
    with served() as (announced, _):
        with files.Output(output):
            assert read("no such port", output, "--force") == 2  # at once: the port is not even opened
        assert "another process" in capsys.readouterr().err
        with open_growing(tmp_path / "trace"):
            assert read("no such port", output, "--trace", tmp_path / "trace") == 2
        assert "another process" in capsys.readouterr().err
        assert read(announced[0], output) == 0
    assert record_of(output)["sha256"] == hashlib.sha256(output.read_bytes()).hexdigest()


def test_an_image_that_the_disk_gives_back_otherwise_is_not_certified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "m.urn"
    with served() as (announced, _):
        original = PartialRead.publish

        def damaged(partial: PartialRead, *arguments: Path | bytes) -> None:
            partial.close()
            data = bytearray(part_path(output).read_bytes())
            data[1000] ^= 1
            part_path(output).write_bytes(data)
            original(partial, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(PartialRead, "publish", damaged)
        assert read(announced[0], output) == 2
    assert "other bytes than were written" in capsys.readouterr().err
    assert not output.exists()
    assert not output.with_name("m.urn.json").exists()
    assert part_path(output).exists()


@POSIX
@pytest.mark.parametrize("at", ["image", "record"])
def test_a_record_never_stands_beside_an_image_that_it_is_not_of(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, record = tmp_path / "m.urn", tmp_path / "m.urn.json"
    output.write_bytes(b"another module")
    record.write_text(json.dumps({"sha256": hashlib.sha256(b"another module").hexdigest()}))
    replace, done = Path.replace, []

    def cut(path: Path, target: Path) -> Path:
        if target == (output if at == "image" else record):
            done.append(target)
            raise OSError(5, "power cut")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", cut)
    with served() as (announced, _):
        assert read(announced[0], output, "--force") == 2
    assert done
    assert not record.exists()
    assert output.read_bytes() == (IMAGE if at == "record" else b"another module")
