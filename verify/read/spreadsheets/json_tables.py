"""JSON of any shape as a table of text: the records of a portal or of a program, rows below a header, columns.

Records stand in a list or in the one list of objects that the file, or its ``result``, has beside those of its columns
(``results``, ``features``…), by the code of their bureau or by round, or one on each line. Lists of lists are rows;
``columns`` or ``fields`` beside ``data`` are their header. A record may stand in ``fields`` (open data portals), in
``record.fields``, in ``properties`` (GeoJSON) or in ``attributes`` (map servers). An object in a record gives columns
of its own. The one list of objects in each record, as the choices of a bureau, or the bureaux of a commune, gives a row
for each of them, with the record's other values beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from protocol.errors import InputError, wrong_file
from protocol.structured import parse_json
from protocol.words import msg
from verify.model.identity import is_stated, round_of
from verify.read.bounds import MAX_COLUMNS, cells
from verify.read.published.source import OpenedSource, SourceTable
from verify.read.rows import shorten
from verify.read.tables.headers import FIGURES, INNER, OF_VOTERS, key, meaning_of, wordings

_ROWS = ("data", "rows", "values")
_ON_LINES = re.compile(rb"\s*\{[^\r\n]*\}\s*?\r?\n\s*\{")
"""Beginning of JSON with an object on each line."""
_UNREAD = "…"
"""In place of a list, of which a cell can say nothing."""


def json_table(source: OpenedSource) -> SourceTable | None:
    """The records of a JSON file as rows below a header; None where it holds no table.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
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
        raise wrong_file(source.file, expected, msg("{header} names", header=columns))
    if columns * (rows + 1) > cells(source.size):
        raise _too_many(source, columns, rows)


def _too_many(source: OpenedSource, columns: int, rows: int) -> InputError:
    got = msg("{values} records of {header} names", values=rows, header=columns)
    return wrong_file(source.file, msg("at most {most} cells", most=cells(source.size)), got)


def _table(source: OpenedSource, header: list[str], body: list[list[str]], title: str) -> SourceTable:
    rows = [header, *body]
    return source.table(lambda _: map(list, rows), msg("JSON, a record for each unit"), title)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value) if isinstance(value, (str, int, float)) else _UNREAD


Record = dict[str, Any]
HEADERS = ("columns", "header", "headers", "fields")
_OWN = ("fields", "properties", "attributes")
_DEPTH = 4
"""Lists in lists: départements, communes, bureaux, choices."""
_ROUND = "tour"


def records_of(values: Any) -> list[Record] | None:
    """The objects that are the records of a file, None where it has none."""
    if isinstance(values, list):
        return values if all(isinstance(record, dict) for record in values) else None
    if not isinstance(values, dict):
        return None
    if isinstance(result := values.get("result"), dict):
        values = result
    found = _by_round(values) or _find_list(values) or _columns(values) or _find_keyed(values, "")
    if found is None and len(inner := [each for each in values.items() if isinstance(each[1], dict)]) == 1:
        [(name, objects)] = inner
        found = _find_keyed(objects, name)
        found = None if found is None else _beside(found, values)
    return found


def _by_round(values: Record) -> list[Record] | None:
    """Records of both rounds, each with its round."""
    rounds = {name: number for name in values if (number := round_of(name)) is not None}
    if sorted(rounds.values()) != [1, 2]:
        return None
    found: list[Record] = []
    for name, number in rounds.items():
        records = records_of(values[name])
        if records is None:
            return None
        found += [record | {_ROUND: number} for record in map(own, records)]
    return _beside(found, values)


def _find_list(values: Record) -> list[Record] | None:
    """The one list of objects that there is."""
    lists = [
        (name, each)
        for name, each in values.items()
        if name not in HEADERS and isinstance(each, list) and each and isinstance(each[0], dict)
    ]
    if len(lists) != 1 or not all(isinstance(record, dict) for record in lists[0][1]):
        return None
    name, records = lists[0]
    return _beside([_called(own(record), name) for record in records], values)


def _beside(records: Sequence[Record], values: Record) -> list[Record]:
    """Records with what stands beside them and says where or of which election they all are."""
    further = {
        name: each
        for name, each in _flat({name: each for name, each in values.items() if not isinstance(each, list)})
        if isinstance(each, (str, int)) and (meaning_of(name) in ("insee", "commune") or is_stated(name))
    }
    return [further | record for record in records] if further else list(records)


def _find_keyed(values: Record, name: str) -> list[Record] | None:
    """Objects by the code of their bureau, or by their commune and that; None where they are no bureaux."""
    objects = list(values.values())
    if not objects or not all(isinstance(each, dict) and each for each in objects):
        return None
    if all(isinstance(inner, dict) for each in objects for inner in each.values()):
        communes = [(code, _find_keyed(each, "")) for code, each in values.items()]
        if any(records is None for _, records in communes):
            return None
        return [{"commune": code} | record for code, records in communes for record in records or ()]
    if not all(any(meaning_of(column) in OF_VOTERS for column, _ in _flat(each)) for each in objects):
        return None
    named = any(meaning_of(column) == "bureau" for column in objects[0])
    own_key = "" if named else name if meaning_of(name) == "bureau" else "bureau"
    return [({own_key: code} if own_key else {}) | each for code, each in values.items()]


def _columns(values: Record) -> list[Record] | None:
    """Records that are written column by column, as lists or by the number of the row."""
    columns = {name: each for name, each in values.items() if isinstance(each, (list, dict))}
    meant = set(map(meaning_of, columns))
    if "bureau" not in meant or meant.isdisjoint(OF_VOTERS):
        return None
    lists: dict[str, list[Any]] = {}
    rows: list[str] | None = None
    for name, each in columns.items():
        if isinstance(each, dict):
            rows = list(each) if rows is None else rows
            if list(each) != rows:
                return None
        lists[name] = list(each.values()) if isinstance(each, dict) else each
    if len({len(each) for each in lists.values()}) != 1:
        return None
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def own(record: Record) -> Record:
    """Take the content of a record out of what a portal puts around it."""
    inner = record.get("record")
    for around in (inner if isinstance(inner, dict) else record, record):
        for name in _OWN:
            if isinstance(found := around.get(name), dict):
                return found
    return record


def rows_of(records: Sequence[Record], add: Callable[[Record], None], depth: int = _DEPTH) -> None:
    """Give each row of some records.

    Args:
        records: the records.
        add: is given each row, and raises where there are too many.
        depth: lists in lists that are followed.
    """
    many = _many(records) if depth else None
    for record in map(own, records):
        values = dict(_flat({name: each for name, each in record.items() if name != many}))
        each_of = record.get(many) if many is not None else None
        if many is None or not isinstance(each_of, list) or not each_of:
            add(values)
            continue
        rows_of(
            [_called(own(each), many) for each in each_of],
            lambda row, values=values: add(  # type: ignore[misc]
                values | {f"{many} {name}" if name in values else name: each for name, each in row.items()}
            ),
            depth - 1,
        )


def _many(records: Sequence[Record]) -> str | None:
    """The one name that is a list of objects in the records, as that of the choices is; None where there is none."""
    names = {
        name
        for record in map(own, records)
        for name, value in record.items()
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
    }
    return names.pop() if len(names) == 1 else None


def _called(record: Record, of: str) -> Record:
    """A record of a list of bureaux or communes: « numero » in it is « numero bureaux »."""
    if meaning_of(of) not in ("bureau", "commune"):
        return record
    return {f"{name} {of}" if key(name) in wordings().kinds[INNER] else name: value for name, value in record.items()}


def _flat(record: Record, outer: str = "", depth: int = _DEPTH) -> Iterator[tuple[str, Any]]:
    """The values of a record, those of objects in it by both names where one alone does not say what they are."""
    for name, value in record.items():
        if isinstance(value, dict) and depth:
            taken = {each for each in record if each != name}
            for inner, each in _flat(value, name, depth - 1):
                yield _name_cell(name, inner, taken), each
        else:
            yield name, value


def _name_cell(outer: str, inner: str, taken: set[str]) -> str:
    meant = meaning_of(outer)
    if key(inner) in wordings().kinds[INNER] and meant in ("bureau", "commune"):
        return f"{inner} {outer}"
    of_choices = meant in ("choix", "votes", "votes_found") or key(outer) in wordings().kinds[FIGURES]
    counted = meaning_of(inner) in OF_VOTERS and round_of(outer) is None
    return inner if (of_choices or counted) and inner not in taken else f"{outer} {inner}"
