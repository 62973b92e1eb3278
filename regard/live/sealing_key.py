"""The key that signs the editions of a live night, and the sealed folder that is made of its store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from protocol.sealing.checkpoints import Checkpoint
from protocol.sealing.keys import NoteKeyKind, PrivateKey, sign
from protocol.sealing.seal_error import SealError
from protocol.words import msg
from regard.live.store import StoreReader
from regard.sealing.keys import KeyMissing, new_name, read_private, write_new


def key_of(store: Path, given: Path | None) -> tuple[PrivateKey, Path, bool]:
    """The key of a store, its file, and whether it was made: the one that is given, or one beside the store.

    Raises:
        StoreRefused: none is there, but something that is no store.
        KeyMissing: none is there, but a store is, which another key has signed.
        InputError, SealError: it cannot be read, or signs with a time, so that no edition would be the same twice.
        OutputRefused: none can be written there.
        ExtraMissing: the library that signs is not installed.
    """
    path = given or store.with_name(f"{store.name}.key")
    made = given is None and not path.exists()
    if made and store.exists():
        StoreReader(store).close()
        raise KeyMissing(store, path)
    key = write_new(path, new_name()) if made else read_private(path)[0]
    if key.kind is not NoteKeyKind.ED25519:
        raise SealError(msg("{path}: a live night is signed with a key of the kind ed25519", path=path))
    return key, path, made


def signing(key: PrivateKey) -> Callable[[int, bytes], str]:
    """Make the signer of checkpoints by size and root: the same result at any time."""

    def note(size: int, root: bytes) -> str:
        return sign(Checkpoint(key.name, size, root).text, (key,), 0).data.decode()

    return note
