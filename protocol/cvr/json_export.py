"""Dominion's ``CvrExport.json``, or one of the files into which such an export was split: read once, and counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from protocol.cvr.counting import MAX_NAME, Batch, CardCounts, CountedExport, TooManyUnits
from protocol.cvr.csv_rows import one_line
from protocol.cvr.elements import ElementStream
from protocol.cvr.lists import ExportLists
from protocol.cvr.sessions import DecodedBlock, decoder
from protocol.dumps.tallies import TallyBuilder
from protocol.errors import InputError
from protocol.opening import FileInParts, check_inside
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
            InputError(
                name,
                None,
                None,
                msg("ballots that can be counted in bytes {start} to {end}", start=first, end=last),
                nmsg("{count:n} that cannot: {what}", "{count:n} that cannot: {what}", number, what=what),
            )
            for what, number in self.numbers.items()
            for first, last in (self._spans[what],)
        ]


@dataclass(slots=True)
class CountedFile(CountedExport):
    """Counts of one file of an export.

    Attributes:
        counts: its ballots.
        left_out: ballots that were not counted.
    """

    counts: CardCounts = field(default_factory=lambda: CardCounts(ExportLists()))
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def number(self) -> int:
        """Ballots that were counted."""
        return self.counts.ballots.total()

    def number_in_words(self) -> Message:
        """The same, as a text; with the cards where these are more."""
        ballots, cards = nmsg("{count:n} ballot", "{count:n} ballots", self.number), self.counts.cards.total()
        if cards == self.number:
            return ballots
        return msg("{ballots} on {cards}", ballots=ballots, cards=nmsg("{count:n} card", "{count:n} cards", cards))

    def cards(self) -> dict[Batch, int]:
        """Cards, by tabulator and batch."""
        return {(f"{tabulator}", f"{batch}"): n for (tabulator, batch), n in self.counts.cards.items()}

    def ballots(self) -> dict[Batch, int]:
        """Ballots, by tabulator and batch."""
        return {(f"{tabulator}", f"{batch}"): n for (tabulator, batch), n in self.counts.ballots.items()}

    def doubled(self) -> dict[Batch, int]:
        """None are known: the numbers of ballots are not taken out of the file."""
        return {}

    def fill(self, builder: TallyBuilder, election: str) -> None:
        """Put the counts into tallies."""
        self.counts.fill(builder, election)


def count_file(
    path: Path, lists: ExportLists, below: Path | None = None, progress: Callable[[int], None] | None = None
) -> CountedFile:
    """Count the ballots of a file.

    Args:
        path: the file.
        lists: the lists of its folder.
        below: the folder that it was found in, out of which no link may lead.
        progress: called with the number of ballots read so far.
    """
    found = CountedFile(path, counts=CardCounts(lists))

    def take(decoded: DecodedBlock, start: int, end: int) -> None:
        found.left_out.note(decoded.wrong, start, end)
        found.left_out.note(found.counts.add(decoded.sessions), start, end)
        if progress is not None:
            progress(found.number)

    try:
        for_each_block(path, take, found, below)
    except InputError as error:
        found.problems.append(error)
    except TooManyUnits:
        limit = msg("as many batches, precincts and choices as fit into memory")
        found.problems.append(InputError(str(path), None, None, limit, msg("more")))
    found.problems += found.left_out.problems(str(path))
    return found


def for_each_block(
    path: Path,
    take: Callable[[DecodedBlock, int, int], None],
    found: CountedFile,
    below: Path | None = None,
) -> None:
    """Decode the ballots of a file block by block, and note what it says of itself.

    Raises:
        InputError: it is not an export, or not to its end.
    """
    if below is not None:
        check_inside(path, below)
    decode = decoder()
    file = FileInParts(path)
    found.size = file.size
    stream = ElementStream(file, "Sessions")
    try:
        for block in stream.blocks():
            found.election = _text(stream.outside.get("ElectionId"))
            take(decode(block), block.offset, block.end)
        found.sha256 = file.sha256
    finally:
        file.close()
        found.election = _text(stream.outside.get("ElectionId"))
        found.version = _text(stream.outside.get("Version"))


def _text(value: object) -> str:
    return one_line(str(value))[:MAX_NAME] if isinstance(value, str | int) else ""
