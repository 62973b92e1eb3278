"""Evidence of a bureau's day before it is written: dumps, roll, PV, published row.

These values are changed by the faults on purpose, so they are not frozen; each change is a line of the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from enum import StrEnum

from protocol.quantities import VOTERS
from sim.bureaux import Bureau
from sim.elections import Scenario
from sim.waits import Passage

POLL = 1
"""The number of the first poll, and of the only one of most nights."""


class Area(StrEnum):
    """A level of published sums, by the word for it in a file's name."""

    COMMUNE = "communes"
    DEPARTEMENT = "departements"


@dataclass(frozen=True, slots=True)
class Truth:
    """One line of `verite.csv`: a fault, where it struck, the piece of evidence and field, the change in votes.

    ``again`` is whether it is the same fault as a line of the first poll: one that strikes all polls of the day.
    """

    fault: str
    insee: str
    bureau: str
    piece: str
    field: str
    effect: int | None
    detail: str
    poll: int = POLL
    again: bool = False


@dataclass(slots=True)
class PaperFigures:
    """One set of a bureau's figures, as some document states them; None for a value left blank."""

    registered: int | None
    signatures: int | None
    votes_found: int | None
    blank: int | None
    null: int | None
    valid: int | None
    votes: list[int | None]

    @property
    def counts(self) -> tuple[int | None, ...]:
        """All but the votes by choice, in the order of `protocol.quantities.VOTERS`."""
        return tuple(getattr(self, name) for name in VOTERS)

    def copy(self) -> PaperFigures:
        """Copy the figures."""
        return replace(self, votes=list(self.votes))

    @classmethod
    def counted(cls, registered: int, signatures: int, blank: int, null: int, votes: Sequence[int]) -> PaperFigures:
        """The figures of a count, which add up."""
        each = list[int | None](votes)
        valid = sum(votes)
        return cls(registered, signatures, blank + null + valid, blank, null, valid, each)


@dataclass(slots=True)
class Record:
    """The bureau's procès-verbal. Times as ``HH:MM``, empty where missing.

    ``paper`` is the number of ballot papers in the box, of a machine bureau that had to go on with them; else None.
    ``lost`` is whether it got lost once the commune had added it up.
    """

    figures: PaperFigures
    proxies: int | None
    opening: str
    closing: str
    remarks: list[str] = field(default_factory=list)
    paper: int | None = None
    lost: bool = False


@dataclass(slots=True)
class PublishedRow:
    """One line of the published results; ``cells`` replaces the text of single columns by their index."""

    figures: PaperFigures
    cells: dict[int, str] = field(default_factory=dict)

    def copy(self) -> PublishedRow:
        """Copy the line."""
        return PublishedRow(self.figures.copy(), dict(self.cells))


@dataclass(slots=True)
class BureauEvidence:
    """All that one bureau leaves behind of one poll; of the first poll what there is once for all of them as well.

    Attributes:
        parts: urns that it used.
        exports, urns: file name and bytes of each; the urns, which hold all polls, are with the first one.
        roll_registered, roll_signatures: the sign-in list, counted; None for a count left blank.
        hourly: signatures at each full hour.
        roll_code: the bureau's code on the sheet of sign-in counts, where it is not its own.
        roll_total: registered voters and signatures of a total row below it on that sheet; None for no such row.
        record, tabulated, published: the PV; the bureau's line in the centralising record; its published lines.
        first_edition: its line in a first edition of the published results, where that had another.
        only_in_sums: published lines that the sums have and the results by bureau have not.
        left_out: levels whose published sums lack the bureau.
        tickets: file name and text of what each machine printed.
        passage: arrivals and waits, where a day was simulated.
        poll: the number of the poll.
        kind: what its choices are, one of `protocol.night.CHOICE_TYPES`.
        second: the same bureau's evidence of the other poll of the day, which has neither urns nor tickets nor passage.
    """

    bureau: Bureau
    parts: int
    record: Record
    tabulated: PaperFigures
    roll_registered: int | None
    roll_signatures: int | None
    hourly: tuple[int, ...] = ()
    exports: list[tuple[str, bytes]] = field(default_factory=list)
    urns: list[tuple[str, bytes]] = field(default_factory=list)
    published: list[PublishedRow] = field(default_factory=list)
    roll_code: str | None = None
    roll_total: tuple[int, int] | None = None
    first_edition: PublishedRow | None = None
    only_in_sums: list[PublishedRow] = field(default_factory=list)
    left_out: set[Area] = field(default_factory=set)
    truth: list[Truth] = field(default_factory=list)
    tickets: list[tuple[str, bytes]] = field(default_factory=list)
    passage: Passage | None = None
    poll: int = POLL
    kind: str = "candidat"
    second: BureauEvidence | None = None

    @property
    def polls(self) -> tuple[BureauEvidence, ...]:
        """Evidence of each poll of the day."""
        return (self,) if self.second is None else (self, self.second)

    def copy(self) -> BureauEvidence:
        """Copy the evidence."""
        return deepcopy(self)

    @classmethod
    def of_record(cls, bureau: Bureau, parts: int, record: Record) -> BureauEvidence:
        """Evidence of a bureau whose papers all state what its PV states."""
        figures = record.figures
        return cls(bureau, parts, record, figures.copy(), figures.registered, figures.signatures)

    @classmethod
    def of_polls(cls, scenario: Scenario, polls: Iterable[BureauEvidence]) -> BureauEvidence:
        """Evidence of the first of a day's polls, with that of the other one."""
        first, *others = polls
        for each, poll in zip((first, *others), scenario.polls, strict=True):
            each.poll, each.kind = poll.poll, poll.kind
        first.second = others[0] if others else None
        return first
