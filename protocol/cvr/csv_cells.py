"""Rows of the CSV that Dominion's programs and spreadsheets write, record by record from a file of any size.

A value often stands as ``="12"``, so that a spreadsheet keeps it as text. Its quotes begin behind the ``=``, where a
reader of CSV takes them for letters and a comma between them for the end of the cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from protocol.errors import InputError
from protocol.opening import FileInParts
from protocol.words import msg

BLOCK = 2**20
MAX_RECORD = 2**20
"""Bytes of a row: some thousand choices, whose names may be long."""
MAX_COLUMNS = 20_000
MAX_NAME = 1000
"""Letters of a name."""
_CELL = re.compile(r'\s*(?:="((?:[^"]|"")*+)"|"((?:[^"]|"")*+)"|([^,]*+))[^,]*+(?:,|$)', re.DOTALL)


def records(file: FileInParts) -> Iterator[bytes]:
    """The rows as bytes, line breaks between quotes among them; empty lines are none.

    Raises:
        InputError: a row without an end, or the file cannot be read.
    """
    name = str(file.path)
    rest, held, size = b"", list[bytes](), 0  # `held`: lines of a row whose quotes are open
    while data := file.next(BLOCK):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            odd = line.count(b'"') % 2
            if not held and not odd:
                if row := line.rstrip(b"\r"):
                    yield row
                continue
            held.append(line)
            size += len(line) + 1
            if odd and len(held) > 1:
                yield b"\n".join(held).rstrip(b"\r")
                held, size = [], 0
        if size + len(rest) > MAX_RECORD:
            raise InputError(
                name, None, None, msg("rows of at most {limit} bytes", limit=MAX_RECORD), msg("longer ones")
            )
    last = b"\n".join([*held, rest]).rstrip(b"\r\n")
    if last.count(b'"') % 2:
        raise InputError(name, None, None, msg("a last row with its end"), msg("open quotes"))
    if last:
        yield last


def decode(record: bytes) -> str:
    """The text of a row: UTF-8, or as spreadsheets on Windows write it."""
    try:
        return record.decode()
    except UnicodeDecodeError:
        return record.decode("cp1252", "replace")


def cells(text: str, columns: int | None = None) -> list[str]:
    """The cells of a row as they stand, ``="12"`` included.

    Args:
        text: one row.
        columns: how many there should be; where the quick way finds another number, the row is looked at closely.
    """
    if "\n" not in text and "\r" not in text and "\0" not in text:
        try:
            found = next(csv.reader((text,)))
        except (csv.Error, StopIteration):
            found = []
        if len(found) == columns or (columns is None and "=" not in text):
            return found
    return list(_cells(text))


def _cells(text: str) -> Iterator[str]:
    at = 0
    while at <= len(text):
        found = _CELL.match(text, at)
        if found is None:  # a quote without its partner
            yield text[at:]
            return
        kept, quoted, plain = found.groups()
        yield (kept if kept is not None else quoted if quoted is not None else plain).replace('""', '"')
        if found.end() == len(text) and not found.group().endswith(","):
            return
        at = found.end()


def value(cell: str) -> str:
    """What a cell says: without ``="…"``, in one line."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1].replace('""', '"')
    return one_line(cell)


def one_line(text: str) -> str:
    """A name as it stands, two spaces in it included, without line breaks and without spaces around.

    Half a character, which JSON can write as an escape and no file can hold, is that escape.
    """
    return " ".join(text.splitlines()).strip().encode("utf-8", "backslashreplace").decode()
