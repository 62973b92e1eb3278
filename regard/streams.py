"""The standard streams, made safe for every command: always open, and no error when the reader of a pipe has gone."""

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
    """Stands in for an output that was closed before the start."""


def prepare() -> None:
    """Open closed streams to the null device, and drop what is printed after its reader has gone, as with `| head`.

    A descriptor of 0, 1 or 2 that is free would be given to the next file opened, which would then receive the output.
    A reader that has gone changes neither the work nor its exit code.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest free number, which is this one
    codecs.register_error(_NEAREST, _write_nearest)  # a character that an old code page lacks must not end the work
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
    """Flush standard output; returns the error if that fails, for example on a full disk."""
    try:
        sys.stdout.flush()
    except OSError as error:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at its end
        return error
    return None


def _enduring(stream: io.TextIOBase | object) -> io.TextIOWrapper:
    """Wrap a stream so that it goes on when its reader has gone."""
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
    """Replace characters that an encoding lacks by the nearest that it has, or ``?`` (error handler of `codecs`)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = "".join(_nearest(character, error.encoding) for character in error.object[error.start : error.end])
    return written, error.end


def _nearest(character: str, encoding: str) -> str:
    """Find the nearest character: a letter without its accent, a plain space for a space of any width."""
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
    """Encoding of a stream; UTF-8 where Windows would write a file or a pipe in an old code page."""
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
