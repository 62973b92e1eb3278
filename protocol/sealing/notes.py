"""Signed notes (C2SP signed-note) and the checkpoints that they are (C2SP tlog-checkpoint).

A note is a text, a blank line, and lines of signatures that name their keys; a checkpoint the origin of a log, how many
leaves it has, and the root over them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protocol.sealing.seal_error import SealError, decode64, encode64
from protocol.sealing.tree import HASH_SIZE, MAX_TREE
from protocol.words import msg

MAX_NOTE = 2**17
"""Bytes of a note: room for 16 signatures and more by ML-DSA-44, of 3,3 kB each."""
MAX_SIGNATURES = 32
"""Signatures of a note at most."""
_CONTROL = re.compile("[\0-\x09\x0b-\x1f]")
_NOT_IN_NAMES = re.compile(
    "[\0- +\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"  # the same for every version of Unicode
)
_ID = 4
"""Bytes that name the key, ahead of a signature."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A line of a signature.

    Attributes:
        name: of the key.
        id: of the key, four bytes.
        signature: what follows them.
    """

    name: str
    id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """As it stands in the note, without the line's end."""
        return f"— {self.name} {encode64(self.id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures, in the order of their lines."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @property
    def data(self) -> bytes:
        """The note as it stands in a file."""
        return "".join([self.text, "\n", *(f"{each.line}\n" for each in self.signatures)]).encode()


def is_key_name(name: str) -> bool:
    """Check a name for keys: no blanks, no plus sign, no invisible characters."""
    return bool(name) and not _NOT_IN_NAMES.search(name)


def parse_note(data: bytes) -> Note:
    """Take a note apart; no signature is checked.

    Raises:
        SealError: it is none.
    """
    if len(data) > MAX_NOTE:
        raise SealError(msg("a signed note of more than {limit} bytes", limit=MAX_NOTE))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise SealError(msg("a signed note that is not in UTF-8")) from None
    head, blank, tail = text.rpartition("\n\n")
    if _CONTROL.search(text) or not blank or not tail.endswith("\n"):
        raise SealError(msg("not a signed note: a text, an empty line, and lines of signatures"))
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise SealError(msg("a signed note with more than {limit} signatures", limit=MAX_SIGNATURES))
    return Note(f"{head}\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> NoteSignature:
    """The parts of a signature's line.

    Raises:
        SealError: it is none.
    """
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    data = decode64(encoded)
    if dash != "—" or not is_key_name(name) or data is None or len(data) <= _ID:
        raise SealError(msg("a line of a signed note that is no signature"))
    return NoteSignature(name, data[:_ID], data[_ID:])


_SIZE = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log.

    Attributes:
        origin: the log's name.
        size: how many leaves it has.
        root: of their tree.
        extensions: further lines, not interpreted.
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
