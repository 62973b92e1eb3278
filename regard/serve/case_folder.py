"""The folder of a case: what a person gives or says on the page is a file in it, which `regard verify` reads too."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from protocol import night
from protocol.errors import RegardError, cause
from protocol.files import Output, write
from protocol.opening import OpenedFile, check_inside, open_evidence, sha256_of
from protocol.output_refusals import OutputRefused
from protocol.reading_files import PART, STATE
from protocol.structured import MAX_TOML
from protocol.words import Text, msg
from regard.serve.own_tables import form_of
from regard.serve.safe_names import number_names, safe_name
from verify.read.rows import encoding_of

_FOLDERS = {".esf": night.EXPORTS, ".urn": night.URNS}
"""Dumps have a folder of their own, as in a night: there may be a thousand of them."""
_TRIES = 1000


class ChangedMeanwhile(RegardError):
    """What is to be saved was changed since the page was made: by another page, or by another program."""


def _other_columns(name: str) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        msg("{path} has other columns than this page writes: add the row there, nothing was saved", path=name)
    )


def _changed_meanwhile(name: str) -> Text:
    return msg("{path} was changed meanwhile, and nothing was saved: look at the page again", path=name)


class CaseFolder:
    """One case on the disk.

    Args:
        path: of the folder, which is there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_open(self) -> bool:
        """Whether the system says that files may be made here; not every system knows before it is tried."""
        return os.access(self.path, os.W_OK | os.X_OK)

    def closed(self) -> Text:
        """Why no file can be made here, which is tried with a hidden one; empty where one can."""
        try:
            Output(self.path / f"essai-{secrets.token_hex(8)}").close()
        except OutputRefused as error:
            return error.message if error.__cause__ is None else cause(error.__cause__)
        except OSError as error:
            return cause(error)
        return ""

    def claim(self, called: str, beside: Sequence[str] = ()) -> Output:
        """A file to write to, for one that is called so: in the folder, under a name that nothing has there.

        Args:
            called: its name, as somebody gave it.
            beside: endings that nothing there has after that name either.

        Raises:
            OutputRefused: there is no such name, or nothing can be written.
            InputError: the folder of dumps is a link that leads elsewhere.
        """
        wanted = safe_name(called)
        folder = self.folder_for(wanted)
        for name, _ in zip(number_names(wanted), range(_TRIES), strict=False):
            path = folder / name
            if any(os.path.lexists(folder / f"{name}{ending}") for ending in ("", *beside)):
                continue
            try:
                output = Output(path)
            except OutputRefused:
                if _is_being_written(path):
                    continue
                raise
            if not os.path.lexists(path):  # whoever holds its hidden name is the only one to make it
                return output
            output.close()
        raise OutputRefused(msg("{path}: there are too many files of this name", path=wanted))

    def folder_for(self, name: str) -> Path:
        """The folder in which a file of that name has its place; it is made where there is none.

        Raises:
            InputError: it is a link that leads elsewhere.
        """
        own = _FOLDERS.get(Path(name).suffix.lower())
        if own is None:
            return self.path
        folder = self.path / own
        if os.path.lexists(folder):
            check_inside(folder, self.path)
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
        return folder

    def meanings(self) -> tuple[dict[str, str], str]:
        """What columns mean, by their headers as they are written, and the version of that.

        Raises:
            InputError: there is something of that name which is no such table.
        """
        file = self.own(night.MEANINGS.file)
        if file is None:
            return {}, ""
        found: dict[str, str] = {}
        form = form_of(file.data, night.MEANINGS.header)
        if form is not None:
            text = file.data.removeprefix(form.mark).decode(encoding_of(file.data))
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter)
            with contextlib.suppress(csv.Error):  # the audit names what is wrong with it
                found = {row[0]: row[1] for row in islice(rows, 1, None) if len(row) > 1}
        return found, file.sha256

    def save_meanings(self, meanings: Mapping[str, str | None], version: str) -> None:
        """Write what columns mean, on top of a version that was shown.

        Args:
            meanings: by header as it is written; empty for a column to leave out, None where nothing is said any more.
            version: as `meanings` gave it.

        Raises:
            ChangedMeanwhile: that is not the one that is there, or it has other columns.
            OutputRefused, OSError: it cannot be written.
        """
        path, header = self.path / night.MEANINGS.file, night.MEANINGS.header
        with Output(path) as output:  # as long as it is held, nobody else writes it
            before, now = self.meanings()
            if now != version:
                raise ChangedMeanwhile(_changed_meanwhile(path.name))
            there = self.own(path.name)
            form = form_of(None if there is None else there.data, header)
            if form is None:
                raise _other_columns(path.name)
            kept = {name: meaning for name, meaning in {**before, **meanings}.items() if meaning is not None}
            output.write(form.table(header, sorted(kept.items())))

    def add_follow_up(self, cells: Mapping[str, str]) -> None:
        """Add a row to what became of findings; the rows that are there stay as they are.

        Raises:
            ChangedMeanwhile: the table that is there has other columns, or an encoding without one of the letters.
            OutputRefused, OSError: it cannot be written.
        """
        name, header = night.FOLLOW_UP.file, night.FOLLOW_UP.header
        row = [cells.get(column) for column in header]
        with Output(self.path / name) as output:  # as long as it is held, nobody else writes it
            there = self.own(name)
            form = form_of(None if there is None else there.data, header)
            if form is None:
                raise _other_columns(name)
            before = form.table(header, []) if there is None else there.data
            try:
                added = form.lines([row], encoding_of(before))
            except UnicodeEncodeError as error:
                said = msg(
                    "{path} has an encoding without « {letter} »: save it as « CSV UTF-8 » in the spreadsheet, "
                    "and keep this again; nothing was saved",
                    path=name,
                    letter=error.object[error.start : error.end],
                )
                raise ChangedMeanwhile(said) from error
            output.write(before + (b"" if before.endswith(b"\n") else form.end.encode()) + added)

    def write_table(self, name: str, data: bytes | None, is_ours: Callable[[bytes], bool]) -> None:
        """Write a table that the page keeps, in the place of what it wrote before.

        Args:
            name: of the file.
            data: what is to stand there; None for no file.
            is_ours: whether what stands there was written by the page.

        Raises:
            ChangedMeanwhile: another program has changed it.
            OutputRefused, OSError: it cannot be written.
        """
        there = self.own(name)
        if (None if there is None else there.data) == data:
            return
        if there is not None and not is_ours(there.data):
            raise ChangedMeanwhile(
                msg(
                    "{path} was changed by another program, and is left as it is: give it another name, and save "
                    "again; what was entered here is kept",
                    path=name,
                )
            )
        if data is None:
            (self.path / name).unlink()
        else:
            write(self.path / name, data)

    def replace_own(self, name: str, data: bytes, version: str) -> None:
        """Write a small file of the folder on top of the version that was shown.

        Args:
            name: of the file.
            data: what is to stand there.
            version: SHA-256 of what stood there, empty for no file.

        Raises:
            ChangedMeanwhile: that is not what stands there.
            OutputRefused, OSError: it cannot be written.
        """
        with Output(self.path / name) as output:  # as long as it is held, nobody else writes it
            there = self.own(name)
            if version != ("" if there is None else there.sha256):
                raise ChangedMeanwhile(_changed_meanwhile(name))
            output.write(data)

    def own(self, name: str) -> OpenedFile | None:
        """A file of the page's own, if it is there.

        Raises:
            InputError: there is something of that name which is no file.
        """
        path = self.path / name
        return open_evidence(path, MAX_TOML, self.path) if os.path.lexists(path) else None

    def mark(self) -> str:
        """Changes whenever a file in the folder does; hidden ones and those of unfinished readings play no part."""
        seen = hashlib.sha256()
        for place, names, files in os.walk(self.path):
            names[:] = sorted(name for name in names if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith(".") and not name.endswith((PART, STATE)):
                    with contextlib.suppress(OSError):
                        status = os.lstat(os.path.join(place, name))  # noqa: PTH118 - thousands of them
                        seen.update(
                            f"{place}/{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(
                                "utf-8", "surrogateescape"
                            )
                        )
        return seen.hexdigest()


class SameFiles:
    """Finds the file that has the same bytes as a new one; used for one upload.

    What is in a folder is listed once, and read only where a file has as many bytes.
    """

    def __init__(self) -> None:
        self._sizes: dict[Path, dict[int, list[Path]]] = {}
        self._digests: dict[Path, str] = {}

    def find(self, new: Path, size: int, sha256: str) -> Path | None:
        """The file beside a new one with these bytes; the new one is remembered where there is none."""
        folder = new.parent
        if folder not in self._sizes:
            self._sizes[folder] = self._listed(folder)
        beside = self._sizes[folder].setdefault(size, [])
        for other in beside:
            if other not in self._digests:
                with contextlib.suppress(RegardError):
                    self._digests[other] = sha256_of(other, size, folder)
            if self._digests.get(other) == sha256:
                return other
        beside.append(new)
        self._digests[new] = sha256
        return None

    @staticmethod
    def _listed(folder: Path) -> dict[int, list[Path]]:
        found: dict[int, list[Path]] = {}
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(".") and not path.is_symlink() and path.is_file():
                found.setdefault(path.stat().st_size, []).append(path)
        return found


def _is_being_written(path: Path) -> bool:
    """Whether another upload writes a file of this name: it is hidden until it is whole."""
    return os.path.lexists(path.with_name(f".{path.name}.regard"))
