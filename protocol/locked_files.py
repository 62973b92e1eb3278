"""Files that one process at a time may write: locked while they are open, released when the process ends or dies."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import weakref
from pathlib import Path
from typing import BinaryIO

from protocol.output_refusals import OutputRefused, busy, cannot, no_file
from protocol.words import msg

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FLAGS = (
    os.O_RDWR
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
"""Flags to open a file for writing that follow no link, and do not wait for a pipe or device in its place."""
_ATTEMPTS = 20
_FAR = 2**31 - 2
"""Offset of a lock on Windows: beyond the end, so that others can still read the file."""
_HELD: weakref.WeakSet[BinaryIO] = weakref.WeakSet()
"""Files that this process has locked."""


def _let_go_in_child() -> None:
    """Point inherited files to nowhere in a forked process, which must neither hold their locks nor write to them."""
    if inherited := [file for file in _HELD if not file.closed]:
        null = os.open(os.devnull, os.O_RDWR)
        for file in inherited:
            os.dup2(null, file.fileno(), inheritable=False)
        os.close(null)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_in_child)


def create_locked(place: Path, path: Path, mode: int = 0o666) -> BinaryIO:
    """Create a file, and lock it. A file of that name that no process holds is removed first.

    Args:
        place: path of the file.
        path: the path to show in messages.
        mode: its permissions, before the umask of the process.

    Raises:
        OutputRefused: another process has it, or it cannot be made.
    """
    for _ in range(_ATTEMPTS):
        try:
            descriptor = os.open(place, FLAGS | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            _remove_stale(place, path)
            continue
        except (OSError, ValueError) as error:
            raise cannot(path, error) from error
        # before the lock another process may have taken the file for an abandoned one, and removed it
        if lock(descriptor) is not False and is_at(descriptor, place):
            file = os.fdopen(descriptor, "w+b")
            _HELD.add(file)
            return file
        os.close(descriptor)
    raise busy(path)


def _remove_stale(place: Path, path: Path) -> None:
    """Remove a file that no process holds.

    Raises:
        OutputRefused: a process holds it, or that cannot be found out, or it is no regular file.
    """
    try:
        mode = place.lstat().st_mode
        if not stat.S_ISREG(mode):
            raise no_file(place, mode)
        descriptor = os.open(place, FLAGS)
    except FileNotFoundError:
        return
    except OSError as error:
        raise cannot(path, error) from error
    try:
        held = lock(descriptor)
        if held is False:
            raise busy(path)
        if held is None:
            raise OutputRefused(
                msg(
                    "{path} is being written by another process, or one was interrupted: then remove {place}",
                    path=path,
                    place=place,
                ),
            )
        if sys.platform != "win32" and is_at(descriptor, place):
            place.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
    if sys.platform == "win32":  # where an open file cannot be removed
        place.unlink(missing_ok=True)


def remove_locked(file: BinaryIO, place: Path) -> None:
    """Remove a file that this process holds, and release it."""
    if sys.platform != "win32":  # where an open file cannot be removed
        with contextlib.suppress(OSError):
            place.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # on a full disk closing fails as well
        file.close()
    if sys.platform == "win32":
        place.unlink(missing_ok=True)


def is_at(descriptor: int, place: Path) -> bool:
    """Check that a path still leads to an open file."""
    try:
        return os.path.samestat(os.fstat(descriptor), place.lstat())
    except OSError:
        return False


def lock(descriptor: int) -> bool | None:
    """Lock a file while it is open; False if another process holds it, None where the system has no locks."""
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK) else None
    return True
