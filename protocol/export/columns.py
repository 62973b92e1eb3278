"""The canonical columns: what every layout of a result export is turned into, and all that later stages see.

Another machine, or the real layout once somebody documents it, is one new `Layout` here and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol import limits
from protocol.checksum import crc32
from protocol.civil_time import LATEST, NEVER
from protocol.export import record as export
from protocol.export.record import (
    COUNTS,
    DTYPE,
    MAGIC,
    MAX_CHOICES,
    MAX_COUNT,
    MAX_POLLS,
    RECORD_LENGTH,
    TEXTS,
    TIMES,
    VERSION,
    Records,
    Verdict,
)
from protocol.limits import dates_good

COLUMNS = np.dtype(
    [(name, f"S{export.field_places()[name][1]}") for name in TEXTS]
    + [(name, np.int64) for name in ("date", "round", "poll", "part", "choices", *TIMES, *COUNTS, "tally_sum")]
    + [("choices_digest", "V32"), ("module_digest", "V32"), ("reserved_zero", np.bool_)]
    + [("tallies", np.int32, (MAX_CHOICES,))],
    align=True,
)
"""One row a record. Counts and times are signed and native, so that any difference of two is exact; a time is -1 for
never; ``tally_sum`` is the exact sum of the tallies; ``tallies`` are within 0 and 2**28 - 1 wherever the verdict is
OK, so that they fit in 32 bits with their sign."""

Columns = npt.NDArray[np.void]
"""An array of `COLUMNS`, shape ``(n,)``."""

_CHUNK = 8192
"""Records looked at together: few enough that a second pass over them reads from the cache."""
_SIDE = 8
"""Records reduced side by side: numpy's price is by the row, and one record is a short row."""
_SIZES = (VERSION, RECORD_LENGTH)
_KINDS = ("date", "round", "poll", "part", "choices")
_SMALL = 2**26
"""Tallies below it can be summed in 32 bits: 64 of them stay below 2**32."""


def _place(name: str) -> int:
    return export.field_places()[name][0]


_RESERVED = export.field_places()["reserved"][1]
_TEXT = slice(_place(TEXTS[0]), sum(export.field_places()[TEXTS[-1]]))
_TEXT_STARTS = np.array([_place(name) for name in TEXTS]) - _TEXT.start


@dataclass(frozen=True, slots=True)
class Layout:
    """A result export's byte layout, as a plug-in: how to know it, how to check it, how to turn it into columns."""

    name: str
    magic: bytes
    version: int
    record_length: int
    dtype: np.dtype[Any]
    parse: Callable[[bytes], object]
    examine: Callable[[Records], tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]]
    texts_good: Callable[[Records], npt.NDArray[np.bool_]]
    checksums: Callable[[Records], npt.NDArray[np.uint32]]
    columns: Callable[[Records, npt.NDArray[np.int64]], Columns]


def examine(records: Records) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Check structure and bounds of many records, without their checksums.

    Returns:
        The verdicts, shape ``(n,)``, and the exact sums of the tallies, shape ``(n,)`` in votes. A sum is exact
        for any bytes at all; whether its record may be used is what the verdict says.
    """
    count = len(records)
    verdict = np.zeros(count, np.uint8)
    sums = np.empty(count, np.int64)
    room = np.empty(_CHUNK * MAX_CHOICES, np.uint32)
    for start in range(0, count, _CHUNK):
        part = slice(start, min(start + _CHUNK, count))
        chunk = records[part]
        used = _used(chunk)
        tallies = room[: len(chunk) * used].reshape(len(chunk), used)
        np.copyto(tallies, chunk["tallies"][:, :used], casting="equiv")
        if used and _unused_are_zero(chunk, tallies):
            sums[part] = np.einsum("ij->i", tallies)
        else:
            tallies = chunk["tallies"].astype(np.uint32)
            sums[part] = tallies.sum(axis=1, dtype=np.int64)
            verdict[part] = _verdicts(chunk, tallies)
    return verdict, sums


def _used(chunk: Records) -> int:
    """The largest number of choices in a chunk that passes in all fields before the tallies, at the lowest cost.

    The bitwise or of all records, read as if it were one of them, keeps a limit of the form 2**n - 1 exactly where
    all of them do; a field of it that equals the bitwise and is the same in all. 0 means that the chunk has to be
    looked at record by record; a number, that no tally beyond it is used and that no sum can overflow 32 bits.
    """
    some, every = _combined(chunk, np.bitwise_or), _combined(chunk, np.bitwise_and)
    for bits in (some, every):
        if bits["magic"].tobytes() != MAGIC or (bits["format_version"], bits["record_length"]) != _SIZES:
            return 0
    if any(some[name] > MAX_COUNT for name in COUNTS) or any(some[name] > LATEST for name in TIMES):
        return 0
    kinds = chunk[:1] if all(some[name] == every[name] for name in _KINDS) else chunk
    if not _kinds_good(kinds).all():
        return 0
    used = int(kinds["choices"].max())
    return used if some["tallies"].max() < _SMALL and not some["tallies"][used:].any() else 0


def _combined(chunk: Records, operation: np.ufunc) -> np.void:
    """All records of a chunk combined bit by bit into one."""
    side = _SIDE if len(chunk) % _SIDE == 0 else 1
    rows = chunk.view(np.uint64).reshape(-1, side * RECORD_LENGTH // 8)
    combined = operation.reduce(operation.reduce(rows, axis=0).reshape(side, -1), axis=0)
    return np.void(combined.view(DTYPE)[0])


def _unused_are_zero(chunk: Records, tallies: npt.NDArray[np.uint32]) -> bool:
    """Whether records with fewer choices than ``tallies`` has columns hold zeros beyond their own."""
    least, used = int(chunk["choices"].min()), tallies.shape[1]
    beyond = np.arange(least, used) >= chunk["choices"][:, None]
    return least == used or not (tallies[:, least:] * beyond).any()


def _verdicts(chunk: Records, tallies: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Record by record, for a chunk in which something is wrong or unusual."""
    choices = chunk["choices"]
    good = (tallies <= MAX_COUNT).all(axis=1)
    good &= ~((tallies != 0) & (np.arange(MAX_CHOICES) >= choices[:, None])).any(axis=1)
    for name in COUNTS:
        good &= chunk[name] <= MAX_COUNT
    for name in TIMES:
        good &= (chunk[name] <= LATEST) | (chunk[name] == NEVER)
    good &= _kinds_good(chunk)
    verdict = np.where(good, Verdict.OK, Verdict.VALUE).astype(np.uint8)
    verdict[chunk["record_length"] != RECORD_LENGTH] = Verdict.LENGTH
    verdict[chunk["format_version"] != VERSION] = Verdict.VERSION
    first = chunk.view(np.uint64).reshape(len(chunk), -1)[:, 0]
    verdict[first != np.frombuffer(MAGIC, np.uint64)[0]] = Verdict.MAGIC
    return verdict


def _kinds_good(chunk: Records) -> npt.NDArray[np.bool_]:
    """Which records have a possible date, round, poll, part and number of choices."""
    round_, poll, choices = chunk["round"], chunk["poll"], chunk["choices"]
    good = dates_good(chunk["date"].astype(np.int64)) & (chunk["part"] >= 1)
    good &= (round_ >= 1) & (round_ <= 2) & (poll >= 1) & (poll <= MAX_POLLS)
    return np.asarray(good & (choices >= 1) & (choices <= MAX_CHOICES), np.bool_)


def texts_good(records: Records) -> npt.NDArray[np.bool_]:
    """Which records have printable ASCII, and then only zeros, in each of their text fields."""
    good = np.ones(len(records), np.bool_)
    whole = records.view(np.uint8).reshape(len(records), RECORD_LENGTH)
    for start in range(0, len(records), _CHUNK):
        part = slice(start, start + _CHUNK)
        good[part] = limits.texts_good(np.ascontiguousarray(whole[part, _TEXT]), _TEXT_STARTS)
    return good


def checksums(records: Records) -> npt.NDArray[np.uint32]:
    """The CRC-32 that each record should carry, shape ``(n,)``."""
    view = memoryview(np.ascontiguousarray(records)).cast("B")
    body = RECORD_LENGTH - 4
    steps = range(0, len(records) * RECORD_LENGTH, RECORD_LENGTH)
    return np.fromiter((crc32(view[at : at + body]) for at in steps), np.uint32, len(records))


def columns(records: Records, tally_sum: npt.NDArray[np.int64]) -> Columns:
    """The canonical columns of many records; ``tally_sum`` as `examine` gave it.

    Values of records whose verdict is not OK are as good as their bytes: a tally above the format's limit is
    stored as -1, and text after a zero byte is kept by numpy but never shown.
    """
    out = np.zeros(len(records), COLUMNS)
    for name in TEXTS:
        out[name] = np.ascontiguousarray(records[name]).view(f"S{export.field_places()[name][1]}")
    for name in ("date", "round", "poll", "part", "choices", *COUNTS):
        out[name] = records[name]
    for name in TIMES:
        time = records[name].astype(np.int64)
        out[name] = np.where(time == NEVER, -1, time)
    out["choices_digest"], out["module_digest"] = records["choices_digest"], records["module_digest"]
    reserved = np.ascontiguousarray(records["reserved"]).view(np.uint8).reshape(len(records), _RESERVED)
    out["reserved_zero"] = ~reserved.view(np.uint32).any(axis=1)
    tallies = out["tallies"]
    for start in range(0, len(records), _CHUNK):
        part = slice(start, start + _CHUNK)
        chunk = records["tallies"][part].astype(np.uint32)
        tallies[part] = np.where(chunk <= MAX_COUNT, chunk.view(np.int32), -1)
    out["tally_sum"] = tally_sum
    return out


def build_many(rows: Columns) -> bytes:
    """The exports of many rows at once, one after another: equal to the byte to `export.build` of each.

    Rows are taken as they are, ``tally_sum`` and ``reserved_zero`` are not used; what the format cannot hold is
    for the caller to keep out (the bytes read back with the verdict `VALUE`).
    """
    records = np.zeros(len(rows), DTYPE)
    records["magic"], records["format_version"], records["record_length"] = MAGIC, VERSION, RECORD_LENGTH
    for name in TEXTS:
        records[name] = np.ascontiguousarray(rows[name]).view(f"V{export.field_places()[name][1]}")
    for name in ("date", "round", "poll", "part", "choices", *COUNTS, "tallies"):
        records[name] = rows[name]
    for name in TIMES:
        records[name] = np.where(rows[name] < 0, NEVER, rows[name])
    records["choices_digest"], records["module_digest"] = rows["choices_digest"], rows["module_digest"]
    records["crc32"] = checksums(records)
    return records.tobytes()


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="result export, version 1 (model)",
        magic=MAGIC,
        version=VERSION,
        record_length=RECORD_LENGTH,
        dtype=DTYPE,
        parse=export.parse,
        examine=examine,
        texts_good=texts_good,
        checksums=checksums,
        columns=columns,
    ),
)
"""The layouts that a reader knows, told apart by their magic."""
