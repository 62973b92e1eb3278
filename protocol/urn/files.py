"""Files of module images read into columns: files and folders, any number, in blocks that bound the memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol.arrays import Ints
from protocol.errors import FormatError, InputError, byte_count
from protocol.export.record import RecordVerdict
from protocol.opening import OpenedFile, Progress, TooLargeError, open_each, silent
from protocol.urn.checks import EVENT_COLUMNS
from protocol.urn.image import IMAGE_SIZE
from protocol.urn.limits import faults
from protocol.urn.recount import COLUMNS, RecountedUrns, recount
from protocol.urn.votes import SLOT_COLUMNS

_BLOCK = 256
"""Images read and recounted at a time, 16 MiB."""
_MAX_REASONS = 100
"""Images whose reason is given."""


@dataclass(frozen=True, slots=True)
class UrnFile:
    """A file that was looked at.

    Attributes:
        path: as given, or found in a folder.
        size: in bytes.
        sha256: None where it was not read.
        problem: why it is no image, None where it was read. What the bytes say is in the columns' verdict.
    """

    path: Path
    size: int
    sha256: str | None
    problem: FormatError | None


@dataclass(frozen=True, slots=True)
class UrnReading:
    """All images of some files, in the order of the files.

    Attributes:
        urns: the columns, the odd slots and the events of the images that were read.
        file: index into ``files`` for each image, shape ``(n,)``.
        files: every file that was looked at.
        reasons: faults by image, for at most 100 images of each block that hold what the format does not allow.
    """

    urns: RecountedUrns
    file: Ints
    files: tuple[UrnFile, ...]
    reasons: dict[int, tuple[FormatError, ...]]


def read_urn_images(
    paths: Iterable[Path],
    progress: Progress = silent,
    below: Path | None = None,
    without: Collection[Path] = (),
    opened: Iterable[OpenedFile] = (),
) -> UrnReading:
    """Read module images from files and folders.

    Args:
        paths: files, or folders to search.
        progress: called with the number of files read so far, now and then.
        below: the folder that all of them were found in, as `open_evidence` has it; by default each folder of
            ``paths`` by itself.
        without: files that are passed over.
        opened: more files, already read into memory.

    Never raises on content: see `UrnFile.problem` and the verdict in the columns.
    """
    files: list[UrnFile] = []
    of: list[int] = []
    block: list[bytes] = []
    gathered = _GatheredUrns()
    for path, found in open_each(paths, IMAGE_SIZE, below, without, opened):
        files.append(_looked_at(path, found))
        if isinstance(found, OpenedFile) and files[-1].problem is None:
            of.append(len(files) - 1)
            block.append(found.data)
        if len(block) == _BLOCK:
            gathered.add(block)
            block = []
            progress(len(files))
    gathered.add(block)
    return UrnReading(gathered.urns(), np.array(of, np.int64), tuple(files), gathered.reasons)


class _GatheredUrns:
    """The columns of images that are recounted a block at a time."""

    def __init__(self) -> None:
        self.reasons: dict[int, tuple[FormatError, ...]] = {}
        self._done = 0
        self._parts: list[RecountedUrns] = []
        self._label_lists: dict[tuple[str, ...], int] = {}

    def add(self, block: list[bytes]) -> None:
        if not block:
            return
        part = recount(np.frombuffer(b"".join(block), np.uint8).reshape(len(block), IMAGE_SIZE))
        part.slots["image"] += self._done
        part.events["image"] += self._done
        index = [self._label_lists.setdefault(labels, len(self._label_lists)) for labels in part.lists]
        part.columns["labels"] = np.array([*index, -1])[part.columns["labels"]]
        read = np.isin(part.columns["verdict"], (RecordVerdict.OK, RecordVerdict.VALUE))
        wrong = np.flatnonzero(read & ~part.columns["allowed"].all(axis=1))
        for image in wrong[:_MAX_REASONS].tolist():
            self.reasons[self._done + image] = tuple(faults(block[image]))
        self._parts.append(part)
        self._done += len(block)

    def urns(self) -> RecountedUrns:
        return RecountedUrns(
            np.concatenate([np.zeros(0, COLUMNS), *(part.columns for part in self._parts)]),
            np.concatenate([np.zeros(0, SLOT_COLUMNS), *(part.slots for part in self._parts)]),
            np.concatenate([np.zeros(0, EVENT_COLUMNS), *(part.events for part in self._parts)]),
            tuple(self._label_lists),
        )


def _looked_at(path: Path, found: OpenedFile | InputError) -> UrnFile:
    """The file, and why it is no image where it has not as many bytes as one."""
    if isinstance(found, InputError) and not isinstance(found, TooLargeError):
        return UrnFile(path, 0, None, FormatError("file", 0, found.expected, found.got))
    size = found.size if isinstance(found, TooLargeError) else len(found.data)
    if isinstance(found, TooLargeError) or size != IMAGE_SIZE:
        problem = FormatError("image", min(size, IMAGE_SIZE), byte_count(IMAGE_SIZE), byte_count(size))
        return UrnFile(path, size, None, problem)
    return UrnFile(path, size, found.sha256, None)
