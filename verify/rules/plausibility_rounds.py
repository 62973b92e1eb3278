"""P409, P411, P413, P414, P416: screens that need two rounds side by side.

P416 looks only where the other round says much of this one: the same choice stood in both, and the slope of all bureaux
takes away a good part of the spread within communes. Measured on 2017 in `docs/studies/forecasts.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from verify.columns.needs import (
    ComparableBureaux,
    Contests,
    Limits,
    OnMachines,
    OtherRoundCounts,
    OtherRoundVotes,
    Polls,
    ScreenedCounts,
    ScreenedVotes,
    Universe,
)
from verify.model.checks import check
from verify.model.contests import match
from verify.model.figures import Bools, Figures, Ints, Places
from verify.model.rule_results import Named, One, Side, Where, one, side_at, side_of, where
from verify.model.thresholds import Thresholds
from verify.statistics.distributions import Floats
from verify.statistics.expected import expected, spread
from verify.statistics.leave_one_out import Scores, least_group, scores, significant


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


LEAST_BUREAUX = 200
"""Bureaux from which a slope can be had."""
MOST_LEFT = 0.6
"""What may be left of the spread within communes for the other round to be worth asking."""


@dataclass(frozen=True, slots=True)
class ExpectedChoice:
    """One choice that stood in both rounds; all arrays of shape ``(m,)``, an entry for each bureau compared.

    Attributes:
        choice: its index in this round's contest.
        unit: the bureaux.
        votes, valid: of the choice, and in all, as ``(this round, the other)``.
        expected: what the other round says of its share, on the scale of the arc sine.
        result: how far what is left is from the others of the commune.
    """

    choice: int
    unit: Ints
    votes: tuple[Ints, Ints]
    valid: tuple[Ints, Ints]
    expected: Floats
    result: Scores


@check("P416")
def expected_choices(
    counts: ScreenedCounts,
    votes: ScreenedVotes,
    other: OtherRoundVotes,
    comparable: ComparableBureaux,
    universe: Universe,
    contests: Contests,
    limits: Limits,
) -> Iterator[One]:
    """P416: of several choices in one bureau the one that is farthest out. Only where all bureaux have one contest."""
    poll, (by_choice, places) = other.poll, votes
    of = np.unique(contests.of[:, poll])
    of = of[of >= 0]
    if len(of) != 1:
        return
    least = max(limits.screen_votes, 1)
    whole = np.where((other.values >= 0).all(axis=1), other.values.sum(axis=1), -1)
    valid = counts.valid.values[:, poll]
    enough = (counts.found.values[:, poll] >= least) & ~counts.annulled[:, poll] & (valid > 0) & (whole >= least)
    found: list[ExpectedChoice] = []
    for label, choice in enumerate(match(other.labels, contests.contests[int(of[0])].choices)):
        if choice is None:
            continue
        here, there = by_choice[:, poll, choice], other.values[:, label]
        unit = np.flatnonzero(enough & (here >= 0) & (here <= valid))
        both = (here[unit], there[unit]), (valid[unit], whole[unit])
        each = _compared(limits, choice, unit, *both, comparable[unit, poll])
        found += [] if each is None else [each]
    yield from _farthest(found, poll, limits, places, universe, contests)


def _compared(
    limits: Thresholds, choice: int, unit: Ints, votes: tuple[Ints, Ints], valid: tuple[Ints, Ints], group: Ints
) -> ExpectedChoice | None:
    """A choice, None where there are too few bureaux for a slope or the other round says little of this one."""
    kept = np.bincount(group, minlength=int(group.max(initial=-1)) + 1)[group] >= least_group(limits.screen_bureaux)
    if int(kept.sum()) < LEAST_BUREAUX:
        return None
    unit, group = unit[kept], np.asarray(np.unique(group[kept], return_inverse=True)[1], np.int64)
    votes, valid = (votes[0][kept], votes[1][kept]), (valid[0][kept], valid[1][kept])
    share, before = (
        np.arcsin(np.sqrt((part + 0.375) / (all_ + 0.75))) for part, all_ in zip(votes, valid, strict=True)
    )
    says = expected(share, before[:, None], group)
    if spread(share - says, group) > MOST_LEFT * spread(share, group):
        return None
    noise: Floats = 0.5 / np.sqrt(valid[0] + 0.5)
    result = scores(share - says, group, noise, limits.screen_bureaux, limits.screen_spread_percent)
    return ExpectedChoice(choice, unit, votes, valid, says, result)


def _farthest(
    found: list[ExpectedChoice], poll: int, limits: Thresholds, places: Places, universe: Universe, contests: Contests
) -> Iterator[One]:
    """The findings: corrected for all bureaux and choices together, one for each bureau."""
    if not found:
        return
    names = ("score", "middle", "size")
    result = Scores(*(np.concatenate([getattr(each.result, name) for each in found]) for name in names))
    of = np.repeat(np.arange(len(found)), [len(each.unit) for each in found])
    row = np.concatenate([np.arange(len(each.unit)) for each in found])
    unit = np.concatenate([each.unit for each in found])
    out = np.flatnonzero(significant(result, limits.screen_one_in))
    out = out[np.argsort(-np.abs(result.score[out]), kind="stable")]
    _, first = np.unique(unit[out], return_index=True)
    for at in out[first].tolist():
        each, here = found[int(of[at])], int(row[at])
        bureau = int(unit[at])
        valid = int(each.valid[0][here])
        due = float(np.clip(result.middle[at] + each.expected[here], 0, np.pi / 2))
        tenths = abs(round(10 * float(result.score[at])))
        yield one(
            (bureau, poll),
            Side(
                places.text(bureau, poll, each.choice),
                int(each.votes[0][here]),
                Quantity.VOTES,
                places.piece(bureau, poll, each.choice),
            ),
            Side(str(universe.insee[bureau]), round(float(np.sin(due)) ** 2 * valid), Quantity.VOTES),
            field=contests.label(bureau, poll, each.choice),
            valid=valid,
            other_votes=int(each.votes[1][here]),
            other_valid=int(each.valid[1][here]),
            others=int(result.size[at]) - 1,
            score=f"{tenths // 10}.{tenths % 10}",
        )
