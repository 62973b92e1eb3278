"""The one way out: every file that regard writes, and what it must never write over.

A file appears under its name in one step, when all of it is on the disk: until then it is a hidden file beside it,
``.NAME.regard``, which its writer holds locked. Refused are outputs that this run reads, that lie in a folder which it
reads, that are links, pipes, devices or folders, and those that another process is writing. A hidden file that nobody
holds was left by a process that has died, and is replaced.

Use `Output` for a file that is to be whole or not there, claimed before the work begins; `write` where there is no work
before it; `write_new` for several files that belong together, `new_folder` for a folder of them; `open_growing` for a
file that grows where it stands, as a trace does.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import io
import os
import shutil
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from protocol.locked_files import FLAGS, create_locked, is_at, lock, remove_locked
from protocol.output_refusals import (
    OutputRefused,
    busy,
    cannot,
    check_new,
    check_output,
    make_folder,
    no_file,
    space_formula,
)
from protocol.words import msg

OTHER_BYTES = "the disk gives back other bytes than were written"
"""Sentence on a file that cannot be relied on."""
_LONGEST_NAME = 200
_PIECE = 2**20
_LOCK = ".lock"
"""In a folder that is being made; its writer holds it."""


class Output:
    """A file that takes its place when it is whole; where that does not happen, nothing changes.

    Args:
        path: where it will be.
        read: files and folders that this run reads.
        force: allow a new file in a folder that is read. What stands in such a folder is never replaced.
        check: raises an error where what stands there must not be replaced for another reason.
        private: only its owner may read it.

    Raises:
        OutputRefused: it must not be written, or cannot be.
    """

    def __init__(
        self,
        path: Path,
        read: Iterable[Path] = (),
        *,
        force: bool = False,
        check: Callable[[Path], None] = lambda path: None,
        private: bool = False,
    ) -> None:
        self._read, self._force, self._check = tuple(read), force, check
        check_output(path, self._read, force=force)
        check(path)
        self.path = path
        self._hidden = path.with_name(_hidden_name(path.name))
        self.file: BinaryIO = create_locked(self._hidden, path, 0o600 if private else 0o666)
        """Stream to write its content to, before `publish`."""
        self._published = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._name(error)

    def write(self, data: bytes) -> None:
        """Write all of it, read it back from the disk, and put it in its place.

        Raises:
            OSError: the disk is full, or gives back other bytes than it was given.
            OutputRefused: it could not be put in its place.
        """
        self.store(data)
        self.publish()

    def store(self, data: bytes) -> None:
        """Write all of it, and read it back from the disk; `publish` puts it in its place.

        Raises:
            OSError: the disk is full, or gives back other bytes than it was given.
        """
        try:
            self.file.write(data)
            self._store(hashlib.sha256(data).hexdigest())
        except OSError as error:
            self._name(error)
            raise

    def _store(self, sha256: str | None) -> None:
        store(self.file)
        if sha256 is not None and hash_stored(self.file) != sha256:
            raise OSError(errno.EIO, OTHER_BYTES, str(self.path))

    def _name(self, error: BaseException | None) -> None:
        """Say in an error to which file it is: that of a write does not."""
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(self.path)

    def publish(self, sha256: str | None = None) -> None:
        """Put what was written in its place.

        Args:
            sha256: what the disk must give back, where that is known and not yet compared.

        Raises:
            OSError: the disk is full, or gives back other bytes than it was given.
            OutputRefused: it could not be put in its place; what was written stands under the name that it says.
        """
        self._store(sha256)
        check_output(self.path, self._read, force=self._force)  # something else may stand there by now
        self._check(self.path)
        publish_file(self.file, self._hidden, self.path)
        self._published = True

    def close(self) -> None:
        """Give up what was not put in its place."""
        if not self._published and not self.file.closed:
            remove_locked(self.file, self._hidden)


def write(path: Path, data: bytes, read: Iterable[Path] = (), *, force: bool = False) -> None:
    """Put ``data`` at ``path``, in one step for whoever looks: the old content or the new, never a part.

    Raises:
        OutputRefused: it must not be written there, or cannot be.
        OSError: the disk is full, or gives back other bytes than it was given.
    """
    with Output(path, read, force=force) as output:
        output.write(data)


def write_new(contents: Mapping[Path, bytes], check: Callable[[Path], None], private: Collection[Path] = ()) -> None:
    """Put new files that belong together in their places, when the disk has all of them: all or none.

    Args:
        contents: the bytes of each file.
        check: raises an error where something stands there.
        private: those that only their owner may read.

    Raises:
        OutputRefused: one of them must not be written, or cannot be.
        OSError: the disk is full, or gives back other bytes than it was given.
    """
    with contextlib.ExitStack() as claimed, contextlib.ExitStack() as placed:
        outputs = [claimed.enter_context(Output(path, check=check, private=path in private)) for path in contents]
        for output, data in zip(outputs, contents.values(), strict=True):
            output.store(data)
        for output in outputs:
            output.publish()
            placed.callback(output.path.unlink, missing_ok=True)
        placed.pop_all()


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Make a folder that appears under its name when it is whole: the one to write into until then.

    Where the block ends with an exception nothing of it stays. What a killed process has left is replaced.

    Raises:
        OutputRefused: something is there already, another process is making it, or it cannot be made.
        OSError: the disk is full.
    """
    check_new(path)
    begun = path.with_name(_hidden_name(path.name))
    make_folder(begun)
    held = create_locked(begun / _LOCK, path)
    try:
        for left in begun.iterdir():
            if left.name != _LOCK:
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        yield begun
        check_new(path)
        remove_locked(held, begun / _LOCK)
        begun.rename(path)
    except BaseException:
        remove_locked(held, begun / _LOCK)
        shutil.rmtree(begun, ignore_errors=True)
        raise
    _store_name(path)


def open_growing(path: Path, *, fresh: bool = False) -> BinaryIO:
    """Open a file that grows where it stands, and lock it; to be written at its end.

    Args:
        path: the file; it is made where there is none.
        fresh: take away what is there first, unless somebody is writing it.

    Raises:
        OutputRefused: it must not be written, cannot be, has a second name, or another process is writing it.
    """
    check_output(path)
    if fresh or not path.exists():
        return create_locked(path, path)
    try:
        descriptor = os.open(path, FLAGS)
    except OSError as error:
        raise cannot(path, error) from error
    file = os.fdopen(descriptor, "r+b")
    status = os.fstat(descriptor)
    refused = None
    if not stat.S_ISREG(status.st_mode):
        refused = no_file(path, status.st_mode)
    elif status.st_nlink > 1:  # what is written here would be seen under the other name as well
        refused = OutputRefused(
            msg("{path} is a file with a second name (a hard link): name another file", path=path),
        )
    elif lock(descriptor) is False or not is_at(descriptor, path):
        refused = busy(path)
    if refused is not None:
        file.close()
        raise refused
    file.seek(0, os.SEEK_END)
    return file


def store(file: BinaryIO) -> None:
    """Put what was written to a file on the disk.

    Raises:
        OSError: the disk is full.
    """
    file.flush()
    os.fsync(file.fileno())


def hash_stored(file: BinaryIO) -> str:
    """Read a stored file back from the disk and return its SHA-256 in hexadecimal digits."""
    if sys.platform == "linux":
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # else memory answers for the disk
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def publish_file(file: BinaryIO, hidden: Path, path: Path) -> None:
    """Close a file that was stored and give it its name; where another program keeps that one, a free one like it.

    Raises:
        OutputRefused: it has another name now, which the error says.
        OSError: it could not be renamed, and was left where it is.
    """
    if sys.platform == "win32":
        file.close()  # an open file cannot be renamed there
    try:
        hidden.replace(path)
    except PermissionError as error:  # on Windows: open in a spreadsheet
        other = _free_name(path)
        hidden.rename(other)
        file.close()
        raise OutputRefused(
            msg(
                "{path} is in use by another program; what should be there was written to {other}",
                path=path,
                other=other,
            ),
        ) from error
    file.close()
    _store_name(path)


def _store_name(path: Path) -> None:
    """Put the name of a file on the disk; not every system can."""
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _free_name(path: Path) -> Path:
    number = 2
    while os.path.lexists(other := path.with_name(f"{path.stem}-{number}{path.suffix}")):
        number += 1
    return other


def _hidden_name(name: str) -> str:
    """The name that a file has until it is whole; of a name too long for more letters, its digest."""
    encoded = os.fsencode(name)
    return f".{name if len(encoded) <= _LONGEST_NAME else hashlib.sha256(encoded).hexdigest()}.regard"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as UTF-8 CSV with commas and line feeds; None becomes an empty cell.

    A text that begins like a formula has a space in front, which a spreadsheet sees and the readers of evidence do not.
    """
    return csv_rows(chain([header], rows))


def csv_rows(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows without a header, as `csv_bytes` has them."""
    return csv_lines([space_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def csv_lines(rows: Iterable[Sequence[object]], delimiter: str = ",", end: str = "\n") -> bytes:
    """Rows as lines of CSV, as they are: for cells that were looked at before."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode()
