"""The log of a sealed night: leaves in the order in which they were sealed, and what is appended to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from protocol.sealing.leaves import Leaf, leaf_number, parse_leaf
from protocol.sealing.notes import Checkpoint
from protocol.sealing.seal_error import SealError
from protocol.sealing.tree import HashTree, hash_leaves
from protocol.words import msg

Place = tuple[str, str, str]
"""Poll, commune and bureau."""
MAX_LEAVES = 10**8 - 1
"""Leaves of a log: checkpoints are named by eight digits."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Result of appending to a log.

    Attributes:
        new: bureaux and polls that were not in it.
        replaced: those that were, with another content.
        unchanged: those that were with this very content: nothing is appended for them.
        absent: those that are in the log and were not given: they stay as they are.
    """

    new: tuple[Place, ...]
    replaced: tuple[Place, ...]
    unchanged: int
    absent: tuple[Place, ...]


class SealedLog:
    """Leaves in the order in which they were sealed.

    Attributes:
        leaves: the bytes of each.
        tree: over all of them.
        latest: the index of the leaf that holds for a bureau and poll: the last one.
    """

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        """Take up leaves that were sealed before.

        Raises:
            SealError: one is none, or says that it replaces another one than the last of its bureau and poll.
        """
        self.leaves: list[bytes] = []
        self.latest: dict[Place, int] = {}
        for index, data in enumerate(leaves):
            leaf = parse_leaf(data)
            if leaf.replaces != self.latest.get(leaf.place):
                raise SealError(
                    msg(
                        "leaf {index} does not say which leaf of its bureau and poll it replaces",
                        index=leaf_number(index),
                    ),
                )
            self.latest[leaf.place] = index
        self.leaves = list(leaves)
        self.tree = HashTree(hash_leaves(self.leaves))

    def leaf(self, index: int) -> Leaf:
        """One of its leaves."""
        return parse_leaf(self.leaves[index])

    def head(self, origin: str) -> Checkpoint:
        """Its checkpoint, to be signed."""
        return Checkpoint(origin, self.tree.size, self.tree.root())

    def append(self, leaves: Iterable[Leaf]) -> Appended:
        """Append what is new in some leaves, sorted by poll, commune and bureau.

        Args:
            leaves: one for each bureau and poll; what they replace is found here.

        Raises:
            SealError: two are of one bureau and poll, one cannot be sealed, or there are too many. Nothing was
                appended then.
        """
        ordered = sorted([(leaf.place, leaf) for leaf in leaves], key=itemgetter(0))
        for (place, _), (following, _) in pairwise(ordered):
            if place == following:
                poll, insee, bureau = place
                raise SealError(
                    msg("two leaves for bureau {bureau} of {insee}, poll {poll}", bureau=bureau, insee=insee, poll=poll)
                )
        new, replaced, lines = [], [], []
        for place, leaf in ordered:
            before = self.latest.get(place)
            if before is None:
                new.append(place)
            elif self._holds(leaf, before):
                continue
            else:
                replaced.append(place)
            lines.append((place, leaf.replacing(before).canonical()))
        if len(self.leaves) + len(lines) > MAX_LEAVES:
            raise SealError(msg("a log of more than {limit} leaves", limit=MAX_LEAVES))
        given = {place for place, _ in ordered}
        absent = tuple(place for place in self.latest if place not in given)
        for place, data in lines:
            self.latest[place] = len(self.leaves)
            self.leaves.append(data)
        self.tree.extend(hash_leaves([data for _, data in lines]))
        return Appended(tuple(new), tuple(replaced), len(ordered) - len(lines), absent)

    def _holds(self, leaf: Leaf, index: int) -> bool:
        """Check that a sealed leaf has the same content, whatever it replaces."""
        sealed = self.leaves[index]
        return leaf.canonical() == sealed or leaf.replacing(parse_leaf(sealed).replaces).canonical() == sealed
