"""The evidence as columns: everything that an auditor gave, lined up with the official list of bureaux."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.opening import OpenedFile
from protocol.quantities import VOTERS, Quantity
from protocol.transmission import StepUp
from protocol.words import Text
from verify.model.failures import Failure
from verify.model.figures import Bools, Figures, Ints, Places, Texts
from verify.model.identity import UNSTATED, StatedElection
from verify.model.thresholds import Thresholds
from verify.model.universe import Universe
from verify.model.use import Input

if TYPE_CHECKING:
    from protocol.dumps.layouts import DumpReading
    from protocol.election import Election
    from verify.model.contests import Contests, FirstRound
    from verify.model.follow_ups import FollowUp
    from verify.model.machine_evidence import ExportLines, MachineCounts, UrnLines
    from verify.model.published import Published

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sources:
    """Files from the auditor. A night's folder stands for each of its files that was not given by itself."""

    folder: Path | None = None
    exports: tuple[Path, ...] = ()
    urns: tuple[Path, ...] = ()
    signatures: tuple[Path, ...] = ()
    records: tuple[Path, ...] = ()
    votes: tuple[Path, ...] = ()
    published: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    """Files of any kind, each read for what it is."""
    follow_ups: tuple[Path, ...] = ()
    """Follow-ups of findings: tables like ``suites.csv``."""
    added: tuple[str, ...] = ()
    """Ballots and voters that were kept out, as ``92012:0001=4``."""
    other_round: Path | None = None
    thresholds: Path | None = None
    election: str = ""
    """The one to take out of data.gouv.fr's tables of all elections: ``2022_pres_t1``."""
    columns: tuple[str, ...] = ()
    """Meaning of columns of tables, as ``Total du compteur=votes_found``."""
    sheets: tuple[str, ...] = ()
    """Names of the sheets to read of workbooks; all where there are none."""
    layout: str = ""
    """The name of a layout of published results, or a file with an entry of one."""
    round: int = 0
    """The one that is checked where a file has both, 0 where the other evidence is to tell."""
    skip_crypto: bool = False
    """Leaves out the signatures in dumps, which take longer than all the rest; they are counted as not checked."""
    opened: tuple[OpenedFile, ...] = ()
    """Those of the files that are on no disk."""

    def paths(self) -> list[Path]:
        """Files given by themselves as evidence of this round."""
        tables = (self.signatures, self.records, self.votes)
        return [*(path for paths in tables for path in paths), *self.exports, *self.urns, *self.published, *self.files]


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
        files: of the bureaux, with their sheets.
        piece: the evidence that it is.
        field: the count, or the choice.
        stated: in the row of totals.
        summed: of the bureaux.
        text: what was summed up.
    """

    place: str
    files: str
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
"""Stands for a file that names no poll."""


@dataclass(frozen=True, slots=True)
class OtherPoll:
    """Rows of one file of a poll that is not held that day, or that does not say its poll.

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
    """One count of bureaux, or their votes, that two versions of a paper have otherwise: the first, and another."""

    first: Figures
    other: Figures

    @property
    def differs(self) -> Bools:
        """Mark the figures that both know, and that are not the same."""
        return np.asarray(self.first.known & self.other.known & (self.first.values != self.other.values), np.bool_)


@dataclass(frozen=True, slots=True)
class Counted:
    """One kind of count sheet lined up; all of shape ``(units, polls)``.

    Attributes:
        figures: by name of the column.
        present: where there is a row at all.
        mentioned: where a remark mentions a gap, as `verify.align.lined_tables` reads it, everywhere without remarks.
        remarks: what the first row says, by unit and poll, where it says something.
        versions: further versions, from other files or rows, by name; they have figures only where the first has one.
    """

    figures: dict[str, Figures]
    present: Bools
    mentioned: Bools
    remarks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    versions: tuple[Mapping[str, Figures], ...] = ()

    def __getitem__(self, name: str) -> Figures:
        return self.figures[name]

    @property
    def by_name(self) -> dict[str, Figures]:
        """The counts by name: the same view as `LinedVotes.by_name`."""
        return self.figures


@dataclass(frozen=True, slots=True)
class LinedVotes:
    """Votes by choice.

    Attributes:
        values: of shape ``(units, polls, width)``, absences where there is no row.
        places: where they stand.
        unknown: the first votes for something that is not a choice there: unit, poll, label, place, votes.
        strange_rows, strange_votes: how many rows are for something that is not a choice, and their votes; shape
            ``(units, polls)``.
        versions: further versions, as `Counted.versions`.
    """

    values: Ints
    places: Places
    unknown: tuple[tuple[int, int, str, str, int], ...]
    strange_rows: Ints
    strange_votes: Ints
    versions: tuple[Mapping[str, Figures], ...] = ()

    @property
    def by_name(self) -> dict[str, Figures]:
        """The votes by name: the same view as `Counted.by_name`."""
        return {Quantity.VOTES: self.figures}

    @property
    def figures(self) -> Figures:
        """The votes as figures, with an axis for the choices."""
        return Figures(Quantity.VOTES, self.values, self.places)


@dataclass(frozen=True, slots=True)
class PublishedLines:
    """One published file of the level of bureaux, lined up.

    Attributes:
        elsewhere: rows of communes that are not on the list, by INSEE code: there is nothing to compare them with.
    """

    published: Published
    counted: Counted
    votes: LinedVotes
    elsewhere: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OtherElection:
    """Published results of another election than the night's, or of another round.

    Attributes:
        stated: which one, by what the files say.
        of_night: that of the night, by what is said of it.
        evidence: the results, lined up by themselves.
        beside: whether their files have results of the night as well.
    """

    stated: StatedElection
    of_night: StatedElection
    evidence: LinedEvidence
    beside: bool


FIRST_CHOICE = len(VOTERS)
"""The first choice's column on the way up, behind the counts."""


@dataclass(frozen=True, slots=True)
class StatedSums:
    """The sums that one step states, ``n`` of them.

    Attributes:
        file: their table.
        departement, insee: codes of the places, shape ``(n,)``; without a commune the département, without both all.
        poll: index, shape ``(n,)``.
        values: counts, then votes by panel, absences included, shape ``(n, columns)``.
        row: in the file, shape ``(n,)``.
    """

    file: str
    departement: Texts
    insee: Texts
    poll: Ints
    values: Ints
    row: Ints

    def place(self, at: int) -> str:
        """Place of a sum."""
        return f"{self.file}:{self.row[at]}"


@dataclass(frozen=True, slots=True)
class StatedCorrections:
    """Corrections stated by documents, ``n`` of them; all of shape ``(n,)``.

    Attributes:
        file: their table.
        step: index of the step in its order.
        unit, poll, column: indices of what was corrected.
        before, after: both figures.
        hour: when, in minutes since midnight of the polling day; an absence where nothing says it.
        document: what says it.
        row: in the file.
    """

    file: str
    step: Ints
    unit: Ints
    poll: Ints
    column: Ints
    before: Ints
    after: Ints
    hour: Ints
    document: Texts
    row: Ints

    def place(self, at: int) -> str:
        """Place of a correction."""
        return f"{self.file}:{self.row[at]}"


@dataclass(frozen=True, slots=True)
class WayUp:
    """The documents of the way up: a table for each step, sums, and what was corrected.

    Attributes:
        steps: the tables that there are.
        sums: the tables of sums that there are.
        corrections: None where no table of them was given.
        columns: counts and votes of the widest table.
        missing: names of the tables that there are not.
    """

    steps: Mapping[StepUp, Counted]
    sums: Mapping[StepUp, StatedSums]
    corrections: StatedCorrections | None
    columns: int
    missing: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Read:
    """Evidence as it is known as soon as it is read.

    Attributes:
        election: as its file says it.
        problems: cells and rows that could not be read.
        inputs: one for each file.
        failures: files that could not be checked, as something was raised in reading them or lining them up.
        manifest, present: SHA-256 of files by the night's manifest; every file of its folder, by the path within it.
        dumps: of other machines than the ESF1, counted and checked by their own layouts.
    """

    election: Election | None = None
    problems: list[InputError] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    manifest: dict[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    thresholds: Thresholds = field(default_factory=Thresholds)
    dumps: tuple[DumpReading, ...] = ()


@dataclass(slots=True)
class LinedEvidence(Read):
    """All that is known, by bureau and poll.

    Attributes:
        machines: what the machines counted, by their exports, or by module images without an export.
        shifted: where the counts of a PV stand one column off, as `verify.align.shifted` has it.
        published: the published results by bureau, lined up.
        tables: all published results, of any level, as they are.
        tabulation, tabulated: the communes' centralising records, by bureau: their counts, their votes by choice.
        hourly: signatures by the full hour at which they were counted.
        other_round: counts of the election's other round, by the names of a published file.
        first_round: who stood in it, where it is the first and its choices are known.
        other_polls: rows of polls that the day does not have.
        of_no_poll: published results that match no poll of the day and are not compared.
        wrong_shares, contradicted_totals: in tables: percentages that are no ratio of their counts, totals no sum.
        other_elections: published results of other elections, which are looked at by themselves.
        repeats: rows that name a bureau again.
        follow_ups: what people say became of findings; no rule looks at them.
        way_up: what became of the figures between the bureaux and the ministry, step by step.
        days: the days that its files say.
        other_codes: communes that a piece has under another code than the others, for which they are taken.
        stated: the election that all is of, by `election.toml`, the exports, or what tables and results say.
        weighed: those of them that are to count in what the gaps could change; none in the evidence as it stands.
    """

    polls: tuple[int, ...]
    universe: Universe
    contests: Contests
    exports: ExportLines | None = None
    urns: UrnLines | None = None
    machines: MachineCounts | None = None
    signatures: Counted | None = None
    records: Counted | None = None
    votes: LinedVotes | None = None
    shifted: Ints | None = None
    published: list[PublishedLines] = field(default_factory=list)
    tables: tuple[Published, ...] = ()
    tabulation: Counted | None = None
    tabulated: LinedVotes | None = None
    hourly: dict[int, Figures] = field(default_factory=dict)
    other_round: Counted | None = None
    first_round: FirstRound | None = None
    strays: list[Stray] = field(default_factory=list)
    other_polls: list[OtherPoll] = field(default_factory=list)
    of_no_poll: list[Published] = field(default_factory=list)
    wrong_shares: list[WrongShare] = field(default_factory=list)
    contradicted_totals: list[ContradictedTotal] = field(default_factory=list)
    other_elections: list[OtherElection] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    follow_ups: tuple[FollowUp, ...] = ()
    way_up: WayUp | None = None
    weighed: tuple[FollowUp, ...] = ()
    stated: StatedElection = UNSTATED
    days: tuple[StatedDay, ...] = ()
    other_codes: tuple[OtherCode, ...] = ()
    _made: dict[Callable[[LinedEvidence], Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, make: Callable[[LinedEvidence], T]) -> T:
        """Cache a value shared by rules. Only from figures, which no longer change."""
        if make not in self._made:
            self._made[make] = make(self)
        value: T = self._made[make]
        return value

    @property
    def twice(self) -> list[Twice]:
        """Counts, and votes by choice, that two versions have otherwise."""
        steps = () if self.way_up is None else self.way_up.steps.values()
        own = self.signatures, self.records, self.tabulation, self.votes, self.tabulated
        tables = (each for each in (*own, *steps, *(lines.votes for lines in self.published)) if each is not None)
        pairs = (
            Twice(table.by_name[name], other)
            for table in tables
            for each in table.versions
            for name, other in each.items()
        )
        return [each for each in pairs if each.differs.any()]

    @property
    def shape(self) -> tuple[int, int]:
        """``(units, polls)``."""
        return len(self.universe), len(self.polls)

    def remark(self, insee: str, bureau: str, poll: int) -> str:
        """Remark of a bureau's PV; empty without one."""
        unit = self.universe.index(insee, bureau)
        if self.records is None or poll not in self.polls:
            return ""
        return self.records.remarks.get((unit, self.polls.index(poll)), "")

    def lined(self, kind: str) -> bool:
        """Check for evidence of a kind, as `protocol.night.KINDS` names them."""
        of_kind = {
            EvidenceKind.EXPORTS: self.exports,
            EvidenceKind.URNS: self.urns,
            EvidenceKind.SIGNATURES: self.signatures,
            EvidenceKind.RECORDS: self.records,
            EvidenceKind.VOTES: self.votes,
            EvidenceKind.PUBLISHED: self.published or None,
        }
        return of_kind[EvidenceKind.named(kind)] is not None

    def complete(self, kind: str) -> bool:
        """Check that a kind of evidence was declared complete: a lack is then an error."""
        return self.election is not None and kind in self.election.complete
