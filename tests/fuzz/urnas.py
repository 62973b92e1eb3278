"""Fuzzing of the files of Brazilian urnas: bulletins, votes, printed texts, QR texts, signatures, published tables.

Most changes keep the lengths of what holds the changed element, so that they come past the first byte. Whatever the
bytes, the file is accounted for, no count is below zero, and the digits of a null vote come into nothing that is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from protocol.bu.bounds import Undecodable, check_bounds, children, element
from protocol.bu.bulletin import EnvelopeKind
from protocol.bu.reader import read
from protocol.bu.schema import FormatVersion
from tests.fuzz import _guided
from tests.fuzz._guided import Bounds, Harness, Random, one_of
from tests.protocol.bu.days import BULLETIN_NAME, LAYOUT, day
from tests.protocol.bu.printing import write_printed
from tests.protocol.bu.qr_texts import write_qr_texts
from tests.protocol.bu.signing import e521_chip, p521_chip, signature_file
from tests.protocol.bu.writing import write_ballots, write_bulletin, write_envelope

BOUNDS = Bounds(seconds=5, memory=64 * 2**20)
"""For files of a few kilobytes; the first one of a version has its formats compiled."""
MAX_SIZE = 2**16
PLANTED = "31973"
_CONSTRUCTED, _OCTETS = 0x20, 0x04
_TAGS = (0x02, 0x04, 0x0A, 0x12, 0x1B, 0x30, 0x80, 0x81, 0x82, 0xA0, 0xA1, 0xA3, 0x1F, 0x24)
_CONTENTS = (
    b"",
    b"\x00",
    b"\xff",
    b"\x7f" * 9,
    b"\x80" + bytes(8),
    b"31973",
    b"\xff\xff",
    bytes(70),
    b"20221399T256199",
)


@dataclass(slots=True)
class Node:
    """An element, with its bytes or the elements in it."""

    tag: int
    content: bytes = b""
    inner: list[Node] = field(default_factory=list)

    def encode(self) -> bytes:
        """Its bytes, the length in its shortest form."""
        content = b"".join(each.encode() for each in self.inner) if self.inner else self.content
        size = len(content)
        count = (size.bit_length() + 7) // 8
        length = bytes([size]) if size < 128 else bytes([0x80 | count]) + size.to_bytes(count, "big")
        return bytes([self.tag]) + length + content

    def all(self) -> list[Node]:
        """Itself and all elements in it."""
        return [self, *(node for each in self.inner for node in each.all())]


def tree(data: bytes) -> Node:
    """The elements of a file, those within the content of an envelope as well.

    Raises:
        Undecodable: they are none.
    """
    check_bounds(data)
    return _node(data, element(data, 0, len(data)))


def _node(data: bytes, place: tuple[int, int, int]) -> Node:
    tag, start, end = place
    node = Node(tag, data[start:end])
    if tag & _CONSTRUCTED:
        node.inner = [_node(data, each) for each in children(data, place)]
    elif tag == _OCTETS and end - start > 64:
        try:
            node.inner = [tree(data[start:end])]
        except Undecodable:
            node.inner = []
    return node


def seeds() -> dict[str, bytes]:
    """One example of each kind."""
    made, later = day(), day(2024)
    first, last = FormatVersion.V2022, FormatVersion.V2024
    files = {BULLETIN_NAME[first]: b"x", "o00406-0605000020824.chvtp": b"y"}
    chips = e521_chip(made.machine), p521_chip(made.machine)
    return {
        "bulletin2022": write_bulletin(made, first),
        "bulletin2024": write_bulletin(later, last),
        "ballots2022": write_ballots(made, first, PLANTED),
        "ballots2024": write_ballots(later, last, PLANTED),
        "printed": write_envelope(made, first, EnvelopeKind.PRINTED, write_printed(made)),
        "signatures2022": signature_file("2022", chips[0], files),
        "signatures2024": signature_file("2024", chips[1], files),
        "signatures2026": signature_file("2026", chips[0], files),
        "qr": "\n".join(write_qr_texts(made)).encode("latin-1"),
    }


def examine(name: str, path: Path, data: bytes) -> int:
    """Read one file.

    Returns:
        1 where something in it was used.

    Raises:
        AssertionError: it is lost, counts below zero, or says what a voter typed.
    """
    path.write_bytes(data)
    found = read(LAYOUT, [path], signatures=name.startswith("signatures"))
    [file] = found.files
    assert file.taken_for or found.problems, "a file about which nothing is said"
    assert (found.tallies.rows["votes"] >= 0).all()
    assert (found.tallies.counts["ballots"] >= -1).all()
    said = repr((file.taken_for, file.note, found.checks, found.problems, found.facts)).replace(str(path), "")
    assert not (name.startswith("ballots") and PLANTED in said), "the digits of a vote"
    for problem in found.problems:
        assert path.name in str(problem)
    return int(bool(file.taken_for))


def changed(data: bytes, other: bytes, random: Random) -> bytes:
    """An input changed at random, most often so that every length is right still."""
    if random.integers(4) == 0:
        return _guided.mutated(data, other, random)
    try:
        root, pieces = tree(data), tree(other).all()
    except Undecodable:
        return _guided.mutated(data, other, random)
    for _ in range(int(random.integers(1, 3))):
        nodes = root.all()
        node = one_of(nodes, random)
        kind = int(random.integers(12))
        if kind == 0 and node.inner:
            del node.inner[int(random.integers(len(node.inner)))]
        elif kind == 1 and node.inner:
            node.inner.append(one_of(node.inner, random))
        elif kind == 2 and node.inner:
            node.inner[int(random.integers(len(node.inner)))] = one_of(pieces, random)
        elif kind == 3:
            node.tag = one_of(_TAGS, random)
        elif kind == 4 and not node.inner:
            node.content = one_of(_CONTENTS, random)
        elif kind > 4:
            leaves = [each for each in nodes if each.content and not each.inner]
            if not leaves:
                break
            node = one_of(leaves, random)
            at = int(random.integers(len(node.content)))
            node.content = node.content[:at] + bytes([int(random.integers(256))]) + node.content[at + 1 :]
        if len(root.all()) > 5000:
            break
    return root.encode()[:MAX_SIZE]


run = Harness(seeds, examine, BOUNDS, changed).run
