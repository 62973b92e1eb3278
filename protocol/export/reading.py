"""Files of result exports read into one array: one record, a batch of any number, or a folder of both.

Nothing in a file's content makes a reader fail. What cannot be read is a `Problem` with its place; every record that
can be told apart is kept, with its `RecordVerdict`, and the reading goes on at the next magic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol.arrays import Bytes, Ints, Words
from protocol.errors import FormatError, InputError
from protocol.export.columns import COLUMNS, Columns, checksums, columns, examine, texts_good
from protocol.export.record import DTYPE, MAGIC, RECORD_LENGTH, RecordVerdict, faults
from protocol.export.scan import Kind, Problem, Scan
from protocol.opening import OpenedFile, Progress, TooLargeError, open_each, silent

MAX_FILE = 2**28
"""The largest file that is read, in bytes: half a million records, six nations. A larger one is named and left."""
_MAX_REASONS = 100
"""Records of a block whose reason is given."""
_FLUSH = 2**25
"""Bytes that are held before they are looked at together."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that was looked at: the path as given, its size in bytes, its SHA-256 (None where it was not read)."""

    path: Path
    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ExportReading:
    """All records of some files, in the order of the files.

    Attributes:
        columns: the canonical columns, shape ``(n,)``.
        verdict: a `RecordVerdict` for each record, shape ``(n,)``. Only records with ``OK`` are evidence of anything.
        file: index into ``files`` for each record, shape ``(n,)``.
        offset: byte offset of each record in its file, shape ``(n,)``.
        stored_crc: the checksum that each record carries, shape ``(n,)``.
        computed_crc: the checksum that each record should carry, shape ``(n,)``.
        reasons: the first fault of records whose verdict is VERSION, LENGTH or VALUE, by index; of the first hundred of
            them in each group of files.
    """

    columns: Columns
    verdict: Bytes
    file: Ints
    offset: Ints
    stored_crc: Words
    computed_crc: Words
    reasons: dict[int, FormatError]
    files: tuple[ExportFile, ...]
    problems: tuple[Problem, ...]


def read(
    paths: Iterable[Path],
    progress: Progress = silent,
    below: Path | None = None,
    without: Collection[Path] = (),
    opened: Iterable[OpenedFile] = (),
) -> ExportReading:
    """Read result exports from files and folders.

    Args:
        paths: files, or folders to search.
        progress: called with the number of files read so far, now and then.
        below: the folder that all of them were found in, as `open_evidence` has it; by default each folder of
            ``paths`` by itself.
        without: files that are passed over.
        opened: more files, already read into memory.

    Never raises on content: see `ExportReading.problems` and `ExportReading.verdict`.
    """
    reader = _ExportReader()
    for path, file in open_each(paths, MAX_FILE, below, without, opened):
        reader.take(path, file)
        if len(reader.files) % 512 == 0:
            progress(len(reader.files))
    return reader.finish()


class _ExportReader:
    """Gathers the records of many files and examines them in large groups."""

    def __init__(self) -> None:
        self.files: list[ExportFile] = []
        self.problems: list[Problem] = []
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._columns: list[Columns] = []
        self._verdict: list[Bytes] = []
        self._stored: list[Words] = []
        self._computed: list[Words] = []
        self._reasons: dict[int, FormatError] = {}
        self._examined = 0
        self._file: list[Ints] = []
        self._offset: list[Ints] = []

    def take(self, path: Path, file: OpenedFile | InputError) -> None:
        index = len(self.files)
        if isinstance(file, InputError):
            size = file.size if isinstance(file, TooLargeError) else 0
            kind = Kind.TOO_LARGE if isinstance(file, TooLargeError) else Kind.UNREADABLE
            self.files.append(ExportFile(path, size, None))
            self.problems.append(Problem(index, kind, min(size, MAX_FILE), size, 1, file.expected, file.got))
            return
        data, size = file.data, len(file.data)
        self.files.append(ExportFile(path, size, file.sha256))
        if data and size % RECORD_LENGTH == 0 and _in_step(data):
            offsets: Ints = np.arange(0, size, RECORD_LENGTH)
            pieces = [data]
        else:
            scan = Scan(data, index)
            found = scan.run()
            self.problems += scan.problems()
            offsets = np.array(found, np.int64)
            pieces = [data[at : at + RECORD_LENGTH] for at in found]
        self._pending += pieces
        self._pending_bytes += sum(map(len, pieces))
        self._offset.append(offsets)
        self._file.append(np.full(len(offsets), index, np.int64))
        if self._pending_bytes >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        records = np.frombuffer(b"".join(self._pending), DTYPE)
        self._pending, self._pending_bytes = [], 0
        examined = examine(records)
        verdict = examined.verdict
        stored, computed = records["crc32"].astype(np.uint32), checksums(records)
        whole = (verdict == RecordVerdict.OK) | (verdict == RecordVerdict.VALUE)
        verdict[whole & (stored != computed)] = RecordVerdict.CHECKSUM
        verdict[(verdict == RecordVerdict.OK) & ~texts_good(records)] = RecordVerdict.VALUE
        odd = (RecordVerdict.VERSION, RecordVerdict.LENGTH, RecordVerdict.VALUE)
        for index in np.flatnonzero(np.isin(verdict, odd))[:_MAX_REASONS].tolist():
            self._reasons[self._examined + index] = faults(records[index].tobytes())[0]
        self._columns.append(columns(records, examined))
        self._verdict.append(verdict)
        self._stored.append(stored)
        self._computed.append(computed)
        self._examined += len(records)

    def finish(self) -> ExportReading:
        self._flush()
        none = np.zeros(0, np.int64)
        return ExportReading(
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


def _in_step(data: bytes) -> bool:
    head = np.frombuffer(data, np.uint8).reshape(-1, RECORD_LENGTH)[:, : len(MAGIC)]
    return bool((head == np.frombuffer(MAGIC, np.uint8)).all())
