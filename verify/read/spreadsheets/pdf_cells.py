"""Reads the text of a PDF from standard input, writes it as cells to standard output, in a process of its own.

The output is that of `workbook_cells`, a sheet for each page. A page is read from top to bottom: rows of its ruled
tables, and between them lines of text, split into cells where the gap is wider than between words. A table that goes
on over the next pages is one sheet; a page that repeats the labels of the page before it is a form of its own.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from verify.read.own_process import read_given
from verify.read.spreadsheets.workbook_cells import SHEET_LIMIT, CellOutput, OversizedWorkbookError, write_sheets

WEIGHT = 100
"""A byte of a PDF is so many of a workbook's in what it takes to read: 0.16 s for a page of 45 rows, as measured."""
PASSWORD = "password"  # noqa: S105 - the word itself
_GAP = 0.9
"""Widest gap between two words of a cell, as a share of their height; a space is a quarter of it or so."""
_TABLE = 3
"""Columns that make rows a table that can go on; two are a form's label and value."""
_LABELS = 3
"""Labels of the page before that make a page a form of its own."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in points from the top left of the page."""


@dataclass(slots=True)
class _Page:
    """Rows of a page as cells."""

    rows: list[list[str]]

    @property
    def columns(self) -> int:
        """Cells of the widest row."""
        return max(map(len, self.rows), default=0)

    def labels(self) -> set[str]:
        """First cells that are words."""
        return {row[0].casefold() for row in self.rows if row[0] and not re.search(r"\d", row[0])}

    def goes_on(self, before: _Page) -> bool:
        """Check whether the rows of this page belong below those of the page before."""
        return self.columns == before.columns >= _TABLE and len(self.labels() & before.labels()) < _LABELS

    def lone_texts(self) -> set[str]:
        """Texts that stand alone on their line, as the head and foot of a page, with every number alike."""
        return {_alike(row) for row in self.rows if sum(map(bool, row)) == 1}

    def join(self, following: _Page) -> None:
        """Add the rows of the next page; heads, feet and the header of the table that it repeats stand once."""
        texts = following.lone_texts()
        header = {tuple(row) for row in self.rows if not any(cell.isdecimal() for cell in row)}
        repeated = self.lone_texts() & texts
        while self.rows and _alike(self.rows[-1]) in repeated:
            self.rows.pop()
        self.rows += [row for row in following.rows if tuple(row) not in header and _alike(row) not in repeated]


def _alike(row: Sequence[str]) -> str:
    """The text of a row with every number alike."""
    return re.sub(r"\d+", "0", "".join(row))


def _page(page: Any) -> _Page:
    """Read a page of pdfplumber's."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.rows[0].cells) > 1]
    boxes: list[Box] = [table.bbox for table in tables]
    placed: list[tuple[float, list[str]]] = []
    for table in tables:
        for row, cells in zip(table.rows, table.extract(), strict=True):
            placed.append((row.bbox[1], [" ".join((cell or "").split()) for cell in cells]))
    words = [word for word in page.extract_words() if not any(_inside(word, box) for box in boxes)]
    placed += _lines(words)
    rows = [row for _, row in sorted(placed, key=lambda each: each[0]) if any(row)]
    return _Page(rows)


def _inside(word: dict[str, Any], box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


Segment = tuple[float, float, str]
"""Left, right and text of words that stand close together."""


def _lines(words: Iterable[dict[str, Any]]) -> Iterator[tuple[float, list[str]]]:
    """Lines of words, each with its top, its cells in the columns of the fullest lines; a lone text stands first."""
    ordered = sorted(words, key=lambda word: (word["top"] + word["bottom"]) / 2)
    lines: list[list[dict[str, Any]]] = []
    for word in ordered:
        middle = (word["top"] + word["bottom"]) / 2
        if lines and middle <= lines[-1][-1]["bottom"] and middle >= lines[-1][-1]["top"]:
            lines[-1].append(word)
        else:
            lines.append([word])
    split = [(min(word["top"] for word in line), list(_segments(line))) for line in lines]
    columns = _columns([segments for _, segments in split])
    for top, segments in split:
        cells = [""] * len(columns)
        for left, right, text in segments:
            at = _column(columns, left, right) if len(segments) > 1 else 0
            cells[at] = f"{cells[at]} {text}".strip()
        yield top, cells


def _segments(line: list[dict[str, Any]]) -> Iterator[Segment]:
    """Split a line where a gap is wider than between words."""
    line.sort(key=lambda word: word["x0"])
    parts: list[list[dict[str, Any]]] = [[line[0]]]
    for before, word in itertools.pairwise(line):
        if word["x0"] - before["x1"] > _GAP * (word["bottom"] - word["top"]):
            parts.append([])
        parts[-1].append(word)
    for part in parts:
        yield part[0]["x0"], part[-1]["x1"], " ".join(word["text"] for word in part)


def _columns(lines: Sequence[Sequence[Segment]]) -> list[tuple[float, float]]:
    """Left and right of the columns: where the segments of the fullest lines lie, one above the other."""
    most = max(map(len, lines), default=0)
    spans = sorted((left, right) for line in lines if len(line) == most for left, right, _ in line)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _column(columns: Sequence[tuple[float, float]], left: float, right: float) -> int:
    """The column that a segment shares most width with, or the nearest."""
    shared = [min(right, end) - max(left, start) for start, end in columns]
    return shared.index(max(shared))


def _write(data: bytes, out: CellOutput) -> None:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        book = pdfplumber.open(io.BytesIO(data))
    except Exception as error:  # the library wraps it
        cause = error if isinstance(error, PDFPasswordIncorrect) else error.args[0] if error.args else None
        raise ValueError(PASSWORD if isinstance(cause, PDFPasswordIncorrect) else str(error)) from error
    with book:
        if len(book.pages) > SHEET_LIMIT:
            raise OversizedWorkbookError("{count:n} pages", count=len(book.pages))
        sheet, start, before = _Page([]), 1, _Page([])
        for number, each in enumerate(book.pages, 1):
            page = _page(each)
            each.close()
            if page.goes_on(before):
                sheet.join(page)
            else:
                _sheet(out, start, number - 1, sheet.rows)
                sheet, start = _Page(list(page.rows)), number
            before = page
        _sheet(out, start, len(book.pages), sheet.rows)


def _sheet(out: CellOutput, start: int, end: int, rows: list[list[str]]) -> None:
    """Write the rows of a page, or of those that its table goes on over."""
    if rows:
        out.line(f"page {start}" if start == end else f"pages {start}-{end}")
        for row in rows:
            out.line(row)


def write_cells() -> None:
    """Read and write."""
    data = read_given(WEIGHT)
    write_sheets(lambda: _write(data, CellOutput(len(data))))
