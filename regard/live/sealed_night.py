"""The sealed folder of a night that has come in: its leaves and all its checkpoints, as `regard seal` has them."""

from __future__ import annotations

import datetime
from pathlib import Path

from protocol.files import new_folder, write
from protocol.output_refusals import make_folder
from protocol.sealing.editions import SealedEdition, editions_bytes
from protocol.sealing.folder import CHECKPOINT, CHECKPOINTS, EDITIONS, KEYS, LEAVES, checkpoint_name, vkeys_bytes
from protocol.sealing.keys import PublicKey
from regard.live.store import StoreReader

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
