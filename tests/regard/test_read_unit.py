"""`regard.read_unit` and `regard.Emulator`: a module read from a program, in threads and in asyncio."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import regard
from protocol.output_refusals import OutputRefused
from tests.protocol.module_images import example
from tests.regard.guide_programs import GUIDES, programs, run_program

BAUD = 3_000_000
needs_pty = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")


@needs_pty
def test_the_program_of_the_guide_reads_over_a_pty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = programs()["read_unit.py"]
    assert all(program in (GUIDES / name).read_text(encoding="utf-8") for name in ("lab.md", "labo.md"))
    (tmp_path / "module.urn").write_bytes(example())
    monkeypatch.chdir(tmp_path)
    run_program("read_unit.py")
    assert "read 65,536 of 65,536" in capsys.readouterr().out
    assert (tmp_path / "read.urn").read_bytes() == example()


def test_units_in_threads_and_in_asyncio(tmp_path: Path) -> None:
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
