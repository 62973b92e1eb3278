"""A sealed folder on the disk, as it is read: ``leaves.jsonl``, ``checkpoints/``, ``key.vkey``, ``editions.jsonl``.

What seals is a signed checkpoint in ``checkpoints/``. Leaves and editions are written before it, and the copy of the
newest, ``checkpoint``, after it: whoever is stopped between leaves whole either the older edition or the new one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from protocol.errors import cause
from protocol.opening import check_inside, open_evidence
from protocol.sealing.checkpoints import Checkpoint, SignedCheckpoint, parse_checkpoint
from protocol.sealing.editions import MAX_EDITIONS, SealedEdition, parse_editions
from protocol.sealing.keys import MAX_KEY, PublicKey, parse_vkeys
from protocol.sealing.log import Place, SealedLog
from protocol.sealing.notes import MAX_NOTE
from protocol.sealing.proofs import ProofFault, check_signatures, proof_bytes
from protocol.sealing.seal_error import SealError
from protocol.words import Text, msg

SEALED = "sealed"
"""The sealed folder of a night, in it."""
LEAVES, CHECKPOINTS, CHECKPOINT = "leaves.jsonl", "checkpoints", "checkpoint"
KEYS, EDITIONS = "key.vkey", "editions.jsonl"
MAX_LEAVES_FILE = 2**30
"""Bytes of all leaves."""
MAX_CHECKPOINTS = 2**14
_MOST_KEYS = 16
_NAME = re.compile(r"([0-9]{8})\.txt")


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A sealed folder whose parts agree with each other.

    Attributes:
        folder: where it is.
        log: the leaves up to the newest checkpoint.
        keys: the public keys in it, that of the log first. Whether it is the right one, the folder cannot tell.
        checkpoints: all of them, the earliest first.
        editions: the same of what was sealed when.
        unsealed: lines after the last sealed leaf: a seal was interrupted. They are no part of it.
        behind: ``checkpoint`` is not the newest: a seal was interrupted.
    """

    folder: Path
    log: SealedLog = field(default_factory=SealedLog)
    keys: tuple[PublicKey, ...] = ()
    checkpoints: tuple[SignedCheckpoint, ...] = ()
    editions: tuple[SealedEdition, ...] = ()
    unsealed: int = 0
    behind: bool = False

    @property
    def newest(self) -> SignedCheckpoint:
        """The newest checkpoint."""
        return self.checkpoints[-1]

    def prove(self, place: Place) -> bytes | None:
        """The proof for the leaf that holds for a bureau and poll; None where there is none."""
        index = self.log.latest.get(place)
        return None if index is None else self.prove_leaf(index)

    def prove_leaf(self, index: int) -> bytes:
        """The proof for a leaf, from the newest checkpoint."""
        return proof_bytes(self.log.leaves[index], index, self.log.tree.path(index), self.newest.note.data)


def checkpoint_name(size: int) -> str:
    """Name the checkpoint of a log of so many leaves."""
    return f"{size:08}.txt"


def read_sealed(folder: Path) -> SealedFolder:
    """Read a sealed folder and check all of it: leaves, roots, signatures, editions.

    Raises:
        InputError: a file of it is not there or cannot be read.
        SealError: nothing is sealed in it, or something in it does not hold.
        ExtraMissing: the library that verifies is not installed.
    """
    found = read_unfinished(folder)
    if not found.checkpoints:
        raise SealError(msg("{folder}: nothing is sealed in it", folder=folder))
    return found


def read_unfinished(folder: Path) -> SealedFolder:
    """Read a sealed folder; an empty log where no checkpoint was ever written.

    Raises:
        InputError, SealError, ExtraMissing: as `read_sealed`.
    """
    # In the order opposite to that of writing, so that a seal that ends meanwhile is seen whole or not at all.
    copy = folder / CHECKPOINT
    present = open_evidence(copy, MAX_NOTE, folder).data if os.path.lexists(copy) else b""
    checkpoints = _checkpoints(folder)
    if not checkpoints:
        return SealedFolder(folder)
    keys = _keys(folder)
    heads = [each.checkpoint for each in checkpoints]
    for each in checkpoints:
        found = check_signatures(each, keys)
        if each.checkpoint.origin != keys[0].name or found is ProofFault.KEY:
            raise _broken(_path(folder, each.checkpoint), msg("it is not signed by the key in {file}", file=KEYS))
        if found is ProofFault.SIGNATURE:
            raise _broken(_path(folder, each.checkpoint), msg("its signature does not hold"))
    log, unsealed = _log(folder, heads)
    editions = _editions(folder, heads)
    newest = checkpoints[-1].note.data
    if present and present not in (each.note.data for each in checkpoints):
        raise _broken(copy, msg("it is none of the checkpoints"))
    return SealedFolder(folder, log, keys, checkpoints, editions, unsealed, present != newest)


def _checkpoints(folder: Path) -> tuple[SignedCheckpoint, ...]:
    """All checkpoints, the earliest first; none where there is no folder of them."""
    place = folder / CHECKPOINTS
    if not os.path.lexists(place):
        return ()
    check_inside(place, folder)
    try:
        names = sorted(each.name for each in place.iterdir() if not each.name.startswith("."))
    except OSError as error:
        raise _broken(place, cause(error)) from error
    if len(names) > MAX_CHECKPOINTS:
        raise _broken(place, msg("there are more than {limit} files", limit=MAX_CHECKPOINTS))
    found = []
    for name in names:
        path = place / name
        if not _NAME.fullmatch(name):
            raise _broken(path, msg("it does not have the name of a checkpoint"))
        try:
            signed = parse_checkpoint(open_evidence(path, MAX_NOTE, folder).data)
        except SealError as error:
            raise _broken(path, error.message) from error
        if checkpoint_name(signed.checkpoint.size) != name or not signed.checkpoint.size:
            raise _broken(path, msg("its number of leaves is another than its name says"))
        found.append(signed)
    return tuple(found)


def _keys(folder: Path) -> tuple[PublicKey, ...]:
    data = open_evidence(folder / KEYS, MAX_KEY * _MOST_KEYS, folder).data
    try:
        keys = parse_vkeys(data)
    except SealError as error:
        raise _broken(folder / KEYS, error.message) from error
    if vkeys_bytes(keys) != data or len(keys) > _MOST_KEYS:
        raise _broken(folder / KEYS, msg("it does not hold public keys, one a line"))
    return keys


def vkeys_bytes(keys: tuple[PublicKey, ...]) -> bytes:
    """Public keys as they stand in a file, one a line."""
    return "".join(f"{each.vkey}\n" for each in keys).encode()


def _log(folder: Path, heads: list[Checkpoint]) -> tuple[SealedLog, int]:
    """Read the leaves up to the newest checkpoint, check their roots, and count the lines after them."""
    path = folder / LEAVES
    *lines, rest = open_evidence(path, MAX_LEAVES_FILE, folder).data.split(b"\n")
    size = heads[-1].size
    if len(lines) < size:
        raise _broken(path, msg("it has {count} leaves, and the checkpoint says {size}", count=len(lines), size=size))
    try:
        log = SealedLog(lines[:size])
    except SealError as error:
        raise _broken(path, error.message) from error
    for head in heads:
        if log.tree.root(head.size) != head.root:
            raise _broken(path, msg("its first {size} leaves do not give the root of their checkpoint", size=head.size))
    return log, len(lines) - size + bool(rest)


def _editions(folder: Path, heads: list[Checkpoint]) -> tuple[SealedEdition, ...]:
    """Those that were sealed: one at least for each checkpoint."""
    path = folder / EDITIONS
    try:
        editions = parse_editions(open_evidence(path, MAX_EDITIONS, folder).data)
    except SealError as error:
        raise _broken(path, error.message) from error
    sealed = tuple(each for each in editions if each.size <= heads[-1].size)
    sizes = [each.size for each in sealed]
    if sizes != sorted(sizes) or set(sizes) != {head.size for head in heads}:
        raise _broken(path, msg("its editions are not those of the checkpoints"))
    return sealed


def _path(folder: Path, head: Checkpoint) -> Path:
    return folder / CHECKPOINTS / checkpoint_name(head.size)


def _broken(path: Path, why: Text) -> SealError:
    return SealError(msg("{path}: {why}", path=path, why=why))
