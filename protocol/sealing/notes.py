"""Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures that name their keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protocol.sealing.seal_error import SealError, decode64, encode64
from protocol.words import msg

MAX_NOTE = 2**17
"""Bytes of a note: room for 16 signatures and more by ML-DSA-44, of 3,3 kB each."""
MAX_SIGNATURES = 32
_CONTROL = re.compile("[\0-\x09\x0b-\x1f]")
_NOT_IN_NAMES = re.compile(
    "[\0- +\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"  # the same for every version of Unicode
)
_ID = 4


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
