"""Paths of sealed folders and of the keys beside them, the keys in files, and search for a bureau."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from protocol import files
from protocol.errors import RegardError
from protocol.night import ELECTION
from protocol.opening import open_evidence
from protocol.output_refusals import OutputRefused, check_new
from protocol.sealing.folder import CHECKPOINTS, SEALED, SealedFolder, read_sealed
from protocol.sealing.keys import (
    MAX_KEY,
    NoteKeyKind,
    PrivateKey,
    PublicKey,
    make_key,
    parse_skey,
    parse_vkey,
    parse_vkeys,
)
from protocol.sealing.log import Place
from protocol.sealing.seal_error import SealError
from protocol.words import msg
from regard.outputs import check_replaceable
from regard.paths import existing


class NotSealed(RegardError):
    """A bureau or a poll that is not among what was sealed."""


def sealed_folder(given: Path) -> Path:
    """The sealed folder of a night or of a file of results; or what was given, where it is one."""
    if (given / CHECKPOINTS).is_dir():
        return given
    return given / SEALED if given.is_dir() else given.with_name(f"{given.name}.{SEALED}")


def existing_sealed(given: Path) -> Path:
    """The sealed folder; refuse a path without one.

    Raises:
        NotThere: what was given does not exist.
        NotSealed: there is none.
    """
    folder = sealed_folder(existing(given))
    if not (folder / CHECKPOINTS).is_dir():
        raise NotSealed(msg("{path} is not sealed: regard seal {path}", path=given))
    return folder


def evidence_of(given: Path) -> Path:
    """Path of the evidence of a sealed folder, as `regard seal` lays it down; any other path is returned."""
    whole = given.resolve()
    if whole.name == SEALED:
        return whole.parent
    ending = f".{SEALED}"
    return whole.with_name(whole.name.removesuffix(ending)) if whole.name.endswith(ending) else whole


def never_replaced(given: Path) -> list[Path]:
    """Paths that no output may have: the sealed folder, and its evidence without regard's own files.

    Args:
        given: a night, a file of results, or the sealed folder of either.
    """
    evidence = evidence_of(given)
    beside = sorted(evidence.iterdir()) if evidence.is_dir() else [evidence]
    return [sealed_folder(given), *(path for path in beside if not _is_own(path))]


def _is_own(path: Path) -> bool:
    try:
        check_replaceable(path)
    except OutputRefused:
        return False
    return True


def key_path(given: Path) -> Path:
    """Path of the key of some evidence: beside it, and never in the folder of a night."""
    whole = given.resolve()
    folder = whole.parent
    if whole.is_file() and (folder / ELECTION).exists():
        return folder.with_name(f"{folder.name}.{whole.name}.key")
    return whole.with_name(f"{whole.name}.key") if given.name in ("", "..") else given.with_name(f"{given.name}.key")


def place_json(place: Place) -> dict[str, str]:
    """A bureau and poll for programs."""
    return dict(zip(("poll", "insee", "bureau"), place, strict=True))


def bare(code: str) -> str:
    """A bureau's code as it is compared where another spelling may be meant: without zeros before it."""
    return code.strip().lstrip("0").casefold()


PUBLIC = ".vkey"
"""Ending put behind the name of a private key's file for that of its public key."""
_MOST = 16
KINDS = {kind.name.lower().replace("_", "-"): kind for kind in NoteKeyKind}
"""Kinds of keys by the names that the commands have for them."""


def new_name() -> str:
    """A name for a key and its log that no other has."""
    return f"regard/{secrets.token_hex(8)}"


def public_path(path: Path) -> Path:
    """Path of the public key of a private one."""
    return path.with_name(path.name + PUBLIC)


def write_new(path: Path, name: str, kind: NoteKeyKind = NoteKeyKind.ED25519) -> PrivateKey:
    """Make a key, and write it and its public key.

    Raises:
        OutputRefused: one of both files is there already, or cannot be written; nothing was written then.
        OSError: the disk is full; nothing was written then.
        SealError: no key can have that name.
        ExtraMissing: the library is not installed.
    """
    key = make_key(name, kind)
    contents = {path: f"{key.skey}\n".encode(), public_path(path): f"{key.public.vkey}\n".encode()}
    files.write_new(contents, check_new, private=(path,))
    return key


def read_private(path: Path) -> tuple[PrivateKey, ...]:
    """The private keys in a file, one a line.

    Raises:
        InputError: it cannot be read.
        SealError: it does not hold private keys. The message quotes nothing of it.
        ExtraMissing: the library is not installed.
    """
    data = open_evidence(path, MAX_KEY * _MOST).data
    try:
        return tuple(map(parse_skey, data.decode("ascii", "replace").splitlines()[:_MOST] or [""]))
    except SealError as error:
        raise SealError(msg("{path}: {why}", path=path, why=error.message)) from None


def read_public(paths: Sequence[Path]) -> tuple[PublicKey, ...]:
    """The public keys in some files, one a line.

    Raises:
        InputError: one cannot be read.
        SealError: one does not hold public keys.
    """
    found: list[PublicKey] = []
    for path in paths:
        data = open_evidence(path, MAX_KEY * _MOST).data
        try:
            found += parse_vkeys(data.replace(b"\r\n", b"\n"))
        except SealError as error:
            why = error.message
            if data.startswith(b"PRIVATE+KEY+"):
                why = msg("this is a private key: give the public one, which ends with {ending}", ending=PUBLIC)
            raise SealError(msg("{path}: {why}", path=path, why=why)) from None
    return tuple(found)


class KeyMissing(RegardError):
    """A folder was sealed before, and the key that it goes on with is not at hand."""

    def __init__(self, folder: Path, path: Path) -> None:
        super().__init__(
            msg("{folder} was sealed before; its key is not in {path}: give it with --key", folder=folder, path=path)
        )


def read_trusted(path: Path, key: Path | None = None) -> SealedFolder:
    """Read the sealed folder that belongs to a path, and make sure that it is of the key that somebody else gave.

    Args:
        path: a night, a file of results, or the folder itself.
        key: a file with the log's public key; None to trust the one in the folder.

    Raises:
        InputError, SealError, ExtraMissing: as `read_sealed`.
        NotSealed, NotThere: there is nothing at the path, or nothing is sealed there.
        SealError: the folder's key is another one.
    """
    sealed = read_sealed(existing_sealed(path))
    if key is not None and sealed.keys[0] not in read_public([key]):
        raise SealError(msg("{folder}: it is not sealed with the key in {key}", folder=sealed.folder, key=key))
    return sealed


def files_of_witnesses(given: Sequence[str]) -> list[Path]:
    """Those of the keys of witnesses that are names of files."""
    return [Path(each) for each in given if _is_file(each)]


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # as a key, it may be longer than the name of a file can be
        return False


def witness_keys(given: Sequence[str]) -> tuple[PublicKey, ...]:
    """Keys of witnesses, each as text or in a file.

    Raises:
        InputError, SealError: one is neither.
    """
    found: list[PublicKey] = []
    for each in given:
        found += read_public([Path(each)]) if _is_file(each) else [parse_vkey(each)]
    return tuple(found)
