"""The files of one section: its votes counted once, and everything that they are checked against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
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


def check_sums(checks: Checklist, offices: list[OfficeCounts], year: int, source: str, unit: str) -> None:
    """Votes of each office against its turnout, and turnout against the roll.

    Args:
        checks: where the outcome goes.
        offices: of one section.
        year: of the election.
        source: name of the file.
        unit: of the section.
    """
    good = 0
    for office in offices:
        if office.turnout is None:
            continue
        each = office.votes_per_voter or lawful_choices(office.office, year)
        due, name = office.turnout * each, office_name(office.office)
        if office.votes != due:
            text = msg("votes for {office} against turnout times {choices}", office=name, choices=each)
            said = msg("votes by choice, blank and null"), msg("turnout times choices")
            checks.differ("D104", text, source, unit, (str(office.votes), str(due)), said)
        elif office.registered is not None and office.turnout > office.registered:
            text = msg("turnout for {office} against the roll", office=name)
            sides = str(office.turnout), str(office.registered)
            checks.differ("D104", text, source, unit, sides, (msg("turnout"), msg("the roll")))
        else:
            good += 1
    checks.holds("D104", _ADDS_UP, source, unit, good)


def check_name(checks: Checklist, name: str, section: UrnaSection) -> None:
    """The name of a file against its content; other names say nothing."""
    named = section_of_name(name)
    if named is None:
        return
    sides = describe(named[0]), describe(section)
    checks.compare("D109", _NAMED, name, section.unit, sides, (msg("name"), msg("content")))


def check_envelope(checks: Checklist, envelope: UrnaEnvelope, bulletin: UrnaBulletin, source: str) -> None:
    """An envelope against the bulletin in it, and whether both follow the format."""
    section = bulletin.section
    if not envelope.section.section:  # a spare machine's has no section, and no place
        envelope = replace(envelope, section=replace(envelope.section, section=section.section), place=bulletin.place)
    sides = _side(envelope), _side(bulletin)
    checks.compare("D109", _ENVELOPE, source, section.unit, sides, (msg("envelope"), msg("bulletin")))
    check_format(checks, (*envelope.deviations, *bulletin.deviations), source, section.unit)


def check_format(checks: Checklist, deviations: tuple[Text, ...], source: str, unit: str) -> None:
    """Check that a file follows the format: decoded and encoded again it is the same."""
    if not deviations:
        checks.holds("D118", msg("decoded and encoded again, the bytes of the file"), source, unit)
    for text in deviations:
        checks.fails("D118", text, source, unit)


def _side(holder: UrnaEnvelope | UrnaBulletin) -> Text:
    section = describe(holder.section)
    return msg("{section}, place {place}, written {time}", section=section, place=holder.place, time=holder.written)


def describe(section: UrnaSection) -> Text:
    """A section with phase and vote, for people."""
    return msg("phase {phase}, vote {vote}, section {unit}", phase=section.phase, vote=section.vote, unit=section.unit)


_BALLOTS = msg("every choice of the bulletin against the votes one by one, counted")
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
            self._check(file.name, envelope, bulletin)
        for file, ballots in section.ballots:
            self._check_ballots(section, file, ballots)
        for file, envelope, printed in section.printed:
            self._check_printed(section, file, envelope, printed)
        for file, qr in section.qr:
            self._check_qr(section, file.name, qr)
        for file, signed in section.signed:
            self._check_signed(section, file, signed)
        if section.bulletins:
            self._count([(file, bulletin) for file, _, bulletin in section.bulletins])
        else:
            self._count_copies(section)

    def _check(self, name: str, envelope: UrnaEnvelope, bulletin: UrnaBulletin) -> None:
        """One bulletin by itself."""
        check_name(self.checks, name, bulletin.section)
        check_envelope(self.checks, envelope, bulletin, name)
        check_sums(self.checks, bulletin.offices, year_of(bulletin.written), name, bulletin.section.unit)
        check_lines(self.checks, bulletin, name, self._signatures)

    def _check_ballots(self, section: SectionFiles, file: ReadFile, ballots: CountedBallots) -> None:
        """The votes one by one against each bulletin of the section."""
        unit = ballots.section.unit
        check_name(self.checks, file.name, ballots.section)
        check_format(self.checks, ballots.deviations, file.name, unit)
        self._alone(section, "D107", msg("votes one by one: there is no bulletin beside them"), file.name, unit)
        copy = OtherCopy("D107", file.name, msg("votes one by one"), _BALLOTS, ballots=True)
        for _, _, bulletin in section.bulletins:
            compare(self.checks, bulletin.offices, ballots.offices, copy, unit)

    def _check_printed(
        self, section: SectionFiles, file: ReadFile, envelope: UrnaEnvelope, printed: PrintedBulletin
    ) -> None:
        """The printed text against each bulletin of the section; the pictures of QR codes in it are not read."""
        unit = envelope.section.unit
        check_name(self.checks, file.name, envelope.section)
        check_format(self.checks, envelope.deviations, file.name, unit)
        self._alone(section, PRINTED, msg("printed text: there is no bulletin beside it"), file.name, unit)
        for _, _, bulletin in section.bulletins:
            compare_printed(self.checks, bulletin, printed, file.name)

    def _check_qr(self, section: SectionFiles, name: str, qr: QrBulletin) -> None:
        check_qr(self.checks, qr, name)
        self._alone(section, QR, msg("QR texts: there is no bulletin beside them"), name, qr.section.unit)
        for _, _, bulletin in section.bulletins:
            compare_qr(self.checks, bulletin, qr, name)

    def _check_signed(self, section: SectionFiles, file: ReadFile, signed: SignatureFile) -> None:
        unit = signed.section.unit if signed.section else ""
        if signed.section:
            check_name(self.checks, file.name, signed.section)
        check_format(self.checks, signed.deviations, file.name, unit)
        check_digests(self.checks, signed, lambda name: self._find(file.path, name), file.name, unit)
        bulletins = [bulletin for _, _, bulletin in section.bulletins]
        check_signer(self.checks, signed, bulletins, file.name, unit, self._signatures)

    def _alone(self, section: SectionFiles, code: str, text: Message, name: str, unit: str) -> None:
        if not section.bulletins:
            self.checks.not_checked(code, text, name, unit)

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
                self.checks.fails("D111", _OTHER, file.name, key[1], place=counted[1], topic=CheckTopic.COVERAGE)

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
