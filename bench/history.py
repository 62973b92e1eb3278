"""`python -m bench history`: data.gouv.fr's tables of all elections since 1999, against polars.

The core is what `bench.elections` asks of both tables as Parquet; all come to the same, which is asserted before any
time counts. Then `regard results` as an auditor runs it: every rule that the tables allow, all findings written.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from operator import eq
from pathlib import Path

from bench.elections import COUNTS, VOTES
from bench.elections.files import real_bureaux, write_tables
from bench.peers import WAYS, agree, way
from bench.timing import ProcessUsage, measure, real_data, time_core, verdict

REAL = "2017-presidentielle-1_par_bureau_large.csv.gz"
BOUND_CORE = 2.0
"""Times polars."""
BOUND_SECONDS, BOUND_GIGABYTES = 20.0, 1.5
"""Of `regard results` over the whole of both tables."""


def against_polars(folder: Path, rows: int, rounds: int) -> bool:
    """The core in both ways, in turn, each time in a process of its own; whether ours keeps its bound."""
    runs: dict[str, list[ProcessUsage]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, taken in runs.items():
            taken.append(time_core("elections", name, folder)[1])
    for name, taken in runs.items():
        seconds, most = min(run.seconds for run in taken), max(run.megabytes for run in taken)
        print(f"the core, {rows:,} rows of votes, {name:6} {seconds:6.2f} s at best, {most:,.0f} MB at most")
    ours, theirs = (min(run.seconds for run in taken) for taken in runs.values())
    return verdict("the core, ours against polars", ours / theirs, BOUND_CORE)


def all_rules(folder: Path, bureaux: int) -> list[bool]:
    """`regard results` over both tables with its report; whether it keeps its bounds of time and memory."""
    report = folder / "findings.json"
    tables = [str(folder / COUNTS), str(folder / VOTES)]
    used = measure(["-m", "regard", "results", *tables, "--json", str(report), "--force"], findings=True)
    findings = Counter(
        finding["code"] for each in json.loads(report.read_bytes())["results"] for finding in each["findings"]
    )
    print(f"regard results, {bureaux:,} bureaux: {', '.join(f'{code} {count:,}' for code, count in findings.items())}")
    return [
        verdict("seconds of regard results, report written", used.seconds, BOUND_SECONDS),
        verdict("gigabytes of regard results", used.megabytes / 1e3, BOUND_GIGABYTES),
    ]


def main(rounds: int = 3, part: float = 1.0) -> bool:
    """Measure that part of the bureaux of each election; whether results agree and all bounds held."""
    from pyarrow import parquet

    if (results := real_data(REAL)) is None:
        return False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, real_bureaux(results), part)
        if not agree({name: way("elections", name)(folder) for name in WAYS}, "identities that do not hold", eq):
            return False
        bureaux, rows = (parquet.read_metadata(folder / name).num_rows for name in (COUNTS, VOTES))
        return all([against_polars(folder, rows, rounds), *all_rules(folder, bureaux)])
