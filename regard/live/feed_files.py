"""The files of a feed in a folder, taken as they are published: each edition of a file once, whole, with its SHA-256.

A file that is still being written is waited for: it is taken when its size and its time have stayed the same between
two looks, or at once where there is only one look. A hidden file is one that is not there yet, as mirrors write them
before they rename them.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from protocol.errors import InputError, cause
from protocol.opening import open_evidence
from protocol.words import Message, Text, msg, nmsg
from regard.live.feed_editions import why_unusable
from regard.live.store import MAX_DATA, damaged
from verify.read.bounds import MAX_FEED
from verify.read.disguised import is_xml
from verify.read.feed.elements import MAX_XML, parse

State = tuple[int, int, int]
"""Size, time of the last change in nanoseconds, and number of the file."""
MAX_DEPTH = 16
"""Folders one inside another."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """One edition of a file.

    Attributes:
        name: below the feed's folder, with ``/`` between its parts.
        data: its bytes.
    """

    name: str
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that could not be taken, and why."""

    name: str
    why: Text


class FeedFiles:
    """Looks at a folder again and again.

    Args:
        folder: of the feed.
        taken: the SHA-256 of the edition of each file that was taken last, by its name.
    """

    def __init__(self, folder: Path, taken: Mapping[str, str]) -> None:
        self._folder = folder
        self._taken = dict(taken)
        self._before: dict[str, State] = {}
        self._done: dict[str, State] = {}
        self._closed: set[str] = set()

    def take(self, *, at_once: bool = False) -> Iterator[TakenFile | NotTaken]:
        """New editions of files, in the order of their names.

        Args:
            at_once: do not wait until a file has stayed the same between two looks.

        Raises:
            InputError: the folder cannot be read.
        """
        now = self._look()
        for name, state in now.items():
            if self._done.get(name) == state or not (at_once or self._before.get(name) == state):
                continue
            if name in self._closed:
                self._done[name] = state
                yield NotTaken(name, msg("a folder that cannot be listed"))
                continue
            try:
                file = open_evidence(self._folder / name, MAX_XML, self._folder)
            except InputError as error:
                yield NotTaken(name, error.said)
            else:
                if not is_xml(file.data):
                    yield NotTaken(name, msg("no XML of the ministry's feed"))
                elif self._taken.get(name) != file.sha256:
                    self._taken[name] = file.sha256
                    yield TakenFile(name, file.sha256, file.data)
            self._done[name] = state
        self._before = now

    def _look(self) -> dict[str, State]:
        """All files that are there, by name.

        Raises:
            InputError: the folder cannot be read, or holds more files than are looked at.
        """
        found: dict[str, State] = {}
        self._closed = set()
        self._walk(self._folder, PurePosixPath(), found)
        return dict(sorted(found.items()))

    def _walk(self, folder: Path, below: PurePosixPath, found: dict[str, State]) -> None:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode):
                        if len(below.parts) < MAX_DEPTH:
                            self._walk(folder / entry.name, below / entry.name, found)
                        continue
                    found[str(below / entry.name)] = (status.st_size, status.st_mtime_ns, status.st_ino)
                    if len(found) > MAX_FEED:
                        expected = msg("at most {most:n} files in a folder", most=MAX_FEED)
                        raise InputError(str(self._folder), None, None, expected, msg("more"))
        except FileNotFoundError:
            if not below.parts:
                raise InputError(str(folder), None, None, msg("a folder that can be read"), msg("nothing")) from None
        except OSError as error:
            if below.parts:  # a feed goes on without one of its folders, which is named
                self._closed.add(str(below))
                found[str(below)] = (0, 0, 0)
                return
            raise InputError(str(folder), None, None, msg("a folder that can be read"), cause(error)) from error


def pack(data: bytes) -> bytes:
    """The bytes of a file as a store keeps them."""
    return zlib.compress(data, 6)


def unpack(path: Path, data: bytes) -> bytes:
    """The bytes of a file that a store keeps.

    Raises:
        StoreRefused: they are none.
    """
    whole = zlib.decompressobj()
    try:
        found = whole.decompress(data, MAX_DATA + 1)
    except zlib.error as error:
        raise damaged(path, msg("a file that cannot be unpacked")) from error
    if len(found) > MAX_DATA or not whole.eof:
        raise damaged(path, msg("a file that cannot be unpacked"))
    return found


_NAMED = 5
"""Files that are named, each with why it is not of the feed."""


def look_for_feed(folder: Path) -> list[Message] | None:
    """Look for a file of the feed; None where one is there, else what is wrong with the first files that are.

    Raises:
        InputError: the folder cannot be read.
    """
    wrong: list[Message] = []
    for file in FeedFiles(folder, {}).take(at_once=True):
        if isinstance(file, NotTaken):
            why = file.why
        else:
            document = parse(file.data, file.name)
            if document.places or document.index:
                return None
            why = document.problems[0].said if document.problems else why_unusable(document)
        wrong.append(msg("{path}: {why}", path=file.name, why=why))
    if more := len(wrong[_NAMED:]):
        further = nmsg("{count:n} more file is not of the feed", "{count:n} more files are not of the feed", more)
        wrong[_NAMED:] = [further]
    return wrong
