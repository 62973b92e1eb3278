"""Where the sealed folder of a night is, of a file of results, or of a folder that is one itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from protocol.opening import open_evidence
from protocol.sealing.folder import CHECKPOINTS, SEALED, SealedFolder, read_sealed
from protocol.sealing.keys import MAX_KEY, PublicKey, parse_vkey, parse_vkeys
from protocol.sealing.seal_error import SealError
from protocol.words import msg
from regard.paths import AnyPath, existing


def sealed_folder(path: AnyPath) -> Path:
    """The sealed folder that belongs to a path.

    Raises:
        NotThere: there is nothing at the path.
    """
    found = existing(path)
    if not found.is_dir():
        return found.with_name(f"{found.name}.{SEALED}")
    within = found / SEALED
    return found if (found / CHECKPOINTS).is_dir() and not within.is_dir() else within


def read_trusted(path: AnyPath, key: Path | None = None) -> SealedFolder:
    """Read the sealed folder that belongs to a path, and make sure that it is of the key that somebody else gave.

    Args:
        path: a night, a file of results, or the folder itself.
        key: a file with the log's public key; None to trust the one in the folder.

    Raises:
        InputError, SealError, SigningMissing: as `read_sealed`.
        NotThere: there is nothing at a path.
        SealError: the folder's key is another one.
    """
    sealed = read_sealed(sealed_folder(path))
    if key is not None:
        trusted = parse_vkeys(open_evidence(existing(key), MAX_KEY * 16).data)
        if sealed.keys[0] not in trusted:
            raise SealError(msg("{folder}: it is not sealed with the key in {key}", folder=sealed.folder, key=key))
    return sealed


def witness_keys(given: Sequence[str]) -> tuple[PublicKey, ...]:
    """Keys of witnesses, each as text or in a file.

    Raises:
        InputError, SealError: one is neither.
    """
    found: list[PublicKey] = []
    for each in given:
        path = Path(each)
        found += parse_vkeys(open_evidence(path, MAX_KEY * 16).data) if path.is_file() else [parse_vkey(each)]
    return tuple(found)
