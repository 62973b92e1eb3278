"""`regard lab read` and the files it writes: nothing else is touched, and what is certified is what stands there."""

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from protocol.line.emulator import Faults
from protocol.own_files import part_path
from regard.api import audit
from regard.commands.planning.simulate import simulate
from regard.reading.partial_read import PartialRead
from tests.programs import HANG, finish
from tests.regard.reading.readings import IMAGE, read, record_of, served, start
from verify.model.findings import Severity
from verify.model.use import READING

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="no links without rights, no signals, no limits of this kind"
)


def await_bytes(output: Path) -> None:
    """Wait until a reading has kept some bytes."""
    end = time.monotonic() + HANG
    while not (part_path(output).exists() and part_path(output).stat().st_size > 1000):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "m.urn"


@posix
def test_a_second_name_of_the_partial_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "evidence").write_bytes(b"evidence")
    os.link(tmp_path / "evidence", tmp_path / "m.urn.part")
    with served() as (announced, _):
        assert read(announced[0], tmp_path / "m.urn", "--resume") == 2
    assert "is a file with a second name" in capsys.readouterr().err
    assert (tmp_path / "evidence").read_bytes() == b"evidence"


@pytest.mark.parametrize(
    ("trace", "said"),
    [
        ("night/pv.csv", "where nothing is ever replaced"),
        ("night/trace", "would be among the evidence"),
        ("night/modules/trace", "would be among the evidence"),
        ("notes.txt", "is no trace of an earlier reading"),
        ("folder", "is a folder"),
        pytest.param("link", "is a link, which is not followed", marks=posix),
    ],
)
def test_a_trace_is_never_written_into_anything_else(
    trace: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "night" / "modules").mkdir(parents=True)
    (tmp_path / "folder").mkdir()
    for name in ("night/election.toml", "night/pv.csv", "notes.txt"):
        (tmp_path / name).write_bytes(b"insee,bureau\n")
    if sys.platform != "win32":
        (tmp_path / "link").symlink_to("notes.txt")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with served() as (announced, _):
        assert read(announced[0], tmp_path / "m.urn", "--trace", tmp_path / trace) == 2
        assert said in capsys.readouterr().err
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_new_trace_among_evidence_has_to_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}")
    with served() as (announced, _):
        assert read(announced[0], tmp_path / "m.urn", "--trace", tmp_path / "trace", "--force") == 0
    assert (tmp_path / "trace").exists()


def test_what_the_disk_holds_is_what_is_certified(
    output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte of the partial file changes on the disk after it was compared: nothing is certified, nothing renamed."""
    compare = PartialRead.compare

    def disturb(self: PartialRead, data: bytes) -> None:
        compare(self, data)
        if self.state.compared == len(IMAGE):
            self.save()
            with part_path(output).open("r+b") as file:
                file.seek(77)
                file.write(bytes((IMAGE[77] ^ 1,)))

    monkeypatch.setattr(PartialRead, "compare", disturb)
    with served() as (announced, _):
        assert read(announced[0], output) == 2
    told = capsys.readouterr().err
    assert "the disk gives back other bytes than were written" in told
    assert "cannot go on; --force starts anew" in told
    assert "--resume" not in told
    assert not output.exists()
    assert not output.with_name("m.urn.json").exists()


def test_after_passes_that_differ_nothing_is_promised(
    output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = PartialRead.compare
    monkeypatch.setattr(PartialRead, "compare", lambda self, data: compare(self, bytes(len(data))))
    with served() as (announced, _):
        assert read(announced[0], output) == 2
        told = capsys.readouterr().err
        assert "cannot go on; --force starts anew" in told
        assert "--resume" not in told
        monkeypatch.undo()
        assert read(announced[0], output, "--resume") == 2
        assert "--resume" not in capsys.readouterr().err


def test_the_record_of_another_file_is_no_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "m.urn"
    record = tmp_path / "m.urn.json"
    with served() as (announced, _):
        assert read(announced[0], output) == 0
        right = record_of(output)["sha256"]
        for content in (record.read_text("utf-8").replace(right, "0" * 64), "[]", "no JSON"):
            record.write_text(content, "utf-8")
            assert read(announced[0], output, "--resume") == 1
            assert "m.urn.json is not its record; --force replaces both" in capsys.readouterr().err
            assert record.read_text("utf-8") == content
        assert read(announced[0], output, "--resume", "--force") == 0
        assert record_of(output)["sha256"] == right
        record.unlink()
        assert read(announced[0], output) == 0
    assert record_of(output)["sha256"] == right
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.urn", "m.urn.json"]


@pytest.mark.parametrize("what", ["taken out and put back", "restarted", "nothing"])
def test_once_is_twice_where_no_look_at_the_unit_vouches_for_the_bytes(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = PartialRead.append
    with served() as (announced, unit):

        def disturb(self: PartialRead, data: bytes) -> None:
            append(self, data)
            if self.state.read == len(IMAGE):
                if what == "taken out and put back":
                    unit.insert(IMAGE)
                elif what == "restarted":
                    unit.restart(boot=7)

        monkeypatch.setattr(PartialRead, "append", disturb)
        assert read(announced[0], tmp_path / "m.urn", "--once") == 0
    assert record_of(tmp_path / "m.urn")["passes"] == (1 if what == "nothing" else 2)


def test_once_does_not_take_over_what_came_from_another_module(
    output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module is exchanged while it is read, which is noticed at the end; it is put back, and reading goes on."""
    append = PartialRead.append
    with served() as (announced, unit):

        def exchange(self: PartialRead, data: bytes) -> None:
            append(self, data)
            if self.state.read > 5000 and unit.image == IMAGE:
                unit.insert(bytes(len(IMAGE)))

        monkeypatch.setattr(PartialRead, "append", exchange)
        assert read(announced[0], output, "--once") == 2
        assert "another module is in the unit" in capsys.readouterr().err
        monkeypatch.undo()
        unit.insert(IMAGE)
        assert read(announced[0], output, "--once", "--resume") == 2
    assert "the two passes differ at byte" in capsys.readouterr().err
    assert not output.exists()


@posix
def test_a_reading_that_was_killed_goes_on(tmp_path: Path) -> None:
    output = tmp_path / "m.urn"
    with served(baud=57_600) as (announced, _):
        process = start("read", "--port", announced[0], "-o", output)
        await_bytes(output)
        process.kill()
        finish(process, -signal.SIGKILL)
    with served() as (announced, _):
        assert read(announced[0], output, "--resume") == 0
    assert output.read_bytes() == IMAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.urn", "m.urn.json"]


@posix
@pytest.mark.parametrize("room", [0, 300, 9_000])
def test_a_disk_that_is_full(room: int, output: Path) -> None:
    """The system takes so many bytes of a file and no more: what came before is kept, and the rest is read later."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); "
    with served() as (announced, _):
        process = start("read", "--port", announced[0], "-o", output, first=limit)
        _, told = finish(process, 2)
        assert "File too large" in told
        assert not output.exists()
        assert read(announced[0], output, "--resume" if room else "--force") == 0
    assert output.read_bytes() == IMAGE
    assert record_of(output)["sha256"] == hashlib.sha256(IMAGE).hexdigest()


def test_what_a_reading_leaves_is_no_damaged_urn(tmp_path: Path) -> None:
    """Beside the images of a night: the record of one reading, and another that broke off; both are named."""
    simulate(tmp_path / "night", communes=["77513"], seed=3)
    folder = tmp_path / "night" / "modules"
    (image, *_) = sorted(folder.iterdir())
    data = image.read_bytes()
    image.unlink()
    with served(image=data) as (announced, _):
        assert read(announced[0], image) == 0
    with served(Faults(disconnect_after=20_000), image=data) as (announced, _):
        assert read(announced[0], folder / "second.urn") == 2
    assert part_path(folder / "second.urn").stat().st_size > 4096
    result = audit(tmp_path / "night")
    assert [found.code for found in result.findings if found.severity > Severity.INFO] == []
    said = {each.path: str(each.why) for each in result.inputs if each.kind == READING}
    unfinished = "an unfinished reading of an urn: no evidence yet"
    assert said == {
        f"modules/{image.name}.json": "the record of how an urn was read: no evidence itself",
        "modules/second.urn.part": unfinished,
        "modules/second.urn.part.json": unfinished,
    }
    for name in ("second.urn.part", "second.urn.part.json", f"{image.name}.json"):
        (folder / name).rename(tmp_path / "night" / name)
    loose = audit(tmp_path / "night")
    assert {each.path for each in loose.inputs if each.kind == READING} == {name.split("/")[1] for name in said}
    (tmp_path / "night" / "second.urn.part.json").unlink()
    damaged = audit(tmp_path / "night")
    assert [found.code for found in damaged.findings if found.severity > Severity.INFO] == ["I103"]
