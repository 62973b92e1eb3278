"""Sealing of folders: append only, one process at a time, whole at every moment."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from protocol.files import write
from protocol.locked_files import create_locked, remove_locked
from protocol.output_refusals import OutputRefused, cannot, make_folder
from protocol.sealing.checkpoints import SignedCheckpoint
from protocol.sealing.editions import SealedEdition, SealedInput, check_edition_name, editions_bytes
from protocol.sealing.folder import (
    CHECKPOINT,
    CHECKPOINTS,
    EDITIONS,
    KEYS,
    LEAVES,
    checkpoint_name,
    read_unfinished,
    vkeys_bytes,
)
from protocol.sealing.keys import PrivateKey, need_signing, sign
from protocol.sealing.leaves import Leaf
from protocol.sealing.log import Appended
from protocol.sealing.seal_error import SealError
from protocol.words import msg

_LOCK = ".sealing.regard"


class Sealing(contextlib.AbstractContextManager["Sealing"]):
    """A sealed folder that this process appends to, and no other as long as it does.

    Args:
        folder: made where there is none. What is in it must hold together: nothing is appended to a log whose leaves do
            not give its checkpoints.
        keys: that sign; the first is the log's, and its name the log's origin.

    Raises:
        OutputRefused: another process seals there, something else is in it, or it cannot be written.
        InputError, SealError: what is in it does not hold together, or was signed by another key.
        ExtraMissing: the library that signs is not installed.
    """

    def __init__(self, folder: Path, keys: Sequence[PrivateKey]) -> None:
        need_signing()
        self._keys = tuple(keys)
        public = tuple(key.public for key in keys)
        try:
            _check_ours(folder)
            for each in (folder, folder / CHECKPOINTS):
                make_folder(each)
        except OSError as error:
            raise cannot(folder, error) from error
        with contextlib.ExitStack() as stack:
            self._lock = create_locked(folder / _LOCK, folder)
            stack.callback(remove_locked, self._lock, folder / _LOCK)
            self.sealed = read_unfinished(folder)
            """The sealed content of the folder."""
            if self.sealed.checkpoints and public[0] not in self.sealed.keys[:1]:
                raise SealError(msg("{folder} was sealed with another key: use that one", folder=folder))
            self._known = self.sealed.keys or public
            self._stack = stack.pop_all()

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def seal(
        self, leaves: Iterable[Leaf], edition: str, at: datetime.datetime, inputs: Iterable[SealedInput] = ()
    ) -> Appended:
        """Append what is new in some leaves, sign the log, and store both; `sealed` is then what is on the disk.

        Where nothing is new and the edition has the name of the last one, nothing is written.

        Args:
            leaves: one for each bureau and poll.
            edition: what the log is called from now on.
            at: now.
            inputs: what the leaves were made from.

        Raises:
            SealError: the leaves cannot be sealed, or there are none at all; nothing was written.
            OSError, OutputRefused: the disk is full, for example; the older edition stands.
        """
        check_edition_name(edition)
        try:
            return self._seal(leaves, edition, at, tuple(inputs))
        except BaseException:
            self.sealed = read_unfinished(self.sealed.folder)
            raise

    def _seal(
        self, leaves: Iterable[Leaf], edition: str, at: datetime.datetime, inputs: tuple[SealedInput, ...]
    ) -> Appended:
        log, folder, editions = self.sealed.log, self.sealed.folder, self.sealed.editions
        before = log.tree.size
        appended = log.append(leaves)
        if not log.tree.size:
            raise SealError(msg("there is nothing to seal"))
        grown = log.tree.size > before
        if grown or edition != editions[-1].name:
            editions = (*editions, SealedEdition(edition, log.tree.size, at.replace(microsecond=0), inputs))
        checkpoints = self.sealed.checkpoints
        if grown:
            note = sign(log.head(self._keys[0].name).text, self._keys, int(at.timestamp()))
            checkpoints = (*checkpoints, SignedCheckpoint(log.head(self._keys[0].name), note))
            write(folder / KEYS, vkeys_bytes(self._known))
            write(folder / LEAVES, b"".join([line + b"\n" for line in log.leaves]))
        if editions != self.sealed.editions:
            write(folder / EDITIONS, editions_bytes(editions))
        newest = checkpoints[-1]
        if grown:
            write(folder / CHECKPOINTS / checkpoint_name(newest.checkpoint.size), newest.note.data)
        if grown or self.sealed.behind:
            write(folder / CHECKPOINT, newest.note.data)
        self.sealed = replace(
            self.sealed,
            keys=self._known,
            checkpoints=checkpoints,
            editions=editions,
            unsealed=0 if grown else self.sealed.unsealed,
            behind=False,
        )
        return appended


def _check_ours(folder: Path) -> None:
    """Make sure that a folder is new, empty, or was sealed: what else is in it would be published with the seal.

    Raises:
        OutputRefused: it is another one.
        OSError: it cannot be listed.
    """
    if not folder.exists() or (folder / CHECKPOINTS).is_dir():
        return
    strange = sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
    if strange:
        raise OutputRefused(
            msg("{folder} is there and is no sealed folder: {name} is in it", folder=folder, name=strange[0])
        )
