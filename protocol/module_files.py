"""Files of module images read into columns: files and folders, any number, in blocks that bound the memory."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from protocol.errors import FormatError
from protocol.module import IMAGE_SIZE
from protocol.module_checks import EVENT_COLUMNS
from protocol.module_recount import COLUMNS, Modules, recount
from protocol.module_votes import SLOT_COLUMNS
from protocol.reading import files_below

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


def read_modules(paths: Iterable[Path], progress: Callable[[int], None] | None = None) -> ModuleReading:
    """Read module images from files and folders.

    Args:
        paths: files, or folders to search.
        progress: called with the number of files read so far, now and then.

    Never raises on content: see `ModuleFile.problem` and the verdict in the columns.
    """
    files: list[ModuleFile] = []
    of: list[int] = []
    parts: list[Modules] = []
    block: list[bytes] = []
    done = 0
    for path in (file for given in paths for file in files_below(given)):
        data, file = _read(path)
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


def _read(path: Path) -> tuple[bytes | None, ModuleFile]:
    """One file's bytes, if they are as many as an image has. Devices and pipes are refused unopened."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, ModuleFile(path, 0, None, FormatError("file", 0, "a regular file", "something else"))
        size = status.st_size
        data = b""
        if size == IMAGE_SIZE:
            with path.open("rb", buffering=0) as file:
                data = file.read(IMAGE_SIZE + 1) or b""
            size = len(data)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, ModuleFile(path, 0, None, FormatError("file", 0, "a file that can be read", reason))
    if size != IMAGE_SIZE:
        problem = FormatError("image", min(size, IMAGE_SIZE), f"{IMAGE_SIZE} bytes", f"{size} bytes")
        return None, ModuleFile(path, size, None, problem)
    return data, ModuleFile(path, size, hashlib.sha256(data).hexdigest(), None)
