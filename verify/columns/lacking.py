"""Gaps of the evidence: bureaux that a piece has no row of, and counts that its rows leave blank.

A row that names another poll, or another bureau by one slip, is of the bureau that it means: it does not lack.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from verify.columns.counts import listed_voters
from verify.columns.sources import editions, of_dumps, of_table
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import BLANK, MISSING, Bools, Figures, Places
from verify.model.universe import MACHINE
from verify.model.use import NOTHING_FILLED_IN, Used


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
    """Check that a table has a column for this count, and no value in any of several rows."""
    there = counted.present
    if name == Quantity.NULL:
        there = there & (evidence.universe.counting != MACHINE)[:, None]
    return int(there.sum()) > 1 and bool((counted[name].values[there] == BLANK).all())


def _blank(evidence: LinedEvidence, counted: Counted, name: str) -> Bools:
    """Find readable rows that leave a count blank; null votes may be blank, as a machine takes none."""
    blank = (counted[name].values == BLANK) & ~_of_short_rows(evidence, counted[name].places)
    if name == Quantity.NULL:
        blank &= (evidence.universe.counting != MACHINE)[:, None]
    return np.asarray(blank, np.bool_)


def _of_short_rows(evidence: LinedEvidence, places: Places) -> Bools:
    """Find places in rows that have too few cells, or cannot be split."""
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
    """Find bureaux with the votes of at least one choice, shape ``(units, polls)``."""
    votes = evidence.votes
    if votes is None:
        return np.zeros(evidence.shape, np.bool_)
    inside = np.arange(votes.values.shape[2]) < evidence.contests.sizes()[:, :, None]
    return np.asarray((inside & (votes.values >= 0)).any(axis=2), np.bool_)


MOST_NAMED = 100
"""For so many unknown bureaux of one kind the one that is meant is looked for."""


@dataclass(frozen=True, slots=True)
class Lack:
    """The bureaux and polls that a kind of evidence lacks.

    Attributes:
        kind: of evidence, as the rulebook names it.
        source: the files that lack them, empty where none was given.
        missing: shape ``(units, polls)``.
        complete: whether the kind was declared complete.
        figures: the count that is missing, where a row may leave it blank.
    """

    kind: EvidenceKind
    source: str
    missing: Bools
    complete: bool
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class UnknownExport:
    """An export of a bureau that is not on the list: its index, its codes, and the bureau that it probably means."""

    record: int
    insee: str
    bureau: str
    nearest: str | None


def unknown_exports(evidence: LinedEvidence) -> list[UnknownExport] | None:
    """Exports of bureaux that are not on the official list; None without exports or without that list."""
    exports, universe = evidence.exports, evidence.universe
    if exports is None or not universe.official:
        return None
    found = []
    for index, record in enumerate(np.flatnonzero(exports.whole & ~exports.foreign & (exports.unit < 0)).tolist()):
        row = exports.columns[record]
        insee, bureau = row["insee"].decode("ascii"), row["bureau"].decode("ascii")
        nearest = universe.nearest(insee, bureau) if index < MOST_NAMED else None
        found.append(UnknownExport(record, insee, bureau, nearest))
    return found


def lacks(evidence: LinedEvidence) -> list[Lack]:
    """Everything that bureaux lack, one kind of evidence after another."""
    found = (
        exports_lacking(evidence),
        signatures_lacking(evidence),
        records_lacking(evidence),
        *published_lacking(evidence),
        urns_lacking(evidence),
    )
    return [each for each in found if each is not None]


def exports_lacking(evidence: LinedEvidence) -> Lack | None:
    """Machine bureaux without an export, or without one for each machine that the sealing record names."""
    machines = np.broadcast_to((evidence.universe.counting == MACHINE)[:, None], evidence.shape)
    exports = evidence.exports
    if exports is None:
        return _lack(evidence, EvidenceKind.EXPORTS, "", machines)
    missing = machines & (exports.counts.parts < np.maximum(evidence.universe.parts, 1)[:, None])
    for each in evidence.once(unknown_exports) or ():
        if each.nearest:
            _take_out(evidence, missing, each.insee, each.nearest, int(exports.columns["poll"][each.record]))
    units = exports.unit[exports.whole & ~exports.foreign & (exports.poll < 0)]
    missing[units[units >= 0]] = False
    return _lack(evidence, EvidenceKind.EXPORTS, of_dumps(exports.names), missing)


def signatures_lacking(evidence: LinedEvidence) -> Lack | None:
    """Bureaux without a count on the sign-in lists, of which some bureau has one."""
    lists = evidence.signatures
    if lists is not None and is_empty(evidence, lists, "signatures"):
        return None
    lack = _of_table(evidence, EvidenceKind.SIGNATURES, lists, None if lists is None else lists["signatures"].known)
    return lack if lack is None or lists is None else replace(lack, figures=lists["signatures"])


def records_lacking(evidence: LinedEvidence) -> Lack | None:
    """Bureaux without a PV."""
    records = evidence.records
    return _of_table(evidence, EvidenceKind.RECORDS, records, None if records is None else records.present)


def _of_table(evidence: LinedEvidence, kind: EvidenceKind, table: Counted | None, has: Bools | None) -> Lack | None:
    """Bureaux that a table lacks, of those that are due to be in it."""
    there = np.zeros(evidence.shape, np.bool_) if has is None else has
    return _lack(evidence, kind, of_table(table), ~there & _in_its_communes(evidence, kind, there))


def published_lacking(evidence: LinedEvidence) -> list[Lack | None]:
    """Bureaux that a published file lacks of a commune that it covers, and all of a poll that no file given is of.

    Where the results were declared complete, those of communes that no file covers as well.
    """
    universe = evidence.universe
    lacks, polls = [], np.zeros(len(evidence.polls), np.bool_)
    rest, sources = np.ones(evidence.shape, np.bool_), list[str]()
    for edition in evidence.once(editions):
        of_edition = edition.present.any(axis=0)
        polls |= of_edition
        sources.append(edition.source)
        missing = ~edition.present & of_edition
        rows = np.flatnonzero(missing.any(axis=1))
        missing[rows] &= np.isin(universe.insee[rows], edition.insee)[:, None] if len(rows) else False
        rest &= ~(edition.present | missing)
        lacks.append(_lack(evidence, EvidenceKind.PUBLISHED, edition.source, missing))
    if evidence.complete("publie") and not evidence.of_no_poll:
        every = np.ones(evidence.shape, np.bool_) & ~polls
        lacks.append(_lack(evidence, EvidenceKind.PUBLISHED, "", every))
        lacks.append(_lack(evidence, EvidenceKind.PUBLISHED, ", ".join(sources), rest & polls))
    return lacks


def urns_lacking(evidence: LinedEvidence) -> Lack | None:
    """Machine bureaux without an image, or without one for each machine; of the first poll, as an urn has all."""
    universe, urns = evidence.universe, evidence.urns
    images = np.zeros(len(universe), np.int64)
    if urns is not None:
        np.add.at(images, urns.unit[urns.used], 1)  # of each part one
    first = np.zeros(evidence.shape, np.bool_)
    first[:, 0] = (universe.counting == MACHINE) & (images < np.maximum(universe.parts, 1))
    return _lack(evidence, EvidenceKind.URNS, of_dumps(None if urns is None else urns.names), first)


def votes_lacking(evidence: LinedEvidence) -> Bools | None:
    """Bureaux that have a PV and no votes by choice; shape ``(units, polls)``. None without either table."""
    votes, records = evidence.votes, evidence.records
    if votes is None or records is None:
        return None
    there = (votes.values != MISSING).any(axis=2)
    due = records.present & ~there & (evidence.contests.sizes() > 0)
    if there.any():  # votes of one commune lack in no other one
        due &= _in_its_communes(evidence, night.VOTES.kind, there)
    return _not_named(evidence, night.VOTES.kind, due)


def _lack(evidence: LinedEvidence, kind: EvidenceKind, source: str, missing: Bools) -> Lack | None:
    """Find gaps of a kind of evidence; None if there is none of it and none is due, or its file is not usable.

    Args:
        evidence: the bureaux.
        kind: of evidence.
        source: the files that lack them.
        missing: where; a table that nobody filled in can be used; shape ``(units, polls)``.
    """
    complete = evidence.complete(kind)
    if not evidence.lined(kind):
        given = [each for each in evidence.inputs if each.kind == kind and each.used is Used.NONE]
        if not complete or any(each.why != NOTHING_FILLED_IN for each in given):
            return None
    return Lack(kind, source, _not_named(evidence, kind, missing), complete)


def _not_named(evidence: LinedEvidence, kind: EvidenceKind, missing: Bools) -> Bools:
    """Those of some bureaux and polls that no row of some evidence means."""
    missing = missing.copy()
    for stray in evidence.strays:
        if stray.kind == kind and stray.nearest:
            _take_out(evidence, missing, stray.insee, stray.nearest, stray.poll)
    for each in evidence.other_polls:
        if each.kind == kind:
            missing[each.unit[each.unit >= 0]] = False
    return missing


def _take_out(evidence: LinedEvidence, missing: Bools, insee: str, bureau: str, poll: int) -> None:
    """A bureau lacks nothing in the poll of that number; in none, where it is of no poll of the day."""
    unit = evidence.universe.index(insee, bureau)
    if unit >= 0:
        missing[unit, evidence.polls.index(poll) if poll in evidence.polls else slice(None)] = False


def _in_its_communes(evidence: LinedEvidence, kind: str, there: Bools) -> Bools:
    """Find bureaux due to have a kind of evidence: all of the official list, or of the communes that have any.

    Shape ``(units, 1)``. PVs of one commune beside results of the nation lack in none of the other communes.
    """
    universe = evidence.universe
    if universe.official or evidence.complete(kind):
        return np.ones((len(universe), 1), np.bool_)
    return universe.in_communes_of(there.any(axis=1))[:, None]
