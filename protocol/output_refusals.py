"""Refusals to write, with reasons: over input files, over anything that is no regular file, into missing folders."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from protocol.errors import RegardError, cause
from protocol.opening import read_ends
from protocol.words import Message, cited, msg

_KEY = re.compile(rb"\s*(?:\xef\xbb\xbf)?(?:PRIVATE\+KEY\+|-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----)")
"""Beginnings of private keys: of a signed note, and of other programs (PEM)."""
_LONGEST_KEY = 100
"""Bytes that tell whether a file is one."""


class OutputRefused(RegardError):
    """A file that must not be written, and what to do instead.

    Raised, for example, where a report would replace a file of the evidence.
    """


def check_output(path: Path, read: Iterable[Path] = (), *, force: bool | None = False) -> None:
    """Make sure that a file may be written there.

    Args:
        path: where; a file that is there is replaced.
        read: files and folders that this run reads.
        force: allow a new file in a folder that is read; None where nothing allows it.

    Raises:
        OutputRefused: it is read by this run, lies in a folder that is, is no regular file, holds a private key, or its
            folder is missing.
    """
    if not path.name or path.name == "..":
        raise OutputRefused(msg("{path}: not the name of a file", path=path))
    try:
        there = path.lstat()
    except FileNotFoundError:
        there = None
    except (OSError, ValueError) as error:
        raise cannot(path, error) from error
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise no_file(path, there.st_mode)
    if there is not None and _is_key(path):
        raise OutputRefused(
            msg("{path} is there already, and a key is never replaced: name another file", path=path),
        )
    _check_folder(path)
    for given in read:
        _check_read(path, there, given, force=force)


def _is_key(path: Path) -> bool:
    try:
        return bool(_KEY.match(read_ends(path, _LONGEST_KEY, 0)[0]))
    except OSError:  # what cannot be read is told by who writes it
        return False


def check_new(path: Path) -> None:
    """Make sure that nothing stands at a place.

    Raises:
        OutputRefused: something does, be it a link that leads nowhere.
    """
    if os.path.lexists(path):
        raise OutputRefused(msg("{path} is there already: give another name", path=path))


def check_place(folder: Path) -> None:
    """Make sure that a folder may be made, or written into, at a place.

    Raises:
        OutputRefused: a link or another thing that is no folder stands there.
    """
    with contextlib.suppress(OSError, ValueError):  # nothing is there, or nothing can be seen of it
        mode = folder.lstat().st_mode
        if not stat.S_ISDIR(mode):
            raise OutputRefused(msg("{path} is {kind}: name another folder", path=folder, kind=_kind(mode)))


def make_folder(folder: Path) -> None:
    """Make a folder to write into, and those above it; one that is there is taken.

    Raises:
        OutputRefused: it is a link, or no folder, or cannot be made.
    """
    check_place(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise OutputRefused(msg("{path} cannot be made: {reason}", path=folder, reason=cause(error))) from error


def check_folder(folder: Path, read: Iterable[Path]) -> None:
    """Make sure that nothing that is read lies in a folder that is to be written or replaced.

    Raises:
        OutputRefused: something does.
    """
    for given in read:
        place = Path(os.path.realpath(given))
        if Path(os.path.realpath(folder)) in (place, *place.parents):
            raise OutputRefused(
                msg(
                    "{given} is in {folder}, the folder that is to be written: name another folder",
                    given=given,
                    folder=folder,
                ),
            )


def check_distinct(paths: Mapping[str, Path]) -> None:
    """Make sure that no two outputs of a run are the same file.

    Args:
        paths: by option.

    Raises:
        OutputRefused: they are, or one has no name.
    """
    seen: dict[str, str] = {}
    for option, path in paths.items():
        if path == Path():
            raise OutputRefused(msg("{option}: give the name of a file", option=option))
        place = os.path.normcase(os.path.join(os.path.realpath(path.parent), path.name))  # noqa: PTH118 - no link followed
        if place in seen:
            raise OutputRefused(
                msg(
                    "{seen} and {option} name the same file, {path}: name two",
                    seen=seen[place],
                    option=option,
                    path=path,
                ),
            )
        seen[place] = option


def _check_folder(path: Path) -> None:
    try:
        status = path.parent.stat()
    except (OSError, ValueError) as error:
        raise OutputRefused(
            msg("{path}: there is no folder {parent}: make it, or name another file", path=path, parent=path.parent),
        ) from error
    if not stat.S_ISDIR(status.st_mode):
        raise OutputRefused(
            msg("{path}: {parent} is not a folder: name another file", path=path, parent=path.parent),
        )


def _check_read(path: Path, there: os.stat_result | None, given: Path, *, force: bool | None) -> None:
    """Refuse an output that is a file given to be read, or lies in a folder given to be read."""
    try:
        status = given.stat()
    except (OSError, ValueError):  # the reader says what is wrong with it
        return
    if not stat.S_ISDIR(status.st_mode):
        if there is not None and os.path.samestat(there, status):
            raise OutputRefused(
                msg(
                    "{path} is one of the files that are read, and these are never changed: name another file",
                    path=path,
                ),
            )
        return
    parent = Path(os.path.realpath(path.parent))
    if not any(os.path.samestat(folder.stat(), status) for folder in (parent, *parent.parents)):
        return
    if there is not None:
        raise OutputRefused(
            msg(
                "{path} is in {given}, the folder that is read, where nothing is ever replaced: name another file",
                path=path,
                given=given,
            ),
        )
    if force is None:
        raise OutputRefused(
            msg("{path} would be among the evidence in {given}: name a file elsewhere", path=path, given=given)
        )
    if not force:
        raise OutputRefused(
            msg(
                "{path} would be among the evidence in {given}: name a file elsewhere, or allow it with --force",
                path=path,
                given=given,
            ),
        )


def no_file(path: Path, mode: int) -> OutputRefused:
    """Refuse something that is no regular file."""
    return OutputRefused(
        msg(
            "{path} is {kind}: name an ordinary file, or - for standard output where the option takes it",
            path=path,
            kind=_kind(mode),
        )
    )


def _kind(mode: int) -> Message:
    """Name the kind of thing at the place of an output."""
    for test, words in (
        (stat.S_ISREG, msg("a file")),
        (stat.S_ISLNK, msg("a link, which is not followed")),
        (stat.S_ISDIR, msg("a folder")),
        (stat.S_ISFIFO, msg("a pipe")),
        (stat.S_ISSOCK, msg("a socket")),
    ):
        if test(mode):
            return words
    return msg("a device")


def busy(path: Path) -> OutputRefused:
    """Refuse a file that another process is writing."""
    return OutputRefused(
        msg("{path} is being written by another process: wait for it, or name another file", path=path),
    )


def cannot(path: Path, error: OSError | ValueError) -> OutputRefused:
    """Refuse a file that the system does not let us write."""
    return OutputRefused(msg("{path} cannot be written: {reason}: name another file", path=path, reason=cause(error)))


SIGNS = "=+-@＝＋－＠"
"""Characters that begin a formula; the wide ones for spreadsheets of East Asia."""
_STARTS = frozenset(f"{SIGNS}\t\r")
_BEGINS = f"[{re.escape(SIGNS)}]"
_ANYWHERE = re.compile(rf"(^[\s\"']*|[;,|\t\r\n][\"']*)(?={_BEGINS})")
_INSIDE = re.compile(rf"[;,|\t\r\n][\"']*{_BEGINS}")


def space_formula(text: str) -> str:
    """The text with a space in front where it begins like a formula: the readers of evidence do not see it."""
    return f" {text}" if text[:1] in _STARTS and text else text


def check_name(name: str) -> None:
    """Refuse a name with a part that a spreadsheet would run as a formula: no space in front prevents that.

    Raises:
        OutputRefused: there is such a part.
    """
    if _INSIDE.search(name):
        raise OutputRefused(
            msg(
                "the name {name} has a part that a spreadsheet would run as a formula: no table is written with it",
                name=cited(name),
            ),
        )


def quote_formulas(text: str) -> str:
    """The text with an apostrophe before whatever would run, for files that only people read."""
    return _ANYWHERE.sub(r"\1'", text)
