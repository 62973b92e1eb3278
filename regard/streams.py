"""The standard streams as every command relies on them: always there, and no error when nobody reads them any more."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import sys

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


_NEAREST = "regard-nearest"
_NEAR = {
    "−": "-",
    "–": "-",
    "—": "-",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "…": "...",
    "→": ">",
    "←": "<",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "●": "#",
    "◐": "+",
    "○": "o",
}
"""Substitutes for characters that a code page lacks: a figure and its sign stay readable."""


class Nowhere(io.TextIOWrapper):
    """In place of an output that was closed before we started."""


def prepare() -> None:
    """Open what is closed, to nowhere, and let output go on where its reader has gone, as `| head` does.

    A number of 0, 1 or 2 that is free would be given to the next file that is opened, and whatever is printed would go
    into it. What is printed after its reader has gone is lost; the work and its exit code are not.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest free number, which is this one
    codecs.register_error(_NEAREST, _write_nearest)  # what an old code page cannot show must not end the work
    for name, own in (("stdout", sys.__stdout__), ("stderr", sys.__stderr__)):
        stream = getattr(sys, name)
        if stream is None:
            stream = Nowhere(open(os.devnull, "wb"))  # noqa: PTH123, SIM115 - open as long as we run
        elif stream is own:
            stream = _enduring(stream)
        setattr(sys, name, stream)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NEAREST)


def is_nowhere() -> bool:
    """Check whether standard output was closed before the start."""
    return isinstance(sys.stdout, Nowhere)


def finish() -> OSError | None:
    """Send off what was printed; the error where it could not be, on a full disk for example."""
    try:
        sys.stdout.flush()
    except OSError as error:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at its end
        return error
    return None


def _enduring(stream: io.TextIOBase | object) -> io.TextIOWrapper:
    """The same stream, which goes on when its reader has gone."""
    assert isinstance(stream, io.TextIOWrapper)  # noqa: S101 - what Python itself opened
    stream.flush()
    buffer = stream.buffer
    raw = buffer.raw if isinstance(buffer, io.BufferedWriter) else buffer
    assert isinstance(raw, io.RawIOBase)  # noqa: S101
    return io.TextIOWrapper(
        io.BufferedWriter(_Enduring(raw)),
        encoding=_encoding(stream),
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _write_nearest(error: UnicodeError) -> tuple[str, int]:
    """A handler of errors for `codecs`: the nearest characters that the encoding has, ``?`` where there are none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = "".join(_nearest(character, error.encoding) for character in error.object[error.start : error.end])
    return written, error.end


def _nearest(character: str, encoding: str) -> str:
    """Of a letter what it is without its accent, of a space of any width a space."""
    from protocol.words import without_accents  # rarely needed, and this module is loaded by every command  # noqa: PLC0415 - start-up

    near = _NEAR.get(character, "")
    if not near and (character.isalpha() or character.isspace()):
        near = without_accents(character)
    if character.isupper():
        near = near.upper()
    try:
        near.encode(encoding)
    except UnicodeEncodeError:
        return "?"
    return near or "?"


def _encoding(stream: io.TextIOWrapper) -> str:
    """Of a stream; UTF-8 where Windows would write a file or into a pipe as before there was any."""
    if sys.platform == "win32" and not stream.isatty() and not os.environ.get("PYTHONIOENCODING"):
        return "utf-8"
    return stream.encoding


class _Enduring(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self._gone = False
        self.name = getattr(raw, "name", "")

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()

    def write(self, data: ReadableBuffer, /) -> int | None:
        if self._gone:
            return memoryview(data).nbytes
        try:
            return self._raw.write(data)
        except OSError as error:
            # Windows says of a pipe without a reader that the argument is invalid
            if error.errno != errno.EPIPE and not (sys.platform == "win32" and error.errno == errno.EINVAL):
                raise
            self._gone = True
            return memoryview(data).nbytes
