"""Sealed nights for tests: a few communes of two départements, whose figures are known."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from protocol.sealing.folder import SealedInput, Sealing
from protocol.sealing.keys import PrivateKey
from protocol.sealing.leaves import Leaf
from tests.protocol.sealing.samples import AT, a_leaf, key


def town(bureaux: int = 8, insee: str = "76351") -> list[Leaf]:
    """The bureaux of a commune; each has other votes."""
    return [a_leaf(f"{number:04}", 400 + number, insee=insee) for number in range(1, bureaux + 1)]


def two_departments() -> list[Leaf]:
    """Eight bureaux in département 76, four in 27."""
    return [*town(), *town(4, "27229")]


def seal(
    folder: Path,
    leaves: Iterable[Leaf],
    edition: str = "night",
    inputs: Sequence[SealedInput] = (),
    signer: PrivateKey | None = None,
) -> PrivateKey:
    """Seal leaves in the sealed folder of a night; the key that did it."""
    signer = signer or key()
    with Sealing(folder / "sealed", [signer]) as sealing:
        sealing.seal(leaves, edition, AT, inputs)
    return signer


def with_votes(leaf: Leaf, macron: int) -> Leaf:
    """The same leaf with other votes of its first choice."""
    first, *others = leaf.votes
    return replace(leaf, votes=(replace(first, votes=macron), *others))
