"""Keys of signed notes: their text forms, signing and verifying.

Three kinds: Ed25519 over the note's text; Ed25519 and ML-DSA-44 with a time, which C2SP calls cosignatures. A log signs
with any of them, a witness with one that has a time. Only this module imports the library ``cryptography``.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from protocol.extras import need
from protocol.sealing.notes import Checkpoint, Note, NoteSignature, checkpoint_of, is_key_name
from protocol.sealing.seal_error import SealError, decode64, encode64
from protocol.words import cited, msg

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

MAX_KEY = 2**13
"""Bytes of a key's text; a public key of ML-DSA-44 takes 1.8 kB."""
_SEED = 32
_TIME = 8
_PRIVATE = "PRIVATE+KEY+"
_SUBTREE = b"subtree/v1\n\0"
_PRIME, _SIGN = 2**255 - 19, 2**255
_EIGHTHS = tuple(
    int.from_bytes(bytes.fromhex(each), "little")
    for each in (
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
)
_SMALL = frozenset(sign | each for sign in (0, _SIGN) for each in (0, 1, _PRIME - 1, *_EIGHTHS))
"""The points of Ed25519 of order 1, 2, 4 or 8, of either sign: with such a key anybody could sign."""
MAX_NAME = 255
"""Most bytes of a key's name or of an origin in a cosignature by ML-DSA-44."""


class NoteKeyKind(IntEnum):
    """Kind of a key, the byte before it in its text."""

    ED25519 = 0x01
    """Signs the text of a note."""
    ED25519_COSIGNATURE = 0x04
    """Signs a time and the text of a checkpoint."""
    ML_DSA_44 = 0x06
    """Signs a time and the head of a log (C2SP calls it a subtree)."""


_SIZES = {NoteKeyKind.ED25519: 32, NoteKeyKind.ED25519_COSIGNATURE: 32, NoteKeyKind.ML_DSA_44: 1312}


def need_signing() -> None:
    """Make sure, before any work, that signatures can be made and verified.

    Raises:
        ExtraMissing: the library is not installed.
    """
    need("seal", "cryptography")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies.

    Attributes:
        name: of the log or the witness.
        kind: of the signatures that it verifies.
        raw: the key.
    """

    name: str
    kind: NoteKeyKind
    raw: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that signatures state beside the key's name."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    @property
    def vkey(self) -> str:
        """Text form: ``name+id+key``."""
        return f"{self.name}+{self.id.hex()}+{encode64(bytes([self.kind]) + self.raw)}"

    def signed(self, signature: NoteSignature) -> bool:
        """Check that a signature names this key."""
        return (signature.name, signature.id) == (self.name, self.id)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key that signs.

    Attributes:
        name: of the log or the witness.
        kind: of its signatures.
        seed: 32 secret bytes, from which the key is made.
    """

    name: str
    kind: NoteKeyKind
    seed: bytes = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The key that verifies what this one signs."""
        return PublicKey(self.name, self.kind, _private(self.kind, self.seed).public_key().public_bytes_raw())

    @property
    def skey(self) -> str:
        """Text form: ``PRIVATE+KEY+name+id+key``."""
        return f"{_PRIVATE}{self.name}+{self.public.id.hex()}+{encode64(bytes([self.kind]) + self.seed)}"


def make_key(name: str, kind: NoteKeyKind = NoteKeyKind.ED25519) -> PrivateKey:
    """Make a new key.

    Raises:
        SealError: no key can have that name.
        ExtraMissing: the library is not installed.
    """
    need_signing()
    if not is_key_name(name) or len(name.encode()) > MAX_NAME:
        raise SealError(msg("{name} cannot be the name of a key: no blanks, no plus sign", name=cited(name)))
    return PrivateKey(name, kind, secrets.token_bytes(_SEED))


def parse_vkey(text: str) -> PublicKey:
    """Parse a public key.

    Raises:
        SealError: the text is no public key, or one of an unknown kind.
    """
    name, kind, raw = _parts(text)
    if len(raw) == _SIZES[kind]:
        key = PublicKey(name, kind, raw)
        if key.vkey == text:
            return key
    raise SealError(msg("not a public key of a signed note"))


def parse_vkeys(data: bytes) -> tuple[PublicKey, ...]:
    """Parse public keys, one a line.

    Raises:
        SealError: there is no line, or a line is no key.
    """
    try:
        lines = data.decode().splitlines()
    except UnicodeDecodeError:
        lines = []
    if not lines:
        raise SealError(msg("not a public key of a signed note"))
    return tuple(map(parse_vkey, lines))


def parse_skey(text: str) -> PrivateKey:
    """Parse a private key.

    Raises:
        SealError: the text is no private key, or one of an unknown kind. The message quotes nothing of it.
        ExtraMissing: the library is not installed.
    """
    need_signing()
    if text.startswith(_PRIVATE):
        name, kind, seed = _parts(text.removeprefix(_PRIVATE))
        if len(seed) == _SEED:
            key = PrivateKey(name, kind, seed)
            if key.skey == text:
                return key
    raise SealError(msg("not a private key of a signed note"))


def _parts(text: str) -> tuple[str, NoteKeyKind, bytes]:
    """Split a key's text into name, kind and key.

    Raises:
        SealError: it is no key, or one of an unknown kind.
    """
    name, _, rest = text.partition("+")
    data = decode64(rest.partition("+")[2])
    if len(text) > MAX_KEY or not is_key_name(name) or len(name.encode()) > MAX_NAME or not data:
        raise SealError(msg("not a key of a signed note"))
    try:
        return name, NoteKeyKind(data[0]), data[1:]
    except ValueError:
        raise SealError(msg("a key of a kind that is not known here")) from None


def sign(text: str, keys: Sequence[PrivateKey], at: int) -> Note:
    """Make a note signed by each of some keys.

    Args:
        text: to sign; for keys with a time the text of a checkpoint.
        keys: in the order of their lines.
        at: seconds since 1970, for keys with a time.

    Raises:
        SealError: a key with a time signs checkpoints only.
    """
    return Note(text, tuple(_sign(text, key, at) for key in keys))


def _sign(text: str, key: PrivateKey, at: int) -> NoteSignature:
    time = b"" if key.kind is NoteKeyKind.ED25519 else at.to_bytes(_TIME, "big")
    signature = _private(key.kind, key.seed).sign(_message(key.kind, key.name, text, at))
    return NoteSignature(key.name, key.public.id, time + signature)


def verify(text: str, key: PublicKey, signature: NoteSignature) -> int | None:
    """Verify a signature: its time in seconds since 1970, 0 for a kind without a time, None if it is invalid.

    Raises:
        ExtraMissing: the library is not installed.
    """
    need_signing()
    from cryptography.exceptions import InvalidSignature

    at, raw = 0, signature.signature
    if key.kind is not NoteKeyKind.ED25519:
        at, raw = int.from_bytes(raw[:_TIME], "big"), raw[_TIME:]
    if key.kind is not NoteKeyKind.ML_DSA_44 and not (_is_sound(key.raw) and _is_sound(raw[:_SEED])):
        return None
    try:
        _public(key).verify(raw, _message(key.kind, key.name, text, at))
    except (InvalidSignature, SealError, ValueError):
        return None
    return at


def _is_sound(point: bytes) -> bool:
    """Check that a point of Ed25519 has canonical form and no small order."""
    number = int.from_bytes(point, "little")
    return number % _SIGN < _PRIME and number not in _SMALL


def _message(kind: NoteKeyKind, name: str, text: str, at: int) -> bytes:
    """Build the bytes that a key of some kind signs.

    Raises:
        SealError: the kind signs checkpoints only, and the text is none.
    """
    if kind is NoteKeyKind.ED25519:
        return text.encode()
    head = checkpoint_of(text)
    if at >= 2**63:
        raise SealError(msg("a signature of a time that there is not"))
    if kind is NoteKeyKind.ED25519_COSIGNATURE:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    return _subtree(name, head, at)


def _subtree(name: str, head: Checkpoint, at: int) -> bytes:
    """Build the structure ``cosigned_message`` of C2SP tlog-cosignature."""
    signer, origin = name.encode(), head.origin.encode()
    if len(origin) > MAX_NAME:
        raise SealError(msg("an origin of more than {limit} bytes", limit=MAX_NAME))
    names = bytes([len(signer)]) + signer + at.to_bytes(_TIME, "big") + bytes([len(origin)]) + origin
    return _SUBTREE + names + bytes(_TIME) + head.size.to_bytes(_TIME, "big") + head.root


def _private(kind: NoteKeyKind, seed: bytes) -> Ed25519PrivateKey | MLDSA44PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    if kind is NoteKeyKind.ML_DSA_44:
        return MLDSA44PrivateKey.from_seed_bytes(seed)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public(key: PublicKey) -> Ed25519PublicKey | MLDSA44PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    if key.kind is NoteKeyKind.ML_DSA_44:
        return MLDSA44PublicKey.from_public_bytes(key.raw)
    return Ed25519PublicKey.from_public_bytes(key.raw)
