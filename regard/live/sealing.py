"""The key that signs the editions of a live night, and the sealed folder that is made of its store."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

from protocol.files import new_folder, write
from protocol.output_refusals import make_folder
from protocol.sealing.folder import (
    CHECKPOINT,
    CHECKPOINTS,
    EDITIONS,
    KEYS,
    LEAVES,
    SealedEdition,
    checkpoint_name,
    editions_bytes,
    vkeys_bytes,
)
from protocol.sealing.keys import NoteKeyKind, PrivateKey, PublicKey, sign
from protocol.sealing.notes import Checkpoint
from protocol.sealing.seal_error import SealError
from protocol.words import msg
from regard.live.store import StoreReader
from regard.sealing.places import KeyMissing, new_name, read_private, write_new


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


EDITION = "night"
"""Name of every edition of the evening."""


def write_sealed(store: StoreReader, key: PublicKey, folder: Path) -> None:
    """Make the sealed folder of a store; it appears under its name when it is whole.

    Raises:
        OutputRefused: something is there already, or it cannot be written.
        OSError: the disk is full.
        StoreRefused: the store is damaged.
    """
    seals = store.seals()
    times = [datetime.datetime.fromisoformat(seal.sealed) for seal in seals]
    editions = [SealedEdition(EDITION, seal.size, at) for seal, at in zip(seals, times, strict=True)]
    with new_folder(folder) as begun:
        make_folder(begun / CHECKPOINTS)
        write(begun / KEYS, vkeys_bytes((key,)))
        write(begun / LEAVES, b"".join(each.leaf + b"\n" for _, each in store.returns()))
        write(begun / EDITIONS, editions_bytes(editions))
        for seal in seals:
            write(begun / CHECKPOINTS / checkpoint_name(seal.size), seal.note.encode())
        write(begun / CHECKPOINT, seals[-1].note.encode())
