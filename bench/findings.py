"""`python -m bench findings`: a nation in which every sign-in count is one too high, its findings as JSON and CSV.

The whole process is measured, from the start of the command to its end: reading, every rule, a finding or more for each
of 69,242 bureaux, both reports written. A machine that is busy takes longer; the shortest of the runs is held against
the bound, and the peak memory of the largest.
"""

import json
import tempfile
from pathlib import Path

from bench.cases import one_too_many, written
from bench.timing import measure, verdict

MOST_SECONDS = 4.0
MOST_MEMORY = 400.0
"""Megabytes of the process at its peak."""


def main(rounds: int = 5) -> bool:
    """Measure; whether all bounds held."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        night = written(one_too_many, folder / "night")
        reports = ["--json", str(folder / "findings.json"), "--csv", str(folder / "findings.csv")]
        command = ["-m", "regard", "verify", str(night), "--lang", "en", *reports]
        runs = [measure(command, findings=True) for _ in range(rounds + 1)][1:]
        found = len(json.loads((folder / "findings.json").read_bytes())["findings"])
    print(f"{found:,} findings")
    held = verdict("findings, the whole process, seconds", min(run.seconds for run in runs), MOST_SECONDS)
    return verdict("findings, peak memory, MB", max(run.megabytes for run in runs), MOST_MEMORY) and held
