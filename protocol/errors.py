"""The errors that regard shows to its users: one small tree, each with the place, what was expected and what was found.

An error of this tree is a statement about an input, a line or a request. Any other exception is a bug in regard.
"""

from __future__ import annotations


class RegardError(Exception):
    """Root of all errors that are shown to a user as a sentence, never as a traceback."""


class FormatError(RegardError):
    """Bytes that are not what the format says.

    Raised, for example, when a result export was cut by one byte (``field`` is then the first field that is
    missing), or when its checksum is not that of its bytes.

    Attributes:
        field: name of the field in the format document, or of the whole (``export``).
        offset: byte offset of that field from the start of what was parsed.
        expected: what the format asks for, as text.
        got: what stands there, as text.
    """

    def __init__(self, field: str, offset: int, expected: str, got: str) -> None:
        super().__init__(f"{field} at byte {offset}: expected {expected}, got {got}")
        self.field = field
        self.offset = offset
        self.expected = expected
        self.got = got

    def __reduce__(self) -> tuple[type[FormatError], tuple[str, int, str, str]]:
        """Crosses from one process to another as it is."""
        return FormatError, (self.field, self.offset, self.expected, self.got)


class InputError(RegardError):
    """A text file that does not hold what its kind of file holds.

    Raised, for example, when ``pv.csv`` has no column ``bureau``, or when its row 12 has a word where a count
    belongs.

    Attributes:
        file: name of the file as the user gave it.
        row: row as a spreadsheet counts it (the header is row 1), or None for the whole file.
        column: name of the column, or None.
        expected: what belongs there, as text.
        got: what stands there, as text.
    """

    def __init__(self, file: str, row: int | None, column: str | None, expected: str, got: str) -> None:
        place = file + (f", row {row}" if row is not None else "") + (f", column {column}" if column else "")
        super().__init__(f"{place}: expected {expected}, got {got}")
        self.file = file
        self.row = row
        self.column = column
        self.expected = expected
        self.got = got

    def __reduce__(self) -> tuple[type[InputError], tuple[str, int | None, str | None, str, str]]:
        """Crosses from one process to another as it is."""
        return InputError, (self.file, self.row, self.column, self.expected, self.got)


class LinkError(RegardError):
    """The serial line or the unit at its end did not answer as the link protocol says.

    Raised, for example, when no valid answer came before the deadline, or when the module was exchanged between
    two parts of one reading.
    """
