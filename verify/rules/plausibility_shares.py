"""P402 to P404: a bureau out of line with the other bureaux of its commune. It may have a good reason; most have one.

Shares are put on the scale on which chance weighs equally everywhere (the arc sine of the square root), held against
the median of the others, and corrected for the number of bureaux and choices looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.quantities import Quantity
from verify.columns.needs import (
    ComparableBureaux,
    Contests,
    Limits,
    OtherRoundCounts,
    ScreenedCounts,
    ScreenedVotes,
    Universe,
)
from verify.model.checks import check
from verify.model.figures import Bools, Ints
from verify.model.holds import One, Side, one, side_of
from verify.model.thresholds import Thresholds
from verify.statistics.distributions import Floats
from verify.statistics.leave_one_out import Scores, least_group, scores, significant

_AT_ONCE = 2**16
"""Shares of so many choices at once as are that many: more would take more memory, and no less time."""


@check("P402")
def blanks(counts: ScreenedCounts, comparable: ComparableBureaux, universe: Universe, limits: Limits) -> Iterator[One]:
    """P402: the share of blank votes among the votes found."""
    blank, found = counts.blank, counts.found
    used = _enough(counts, comparable, limits) & blank.known & (blank.values <= found.values)
    unit, poll = np.nonzero(used)
    whole = found.values[used]
    result = _of_shares(limits, blank.values[used], whole, comparable[used])
    for row in np.flatnonzero(significant(result, limits.screen_one_in)).tolist():
        at, votes = (int(unit[row]), int(poll[row])), int(whole[row])
        left, right = side_of(blank, *at), _expected(result.middle[row], votes)
        others, score = _others(result, row), _score(result, row)
        yield one(at, left, _of_commune(universe, at, right), field="blank", votes=votes, others=others, score=score)


@check("P403")
def turnout(
    counts: ScreenedCounts,
    other: OtherRoundCounts,
    comparable: ComparableBureaux,
    universe: Universe,
    limits: Limits,
) -> Iterator[One]:
    """P403: the change of turnout since the other round."""
    least = max(limits.screen_votes, 1)
    used = counts.found.known & other.found.known
    used &= (counts.registered.values >= least) & (other.registered.values >= least)
    unit, poll = np.nonzero(used)
    registered = counts.registered.values[used]
    before = other.found.values[used] / other.registered.values[used]
    change = counts.found.values[used] / registered - before
    # one voter more or less is the least that a turnout can change by
    bounds = limits.screen_bureaux, limits.screen_spread_percent
    result = scores(change, comparable[used], 1 / registered, *bounds)
    for row in np.flatnonzero(significant(result, limits.screen_one_in)).tolist():
        at = int(unit[row]), int(poll[row])
        expected = round(float(before[row] + result.middle[row]) * int(registered[row]))
        yield one(
            at,
            side_of(counts.found, *at),
            _of_commune(universe, at, expected),
            field="votes_found",
            registered=int(registered[row]),
            other_voters=int(other.found.values[at]),
            other_registered=int(other.registered.values[at]),
            others=_others(result, row),
            score=_score(result, row),
        )


@check("P404")
def choices(
    counts: ScreenedCounts,
    votes: ScreenedVotes,
    comparable: ComparableBureaux,
    universe: Universe,
    contests: Contests,
    limits: Limits,
) -> Iterator[One]:
    """P404: a choice's share of the valid votes; of several in one bureau the one that is farthest out."""
    by_choice, places = votes
    unit, poll, label, result = _shares_of_choices(counts, by_choice, comparable, limits)
    out = np.flatnonzero(significant(result, limits.screen_one_in))
    farthest = out[np.argsort(-np.abs(result.score[out]), kind="stable")]
    key = unit[farthest] * counts.found.values.shape[1] + poll[farthest]
    _, first, several = np.unique(key, return_index=True, return_counts=True)
    for row, others in zip(farthest[first].tolist(), (several - 1).tolist(), strict=True):
        at = int(unit[row]), int(poll[row])
        choice, valid = int(label[row]), int(counts.valid.values[at])
        yield one(
            at,
            Side(places.text(*at, choice), int(by_choice[(*at, choice)]), Quantity.VOTES, places.piece(*at, choice)),
            _of_commune(universe, at, _expected(result.middle[row], valid), Quantity.VOTES),
            field=contests.label(*at, choice),
            valid=valid,
            further=others,
            others=_others(result, row),
            score=_score(result, row),
        )


def _shares_of_choices(
    counts: ScreenedCounts, by_choice: Ints, comparable: Ints, limits: Limits
) -> tuple[Ints, Ints, Ints, Scores]:
    """Unit, poll and choice of each share that means something, and how far out of line it is."""
    enough = _enough(counts, comparable, limits) & (counts.valid.values > 0)
    units, groups = np.flatnonzero(enough.any(axis=1)), int(comparable.max(initial=-1)) + 1
    enough, comparable, by_choice = enough[units], comparable[units], by_choice[units]
    valid = counts.valid.values[units]
    rows: list[tuple[Ints, Ints, Ints]] = []
    results: list[Scores] = []
    some = max(1, _AT_ONCE // max(valid.size, 1))
    for start in range(0, by_choice.shape[2], some):
        votes = by_choice[:, :, start : start + some].transpose(2, 0, 1)
        at = np.flatnonzero(enough & (votes >= 0) & (votes <= valid))
        choice, cell = np.divmod(at, valid.size)
        unit, poll = np.divmod(cell, valid.shape[1])
        rows.append((units[unit], poll, start + choice))
        group = choice * groups + comparable.ravel()[cell]
        kind = np.repeat(np.arange(len(votes)), groups)
        results.append(_of_shares(limits, votes.ravel()[at], valid.ravel()[cell], group, kind))
    unit, poll, label = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    result = Scores(*(np.concatenate([getattr(one, name) for one in results]) for name in ("score", "middle", "size")))
    return unit, poll, label, result


def _enough(counts: ScreenedCounts, comparable: ComparableBureaux, limits: Limits) -> Bools:
    """Bureaux whose shares mean something: enough votes, not annulled, and of a group that is large enough."""
    enough = (counts.found.values >= max(limits.screen_votes, 1)) & ~counts.annulled
    sizes = np.bincount(comparable[enough], minlength=int(comparable.max(initial=-1)) + 1)
    return np.asarray(enough & (sizes >= least_group(limits.screen_bureaux))[comparable], np.bool_)


def _of_shares(thresholds: Thresholds, part: Ints, whole: Ints, group: Ints, kind: Ints | None = None) -> Scores:
    share = np.arcsin(np.sqrt((part + 0.375) / (whole + 0.75)))
    noise: Floats = 0.5 / np.sqrt(whole + 0.5)
    return scores(share, group, noise, thresholds.screen_bureaux, thresholds.screen_spread_percent, kind)


def _expected(middle: float, whole: int) -> int:
    """The votes that the others' middle share would give."""
    return round(float(np.sin(middle)) ** 2 * whole)


def _of_commune(universe: Universe, at: tuple[int, int], expected: int, quantity: str = "") -> Side:
    return Side(str(universe.insee[at[0]]), expected, quantity)


def _others(result: Scores, row: int) -> int:
    """How many others a bureau is compared with."""
    return int(result.size[row]) - 1


def _score(result: Scores, row: int) -> str:
    """How far out of line it is, in tenths of what is usual."""
    tenths = abs(round(10 * float(result.score[row])))
    return f"{tenths // 10}.{tenths % 10}"
