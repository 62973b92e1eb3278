"""The sheets of a workbook, .xls, .xlsx or .ods, and the pages of a PDF, as tables of text.

Either is read in a process of its own (`workbook_cells`, `pdf_cells`): what a damaged one does to the library that
reads it, from running out of memory to never coming back, ends there and is told as an error of the file. That
process has bounds of memory, of processor time and of what it sends back, and it ends with this one.
"""

from __future__ import annotations

import itertools
import json
import signal
from dataclasses import replace
from typing import Any

from protocol.errors import wrong_file
from protocol.words import Message, Text, msg
from verify.read import own_process
from verify.read.disguised import PDF
from verify.read.published.archives import UNDAMAGED, is_encrypted
from verify.read.published.source import OpenedSource, SourceTable
from verify.read.rows import shorten
from verify.read.spreadsheets import pdf_cells, workbook_cells
from verify.read.spreadsheets.workbook_cells import DAMAGED, END, TOO_LARGE

SECONDS = 300
"""Longest time of reading, whatever else the machine does; the largest known workbook takes some 20 seconds."""

_WORKBOOKS = f"{workbook_cells.__name__}:{workbook_cells.write_cells.__name__}"
_PDFS = f"{pdf_cells.__name__}:{pdf_cells.write_cells.__name__}"

LARGER = {
    text.text: text
    for text in (
        msg("more than {most:n} MiB when decompressed"),
        msg("{name}: {rows:n} rows by {columns:n} columns"),
        msg("more text than a workbook of its size holds"),
        msg("{count:n} sheets"),
        msg("{count:n} pages"),
        msg("a cell of {count:n} characters"),
        msg("more than fits in its memory"),
    )
}
"""Sentences on workbooks that are larger than the bounds, by the English text."""

_WITH_PASSWORD = msg("one with a password: save it without")
_SAID = {
    "Cannot detect file format": msg("one that is damaged, or something else than a workbook"),
    "Workbook is password protected": _WITH_PASSWORD,
    pdf_cells.PASSWORD: _WITH_PASSWORD,
}
"""Most frequent error of the library on a workbook that it does not read."""

_TEXT = msg("a PDF whose text can be read")
_OUT_OF_TIME = getattr(signal, "SIGXCPU", None)
_OUT_OF_MEMORY = getattr(signal, "SIGABRT", None)


def sheets(source: OpenedSource) -> list[SourceTable]:
    """Every sheet with any cell.

    Raises:
        InputError: it is damaged, or too large, or a PDF without text.
    """
    lines, status = _cells(source)
    ended = json.loads(lines.pop()) if lines and lines[-1].startswith(b"{") else {}
    if END not in ended:
        raise wrong_file(source.file, *_why(ended, status, source.data))
    starts = [at for at, line in enumerate(lines) if line.startswith(b'"')]
    found = (
        _sheet(source, json.loads(lines[start]), lines[start + 1 : end])
        for start, end in itertools.pairwise([*starts, len(lines)])
    )
    tables = [table for table in found if table is not None]
    if not tables and source.data.startswith(PDF):
        raise wrong_file(source.file, _TEXT, msg("pages without text, as a scan has: type its figures in"))
    return tables


def _cells(source: OpenedSource) -> tuple[list[bytes], int | None]:
    """The lines that the reader of workbooks writes, as many as it may, and its exit status."""
    lines: list[bytes] = []
    left = workbook_cells.output(len(source.data)) + 2**16
    with own_process.run_reader(
        _PDFS if source.data.startswith(PDF) else _WORKBOOKS, seconds=SECONDS, data=source.data
    ) as process:
        while left > 0 and (line := process.written.readline(left)):
            lines.append(line)
            left -= len(line)
    return lines, process.status()


def _why(ended: dict[str, Any], status: int | None, data: bytes) -> tuple[Message, Text]:
    """Say what was expected of a workbook and what there is, by the last words of its reader or by how it died."""
    if TOO_LARGE in ended:
        text, values = ended[TOO_LARGE]
        shown = {name: shorten(value) if isinstance(value, str) else value for name, value in values.items()}
        return _within_bounds(data), replace(LARGER[text], values=shown)
    if DAMAGED in ended:
        if is_encrypted(data):  # which the library does not see in what has no name
            return UNDAMAGED, _WITH_PASSWORD
        said = shorten(ended[DAMAGED])
        if data.startswith(PDF) and said not in _SAID:
            return _TEXT, msg("a PDF that is damaged ({said})", said=said)
        other = msg("one that cannot be read ({said})", said=said) if said else msg("one that cannot be read")
        return _TEXT if data.startswith(PDF) else UNDAMAGED, _SAID.get(said, other)
    if _OUT_OF_TIME is not None and status == -_OUT_OF_TIME:
        bound = own_process.seconds(len(data) * (pdf_cells.WEIGHT if data.startswith(PDF) else 1))
        return msg("a file readable in {seconds} s", seconds=bound), msg("one that is not")
    if _OUT_OF_MEMORY is not None and status == -_OUT_OF_MEMORY:
        return _within_bounds(data), msg("more than fits in its memory")
    return msg("a file readable in {seconds} s and within bounds", seconds=SECONDS), msg("one that is not")


def _within_bounds(data: bytes) -> Message:
    return msg("a PDF within bounds") if data.startswith(PDF) else msg("a workbook within bounds")


def _sheet(source: OpenedSource, name: str, lines: list[bytes]) -> SourceTable | None:
    """A sheet; None where it has no cell at all."""
    hidden = bool(lines) and json.loads(lines[0]) is workbook_cells.HIDDEN
    lines = lines[1:] if hidden else lines
    if not lines:
        return None

    kind = msg("« {name} » of a PDF") if source.data.startswith(PDF) else msg("sheet « {name} » of a workbook")
    form = replace(kind, values={"name": shorten(name)})
    return replace(source.table(lambda _: map(json.loads, lines), form, shorten(name)), trimmed=True, hidden=hidden)
