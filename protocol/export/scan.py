"""The records of a file that is not simply records one after another, and what is wrong with it.

The reading goes on at the next magic; every recognisable record is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from protocol.errors import byte_count
from protocol.export.record import MAGIC, RECORD_LENGTH, VERSION
from protocol.limits import crc32
from protocol.words import Text, msg

MAX_BREAKS = 1000
"""After so many interruptions a file is not a damaged batch any more; the rest of it is counted as skipped."""


class Kind(Enum):
    """Faults of a file, apart from those of its records."""

    UNREADABLE = msg("cannot be read")
    TOO_LARGE = msg("too large")
    NOT_AN_EXPORT = msg("not an export")
    UNKNOWN_VERSION = msg("unknown version")
    CUT_SHORT = msg("cut short")
    TRAILING = msg("bytes after the end")
    LOST_STEP = msg("lost step between two records")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file.

    Attributes:
        file: index into `ExportReading.files`.
        offset: where it was first seen, in bytes from the start of the file.
        bytes: how many bytes are affected or skipped, in all.
        times: how often it was seen in this file.
        expected: what should stand at ``offset``, as text.
        got: what stands there, as text.
    """

    file: int
    kind: Kind
    offset: int
    bytes: int
    times: int
    expected: Text
    got: Text


class Scan:
    """Finds the records of a file that is not simply records one after another."""

    def __init__(self, data: bytes, file: int) -> None:
        self._data = data
        self._file = file
        self._seen: dict[Kind, Problem] = {}

    def problems(self) -> Sequence[Problem]:
        """List the faults of a scanned file; one for each kind."""
        return list(self._seen.values())

    def run(self) -> list[int]:
        """Offsets of all records that are there in full."""
        data, size = self._data, len(self._data)
        if not size:
            self._note(Kind.CUT_SHORT, 0, 0, msg("at least one record"), msg("an empty file"))
        records: list[int] = []
        at = breaks = 0
        while at < size:
            following = data.find(MAGIC, at)
            if following < 0:
                self._rest(at, bool(records or breaks))
                break
            if following > at:
                self._note(Kind.LOST_STEP, at, following - at, *self._start(at))
                breaks += 1
                at = following
            if breaks > MAX_BREAKS:
                self._note(Kind.LOST_STEP, at, size - at, *self._start(at))
                break
            end = self._record(at)
            if end is None:
                records.append(at)
                at += RECORD_LENGTH
            else:
                breaks += 1
                at = end
        return records

    def _record(self, at: int) -> int | None:
        """Find where to continue if no whole record of a known version starts at ``at``; else None."""
        data, size, step = self._data, len(self._data), RECORD_LENGTH
        version = int.from_bytes(data[at + 8 : at + 10], "big")
        again = data.find(MAGIC, at + 8)
        end = size if again < 0 else again
        if at + 10 <= end and version != VERSION and again != at + step and at + step != size:
            self._note(
                Kind.UNKNOWN_VERSION,
                at,
                end - at,
                msg("version {version}", version=VERSION),
                msg("version {version}", version=version),
            )
            return end
        end = min(end, at + step)
        if end - at == step or (at + step <= size and self._whole(at)):
            return None
        self._note(
            Kind.CUT_SHORT,
            end,
            end - at,
            msg("{step} bytes from byte {at}", step=step, at=at),
            byte_count(end - at),
        )
        return end

    def _whole(self, at: int) -> bool:
        """Check that the record is whole despite a magic inside it (its digest may hold any bytes)."""
        record = self._data[at : at + RECORD_LENGTH]
        return crc32(record[:-4]) == int.from_bytes(record[-4:], "big")

    def _rest(self, at: int, anything: bool) -> None:
        kind = Kind.TRAILING if anything else Kind.NOT_AN_EXPORT
        expected, got = self._start(at)
        self._note(kind, at, len(self._data) - at, msg("the end of the file") if anything else expected, got)

    def _start(self, at: int) -> tuple[str, str]:
        return MAGIC.hex(" "), self._data[at : at + len(MAGIC)].hex(" ")

    def _note(self, kind: Kind, offset: int, length: int, expected: Text, got: Text) -> None:
        one = self._seen.setdefault(kind, Problem(self._file, kind, offset, 0, 0, expected, got))
        self._seen[kind] = replace(one, bytes=one.bytes + length, times=one.times + 1)
