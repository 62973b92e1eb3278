"""A sealed folder: ``leaves.jsonl``, ``checkpoints/``, ``key.vkey``, ``editions.jsonl``; as it is read and appended to.

What seals is a signed checkpoint in ``checkpoints/``. Leaves and editions are written before it, and the copy of the
newest, ``checkpoint``, after it: whoever is stopped between leaves whole either the older edition or the new one. The
editions say what was sealed when, from which inputs; they are not in the tree, and not signed.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from protocol.errors import cause
from protocol.files import write
from protocol.locked_files import create_locked, remove_locked
from protocol.opening import check_inside, open_evidence
from protocol.output_refusals import OutputRefused, cannot, make_folder
from protocol.sealing.keys import MAX_KEY, PrivateKey, PublicKey, need_signing, parse_vkeys, sign
from protocol.sealing.leaves import Leaf
from protocol.sealing.log import Appended, SealedLog
from protocol.sealing.notes import MAX_NOTE, Checkpoint, SignedCheckpoint, parse_checkpoint
from protocol.sealing.proofs import ProofFault, check_signatures, proof_bytes
from protocol.sealing.seal_error import DIGEST, SealError, canonical_json
from protocol.words import Text, msg

T = TypeVar("T")

MAX_EDITIONS = 2**26
"""Bytes of the editions of a folder."""
MAX_EDITION_NAME = 80
"""Characters of an edition's name."""
_KEYS = {"edition", "inputs", "line", "sealed", "size"}


@dataclass(frozen=True, slots=True)
class SealedInput:
    """A file that leaves were made from: its name, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SealedEdition:
    """A sealed edition of results.

    Attributes:
        name: night, provisional, definitive, or another one.
        size: leaves of the log after it.
        sealed: when, in UTC to the second.
        inputs: what it was made from.
    """

    name: str
    size: int
    sealed: datetime.datetime
    inputs: tuple[SealedInput, ...] = ()

    @property
    def line(self) -> bytes:
        """Its line, without the end: canonical JSON, with the SHA-256 of the same without that digest."""
        values = {
            "edition": self.name,
            "inputs": [{"name": each.name, "sha256": each.sha256} for each in self.inputs],
            "sealed": self.sealed.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "size": self.size,
        }
        return canonical_json(values | {"line": _digest(values)}).encode()


def check_edition_name(name: str) -> None:
    """Make sure that an edition can have a name.

    Raises:
        SealError: it is empty, too long, or has characters that cannot be shown.
    """
    if not name.strip() or len(name) > MAX_EDITION_NAME or not name.isprintable():
        raise SealError(msg("an edition has a name of up to {limit} characters", limit=MAX_EDITION_NAME))


def editions_bytes(editions: Iterable[SealedEdition]) -> bytes:
    """Editions as they stand in a file, one a line."""
    return b"".join(each.line + b"\n" for each in editions)


def parse_editions(data: bytes) -> tuple[SealedEdition, ...]:
    """Editions, one a line, the earliest first.

    Raises:
        SealError: a line is none, or was changed; the sentence says which.
    """
    *lines, rest = data.split(b"\n")
    found = [_edition(line) for line in lines]
    for row, edition in enumerate(found, 1):
        if edition is None or edition.line != lines[row - 1]:
            raise SealError(msg("line {row} is no edition, or was changed", row=row))
    if rest:
        raise SealError(msg("line {row} is no edition, or was changed", row=len(lines) + 1))
    return tuple(each for each in found if each is not None)


def _edition(line: bytes) -> SealedEdition | None:
    try:
        values = json.loads(line.decode())
        if type(values) is not dict or values.keys() != _KEYS or type(values["size"]) is not int:
            return None
        sealed = datetime.datetime.strptime(values["sealed"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
        inputs = tuple(SealedInput(each["name"], each["sha256"]) for each in values["inputs"])
        if not all(DIGEST.fullmatch(each.sha256) for each in inputs):
            return None
        return SealedEdition(values["edition"], values["size"], sealed, inputs)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _digest(values: dict[str, Any]) -> str:
    """The SHA-256 of an edition: it shows damage, and no more than that, since anybody can compute it."""
    return sha256(canonical_json(values).encode("utf-8", "surrogatepass")).hexdigest()


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
        behind: ``checkpoint`` is not the newest: a seal was interrupted.
    """

    folder: Path
    log: SealedLog = field(default_factory=SealedLog)
    keys: tuple[PublicKey, ...] = ()
    checkpoints: tuple[SignedCheckpoint, ...] = ()
    editions: tuple[SealedEdition, ...] = ()
    behind: bool = False

    @property
    def newest(self) -> SignedCheckpoint:
        """The newest checkpoint."""
        return self.checkpoints[-1]

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
    log = _log(folder, heads)
    editions = _editions(folder, heads)
    newest = checkpoints[-1].note.data
    if present and present not in (each.note.data for each in checkpoints):
        raise _broken(copy, msg("it is none of the checkpoints"))
    return SealedFolder(folder, log, keys, checkpoints, editions, present != newest)


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
        signed = _parsed(path, MAX_NOTE, folder, parse_checkpoint)
        if checkpoint_name(signed.checkpoint.size) != name or not signed.checkpoint.size:
            raise _broken(path, msg("its number of leaves is another than its name says"))
        found.append(signed)
    return tuple(found)


def _keys(folder: Path) -> tuple[PublicKey, ...]:
    def parse(data: bytes) -> tuple[PublicKey, ...]:
        keys = parse_vkeys(data)
        if vkeys_bytes(keys) != data or len(keys) > _MOST_KEYS:
            raise SealError(msg("it does not hold public keys, one a line"))
        return keys

    return _parsed(folder / KEYS, MAX_KEY * _MOST_KEYS, folder, parse)


def _parsed(path: Path, most: int, folder: Path, parse: Callable[[bytes], T]) -> T:
    """Read a file of a sealed folder of so many bytes at most; what does not hold in it is said with its path."""
    data = open_evidence(path, most, folder).data
    try:
        return parse(data)
    except SealError as error:
        raise _broken(path, error.message) from error


def vkeys_bytes(keys: tuple[PublicKey, ...]) -> bytes:
    """Public keys as they stand in a file, one a line."""
    return "".join(f"{each.vkey}\n" for each in keys).encode()


def _log(folder: Path, heads: list[Checkpoint]) -> SealedLog:
    """Read the leaves up to the newest checkpoint, and check their roots.

    Lines after them are those of a seal that was interrupted.
    """

    def parse(data: bytes) -> SealedLog:
        lines, size = data.split(b"\n")[:-1], heads[-1].size
        if len(lines) < size:
            raise SealError(msg("it has {count} leaves, and the checkpoint says {size}", count=len(lines), size=size))
        log = SealedLog(lines[:size])
        for head in heads:
            if log.tree.root(head.size) != head.root:
                raise SealError(msg("its first {size} leaves do not give the root of their checkpoint", size=head.size))
        return log

    return _parsed(folder / LEAVES, MAX_LEAVES_FILE, folder, parse)


def _editions(folder: Path, heads: list[Checkpoint]) -> tuple[SealedEdition, ...]:
    """Those that were sealed: one at least for each checkpoint."""
    path = folder / EDITIONS
    editions = _parsed(path, MAX_EDITIONS, folder, parse_editions)
    sealed = tuple(each for each in editions if each.size <= heads[-1].size)
    sizes = [each.size for each in sealed]
    if sizes != sorted(sizes) or set(sizes) != {head.size for head in heads}:
        raise _broken(path, msg("its editions are not those of the checkpoints"))
    return sealed


def _path(folder: Path, head: Checkpoint) -> Path:
    return folder / CHECKPOINTS / checkpoint_name(head.size)


def _broken(path: Path, why: Text) -> SealError:
    return SealError(msg("{path}: {why}", path=path, why=why))


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
            head = log.head(self._keys[0].name)
            checkpoints = (*checkpoints, SignedCheckpoint(head, sign(head.text, self._keys, int(at.timestamp()))))
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
