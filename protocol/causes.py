"""What the system and the libraries say of a failure, as messages: what they say most often is in the catalogue."""

from __future__ import annotations

import csv
import errno
import re

from protocol.errors import RegardError
from protocol.words import Message, Text, msg

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
    # what is certified where a disk gives back other bytes, see `files.OTHER_BYTES`
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
"""Looked up word for word; whatever else they say stays as it is."""
ABOUT = (
    msg("Cannot declare {what} twice"),
    msg("Cannot mutate immutable namespace {what}"),
    msg("Cannot redefine namespace {what}"),
    msg("Duplicate inline table key {what}"),
    msg("Found invalid character {what}"),
    msg("Illegal character {what}"),
    msg("Expected {what}"),
)
"""What tomllib says about something; it comes after those of `SAID`."""

_DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS))
_TOML = re.compile(r"(.+) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_LONG_CELL = re.compile(r"field larger than field limit \(([0-9]+)\)")


def disk_failure(error: BaseException) -> OSError | None:
    """The failure of a disk that an error comes from, as libraries hide it behind errors of their own."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, OSError) and found.errno in _DISK:
            return found
        found = found.__cause__ or found.__context__
    return None


def cause(error: BaseException) -> Text:
    """Why something failed: what an error of ours says, or what the system or a library said."""
    import json  # what fails has them; all others start without
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
    """What tomllib says, apart from what it is about."""
    for template in ABOUT if Message(said) not in SAID else ():
        head, tail = template.text.split("{what}")
        if said.startswith(head) and said.endswith(tail):
            return Message(template.text, {"what": said.removeprefix(head).removesuffix(tail)})
    return Message(said)


def _of_system(error: OSError) -> Text:
    """The system's own words, where a library has put others around them."""
    inner: BaseException | None = error
    while inner is not None:
        match inner.args:
            case (int(), str(words), *_) if not isinstance(inner.__context__, OSError):
                return Message(words)
        inner = inner.__context__
    return Message(error.strerror or str(error))
