"""The files of one section, as they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from protocol.bu.ballots import CountedBallots
from protocol.bu.bulletin import UrnaBulletin, UrnaEnvelope
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
