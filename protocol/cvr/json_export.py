"""Dominion's ``CvrExport.json``, or one of the files into which such an export was split: read once, and counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from protocol.cvr.counting import MAX_NAME, CardCounts, CountedExport, TooManyUnits
from protocol.cvr.csv_rows import one_line
from protocol.cvr.elements import ElementStream
from protocol.cvr.lists import ExportLists
from protocol.cvr.sessions import decoder
from protocol.errors import InputError, wrong_file
from protocol.opening import FileInParts, Progress, silent
from protocol.words import Message, msg, nmsg

_START = re.compile(rb'\s*\{\s*"')
_LIST = re.compile(rb'"Sessions"\s*:\s*\[')
_SESSION = re.compile(rb'"TabulatorId"\s*:\s*\d')


def is_export(head: bytes) -> bool:
    """Recognise an export of ballots by its first bytes."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    found = _LIST.search(head)
    if found is None or not _START.match(head):
        return False
    rest = head[found.end() :]
    return _SESSION.search(rest) is not None or rest.lstrip().startswith(b"]")


@dataclass(slots=True)
class LeftOut:
    """Ballots that were not counted, by the reason, and the bytes that they lie between."""

    numbers: Counter[Message] = field(default_factory=Counter)
    _spans: dict[Message, tuple[int, int]] = field(default_factory=dict)

    def note(self, wrong: Counter[Message], start: int, end: int) -> None:
        """Note those of a block."""
        self.numbers.update(wrong)
        for what in wrong:
            self._spans[what] = self._spans.get(what, (start, end))[0], end

    def problems(self, name: str) -> list[InputError]:
        """One problem for each reason.

        The place is the block that the decoder was given, some megabytes with the ballots of hours, and never that of
        one ballot: its place in the list tells it from all others.
        """
        return [
            wrong_file(
                name,
                msg("ballots that can be counted in bytes {start} to {end}", start=first, end=last),
                nmsg("{count:n} that cannot: {what}", "{count:n} that cannot: {what}", number, what=what),
            )
            for what, number in self.numbers.items()
            for first, last in (self._spans[what],)
        ]


def count_file(path: Path, lists: ExportLists, below: Path | None = None, progress: Progress = silent) -> CountedExport:
    """Count the ballots of a file.

    Args:
        path: the file.
        lists: the lists of its folder.
        below: the folder that it was found in, which no link may lead out of.
        progress: called with the number of ballots read so far.
    """
    counts, left_out = CardCounts(lists), LeftOut()
    found = CountedExport(path, counts=counts, fill=counts.fill)
    try:
        decode = decoder()
        with FileInParts(path, below=below) as file:
            found.size = file.size
            stream = ElementStream(file, "Sessions")
            try:
                for block in stream.blocks():
                    decoded = decode(block)
                    left_out.note(decoded.wrong, block.offset, block.end)
                    left_out.note(counts.add(decoded.sessions), block.offset, block.end)
                    progress(counts.ballots.total())
                found.sha256 = file.sha256
            finally:
                found.election, found.version = (_text(stream.outside.get(key)) for key in ("ElectionId", "Version"))
    except InputError as error:
        found.problems.append(error)
    except TooManyUnits:
        limit = msg("as many batches, precincts and choices as fit into memory")
        found.problems.append(wrong_file(path, limit, msg("more")))
    found.problems += left_out.problems(str(path))
    found.cards, found.ballots = (
        Counter({(f"{tabulator}", f"{batch}"): number for (tabulator, batch), number in each.items()})
        for each in (counts.cards, counts.ballots)
    )
    return found


def _text(value: object) -> str:
    return one_line(str(value))[:MAX_NAME] if isinstance(value, str | int) else ""
