"""Both tables as files, in parts: Parquet in memory, or a CSV that is read in pieces; opened, and told apart.

Of each part it is known of which elections it has rows.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol.errors import InputError, cause, wrong_file
from protocol.opening import FileInParts, OpenedFile, open_evidence, read_ends
from protocol.words import msg
from verify.model.figures import Ints
from verify.read.aggregated.columns import ELECTION, MEANINGS, AggregatedHeader, recognise
from verify.read.arrow_arrays import array_of, fill
from verify.read.disguised import PARQUET
from verify.read.parquet.opened import Most, OpenedParquet, cause_of, column_names, damage, open_parquet, wrong
from verify.read.rows import delimiter_of

Columns = dict[str, Any]
"""Arrow's arrays by what they mean; texts as their different ones and where each is."""


MAX_ELECTIONS = 500
"""Different elections of a table; there are 80 with those of senators."""
MAX_ROWS = 2**27
"""Rows of a table; that of votes has 27.5 million in 2026."""


@dataclass(frozen=True, slots=True)
class ElectionPiece:
    """Some rows of one election.

    Attributes:
        rows: their numbers, as a spreadsheet counts, shape ``(n,)``.
        columns: arrays of shape ``(n,)``, by what they mean.
    """

    rows: Ints
    columns: Columns


class AggregatedFile:
    """An opened table, and which of its parts have rows of which election.

    Attributes:
        path: as given.
        header: what its columns mean.
        size: of the file in bytes.
        digest: gives its SHA-256, when all was read.
        close: lets go of it.
        elections: rows of each, in the order of the file.
    """

    def __init__(
        self, path: Path, header: AggregatedHeader, reader: _Groups | _Pieces, progress: Callable[[], object]
    ) -> None:
        """Look for the elections in all parts.

        Raises:
            InputError: it is damaged, or larger than its bounds.
        """
        self.path, self.header = path, header
        self.size, self.digest, self.close = reader.size, reader.digest, reader.close
        self.elections: dict[str, int] = {}
        self._reader = reader
        self._first: list[int] = []
        self._of: dict[str, list[int]] = {}
        self._only: list[str | None] = []
        self._last: tuple[int, Columns] | None = None
        row = 2
        for part in range(reader.parts()):
            self._first.append(row)
            column = by_different(reader.read(part, [header.names[ELECTION]])[header.names[ELECTION]])
            row += len(column)
            counted = _count_texts(column)
            for election, count in counted.items():
                self.elections[election] = self.elections.get(election, 0) + count
                self._of.setdefault(election, []).append(part)
            self._only.append(next(iter(counted)) if len(counted) == 1 else None)
            if len(self.elections) > MAX_ELECTIONS or row > MAX_ROWS:
                expected = msg(
                    "at most {elections:n} elections and {rows:n} rows", elections=MAX_ELECTIONS, rows=MAX_ROWS
                )
                raise InputError(str(path), None, header.names[ELECTION], expected, msg("more"))
            progress()

    @property
    def rows(self) -> int:
        """Number of rows in all."""
        return sum(self.elections.values())

    def pieces(self, election: str) -> Iterator[ElectionPiece]:
        """The rows of an election, in the order of the file.

        Raises:
            InputError: the file is damaged.
        """
        for part in self._of.get(election, ()):
            columns = self._columns(part)
            rows = self._first[part] + np.arange(len(next(iter(columns.values()))))
            if self._only[part] is None:
                which = _where(columns[ELECTION], election)
                rows, taken = rows[which], array_of(which)
                columns = {name: column.take(taken) for name, column in columns.items()}
            yield ElectionPiece(rows, columns)

    def _columns(self, part: int) -> Columns:
        """All columns that mean something, of a part; the last one is kept, as two elections may share it."""
        if self._last is None or self._last[0] != part:
            self._last = None  # its memory is for the next
            self._last = part, self._read(part)
        return self._last[1]

    def _read(self, part: int) -> Columns:
        """The columns of a part; that of the elections only where there are several.

        Raises:
            InputError: it is damaged.
        """
        only = self._only[part] is not None
        names = {meaning: name for meaning, name in self.header.names.items() if not (only and meaning == ELECTION)}
        read = self._reader.read(part, list(names.values()))
        columns = {meaning: read[name] for meaning, name in names.items()}
        if not only:
            columns[ELECTION] = by_different(columns[ELECTION])
        return columns


def by_different(column: Any) -> Any:
    """A column by its different texts."""
    import pyarrow as pa

    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    if pa.types.is_string(coded.dictionary.type):
        return coded
    return pa.DictionaryArray.from_arrays(coded.indices, coded.dictionary.cast(pa.string()))


def codes_of(column: Any) -> npt.NDArray[np.int32]:
    """Find each text of a coded column among its different ones; -1 for none."""
    codes: npt.NDArray[np.int32] = fill(column.indices, -1).astype(np.int32, copy=False)
    return codes


def texts_and_codes(column: Any) -> tuple[list[str], npt.NDArray[np.int32]]:
    """The different texts of a column, and for each row the index of its own, -1 for none."""
    coded = by_different(column)
    return [text or "" for text in coded.dictionary.to_pylist()], codes_of(coded)


def _count_texts(column: Any) -> dict[str, int]:
    """The different texts of a column and how many times each is there; empty for those without."""
    if len(column.dictionary) == 1 and not column.null_count and len(column):
        return {column.dictionary[0].as_py() or "": len(column)}
    texts, codes = texts_and_codes(column)
    counts = np.bincount(codes + 1, minlength=len(texts) + 1)
    found: dict[str, int] = {}
    for text, count in zip(["", *texts], counts.tolist(), strict=True):
        if count:
            found[text] = found.get(text, 0) + count
    return found


def _where(column: Any, election: str) -> Ints:
    """Indices of the rows of an election."""
    texts, codes = texts_and_codes(column)
    return np.flatnonzero(np.array([text == election for text in (*texts, "")], np.bool_)[codes])


MAX_GROUP = 2**22
"""Rows of a row group, which is unpacked as a whole; most have 122,880, some a million."""
_UNPACKED = 2**29
_CELLS = 2**33
_HEAD = 2**16
_FOOTER = 2**26
"""Bytes of what a Parquet file says of itself."""
_PIECE = 2**25
"""Bytes of a CSV that are read together."""
_TRIES = 100
"""Line ends that may stand in a row's quotes at the end of a piece."""
KEYS = (b"id_election", b"id_brut_miom")
"""Columns that both tables have, in every generation."""


def header_of(path: Path) -> AggregatedHeader | None:
    """Find the kind of a table by its ends; None where it is neither, or cannot be read."""
    try:
        start, end = read_ends(path, _HEAD, 8)
        if not start.startswith(PARQUET):
            return _header_of_text(start)[0]
        size = _footer(end)
        return _header_of_parquet(read_ends(path, 0, size)[1]) if size <= _FOOTER else None
    except (OSError, ValueError):
        return None


def _footer(end: bytes) -> int:
    """Bytes of what a Parquet file says of itself, by its last eight, which are among them."""
    return int.from_bytes(end[:4], "little") + 8


def is_parquet_file(path: Path) -> bool:
    """Test whether a file is Parquet; not where it cannot be read."""
    try:
        return read_ends(path, len(PARQUET), 0)[0] == PARQUET
    except (OSError, ValueError):
        return False


def _header_of_text(start: bytes) -> tuple[AggregatedHeader | None, list[str], str, int]:
    """Read a CSV's header: its meaning, its cells, its delimiter, and the byte at which the first row starts."""
    end = start.find(b"\n")
    if end < 0:
        return None, [], ";", 0
    text = start[: end + 1].decode("utf-8-sig", "replace")
    delimiter = delimiter_of(text)
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return None, [], delimiter, 0
    return recognise(cells), cells, delimiter, end + 1


def _header_of_parquet(end: bytes) -> AggregatedHeader | None:
    """Read the columns of a Parquet file, as it describes them at its end."""
    if not all(name in end for name in KEYS):  # of another file nobody asks more
        return None
    try:
        return recognise(column_names(PARQUET + end))
    except damage():
        return None


def open_table(
    path: Path, progress: Callable[[], object] = lambda: None, only: frozenset[str] = MEANINGS
) -> AggregatedFile:
    """Open one of the tables.

    Args:
        path: of the file.
        progress: called for each part that was looked at.
        only: what the columns to read mean; all by default.

    Raises:
        InputError: it is neither of the tables, damaged, or larger than its bounds.
    """
    try:
        start, _ = read_ends(path, _HEAD, 0)
    except (OSError, ValueError) as error:
        raise wrong_file(path, msg("a readable file"), cause(error)) from error
    return _parquet(path, progress, only) if start.startswith(PARQUET) else _csv(path, start, progress, only)


def _chosen(header: AggregatedHeader | None, file: str, only: frozenset[str]) -> AggregatedHeader:
    if header is None:
        expected = msg("a header of data.gouv.fr's general or candidats table")
        raise InputError(file, 1, None, expected, msg("another"))
    return AggregatedHeader(header.kind, {meaning: name for meaning, name in header.names.items() if meaning in only})


def _parquet(path: Path, progress: Callable[[], object], only: frozenset[str]) -> AggregatedFile:
    file = open_evidence(path)
    name = str(path)
    header = _chosen(_header_of_parquet(file.data[-_footer(file.data[-8:]) :]), name, only)
    opened = open_parquet(file.data, name, Most(MAX_ROWS, _CELLS, _UNPACKED), frozenset(header.names.values()))
    metadata = opened.file.metadata
    for number in range(metadata.num_row_groups):
        rows = metadata.row_group(number).num_rows
        if rows > min(MAX_GROUP, opened.rows_at_once):
            expected = msg("row groups of at most {most:n} rows", most=min(MAX_GROUP, opened.rows_at_once))
            raise wrong_file(name, expected, msg("{rows:n} rows", rows=rows))
    return AggregatedFile(path, header, _Groups(opened, file), progress)


class _Groups:
    """The row groups of Parquet."""

    def __init__(self, parquet: OpenedParquet, file: OpenedFile) -> None:
        self._parquet = parquet
        self._file = str(file.path)
        self.size, self.digest = len(file.data), file.digest.hexdigest  # taken beside what follows

    def close(self) -> None:
        """Do nothing: all of it is in memory."""

    def parts(self) -> int:
        return int(self._parquet.file.metadata.num_row_groups)

    def read(self, part: int, names: list[str]) -> Columns:
        try:
            table = self._parquet.file.read_row_group(part, columns=names)
            table.validate(full=True)  # indices beyond their dictionary, texts that are no UTF-8
            table = table.unify_dictionaries()
            return {name: _plain(table.column(name).combine_chunks()) for name in names}
        except damage() as error:
            raise wrong(self._file, cause_of(error)) from error


def _plain(column: Any) -> Any:
    """A column as whole numbers, as numbers or as texts, whatever its writer made of it."""
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_dictionary(column.type):
        if kinds.is_string(column.type.value_type):
            return column
        column = column.dictionary_decode()
    if kinds.is_float16(column.type):
        return column.cast(pa.float32())
    as_it_is = kinds.is_string(column.type) or kinds.is_floating(column.type) or kinds.is_integer(column.type)
    return column if as_it_is and not kinds.is_uint64(column.type) else column.cast(pa.string())


def _last_row(block: bytes, quotes: int) -> int:
    """Find the end of the last whole row, 0 for none; ``quotes`` are those before the block."""
    end = block.rfind(b"\n") + 1
    for _ in range(_TRIES):
        if not end or not (quotes + block.count(b'"', 0, end)) % 2:
            return end
        end = block.rfind(b"\n", 0, end - 1) + 1
    return 0


def _csv(path: Path, start: bytes, progress: Callable[[], object], only: frozenset[str]) -> AggregatedFile:
    name = str(path)
    whole, cells, delimiter, first = _header_of_text(start)
    header = _chosen(whole, name, only)
    file = FileInParts(path)
    try:
        return AggregatedFile(path, header, _Pieces(file, cells, delimiter, first), progress)
    except BaseException:
        file.close()
        raise


class _Pieces:
    """Pieces of a CSV, each of whole rows."""

    def __init__(self, file: FileInParts, cells: list[str], delimiter: str, first: int) -> None:
        self._file = file
        self.size, self.close = file.size, file.close
        self._cells = cells
        self._delimiter = delimiter
        self._spans: list[tuple[int, int]] = []
        self._divide(first)

    def _divide(self, first: int) -> None:
        """Find where pieces end: at a line end outside all quotes.

        Raises:
            InputError: a row has no end, or the file cannot be read.
        """
        at, start, quotes, last = 0, first, 0, first
        while block := self._file.next(_PIECE):
            end = _last_row(block, quotes)
            quotes += block.count(b'"')
            if end and at + end > start:
                self._spans.append((start, at + end))
                start = last = at + end
            at += len(block)
            if at - last > 2 * _PIECE:
                expected = msg("rows of at most {most:n} MiB", most=_PIECE >> 20)
                raise wrong_file(self._file.path, expected, msg("a longer one"))
        if start < at:
            self._spans.append((start, at))

    def digest(self) -> str:
        return self._file.sha256

    def parts(self) -> int:
        return len(self._spans)

    def read(self, part: int, names: list[str]) -> Columns:
        import pyarrow as pa
        from pyarrow import csv as arrow

        start, end = self._spans[part]
        data = self._file.again(start, end - start)
        types = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
        try:
            table = arrow.read_csv(
                pa.BufferReader(data),
                arrow.ReadOptions(column_names=self._cells, block_size=2**22),
                arrow.ParseOptions(delimiter=self._delimiter, newlines_in_values=True, ignore_empty_lines=False),
                arrow.ConvertOptions(
                    column_types=types, include_columns=names, null_values=[""], strings_can_be_null=True
                ),
            )
            table = table.unify_dictionaries()
            return {name: table.column(name).combine_chunks() for name in names}
        except damage() as error:
            expected = msg("rows of {cells:n} cells in UTF-8", cells=len(self._cells))
            raise wrong_file(self._file.path, expected, cause_of(error)) from error
