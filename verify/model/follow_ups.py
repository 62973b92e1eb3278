"""Follow-ups of findings: remarks and states that people keep in ``suites.csv``. They are shown and hide nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from protocol.words import Message, pmsg


class FollowStatus(Enum):
    """State of a finding or a case, as the people who work on it enter it."""

    TO_CHECK = "to_check"
    EXPLAINED = "explained"
    CONTESTED = "contested"
    SETTLED = "settled"
    KEPT_OUT = "kept_out"

    @property
    def label(self) -> Message:
        """The same for people."""
        return _LABELS[self]


_LABELS = {
    FollowStatus.TO_CHECK: pmsg("what became of a finding", "to check"),
    FollowStatus.EXPLAINED: pmsg("what became of a finding", "explained"),
    FollowStatus.CONTESTED: pmsg("what became of a finding", "contested"),
    FollowStatus.SETTLED: pmsg("what became of a finding", "settled"),
    FollowStatus.KEPT_OUT: pmsg("what became of a finding", "ballots or voters kept out"),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One row of the table.

    Attributes:
        source: file and row.
        insee, bureau: what it is about; empty for every commune, or every bureau of the commune.
        poll: its number, 0 for every poll.
        about: code of a rule or name of a cause; empty for all that is found there.
        figures: the two figures as they were when it was written, as text; empty where it does not say.
        number: votes that are explained, signatures that are contested, or ballots and voters that were kept out; None
            where it does not say.
        remark, piece, author, date: as they are written; the piece is the one that shows it.
    """

    source: str
    insee: str
    bureau: str
    poll: int
    status: FollowStatus
    number: int | None
    about: str = ""
    figures: str = ""
    remark: str = ""
    piece: str = ""
    author: str = ""
    date: str = ""

    @property
    def corroborated(self) -> bool:
        """True if a piece shows the explanation of the finding."""
        return self.status in (FollowStatus.EXPLAINED, FollowStatus.SETTLED) and bool(self.piece)


class Today(Enum):
    """Present findings for the subject of a follow-up."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Followed:
    """A follow-up with what it is about today.

    Attributes:
        findings: positions in the table of findings.
        cases: numbers of the cases that these are in.
        now: the two figures of the first of the findings, where they have changed.
    """

    follow_up: FollowUp
    state: Today
    findings: tuple[int, ...]
    cases: tuple[int, ...]
    now: str = ""
