"""Run as a program of its own: reads a workbook from standard input, writes its cells as text to standard output.

One line of JSON each: a sheet's name as a string, then its rows as lists of strings. See `workbook`.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import sys
import zipfile

NO_LIBRARY = 3
TOO_LARGE = 4

SIZE_LIMIT = 1024 * 2**20
"""Bytes of an .xlsx when decompressed."""

CELL_LIMIT = 25_000_000
"""Cells of a sheet: a nation of bureaux with 38 lists has 19 million."""

MEMORY_LIMIT = 4 * 2**30
"""Bytes of address space, where the system can set a limit."""

_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})?([0-9]{1,12})["']""")


class TooLargeError(Exception):
    """The workbook is larger than its bounds."""


def check_archive(data: bytes) -> None:
    """Decompress every part of an .xlsx once and look at where its cells lie, before the library takes memory for it.

    Raises:
        TooLargeError: it is larger than its bounds, in bytes or in rows by columns.
        zipfile.BadZipFile, zlib.error: it is damaged.
    """
    left = SIZE_LIMIT
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            rows = columns = 0
            rest = b""
            with archive.open(info) as part:
                while block := part.read(2**20):
                    left -= len(block)
                    if left < 0:
                        raise TooLargeError(f"more than {SIZE_LIMIT >> 20} MiB when decompressed")
                    if "sheet" in info.filename:
                        for letters, row in _CELL.findall(rest + block):
                            rows = max(rows, int(row))
                            columns = max(columns, _column(letters))
                        rest = block[-64:]
            if rows * columns > CELL_LIMIT:
                raise TooLargeError(f"{info.filename}: {rows} rows by {columns} columns")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def text(value: object) -> str:
    """A cell as text: whole numbers without fraction, dates as they are written in a csv."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    return str(value)


def main() -> int:
    """Read, check, write; returns the exit status."""
    try:
        import python_calamine
    except ImportError:
        return NO_LIBRARY
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    except (ImportError, ValueError, OSError):
        pass  # no such limit on this system: the bounds below remain
    data = sys.stdin.buffer.read()
    try:
        if data.startswith(b"PK"):
            check_archive(data)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.width > CELL_LIMIT:
                raise TooLargeError(f"sheet {name}: {sheet.total_height} rows by {sheet.width} columns")
            sys.stdout.write(json.dumps(name) + "\n")
            before = [""] * (sheet.start[1] if sheet.start else 0)
            for row in sheet.iter_rows():
                cells = [*before, *map(text, row)]
                while cells and not cells[-1]:  # a sheet is as wide everywhere as its widest row
                    cells.pop()
                sys.stdout.write(json.dumps(cells) + "\n")
    except TooLargeError as error:
        sys.stderr.write(str(error))
        return TOO_LARGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
