"""The result export (``.esf``): what a machine says it counted, one record of 576 bytes for each poll and module.

The layout is a **model**; the vendor's is not public. It is defined once, in `RECORD`; the numpy dtype derived from it
reads one record with the place of every error, or a nation at memory speed. The checks that the definition cannot state
are in `protocol.export.columns` for many records and in `faults` for one; both come to the same verdict.

    offset  0      magic, version, record length
           12      who counted: model, serials, seals
           92      what was counted: election, constituency, bureau, date, poll
          148      counters and times
          192      digests of the choice list and of the module image
          256      64 tallies
          512      reserved, zero
          572      CRC-32 of all bytes before it
"""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

import construct
import numpy as np

from protocol.arrays import Bools, Rows
from protocol.civil_time import LATEST, NEVER, date_of, number_of
from protocol.errors import FormatError, byte_count
from protocol.export.dtypes import dtype_of
from protocol.export.terms import APPROVED_MODEL as APPROVED_MODEL
from protocol.export.terms import INSTEAD as INSTEAD
from protocol.export.terms import MAGIC as MAGIC
from protocol.export.terms import MAX_CHOICES as MAX_CHOICES
from protocol.export.terms import MAX_COUNT as MAX_COUNT
from protocol.export.terms import MAX_POLLS as MAX_POLLS
from protocol.export.terms import TIMES as TIMES
from protocol.export.terms import RecordVerdict as RecordVerdict
from protocol.export.terms import choices_digest as choices_digest
from protocol.limits import dates_good, texts_good
from protocol.words import Message, Text, cited, msg

VERSION = 1
RECORD_LENGTH = 576
RECORD = construct.Struct(
    "magic" / construct.Const(MAGIC),
    "format_version" / construct.Const(VERSION, construct.Int16ub),
    "record_length" / construct.Const(RECORD_LENGTH, construct.Int16ub),
    "model" / construct.Bytes(32),
    "machine_serial" / construct.Bytes(12),
    "module_serial" / construct.Bytes(12),
    "machine_seal" / construct.Bytes(12),
    "module_seal" / construct.Bytes(12),
    "election" / construct.Bytes(24),
    "constituency" / construct.Bytes(8),
    "insee" / construct.Bytes(8),
    "bureau" / construct.Bytes(8),
    "date" / construct.Int32ub,
    "round" / construct.Int8ub,
    "poll" / construct.Int8ub,
    "part" / construct.Int8ub,
    "choices" / construct.Int8ub,
    "registered" / construct.Int32ub,
    "zero_check" / construct.Int32ub,
    "opening" / construct.Int32ub,
    "closing" / construct.Int32ub,
    "export" / construct.Int32ub,
    "zero_sum" / construct.Int32ub,
    "voters" / construct.Int32ub,
    "enablings" / construct.Int32ub,
    "cancellations" / construct.Int32ub,
    "cast" / construct.Int32ub,
    "blank" / construct.Int32ub,
    "choices_digest" / construct.Bytes(32),
    "module_digest" / construct.Bytes(32),
    "tallies" / construct.Array(MAX_CHOICES, construct.Int32ub),
    "reserved" / construct.Bytes(60),
    "crc32" / construct.Int32ub,
    construct.Terminated,
)
"""The record. Interpreted, never compiled: compiled construct accepts a record cut short."""

MEANING: dict[str, Message] = {
    "magic": msg("mark of the format"),
    "format_version": msg("version of the format"),
    "record_length": msg("length of the record, in bytes"),
    "model": msg("model, hardware and firmware version"),
    "machine_serial": msg("serial number of the machine"),
    "module_serial": msg("serial number of the module"),
    "machine_seal": msg("number of the seal on the machine, empty if none was entered"),
    "module_seal": msg("number of the seal on the module, empty if none was entered"),
    "election": msg("id of the election, the same for all its rounds"),
    "constituency": msg("circonscription or canton, empty where the contest is national or municipal"),
    "insee": msg("INSEE code of the commune"),
    "bureau": msg("code of the bureau de vote: text, leading zeros count"),
    "date": msg("polling day, as the decimal number YYYYMMDD"),
    "round": msg("round of the election"),
    "poll": msg("number of the poll of that day"),
    "part": msg("part of the bureau's day that this module took: 1, or more for a reserve machine or a second module"),
    "choices": msg("number of choices on the panel"),
    "registered": msg("registered voters of the bureau, as configured"),
    "zero_check": msg("time of the zero check: seconds of local civil time since 2000-01-01 00:00, FFFFFFFF for never"),
    "opening": msg("time of opening"),
    "closing": msg("time of closing"),
    "export": msg("time of this export"),
    "zero_sum": msg("sum of all counters as read at the zero check"),
    "voters": msg("public counter of voters, readable all day"),
    "enablings": msg("times the president enabled the machine for a voter"),
    "cancellations": msg("enablings ended without a vote"),
    "cast": msg("votes cast in this poll, blank ones included"),
    "blank": msg("blank votes of this poll; a machine takes no null vote"),
    "choices_digest": msg("SHA-256 of the choice list in panel order"),
    "module_digest": msg("SHA-256 of the module image that this record was read from; zeros where there is none"),
    "tallies": msg("votes of each choice in panel order; zero beyond the number of choices"),
    "reserved": msg("not used"),
    "crc32": msg("CRC-32 (ISO-HDLC, as in zlib) of the 572 bytes before it"),
}
"""Meaning of each field, for the format document, for the C header and for `regard lab inspect`."""

DTYPE: np.dtype[Any] = dtype_of(RECORD)
"""The record as a numpy type: structured, big-endian, raw bytes for text."""
Records = Rows
"""An array of `DTYPE`, shape ``(n,)``."""
PLACES: dict[str, tuple[int, int]] = {
    name: (place[1], place[0].itemsize) for name, place in (DTYPE.fields or {}).items()
}
"""Offset and size in bytes of every field, in the order of the record."""

TEXTS = (
    "model",
    "machine_serial",
    "module_serial",
    "machine_seal",
    "module_seal",
    "election",
    "constituency",
    "insee",
    "bureau",
)
COUNTS = ("registered", "zero_sum", "voters", "enablings", "cancellations", "cast", "blank")
LIMITS: dict[str, tuple[int, int]] = {
    "round": (1, 2),
    "poll": (1, MAX_POLLS),
    "part": (1, 255),
    "choices": (1, MAX_CHOICES),
    **dict.fromkeys(COUNTS, (0, MAX_COUNT)),
}
"""The least and the largest value of numbers that are neither dates, times nor tallies."""
_BODY = RECORD_LENGTH - 4
_TEXT = slice(PLACES[TEXTS[0]][0], sum(PLACES[TEXTS[-1]]))
_TEXT_STARTS = np.array([PLACES[name][0] for name in TEXTS]) - _TEXT.start


@dataclass(slots=True)
class Export:
    """One result export as plain values. Times in seconds of local civil time, None for never; counts in votes."""

    model: str
    machine_serial: str
    module_serial: str
    machine_seal: str
    module_seal: str
    election: str
    constituency: str
    insee: str
    bureau: str
    date: datetime.date
    round: int
    poll: int
    part: int
    registered: int
    zero_check: int | None
    opening: int | None
    closing: int | None
    export: int | None
    zero_sum: int
    voters: int
    enablings: int
    cancellations: int
    cast: int
    blank: int
    choices_digest: bytes
    module_digest: bytes
    tallies: tuple[int, ...]


def build(export: Export, reserved: bytes = b"") -> bytes:
    """The 576 bytes of one export; ``reserved`` for what a later version, or a mark, puts where version 1 has zeros.

    Raises:
        FormatError: a value that the format cannot hold (text too long or not ASCII, a count out of range).
    """
    values: dict[str, Any] = {"crc32": 0, "choices": len(export.tallies)}
    values["reserved"] = reserved.ljust(PLACES["reserved"][1], b"\0")
    for field in fields(export):
        values[field.name] = getattr(export, field.name)
    values["tallies"] = list(export.tallies) + [0] * (MAX_CHOICES - len(export.tallies))
    values["date"] = number_of(export.date)
    for name in TIMES:
        values[name] = NEVER if values[name] is None else values[name]
    for name in TEXTS:
        values[name] = _text_bytes(name, values[name])
    try:
        record = RECORD.build(values)
    except construct.ConstructError as error:
        name = next((part for part in (error.path or "").split(" -> ") if part in MEANING), "record")
        start, _ = PLACES.get(name, (0, 0))
        raise FormatError(name, start, msg("a value that fits"), cited(values.get(name))) from error
    record = record[:_BODY] + zlib.crc32(record[:_BODY]).to_bytes(4, "big")
    parse(record)  # what is written can be read: the same limits hold on both sides
    return record


def parse(data: bytes) -> Export:
    """Read one export and check it whole.

    Args:
        data: exactly one record of 576 bytes.

    Raises:
        FormatError: the first thing that is wrong, with its field, offset, expected and actual value. The order of
            the checks is that of `RecordVerdict`.
    """
    for wrong in faults(data):
        raise wrong
    values = _values(data)
    values["date"] = date_of(values["date"])
    values["tallies"] = tuple(values["tallies"][: values["choices"]])
    values |= {name: values[name].rstrip(b"\0").decode("ascii") for name in TEXTS}
    values |= {name: None if values[name] == NEVER else values[name] for name in TIMES}
    return Export(**{field.name: values[field.name] for field in fields(Export)})


def faults(data: bytes) -> list[FormatError]:
    """All that is wrong with the bytes of one record, where `parse` names only the first, and as far as they go."""
    found = []
    if not MAGIC.startswith(data[:8]):
        found.append(FormatError("magic", 0, MAGIC.hex(" "), data[:8].hex(" ")))
    if len(data) != RECORD_LENGTH:
        found.append(_wrong_length(data))
    values = _values(data)
    for name, number in (("format_version", VERSION), ("record_length", RECORD_LENGTH)):
        if values[name] != number:
            start, size = PLACES[name]
            found.append(FormatError(name, start, str(number), data[start : start + size].hex(" ")))
    computed = zlib.crc32(data[:_BODY])
    if computed != values["crc32"]:
        expected = msg("{crc} (of the bytes before it)", crc=f"{computed:08X}")
        found.append(FormatError("crc32", PLACES["crc32"][0], expected, f"{values['crc32']:08X}"))
    found += sorted(_beyond(data, values), key=lambda fault: fault.offset)
    ends = {name: sum(place) for name, place in PLACES.items()} | {"magic": 0, "record": 0}
    return [error for error in found if ends[error.field] <= len(data)]


def _one(data: bytes) -> Records:
    """A record as an array of one; zeros where bytes are missing."""
    return np.frombuffer(data[:RECORD_LENGTH].ljust(RECORD_LENGTH, b"\0"), DTYPE)


def _values(data: bytes) -> dict[str, Any]:
    """The fields of a record."""
    row = _one(data)[0]
    return {name: row[name].tobytes() if row[name].dtype.kind == "V" else row[name].tolist() for name in MEANING}


def _wrong_length(data: bytes) -> FormatError:
    if len(data) < RECORD_LENGTH:
        return FormatError("record", len(data), byte_count(RECORD_LENGTH), byte_count(len(data)))
    extra = len(data) - RECORD_LENGTH
    return FormatError("record", RECORD_LENGTH, msg("the end of the record"), msg("{extra} more bytes", extra=extra))


def _beyond(data: bytes, values: Mapping[str, Any]) -> Iterator[FormatError]:
    """The values of one record that are beyond their limits."""
    records = _one(data)
    ascii_only = msg("printable ASCII, then zeros only")
    texts = ((name, good, ascii_only) for name, good in zip(TEXTS, text_fields_good(records).T, strict=True))
    for name, good, expected in chain(texts, limits(records)):
        for index in np.argwhere(~good[0]).tolist():
            value = values[name][index[0]] if index else values[name]
            got = value.hex(" ") if isinstance(value, bytes) else str(value)
            yield FormatError(name, PLACES[name][0] + sum(index) * 4, expected, got)


def limits(records: Records) -> Iterator[tuple[str, Bools, Text]]:
    """The limits of all fields but texts: the field, whether each record keeps it, and what the format asks for."""
    yield "date", dates_good(records["date"].astype(np.int64)), msg("a date as YYYYMMDD")
    for name, (least, most) in LIMITS.items():
        good = records[name] <= most
        if least:
            good &= records[name] >= least
        yield name, good, msg("{least} to {most}", least=least, most=most)
    for name in TIMES:
        times = msg("{least} to {most}, or {never} for never", least=0, most=LATEST, never=f"{NEVER:08X}")
        yield name, (records[name] <= LATEST) | (records[name] == NEVER), times
    tallies, used = records["tallies"].astype(np.uint32), np.arange(MAX_CHOICES) < records["choices"][:, None]
    yield "tallies", ~used | (tallies <= MAX_COUNT), msg("{least} to {most}", least=0, most=MAX_COUNT)
    yield "tallies", used | (tallies == 0), msg("zero beyond the number of choices")


def text_fields_good(records: Records) -> Bools:
    """Check that text fields hold printable ASCII, then zeros only; shape ``(n, 9)``."""
    whole = records.view(np.uint8).reshape(len(records), RECORD_LENGTH)
    return texts_good(np.ascontiguousarray(whole[:, _TEXT]), _TEXT_STARTS)


def _text_bytes(name: str, text: str) -> bytes:
    start, size = PLACES[name]
    try:
        raw = text.encode("ascii")
    except UnicodeEncodeError as error:
        raise FormatError(name, start, msg("ASCII text"), cited(text)) from error
    if len(raw) > size:
        raise FormatError(name, start, msg("at most {name} characters", name=size), cited(text))
    return raw.ljust(size, b"\0")
