"""Files of module images read into columns: files and folders, any number, in blocks that bound the memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from protocol.errors import FormatError, InputError
from protocol.module import IMAGE_SIZE
from protocol.module_checks import EVENT_COLUMNS
from protocol.module_recount import COLUMNS, Modules, recount
from protocol.module_votes import SLOT_COLUMNS
from protocol.opening import TooLargeError, open_evidence
from protocol.reading import why_unread, with_roots

_BLOCK = 256
"""Images read and recounted at a time, 16 MiB."""


@dataclass(frozen=True, slots=True)
class ModuleFile:
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
class ModuleReading:
    """All images of some files, in the order of the files.

    Attributes:
        modules: the columns, the odd slots and the events of the images that were read.
        file: index into ``files`` for each image, shape ``(n,)``.
        files: every file that was looked at.
    """

    modules: Modules
    file: npt.NDArray[np.int64]
    files: tuple[ModuleFile, ...]


def read_modules(
    paths: Iterable[Path],
    progress: Callable[[int], None] | None = None,
    below: Path | None = None,
    without: Collection[Path] = (),
) -> ModuleReading:
    """Read module images from files and folders.

    Args:
        paths: files, or folders to search.
        progress: called with the number of files read so far, now and then.
        below: the folder that all of them were found in, as `open_evidence` has it; by default each folder of
            ``paths`` by itself.
        without: files that are passed over.

    Never raises on content: see `ModuleFile.problem` and the verdict in the columns.
    """
    files: list[ModuleFile] = []
    of: list[int] = []
    parts: list[Modules] = []
    block: list[bytes] = []
    done = 0
    for path, root in with_roots(paths, below, without):
        data, file = _read(path, root)
        files.append(file)
        if data is not None:
            of.append(len(files) - 1)
            block.append(data)
        if len(block) == _BLOCK:
            parts.append(_recounted(block, done))
            done += len(block)
            block = []
            if progress is not None:
                progress(len(files))
    parts.append(_recounted(block, done))
    modules = Modules(
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.slots for part in parts]),
        np.concatenate([part.events for part in parts]),
    )
    return ModuleReading(modules, np.array(of, np.int64), tuple(files))


def _recounted(block: list[bytes], done: int) -> Modules:
    if not block:
        return Modules(np.zeros(0, COLUMNS), np.zeros(0, SLOT_COLUMNS), np.zeros(0, EVENT_COLUMNS))
    part = recount(np.frombuffer(b"".join(block), np.uint8).reshape(len(block), IMAGE_SIZE))
    part.slots["image"] += done
    part.events["image"] += done
    return part


def _read(path: Path, below: Path | None) -> tuple[bytes | None, ModuleFile]:
    """One file's bytes, if they are as many as an image has."""
    try:
        opened = open_evidence(path, IMAGE_SIZE, below)
        size = len(opened.data)
    except TooLargeError as error:
        size = error.size
    except InputError as error:
        return None, ModuleFile(path, 0, None, FormatError("file", 0, error.expected, why_unread(path, error)))
    if size != IMAGE_SIZE:
        problem = FormatError("image", min(size, IMAGE_SIZE), f"{IMAGE_SIZE} bytes", f"{size} bytes")
        return None, ModuleFile(path, size, None, problem)
    return opened.data, ModuleFile(path, size, opened.sha256, None)
