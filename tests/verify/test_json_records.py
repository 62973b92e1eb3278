"""JSON as portals and programs write it, as rows below a header."""

from __future__ import annotations

import json

import pytest

from protocol.errors import InputError
from verify.read.published.source import OpenedSource
from verify.read.spreadsheets.json_records import json_table

RECORD = {"bureau": "0001", "votants": 702, "taux": 70.0, "ferme": None}
ROWS = [["bureau", "votants", "taux", "ferme"], ["0001", "702", "70", ""]]


def table(values: object) -> list[list[str]] | None:
    data = json.dumps(values).encode()
    found = json_table(OpenedSource("a.json", "", len(data), "a.json", data))
    return None if found is None else list(found.rows())


@pytest.mark.parametrize(
    "values",
    [
        [RECORD],
        [{"datasetid": "x", "fields": RECORD}],
        {"total_count": 1, "results": [RECORD]},
        {"nhits": 1, "records": [{"recordid": "y", "fields": RECORD}]},
        {"records": [{"links": [], "record": {"id": "z", "fields": RECORD}}]},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None, "properties": RECORD}]},
        [list(RECORD), list(RECORD.values())],
        {"columns": list(RECORD), "index": [0], "data": [list(RECORD.values())]},
        {"fields": [{"id": name} for name in RECORD], "rows": [list(RECORD.values())]},
    ],
    ids=["plain", "portal", "results", "records", "record", "geojson", "lists", "pandas", "fields"],
)
def test_every_form_of_records(values: object) -> None:
    assert table(values) == ROWS


def test_an_object_in_a_record_gives_columns_and_a_list_of_them_rows() -> None:
    record = {"bureau": "1", "lieu": {"nom": "École", "cp": "77001"}, "tags": ["a", "b"]}
    choices = [{"nom": "ZOLA", "voix": 400}, {"nom": "CURIE", "voix": 300, "bureau": "autre"}]
    assert table([record | {"candidats": choices}, record | {"candidats": []}]) == [
        ["bureau", "lieu nom", "lieu cp", "tags", "nom", "voix", "candidats bureau"],
        ["1", "École", "77001", "…", "ZOLA", "400", ""],
        ["1", "École", "77001", "…", "CURIE", "300", "autre"],
        ["1", "École", "77001", "…", "", "", ""],
    ]


@pytest.mark.parametrize("values", [{}, {"a": 1}, [1, 2], {"a": [{}], "b": [{"x": 1}]}, "text", [[], 1]])
def test_what_is_no_table_is_none(values: object) -> None:
    assert table(values) in (None, [[]])


def test_bounds() -> None:
    with pytest.raises(InputError, match="1025 names"):
        table([{f"c{n}": n for n in range(1025)}])
    with pytest.raises(InputError, match=r"at most \d+ cells"):
        table([{f"c{n}": 1 for n in range(1000)}, *([{"c0": 1}] * 5000)])
