"""Regard's own files, recognised by their bytes: reports, which a report may replace, and records of readings.

None of them is evidence. Beside the image ``FILE`` of an urn stand ``FILE.json``, the record of how it was read, and
until then ``FILE.part``, the bytes that have come, and ``FILE.part.json``, their state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from protocol.opening import read_ends
from protocol.words import Message, msg

START, END = 1000, 2**20
"""Bytes read at the beginning and at the end of a file."""
_ZIP, _WORKBOOK = b"PK", b"\x06\x00regard"
"""Beginning of a workbook or a text document, and the comment at its end."""
_PDF, _KEYWORD = b"%PDF-", re.compile(rb"<pdf:Keywords>regard</pdf:Keywords>")
"""Beginning of a PDF, and its metadata."""
_STARTS = (
    rb'\{\s*"tool": "regard"',
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?(?:case[,;])?code[,;]severity[,;]level[,;]insee[,;]bureau",  # findings
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?case[,;]kind[,;]severity[,;]sure[,;]cause",  # cases
    rb"(?:\xef\xbb\xbf)?(?:night[,;])?path[,;]kind[,;]used[,;]size[,;]sha256",  # inputs
    rb"(?:\xef\xbb\xbf)?unit,contest,choice,kind,votes\n",  # of `regard totals`
    rb"c2sp\.org/tlog-proof@v1\n",  # of `regard prove`
    rb"code,place,rows,figures,difference(?:,alone)?\r?\n",  # of `regard results --compare`
    rb"fault,stage,evidence,seeds,",  # of `regard study matrix`
    rb"(?s:#.{,200}`regard (?:study )?matrix --)",
    rb'<!doctype html>\s*<html [^>]{0,40}id="regard-(?:report|next|sheet|checker|plan)"',  # pages, each by its command
    rb"<svg [^>]*(?:id=\"regard-(?:matrix|moved|urn)\"|>\s*<title>regard matrix)",
)
GUIDE = "(regard template)"
"""Ends of the first line of the text that `regard template` puts beside its tables, in every language."""
_GUIDE = re.compile(rb"(?:\xef\xbb\xbf)?[^\r\n]{1,200}" + re.escape(GUIDE.encode()) + rb"\r?\n")
_START_OF_OURS = re.compile(b"|".join(_STARTS))


def is_own(start: bytes, end: bytes) -> bool:
    """Recognise a report of regard's own.

    Args:
        start: its first bytes, `START` of them.
        end: its last ones, `END` of them.
    """
    if _START_OF_OURS.match(start):
        return True
    if start.startswith(_PDF):
        return bool(_KEYWORD.search(end))
    return start.startswith(_ZIP) and end.endswith(_WORKBOOK)


def is_guide(start: bytes) -> bool:
    """Recognise by its first bytes the text that `regard template` puts beside its tables."""
    return bool(_GUIDE.match(start))


RECORD_FORMAT = "regard module reading, version 1"
STATE_FORMAT = "regard unfinished module reading, version 1"
RECORD, PART, STATE = ".json", ".part", ".part.json"
"""Ending added to the name of an image."""
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
