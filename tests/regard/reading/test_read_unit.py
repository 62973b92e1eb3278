"""`regard.read_unit` and `regard.Emulator` in threads and in asyncio; `regard lab read`: what it may write over."""

import asyncio
import hashlib
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import regard
from protocol import files
from protocol.files import open_growing
from protocol.output_refusals import OutputRefused
from protocol.own_files import part_path
from regard.reading.partial_read import PartialRead
from tests.protocol.urn.module_images import example
from tests.regard.public_api.guide_programs import GUIDES, programs, run_program
from tests.regard.reading.readings import IMAGE, read, record_of, served

BAUD = 3_000_000
needs_pty = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")


@needs_pty
def test_the_program_of_the_guide_reads_over_a_pty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = programs()["read_unit.py"]
    assert all(program in (GUIDES / name).read_text("utf-8") for name in ("lab.md", "labo.md"))
    (tmp_path / "module.urn").write_bytes(example())
    monkeypatch.chdir(tmp_path)
    run_program("read_unit.py")
    assert "read 65,536 of 65,536" in capsys.readouterr().out
    assert (tmp_path / "read.urn").read_bytes() == example()


def test_units_in_threads_and_in_asyncio() -> None:
    images = [bytes([number]) * 5000 for number in (1, 2, 3)]
    seen: list[tuple[str, int]] = []

    def read(image: bytes) -> regard.UnitReading:
        def progress(step: str, done: int, total: int) -> None:
            seen.append((step, threading.get_ident()))

        with regard.Emulator(image, port="tcp:0", baud=BAUD) as unit:
            return regard.read_unit(unit.port, baud=BAUD, progress=progress)

    async def together() -> list[regard.UnitReading]:
        return await asyncio.gather(*(asyncio.to_thread(read, image) for image in images))

    once = regard.Emulator(images[0], port="tcp:0", baud=BAUD)
    for _ in range(2):
        with once as unit:
            assert regard.read_unit(unit.port, baud=BAUD, once=True).image == images[0]
    for readings in (asyncio.run(together()), list(ThreadPoolExecutor(3).map(read, images))):
        assert [each.image for each in readings] == images
        assert all((each.compared, each.path, each.failing) == (5000, None, ()) for each in readings)
    assert {step for step, _ in seen} == {"ask", "read", "compare"}
    assert threading.get_ident() not in {thread for _, thread in seen}


def test_a_spoiled_line_and_a_file_that_goes_on(tmp_path: Path) -> None:
    image, output = example(), tmp_path / "m.urn"
    with regard.Emulator(image, port="tcp:0", baud=BAUD, noise=1e-4, disconnect_after=90_000) as unit:
        with pytest.raises(regard.RegardError):
            regard.read_unit(unit.port, output, baud=BAUD)
        with pytest.raises(regard.RegardError, match="unfinished reading"):
            regard.read_unit(unit.port, output, baud=BAUD)
        reading = regard.read_unit(unit.port, output, baud=BAUD, resume=True)
        assert (reading.image, output.read_bytes(), reading.path) == (image, image, output)
        assert (reading.module, len(reading.sha256), reading.failing) == ("U-0815", 64, ())
        output.write_bytes(b"other")
        with pytest.raises(OutputRefused, match="something else"):
            regard.read_unit(unit.port, output, baud=BAUD, once=True, resume=True)
        assert output.read_bytes() == b"other"


def test_what_cannot_be_emulated_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.urn").write_bytes(b"")
    for image in (b"", tmp_path / "empty.urn", tmp_path / "missing.urn"):
        with pytest.raises(regard.RegardError):
            regard.Emulator(image)
    with pytest.raises(regard.RegardError, match="cannot listen on nothing"), regard.Emulator(b"1", port="nothing"):
        pass
    with pytest.raises(ValueError, match="noise is a share from 0 to 1"):
        regard.Emulator(b"1", noise=2)


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
