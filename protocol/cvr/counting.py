"""Dominion's ballots, counted: by tabulator, batch and precinct portion, into one list of numbers for each.

The rule agrees with an independent tabulator on the samples: of a ballot that was corrected the current element is
counted; a contest with the condition InvalidContest is no ballot of that contest, whatever is marked there; votes are
marks that the maker calls votes and does not call ambiguous; of ranked contests the first ranks, and none of a ballot
on which several have the first rank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.cvr.sessions import BallotElement, BallotSession, CardContest, CardMark
from protocol.dumps.tallies import ChoiceKind, DumpChoice, DumpContest, TallyBuilder, TallyKind
from protocol.errors import InputError
from protocol.words import Message, msg, nmsg

if TYPE_CHECKING:
    from protocol.cvr.lists import ExportLists

UNIT_PARTS = ("tabulator", "batch", "precinct portion")
MAX_CELLS = 2**26
"""Numbers of all units together."""
TWO_CURRENT = msg("not one current element, but two or none")
Unit = tuple[int, int, int]
Batch = tuple[str, str]
"""Tabulator and batch."""


class TooManyUnits(Exception):
    """More units and choices than are held in memory."""


class ContestSlots:
    """Places of a contest's counts in the list of a unit.

    Attributes:
        ballots, invalid, undervotes, overvoted: places of these counts.
        foreign: of votes for candidates that the lists do not have in this contest.
        candidates: places of the votes, by the candidate's number.
        ranked: whether a first rank is a vote; None where no list says so.
    """

    __slots__ = ("ballots", "candidates", "foreign", "id", "invalid", "overvoted", "ranked", "undervotes")

    def __init__(self, number: int, first: int, ranked: bool | None) -> None:
        self.id, self.ranked = number, ranked
        self.ballots, self.invalid, self.undervotes, self.overvoted, self.foreign = range(first, first + 5)
        self.candidates: dict[int, int] = {}


class CardCounts:
    """The counts of an export.

    Args:
        lists: the lists of its folder. Where contests or candidates are listed, no others are counted.
    """

    def __init__(self, lists: ExportLists) -> None:
        self.lists = lists
        self.units: dict[Unit, list[int]] = {}
        self.cards: Counter[tuple[int, int]] = Counter()
        self.ballots: Counter[tuple[int, int]] = Counter()
        self.foreign: Counter[tuple[int, int]] = Counter()
        """Contests that the lists do not have (-1 for the candidate), and candidates that a contest does not have."""
        self._size = 0
        self.slots: dict[int, ContestSlots] = {}
        for contest in (lists.contests or {}).values():
            self._add_contest(contest.id)
        for candidate in (lists.candidates or {}).values():
            if lists.contests is None and candidate.contest not in self.slots:
                self._add_contest(candidate.contest)
            if candidate.contest in self.slots:
                self._add_candidate(self.slots[candidate.contest], candidate.id)

    def add(self, sessions: Sequence[BallotSession]) -> Counter[Message]:
        """Count ballots; returns how many could not be, by the reason."""
        wrong: Counter[Message] = Counter()
        for session in sessions:
            element = current(session)
            if element is None:
                wrong[TWO_CURRENT] += 1
                continue
            batch = session.tabulator_id, session.batch_id
            unit = *batch, element.precinct_portion_id
            row = self.units.get(unit)
            if row is None:
                self._check(self._size, len(self.units) + 1)
                row = self.units[unit] = [0] * self._size
            self.ballots[batch] += 1
            self.cards[batch] += len(element.cards) or 1
            for contest in contests_of(element):
                self._add(row, contest)
        return wrong

    def _add(self, row: list[int], contest: CardContest) -> None:
        slots = self.slots.get(contest.id)
        if slots is None:
            if self.lists.contests is not None:
                self.foreign[contest.id, -1] += 1
                return
            slots = self._add_contest(contest.id)
        if contest.outstack_condition_ids and self.lists.invalid in contest.outstack_condition_ids:
            row[slots.invalid] += 1
            return
        row[slots.ballots] += 1
        row[slots.undervotes] += contest.undervotes
        if not contest.marks and not contest.overvotes:
            return
        votes, overvoted = votes_of(contest, slots.ranked)
        row[slots.overvoted] += overvoted
        for candidate in votes:
            place = slots.candidates.get(candidate)
            if place is None:
                if self.lists.candidates is not None:
                    self.foreign[contest.id, candidate] += 1
                    row[slots.foreign] += 1
                    continue
                place = self._add_candidate(slots, candidate)
            row[place] += 1

    def _add_contest(self, number: int) -> ContestSlots:
        listed = (self.lists.contests or {}).get(number)
        ranked = None if listed is None else is_ranked(listed.vote_for, listed.ranks)
        slots = ContestSlots(number, self._widen(5), ranked)
        self.slots[number] = slots
        return slots

    def _add_candidate(self, slots: ContestSlots, number: int) -> int:
        place = slots.candidates[number] = self._widen(1)
        return place

    def _widen(self, by: int) -> int:
        """Make the list of each unit longer; returns the first of the new places."""
        first = self._size
        self._check(first + by, len(self.units))
        self._size += by
        for row in self.units.values():
            row.extend([0] * by)
        return first

    def _check(self, size: int, units: int) -> None:
        if size * units > MAX_CELLS:
            raise TooManyUnits

    def invalid_contests(self) -> int:
        """Count contests on cards that the voter could not vote in."""
        places = [slots.invalid for slots in self.slots.values()]
        return sum(row[place] for row in self.units.values() for place in places)

    def fill(self, builder: TallyBuilder) -> None:
        """Put the counts into tallies, in an order that says nothing of that of the ballots."""
        order = self.slots if self.lists.contests is not None else sorted(self.slots)
        numbers = {slots.id: self._name(builder, slots) for slots in map(self.slots.__getitem__, order)}
        for unit, row in sorted(self.units.items()):
            at = builder.unit(*map(str, unit))
            for slots in self.slots.values():
                if not row[slots.ballots] and not row[slots.invalid]:
                    continue
                contest, choices = numbers[slots.id]
                builder.count(at, contest, ballots=row[slots.ballots])
                if not row[slots.ballots]:
                    continue
                builder.add(at, contest, TallyKind.UNDERVOTE, row[slots.undervotes])
                builder.add(at, contest, TallyKind.OVERVOTE, row[slots.overvoted])
                for candidate, place in slots.candidates.items():
                    if row[place]:
                        builder.add(at, contest, TallyKind.CHOICE, row[place], choices[candidate])

    def _name(self, builder: TallyBuilder, slots: ContestSlots) -> tuple[int, dict[int, int]]:
        """The indices of a contest and of its choices in tallies."""
        listed = (self.lists.contests or {}).get(slots.id)
        if listed:
            named = DumpContest(f"{slots.id}", listed.name, listed.vote_for, max(1, listed.ranks))
        else:
            named = DumpContest(f"{slots.id}", f"{slots.id}", None)
        contest = builder.contest(named)
        choices = {}
        for number in slots.candidates if self.lists.candidates is not None else sorted(slots.candidates):
            candidate = (self.lists.candidates or {}).get(number)
            kind = ChoiceKind.WRITE_IN if candidate and candidate.write_in else ChoiceKind.NAMED
            party = self.lists.party(candidate.party) if candidate else ""
            shown = candidate.name if candidate else f"{number}"
            choices[number] = builder.choice(DumpChoice(contest, f"{number}", shown, party, kind))
        return contest, choices

    def unequal(self) -> Iterator[tuple[Unit, int, int, int]]:
        """Units and contests whose votes, undervotes and overvotes are not those of their ballots: both sums."""
        known = [
            (slots, listed.vote_for)
            for slots in self.slots.values()
            if slots.ranked is False and (listed := (self.lists.contests or {}).get(slots.id))
        ]
        for unit, row in sorted(self.units.items()):
            for slots, vote_for in known:
                due = row[slots.ballots] * vote_for
                votes = sum(row[place] for place in slots.candidates.values()) + row[slots.foreign]
                found = votes + row[slots.undervotes] + row[slots.overvoted] * vote_for
                if found != due:
                    yield unit, slots.id, found, due


def is_ranked(vote_for: int, ranks: int) -> bool:
    """Check whether voters of a contest give ranks, by its row in the list."""
    return ranks > 1 or (ranks == 1 and vote_for == 1)


def current(session: BallotSession) -> BallotElement | None:
    """The element of a ballot that counts; None where not exactly one says so."""
    original, modified = session.original, session.modified
    if not modified:
        return original if original and original.is_current else None
    if not original or original.is_current == modified.is_current:
        return modified if not original and modified.is_current else None
    return original if original.is_current else modified


def contests_of(element: BallotElement) -> Iterator[CardContest]:
    """The contests of all cards of a ballot."""
    yield from element.contests
    for card in element.cards:
        yield from card.contests


def votes_of(contest: CardContest, ranked: bool | None) -> tuple[Sequence[int], bool]:
    """The candidates who got a vote in a contest on a card, and whether more was marked than it allows.

    Args:
        contest: not an invalid one.
        ranked: None where no list says whether voters give ranks. Then two first ranks are an overvote where the card
            says that there is one, and two of several votes otherwise.
    """
    if ranked is False:
        return [mark.candidate_id for mark in contest.marks if is_vote(mark)], contest.overvotes > 0
    firsts = [mark.candidate_id for mark in contest.marks if is_vote(mark) and mark.rank <= 1]
    several = len(set(firsts)) > 1
    if ranked:
        return ((), True) if several else (firsts[:1], False)
    if contest.overvotes and len(firsts) != 1:
        return (), True
    return firsts, False


def is_vote(mark: CardMark) -> bool:
    """Check that a mark is a vote, of any rank."""
    return mark.is_vote and not mark.is_ambiguous


NONE = "-"
"""In place of a device, a batch or a unit that a ballot does not name."""
MAX_NAME = 1000
"""Letters of a name."""


def unit_parts(device: str, batch: str, unit: str) -> tuple[str, str, str]:
    """The parts of a unit's name, none of them empty and no slash in the first two, so that they can be told apart."""
    device, batch, unit = (part[:MAX_NAME].strip() or NONE for part in (device, batch, unit))
    return device.replace("/", "|"), batch.replace("/", "|"), unit


@dataclass(slots=True)
class CountedExport:
    """A file that was counted.

    Attributes:
        path, size, sha256: the file; the digest is empty where it could not be read to its end.
        election: the election that it names.
        version: of the program that wrote it.
        problems: what could not be counted, and why it could not be read to its end.
        cards: by tabulator and batch.
        ballots: by tabulator and batch; None where a card is a ballot of its own.
        doubled: cards with the number of another one of their batch, by tabulator and batch.
        counts: of the ballots of an export in JSON.
        fill: puts the counts into tallies.
    """

    path: Path
    size: int = 0
    sha256: str = ""
    election: str = ""
    version: str = ""
    problems: list[InputError] = field(default_factory=list)
    cards: Counter[Batch] = field(default_factory=Counter)
    ballots: Counter[Batch] | None = None
    doubled: Counter[Batch] = field(default_factory=Counter)
    counts: CardCounts | None = None
    fill: Callable[[TallyBuilder], None] = lambda _: None

    @property
    def number(self) -> int:
        """Number of ballots or cards counted."""
        return (self.cards if self.ballots is None else self.ballots).total()

    def number_in_words(self) -> Message:
        """A number of ballots as a text; with the cards where these are more."""
        cards = nmsg("{count:n} card", "{count:n} cards", self.cards.total())
        if self.ballots is None:
            return cards
        ballots = nmsg("{count:n} ballot", "{count:n} ballots", self.number)
        same = self.number == self.cards.total()
        return ballots if same else msg("{ballots} on {cards}", ballots=ballots, cards=cards)
