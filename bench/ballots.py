"""Counting 500,000 ballots of a Dominion export, beside `json` with a plain loop and polars on the same JSON.

The real samples, so many times with other tabulators and batches that they are a county's. Each way runs in a process
of its own; what is measured is the time of processors in all its threads, which other work on the machine disturbs
least. The others hold the whole file in memory and get a smaller one; ratios are of the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.timing import verdict

HERE = Path(__file__).resolve().parents[1]
SAMPLES = Path("other_machines", "dominion_json_alaska2024")
CARDS, SMALL = 500_000, 20_000
BOUND_SECONDS, BOUND_MEMORY, BOUND_LOOP = 60.0, 1e9, 1.0
Votes = Counter[tuple[str, int, int]]
"""Votes by unit, contest and candidate."""


def make(samples: Path, folder: Path, cards: int) -> Path:
    """An export of so many cards in one file, with the lists of the samples beside it."""
    folder.mkdir()
    for path in samples.glob("*.json"):
        if not path.name.startswith("CvrExport"):
            shutil.copyfile(path, folder / path.name)
    exports = [json.loads(path.read_bytes()) for path in sorted(samples.glob("CvrExport_*.json"))]
    sessions = [session for each in exports for session in each.pop("Sessions")]
    pieces = []
    for session in sessions:
        del session["TabulatorId"], session["BatchId"]
        pieces.append(json.dumps(session, separators=(",", ":"))[1:].encode())
    path = folder / "CvrExport.json"
    with path.open("wb") as file:
        file.write(json.dumps(exports[0], separators=(",", ":"))[:-1].encode() + b',"Sessions":[')
        for number in range(cards):
            place = b'{"TabulatorId":%d,"BatchId":%d,' % (1 + number // 40_000, 1 + number // len(pieces))
            file.write((b"," if number else b"") + place + pieces[number % len(pieces)])
        file.write(b"]}")
    return path


def with_regard(path: Path) -> Votes:
    """Everything that `regard totals` counts and checks."""
    from protocol.dumps.finding import find_dumps

    (reading,) = find_dumps([path.parent]).readings
    if reading.problems:
        raise RuntimeError(str(reading.problems[0]))
    tallies = reading.tallies
    found: Votes = Counter()
    for unit, contest, choice, _, votes in tallies.rows.tolist():
        if choice >= 0:
            found[tallies.units[unit], int(tallies.contests[contest].id), int(tallies.choices[choice].id)] = votes
    return found


def _ranked(path: Path) -> set[int]:
    rows = json.loads((path.parent / "ContestManifest.json").read_bytes())["List"]
    return {row["Id"] for row in rows if row["NumOfRanks"]}


def with_json(path: Path) -> Votes:
    """The votes, as one would write it by hand."""
    ranked = _ranked(path)
    found: Votes = Counter()
    for session in json.loads(path.read_bytes())["Sessions"]:
        element = session["Original"] if session["Original"]["IsCurrent"] else session["Modified"]
        unit = f"{session['TabulatorId']}/{session['BatchId']}/{element['PrecinctPortionId']}"
        for card in element["Cards"]:
            for contest in card["Contests"]:
                if 7 in contest["OutstackConditionIds"]:
                    continue
                number = contest["Id"]
                votes = [mark for mark in contest["Marks"] if mark["IsVote"] and not mark["IsAmbiguous"]]
                if number in ranked:
                    votes = [mark for mark in votes if mark["Rank"] == 1]
                    if len(votes) > 1:
                        continue
                for mark in votes:
                    found[unit, number, mark["CandidateId"]] += 1
    return found


def with_polars(path: Path) -> Votes:
    """The votes, as columns: the fields that are needed, by a schema."""
    import polars as pl

    mark = pl.Struct({"CandidateId": pl.Int64, "Rank": pl.Int64, "IsAmbiguous": pl.Boolean, "IsVote": pl.Boolean})
    contest = pl.Struct({"Id": pl.Int64, "OutstackConditionIds": pl.List(pl.Int64), "Marks": pl.List(mark)})
    card = pl.Struct({"Contests": pl.List(contest)})
    element = pl.Struct({"PrecinctPortionId": pl.Int64, "IsCurrent": pl.Boolean, "Cards": pl.List(card)})
    session = pl.Struct({"TabulatorId": pl.Int64, "BatchId": pl.Int64, "Original": element})
    frame = pl.read_json(path, schema={"Sessions": pl.List(session)})
    flat = frame.lazy().explode("Sessions").unnest("Sessions").unnest("Original")
    flat = flat.explode("Cards").unnest("Cards").explode("Contests").unnest("Contests")
    flat = flat.filter(~pl.col("OutstackConditionIds").list.contains(7)).with_row_index("card")
    votes = flat.explode("Marks").unnest("Marks").filter(pl.col("IsVote") & ~pl.col("IsAmbiguous"))
    ranked = pl.col("Id").is_in(list(_ranked(path)))
    votes = votes.filter(~ranked | (pl.col("Rank") == 1)).filter(~ranked | (pl.len().over("card") == 1))
    keys = ["TabulatorId", "BatchId", "PrecinctPortionId", "Id", "CandidateId"]
    rows = votes.group_by(keys).len().collect().rows()
    return Counter({(f"{t}/{b}/{p}", contest, candidate): number for t, b, p, contest, candidate, number in rows})


WAYS: dict[str, Callable[[Path], Votes]] = {"regard": with_regard, "json": with_json, "polars": with_polars}


def digest(votes: Votes) -> str:
    """The same for the same votes."""
    return hashlib.sha256(repr(sorted(votes.items())).encode()).hexdigest()


def measure(way: str, path: Path) -> tuple[float, float, float, str]:
    """One way in a process of its own: seconds of processors and of the clock, peak bytes, and what it found."""
    command = [sys.executable, "-m", "bench", "ballots", "--way", way, "--export", str(path)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HERE, text=True) as process:  # noqa: S603
        out = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{way} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    clock = time.perf_counter() - started
    return usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss * unit, out.strip()


def main(argv: list[str]) -> int:
    """Measure, print, and return 1 where a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench ballots", description=__doc__)
    parser.add_argument("--cards", type=int, default=CARDS, help=f"cards of the county (default: {CARDS})")
    parser.add_argument("--small", type=int, default=SMALL, help=f"cards for all ways (default: {SMALL})")
    parser.add_argument("--rounds", type=int, default=3, help="rounds with the smaller file (default: 3)")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.way:
        print(digest(WAYS[given.way](given.export)))
        return 0
    samples = Path(os.environ.get("REGARD_DATA", HERE.parent / "shared" / "data")) / SAMPLES
    if not samples.is_dir():
        print(f"ballots: not measured, REGARD_DATA names no folder with {SAMPLES}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        small = make(samples, Path(folder, "small"), given.small)
        print(f"{given.small:,} cards in {small.stat().st_size / 1e6:,.0f} MB, best of {given.rounds}:")
        runs = [{way: measure(way, small) for way in WAYS} for _ in range(given.rounds)]
        if len({found for run in runs for *_, found in run.values()}) != 1:
            raise AssertionError("the ways do not find the same votes")
        best = {way: min(run[way] for run in runs) for way in WAYS}
        for way, (seconds, _, memory, _) in best.items():
            print(f"  {way:8} {seconds / given.small * 1e6:7.1f} µs a card, {memory / 1e6:7,.0f} MB")
        county = make(samples, Path(folder, "county"), given.cards)
        size = county.stat().st_size
        seconds, clock, memory, _ = measure("regard", county)
        print(
            f"{given.cards:,} cards in {size / 1e6:,.0f} MB: {seconds:.1f} s of processors, {clock:.1f} s by the clock"
        )
    ours = best["regard"][0]
    held = [
        verdict("seconds for the county", seconds, BOUND_SECONDS * given.cards / CARDS),
        verdict("megabytes for the county", memory / 1e6, BOUND_MEMORY / 1e6),
        verdict("json and a loop, times as long as regard", best["json"][0] / ours, BOUND_LOOP, at_least=True),
        verdict("polars, times as long as regard", best["polars"][0] / ours, BOUND_LOOP, at_least=True),
    ]
    return 0 if all(held) else 1
