"""A text split into rows of cells: one bad row costs that row, and no text takes more than its bounds."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import sys
from collections.abc import Iterable, Iterator

from protocol.errors import InputError, cause, count_of, wrong_file
from protocol.words import Text, msg
from verify.read import bounds
from verify.read.bounds import MAX_COLUMNS, MAX_ROW
from verify.read.cells import MARK

_MAX_RESUMED = 100
"""After so many places that cannot be split into cells a file is no table; the rest of it is left."""
MAX_PROBLEMS = 1000
"""Problems of a file that are listed; of the rest only the number."""
_HEAD = 2**16
_SAMPLE = 2**20
"""Bytes of a text that are weighed for its encoding."""
COMMENT = "--"
"""Beginning of the lines before the rows of a ministry's file without header."""
_FIRST = 20
"""Lines among which the delimiter is looked for."""
_ROW, _CELL, _TEXT = 128, 24, 96
"""Bytes of a row, of a cell in rows and columns, and of a text beside its letters; equal cells share one text."""
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"
"""Bytes that are nothing in Windows-1252."""
_ACCENTED = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]")
"""Letters with accents within words, in Windows-1252; of DOS and the first Macintosh these bytes are signs."""
_CENTRAL = re.compile(rb"[A-Za-z][\xa3\xa5\xaf\xb3\xb9\xbc\xbe\xbf][A-Za-z]")
"""« ł », « ą », « ż » and others within words, in Windows-1250; in Windows-1252 these bytes are signs."""
_NOT_CENTRAL = b"\x81\x83\x88\x90\x98"
"""Bytes that are nothing in Windows-1250."""
_OLDER = {
    "cp850": re.compile(rb"[A-Za-z]\x82|(?<![A-Za-z])\x90[A-Za-z]|[a-z]\x8a"),
    "mac_roman": re.compile(rb"[a-z]\x8e|(?<![A-Za-z])\x83[a-z]"),
}
"""« é », « è » and « É » within words, where Windows-1252 has signs, or capitals that no small letter precedes."""
_SECOND = {
    bytes((byte,)).decode("cp1252", "replace").replace("\ufffd", chr(byte)).encode(): byte for byte in range(0x80, 0xC0)
}
"""By the UTF-8 of what Windows-1252 makes of it, the second byte of an accent's own UTF-8."""
_TWICE = re.compile(rb"\xc3[\x82\x83](" + b"|".join(map(re.escape, _SECOND)) + rb")")
"""Accents that were encoded twice: « Ã » or « Â » before a sign that no word has there."""
_QUOTED = re.compile(r'"[^"]*(?:"|$)')
_DECIMAL = re.compile(r"(?<=[0-9]),(?=[0-9])")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n?|\n)?")


def is_utf8(data: bytes) -> bool:
    """Test whether bytes are UTF-8, block by block: one wide letter makes all of a text take four times its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _HEAD):
            decoder.decode(data[at : at + _HEAD])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def repair(data: bytes) -> bytes:
    """UTF-8 in which accents were taken for Windows-1252 and written as UTF-8 once more, as it was: « Ã© » is « é »."""
    if (b"\xc3\x82" not in data and b"\xc3\x83" not in data) or _TWICE.search(data) is None or not is_utf8(data):
        return data
    return _TWICE.sub(lambda found: bytes((found[0][1] + 0x40, _SECOND[found[1]])), data)


def encoding_of(data: bytes) -> str:
    """UTF-8, else what its accents are of: Windows-1250, -1252, DOS or the first Macintosh, else -1252, ISO-8859-1."""
    if is_utf8(data):
        return "utf-8"
    if _CENTRAL.search(data, 0, _SAMPLE) is not None and not any(byte in data for byte in _NOT_CENTRAL):
        return "cp1250"
    if _ACCENTED.search(data) is None:
        found = {codec: len(accents.findall(data[:_SAMPLE])) for codec, accents in _OLDER.items()}
        codec = max(found, key=lambda each: found[each])
        if found[codec]:
            return codec
    return "latin-1" if any(byte in data for byte in _UNDEFINED) else "cp1252"


def as_utf8(data: bytes, name: str) -> bytes:
    """A text in UTF-8 without a mark, whatever its encoding is.

    Args:
        data: the text.
        name: of the file, as it is shown.

    Raises:
        InputError: it is UTF-16, a spreadsheet's « Unicode text », that is cut or damaged.
    """
    if data.isascii():
        return data
    data = from_utf16(data, name)
    codec = encoding_of(data)
    return data.removeprefix(MARK) if codec == "utf-8" else data.decode(codec).encode()


def from_utf16(data: bytes, name: str) -> bytes:
    """UTF-16 in UTF-8; XML, which says its encoding itself, and all others as they are.

    Raises:
        InputError: it is cut or damaged.
    """
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"<" in data[2:4]:
        return data
    out = io.BytesIO()
    try:
        with io.TextIOWrapper(io.BytesIO(data), "utf-16", newline="") as text:
            while piece := text.read(_HEAD):
                out.write(piece.encode())
    except UnicodeError as error:
        raise wrong_file(name, msg("text"), msg("UTF-16 that is cut or damaged")) from error
    return out.getvalue()


def delimiter_of(start: str) -> str:
    """Find the mark that one of the first lines has most of: titles above a header have none, or a stray comma.

    What stands in quotes is not counted, nor are comments, nor is a comma within a number beside semicolons or tabs.
    """
    lines = (_QUOTED.sub("", line) for line in start.splitlines() if not line.startswith(COMMENT))
    first = [
        _DECIMAL.sub("", line) if ";" in line or "\t" in line else line for line in itertools.islice(lines, _FIRST)
    ]
    return max(";,\t|", key=lambda mark: max((line.count(mark) for line in first), default=0))


def rows_of(data: bytes, name: str, size: int, delimiter: str) -> Kept:
    """All rows of a text that are not empty, and what could not be split into cells.

    Args:
        data: the text, in UTF-8.
        name: of the file, as it is shown.
        size: bytes that the file has on the disk, which bound what is kept.
        delimiter: between cells.
    """
    kept = Kept(name, size)
    if b"\0" in data:
        at = data.count(b"\n", 0, data.index(b"\0")) + 1
        kept.problems.add(at, None, msg("text"), msg("a zero byte: this is not a text file"))
        return kept
    for number, row in enumerate(split_rows(Lines(data), delimiter, kept.problems), 1):
        if not kept.add(row, number):
            break
    return kept


def split_rows(lines: Lines, delimiter: str, problems: Problems) -> Iterator[list[str]]:
    """Every row of a text, one at a time; an empty one in place of each that cannot be split, which is noted.

    Where a row is too long, or its quotes are never closed, its first line is left out and the reading resumed after
    it: one stray quote must not swallow the rows that follow.

    Args:
        lines: of the text.
        delimiter: between cells.
        problems: is given what cannot be split.
    """
    number = resumed = 0
    got: Text
    while resumed < _MAX_RESUMED:
        try:
            for row in csv.reader(itertools.chain(lines, ["\0"]), delimiter=delimiter):
                if row == ["\0"]:  # the end, seen as a row by itself: every quote was closed
                    return
                if row and row[-1].endswith("\0"):
                    expected, got = msg("quotes that are closed"), msg("the end of the file")
                    break
                number += 1
                lines.taken = 0
                yield row
        except csv.Error as error:
            expected, got = msg("cells separated by {delimiter}", delimiter=delimiter), cause(error)
        number += 1
        resumed += 1
        problems.add(number, None, expected, got)
        lines.resume()
        yield []


class Lines:
    """The lines of a text in UTF-8, each decoded by itself; `csv` takes them one at a time.

    Attributes:
        taken: bytes of the lines since this was last set to 0, as it must be at the end of each row.
    """

    def __init__(self, data: bytes) -> None:
        self.taken = 0
        self._data = data
        self._at = self._second = 0
        self._bare = data.count(b"\r") != data.count(b"\r\n")

    def resume(self) -> None:
        """Go on with the line after the first one of the row."""
        self._at, self.taken = self._second, 0

    def __iter__(self) -> Iterator[str]:
        """From where the last one came to on.

        Raises:
            csv.Error: the lines of one row are longer than its bounds.
        """
        data, end, find = self._data, self._at, self._data.find
        while end < len(data):
            start = end
            end = self._end(end) if self._bare else find(b"\n", end) + 1 or len(data)
            if not self.taken:
                self._second = end
            self.taken += end - start
            if self.taken > MAX_ROW:
                raise csv.Error(msg("a row of more than {max_row} bytes", max_row=MAX_ROW))
            yield data[start:end].decode()

    def _end(self, start: int) -> int:
        if self._bare:  # lines that end as on the first Macintosh
            match = _LINE.match(self._data, start)
            return len(self._data) if match is None else match.end()
        return self._data.find(b"\n", start) + 1 or len(self._data)


NOT_READ = msg("more: the rest is not read")


def shorten(text: str) -> str:
    """Text of a cell, fit for a message."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:81])
    return f"{text[:80]}…" if len(text) > 80 else text


class Problems(list[InputError]):
    """Problems of a file, as many as anybody reads; of the rest only the number is kept.

    Attributes:
        file: its name as it is shown.
        more: how many there are beside those that are kept.
        notes: texts below the table, of which nothing is read.
    """

    def __init__(self, file: str, some: Iterable[InputError] = ()) -> None:
        super().__init__(some)
        self.file, self.more = file, 0
        self.notes: list[str] = []

    def add(self, row: int | None, column: str | None, expected: Text, got: Text) -> None:
        """Note one more; row as a spreadsheet counts."""
        self.append(InputError(self.file, row, column, expected, shorten(got) if isinstance(got, str) else got))

    def append(self, problem: InputError) -> None:
        """Note one more."""
        if len(self) < MAX_PROBLEMS:
            super().append(problem)
        else:
            self.more += problem.count

    def all(self) -> tuple[InputError, ...]:
        """All that were kept, and a last one for those that were too many."""
        kept = tuple(self[:MAX_PROBLEMS])
        more = self.more + count_of(self[MAX_PROBLEMS:])
        if not more:
            return kept
        expected = msg("at most {most:n} problems to be listed", most=MAX_PROBLEMS)
        got = msg("{count:n}", count=count_of(kept) + more)
        return (*kept, InputError(self[0].file, None, None, expected, got, more))


class Kept:
    """Rows that are not empty, as many as the bounds of a file allow.

    Attributes:
        rows, numbers: cells and number of each row, as a spreadsheet counts.
        problems: what could not be read.
    """

    def __init__(self, name: str, size: int) -> None:
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.problems = Problems(name)
        self._cells = self._most = bounds.cells(size)
        self._memory = bounds.memory(size)
        self._wide = False
        self._texts: dict[str, str] = {}

    def add(self, row: list[str], number: int) -> bool:
        """Keep a row unless it is empty; False where the bounds are reached."""
        if len(row) > MAX_COLUMNS:
            if not self._wide and any(map(str.strip, row[MAX_COLUMNS:])):
                expected, got = (
                    msg("at most {max_columns} cells", max_columns=MAX_COLUMNS),
                    msg("{row} cells; the first are used", row=len(row)),
                )
                self.problems.add(number, None, expected, got)
                self._wide = True
            del row[MAX_COLUMNS:]
        self._cells -= max(len(row), 1)
        known = len(self._texts)
        row = list(map(self._texts.setdefault, row, row))
        self._memory -= _ROW + _CELL * len(row)
        for text in itertools.islice(reversed(self._texts), len(self._texts) - known):  # those that are new
            self._memory -= _TEXT + sys.getsizeof(text)
        if self._cells < 0 or self._memory < 0:
            expected = (
                msg("at most {most} cells", most=self._most)
                if self._cells < 0
                else msg("a table that fits in its memory")
            )
            self.problems.add(number, None, expected, NOT_READ)
            return False
        if any(row) and not "".join(row).isspace():
            self.rows.append(row)
            self.numbers.append(number)
        return True

    def fit(self, width: int, most: int) -> None:
        """Leave out the last rows where there are more than may be held.

        Args:
            width: cells of the header, and of each row, where short ones are filled up.
            most: rows that a table of this kind may have.
        """
        fitting = max(self._most // max(width, 1), 1)
        if len(self.rows) > (kept := min(fitting, most)):
            expected = (
                msg("at most {most} cells", most=self._most)
                if fitting < most
                else msg("at most {size} rows", size=most)
            )
            self.problems.add(self.numbers[kept], None, expected, NOT_READ)
            del self.rows[kept:], self.numbers[kept:]
