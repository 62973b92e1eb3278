"""What dumps hold, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from itertools import islice
from typing import BinaryIO

from protocol.dumps.checks import DumpCheck
from protocol.dumps.finding import FoundDumps
from protocol.dumps.layouts import DumpReading
from protocol.dumps.tallies import NOT_GIVEN
from protocol.files import csv_bytes, csv_rows
from regard.language import show

HEADER = ("unit", "contest", "choice", "kind", "votes")
_ROWS = 10_000
"""Rows made into text at a time."""


def as_csv(found: FoundDumps) -> Iterator[bytes]:
    """All tallies as one table, in the order of the dumps; a second copy of the same votes is left out."""
    yield csv_bytes(HEADER, [])
    rows = found.tidy()
    while some := list(islice(rows, _ROWS)):
        yield csv_rows(some)


def write_parquet(found: FoundDumps, file: BinaryIO) -> None:
    """The same table as Parquet, with the SHA-256 of all inputs in its metadata.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow
    from pyarrow import parquet

    files = [
        {"path": str(each.path), "size": each.size, "sha256": each.sha256}
        for reading in found.readings
        for each in reading.files
    ]
    schema = pyarrow.schema([*((name, pyarrow.string()) for name in HEADER[:-1]), (HEADER[-1], pyarrow.int64())])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        rows = found.tidy()
        while some := list(islice(rows, _ROWS)):
            writer.write_table(pyarrow.table(dict(zip(HEADER, zip(*some, strict=True), strict=True)), schema=schema))
        writer.add_key_value_metadata({"regard.version": version("regard"), "regard.inputs": json.dumps(files)})


def as_json(found: FoundDumps, language: str) -> dict[str, object]:
    """Files with their digests, tallies, counts of ballots, checks, and what could not be read."""
    return {
        "tool": "regard",
        "dumps": [_reading(reading, language) for reading in found.readings],
        "not_recognised": [{"path": str(file.path), "size": file.size} for file in found.left],
    }


def dump_in_short(reading: DumpReading, language: str) -> dict[str, object]:
    """A dump without its tallies: what it is, what was read, what was checked and what not."""
    return {
        "layout": reading.layout.name,
        "title": show(language, reading.layout.title),
        "model": reading.layout.model,
        "facts": [{"name": show(language, name), "value": show(language, value)} for name, value in reading.facts],
        "files": [
            {
                "path": str(file.path),
                "size": file.size,
                "sha256": file.sha256,
                "taken_for": show(language, file.taken_for),
                "note": show(language, file.note),
            }
            for file in reading.files
        ],
        "units": len(reading.tallies.units),
        "checks": [_check(check, language) for check in reading.checks],
        "problems": [show(language, problem.message) for problem in reading.problems],
    }


def _check(check: DumpCheck, language: str) -> dict[str, object]:
    texts = {name: show(language, getattr(check, name)) for name in ("text", "place", "left", "right")}
    sources = {name: show(language, getattr(check, name)) for name in ("left_source", "right_source")}
    of_file = {"source": check.source, "unit": check.unit, "times": check.times}
    verdict = {"code": check.code, "topic": check.topic.value, "verdict": check.verdict.value}
    return verdict | texts | sources | of_file


def _reading(reading: DumpReading, language: str) -> dict[str, object]:
    tallies = reading.tallies
    return dump_in_short(reading, language) | {
        "unit_parts": list(tallies.unit_parts),
        "contests": [
            {"id": each.id, "name": name, "vote_for": each.vote_for, "ranks": each.ranks}
            for each, name in zip(tallies.contests, tallies.contest_names(), strict=True)
        ],
        "votes": [dict(zip(HEADER, row, strict=True)) for row in tallies.tidy()],
        "ballots": [
            {
                "unit": tallies.units[unit],
                "contest": tallies.contests[contest].id,
                "registered": None if registered == NOT_GIVEN else registered,
                "ballots": None if ballots == NOT_GIVEN else ballots,
            }
            for unit, contest, registered, ballots in tallies.counts.tolist()
        ],
    }
