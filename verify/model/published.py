"""What every reader of published results returns: units with their counts, and votes keyed by choice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from protocol.errors import InputError, RegardError
from protocol.words import Message, msg
from verify.model.figures import Ints, Texts


class Level(Enum):
    """What one row of a published file stands for."""

    BUREAU = "bureau"
    COMMUNE = "commune"
    CANTON = "canton"
    CONSTITUENCY = "circonscription"
    DEPARTMENT = "departement"
    REGION = "region"
    NATION = "nation"

    @property
    def text(self) -> Message:
        """The level's name for people."""
        return _LEVELS[self]


_LEVELS = {
    Level.BUREAU: msg("bureau"),
    Level.COMMUNE: msg("commune"),
    Level.CANTON: msg("canton"),
    Level.CONSTITUENCY: msg("constituency"),
    Level.DEPARTMENT: msg("département"),
    Level.REGION: msg("région"),
    Level.NATION: msg("nation"),
}


COUNTS = ("registered", "abstentions", "votes_found", "blank", "null", "valid", "signatures", "proxies")
"""The counts that a published file may have. ``votes_found`` is the published « votants »; few files have
``signatures`` as well. ``blank`` is absent where blank and null votes were published as one, which is then
``null``."""


class UnknownLayout(RegardError):
    """A file that no reader recognises.

    Attributes:
        seen: what was found, and what is known.
    """

    def __init__(self, path: Path, seen: Message) -> None:
        super().__init__(msg("{path}: {seen}", path=path, seen=seen))
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Published:
    """One published file, as columns. Texts that a layout does not have are empty, counts it does not have MISSING.

    Attributes:
        file: the path as given.
        sha256: of the file's bytes.
        layout: name of the layout that was recognised.
        level: what a row stands for.
        title: what the file says of itself (edition, timestamp), or empty.
        row: row of each unit in the file, shape ``(n,)``; the first line is row 1.
        insee: INSEE code of the commune, shape ``(n,)``: département 06, commune 079 is ``06079``; the ministry's
            ZA, ZB and so on are turned into 971, 972 and so on.
        department: code, shape ``(n,)``: ``01``, ``2A``, ``971``; ``ZX`` for Saint-Barthélemy and Saint-Martin,
            ``99`` for voters abroad.
        region, constituency: codes as text, shape ``(n,)``, numbers without leading zeros; ``constituency`` is the
            canton's where the level is the canton.
        commune: name, shape ``(n,)``.
        bureau: code as the file writes it, shape ``(n,)``.
        counts: for each name of `COUNTS`, shape ``(n,)``, in voters or votes.
        labels: the choices of the file, each once, as the file writes them.
        vote_unit, vote_label, votes: one entry for each choice of each unit, shape ``(m,)``, by unit: index of the
            unit, index into ``labels``, votes. A choice that a row does not have has no entry.
        vote_column: column of the votes in the file, shape ``(m,)``, from 1.
        panel: number of the panel of each entry, 0 where the file has none, shape ``(m,)``.
        percentages: percentages as the file writes them, by count (``"votes_found/registered"``,
            ``"voix/valid"``, …), each of shape ``(n,)`` or ``(m,)`` as text; empty where not published.
        problems: rows and cells that could not be read; the rest is there.
    """

    file: str
    sha256: str
    layout: str
    level: Level
    title: str
    row: Ints
    insee: Texts
    department: Texts
    region: Texts
    commune: Texts
    constituency: Texts
    bureau: Texts
    counts: dict[str, Ints]
    labels: tuple[str, ...]
    vote_unit: Ints
    vote_label: Ints
    votes: Ints
    vote_column: Ints
    panel: Ints
    percentages: dict[str, Texts]
    problems: tuple[InputError, ...]
