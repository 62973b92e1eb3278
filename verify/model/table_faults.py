"""Faults of tables of bureaux, found before the rules: rows of no bureau or poll, repeated rows.

Also totals and percentages that are not those of their rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text
from verify.model.figures import Figures, Ints


@dataclass(frozen=True, slots=True)
class Stray:
    """A row for a bureau that is not on the list: where it stands, what it names, and the bureau it probably means.

    ``poll`` is the number of the row's poll, where the day has several and the row is of one of them, else 0.
    A row that ``is_total`` sums up others.
    """

    kind: EvidenceKind
    file: str
    place: str
    insee: str
    bureau: str
    nearest: str | None
    poll: int = 0
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class StatedDay:
    """The day of the poll as a file says it, 2017-05-07; the evidence that the file is, None for `election.toml`."""

    file: str
    piece: EvidenceKind | None
    day: str


@dataclass(frozen=True, slots=True)
class OtherCode:
    """A commune that a piece has under another code.

    Attributes:
        file, piece: where it has, and of which evidence that is.
        against, of: where the same bureaux stand with the same figures; None for the official list.
        code: in the file.
        right: for which it is taken.
        bureaux: how many there are.
    """

    file: str
    piece: EvidenceKind | None
    against: str
    of: EvidenceKind | None
    code: str
    right: str
    bureaux: int


@dataclass(frozen=True, slots=True)
class ContradictedTotal:
    """A figure in a row of totals that is not the sum of its bureaux.

    Attributes:
        place: where the total stands.
        file: with its sheet.
        piece: the evidence that it is.
        field: the count, or the choice.
        stated: in the row of totals.
        summed: of the bureaux.
        text: what was summed up.
    """

    place: str
    file: str
    piece: EvidenceKind
    field: str
    stated: int
    summed: int
    text: Text


@dataclass(frozen=True, slots=True)
class WrongShare:
    """A percentage in a table of bureaux that is not the ratio of its counts.

    Attributes:
        place: where it stands.
        piece: the evidence that the table is.
        insee, bureau: what it is of, as the table says it; the commune's name where it has no code.
        field: its header.
        written: as it is written.
        due: the ratio; empty where there is none.
        text: what is wrong with it.
    """

    place: str
    piece: EvidenceKind
    insee: str
    bureau: str
    field: str
    written: str
    due: str
    text: Text


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rows of one file that name again what another row of it names.

    Attributes:
        file: name of the file as it is shown.
        rows: their numbers.
        problems: what is wrong with the first of those that nothing else is said of.
        left: how many nothing else is said of; of the others both figures are told.
    """

    file: str
    rows: Ints
    problems: tuple[InputError, ...]
    left: int


NO_POLL = 0


@dataclass(frozen=True, slots=True)
class OtherPoll:
    """Rows of one file that are of a poll that the day does not have, or of which nothing says of which they are.

    Attributes:
        kind: of evidence.
        file: name of the file as it is shown.
        place: where the first of them stands.
        poll: the number that they name, `NO_POLL` for none.
        rows: how many they are.
        unit: index of the bureau of each, -1 for none on the list.
    """

    kind: EvidenceKind
    file: str
    place: str
    poll: int
    rows: int
    unit: Ints


@dataclass(frozen=True, slots=True)
class Twice:
    """One count of bureaux that are in two files, or two sheets, of one kind: as the first has it, and another."""

    first: Figures
    other: Figures


@dataclass(frozen=True, slots=True)
class VotesTwice:
    """Votes of a choice that two files or sheets of one kind have otherwise: indices, evidence, places, votes."""

    at: tuple[int, int, int]
    piece: EvidenceKind
    places: tuple[str, str]
    votes: tuple[int, int]
