"""`regard lab read` against `regard lab emulate`, over a real pty, TCP and RFC 2217: the same bytes, or a refusal."""

import hashlib
import io
import json
import os
import runpy
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protocol.errors import InputError, LinkError, RegardError
from protocol.line.emulator import Faults
from protocol.line.messages import Identity
from protocol.own_files import part_path, state_path
from protocol.urn.image import DTYPE, MAGIC
from regard.commands import lab
from regard.reading.partial_read import PartialRead, PassesDifferError, ReadState
from tests.programs import HANG, finish
from tests.regard.calling import CommandLine
from tests.regard.reading.readings import BAUD, IMAGE, read, record_of, served, start

needs_pty = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "m.urn"


def test_a_system_without_pseudo_terminals_gets_a_tcp_port(monkeypatch: pytest.MonkeyPatch, cli: CommandLine) -> None:
    monkeypatch.delattr(os, "openpty", raising=False)
    monkeypatch.setattr(lab, "OPTIONS", runpy.run_path(lab.__file__)["OPTIONS"])
    cli("lab", "emulate", "--help")
    assert "default tcp:0" in cli.said


@pytest.mark.parametrize("port", [pytest.param("pty", marks=needs_pty), "tcp:0"])
def test_identical_bytes_and_the_record_of_the_reading(
    port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "m.urn"
    with served(port=port) as (announced, _):
        assert read(announced[0], output) == 0
    assert output.read_bytes() == IMAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.urn", "m.urn.json"]
    record = record_of(output)
    assert record["sha256"] == hashlib.sha256(IMAGE).hexdigest()
    assert record["module_serial"].startswith("sha256:")
    assert (record["file"], record["bytes"], record["passes"], record["sections"]) == ("m.urn", len(IMAGE), 2, {})
    assert "model" in record["note"]
    (session,) = record["sessions"]
    assert (session["port"], session["baud"], session["unit_restarted"]) == (announced[0], BAUD, False)
    assert session["started"].endswith("+00:00")
    assert session["started"] <= session["ended"]
    assert sum(int(length) * count for length, count in session["blocks"].items()) == 2 * len(IMAGE)
    out = capsys.readouterr()
    assert "read twice, the same" in out.out
    assert "not the vendor's" in out.out
    assert out.err == ""


def test_once(tmp_path: Path) -> None:
    with served() as (announced, _):
        assert read(announced[0], tmp_path / "m.urn", "--once") == 0
    record = record_of(tmp_path / "m.urn")
    assert record["passes"] == 1
    assert sum(int(length) * count for length, count in record["sessions"][0]["blocks"].items()) == len(IMAGE)


@pytest.mark.check(13)
@pytest.mark.parametrize("port", [pytest.param("pty", marks=needs_pty), "tcp:0"])
@pytest.mark.parametrize("after", [9_000, 55_000])
def test_one_percent_damaged_and_a_disconnect_in_the_middle(
    port: str, after: int, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The connection breaks in the first pass, or in the second; the next run goes on from there."""
    with served(Faults(noise=0.01, disconnect_after=after, seed=4), port=port) as (announced, _):
        assert read(announced[-1], output, "--resume") == 2
        assert not output.exists()
        told = capsys.readouterr().err
        assert "is gone" in told
        assert "the same command with --resume goes on" in told
        kept = part_path(output).read_bytes()
        assert 0 < len(kept)
        assert kept == IMAGE[: len(kept)]
        for _ in range(50):
            if (code := read(announced[-1], output, "--resume")) == 0:
                break
            time.sleep(0.1)
        assert code == 0
    assert output.read_bytes() == IMAGE
    first, *later = record_of(output)["sessions"]
    assert first["unit_restarted"] is None
    blocks = sum(int(length) * count for session in later for length, count in session["blocks"].items())
    assert len(IMAGE) <= blocks + len(kept) if after < 20_000 else blocks < len(IMAGE)


def test_no_resume_with_another_module(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with served(Faults(disconnect_after=9_000)) as (announced, _):
        assert read(announced[0], output) == 2
    kept = part_path(output).read_bytes()
    with served(image=bytes(reversed(IMAGE))) as (announced, _):
        assert read(announced[0], output, "--resume") == 2
    assert "another module is in the unit" in capsys.readouterr().err
    assert part_path(output).read_bytes() == kept
    assert not output.exists()


def test_an_unfinished_reading_is_not_thrown_away(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with served(Faults(disconnect_after=9_000)) as (announced, _):
        assert read(announced[0], output) == 2
        kept = part_path(output).read_bytes()
        time.sleep(0.2)
        assert read(announced[0], output) == 2
        assert "is an unfinished reading: --resume goes on, --force starts anew" in capsys.readouterr().err
        assert part_path(output).read_bytes() == kept
        assert read(announced[0], output, "--force") == 0
    assert output.read_bytes() == IMAGE


def test_a_module_exchanged_while_it_is_read(
    output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with served() as (announced, unit):
        append = PartialRead.append

        def exchange(self: PartialRead, data: bytes) -> None:
            append(self, data)
            if len(self.image) > 5000 and unit.image == IMAGE:
                unit.insert(bytes(len(IMAGE)))

        monkeypatch.setattr(PartialRead, "append", exchange)
        assert read(announced[0], output) == 2
    assert "another module is in the unit" in capsys.readouterr().err
    assert not output.exists()


def test_a_module_that_changes_between_the_passes(
    output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit says that it is the same module, and sends another byte: a contact that is not stable."""
    with served() as (announced, _):
        compare = PartialRead.compare

        def disturb(self: PartialRead, data: bytes) -> None:
            hit = bytearray(data)
            if self.state.compared == 0:
                hit[3] ^= 0x10
            compare(self, bytes(hit))

        monkeypatch.setattr(PartialRead, "compare", disturb)
        assert read(announced[0], output) == 2
        monkeypatch.undo()
        told = capsys.readouterr().err
        assert f"the two passes differ at byte 3: {IMAGE[3]:02x}, then {IMAGE[3] ^ 0x10:02x}" in told
        assert not output.exists()
        assert part_path(output).read_bytes() == IMAGE
        assert read(announced[0], output, "--resume") == 2
        assert "differ at byte 3; --force starts anew" in capsys.readouterr().err
        assert read(announced[0], output, "--force") == 0


def test_evidence_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "m.urn"
    output.write_bytes(b"other evidence")
    with served() as (announced, _):
        assert read(announced[0], output) == 1
        assert "exists and holds something else" in capsys.readouterr().err
        assert output.read_bytes() == b"other evidence"
        assert part_path(output).read_bytes() == IMAGE
        assert read(announced[0], output, "--force") == 0
        before = record_of(output)
        assert read(announced[0], output) == 0
        assert "was there already, identical" in " ".join(capsys.readouterr().out.split())
    assert record_of(output) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.urn", "m.urn.json"]


def test_the_record_of_another_reading_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "m.urn.json"
    record.write_text("somebody's")
    with served() as (announced, _):
        assert read(announced[0], tmp_path / "m.urn") == 2
    assert "exists without its module image: --force replaces it" in capsys.readouterr().err
    assert record.read_text() == "somebody's"


def test_sections_are_checked(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = np.full(DTYPE.itemsize, 0xFF, np.uint8)
    image[: len(MAGIC)] = list(MAGIC)
    with served(image=image.tobytes(), baud=4_000_000) as (announced, _):
        assert read(announced[0], output) == 1
    assert output.read_bytes() == image.tobytes()
    assert "Section configuration fails its check." in capsys.readouterr().out
    assert record_of(output)["sections"]["configuration"] == "fails"
    assert record_of(output)["sections"]["closing"] == "unsealed"


def test_a_trace(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    with served() as (announced, _):
        assert read(announced[0], tmp_path / "m.urn", "--trace", trace) == 0
        first = trace.read_text("ascii")
        assert read(announced[0], tmp_path / "m.urn", "--trace", trace) == 0
    both = trace.read_text("ascii")
    assert both.startswith(first)
    assert len(both) > len(first)
    session = record_of(tmp_path / "m.urn")["sessions"][0]
    lines = [line.split(maxsplit=2) for line in first.splitlines() if not line.startswith("#")]
    assert {direction for _, direction, _ in lines} == {"TX", "RX"}
    logged = [len(bytes.fromhex(rest[6:53])) for _, direction, rest in lines if direction == "RX"]
    # The last answer, to the status after the end, is logged as well.
    assert sum(logged) == session["bytes_received"]


def test_no_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read("socket://127.0.0.1:1", tmp_path / "m.urn") == 2
    told = capsys.readouterr().err
    assert told.startswith("regard lab read: cannot open the port socket://127.0.0.1:1: ")
    assert "--resume" not in told
    assert list(tmp_path.iterdir()) == []


def test_the_name_that_the_emulator_listens_by_is_answered_with_the_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read("tcp:7100", tmp_path / "m.urn") == 2
    assert "read from socket://127.0.0.1:7100" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_emulator_ends_when_told_to(number: signal.Signals, tmp_path: Path) -> None:
    image = tmp_path / "m.urn"
    image.write_bytes(IMAGE)
    words = ("--port", "tcp:0", "--baud", "2000000", "--noise", "0.001", "--drop", "0.0005", "--seed", "7")
    process = start("emulate", image, *words)
    try:
        assert process.stdout is not None
        line, how = process.stdout.readline(), process.stdout.readline()
        assert line.startswith("Reading unit (a model, not the vendor's) on socket://127.0.0.1:")
        port = line.split(" on ")[1].split(",")[0]
        assert read(port, tmp_path / "read.urn") == 0
    finally:
        process.send_signal(number)
        _, err = finish(process, 128 + number)
    assert err == f"regard lab emulate: {image}: no image of an urn; its bytes are served as they are\n"
    assert how == f"To read: regard lab read --port {port} --baud 2000000 -o FILE\n"
    assert (tmp_path / "read.urn").read_bytes() == IMAGE == image.read_bytes()


@pytest.mark.check(12)
@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_reading_that_is_interrupted_goes_on(number: signal.Signals, output: Path) -> None:
    with served(baud=57_600) as (announced, _):
        process = start("read", "--port", announced[0], "-o", output)
        end = time.monotonic() + HANG
        while not (part_path(output).exists() and part_path(output).stat().st_size > 1000):
            assert time.monotonic() < end
            time.sleep(0.02)
        process.send_signal(number)
        _, err = finish(process, 128 + number)
        assert "regard lab read: interrupted" in err
        assert "the same command with --resume goes on" in err
        assert read(announced[0], output, "--resume", "--once") == 0
    assert output.read_bytes() == IMAGE
    last = record_of(output)["sessions"][-1]
    # The rest once, and what came before the interruption a second time: no look at the unit vouched for that.
    assert sum(int(length) * count for length, count in last["blocks"].items()) == len(IMAGE)
    assert record_of(output)["passes"] == 1


@pytest.mark.parametrize("content", [b"", None])
def test_an_image_that_cannot_be_served(content: bytes | None, tmp_path: Path, cli: CommandLine) -> None:
    if content is not None:
        (tmp_path / "m.urn").write_bytes(content)
    cli("lab", "emulate", tmp_path / "m.urn", "--port", "tcp:0", code=2)


def test_an_image_too_large_to_be_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine) -> None:
    (tmp_path / "m.urn").write_bytes(bytes(101))
    monkeypatch.setattr("regard.reading.unit.MAX_IMAGE_LENGTH", 100)
    assert "at most 100 bytes, got 101 bytes" in cli("lab", "emulate", tmp_path / "m.urn", "--port", "tcp:0", code=2)


@pytest.mark.parametrize(
    "words",
    [
        "--noise 2",
        "--noise nan",
        "--drop -1",
        "--stall -1",
        "--disconnect-after 0",
        "--seed -1",
        "--baud 0",
        "--baud x",
    ],
)
def test_wrong_usage(words: str, cli: CommandLine) -> None:
    cli("lab", "emulate", "m.urn", *words.split(), code=2)
    assert words.split()[0] in cli.err


def test_ports(cli: CommandLine) -> None:
    cli("lab", "ports")
    assert cli.out


def test_progress_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for colours in (True, False):
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("NO_COLOR", raising=False)
        if not colours:
            monkeypatch.setenv("NO_COLOR", "1")
        with served(baud=200_000, image=IMAGE[:10_000]) as (announced, _):
            assert read(announced[0], tmp_path / f"{colours}.urn") == 0
        shown = screen.getvalue()
        assert "reading: " in shown
        assert " of 10,000 bytes" in shown
        assert ("\x1b[38;5;" in shown or "\x1b[3" in shown.replace("\x1b[3A", "")) == colours


IDENTITY = Identity(1, 1, 8, 1024, len(IMAGE), "unit", "M1", "")


def state_of(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """A partial reading of 100 bytes, and its state."""
    output = tmp_path / "m.urn"
    partial = PartialRead.begin(output, IDENTITY)
    partial.append(IMAGE[:100])
    partial.close()
    return output, json.loads(state_path(output).read_text("utf-8"))


def test_a_partial_reading_goes_on_where_its_state_says(tmp_path: Path) -> None:
    output, _ = state_of(tmp_path)
    with part_path(output).open("ab") as file:
        file.write(b"bytes that came after the state was saved")
    partial = PartialRead.resume(output)
    assert partial is not None
    assert (partial.image, partial.state.read) == (IMAGE[:100], 100)
    partial.append(IMAGE[100:200])
    partial.close()
    assert part_path(output).read_bytes() == IMAGE[:200]


def test_nothing_to_resume(output: Path) -> None:
    assert PartialRead.resume(output) is None
    part_path(output).touch()
    assert PartialRead.resume(output) is None


@pytest.mark.parametrize(
    "change",
    [
        {"format": "another"},
        {"unit": 5},
        {"module_serial": "\x1b[2J"},
        {"image_length": 2**40},
        {"image_length": 50},
        {"read": -1},
        {"read": True},
        {"read": 100.0},
        {"compared": 101},
        {"sha256": "0" * 64},
        {"sessions": 3},
        {"sessions": [3]},
        {"sessions": [{"repeated": "x"}]},
    ],
)
def test_a_state_that_is_none(change: dict[str, Any], tmp_path: Path) -> None:
    output, state = state_of(tmp_path)
    state_path(output).write_text(json.dumps(state | change), "utf-8")
    with pytest.raises(InputError):
        PartialRead.resume(output)
    assert part_path(output).read_bytes() == IMAGE[:100]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000])
def test_a_state_of_any_bytes(content: bytes, tmp_path: Path) -> None:
    output, _ = state_of(tmp_path)
    state_path(output).write_bytes(content)
    with pytest.raises(InputError):
        PartialRead.resume(output)


def test_a_damaged_partial_file(tmp_path: Path) -> None:
    output, _ = state_of(tmp_path)
    for content in (IMAGE[:99], b"x" + IMAGE[1:100]):
        part_path(output).write_bytes(content)
        with pytest.raises(InputError, match="SHA-256"):
            PartialRead.resume(output)
    state_path(output).unlink()
    with pytest.raises(InputError, match="the state of an unfinished reading"):
        PartialRead.resume(output)


def test_the_same_module_is_the_same_in_serials_and_length() -> None:
    state = ReadState("unit", "M1", "", len(IMAGE))
    state.check_same(IDENTITY)
    for other in (("M2", "", len(IMAGE)), ("M1", "X", len(IMAGE)), ("M1", "", 5)):
        with pytest.raises(LinkError, match="another module is in the unit"):
            ReadState("unit", *other).check_same(IDENTITY)
    assert issubclass(PassesDifferError, RegardError)
