"""The votes of each section, counted once, and all checks of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from protocol.bu.agreement import OtherCopy, compare
from protocol.bu.ballots import CountedBallots
from protocol.bu.bulletin import UrnaBulletin
from protocol.bu.checklist import AGREEMENT, COVERAGE, Checklist
from protocol.bu.counting import add_section
from protocol.bu.line_proofs import check_lines
from protocol.bu.section_checks import check_envelope, check_format, check_name, check_sums
from protocol.bu.section_files import ReadBulletin, ReadFile, SectionFiles
from protocol.dumps.tallies import TallyBuilder
from protocol.words import Text, msg, nmsg, series

OFFICIAL = 2
_PHASES: dict[int, Text] = {1: msg("rehearsal (simulado)"), 3: msg("training (treinamento)")}
_BALLOTS = msg("every choice of the bulletin against the votes one by one, counted")
_OTHER = msg("two bulletins of one section that differ: the one written last is counted")


class SectionReader:
    """Takes the files of one section after another.

    Attributes:
        builder: gathers the votes.
        checks: gathers the checks.
    """

    def __init__(self, builder: TallyBuilder, checks: Checklist, signatures: bool = True) -> None:
        self.builder = builder
        self.checks = checks
        self._signatures = signatures
        self._counted: dict[tuple[int, str], tuple[str, str]] = {}
        self._only: UrnaBulletin | None = None
        self._software: Counter[str] = Counter()
        self._phases: Counter[int] = Counter()

    def add(self, section: SectionFiles) -> None:
        """Check the files of a section against each other, and count its votes."""
        choices = {
            (office.election, office.office): office.choices or 0
            for _, ballots in section.ballots
            for office in ballots.offices
        }
        for each in section.bulletins:
            for office in each.bulletin.offices:
                office.choices = choices.get((office.election, office.office)) or None
            self._check(each)
        for file, ballots in section.ballots:
            self._check_ballots(section, file, ballots)
        if section.bulletins:
            self._count(section.bulletins)

    def _check(self, read: ReadBulletin) -> None:
        """One bulletin by itself."""
        name, bulletin = read.file.name, read.bulletin
        check_name(self.checks, name, bulletin.section)
        check_envelope(self.checks, read.envelope, bulletin, name)
        check_sums(self.checks, bulletin.offices, _year(bulletin.written), name, bulletin.section.unit)
        check_lines(self.checks, bulletin, name, self._signatures)

    def _check_ballots(self, section: SectionFiles, file: ReadFile, ballots: CountedBallots) -> None:
        """The votes one by one against each bulletin of the section."""
        unit = ballots.section.unit
        check_name(self.checks, file.name, ballots.section)
        check_format(self.checks, ballots.deviations, file.name, unit)
        if not section.bulletins:
            self.checks.not_checked(
                "D107", AGREEMENT, msg("votes one by one: there is no bulletin beside them"), file.name, unit
            )
        copy = OtherCopy("D107", file.name, msg("votes one by one"), _BALLOTS, ballots=True)
        for each in section.bulletins:
            compare(self.checks, each.bulletin.offices, ballots.offices, copy, unit)

    def _count(self, bulletins: list[ReadBulletin]) -> None:
        """Count the one that was written last; a section is counted once."""
        for read in sorted(bulletins, key=lambda each: each.bulletin.written, reverse=True):
            bulletin, file = read.bulletin, read.file
            key = bulletin.section.vote, bulletin.section.unit
            counted = self._counted.get(key)
            if counted is None:
                self._counted[key] = file.sha256, file.name
                add_section(self.builder, bulletin.section, bulletin.offices, _year(bulletin.written))
                self._describe(bulletin)
            elif counted[0] == file.sha256:
                file.note = msg("the same bulletin as {file}: counted once", file=counted[1])
            else:
                file.note = msg("not counted: {file} is, of the same section", file=counted[1])
                self.checks.fails("D111", COVERAGE, _OTHER, file.name, key[1], place=counted[1])

    def _describe(self, bulletin: UrnaBulletin) -> None:
        self._only = bulletin if self._only is None and not self._software else None
        self._software[bulletin.software] += 1
        self._phases[bulletin.section.phase] += 1

    def facts(self) -> Iterator[tuple[Text, Text]]:
        """What the bulletins say of themselves, as label and value."""
        for phase, count in sorted(self._phases.items()):
            if phase != OFFICIAL:
                text = nmsg(
                    "{count:n} bulletin of a {phase}",
                    "{count:n} bulletins of a {phase}",
                    count,
                    phase=_PHASES.get(phase, str(phase)),
                )
                yield msg("no official result"), text
        if self._only is not None:
            yield from _facts_of(self._only)
        elif self._software:
            yield msg("programs"), series(f"{name} ({count})" for name, count in sorted(self._software.items()))


def _facts_of(bulletin: UrnaBulletin) -> Iterator[tuple[Text, Text]]:
    yield msg("vote (pleito)"), str(bulletin.section.vote)
    yield msg("machine"), str(bulletin.machine)
    yield msg("program"), bulletin.software
    yield msg("load code"), bulletin.load_code
    if bulletin.opened:
        yield msg("voting opened (local time)"), show_time(bulletin.opened)
        yield msg("voting closed (local time)"), show_time(bulletin.closed)
    else:
        yield msg("counted by"), msg("the counting program, not by a voting machine")
    yield msg("file written (local time)"), show_time(bulletin.written)
    if bulletin.by_finger is not None:
        yield msg("let in by finger"), str(bulletin.by_finger)
    if bulletin.by_hand is not None:
        yield msg("let in by hand"), str(bulletin.by_hand)


def show_time(time: str) -> str:
    """A time of the format, as ``2022-10-02 18:07:22``; other texts as they are."""
    if len(time) != len("20221002T180722"):
        return time
    return f"{time[:4]}-{time[4:6]}-{time[6:8]} {time[9:11]}:{time[11:13]}:{time[13:]}"


def _year(time: str) -> int:
    return int(time[:4]) if time[:4].isascii() and time[:4].isdigit() else 0
