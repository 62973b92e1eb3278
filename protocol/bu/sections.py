"""The files of one section: its votes counted once, and everything that they are checked against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path

from protocol.bu.agreement import MergedChecks, OtherCopy, compare
from protocol.bu.ballots import CountedBallots
from protocol.bu.bulletin import BulletinFacts, UrnaBulletin, UrnaEnvelope, year_of
from protocol.bu.copies_of_bulletins import PRINTED, QR, check_qr, compare_printed, compare_qr
from protocol.bu.counts import OfficeCounts, UrnaSection, add_section, lawful_choices, office_name, section_of_name
from protocol.bu.line_proofs import check_lines
from protocol.bu.printed import PrintedBulletin
from protocol.bu.qr_text import QrBulletin
from protocol.bu.signatures import SignatureFile, check_digests, check_signer
from protocol.dumps.checks import Checklist, CheckTopic
from protocol.dumps.tallies import TallyBuilder
from protocol.words import Message, Text, msg


@dataclass(slots=True)
class ReadFile:
    """A file and what became of it.

    Attributes:
        path: as given.
        data: its bytes.
        sha256: of them.
        taken_for: what it turned out to be.
        note: how much of it was used, or why it was not.
    """

    path: Path
    data: bytes
    sha256: str
    taken_for: Text = ""
    note: Text = ""

    @property
    def name(self) -> str:
        """Its name, without folders."""
        return self.path.name


@dataclass(slots=True)
class SectionFiles:
    """The files of one section in one vote, by what is in them; each is the first of its entry."""

    bulletins: list[tuple[ReadFile, UrnaEnvelope, UrnaBulletin]] = field(default_factory=list)
    printed: list[tuple[ReadFile, UrnaEnvelope, PrintedBulletin]] = field(default_factory=list)
    qr: list[tuple[ReadFile, QrBulletin]] = field(default_factory=list)
    ballots: list[tuple[ReadFile, CountedBallots]] = field(default_factory=list)
    signed: list[tuple[ReadFile, SignatureFile]] = field(default_factory=list)

    def files(self) -> list[ReadFile]:
        """All of them."""
        return [entry[0] for each in fields(self) for entry in getattr(self, each.name)]

    def take(self, other: SectionFiles) -> None:
        """Add the files of the same section that were read elsewhere."""
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))


_ADDS_UP = msg("votes of each office against turnout times choices")
_NAMED = msg("phase, vote and section in the name of a file against its content")
_ENVELOPE = msg("phase, vote, section, place and time on the envelope of a bulletin against the bulletin")


def check_sums(checks: Checklist, offices: list[OfficeCounts], year: int) -> None:
    """Votes of each office against its turnout, and turnout against the roll, in an election of that year."""
    good = 0
    for office in offices:
        if office.turnout is None:
            continue
        each = office.votes_per_voter or lawful_choices(office.office, year)
        due, name = office.turnout * each, office_name(office.office)
        if office.votes != due:
            text = msg("votes for {office} against turnout times {choices}", office=name, choices=each)
            said = msg("votes by choice, blank and null"), msg("turnout times choices")
            checks.differ("D104", text, (str(office.votes), str(due)), said)
        elif office.registered is not None and office.turnout > office.registered:
            text = msg("turnout for {office} against the roll", office=name)
            sides = str(office.turnout), str(office.registered)
            checks.differ("D104", text, sides, (msg("turnout"), msg("the roll")))
        else:
            good += 1
    checks.holds("D104", _ADDS_UP, good)


def check_name(checks: Checklist, section: UrnaSection) -> None:
    """The name of a file against its content; other names say nothing."""
    named = section_of_name(checks.source)
    if named is None:
        return
    sides = describe(named[0]), describe(section)
    checks.compare("D109", _NAMED, sides, (msg("name"), msg("content")))


def check_envelope(checks: Checklist, envelope: UrnaEnvelope, bulletin: UrnaBulletin) -> None:
    """An envelope against the bulletin in it, and whether both follow the format."""
    section = bulletin.section
    if not envelope.section.section:  # a spare machine's has no section, and no place
        envelope = replace(envelope, section=replace(envelope.section, section=section.section), place=bulletin.place)
    sides = _side(envelope), _side(bulletin)
    checks.compare("D109", _ENVELOPE, sides, (msg("envelope"), msg("bulletin")))
    check_format(checks, (*envelope.deviations, *bulletin.deviations))


def check_format(checks: Checklist, deviations: tuple[Text, ...]) -> None:
    """Check that a file follows the format: decoded and encoded again it is the same."""
    if not deviations:
        checks.holds("D118", msg("decoded and encoded again, the bytes of the file"))
    for text in deviations:
        checks.fails("D118", text)


def _side(holder: UrnaEnvelope | UrnaBulletin) -> Text:
    section = describe(holder.section)
    return msg("{section}, place {place}, written {time}", section=section, place=holder.place, time=holder.written)


def describe(section: UrnaSection) -> Text:
    """A section with phase and vote, for people."""
    return msg("phase {phase}, vote {vote}, section {unit}", phase=section.phase, vote=section.vote, unit=section.unit)


_COUNTED = OtherCopy(
    "D107",
    msg("votes one by one"),
    msg("every choice of the bulletin against the votes one by one, counted"),
    ballots=True,
)
_OTHER = msg("two bulletins of one section that differ: the one written last is counted")

FindBeside = Callable[[Path, str], bytes | None]
"""The bytes of a file of that name beside another; None where it is not there."""


class SectionReader:
    """Takes the files of one section after another.

    Attributes:
        builder: gathers the votes.
        checks: gathers the checks.
        facts: gathers what bulletins say of themselves.
    """

    def __init__(self, builder: TallyBuilder, find: FindBeside, signatures: bool = True) -> None:
        self.builder = builder
        self.checks = MergedChecks()
        self.facts = BulletinFacts()
        self._find = find
        self._signatures = signatures
        self._counted: dict[tuple[int, str], tuple[str, str]] = {}

    def add(self, section: SectionFiles) -> None:
        """Check the files of a section against each other, and count its votes."""
        choices = {
            (office.election, office.office): office.votes_per_voter
            for _, ballots in section.ballots
            for office in ballots.offices
        }
        for file, envelope, bulletin in section.bulletins:
            for office in bulletin.offices:
                office.votes_per_voter = choices.get((office.election, office.office))
            checks = self.checks.of(file.name, bulletin.section.unit)
            check_name(checks, bulletin.section)
            check_envelope(checks, envelope, bulletin)
            check_sums(checks, bulletin.offices, year_of(bulletin.written))
            check_lines(checks, bulletin, self._signatures)
        bulletins = [bulletin for _, _, bulletin in section.bulletins]
        for file, ballots in section.ballots:
            checks = self._check_copy(file, ballots.section, ballots.deviations)
            self._alone(checks, bulletins, "D107", msg("votes one by one: there is no bulletin beside them"))
            for bulletin in bulletins:
                compare(checks, bulletin.offices, ballots.offices, _COUNTED)
        for file, envelope, printed in section.printed:  # the pictures of QR codes in it are not read
            checks = self._check_copy(file, envelope.section, envelope.deviations)
            self._alone(checks, bulletins, PRINTED, msg("printed text: there is no bulletin beside it"))
            for bulletin in bulletins:
                compare_printed(checks, bulletin, printed)
        for file, qr in section.qr:
            checks = self.checks.of(file.name, qr.section.unit)
            check_qr(checks, qr)
            self._alone(checks, bulletins, QR, msg("QR texts: there is no bulletin beside them"))
            for bulletin in bulletins:
                compare_qr(checks, bulletin, qr)
        for file, signed in section.signed:
            checks = self._check_copy(file, signed.section, signed.deviations)
            check_digests(checks, signed, partial(self._find, file.path))
            check_signer(checks, signed, bulletins, self._signatures)
        if section.bulletins:
            self._count([(file, bulletin) for file, _, bulletin in section.bulletins])
        else:
            self._count_copies(section)

    def _check_copy(self, file: ReadFile, section: UrnaSection | None, deviations: tuple[Text, ...]) -> MergedChecks:
        """Check name and format of a file; returns the list for its other checks."""
        checks = self.checks.of(file.name, section.unit if section else "")
        if section:
            check_name(checks, section)
        check_format(checks, deviations)
        return checks

    def _alone(self, checks: Checklist, bulletins: Sequence[UrnaBulletin], code: str, text: Message) -> None:
        if not bulletins:
            checks.not_checked(code, text)

    def _count(self, bulletins: list[tuple[ReadFile, UrnaBulletin]]) -> None:
        """Count the one that was written last; a section is counted once."""
        for file, bulletin in sorted(bulletins, key=lambda each: each[1].written, reverse=True):
            key = bulletin.section.vote, bulletin.section.unit
            counted = self._counted.get(key)
            if counted is None:
                self._counted[key] = file.sha256, file.name
                add_section(self.builder, bulletin.section, bulletin.offices, year_of(bulletin.written))
                self.facts.add(bulletin)
            elif counted[0] == file.sha256:
                file.note = msg("the same bulletin as {file}: counted once", file=counted[1])
            else:
                file.note = msg("not counted: {file} is, of the same section", file=counted[1])
                self.checks.of(file.name, key[1]).fails("D111", _OTHER, place=counted[1], topic=CheckTopic.COVERAGE)

    def _count_copies(self, section: SectionFiles) -> None:
        """Count a section without a bulletin from the first of its copies that has all votes."""
        found: list[tuple[ReadFile, UrnaSection, list[OfficeCounts], int]] = [
            (file, qr.section, _with_turnout(qr.offices, year_of(qr.day), qr.registered), year_of(qr.day))
            for file, qr in section.qr
            if not qr.missing
        ]
        for file, ballots in section.ballots:
            found.append((file, ballots.section, list(ballots.offices), year_of(ballots.written)))
        for file, envelope, printed in section.printed:
            year = year_of(envelope.written)
            found.append((file, envelope.section, _with_turnout([each for _, each in printed.offices], year), year))
        for file, of, offices, year in found[:1]:
            key = of.vote, of.unit
            if key not in self._counted:
                self._counted[key] = file.sha256, file.name
                add_section(self.builder, of, offices, year)
                file.note = msg("its votes are counted: the section has no bulletin")
        signed = [file for file, _ in section.signed]
        for file in section.files():
            if file.note or file in signed:
                continue
            file.note = msg("only compared: the votes of its section are counted from another file, or nowhere")


def _with_turnout(offices: Sequence[OfficeCounts], year: int, registered: int | None = None) -> list[OfficeCounts]:
    """Counts that lack their turnout, with what their votes make it, and the roll where they do not say one."""
    return [
        replace(
            each,
            registered=registered if each.registered is None else each.registered,
            turnout=(each.votes if each.total is None else each.total) // lawful_choices(each.office, year),
        )
        for each in offices
    ]
