"""Content of one file of ballots, in any format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from protocol.dumps.tallies import TallyBuilder
from protocol.errors import InputError
from protocol.words import Message

Batch = tuple[str, str]
"""Tabulator and batch."""


NONE = "-"
"""In place of a device, a batch or a unit that a ballot does not name."""
MAX_NAME = 1000
"""Letters of a name."""


def unit_parts(device: str, batch: str, unit: str) -> tuple[str, str, str]:
    """The parts of a unit's name, none of them empty and no slash in the first two, so that they can be told apart."""
    device, batch, unit = (part[:MAX_NAME].strip() or NONE for part in (device, batch, unit))
    return device.replace("/", "|"), batch.replace("/", "|"), unit


@dataclass(slots=True)
class CountedExport(ABC):
    """A file that was counted.

    Attributes:
        path, size, sha256: the file; the digest is empty where it could not be read to its end.
        election: the election that it names.
        version: of the program that wrote it.
        problems: what could not be counted, and why it could not be read to its end.
    """

    path: Path
    size: int = 0
    sha256: str = ""
    election: str = ""
    version: str = ""
    problems: list[InputError] = field(default_factory=list)

    @property
    @abstractmethod
    def number(self) -> int:
        """Number of ballots or cards counted."""

    @abstractmethod
    def number_in_words(self) -> Message:
        """The same, as a text."""

    @abstractmethod
    def cards(self) -> Mapping[Batch, int]:
        """Cards, by tabulator and batch."""

    @abstractmethod
    def ballots(self) -> Mapping[Batch, int]:
        """Ballots, by tabulator and batch; where a card is a ballot of its own, the cards."""

    @abstractmethod
    def doubled(self) -> Mapping[Batch, int]:
        """Cards with the number of another one of their batch, by tabulator and batch."""

    @abstractmethod
    def fill(self, builder: TallyBuilder, election: str) -> None:
        """Put the counts into tallies.

        Args:
            builder: where they go.
            election: the election's name, where the tallies have several; else empty.
        """
