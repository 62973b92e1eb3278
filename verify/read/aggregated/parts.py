"""Parts of a table by the elections that they have rows of; each is read beside the work on the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from protocol.errors import InputError
from protocol.words import msg
from verify.model.figures import Ints
from verify.read.aggregated.columns import ELECTION, AggregatedHeader
from verify.read.ahead import Ahead
from verify.read.arrow_arrays import array_of, fill

Columns = dict[str, Any]
"""Arrow's arrays by what they mean; texts as their different ones and where each is."""


MAX_ELECTIONS = 500
"""Different elections of a table; there are 80 with those of senators."""
MAX_ROWS = 2**27
"""Rows of a table; that of votes has 27.5 million in 2026."""
_SMALL = 2**26
"""Bytes of a part, unpacked, that is read while another one is in memory. Row groups of 122,880 have a tenth of it."""


@dataclass(frozen=True)
class ElectionPiece:
    """Some rows of one election.

    Attributes:
        first: number of the first row of the part that they are in.
        at: which rows of the part they are, shape ``(n,)``; a slice where they follow one another.
        columns: arrays of shape ``(n,)``, by what they mean.
    """

    first: int
    at: Ints | slice
    columns: Columns

    @cached_property
    def rows(self) -> Ints:
        """The numbers of the rows, as a spreadsheet counts, shape ``(n,)``."""
        if isinstance(self.at, slice):
            return np.arange(self.first + self.at.start, self.first + self.at.stop, dtype=np.int64)
        return self.first + self.at


class Reader(Protocol):
    """A reader of the parts of a file."""

    def parts(self) -> int:
        """Number of parts."""

    def size(self, part: int) -> int:
        """Bytes of a part, unpacked."""

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
        self._only: list[str | None] = []
        self._last: tuple[int, Columns] | None = None
        self._ahead: tuple[int, Ahead[Columns]] | None = None
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
                raise InputError(file, None, header.names[ELECTION], expected, msg("more"))
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
        having = self._of.get(election, [])
        for part, following in zip(having, [*having[1:], None], strict=True):
            columns = self._columns(part, part + 1 if following is None else following)
            first = self._first[part]
            if self._only[part] is not None:
                rows = len(next(iter(columns.values())))
                yield ElectionPiece(first, slice(0, rows), columns)
                continue
            which = _where(columns[ELECTION], election)
            if len(which) and int(which[-1]) - int(which[0]) + 1 == len(which):
                start, length = int(which[0]), len(which)
                sliced = {name: column.slice(start, length) for name, column in columns.items()}
                yield ElectionPiece(first, slice(start, start + length), sliced)
            elif len(which):
                taken = {name: column.take(array_of(which)) for name, column in columns.items()}
                yield ElectionPiece(first, which, taken)

    def let_go(self) -> None:
        """Wait for what is read meanwhile, before the file is closed."""
        if self._ahead is not None:
            self._ahead[1].take()
            self._ahead = None

    def _columns(self, part: int, following: int) -> Columns:
        """All columns that mean something, of a part; the last one is kept, as two elections may share it.

        The part that ``following`` names is then read on a thread of its own, unless it is large or there is none.
        """
        if self._last is None or self._last[0] != part:
            self._last = None
            ahead, self._ahead = self._ahead, None
            found = None if ahead is None else ahead[1].take()
            if ahead is None or ahead[0] != part or found is None:
                found = self._read(part)
            self._last = part, found
            if following < len(self._first) and self._reader.size(following) <= _SMALL:
                self._ahead = following, Ahead(partial(self._read, following))
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
    """A column of texts by its different ones."""
    import pyarrow as pa

    return column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()


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
