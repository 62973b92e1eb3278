"""`python -m bench findings`: a nation in which every sign-in count is one too high, its findings as JSON and CSV.

The whole process is measured, from the start of the command to its end: reading, every rule, a finding or more for each
of 69,242 bureaux, both reports written. A machine that is busy takes longer; the shortest of the runs is held against
the bound, and the peak memory of the largest.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.timing import verdict
from protocol.files import csv_bytes
from protocol.night import RECORDS, SIGNATURES

BUREAUX = 69_242
MOST_SECONDS = 4.0
MOST_MEMORY = 400.0
"""Megabytes of the process at its peak."""


def write_night(folder: Path, seed: int = 1) -> None:
    """PVs that agree with themselves, and sign-in lists of which each has one signature too many."""
    random = np.random.default_rng(seed)
    insee = np.sort(random.integers(1001, 95_999, BUREAUX // 2)).repeat(2)
    number = np.arange(BUREAUX) - np.searchsorted(insee, insee) + 1
    registered = random.integers(300, 1500, BUREAUX)
    found = registered * random.integers(550, 850, BUREAUX) // 1000
    blank, null = found * random.integers(10, 40, BUREAUX) // 1000, found * random.integers(0, 30, BUREAUX) // 1000
    place = [[f"{code:05}" for code in insee], [f"{code:04}" for code in number], ["1"] * BUREAUX]
    counts = (registered, found, found, blank, null, found - blank - null, found // 40)
    rest = [["08:00"] * BUREAUX, ["19:00"] * BUREAUX, [""] * BUREAUX]
    rows = zip(*place, *(column.tolist() for column in counts), *rest, strict=True)
    (folder / RECORDS.file).write_bytes(csv_bytes(RECORDS.header, rows))
    signed = zip(*place, registered.tolist(), (found + 1).tolist(), strict=True)
    (folder / SIGNATURES.file).write_bytes(csv_bytes(SIGNATURES.header, signed))


def run(folder: Path) -> tuple[float, float]:
    """Verify the night in a process of its own, all modules compiled as in an installation: seconds, peak megabytes."""
    reports = ["--json", str(folder / "findings.json"), "--csv", str(folder / "findings.csv")]
    command = [sys.executable, "-m", "regard", "verify", str(folder / "night"), "--lang", "en", *reports]
    compiled = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=compiled)  # noqa: S603
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 1:
        raise RuntimeError(f"regard verify ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 1e6


def main(argv: Sequence[str]) -> int:
    """Measure. Returns 1 where a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench findings", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args(argv).rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "night").mkdir()
        write_night(folder / "night")
        run(folder)
        taken = [run(folder) for _ in range(rounds)]
        found = len(json.loads((folder / "findings.json").read_bytes())["findings"])
        size = sum((folder / f"findings.{kind}").stat().st_size for kind in ("json", "csv")) / 1e6
    seconds, memory = zip(*taken, strict=True)
    print(f"{found:,} findings of {BUREAUX:,} bureaux, {size:.0f} MB of JSON and CSV")
    print(f"seconds: {min(seconds):.2f} at best, {statistics.median(seconds):.2f} in the middle")
    held = verdict("findings, the whole process, seconds", min(seconds), MOST_SECONDS)
    return 0 if verdict("findings, peak memory, MB", max(memory), MOST_MEMORY) and held else 1
