"""Reads a workbook from standard input, writes its cells as text to standard output, in a process of its own.

The output is lines of JSON: a sheet's name as a string, `HIDDEN`
where nobody sees that sheet, its rows as lists of strings, and at the very end an object that says how it went.
"""

from __future__ import annotations

import datetime
import html
import io
import itertools
import json
import re
import sys
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from verify.read.own_process import read_given

END, TOO_LARGE, DAMAGED = "end", "too large", "damaged"
"""The keys of the last object; the value says more."""

HIDDEN = True
"""The line after the name of a sheet that is hidden."""

CELL_LIMIT = 25_000_000
"""Cells of a sheet, the empty ones included: a nation of bureaux with 38 lists has 19 million."""

TEXT_LIMIT = 32_767
"""Characters of a cell, as spreadsheets have it."""

SHEET_LIMIT = 1000
"""Sheets of a workbook; with one for each commune of a département there are some three hundred."""

_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})?([0-9]{1,12})["']""")
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 value"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
"""Names of elements and attributes of an .ods: of its tables, of the values of cells, and of texts."""
_WITHOUT_VALUE = (
    re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>|</c>)"),
    re.compile(rb"<f(?:\s[^>]*)?/>\s*(?:<v\s*/>|<v>\s*</v>|</c>)"),
    re.compile(rb"""\st=["']e["']"""),
)
"""Marks of cells of an .xlsx in which the library sees nothing: formulas without their result, and errors."""
_VALUE, _FORMULA = re.compile(rb"<v>([^<]*)</v>"), re.compile(rb"<f(?:\s[^>]*)?>([^<]*)</f>")
_EMPTY_TEXT = re.compile(rb"""\st=["']str["']""")

Unseen = dict[int, dict[int, str]]
"""Texts of the cells of a sheet that the library sees nothing in, by row and column from 0."""


class OversizedWorkbookError(Exception):
    """The workbook is larger than its bounds: a text of `workbook.LARGER`, and the values in it."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text, values)


def unpacked(size: int) -> int:
    """Bytes of an .xlsx when decompressed, by its size on the disk."""
    return min(2**30, 2**26 + 32 * size)


def output(size: int) -> int:
    """Bytes that may be written."""
    return 2**26 + 8 * size


def check_archive(data: bytes) -> dict[str, Unseen]:
    """Decompress every part of an .xlsx or .ods once and look at where its cells lie, before the library takes memory.

    Returns the cells of each sheet of an .xlsx that the library sees nothing in, by the sheet's name.

    Raises:
        TooLargeError: it is larger than its bounds, in bytes or in rows by columns.
        zipfile.BadZipFile, zlib.error, expat.ExpatError, ValueError: it is damaged.
    """
    most = left = unpacked(len(data))
    unseen: dict[str, Unseen] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            rows = columns = 0
            rest = b""
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile("packed as no workbook is")
            content = _Content() if info.filename == "content.xml" else None
            cells = _UnseenCells() if info.filename.startswith("xl/worksheets/") else None
            with archive.open(info) as part:
                while block := part.read(2**20):
                    left -= len(block)
                    if left < 0:
                        raise OversizedWorkbookError("more than {most:n} MiB when decompressed", most=most >> 20)
                    if "sheet" in info.filename:
                        for letters, row in _CELL.findall(rest + block):
                            rows = max(rows, int(row))
                            columns = max(columns, _column(letters))
                        rest = block[-64:]
                    if content is not None:
                        content.read(block)
                    if cells is not None:
                        cells.read(block)
            if rows * columns > CELL_LIMIT:
                raise OversizedWorkbookError(
                    "{name}: {rows:n} rows by {columns:n} columns", name=info.filename, rows=rows, columns=columns
                )
            if cells is not None and (found := cells.all()):
                unseen[info.filename.rpartition("/")[2]] = found
        return {name: unseen[part] for name, part in _parts_of(archive) if part in unseen} if unseen else {}


class _UnseenCells:
    """The cells of a sheet of an .xlsx that hold a formula without its result, or an error: the text of either."""

    def __init__(self) -> None:
        self._rest = b""
        self._found: Unseen = {}

    def read(self, block: bytes) -> None:
        """Look at some more of it."""
        block = self._rest + block
        start = max(block.rfind(b"<c "), 0)
        self._look_at(block[:start])
        self._rest = block[start:] if len(block) - start < 2**17 else b""

    def all(self) -> Unseen:
        """All of them, after the last block."""
        return self._look_at(self._rest)

    def _look_at(self, cells: bytes) -> Unseen:
        for pattern in _WITHOUT_VALUE:
            for match in pattern.finditer(cells):
                start = cells.rfind(b"<c ", 0, match.end())
                opening = cells[start : cells.find(b">", start)] if start >= 0 else b""
                place = _CELL.search(opening)
                if place is None or not place[1] or _EMPTY_TEXT.search(opening):
                    continue
                cell = cells[start : cells.find(b"</c>", match.start())]
                shown = _VALUE.search(cell) if pattern is _WITHOUT_VALUE[-1] else None
                text = shown[1] if shown else b"=" + (formula[1] if (formula := _FORMULA.search(cell)) else b"")
                row = self._found.setdefault(int(place[2]) - 1, {})
                row[_column(place[1]) - 1] = html.unescape(text.decode("utf-8", "replace"))[:TEXT_LIMIT]
        return self._found


def _parts_of(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The name of each sheet of an .xlsx, and of the part that has its cells."""
    names, targets = dict[str, str](), dict[str, str]()

    def start(element: str, texts: dict[str, str]) -> None:
        if element.endswith(" sheet"):
            names[next((text for name, text in texts.items() if name.endswith(" id")), "")] = texts.get("name", "")
        elif element.endswith(" Relationship"):
            targets[texts.get("Id", "")] = texts.get("Target", "").rpartition("/")[2]

    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = start
        parser.Parse(archive.read(part), True)
    return [(name, targets.get(identity, "")) for identity, name in names.items()]


class _Content:
    """The cells of an .ods, each of which can stand for as many rows and columns as it says."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._name = ""
        self._rows = self._last = self._columns = self._width = self._repeat = 0
        self._filled = False

    def read(self, block: bytes) -> None:
        """Look at some more of it.

        Raises:
            TooLargeError: a sheet has more cells than it may have.
            ValueError, expat.ExpatError: it is damaged.
        """
        self._parser.Parse(block)

    def _doctype(self, *_: object) -> None:
        raise ValueError("a document type")

    def _start(self, name: str, texts: dict[str, str]) -> None:
        kind = name.removeprefix(_TABLE)
        if kind == name:
            self._filled |= kind.startswith(_TEXT) and self._repeat > 0
        elif kind == "table":
            self._name = texts.get(_TABLE + "name", "")
            self._rows = self._last = self._width = 0
        elif kind == "table-row":
            self._columns, self._repeat = 0, 0
            self._rows += _count(texts.get(_TABLE + "number-rows-repeated"))
        elif kind in ("table-cell", "covered-table-cell"):
            self._repeat = _count(texts.get(_TABLE + "number-columns-repeated"))
            self._filled = any(each.startswith(_OFFICE) for each in texts)

    def _end(self, name: str) -> None:
        if name in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            self._columns += self._repeat
            if self._filled:
                self._width, self._last = max(self._width, self._columns), self._rows
            self._repeat, self._filled = 0, False
            if self._width * self._last > CELL_LIMIT:
                text = "{name}: {rows:n} rows by {columns:n} columns"
                raise OversizedWorkbookError(text, name=self._name, rows=self._last, columns=self._width)


def _count(text: str | None) -> int:
    return 1 if text is None else max(int(text), 1)


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


class CellOutput:
    """Standard output, with the bytes that may still be written."""

    def __init__(self, size: int) -> None:
        self._left = output(size)

    def line(self, value: object) -> None:
        """Write a value as a line of JSON."""
        line = json.dumps(value) + "\n"
        self._left -= len(line)
        if self._left < 0:
            raise OversizedWorkbookError("more text than a workbook of its size holds")
        sys.stdout.write(line)


def _write(data: bytes, out: CellOutput, unseen: dict[str, Unseen]) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(book.sheet_names) > SHEET_LIMIT:
        raise OversizedWorkbookError("{count:n} sheets", count=len(book.sheet_names))
    hidden = {each.name for each in book.sheets_metadata if each.visible != python_calamine.SheetVisibleEnum.Visible}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.width > CELL_LIMIT:
            raise OversizedWorkbookError(
                "{name}: {rows:n} rows by {columns:n} columns", name=name, rows=sheet.total_height, columns=sheet.width
            )
        out.line(name)
        if name in hidden:
            out.line(HIDDEN)
        before = [""] * (sheet.start[1] if sheet.start else 0)
        further = unseen.get(name, {})
        rows = itertools.chain(
            sheet.iter_rows(), itertools.repeat([], max(further, default=-1) + 1 - sheet.total_height)
        )
        for at, row in enumerate(rows):
            cells = [*before, *map(text, row)]
            for column, unread in further.get(at, {}).items():
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or unread
            while cells and not cells[-1]:  # a sheet is as wide everywhere as its widest row
                cells.pop()
            if any(len(cell) > TEXT_LIMIT for cell in cells):
                raise OversizedWorkbookError("a cell of {count:n} characters", count=max(map(len, cells)))
            out.line(cells)


def write_sheets(work: Callable[[], None]) -> None:
    """Do what writes the sheets, then write how it went."""
    end: dict[str, object] = {END: ""}
    try:
        work()
    except OversizedWorkbookError as error:
        end = {TOO_LARGE: error.args}
    except MemoryError:
        end = {TOO_LARGE: ("more than fits in its memory", {})}
    except BaseException as error:  # what the library's own language raises is of no class of ours
        end = {DAMAGED: str(error) if isinstance(error, Exception) else ""}
    sys.stdout.write(json.dumps(end) + "\n")


def write_cells() -> None:
    """Read, check, write."""
    data = read_given()
    write_sheets(lambda: _write(data, CellOutput(len(data)), check_archive(data) if data.startswith(b"PK") else {}))
