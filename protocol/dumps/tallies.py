"""The common form of any machine's dump: tidy tallies, and the counts of ballots beside them.

A row says how many votes one choice got in one contest in one unit. The unit is the smallest place for which the dump
is counted (a bureau, a section, a batch of a tabulator within a precinct portion), the contest an office or a
question, in the words of the maker's files. Ballots are counted into tallies where they are read; nothing of a single
ballot comes here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from protocol.arrays import Rows
from protocol.words import Message, msg


class TallyKind(IntEnum):
    """Kind of count in a tally row. Files have its name in lower case."""

    CHOICE = 0
    BLANK = 1
    NULL = 2
    UNDERVOTE = 3
    """Votes that could have been given in a contest and were not."""
    OVERVOTE = 4
    """Ballots on which more was marked than the contest allows."""


TALLY_LABELS: dict[TallyKind, Message] = {
    TallyKind.CHOICE: msg("votes"),
    TallyKind.BLANK: msg("blank votes"),
    TallyKind.NULL: msg("null votes"),
    TallyKind.UNDERVOTE: msg("choices left open (undervotes)"),
    TallyKind.OVERVOTE: msg("ballots with too many marks (overvotes)"),
}
"""Each for people."""


class ChoiceKind(IntEnum):
    """Kind of choice."""

    NAMED = 0
    """A candidate, a list or an answer."""
    PARTY = 1
    """A party without one of its candidates, where the law has votes for it."""
    WRITE_IN = 2
    """A name that was written on the ballot."""


NOT_GIVEN = -1
"""Number of voters or ballots that a dump does not state; no count is negative."""
ROWS = np.dtype(
    [("unit", np.int32), ("contest", np.int32), ("choice", np.int32), ("kind", np.uint8), ("votes", np.int64)]
)
"""One row a tally: indices into units, contests and choices (``choice`` is -1 unless ``kind`` is CHOICE), and votes."""
COUNTS = np.dtype([("unit", np.int32), ("contest", np.int32), ("registered", np.int64), ("ballots", np.int64)])
"""One row a unit and contest: registered voters, and ballots or voters in this contest; `NOT_GIVEN` where not said."""


@dataclass(frozen=True, slots=True)
class DumpContest:
    """A contest as a dump has it.

    Attributes:
        id: its identifier in the maker's files, with that of its election where one file has several.
        name: in the maker's words, as it is shown.
        vote_for: choices that a voter has; None where the dump does not say.
        ranks: ranks that a voter can give; 1 where choices are not ranked.
    """

    id: str
    name: str
    vote_for: int | None = 1
    ranks: int = 1


@dataclass(frozen=True, slots=True)
class DumpChoice:
    """A choice of a contest as a dump has it.

    Attributes:
        contest: index of its contest.
        id: its identifier or number in the maker's files.
        name: in the maker's words, as it is shown; the number where the dump has no names.
        party: number or name of its party; empty where the dump does not say.
        kind: what it stands for.
    """

    contest: int
    id: str
    name: str
    party: str = ""
    kind: ChoiceKind = ChoiceKind.NAMED


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts of dumps, in one form.

    Attributes:
        units: names of the units, parts joined by ``/``.
        unit_parts: what the parts of such a name are, in the maker's words, as ``("municipio", "zona", "secao")``.
        contests: in the order of the dump.
        choices: of all contests, in the order of the dump.
        rows: of `ROWS`, sorted by unit, contest, kind, choice; each combination at most once.
        counts: of `COUNTS`, sorted by unit and contest; each combination at most once.
    """

    units: tuple[str, ...]
    unit_parts: tuple[str, ...]
    contests: tuple[DumpContest, ...]
    choices: tuple[DumpChoice, ...]
    rows: Rows
    counts: Rows

    def tidy(self, without: Container[tuple[int, int]] = ()) -> Iterator[tuple[str, str, str, str, int]]:
        """Unit, contest, choice, kind and votes of each row, as texts and a number.

        Args:
            without: units and contests that are left out.
        """
        contests, choices = self.contest_names(), self.choice_names()
        kinds = [kind.name.lower() for kind in TallyKind]
        for unit, contest, choice, kind, votes in self.rows.tolist():
            if (unit, contest) not in without:
                yield self.units[unit], contests[contest], choices[choice] if choice >= 0 else "", kinds[kind], votes

    def contest_names(self) -> list[str]:
        """The names of the contests, with the identifier where two have the same."""
        times = Counter(each.name for each in self.contests)
        return [each.name if times[each.name] == 1 else f"{each.name} [{each.id}]" for each in self.contests]

    def contests_voted_in(self) -> list[int]:
        """The indices of contests with a tally, ballots or a roll in some unit."""
        counts = self.counts[(self.counts["ballots"] != 0) | (self.counts["registered"] != NOT_GIVEN)]
        found: list[int] = np.union1d(self.rows["contest"], counts["contest"]).tolist()
        return found

    def choice_names(self) -> list[str]:
        """The names of the choices, with the identifier where two of a contest have the same."""
        times = Counter((each.contest, each.name) for each in self.choices)
        return [
            each.name if times[each.contest, each.name] == 1 else f"{each.name} [{each.id}]" for each in self.choices
        ]


class TallyBuilder:
    """Gathers tallies as they are read, in any order, and puts them into the canonical form.

    Units, contests and choices are numbered in the order in which they are first named. Votes for the same row are
    added up; a row of no votes stays if it was named, as a dump that says zero says more than one that is silent.

    Attributes:
        election: the election of the contests that are named next, where the dump has several; else empty.
    """

    def __init__(self, unit_parts: tuple[str, ...]) -> None:
        self.election = ""
        self._unit_parts = unit_parts
        self._units: dict[str, int] = {}
        self._contests: dict[str, int] = {}
        self._choices: dict[tuple[int, str], int] = {}
        self.contests: list[DumpContest] = []
        self.choices: list[DumpChoice] = []
        self._rows: dict[tuple[int, int, int, int], int] = {}
        self._counts: dict[tuple[int, int], list[int]] = {}

    def unit(self, *parts: str) -> int:
        """The index of a unit, by the parts of its name."""
        return self._units.setdefault("/".join(parts), len(self._units))

    def contest(self, contest: DumpContest) -> int:
        """The index of a contest, by its election and identifier."""
        if self.election:
            name = f"{contest.name} ({self.election})"
            contest = replace(contest, id=f"{self.election}/{contest.id}", name=name)
        index = self._contests.setdefault(contest.id, len(self.contests))
        if index == len(self.contests):
            self.contests.append(contest)
        return index

    def choice(self, choice: DumpChoice) -> int:
        """The index of a choice, by its contest and identifier."""
        index = self._choices.setdefault((choice.contest, choice.id), len(self.choices))
        if index == len(self.choices):
            self.choices.append(choice)
        return index

    def add(self, unit: int, contest: int, kind: TallyKind, votes: int, choice: int = -1) -> None:
        """Add votes to a row."""
        key = unit, contest, int(kind), choice
        self._rows[key] = self._rows.get(key, 0) + votes

    def count(self, unit: int, contest: int, registered: int = NOT_GIVEN, ballots: int = NOT_GIVEN) -> None:
        """Add registered voters and ballots of a unit in a contest; what is not given changes nothing."""
        entry = self._counts.setdefault((unit, contest), [NOT_GIVEN, NOT_GIVEN])
        for place, value in enumerate((registered, ballots)):
            if value != NOT_GIVEN:
                entry[place] = value if entry[place] == NOT_GIVEN else entry[place] + value

    def finish(self) -> Tallies:
        """All that was gathered, in the canonical form."""
        rows = np.array(
            [
                (unit, contest, choice, kind, votes)
                for (unit, contest, kind, choice), votes in sorted(self._rows.items())
            ],
            ROWS,
        )
        counts = np.array([(*key, *value) for key, value in sorted(self._counts.items())], COUNTS)
        return Tallies(tuple(self._units), self._unit_parts, tuple(self.contests), tuple(self.choices), rows, counts)
