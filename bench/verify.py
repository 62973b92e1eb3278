"""`python -m bench verify`: the national night, all rules; and one core of the work against polars, pandas, duckdb.

The core: read `pv.csv` and `emargements.csv` of 70,000 bureaux, take the SHA-256 of both, join them, name rows of
unknown and of repeated bureaux, apply fifteen rules, give for each that fires the rows in both files, and sum six
counts up to commune, département and nation. Ours is the verifier itself, which does that and more; the peers do what
the core asks. All come to the same findings and sums, which is asserted before anything is timed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.timing import Times, in_turn, table, verdict
from protocol.files import csv_bytes
from protocol.night import RECORDS, SIGNATURES

BUREAUX = 70_000
HERE = Path(__file__).resolve().parent.parent
NATION = "2017-presidentielle-2_par_bureau_large.csv.gz"
SUMMED = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
KEY = ("insee", "bureau", "scrutin")
Result = tuple[dict[str, list[int]], list[npt.NDArray[np.int64]]]
"""Rows of the PVs for which each rule fires (C108, I114: of the sign-in counts), and the sums by level."""


def write_night(folder: Path, seed: int = 1) -> None:
    """The PVs and sign-in counts of a nation, with one bureau in 400 wrong in some way."""
    random = np.random.default_rng(seed)
    insee = np.sort(random.integers(1001, 95_999, BUREAUX // 2)).repeat(2)
    number = np.arange(BUREAUX) - np.searchsorted(insee, insee) + 1
    registered = random.integers(150, 1500, BUREAUX)
    found = registered * random.integers(550, 850, BUREAUX) // 1000
    blank, null = found * random.integers(10, 40, BUREAUX) // 1000, found * random.integers(0, 30, BUREAUX) // 1000
    valid = found - blank - null
    signed, stated = found.copy(), found.copy()
    listed = registered.copy()
    wrong = random.random((8, BUREAUX)) < 0.0003
    signed[wrong[0]] += 2
    signed[wrong[1]] -= random.integers(1, 20, int(wrong[1].sum()))
    stated[wrong[2]] += 7
    valid[wrong[3]] -= 1
    listed[wrong[4]] += 3
    null[wrong[5]], valid[wrong[5]] = (found - blank)[wrong[5]], 0
    signed[wrong[6]] = registered[wrong[6]] + 1
    proxies = np.where(wrong[7], found * 2, found // 40)
    noted = random.random(BUREAUX) < 0.5
    remark = np.where((signed != found) & noted, "Ecart entre votes et emargements.", "")
    opening = np.where(random.random(BUREAUX) < 0.0003, "", "08:00")
    closing = np.where(random.random(BUREAUX) < 0.0003, "", "19:00")
    place = [[f"{code:05}" for code in insee], [f"{code:04}" for code in number], ["1"] * BUREAUX]
    counts = [column.tolist() for column in (registered, stated, found, blank, null, valid, proxies)]
    rest = [column.tolist() for column in (opening, closing, remark)]
    (folder / RECORDS.file).write_bytes(csv_bytes(RECORDS.header, zip(*place, *counts, *rest, strict=True)))
    rows = list(zip(*place, listed.tolist(), signed.tolist(), strict=True))
    rows[100] = ("99999", "0001", "1", 700, 500)
    rows.append(rows[5000])
    (folder / SIGNATURES.file).write_bytes(csv_bytes(SIGNATURES.header, rows))


def ours(folder: Path) -> Result:
    """The verifier: everything read and lined up with the places of all figures, then the same rules and sums."""
    from verify import aggregates
    from verify.evidence import Sources
    from verify.findings import Finding, Hits
    from verify.loading import load
    from verify.rules import plausibility, reconciliation, records

    def named(found: Finding | Hits) -> str:
        return f"{found.code} {found.field}" if found.code == "R219" else found.code

    pv = folder / RECORDS.file
    evidence = load(Sources(signatures=folder / SIGNATURES.file, records=pv))
    found = [finding for check in (*reconciliation.CHECKS, *records.CHECKS) for finding in check(evidence)]
    found += plausibility.gap_sizes(evidence)
    for screen in (plausibility.annulled, plausibility.everybody_voted, plausibility.many_nulls):
        found += screen(evidence)
    fired: dict[str, list[int]] = {}
    for each in found:
        if isinstance(each, Finding):
            fired.setdefault(named(each), []).append(int(each.left.source.rpartition(":")[2]))
        else:
            rows = np.arange(len(each))
            each.left.sources(rows), each.right.sources(rows)  # the rows in both files, as they are shown
            fired.setdefault(named(each), []).extend(evidence.universe.row[each.unit].tolist())
    if evidence.signatures is None or evidence.records is None:
        raise ValueError(f"{folder}: not the night that write_night writes")
    unsigned = ~evidence.signatures["emargements"].known[:, 0]
    fired["C105"] = evidence.universe.row[unsigned].tolist()
    fired["C108"] = [int(stray.place.rpartition(":")[2]) for stray in evidence.strays]
    fired["I114"] = [again.row or 0 for again in evidence.repeats]
    of = aggregates.levels(evidence.universe)
    by_figure = [aggregates.sums(evidence.records[name], of) for name in SUMMED]
    sums = [np.concatenate([level.sums for level in levels], axis=1) for levels in zip(*by_figure, strict=True)]
    return fired, sums


def beside_digests(way: Callable[[Path], Result]) -> Callable[[Path], Result]:
    """A peer's way with the SHA-256 of both files, which an audit names: taken beside the work, as ours takes them."""

    def take(folder: Path) -> list[str]:
        return [hashlib.sha256((folder / table.file).read_bytes()).hexdigest() for table in (RECORDS, SIGNATURES)]

    def both(folder: Path) -> Result:
        beside = threading.Thread(target=take, args=(folder,))
        beside.start()
        try:
            return way(folder)
        finally:
            beside.join()

    return both


REMARK = "emarg|ecart|differen|signat"
"""Enough of `verify.remarks` for the one remark that the night has."""


@beside_digests
def in_polars(folder: Path) -> Result:
    """The core in polars: its reader, a join on three columns, a filter a test, three groupings."""
    import polars as pl

    text = dict.fromkeys((*KEY, "ouverture", "cloture", "observations"), pl.String)
    records = pl.read_csv(folder / RECORDS.file, schema_overrides=text, row_index_name="row", row_index_offset=2)
    lists = dict.fromkeys(KEY, pl.String)
    listed = pl.read_csv(folder / SIGNATURES.file, schema_overrides=lists, row_index_name="row", row_index_offset=2)
    again, again_in_records = (each.filter(~pl.struct(KEY).is_first_distinct()) for each in (listed, records))
    once = listed.unique(KEY, keep="first") if len(again) else listed
    stray = once.join(records, on=KEY, how="anti")
    joined = records.join(once, on=KEY, how="left", suffix="_l", maintain_order="left")
    c = pl.col
    signed, found, stated = c("emargements_l"), c("votes_trouves"), c("emargements")
    gap, size = found - signed, (found - signed).abs()
    annulled = (c("exprimes") == 0) & (found > 0)
    noted = c("observations").fill_null("").str.to_lowercase().str.contains(REMARK)
    tests = {
        "R201": gap > 0,
        "R202": gap < 0,
        "R203": signed > c("inscrits_l"),
        "R204": (gap != 0) & ~noted,
        "R205": stated != signed,
        "R210": c("exprimes") != found - c("blancs") - c("nuls"),
        "R211": c("inscrits_l") != c("inscrits"),
        "R219 ouverture": c("ouverture").is_null(),
        "R219 cloture": c("cloture").is_null(),
        "R220": c("procurations") > signed,
        "P401": (size * 1000 > 3 * found)
        | (size * 1000 > 4 * found)
        | ((size * 100 >= 2 * found) & (size > 0))
        | (size >= 15),
        "P406": annulled,
        "P407": (found == c("inscrits")) & (c("inscrits") >= 100),
        "P412": (c("nuls") * 100 > 10 * found) & ~annulled & (found >= 100),
    }
    tests["C105"] = signed.is_null()
    holds, rows = joined.select(**tests), joined.select("row", *KEY, signed, found, "row_l")
    shown = {name: rows.filter(holds[name]) for name in tests}
    place = joined.with_columns(c("insee").str.head(2).alias("departement"))
    of = [c(name).sum() for name in SUMMED]
    sums = [place.group_by(level, maintain_order=True).agg(of).select(SUMMED) for level in ("insee", "departement")]
    sums.append(place.select(of))
    fired = {name: rows["row"].to_list() for name, rows in shown.items()}
    fired["C108"] = stray["row"].to_list()
    fired["I114"] = again["row"].to_list() + again_in_records["row"].to_list()
    return fired, [each.to_numpy() for each in sums]


@beside_digests
def in_pandas(folder: Path) -> Result:
    """The core in pandas."""
    import pandas as pd

    text = dict.fromkeys((*KEY, "ouverture", "cloture", "observations"), str)
    records = pd.read_csv(folder / RECORDS.file, dtype=text)
    listed = pd.read_csv(folder / SIGNATURES.file, dtype=dict.fromkeys(KEY, str))
    records["row"], listed["row"] = records.index + 2, listed.index + 2
    repeated = listed.duplicated(list(KEY))
    again = listed.loc[repeated, "row"].tolist() + records.loc[records.duplicated(list(KEY)), "row"].tolist()
    both = records.merge(listed[~repeated], on=list(KEY), how="outer", suffixes=("", "_l"))
    stray = both.loc[both["row"].isna(), "row_l"].astype(int).tolist()
    c = both[both["row"].notna()]
    signed, found = c["emargements_l"], c["votes_trouves"]
    gap = found - signed
    size = gap.abs()
    annulled = (c["exprimes"] == 0) & (found > 0)
    noted = c["observations"].fillna("").str.lower().str.contains(REMARK)
    tests = {
        "R201": gap > 0,
        "R202": gap < 0,
        "R203": signed > c["inscrits_l"],
        "R204": (gap != 0) & ~noted,
        "R205": c["emargements"] != signed,
        "R210": c["exprimes"] != found - c["blancs"] - c["nuls"],
        "R211": c["inscrits_l"] != c["inscrits"],
        "R219 ouverture": c["ouverture"].isna(),
        "R219 cloture": c["cloture"].isna(),
        "R220": c["procurations"] > signed,
        "P401": (size * 1000 > 3 * found)
        | (size * 1000 > 4 * found)
        | ((size * 100 >= 2 * found) & (size > 0))
        | (size >= 15),
        "P406": annulled,
        "P407": (found == c["inscrits"]) & (c["inscrits"] >= 100),
        "P412": (c["nuls"] * 100 > 10 * found) & ~annulled & (found >= 100),
    }
    tests["C105"] = signed.isna()
    for name in ("R204", "R205", "R211"):
        tests[name] &= signed.notna()
    columns = ["row", *KEY, "emargements_l", "votes_trouves", "row_l"]
    shown = {name: c.loc[test, columns] for name, test in tests.items()}
    by = (c["insee"], c["insee"].str[:2])
    sums = [c.groupby(level, sort=True)[list(SUMMED)].sum().to_numpy() for level in by]
    sums.append(c[list(SUMMED)].sum().to_numpy()[None, :])
    fired = {name: rows["row"].astype(int).tolist() for name, rows in shown.items()}
    return fired | {"C108": stray, "I114": again}, [each.astype(np.int64) for each in sums]


@beside_digests
def in_duckdb(folder: Path) -> Result:
    """The core in duckdb: one table from two files, a query a test, three groupings."""
    import duckdb

    text = dict.fromkeys((*KEY, "ouverture", "cloture", "observations"), "VARCHAR")
    with duckdb.connect() as db:
        records = db.read_csv(str(folder / RECORDS.file), header=True, dtype=text)
        listed = db.read_csv(str(folder / SIGNATURES.file), header=True, dtype=dict.fromkeys(KEY, "VARCHAR"))
        db.register("records", records)
        db.register("listed", listed)
        for name in ("records", "listed"):
            db.execute(
                f"CREATE TEMP TABLE {name}_2 AS SELECT *, row_number() OVER () + 1 AS row FROM {name}"  # noqa: S608
            )
            db.execute(
                f"CREATE TEMP TABLE {name}_3 AS SELECT *, row_number() OVER "  # noqa: S608
                f"(PARTITION BY insee, bureau, scrutin ORDER BY row) AS nth FROM {name}_2"
            )
        both = "SELECT row FROM listed_3 WHERE nth > 1 UNION ALL SELECT row FROM records_3 WHERE nth > 1"
        again = db.sql(both).fetchall()
        db.execute(
            "CREATE TEMP TABLE c AS SELECT pv.*, l.row AS row_l, l.inscrits AS inscrits_l, l.emargements AS signed, "
            "votes_trouves - l.emargements AS gap, abs(votes_trouves - l.emargements) AS size, "
            "pv.exprimes = 0 AND votes_trouves > 0 AS annulled FROM records_3 AS pv "
            "FULL JOIN (SELECT * FROM listed_3 WHERE nth = 1) AS l USING (insee, bureau, scrutin)"
        )
        stray = db.sql("SELECT row_l FROM c WHERE row IS NULL").fetchall()
        db.execute("DELETE FROM c WHERE row IS NULL")
        noted = f"regexp_matches(lower(coalesce(observations, '')), '{REMARK}')"
        tests = {
            "R201": "gap > 0",
            "R202": "gap < 0",
            "R203": "signed > inscrits_l",
            "R204": f"gap <> 0 AND NOT {noted}",
            "R205": "emargements <> signed",
            "R210": "exprimes <> votes_trouves - blancs - nuls",
            "R211": "inscrits_l <> inscrits",
            "R219 ouverture": "ouverture IS NULL",
            "R219 cloture": "cloture IS NULL",
            "R220": "procurations > signed",
            "P401": "size * 1000 > 3 * votes_trouves OR size * 1000 > 4 * votes_trouves "
            "OR (size * 100 >= 2 * votes_trouves AND size > 0) OR size >= 15",
            "P406": "annulled",
            "P407": "votes_trouves = inscrits AND inscrits >= 100",
            "P412": "nuls * 100 > 10 * votes_trouves AND NOT annulled AND votes_trouves >= 100",
        }
        tests["C105"] = "signed IS NULL"
        columns = "row, insee, bureau, scrutin, signed, votes_trouves, row_l"
        shown = {name: db.sql(f"SELECT {columns} FROM c WHERE {test}").fetchall() for name, test in tests.items()}  # noqa: S608 - our own text
        of = ", ".join(f"sum({name})::BIGINT AS {name}" for name in SUMMED)
        sums = []
        for level in ("insee", "insee[:2]", "''"):
            group = f"SELECT {level} AS place, {of} FROM c GROUP BY place ORDER BY place"  # noqa: S608 - our own text
            found = db.sql(group).fetchnumpy()
            sums.append(np.stack([found[name] for name in SUMMED], axis=1).astype(np.int64))
    fired = {name: [row[0] for row in rows] for name, rows in shown.items()}
    return fired | {"C108": [row[0] for row in stray], "I114": [row[0] for row in again]}, sums


WAYS: dict[str, Callable[[Path], Result]] = {
    "ours": ours,
    "polars": in_polars,
    "pandas": in_pandas,
    "duckdb": in_duckdb,
}


def agree(folder: Path) -> bool:
    """Whether all come to the same findings and sums; says where not."""
    results = {name: way(folder) for name, way in WAYS.items()}
    fired, sums = results["ours"]
    wanted = {name: sorted(rows) for name, rows in fired.items() if rows}
    print(f"rules that fire: {', '.join(f'{name} {len(rows)}' for name, rows in sorted(wanted.items()))}")
    good = True
    for name, (other, other_sums) in results.items():
        got = {code: sorted(rows) for code, rows in other.items() if rows}
        same = got == wanted and all(map(np.array_equal, sums, other_sums))
        if not same:
            codes = sorted(code for code in {*got, *wanted} if got.get(code) != wanted.get(code))
            print(f"{name} comes to something else: {codes or 'sums'}")
        good &= same
    return good


def warm(name: str, folder: Path, runs: int = 5) -> list[int]:
    """Nanoseconds of each of some runs of the core, in a process of its own where it was done before."""
    code = (
        "import json, time; from bench.verify import WAYS; from pathlib import Path\n"
        f"way, folder, taken = WAYS[{name!r}], Path({str(folder)!r}), []\n"
        f"for _ in range({runs + 2}): start = time.perf_counter_ns(); way(folder); "
        "taken.append(time.perf_counter_ns() - start)\n"
        "print(json.dumps(taken[2:]))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=HERE)  # noqa: S603
    times: list[int] = json.loads(done.stdout)
    return times


def whole_process(name: str, folder: Path) -> float:
    """Seconds from start to end of a process that does the core once, all modules compiled as in an installation."""
    code = f"from bench.verify import WAYS; from pathlib import Path; WAYS[{name!r}](Path({str(folder)!r}))"
    compiled = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=HERE, env=compiled)  # noqa: S603 - our own
    return time.perf_counter() - start


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
        "import json, statistics, sys, time; from pathlib import Path; from bench.verify import ours, peak_memory; "
        "n = int(sys.argv[2]); folder = Path(sys.argv[1]); ours(folder); taken = []\n"
        "for _ in range(n): start = time.perf_counter(); ours(folder); taken.append(time.perf_counter() - start)\n"
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
    from verify.evidence import Sources
    from verify.loading import load

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
    """Run everything; 1 where results differ or ours is not ahead."""
    parser = argparse.ArgumentParser(prog="python -m bench verify", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--nations", type=int, default=100)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_night(folder)
        if not agree(folder):
            return 1
        runs: dict[str, list[int]] = {way: [] for way in WAYS}
        processes: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(args.rounds):
            for way in WAYS:
                runs[way] += warm(way, folder)
                processes[way].append(whole_process(way, folder))
        times = {way: Times(1, tuple(taken)) for way, taken in runs.items()}
        print(f"the core, {BUREAUX:,} bureaux, warm\n{table(times, 'ours', 'night')}")
        for way, seconds in processes.items():
            print(f"whole process, {way:<8} best {min(seconds):6.3f} s  median {statistics.median(seconds):6.3f} s")
        few = max(args.nations // 10, 1)
        seconds, peaks = many_nations(folder, (few, args.nations))
        for count, taken, peak in zip((few, args.nations), seconds, peaks, strict=True):
            print(f"{count:4} nations: {taken * 1000:7.1f} ms each, peak {peak / 2**20:,.0f} MiB")
        national_night(folder, min(args.rounds, 5))
        # by medians: the best run of a way with several threads is the one that had the whole machine to itself
        fastest = min(times[way].median for way in WAYS if way != "ours")
        whole = {way: statistics.median(seconds) for way, seconds in processes.items()}
        quickest = min(seconds for way, seconds in whole.items() if way != "ours")
        held = [
            verdict("warm, ours against the fastest peer", times["ours"].median / fastest, 1.0),
            verdict("whole process, ours against the fastest peer", whole["ours"] / quickest, 1.0),
            verdict("time a nation, many against few", seconds[1] / seconds[0], 1.3),
            verdict("peak memory, many against few", peaks[1] / peaks[0], 1.2),
        ]
    return 0 if all(held) else 1
