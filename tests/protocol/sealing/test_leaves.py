"""The canonical leaf."""

import dataclasses
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given

from protocol.sealing.leaves import MAX_COUNT, MAX_LEAF, Leaf, LeafElection, LeafVotes, parse_leaf
from protocol.sealing.seal_error import SealError
from tests.protocol.sealing.samples import a_leaf, any_leaf

ABSENT = object()


@given(any_leaf)
def test_a_leaf_is_what_rfc_8785_makes_of_its_values(leaf: Leaf) -> None:
    data = leaf.canonical()
    assert rfc8785.dumps(json.loads(data)) == data
    assert parse_leaf(data) == leaf
    assert parse_leaf(data).canonical() == data


def test_a_leaf_as_the_specification_shows_it() -> None:
    assert a_leaf("0001").replacing(17).canonical().decode() == (
        '{"bureau":"0001","digests":{"export":"' + "0a" * 32 + '"},'
        '"election":{"date":"2017-05-07","id":"2017-presidentielle-2","round":2},'
        '"figures":{"blank":10,"null":2,"registered":958,"signatures":727,"valid":715,"votes_found":727},'
        '"format":"regard-leaf@v1","insee":"76351","poll":"1","replaces":17,'
        '"sources":{"registered":"pv","signatures":"emargements","votes":"pv","votes_found":"pv"},'
        '"votes":[{"choice":1,"name":"MACRON Emmanuel","votes":400},{"choice":2,"name":"LE PEN Marine","votes":315}]}'
    )


def test_what_is_missing_has_no_key() -> None:
    leaf = Leaf(LeafElection("x"), "76351", "01.1", votes=(LeafVotes("MACRON Emmanuel", None), LeafVotes("", 0)))
    assert leaf.canonical().decode() == (
        '{"bureau":"01.1","digests":{},"election":{"id":"x"},"figures":{},"format":"regard-leaf@v1","insee":"76351",'
        '"poll":"1","sources":{},"votes":[{"name":"MACRON Emmanuel"},{"name":"","votes":0}]}'
    )


def test_a_bureau_is_a_text() -> None:
    for bureau in ("01.1", "0A11", "1", "0001", " 1", "é"):
        assert parse_leaf(a_leaf(bureau).canonical()).bureau == bureau


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(SealError, match="half a character"):
        a_leaf(text).canonical()
    with pytest.raises(SealError, match="no JSON"):
        parse_leaf(a_leaf("#").canonical().replace(b"#", json.dumps(text)[1:-1].encode()))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "regard-leaf@v2"),
        ("bureau", 1),
        ("insee", None),
        ("poll", 1),
        ("election", {}),
        ("election", {"id": 1}),
        ("election", {"id": "x", "date": "20170507"}),
        ("election", {"id": "x", "date": "2017-02-30"}),
        ("election", {"id": "x", "date": None}),
        ("election", {"id": "x", "round": True}),
        ("election", {"id": "x", "round": 10}),
        ("election", {"id": "x", "kind": "y"}),
        ("figures", []),
        ("figures", {"registered": -1}),
        ("figures", {"registered": None}),
        ("figures", {"registered": True}),
        ("figures", {"registered": 1.0}),
        ("figures", {"registered": "1"}),
        ("figures", {"registered": MAX_COUNT + 1}),
        ("figures", {"votes": 1}),
        ("figures", {"other": 1}),
        ("sources", {"registered": "Le PV"}),
        ("sources", {"other": "pv"}),
        ("votes", {}),
        ("votes", [[]]),
        ("votes", [{"votes": 1}]),
        ("votes", [{"name": "x", "votes": -1}]),
        ("votes", [{"name": "x", "choice": "1"}]),
        ("votes", [{"name": "x", "share": 1}]),
        ("digests", {"export": "0A" * 32}),
        ("digests", {"export": "0a" * 31}),
        ("digests", {"PV 1": "0a" * 32}),
        ("replaces", -1),
        ("replaces", MAX_COUNT + 1),
        ("replaces", None),
        ("remark", "x"),
        *((key, ABSENT) for key in ("bureau", "digests", "election", "figures", "format", "insee", "poll", "votes")),
    ],
)
def test_what_no_leaf_says(key: str, value: Any) -> None:
    values = json.loads(a_leaf("0001").canonical()) | {key: value}
    if value is ABSENT:
        del values[key]
    with pytest.raises(SealError, match="is not what the format says"):
        parse_leaf(json.dumps(values, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 60_000,
        b"1" * 5000,
        b"NaN",
        b"{" + b" " * MAX_LEAF + b"}",
    ],
)
def test_what_is_no_leaf_at_all(data: bytes) -> None:
    with pytest.raises(SealError):
        parse_leaf(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"poll":"1"', b'"poll": "1"'),
        (b'"poll":"1"', b'"poll":"\\u0031"'),
        (b'"blank":10,', b'"blank":10,"blank":10,'),
        (b'"blank":10,', b'"blank":1e1,'),
        (b'"blank":10,"null":2', b'"null":2,"blank":10'),
        (b"}", b"}\n"),
    ],
)
def test_there_is_one_way_to_write_a_leaf(old: bytes, new: bytes) -> None:
    data = a_leaf("0001").canonical()
    with pytest.raises(SealError, match="canonical"):
        parse_leaf(data[: data.rindex(old)] + new + data[data.rindex(old) + len(old) :])


def test_what_cannot_be_read_again_is_not_sealed() -> None:
    with pytest.raises(SealError, match="figures"):
        dataclasses.replace(a_leaf("0001"), figures={"registered": -1}).canonical()
    with pytest.raises(SealError, match="more than"):
        a_leaf("0" * MAX_LEAF).canonical()
