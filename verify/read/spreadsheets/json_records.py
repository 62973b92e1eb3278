"""JSON as a table of text: the records of a portal or of a program, rows below a header, columns side by side.

Records stand in a list or in the one list of objects that the file, or its ``result``, has beside those of its columns
(``results``, ``features``…), by the code of their bureau, one on each line, or as `json_shapes` beside this has it.
Lists of lists are rows; ``columns`` or ``fields`` beside ``data`` are their header.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from protocol.errors import InputError
from protocol.structured import parse_json
from protocol.words import msg
from verify.read.bounds import MAX_COLUMNS, cells
from verify.read.published.cells import shorten
from verify.read.published.source import HEAD_ROWS, OpenedSource, SourceTable
from verify.read.spreadsheets.json_shapes import HEADERS, Record, records_of, rows_of

_ROWS = ("data", "rows", "values")
_ON_LINES = re.compile(rb"\s*\{[^\r\n]*\}\s*?\r?\n\s*\{")
"""How JSON begins that has an object on each line."""
_UNREAD = "…"
"""In place of a list, of which a cell can say nothing."""


def is_json(data: bytes) -> bool:
    """Whether bytes begin as JSON with objects or lists does."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{"))


def json_table(source: OpenedSource) -> SourceTable | None:
    """The records of a JSON file as rows below a header; None where it is none, or holds no table.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    if not is_json(source.data):
        return None
    values = parse_json(_join_lines(source.data), source.file)
    listed = _lists(values)
    if listed is not None:
        header, rows = listed
        _check(source, len(header), len(rows))
        return _table(source, header, [[_text(cell) for cell in row] for row in rows], "")
    records = records_of(values)
    if records is None:
        return None
    titles = {title for record in records if isinstance(title := record.get("datasetid"), str)}
    flat: list[Record] = []
    names: dict[str, None] = {}
    left = cells(source.size)

    def add(row: Record) -> None:
        nonlocal left
        names.update(dict.fromkeys(row))
        left -= len(row)
        flat.append(row)
        if left < 0 or len(names) > MAX_COLUMNS:
            _check(source, len(names), len(flat))
            raise _too_many(source, len(names), len(flat))

    rows_of(records, add)
    _check(source, len(names), len(flat))
    title = shorten(titles.pop()) if len(titles) == 1 else ""
    return _table(source, list(names), [[_text(record.get(name)) for name in names] for record in flat], title)


def _join_lines(data: bytes) -> bytes:
    """JSON with an object on each line as one list of them; any other as it is."""
    start = data.removeprefix(b"\xef\xbb\xbf")
    if _ON_LINES.match(start) is None:
        return data
    return b"[" + b",".join(line for line in start.splitlines() if line.strip()) + b"]"


def _lists(values: Any) -> tuple[list[str], list[list[Any]]] | None:
    """The header and the rows of a file that has rows as lists."""
    header: Any = None
    if isinstance(values, dict):
        header = next((values[name] for name in HEADERS if isinstance(values.get(name), list)), None)
        values = next((values[name] for name in _ROWS if isinstance(values.get(name), list)), None)
        if header is None:
            return None
        header = [each.get("name") or each.get("id") if isinstance(each, dict) else each for each in header]
    if not isinstance(values, list) or not values or not all(isinstance(row, list) for row in values):
        return None
    if header is None:
        header, values = values[0], values[1:]
    return [_text(name) for name in header], values


def _check(source: OpenedSource, columns: int, rows: int) -> None:
    """Raises InputError where there are more cells than are read."""
    if columns > MAX_COLUMNS:
        expected = msg("records of at most {max_columns} names in all", max_columns=MAX_COLUMNS)
        raise InputError(source.file, None, None, expected, msg("{header} names", header=columns))
    if columns * (rows + 1) > cells(source.size):
        raise _too_many(source, columns, rows)


def _too_many(source: OpenedSource, columns: int, rows: int) -> InputError:
    got = msg("{values} records of {header} names", values=rows, header=columns)
    return InputError(source.file, None, None, msg("at most {most} cells", most=cells(source.size)), got)


def _table(source: OpenedSource, header: list[str], body: list[list[str]], title: str) -> SourceTable:
    def rows() -> Iterator[list[str]]:
        yield header[:]
        for row in body:
            yield row[:]

    return SourceTable(
        source.file,
        source.sha256,
        source.size,
        title,
        msg("JSON, a record for each unit"),
        tuple(tuple(row[:MAX_COLUMNS]) for row in itertools.islice(rows(), HEAD_ROWS)),
        rows,
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value) if isinstance(value, (str, int, float)) else _UNREAD
