"""Checks of the exports in one folder: election, batches, digests, sums within them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from protocol.cvr.ballot_manifests import SHOWN, BatchComparison, ListedDigest, ManifestBatch, check_digests
from protocol.cvr.counting import Batch, CardCounts, CountedExport
from protocol.cvr.lists import ExportLists
from protocol.dumps.checks import Checklist
from protocol.dumps.layouts import DumpFile
from protocol.dumps.tallies import TallyBuilder
from protocol.errors import InputError
from protocol.words import Text, cited, msg, nmsg, series

BALLOTS = msg("ballots, one by one")
CARDS = msg("cards of ballots, one by one")


@dataclass(slots=True)
class ExportSet:
    """The exports of one folder, and what lies beside them.

    Attributes:
        lists: contests, candidates, elections.
        batches: rows of the ballot manifest; none where there is none.
        manifest: the file that has them; empty where there is none.
        checks: gathers the checks.
        exports: what was counted, file by file.
        digests: of files of the folder, by the file that lists them.
        problems: what could not be read.
    """

    lists: ExportLists
    batches: list[ManifestBatch]
    manifest: str
    checks: Checklist
    exports: list[CountedExport] = field(default_factory=list)
    digests: list[tuple[str, list[ListedDigest]]] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    _refused: dict[int, Text] = field(default_factory=dict)

    def elections(self) -> set[str]:
        """The elections that are counted."""
        return {each.election for each in self.exports if self._is_ours(each)}

    def _is_ours(self, export: CountedExport) -> bool:
        """Check that an export is of a listed election; true without a list or a named election."""
        known = self.lists.elections
        return known is None or export.counts is None or export.election in {"", *known}

    def settle(self) -> None:
        """Say which files are not counted: those of another election, and those that are there twice."""
        seen: dict[str, CountedExport] = {}
        for each in self.exports:
            self.problems += each.problems
            source = str(each.path)
            if not self._is_ours(each):
                text = msg(
                    "the export names the election {election}, which the list of elections does not have: it was "
                    "not counted",
                    election=cited(each.election),
                )
                self._refused[id(each)] = msg("of another election: not counted")
                self.checks.of(source).fails("D114", text)
            elif each.sha256 in seen:
                other = seen[each.sha256].path.name
                self._refused[id(each)] = msg("the same bytes as {other}: not counted again", other=other)
                text = msg("the file has the same bytes as {other}: it was counted once", other=other)
                self.checks.of(source).fails("D111", text)
            elif each.sha256:
                seen[each.sha256] = each

    def used(self) -> list[CountedExport]:
        """Those that are counted."""
        return [each for each in self.exports if id(each) not in self._refused]

    def fill(self, builder: TallyBuilder, several: bool) -> None:
        """Put the counts into tallies; with the election in each contest where there are several."""
        for each in self.used():
            builder.election = each.election if several else ""
            each.fill(builder)

    def files(self) -> Iterator[DumpFile]:
        """Every export, with what was used of it."""
        for each in self.exports:
            refused = self._refused.get(id(each))
            note: Text = refused or each.number_in_words()
            if not refused and not each.sha256:
                note = msg("{part}, read in part", part=note)
            used = not refused and (each.number or each.sha256)
            holds = CARDS if each.ballots is None else BALLOTS
            yield DumpFile(each.path, each.size, each.sha256 or None, holds if used else "", note)

    def check(self) -> None:
        """Check all that can be checked."""
        counted = [(each, each.counts) for each in self.used() if each.counts is not None and each.number]
        if counted:
            self._check_ids(counted)
            self._check_sums(counted)
        self._check_batches()
        beside = {each.path.name: (str(each.path), each.sha256) for each in self.exports}
        for source, listed in self.digests:
            check_digests(self.checks, listed, source, beside)

    def _source(self, exports: Sequence[CountedExport]) -> str:
        """The only file, or the folder of several."""
        return str(exports[0].path if len(exports) == 1 else exports[0].path.parent)

    def _check_ids(self, exports: Sequence[tuple[CountedExport, CardCounts]]) -> None:
        """D114: contests and candidates that the lists do not have."""
        if not self.lists.contests or not self.lists.candidates:
            text = msg(
                "a list of contests or of candidates is not there, or empty: they are shown by their numbers, and "
                "whether they belong to the election is not known; give the whole folder"
            )
            self.checks.of(self._source([each for each, _ in exports])).not_checked("D114", text)
        for each, counts in exports:
            for (contest, candidate), times in sorted(counts.foreign.items())[:SHOWN]:
                if candidate < 0:
                    text = nmsg(
                        "contest {contest} is on {count:n} card and not in the list of contests: not counted",
                        "contest {contest} is on {count:n} cards and not in the list of contests: not counted",
                        times,
                        contest=contest,
                    )
                else:
                    text = nmsg(
                        "{count:n} vote in contest {contest} is for candidate {candidate}, whom the list does not have "
                        "there: not counted",
                        "{count:n} votes in contest {contest} are for candidate {candidate}, whom the list does not "
                        "have there: not counted",
                        times,
                        contest=contest,
                        candidate=candidate,
                    )
                self.checks.of(str(each.path)).fails("D114", text, times=times)
        listed = self.lists.contests and self.lists.candidates
        if listed and (good := [each for each, counts in exports if not counts.foreign]):
            text = msg("all contests and candidates on the cards are in the lists")
            self.checks.of(self._source(good)).holds("D114", text, times=len(good))

    def _check_sums(self, exports: Sequence[tuple[CountedExport, CardCounts]]) -> None:
        """D104: votes, undervotes and overvotes against ballots, of contests without ranks."""
        if self.lists.contests is None:
            return
        good = []
        for each, counts in exports:
            unequal = list(counts.unequal())
            good += [] if unequal else [each]
            source = str(each.path)
            for unit, contest, found, due in unequal[:SHOWN]:
                text = msg(
                    "contest {contest}: votes, undervotes and overvotes make {found:n}, the ballots allow {due:n}",
                    contest=self.lists.contests[contest].name,
                    found=found,
                    due=due,
                )
                self.checks.of(source, "/".join(map(str, unit))).differ(
                    "D104", text, (f"{found}", f"{due}"), (source, source)
                )
        if good:
            text = msg("votes, undervotes and overvotes of each contest without ranks add up to its ballots")
            self.checks.of(self._source(good)).holds("D104", text, times=len(good))

    def _check_batches(self) -> None:
        """D110 to D113: batches and cards against the ballot manifest, and batches or cards that come twice."""
        cards: Counter[Batch] = Counter()
        ballots: Counter[Batch] = Counter()
        files: dict[Batch, list[CountedExport]] = {}
        for each in self.used():
            cards.update(each.cards)
            ballots.update(each.cards if each.ballots is None else each.ballots)
            for batch in each.cards:
                files.setdefault(batch, []).append(each)
            for batch, times in sorted(each.doubled.items()):
                text = nmsg(
                    "{count:n} card of the batch has the number of another one",
                    "{count:n} cards of the batch have the number of another one",
                    times,
                )
                self.checks.of(str(each.path), "/".join(batch)).fails("D111", text, times=times)
        for batch, exports in sorted((batch, exports) for batch, exports in files.items() if len(exports) > 1)[:SHOWN]:
            names = series(each.path.name for each in exports[:5])
            text = msg("the batch is in several files ({files}); all were counted", files=names)
            self.checks.of(self._source(exports), "/".join(batch)).fails("D111", text)
        source = self._source(self.used()) if cards else ""
        if self.manifest and cards:
            BatchComparison(self.batches, cards, ballots, self.manifest, source).check(self.checks)
        elif cards:
            text = msg("no ballot manifest is there: whether ballots or batches are missing is not known")
            self.checks.of(source).not_checked("D110", text)

    def facts(self) -> Iterator[tuple[Text, Text]]:
        """Collect statements of the exports about themselves, and counts that are no votes."""
        seen = set()
        for each in self.used():
            if (each.election, each.version) in seen:
                continue
            seen.add((each.election, each.version))
            if each.election:
                yield msg("election"), each.election
            if each.version:
                yield msg("version of the program"), each.version
        counts = [each.counts for each in self.used() if each.counts is not None]
        if invalid := sum(each.invalid_contests() for each in counts):
            said = msg("contests on a card but outside the voter's district: not counted")
            yield said, msg("{count:n}", count=invalid)
