"""Checkpoints (C2SP tlog-checkpoint): the origin of a log, how many leaves it has, and the root over them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protocol.sealing.notes import Note, parse_note
from protocol.sealing.seal_error import SealError, decode64, encode64
from protocol.sealing.tree import HASH_SIZE, MAX_TREE
from protocol.words import msg

_SIZE = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log.

    Attributes:
        origin: the log's name.
        size: how many leaves it has.
        root: of their tree.
        extensions: further lines, of which nothing is read.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, encode64(self.root), *self.extensions))


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the note that it was read from."""

    checkpoint: Checkpoint
    note: Note


def parse_checkpoint(data: bytes) -> SignedCheckpoint:
    """Take a signed checkpoint apart; no signature is checked.

    Raises:
        SealError: it is none.
    """
    note = parse_note(data)
    return SignedCheckpoint(checkpoint_of(note.text), note)


def checkpoint_of(text: str) -> Checkpoint:
    """The checkpoint that is a note's text.

    Raises:
        SealError: it is none.
    """
    origin, *rest = text.removesuffix("\n").split("\n")
    if origin and len(rest) >= 2 and all(rest):
        size, root = parse_index(rest[0]), decode64(rest[1])
        if size is not None and root is not None and len(root) == HASH_SIZE:
            return Checkpoint(origin, size, root, tuple(rest[2:]))
    raise SealError(msg("not a checkpoint: an origin, a number of leaves, and a root, a line each"))


def parse_index(text: str) -> int | None:
    """A number of leaves, or of a leaf, in decimal digits without zeros in front; None where it is none."""
    return int(text) if _SIZE.fullmatch(text) and int(text) <= MAX_TREE else None
