"""P409, P411, P413, P414: screens that need two rounds side by side."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.columns.needs import (
    Limits,
    OnMachines,
    OtherRoundCounts,
    Polls,
    ScreenedCounts,
    Universe,
)
from verify.model.checks import check
from verify.model.figures import Bools, Figures, Ints
from verify.model.rule_results import Named, One, Where, one, side_at, side_of, where


@check("P409")
def no_null_votes(
    counts: ScreenedCounts,
    other: OtherRoundCounts,
    on_machines: OnMachines,
    universe: Universe,
    polls: Polls,
    limits: Limits,
) -> Iterator[One]:
    """P409: in two rounds not one null vote in a commune that is not known to count by machine."""
    communes, number = universe.insee[universe.communes], universe.commune_number
    first = universe.communes
    machine = np.bincount(number, on_machines.any(axis=1), len(communes)) > 0
    for poll, scrutin in enumerate(polls):
        here = counts.null.known[:, poll] & counts.found.known[:, poll]
        there = other.null.known[:, poll] & other.found.known[:, poll]
        unknown = _sum(number, ~(here & there))
        null = _sum(number, np.where(counts.annulled[:, poll], 0, counts.null.values[:, poll]))
        null += _sum(number, np.where(other.annulled[:, poll], 0, other.null.values[:, poll]))
        votes = _sum(number, np.where(counts.annulled[:, poll], 0, counts.found.values[:, poll]))
        other_votes = _sum(number, np.where(other.annulled[:, poll], 0, other.found.values[:, poll]))
        enough = votes + other_votes >= limits.no_null_votes
        for commune in np.flatnonzero((unknown == 0) & (null == 0) & enough & ~machine).tolist():
            at = int(first[commune]), poll
            left = side_at(counts.null, *at, value=0, quantity="null in all")
            right = side_at(counts.found, *at, value=int(votes[commune]), quantity="votes_found in all")
            place = Named(str(communes[commune]), poll=scrutin)
            yield one(place, left, right, field="null", other_votes=int(other_votes[commune]))


def _sum(number: Ints, values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Ints:
    """Sums by commune; exact, as counts are below 2**28 and sums of them below 2**53."""
    return np.asarray(np.bincount(number, values.astype(np.float64)), np.int64)


@check("P411")
def rolls_jumped(counts: ScreenedCounts, other: OtherRoundCounts, limits: Limits) -> Where:
    """P411: a roll that jumped between rounds."""
    now, before = counts.registered, other.registered
    change = _change(now, before)
    jumped = _far(change, limits) & (change * 100 > limits.registered_jump_percent * before.values)
    return where(jumped, now, before)


@check("P413")
def rolls_exchanged(
    counts: ScreenedCounts, other: OtherRoundCounts, universe: Universe, limits: Limits
) -> Iterator[One]:
    """P413: two bureaux of a commune of which each has now the roll that the other had, and no third one has."""
    now, before = counts.registered, other.registered
    moves: dict[tuple[str, int, int, int], list[tuple[int, int]]] = {}
    for unit, poll in np.argwhere(_far(_change(now, before), limits)).tolist():
        key = str(universe.insee[unit]), poll, int(before.values[unit, poll]), int(now.values[unit, poll])
        moves.setdefault(key, []).append((unit, poll))
    for (insee, poll, old, new), here in moves.items():
        there = moves.get((insee, poll, new, old), [])
        if len(here) == len(there) == 1 and here < there:
            left, right = (side_of(now, *at) for at in (here[0], there[0]))
            yield one(here[0], left, right, field="registered", other=str(universe.bureau[there[0][0]]))


def _change(now: Figures, before: Figures) -> Ints:
    return np.where(now.known & before.known, np.abs(now.values - before.values), 0)


def _far(change: Ints, limits: Limits) -> Bools:
    return np.asarray((change >= limits.registered_jump) & (change > 0), np.bool_)


@check("P414")
def written_over(counts: ScreenedCounts, other: OtherRoundCounts, limits: Limits) -> Iterator[Where]:
    """P414: the voters on the roll of one round are the votes found in the other, though the roll had moved.

    Where everybody voted in both rounds the roll has not moved: nothing tells that a figure was written over.
    """
    least = max(limits.screen_votes, 1)
    now, before = counts.registered, other.registered
    moved = (now.values != before.values) & before.known & now.known
    here = moved & (now.values == other.found.values)
    yield where(here & (now.values >= least), now, other.found)
    there = moved & (before.values == counts.found.values)
    yield where(there & (before.values >= least), counts.found, before)
