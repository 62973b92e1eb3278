"""JSON as a table of text: the records of a portal or of a program, rows below a header, columns side by side.

A record is an object; it may stand in ``fields`` (open data portals), in ``record.fields``, in ``properties`` (GeoJSON)
or in ``attributes`` (map servers), and the records in a list or in the one list of objects that the file, or its
``result``, has beside those of its columns (``results``, ``features``…). An
object in a record gives columns of its own. The one list of objects in each record, as the choices of a bureau, gives
a row for each of them, with the record's other values beside it. Lists of lists are rows; ``columns`` or ``fields``
beside ``data`` are their header.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from protocol.errors import InputError
from protocol.structured import parse_json
from protocol.words import msg
from verify.read.bounds import MAX_COLUMNS, cells
from verify.read.published.cells import shorten
from verify.read.published.source import HEAD_ROWS, OpenedSource, SourceTable

_OWN = ("fields", "properties", "attributes")
_ROWS = ("data", "rows", "values")
_HEADERS = ("columns", "header", "headers", "fields")
_UNREAD = "…"
"""In place of a list, of which a cell can say nothing."""


def json_table(source: OpenedSource) -> SourceTable | None:
    """The records of a JSON file as rows below a header; None where it is none, or holds no table.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    if not source.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{")):
        return None
    values = parse_json(source.data, source.file)
    listed = _lists(values)
    if listed is not None:
        header, rows = listed
        _check(source, len(header), len(rows))
        return _table(source, header, [[_text(cell) for cell in row] for row in rows], "")
    records = _records(values)
    if records is None:
        return None
    titles = {title for record in records if isinstance(title := record.get("datasetid"), str)}
    many = _many(records)
    flat = [row for record in records for row in _flat(_own(record), many)]
    names = list(dict.fromkeys(name for record in flat for name in record))
    _check(source, len(names), len(flat))
    title = shorten(titles.pop()) if len(titles) == 1 else ""
    return _table(source, names, [[_text(record.get(name)) for name in names] for record in flat], title)


def _records(values: Any) -> list[dict[str, Any]] | None:
    """The objects that are the records of a file."""
    if isinstance(values, dict):
        if isinstance(result := values.get("result"), dict):
            values = result
        lists = [
            each
            for name, each in values.items()
            if name not in _HEADERS and isinstance(each, list) and each and isinstance(each[0], dict)
        ]
        values = lists[0] if len(lists) == 1 else None
    if not isinstance(values, list) or not all(isinstance(record, dict) for record in values):
        return None
    return values


def _lists(values: Any) -> tuple[list[str], list[list[Any]]] | None:
    """The header and the rows of a file that has rows as lists."""
    header: Any = None
    if isinstance(values, dict):
        header = next((values[name] for name in _HEADERS if isinstance(values.get(name), list)), None)
        values = next((values[name] for name in _ROWS if isinstance(values.get(name), list)), None)
        if header is None:
            return None
        header = [each.get("name") or each.get("id") if isinstance(each, dict) else each for each in header]
    if not isinstance(values, list) or not values or not all(isinstance(row, list) for row in values):
        return None
    if header is None:
        header, values = values[0], values[1:]
    return [_text(name) for name in header], values


def _own(record: dict[str, Any]) -> dict[str, Any]:
    """What a record holds, out of what a portal puts around it."""
    inner = record.get("record")
    for around in (inner if isinstance(inner, dict) else record, record):
        for name in _OWN:
            if isinstance(found := around.get(name), dict):
                return found
    return record


def _many(records: Sequence[dict[str, Any]]) -> str | None:
    """The one name that is a list of objects in the records, as that of the choices is; None where there is none."""
    names = {
        name
        for record in map(_own, records)
        for name, value in record.items()
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
    }
    return names.pop() if len(names) == 1 else None


def _flat(record: dict[str, Any], many: str | None) -> Iterator[dict[str, Any]]:
    """A record's values by name; one for each object of its list of many."""
    own: dict[str, Any] = {}
    for name, value in record.items():
        if name == many:
            continue
        if isinstance(value, dict):
            own |= {f"{name} {inner}": each for inner, each in value.items()}
        else:
            own[name] = value
    each_of = record.get(many) if many is not None else None
    if not isinstance(each_of, list) or not each_of:
        yield own
        return
    for each in each_of:
        yield own | {f"{many} {name}" if name in own else name: value for name, value in each.items()}


def _check(source: OpenedSource, columns: int, rows: int) -> None:
    """Raises InputError where there are more cells than are read."""
    if columns > MAX_COLUMNS:
        expected = msg("records of at most {max_columns} names in all", max_columns=MAX_COLUMNS)
        raise InputError(source.file, None, None, expected, msg("{header} names", header=columns))
    most = cells(source.size)
    if columns * (rows + 1) > most:
        got = msg("{values} records of {header} names", values=rows, header=columns)
        raise InputError(source.file, None, None, msg("at most {most} cells", most=most), got)


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
