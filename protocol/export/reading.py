"""Files of result exports read into one array: one record, a batch of any number, or a folder of both.

Nothing in a file's content makes a reader fail. What cannot be read is a `Problem` with its place; every record that
can be told apart is kept, with its `Verdict`, and the reading goes on at the next magic.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from protocol.checksum import crc32
from protocol.errors import FormatError, InputError, byte_count
from protocol.export.columns import COLUMNS, LAYOUTS, Columns, Layout
from protocol.export.record import Verdict
from protocol.opening import OpenedFile, TooLargeError, open_evidence
from protocol.words import Message, Text, msg

MAX_FILE = 2**28
"""The largest file that is read, in bytes: half a million records, six nations. A larger one is named and left."""
MAX_BREAKS = 1000
"""After so many interruptions a file is not a damaged batch any more; the rest of it is counted as skipped."""
_MAX_REASONS = 100
_FLUSH = 2**25


class Kind(Enum):
    """What can be wrong with a file, other than with one of its records."""

    UNREADABLE = "cannot be read"
    TOO_LARGE = "too large"
    NOT_AN_EXPORT = "not an export"
    UNKNOWN_VERSION = "unknown version"
    CUT_SHORT = "cut short"
    TRAILING = "bytes after the end"
    LOST_STEP = "lost step between two records"

    @property
    def text(self) -> Message:
        """What it is called, for people."""
        return _NAMES[self.value]


_NAMES = {
    each.text: each
    for each in (
        msg("cannot be read"),
        msg("too large"),
        msg("not an export"),
        msg("unknown version"),
        msg("cut short"),
        msg("bytes after the end"),
        msg("lost step between two records"),
    )
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file.

    Attributes:
        file: index into `Reading.files`.
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


@dataclass(frozen=True, slots=True)
class File:
    """A file that was looked at: the path as given, its size in bytes, its SHA-256 (None where it was not read)."""

    path: Path
    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All records of some files, in the order of the files.

    Attributes:
        columns: the canonical columns, shape ``(n,)``.
        verdict: a `Verdict` for each record, shape ``(n,)``. Only records with ``OK`` are evidence of anything.
        file: index into ``files`` for each record, shape ``(n,)``.
        offset: byte offset of each record in its file, shape ``(n,)``.
        stored_crc: the checksum that each record carries, shape ``(n,)``.
        computed_crc: the checksum that each record should carry, shape ``(n,)``.
        reasons: what the careful reader says of records whose verdict is VERSION, LENGTH or VALUE, by index; of the
            first hundred of them in each group of files.
    """

    columns: Columns
    verdict: npt.NDArray[np.uint8]
    file: npt.NDArray[np.int64]
    offset: npt.NDArray[np.int64]
    stored_crc: npt.NDArray[np.uint32]
    computed_crc: npt.NDArray[np.uint32]
    reasons: dict[int, FormatError]
    files: tuple[File, ...]
    problems: tuple[Problem, ...]


def files_below(path: Path) -> list[Path]:
    """The files of a folder and its subfolders in the order of their names, or the one file itself.

    Names that start with a dot are left out: desktop systems write such files unasked. Links to folders are not
    followed; they and folders that cannot be listed are in the list themselves, for a reader to name.
    """
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        (waiting if entry.is_dir(follow_symlinks=False) else found).append(folder / entry.name)
        except OSError:
            found.append(folder)
    return sorted(found, key=lambda file: file.parts)


def read(
    paths: Iterable[Path],
    progress: Callable[[int], None] | None = None,
    below: Path | None = None,
    without: Collection[Path] = (),
) -> Reading:
    """Read result exports from files and folders.

    Args:
        paths: files, or folders to search.
        progress: called with the number of files read so far, now and then.
        below: the folder that all of them were found in, as `open_evidence` has it; by default each folder of
            ``paths`` by itself.
        without: files that are passed over.

    Never raises on content: see `Reading.problems` and `Reading.verdict`.
    """
    reader = _Reader()
    for path, root in with_roots(paths, below, without):
        reader.add(path, root)
        if progress is not None and len(reader.files) % 512 == 0:
            progress(len(reader.files))
    return reader.finish()


def parse(file: OpenedFile) -> Reading:
    """The records of one opened file; as `read`."""
    reader = _Reader()
    reader.take(file)
    return reader.finish()


def with_roots(
    paths: Iterable[Path], below: Path | None, without: Collection[Path] = ()
) -> Iterator[tuple[Path, Path | None]]:
    """Every file of files and folders, with the folder that its links must not lead out of."""
    for given in paths:
        root = below or (given if given.is_dir() else None)
        yield from ((file, root) for file in files_below(given) if file not in without)


def why_unread(path: Path, error: InputError) -> Text:
    """What is there instead of a file that could be read; a folder is among the files where it cannot be listed."""
    return msg("a folder that cannot be listed") if path.is_dir() and not path.is_symlink() else error.got


class _Reader:
    """Gathers the records of many files and examines them in large groups."""

    def __init__(self) -> None:
        self.files: list[File] = []
        self.problems: list[Problem] = []
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._layout = LAYOUTS[0]
        self._columns: list[Columns] = []
        self._verdict: list[npt.NDArray[np.uint8]] = []
        self._stored: list[npt.NDArray[np.uint32]] = []
        self._computed: list[npt.NDArray[np.uint32]] = []
        self._reasons: dict[int, FormatError] = {}
        self._examined = 0
        self._file: list[npt.NDArray[np.int64]] = []
        self._offset: list[npt.NDArray[np.int64]] = []

    def add(self, path: Path, below: Path | None) -> None:
        index = len(self.files)
        try:
            opened = open_evidence(path, MAX_FILE, below)
        except TooLargeError as error:
            self.files.append(File(path, error.size, None))
            self.problems.append(Problem(index, Kind.TOO_LARGE, MAX_FILE, error.size, 1, error.expected, error.got))
            return
        except InputError as error:
            self.files.append(File(path, 0, None))
            self.problems.append(Problem(index, Kind.UNREADABLE, 0, 0, 1, error.expected, why_unread(path, error)))
            return
        self.take(opened)

    def take(self, opened: OpenedFile) -> None:
        index, data, size = len(self.files), opened.data, len(opened.data)
        self.files.append(File(opened.path, size, opened.sha256))
        layout = _layout_of(data)
        if layout is not self._layout:
            self._flush()
            self._layout = layout
        step = layout.record_length
        if data and size % step == 0 and _in_step(data, layout):
            offsets: npt.NDArray[np.int64] = np.arange(0, size, step)
            pieces = [data]
        else:
            scan = _Scan(data, index, layout)
            found = scan.run()
            self.problems += scan.problems()
            offsets = np.array(found, np.int64)
            pieces = [data[at : at + step] for at in found]
        self._pending += pieces
        self._pending_bytes += sum(map(len, pieces))
        self._offset.append(offsets)
        self._file.append(np.full(len(offsets), index, np.int64))
        if self._pending_bytes >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        layout = self._layout
        records = np.frombuffer(b"".join(self._pending), layout.dtype)
        self._pending, self._pending_bytes = [], 0
        verdict, sums = layout.examine(records)
        stored, computed = records["crc32"].astype(np.uint32), layout.checksums(records)
        whole = (verdict == Verdict.OK) | (verdict == Verdict.VALUE)
        verdict[whole & (stored != computed)] = Verdict.CHECKSUM
        verdict[(verdict == Verdict.OK) & ~layout.texts_good(records)] = Verdict.VALUE
        odd = (Verdict.VERSION, Verdict.LENGTH, Verdict.VALUE)
        for index in np.flatnonzero(np.isin(verdict, odd))[:_MAX_REASONS].tolist():
            try:
                layout.parse(records[index].tobytes())
            except FormatError as error:
                self._reasons[self._examined + index] = error
        self._columns.append(layout.columns(records, sums))
        self._verdict.append(verdict)
        self._stored.append(stored)
        self._computed.append(computed)
        self._examined += len(records)

    def finish(self) -> Reading:
        self._flush()
        none = np.zeros(0, np.int64)
        return Reading(
            columns=np.concatenate(self._columns, dtype=COLUMNS),
            verdict=np.concatenate(self._verdict),
            file=np.concatenate([none, *self._file]),
            offset=np.concatenate([none, *self._offset]),
            stored_crc=np.concatenate(self._stored),
            computed_crc=np.concatenate(self._computed),
            reasons=self._reasons,
            files=tuple(self.files),
            problems=tuple(self.problems),
        )


def _layout_of(data: bytes) -> Layout:
    """The layout whose magic comes first; the first known one where none is there."""
    places = [(at, layout) for layout in LAYOUTS if (at := data.find(layout.magic)) >= 0]
    return min(places, key=lambda place: place[0])[1] if places else LAYOUTS[0]


def _in_step(data: bytes, layout: Layout) -> bool:
    head = np.frombuffer(data, np.uint8).reshape(-1, layout.record_length)[:, : len(layout.magic)]
    return bool((head == np.frombuffer(layout.magic, np.uint8)).all())


class _Scan:
    """Finds the records of a file that is not simply records one after another."""

    def __init__(self, data: bytes, file: int, layout: Layout) -> None:
        self._layout = layout
        self._data = data
        self._file = file
        self._seen: dict[Kind, Problem] = {}

    def problems(self) -> Sequence[Problem]:
        return list(self._seen.values())

    def run(self) -> list[int]:
        """Offsets of all records that are there in full."""
        data, size = self._data, len(self._data)
        if not size:
            self._note(Kind.CUT_SHORT, 0, 0, msg("at least one record"), msg("an empty file"))
        records: list[int] = []
        at = breaks = 0
        while at < size:
            following = data.find(self._layout.magic, at)
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
                at += self._layout.record_length
            else:
                breaks += 1
                at = end
        return records

    def _record(self, at: int) -> int | None:
        """Where to go on if what starts at ``at`` is not a whole record of a known version, else None."""
        data, size, step = self._data, len(self._data), self._layout.record_length
        version = int.from_bytes(data[at + 8 : at + 10], "big")
        again = data.find(self._layout.magic, at + 8)
        end = size if again < 0 else again
        if at + 10 <= end and version != self._layout.version and again != at + step and at + step != size:
            self._note(
                Kind.UNKNOWN_VERSION,
                at,
                end - at,
                msg("version {version}", version=self._layout.version),
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
        """Whether the record is whole in spite of a magic inside of it (its digest may hold any bytes)."""
        record = self._data[at : at + self._layout.record_length]
        return crc32(record[:-4]) == int.from_bytes(record[-4:], "big")

    def _rest(self, at: int, anything: bool) -> None:
        kind = Kind.TRAILING if anything else Kind.NOT_AN_EXPORT
        expected, got = self._start(at)
        self._note(kind, at, len(self._data) - at, msg("the end of the file") if anything else expected, got)

    def _start(self, at: int) -> tuple[str, str]:
        return self._layout.magic.hex(" "), self._data[at : at + len(self._layout.magic)].hex(" ")

    def _note(self, kind: Kind, offset: int, length: int, expected: Text, got: Text) -> None:
        before = self._seen.get(kind)
        if before is None:
            self._seen[kind] = Problem(self._file, kind, offset, length, 1, expected, got)
        else:
            self._seen[kind] = Problem(
                before.file,
                kind,
                before.offset,
                before.bytes + length,
                before.times + 1,
                before.expected,
                before.got,
            )
