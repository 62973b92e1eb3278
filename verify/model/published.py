"""Election as stated by results: in columns of their own, in titles, or in file names."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from protocol.errors import InputError, RegardError
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, series, without_accents
from verify.model.figures import Bools, Ints, Shares, Texts

Of = TypeVar("Of")

_KINDS: dict[str, tuple[str, Message]] = {
    "pres": (r"presidentiel|presidential|\bpres\b", msg("presidential election")),
    "legi": (r"legislati|\blegi\b", msg("legislative election")),
    "muni": (r"municipal|\bmuni\b", msg("municipal election")),
    "euro": (r"europeenne|european elect|\beuro\b", msg("European election")),
    "regi": (r"regionale|regional elect|\bregi\b", msg("regional election")),
    "dpmt": (r"departementale(?:s|\b)|departmental elect|\bdpmt\b|\bdp\b", msg("departmental election")),
    "cant": (r"cantonale|cantonal elect|\bcant\b", msg("cantonal election")),
    "sena": (r"senatorial|\bsena\b", msg("election of senators")),
    "refe": (r"referendum", msg("referendum")),
}
"""By the four letters that data.gouv.fr's ids have for each."""
_DIVISIONS = re.compile(
    r"\bcirc(?:onscription)?s?\.? (?:legislative|europeenne)s?\b|\blegislative constituenc(?:y|ies)\b"
)
"""Divisions by which results of any election are added up, whatever they are named after."""
_YEAR = re.compile(r"(?<![0-9])(?:19[5-9][0-9]|20[0-9]{2})(?![0-9])")
"""Of the Fifth Republic: 1900 is what a spreadsheet makes of a small number."""
_NAMES_OF_ROUNDS = {
    1: r"t ?1|r1|(?:tour|round)[ _-]?(?:n[°o]?[ ._]?)?1|(?:1er|premier|first)(?:[ _-]?(?:tour|round)|$)",
    2: r"t ?2|r2|(?:tour|round)[ _-]?(?:n[°o]?[ ._]?)?2"
    r"|(?:2e|2[eè]me|2n?de?|seconde?|deuxi[eè]me)(?:[ _-]?(?:tour|round)|$)",
}
"""« 2e » alone may as well be the second bureau."""
_ROUNDS = [(n, re.compile(rf"(?:\b|_)(?:{names})(?:\b|_|$)", re.IGNORECASE)) for n, names in _NAMES_OF_ROUNDS.items()]
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=T[12]\b)")
"""A round written at the end of a word: « VotantsT1 »."""
_NUMBERED = re.compile(
    rf"(?:{'|'.join(pattern for pattern, _ in _KINDS.values())})[a-z]*-([12])"
    r"(?![0-9])(?!(?:er)?[- ](?:jan|fev|mars|avr|mai|juin|juil|aou|sep|oct|nov|dec))"
)
"""« 2017-presidentielle-1 »: a round, unless it is the day of a month."""
_MONTHS = {
    month: number
    for names in (
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "january february march april may june july august september october november december",
    )
    for number, month in enumerate(names.split(), 1)
}
_IN_WORDS = re.compile(
    r"(?<![0-9])(?:([0-9]{1,2})(?:er|st)? (?:et|and) )?([0-9]{1,2})(?:er|st)? "
    rf"({'|'.join(_MONTHS)}) ([0-9]{{4}})(?![0-9])"
)
_IN_DIGITS = re.compile(
    r"(?<![0-9])(?:([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2}))(?![0-9])"
)
_POLLING_DAY = re.compile(r"\b(?:dimanche|sunday)\b")
_SUNDAY, _LAST_DAY = 6, 31
_CUT = 500
"""Characters of a title that are looked at."""


def round_of(name: str) -> int | None:
    """The round that the name of a sheet or a file says, None where it says none or both."""
    name = _GLUED.sub(" ", name)
    rounds = [number for number, pattern in _ROUNDS if pattern.search(name)]
    return rounds[0] if len(rounds) == 1 else None


def round_in(text: str) -> tuple[int, str] | None:
    """The only round that a text names, and how it is written there; None where it names none, or several."""
    text = _GLUED.sub(" ", text)
    found = [(number, match[0].strip(" _")) for number, pattern in _ROUNDS for match in pattern.finditer(text)]
    return found[0] if len(found) == 1 else None


def without_round(text: str) -> str:
    """A text without the rounds that it names."""
    text = _GLUED.sub(" ", text)
    for _, pattern in _ROUNDS:
        text = pattern.sub(" ", text)
    return text


def shared_folders(folders: Sequence[Sequence[str]]) -> int:
    """Count the leading folders that all paths share; the others may distinguish them."""
    shared = next((at for at, names in enumerate(zip(*folders, strict=False)) if len(set(names)) > 1), None)
    return min(map(len, folders), default=0) if shared is None else shared


@dataclass(frozen=True, slots=True)
class StatedElection:
    """Statement about an election; empty or 0 for what it leaves out.

    Attributes:
        kind: by the letters of `_KINDS`.
        year: of the poll.
        round: 1 or 2.
        day: of the poll, which tells two elections apart by its year alone: it may be written wrongly.
    """

    kind: str = ""
    year: int = 0
    round: int = 0
    day: datetime.date | None = field(default=None, compare=False)

    @classmethod
    def of_text(cls, text: str) -> StatedElection:
        """Parse a title; of two kinds, years or rounds in it none counts."""
        name = _DIVISIONS.sub(" ", without_accents(text[:_CUT]))
        numbered = set(_NUMBERED.findall(name.replace("_", "-")))
        plain = name.replace("_", " ")
        kinds = [kind for kind, (pattern, _) in _KINDS.items() if re.search(pattern, plain)]
        years = set(_YEAR.findall(plain))
        kind = kinds[0] if len(kinds) == 1 else ""
        number = round_of(text[:_CUT]) or (int(numbered.pop()) if len(numbered) == 1 else 0)
        of_poll = kind and (number or _POLLING_DAY.search(plain))
        return cls(kind, int(years.pop()) if len(years) == 1 else 0, number, _day_in(plain) if of_poll else None)

    @property
    def known(self) -> int:
        """Number of the three that are stated."""
        return (self.kind != "") + (self.year != 0) + (self.round != 0)

    def conflicts(self, other: StatedElection) -> bool:
        """Check that both state one of the three, differently."""
        return any(one and another and one != another for one, another in zip(self._all(), other._all(), strict=True))

    def covers(self, other: StatedElection) -> bool:
        """Check that it states all that the other one states."""
        return all(one or not another for one, another in zip(self._all(), other._all(), strict=True))

    def or_else(self, other: StatedElection) -> StatedElection:
        """Complete it by another statement."""
        year = self.year or other.year
        day = self.day or (other.day if other.day is not None and year in (0, other.day.year) else None)
        return StatedElection(self.kind or other.kind, year, self.round or other.round, day)

    @property
    def text(self) -> Text:
        """For people: « présidentielle 2017, tour 1 »."""
        named: list[Text] = [_KINDS[self.kind][1]] if self.kind else []
        when = series([*named, *([str(self.year)] if self.year else [])], " ")
        rounds = [msg("round {number}", number=self.round)] if self.round else []
        said = [*([when] if self.kind or self.year else []), *rounds]
        return series(said, ", ") if said else msg("an election that is not named")

    def _all(self) -> tuple[str | int, ...]:
        return self.kind, self.year, self.round


UNSTATED = StatedElection()


def common(said: Iterable[StatedElection]) -> StatedElection:
    """Combine statements, without contradictory parts.

    A day says the year where nothing else does; beside another year it says nothing, a spreadsheet may have made it.
    """
    several = list(said)
    days = {each.day for each in several}
    years = {each.year for each in several} - {0} or {day.year for day in days if day is not None}
    days = {day for day in days if day is not None and day.year in years}
    return StatedElection(
        _only({each.kind for each in several} - {""}, ""),
        _only(years, 0),
        _only({each.round for each in several} - {0}, 0),
        _only(days, None),
    )


def _day_in(text: str) -> datetime.date | None:
    """The only day that a text names, without accents; None where it is no Sunday, as a day of printing may be."""
    words = (
        (int(year), _MONTHS[month], int(day))
        for *days, month, year in _IN_WORDS.findall(text)
        for day in filter(None, days)
    )
    digits = (tuple(int(part) for part in found if part) for found in _IN_DIGITS.findall(text))
    named = {*words, *((each if each[0] > _LAST_DAY else each[::-1]) for each in digits)}
    try:
        day = datetime.date(*named.pop()) if len(named) == 1 else None
    except ValueError:
        return None
    return day if day is not None and day.weekday() == _SUNDAY else None


def _only(values: set[Of], nothing: Of) -> Of:
    return next(iter(values)) if len(values) == 1 else nothing


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


_LEVELS = {
    Level.BUREAU: msg("bureau"),
    Level.COMMUNE: msg("commune"),
    Level.CANTON: msg("canton"),
    Level.CONSTITUENCY: msg("constituency"),
    Level.DEPARTMENT: msg("département"),
    Level.REGION: msg("région"),
    Level.NATION: msg("nation"),
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


FRANCE = "fr"


class UnknownLayout(RegardError):
    """A file that no reader recognises.

    Attributes:
        seen: what was found, and what is known.
    """

    def __init__(self, path: Path, seen: Message) -> None:
        super().__init__(msg("{path}: {seen}", path=path, seen=seen))
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
        kind: the kind of election as the file names it.
        marks: what stands beside each choice, shape ``(m,)``: ``OUI``, ``NON``, ``QUALIF T2``.
        to_fill, filled: seats of each unit, shape ``(n,)``.
    """

    kind: str
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
        vote_column: column of the votes in the file, shape ``(m,)``, from 1.
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
        stated: the election that columns of its own say it is of.
        unused: headers of the columns of figures that its layout does not use.
        country: two letters; the rules of French law are for `FRANCE` alone.
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
    percentages: Mapping[str, Texts | Shares]
    problems: tuple[InputError, ...]
    round: int = 0
    members: Members | None = None
    seats: Seats | None = None
    several_names: Bools | None = None
    vote_places: VotePlaces | None = None
    flaws: tuple[Flaw, ...] = ()
    applied: tuple[str, ...] = ()
    stated: StatedElection = UNSTATED
    unused: tuple[str, ...] = ()
    country: str = FRANCE
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

    def file_of(self, unit: int) -> str:
        """The file that a unit is from."""
        return self.file if self.members is None else self.members.names[int(self.members.of[unit])]

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
