"""Content of one file of the ministry's night feed, as it is written there: `verify.read.feed.elements` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

from protocol.errors import InputError
from verify.model.published import Level


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """A choice of a round as the file writes it; what it does not have is empty.

    Attributes:
        label: its name.
        panel: number of its panel.
        nuance: code of its political shade.
        votes: its votes.
        of_registered, of_valid: percentages.
        mark: who is elected: ``OUI``, ``NON``, ``QUALIF T2``.
    """

    label: str
    panel: str
    nuance: str
    votes: str
    of_registered: str
    of_valid: str
    mark: str


@dataclass(frozen=True, slots=True)
class Tour:
    """A round of a place, as the file writes it.

    Attributes:
        line: of the file, at which it starts, from 1.
        number: 1 or 2 as text, empty where it is missing.
        texts: other texts beside its number, by the names of their elements.
        counts: for each name of `elements.COUNTS` the texts in it: ``Nombre``, ``RapportInscrits``…
        choices: in the order of the file.
    """

    line: int
    number: str
    texts: dict[str, str]
    counts: dict[str, dict[str, str]]
    choices: list[FeedChoice]


@dataclass(frozen=True, slots=True)
class Place:
    """A place and its rounds.

    Attributes:
        level: what it is.
        texts: those of its own and of the places around it, the innermost first: ``CodDpt``, ``LibSubCom``…
    """

    level: Level
    texts: dict[str, str]
    tours: list[Tour]


@dataclass(slots=True)
class FeedDocument:
    """The content of one file of the feed.

    Attributes:
        kind: of election, as the file says it: ``Législatives``.
        year: of the election, as the file says it, which in a rehearsal is that of the figures.
        places: in the order of the file.
        index: what an index says of each département.
        problems: what could not be read.
        cut: whether it ends before its end.
    """

    kind: str = ""
    year: str = ""
    places: list[Place] = field(default_factory=list)
    index: list[dict[str, str]] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    cut: bool = False
