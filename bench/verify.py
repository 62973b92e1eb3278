"""`python -m bench verify`: the national night, all rules; and one core of the work against polars, pandas, duckdb.

The core is what `bench.core` asks, for 70,000 bureaux. Ours is the verifier itself, which does that and more; the peers
do what the core asks. All come to the same findings and sums, which is asserted before anything is timed.
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

import numpy as np

from bench.core import WAYS, way
from bench.core.night import BUREAUX, write_night
from bench.timing import Times, in_turn, table, verdict

if TYPE_CHECKING:
    from bench.core import Result

HERE = Path(__file__).resolve().parent.parent
NATION = "2017-presidentielle-2_par_bureau_large.csv.gz"
BOUND_WARM, BOUND_PROCESS = 0.5, 1.0
"""Times the fastest peer: a process that has done the core before takes half as long at most, and one that starts, does
it and ends no longer."""
BOUND_NATIONS, BOUND_MEMORY = 1.3, 1.3
"""Times a nation, and times the peak of memory, of many nations in one process against few: what the allocator keeps
differs by a fifth from one process to the next, and a megabyte that each nation left behind would be a half."""


def agree(results: Mapping[str, Result]) -> bool:
    """Check that all ways find our findings and sums; print the differences."""
    fired, sums = results["ours"]
    wanted = {name: sorted(rows) for name, rows in fired.items() if rows}
    print(f"rules that fire: {', '.join(f'{name} {len(rows)}' for name, rows in sorted(wanted.items()))}")
    good = True
    for name, (other, other_sums) in results.items():
        got = {code: sorted(rows) for code, rows in other.items() if rows}
        same = got == wanted and len(sums) == len(other_sums) and all(map(np.array_equal, sums, other_sums))
        if not same:
            codes = sorted(code for code in {*got, *wanted} if got.get(code) != wanted.get(code))
            print(f"{name} comes to something else: {', '.join(codes) or 'sums'}")
        good &= same
    return good


def warm(name: str, folder: Path, runs: int = 5) -> list[int]:
    """Nanoseconds of each of some runs of the core, in a process of its own where it was done before."""
    code = (
        "import json, time; from bench.core import way; from pathlib import Path\n"
        f"reconcile, folder, taken = way({name!r}), Path({str(folder)!r}), []\n"
        f"for _ in range({runs + 2}): start = time.perf_counter_ns(); reconcile(folder); "
        "taken.append(time.perf_counter_ns() - start)\n"
        "print(json.dumps(taken[2:]))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=HERE)  # noqa: S603
    times: list[int] = json.loads(done.stdout)
    return times


def whole_process(name: str, folder: Path) -> int:
    """Nanoseconds of a process that does the core once, all modules compiled as in an installation."""
    code = f"from bench.core import way; from pathlib import Path; way({name!r})(Path({str(folder)!r}))"
    compiled = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter_ns()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=HERE, env=compiled)  # noqa: S603 - our own
    return time.perf_counter_ns() - start


def against_peers(folder: Path, rounds: int) -> list[bool]:
    """Time all ways in turn, print what they took, and hold ours against the fastest peer."""
    runs: dict[str, list[int]] = {name: [] for name in WAYS}
    processes: dict[str, list[int]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name in WAYS:
            runs[name] += warm(name, folder)
            processes[name].append(whole_process(name, folder))
    held = []
    for what, taken, bound in (("warm", runs, BOUND_WARM), ("whole process", processes, BOUND_PROCESS)):
        times = {name: Times(BUREAUX, tuple(of)) for name, of in taken.items()}
        print(f"the core, {BUREAUX:,} bureaux, {what}\n{table(times, 'ours', 'bureau')}")
        fastest = min(times[name].best for name in WAYS if name != "ours")
        held.append(verdict(f"{what}, ours against the fastest peer", times["ours"].best / fastest, bound))
    return held


def peak_memory() -> int:
    """The most memory that this process has had, in bytes; what its parent had does not count, as it does elsewhere."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def many_nations(folder: Path, counts: Sequence[int]) -> tuple[list[float], list[int]]:
    """Median seconds a nation and peak memory in bytes, for each number of nations in one process of its own."""
    code = (
        "import json, statistics, sys, time; from pathlib import Path\n"
        "from bench.core import way; from bench.verify import peak_memory\n"
        "folder, count, reconcile, taken = Path(sys.argv[1]), int(sys.argv[2]), way('ours'), []\n"
        "reconcile(folder)\n"
        "for _ in range(count): start = time.perf_counter(); reconcile(folder); "
        "taken.append(time.perf_counter() - start)\n"
        "print(json.dumps([statistics.median(taken), peak_memory()]))"
    )
    seconds, peaks = [], []
    for count in counts:
        done = subprocess.run(  # noqa: S603 - our own
            [sys.executable, "-c", code, str(folder), str(count)],
            check=True,
            capture_output=True,
            cwd=HERE,
        )
        taken, peak = json.loads(done.stdout)
        seconds.append(taken)
        peaks.append(peak)
    return seconds, peaks


def national_night(folder: Path, rounds: int) -> None:
    """All rules over the night that would have given the results of 2017, against those results; no bound.

    The results are not part of this repository: they are looked for in the folder that ``REGARD_DATA`` names.
    """
    results = Path(os.environ.get("REGARD_DATA", HERE.parent / "shared" / "data")) / NATION
    if not results.is_file():
        print(f"national night, all rules: not measured, REGARD_DATA names no folder with {NATION}")
        return
    from verify import audit
    from verify.loading import load
    from verify.model.evidence import Sources

    night = folder / "nation"
    regard = [sys.executable, "-m", "regard"]
    subprocess.run([*regard, "replay", str(results), str(night)], check=True, cwd=HERE, stdout=subprocess.DEVNULL)  # noqa: S603
    sources = Sources(folder=night, published=(results,))
    evidence = load(sources)
    steps = {"reading": (1, lambda: load(sources)), "rules": (1, lambda: audit.run(evidence))}
    reading, rules = (taken.best / 1e9 for taken in in_turn(steps, rounds).values())
    processes = []
    for _ in range(rounds):
        start = time.perf_counter()
        asked = ["--published", str(results), "--json", str(folder / "f.json"), "--fail-on", "never"]
        subprocess.run([*regard, "verify", str(night), *asked], check=True, cwd=HERE, stdout=subprocess.DEVNULL)  # noqa: S603
        processes.append(time.perf_counter() - start)
    bureaux, exports = len(evidence.universe), 0 if evidence.exports is None else len(evidence.exports.columns)
    print(
        f"national night, all rules: {bureaux:,} bureaux, {exports:,} exports, {len(audit.run(evidence).findings):,} "
        f"findings: {reading + rules:.2f} s warm ({reading:.2f} reading, {rules:.2f} rules), "
        f"{(reading + rules) / bureaux * 1e6:.1f} µs a bureau; regard verify as a whole process {min(processes):.2f} s"
    )


def main(argv: list[str]) -> int:
    """Run everything; 1 where results differ or a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench verify", description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--nations", type=int, default=100)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_night(folder)
        if not agree({name: way(name)(folder) for name in WAYS}):
            return 1
        held = against_peers(folder, args.rounds)
        few = max(args.nations // 10, 1)
        seconds, peaks = many_nations(folder, (few, args.nations))
        for count, taken, peak in zip((few, args.nations), seconds, peaks, strict=True):
            print(f"{count:4} nations: {taken * 1000:7.1f} ms each, peak {peak / 2**20:,.0f} MiB")
        national_night(folder, min(args.rounds, 5))
        held += [
            verdict("time a nation, many against few", seconds[1] / seconds[0], BOUND_NATIONS),
            verdict("peak memory, many against few", peaks[1] / peaks[0], BOUND_MEMORY),
        ]
    return 0 if all(held) else 1
