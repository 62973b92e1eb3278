"""Published results as columns, and what the reader saw in them that does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from protocol.errors import InputError, RegardError
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg
from verify.model.figures import Bools, Ints, Shares, Texts
from verify.model.identity import UNSTATED, StatedElection

T = TypeVar("T")


class Level(Enum):
    """Unit of one row of a published file."""

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

    def said(self, country: str) -> Message:
        """The same in the words of a country."""
        return self.text if country == FRANCE else _ELSEWHERE.get(self, self.text)


FRANCE = "fr"
_LEVELS = {
    Level.BUREAU: msg("bureau"),
    Level.COMMUNE: msg("commune"),
    Level.CANTON: msg("canton"),
    Level.CONSTITUENCY: msg("constituency"),
    Level.DEPARTMENT: msg("département"),
    Level.REGION: msg("région"),
    Level.NATION: msg("nation"),
}
_ELSEWHERE = {
    Level.BUREAU: msg("polling place"),
    Level.DEPARTMENT: msg("department"),
    Level.REGION: msg("region"),
}


COUNTS = (
    Quantity.REGISTERED,
    Quantity.ABSTENTIONS,
    Quantity.VOTES_FOUND,
    Quantity.BLANK,
    Quantity.NULL,
    Quantity.VALID,
    Quantity.SIGNATURES,
    Quantity.PROXIES,
)
"""The counts that a published file may have. ``votes_found`` is the published « votants »; few files have
``signatures`` as well. ``blank`` is absent where blank and null votes were published as one, which is then
``null``."""


PLACES = ("insee", "department", "region", "commune", "constituency", "bureau")
"""Columns of `Published` that say where a unit is."""


class UnknownLayout(RegardError):
    """A file that no reader recognises.

    Attributes:
        seen: what was found, and what is known.
    """

    def __init__(self, path: Path, seen: Text, layout: str = "") -> None:
        said = msg("not of the layout {layout}: {why}", layout=layout, why=seen) if layout else seen
        super().__init__(msg("{path}: {seen}", path=path, seen=said))
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing in a published file that does not fit.

    Attributes:
        code: of the catalogue.
        unit: index of the unit in the file, -1 for a whole file or a place of which there is no unit.
        field: the count, the percentage or the choice.
        left: what the file says.
        right: what it would have to say, or None where something is not there.
        how: the sum that gives it, the kind of a wrong percentage, or what it is that does not fit.
        place: where that is, if it is of no unit: the name of a file.
        department: the code of the département that it is about, if it is of no unit.
        case: in which the rule has another severity.
        against: where ``right`` stands, if that is elsewhere.
    """

    code: str
    unit: int
    field: str
    left: int | Text | None
    right: int | Text | None
    how: Text = ""
    place: str = ""
    department: str = ""
    case: str = ""
    against: str = ""

    @property
    def details(self) -> dict[str, Text]:
        """Values of its sentence beside the two figures; a total of a whole file is of no commune."""
        if self.code == "C120":
            return {"columns": self.how}
        return {"sum": self.how, "of": ""} if self.code == "C110" else {"sum": self.how}


@dataclass(frozen=True, slots=True)
class CheckedSum:
    """A sum that the reader has checked.

    Attributes:
        what: the sum in words.
        made: in how many rows it was compared.
        of: in how many it would be, if all figures were there.
    """

    what: Text
    made: int
    of: int


@dataclass(frozen=True, slots=True)
class Members:
    """The files that published results were put together from.

    Attributes:
        names: of the files, as they are shown.
        sha256: of each of them, empty for those of an archive.
        of: index of the file of each unit, shape ``(n,)``.
    """

    names: tuple[str, ...]
    sha256: tuple[str, ...]
    of: Ints


@dataclass(frozen=True, slots=True)
class Seats:
    """Elected choices as stated.

    Attributes:
        marks: what stands beside each choice, shape ``(m,)``: ``OUI``, ``NON``, ``QUALIF T2``.
        to_fill, filled: seats of each unit, shape ``(n,)``.
    """

    marks: Texts
    to_fill: Ints
    filled: Ints


@dataclass(frozen=True, slots=True)
class VotePlaces:
    """Places of votes in another file than the bureaux.

    Attributes:
        file: the path as given.
        sha256: of that file.
        row: of each entry, shape ``(m,)``.
    """

    file: str
    sha256: str
    row: Ints


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
        panel: number of the panel of each entry, 0 where the file has none, shape ``(m,)``.
        percentages: percentages as the file writes them, by count (``"votes_found/registered"``,
            ``"votes/valid"``, …), each of shape ``(n,)`` or ``(m,)`` as text, empty where not published; as numbers
            where the file has numbers, not a number where there is none.
        problems: rows and cells that could not be read; the rest is there.
        round: of the election, 1 or 2; 0 where the file does not say it.
        members: the files that the units are from, where they are from several.
        seats: who is said to be elected, None where the file does not say it.
        several_names: where a ballot may have several names, shape ``(n,)``, so that more votes than ballots are no
            fault; None for nowhere.
        vote_places: where the votes stand, None where that is beside their units.
        flaws: what the reader itself saw that does not fit: of whole files, for the most part.
        applied: codes of the rules by which it looked for these.
        checked: the sums of its layout, and its rows of totals.
        stated: the election that columns of its own say it is of.
        unused: headers of the columns of figures that its layout does not use, and notes below the table.
        lacking: names of its layout that no column has, each with what it would be.
        country: two letters; the rules of French law are for `FRANCE` alone.
        turned: whether the units are columns of the file, and ``row`` their numbers.
        called: labels that the file writes, by the names of the choices that they are taken for by their figures.
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
    panel: Ints
    percentages: Mapping[str, Texts | Shares]
    problems: tuple[InputError, ...]
    round: int = 0
    members: Members | None = None
    seats: Seats | None = None
    several_names: Bools | None = None
    vote_places: VotePlaces | None = None
    flaws: tuple[Flaw, ...] = ()
    applied: tuple[str, ...] = ()
    checked: tuple[CheckedSum, ...] = ()
    stated: StatedElection = UNSTATED
    unused: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    country: str = FRANCE
    turned: bool = False
    called: Mapping[str, str] = field(default_factory=dict)
    _made: dict[Callable[[Published], Any], Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def says(self) -> StatedElection:
        """The election that the file itself says it is of: by its columns, else by its title."""
        return self.stated.or_else(StatedElection(round=self.round)).or_else(StatedElection.of_text(self.title))

    def once(self, make: Callable[[Published], T]) -> T:
        """Cache a value derived from the table alone."""
        if make not in self._made:
            self._made[make] = make(self)
        found: T = self._made[make]
        return found

    def place(self, unit: int) -> str:
        """Place of a unit: its file and row; the file alone for a sum."""
        file = self.file_of(unit)
        return f"{file}:{self.row[unit]}" if self.row[unit] >= 0 else file

    def place_words(self, unit: int) -> str:
        """Code and names of the place of a unit, of the finest that it has."""
        fine = (self.insee[unit], self.commune[unit], self.bureau[unit])
        wide = (self.region[unit], self.department[unit], self.constituency[unit])
        return " ".join(filter(None, map(str, fine if any(fine) else wide))) or "Σ"

    def file_of(self, unit: int) -> str:
        """The file that a unit is from."""
        return self.file if self.members is None else self.members.names[int(self.members.of[unit])]

    def with_problems(self, problems: Iterable[InputError]) -> Published:
        """The same with further things that could not be read."""
        return replace(self, problems=(*self.problems, *problems))

    def renamed(self, shown: Callable[[str], str]) -> Published:
        """The same with other names of its files, wherever they stand.

        Args:
            shown: gives the name to show for a name of a file, or for a place in it.
        """
        problems = (problem.in_file(shown(problem.file)) for problem in self.problems)
        flaws = (replace(flaw, place=shown(flaw.place), against=shown(flaw.against)) for flaw in self.flaws)
        members = self.members
        if members is not None:
            members = replace(members, names=tuple(map(shown, members.names)))
        places = self.vote_places
        if places is not None:
            places = replace(places, file=shown(places.file))
        return replace(
            self,
            file=shown(self.file),
            members=members,
            vote_places=places,
            problems=tuple(problems),
            flaws=tuple(flaws),
        )
