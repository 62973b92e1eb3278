"""Interrupted and killed: the exit code says so, no process stays, and what it leaves is known as ours."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from regard.interruption import Interrupted, ending_on_signals, exit_code
from tests.programs import HANG, finish
from tests.regard.calling import CommandLine
from tests.sources import ROOT, put_text
from tests.verify.night_builder import small_night

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to see processes in")


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def start(*words: str | Path, temporary: Path) -> subprocess.Popen[str]:
    """A command in a session of its own, in which Ctrl-C and SIGHUP are not ignored wherever the tests were started."""
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += "signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    code += "from regard.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def stats() -> Iterator[tuple[int, list[str]]]:
    """Number, and fields from the state on, of every process."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):  # it has ended since
                yield int(entry.name), (entry / "stat").read_text().rpartition(")")[2].split()


def processes(session: int) -> list[int]:
    """The living processes of a session."""
    return [pid for pid, fields in stats() if int(fields[3]) == session and fields[0] not in "ZX"]


def until(happened: object, what: str) -> None:
    assert callable(happened)
    end = time.monotonic() + HANG
    while not happened():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def busy(process: subprocess.Popen[str]) -> bool:
    """Check that its two workers are there and at work."""
    assert process.poll() is None, process.communicate()
    times = [sum(map(int, fields[11:13])) for _, fields in stats() if int(fields[3]) == process.pid]
    return len(times) >= 3 and sorted(times)[-2] > 20


COMMANDS = ["simulate", "demo", "verify", "matrix", "plan"]


@pytest.fixture
def commands(tmp_path: Path) -> dict[str, list[str | Path]]:
    night = small_night().write()
    put_text(tmp_path / "town.csv", "Bureau;Inscrits\n1;3000\n")
    return {
        "simulate": ["simulate", tmp_path / "night", "--workers", "2"],
        "demo": ["demo", tmp_path / "demo"],
        "verify": ["verify", *[night] * 3000, "--workers", "2", "--json", tmp_path / "findings.json"],
        "matrix": ["study", "matrix", "-o", tmp_path / "matrix", "--workers", "2", "--seeds", "50"],
        "plan": [
            "plan",
            tmp_path / "town.csv",
            "--days",
            "20000",
            "--workers",
            "2",
            "--json",
            tmp_path / "findings.json",
        ],
    }


@pytest.mark.parametrize(
    ("command", "number"),
    [
        ("simulate", signal.SIGTERM),
        *(pytest.param(command, signal.SIGTERM, marks=pytest.mark.check(10)) for command in COMMANDS[1:]),
        *(pytest.param("simulate", number, marks=pytest.mark.check(10)) for number in (signal.SIGHUP, signal.SIGINT)),
    ],
)
def test_signals_end_the_command_and_its_workers(
    command: str, number: signal.Signals, commands: dict[str, list[str | Path]], tmp_path: Path, temporary: Path
) -> None:
    if command == "demo" and (os.cpu_count() or 1) < 2:
        pytest.skip("one processor, no workers")
    process = start(*commands[command], temporary=temporary)
    until(lambda: busy(process), "no workers")
    process.send_signal(number)
    _, said = finish(process, 128 + number)
    assert "Traceback" not in said
    assert processes(process.pid) == []
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "night").exists()
    assert not (tmp_path / "findings.json").exists()
    assert not list(tmp_path.rglob(".*.regard"))
    assert not list(tmp_path.rglob(".regard-*"))


@pytest.mark.parametrize(
    "command", ["simulate", *(pytest.param(command, marks=pytest.mark.check(10)) for command in COMMANDS[1:])]
)
def test_no_worker_outlives_a_command_that_is_killed(
    command: str, commands: dict[str, list[str | Path]], temporary: Path
) -> None:
    if command == "demo" and (os.cpu_count() or 1) < 2:
        pytest.skip("one processor, no workers")
    process = start(*commands[command], temporary=temporary)
    until(lambda: busy(process), "no workers")
    process.kill()
    _, said = finish(process, -signal.SIGKILL)
    assert said == ""
    until(lambda: processes(process.pid) == [], "workers outlive their parent")
    assert list(temporary.iterdir()) == []


def test_what_a_killed_simulation_left_is_replaced_and_two_at_once_are_not(
    commands: dict[str, list[str | Path]], tmp_path: Path, temporary: Path, cli: CommandLine
) -> None:
    fewest = ["simulate", str(tmp_path / "night"), "--communes", "34192", "--faults", "none", "--lang", "en"]
    process = start(*commands["simulate"], temporary=temporary)
    until(lambda: busy(process), "no workers")
    for force in ([], ["--force"]):
        cli(*fewest, *force, code=2)
        assert "being written by another process" in cli.err
    process.kill()
    finish(process, -signal.SIGKILL)
    assert [path.name[:8] for path in (tmp_path / "night").iterdir()] == [".regard-", ".regard-"]
    cli(*fewest)
    assert not list((tmp_path / "night").glob(".*"))
    cli("verify", tmp_path / "night")


def test_what_is_ignored_stays_ignored() -> None:
    """As under nohup; and afterwards every signal does what it did before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_on_signals():
            os.kill(os.getpid(), signal.SIGHUP)
        with pytest.raises(Interrupted) as raised, ending_on_signals():
            os.kill(os.getpid(), signal.SIGTERM)
        assert exit_code(raised.value) == 143
    finally:
        signal.signal(signal.SIGHUP, before[signal.SIGHUP])
    assert {number: signal.getsignal(number) for number in before} == before


class _Slow:
    """Ends with a signal on its way."""

    def __del__(self) -> None:
        _receive()


def _receive(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0)  # the signal is served between two steps of Python


def _wait() -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        time.sleep(0.01)


def _dropped_by_a_destructor() -> None:
    _Slow()
    _wait()


def _dropped_by_a_callback() -> None:
    referred = threading.Event()
    kept = weakref.ref(referred, _receive)
    del referred
    _wait()
    assert kept


@pytest.mark.parametrize("drop", [_dropped_by_a_destructor, _dropped_by_a_callback])
def test_a_signal_that_python_drops_is_served_all_the_same(drop: Callable[[], None]) -> None:
    hook = sys.unraisablehook
    with pytest.raises(Interrupted) as raised, ending_on_signals():
        drop()
    assert exit_code(raised.value) == 143
    assert sys.unraisablehook is hook


def test_what_is_put_back_is_not_interrupted() -> None:
    """A second signal while the first is served, even within an error that arises meanwhile."""
    put_back = []

    def work() -> None:
        try:
            _receive()
        finally:
            _receive()
            try:
                raise OSError
            except OSError:
                _receive()
            put_back.append("all")

    with pytest.raises(Interrupted), ending_on_signals():
        work()
    assert put_back == ["all"]


def test_a_worker_that_is_killed_is_said(temporary: Path, commands: dict[str, list[str | Path]]) -> None:
    process = start(*commands["simulate"], "--lang", "en", temporary=temporary)
    until(lambda: busy(process), "no workers")
    os.kill(max(processes(process.pid)), signal.SIGKILL)
    _, said = finish(process, 2)
    assert "ended from outside, or memory ran out" in said
    assert processes(process.pid) == []
