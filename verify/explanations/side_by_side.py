"""The figures of some bureaux, of every piece of evidence side by side: what corrections are tried on.

One row a piece, one column a quantity: the counts of `COLUMNS`, then the votes for each choice. Only bureaux in which
figures contradict one another are laid out so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Text
from verify.columns.counts import all_by_machine, whole_day
from verify.columns.day_parts import apart, paper_part
from verify.columns.machine_votes import machine_votes
from verify.model.evidence import Counted, LinedEvidence, LinedVotes
from verify.model.figures import MISSING, Bools, Figures, Ints
from verify.model.machine_evidence import UrnLines
from verify.model.universe import Universe

COLUMNS = (
    Quantity.REGISTERED,
    Quantity.SIGNATURES,
    Quantity.VOTES_FOUND,
    Quantity.BLANK,
    Quantity.NULL,
    Quantity.VALID,
)
REGISTERED, SIGNATURES, FOUND, BLANK, NULL, VALID = range(len(COLUMNS))
VOTES = len(COLUMNS)
"""The first choice's column."""

UNIVERSE: str = EvidenceKind.UNIVERSE
URN: str = EvidenceKind.URNS
EXPORT: str = EvidenceKind.EXPORTS
LIST: str = EvidenceKind.SIGNATURES
RECORD: str = EvidenceKind.RECORDS
RECAP: str = EvidenceKind.TABULATION
PUBLISHED: str = EvidenceKind.PUBLISHED
TABLES = {LIST: ("signatures",), RECORD: ("records", "votes"), RECAP: ("tabulation", "tabulated")}
"""The tables that make up each kind of paper, by their names in the evidence."""
TOTAL = "total"
"""The piece made of a table's total less the other bureaux: another file of the same paper."""

Row = list[int]
"""The figures of one piece: counts, or absences, which are below zero."""


@dataclass(frozen=True, slots=True)
class PieceFigures:
    """One piece of evidence.

    Attributes:
        kind: as the truth of a simulated night and the reports name it.
        file: the name of a published file, else empty.
        values: shape ``(n, columns)``.
        source: where a figure stands, by index of the bureau among those laid out, and column.
    """

    kind: str
    file: str
    values: Ints
    source: Callable[[int, int], str]


@dataclass(frozen=True)
class SideBySide:
    """Pieces of evidence of ``n`` bureaux, each in one poll.

    Attributes:
        unit, poll: indices, shape ``(n,)``.
        pieces: those that there are, what is copied after what it is copied from.
        figures: of all pieces, shape ``(n, pieces, columns)``.
        sizes: number of choices, 0 where they are not known, shape ``(n,)``.
        strange: votes of the PVs for something that is no choice, shape ``(n,)``.
        mentioned: where a PV speaks of a gap, shape ``(n,)``.
        by_machine: where all votes were on a machine, shape ``(n,)``.
        apart: where the parts of a day do not make up the PV, and votes found are then the PV's, shape ``(n,)``.
    """

    evidence: LinedEvidence
    unit: Ints
    poll: Ints
    pieces: tuple[PieceFigures, ...]
    figures: Ints
    sizes: Ints
    strange: Ints
    mentioned: Bools
    by_machine: Bools
    apart: Bools

    @cached_property
    def commune(self) -> Ints:
        """A number for each commune and poll, shape ``(n,)``."""
        commune, polls = self.evidence.universe.commune_number[self.unit], len(self.evidence.polls)
        return np.asarray(commune * polls + self.poll, np.int64)

    @cached_property
    def around(self) -> SideBySide:
        """All bureaux of the communes of these, in the same polls, in the order of the numbers in their codes."""
        some: Bools = np.zeros(self.evidence.shape, np.bool_)
        some[self.unit, self.poll] = True
        return lay_out(self.evidence, *find_around(self.evidence.universe, some))

    def rows(self, at: int) -> list[Row]:
        """The figures of one bureau, a row for each piece."""
        return list(self.figures[at].tolist())

    def field(self, at: int, column: int) -> Text:
        """Name a column of a bureau as findings do."""
        if column < VOTES:
            return COLUMNS[column].value
        return self.evidence.contests.label(int(self.unit[at]), int(self.poll[at]), column - VOTES)


def lay_out(evidence: LinedEvidence, unit: Ints, poll: Ints) -> SideBySide:
    """The figures of some bureaux in a poll each; indices of shape ``(n,)``."""
    at = unit, poll
    width = VOTES + max(evidence.contests.width, 1)
    nothing = np.zeros(len(unit), np.int64)
    records, votes = evidence.records, evidence.votes
    pieces = tuple(_pieces(evidence, unit, poll, width))
    remarks = {} if records is None else records.remarks
    places = zip(unit.tolist(), poll.tolist(), strict=True)
    mentioned = [records is not None and place in remarks and bool(records.mentioned[place]) for place in places]
    return SideBySide(
        evidence=evidence,
        unit=unit,
        poll=poll,
        pieces=pieces,
        figures=np.stack([piece.values for piece in pieces], axis=1),
        sizes=evidence.contests.sizes()[at],
        strange=nothing if votes is None else votes.strange_votes[at],
        mentioned=np.array(mentioned, np.bool_),
        by_machine=evidence.once(all_by_machine)[at],
        apart=evidence.once(apart)[at],
    )


def find_around(universe: Universe, some: Bools) -> tuple[Ints, Ints]:
    """All bureaux of the communes of some, of shape ``(units, polls)``: units and polls, each poll in that order."""
    order = universe.by_number
    poll, at = np.stack([universe.in_communes_of(each)[order] for each in some.T]).nonzero()
    return order[at], poll.astype(np.int64)


def _pieces(evidence: LinedEvidence, unit: Ints, poll: Ints, width: int) -> list[PieceFigures]:
    found = [_universe(evidence, unit, width)]
    if evidence.urns is not None and evidence.exports is not None:
        found.append(_urns(evidence, evidence.urns, unit, poll, width))
    if evidence.machines is not None:
        found.append(_machines(evidence, unit, poll, width))
    for kind in TABLES:
        found += [_table(kind, "", figures, unit, poll, width) for figures in versions_of(evidence, kind)]
    for lines in evidence.published:
        figures = {**lines.counted.by_name, **lines.votes.by_name}
        found.append(_table(PUBLISHED, lines.published.file, figures, unit, poll, width))
    return found


def versions_of(evidence: LinedEvidence, kind: str) -> list[dict[str, Figures]]:
    """The figures of one kind of paper by name, one mapping a version, the first version first."""
    tables: Iterator[Counted | LinedVotes | None] = (getattr(evidence, name) for name in TABLES.get(kind, ()))
    every = ((each.by_name, *each.versions) for each in tables if each is not None)
    return [dict(chain(*(each.items() for each in some))) for some in zip_longest(*every, fillvalue={})]


def _universe(evidence: LinedEvidence, unit: Ints, width: int) -> PieceFigures:
    values = np.full((len(unit), width), MISSING, np.int64)
    if evidence.universe.official:
        values[:, REGISTERED] = evidence.universe.registered[unit]
    return PieceFigures(UNIVERSE, "", values, lambda at, column: evidence.universe.place(int(unit[at])))


def _table(kind: str, file: str, figures: Mapping[str, Figures], unit: Ints, poll: Ints, width: int) -> PieceFigures:
    values = np.full((len(unit), width), MISSING, np.int64)
    for column, name in enumerate(COLUMNS):
        if name in figures:
            values[:, column] = figures[name].values[unit, poll]
    if Quantity.VOTES in figures:
        votes = figures[Quantity.VOTES].values
        some = min(votes.shape[2], width - VOTES)
        values[:, VOTES : VOTES + some] = votes[unit, poll, :some]

    def source(at: int, column: int) -> str:
        name, choice = (COLUMNS[column], ()) if column < VOTES else (Quantity.VOTES, (column - VOTES,))
        return figures[name].places.text(int(unit[at]), int(poll[at]), *choice) if name in figures else ""

    return PieceFigures(kind, file, values, source)


def _machines(evidence: LinedEvidence, unit: Ints, poll: Ints, width: int) -> PieceFigures:
    """The machines' counts, where they are the bureau's day; votes that were on paper are in its votes found only."""
    machines = evidence.machines
    if machines is None:
        raise ValueError("no machine")
    at = unit, poll
    values = np.full((len(unit), width), MISSING, np.int64)
    paper = evidence.once(paper_part)[at]
    cast, blank = machines.cast.values[at], machines.blank.values[at]
    values[:, REGISTERED] = machines.registered.values[at]
    values[:, FOUND] = np.where(cast >= 0, cast + paper, cast)
    whole = (paper == 0) & (cast >= 0)
    values[:, BLANK] = np.where(whole, blank, MISSING)
    values[:, NULL] = np.where(whole & evidence.once(all_by_machine)[at], 0, MISSING)
    tallies = evidence.once(machine_votes)
    if tallies is not None:
        some = min(tallies.shape[2], width - VOTES)
        values[:, VOTES : VOTES + some] = np.where(whole[:, None], tallies[at][:, :some], MISSING)
    kind = EXPORT if evidence.exports is not None else URN
    day = evidence.once(whole_day)
    votes = machines.cast.places if day is None else day.places

    def source(row: int, column: int) -> str:
        places = votes if column == FOUND else machines.cast.places
        return places.text(int(unit[row]), int(poll[row]))

    return PieceFigures(kind, "", values, source)


def _urns(evidence: LinedEvidence, urns: UrnLines, unit: Ints, poll: Ints, width: int) -> PieceFigures:
    """Recount the urns where there is the image of every urn of the bureau, and its export."""
    size, sizes = len(evidence.universe), evidence.contests.sizes()
    values = np.full((len(unit), width), MISSING, np.int64)
    used = np.flatnonzero(urns.used)
    image_of = np.full(size, -1, np.int64)
    image_of[urns.unit[used]] = used
    due = np.ones(evidence.shape, np.int64) if evidence.machines is None else evidence.machines.parts
    column = np.arange(width)
    for index, number in enumerate(evidence.polls):
        images = used[urns.export[used, number - 1] >= 0]
        counts = _recounted(urns, images, number, size, width)
        parts = np.bincount(urns.unit[images], minlength=size)
        there = np.flatnonzero((poll == index) & (parts[unit] > 0) & (parts[unit] == due[unit, index]))
        choices = sizes[unit[there], index][:, None]
        counted = (column == FOUND) | (column == BLANK) | ((column >= VOTES) & (column < VOTES + choices))
        values[there] = np.where(counted, counts[unit[there]], MISSING)
    if not evidence.contests.official:  # then the order of the panel is not known for sure
        values[:, VOTES:] = MISSING
    return PieceFigures(URN, "", values, lambda at, column: urns.place(int(image_of[unit[at]])))


def _recounted(urns: UrnLines, images: Ints, number: int, size: int, width: int) -> Ints:
    """The sums of a recount of some images in one poll, by bureau; shape ``(size, width)``."""
    counts: Ints = np.zeros((size, width), np.int64)
    columns, of, at = urns.columns, urns.unit[images], number - 1
    some = min(columns["tallies"].shape[2], width - VOTES)
    np.add.at(counts[:, FOUND], of, columns["cast"][images, at])
    np.add.at(counts[:, BLANK], of, columns["blank"][images, at])
    np.add.at(counts[:, VOTES : VOTES + some], of, columns["tallies"][images, at][:, :some])
    return counts
