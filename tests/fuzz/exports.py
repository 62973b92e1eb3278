"""Result exports damaged at random: flips, cuts, splices, growth, and whole files of such records.

For a single record: every change to its bytes must be found from the bytes alone, by both readers, and both must give
the same verdict. What cannot be found so: another whole record in its place (that takes the list of bureaux, rules C101
to C104), and one in 2**32 of the changes that touch more than 32 bits in a row, which the checksum misses. For a batch:
no exception, every byte accounted for, and every record that the damage left whole is read with its own values.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.export.columns import build_many
from protocol.export.reading import read
from protocol.export.record import RECORD_LENGTH, RecordVerdict, faults, parse
from tests.fuzz._guided import Effort, Random
from tests.protocol.export.records import checked, quick_verdicts, random_rows, records

_GROUP = 500


def run(effort: Effort, seed: int, report: Callable[[str], object]) -> int:
    """Damage so many records, and a batch for every tenth; returns how many were not read as they must be."""
    failed = tried = 0
    for group in Effort(-(-effort.count // _GROUP), effort.seconds).numbers():
        rng = np.random.default_rng(np.random.SeedSequence([seed, group]))
        whole = build_many(random_rows(_GROUP, int(rng.integers(2**32))))
        originals = [whole[at : at + RECORD_LENGTH] for at in range(0, len(whole), RECORD_LENGTH)]
        if effort.seconds is None:
            originals = originals[: effort.count - tried]
        tried += len(originals)
        failures = [*_singles(originals, rng), *_batches(originals[::10], rng)]
        for failure in failures[:5]:
            report(f"seed {seed}, group {group}: {failure}")
        failed += len(failures)
    report(f"{tried:,} records, {failed} failed")
    return failed


def damage(data: bytes, other: bytes, rng: Random) -> bytes:
    """The bytes with one damage in them: a flip, a run overwritten, a cut, a piece lost, doubled, foreign, or added."""
    size = len(data)
    start, end = sorted(int(place) for place in rng.integers(0, size + 1, 2))
    kind = int(rng.integers(0, 8))
    if kind == 0:
        place = int(rng.integers(0, size))
        return data[:place] + bytes([data[place] ^ (1 << int(rng.integers(0, 8)))]) + data[place + 1 :]
    if kind == 1:
        end = min(end, start + 4)
        return data[:start] + rng.bytes(end - start) + data[end:]
    piece = {2: b"", 3: data[start:end] * 2, 4: other[start:end], 5: bytes(end - start), 6: rng.bytes(end - start)}
    if kind in piece:
        return data[:start] + piece[kind] + data[end:]
    return data[:start] + rng.bytes(int(rng.integers(1, 64))) + data[start:]


def _singles(originals: list[bytes], rng: Random) -> list[str]:
    failures = []
    damaged = [damage(one, originals[number - 1], rng) for number, one in enumerate(originals)]
    for number, (one, spoiled) in enumerate(zip(originals, damaged, strict=True)):
        if spoiled not in (one, originals[number - 1]) and _reads(spoiled):
            failures.append(f"record {number}: a change was not found")
        if bool(faults(spoiled)) != (not _reads(spoiled)):
            failures.append(f"record {number}: the list of faults says something else than the reader")
    # With a right checksum only the limits are left to find fault; both readers must draw them alike.
    fitting = [part for part in damaged if len(part) == RECORD_LENGTH]
    fitting += [checked(part) for part in fitting]
    for part, quick in zip(fitting, quick_verdicts(records(*fitting)), strict=True):
        if (quick is RecordVerdict.OK) != _reads(part):
            failures.append(f"the readers differ on {part.hex()}")
    return failures


def _batches(originals: list[bytes], rng: Random) -> list[str]:
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "batch.esf")
        for number in range(len(originals)):
            parts = [originals[int(index)] for index in rng.integers(0, len(originals), int(rng.integers(1, 6)))]
            hit = int(rng.integers(0, len(parts)))
            spoiled = damage(parts[hit], originals[number - 1], rng)
            path.write_bytes(b"".join([*parts[:hit], spoiled, *parts[hit + 1 :]]))
            found = read([path])
            accounted = RECORD_LENGTH * len(found.columns) + sum(problem.bytes for problem in found.problems)
            if accounted != path.stat().st_size:
                failures.append(f"batch {number}: {accounted} bytes accounted for of {path.stat().st_size}")
            kept = {
                one["crc32"]
                for one in _good(path.read_bytes(), found.offset[found.verdict == RecordVerdict.OK].tolist())
            }
            lost = [part for index, part in enumerate(parts) if index != hit and records(part)["crc32"][0] not in kept]
            if lost and export.MAGIC not in spoiled[1:]:
                failures.append(f"batch {number}: {len(lost)} whole records lost")
    return failures


def _good(data: bytes, offsets: list[int]) -> list[np.void]:
    return [records(data[at : at + RECORD_LENGTH])[0] for at in offsets]


def _reads(data: bytes) -> bool:
    try:
        parse(data)
    except FormatError:
        return False
    return True
