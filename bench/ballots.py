"""Counting 500,000 ballots of a Dominion export, beside `json` with a plain loop on the same JSON.

The real samples, so many times with other tabulators and batches that they are a county's. Each way runs in a process
of its own; what is measured is the time of processors in all its threads, which other work on the machine disturbs
least. The loop holds the whole file in memory and gets a smaller one; the ratio is of the same file.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.timing import ProcessUsage, measure, real_data, verdict

SAMPLES = "other_machines/dominion_json_alaska2024"
CARDS, SMALL = 500_000, 20_000
BOUND_SECONDS, BOUND_MEGABYTES, BOUND_LOOP = 60.0, 1000.0, 1.0
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
    from protocol.dumps.recognising import find_dumps

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


WAYS: dict[str, Callable[[Path], Votes]] = {"regard": with_regard, "json": with_json}


def digest(votes: Votes) -> str:
    """The same for the same votes."""
    return hashlib.sha256(repr(sorted(votes.items())).encode()).hexdigest()


def count(way: str, path: Path) -> ProcessUsage:
    """One way in a process of its own; it says the digest of what it found."""
    code = f"from bench.ballots import *; print(digest(WAYS[{way!r}](Path({str(path)!r}))))"
    return measure(["-c", code])


def main(cards: int = CARDS, small: int = SMALL, rounds: int = 3) -> bool:
    """Measure a county of so many cards, and all ways on a smaller file; whether all bounds held."""
    if (samples := real_data(SAMPLES)) is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        export = make(samples, Path(folder, "small"), small)
        print(f"{small:,} cards in {export.stat().st_size / 1e6:,.0f} MB, best of {rounds}:")
        runs = [{way: count(way, export) for way in WAYS} for _ in range(rounds)]
        if len({used.said for run in runs for used in run.values()}) != 1:
            raise AssertionError("the ways do not find the same votes")
        best = {way: min((run[way] for run in runs), key=lambda used: used.processor) for way in WAYS}
        for way, used in best.items():
            print(f"  {way:8} {used.processor / small * 1e6:7.1f} µs a card, {used.megabytes:7,.0f} MB")
        county = make(samples, Path(folder, "county"), cards)
        whole = count("regard", county)
        print(f"{cards:,} cards in {county.stat().st_size / 1e6:,.0f} MB: {whole.seconds:.1f} s by the clock")
    times = best["json"].processor / best["regard"].processor
    held = [
        verdict("seconds of processors for the county", whole.processor, BOUND_SECONDS * cards / CARDS),
        verdict("megabytes for the county", whole.megabytes, BOUND_MEGABYTES),
        verdict("json and a loop, times as long as regard", times, BOUND_LOOP, at_least=True),
    ]
    return all(held)
