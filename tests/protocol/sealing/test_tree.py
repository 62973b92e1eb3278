"""The hash tree, against the public vectors of other logs and the definitions of the RFC."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.sealing.tree import HashTree, hash_leaf, hash_leaves, is_continued, root_of_path

STANDARD = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243")]
STANDARD += [bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70))]
"""The eight leaves that logs are tried with."""
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
leaves = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def tree_of(data: list[bytes]) -> HashTree:
    return HashTree(hash_leaves(data))


def defined(data: list[bytes]) -> bytes:
    """The root as RFC 6962, 2.1 defines it."""
    if len(data) <= 1:
        return sha256(b"\0" + data[0]).digest() if data else sha256().digest()
    split = 1 << (len(data) - 1).bit_length() - 1
    return sha256(b"\1" + defined(data[:split]) + defined(data[split:])).digest()


def defined_path(index: int, data: list[bytes]) -> list[bytes]:
    """The path of a leaf as RFC 6962, 2.1.1 defines it."""
    if len(data) <= 1:
        return []
    split = 1 << (len(data) - 1).bit_length() - 1
    if index < split:
        return [*defined_path(index, data[:split]), defined(data[split:])]
    return [*defined_path(index - split, data[split:]), defined(data[:split])]


def vectors(folder: Path, kind: str) -> list[dict[str, Any]]:
    lines = (folder / "merkle_vectors" / "transparency-dev_merkle_518.jsonl").read_text().splitlines()
    return [each for each in map(json.loads, lines) if each["path"].startswith(f"{kind}/")]


def hashes(vector: dict[str, Any], key: str) -> list[bytes]:
    return [base64.b64decode(each) for each in vector[key] or []]


def test_inclusion_as_public_vectors_have_it(real_data: Path) -> None:
    found = vectors(real_data, "inclusion")
    assert (len(found), sum(not each["wantErr"] for each in found)) == (98, 6)
    for each in found:
        leaf, root = (base64.b64decode(each[key]) for key in ("leafHash", "root"))
        led = root_of_path(each["leafIdx"], each["treeSize"], leaf, hashes(each, "proof"))
        assert (led == root) is not each["wantErr"], each["path"]


def test_consistency_as_public_vectors_have_it(real_data: Path) -> None:
    found = vectors(real_data, "consistency")
    assert (len(found), sum(not each["wantErr"] for each in found)) == (98, 6)
    for each in found:
        first, second = (base64.b64decode(each[key]) for key in ("root1", "root2"))
        held = is_continued(each["size1"], first, each["size2"], second, hashes(each, "proof"))
        assert held is not each["wantErr"], each["path"]


def test_nothing_goes_on_from_an_empty_tree(real_data: Path) -> None:
    found = [each for each in vectors(real_data, "consistency") if each["size1"] == 0]
    assert len(found) == 9
    empty = HashTree().root()
    assert empty == sha256().digest()
    assert not is_continued(0, empty, 0, empty, [])
    assert not is_continued(0, empty, 8, tree_of(STANDARD).root(), [])


def test_inclusion_in_a_part_of_a_tree(real_data: Path) -> None:
    """A part that is a tree of its own starts at a multiple of a power of two that it fits into."""
    found = vectors(real_data, "subtreeinclusion")
    assert len(found) == 204
    for each in found:
        start, end = each["start"], each["end"]
        leaf, root = (base64.b64decode(each[key]) for key in ("leafHash", "root"))
        whole = 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0
        led = root_of_path(each["leafIdx"] - start, end - start, leaf, hashes(each, "proof"))
        assert (whole and led == root) is not each["wantErr"], each["path"]


def test_the_standard_leaves_give_the_root_of_the_rfc() -> None:
    assert tree_of(STANDARD).root().hex() == ROOT
    for size in range(1, 9):
        assert tree_of(STANDARD).root(size) == defined(STANDARD[:size])
        assert tree_of(STANDARD).first(size).root() == defined(STANDARD[:size])


@given(leaves)
def test_roots_and_paths_are_those_of_the_rfc(data: list[bytes]) -> None:
    tree = tree_of(data)
    assert tree.root() == defined(data)
    for index, each in enumerate(data):
        assert tree.path(index) == defined_path(index, data)
        assert root_of_path(index, len(data), hash_leaf(each), tree.path(index)) == tree.root()


@given(leaves, st.data())
def test_a_tree_that_grew_is_the_one_made_at_once(data: list[bytes], draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data)))
    tree = tree_of(data[:at])
    tree.extend(hash_leaves(data[at:]))
    assert (tree.size, tree.root()) == (len(data), defined(data))
    assert [tree.path(index) for index in range(len(data))] == [tree_of(data).path(index) for index in range(len(data))]
    assert tree.root(at) == defined(data[:at])


@given(leaves, st.data())
def test_consistency_holds_for_what_grew_and_for_nothing_else(data: list[bytes], draw: st.DataObject) -> None:
    size = draw.draw(st.integers(1, len(data)))
    tree = tree_of(data)
    proof, old, new = tree.consistency(size), tree.root(size), tree.root()
    assert is_continued(size, old, len(data), new, proof)
    changed = draw.draw(st.integers(0, size - 1))
    other = tree_of([*data[:changed], data[changed] + b"?", *data[changed + 1 :]])
    assert not is_continued(size, old, len(data), other.root(), other.consistency(size))
    assert not is_continued(size, other.root(size), len(data), new, proof)
    assert not is_continued(size, old, len(data), new, [*proof, old])
    if proof:
        assert not is_continued(size, old, len(data), new, proof[:-1])


@given(leaves, st.data())
def test_a_path_holds_for_its_leaf_at_its_place_only(data: list[bytes], draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, len(data) - 1))
    tree, size = tree_of(data), len(data)
    path, leaf = tree.path(index), hash_leaf(data[index])
    assert root_of_path(index, size, hash_leaf(data[index] + b"?"), path) != tree.root()
    assert root_of_path(index, size, leaf, [*path, leaf]) is None
    assert root_of_path(size, size, leaf, path) is None
    assert root_of_path(-1, size, leaf, path) is None
    for at, each in enumerate(path):
        damaged = bytes([each[0] ^ 1]) + each[1:]
        assert root_of_path(index, size, leaf, [*path[:at], damaged, *path[at + 1 :]]) != tree.root()
        assert root_of_path(index, size, leaf, [*path[:at], each[:-1], *path[at + 1 :]]) is None
    for other in range(size):
        if data[other] != data[index]:
            assert root_of_path(other, size, leaf, path) != tree.root()


def test_there_is_nothing_of_a_leaf_or_a_tree_that_there_is_not() -> None:
    tree = tree_of(STANDARD)
    for ask, wrong in ((tree.path, (-1, 8, 9)), (tree.consistency, (0, 9)), (tree.root, (9,))):
        for number in wrong:
            with pytest.raises(ValueError, match="no leaf" if ask == tree.path else "no tree"):
                ask(number)
