"""The one way in for evidence: a regular file of bounded size; its figures and its digest come from one reading.

Every command and every reader opens what it is given here, and takes figures and SHA-256 from the same bytes. Pipes,
devices, sockets and files that the system makes up (``/proc``) are refused before they are opened: a reader would wait
on them for ever, or consume data that cannot be read again. What is found in a folder is of that folder: a link that
leads out of it is named and not followed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import stat
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path

from protocol.errors import InputError, byte_count, cause, wrong_file
from protocol.words import msg

Progress = Callable[[int], None]
"""Called now and then with how much is done."""
MAX_FILE = 2**29
"""Bytes of a file of tables or results; the largest known has some 300 MB. Other kinds have lower limits."""
MAX_IN_PARTS = 2**34
"""Bytes of a file that is read in parts."""
_BLOCK = 2**20
"""Bytes hashed at a time of a file that is hashed and not interpreted."""
_LARGE = 2**18
"""From so many bytes on a digest takes longer than a thread to start."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""Opening never blocks, even if the file was swapped for a pipe."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_REPARSE_POINT = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)


def silent(_: int) -> None:
    """Tell nobody of any progress."""


class TooLargeError(InputError):
    """A file of more bytes than are read; ``size`` is how many it has."""

    def __init__(self, file: str, limit: int, size: int) -> None:
        super().__init__(file, None, None, msg("at most {limit} bytes", limit=limit), byte_count(size))
        self.size = size


class Digest:
    """A SHA-256 that is computed in a thread, which releases the bytes when it is done."""

    def __init__(self, taken: hashlib._Hash, beside: threading.Thread | None) -> None:
        self._taken, self._beside = taken, beside

    def hexdigest(self) -> str:
        """In hexadecimal digits, when all bytes have been taken in."""
        if self._beside is not None:
            self._beside.join()
        return self._taken.hexdigest()


def _digest_of(data: bytes) -> Digest:
    taken = hashlib.sha256()
    if len(data) >= _LARGE:
        with contextlib.suppress(RuntimeError):  # no room for one more thread
            beside = threading.Thread(target=taken.update, args=(data,))
            beside.start()
            return Digest(taken, beside)
    taken.update(data)
    return Digest(taken, None)


class OpenedFile:
    """A file that was read: its path as given, its bytes, and the SHA-256 of these very bytes."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.data = data

    @cached_property
    def digest(self) -> Digest:
        """The SHA-256, which is taken from when it is first asked for."""
        return _digest_of(self.data)

    @property
    def sha256(self) -> str:
        """The SHA-256 in hexadecimal digits."""
        return self.digest.hexdigest()


def open_evidence(path: Path, limit: int = MAX_FILE, below: Path | None = None) -> OpenedFile:
    """Read a file of evidence.

    Args:
        path: the file.
        limit: the most bytes it may have.
        below: the folder that ``path`` was found in, at any depth: a link within it must not lead out of it. None for
            a file that was given by its own name: a link is then followed.

    Raises:
        TooLargeError: it has more bytes than ``limit``; none of them was read.
        InputError: it is not there, cannot be read, is no regular file, leaves the folder, or changed while it was
            being read.
    """
    with FileInParts(path, limit, below) as file:
        return OpenedFile(path, file.again(0, file.size))


def sha256_of(path: Path, limit: int, below: Path | None = None) -> str:
    """The SHA-256 of a file that is not interpreted: photographs and scans beside the evidence, block by block.

    Args:
        path: the file.
        limit: the most bytes it may have.
        below: as in `open_evidence`.

    Raises:
        TooLargeError, InputError: as `open_evidence`.
    """
    with FileInParts(path, limit, below) as file:
        while file.next(_BLOCK):
            pass
        return file.sha256


class FileInParts(contextlib.AbstractContextManager["FileInParts"]):
    """An open file of evidence: read from its start to its end where it is too large to be held, or any part of it.

    Attributes:
        path: as given.
        size: in bytes.
    """

    def __init__(self, path: Path, limit: int = MAX_IN_PARTS, below: Path | None = None) -> None:
        """Open it.

        Raises:
            TooLargeError: it has more bytes than ``limit``; none of them was read.
            InputError: it is not there, cannot be read, is no regular file, or leaves the folder that it was found in.
        """
        self.path = path
        try:
            target = path if below is None else _within(path, below)
            _check(path, target.stat())
            self._file = io.FileIO(os.open(target, _FLAGS | (0 if below is None else _NO_LINK)))
            self._status = os.fstat(self._file.fileno())
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from error
        self.size = self._status.st_size
        self._hash = hashlib.sha256()
        self._at = 0
        with contextlib.ExitStack() as refused:
            refused.callback(self.close)
            _check(path, self._status)
            if self.size > limit:
                raise TooLargeError(str(path), limit, self.size)
            refused.pop_all()

    def close(self) -> None:
        """Let go of it."""
        self._file.close()

    def __exit__(self, *error: object) -> None:
        self.close()

    def next(self, size: int) -> bytes:
        """The bytes that follow those of the last call, ``size`` of them unless it ends before.

        Raises:
            InputError: it cannot be read, or was written to.
        """
        data = self.again(self._at, size)
        self._hash.update(data)
        self._at += len(data)
        return data

    def again(self, start: int, size: int) -> bytes:
        """Bytes of any part, as many as the file has there.

        Raises:
            InputError: it cannot be read, or was written to since it was opened.
        """
        due = max(0, min(size, self.size - start))  # memory is taken for what is asked for
        try:
            self._file.seek(start)
            data = self._file.read(due) or b""
            while len(data) < due and (more := self._file.read(due - len(data))):
                data += more  # one call may give less than there is
            after = os.fstat(self._file.fileno())
        except (OSError, ValueError) as error:
            raise _unreadable(self.path, error) from error
        if len(data) < due or (after.st_size, after.st_mtime_ns) != (self.size, self._status.st_mtime_ns):
            raise _written(self.path)
        return data

    @property
    def sha256(self) -> str:
        """The SHA-256 in hexadecimal digits, once `next` has given all bytes."""
        return self._hash.hexdigest() if self._at == self.size else ""


def _written(path: Path) -> InputError:
    found = msg("one that was being written")
    return wrong_file(path, msg("a file that does not change while it is read"), found)


def holds(path: Path, data: bytes) -> bool:
    """Check that a file has exactly these bytes.

    Raises:
        InputError: it is not there, cannot be read, or is no regular file.
    """
    try:
        return open_evidence(path, len(data)).data == data
    except TooLargeError:
        return False


def read_ends(path: Path, first: int, last: int) -> tuple[bytes, bytes]:
    """The first and the last bytes of a file, to tell what it is; nothing of it is counted.

    Raises:
        OSError: it is not there, cannot be read, or is no regular file.
    """
    with os.fdopen(os.open(path, _FLAGS), "rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "no regular file", str(path))
        start = file.read(first) or b""
        file.seek(max(0, status.st_size - last))
        return start, file.read(min(last, status.st_size)) or b""


def read_head(path: Path, size: int, below: Path | None) -> bytes:
    """The first bytes of a file that was found in a folder, to tell what it is.

    Raises:
        TooLargeError, InputError: as `open_evidence`.
    """
    with FileInParts(path, below=below) as file:
        return file.again(0, size)


def size_of(path: Path) -> int:
    """Bytes of a file that is not read; 0 where nothing can be seen of it."""
    try:
        return path.lstat().st_size
    except (OSError, ValueError):
        return 0


def check_inside(path: Path, below: Path | None) -> None:
    """Make sure that a file or a folder found in a folder is of that folder; those given by name are not checked.

    Raises:
        InputError: it is a link that leads out of it, or nowhere.
    """
    if below is None:
        return
    try:
        _within(path, below).stat()
    except OSError as error:
        raise _unreadable(path, error) from error


def _within(path: Path, below: Path) -> Path:
    """The path itself, or where its links lead if that is below the folder as well."""
    at = os.fspath(below)
    linked = False
    for part in path.relative_to(below).parts:
        at = f"{at}{os.sep}{part}"
        status = os.lstat(at)
        linked |= stat.S_ISLNK(status.st_mode) or bool(getattr(status, "st_file_attributes", 0) & _REPARSE_POINT)
    if not linked:
        return path
    real = Path(os.path.realpath(path, strict=True))  # unlike `Path.resolve`, an OSError for links that go round
    if not real.is_relative_to(os.path.realpath(below)):
        raise wrong_file(path, msg("a part of this folder"), msg("a link that leads out of it, not followed"))
    return real


def _check(path: Path, status: os.stat_result) -> None:
    """Refuse what is no regular file of a disk.

    Raises:
        InputError: it is something else.
    """
    mode = status.st_mode
    if stat.S_ISDIR(mode):
        found = msg("a link to a folder") if path.is_symlink() else msg("a folder")
    elif stat.S_ISFIFO(mode):
        found = msg("a pipe")
    elif stat.S_ISSOCK(mode):
        found = msg("a socket")
    elif not stat.S_ISREG(mode):
        found = msg("a device")
    elif status.st_dev in _made_up():
        found = msg("a file that the system makes up as it is read")
    else:
        return
    raise wrong_file(path, msg("a regular file"), found)


@cache
def _made_up() -> frozenset[int]:
    """The file systems that are not on any disk: reading from them can wait, never end, or take things away."""
    return frozenset(Path(path).stat().st_dev for path in ("/proc", "/sys") if Path(path).is_dir())


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    """Describe the system's error for a file that cannot be opened."""
    if isinstance(error, FileNotFoundError):
        found = msg("a link that leads nowhere") if path.is_symlink() else msg("nothing")
        return wrong_file(path, msg("a file"), found)
    return wrong_file(path, msg("a readable file"), cause(error))


def has(folder: Path, name: str) -> bool:
    """Check that a folder has something of that name; false if it may not be searched."""
    try:
        return (folder / name).exists()
    except OSError:
        return False


def is_closed(folder: Path) -> bool:
    """Check whether a folder cannot be listed."""
    try:
        with os.scandir(folder):
            return False
    except OSError:
        return True


def list_files(path: Path) -> list[Path]:
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


def with_roots(
    paths: Iterable[Path], below: Path | None = None, without: Collection[Path] = ()
) -> Iterator[tuple[Path, Path | None]]:
    """Every file of files and folders, with the folder that its links must not lead out of."""
    for given in paths:
        root = below or (given if given.is_dir() else None)
        yield from ((file, root) for file in list_files(given) if file not in without)


def open_each(
    paths: Iterable[Path], limit: int, below: Path | None, without: Collection[Path], opened: Iterable[OpenedFile]
) -> Iterator[tuple[Path, OpenedFile | InputError]]:
    """Open every file of files and folders, and say of each that cannot be read why.

    Args:
        paths: files, or folders to search.
        limit: the most bytes that a file may have.
        below: the folder that all of them were found in; by default each folder of ``paths`` by itself.
        without: files that are passed over.
        opened: more files, already read into memory.
    """
    for path, root in with_roots(paths, below, without):
        try:
            yield path, open_evidence(path, limit, root)
        except InputError as error:
            closed = wrong_file(path, msg("a folder that can be read"), msg("a folder that cannot be listed"))
            yield path, closed if path.is_dir() and not path.is_symlink() else error
    yield from ((file.path, file) for file in opened)
