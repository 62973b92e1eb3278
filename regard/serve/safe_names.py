"""The name that an uploaded file gets on the disk: made letter by letter from what it is called, never a path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

LONGEST = 150
"""Bytes of a name, so that a number and the marks of a hidden file have room beside it."""
_LONGEST_ENDING = 20
_ALLOWED = frozenset(" -_.,()'&+")
"""What a name may have besides letters and digits."""
_OF_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?")
"""Names that are devices there, whatever their ending."""
_NAMELESS = "sans-nom"


def safe_name(called: str) -> str:
    """A name for a file, for any text that a browser gives.

    What stands before a slash of either kind is left out; what is no letter, digit or plain mark becomes ``_``.
    """
    last = re.split(r"[/\\]", called)[-1]
    plain = unicodedata.normalize("NFC", last[: 4 * LONGEST] if len(last) <= 4 * LONGEST else _shortened(last))
    kept = "".join(letter if letter.isalnum() or letter in _ALLOWED else "_" for letter in plain)
    name = kept.rstrip(" .").lstrip(" .-+") or _NAMELESS
    name = _fitting(name)
    return f"_{name}" if _OF_WINDOWS.fullmatch(name) else name


def number_names(name: str) -> Iterator[str]:
    """A name, and others like it for where it is taken: ``pv.csv``, ``pv (2).csv`` and so on."""
    yield name
    path = PurePosixPath(name)
    number = 2
    while True:
        yield f"{path.stem} ({number}){path.suffix}"
        number += 1


def _shortened(text: str) -> str:
    """The first characters of a long text, and its ending."""
    return text[: 2 * LONGEST] + text[-_LONGEST_ENDING:]


def _fitting(name: str) -> str:
    """A name that is not too long, with its ending where it has one."""
    if len(name.encode()) <= LONGEST:
        return name
    suffix = PurePosixPath(name).suffix
    ending = suffix if len(suffix.encode()) <= _LONGEST_ENDING else ""
    start = name.encode()[: LONGEST - len(ending.encode())].decode("utf-8", "ignore")
    return start.rstrip(" .") + ending
