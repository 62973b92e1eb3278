"""The way up, step by step: where a figure is not that of the document which the step copies, and what speaks of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from protocol.quantities import VOTERS
from protocol.transmission import CORRECTING, StepUp, ancestors
from protocol.words import Text, msg
from verify.model.evidence import Counted, LinedEvidence, LinedVotes
from verify.model.figures import Bools, Figures, Ints, Places, absent, hits, nowhere
from verify.model.transmission import VOTES, StatedCorrections, WayUp

RECORD = msg("the bureau's PV")
"""What the way begins with."""
_STEPS = tuple(StepUp)
_LEAST_DIFFERENT = 3
"""Figures of a row that differ at least where it may be another bureau's."""
_MOST_LOOKED_AT = 5000
"""Rows of one step that are looked at for whose they are, at most."""
_EDITIONS = (StepUp.NIGHT, StepUp.PROVISIONAL, StepUp.DEFINITIVE)


class Change(IntEnum):
    """Kind of difference between a figure and the one it copies."""

    UNEXPLAINED = 0
    SETTLED = 1
    """A later document corrects it."""
    RECORDED = 2
    """A document says so."""
    UNRECORDED = 3
    """At a step that may correct, and no document says so."""
    STALE = 4
    """Of before a correction that had been made."""
    OF_ANOTHER = 5
    """Its row is another bureau's."""


@dataclass(frozen=True, slots=True)
class WayDocument:
    """The figures of one step; or, without a step, those of the bureaux' PVs.

    Attributes:
        figures: counts, then votes by panel, each of shape ``(units, polls)``.
        present: where it has a row.
    """

    step: StepUp | None
    label: Text
    figures: tuple[Figures, ...]
    present: Bools


@dataclass(frozen=True, slots=True)
class StepChanges:
    """Differences of one step from the document that it copies, ``n`` of them.

    Attributes:
        now, before: both documents.
        unit, poll, column: of each figure, shape ``(n,)``.
        change: what each is, a `Change`, shape ``(n,)``.
        said: row among the stated corrections that speaks of it, -1 for none, shape ``(n,)``.
        other: the bureau whose row it is of, -1 for its own, shape ``(n,)``.
        lost: bureaux that the other document has and this one lacks, shape ``(units, polls)``.
        compared: both figures of each column that both documents have.
    """

    now: WayDocument
    before: WayDocument
    unit: Ints
    poll: Ints
    column: Ints
    change: Ints
    said: Ints
    other: Ints
    lost: Bools
    compared: tuple[tuple[Figures, Figures], ...]

    def are(self, change: Change) -> Bools:
        """Select the differences of a kind, shape ``(n,)``."""
        return np.asarray(self.change == change, np.bool_)


def documents(evidence: LinedEvidence) -> dict[StepUp | None, WayDocument]:
    """All documents of the way that there are, that of the PVs under None."""
    way = evidence.way_up
    if way is None:
        return {}
    found: dict[StepUp | None, WayDocument] = {}
    records, votes = evidence.records, evidence.votes
    if records is not None or votes is not None:
        stated = votes if evidence.contests.official else None
        figures = tuple(_of_records(records, stated, at, evidence.shape) for at in range(way.columns))
        there = np.zeros(evidence.shape, np.bool_) if records is None else records.present
        found[None] = WayDocument(None, RECORD, figures, there)
    for step, counted in way.steps.items():
        figures = tuple(_of_step(counted, at, evidence.shape) for at in range(way.columns))
        found[step] = WayDocument(step, step.label, figures, counted.present)
    return found


def _of_step(counted: Counted, column: int, shape: tuple[int, int]) -> Figures:
    name = VOTERS[column].value if column < VOTES else f"voix_{column - VOTES + 1}"
    figures = counted.figures.get(name)
    return Figures(name, absent(shape), nowhere(shape)) if figures is None else figures


def _of_records(records: Counted | None, votes: LinedVotes | None, column: int, shape: tuple[int, int]) -> Figures:
    """A count of the PVs, or the votes of one place on the panel."""
    if column < VOTES:
        name = VOTERS[column].value
        figures = None if records is None else records.figures.get(name)
        return Figures(name, absent(shape), nowhere(shape)) if figures is None else figures
    name, at = f"voix_{column - VOTES + 1}", column - VOTES
    if votes is None or at >= votes.values.shape[2]:
        return Figures(name, absent(shape), nowhere(shape))
    places = votes.places
    return Figures(
        name,
        votes.values[..., at],
        Places(places.files, places.file[..., at], places.at[..., at], places.pieces, places.parts),
    )


def before_of(found: dict[StepUp | None, WayDocument], step: StepUp) -> WayDocument | None:
    """The nearest document that a step copies: one that is not there is passed over."""
    return next((found[each] for each in (*ancestors(step), None) if each in found), None)


def step_changes(evidence: LinedEvidence) -> list[StepChanges] | None:
    """Each step that can be compared with the one before it; None without documents of the way."""
    way = evidence.way_up
    if way is None:
        return None
    found = evidence.once(documents)
    stated = way.corrections
    compared = []
    for step in way.steps:
        before = before_of(found, step)
        if before is not None:
            compared.append(_compared(evidence, way, found[step], before, stated))
    return compared


def _compared(
    evidence: LinedEvidence,
    way: WayUp,
    now: WayDocument,
    before: WayDocument,
    stated: StatedCorrections | None,
) -> StepChanges:
    step = _step_of(now)
    parts: list[tuple[Ints, Ints, Ints]] = []
    for column, (ours, theirs) in enumerate(zip(now.figures, before.figures, strict=True)):
        mask = ours.known & theirs.known & (ours.values != theirs.values)
        unit, poll = hits(np.asarray(mask, np.bool_))
        parts.append((unit, poll, np.full(len(unit), column, np.int64)))
    if step is StepUp.NIGHT and stated is not None:
        parts.append(_late(way, now, stated))
    unit, poll, columns = (np.concatenate([part[axis] for part in parts]) for axis in range(3))
    change = np.full(len(unit), Change.UNRECORDED if step in CORRECTING else Change.UNEXPLAINED, np.int64)
    said = np.full(len(unit), -1, np.int64)
    other = _of_another(evidence, now, before, unit, poll)
    change[other >= 0] = Change.OF_ANOTHER
    if stated is not None:
        _explain(now, before, stated, (unit, poll, columns), change, said)
    pairs = tuple(zip(now.figures, before.figures, strict=True))
    return StepChanges(now, before, unit, poll, columns, change, said, other, _lost(evidence, now, before), pairs)


def _step_of(document: WayDocument) -> StepUp:
    if document.step is None:
        raise ValueError("a document of the way has a step")
    return document.step


def _explain(
    now: WayDocument,
    before: WayDocument,
    stated: StatedCorrections,
    cells: tuple[Ints, Ints, Ints],
    change: Ints,
    said: Ints,
) -> None:
    """Say of each figure that differs what the stated corrections say of it."""
    step = _step_of(now)
    of = _STEPS.index(step)
    path = {_STEPS.index(each) for each in ancestors(step)} - _on_the_way_to(before)
    corrected: dict[tuple[int, int, int], list[int]] = {}
    for row, key in enumerate(zip(stated.unit.tolist(), stated.poll.tolist(), stated.column.tolist(), strict=True)):
        corrected.setdefault(key, []).append(row)
    for at, key in enumerate(zip(*(axis.tolist() for axis in cells), strict=True)):
        ours, theirs = (int(each.figures[key[2]].values[key[:2]]) for each in (now, before))
        for row in corrected.get(key, ()):
            was, becomes, where = int(stated.before[row]), int(stated.after[row]), int(stated.step[row])
            if (where == of or where in path) and (was, becomes) == (theirs, ours):
                change[at], said[at] = Change.RECORDED, row
            elif where > of and step is not StepUp.NIGHT and (was, becomes) == (ours, theirs):
                change[at], said[at] = Change.SETTLED, row
            elif step in _EDITIONS and was == ours and (becomes == theirs or ours == theirs):
                change[at], said[at] = Change.STALE, row


def _on_the_way_to(before: WayDocument) -> set[int]:
    """The steps whose corrections a document has already."""
    if before.step is None:
        return set()
    return {_STEPS.index(before.step), *(_STEPS.index(each) for each in ancestors(before.step))}


def _late(way: WayUp, now: WayDocument, stated: StatedCorrections) -> tuple[Ints, Ints, Ints]:
    """Figures of the night edition that were corrected when it was written, and are still as before."""
    hours = way.steps[_step_of(now)].figures.get("heure")
    if hours is None or not len(stated.unit):
        return (np.zeros(0, np.int64),) * 3
    values = np.stack([figures.values for figures in now.figures], axis=2)[stated.unit, stated.poll, stated.column]
    written = hours.values[stated.unit, stated.poll]
    late = (values == stated.before) & (stated.hour >= 0) & (written > stated.hour)
    return stated.unit[late], stated.poll[late], stated.column[late]


def _of_another(evidence: LinedEvidence, now: WayDocument, before: WayDocument, unit: Ints, poll: Ints) -> Ints:
    """For each figure that differs the bureau of its commune whose whole row it stands in, -1 for none."""
    other = np.full(len(unit), -1, np.int64)
    polls = len(evidence.polls)
    rows, inverse, counts = np.unique(unit * polls + poll, return_inverse=True, return_counts=True)
    ours, theirs = (np.stack([figures.values for figures in each.figures], axis=2) for each in (now, before))
    universe = evidence.universe
    ends = np.append(universe.communes[1:], len(universe))
    for at in np.flatnonzero(counts >= _LEAST_DIFFERENT)[:_MOST_LOOKED_AT].tolist():
        mine, of = divmod(int(rows[at]), polls)
        commune = int(universe.commune_number[mine])
        units = np.arange(int(universe.communes[commune]), int(ends[commune]))
        row = ours[mine, of]
        same = ((theirs[units, of] == row) | (row < 0)).all(axis=1) & (units != mine)
        if same.sum() == 1:
            other[inverse.reshape(-1) == at] = units[same][0]
    return other


def _lost(evidence: LinedEvidence, now: WayDocument, before: WayDocument) -> Bools:
    """Bureaux of a place of which a document has others, and which the one before it has."""
    universe = evidence.universe
    _, place = np.unique(np.where(universe.department == "", universe.insee, universe.department), return_inverse=True)
    place = place.reshape(-1)
    covered = np.zeros((int(place.max(initial=-1)) + 1, len(evidence.polls)), np.bool_)
    np.logical_or.at(covered, place, now.present)
    return np.asarray(before.present & ~now.present & covered[place], np.bool_)
