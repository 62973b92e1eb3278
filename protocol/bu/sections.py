"""The votes of each section, counted once, and all checks of its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from protocol.bu.agreement import OtherCopy, compare
from protocol.bu.ballots import CountedBallots
from protocol.bu.bounds import Undecodable
from protocol.bu.bulletin import UrnaEnvelope
from protocol.bu.checklist import AGREEMENT, COVERAGE, INTEGRITY, Checklist
from protocol.bu.copies_of_bulletins import PRINTED, QR, QR_HASH, check_qr, compare_printed, compare_qr
from protocol.bu.counting import add_section
from protocol.bu.counts import OfficeCounts, lawful_choices
from protocol.bu.facts import BulletinFacts, year_of
from protocol.bu.file_names import UrnaSection
from protocol.bu.line_proofs import check_lines
from protocol.bu.printed import PrintedBulletin
from protocol.bu.qr_text import QrBulletin, read_parts, read_qr_bulletin, split_bulletins
from protocol.bu.section_checks import check_envelope, check_format, check_name, check_sums
from protocol.bu.section_files import ReadBulletin, ReadFile, SectionFiles
from protocol.bu.signature_checks import check_digests, check_signer
from protocol.bu.signature_file import SignatureFile
from protocol.dumps.tallies import TallyBuilder
from protocol.words import Message, msg

_BALLOTS = msg("every choice of the bulletin against the votes one by one, counted")
_OTHER = msg("two bulletins of one section that differ: the one written last is counted")
_SIGNATURE = msg("signature of the QR texts against the one that is printed beside them")

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
        self.checks = Checklist()
        self.facts = BulletinFacts()
        self._find = find
        self._signatures = signatures
        self._counted: dict[tuple[int, str], tuple[str, str]] = {}

    def add(self, section: SectionFiles) -> None:
        """Check the files of a section against each other, and count its votes."""
        choices = {
            (office.election, office.office): office.choices
            for _, ballots in section.ballots
            for office in ballots.offices
        }
        for each in section.bulletins:
            for office in each.bulletin.offices:
                office.choices = choices.get((office.election, office.office))
            self._check(each)
        for file, ballots in section.ballots:
            self._check_ballots(section, file, ballots)
        for file, envelope, printed in section.printed:
            self._check_printed(section, file, envelope, printed)
        for file, qr in section.qr:
            self._check_qr(section, file.name, qr)
        for file, signed in section.signed:
            self._check_signed(section, file, signed)
        if section.bulletins:
            self._count(section.bulletins)
        else:
            self._count_copies(section)

    def _check(self, read: ReadBulletin) -> None:
        """One bulletin by itself."""
        name, bulletin = read.file.name, read.bulletin
        check_name(self.checks, name, bulletin.section)
        check_envelope(self.checks, read.envelope, bulletin, name)
        check_sums(self.checks, bulletin.offices, year_of(bulletin.written), name, bulletin.section.unit)
        check_lines(self.checks, bulletin, name, self._signatures)

    def _check_ballots(self, section: SectionFiles, file: ReadFile, ballots: CountedBallots) -> None:
        """The votes one by one against each bulletin of the section."""
        unit = ballots.section.unit
        check_name(self.checks, file.name, ballots.section)
        check_format(self.checks, ballots.deviations, file.name, unit)
        self._alone(section, "D107", msg("votes one by one: there is no bulletin beside them"), file.name, unit)
        copy = OtherCopy("D107", file.name, msg("votes one by one"), _BALLOTS, ballots=True)
        for each in section.bulletins:
            compare(self.checks, each.bulletin.offices, ballots.offices, copy, unit)

    def _check_printed(
        self, section: SectionFiles, file: ReadFile, envelope: UrnaEnvelope, printed: PrintedBulletin
    ) -> None:
        """The printed text, and the QR texts in its pictures, against each bulletin of the section."""
        unit = envelope.section.unit
        check_name(self.checks, file.name, envelope.section)
        check_format(self.checks, envelope.deviations, file.name, unit)
        self._alone(section, PRINTED, msg("printed text: there is no bulletin beside it"), file.name, unit)
        for each in section.bulletins:
            compare_printed(self.checks, each.bulletin, printed, file.name)
        if printed.qr_damaged:
            text = msg("QR pictures in the printed text, module by module")
            self.checks.fails(QR_HASH, INTEGRITY, text, file.name, unit, times=printed.qr_damaged)
        for qr in read_qr_texts(printed.qr_texts):
            self._check_qr(section, file.name, qr)
            if qr.signature.hex().upper() == printed.qr_signature:
                self.checks.holds(QR, AGREEMENT, _SIGNATURE, file.name, unit)
            elif not qr.missing:
                self.checks.fails(QR, AGREEMENT, _SIGNATURE, file.name, unit)

    def _check_qr(self, section: SectionFiles, name: str, qr: QrBulletin) -> None:
        check_qr(self.checks, qr, name)
        self._alone(section, QR, msg("QR texts: there is no bulletin beside them"), name, qr.section.unit)
        for each in section.bulletins:
            compare_qr(self.checks, each.bulletin, qr, name)

    def _check_signed(self, section: SectionFiles, file: ReadFile, signed: SignatureFile) -> None:
        unit = signed.section.unit if signed.section else ""
        if signed.section:
            check_name(self.checks, file.name, signed.section)
        check_format(self.checks, signed.deviations, file.name, unit)
        check_digests(self.checks, signed, lambda name: self._find(file.path, name), file.name, unit)
        bulletins = [each.bulletin for each in section.bulletins]
        check_signer(self.checks, signed, bulletins, file.name, unit, self._signatures)

    def _alone(self, section: SectionFiles, code: str, text: Message, name: str, unit: str) -> None:
        if not section.bulletins:
            self.checks.not_checked(code, AGREEMENT, text, name, unit)

    def _count(self, bulletins: list[ReadBulletin]) -> None:
        """Count the one that was written last; a section is counted once."""
        for read in sorted(bulletins, key=lambda each: each.bulletin.written, reverse=True):
            bulletin, file = read.bulletin, read.file
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
                self.checks.fails("D111", COVERAGE, _OTHER, file.name, key[1], place=counted[1])

    def _count_copies(self, section: SectionFiles) -> None:
        """Count a section without a bulletin from the first of its copies that has all votes."""
        texts = [*section.qr]
        texts += [(file, qr) for file, _, printed in section.printed for qr in read_qr_texts(printed.qr_texts)]
        found: list[tuple[ReadFile, UrnaSection, list[OfficeCounts], int]] = [
            (file, qr.section, _with_turnout(qr), year_of(qr.day)) for file, qr in texts if not qr.missing
        ]
        for file, ballots in section.ballots:
            found.append((file, ballots.section, list(ballots.offices), year_of(ballots.written)))
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


def read_qr_texts(texts: list[str]) -> list[QrBulletin]:
    """The bulletins of some QR texts; none where they cannot be read."""
    try:
        return [read_qr_bulletin(parts) for parts in split_bulletins(read_parts("\n".join(texts)))]
    except Undecodable:
        return []


def _with_turnout(qr: QrBulletin) -> list[OfficeCounts]:
    for office in qr.offices:
        if office.registered is None:
            office.registered = qr.registered
        office.turnout = (office.votes if office.total is None else office.total) // lawful_choices(
            office.office, year_of(qr.day)
        )
    return list(qr.offices)
