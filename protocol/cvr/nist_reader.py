"""NIST SP 1500-103 as a layout of dumps: cast vote records, counted as they are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.cvr.ballot_json import Fields, UnreadableBallot, objects, parse_ballot, truth, whole
from protocol.cvr.counting import CountedExport
from protocol.cvr.elements import ElementBlock, ElementStream
from protocol.cvr.export_checks import ExportSet
from protocol.cvr.json_export import LeftOut
from protocol.cvr.lists import ExportLists
from protocol.cvr.nist_report import ReportedContest, ReportedElections, SchemaFaults, read_report, text
from protocol.dumps.checks import Checklist
from protocol.dumps.layouts import DumpLayout, DumpReading
from protocol.dumps.tallies import DumpChoice, DumpContest, TallyBuilder, TallyKind
from protocol.errors import InputError, wrong_file
from protocol.opening import FileInParts, Progress, silent
from protocol.words import Message, Text, msg

NO_SNAPSHOT = msg("not one current snapshot, but several or none")
UNIT_PARTS = ("device", "batch", "unit")


@dataclass(frozen=True, slots=True)
class RecordedPosition:
    """A mark: the choice, its rank (0 without ranks), and its number of votes."""

    choice: str
    rank: int
    votes: int


@dataclass(frozen=True, slots=True)
class RecordedContest:
    """A contest on a ballot; counts are None where the ballot does not state them."""

    contest: str
    positions: tuple[RecordedPosition, ...]
    undervotes: int | None
    overvotes: int | None


@dataclass(frozen=True, slots=True)
class RecordedBallot:
    """The current snapshot of a ballot: identifiers of its election and place, and its contests."""

    election: str
    place: tuple[str, str, str]
    contests: tuple[RecordedContest, ...]


def read_ballot(data: bytes, faults: SchemaFaults) -> RecordedBallot:
    """Parse a ballot's current snapshot.

    Raises:
        UnreadableBallot: there is none or several, or a field is not as the format has it.
    """
    value = parse_ballot(data, None)
    if not isinstance(value, dict):
        raise UnreadableBallot(msg("no object in {key}", key="CVR"))
    faults.look("CVR", value)
    wanted, snapshots = value.get("CurrentSnapshotId"), objects(value, "CVRSnapshot")
    for each in snapshots:
        faults.look("CVRSnapshot", each)
    current = [each for each in snapshots if isinstance(wanted, str) and each.get("@id") == wanted]
    if len(current) != 1:
        raise UnreadableBallot(NO_SNAPSHOT)
    place = tuple(text(value, key) for key in ("CreatingDeviceId", "BatchId", "BallotStyleUnitId"))
    contests = tuple(_contest(each, faults) for each in objects(current[0], "CVRContest"))
    return RecordedBallot(text(value, "ElectionId"), (place[0], place[1], place[2]), contests)


def _contest(value: Fields, faults: SchemaFaults) -> RecordedContest:
    faults.look("CVRContest", value)
    positions: list[RecordedPosition] = []
    for selection in objects(value, "CVRContestSelection"):
        faults.look("CVRContestSelection", selection)
        positions += _positions(selection, faults)
    counts = [whole(value, key) if key in value else None for key in ("Undervotes", "Overvotes")]
    return RecordedContest(text(value, "ContestId"), tuple(positions), counts[0], counts[1])


def _positions(selection: Fields, faults: SchemaFaults) -> Iterator[RecordedPosition]:
    """The marks of a choice that may be votes: present, allocable, and of one vote or more."""
    for each in objects(selection, "SelectionPosition"):
        faults.look("SelectionPosition", each)
        rank = whole(each, "Rank", whole(selection, "Rank", 0))
        votes = whole(each, "NumberVotes", 0)
        there = each.get("HasIndication") != "no" or truth(each, "IsGenerated", False)
        if there and votes and each.get("IsAllocable") != "no":
            yield RecordedPosition(text(selection, "ContestSelectionId"), rank, votes)


def count_contest(contest: RecordedContest, known: ReportedContest) -> tuple[dict[str, int], int | None, bool]:
    """Count a contest on a ballot: votes by choice, undervotes (None if unknown), true for an overvote.

    With ranks only the first counts, and nothing if two choices have it.
    """
    ranked = known.ranked or any(each.rank for each in contest.positions)
    votes: dict[str, int] = {}
    for each in contest.positions:
        if ranked and each.rank > 1:
            continue
        votes[each.choice] = 1 if ranked else votes.get(each.choice, 0) + each.votes
    allowed = 1 if ranked else known.allowed
    given = sum(votes.values())
    over = bool(contest.overvotes) or (allowed is not None and given > allowed)
    under = contest.undervotes
    if under is None and allowed is not None:
        blank = not contest.positions if ranked else not over
        under = (1 if ranked else allowed - given) if blank else 0
    return ({} if over else votes), under, over


MAX_HEAD = 2**24
"""Most bytes of a report before its ballots, or after them."""
MAX_ROWS = 2**21
"""Most different counts in memory."""
_REPORT = re.compile(rb'"(?:CVR\.)?CastVoteRecordReport"|"CVRSnapshot"\s*:|"CurrentSnapshotId"\s*:')
_SCHEMA = re.compile(rb'"\$schema"\s*:')


def recognise(head: bytes, name: str) -> bool:
    """Recognise a report by its type or by the fields of a ballot; a JSON schema of reports is none."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start == b"{" and _REPORT.search(head) is not None and _SCHEMA.search(head) is None


class _Report:
    """One report, read twice: first its elections and contests, then its ballots, which refer to these.

    Attributes:
        found: the file and its counts.
    """

    def __init__(self, path: Path, below: Path | None) -> None:
        self.found = CountedExport(path, ballots=Counter(), fill=self._fill)
        self._below = below
        self._faults, self._left_out = SchemaFaults(), LeftOut()
        self._elections = ReportedElections()
        self._foreign: Counter[Message] = Counter()
        self._number = 0
        self._rows: Counter[tuple[tuple[str, str, str], str, str, TallyKind, str]] = Counter()
        self._ballots: Counter[tuple[tuple[str, str, str], str, str]] = Counter()
        self._blank: Counter[tuple[tuple[str, str, str], str, str]] = Counter()
        """Ballots without a mark, counted once it is known if the contest has ranks."""
        self._ranks: dict[tuple[str, str], int] = {}

    @property
    def facts(self) -> list[tuple[Text, str]]:
        """Statements of the report on itself."""
        return self._elections.facts

    def count(self, progress: Progress) -> CountedExport:
        """Read the report twice, and count its ballots."""

        def take(block: ElementBlock) -> None:
            self._take(block)
            progress(self._number)

        found = self.found
        try:
            self._elections = read_report(self._pass(lambda block: None).outside, self._faults)
            sha256, found.sha256 = found.sha256, ""
            self._pass(take)
            if found.sha256 != sha256:
                found.sha256 = ""
                expected = msg("a file that does not change while it is read")
                raise wrong_file(found.path, expected, msg("one that was being written"))
        except InputError as error:
            found.problems.append(error)
        found.problems += self._left_out.problems(str(found.path))
        found.cards = found.ballots = Counter({("", ""): self._number})
        return found

    def _pass(self, take: Callable[[ElementBlock], None]) -> ElementStream:
        with FileInParts(self.found.path, below=self._below) as file:
            self.found.size = file.size
            stream = ElementStream(file, "CVR", MAX_HEAD)
            for block in stream.blocks():
                take(block)
            self.found.sha256 = file.sha256
        return stream

    def _take(self, block: ElementBlock) -> None:
        wrong: Counter[Message] = Counter()
        for ballot in ballots_of(block, self._faults, wrong):
            self._count(ballot)
        self._left_out.note(wrong, block.offset, block.end)
        if len(self._rows) > MAX_ROWS:
            expected = msg("as many batches, precincts and choices as fit into memory")
            raise wrong_file(self.found.path, expected, msg("more"))

    def _count(self, ballot: RecordedBallot) -> None:
        if ballot.election not in self._elections.elections:
            self._foreign[msg("ballots of an election that the report does not describe: not counted")] += 1
            return
        self._number += 1
        for contest in ballot.contests:
            key = ballot.place, ballot.election, contest.contest
            known = self._elections.contests.get((ballot.election, contest.contest))
            if known is None:
                self._foreign[msg("contests on ballots that the report does not describe: not counted")] += 1
                continue
            self._ballots[key] += 1
            most = max((each.rank for each in contest.positions), default=0)
            self._ranks[key[1:]] = max(self._ranks.get(key[1:], 0), most)
            votes, under, over = count_contest(contest, known)
            if under is None and not contest.positions:
                self._blank[key] += 1
            if under is not None:
                self._rows[(*key, TallyKind.UNDERVOTE, "")] += under
                self._rows[(*key, TallyKind.OVERVOTE, "")] += over
            for choice, number in votes.items():
                if choice in known.choices:
                    self._rows[(*key, TallyKind.CHOICE, choice)] += number
                else:
                    self._foreign[msg("votes for choices that the report does not describe: not counted")] += number

    def _fill(self, builder: TallyBuilder) -> None:
        """Put the counts into tallies, in an order that reveals nothing of that of the ballots."""
        several = len(self._elections.elections) > 1
        for key, ballots in self._blank.items():
            if self._ranks.get(key[1:]):
                self._rows[(*key, TallyKind.UNDERVOTE, "")] += ballots
                self._rows[(*key, TallyKind.OVERVOTE, "")] += 0
        contests: dict[tuple[str, str], int] = {}
        choices: dict[tuple[str, str, str], int] = {}
        for (election, number), known in self._elections.contests.items():
            shown = f"{known.name} ({self._elections.elections[election]})" if several else known.name
            ranks = self._ranks.get((election, number), 0)
            allowed = 1 if ranks or known.ranked else known.allowed
            named = DumpContest(f"{election}/{number}" if several else number, shown, allowed, max(1, ranks))
            at = contests[election, number] = builder.contest(named)
            for choice, each in known.choices.items():
                dumped = DumpChoice(at, choice, each.name, each.party, each.kind)
                choices[election, number, choice] = builder.choice(dumped)
        for (place, election, number), ballots in sorted(self._ballots.items()):
            builder.count(builder.unit(self._elections.unit_name(place)), contests[election, number], ballots=ballots)
        for (place, election, number, kind, choice), votes in self._rows.items():
            at = choices[election, number, choice] if kind is TallyKind.CHOICE else -1
            builder.add(builder.unit(self._elections.unit_name(place)), contests[election, number], kind, votes, at)

    def check(self, checks: Checklist) -> None:
        """Add the checks D114 and D118."""
        source = str(self.found.path)
        for what, times in self._foreign.items():
            checks.of(source).fails("D114", what, times=times)
        if self._number and not self._foreign:
            what = msg("all elections, contests and choices on the ballots are described in the report")
            checks.of(source).holds("D114", what)
        self._faults.check(checks, source)


def ballots_of(block: ElementBlock, faults: SchemaFaults, wrong: Counter[Message]) -> Iterator[RecordedBallot]:
    """The ballots of a block; those that cannot be read are counted in ``wrong``, by the reason."""
    for start, end in zip(block.starts.tolist(), block.ends.tolist(), strict=True):
        try:
            yield read_ballot(block.data[start:end], faults)
        except UnreadableBallot as error:
            wrong[error.what] += 1


def read(
    layout: DumpLayout,
    files: Sequence[Path],
    below: Path | None = None,
    progress: Progress = silent,
) -> DumpReading:
    """Count the ballots of reports.

    Args:
        layout: layout of these reports, kept in the result.
        files: the reports.
        below: the folder that they were found in.
        progress: called with the number of ballots read so far.
    """
    reports = [_Report(path, below) for path in files]
    counted = ExportSet(ExportLists(), [], "", Checklist(), [report.count(progress) for report in reports])
    counted.settle()
    builder = TallyBuilder(UNIT_PARTS)
    counted.fill(builder, several=False)
    facts: dict[tuple[str, str], tuple[Text, Text]] = {}
    for report in reports:
        if report.found in counted.used():
            report.check(counted.checks)
            facts |= {(str(label), value): (label, value) for label, value in report.facts}
    read_of, checks, problems = tuple(counted.files()), tuple(counted.checks.made), tuple(counted.problems)
    return DumpReading(layout, builder.finish(), read_of, checks, problems, tuple(facts.values()))
