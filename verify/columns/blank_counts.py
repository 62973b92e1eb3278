"""What tables leave blank: counts of a row, columns that no row fills in, choices without votes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from verify.columns.counts import listed_voters
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import BLANK, MISSING, Bools, Places
from verify.model.universe import MACHINE


@dataclass(frozen=True, slots=True)
class BlankCounts:
    """One table of counts, and what it leaves blank.

    Attributes:
        counted: the table.
        kind: of evidence.
        blank: by count, where a row leaves it blank that should have it; shape ``(units, polls)``. Without the counts
            that no row has, and without what the table is for: the signatures of the sign-in lists.
        empty: the counts that of several rows none has.
        complete: whether this kind of evidence was declared complete.
    """

    counted: Counted
    kind: EvidenceKind
    blank: dict[Quantity, Bools]
    empty: tuple[Quantity, ...]
    complete: bool


def blank_counts(evidence: LinedEvidence) -> list[BlankCounts] | None:
    """Each table of counts and what it leaves blank; None without any."""
    tables: tuple[tuple[EvidenceKind, Counted | None, tuple[Quantity, ...]], ...] = (
        (EvidenceKind.RECORDS, evidence.records, VOTERS),
        (EvidenceKind.SIGNATURES, evidence.signatures, (Quantity.REGISTERED, Quantity.SIGNATURES)),
        (EvidenceKind.TABULATION, evidence.tabulation, VOTERS),
    )
    if evidence.universe.official:
        listed, every = evidence.once(listed_voters), np.ones(evidence.shape, np.bool_)
        of_list = Counted({listed.name: listed}, every, every)
        tables = (*tables, (EvidenceKind.UNIVERSE, of_list, (Quantity.REGISTERED,)))
    found = []
    for kind, counted, names in tables:
        if counted is not None:
            empty = tuple(name for name in names if is_empty(evidence, counted, name))
            own = {Quantity.SIGNATURES} if kind is EvidenceKind.SIGNATURES else set()
            blank = {name: _blank(evidence, counted, name) for name in names if name not in (*empty, *own)}
            found.append(BlankCounts(counted, kind, blank, empty, evidence.complete(kind)))
    return found or None


def is_empty(evidence: LinedEvidence, counted: Counted, name: str) -> bool:
    """Whether a table has a column and of several rows none that has this count."""
    there = counted.present
    if name == Quantity.NULL:
        there = there & (evidence.universe.counting != MACHINE)[:, None]
    return int(there.sum()) > 1 and bool((counted[name].values[there] == BLANK).all())


def _blank(evidence: LinedEvidence, counted: Counted, name: str) -> Bools:
    """Where a row that can be read leaves a count blank; null votes may be blank, as a machine takes none."""
    blank = (counted[name].values == BLANK) & ~_of_short_rows(evidence, counted[name].places)
    if name == Quantity.NULL:
        blank &= (evidence.universe.counting != MACHINE)[:, None]
    return np.asarray(blank, np.bool_)


def _of_short_rows(evidence: LinedEvidence, places: Places) -> Bools:
    """Which places are rows that have too few cells, or cannot be split."""
    rows = {(problem.file, problem.row) for problem in evidence.problems if problem.row and problem.column is None}
    short = np.zeros(places.file.shape, np.bool_)
    for index, file in enumerate(places.files):
        of_file = [row for name, row in rows if file == f"{name}:"]
        if of_file:
            short |= (places.file == index) & np.isin(places.at, of_file)
    return short


def choices_lacking(evidence: LinedEvidence) -> Bools | None:
    """Choices without votes in a bureau that has those of others, shape ``(units, polls, width)``; None without votes.

    Not where a row is of something that is no choice there: it may stand in the place of one. Of lists that are not
    official, a choice that most of a contest's others are without may be of another constituency.
    """
    votes, contests = evidence.votes, evidence.contests
    if votes is None:
        return None
    if votes.values.min(initial=0) >= 0:
        return np.zeros(votes.values.shape, np.bool_)
    sizes = contests.sizes()
    inside = np.arange(votes.values.shape[2]) < sizes[:, :, None]
    blank = (votes.values == BLANK) & ~_of_short_rows(evidence, votes.places)
    lacks = inside & ((votes.values == MISSING) | blank)
    lacks &= (evidence.once(some_votes) & (votes.strange_rows == 0))[:, :, None]
    if not contests.official:
        lacks &= (2 * (inside & ~lacks).sum(axis=2) > sizes)[:, :, None]
    return np.asarray(lacks, np.bool_)


def some_votes(evidence: LinedEvidence) -> Bools:
    """Where a bureau has the votes of a choice at least, shape ``(units, polls)``."""
    votes = evidence.votes
    if votes is None:
        return np.zeros(evidence.shape, np.bool_)
    inside = np.arange(votes.values.shape[2]) < evidence.contests.sizes()[:, :, None]
    return np.asarray((inside & (votes.values >= 0)).any(axis=2), np.bool_)
