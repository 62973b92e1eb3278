"""Times of several ways to do one thing, so taken that a noisy shared machine disturbs all of them alike.

The ways are run in turn, round after round. Noise only ever adds time, so the bounds are held against the shortest
time of each, the closest to what the work itself costs; the median is shown beside it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

_T = TypeVar("_T")
HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Times:
    """Nanoseconds of each round of one way, for ``items`` items."""

    items: int
    nanoseconds: tuple[int, ...]

    @property
    def best(self) -> float:
        """Nanoseconds an item in the shortest round."""
        return min(self.nanoseconds) / self.items

    @property
    def median(self) -> float:
        """Nanoseconds an item in the middle round."""
        return statistics.median(self.nanoseconds) / self.items


def timed(work: Callable[[], _T]) -> tuple[_T, float]:
    """The result of a call, and the seconds it took by the clock."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def in_turn(
    ways: Mapping[str, tuple[int, Callable[[], object]]],
    rounds: int,
    clock: Callable[[], int] = time.perf_counter_ns,
) -> dict[str, Times]:
    """Run every way once a round, after one round that does not count; each with the number of items it works on."""
    taken: dict[str, list[int]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, (_, way) in ways.items():
            start = clock()
            way()
            taken[name].append(clock() - start)
    return {name: Times(ways[name][0], tuple(times[1:])) for name, times in taken.items()}


def memcpy(data: bytes) -> Callable[[], npt.NDArray[np.uint8]]:
    """Copying ``data`` into an array that is there already: the least that touching every byte can cost."""
    source: npt.NDArray[np.uint8] = np.frombuffer(data, np.uint8)
    target = np.zeros_like(source)

    def copy() -> npt.NDArray[np.uint8]:
        np.copyto(target, source)
        return target

    return copy


def table(times: Mapping[str, Times], baseline: str, item: str) -> str:
    """The times as lines of text: nanoseconds an item (best and median) and the ratio of the bests to one of them."""
    width = max(map(len, times))
    lines = [f"{'':{width}}  {'best':>10}  {'median':>10}  {'ratio':>8}", f"{'':{width}}  {f'ns a {item}':>22}"]
    for name, taken in times.items():
        ratio = taken.best / times[baseline].best
        lines.append(
            f"{name:{width}}  {taken.best:10,.1f}  {taken.median:10,.1f}  {ratio:8,.{1 if ratio < 100 else 0}f}"
        )
    return "\n".join(lines)


def verdict(claim: str, value: float, limit: float, at_least: bool = False) -> bool:
    """Print whether a measured value keeps its bound, and say so."""
    held = value >= limit if at_least else value <= limit
    print(f"{'held  ' if held else 'MISSED'}  {claim}: {value:,.2f} (bound {'>=' if at_least else '<='} {limit:g})")
    return held


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """Usage of a whole process.

    Attributes:
        seconds: by the clock.
        processor: seconds of processors in all its threads, which other work on the machine disturbs least.
        megabytes: of memory at its peak.
        said: its standard output.
    """

    seconds: float
    processor: float
    megabytes: float
    said: str


def measure(command: Sequence[str], *, findings: bool = False) -> ProcessUsage:
    """Run Python with some arguments in a process of its own, which a small one begins: its memory would count as well.

    Raises:
        RuntimeError: the process fails; 1 is no failure of a command that may have findings.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as small:
        return small.submit(_run, command, findings).result()


def time_core(package: str, name: str, folder: Path, runs: int = 1) -> tuple[list[int], ProcessUsage]:
    """Nanoseconds of each of some runs of a core in a process of its own, and what the process took."""
    code = (
        "import json, time; from bench.peers import way; from pathlib import Path\n"
        f"core, folder, taken = way({package!r}, {name!r}), Path({str(folder)!r}), []\n"
        f"for _ in range({runs}): start = time.perf_counter_ns(); core(folder); "
        "taken.append(time.perf_counter_ns() - start)\n"
        "print(json.dumps(taken))"
    )
    used = measure(["-c", code])
    return json.loads(used.said), used


def _run(command: Sequence[str], findings: bool) -> ProcessUsage:
    """All modules are compiled, as in an installation."""
    compiled = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, cwd=HERE, env=compiled, text=True) as run:  # noqa: S603
        said = run.stdout.read() if run.stdout else ""
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if run.returncode not in ((0, 1) if findings else (0,)):
        raise RuntimeError(f"{' '.join(command)} ended with {run.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return ProcessUsage(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6, said.strip())


def real_data(name: str) -> Path | None:
    """Find real results, which are not part of this repository; None, said, where they are not there."""
    path = Path(os.environ.get("REGARD_DATA") or HERE.parent / "shared" / "data") / name
    if path.exists():
        return path
    print(f"not measured: REGARD_DATA names no folder with {name}")
    return None
