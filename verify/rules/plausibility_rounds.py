"""P409, P411, P413, P414: what only two rounds side by side can show."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.columns.screened import other_round, screened
from verify.model.evidence import Evidence
from verify.model.figures import Figures, Ints
from verify.model.findings import Finding, Found, finding, where
from verify.model.holds import Side


def no_null_votes(evidence: Evidence) -> Iterator[Finding]:
    """P409: in two rounds not one null vote in a commune that is not known to count by machine."""
    counts, other = evidence.once(screened), evidence.once(other_round)
    if other is None:
        return
    communes, number = np.unique(evidence.universe.insee, return_inverse=True)
    first = np.unique(number, return_index=True)[1]
    machine = np.bincount(number, counts.machine.any(axis=1), len(communes)) > 0
    for poll, scrutin in enumerate(evidence.polls):
        here = counts.null.known[:, poll] & counts.found.known[:, poll]
        there = other.null.known[:, poll] & other.found.known[:, poll]
        unknown = _sum(number, ~(here & there))
        null = _sum(number, np.where(counts.annulled[:, poll], 0, counts.null.values[:, poll]))
        null += _sum(number, np.where(other.annulled[:, poll], 0, other.null.values[:, poll]))
        votes = _sum(number, np.where(counts.annulled[:, poll], 0, counts.found.values[:, poll]))
        other_votes = _sum(number, np.where(other.annulled[:, poll], 0, other.found.values[:, poll]))
        enough = votes + other_votes >= evidence.thresholds.no_null_votes
        for commune in np.flatnonzero((unknown == 0) & (null == 0) & enough & ~machine).tolist():
            at = int(first[commune]), poll
            yield finding(
                "P409",
                Side(counts.null.places.text(*at), 0),
                Side(counts.found.places.text(*at), int(votes[commune])),
                field="null",
                insee=str(communes[commune]),
                poll=scrutin,
                details={"other_votes": int(other_votes[commune])},
            )


def _sum(number: Ints, values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Ints:
    """Sums by commune; exact, as counts are below 2**28 and sums of them below 2**53."""
    return np.asarray(np.bincount(number, values.astype(np.float64)), np.int64)


def rolls(evidence: Evidence) -> Iterator[Found]:
    """P411, P413: a roll that jumped between rounds; two bureaux whose rolls were exchanged, which says more."""
    counts, other = evidence.once(screened), evidence.once(other_round)
    if other is None:
        return
    limits, now, before = evidence.thresholds, counts.registered, other.registered
    change = np.where(now.known & before.known, np.abs(now.values - before.values), 0)
    far = (change >= limits.registered_jump) & (change > 0)
    exchanged = np.zeros(evidence.shape, np.bool_)
    for one, two in _exchanges(evidence, now, before, np.argwhere(far)):
        exchanged[one] = exchanged[two] = True
        yield finding(
            "P413",
            Side(now.places.text(*one), int(now.values[one])),
            Side(now.places.text(*two), int(now.values[two])),
            field="registered",
            insee=str(evidence.universe.insee[one[0]]),
            bureau=str(evidence.universe.bureau[one[0]]),
            poll=evidence.polls[one[1]],
            details={"other": str(evidence.universe.bureau[two[0]])},
        )
    jumped = far & (change * 100 > limits.registered_jump_percent * before.values) & ~exchanged
    yield from where(evidence, "P411", jumped, now, before)


def _exchanges(
    evidence: Evidence, now: Figures, before: Figures, rows: Ints
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of bureaux of a commune of which each has now what the other had before, and no third one has."""
    moves: dict[tuple[str, int, int, int], list[tuple[int, int]]] = {}
    for unit, poll in rows.tolist():
        insee = str(evidence.universe.insee[unit])
        moves.setdefault((insee, poll, int(before.values[unit, poll]), int(now.values[unit, poll])), []).append(
            (unit, poll)
        )
    for (insee, poll, old, new), here in moves.items():
        there = moves.get((insee, poll, new, old), [])
        if len(here) == len(there) == 1 and here < there:
            yield here[0], there[0]


def written_over(evidence: Evidence) -> Iterator[Found]:
    """P414: the voters on the roll of one round are the votes found in the other, though the roll had moved."""
    counts, other = evidence.once(screened), evidence.once(other_round)
    if other is None:
        return
    least = max(evidence.thresholds.screen_votes, 1)
    moved = (counts.registered.values != other.registered.values) & other.registered.known & counts.registered.known
    # as many votes as voters in one round is P407
    here = moved & (counts.registered.values == other.found.values) & (other.found.values != other.registered.values)
    yield from where(evidence, "P414", here & (counts.registered.values >= least), counts.registered, other.found)
    there = moved & (other.registered.values == counts.found.values) & (counts.found.values != counts.registered.values)
    yield from where(evidence, "P414", there & (other.registered.values >= least), counts.found, other.registered)
