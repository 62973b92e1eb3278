"""One of the two tables, read a part at a time, and the rows of one election out of them.

A part is a row group of Parquet or a piece of a CSV. Nothing is held but the one that was read last. Which parts have
rows of which election is known from a first look at all of them: files are in the order of the elections, most often,
and need not be. pyarrow has no types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from protocol.errors import InputError
from protocol.words import msg
from verify.model.figures import Ints
from verify.read.aggregated.columns import ELECTION, AggregatedHeader

MAX_ELECTIONS = 500
"""Different elections of a table; there are 80 with those of senators."""
MAX_ROWS = 2**27
"""Rows of a table; that of votes has 27.5 million in 2026."""
Columns = dict[str, Any]
"""Arrow's arrays by what they mean; texts as their different ones and where each is."""


@dataclass(frozen=True, slots=True)
class ElectionPiece:
    """Some rows of one election.

    Attributes:
        rows: their numbers, as a spreadsheet counts, shape ``(n,)``.
        columns: arrays of shape ``(n,)``.
    """

    rows: Ints
    columns: Columns


class Reader(Protocol):
    """What reads the parts of a file."""

    def parts(self) -> int:
        """How many there are."""

    def read(self, part: int, names: list[str]) -> Columns:
        """Some columns of a part, by the file's own names.

        Raises:
            InputError: it is damaged.
        """


class Parts:
    """A table, and which of its parts have rows of which election.

    Attributes:
        file: its name.
        header: what its columns mean.
        elections: rows of each, in the order of the file.
    """

    def __init__(self, file: str, header: AggregatedHeader, reader: Reader, progress: Callable[[], object]) -> None:
        """Look for the elections in all parts.

        Raises:
            InputError: it is damaged, or larger than its bounds.
        """
        self.file = file
        self.header = header
        self.elections: dict[str, int] = {}
        self._reader = reader
        self._first: list[int] = []
        self._of: dict[str, list[int]] = {}
        self._last: tuple[int, Columns] | None = None
        row = 2
        for part in range(reader.parts()):
            self._first.append(row)
            column = _coded(reader.read(part, [header.names[ELECTION]])[header.names[ELECTION]])
            row += len(column)
            for election, count in _counted(column):
                self.elections[election] = self.elections.get(election, 0) + count
                self._of.setdefault(election, []).append(part)
            if len(self.elections) > MAX_ELECTIONS or row > MAX_ROWS:
                expected = msg(
                    "at most {elections:n} elections and {rows:n} rows", elections=MAX_ELECTIONS, rows=MAX_ROWS
                )
                raise InputError(file, None, header.names[ELECTION], expected, msg("more"))
            progress()

    @property
    def rows(self) -> int:
        """How many rows it has in all."""
        return sum(self.elections.values())

    def pieces(self, election: str) -> Iterator[ElectionPiece]:
        """The rows of an election, in the order of the file.

        Raises:
            InputError: the file is damaged.
        """
        for part in self._of.get(election, ()):
            columns = self._columns(part)
            which = _where(columns[ELECTION], election)
            first = self._first[part]
            if which is None:
                yield ElectionPiece(first + np.arange(len(columns[ELECTION]), dtype=np.int64), columns)
            elif len(which) and int(which[-1]) - int(which[0]) + 1 == len(which):
                start = int(which[0])
                yield ElectionPiece(
                    first + which, {name: column.slice(start, len(which)) for name, column in columns.items()}
                )
            elif len(which):
                yield ElectionPiece(
                    first + which, {name: column.take(_array(which)) for name, column in columns.items()}
                )

    def _columns(self, part: int) -> Columns:
        """All columns that mean something, of a part; the last one is kept, as two elections may share it."""
        if self._last is None or self._last[0] != part:
            self._last = None
            names = self.header.names
            read = self._reader.read(part, list(names.values()))
            columns = {meaning: read[name] for meaning, name in names.items()}
            columns[ELECTION] = _coded(columns[ELECTION])
            self._last = part, columns
        return self._last[1]


def _array(values: Ints) -> Any:
    import pyarrow as pa

    return pa.array(values)


def _coded(column: Any) -> Any:
    """A column of texts by its different ones."""
    import pyarrow as pa

    return column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()


def filled(column: Any, instead: object) -> Any:
    """A column with a value in place of each that is not there; nothing is copied where all are."""
    return column.fill_null(instead) if column.null_count else column


def codes_of(column: Any) -> npt.NDArray[np.int32]:
    """Where each text of a coded column is among its different ones; -1 for none."""
    codes: npt.NDArray[np.int32] = np.asarray(filled(column.indices, -1)).astype(np.int32, copy=False)
    return codes


def _counted(column: Any) -> Iterator[tuple[str, int]]:
    """The different texts of a column and how many times each is there; empty for those without."""
    codes = codes_of(column)
    counts = np.bincount(codes + 1, minlength=len(column.dictionary) + 1)
    texts = ["", *(text or "" for text in column.dictionary.to_pylist())]
    found: dict[str, int] = {}
    for text, count in zip(texts, counts.tolist(), strict=True):
        if count:
            found[text] = found.get(text, 0) + count
    yield from found.items()


def _where(column: Any, election: str) -> Ints | None:
    """Indices of the rows of an election; None for all of them."""
    texts = [text or "" for text in column.dictionary.to_pylist()]
    wanted = np.array([text == election for text in (*texts, "")], np.bool_)
    mask = wanted[codes_of(column)]
    return None if mask.all() else np.flatnonzero(mask)
