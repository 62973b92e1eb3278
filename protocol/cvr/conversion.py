"""Ballots of any export that is read here, as a report after NIST SP 1500-103."""

from __future__ import annotations

import contextlib
import datetime
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from protocol.cvr.ballot_json import UnreadableBallot
from protocol.cvr.counting import contests_of, current, is_ranked, is_vote, votes_of
from protocol.cvr.csv_export import choice_identifiers, tally
from protocol.cvr.csv_rows import BLANK, CardRows, CsvContest, decode, read_header, records
from protocol.cvr.elements import ElementStream
from protocol.cvr.export_checks import BALLOTS, CARDS
from protocol.cvr.json_export import CountedFile, for_each_block
from protocol.cvr.lists import ExportLists
from protocol.cvr.markings import MarkedContest, Markings, Position, TooManyBallots
from protocol.cvr.nist_reader import MAX_HEAD, RecordedContest, ballots_of, count_contest
from protocol.cvr.nist_report import ReportedElections, SchemaFaults, read_report
from protocol.cvr.nist_writing import report
from protocol.cvr.reader import kind_of, lists_beside
from protocol.cvr.sessions import CardContest, DecodedBlock
from protocol.dumps.layouts import HEAD, DumpReading
from protocol.dumps.tallies import TallyKind
from protocol.errors import InputError
from protocol.opening import FileInParts, read_ends
from protocol.words import Message, msg

READERS = ("protocol.cvr.reader", "protocol.cvr.nist_reader")
"""Layouts whose files hold ballots that can be written anew."""


def convert(
    reading: DumpReading, generated: datetime.datetime, program: str, below: Path | None = None
) -> Iterator[bytes]:
    """Ballots that were read and counted, as a report in pieces. The files are read once more, before the first piece.

    Args:
        reading: what was counted. Its ballots are written, in an order of their content; those that were left out
            are not.
        generated: when the report is written, with its zone.
        program: what writes it, as ``regard 1.0``.
        below: the folder that the files were found in.

    Raises:
        InputError: the files hold totals and no ballots, of which none are made up; they cannot be read any more,
            or hold other ballots than were counted; they hold more than fit into memory.
    """
    used = [file for file in reading.files if file.taken_for in (BALLOTS, CARDS)]
    if reading.layout.reader not in READERS or not used:
        name = str(reading.files[0].path) if reading.files else reading.layout.name
        raise InputError(name, None, None, BALLOTS, msg("totals, of which no ballots can be made"))
    lists = lists_beside([file.path for file in reading.files], below)
    ballots = _Ballots(reading)
    for file in used:
        try:
            ballots.take(file.path, lists.get(file.path.parent, ExportLists()), below)
        except TooManyBallots as error:
            expected = msg("as many different ballots as fit into memory")
            raise InputError(str(file.path), None, None, expected, msg("more")) from error
        except InputError:
            if file.sha256 is not None:
                raise  # it could be read to its end before
    if not ballots.are_those_of(reading):
        expected = msg("a file that nobody writes to meanwhile")
        raise InputError(str(used[0].path), None, None, expected, msg("other ballots than were counted"))
    elections = dict.fromkeys(str(value) for label, value in reading.facts if label == msg("election"))
    return report(reading.tallies, ballots.markings, " / ".join(elections), generated, program)


class _Ballots:
    """Gathers the ballots of files, by the indices of their tallies."""

    def __init__(self, reading: DumpReading) -> None:
        tallies = reading.tallies
        self._reader = reading.layout.reader
        self.markings = Markings()
        self._units = {name: index for index, name in enumerate(tallies.units)}
        self._contests = {each.id: index for index, each in enumerate(tallies.contests)}
        self._choices = {(each.contest, each.id): index for index, each in enumerate(tallies.choices)}

    def take(self, path: Path, lists: ExportLists, below: Path | None) -> None:
        """The ballots of a file.

        Raises:
            InputError, TooManyBallots: as `convert`.
        """
        if self._reader == READERS[1]:
            self._take_report(path)
        elif kind_of(read_ends(path, HEAD, 0)[0], path.name) == "csv":
            self._take_table(path)
        else:
            self._take_export(path, lists, below)

    def _contest(self, election: str, number: str) -> int | None:
        """A contest by its number, or with its election where there are several."""
        return self._contests.get(number, self._contests.get(f"{election}/{number}"))

    def _take_export(self, path: Path, lists: ExportLists, below: Path | None) -> None:
        found = CountedFile(path)

        def take(decoded: DecodedBlock, start: int, end: int) -> None:
            for session in decoded.sessions:
                if (element := current(session)) is not None:
                    unit = f"{session.tabulator_id}/{session.batch_id}/{element.precinct_portion_id}"
                    marked = (self._of_card(each, lists, found.election) for each in contests_of(element))
                    self.markings.add(self._units[unit], [each for each in marked if each is not None])

        for_each_block(path, take, found, below)

    def _of_card(self, contest: CardContest, lists: ExportLists, election: str) -> MarkedContest | None:
        """A contest of Dominion's; None where it is none of the voter's or of the lists."""
        at = self._contest(election, f"{contest.id}")
        if at is None or lists.invalid in contest.outstack_condition_ids:
            return None
        listed = (lists.contests or {}).get(contest.id)
        ranked = None if listed is None else is_ranked(listed.vote_for, listed.ranks)
        _, overvoted = votes_of(contest, ranked)
        ranks = ranked or (ranked is None and any(each.rank > 1 for each in contest.marks))
        positions = [
            (choice, mark.rank if ranks else 0, 1)
            for mark in contest.marks
            if is_vote(mark) and (choice := self._choices.get((at, f"{mark.candidate_id}"))) is not None
        ]
        over = max(1, contest.overvotes) if overvoted else 0
        return MarkedContest(at, contest.undervotes, over, tuple(positions))

    def _take_table(self, path: Path) -> None:
        with contextlib.closing(FileInParts(path)) as file:
            rows = records(file)
            header = read_header([decode(row) for _, row in zip(range(4), rows, strict=False)], str(path))
            contests = [(each, self._contest(header.election, each.name)) for each in header.contests]
            read = CardRows(header)
            for row in rows:
                try:
                    card = read.read(row)
                except UnreadableBallot:
                    continue
                marks = np.frombuffer(card.marks, np.uint8)
                found = [self._of_row(each, at, marks) for each, at in contests if at is not None]
                self.markings.add(self._units["/".join(card.unit)], [each for each in found if each is not None])

    def _of_row(self, contest: CsvContest, at: int, marks: npt.NDArray[np.uint8]) -> MarkedContest | None:
        own = marks[contest.columns]
        if (own == BLANK).all():
            return None
        _, under, over, *_ = tally(contest, marks[None, :])[0].tolist()
        names = choice_identifiers(contest.names)
        positions: list[Position] = []
        for column, choice in enumerate(contest.choices.tolist()):
            if own[column] not in (0, BLANK):
                rank = contest.ranks_of[column] if contest.ranks > 1 else 0
                positions.append((self._choices[at, names[choice]], rank, int(own[column])))
        return MarkedContest(at, None if contest.vote_for is None else under, over, tuple(positions))

    def _take_report(self, path: Path) -> None:
        with contextlib.closing(FileInParts(path)) as file:
            stream = ElementStream(file, "CVR", MAX_HEAD)
            for _ in stream.blocks():
                pass
        described = read_report(stream.outside, SchemaFaults())
        wrong: Counter[Message] = Counter()
        with contextlib.closing(FileInParts(path)) as file:
            for block in ElementStream(file, "CVR", MAX_HEAD).blocks():
                for ballot in ballots_of(block, SchemaFaults(), wrong):
                    if ballot.election in described.elections:
                        found = (self._of_report(each, ballot.election, described) for each in ballot.contests)
                        marked = [each for each in found if each is not None]
                        if marked:
                            self.markings.add(self._units[described.unit_name(ballot.place)], marked)

    def _of_report(self, contest: RecordedContest, election: str, described: ReportedElections) -> MarkedContest | None:
        known, at = described.contests.get((election, contest.contest)), self._contest(election, contest.contest)
        if known is None or at is None:
            return None
        _, under, overvoted = count_contest(contest, known)
        positions = tuple(
            (choice, each.rank, each.votes)
            for each in contest.positions
            if (choice := self._choices.get((at, each.choice))) is not None
        )
        return MarkedContest(at, under, max(1, contest.overvotes or 0) if overvoted else 0, positions)

    def are_those_of(self, reading: DumpReading) -> bool:
        """Check that the ballots give the counted votes."""
        found: Counter[tuple[int, int]] = Counter()
        for unit, contests, times in self.markings:
            for each in contests:
                for choice, votes in each.votes().items():
                    found[unit, choice] += times * votes
        rows = reading.tallies.rows
        counted = rows[(rows["kind"] == TallyKind.CHOICE) & (rows["votes"] > 0)]
        return found == {(unit, choice): votes for unit, _, choice, _, votes in counted.tolist()}
