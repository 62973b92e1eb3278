"""Proofs that a leaf is in a log (C2SP tlog-proof), with the leaf in them, and how they are checked.

A proof says that these figures were published in the log of that size. It does not say that they are true, nor that no
later leaf takes their place: for that one needs the list of leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from protocol.sealing.keys import PublicKey, verify
from protocol.sealing.leaves import MAX_LEAF, Leaf, parse_leaf
from protocol.sealing.notes import MAX_NOTE, Checkpoint, SignedCheckpoint, parse_checkpoint, parse_index
from protocol.sealing.seal_error import SealError, decode64, encode64
from protocol.sealing.tree import HASH_SIZE, hash_leaf, root_of_path
from protocol.words import Text, msg

HEAD = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63
MAX_PROOF = MAX_LEAF * 4 // 3 + MAX_NOTE + MAX_PATH * 45 + 200
"""Bytes of a proof."""


class ProofFault(StrEnum):
    """Faults of a proof, in the order of checking; only the first is reported.

    Every checker of proofs gives the same codes.
    """

    FORMAT = "format"
    """Not a proof as C2SP tlog-proof, tlog-checkpoint and signed-note say."""
    LEAF = "leaf"
    """It has no leaf with it, or none in canonical form."""
    PATH = "path"
    """The leaf and the hashes do not lead to the root of the checkpoint."""
    KEY = "key"
    """The checkpoint has no signature by a key that was given and has the name of the log."""
    SIGNATURE = "signature"
    """A signature by a key that was given does not hold."""
    FIGURES = "figures"
    """The figures that were given are not those of the leaf."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as it was read.

    Attributes:
        extra: the bytes of the leaf, empty where there are none.
        index: of the leaf in the log.
        path: hashes from the leaf's sibling up.
        checkpoint: the head of the log, with its note.
    """

    extra: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: SignedCheckpoint

    @property
    def data(self) -> bytes:
        """The proof as it stands in a file."""
        return proof_bytes(self.extra, self.index, self.path, self.checkpoint.note.data)


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """Result of checking a proof.

    Attributes:
        fault: the first thing that does not hold; None where everything does.
        why: the same in words, None as well.
        leaf: what the proof speaks of, where it could be read.
        index: of the leaf in the log, where it could be read.
        checkpoint: the head of the log, where it could be read.
        signed: the names of the keys whose signatures hold, with the time that they say, 0 for none; none where no key
            was given.
        differing: names of the figures that are not those that were given.
    """

    fault: ProofFault | None
    why: Text | None = None
    leaf: Leaf | None = None
    index: int | None = None
    checkpoint: Checkpoint | None = None
    signed: tuple[tuple[str, int], ...] = ()
    differing: tuple[str, ...] = ()


def proof_bytes(leaf: bytes, index: int, path: Sequence[bytes], checkpoint: bytes) -> bytes:
    """A proof as it stands in a file.

    Args:
        leaf: its bytes.
        index: of the leaf in the log.
        path: hashes from the leaf's sibling up.
        checkpoint: the signed note.
    """
    extra = [f"extra {encode64(leaf)}"] if leaf else []
    lines = [HEAD, *extra, f"index {index}", *map(encode64, path), "", ""]
    return "\n".join(lines).encode() + checkpoint


def parse_proof(data: bytes) -> Proof:
    """Take a proof apart; nothing in it is checked.

    Raises:
        SealError: it is none.
    """
    if len(data) > MAX_PROOF:
        raise SealError(msg("a proof of more than {limit} bytes", limit=MAX_PROOF))
    head, _, note = data.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        first, lines = "", []
    if first != HEAD:
        raise SealError(msg("not a proof: its first line is not “{head}”", head=HEAD))
    extra: bytes | None = b""
    if lines and lines[0].startswith("extra "):
        extra = decode64(lines.pop(0).removeprefix("extra "))
    index = parse_index(lines[0].removeprefix("index ")) if lines and lines[0].startswith("index ") else None
    path = tuple(_hash(line) for line in lines[1 : MAX_PATH + 2])
    if extra is None or index is None or len(path) > MAX_PATH:
        raise SealError(msg("a proof whose first lines are not what the format says"))
    return Proof(extra, index, path, parse_checkpoint(note))


def _hash(line: str) -> bytes:
    """A hash of the path.

    Raises:
        SealError: it is none.
    """
    data = decode64(line)
    if data is None or len(data) != HASH_SIZE:
        raise SealError(msg("a proof with a line that is no hash"))
    return data


def check_proof(data: bytes, keys: Sequence[PublicKey] | None, figures: Mapping[str, int] | None = None) -> ProofCheck:
    """Check a proof with nothing else than keys and figures.

    Args:
        data: the file.
        keys: of the log, which have the name that is its origin, and of witnesses; None where there are none at hand:
            no signature is looked at then, and nobody vouches for the log.
        figures: what should be in the leaf, by quantity, and votes of choices by ``votes:NAME`` or ``votes:NUMBER``.

    Raises:
        ExtraMissing: the library that verifies is not installed.
    """
    try:
        proof = parse_proof(data)
    except SealError as error:
        return ProofCheck(ProofFault.FORMAT, error.message)
    head, index = proof.checkpoint.checkpoint, proof.index
    try:
        leaf = parse_leaf(proof.extra)
    except SealError as error:
        why = error.message if proof.extra else msg("there is no leaf in the proof")
        return ProofCheck(ProofFault.LEAF, why, None, index, head)
    if root_of_path(index, head.size, hash_leaf(proof.extra), proof.path) != head.root:
        why = msg("the leaf and its hashes do not lead to the root of the checkpoint")
        return ProofCheck(ProofFault.PATH, why, leaf, index, head)
    found = () if keys is None else check_signatures(proof.checkpoint, keys)
    if isinstance(found, ProofFault):
        return ProofCheck(found, SAID[found], leaf, index, head)
    differing = tuple(name for name, value in (figures or {}).items() if figure_of(leaf, name) != value)
    if differing:
        return ProofCheck(ProofFault.FIGURES, SAID[ProofFault.FIGURES], leaf, index, head, found, differing)
    return ProofCheck(None, None, leaf, index, head, found)


SAID = {
    ProofFault.KEY: msg("no key that was given has signed the checkpoint under the name of its log"),
    ProofFault.SIGNATURE: msg("a signature of the checkpoint does not hold"),
    ProofFault.FIGURES: msg("the figures that were given are not those of the leaf"),
}


def check_signatures(signed: SignedCheckpoint, keys: Sequence[PublicKey]) -> tuple[tuple[str, int], ...] | ProofFault:
    """The keys that signed a checkpoint, with the time that they say, 0 for none; or what does not hold.

    Signatures by other keys than those given are passed over.

    Args:
        signed: the checkpoint.
        keys: of the log, at least one of which must have signed, and of witnesses.

    Raises:
        ExtraMissing: the library that verifies is not installed.
    """
    origin, text = signed.checkpoint.origin, signed.note.text
    pairs = [(key, each) for each in signed.note.signatures for key in keys if key.signed(each)]
    if not any(key.name == origin for key, _ in pairs):
        return ProofFault.KEY
    found: dict[str, int] = {}
    for key, each in pairs:
        at = verify(text, key, each)
        if at is None:
            return ProofFault.SIGNATURE
        found[key.name] = max(at, found.get(key.name, 0))
    return tuple(found.items())


def figure_of(leaf: Leaf, name: str) -> int | None:
    """A figure of a leaf: a quantity, or ``votes:`` and the name or the number of a choice; None where it is missing.

    A name that two choices have, or that is another one's number, means neither.
    """
    if not name.startswith("votes:"):
        return leaf.figures.get(name)
    choice = name.removeprefix("votes:")
    found = [each.votes for each in leaf.votes if choice == each.name or choice == _number(each.choice)]
    return found[0] if len(found) == 1 else None


def _number(choice: int | None) -> str | None:
    return None if choice is None else str(choice)
