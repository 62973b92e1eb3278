"""The list of a document of any size, split into its elements: the same for every size of block."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.cvr import elements
from protocol.cvr.elements import ElementStream, list_start, mark
from protocol.errors import InputError
from protocol.opening import FileInParts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text('{}[],:"\\ aé\u2028', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('{}":\\a', max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text('{}":\\a', max_size=4), JSON, max_size=4), max_size=6)


def parts(path: Path, block: int, max_head: int = elements.MAX_HEAD) -> tuple[list[Any], dict[str, Any]]:
    file = FileInParts(path)
    try:
        stream = ElementStream(file, "Sessions", max_head, block)
        found = []
        for each in stream.blocks():
            assert path.read_bytes()[each.offset : each.end] == each.data
            whole = json.loads(b"[%b]" % each.data)
            assert whole == [json.loads(each.data[a:b]) for a, b in zip(each.starts, each.ends, strict=True)]
            again = mark(each.data)
            for name in ("quotes", "backslashes", "braces", "depths"):
                np.testing.assert_array_equal(getattr(each.marked, name), getattr(again, name))
            found += whole
        assert file.sha256
        return found, stream.outside
    finally:
        file.close()


@given(sessions=OBJECTS, before=JSON, after=JSON, block=st.integers(1, 60), indent=st.sampled_from([None, 0, 3]))
def test_any_json_in_any_blocks(
    tmp_path_factory: pytest.TempPathFactory,
    sessions: list[Any],
    before: Any,
    after: Any,
    block: int,
    indent: int | None,
) -> None:
    path = tmp_path_factory.getbasetemp() / "document.json"
    document = {"x": before, "Sessions": sessions, "y": after}
    for escaped in (False, True):
        separators = (",", ":") if indent is None else None
        text = json.dumps(document, ensure_ascii=escaped, separators=separators, indent=indent)
        path.write_text(text, encoding="utf-8")
        found, outside = parts(path, block)
        assert found == sessions
        assert outside == {**document, "Sessions": []}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "a list Sessions near its beginning"),
        (b"[]", "a list Sessions near its beginning"),
        (b'{"a":{"Sessions":[{}]}}', "a list Sessions near its beginning"),
        (b'{"a":["Sessions",[{}]]}', "a list Sessions near its beginning"),
        (b'{"a":"\\"Sessions\\":["}', "a list Sessions near its beginning"),
        (b'{"Sessions":{}}', "a list Sessions near its beginning"),
        (b'{"Sessions":[{}', "a list Sessions with its end"),
        (b'{"Sessions":[{},', "a list Sessions with its end"),
        (b'{"Sessions":[{"a":"', "a list Sessions with its end"),
        (b'{"Sessions":[1]}', "one ballot after another"),
        (b'{"Sessions":[{} {}]}', "one ballot after another"),
        (b'{"Sessions":[{},,{}]}', "one ballot after another"),
        (b'{"Sessions":[,{}]}', "one ballot after another"),
        (b'{"Sessions":[[{}]]}', "one ballot after another"),
        (b'{"Sessions":[{}:{}]}', "one ballot after another"),
        (b'{"Sessions":[{},]}', "one ballot after another"),
        (b'{"Sessions":[{}]', "JSON in UTF-8"),
        (b'{"Sessions":[{}]}}', "JSON in UTF-8"),
        (b'{"Sessions":[{}]} more', "JSON in UTF-8"),
        (b'{"Sessions":[{}],"Sessions":[{}]}', "each key once"),
        (b'{"Sessions":[{}],"\\u0053essions":[]}', "each key once"),
        (b'{"a":1,"a":2,"Sessions":[]}', "each key once"),
    ],
)
def test_what_is_no_such_document(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "a").write_bytes(data)
    for block in (1, 5, 1000):
        with pytest.raises(InputError, match=said):
            parts(tmp_path / "a", block)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "MAX_ELEMENT", 1000)
    for data, said in (
        (b'{"a":"%b","Sessions":[]}' % (b"x" * 200), "near its beginning"),
        (b'{"Sessions":[],"a":"%b"}' % (b"x" * 200), "bytes after the list"),
        (b'{"Sessions":[{"a":"%b"}]}' % (b"x" * 1000), "for one ballot"),
        (b'{"Sessions":[%b' % (b"{" * 5000), "for one ballot"),
        (b'{"Sessions":[%b' % (b'{"a":"' + b"\\" * 5000), "for one ballot"),
    ):
        (tmp_path / "a").write_bytes(data)
        for block in (10, 10_000):
            with pytest.raises(InputError, match=said):
                parts(tmp_path / "a", block, max_head=100)


def test_where_a_list_begins() -> None:
    for data in (
        b'\xef\xbb\xbf { "Version" : "{[" , "Sessions" : [',
        b'{"a":{"Sessions":[]},"b":["Sessions"],"Sessions":[',
    ):
        assert list_start(data + b'{"Sessions":[', "Sessions") == len(data)
    assert list_start(b'{"Sessions":', "Sessions") is None
    assert list_start(b'{"' + b"\\" * 50_000, "Sessions") is None


def test_escapes_before_quotes() -> None:
    for count in range(6):
        data = b'{"a":"%b"}' % (b"\\" * count)
        assert len(mark(data).quotes) == 4 - count % 2
