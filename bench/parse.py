"""Reading 70,000 result exports and checking that their votes add up, beside construct.

One file, one thread. The work is the same for all: every field taken apart, structure and bounds checked, and the sum
of the tallies plus blank votes compared with the votes cast, without overflow. Checksums are measured apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from bench.timing import in_turn, memcpy, table, verdict
from protocol.civil_time import LATEST, NEVER
from protocol.export import record as export
from protocol.export.columns import COLUMNS, Columns, build_many, checksums, examine
from protocol.export.record import (
    COUNTS,
    DTYPE,
    MAX_CHOICES,
    MAX_COUNT,
    MAX_POLLS,
    RECORD,
    RECORD_LENGTH,
    TIMES,
    Records,
)
from protocol.limits import crc32

SEED = 2026
SAMPLE = 300
"""Exports that construct reads in a round; its time is given by the export, as are all others."""
BOUND_CONSTRUCT, BOUND_MEMCPY, BOUND_CRC = 500.0, 3.0, 1.5


def exports(count: int, choices: int, seed: int = SEED) -> Columns:
    """The columns of ``count`` plausible exports of one election, in which every sum is right; shape ``(count,)``."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, choices]))
    rows = np.zeros(count, COLUMNS)
    rows["model"], rows["election"] = export.APPROVED_MODEL, "2022-presidentielle"
    for name, form in (("machine_serial", "ESF1-%06d"), ("module_serial", "U-%06d"), ("bureau", "%04d")):
        rows[name] = [(form % number).encode() for number in range(count)]
    rows["insee"] = np.array([b"%05d" % number for number in range(1000, 96000)])[
        np.sort(rng.integers(0, 95000, count))
    ]
    rows["date"], rows["round"], rows["poll"], rows["part"], rows["choices"] = 20220410, 1, 1, 1, choices
    for hours, name in zip((7, 8, 19, 20), TIMES, strict=True):
        rows[name] = 702_777_600 + 3600 * hours + rng.integers(0, 1800, count)
    rows["tallies"][:, :choices] = rng.integers(0, 1200 // choices, (count, choices))
    rows["tally_sum"] = rows["tallies"].sum(axis=1, dtype=np.int64)
    rows["blank"] = rng.integers(0, 40, count)
    rows["cast"] = rows["voters"] = rows["tally_sum"] + rows["blank"]
    rows["cancellations"] = rng.integers(0, 4, count)
    rows["enablings"] = rows["cast"] + rows["cancellations"]
    rows["registered"] = rows["cast"] + rng.integers(0, 400, count)
    return rows


def ours(records: Records) -> int:
    """Structure, bounds and sums of all records; the number whose figures may be used and do not add up."""
    seen = examine(records)
    differs = seen.tally_sum + seen.blank != seen.cast  # in int64: a sum of bounded counts
    return int(np.count_nonzero(differs & (seen.verdict == 0)))


def unequal(numbers: Any, tallies: Sequence[int]) -> bool:
    """The same checks for one record, its fields by name: whether its figures do not add up.

    Raises:
        ValueError: a field out of its bounds.
    """
    choices = numbers["choices"]
    good = 1 <= numbers["round"] <= 2 and 1 <= numbers["poll"] <= MAX_POLLS and numbers["part"] >= 1
    good = good and 1 <= choices <= MAX_CHOICES and numbers["date"] >= 2000_01_01
    datetime.date(numbers["date"] // 10_000, numbers["date"] // 100 % 100, numbers["date"] % 100)
    good = good and all(numbers[name] <= MAX_COUNT for name in COUNTS)
    good = good and all(numbers[name] <= LATEST or numbers[name] == NEVER for name in TIMES)
    if not good or max(tallies) > MAX_COUNT or any(tallies[choices:]):
        raise ValueError("out of bounds")
    return bool(sum(tallies) + numbers["blank"] != numbers["cast"])


def pieces(data: bytes, count: int) -> Iterator[bytes]:
    """The first ``count`` records of a batch, one by one."""
    return (data[at : at + RECORD_LENGTH] for at in range(0, count * RECORD_LENGTH, RECORD_LENGTH))


def with_construct(data: bytes, count: int) -> int:
    """The same work with construct."""
    return sum(unequal(values, values["tallies"]) for values in map(RECORD.parse, pieces(data, count)))


def bare_loop(data: bytes, count: int) -> list[int]:
    """The chosen CRC function over every record, and nothing else."""
    view = memoryview(data)
    return [crc32(view[at : at + RECORD_LENGTH - 4]) for at in range(0, count * RECORD_LENGTH, RECORD_LENGTH)]


def main(count: int = 70_000, choices: int = 12, rounds: int = 25) -> bool:
    """Measure so many exports with that many choices on the panel; whether all bounds held."""
    data = build_many(exports(count, choices))
    records = np.frombuffer(data, DTYPE)
    print(f"{count:,} exports of {RECORD_LENGTH} bytes ({len(data) / 1e6:.1f} MB), {choices} choices; one thread")
    print(f"construct reads a sample in each round: {SAMPLE:,}")
    times = in_turn(ways(data, records), rounds)
    print("\n" + table(times, "memcpy", "record") + "\n")
    interpreted, fast = times["construct, interpreted"].best, times["regard"].best
    checked, bare = times["checksums"].best, times["bare loop of the CRC"].best
    held = [
        verdict("regard, times faster than interpreted construct", interpreted / fast, BOUND_CONSTRUCT, at_least=True),
        verdict("regard, times memcpy", fast / times["memcpy"].best, BOUND_MEMCPY),
        verdict("checksums, times a bare loop", checked / bare, BOUND_CRC),
    ]
    return all(held)


def ways(data: bytes, records: Records) -> dict[str, tuple[int, Callable[[], object]]]:
    """All that is measured: by name, the number of records it reads and the work; each has found no difference."""
    count = len(records)
    construct = min(SAMPLE, count)
    counting: dict[str, tuple[int, Callable[[], int]]] = {
        "regard": (count, lambda: ours(records)),
        "construct, interpreted": (construct, lambda: with_construct(data, construct)),
    }
    for name, (_, work) in counting.items():
        if work():
            raise AssertionError(f"{name} found a difference where there is none")
    return {
        "memcpy": (count, memcpy(data)),
        **counting,
        "checksums": (count, lambda: checksums(records)),
        "bare loop of the CRC": (count, lambda: bare_loop(data, count)),
    }
