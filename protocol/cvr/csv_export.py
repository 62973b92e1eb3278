"""Dominion's export of ballots as CSV, as Colorado and Georgia publish it: a row a card, a column a choice.

A blank cell says that the contest is not on the card, 0 that the choice is on it and was not marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from protocol.arrays import Bytes, Ints
from protocol.cvr.ballot_json import UnreadableBallot
from protocol.cvr.counting import Batch, CountedExport
from protocol.cvr.csv_rows import BLANK, CardRows, CsvContest, CsvHeader, decode, read_header, records
from protocol.dumps.tallies import ChoiceKind, DumpChoice, DumpContest, TallyBuilder, TallyKind
from protocol.errors import InputError, wrong_file
from protocol.opening import FileInParts, Progress, silent
from protocol.words import Message, msg, nmsg

BATCH = 4096
"""Rows that are counted at once."""
MAX_UNITS = 200_000
MAX_CELLS = 2**26
"""Numbers of all units together."""
MAX_NUMBERED = 2**22
"""Cards whose numbers are compared."""


def _kind(name: str) -> ChoiceKind:
    write_in = name.casefold().replace("-", "").replace(" ", "").startswith("writein")
    return ChoiceKind.WRITE_IN if write_in else ChoiceKind.NAMED


def choice_identifiers(names: Sequence[str]) -> list[str]:
    """The names of a contest's choices, those that come again with their number."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def count_csv(path: Path, below: Path | None = None, progress: Progress = silent) -> CountedExport:
    """Count the cards of a file.

    Args:
        path: the file.
        below: the folder that it was found in, which no link may lead out of.
        progress: called with the number of cards read so far.
    """
    found = CountedExport(path)
    cards: _Cards | None = None
    try:
        with FileInParts(path, below=below) as file:
            found.size = file.size
            rows = records(file)
            head = [decode(record) for _, record in zip(range(4), rows, strict=False)]
            header = read_header(head, str(path))
            found.election, found.version = header.election, header.version
            cards = _Cards(found, header)
            found.fill = cards.fill
            cards.take(rows, progress)
            found.sha256 = file.sha256
    except InputError as error:
        found.problems.append(error)
    for what, number in cards.left_out.items() if cards else ():
        got = nmsg("{count:n} that cannot: {what}", "{count:n} that cannot: {what}", number, what=what)
        found.problems.append(wrong_file(path, msg("cards that can be counted"), got))
    return found


class _Cards:
    """Counts the rows below the headings, some thousand at once.

    Attributes:
        left_out: rows that were not counted, by the reason.
    """

    def __init__(self, found: CountedExport, header: CsvHeader) -> None:
        self.left_out: Counter[Message] = Counter()
        self._found, self._header = found, header
        self._rows_of = CardRows(header)
        self._numbers: dict[Batch, Counter[int]] = {}
        self._numbered = 0
        self._index: dict[tuple[str, str, str], int] = {}
        self._units: list[int] = []
        self._rows: list[bytes] = []
        self._wide = sum(3 + len(each.names) for each in header.contests)
        self._totals = [np.zeros((0, 3 + len(each.names)), np.int64) for each in header.contests]
        """For each contest and unit ballots, undervotes, overvoted ballots, and votes of each choice."""

    def take(self, rows: Iterable[bytes], progress: Progress) -> None:
        """Count all of them.

        Raises:
            InputError: the file cannot be read to its end, or has too many units.
        """
        try:
            for record in rows:
                self._row(record)
                if len(self._rows) == BATCH:
                    self._count()
                    progress(self._found.number)
        finally:
            self._count()
        for batch, numbers in self._numbers.items():
            if len(numbers) > 1 and (more := numbers.total() - len(numbers)):
                self._found.doubled[batch] = more  # one number for all cards is none: it was blacked out

    def _row(self, record: bytes) -> None:
        try:
            card = self._rows_of.read(record)
        except UnreadableBallot as error:
            self.left_out[error.what] += 1
            return
        tabulator, batch, _ = card.unit
        unit = self._index.setdefault(card.unit, len(self._index))
        if len(self._index) > MAX_UNITS or len(self._index) * self._wide > MAX_CELLS:
            expected = msg("as many batches, precincts and choices as fit into memory")
            raise wrong_file(self._found.path, expected, msg("more"))
        self._found.cards[tabulator, batch] += 1
        if card.number.isdigit() and len(card.number) < 12 and self._numbered < MAX_NUMBERED:  # others are blacked out
            self._numbered += 1
            self._numbers.setdefault((tabulator, batch), Counter())[int(card.number)] += 1
        self._units.append(unit)
        self._rows.append(card.marks)

    def _count(self) -> None:
        if not self._rows:
            return
        marks = np.frombuffer(b"".join(self._rows), np.uint8).reshape(len(self._rows), -1)
        order = np.argsort(np.array(self._units), kind="stable")
        marks, units = marks[order], np.array(self._units)[order]
        starts = np.flatnonzero(np.concatenate(([True], units[1:] != units[:-1])))
        totals = self._totals
        for number, contest in enumerate(self._header.contests):
            if len(totals[number]) < len(self._index):
                grown = np.zeros((max(64, 2 * len(self._index)), totals[number].shape[1]), np.int64)
                grown[: len(totals[number])] = totals[number]
                totals[number] = grown
            totals[number][units[starts]] += np.add.reduceat(tally(contest, marks), starts, axis=0)
        self._units, self._rows = [], []

    def fill(self, builder: TallyBuilder) -> None:
        """Put the counts into tallies, in an order that says nothing of that of the cards."""
        order = sorted(self._index, key=lambda parts: [(len(part), part) for part in parts])
        units = {self._index[parts]: builder.unit(*parts) for parts in order}
        for contest, totals in zip(self._header.contests, self._totals, strict=True):
            at = builder.contest(DumpContest(contest.name, contest.name, contest.vote_for, contest.ranks))
            choices = [
                builder.choice(DumpChoice(at, identifier, name, party, _kind(name)))
                for identifier, name, party in zip(
                    choice_identifiers(contest.names), contest.names, contest.parties, strict=True
                )
            ]
            for row, unit in units.items():
                ballots, undervotes, overvoted, *votes = totals[row].tolist()
                if not ballots:
                    continue
                builder.count(unit, at, ballots=ballots)
                if contest.vote_for is not None:
                    builder.add(unit, at, TallyKind.UNDERVOTE, undervotes)
                    builder.add(unit, at, TallyKind.OVERVOTE, overvoted)
                for choice, each in zip(choices, votes, strict=True):
                    builder.add(unit, at, TallyKind.CHOICE, each, choice)


def tally(contest: CsvContest, marks: Bytes) -> Ints:
    """Ballots, undervotes, overvoted ballots and votes of each card in a contest; shape ``(n, 3 + choices)``."""
    own = marks[:, contest.columns]
    on_card = (own != BLANK).any(axis=1)
    given = np.where(own == BLANK, 0, own).astype(np.int64)
    out = np.zeros((len(own), 3 + len(contest.names)), np.int64)
    for column, choice in enumerate(contest.choices.tolist()):
        if contest.ranks_of[column] == 1:
            out[:, 3 + choice] += given[:, column]
    votes = out[:, 3:].sum(axis=1)
    out[:, 0] = on_card
    if contest.vote_for is not None:
        over = votes > contest.vote_for
        out[over, 3:] = 0
        out[:, 2] = over
        left = np.where(on_card & ~over, contest.vote_for - votes, 0)
        # Of ranks: a card on which some rank was given is no undervote, though it may have no first one.
        out[:, 1] = np.where(given.sum(axis=1) > 0, 0, left) if contest.ranks > 1 else left
    return out
