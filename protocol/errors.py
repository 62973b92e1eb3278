"""The errors that regard shows to its users: one small tree, each with the place, what was expected and what was found.

An error of this tree is a statement about an input, a line or a request. Any other exception is a bug in regard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from protocol.words import Message, Text, msg, nmsg, series


class RegardError(Exception):
    """Root of all errors that are shown to a user as a sentence, never as a traceback.

    Attributes:
        message: the sentence, with its values; as text it is English.
    """

    def __init__(self, message: Text = "") -> None:
        # `args` stay what the class was called with: from them an error is made anew in another process, or by simpy.
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
        expected: what the format asks for.
        got: what stands there.
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
    """A text file that does not hold what its kind of file holds.

    Raised, for example, when ``pv.csv`` has no column ``bureau``, or when its row 12 has a word where a count
    belongs.

    Attributes:
        file: name of the file as the user gave it.
        row: row as a spreadsheet counts it (the header is row 1), or None for the whole file.
        column: name of the column, or None.
        expected: what belongs there.
        got: what stands there.
        count: how many of a file's errors it stands for, where they are too many to be listed.
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

    def in_file(self, name: str) -> InputError:
        """The same of a file with another name."""
        return InputError(name, self.row, self.column, self.expected, self.got, self.count)


def count_of(errors: Iterable[InputError]) -> int:
    """Count the errors that some stand for."""
    return sum(error.count for error in errors)


class LinkError(RegardError):
    """The serial line or the unit at its end did not answer as the link protocol says.

    Raised, for example, when no valid answer came before the deadline, or when the module was exchanged between
    two parts of one reading.
    """


NOTHING = msg("nothing")
"""What stands where nothing does."""


def byte_count(count: int) -> Message:
    """A number of bytes."""
    return nmsg("{count} byte", "{count} bytes", count)


def wanted(expected: Text, got: Text) -> Message:
    """What was expected and what is there instead."""
    if got == NOTHING:
        return msg("expected {expected}, found nothing", expected=expected)
    return msg("expected {expected}, got {got}", expected=expected, got=got)


def place_in_file(file: str, row: int | None, column: str | None) -> Text:
    """A file, and the row and column in it where there are any."""
    if row is not None and column:
        return msg("{file}, row {row}, column {column}", file=file, row=row, column=column)
    if row is not None:
        return msg("{file}, row {row}", file=file, row=row)
    return msg("{file}, column {column}", file=file, column=column) if column else file


def missing_packages(packages: Sequence[str], extra: str) -> Message:
    """Name the packages that are not installed, and say how to install them: by name, or as an extra of regard's."""
    return msg(
        'not installed here: {packages}. Try pip install {words}, or pip install ".[{extra}]" in the folder that this '
        "copy of regard came from.",
        packages=series(packages),
        words=" ".join(packages),
        extra=extra,
    )
