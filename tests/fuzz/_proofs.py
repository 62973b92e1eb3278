"""Proofs drawn at random: good ones, of logs of many sizes, with keys of all kinds, witnesses, and odd names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

from protocol.sealing.keys import NoteKeyKind, PrivateKey, sign
from protocol.sealing.leaves import FIGURES, Leaf, LeafElection, LeafVotes
from protocol.sealing.notes import Checkpoint
from protocol.sealing.proofs import proof_bytes
from protocol.sealing.tree import HashTree, hash_leaf
from tests.fuzz._guided import Random, one_of

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 1000)
"""Of trees that are made with all their leaves."""
NAMES = (
    "ARTHAUD Nathalie",
    "MACRON Emmanuel",
    "Ensemble, l’Île-d'Oléron « autrement »",
    "<script>alert(1)</script>",
    '"\\\b\f\n\r\t/\x00\x1f\x7f',
    "\u202eetsil\u202c",
    "\u2028\u2029\ufeff",
    "𝔄𝔟𝔠 \U0010ffff",
    "e\u0301\u00e9",
    "",
    "3",
)
ORIGINS = ("example.org/night", "regard.example/2017-2", "log")
WITNESSES = ("witness.example/a", "témoin.example")


@dataclass(frozen=True, slots=True)
class Case:
    """Input of both checkers.

    Attributes:
        data: the proof.
        keys: the lines of the keys.
        figures: what should be in the leaf.
    """

    data: bytes
    keys: tuple[str, ...]
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Made:
    """A good proof in its parts, of which others can be made.

    Attributes:
        signers: the log's key first, and witnesses.
        known: keys that the checkers are given besides.
    """

    leaf: Leaf
    extra: bytes
    index: int
    path: tuple[bytes, ...]
    head: Checkpoint
    signers: tuple[PrivateKey, ...]
    known: tuple[str, ...]
    figures: Mapping[str, int]

    @property
    def note(self) -> bytes:
        """The signed checkpoint."""
        return sign(self.head.text, self.signers, 1_500_000_000).data

    @property
    def case(self) -> Case:
        """As it is given to the checkers."""
        return self.with_data(proof_bytes(self.extra, self.index, self.path, self.note))

    def with_data(self, data: bytes) -> Case:
        """Another proof with the same keys and figures."""
        return Case(data, (self.signers[0].public.vkey, *self.known), self.figures)

    def sealing(self, extra: bytes) -> Made:
        """The same place in a log that has these bytes as a leaf, and is signed."""
        return replace(
            self, extra=extra, head=replace(self.head, root=climb(self.index, self.head.size, extra, self.path))
        )


def draw(random: Random) -> Made:
    """A good proof."""
    leaf = draw_leaf(random)
    extra = leaf.canonical()
    size = int(random.choice(SIZES)) if random.integers(3) else int(random.integers(1, 2**62))
    index = int(random.choice([0, size - 1, int(random.integers(size))]))
    path = draw_path(index, size, extra, random)
    name = one_of(ORIGINS, random)
    kind = NoteKeyKind.ED25519 if random.integers(4) else list(NoteKeyKind)[int(random.integers(3))]
    signers = [draw_key(name, kind, random)]
    known = []
    for witness in WITNESSES[: int(random.integers(len(WITNESSES) + 1))]:
        signers.append(
            draw_key(witness, [NoteKeyKind.ED25519_COSIGNATURE, NoteKeyKind.ML_DSA_44][int(random.integers(2))], random)
        )
        if random.integers(2):
            known.append(signers[-1].public.vkey)
    extensions = ("an extension",) if random.integers(8) == 0 else ()
    head = Checkpoint(name, size, climb(index, size, extra, path), extensions)
    return Made(leaf, extra, index, tuple(path), head, tuple(signers), tuple(known), draw_figures(leaf, random))


def draw_key(name: str, kind: NoteKeyKind, random: Random) -> PrivateKey:
    """A private key."""
    return PrivateKey(name, kind, random.bytes(32))


def draw_leaf(random: Random) -> Leaf:
    """A leaf, with figures missing and names that are odd."""
    votes = tuple(
        LeafVotes(
            one_of(NAMES, random) if random.integers(2) else f"Liste {at}",
            _count(random) if random.integers(10) else None,
            at + 1 if random.integers(10) else None,
        )
        for at in range(int(random.choice([0, 2, 2, 11, 38])))
    )
    figures = {str(each): _count(random) for each in sorted(FIGURES) if random.integers(4)}
    return Leaf(
        election=LeafElection(
            "presidentielle-2017",
            date(2017, 5, 7) + timedelta(days=int(random.integers(9999))) if random.integers(4) else None,
            int(random.integers(3)) if random.integers(4) else None,
        ),
        insee=f"{int(random.integers(99999)):05}",
        bureau=["0001", "01.1", "0A11", "", "é"][int(random.integers(5))],
        poll=str(int(random.integers(1, 4))),
        figures=figures,
        sources={each: "pv" for each in figures if random.integers(2)},
        votes=votes,
        digests={each: sha256(random.bytes(8)).hexdigest() for each in ("export", "pv", "urn") if random.integers(2)},
        replaces=int(random.integers(2**40)) if random.integers(5) == 0 else None,
    )


def draw_figures(leaf: Leaf, random: Random) -> dict[str, int]:
    """Some of a leaf's figures, by the names that they are asked for."""
    names = [each.name for each in leaf.votes]
    numbers = [str(each.choice) for each in leaf.votes]
    asked = {name: value for name, value in leaf.figures.items() if random.integers(2)}
    for each in leaf.votes:
        if each.votes is not None and names.count(each.name) == 1 and each.name not in numbers and random.integers(2):
            asked[f"votes:{each.name}"] = each.votes
        elif each.votes is not None and each.choice is not None and str(each.choice) not in names:
            asked[f"votes:{each.choice}"] = each.votes
    return asked if random.integers(3) else {}


def draw_path(index: int, size: int, extra: bytes, random: Random) -> list[bytes]:
    """Hashes of a real tree where it is small, and else as many as there would be."""
    if size <= max(SIZES):
        others = [hash_leaf(b"%d" % at) for at in range(size)]
        others[index] = hash_leaf(extra)
        return HashTree(b"".join(others)).path(index)
    return [random.bytes(32) for _ in steps(index, size)]


def steps(index: int, size: int) -> Iterator[bool]:
    """For each hash of a path, whether it is to the left: after the recursive definition of RFC 6962, 2.1.1."""
    if size > 1:
        half = 1 << (size - 1).bit_length() - 1
        yield from steps(index - half, size - half) if index >= half else steps(index, half)
        yield index >= half


def climb(index: int, size: int, extra: bytes, path: tuple[bytes, ...] | list[bytes]) -> bytes:
    """The root that a leaf and its path lead to."""
    found = sha256(b"\0" + extra).digest()
    for each, left in zip(path, steps(index, size), strict=True):
        found = sha256(b"\1" + (each + found if left else found + each)).digest()
    return found


def _count(random: Random) -> int:
    return int(random.choice([0, 1, 727, 958, 12345, 2**53 - 1]))
