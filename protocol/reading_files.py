"""What a reading of an urn leaves beside its image, by name and content: its record, and what is unfinished of it.

Beside ``FILE`` stand ``FILE.json``, the record of how it was read, and until then ``FILE.part``, the bytes that have
come, and ``FILE.part.json``, their state. None of it is evidence of a bureau.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from protocol.opening import read_ends
from protocol.words import Message, msg

RECORD_FORMAT = "regard module reading, version 1"
STATE_FORMAT = "regard unfinished module reading, version 1"
RECORD, PART, STATE = ".json", ".part", ".part.json"
"""What is added to the name of an image."""
_START = 1024
"""Bytes of a file that tell its format."""
_SAID = {
    RECORD_FORMAT: msg("the record of how an urn was read: no evidence itself"),
    STATE_FORMAT: msg("an unfinished reading of an urn: no evidence yet"),
}


def record_path(image: Path) -> Path:
    """Where the record of a reading is."""
    return image.with_name(image.name + RECORD)


def part_path(image: Path) -> Path:
    """Where the bytes of an unfinished reading are."""
    return image.with_name(image.name + PART)


def state_path(image: Path) -> Path:
    """Where the state of an unfinished reading is."""
    return image.with_name(image.name + STATE)


def of_readings(paths: Iterable[Path]) -> dict[Path, Message]:
    """Which of these files a reading has left beside an image, each with what it is; no link is followed to tell."""
    given = list(paths)
    formats = {path: _format(path) for path in given if path.name.endswith(RECORD)}
    found = {path: _SAID[name] for path, name in formats.items() if name in _SAID}
    for path in given:
        if path.name.endswith(PART) and _format(path.with_name(path.name + RECORD)) == STATE_FORMAT:
            found[path] = _SAID[STATE_FORMAT]
    return found


def _format(path: Path) -> str:
    """What a record or a state says that it is, as both begin with it; empty for any other file."""
    try:
        start = b"" if path.is_symlink() else read_ends(path, _START, 0)[0]
    except OSError:
        return ""
    head = b"".join(start.split())
    for name in _SAID:
        if head.startswith(b'{"format":"' + name.replace(" ", "").encode() + b'"'):
            return name
    return ""
