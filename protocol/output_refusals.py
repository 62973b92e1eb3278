"""What must not be written, and why: files that are read, what is no regular file, and folders that are not there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from protocol.errors import RegardError
from protocol.phrases import in_language


class OutputRefused(RegardError):
    """A file that must not be written, and what to do instead; as text it is English.

    Raised, for example, where a report would replace a file of the evidence.

    Attributes:
        french: the same sentence in French.
    """

    def __init__(self, english: str, french: str) -> None:
        super().__init__(english, french)  # both are arguments, so that it crosses processes as it is
        self.french = french

    def __str__(self) -> str:
        return str(self.args[0])


def check_output(path: Path, read: Iterable[Path] = (), *, force: bool = False) -> None:
    """Make sure that a file may be written there.

    Args:
        path: where; a file that is there is replaced.
        read: files and folders that this run reads.
        force: allow a new file in a folder that is read.

    Raises:
        OutputRefused: it is read by this run, lies in a folder that is, is no regular file, or its folder is missing.
    """
    if not path.name or path.name == "..":
        raise OutputRefused(f"{path}: not the name of a file", f"{path} : ce n'est pas un nom de fichier")
    try:
        there = path.lstat()
    except FileNotFoundError:
        there = None
    except (OSError, ValueError) as error:
        raise cannot(path, error) from error
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise no_file(path, there.st_mode)
    _check_folder(path)
    for given in read:
        _check_read(path, there, given, force=force)


def check_folder(folder: Path, read: Iterable[Path]) -> None:
    """Make sure that nothing that is read lies in a folder that is to be written or replaced.

    Raises:
        OutputRefused: something does.
    """
    for given in read:
        place = Path(os.path.realpath(given))
        if Path(os.path.realpath(folder)) in (place, *place.parents):
            raise OutputRefused(
                f"{given} is in {folder}, the folder that is to be written: name another folder",
                f"{given} est dans {folder}, le dossier à écrire : nommer un autre dossier",
            )


def check_apart(paths: Mapping[str, Path]) -> None:
    """Make sure that no two outputs of a run are the same file.

    Args:
        paths: by option.

    Raises:
        OutputRefused: they are, or one has no name.
    """
    seen: dict[str, str] = {}
    for option, path in paths.items():
        if path == Path():
            raise OutputRefused(f"{option}: give the name of a file", f"{option} : donner un nom de fichier")
        place = os.path.normcase(os.path.join(os.path.realpath(path.parent), path.name))  # noqa: PTH118 - no link followed
        if place in seen:
            raise OutputRefused(
                f"{seen[place]} and {option} name the same file, {path}: name two",
                f"{seen[place]} et {option} nomment le même fichier, {path} : en nommer deux",
            )
        seen[place] = option


def _check_folder(path: Path) -> None:
    try:
        status = path.parent.stat()
    except (OSError, ValueError) as error:
        raise OutputRefused(
            f"{path}: there is no folder {path.parent}: make it, or name another file",
            f"{path} : il n'y a pas de dossier {path.parent} : le créer, ou nommer un autre fichier",
        ) from error
    if not stat.S_ISDIR(status.st_mode):
        raise OutputRefused(
            f"{path}: {path.parent} is not a folder: name another file",
            f"{path} : {path.parent} n'est pas un dossier : nommer un autre fichier",
        )


def _check_read(path: Path, there: os.stat_result | None, given: Path, *, force: bool) -> None:
    """Refuse an output that is a file given to be read, or lies in a folder given to be read."""
    try:
        status = given.stat()
    except (OSError, ValueError):  # the reader says what is wrong with it
        return
    if not stat.S_ISDIR(status.st_mode):
        if there is not None and os.path.samestat(there, status):
            raise OutputRefused(
                f"{path} is one of the files that are read, and these are never changed: name another file",
                f"{path} est un des fichiers lus, et ceux-ci ne sont jamais modifiés : nommer un autre fichier",
            )
        return
    parent = Path(os.path.realpath(path.parent))
    if not any(os.path.samestat(folder.stat(), status) for folder in (parent, *parent.parents)):
        return
    if there is not None:
        raise OutputRefused(
            f"{path} is in {given}, the folder that is read, where nothing is ever replaced: name another file",
            f"{path} est dans {given}, le dossier lu, où rien n'est jamais remplacé : nommer un autre fichier",
        )
    if not force:
        raise OutputRefused(
            f"{path} would be among the evidence in {given}: name a file elsewhere, or allow it with --force",
            f"{path} serait parmi les pièces dans {given} : nommer un fichier ailleurs, ou l'accepter avec --force",
        )


def no_file(path: Path, mode: int) -> OutputRefused:
    """What is said of something that is no regular file."""
    english, french = "a device", "un périphérique"
    for test, words in (
        (stat.S_ISLNK, ("a link, which is not followed", "un lien, qui n'est pas suivi")),
        (stat.S_ISDIR, ("a folder", "un dossier")),
        (stat.S_ISFIFO, ("a pipe", "un tube")),
        (stat.S_ISSOCK, ("a socket", "une prise réseau")),
    ):
        if test(mode):
            english, french = words
    return OutputRefused(
        f"{path} is {english}: name an ordinary file, or - for standard output where the option takes it",
        f"{path} est {french} : nommer un fichier ordinaire, ou - pour la sortie standard si l'option le prend",
    )


def busy(path: Path) -> OutputRefused:
    """What is said of a file that another process is writing."""
    return OutputRefused(
        f"{path} is being written by another process: wait for it, or name another file",
        f"{path} est en cours d'écriture par un autre processus : l'attendre, ou nommer un autre fichier",
    )


def cannot(path: Path, error: OSError | ValueError) -> OutputRefused:
    """What is said of a file that the system does not let us write."""
    reason = getattr(error, "strerror", None) or str(error)
    return OutputRefused(
        f"{path} cannot be written: {reason}: name another file",
        f"{path} ne peut être écrit : {in_language(reason, 'fr')} : nommer un autre fichier",
    )
