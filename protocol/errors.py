"""Errors that regard shows to its users, and failures of the system and of libraries as messages.

An error of this tree is about an input, a line or a request: its place, the expected value and the value found. Any
other exception is a bug in regard.
"""

from __future__ import annotations

import csv
import errno
import re
from collections.abc import Iterable
from pathlib import Path

from protocol.words import Message, Text, msg, nmsg


class RegardError(Exception):
    """Root of all errors that are shown to a user as a sentence, never as a traceback.

    Attributes:
        message: the sentence, with its values; as text it is English.
    """

    def __init__(self, message: Text = "") -> None:
        # `args` stay what the class was called with: pickle and simpy rebuild the error from them.
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class FormatError(RegardError):
    """Bytes that are not what the format says.

    Raised, for example, when a result export was cut by one byte (``field`` is then the first field that is
    missing), or when its checksum is not that of its bytes.

    Attributes:
        field: name of the field in the format document, or of the whole (``export``).
        offset: byte offset of that field from the start of what was parsed.
        expected: value that the format asks for.
        got: value found.
    """

    def __init__(self, field: str, offset: int, expected: Text, got: Text) -> None:
        super().__init__(
            msg("{field} at byte {offset}: {wanted}", field=field, offset=offset, wanted=wanted(expected, got))
        )
        self.field = field
        self.offset = offset
        self.expected = expected
        self.got = got


class InputError(RegardError):
    """A file that does not have the content it is read for.

    Raised, for example, when ``pv.csv`` has no column ``bureau``, or when its row 12 has a word where a count
    belongs.

    Attributes:
        file: name of the file as the user gave it.
        row: row as a spreadsheet counts it (the header is row 1), or None for the whole file.
        column: name of the column, or None.
        expected: value that belongs there.
        got: value found.
        count: number of errors that it stands for, in a file with too many to list.
    """

    def __init__(
        self, file: str, row: int | None, column: str | None, expected: Text, got: Text, count: int = 1
    ) -> None:
        super().__init__(msg("{place}: {wanted}", place=place_in_file(file, row, column), wanted=wanted(expected, got)))
        self.file = file
        self.row = row
        self.column = column
        self.expected = expected
        self.got = got
        self.count = count

    @property
    def said(self) -> Message:
        """The expected and the found text, without the place."""
        return wanted(self.expected, self.got)

    def in_file(self, name: str) -> InputError:
        """Copy the error with another file name."""
        return InputError(name, self.row, self.column, self.expected, self.got, self.count)


def wrong_file(path: Path | str, expected: Text, got: Text) -> InputError:
    """Make the error for a file as a whole."""
    return InputError(str(path), None, None, expected, got)


def count_of(errors: Iterable[InputError]) -> int:
    """Sum the errors that each stands for."""
    return sum(error.count for error in errors)


class LinkError(RegardError):
    """The serial line or the unit at its end did not answer as the link protocol says.

    Raised, for example, when no valid answer came before the deadline, or when the module was exchanged between
    two parts of one reading.
    """


NOTHING = msg("nothing")
"""The found value of an empty place."""


def byte_count(count: int) -> Message:
    """Number of bytes, as a message."""
    return nmsg("{count} byte", "{count} bytes", count)


def wanted(expected: Text, got: Text) -> Message:
    """State the expected and the found value."""
    if got == NOTHING:
        return msg("expected {expected}, found nothing", expected=expected)
    return msg("expected {expected}, got {got}", expected=expected, got=got)


def place_in_file(file: str, row: int | None, column: str | None) -> Text:
    """Name a file, with row and column if they are known."""
    if row is not None and column:
        return msg("{file}, row {row}, column {column}", file=file, row=row, column=column)
    if row is not None:
        return msg("{file}, row {row}", file=file, row=row)
    return msg("{file}, column {column}", file=file, column=column) if column else file


SAID = (
    # the system
    msg("No such file or directory"),
    msg("Permission denied"),
    msg("Operation not permitted"),
    msg("Is a directory"),
    msg("Not a directory"),
    msg("File exists"),
    msg("File name too long"),
    msg("Too many levels of symbolic links"),
    msg("Too many open files"),
    msg("No space left on device"),
    msg("Disk quota exceeded"),
    msg("Read-only file system"),
    msg("Input/output error"),
    msg("Device or resource busy"),
    msg("Resource temporarily unavailable"),
    msg("Address already in use"),
    msg("Connection refused"),
    msg("Connection reset by peer"),
    msg("Broken pipe"),
    msg("Stale file handle"),
    msg("Inappropriate ioctl for device"),
    # pyserial
    msg("socket disconnected"),
    msg("read failed: socket disconnected"),
    msg("device reports readiness to read but returned no data (device disconnected or multiple access on port?)"),
    # regard's own, for a disk that gives back other bytes: `files.OTHER_BYTES`
    msg("the disk gives back other bytes than were written"),
    # sqlite3
    msg("database or disk is full"),
    msg("database is locked"),
    msg("attempt to write a readonly database"),
    msg("unable to open database file"),
    msg("disk I/O error"),
    msg("database disk image is malformed"),
    msg("file is not a database"),
    # zipfile
    msg("File is not a zip file"),
    # tomllib
    msg("Invalid statement"),
    msg("Invalid value"),
    msg("Unterminated string"),
    msg("Unclosed array"),
    msg("Cannot overwrite a value"),
    msg("Expected '=' after a key in a key/value pair"),
    msg("Expected ']' at the end of a table declaration"),
    msg("Expected newline or end of document after a statement"),
    msg("Unescaped '\\' in a string"),
    msg("Expected ']]' at the end of an array declaration"),
    msg("Invalid initial character for a key part"),
    msg("Unclosed inline table"),
    msg("Invalid hex value"),
    msg("Escaped character is not a Unicode scalar value"),
    msg("Invalid date or datetime"),
    # json
    msg("Expecting value"),
    msg("Extra data"),
    msg("Expecting property name enclosed in double quotes"),
    msg("Expecting ':' delimiter"),
    msg("Expecting ',' delimiter"),
    msg("Unterminated string starting at"),
    msg("Invalid control character at"),
    msg("Unexpected UTF-8 BOM (decode using utf-8-sig)"),
    msg("Illegal trailing comma before end of object"),
    msg("Illegal trailing comma before end of array"),
    msg("Invalid \\escape"),
    msg("Invalid \\uXXXX escape"),
)
"""Sentences of libraries that are translated; others are shown as they are."""
ABOUT = (
    msg("Cannot declare {what} twice"),
    msg("Cannot mutate immutable namespace {what}"),
    msg("Cannot redefine namespace {what}"),
    msg("Duplicate inline table key {what}"),
    msg("Found invalid character {what}"),
    msg("Illegal character {what}"),
    msg("Expected {what}"),
)
"""Sentences of tomllib with a variable part; a sentence of `SAID` goes first."""

_DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS))
_TOML = re.compile(r"(.+) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_LONG_CELL = re.compile(r"field larger than field limit \(([0-9]+)\)")


def disk_failure(error: BaseException) -> OSError | None:
    """Find the disk failure behind an error of a library; None if there is none."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, OSError) and found.errno in _DISK:
            return found
        found = found.__cause__ or found.__context__
    return None


def cause(error: BaseException) -> Text:
    """Explain an error in its own words, translated: regard's, the system's or a library's."""
    import json  # imported late: only failures need them
    import tomllib

    if isinstance(error, RegardError):
        return error.message
    if isinstance(error, RecursionError):
        return msg("values nested too deeply")
    if isinstance(error, UnicodeDecodeError):
        byte = error.object[error.start]
        return msg("byte {byte:02X} at position {place} is not UTF-8", byte=byte, place=error.start)
    if isinstance(error, json.JSONDecodeError):
        return msg(
            "{what} (at line {row}, column {column})", what=Message(error.msg), row=error.lineno, column=error.colno
        )
    if isinstance(error, tomllib.TOMLDecodeError):
        return _of_toml(str(error))
    if isinstance(error, csv.Error) and (found := _LONG_CELL.fullmatch(str(error))):
        return msg("a cell of more than {most} characters", most=int(found[1]))
    if isinstance(error, OSError):
        return _of_system(error)
    return Message(str(error))


def _of_toml(said: str) -> Text:
    found = _TOML.fullmatch(said)
    if found is None:
        return said
    what = _about(found[1])
    if found[2] is None:
        return msg("{what} (at the end of the file)", what=what)
    return msg("{what} (at line {row}, column {column})", what=what, row=int(found[2]), column=int(found[3]))


def _about(said: str) -> Message:
    """Turn a sentence of tomllib into a message, with its variable part as a value."""
    for template in ABOUT if Message(said) not in SAID else ():
        head, tail = template.text.split("{what}")
        if said.startswith(head) and said.endswith(tail):
            return Message(template.text, {"what": said.removeprefix(head).removesuffix(tail)})
    return Message(said)


def _of_system(error: OSError) -> Text:
    """Find the system's own words inside those of a library."""
    inner: BaseException | None = error
    while inner is not None:
        match inner.args:
            case (int(), str(words), *_) if not isinstance(inner.__context__, OSError):
                return Message(words)
        inner = inner.__context__
    return Message(error.strerror or str(error))
