"""The files of one section, as they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from protocol.bu.ballots import CountedBallots
from protocol.bu.bulletin import UrnaBulletin, UrnaEnvelope
from protocol.bu.printed import PrintedBulletin
from protocol.bu.qr_text import QrBulletin
from protocol.bu.signature_file import SignatureFile
from protocol.words import Text


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
class ReadBulletin:
    """A bulletin, its envelope and its file."""

    file: ReadFile
    envelope: UrnaEnvelope
    bulletin: UrnaBulletin


@dataclass(slots=True)
class SectionFiles:
    """What there is of one section in one vote."""

    bulletins: list[ReadBulletin] = field(default_factory=list)
    ballots: list[tuple[ReadFile, CountedBallots]] = field(default_factory=list)
    printed: list[tuple[ReadFile, UrnaEnvelope, PrintedBulletin]] = field(default_factory=list)
    qr: list[tuple[ReadFile, QrBulletin]] = field(default_factory=list)
    signed: list[tuple[ReadFile, SignatureFile]] = field(default_factory=list)

    def files(self) -> list[ReadFile]:
        """All of them."""
        found = [each.file for each in self.bulletins]
        found += [file for file, _, _ in self.printed] + [file for file, _ in self.qr]
        return found + [file for file, _ in self.ballots] + [file for file, _ in self.signed]

    def take(self, other: SectionFiles) -> None:
        """Add the files of the same section that were read elsewhere."""
        self.bulletins += other.bulletins
        self.ballots += other.ballots
        self.printed += other.printed
        self.qr += other.qr
        self.signed += other.signed
