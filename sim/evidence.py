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

FIRST_POLL = 1
"""The number of the first poll, and of the only one of most nights."""


class Area(StrEnum):
    """A level of published sums, by the word for it in a file's name."""

    COMMUNE = "communes"
    DEPARTEMENT = "departements"


@dataclass(frozen=True, slots=True)
class Truth:
    """One line of `verite.csv`: a fault, its bureau, the piece of evidence and field struck, the votes changed.

    ``again`` is true for the other polls of a fault that strikes all polls of the day: it counts once, with the first.
    """

    fault: str
    insee: str
    bureau: str
    piece: str
    field: str
    effect: int | None
    detail: str
    poll: int = FIRST_POLL
    again: bool = False


@dataclass(slots=True)
class PaperFigures:
    """Figures of a bureau as one document states them; None for a value left blank."""

    registered: int | None
    signatures: int | None
    votes_found: int | None
    blank: int | None
    null: int | None
    valid: int | None
    votes: list[int | None]

    @property
    def counts(self) -> tuple[int | None, ...]:
        """Figures without the votes by choice, in the order of `protocol.quantities.VOTERS`."""
        return tuple(getattr(self, name) for name in VOTERS)

    def copy(self) -> PaperFigures:
        """Copy the figures."""
        return replace(self, votes=list(self.votes))

    @classmethod
    def counted(cls, registered: int, signatures: int, blank: int, null: int, votes: Sequence[int]) -> PaperFigures:
        """Figures of a count: votes found and valid votes are the sums of the others."""
        each = list[int | None](votes)
        valid = sum(votes)
        return cls(registered, signatures, blank + null + valid, blank, null, valid, each)


@dataclass(slots=True)
class Record:
    """The bureau's procès-verbal. Times as ``HH:MM``, empty where missing.

    ``paper`` is the number of ballot papers in the box of a machine bureau that had to go on with paper; else None.
    ``lost`` is true for a PV that was lost after the commune had added its figures up.
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


@dataclass(slots=True)
class BureauEvidence:
    """Evidence of one bureau and one poll. What all polls share (urns, tickets, passage) is with the first.

    Attributes:
        parts: number of urns used.
        exports, urns: file name and bytes of each.
        roll_registered, roll_signatures: the sign-in list, counted; None for a count left blank.
        hourly: signatures at each full hour.
        roll_code: the bureau's code on the sheet of sign-in counts, where it is not its own.
        roll_total: registered voters and signatures of a total row below it on that sheet; None for no such row.
        record, tabulated, published: the PV; the bureau's line in the centralising record; its published lines.
        first_edition: its line in a first edition of the published results, where that had another.
        only_in_sums: published lines that are in the published sums but not in the results by bureau.
        left_out: levels whose published sums lack the bureau.
        tickets: file name and text of what each machine printed.
        passage: arrivals and waits, where a day was simulated.
        poll: the number of the poll.
        kind: what its choices are, one of `protocol.night.CHOICE_TYPES`.
        second: the same bureau's evidence of the other poll of the day.
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
    poll: int = FIRST_POLL
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
        """Evidence of a bureau in which every paper states the figures of the PV."""
        figures = record.figures
        return cls(bureau, parts, record, figures.copy(), figures.registered, figures.signatures)

    @classmethod
    def of_polls(cls, scenario: Scenario, polls: Iterable[BureauEvidence]) -> BureauEvidence:
        """Number the evidence of a day's polls, and join it: the first holds the second."""
        first, *others = polls
        for each, poll in zip((first, *others), scenario.polls, strict=True):
            each.poll, each.kind = poll.poll, poll.kind
        first.second = others[0] if others else None
        return first
