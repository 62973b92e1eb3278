"""Each file and each rule by itself: what is raised in one of them is kept as a failure, and the rest goes on."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

R = TypeVar("R")

_PACKAGES = Path(__file__).parents[2]
_LONGEST = 200
"""Characters of an error's text that are shown."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be checked.

    Attributes:
        what: the file as it is shown, or the codes of the rules.
        error: what was raised: its type, and what it says.
        where: the line of regard's code that it came from, as ``verify/sheet.py:120``.
    """

    what: str
    error: str
    where: str


def failure(what: str, error: Exception) -> Failure:
    """Record an error raised by reading a file or applying a rule; exhausted memory and recursion included.

    Raises:
        Exception: the same again where the variable ``REGARD_TRACEBACK`` asks to see it whole.
    """
    if os.environ.get("REGARD_TRACEBACK"):
        raise error
    said = " ".join(str(error).split())[:_LONGEST]
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return Failure(what, text, _place(error))


def _place(error: Exception) -> str:
    """The innermost line of our own code that the error went through."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGES) and "site-packages" not in path.relative_to(_PACKAGES).parts:
            return f"{path.relative_to(_PACKAGES).as_posix()}:{line}"
    return "-"


def all_or_most(
    paths: Sequence[Path],
    below: Path | None,
    read: Callable[[Sequence[Path], Path | None, Collection[Path]], R],
) -> tuple[R | None, list[tuple[Path, Failure]]]:
    """Read many files at once; where that fails, all but those that fail when they are read by themselves.

    Args:
        paths: files, and folders of them.
        below: the folder that all of them were found in, None for what was given by itself.
        read: takes files and folders, the folder that they were found in, and files that are to be passed over.

    Returns:
        What was read, None where it fails without these files as well; and the files or folders that failed.
    """
    try:
        return read(paths, below, ()), []
    except Exception as error:
        whole = failure("", error)
    failed: list[tuple[Path, Failure]] = []
    from protocol.opening import with_roots

    for path, root in with_roots(paths, below):
        try:
            read([path], root, ())
        except Exception as error:
            failed.append((path, failure("", error)))
    if failed:
        try:
            return read(paths, below, [path for path, _ in failed]), failed
        except Exception as error:
            whole = failure("", error)
    return None, [*failed, *((path, whole) for path in paths)]
