"""A sealed folder under a key that somebody else gave, and the keys of witnesses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from protocol.sealing.folder import SealedFolder, read_sealed
from protocol.sealing.keys import PublicKey, parse_vkey
from protocol.sealing.seal_error import SealError
from protocol.words import msg
from regard.sealing.key_files import read_public
from regard.sealing.places import existing_sealed


def read_trusted(path: Path, key: Path | None = None) -> SealedFolder:
    """Read the sealed folder that belongs to a path, and make sure that it is of the key that somebody else gave.

    Args:
        path: a night, a file of results, or the folder itself.
        key: a file with the log's public key; None to trust the one in the folder.

    Raises:
        InputError, SealError, SigningMissing: as `read_sealed`.
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
