"""Files as they are opened, one by one: each ends among the inputs, whatever becomes of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from protocol.errors import InputError, RegardError, wrong_file
from protocol.opening import MAX_FILE, Digest, OpenedFile, TooLargeError, check_inside, open_evidence, sha256_of
from protocol.own_files import of_readings
from protocol.words import Text, msg
from verify.model.evidence import Sources
from verify.model.failures import Failure, failure
from verify.model.published import UnknownLayout
from verify.model.use import NOTHING_FILLED_IN, READING, Input, Use, Used, action_of, note_of, used_of, why_of
from verify.read.tables.asked import NOTHING_ASKED, SeveralRounds

_HASHED = 2**33
"""Bytes of all files together that are not read, and of which the SHA-256 is taken."""
NOT_CHECKED = msg("it could not be checked")
Progress = Callable[[str, int], None]


class Taking:
    """Use of a file: what is said of it, and what became of each of its sheets."""

    def __init__(self, note: Text = "", uses: Sequence[Use] = (), kind: str = "") -> None:
        self.note: Text = note or (note_of(uses) if uses else "")
        self.uses = tuple(uses)
        self.kind = kind


def not_taken(why: Text, kind: str = "") -> Taking:
    """Leave a whole file unused."""
    return Taking(uses=[Use("", (), Used.NONE, why)], kind=kind)


Take = Callable[[OpenedFile], Taking]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A file of both rounds: what `OpenedNight.read` was given, and what it raised."""

    kind: str
    path: Path
    below: Path | None
    take: Take
    error: SeveralRounds


class OpenedNight:
    """All files that were looked at.

    Attributes:
        problems: what could not be read.
        inputs: one for each file.
        digests: by the index of an input: the digests of files that were read, which are waited for when all is done.
        failures: files that could not be checked, as something was raised in reading them.
        held: files that are on no disk, by their names.
        looked_at: names in the folder of the night of which something was read.
        undecided: files of both rounds, to be read when it is known which one is meant.
        asked: what the user says of tables, and the round that they are read for.
    """

    def __init__(self, sources: Sources, progress: Progress | None) -> None:
        self.problems: list[InputError] = []
        self.inputs: list[Input] = []
        self.digests: dict[int, Digest] = {}
        self.failures: list[Failure] = []
        self.looked_at: set[str] = set()
        self.undecided: list[Undecided] = []
        self.asked = NOTHING_ASKED
        self.folder = sources.folder
        self.held = {file.path: file for file in sources.opened}
        self._prefix = "" if sources.folder is None else sources.folder.as_posix().rstrip("/") + "/"
        self._progress = progress
        self._hashed = _HASHED

    def name(self, path: Path) -> str:
        """A path as it is shown: within the night's folder without the folder's own name."""
        return path.as_posix().removeprefix(self._prefix) if self._prefix else str(path)

    def sha256_of(self, path: Path, below: Path | None) -> str | None:
        """The SHA-256 of a file that is not read; None where it is no file of a disk, or there are too many bytes."""
        try:
            digest = sha256_of(path, self._hashed, below)
            self._hashed -= path.stat().st_size
        except (InputError, OSError):
            return None
        return digest

    def same_as(self, path: Path, kinds: Collection[str]) -> str:
        """The name of a file that was read as one of some kinds and has the same bytes, empty for none."""
        held = self.held.get(path)
        try:
            size = path.stat().st_size if held is None else len(held.data)
        except OSError:
            return ""
        digest = None if held is None else held.sha256
        for at, each in enumerate(self.inputs):
            if each.kind in kinds and each.size == size and at in self.digests:
                digest = digest or self.sha256_of(path, None)
                if digest == self.digests[at].hexdigest():
                    return each.path
        return ""

    def without_readings(self, paths: Sequence[Path]) -> list[Path]:
        """Files without those that a reading of an urn has left beside its image, which are named as such."""
        beside = of_readings(paths)
        for path, what in beside.items():
            below = self.folder if self.folder is not None and path.is_relative_to(self.folder) else None
            self.leave(path, what, below, READING)
        return [path for path in paths if path not in beside]

    def leave(self, path: Path, why: Text, below: Path | None, kind: str = "file", action: Text = "") -> None:
        """Name a file or a folder that is not read.

        Args:
            path: of it.
            why: it is not.
            below: the folder that it was found in, None where it was given by its name.
            kind: of a file.
            action: what to do about it.
        """
        if path.parent == self.folder:
            self.looked_at.add(path.name)
        if path.is_dir() and not path.is_symlink():
            kind, size, digest = "folder", 0, None
        else:
            size, digest = path.lstat().st_size, self.sha256_of(path, below)
        named = below is None
        self.inputs.append(Input(kind, self.name(path), size, digest, "", Used.NONE, why, action, named=named))

    def step(self, name: str, done: int) -> None:
        """Say how far the reading has come."""
        if self._progress is not None:
            self._progress(name, done)

    def read_found(self, kind: str, path: Path, take: Take, limit: int = MAX_FILE) -> None:
        """Read a file of a folder, if there is anything of its name: a link that leads nowhere is named."""
        if os.path.lexists(path):
            if path.parent == self.folder:
                self.looked_at.add(path.name)
            self.read(kind, path, path.parent, take, limit)

    def read(
        self,
        kind: str,
        path: Path,
        below: Path | None,
        take: Take,
        limit: int = MAX_FILE,
    ) -> None:
        """Read one file, once. Whatever is raised is said of this file, and the others are read.

        Args:
            kind: of evidence.
            path: the file.
            below: as in `open_evidence`.
            take: is given the file; returns what it was read as.
            limit: as in `open_evidence`.
        """
        file = None
        try:
            file = self.held.get(path) or open_evidence(path, limit, below)
            taking = take(file)
            self.digests[len(self.inputs)] = file.digest
        except SeveralRounds as error:
            self.undecided.append(Undecided(kind, path, below, take, error))
        except Exception as error:  # memory that ran out included
            self.unusable(kind, path, error, file, below is None)
        else:
            self._used(taking.kind or kind, path, len(file.data), taking, below is None)

    def _used(self, kind: str, path: Path, size: int, taking: Taking, named: bool) -> None:
        uses = taking.uses
        used, why, action = (used_of(uses), why_of(uses), action_of(uses)) if uses else (Used.WHOLE, "", "")
        note = NOTHING_FILLED_IN if used is Used.NONE and why == NOTHING_FILLED_IN else taking.note
        self.inputs.append(Input(kind, self.name(path), size, None, note, used, why, action, uses, named))

    def change_inputs(self, change: Callable[[Input], Input]) -> None:
        """Put another one in the place of each input."""
        self.inputs = [change(each) for each in self.inputs]

    def is_folder(self, path: Path, below: Path) -> bool:
        """Test whether there is a folder; what else has its name is named."""
        if not os.path.lexists(path):
            return False
        self.looked_at.add(path.name)
        try:
            check_inside(path, below)
            if not path.is_dir():
                raise wrong_file(path, msg("a folder"), msg("a file"))
        except InputError as error:
            self.unusable(path.name, path, error, None, False)
            return False
        return True

    def unusable(self, kind: str, path: Path, error: Exception, file: OpenedFile | None, named: bool) -> None:
        """A file of which nothing is used: what is wrong with it, and which bytes it had if they were read.

        What is no error of the file's own is a failure to check it.
        """
        from verify.read.tables.parts import NotUnderstood

        name = self.name(path)
        if not isinstance(error, RegardError):
            self.failures.append(failure(name, error))
            self.not_used(kind, path, file, named=named)
            return
        uses: tuple[Use, ...] = ()
        if isinstance(error, NotUnderstood):
            self.problems += error.problems
            uses = error.uses
        elif isinstance(error, InputError):
            self.problems.append(error.in_file(name))
        else:
            seen = error.seen if isinstance(error, UnknownLayout) else error.message
            self.problems.append(wrong_file(name, msg("a known layout of results"), seen))
        first = error.problems[0] if isinstance(error, NotUnderstood) else self.problems[-1]
        why = first.said
        size = error.size if isinstance(error, TooLargeError) else 0
        self.not_used(kind, path, file, size, why, uses, named)

    def not_used(
        self,
        kind: str,
        path: Path,
        file: OpenedFile | None,
        size: int = 0,
        why: Text = NOT_CHECKED,
        uses: tuple[Use, ...] = (),
        named: bool = False,
    ) -> None:
        """A file of which nothing is used."""
        below = None if named else self.folder
        size, digest = (size, self.sha256_of(path, below)) if file is None else (len(file.data), file.sha256)
        note, action = msg("not used"), action_of(uses)
        self.inputs.append(Input(kind, self.name(path), size, digest, note, Used.NONE, why, action, uses, named))

    def failed(self, kind: str, failed: Sequence[tuple[Path, Failure]]) -> None:
        """Files that could not be read for another reason than themselves."""
        for path, each in failed:
            self.failures.append(replace(each, what=self.name(path)))
            self.not_used(kind, path, None)
