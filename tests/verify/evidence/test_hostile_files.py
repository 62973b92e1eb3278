"""One hostile file of up to 10 MB takes at most 1 GB and 20 seconds, and costs no other file its findings.

Each is given to the command itself, in a process that the system ends beyond these bounds: so much processor time, and
so much address space more than a run over a small clean night takes. `SECURITY.md` states the bounds.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.programs import HANG
from tests.sources import new_folder
from tests.verify.evidence.hostile_files import ARCHIVES, JSON, NUMBERS, TABLES, TOML, URNS, Make
from tests.verify.night_builder import small_night

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of memory as Linux has them")

SECONDS, MEMORY, LARGEST = 20, 2**30, 10 * 2**20
"""The bounds: of a processor, of memory in bytes, and for files of up to so many bytes."""
LIMITED = """
import os, resource, sys
for kind, most in ((resource.RLIMIT_AS, int(sys.argv[1])), (resource.RLIMIT_CPU, int(sys.argv[2]))):
    resource.setrlimit(kind, (most, most))
os.execv(sys.executable, [sys.executable, "-m", "regard", *sys.argv[3:]])
"""
MEASURED = """
import sys
from pathlib import Path
from regard.cli import main
code = main(sys.argv[1:])
print(next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmPeak")), file=sys.stderr)
sys.exit(code)
"""
NOT_OURS = re.compile(r"Traceback|bug in regard|MemoryError|RecursionError|note: run with|panicked")
"""Words of an error that nothing should raise: by us, or by a library's own runtime."""


@dataclass(frozen=True)
class Ran:
    """Result of a command: exit code, output, report, and processor seconds with those of its children."""

    code: int
    said: str
    report: dict[str, Any]
    seconds: float

    def of(self, name: str) -> list[dict[str, Any]]:
        """The findings of a file: those that say where something stands in it."""
        return [found for found in self.report["findings"] if found["left"]["source"].startswith(name)]


@pytest.fixture(scope="module")
def room() -> int:
    """Bytes of address space that a process may take: what a clean night takes, and the bound."""
    folder = new_folder()
    night = small_night().write(folder / "night")
    command = [sys.executable, "-c", MEASURED, "verify", str(night), "--json", str(folder / "report.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=True)
    return int(done.stderr.split()[-1]) * 1024 + MEMORY


def run(room: int, folder: Path, *arguments: str | Path, report: bool = True, seconds: int = SECONDS) -> Ran:
    """Run a command within the bounds; what it writes goes into a folder."""
    path = folder / "report.json"
    path.unlink(missing_ok=True)
    given = [*map(str, arguments), "--lang", "en", *(("--json", str(path)) if report else ())]
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", LIMITED, str(room), str(seconds), *given],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        status, used = _end(process)
        said.seek(0)
        text = " ".join(said.read().decode().split())
    process.returncode = os.waitstatus_to_exitcode(status)
    read = json.loads(path.read_bytes()) if path.exists() else {}
    ran = Ran(process.returncode, text, read, used)
    assert ran.code in (0, 1, 2), text
    assert not NOT_OURS.search(f"{text} {read}"), text
    assert not [found for found in read.get("findings", ()) if found["code"] in ("I120", "I121")], text
    assert used < seconds, f"{used:.1f} s"
    return ran


def _end(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """The status of a process that has ended, and the seconds of a processor that it and its children took."""
    end = time.monotonic() + HANG
    while True:
        found, status, usage = os.wait4(process.pid, os.WNOHANG)
        if found:
            return status, usage.ru_utime + usage.ru_stime
        if time.monotonic() > end:
            process.kill()
        time.sleep(0.01)


def each(*kinds: Mapping[str, Make]) -> pytest.MarkDecorator:
    """A test for each of these files."""
    files = [(name, make) for kind in kinds for name, make in kind.items()]
    return pytest.mark.parametrize("make", [make for _, make in files], ids=[name for name, _ in files])


def content(make: Make) -> bytes:
    """The bytes of a file that the bounds are for."""
    data = make()
    assert len(data) <= LARGEST
    return data


@pytest.mark.check(22)
@each(TABLES, ARCHIVES)
def test_in_the_place_of_the_records(tmp_path: Path, room: int, make: Make) -> None:
    night = small_night()
    night.raw["pv.csv"] = content(make)
    ran = run(room, tmp_path, "verify", night.write(tmp_path / "night"))
    assert ran.code == 1
    assert ran.of("pv.csv"), ran.said
    assert ran.report["coverage"]["evidence"]["publie"] == {"bureaux": 5, "of": 5}


@pytest.mark.check(47)
@pytest.mark.parametrize("command", ["verify", "results", "precision"])
@pytest.mark.parametrize("kind", [TABLES, ARCHIVES, JSON], ids=["tables", "archives", "json"])
def test_as_published_results(tmp_path: Path, room: int, command: str, kind: Mapping[str, Make]) -> None:
    """All of a kind at once, within the time of two and the memory of one."""
    files = []
    for number, make in enumerate(kind.values()):
        files.append(tmp_path / f"{number:02}.bin")
        files[-1].write_bytes(content(make))
    if command != "verify":
        ran = run(room, tmp_path, command, *files, report=False, seconds=2 * SECONDS)
        assert ran.code == 2
        return
    night = small_night().write(tmp_path / "night")
    given = [each for file in files for each in ("--published", file)]
    ran = run(room, tmp_path, command, night, *given, seconds=2 * SECONDS)
    assert ran.code == 1
    unnamed = [file.name for file in files if not ran.of(str(file))]
    assert unnamed == []
    assert ran.report["coverage"]["evidence"]["pv"] == {"bureaux": 5, "of": 5}


def in_place(folder: Path, room: int, make: Make, *files: str) -> Ran:
    """Verify a night in which these files are hostile; there is something to see."""
    night = small_night()
    night.raw |= dict.fromkeys(files, content(make))
    ran = run(room, folder, "verify", night.write(folder / "night"))
    assert ran.code == 1
    return ran


@pytest.mark.check(7)
@each(JSON)
def test_in_the_place_of_the_manifest(tmp_path: Path, room: int, make: Make) -> None:
    ran = in_place(tmp_path, room, make, "manifest.json")
    assert [found["code"] for found in ran.of("manifest.json")] == ["I113"]


def test_a_manifest_of_names_that_are_none(tmp_path: Path, room: int) -> None:
    night = small_night()
    names = rb'"\ud800": "\udfff", "../../etc/passwd": "0", "": "1", "pv.csv": [1], "\u001b[2J": null'
    night.raw["manifest.json"] = b'{"files": {' + names + b'}, "x": 1e999, "y": NaN}'
    ran = run(room, tmp_path, "verify", night.write(tmp_path / "night"))
    assert ran.code == 1
    assert {"A106", "A109"} <= {found["code"] for found in ran.report["findings"]}
    assert "\x1b" not in ran.said


@pytest.mark.check(4)
@each(TOML)
def test_in_the_place_of_the_election(tmp_path: Path, room: int, make: Make) -> None:
    ran = in_place(tmp_path, room, make, "election.toml")
    assert [found["code"] for found in ran.of("election.toml")] == ["I113"]


@pytest.mark.check(4)
@each({"a key of 30,000 parts": TOML["a key of 30,000 parts"]}, NUMBERS)
def test_in_the_place_of_thresholds(tmp_path: Path, room: int, make: Make) -> None:
    """They change verdicts: the audit does not begin without them."""
    (tmp_path / "other.toml").write_bytes(content(make))
    folder = small_night().write(tmp_path / "night")
    ran = run(room, tmp_path, "verify", folder, "--thresholds", tmp_path / "other.toml")
    assert (ran.code, ran.report) == (2, {})
    assert "other.toml" in ran.said


@pytest.mark.check(2)
@each(URNS)
def test_in_the_place_of_exports_and_images(tmp_path: Path, room: int, make: Make) -> None:
    files = ("exports/junk.esf", "modules/junk.urn")
    assert all(map(in_place(tmp_path, room, make, *files).of, files))


@pytest.mark.parametrize("command", ["inspect", "export"])
def test_in_the_place_of_an_image(tmp_path: Path, room: int, command: str) -> None:
    junk = tmp_path / "junk.urn"
    junk.write_bytes(content(URNS["beginnings of records"]))
    ran = run(room, tmp_path, command, junk, *_rest(command, tmp_path), report=False)
    assert ran.code == (1 if command == "inspect" else 2)  # which shows whatever it is given
    assert "junk.urn" in ran.said


def _rest(command: str, folder: Path) -> Sequence[str | Path]:
    return {
        "export": ("-o", folder / "out.esf"),
        "replay": (folder / "made", "--election", "e", "--date", "2022-04-10", "--round", "1", "--workers", "1"),
    }.get(command, ())


@pytest.fixture(params=["a pipe", "a device", "a file that the system makes up"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """Something that is there by its name and would be waited for, or read without end."""
    path = tmp_path / "given"
    if request.param == "a pipe":
        os.mkfifo(path)
    elif request.param == "a device":
        path.symlink_to("/dev/zero")
    else:
        path.symlink_to("/proc/self/pagemap")
    return request.param, path


@pytest.mark.check(3)
def test_in_the_place_of_everything(tmp_path: Path, room: int, no_file: tuple[str, Path]) -> None:
    kind, path = no_file
    options = ("--pv", "--emargements", "--voix", "--published", "--exports", "--modules", "--other-round")
    night = small_night().write(tmp_path / "night")
    ran = run(room, tmp_path, "verify", night, *(each for option in options for each in (option, path)))
    assert ran.code == 1
    unused = {used["kind"] for used in ran.report["inputs"] if (used["path"], used["used"]) == (str(path), "none")}
    assert unused == {"emargements", "publie", "exports", "modules", "other round"}  # the tables are read once
    assert kind in ran.said


@pytest.mark.check(3)
@pytest.mark.parametrize(
    "command", ["results", "precision", "inspect", "export", "emulate", "replay", "template", "--thresholds"]
)
def test_a_pipe_is_not_waited_for(tmp_path: Path, room: int, command: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    given = [command, tmp_path / "pipe", *_rest(command, tmp_path)]
    if command.startswith("--"):
        given = ["verify", small_night().write(tmp_path / "night"), *given]
    elif command == "template":
        given = [command, tmp_path / "made", "--univers", tmp_path / "pipe"]
    ran = run(room, tmp_path, *given, report=False)
    assert ran.code == 2
    assert "a pipe" in ran.said
