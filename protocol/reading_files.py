"""Files that the reading of an urn leaves beside its image: its record, and unfinished parts.

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
    """Path of the record of a reading."""
    return image.with_name(image.name + RECORD)


def part_path(image: Path) -> Path:
    """Path of the bytes of an unfinished reading."""
    return image.with_name(image.name + PART)


def state_path(image: Path) -> Path:
    """Path of the state of an unfinished reading."""
    return image.with_name(image.name + STATE)


def of_readings(paths: Iterable[Path]) -> dict[Path, Message]:
    """Find and describe the files that readings left beside images; follows no link."""
    given = list(paths)
    formats = {path: _format(path) for path in given if path.name.endswith(RECORD)}
    found = {path: _SAID[name] for path, name in formats.items() if name in _SAID}
    for path in given:
        if path.name.endswith(PART) and _format(path.with_name(path.name + RECORD)) == STATE_FORMAT:
            found[path] = _SAID[STATE_FORMAT]
    return found


def _format(path: Path) -> str:
    """Read the format name with which a record or a state begins; empty for any other file."""
    try:
        start = b"" if path.is_symlink() else read_ends(path, _START, 0)[0]
    except OSError:
        return ""
    head = b"".join(start.split())
    for name in _SAID:
        if head.startswith(b'{"format":"' + name.replace(" ", "").encode() + b'"'):
            return name
    return ""
