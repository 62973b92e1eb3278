"""The series of a feed's files: taken, kept, compared edition by edition and level by level, and sealed.

Each edition of a file is a return of the store, with its bytes. What is sealed of it is its name, its SHA-256 and its
size. A file that is a page of a web server, or that ends before its end, is kept as it came; the figures stay those of
the edition before.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from protocol.words import Text, languages, msg, nmsg, series
from regard.language import show
from regard.live.feed_editions import compare, describe_fallen, describe_lost, why_unusable
from regard.live.feed_files import FeedFiles, NotTaken, TakenFile, pack, unpack
from regard.live.store import LiveFinding, LiveReturn, LiveStore, Sign
from regard.live.totals import totals
from regard.published.results_screen import flaw_said, unit_said
from verify.model.published import Flaw, Level, Published
from verify.read.feed.belonging import Member, names_election
from verify.read.feed.elements import FeedDocument, parse
from verify.read.feed.members import gather
from verify.read.published.checks import flaws
from verify.rulebook.catalogue import rule

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
