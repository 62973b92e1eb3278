"""The hash tree of RFC 6962 and RFC 9162: roots, paths from a leaf to its root, proofs that a tree only grew.

A tree keeps its levels as bytes, so that a path is looked up and never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH_SIZE = 32
MAX_TREE = 2**63 - 1
"""Leaves of the largest tree that a proof may speak of."""
_LEAF, _NODE = b"\0", b"\1"


def hash_leaf(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(_LEAF + leaf).digest()


def hash_leaves(leaves: Sequence[bytes]) -> bytes:
    """The hashes of leaves, one after another."""
    return b"".join([sha256(_LEAF + leaf).digest() for leaf in leaves])


class HashTree:
    """A tree over the hashes of its leaves.

    A level has a node for every two of the one below; an odd one at its end is passed up as it is. All nodes that both
    RFCs define for the tree, and for every tree that it grew from, are among them.

    Args:
        hashes: of its leaves, one after another.
    """

    def __init__(self, hashes: bytes = b"") -> None:
        self._levels: list[bytes] = [b""]
        self.extend(hashes)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return len(self._levels[0]) // HASH_SIZE

    def extend(self, hashes: bytes) -> None:
        """Append leaves by their hashes."""
        before = self.size
        self._levels[0] += hashes
        at = 0
        while len(below := self._levels[at]) > HASH_SIZE:
            at += 1
            if at == len(self._levels):
                self._levels.append(b"")
            whole = before >> at  # nodes over leaves that were all there before
            ends = range(2 * HASH_SIZE * (whole + 1), len(below) + 1, 2 * HASH_SIZE)
            nodes = [sha256(_NODE + below[end - 2 * HASH_SIZE : end]).digest() for end in ends]
            if len(below) // HASH_SIZE % 2:
                nodes.append(below[-HASH_SIZE:])
            self._levels[at] = self._levels[at][: whole * HASH_SIZE] + b"".join(nodes)

    def root(self, size: int | None = None) -> bytes:
        """The root of the tree, or of the one that its first ``size`` leaves make."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError(f"no tree of {size} leaves in one of {self.size}")
        found = b""
        for at in range(size.bit_length()):
            if size >> at & 1:
                node = self._node(at, (size >> at) - 1)
                found = sha256(_NODE + node + found).digest() if found else node
        return found or sha256().digest()

    def first(self, size: int) -> HashTree:
        """The tree of the first ``size`` leaves."""
        return HashTree(self._levels[0][: size * HASH_SIZE])

    def path(self, index: int) -> list[bytes]:
        """The hashes that lead from a leaf to the root: its sibling first."""
        if not 0 <= index < self.size:
            raise ValueError(f"no leaf {index} in a tree of {self.size}")
        return self._up(0, index)

    def consistency(self, size: int) -> list[bytes]:
        """The hashes by which the tree of the first ``size`` leaves is seen to be a part of this one."""
        if not 1 <= size <= self.size:
            raise ValueError(f"no tree of {size} leaves in one of {self.size}")
        if size == self.size:
            return []
        at, node = 0, size - 1
        while node & 1:
            at, node = at + 1, node >> 1
        start = [self._node(at, node)] if node else []
        return start + self._up(at, node)

    def _node(self, level: int, index: int) -> bytes:
        return self._levels[level][index * HASH_SIZE : (index + 1) * HASH_SIZE]

    def _up(self, level: int, index: int) -> list[bytes]:
        """The siblings of a node and of all those above it."""
        found = []
        for nodes in self._levels[level:]:
            start = (index ^ 1) * HASH_SIZE
            if start < len(nodes):
                found.append(nodes[start : start + HASH_SIZE])
            index >>= 1
        return found


def root_of_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to from the hash of a leaf (RFC 9162, 2.1.3.2).

    Returns:
        None where no path of so many hashes leads from that place in a tree of that size.
    """
    if not 0 <= index < size <= MAX_TREE:
        return None
    inner = (index ^ (size - 1)).bit_length()
    if len(path) != inner + (index >> inner).bit_count() or any(len(each) != HASH_SIZE for each in (leaf, *path)):
        return None
    found = leaf
    for each in path[:inner]:
        found = sha256(_NODE + each + found if index & 1 else _NODE + found + each).digest()
        index >>= 1
    for each in path[inner:]:
        found = sha256(_NODE + each + found).digest()
    return found


def is_continued(size: int, root: bytes, later_size: int, later_root: bytes, proof: Sequence[bytes]) -> bool:
    """Check a proof that a tree begins with the leaves of an earlier one (RFC 9162, 2.1.4.2).

    The RFC leaves open what a proof from an empty tree is; here there is none.
    """
    if not 1 <= size <= later_size <= MAX_TREE:
        return False
    if size == later_size:
        return not proof and root == later_root
    if any(len(each) != HASH_SIZE for each in (root, later_root, *proof)):
        return False
    node, last, left = size - 1, later_size - 1, list(proof)
    while node & 1:
        node, last = node >> 1, last >> 1
    if node and not left:
        return False
    old = new = left.pop(0) if node else root
    for each in left:
        if not last:
            return False
        if node & 1 or node == last:
            old, new = sha256(_NODE + each + old).digest(), sha256(_NODE + each + new).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = sha256(_NODE + new + each).digest()
        node, last = node >> 1, last >> 1
    return not last and old == root and new == later_root
