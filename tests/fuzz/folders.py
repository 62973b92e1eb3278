"""Fuzzing of folders: pipes, sockets, links and folders stand where the files of a night should, and beside them.

Whatever stands there, the audit ends soon, names each of them, quotes nothing from outside the folder, uses all other
files as if they were alone, and leaves everything as it was.
"""

import contextlib
import io
import json
import os
import shutil
import signal
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from unittest import mock

import numpy as np

from regard.cli import main
from tests.fuzz._guided import Effort, Random, one_of
from tests.verify.night_builder import small_night

SECONDS = 20
"""Longest time of one audit of a few bureaux, whatever else the machine does, before it counts as hung."""
SECRET = "nobody-s-business"  # noqa: S105 - no password
"""Content of the files outside the folder."""
SYSTEM = ("/proc/self/pagemap", "/proc/kmsg", "/dev/zero", "/dev/tty", "/proc/self/environ", "/dev/stdin")


def _pipe(path: Path, _: Random) -> None:
    os.mkfifo(path)


def _socket(path: Path, _: Random) -> None:
    with socket.socket(socket.AF_UNIX) as bound, contextlib.chdir(path.parent):
        bound.bind(path.name)  # the name of a socket may not be long


def _folder(path: Path, _: Random) -> None:
    path.mkdir()
    (path / "pv.csv").write_bytes(b"insee,bureau\n")


def _system(path: Path, random: Random) -> None:
    path.symlink_to(one_of(SYSTEM, random))


def _nowhere(path: Path, _: Random) -> None:
    path.symlink_to("gone")


def _circle(path: Path, _: Random) -> None:
    path.symlink_to(path.name)


def _outside(path: Path, random: Random) -> None:
    up = Path(*[".."] * (len(path.parts) - path.parts.index("night") - 1))
    path.symlink_to(up / "outside" / ("secret.csv" if random.integers(2) else "."))


def _up(path: Path, _: Random) -> None:
    path.symlink_to("..")


KINDS: dict[str, Callable[[Path, Random], None]] = {
    "pipe": _pipe,
    "socket": _socket,
    "folder": _folder,
    "system": _system,
    "nowhere": _nowhere,
    "circle": _circle,
    "outside": _outside,
    "up": _up,
}
BESIDE = ("recap.csv", "manifest.json", "publie.2.csv", "modules", "modules/a.urn", "exports/a.esf", "exports/b/c.esf")
"""Names that are read where there is something, and that the small night does not have."""


def make(folder: Path, random: Random) -> dict[str, str]:
    """Write a night with up to four such things in it; returns which stands where."""
    night = small_night()
    night.incomplete()
    night.write(folder)
    names = sorted({*(path.relative_to(folder).as_posix() for path in folder.rglob("*")), *BESIDE})
    put: dict[str, str] = {}
    for _ in range(int(random.integers(1, 5))):
        name, kind = one_of(names, random), list(KINDS)[int(random.integers(len(KINDS)))]
        path = folder / name
        if any(name == other or name.startswith(f"{other}/") or other.startswith(f"{name}/") for other in put):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        KINDS[kind](path, random)
        put[name] = kind
    return put


def state(folder: Path) -> dict[str, tuple[object, ...]]:
    """Everything below a folder: its kind, its size, when it was changed, where it leads; links are not followed."""
    found: dict[str, tuple[object, ...]] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)  # noqa: PTH118 - of a walk
            about = os.lstat(path)
            leads = os.readlink(path) if os.path.islink(path) else ""  # noqa: PTH114, PTH115
            found[path] = (about.st_mode, about.st_size, about.st_mtime_ns, leads)
    return found


def examine(folder: Path, put: dict[str, str]) -> int:
    """Verify the night; its exit code.

    Raises:
        AssertionError: the audit hangs, is silent on something, looks outside, changes something, or loses a file.
    """
    report = folder.parent / "report.json"
    report.unlink(missing_ok=True)
    before = state(folder.parent)
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        mock.patch.dict(os.environ, {"REGARD_TRACEBACK": "1"}),
        limited(),
    ):
        code = main(["verify", str(folder), "--lang", "en", "--json", str(report)])
    text = said.getvalue()
    assert code in (0, 1), f"exit code {code}: {text}"
    data = report.read_bytes()
    report.unlink()
    assert state(folder.parent) == before, "something was changed"
    assert SECRET not in text, "something outside was read"
    assert SECRET.encode() not in data, "something outside was read"
    found = json.loads(data)
    named = {used["path"]: used["used"] for used in found["inputs"]}
    named |= {each["left"]["source"].partition("@")[0]: "named" for each in found["findings"]}
    for name, kind in put.items():
        inside = [other for other in named if other == name or other.startswith(f"{name}/")]
        if kind != "folder" or name not in ("exports", "modules", "exports/b"):
            assert inside, f"a {kind} at {name} is not named: {sorted(named)}"
    whole = {used["path"] for used in found["inputs"] if used["used"] == "whole"}
    lost = {"election.toml", "univers.csv", "choix.csv", "emargements.csv", "pv.csv", "voix.csv"} - whole - put.keys()
    assert not lost, f"not used: {lost}"
    return code


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Raise an error in whatever is waited for too long."""

    def stop(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"not done within {SECONDS} s")

    earlier = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, earlier)


def run(effort: Effort, seed: int, report: Callable[[str], object]) -> int:
    """Verify many such folders; returns how many failed."""
    failed = tried = 0
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        outside = Path(place) / "outside"
        outside.mkdir()
        (outside / "secret.csv").write_text(f"insee,bureau,{SECRET}\n{SECRET},0001,1\n", encoding="utf-8")
        for number in effort.numbers():
            folder = Path(place) / "night"
            put = make(folder, np.random.default_rng([seed, number]))
            tried += 1
            kinds.update(put.values())
            try:
                examine(folder, put)
            except Exception as error:
                failed += 1
                report(f"folder {number}, seed {seed}: {type(error).__name__}: {error}: {put}")
    report(f"{tried:,} folders, {failed} failed; {', '.join(f'{count:,} {kind}' for kind, count in kinds.items())}")
    return failed
