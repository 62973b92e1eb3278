"""`python -m bench history`: data.gouv.fr's tables of all elections since 1999, against polars and duckdb.

The core is what `bench.elections` asks of both tables as Parquet; all come to the same, which is asserted before any
time counts. Then `regard results` as an auditor runs it: every rule that the tables allow, all findings written.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.elections import COUNTS, VOTES, WAYS, way
from bench.elections.files import real_bureaux, write_tables
from bench.timing import Times, table, verdict

if TYPE_CHECKING:
    from bench.elections import Result

HERE = Path(__file__).resolve().parent.parent
REAL = "2017-presidentielle-1_par_bureau_large.csv.gz"
BOUND_CORE = 2.0
"""Times the fastest peer."""
BOUND_SECONDS, BOUND_GIGABYTES = 20.0, 1.5
"""Of `regard results` over the whole of both tables."""
_LOOK = 0.05
"""Seconds between two looks at the memory of a process."""


def agree(results: Mapping[str, Result]) -> bool:
    """Check that all ways find our bureaux and sums; print the differences."""
    fired, sums = results["ours"]
    print(f"identities that do not hold: {', '.join(f'{name} {len(found)}' for name, found in fired.items())}")
    good = True
    for name, (other, other_sums) in results.items():
        wrong = [each for each in fired if other[each] != fired[each]] + (["sums"] if other_sums != sums else [])
        if wrong:
            print(f"{name} comes to something else: {', '.join(wrong)}")
        good &= not wrong
    return good


def time_command(command: Sequence[str]) -> tuple[int, int]:
    """Nanoseconds and most memory in bytes, with all its processes, of a command.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    most: dict[int, int] = {}
    start = time.perf_counter_ns()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=HERE) as process:  # noqa: S603
        while True:
            try:
                out, said = process.communicate(timeout=_LOOK)
                break
            except subprocess.TimeoutExpired:
                _remember(process.pid, most)
        taken = time.perf_counter_ns() - start
    if process.returncode not in (0, 1):  # 1: findings
        raise subprocess.CalledProcessError(process.returncode, command, out, said)
    return taken, sum(most.values())


def _remember(pid: int, most: dict[int, int]) -> None:
    """The peak of memory of a process and of those that it started, so far."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        started = [path.read_text(encoding="utf-8") for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has ended, or the system tells nothing of it
        return
    peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
    most[pid] = max(most.get(pid, 0), peak * 1024)
    for child in " ".join(started).split():
        _remember(int(child), most)


def core(name: str, folder: Path) -> tuple[int, int]:
    """Nanoseconds and peak of memory of a process that does the core once in one of the ways."""
    code = f"from bench.elections import way; from pathlib import Path; way({name!r})(Path({str(folder)!r}))"
    return time_command([sys.executable, "-c", code])


def against_peers(folder: Path, rows: int, rounds: int) -> bool:
    """The core in every way, in turn, each time in a process of its own; whether ours keeps its bound."""
    runs: dict[str, list[int]] = {name: [] for name in WAYS}
    peaks = dict.fromkeys(WAYS, 0)
    for _ in range(rounds):
        for name in WAYS:
            taken, peak = core(name, folder)
            runs[name].append(taken)
            peaks[name] = max(peaks[name], peak)
    times = {name: Times(rows, tuple(of)) for name, of in runs.items()}
    print(f"the core, {rows:,} rows of votes, whole processes\n{table(times, 'ours', 'row')}")
    for name, of_it in times.items():
        print(f"{name:8} {of_it.best * rows / 1e9:6.2f} s at best, {peaks[name] / 1e9:.2f} GB at most")
    fastest = min(times[name].best for name in WAYS if name != "ours")
    return verdict("the core, ours against the fastest peer", times["ours"].best / fastest, BOUND_CORE)


def all_rules(folder: Path, bureaux: int) -> list[bool]:
    """`regard results` over both tables with its report; whether it keeps its bounds of time and memory."""
    report = folder / "findings.json"
    tables = [str(folder / COUNTS), str(folder / VOTES)]
    before = os.times()
    taken, peak = time_command([sys.executable, "-m", "regard", "results", *tables, "--json", str(report), "--force"])
    after = os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    findings = [finding for each in json.loads(report.read_bytes())["results"] for finding in each["findings"]]
    of = {code: sum(finding["code"] == code for finding in findings) for code in sorted({f["code"] for f in findings})}
    print(f"regard results, {bureaux:,} bureaux: {', '.join(f'{code} {count:,}' for code, count in of.items())}")
    print(f"{worked:.1f} s of processor time; load {os.getloadavg()[0]:.1f}")
    return [
        verdict("seconds of regard results, report written", taken / 1e9, BOUND_SECONDS),
        verdict("gigabytes of regard results", peak / 1e9, BOUND_GIGABYTES),
    ]


def main(argv: list[str]) -> int:
    """Run everything; 1 where results differ, a bound is missed, or nothing can be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench history", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--part", type=float, default=1.0, help="of the bureaux of each election; the bounds are of all of them"
    )
    parser.add_argument("--folder", type=Path, help="where the tables are left, and taken from if they are there")
    args = parser.parse_args(argv)
    results = Path(os.environ.get("REGARD_DATA", HERE.parent / "shared" / "data")) / REAL
    if not results.is_file():
        print(f"history: not measured, REGARD_DATA names no folder with {REAL}")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder: Path = args.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / VOTES).exists():
            write_tables(folder, real_bureaux(results), args.part)
        found = {name: way(name)(folder) for name in WAYS}
        if not agree(found):
            return 1
        bureaux, rows = _rows(folder)
        print(f"{bureaux:,} bureaux, {rows:,} rows of votes; load {os.getloadavg()[0]:.1f}")
        held = [against_peers(folder, rows, args.rounds), *all_rules(folder, bureaux)]
    return 0 if all(held) else 1


def _rows(folder: Path) -> tuple[int, int]:
    from pyarrow import parquet

    bureaux, rows = (parquet.read_metadata(folder / name).num_rows for name in (COUNTS, VOTES))
    return bureaux, rows
