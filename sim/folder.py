"""The folder of a night: it appears whole, it replaces nothing that is not a night of ours, and it lists its files."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import secrets
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from protocol.errors import InputError
from protocol.night import MANIFEST, TRUTH
from protocol.opening import open_evidence
from protocol.structured import parse_json
from sim.errors import FolderRefused

WRITTEN_BY = "regard"
MAX_MANIFEST = 2**24


class NightFolder:
    """A night being written: under a temporary name inside the folder, moved to its place when complete.

    Use as a context manager; where the block ends with an exception, what was there before is untouched.

    Args:
        path: the folder, to be made; or an empty one; or, with ``force``, one with a night that regard wrote.

    Raises:
        FolderRefused: there is something else at that place.
        OSError: it cannot be written to.
    """

    def __init__(self, path: Path, force: bool = False) -> None:
        self.path = path.absolute()
        self._old = self._replaceable(force)
        self._made = not self.path.exists()
        self._folders = {name.partition("/")[0] for name in self._old if "/" in name}
        self._digests: dict[str, str] = {}
        self._work = self.path / f".{WRITTEN_BY}-{secrets.token_hex(4)}"

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True, exist_ok=True)
        self._work.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._publish()
        shutil.rmtree(self._work, ignore_errors=True)
        if kind is not None and self._made:
            with contextlib.suppress(OSError):
                self.path.rmdir()

    def write(self, name: str, data: bytes, *, listed: bool = True) -> None:
        """Put one file into the night; ``name`` may have one folder before it.

        The truth is not listed, nor is what changes a file after the manifest was made (``listed``).
        """
        place = self._work / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
        if listed and name != TRUTH.file:
            self._digests[name] = hashlib.sha256(data).hexdigest()

    def remove(self, name: str) -> None:
        """Take a file away after the manifest was made, which still lists it."""
        (self._work / name).unlink()

    def write_manifest(self, about: dict[str, Any]) -> None:
        """State what the night was made from, and the SHA-256 of every file but the truth and the manifest."""
        values = {
            "tool": WRITTEN_BY,
            "version": _version("regard"),
            **about,
            "versions": {"python": ".".join(map(str, sys.version_info[:3]))}
            | {name: _version(name) for name in ("numpy", "simpy")},
            "files": dict(sorted(self._digests.items())),
        }
        (self._work / MANIFEST).write_bytes((json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode())

    def _replaceable(self, force: bool) -> list[str]:
        """The files of the night that stands there now, relative to the folder; empty where there is none."""
        path = self.path
        if path.exists() and not path.is_dir():
            raise FolderRefused(f"{path} is not a folder", f"{path} n'est pas un dossier")
        found = list(_files(path)) if path.exists() else []
        if not found:
            return []
        known = _listed(path / MANIFEST)
        if known is None:
            raise FolderRefused(
                f"{path} is not empty and holds no night that regard wrote; nothing was changed",
                f"{path} n'est pas vide et ne contient pas de nuit écrite par regard ; rien n'a été changé",
            )
        if not force:
            raise FolderRefused(
                f"{path} holds a night already; --force replaces it; nothing was changed",
                f"{path} contient déjà une nuit ; --force la remplace ; rien n'a été changé",
            )
        foreign = [name for name in found if name not in known]
        if foreign:
            raise FolderRefused(
                f"{path} holds {foreign[0]}"
                + (f" and {len(foreign) - 1} more files" if foreign[1:] else "")
                + " beside the night that regard wrote; nothing was changed",
                f"{path} contient {foreign[0]}"
                + (f" et {len(foreign) - 1} autres fichiers" if foreign[1:] else "")
                + " à côté de la nuit écrite par regard ; rien n'a été changé",
            )
        return found

    def _publish(self) -> None:
        """Take the old night away, its manifest first; move the new one in, its manifest last."""
        for name in sorted(self._old, key=lambda name: name != MANIFEST):
            (self.path / name).unlink(missing_ok=True)
        for name in self._folders:
            with contextlib.suppress(OSError):
                (self.path / name).rmdir()
        for entry in sorted(self._work.iterdir(), key=lambda entry: (entry.name == MANIFEST, entry.name)):
            entry.replace(self.path / entry.name)


def _files(path: Path) -> Iterator[str]:
    for entry in path.rglob("*"):
        if not entry.is_dir() or entry.is_symlink():
            yield entry.relative_to(path).as_posix()


def _listed(manifest: Path) -> set[str] | None:
    """The files that a manifest of ours lists, itself and the truth included; None for any other file."""
    try:
        values = parse_json(open_evidence(manifest, MAX_MANIFEST, manifest.parent).data, str(manifest))
    except InputError:
        return None
    if not isinstance(values, dict) or values.get("tool") != WRITTEN_BY or not isinstance(values.get("files"), dict):
        return None
    return {*values["files"], MANIFEST, TRUTH.file}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
