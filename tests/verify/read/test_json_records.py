"""JSON as portals and programs write it, as rows below a header."""

import json

import pytest

from protocol.errors import InputError
from verify.read.published.source import OpenedSource
from verify.read.rows import Problems
from verify.read.spreadsheets.json_tables import json_table

RECORD = {"bureau": "0001", "votants": 702, "taux": 70.0, "ferme": None}
ROWS = [["bureau", "votants", "taux", "ferme"], ["0001", "702", "70", ""]]


def table(values: object) -> list[list[str]] | None:
    data = json.dumps(values).encode()
    found = json_table(OpenedSource("a.json", "", len(data), "a.json", data))
    return None if found is None else list(found.rows(Problems("")))


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


COUNTS = {"inscrits": 400, "votants": 300}
BUREAU_ROWS = [["bureau", "inscrits", "votants"], ["0001", "400", "300"], ["0002", "400", "300"]]


@pytest.mark.parametrize(
    "values",
    [
        dict.fromkeys(("0001", "0002"), COUNTS),
        {"bureaux": dict.fromkeys(("0001", "0002"), COUNTS), "total": 2},
        {str(at): {"bureau": f"000{at}"} | COUNTS for at in (1, 2)},
        {"bureau": ["0001", "0002"], "inscrits": [400, 400], "votants": [300, 300]},
        {"bureau": {"0": "0001", "1": "0002"}, "inscrits": {"0": 400, "1": 400}, "votants": {"0": 300, "1": 300}},
        {"bureaux": [{"bureau": f"000{at}", "participation": COUNTS} for at in (1, 2)]},
    ],
    ids=["by code", "by code below a name", "by number", "columns", "columns by number", "counts in an object"],
)
def test_bureaux_in_other_shapes(values: dict[str, object]) -> None:
    found = table(values)
    assert found is not None
    found[0] = ["bureau" if name == "bureaux" else name for name in found[0]]
    assert found == BUREAU_ROWS


def test_bureaux_by_commune() -> None:
    rows = [["commune", "bureau", "inscrits", "votants"], ["31555", "1", "400", "300"], ["31069", "1", "400", "300"]]
    assert table({"31555": {"1": COUNTS}, "31069": {"1": COUNTS}}) == rows
    bureaux = [{"numero": 1} | COUNTS]
    communes = [{"code": "31555", "bureaux": bureaux}, {"code": "31069", "bureaux": bureaux}]
    found = table({"communes": communes})
    assert found == [["code communes", "numero bureaux", "inscrits", "votants"], *(row for row in rows[1:])]


def test_votes_by_name_and_choices_as_objects() -> None:
    by_name = {"bureau": "1", "votants": 300, "resultats": {"ZOLA": 200, "CURIE": 100}}
    assert table([by_name]) == [["bureau", "votants", "ZOLA", "CURIE"], ["1", "300", "200", "100"]]
    choice = {"candidat": {"nom": "ZOLA", "prenom": "Émile"}, "voix": 200}
    found = table([{"bureau": "1", "votants": 300, "resultats": [choice]}])
    assert found == [["bureau", "votants", "nom", "prenom", "voix"], ["1", "300", "ZOLA", "Émile", "200"]]


def test_rounds_by_name_and_what_stands_beside_the_records() -> None:
    first, second = ({"bureau": "1", "votants": count} for count in (300, 310))
    assert table({"commune": "Essai", "tour1": [first], "tour2": [second], "total": 2}) == [
        ["commune", "bureau", "votants", "tour"],
        ["Essai", "1", "300", "1"],
        ["Essai", "1", "310", "2"],
    ]
    assert table([{"bureau": "1", "tour1": {"votants": 300}, "tour2": {"votants": 310}}]) == [
        ["bureau", "tour1 votants", "tour2 votants"],
        ["1", "300", "310"],
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_an_object_on_each_line(end: str) -> None:
    data = "\n".join(json.dumps(RECORD | {"bureau": code}) for code in ("0001", "0002")).encode() + end.encode()
    found = json_table(OpenedSource("a.ndjson", "", len(data), "a.ndjson", data))
    assert found is not None
    assert [row[0] for row in found.rows(Problems(""))] == ["bureau", "0001", "0002"]
    with pytest.raises(InputError):
        json_table(OpenedSource("a.ndjson", "", len(data), "a.ndjson", data + b"{]"))


def test_lists_in_lists_stay_within_bounds() -> None:
    wide = {f"c{n}": n for n in range(1000)}
    with pytest.raises(InputError, match=r"at most \d+ cells"):
        table([wide | {"a": [{"b": 1}] * 5000}])
    deep: dict[str, object] = {"votants": 1}
    for _ in range(50):
        deep = {"bureaux": [deep]}
    assert table([deep]) == [["bureaux"], ["…"]]


def test_what_is_no_table_is_none() -> None:
    for values in ({}, {"a": 1}, [1, 2], {"a": [{}], "b": [{"x": 1}]}, "text", [[], 1]):
        assert table(values) in (None, [[]])


def test_bounds() -> None:
    with pytest.raises(InputError, match="1025 names"):
        table([{f"c{n}": n for n in range(1025)}])
    with pytest.raises(InputError, match=r"at most \d+ cells"):
        table([{f"c{n}": 1 for n in range(1000)}, *([{"c0": 1}] * 5000)])
