"""Opening a published file with bounds: plain, gzip or zip, its text decoded, its first rows at hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from protocol.opening import OpenedFile
from protocol.words import Text, msg, quoted
from verify.model.use import MEMBER
from verify.read.bounds import MAX_COLUMNS
from verify.read.disguised import refuse_disguised, root_of
from verify.read.rows import Lines, Problems, as_utf8, delimiter_of, encoding_of, from_utf16, split_rows

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1250": "Windows-1250",
    "cp1252": "Windows-1252",
    "latin-1": "ISO-8859-1",
    "cp850": "DOS 850",
    "mac_roman": "Mac Roman",
}
"""Their names for people."""

HEAD_ROWS = 40
"""Rows among which a layout looks for its header; up to 18 lines of comment can stand before the first row."""

HEAD_SIZE = 2**18
"""Characters in which these rows are looked for."""


Rows = Callable[[Problems], Iterator[list[str]]]
"""Gives all rows of a table from the first on, each time it is called, and notes those that cannot be split."""


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """One file of published results, decompressed, or one member of an archive.

    Attributes:
        file: the path as given, with the member of an archive.
        sha256, size: of the file on the disk, in bytes.
        name: of the file or the member.
        data: its bytes.
    """

    file: str
    sha256: str
    size: int
    name: str
    data: bytes

    def table(self, rows: Rows, form: Text, title: str = "") -> SourceTable:
        """The table that its rows are: see `SourceTable`."""
        first = itertools.islice(rows(Problems(self.file)), HEAD_ROWS)  # noted by whoever reads all rows
        head = tuple(tuple(row[:MAX_COLUMNS]) for row in first)
        return SourceTable(self.file, self.sha256, self.size, title, form, head, rows)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Rows of text, from whatever file: what every layout reads.

    Attributes:
        file: the path as given, with the member of an archive, and the sheet where there is more than one.
        sha256, size: of the file on the disk, in bytes.
        title: what the file says of itself outside its cells: the name of a sheet or of a member.
        form: how it was written, for an error message: delimiter and encoding, or the kind of workbook.
        head: the first rows, at most `HEAD_ROWS`, of at most `MAX_COLUMNS` cells.
        rows: gives them all.
        trimmed: whether a row's last cells are missing where they are empty, as in a sheet.
        hidden: whether it is a sheet of a workbook that nobody sees who opens it.
        above, long: of a document with one table, the lines of text before it, and its rows.
        data, delimiter: of a text, its bytes in UTF-8, and what separates its cells.
    """

    file: str
    sha256: str
    size: int
    title: str
    form: Text
    head: tuple[tuple[str, ...], ...]
    rows: Rows
    trimmed: bool = False
    hidden: bool = False
    above: int = 0
    long: int = 0
    data: bytes = b""
    delimiter: str = ""

    def numbered(self, problems: Problems) -> Iterator[tuple[int, list[str]]]:
        """All rows with their numbers; the only table of a document begins with 1, and the text before it comes after.

        Whoever opens the document counts the rows of its table, and no lines of text.
        """
        for at, row in enumerate(self.rows(problems), 1):
            yield at + self.long if at <= self.above else at - self.above if at <= self.above + self.long else at, row


def unpack(file: OpenedFile, reads: Callable[[str], object] = lambda root: None) -> Iterator[OpenedSource]:
    """The file, or the members of the archive that it is, one at a time.

    Args:
        file: the file.
        reads: tells whether the caller reads XML with a root element of this name, as it does the feed's.

    Raises:
        InputError: it is a damaged archive, larger than its bounds when unpacked, or a web page.
    """
    name, data, inner = str(file.path), file.data, file.path.name

    def member(inner: str, content: bytes) -> OpenedSource:
        shown = f"{name}{MEMBER}{inner}"
        return OpenedSource(shown, file.sha256, len(file.data), inner, from_utf16(content, shown))

    if data[:2] == b"\x1f\x8b":
        from verify.read.published.archives import gunzip

        data, inner = gunzip(data, name), inner.removesuffix(".gz")
    elif name.lower().endswith(".eml"):
        from verify.read.published.archives import mail_parts

        yield from (member(*each) for each in mail_parts(data, name))
        return
    elif data[:4] == b"PK\x03\x04":
        from verify.read.published.archives import is_workbook, members

        if not is_workbook(data):
            yield from (member(*each) for each in members(data, name))
            return
    if data[257:262] == b"ustar":
        from verify.read.published.archives import tar_members

        yield from (member(*each) for each in tar_members(data, name))
        return
    if not reads(root_of(data)):
        refuse_disguised(data, name)
    yield OpenedSource(name, file.sha256, len(file.data), inner, from_utf16(data, name))


def text_table(source: OpenedSource, delimiter: str = "") -> SourceTable:
    """The rows of a text with delimiters, in one of the encodings of `ENCODINGS`."""
    encoding, data = ENCODINGS[encoding_of(source.data)], as_utf8(source.data, source.file)
    delimiter = delimiter or delimiter_of(data[:HEAD_SIZE].decode(errors="replace"))
    mark = msg("tab") if delimiter == "\t" else quoted(delimiter)
    form = msg("text, {encoding}, delimiter {mark}", encoding=encoding, mark=mark)
    table = source.table(lambda problems: split_rows(Lines(data), delimiter, problems), form)
    return replace(table, data=data, delimiter=delimiter)
