"""The list of ballots in a JSON document of any size: split into whole ballots, block by block, in bounded memory.

A document of this kind is one object with a few short fields and one long list of objects. The ends of these objects
are found with numpy: braces outside of strings, counted. What lies between two ends is then JSON for a decoder; what
lies around the list is parsed as one small document, so that nothing of the file goes unread.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from protocol.arrays import Bytes, Ints
from protocol.cvr.ballot_json import Fields
from protocol.errors import InputError, wrong_file
from protocol.opening import FileInParts
from protocol.structured import parse_json
from protocol.words import msg

BLOCK = 2**22
"""Bytes that are read at once."""
MAX_ELEMENT = 2**24
"""Bytes of one ballot; the largest known has some hundred thousand."""
MAX_HEAD = 2**16
"""Bytes before the list of a document whose other fields are short."""
_SPACE = b" \t\r\n"
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++|"', re.DOTALL)
_QUOTE, _BACKSLASH, _COLON, _OPEN, _CLOSE = (ord(each) for each in '"\\:{}')


@dataclass(frozen=True, slots=True)
class Marked:
    """Bytes of JSON that begin outside of strings, and where the signs are that matter.

    Attributes:
        array: the bytes.
        quotes: places of the quotes that begin or end a string.
        backslashes: places of backslashes.
        braces: places of braces outside of strings.
        depths: how many objects are open after each of them.
    """

    array: Bytes
    quotes: Ints
    backslashes: Ints
    braces: Ints
    depths: Ints


def mark(data: bytes) -> Marked:
    """Find strings and braces."""
    array = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(array == _QUOTE)
    backslashes = np.flatnonzero(array == _BACKSLASH) if _BACKSLASH in data else np.zeros(0, np.int64)
    if len(backslashes):
        quotes = np.delete(quotes, _find_escaped(array, quotes, backslashes))
    braces = np.flatnonzero(array >= _OPEN)  # of ASCII besides braces only two signs that are rare
    braces = braces[(array[braces] == _OPEN) | (array[braces] == _CLOSE)]
    braces = braces[np.searchsorted(quotes, braces) % 2 == 0]
    steps = np.where(array[braces] == _OPEN, 1, -1)
    return Marked(array, quotes, backslashes, braces, np.cumsum(steps))


def _find_escaped(array: Bytes, quotes: Ints, backslashes: Ints) -> Ints:
    """Find the quotes after an odd number of backslashes."""
    beside = np.flatnonzero(array[quotes - 1] == _BACKSLASH)
    if len(beside) and quotes[0] == 0:
        beside = beside[beside > 0]
    if not len(beside):
        return beside
    first = np.ones(len(backslashes), np.bool_)
    first[1:] = np.diff(backslashes) != 1
    starts = backslashes[np.maximum.accumulate(np.where(first, np.arange(len(backslashes)), 0))]
    last = np.searchsorted(backslashes, quotes[beside]) - 1
    return np.asarray(beside[(quotes[beside] - starts[last]) % 2 == 1], np.int64)


@dataclass(frozen=True, slots=True)
class ElementBlock:
    """Whole elements of the list that follow one another.

    Attributes:
        data: their bytes, with the commas between them.
        starts, ends: where each begins and ends within ``data``.
        offset: of the first in the file.
        marked: the signs of ``data``.
    """

    data: bytes
    starts: Ints
    ends: Ints
    offset: int
    marked: Marked

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def end(self) -> int:
        """Offset in the file behind the last element."""
        return self.offset + len(self.data)


class ElementStream:
    """The elements of one list of a document, and the document without them.

    Args:
        file: the document, at its start.
        key: the field of the outermost object that has the list.
        max_head: bytes that may stand before the list, and as many behind it.
        block: bytes that are read at once.
    """

    def __init__(
        self,
        file: FileInParts,
        key: str,
        max_head: int = MAX_HEAD,
        block: int = BLOCK,
    ) -> None:
        self._file, self._key, self._max_head, self._block = file, key, max_head, block
        self._name = str(file.path)
        self.outside: Fields = {}
        """The document with an empty list; only the part before the list until all elements have been given."""

    def blocks(self) -> Iterator[ElementBlock]:
        """All elements, as many at a time as a block holds.

        Raises:
            InputError: the document is not of this kind, or ends before its end; what came before stands.
        """
        data = self._file.next(min(self._block, self._max_head))
        at = list_start(data, self._key)
        while at is None and len(data) < self._max_head and (more := self._file.next(self._max_head - len(data))):
            data += more
            at = list_start(data, self._key)
        if at is None:
            raise wrong_file(self._name, msg("a list {key} near its beginning", key=self._key), msg("none"))
        head, data, offset, first = data[:at], data[at:], at, True
        with contextlib.suppress(InputError):  # what is wrong with it is said at the end
            self.outside = parse_json(head + b"]}", self._name)
        while True:
            block, used, closed = self._split(data, offset, first)
            if block is not None:
                yield block
                first = False
            data, offset = data[used:], offset + used
            if closed:
                break
            if len(data) > MAX_ELEMENT:
                raise wrong_file(
                    self._name,
                    msg("at most {limit} bytes for one ballot", limit=MAX_ELEMENT),
                    msg("more, or no end of it"),
                )
            more = self._file.next(max(self._block, len(data)))
            if not more:
                raise wrong_file(
                    self._name, msg("a list {key} with its end", key=self._key), msg("the end of the file")
                )
            data += more
        while len(data) <= self._max_head and (more := self._file.next(self._block)):
            data += more
        if len(data) > self._max_head:
            raise wrong_file(self._name, msg("at most {limit} bytes after the list", limit=self._max_head), msg("more"))
        outside = parse_json(head + data, self._name)
        assert isinstance(outside, dict)  # noqa: S101 - it begins with a brace
        self.outside = outside

    def _split(self, data: bytes, offset: int, first: bool) -> tuple[ElementBlock | None, int, bool]:
        """The whole elements at the beginning, how many bytes were used up, and whether the list ends there.

        Raises:
            InputError: something else stands between two elements.
        """
        marked = mark(data)
        # The list's end is a sign outside of all elements, so before the brace that closes the document.
        outer = np.flatnonzero(marked.depths < 0)
        count = int(outer[0]) if len(outer) else len(marked.braces)
        depths = marked.depths[:count]
        ends = marked.braces[:count][depths == 0] + 1
        opened = np.ones(count, np.bool_)
        opened[1:] = depths[:-1] == 0
        starts = marked.braces[:count][opened & (depths == 1)][: len(ends)]
        befores = np.concatenate(([0], ends))[: len(starts)]
        # After a comma, nothing else between two: what every writer does is looked at in one step.
        usual = (starts - befores == 1) & (marked.array[befores] == ord(","))
        if first:
            usual[:1] = False
        good, closed = len(starts), False
        for index in np.flatnonzero(~usual).tolist():
            gap = data[int(befores[index]) : int(starts[index])].strip(_SPACE)
            if gap == (b"" if first and index == 0 else b","):
                continue
            if not gap.startswith(b"]"):
                raise wrong_file(
                    self._name, msg("one ballot after another, with commas between"), msg("something else")
                )
            good, closed = index, True
            break
        used = int(ends[good - 1]) if good else 0
        if not closed:
            rest = data[used:].lstrip(_SPACE)
            closed = rest.startswith(b"]")
            if rest.startswith(b",") and not (first and not good):
                rest = rest[1:].lstrip(_SPACE)
            if rest and not closed and not rest.startswith(b"{"):
                raise wrong_file(
                    self._name, msg("one ballot after another, with commas between"), msg("something else")
                )
        if not good:
            return None, 0, closed
        return self._block_of(marked, data, starts[:good], ends[:good], offset), used, closed

    def _block_of(self, marked: Marked, data: bytes, starts: Ints, ends: Ints, offset: int) -> ElementBlock:
        if int((ends - starts).max()) > MAX_ELEMENT:
            raise wrong_file(self._name, msg("at most {limit} bytes for one ballot", limit=MAX_ELEMENT), msg("more"))
        low, high = int(starts[0]), int(ends[-1])

        def within(positions: Ints) -> Ints:
            first, last = np.searchsorted(positions, (low, high))
            return positions[first:last] - low

        part = Marked(
            marked.array[low:high],
            within(marked.quotes),
            within(marked.backslashes),
            within(marked.braces),
            marked.depths[np.searchsorted(marked.braces, low) : np.searchsorted(marked.braces, high)],
        )
        return ElementBlock(data[low:high], starts - low, ends - low, offset + low, part)


def list_start(data: bytes, key: str) -> int | None:
    """Find where a list of the outermost object begins, behind its bracket; None if not reached yet."""
    depth, wanted, previous = 0, b'"%b"' % key.encode(), (b"", b"")
    for found in _TOKEN.finditer(data.removeprefix(b"\xef\xbb\xbf").rjust(len(data))):
        token = found.group()
        if token in (b"{", b"["):
            if token == b"[" and depth == 1 and previous == (wanted, b":"):
                return found.end()
            depth += 1
        elif token in (b"}", b"]"):
            depth -= 1
            if depth <= 0:
                return None
        elif token == b'"':
            return None  # a string without its end
        previous = (previous[1], token)
    return None
