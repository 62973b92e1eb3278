"""Dumps in a zip, as some courts publish them: recognised by its first files, so that the user is told to unpack it.

Nothing else of a zip is read here: one of a state has a hundred thousand files.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from protocol.dumps.layouts import HEAD, layouts
from protocol.opening import read_ends
from protocol.words import Message, msg

MAGIC = b"PK\x03\x04"
LOOKED_AT = 2**16
"""Bytes of the zip that are looked at."""
MAX_FILES = 16
"""Files of the zip that are looked at."""
_HEADER = 30
_STORED, _DEFLATED = 0, 8
_SIZE_BEHIND = 8
"""The flag that says that the size of a file stands behind it."""


def packed_dumps(path: Path) -> Message | None:
    """Advise on a zip whose first files are mostly dumps; None for all other files."""
    try:
        data = read_ends(path, LOOKED_AT, 0)[0] if read_ends(path, len(MAGIC), 0)[0] == MAGIC else b""
    except (OSError, ValueError):
        return None
    files = list(_first_files(data))
    recognised = [next((each for each in layouts() if each.recognise(start, name)), None) for name, start in files]
    known = [each for each in recognised if each is not None]
    if 2 * len(known) <= len(files):
        return None
    return msg("a zip with dumps in it, {layout}: unpack it, and give the folder", layout=known[0].title)


def _first_files(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and first bytes of the files at the start of a zip."""
    at = 0
    for _ in range(MAX_FILES):
        if data[at : at + 4] != MAGIC or len(data) < at + _HEADER:
            return
        flags, method, size, length, further = (
            int.from_bytes(data[at + start : at + end], "little")
            for start, end in ((6, 8), (8, 10), (18, 22), (26, 28), (28, 30))
        )
        name = data[at + _HEADER : at + _HEADER + length].decode("utf-8", "replace")
        start = at + _HEADER + length + further
        content = data[start : start + size] if size else data[start:]
        yield PurePosixPath(name).name, _unpack(content, method)
        if flags & _SIZE_BEHIND:
            return
        at = start + size


def _unpack(content: bytes, method: int) -> bytes:
    """The first bytes of a file; none where they are packed in another way."""
    if method == _STORED:
        return content[:HEAD]
    if method != _DEFLATED:
        return b""
    try:
        return zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(content, HEAD)
    except zlib.error:
        return b""
