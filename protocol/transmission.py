"""The way up of a night's figures on disk: one table for each step and edition, with the bureaux as that one has them.

From the bureau's PV to the centralising bureau, the préfecture, the commission and the ministry every step copies the
one before it, so that what became of a figure can be followed table by table. The forms that the administration uses
are not public: these tables are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_POLLS
from protocol.night import RECORDS, Column, Content, NightTable
from protocol.quantities import VOTERS
from protocol.words import Message

FOLDER = "montee"
"""The folder of the tables, in that of the night."""
FEED = "presse"
"""The folder beside it with the ministry's XML for the press."""
FEEDS = (FEED, *(f"{FEED}.{poll}" for poll in range(1, MAX_POLLS + 1)))
"""Its names: where a day has several polls, each has a folder of its own with the poll's number behind the name."""
MOST_CHOICES = 64
"""Columns of votes that a table has at most."""


class StepUp(StrEnum):
    """One document of the way, in the order in which they are written; its value is the name of its table."""

    COMMUNE = "commune"
    ENTRY = "saisie"
    NIGHT = "nuit"
    CALL_BACK = "rappel"
    PROVISIONAL = "provisoire"
    COMMISSION = "commission"
    DEFINITIVE = "definitif"

    @property
    def kind(self) -> EvidenceKind:
        """The evidence that it is, which says what it copies."""
        return EvidenceKind.TABULATION if self is StepUp.COMMUNE else EvidenceKind.named(self.value)

    @property
    def parent(self) -> StepUp | None:
        """The step whose document it copies; None for the centralising record, which copies PVs."""
        return next((step for step in StepUp if step.kind == self.kind.copied_from), None)

    @property
    def label(self) -> Message:
        """Name for people."""
        return self.kind.one

    @property
    def file(self) -> str:
        """Its table of bureaux, within the night's folder."""
        return f"{FOLDER}/{self.value}.csv"

    @property
    def sums_file(self) -> str:
        """Its table of sums."""
        return f"{FOLDER}/{self.value}.sommes.csv"


STEPS: dict[str, StepUp] = {step.value: step for step in StepUp}
"""The steps by their names."""
CORRECTING = (StepUp.CALL_BACK, StepUp.COMMISSION)
"""Steps at which figures may change, if a document says so."""

_HOUR = Column("heure", "when the row was written; 24:00 and more is the day after", Content.CLOCK, required=False)
_COUNTS = tuple(column for column in RECORDS.columns if column.key in VOTERS)
_POLL = next(column for column in RECORDS.columns if column.name == "scrutin")
_DEPARTEMENT = Column("departement", "code of the département; empty: the whole country")
_COMMUNE = Column("insee", "INSEE code of the commune; empty: the whole département")
CORRECTIONS = NightTable(
    f"{FOLDER}/corrections.csv",
    "what documents say was corrected on the way: protocols of the call back, the record of the commission",
    (
        Column("etape", "`rappel` or `commission`"),
        *(column for column in RECORDS.columns if column.name in ("insee", "bureau", "scrutin")),
        Column("champ", "the column that was corrected"),
        Column("avant", "the figure before", Content.COUNT),
        Column("apres", "the figure after", Content.COUNT),
        Column("heure", "when it was corrected", Content.CLOCK, required=False),
        Column("document", "the document that says it", required=False),
    ),
)


def votes_columns(choices: int) -> tuple[Column, ...]:
    """The columns of votes: ``voix_1`` is the first choice of the panel."""
    meaning = "votes of the choice of that place on the panel of `choix.csv`"
    return tuple(Column(f"voix_{number}", meaning, Content.COUNT) for number in range(1, choices + 1))


def step_table(step: StepUp, choices: int) -> NightTable:
    """The table of one step, with votes of so many choices."""
    key = tuple(column for column in RECORDS.columns if column.name in ("insee", "bureau", "scrutin"))
    return NightTable(step.file, str(step.label), (*key, *_COUNTS, _HOUR, *votes_columns(choices)))


def sums_table(step: StepUp, choices: int) -> NightTable:
    """The table of the sums that one step states: of communes, of départements, of the country."""
    columns = (_DEPARTEMENT, _COMMUNE, _POLL, *_COUNTS, *votes_columns(choices))
    return NightTable(step.sums_file, str(step.label), columns)


_VOTES = re.compile(rb"(?<![^,;\t\"])voix_([1-9][0-9]?)(?![0-9])")


def choices_of(data: bytes) -> int:
    """Count the columns of votes in a table's header, `MOST_CHOICES` at most."""
    header = data[:4096].split(b"\n", 1)[0]
    there = {int(number) for number in _VOTES.findall(header)}
    return next((at for at in range(MOST_CHOICES) if at + 1 not in there), MOST_CHOICES)


def ancestors(step: StepUp) -> Iterator[StepUp]:
    """The steps that a step copies, the nearest first."""
    before = step.parent
    while before is not None:
        yield before
        before = before.parent
