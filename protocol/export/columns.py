"""The canonical columns: what a result export is turned into, and all that later stages see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.arrays import Bools, Bytes, Ints, LongWords, Rows, Words
from protocol.civil_time import LATEST, NEVER
from protocol.export.record import (
    COUNTS,
    DTYPE,
    LIMITS,
    MAGIC,
    MAX_CHOICES,
    MAX_COUNT,
    PLACES,
    RECORD_LENGTH,
    TEXTS,
    TIMES,
    VERSION,
    Records,
    RecordVerdict,
    limits,
    text_fields_good,
)
from protocol.limits import crc32, dates_good

COLUMNS = np.dtype(
    [(name, f"S{PLACES[name][1]}") for name in TEXTS]
    + [(name, np.int64) for name in ("date", "round", "poll", "part", "choices", *TIMES, *COUNTS, "tally_sum")]
    + [("choices_digest", "V32"), ("module_digest", "V32"), ("reserved_zero", np.bool_)]
    + [("tallies", np.int32, (MAX_CHOICES,))],
    align=True,
)
"""One row a record. Counts and times are signed and native, so that any difference of two is exact; a time is -1 for
never; ``tally_sum`` is the exact sum of the tallies; ``tallies`` are within 0 and 2**28 - 1 wherever the verdict is
OK, so that they fit in 32 bits with their sign."""

Columns = Rows
"""An array of `COLUMNS`, shape ``(n,)``."""

_PIECE = 2048
"""Records examined together: so few that every pass but the first finds them in the cache of a core."""
_ROWS = 2048
"""Records turned into columns together: so few that they and their columns stay in the cache of a core."""
_SEEN = ("tally_sum", "cast", "blank")
_NOT_SEEN = tuple(name for name in COUNTS if name not in _SEEN)
"""Columns that `Examined` has already, and the counts that it has not."""
_CHUNK = 8192
"""Records whose texts are looked at together."""
_SIDE = 16
"""Records reduced side by side: numpy's price is by the row, and one record is a short row."""
_RANGES = {name: LIMITS[name] for name in ("round", "poll", "part", "choices")}
_SMALL = 2**27
"""Tallies below it can be summed two at a time, as one number of 64 bits: 32 of them stay below 2**32."""
_PAIR = np.array([0xFFFF_FFFF_0000_0000, 0x0000_0000_FFFF_FFFF], np.uint64)
"""The bits of the first and of the second of two tallies that are one number."""
_BEYOND = np.bitwise_or.reduce(
    np.where(np.arange(MAX_CHOICES).reshape(-1, 2, 1) >= np.arange(256), _PAIR[:, None], np.uint64(0)), axis=1
)
"""The bits of the tallies that have to be zero, by pair of tallies and number of choices."""


_CHOICES_AT = PLACES["choices"][0]
_TALLIES_AT, _CAST_AND_BLANK = PLACES["tallies"][0] // 8, PLACES["cast"][0] // 8
_KINDS_AT = slice(PLACES["date"][0], _CHOICES_AT + 1)
_ALIKE = sorted({PLACES[name][0] // 8 for name in ("magic", "format_version", "record_length", "date", *_RANGES)})
"""The words of 8 bytes in which the fields stand that are mostly the same in all records."""
_RESERVED = PLACES["reserved"][1]


@dataclass(frozen=True, slots=True)
class Examined:
    """Result of examining many records; all arrays of shape ``(n,)``.

    Attributes:
        verdict: of structure and bounds, of `RecordVerdict`.
        tally_sum: the exact sum of the tallies, in votes.
        cast, blank: the votes that it is compared with.
    """

    verdict: Bytes
    tally_sum: Ints
    cast: Ints
    blank: Ints


def examine(records: Records) -> Examined:
    """Check structure and bounds of many records, without their checksums, and add up their tallies.

    The sums and counts are exact for any bytes at all; whether a record may be used is what the verdict says.
    """
    count = len(records)
    verdict = np.zeros(count, np.uint8)
    sums, counts = np.empty(count, np.uint64), np.empty(count, np.uint64)
    words, swapped = (records.view(kind).reshape(count, RECORD_LENGTH // 8) for kind in (np.uint64, ">u8"))
    starts = range(0, count, _PIECE)
    some, every = np.zeros((2, len(starts), RECORD_LENGTH // 8), np.uint64)
    room = np.empty((MAX_CHOICES // 2, _PIECE), np.uint64)
    of_one, of_all = some.view(np.uint8), every.view(np.uint8)
    used, good = np.empty(len(starts), np.int64), np.empty(len(starts), np.bool_)
    for index, at in enumerate(starts):
        part = slice(at, at + _PIECE)
        piece = words[part]
        _combine(piece, some[index])
        for word in _ALIKE:
            every[index, word] = np.bitwise_and.reduce(piece[:, word])
        counts[part] = swapped[part, _CAST_AND_BLANK]
        alike = of_one[index, _KINDS_AT].tobytes() == of_all[index, _KINDS_AT].tobytes()
        most = int(of_one[index, _CHOICES_AT] if alike else records["choices"][part].max())
        used[index] = most = min(most, MAX_CHOICES)
        tallies = room[: (most + 1) // 2, : len(piece)]
        np.copyto(tallies, swapped[part, _TALLIES_AT : _TALLIES_AT + len(tallies)].T, casting="equiv")
        np.add.reduce(tallies, axis=0, out=sums[part])
        good[index] = alike or (_kinds_in_range(records[part]) and _unused_are_zero(records["choices"][part], tallies))
    good &= _pass_as_one(some.view(DTYPE)[:, 0], every.view(DTYPE)[:, 0], used)
    first, second = _apart(sums)
    first += second
    for at in (starts[index] for index in np.flatnonzero(~good).tolist()):
        part = slice(at, at + _PIECE)
        each = records["tallies"][part].astype(np.uint32)
        first[part] = each.sum(axis=1, dtype=np.int64)
        verdict[part] = _verdicts(records[part])
    return Examined(verdict, first, *_apart(counts))


def _apart(pairs: LongWords) -> tuple[Ints, Ints]:
    """The first and the second of two numbers of 32 bits that are one; its room is used for them."""
    first = pairs >> np.uint64(32)
    pairs &= _PAIR[1]
    return first.view(np.int64), pairs.view(np.int64)


def _combine(words: LongWords, combined: LongWords) -> None:
    """The bitwise or of the records of a piece, shape ``(RECORD_LENGTH // 8,)``."""
    side = _SIDE if len(words) % _SIDE == 0 else 1
    rows = words.reshape(-1, side * len(combined))
    np.bitwise_or.reduce(np.bitwise_or.reduce(rows, axis=0).reshape(side, -1), axis=0, out=combined)


def _kinds_in_range(piece: Records) -> bool:
    """As `_kinds_good` of all records, by the least and the largest."""
    in_range = all(piece[name].min() >= least and piece[name].max() <= most for name, (least, most) in _RANGES.items())
    dates = piece["date"]
    return in_range and bool(dates_good((dates[:1] if (dates == dates[0]).all() else dates).astype(np.int64)).all())


def _unused_are_zero(choices: Bytes, pairs: LongWords) -> bool:
    """Check that the given tallies are zero beyond the choices of their records.

    Args:
        choices: how many each has, shape ``(n,)``.
        pairs: two tallies that follow each other as one number, shape ``(m, n)``.
    """
    least = int(choices.min()) // 2
    return not (pairs[least:] & _BEYOND[least : len(pairs)].take(choices, axis=1)).any()


def _pass_as_one(some: Records, every: Records, used: Ints) -> Bools:
    """Find pieces whose records all pass in the fields they share, and can be summed two tallies at a time.

    The bitwise or of all records, read as if it were one of them, keeps a limit of the form 2**n - 1 exactly where
    all of them do; a field of it that equals the bitwise and is the same in all.

    Args:
        some: the bitwise or of each piece.
        every: the bitwise and of each, in the words `_ALIKE`.
        used: the most choices in each.
    """
    good = np.ones(len(some), np.bool_)
    for bits in (some, every):
        good &= (bits["magic"] == np.void(MAGIC)) & (bits["format_version"] == VERSION)
        good &= bits["record_length"] == RECORD_LENGTH
    for name in COUNTS:
        good &= some[name] <= MAX_COUNT
    for name in TIMES:
        good &= some[name] <= LATEST
    good &= _kinds_good(some) | np.logical_or.reduce([some[name] != every[name] for name in ("date", *_RANGES)])
    good &= (some["tallies"] < np.where(np.arange(MAX_CHOICES) < used[:, None], _SMALL, 1)).all(axis=1)
    return good


def _verdicts(chunk: Records) -> Bytes:
    """Record by record, for a chunk in which something is wrong or unusual."""
    good = np.ones(len(chunk), np.bool_)
    for _, kept, _ in limits(chunk):
        good &= kept if kept.ndim == 1 else kept.all(axis=1)
    verdict = np.where(good, RecordVerdict.OK, RecordVerdict.VALUE).astype(np.uint8)
    verdict[chunk["record_length"] != RECORD_LENGTH] = RecordVerdict.LENGTH
    verdict[chunk["format_version"] != VERSION] = RecordVerdict.VERSION
    first = chunk.view(np.uint64).reshape(len(chunk), -1)[:, 0]
    verdict[first != np.frombuffer(MAGIC, np.uint64)[0]] = RecordVerdict.MAGIC
    return verdict


def _kinds_good(chunk: Records) -> Bools:
    """Check date, round, poll, part and number of choices of records."""
    good = dates_good(chunk["date"].astype(np.int64))
    for name, (least, most) in _RANGES.items():
        good &= (chunk[name] >= least) & (chunk[name] <= most)
    return good


def texts_good(records: Records) -> Bools:
    """Check that text fields hold printable ASCII, then zeros only."""
    good = np.ones(len(records), np.bool_)
    for start in range(0, len(records), _CHUNK):
        part = slice(start, start + _CHUNK)
        fields = text_fields_good(records[part])
        if not fields.all():
            good[part] = fields.all(axis=1)
    return good


def checksums(records: Records) -> Words:
    """The CRC-32 that each record should carry, shape ``(n,)``."""
    view = memoryview(np.ascontiguousarray(records)).cast("B")
    body = RECORD_LENGTH - 4
    steps = range(0, len(records) * RECORD_LENGTH, RECORD_LENGTH)
    return np.fromiter((crc32(view[at : at + body]) for at in steps), np.uint32, len(records))


def columns(records: Records, examined: Examined) -> Columns:
    """The canonical columns of many records; ``examined`` is what `examine` has seen of them.

    Values of records whose verdict is not OK are as good as their bytes: a tally above the format's limit is
    stored as -1, and text after a zero byte is kept by numpy but never shown.
    """
    out = np.zeros(len(records), COLUMNS)
    for start in range(0, len(records), _ROWS):
        part = slice(start, start + _ROWS)
        _fill(out[part], records[part])
        for name in _SEEN:
            out[name][part] = getattr(examined, name)[part]
    return out


def _fill(out: Columns, records: Records) -> None:
    """The columns of some records, but for those that `Examined` has."""
    for name in TEXTS:
        out[name] = np.ascontiguousarray(records[name]).view(f"S{PLACES[name][1]}")
    for name in ("date", "round", "poll", "part", "choices", *_NOT_SEEN):
        out[name] = records[name]
    for name in TIMES:
        time = records[name].astype(np.int64)
        out[name] = np.where(time == NEVER, -1, time)
    out["choices_digest"], out["module_digest"] = records["choices_digest"], records["module_digest"]
    reserved = np.ascontiguousarray(records["reserved"]).view(np.uint8).reshape(len(records), _RESERVED)
    out["reserved_zero"] = ~reserved.view(np.uint32).any(axis=1)
    tallies = records["tallies"].astype(np.uint32)
    out["tallies"] = np.where(tallies <= MAX_COUNT, tallies.view(np.int32), -1)


def build_many(rows: Columns) -> bytes:
    """The exports of many rows at once, one after another: equal to the byte to `export.build` of each.

    Rows are taken as they are, ``tally_sum`` and ``reserved_zero`` are not used; what the format cannot hold is
    for the caller to keep out (the bytes read back with the verdict `VALUE`).
    """
    records = np.zeros(len(rows), DTYPE)
    records["magic"], records["format_version"], records["record_length"] = MAGIC, VERSION, RECORD_LENGTH
    for name in TEXTS:
        records[name] = np.ascontiguousarray(rows[name]).view(f"V{PLACES[name][1]}")
    for name in ("date", "round", "poll", "part", "choices", *COUNTS, "tallies"):
        records[name] = rows[name]
    for name in TIMES:
        records[name] = np.where(rows[name] < 0, NEVER, rows[name])
    records["choices_digest"], records["module_digest"] = rows["choices_digest"], rows["module_digest"]
    records["crc32"] = checksums(records)
    return records.tobytes()
