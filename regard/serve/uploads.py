"""Uploads: files of a form are written piece by piece, under a name of ours, and renamed when they are whole.

No file is ever held in memory. What arrives is bounded in bytes and in number; a file that is too large is not kept,
and the others are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request

from protocol.errors import RegardError, cause
from protocol.files import Output
from protocol.opening import MAX_FILE
from protocol.words import Text, msg
from regard.serve.security import RequestRefused, no_form

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 2000
"""Of one upload."""
MOST_BYTES = 2**32
"""Of one upload; of one file, as many as a reader of evidence takes."""
_LONGEST_FIELD = 2**12
"""Bytes of a field that is no file, and of the head of any field."""


class UploadFate(Enum):
    """Fate of an upload."""

    STORED = "stored"
    ALREADY = "already"
    TOO_LARGE = "too large"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that was sent.

    Attributes:
        called: its name as the browser gave it, to be shown and nothing else.
        kept: what became of it.
        name: what it is called in the folder; of one that was there already, the name of that one.
        why: why it was not stored; empty where it was.
    """

    called: str
    kept: UploadFate
    name: str = ""
    why: Text = ""


Claim = Callable[[str], Output]
"""Gives a file to write to, for a name as the browser gave it."""
Find = Callable[[Path, int, str], Path | None]
"""Gives the file beside a new one that has the same bytes, by their number and SHA-256."""


class _Arriving:
    """One file while it arrives."""

    def __init__(self, called: str, output: Output) -> None:
        self.called, self._output = called, output
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= MAX_FILE:
            self._digest.update(data)
            self._output.file.write(data)

    def end(self, find: Find) -> Upload:
        name = self._output.path.name
        if self._size > MAX_FILE:
            self._output.close()
            return Upload(self.called, UploadFate.TOO_LARGE, "", msg("at most {limit:n} bytes a file", limit=MAX_FILE))
        digest = self._digest.hexdigest()
        same = find(self._output.path, self._size, digest)
        if same is not None:
            self._output.close()
            return Upload(self.called, UploadFate.ALREADY, same.name)
        self._output.publish(digest)
        return Upload(self.called, UploadFate.STORED, name)

    def give_up(self) -> None:
        self._output.close()


class Receiver:
    """Takes in one form: its key first, then its files; used once.

    Args:
        check: is given the key that the form has, and raises where it is a wrong one; nothing is written before.
        claim: gives a file to write to.
        find: finds the same file, where it is there already.
    """

    def __init__(self, check: Callable[[object], None], claim: Claim, find: Find) -> None:
        self._check, self._claim, self._find = check, claim, find
        self.files: list[Upload] = []
        self._checked = False
        self._header, self._value = bytearray(), bytearray()
        self._disposition = b""
        self._field: bytearray | None = None
        self._file: _Arriving | None = None

    async def take(self, request: Request) -> list[Upload]:
        """Read the form to its end.

        Raises:
            RequestRefused: it is no such form, it has not got its key, or there is too much of it.
        """
        from python_multipart.exceptions import MultipartParseError
        from python_multipart.multipart import MultipartParser, parse_options_header

        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise no_form()
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            raise _too_much()
        parser = MultipartParser(options[b"boundary"], self._callbacks())
        size = 0
        try:
            async for data in request.stream():
                size += len(data)
                if size > MOST_BYTES:
                    raise _too_much()
                parser.write(data)
            parser.finalize()
        except (MultipartParseError, ValueError) as error:
            raise no_form() from error
        finally:
            if self._file is not None:
                self._file.give_up()
        self._check_key(None)
        return self.files

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add(self._header, data[start:end]),
            "on_header_value": lambda data, start, end: self._add(self._value, data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, start, end: self._data(data[start:end]),
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition = b""

    @staticmethod
    def _add(to: bytearray, data: bytes) -> None:
        to += data
        if len(to) > _LONGEST_FIELD:
            raise no_form()

    def _header_end(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _open(self) -> None:
        """Look at what a part is: the key, or a file."""
        from python_multipart.multipart import parse_options_header

        _, options = parse_options_header(self._disposition)
        if b"filename" not in options:
            self._field = bytearray()
            return
        self._check_key(None)
        called = options[b"filename"].decode("utf-8", "replace")
        if not called:  # what a browser sends for a field in which no file was chosen
            return
        if len(self.files) >= MOST_FILES:
            raise _too_much()
        try:
            self._file = _Arriving(called, self._claim(called))
        except (RegardError, OSError) as error:
            self._say_refused(called, error)

    def _data(self, data: bytes) -> None:
        if self._field is not None:
            self._add(self._field, data)
        elif self._file is not None:
            try:
                self._file.write(data)
            except OSError as error:  # the disk is full
                self._drop(self._file, error)

    def _end(self) -> None:
        field, self._field = self._field, None
        file, self._file = self._file, None
        if field is not None and not self._checked:
            self._check_key(field.decode("utf-8", "replace"))
        if file is not None:
            try:
                self.files.append(file.end(self._find))
            except (RegardError, OSError) as error:
                self._drop(file, error)

    def _check_key(self, given: str | None) -> None:
        """The first field is the key; without it nothing is taken."""
        if not self._checked:
            self._check(given)
            self._checked = True

    def _drop(self, file: _Arriving, error: RegardError | OSError) -> None:
        """Give up a file that cannot be stored; the others are taken."""
        self._file = None
        file.give_up()
        self._say_refused(file.called, error)

    def _say_refused(self, called: str, error: RegardError | OSError) -> None:
        why = error.message if isinstance(error, RegardError) else cause(error)
        self.files.append(Upload(called, UploadFate.REFUSED, "", why))


def _too_much() -> RequestRefused:
    said = msg(
        "at most {files:n} files and {bytes:n} bytes at a time: give fewer, or put them into the folder yourself",
        files=MOST_FILES,
        bytes=MOST_BYTES,
    )
    return RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
