"""The series of a feed's files: taken, kept, compared edition by edition and level by level, and sealed.

Each edition of a file is a return of the store, with its bytes. What is sealed of it is its name, its SHA-256 and its
size. A file that is a page of a web server, or that ends before its end, is kept as it came; the figures stay those of
the edition before.
"""

from __future__ import annotations

import datetime
import json
import os
import stat
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from protocol.errors import InputError, cause
from protocol.opening import open_evidence
from protocol.words import Message, Text, languages, msg, nmsg, series
from regard.language import show
from regard.live.feed_editions import compare, describe_fallen, describe_lost, why_unusable
from regard.live.store import MAX_DATA, LiveFinding, LiveReturn, LiveStore, Sign, damaged
from regard.live.totals import totals
from regard.published.results_screen import flaw_said, unit_said
from verify.model.published import Flaw, Level, Published
from verify.read.bounds import MAX_FEED
from verify.read.disguised import is_xml
from verify.read.feed.belonging import Member, names_election
from verify.read.feed.elements import MAX_XML, FeedDocument, parse
from verify.read.feed.members import gather
from verify.read.published.checks import flaws
from verify.rulebook.catalogue import rule

State = tuple[int, int, int]
"""Size, time of the last change in nanoseconds, and number of the file."""
MAX_DEPTH = 16
"""Folders one inside another."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """One edition of a file.

    Attributes:
        name: below the feed's folder, with ``/`` between its parts.
        data: its bytes.
    """

    name: str
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that could not be taken, and why."""

    name: str
    why: Text


class FeedFiles:
    """Looks at a folder again and again.

    Args:
        folder: of the feed.
        taken: the SHA-256 of the edition of each file that was taken last, by its name.
    """

    def __init__(self, folder: Path, taken: Mapping[str, str]) -> None:
        self._folder = folder
        self._taken = dict(taken)
        self._before: dict[str, State] = {}
        self._done: dict[str, State] = {}
        self._closed: set[str] = set()

    def take(self, *, at_once: bool = False) -> Iterator[TakenFile | NotTaken]:
        """New editions of files, in the order of their names.

        Args:
            at_once: do not wait until a file has stayed the same between two looks.

        Raises:
            InputError: the folder cannot be read.
        """
        now = self._look()
        for name, state in now.items():
            if self._done.get(name) == state or not (at_once or self._before.get(name) == state):
                continue
            if name in self._closed:
                self._done[name] = state
                yield NotTaken(name, msg("a folder that cannot be listed"))
                continue
            try:
                file = open_evidence(self._folder / name, MAX_XML, self._folder)
            except InputError as error:
                yield NotTaken(name, error.said)
            else:
                if not is_xml(file.data):
                    yield NotTaken(name, msg("no XML of the ministry's feed"))
                elif self._taken.get(name) != file.sha256:
                    self._taken[name] = file.sha256
                    yield TakenFile(name, file.sha256, file.data)
            self._done[name] = state
        self._before = now

    def _look(self) -> dict[str, State]:
        """All files that are there, by name.

        Raises:
            InputError: the folder cannot be read, or holds more files than are looked at.
        """
        found: dict[str, State] = {}
        self._closed = set()
        self._walk(self._folder, PurePosixPath(), found)
        return dict(sorted(found.items()))

    def _walk(self, folder: Path, below: PurePosixPath, found: dict[str, State]) -> None:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode):
                        if len(below.parts) < MAX_DEPTH:
                            self._walk(folder / entry.name, below / entry.name, found)
                        continue
                    found[str(below / entry.name)] = (status.st_size, status.st_mtime_ns, status.st_ino)
                    if len(found) > MAX_FEED:
                        expected = msg("at most {most:n} files in a folder", most=MAX_FEED)
                        raise InputError(str(self._folder), None, None, expected, msg("more"))
        except FileNotFoundError:
            if not below.parts:
                raise InputError(str(folder), None, None, msg("a folder that can be read"), msg("nothing")) from None
        except OSError as error:
            if below.parts:  # a feed goes on without one of its folders, which is named
                self._closed.add(str(below))
                found[str(below)] = (0, 0, 0)
                return
            raise InputError(str(folder), None, None, msg("a folder that can be read"), cause(error)) from error


def pack(data: bytes) -> bytes:
    """The bytes of a file as a store keeps them."""
    return zlib.compress(data, 6)


def unpack(path: Path, data: bytes) -> bytes:
    """The bytes of a file that a store keeps.

    Raises:
        StoreRefused: they are none.
    """
    whole = zlib.decompressobj()
    try:
        found = whole.decompress(data, MAX_DATA + 1)
    except zlib.error as error:
        raise damaged(path, msg("a file that cannot be unpacked")) from error
    if len(found) > MAX_DATA or not whole.eof:
        raise damaged(path, msg("a file that cannot be unpacked"))
    return found


_NAMED = 5
"""Files that are named, each with why it is not of the feed."""


def look_for_feed(folder: Path) -> list[Message] | None:
    """Look for a file of the feed; None where one is there, else what is wrong with the first files that are.

    Raises:
        InputError: the folder cannot be read.
    """
    wrong: list[Message] = []
    for file in FeedFiles(folder, {}).take(at_once=True):
        if isinstance(file, NotTaken):
            why = file.why
        else:
            document = parse(file.data, file.name)
            if document.places or document.index:
                return None
            why = document.problems[0].said if document.problems else why_unusable(document)
        wrong.append(msg("{path}: {why}", path=file.name, why=why))
    if more := len(wrong[_NAMED:]):
        further = nmsg("{count:n} more file is not of the feed", "{count:n} more files are not of the feed", more)
        wrong[_NAMED:] = [further]
    return wrong


LEAF_FORMAT = "regard-feed-file@v1"
_PART = 200
"""Files that are committed at once."""
_PER_RULE = 40
"""Findings of one rule that are kept one by one of one look; the rest of them is counted."""


@dataclass(frozen=True, slots=True)
class FeedStep:
    """Result of one look at the folder.

    Attributes:
        taken: new editions of files.
        cells, changed: figures that were in an earlier edition as well, and those of them that are another now.
        awaited: places without figures.
    """

    taken: int
    cells: int
    changed: int
    awaited: Mapping[str, str]


def feed_leaf(file: TakenFile) -> bytes:
    """Sealed content of an edition of a file: canonical JSON."""
    values = {"format": LEAF_FORMAT, "name": file.name, "sha256": file.sha256, "size": len(file.data)}
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


class FeedSeries:
    """Takes what is new in a folder, into a store.

    Args:
        store: of this feed; what it has is not taken again.
        folder: where the files are.
        sign: the note of an edition.
        clock: gives the local time.

    Raises:
        StoreRefused: the store is damaged.
    """

    def __init__(
        self, store: LiveStore, folder: Path, sign: Sign, clock: Callable[[], datetime.datetime] = datetime.datetime.now
    ) -> None:
        self._store, self._sign, self._clock = store, sign, clock
        whole = folder.resolve()
        self._feed = next((str(each) for each in (whole, *whole.parents) if names_election(each.name)), str(folder))
        self._members: dict[str, Member] = {}
        numbers: dict[str, list[int]] = {}
        digests: dict[str, str] = {}
        self._midnight: datetime.datetime | None = None
        for number, (received, each) in enumerate(store.returns()):
            if self._midnight is None:
                at = datetime.datetime.fromisoformat(received).astimezone().replace(tzinfo=None)
                self._midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
            numbers.setdefault(each.key, []).append(number)
            digests[each.key] = each.source
        for name, of in numbers.items():
            for number in reversed(of):
                _, each = next(store.returns(number, data=True))
                document = parse(unpack(store.path, each.data), name)
                if _is_usable(document):
                    self._members[name] = Member(name, name, each.source, document)
                    break
        self._files = FeedFiles(folder, digests)

    def look(self, *, at_once: bool = False) -> FeedStep | None:
        """Take what is new, and seal it; None where nothing is.

        Raises:
            InputError: the folder cannot be read.
            StoreRefused: the store cannot be written.
        """
        returns: list[LiveReturn] = []
        found: list[LiveFinding] = []
        taken = cells = changed = 0
        for file in self._files.take(at_once=at_once):
            if isinstance(file, NotTaken):
                found.append(self._finding(f"not taken|{file.name}|{file.why}", "warning", file.name, file.why))
                continue
            taken += 1
            returns.append(LiveReturn(file.name, self._second(), feed_leaf(file), file.sha256, pack(file.data)))
            key = f"{file.name}|{file.sha256}|{self._store.count() + len(returns)}"
            changes = self._replace(file)
            cells, changed = cells + changes[0], changed + changes[1]
            found += (self._finding(f"{key}|{of}", severity, file.name, said) for of, severity, said in changes[2])
            if len(returns) == _PART:
                self._store.commit(returns, found)
                returns, found = [], []
        if not taken and not found:
            return None
        if taken:
            found += self._levels()
        point = totals([member.document for member in self._members.values()], self._second())
        self._store.commit(returns, found, (self._second(), self._sign) if taken else None, point if taken else None)
        return FeedStep(taken, cells, changed, point.awaited)

    def _replace(self, file: TakenFile) -> tuple[int, int, list[tuple[str, str, Text]]]:
        """Put an edition in the place of the one before: figures compared, changed, and what is to be said."""
        document, before = parse(file.data, file.name), self._members.get(file.name)
        if not _is_usable(document):
            why = why_unusable(document)
            if before is not None:
                said = msg("{why}; the figures stay those of the edition before", why=why)
            else:
                said = msg("{why}; there are no figures of it yet", why=why)
            return 0, 0, [("not usable", "error", said)]
        self._members[file.name] = Member(file.name, file.name, file.sha256, document)
        if before is None:
            return 0, 0, []
        change = compare(before.document, document)
        told: list[tuple[str, str, Text]] = []
        if change.lost:
            told.append(("lost", "error", describe_lost(change)))
        if change.fallen:
            told.append(("fallen", "warning", describe_fallen(change)))
        return change.cells, change.changed, told

    def _levels(self) -> Iterator[LiveFinding]:
        """Find contradictions of the present files: within each, and between levels."""
        members = list(self._members.values())
        problems = [problem for member in members for problem in member.document.problems]
        counts: Counter[str] = Counter()
        for table in gather(members, self._feed, "", problems):
            for flaw in flaws(table):
                counts[flaw.code] += 1
                if counts[flaw.code] <= _PER_RULE:
                    yield self._of_flaw(table, flaw)
            for problem in table.problems[:_PER_RULE]:
                where = problem.file
                said = problem.said
                yield self._finding(
                    f"problem|{where}|{problem.row}|{problem.column}|{problem.got}", "warning", where, said
                )
        for code, count in counts.items():
            if count > _PER_RULE:
                rest = count - _PER_RULE
                said = nmsg("{code}: {count:n} more finding", "{code}: {count:n} more findings", rest, code=code)
                yield self._finding(f"{code}|more|{count}", rule(code).severity, self._feed, said)

    def _of_flaw(self, table: Published, flaw: Flaw) -> LiveFinding:
        of = rule(flaw.code)
        severity = of.cases[flaw.case].severity if flaw.case else of.severity
        if flaw.against and severity == "error":  # of two files, of which one may be some minutes older
            severity = "warning"
        if flaw.unit < 0:
            where: Text = msg("the feed")
            if flaw.department:
                where = series([Level.DEPARTMENT.text, flaw.department], " ")
            key = [flaw.place, flaw.department, str(flaw.how)]
        else:
            at = flaw.unit
            places = (table.department, table.insee, table.constituency, table.region)
            where = series([table.level.text, unit_said(table, at)], " ")
            key = [table.level.value, *(str(each[at]) for each in places)]
        whole = "|".join((flaw.code, *key, str(table.round), flaw.field))
        return self._finding(whole, severity, where, flaw_said(table, flaw))

    def _finding(self, key: str, severity: str, place: Text, said: Text) -> LiveFinding:
        texts: Iterable[Text] = (place, said)
        shown = [{code: show(code, each) for code in languages()} for each in texts]
        return LiveFinding(key, self._store.count(), self._second(), severity, shown[0], shown[1])

    def _second(self) -> int:
        """Seconds since midnight of the day on which the first file came."""
        now = self._clock()
        if self._midnight is None:
            self._midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return int((now - self._midnight).total_seconds())


def _is_usable(document: FeedDocument) -> bool:
    """Check that a file is whole, as far as it tells, and holds anything."""
    return bool(document.places or document.index) and not document.cut
