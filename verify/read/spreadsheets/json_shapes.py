"""The records in JSON of any shape: lists of objects, objects by the code of their bureau or by round, columns.

A record is an object; it may stand in ``fields`` (open data portals), in ``record.fields``, in ``properties`` (GeoJSON)
or in ``attributes`` (map servers). An object in a record gives columns of its own. The one list of objects in each
record, as the choices of a bureau, or the bureaux of a commune, gives a row for each of them, with the record's other
values beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from verify.model.stated import round_of
from verify.read.published.stated import is_stated
from verify.read.tables.headers import meaning_of
from verify.read.tables.wordings import FIGURES, key, wordings

Record = dict[str, Any]
HEADERS = ("columns", "header", "headers", "fields")
_OWN = ("fields", "properties", "attributes")
_PLACES = frozenset(("insee", "commune", "departement", "circonscription", "bureau"))
_COUNTS = frozenset(("registered", "votants", "votes_found", "signatures", "blank", "null", "valid"))
_BARE = frozenset(map(key, ("code", "nom", "numéro", "n°", "num", "id", "libellé", "name", "label", "insee")))
"""Names that say what they are of by the object or list that they stand in alone."""
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
    if not all(any(meaning_of(column) in _COUNTS for column, _ in _flat(each)) for each in objects):
        return None
    named = any(meaning_of(column) == "bureau" for column in objects[0])
    own_key = "" if named else name if meaning_of(name) == "bureau" else "bureau"
    return [({own_key: code} if own_key else {}) | each for code, each in values.items()]


def _columns(values: Record) -> list[Record] | None:
    """Records that are written column by column, as lists or by the number of the row."""
    columns = {name: each for name, each in values.items() if isinstance(each, (list, dict))}
    meant = set(map(meaning_of, columns))
    if "bureau" not in meant or meant.isdisjoint(_COUNTS):
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
    """What a record holds, out of what a portal puts around it."""
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
    return {f"{name} {of}" if key(name) in _BARE else name: value for name, value in record.items()}


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
    if key(inner) in _BARE and meant in ("bureau", "commune"):
        return f"{inner} {outer}"
    of_choices = meant in ("choix", "votes", "votes_found") or key(outer) in wordings().kinds[FIGURES]
    counted = meaning_of(inner) in _COUNTS and round_of(outer) is None
    return inner if (of_choices or counted) and inner not in taken else f"{outer} {inner}"
