"""The sealed folder of a night that has come in: its leaves and all its checkpoints, as `regard seal` has them."""

from __future__ import annotations

import datetime
from pathlib import Path

from protocol.files import write
from protocol.output_refusals import OutputRefused, cannot
from protocol.sealing.editions import SealedEdition, editions_bytes
from protocol.sealing.folder import CHECKPOINT, CHECKPOINTS, EDITIONS, KEYS, LEAVES, checkpoint_name, vkeys_bytes
from protocol.sealing.keys import PublicKey
from protocol.words import msg
from regard.live.store import StoreReader

EDITION = "night"
"""What every edition of the evening is called."""


def check_new(folder: Path) -> None:
    """Make sure, before the night begins, that a sealed folder can be made there.

    Raises:
        OutputRefused: something is there already.
    """
    if folder.is_symlink() or folder.exists():
        raise OutputRefused(msg("{path} is there already: name another folder", path=folder))


def write_sealed(store: StoreReader, key: PublicKey, folder: Path) -> None:
    """Make the sealed folder of a store; the newest checkpoint, which says that it is whole, comes last.

    Raises:
        OutputRefused: something is there already, or it cannot be written.
        OSError: the disk is full.
        StoreRefused: the store is damaged.
    """
    check_new(folder)
    try:
        (folder / CHECKPOINTS).mkdir(parents=True)
    except OSError as error:
        raise cannot(folder, error) from error
    seals = store.seals()
    write(folder / KEYS, vkeys_bytes((key,)))
    write(folder / LEAVES, b"".join(each.leaf + b"\n" for _, each in store.returns()))
    times = [datetime.datetime.fromisoformat(seal.sealed) for seal in seals]
    editions = [SealedEdition(EDITION, seal.size, at) for seal, at in zip(seals, times, strict=True)]
    write(folder / EDITIONS, editions_bytes(editions))
    for seal in seals:
        write(folder / CHECKPOINTS / checkpoint_name(seal.size), seal.note.encode())
    write(folder / CHECKPOINT, seals[-1].note.encode())
