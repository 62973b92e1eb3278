"""A log of a few leaves, and the proof of one of them, with names that are long, odd or many."""

from collections.abc import Sequence
from dataclasses import replace

from protocol.sealing.keys import NoteKeyKind, PrivateKey, sign
from protocol.sealing.leaves import Leaf, LeafVotes
from protocol.sealing.notes import Checkpoint
from protocol.sealing.proofs import proof_bytes
from protocol.sealing.tree import HashTree, hash_leaf
from tests.protocol.sealing.samples import ELECTION, ORIGIN

KEY = PrivateKey(ORIGIN, NoteKeyKind.ED25519, b"k" * 32)
OTHER_KEY = PrivateKey(ORIGIN, NoteKeyKind.ED25519, b"o" * 32)
TWO = ("MACRON Emmanuel", "LE PEN Marine")
LISTS = tuple(f"LISTE {number} : UNION POUR UNE EUROPE SOLIDAIRE ET CITOYENNE" for number in range(1, 39))
FIGURES = {"registered": 1958, "signatures": 727, "votes_found": 727, "blank": 10, "null": 2, "valid": 715}


def leaf_of(names: Sequence[str] = TWO, **changes: object) -> Leaf:
    """A leaf whose choices have 100, 101, … votes."""
    votes = tuple(LeafVotes(name, 100 + at, at + 1) for at, name in enumerate(names))
    values = {"figures": FIGURES, "sources": {"registered": "pv"}, "votes": votes, "digests": {"pv": "0a" * 32}}
    return replace(Leaf(ELECTION, "76351", "0001"), **{**values, **changes})  # type: ignore[arg-type]


def proof_of(leaf: Leaf, size: int = 1234, index: int = 711) -> bytes:
    """The proof that a leaf is in a log of so many."""
    data = leaf.canonical()
    hashes = [hash_leaf(b"%d" % at) for at in range(size)]
    hashes[index] = hash_leaf(data)
    tree = HashTree(b"".join(hashes))
    note = sign(Checkpoint(ORIGIN, size, tree.root()).text, [KEY], 0)
    return proof_bytes(data, index, tree.path(index), note.data)
