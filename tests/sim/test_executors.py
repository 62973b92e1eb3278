"""The same bytes wherever the work is done."""

import importlib.util
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import executors
from sim.bureaux import choose
from sim.errors import SimulationError
from sim.executors import Here, executor, results
from sim.faults.catalogue import default_rates
from sim.nights.night import simulate
from tests.programs import HANG
from tests.regard.calling import CommandLine
from tests.regard.test_many_nights import nights, verify, wanted, written
from tests.sim.nights import FEW, files
from tests.sources import ROOT

__all__ = ["nights"]  # a fixture

WITH_DASK = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="Dask is not installed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler on loopback with two worker processes of one thread, started for the tests."""
    yield from started(tmp_path_factory.mktemp("dask"), workers=2)


def started(folder: Path, workers: int) -> Iterator[str]:
    processes: list[subprocess.Popen[bytes]] = []

    def start(part: str, *arguments: str, log: Path) -> None:
        options = ["--host", "127.0.0.1", "--no-dashboard"]
        command = [sys.executable, "-m", f"distributed.cli.{part}", *arguments, *options]
        with log.open("wb") as stream:
            processes.append(subprocess.Popen(command, stderr=stream, stdout=stream, cwd=ROOT))

    said = folder / "scheduler.log"
    try:
        start("dask_scheduler", "--port", "0", log=said)
        address = _address(said)
        for number in range(workers):
            log = said.with_name(f"worker-{number}.log")
            start("dask_worker", address, "--nthreads", "1", "--no-nanny", log=log)
        yield address
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait(HANG)


@pytest.fixture
def scheduler(cluster: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the scheduler; beside other work it and its workers take their time."""
    monkeypatch.setattr(executors, "TO_ANSWER", HANG)
    monkeypatch.setattr(executors, "FOR_WORKERS", HANG)
    return cluster


def _address(log: Path) -> str:
    end = time.monotonic() + HANG
    while time.monotonic() < end:
        if found := re.search(r"tcp://127\.0\.0\.1:\d+", log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no scheduler: {log.read_text()}")


def square(number: int) -> int:
    return number * number


def fail(number: object) -> int:
    raise ArithmeticError(str(number))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_reaches_who_asked(workers: int) -> None:
    with executor(workers) as pool, pytest.raises(ArithmeticError):
        list(results(pool, fail, range(3)))


def test_no_more_processes_than_tasks_are_started() -> None:
    with executor(4, tasks=1) as pool:
        assert isinstance(pool, Here)
    with executor(4, tasks=2):
        assert len(multiprocessing.active_children()) == 2


def test_here_holds_the_error_until_it_is_asked_for() -> None:
    assert isinstance(Here().submit(fail, 1).exception(), ArithmeticError)


@pytest.mark.check(2)
@WITH_DASK
def test_a_cluster_gives_the_same_night(scheduler: str, tmp_path: Path) -> None:
    chosen = {"seed": 5, "year": 2022, "communes": choose(2022, [*FEW, "92076"]), "rates": default_rates()}
    simulate(tmp_path / "local", workers=1, **chosen)  # type: ignore[arg-type]
    simulate(tmp_path / "cluster", scheduler=scheduler, **chosen)  # type: ignore[arg-type]
    assert files(tmp_path / "local") == files(tmp_path / "cluster")


@pytest.mark.check(4)
@WITH_DASK
def test_a_cluster_verifies_the_same_nights(scheduler: str, nights: list[Path], tmp_path: Path) -> None:
    for name, where in (("here", ("--workers", "1")), ("there", ("--scheduler", scheduler))):
        assert verify(*nights, *wanted(tmp_path / name), *where) == 1
    assert written(tmp_path / "here") == written(tmp_path / "there")


@WITH_DASK
def test_no_scheduler_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    def client(address: str, timeout: int) -> None:
        raise OSError("Timed out")

    monkeypatch.setattr(distributed, "Client", client)
    with pytest.raises(SimulationError, match="no Dask scheduler answers"), executor(scheduler="tcp://127.0.0.1:1"):
        pass


@WITH_DASK
@pytest.mark.parametrize("address", ["tls://127.0.0.1:9", "nonsense", "", "inproc://x"])
@pytest.mark.parametrize(("language", "first"), [("en", "no Dask scheduler answers"), ("fr", "aucun ordonnanceur")])
def test_an_address_that_is_none_is_said_with_what_to_do(
    address: str, language: str, first: str, tmp_path: Path, cli: CommandLine
) -> None:
    night = str(tmp_path / "night")
    cli("simulate", night, "--communes", "34192", "--scheduler", address, "--lang", language, code=2)
    (line,) = cli.err.splitlines()
    assert line.startswith(("regard simulate: " if first.startswith("no") else "regard simulate : ") + first)
    assert "tcp://127.0.0.1:8786" in line


@pytest.fixture
def idle_scheduler(tmp_path: Path) -> Iterator[str]:
    """A scheduler on loopback without any worker."""
    yield from started(tmp_path, workers=0)


@WITH_DASK
def test_a_scheduler_without_workers_is_said_and_not_waited_for_without_end(
    idle_scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    monkeypatch.setattr(executors, "FOR_WORKERS", 1.0)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    commands = [
        ["simulate", str(tmp_path / "night"), "--communes", "34192"],
        ["verify", str(tmp_path / "one"), str(tmp_path / "two")],
    ]
    for command in commands:
        cli(*command, "--scheduler", idle_scheduler, code=2)
        [ended] = cli.err.splitlines()
        assert ended.startswith(f"regard {command[0]}: the Dask scheduler at {idle_scheduler} has no workers; start")
        assert ended.endswith(f"« dask worker {idle_scheduler} »")


def unknown(number: int) -> int:
    raise ModuleNotFoundError("No module named 'sim'")


@WITH_DASK
def test_workers_without_regard_are_said(scheduler: str) -> None:
    with pytest.raises(SimulationError, match="the same version of regard"), executor(scheduler=scheduler) as pool:
        list(results(pool, unknown, range(2)))


def test_dask_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protocol.extras.find_spec", lambda name: None)
    with (
        pytest.raises(SimulationError, match="not installed here: dask, distributed"),
        executor(scheduler="tcp://127.0.0.1:1"),
    ):
        pass


def test_a_worker_ends_when_its_pool_ends_it_whatever_its_parent_does_with_signals() -> None:
    """A fork has its parent's handlers; one that raised an error for SIGTERM would be waited for without end."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with pytest.raises(ArithmeticError), executor(2) as pool:
            next(map(fail, [pool.submit(time.sleep, 10 * HANG) for _ in range(6)]))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert multiprocessing.active_children() == []


def test_workers_end_by_themselves_when_all_is_done() -> None:
    with executor(3) as pool:
        workers = multiprocessing.active_children()
        assert sum(results(pool, square, range(9))) == 204
    assert [worker.exitcode for worker in workers] == [0, 0, 0]


def pid_and_bytes(number: int) -> tuple[int, bytes]:
    return os.getpid(), bytes(number)


def test_a_worker_that_is_killed_takes_its_own_task_along_and_nothing_else() -> None:
    with executor(2) as pool:
        first = pool.submit(os._exit, 9)
        assert {len(pool.submit(pid_and_bytes, 2**20).result()[1]) for _ in range(5)} == {2**20}
        with pytest.raises(SimulationError, match="from outside"):
            first.result()
        later = [pool.submit(pid_and_bytes, number) for number in range(20)]
        assert [len(each.result()[1]) for each in later] == list(range(20))


@pytest.mark.check(4)
def test_what_cannot_cross_to_another_process_is_an_error_of_its_task() -> None:
    with executor(2) as pool:
        for fn, argument in ((open, os.devnull), (len, lambda: None)):
            with pytest.raises((RuntimeError, TypeError, AttributeError)):
                pool.submit(fn, argument).result()  # type: ignore[arg-type]
        assert pool.submit(square, 3).result() == 9


@pytest.mark.check(8)
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
def test_a_worker_told_to_end_within_a_library_ends_without_a_word() -> None:
    """A library in C that calls back takes no exception: Python prints it, and the worker would go on."""
    code = (
        "import ctypes, os, signal, time\n"
        "from sim import executors\n"
        "signal.signal(signal.SIGTERM, executors._end)\n"
        "ctypes.CFUNCTYPE(None)(lambda: os.kill(os.getpid(), signal.SIGTERM))()\n"
        "time.sleep(60)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=50, check=False)
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGTERM, b"")
