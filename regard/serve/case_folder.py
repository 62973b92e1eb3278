"""The name that an uploaded file gets on the disk: made letter by letter from what it is called, never a path."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from pathlib import Path, PurePosixPath

from protocol import night
from protocol.errors import RegardError, cause
from protocol.files import Output, write
from protocol.opening import OpenedFile, check_inside, open_evidence, sha256_of
from protocol.output_refusals import OutputRefused, space_formula
from protocol.own_files import PART, STATE
from protocol.structured import MAX_TOML
from protocol.words import Text, msg
from verify.read.cells import MARK
from verify.read.rows import encoding_of

LONGEST = 150
"""Bytes of a name, so that a number and the marks of a hidden file have room beside it."""
_LONGEST_ENDING = 20
_ALLOWED = frozenset(" -_.,()'&+")
"""Characters that a name may have besides letters and digits."""
_OF_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?")
"""Names that are devices there, whatever their ending."""
_NAMELESS = "sans-nom"


def safe_name(called: str) -> str:
    """A name for a file, for any text that a browser gives.

    What stands before a slash of either kind is left out; what is no letter, digit or plain mark becomes ``_``.
    """
    last = re.split(r"[/\\]", called)[-1]
    plain = unicodedata.normalize("NFC", last[: 4 * LONGEST] if len(last) <= 4 * LONGEST else _shortened(last))
    kept = "".join(letter if letter.isalnum() or letter in _ALLOWED else "_" for letter in plain)
    name = kept.rstrip(" .").lstrip(" .-+") or _NAMELESS
    name = _fitting(name)
    return f"_{name}" if _OF_WINDOWS.fullmatch(name) else name


def number_names(name: str) -> Iterator[str]:
    """A name, and others like it for where it is taken: ``pv.csv``, ``pv (2).csv`` and so on."""
    yield name
    path = PurePosixPath(name)
    number = 2
    while True:
        yield f"{path.stem} ({number}){path.suffix}"
        number += 1


def _shortened(text: str) -> str:
    """The first characters of a long text, and its ending."""
    return text[: 2 * LONGEST] + text[-_LONGEST_ENDING:]


def _fitting(name: str) -> str:
    """A name that is not too long, with its ending where it has one."""
    if len(name.encode()) <= LONGEST:
        return name
    suffix = PurePosixPath(name).suffix
    ending = suffix if len(suffix.encode()) <= _LONGEST_ENDING else ""
    start = name.encode()[: LONGEST - len(ending.encode())].decode("utf-8", "ignore")
    return start.rstrip(" .") + ending


_APART = ';,\t"\r\n'
"""Characters for which a cell is quoted: the other delimiters as well, so that its text is never taken for them."""


@dataclass(frozen=True, slots=True)
class TableForm:
    """Format of a table.

    Attributes:
        delimiter: between cells.
        mark: what the file begins with.
        end: of each line.
    """

    delimiter: str = ";"
    mark: bytes = MARK
    end: str = "\r\n"

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
        """A whole table; None becomes an empty cell."""
        return self.mark + self.lines([header]) + self.lines(rows)

    def lines(self, rows: Iterable[Sequence[object]], codec: str = "utf-8") -> bytes:
        """Rows of it, without what it begins with.

        Raises:
            UnicodeEncodeError: the encoding has not got one of the letters.
        """
        return "".join(self.delimiter.join(map(_cell, row)) + self.end for row in rows).encode(codec)


def _cell(value: object) -> str:
    text = "" if value is None else space_formula(value) if isinstance(value, str) else str(value)
    return '"' + text.replace('"', '""') + '"' if any(each in text for each in _APART) else text


SPREADSHEET = TableForm()
"""New tables."""


def form_of(there: OpenedFile | None, header: Sequence[str]) -> TableForm | None:
    """Format of an existing table; that of new ones without one, and None for other columns.

    Args:
        there: the table.
        header: the columns that it should have.
    """
    if there is None:
        return SPREADSHEET
    first = there.data.partition(b"\n")[0]
    mark = MARK if first.startswith(MARK) else b""
    end = "\r\n" if first.endswith(b"\r") else "\n"
    named = first.removeprefix(mark).removesuffix(b"\r")
    for delimiter in ";,\t":
        if named == delimiter.join(header).encode():
            return TableForm(delimiter, mark, end)
    return None


_FOLDERS = {".esf": night.EXPORTS, ".urn": night.URNS}
"""Dumps have a folder of their own, as in a night: there may be a thousand of them."""
_TRIES = 1000
"""Numbers that are tried for a name of a file that is not taken."""


class ChangedMeanwhile(RegardError):
    """The data to save were changed since the page was made: by another page, or by another program."""

    status = HTTPStatus.CONFLICT


def _form_to_write(there: OpenedFile | None, table: night.NightTable) -> TableForm:
    """Format in which a table is written.

    Raises:
        ChangedMeanwhile: the one that is there has other columns.
    """
    form = form_of(there, table.header)
    if form is None:
        said = msg(
            "{path} has other columns than this page writes: add the row there, nothing was saved", path=table.file
        )
        raise ChangedMeanwhile(said)
    return form


class CaseFolder:
    """One case on the disk.

    Args:
        path: of the folder, which is there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_open(self) -> bool:
        """Check that the system allows new files here; not every system knows before a try."""
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

    def claim(self, called: str) -> Output:
        """A file to write to, for one that somebody calls so: in the folder, under a name that nothing has there.

        Raises:
            OutputRefused: there is no such name, or nothing can be written.
            InputError: the folder of dumps is a link that leads elsewhere.
        """
        wanted = safe_name(called)
        folder = self.folder_for(wanted)
        for name, _ in zip(number_names(wanted), range(_TRIES), strict=False):
            path = folder / name
            if os.path.lexists(path):
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
        """Meanings of columns, by their headers as written, and the version of the table.

        Raises:
            InputError: there is something of that name which is no such table.
        """
        file = self.own(night.MEANINGS.file)
        if file is None:
            return {}, ""
        found: dict[str, str] = {}
        form = form_of(file, night.MEANINGS.header)
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
        with self._writing(night.MEANINGS.file, version) as (output, there):
            form = _form_to_write(there, night.MEANINGS)
            every = {**self.meanings()[0], **meanings}
            kept = {name: meaning for name, meaning in every.items() if meaning is not None}
            output.write(form.table(night.MEANINGS.header, sorted(kept.items())))

    @contextlib.contextmanager
    def _writing(self, name: str, version: str | None = None) -> Iterator[tuple[Output, OpenedFile | None]]:
        """Hold a file of the folder, so that nobody else writes it; yields what stands there as well.

        Raises:
            ChangedMeanwhile: that is not the version that was shown, where one is given.
        """
        with Output(self.path / name) as output:
            there = self.own(name)
            if version not in (None, "" if there is None else there.sha256):
                raise ChangedMeanwhile(
                    msg("{path} was changed meanwhile, and nothing was saved: look at the page again", path=name)
                )
            yield output, there

    def add_follow_up(self, cells: Mapping[str, str]) -> None:
        """Add a row to what became of findings; the rows that are there stay as they are.

        Raises:
            ChangedMeanwhile: the table that is there has other columns, or an encoding without one of the letters.
            OutputRefused, OSError: it cannot be written.
        """
        name, header = night.FOLLOW_UP.file, night.FOLLOW_UP.header
        with self._writing(name) as (output, there):
            form = _form_to_write(there, night.FOLLOW_UP)
            before = form.table(header, []) if there is None else there.data
            try:
                added = form.lines([list(map(cells.get, header))], encoding_of(before))
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
        with self._writing(name, version) as (output, _):
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
    """Check that another upload writes a file of this name: it is hidden until it is whole."""
    return os.path.lexists(path.with_name(f".{path.name}.regard"))
