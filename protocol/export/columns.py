"""The canonical columns: what every layout of a result export is turned into, and all that later stages see.

Another machine, or the real layout once somebody documents it, is one new `ExportLayout` here and nothing else.
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
    RecordVerdict,
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

_PIECE = 2048
"""Records examined together: so few that every pass but the first finds them in the cache of a core."""
_CHUNK = 8192
"""Records turned into columns together."""
_SIDE = 16
"""Records reduced side by side: numpy's price is by the row, and one record is a short row."""
_RANGES = {"round": (1, 2), "poll": (1, MAX_POLLS), "part": (1, 255), "choices": (1, MAX_CHOICES)}
_SMALL = 2**26
"""Tallies below it can be summed in 32 bits: 64 of them stay below 2**32."""


def _place(name: str) -> int:
    return export.field_places()[name][0]


_CHOICES_AT = _place("choices")
_KINDS_AT = slice(_place("date"), _CHOICES_AT + 1)
_ALIKE = sorted({_place(name) // 8 for name in ("magic", "format_version", "record_length", "date", *_RANGES)})
"""The words of 8 bytes in which the fields stand that are mostly the same in all records."""
_RESERVED = export.field_places()["reserved"][1]
_TEXT = slice(_place(TEXTS[0]), sum(export.field_places()[TEXTS[-1]]))
_TEXT_STARTS = np.array([_place(name) for name in TEXTS]) - _TEXT.start


@dataclass(frozen=True, slots=True)
class ExportLayout:
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
    pieces = [records[at : at + _PIECE] for at in range(0, count, _PIECE)]
    some, every = np.zeros((2, len(pieces), RECORD_LENGTH // 8), np.uint64)
    room = np.empty(_PIECE * MAX_CHOICES, np.uint32)
    good = np.empty(len(pieces), np.bool_)
    for index, piece in enumerate(pieces):
        words = piece.view(np.uint64).reshape(len(piece), -1)
        _combine(words, some[index])
        for word in _ALIKE:
            every[index, word] = np.bitwise_and.reduce(words[:, word])
        at = index * _PIECE
        sums[at : at + len(piece)], good[index] = _add_up(piece, some[index], every[index], room)
    good &= _pass_as_one(some.view(DTYPE)[:, 0], every.view(DTYPE)[:, 0])
    for index in np.flatnonzero(~good).tolist():
        piece, at = pieces[index], index * _PIECE
        tallies = piece["tallies"].astype(np.uint32)
        sums[at : at + len(piece)] = tallies.sum(axis=1, dtype=np.int64)
        verdict[at : at + len(piece)] = _verdicts(piece, tallies)
    return verdict, sums


def _combine(words: npt.NDArray[np.uint64], combined: npt.NDArray[np.uint64]) -> None:
    """The bitwise or of the records of a piece, shape ``(RECORD_LENGTH // 8,)``."""
    side = _SIDE if len(words) % _SIDE == 0 else 1
    rows = words.reshape(-1, side * len(combined))
    np.bitwise_or.reduce(np.bitwise_or.reduce(rows, axis=0).reshape(side, -1), axis=0, out=combined)


def _add_up(
    piece: Records, some: npt.NDArray[np.uint64], every: npt.NDArray[np.uint64], room: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint32], bool]:
    """The sums of the tallies of a piece, and whether all others are zero and the kinds that differ within bounds.

    Args:
        piece: the records.
        some: the bitwise or of all of them.
        every: the bitwise and of the words `_ALIKE` of all of them.
        room: for their tallies.

    Returns:
        The sums, shape ``(n,)``, which are exact where the piece passes as a whole; and whether it may pass.
    """
    of_one, of_all = some.view(np.uint8), every.view(np.uint8)
    alike = of_one[_KINDS_AT].tobytes() == of_all[_KINDS_AT].tobytes()
    used = min(int(of_one[_CHOICES_AT] if alike else piece["choices"].max()), MAX_CHOICES)
    tallies = room[: len(piece) * used].reshape(len(piece), used)
    np.copyto(tallies, piece["tallies"][:, :used], casting="equiv")
    good = not some.view(DTYPE)["tallies"][0, used:].any()
    good = good and (alike or (_kinds_in_range(piece) and _unused_are_zero(piece, tallies)))
    return np.einsum("ij->i", tallies), good


def _kinds_in_range(piece: Records) -> bool:
    """As `_kinds_good` of all records, by the least and the largest."""
    in_range = all(piece[name].min() >= least and piece[name].max() <= most for name, (least, most) in _RANGES.items())
    dates = piece["date"]
    return in_range and bool(dates_good((dates[:1] if (dates == dates[0]).all() else dates).astype(np.int64)).all())


def _unused_are_zero(piece: Records, tallies: npt.NDArray[np.uint32]) -> bool:
    """Whether records with fewer choices than ``tallies`` has columns hold zeros beyond their own."""
    least, used = int(piece["choices"].min()), tallies.shape[1]
    beyond = np.arange(least, used, dtype=np.uint8) >= piece["choices"][:, None]
    return not ((tallies[:, least:] != 0) & beyond).any()


def _pass_as_one(some: Records, every: Records) -> npt.NDArray[np.bool_]:
    """Which pieces pass in all fields that are the same in their records, and can be summed in 32 bits.

    The bitwise or of all records, read as if it were one of them, keeps a limit of the form 2**n - 1 exactly where
    all of them do; a field of it that equals the bitwise and is the same in all.

    Args:
        some: the bitwise or of each piece.
        every: the bitwise and of each, in the words `_ALIKE`.
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
    return np.asarray(good & (some["tallies"] < _SMALL).all(axis=1), np.bool_)


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
    verdict = np.where(good, RecordVerdict.OK, RecordVerdict.VALUE).astype(np.uint8)
    verdict[chunk["record_length"] != RECORD_LENGTH] = RecordVerdict.LENGTH
    verdict[chunk["format_version"] != VERSION] = RecordVerdict.VERSION
    first = chunk.view(np.uint64).reshape(len(chunk), -1)[:, 0]
    verdict[first != np.frombuffer(MAGIC, np.uint64)[0]] = RecordVerdict.MAGIC
    return verdict


def _kinds_good(chunk: Records) -> npt.NDArray[np.bool_]:
    """Which records have a possible date, round, poll, part and number of choices."""
    good = dates_good(chunk["date"].astype(np.int64))
    for name, (least, most) in _RANGES.items():
        good &= (chunk[name] >= least) & (chunk[name] <= most)
    return good


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


LAYOUTS: tuple[ExportLayout, ...] = (
    ExportLayout(
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
